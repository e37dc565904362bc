"""Perseverance and Ingenuity: 54 characters of fixed fields."""

from __future__ import annotations

import re

from catalogue.identify.clocks import SOLS, Clock, time_of
from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

CLOCK = Clock(behind=-5195, rate=8.02e-6, error=60, compared=(666.9e6, 844e6), error_rate=1e-6)
"""A line through 17 raw-image records, which leaves at most 41 s."""

_CAMERAS: dict[str, tuple[str, str | None, str | None]] = {
    "NL": ("m2020-navcam", "left", "ncam"),
    "NR": ("m2020-navcam", "right", "ncam"),
    "NA": ("m2020-navcam", "both", None),
    "NG": ("m2020-navcam", "both", None),
    "FL": ("m2020-front-hazcam", "left", "fcam"),
    "FR": ("m2020-front-hazcam", "right", "fcam"),
    "FA": ("m2020-front-hazcam", "both", None),
    "FG": ("m2020-front-hazcam", "both", None),
    "BL": ("m2020-front-hazcam", "left", "fcam"),
    "BR": ("m2020-front-hazcam", "right", "fcam"),
    "RL": ("m2020-rear-hazcam", "left", "rcam"),
    "RR": ("m2020-rear-hazcam", "right", "rcam"),
    "RA": ("m2020-rear-hazcam", "both", None),
    "RG": ("m2020-rear-hazcam", "both", None),
    "ZL": ("m2020-mastcam-z", "left", "zcam"),
    "ZR": ("m2020-mastcam-z", "right", "zcam"),
    "ZA": ("m2020-mastcam-z", "both", None),
    "ZG": ("m2020-mastcam-z", "both", None),
    "LR": ("m2020-supercam-rmi", None, "scam"),
    "SI": ("m2020-watson", None, "shrlc"),
    "SL": ("m2020-watson", None, "shrlc"),
    "SR": ("m2020-watson", None, "shrlc"),
    "SC": ("m2020-sherloc-aci", None, "shrlc"),
    "PC": ("m2020-pixl-mcc", None, None),
    "CC": ("m2020-cachecam", None, "cachecam"),
    "EA": ("m2020-edl-parachute-uplook", "A", "edl"),
    "EB": ("m2020-edl-parachute-uplook", "B", "edl"),
    "EC": ("m2020-edl-parachute-uplook", "C", "edl"),
    "ES": ("m2020-edl-descent-stage-downlook", None, "edl"),
    "EU": ("m2020-edl-rover-uplook", None, "edl"),
    "ED": ("m2020-edl-rover-downlook", None, "edl"),
    "EL": ("m2020-lcam", None, None),
    "WS": ("m2020-skycam", None, "meda"),
    "HN": ("ingenuity-navcam", None, "heli"),
    "HS": ("ingenuity-rte", None, "heli"),
}
"""Code: camera, eye (one letter for each of the three parachute cameras), folder of raw images."""


def _read(found: re.Match[str], place: Place) -> Identity | None:
    (code, colour, flag, sol_, sclk_, ms, product, geometry, sample, site, drive, sequence,
     camera, downsample, compression, producer, version) = found.groups()  # fmt: skip
    instrument, eye, folder = _CAMERAS[code]
    sol, sclk = int(sol_), int(sclk_)
    seconds, error = CLOCK.read(sclk + int(ms) / 1000)
    if not SOLS["perseverance"].may_be(seconds, sol):
        return None  # made up: no camera wrote this clock on that sol
    name = (
        f"{code}{colour}{flag or '_'}{sol_}_{sclk_}_{ms}{product}{geometry}{sample}"
        f"{site}{drive}{sequence}{camera}{downsample}{compression}{producer}"
    )
    taken, times = time_of(seconds, error)
    fields: dict[str, FieldValue] = {
        "image_id": name,
        "sclk": sclk,
        "sclk_ms": int(ms),
        "color_or_filter": colour,
        "product_type": product,
        "thumbnail": sample == "T",
        "linearized": geometry != "_",
        "site": site,
        "drive": drive,
        "sequence": sequence,
        "camera_specific": camera,
        "downsample": downsample,
        "compression": compression,
        "producer": producer,
        "version": int(version) if version and version.isdigit() else version,
        **times,
    }
    if eye:
        fields["eye"] = eye
    if instrument == "m2020-mastcam-z" and camera[1:].isdigit():
        fields["focal_length_mm"] = int(camera[1:])
    fields["page_url"] = f"https://mars.nasa.gov/mars2020/multimedia/raw-images/{name}"
    if folder and version and product.startswith("E"):
        fields["original_url"] = (
            "https://mars.nasa.gov/mars2020-raw-images/pub/ods/surface/sol/"
            f"{sol:05d}/ids/edr/browse/{folder}/{name}{version}.png"
        )
    if code in ("HN", "HS"):
        fields["lid"] = f"urn:nasa:pds:mars2020_helicam:data:{name.lower()}"
    return Identity(
        product_id=name + (version or ""),
        spacecraft="ingenuity" if code in ("HN", "HS") else "perseverance",
        instrument=instrument,
        sol=sol,
        taken=taken,
        fields=fields,
    )


SCHEME = Scheme(
    name="Mars 2020",
    examples=(
        "NLF_0250_0689131600_412ECM_N0120340NCAM03250_07_195J02",
        "ZR7_0250_0689131600_412IOF_N0120340ZCAM05025_0630LMA",
        "HSF_0250_0689131600_412ECM_N0120340HELI00250_000085J01",
    ),
    grammars=(
        grammar(
            "NFBRZLSPCEWH",
            rf"""({"|".join(_CAMERAS)}) ([A-Z0-9_]) ([A-Z0-9])? _*
            ([0-9]{{4}}) _+ ([0-9]{{10}}) _ ([0-9]{{3}}) ([A-Z][A-Z0-9]{{2}}) ([A-Z_]) ([A-Z])
            ([0-9A-Z]{{3}}) ([0-9A-Z]{{4}}) ([A-Z]{{3}}[A-Z_][0-9]{{5}})
            ([0-9A-Z_]{{4}}) ([0-9A-Z]) ([0-9A-Z]{{2}}) ([A-Z]) ([0-9A-Z]{{2}})?""",
            _read,
        ),
    ),
    source="D-99960 M2020 Camera SIS; Mastcam-Z decoding page; compared with raw-image records",
)
