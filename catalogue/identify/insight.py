"""InSight: the arm's camera and the one below the deck."""

from __future__ import annotations

import re

from catalogue.identify.clocks import SOLS, Clock, time_of
from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

CLOCK = Clock(behind=121, error=60, compared=(613.3e6, 613.5e6), error_rate=1.2e-5)
"""One record, of sol 190; how fast it drifts is not known and stands in the error: no other
mission's clock here loses as much."""
_CAMERAS = {"D": "insight-idc", "C": "insight-icc"}


def _read(found: re.Match[str], place: Place) -> Identity | None:
    (camera, counter, role, sol_, sclk_, product, geometry, sample, site, sequence, producer,
     version) = found.groups()  # fmt: skip
    sol, sclk = int(sol_), int(sclk_)
    seconds, error = CLOCK.read(sclk)
    if not SOLS["insight"].may_be(seconds, sol):
        return None  # made on the ground before the flight, or made up
    taken, times = time_of(seconds, error)
    fields: dict[str, FieldValue] = {
        "sclk": sclk,
        "product_type": product,
        "counter": counter,
        "role": role,
        "linearized": geometry != "_",
        "sample_type": sample,
        "thumbnail": sample == "T",
        "site": site,
        "sequence": sequence,
        "producer": producer,
        "version": version or "_",
        **times,
    }
    return Identity(
        product_id=(
            f"{camera}{counter}{role}{sol_}_{sclk_}{product}{geometry}{sample}{site}_{sequence}"
            f"{producer}{version or '_'}"
        ),
        spacecraft="insight",
        instrument=_CAMERAS[camera],
        sol=sol,
        taken=taken,
        fields=fields,
    )


SCHEME = Scheme(
    name="InSight",
    examples=("D004L0120_607150100EDR_F0101_0120M_", "C000M0120_607150100EDR_F0000_0120M1"),
    grammars=(
        grammar(
            "CD",
            r"""([CD]) ([0-9]{3}) ([A-Z]) ([0-9]{4}) _ ([0-9]{9}) ([A-Z]{3}) ([A-Z_]) ([A-Z])
            ([0-9A-Z]{4}) _ ([0-9A-Z]{4}) ([A-Z]) ([0-9A-Z_])?""",
            _read,
        ),
    ),
    source="InSight camera SIS; camera, sol and clock compared with raw-image paths",
)
