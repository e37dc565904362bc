"""Mars Global Surveyor: the Mars Orbiter Camera."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

_MISSION = ("moc", "mgs", "global.surveyor", "mars orbiter camera", "msss")


def _mapping(found: re.Match[str], place: Place) -> Identity | None:
    subphase, number = found.groups()
    return _identity(f"{subphase}{number}", {"subphase": subphase, "image_number": number})


def _early(found: re.Match[str], place: Place) -> Identity | None:
    phase, digit, orbit, number = found.groups()
    return _identity(
        f"{phase[:2]}{digit}{orbit}{number}",
        {"subphase": f"{phase[:2]}{digit}", "orbit": int(orbit), "image_number": number},
    )


def _identity(name: str, fields: dict[str, FieldValue]) -> Identity:
    return Identity(product_id=name, spacecraft="mgs", instrument="mgs-moc", fields=fields)


SCHEME = Scheme(
    name="Mars Orbiter Camera",
    examples=("S05/00345", "E1201234", "SP243004", "SPO-2-430/04"),
    grammars=(
        grammar(
            "MERSFC",
            r"(FHA|CAL|M[01][0-9]|M2[0-3]|[ER]0[1-9]|[ER]1[0-9]|[ER]2[0-3]|S[01][0-9]|S2[0-3])"
            r" [/_]? (0[0-6][0-9]{3})",
            _mapping,
            context=_MISSION,
        ),
        grammar("AS", r"(AB|SP) ([12]) ([0-9]{3}) ([0-9]{2})", _early, context=_MISSION),
        grammar("AS", r"(AB|SPO) _? ([12]) _ ([0-9]{3}) / ([0-9]{2})", _early, context=_MISSION),
    ),
    source="labels and archive file names; the subphases of the mission",
)
