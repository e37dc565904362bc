"""Trace Gas Orbiter: CaSSIS."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from catalogue.identify.interface import Scheme, grammar
from catalogue.identify.names import Place
from catalogue.model import FieldValue, Identity

_FIRST_YEAR = 33
"""Mars year in which the orbiter arrived (2016)."""
_TYPES = {"0": "single", "1": "stereo 1", "2": "stereo 2"}


def _observation(found: re.Match[str], place: Place) -> Identity | None:
    year, orbit, phase, kind, filter_ = found.groups()
    if int(phase) > 359 or int(year) < _FIRST_YEAR or int(orbit) == 0:
        return None
    fields: dict[str, FieldValue] = {
        "mars_year": int(year),
        "orbit": int(orbit),
        "orbit_phase": int(phase),
        "image_type": _TYPES[kind] if kind else None,
    }
    name = f"MY{year}_{orbit}_{phase}" + (f"_{kind}" if kind else "")
    if filter_:
        fields["filter"] = filter_
        name += f"_{filter_}"
    return _identity(name, None, fields)


def _framelet(found: re.Match[str], place: Place) -> Identity | None:
    phase, day, hours, minutes, seconds, thousandths, filter_, rest = found.groups()
    try:
        instant = datetime.fromisoformat(f"{day.replace('_', '-')}T{hours}:{minutes}:{seconds}")
    except ValueError:
        return None
    instant = instant.replace(microsecond=int(thousandths) * 1000, tzinfo=UTC)
    fields: dict[str, FieldValue] = {
        "mission_phase": phase,
        "date_utc": instant.date().isoformat(),
        "time_utc": instant.time().isoformat(timespec="milliseconds"),
        "filter": filter_,
    }
    name = (
        f"CAS-{phase}-{instant.date()}T{hours}.{minutes}.{seconds}.{thousandths}-{filter_}"
        f"-{rest.replace('_', '-')}"
    )
    return _identity(name, instant.isoformat(timespec="milliseconds"), fields)


def _archive(found: re.Match[str], place: Place) -> Identity | None:
    kind, group, stamp = found.groups()
    try:
        instant = datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    fields: dict[str, FieldValue] = {
        "date_utc": instant.date().isoformat(),
        "time_utc": instant.time().isoformat(),
    }
    return _identity(f"cas_{kind}_{group}_".lower() + stamp, instant.isoformat(), fields)


def _identity(name: str, taken: str | None, fields: dict[str, FieldValue]) -> Identity:
    return Identity(
        product_id=name, spacecraft="tgo", instrument="tgo-cassis", taken=taken, fields=fields
    )


SCHEME = Scheme(
    name="CaSSIS",
    examples=("MY36_020001_165_0", "CAS-MTP-2018-05-03T02.31.44.007-PAN-02001-B1"),
    grammars=(
        grammar(
            "M",
            r"MY ([0-9]{2}) _ ([0-9]{6}) _ ([0-9]{3}) (?: _ ([012]))?"
            r" (?: _ (RED|PAN|BLU|NIR) (?![A-Z0-9]))?",
            _observation,
        ),
        grammar(
            "C",
            r"""CAS_ ([A-Z]{3}) _ ([0-9]{4}_[0-9]{2}_[0-9]{2}) T ([0-9]{2}) [._] ([0-9]{2}) [._]
            ([0-9]{2}) [._] ([0-9]{3}) _ (RED|PAN|BLU|NIR) _ ([0-9]{5}_[A-Z][0-9])""",
            _framelet,
        ),
        grammar(
            "C",
            r"CAS_ (RAW|PAR|CAL|DER) _ ([A-Z]{2}) _ ([0-9]{8}T[0-9]{6})",
            _archive,
        ),
    ),
    source="orbital data explorer help page; one label",
)
