"""Phoenix: stereo imager, arm camera, optical microscope."""

from __future__ import annotations

import re

from catalogue.identify.clocks import EPOCH_1980, SOLS, Clock, time_of
from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

CLOCK = Clock(epoch=EPOCH_1980, error=900, compared=(896.1e6, 910.0e6), error_rate=1.2e-5)
"""The epoch follows from clock and sol of seven identifiers, all of which then fall into the day;
the error is that of other clocks by the same maker."""
_CAMERAS = {"S": "phx-ssi", "R": "phx-rac", "O": "phx-om"}
_EYES = {"L": "left", "R": "right"}
_LAST_SOL = 157
"""Contact was lost on sol 157 (2008-11-02)."""


def _read(found: re.Match[str], place: Place) -> Identity | None:
    (camera, sol_, product, sclk_, sequence, counter, channel, filter_, producer, version
     ) = found.groups()  # fmt: skip
    sol = int(sol_)
    seconds, error = CLOCK.read(int(sclk_))
    if sol > _LAST_SOL or not SOLS["phoenix"].may_be(seconds, sol):
        return None
    taken, times = time_of(seconds, error)
    fields: dict[str, FieldValue] = {
        "sclk": int(sclk_),
        "product_type": product,
        "sequence": sequence,
        "counter": counter,
        "eye_or_channel": channel,
        "filter": filter_,
        "producer": producer,
        "version": version,
        **times,
    }
    if camera == "S" and channel in _EYES:
        fields["eye"] = _EYES[channel]
    return Identity(
        product_id=found[0],
        spacecraft="phoenix",
        instrument=_CAMERAS[camera],
        sol=sol,
        taken=taken,
        fields=fields,
    )


SCHEME = Scheme(
    name="Phoenix",
    examples=("SS050EFF900650000_15A20L2M1", "RS050EFF900650000_15A20MRM1"),
    grammars=(
        grammar(
            "SRO",
            r"""([SRO]) S ([0-9]{3}) ([A-Z]{3}) ([0-9]{9}) _ ([0-9A-Z]{4}) ([0-9A-Z]) ([A-Z])
            ([0-9A-Z]) ([A-Z]) ([0-9A-Z])""",
            _read,
        ),
    ),
    source="archive paths of the PDS: camera and sol compared",
)
