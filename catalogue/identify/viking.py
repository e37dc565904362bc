"""The Viking orbiters and landers."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import Identity

_LAST_OF_2 = 706
"""Revolution on which Viking Orbiter 2 was switched off (1978-07-25)."""


def _unmarked(found: re.Match[str], place: Place) -> Identity | None:
    """Six characters that would do for a colour or a hash, were the letter not a capital."""
    return _orbiter(found, place) if place.given(len(found[0])).isupper() else None


def _orbiter(found: re.Match[str], place: Place) -> Identity | None:
    revolution, letter, frame = found.groups()
    number = int(frame)
    if number == 0 or revolution == "000":
        return None
    if letter == "B" and int(revolution) > _LAST_OF_2:
        return None
    return Identity(
        product_id=f"{revolution}{letter}{frame}",
        spacecraft="viking-1-orbiter" if letter == "A" else "viking-2-orbiter",
        instrument="vo-vis",
        fields={
            "camera": "VIS-A" if number % 2 else "VIS-B",
            "revolution": int(revolution),
            "frame": number,
        },
    )


def _lander(found: re.Match[str], place: Place) -> Identity | None:
    lander, camera, event, diode = found.groups()
    return Identity(
        product_id=f"{lander}{camera}{event}-{diode}",
        spacecraft=f"viking-{lander}-lander",
        instrument="vl-camera",
        fields={"camera": int(camera), "event": event, "diode": diode},
    )


SCHEME = Scheme(
    name="Viking",
    examples=("039A13", "F826A58", "12C145-BB2", "11B021-RED"),
    grammars=(
        grammar("F", r"F ([0-9]{3}) ([AB]) ([0-9]{2})", _orbiter, context=("viking",)),
        grammar(
            "0123456789",
            r"([0-9]{3}) ([AB]) ([0-9]{2})",
            _unmarked,
            context=("viking",),
        ),
        grammar("12", r"([12]) ([12]) ([A-Z][0-9]{3}) _ (BB[1-4]|SUN|IR[1-3])", _lander),
        grammar(
            "12",
            r"([12]) ([12]) ([A-Z][0-9]{3}) _ ([A-Z]{3})",
            _lander,
            context=("viking",),
        ),
    ),
    source="four PDS labels (orbiter), archive listings (lander)",
)
