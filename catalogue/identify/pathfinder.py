"""Mars Pathfinder's lander camera and the cameras of Sojourner."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import Identity

_EYES = {"L": "left", "R": "right", "LEFT": "left", "RIGHT": "right", "REAR": "rear"}
_CLOCK = (1_246_600_000, 1_254_100_000)
"""Counts from landing to the last contact (1997-07-04 to 1997-09-27), with a margin."""
_MISSION = ("pathfinder", "sojourner", "mpim", "mprv", "mpf")
_CAMERAS_ROLL = 100_000
"""Ricoh's cameras number their pictures from R0000001: such a name is no archive's."""


def _product(found: re.Match[str], place: Place) -> Identity | None:
    sclk, frame, sequence, rest = found.groups()
    if not _CLOCK[0] <= int(sclk) <= _CLOCK[1]:
        return None
    return Identity(
        product_id=f"IMP_EDR-{sclk}-{frame}-{sequence}{rest}",
        spacecraft="pathfinder",
        instrument="mpf-imp",
        fields={"sclk": int(sclk), "frame_type": frame, "sequence": sequence},
    )


def _file(found: re.Match[str], place: Place) -> Identity | None:
    return Identity(
        product_id=found[0],
        spacecraft="pathfinder",
        instrument="mpf-imp",
        fields={"sclk_low6": found[1], "eye": _EYES[found[2]]},
    )


def _rover_product(found: re.Match[str], place: Place) -> Identity | None:
    sclk, middle, eye = found.groups()
    if not _CLOCK[0] <= int(sclk) <= _CLOCK[1]:
        return None
    return Identity(
        product_id=f"RVR_EDR-{sclk}-{middle}-{eye}",
        spacecraft="sojourner",
        instrument="mpf-rover-camera",
        fields={"sclk": int(sclk), "eye": _EYES[eye]},
    )


def _rover_file(found: re.Match[str], place: Place) -> Identity | None:
    low = int(found[1])
    if low < _CAMERAS_ROLL or not (low >= _CLOCK[0] % 10_000_000 or low <= _CLOCK[1] % 10_000_000):
        return None
    return Identity(
        product_id=found[0],
        spacecraft="sojourner",
        instrument="mpf-rover-camera",
        fields={"sclk_low7": found[1]},
    )


SCHEME = Scheme(
    name="Mars Pathfinder",
    examples=(
        "IMP_EDR-1248000123-REGULAR-0164070011",
        "RVR_EDR-1248000123-N021043-RIGHT",
        "I300123L",
        "R8000123",
    ),
    grammars=(
        grammar(
            "I",
            r"IMP_EDR_ ([0-9]{10}) _ ([A-Z][A-Z_]{1,30}?) _ ([0-9]{4}) ([0-9]{6})",
            _product,
        ),
        grammar(
            "R", r"RVR_EDR_ ([0-9]{10}) _ ([A-Z0-9]{3,12}) _ (LEFT|RIGHT|REAR)", _rover_product
        ),
        grammar("I", r"I ([0-9]{6}) ([LR])", _file, context=_MISSION),
        grammar("R", r"R ([0-9]{7})", _rover_file, context=_MISSION),
    ),
    source="archive listings of the PDS, where file and product are side by side",
)
