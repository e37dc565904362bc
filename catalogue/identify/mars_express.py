"""Mars Express: HRSC with its SRC, and the Visual Monitoring Camera."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import Identity

_CHANNELS = {
    "ND": "nadir",
    "S1": "stereo 1",
    "S2": "stereo 2",
    "P1": "photometry 1",
    "P2": "photometry 2",
    "RE": "red",
    "GR": "green",
    "BL": "blue",
    "IR": "near-infrared",
    "SR": "SRC",
    "DT": "DTM",
    "DA": "DTM above areoid",
}


def _hrsc(found: re.Match[str], place: Place) -> Identity | None:
    letter, digits, counter, channel, level = found.groups()
    thousands = int(letter) if letter.isdigit() else 10 + ord(letter) - ord("A")
    return Identity(
        product_id=f"h{found[0][1:].lower()}",
        spacecraft="mars-express",
        instrument="mex-src" if channel == "SR" else "mex-hrsc",
        fields={
            "orbit": thousands * 1000 + int(digits),
            "frame_counter": counter,
            "channel": _CHANNELS[channel],
            "level": int(level),
        },
    )


def _vmc(found: re.Match[str], place: Place) -> Identity | None:
    kind, day, time, number = found.groups()
    try:
        instant = datetime.strptime(day + time, "%y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Identity(
        product_id=f"vmc_{kind.lower()}_{day}_{time}_{number}",
        spacecraft="mars-express",
        instrument="mex-vmc",
        taken=instant.isoformat(),
        fields={
            "date_utc": instant.date().isoformat(),
            "time_utc": instant.time().isoformat(),
            "image_number": number,
        },
    )


SCHEME = Scheme(
    name="Mars Express",
    examples=("h1234_0009_nd3", "h9999_0001_sr2", "hb012_0000_s12", "vmc_se_190702_041500_017"),
    grammars=(
        grammar(
            "H",
            rf"H ([0-9A-Z]) ([0-9]{{3}}) _ ([0-9]{{4}}) _ ({'|'.join(_CHANNELS)}) ([1-5])",
            _hrsc,
        ),
        grammar("V", r"VMC_ ([A-Z]{2}) _ ([0-9]{6}) _ ([0-9]{6}) _ ([0-9]{3})", _vmc),
    ),
    source="PDS labels and archive paths; letters for orbits from 10000 inferred",
)
