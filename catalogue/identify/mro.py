"""Mars Reconnaissance Orbiter: HiRISE, CTX, MARCI, CRISM."""

from __future__ import annotations

import re

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

_PDS = "https://hirise-pds.lpl.arizona.edu/PDS"
_CHANNEL = re.compile(r"(?:RED[0-9]|IR1[01]|BG1[23])_[01]")


_PHASES = {
    "AEB": (0, 1400),
    "CRU": (0, 1400),
    "TRA": (0, 1400),
    "PSP": (1200, 11_600),
    "ESP": (10_900, 999_999),
}
"""Phase of the mission: its orbits, with a margin (primary science from late 2006 to late 2008)."""


def latitude_of(code: int) -> float | None:
    """Planetocentric latitude of a target code, to half a degree; None for no place on Mars.

    The code is ten times the angle along the orbit: 0 at the equator on the night side, 900 at the
    south pole, 1800 at the equator on the day side, 2700 at the north pole.

    >>> latitude_of(1720), latitude_of(2365), latitude_of(9010)
    (-8.0, 56.5, None)
    """
    if code > 3595:
        return None
    angle = code / 10
    if angle < 90:
        return -angle
    return angle - 180 if angle <= 270 else 360 - angle


def _hirise(found: re.Match[str], place: Place) -> Identity | None:
    phase, orbit, code, product = found.groups()
    target = int(code)
    first, last = _PHASES[phase]
    if not first <= int(orbit) <= last:
        return None
    if (target % 5 and target <= 3595) or (3595 < target < 9000 and not 4000 <= target <= 4003):
        return None
    observation = f"{phase}_{orbit}_{code}"
    fields: dict[str, FieldValue] = {"phase": phase, "orbit": int(orbit), "target_code": code}
    if (latitude := latitude_of(target)) is not None:
        fields["latitude"] = latitude
        fields["off_planet"] = False
    elif target >= 9000:
        fields["off_planet"] = True
    if product:
        fields["product"] = product
    hundred = int(orbit) // 100 * 100
    folder = f"{phase}/ORB_{hundred:06d}_{hundred + 99:06d}/{observation}"
    fields["page_url"] = f"https://www.uahirise.org/{observation}"
    if product is None or product in ("RED", "COLOR"):
        stem = f"{_PDS}/RDR/{folder}/{observation}_{product or 'RED'}"
        fields["original_url"], fields["label_url"] = f"{stem}.JP2", f"{stem}.LBL"
    elif _CHANNEL.fullmatch(product):
        fields["original_url"] = f"{_PDS}/EDR/{folder}/{observation}_{product}.IMG"
    return Identity(
        product_id=observation + (f"_{product}" if product else ""),
        spacecraft="mro",
        instrument="mro-hirise",
        fields=fields,
    )


def _dtm(found: re.Match[str], place: Place) -> Identity | None:
    kind, one, code, other, other_code, producer, version = found.groups()
    return Identity(
        product_id=f"DT{kind}_{one}_{code}_{other}_{other_code}_{producer}{version}",
        spacecraft="mro",
        instrument="mro-hirise",
        fields={
            "orbits": (int(one), int(other)),
            "product": "stereo DTM",
            "producer_code": producer,
            "version": version,
        },
    )


def _context(found: re.Match[str], place: Place) -> Identity | None:
    phase, orbit, code, mode, degrees, side, longitude = found.groups()
    fields: dict[str, FieldValue] = {
        "volume_phase": phase,
        "orbit": int(orbit),
        "target_code": code,
        "mode": mode,
    }
    name = f"{phase}_{orbit}_{code}_{mode}"
    if degrees is not None:
        name += f"_{degrees}{side}{longitude}W"
        latitude, west = int(degrees), int(longitude)
        if latitude <= 90 and west <= 360:
            fields["latitude"] = -latitude if side == "S" else latitude
            fields["longitude_west"] = west
        elif degrees != "99":
            return None
        else:
            fields["off_planet"] = True
    elif (from_code := latitude_of(int(code))) is not None:
        fields["latitude"] = from_code
    return Identity(
        product_id=name,
        spacecraft="mro",
        instrument="mro-ctx" if mode in ("XI", "XN") else "mro-marci",
        fields=fields,
    )


def _crism(found: re.Match[str], place: Place) -> Identity | None:
    kind, observation, counter, activity, sensor, product, version = found.groups()
    return Identity(
        product_id=f"{kind}{observation}_{counter}_{activity}{sensor}_{product}{version}",
        spacecraft="mro",
        instrument="mro-crism",
        fields={
            "observation_class": kind,
            "observation_id": observation,
            "counter": counter,
            "activity": activity,
            "sensor": sensor,
            "product_type": product,
            "version": version,
        },
    )


def _crism_observation(found: re.Match[str], place: Place) -> Identity | None:
    return Identity(
        product_id=found[0],
        spacecraft="mro",
        instrument="mro-crism",
        fields={"observation_class": found[1], "observation_id": found[2]},
    )


SCHEME = Scheme(
    name="Mars Reconnaissance Orbiter",
    examples=(
        "ESP_060000_2005_RED",
        "PSP_003400_9025_RED2_0",
        "DTEED_060000_2005_060100_2005_A01",
        "P05_003000_2005_XI_20N044W",
        "K05_056000_0950_MC_00N310W",
        "HRL0000C0BA_07_IF183L_TRR3",
    ),
    grammars=(
        grammar(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            r"""([A-Z][0-9]{2}|CRU|MOI) _ ([0-9]{6}) _ ([0-9]{4}) _ (XI|XN|MA|MC)
            (?: _ ([0-9]{2}) ([NS]) ([0-9]{3}) W)?""",
            _context,
        ),
        grammar(
            "APETC",
            r"""(AEB|CRU|TRA|PSP|ESP) _ ([0-9]{6}) _ ([0-9]{4})
            (?: _ ((?:RED|IRB)_[A-Z]_[0-9]{2}_ORTHO | RED[0-9]_[01] | IR1[01]_[01]
                  | BG1[23]_[01] | RED | COLOR | IRB | MIRB | MRGB | RGB ) (?![A-Z0-9]))?""",
            _hirise,
        ),
        grammar(
            "D",
            r"""DT ([A-Z]{3}) _ ([0-9]{6}) _ ([0-9]{4}) _ ([0-9]{6}) _ ([0-9]{4})
            _ ([A-Z]) ([0-9]{2})""",
            _dtm,
        ),
        grammar(
            "FHMAELTU",
            r"""(FRT|FRS|FFC|HRL|HRS|HSP|HSV|MSP|MSV|MSW|ATO|ATU|EPF|LMB|TOD|UNK)
            ([0-9A-F]{8}) _ ([0-9A-F]{2}) _ ([A-Z]{2}[0-9]{3}) ([SLJ]) _ ([A-Z]{3}) ([0-9A-Z])""",
            _crism,
        ),
        grammar(
            "FH",
            r"(FRT|FRS|HRL|HRS) (000[0-9A-F]{5})",
            _crism_observation,
            context=("crism", "mro", "reconnaissance.orbiter"),
        ),
    ),
    source="HiRISE team blog on image names; PDS labels of HiRISE, CTX, MARCI, CRISM",
)
