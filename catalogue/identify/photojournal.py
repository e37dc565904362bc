"""JPL's Photojournal: a number, which names no spacecraft."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity


def _read(found: re.Match[str], place: Place) -> Identity | None:
    number, figure = found.groups()
    if number == "00000":
        return None
    name = f"PIA{number}"
    fields: dict[str, FieldValue] = {"kind": "photojournal", "number": int(number)}
    if figure:
        fields["figure"] = figure
    fields["page_url"] = f"https://photojournal.jpl.nasa.gov/catalog/{name}"
    if not figure:
        fields["original_url"] = f"https://images-assets.nasa.gov/image/{name}/{name}~orig.jpg"
    return Identity(product_id=name, fields=fields)


SCHEME = Scheme(
    name="Photojournal",
    examples=("PIA10101",),
    grammars=(grammar("P", r"PIA ([0-9]{5}) (?: _ FIG_? ([A-Z0-9]{1,2}))?", _read),),
    source="photojournal.jpl.nasa.gov; what the number shows must be looked up there",
)
