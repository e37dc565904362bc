"""Spirit and Opportunity: 27 characters, the first of which is the rover."""

from __future__ import annotations

import re

from catalogue.identify.clocks import SOLS, Clock, time_of
from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

CLOCK = Clock(error=60, compared=(126.4e6, 128.3e6), error_rate=1.2e-5)
"""Compared with the descent pictures of both rovers, taken in the last half minute before the
landings (04:26 and 04:54 UTC). The drift later on is not known and stands in the error: no other
mission's clock here loses as much."""

_ROVERS = {
    "1": ("opportunity", (128_270_000, 604_000_000)),
    "2": ("spirit", (126_455_000, 324_000_000)),
}
"""Digit: rover, and its clock from the descent to the last pictures (sols 5352 and 2210)."""
_CAMERAS = {
    "P": "mer-pancam",
    "N": "mer-navcam",
    "F": "mer-front-hazcam",
    "R": "mer-rear-hazcam",
    "M": "mer-mi",
    "E": "mer-descam",
}
_EYES = {"L": "left", "R": "right", "M": "mono", "N": "n/a", "B": "both"}


def _gallery_sol(place: Place, rover: str) -> int | None:
    """The sol of the mission's gallery: ``/mer/gallery/all/1/p/4037/``."""
    found = re.search(rf"/GALLERY/ALL/{rover}/[A-Z]/([0-9]{{1,4}})/+$", place.before())
    return int(found[1]) if found else place.sol()


def _read(found: re.Match[str], place: Place) -> Identity | None:
    (rover, camera, sclk_, product, site, drive, sequence, eye, filter_, producer, version
     ) = found.groups()  # fmt: skip
    spacecraft, (landed, ended) = _ROVERS[rover]
    sclk = int(sclk_)
    if not landed <= sclk <= ended or (eye == "M") != (camera == "M"):
        return None
    seconds, error = CLOCK.read(sclk)
    sols, sol = SOLS[spacecraft], _gallery_sol(place, rover)
    if sol is None or not sols.may_be(seconds, sol):
        sol = sols.number(seconds, error)
    taken, times = time_of(seconds, error)
    fields: dict[str, FieldValue] = {
        "sclk": sclk,
        "product_type": product,
        "thumbnail": product == "ETH",
        "site": site,
        "drive": drive,
        "sequence": sequence,
        "eye": _EYES[eye],
        "filter": filter_,
        "producer": producer,
        "version": version,
        **times,
    }
    if sol is not None and product in ("EFF", "ESF", "EDN") and producer == "M":
        fields["original_url"] = (
            f"https://mars.nasa.gov/mer/gallery/all/{rover}/{camera.lower()}/{sol:03d}/"
            f"{found[0]}-BR.JPG"
        )
    return Identity(
        product_id=found[0],
        spacecraft=spacecraft,
        instrument=_CAMERAS[camera],
        sol=sol,
        taken=taken,
        fields=fields,
    )


def _mosaic(found: re.Match[str], place: Place) -> Identity | None:
    rover, camera, product, projection, eye = found.groups()
    return Identity(
        product_id=found[0],
        spacecraft=_ROVERS[rover][0],
        instrument=_CAMERAS[camera],
        sol=place.sol(),
        fields={"product_type": product, "projection": projection, "eye": _EYES[eye]},
    )


SCHEME = Scheme(
    name="Mars Exploration Rovers",
    examples=(
        "1P150000000EFF2200P1861L2M1",
        "2M150000000ESF70AZP2936M2F1",
        "2NN266ILF70CYL00P1652L000M2",
    ),
    grammars=(
        grammar(
            "12",
            r"""([12]) ([PNFRME]) ([0-9]{9}) ([A-Z]{3}) ([0-9A-Z]{2}) ([0-9A-Z]{2})
            ([A-Z][0-9]{4}) ([LRMNB]) ([0-8]) ([A-Z]) ([0-9A-Z])""",
            _read,
        ),
        grammar(
            "12",
            r"""([12]) ([PNFRM]) [A-Z] [0-9A-Z]{3} ([A-Z]{3}) [0-9A-Z]{2}
            (CYL|CYP|PER|POL|VRT|ORT) [0-9A-Z]{2} [A-Z][0-9]{4} ([LRMB]) [0-9]{3} [A-Z][0-9A-Z]""",
            _mosaic,
        ),
    ),
    source="MER camera EDR/RDR SIS; more than 80 identifiers compared with archive paths",
)
