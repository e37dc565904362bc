"""Curiosity: engineering cameras, ChemCam's imager, and the three cameras of MSSS."""

from __future__ import annotations

import re

from catalogue.identify.clocks import SOLS, Clock, time_of, time_of_sol
from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

CLOCK = Clock(
    behind=2093, at=598.5e6, rate=9.53e-6, error=60, compared=(545.2e6, 667.3e6), error_rate=1e-6
)
"""A line through the clocks of three PDS labels, of sols 1664, 2264 and 3039."""
LANDED = 397_400_000
"""Counts on the surface are larger."""

_RAW = "https://mars.nasa.gov/msl-raw-images/"
_ECAM = {
    "N": ("msl-navcam", "ncam"),
    "F": ("msl-front-hazcam", "fcam"),
    "R": ("msl-rear-hazcam", "rcam"),
}
_EYES = {"L": "left", "R": "right", "A": "both"}
_MMM = {
    "ML": ("msl-mastcam", "left", "mcam"),
    "MR": ("msl-mastcam", "right", "mcam"),
    "MH": ("msl-mahli", None, "mhli"),
    "MD": ("msl-mardi", None, "mrdi"),
}
_THUMBNAILS = frozenset("GHIOPQTU")


def _clocked(sclk: int, place: Place) -> tuple[int | None, str | None, dict[str, FieldValue]]:
    """Sol, time and fields of a name that holds a clock and no sol."""
    seconds, error = CLOCK.read(sclk)
    sols, sol = SOLS["curiosity"], place.sol()
    if sol is None or not sols.may_be(seconds, sol):
        sol = sols.number(seconds, error)
    taken, times = time_of(seconds, error)
    return sol, taken, times


def _engineering(found: re.Match[str], place: Place) -> Identity | None:
    (camera, eye, computer, sclk_, product, geometry, sample, site, drive, sequence, producer,
     version) = found.groups()  # fmt: skip
    sclk = int(sclk_)
    if sclk < LANDED or site == "000":
        return None  # no frame of reference 0 on the surface: such names are made up for tests
    instrument, folder = _ECAM[camera]
    name = (
        f"{camera}{eye}{computer}_{sclk_}{product}{geometry}{sample}{site}{drive}{sequence}"
        f"{producer}{version or '_'}"
    )
    sol, taken, times = _clocked(sclk, place)
    fields: dict[str, FieldValue] = {
        "eye": _EYES[eye],
        "computer": computer,
        "sclk": sclk,
        "product_type": product,
        "linearized": geometry == "L",
        "sample_type": sample,
        "thumbnail": sample == "T",
        "site": site,
        "drive": drive,
        "sequence": sequence,
        "producer": producer,
        "version": version or "_",
        **times,
    }
    _address(fields, name, folder, sol)
    return Identity(
        product_id=name,
        spacecraft="curiosity",
        instrument=instrument,
        sol=sol,
        taken=taken,
        fields=fields,
    )


def _chemcam(found: re.Match[str], place: Place) -> Identity | None:
    sclk_, product, sample, site, drive, sequence, producer, version = found.groups()
    sclk = int(sclk_)
    if sclk < LANDED:
        return None
    name = f"CR0_{sclk_}{product}_{sample}{site}{drive}{sequence}{producer}{version or '_'}"
    sol, taken, times = _clocked(sclk, place)
    fields: dict[str, FieldValue] = {
        "sclk": sclk,
        "product_type": product,
        "sample_type": sample,
        "thumbnail": sample == "T",
        "site": site,
        "drive": drive,
        "sequence": sequence,
        "producer": producer,
        "version": version or "_",
        **times,
    }
    _address(fields, name, "ccam", sol)
    return Identity(
        product_id=name,
        spacecraft="curiosity",
        instrument="msl-chemcam-rmi",
        sol=sol,
        taken=taken,
        fields=fields,
    )


def _address(fields: dict[str, FieldValue], name: str, folder: str, sol: int | None) -> None:
    """The raw image on the mission's site: the releases without a version are there."""
    if sol is not None and fields["product_type"] == "EDR" and fields["version"] == "_":
        fields["original_url"] = (
            f"{_RAW}proj/msl/redops/ods/surface/sol/{sol:05d}/opgs/edr/{folder}/{name}.JPG"
        )


def _msss(found: re.Match[str], place: Place) -> Identity | None:
    (sol_, code, sequence, command, counter, cdpid, product, gop, version, processing
     ) = found.groups()  # fmt: skip
    instrument, eye, folder = _MMM[code]
    sol = int(sol_)
    taken, times = time_of_sol("curiosity", sol)
    name = f"{sol_}{code}{sequence}{command}{counter}{cdpid}{product}{gop}{version}"
    if processing:
        name += f"_{processing}"
    fields: dict[str, FieldValue] = {
        "sequence": sequence,
        "command": command,
        "cdpid_counter": counter,
        "cdpid": cdpid,
        "product_code": product,
        "gop": gop,
        "version": version,
        "processing": processing,
        "thumbnail": product in _THUMBNAILS,
        **times,
    }
    if eye:
        fields["eye"] = eye
    if processing == "DXXX":
        fields["original_url"] = f"{_RAW}msss/{sol:05d}/{folder}/{name}.jpg"
    return Identity(
        product_id=name,
        spacecraft="curiosity",
        instrument=instrument,
        sol=sol,
        taken=taken,
        fields=fields,
    )


def _msss_short(found: re.Match[str], place: Place) -> Identity | None:
    sol_, code, middle, product, version, processing = found.groups()
    instrument, eye, folder = _MMM[code]
    sol = int(sol_)
    taken, times = time_of_sol("curiosity", sol)
    name = f"{sol_}{code}{middle}{product}{version}_{processing}"
    fields: dict[str, FieldValue] = {
        "product_code": product,
        "version": version,
        "processing": processing,
        "thumbnail": product in _THUMBNAILS,
        "original_url": f"{_RAW}msss/{sol:05d}/{folder}/{name}.jpg",
        **times,
    }
    if eye:
        fields["eye"] = eye
    return Identity(
        product_id=name,
        spacecraft="curiosity",
        instrument=instrument,
        sol=sol,
        taken=taken,
        fields=fields,
    )


_NOT_MARS_2020 = r"(?<! [NFBRZ][LR][A-Z0-9]_ )"

SCHEME = Scheme(
    name="Mars Science Laboratory",
    examples=(
        "NLB_559960000EDR_F0650104NCAM00211M_",
        "FRB_559960000RADLT0650104FHAZ00211M1",
        "CR0_559960000EDR_F0650104CCAM02830M_",
        "1830MH0005990080703215C00_DXXX",
        "0002MR0000002000C0_DXXX",
    ),
    grammars=(
        grammar(
            "NFR",
            r"""([NFR]) ([LRA]) ([AB]) _ ([0-9]{9}) ([A-Z]{3}) ([A-Z_]) ([A-Z])
            ([0-9A-Z]{3}) ([0-9A-Z]{4}) ([A-Z]{3}[A-Z_][0-9]{5}) ([A-Z]) ([0-9A-Z_])?""",
            _engineering,
        ),
        grammar(
            "C",
            r"""CR0_ ([0-9]{9}) ([A-Z]{3}) _ ([A-Z]) ([0-9A-Z]{3}) ([0-9A-Z]{4})
            (CCAM[0-9]{5}) ([A-Z]) ([0-9A-Z_])?""",
            _chemcam,
        ),
        grammar(
            "0123456789",
            rf"""{_NOT_MARS_2020} ([0-9]{{4}}) (M[LRHD]) ([0-9]{{6}}) ([0-9]{{3}}) ([0-9]{{2}})
            ([0-9]{{5}}) ([A-U]) ([0-9A-Z]) ([0-9A-Z]) (?: _ (XXXX|D[A-Z]{{3}}))?""",
            _msss,
        ),
        grammar(
            "0123456789",
            rf"""{_NOT_MARS_2020} ([0-9]{{4}}) (M[LRHD]) ([0-9]{{10}}) ([A-U]) ([0-9])
            _ (XXXX|DXXX)""",
            _msss_short,
        ),
    ),
    source="MSL Camera and LIBS EDR/RDR SIS; 6,838 archive rows compared by camera and sol",
)
