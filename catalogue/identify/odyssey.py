"""Mars Odyssey: THEMIS."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

_BANDS = {"V": "visible", "I": "infrared"}
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PRODUCTS = "EDR|RDR|GEO|BTR|ABR|ALB|PBT|EQR|IRQ|DCS|RGB"


def _fields(found: re.Match[str]) -> dict[str, FieldValue]:
    return {"band": _BANDS[found[1]], "orbit": int(found[2]), "image_number": int(found[3])}


def _whole(found: re.Match[str], place: Place) -> Identity | None:
    return Identity(
        product_id=found[0],
        spacecraft="mars-odyssey",
        instrument="ody-themis",
        fields={**_fields(found), "product_type": found[4]},
    )


def _short(found: re.Match[str], place: Place) -> Identity | None:
    if _DATE.fullmatch(found[0][1:]):
        return None  # V20211015 may be a video of that day as well
    return Identity(
        product_id=found[0],
        spacecraft="mars-odyssey",
        instrument="ody-themis",
        fields=_fields(found),
    )


_MISSION = ("themis", "odyssey")

SCHEME = Scheme(
    name="THEMIS",
    examples=("V12345006RDR", "I09876012RDR", "V12345006"),
    grammars=(
        grammar("VI", rf"([VI]) ([0-9]{{5}}) ([0-9]{{3}}) ({_PRODUCTS})", _whole),
        grammar("VI", r"([VI]) ([0-9]{5}) (0[0-9]{2})", _short, context=_MISSION),
    ),
    source="PDS labels and archive paths",
)
