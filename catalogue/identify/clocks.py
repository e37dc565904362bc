"""Times of Mars missions: spacecraft clocks to UTC, with the error to be expected, and sols.

A spacecraft's clock drifts by minutes in a year. The exact relation is in the missions' SPICE
kernels, which change as long as a mission lasts; here are straight lines that were compared with
labels and raw-image records, each with the error that it leaves.

All is reckoned in seconds of terrestrial time since 2000-01-01 12:00 TT (J2000), which knows no
leap second.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalogue.model import FieldValue

SOL = 88775.244
"""Seconds of a mean solar day of Mars (Allison & McEwen 2000)."""

_NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)
_LEAP_SECONDS = (  # the days from which TAI - UTC has that many seconds (IERS Bulletin C)
    ("1999-01-01", 32), ("2006-01-01", 33), ("2009-01-01", 34), ("2012-07-01", 35),
    ("2015-07-01", 36), ("2017-01-01", 37),
)  # fmt: skip
_OFFSETS = tuple(seconds + 32.184 for _, seconds in _LEAP_SECONDS)
"""TT - UTC."""
_FROM = tuple(
    (datetime.fromisoformat(day).replace(tzinfo=UTC) - _NOON).total_seconds() + offset
    for (day, _), offset in zip(_LEAP_SECONDS, _OFFSETS, strict=True)
)

EPOCH_1980 = -631_195_148.816
"""1980-01-01 00:00 UTC, from which the clocks of Lockheed Martin's spacecraft count."""


def to_utc(seconds: float) -> datetime:
    """The instant of a terrestrial time, from 1999 on."""
    index = max(bisect_right(_FROM, seconds) - 1, 0)
    return _NOON + timedelta(seconds=seconds - _OFFSETS[index])


def from_utc(instant: datetime) -> float:
    """The terrestrial time of an instant, from 1999 on."""
    seconds = (instant - _NOON).total_seconds()
    index = max(bisect_right(_FROM, seconds + _OFFSETS[-1]) - 1, 0)
    return seconds + _OFFSETS[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a spacecraft's clock reads: a straight line, and how far it may be wrong."""

    epoch: float = 0.0
    """Terrestrial time at count 0, were there no drift; the rovers' clocks count from J2000."""
    behind: float = 0.0
    """Seconds that the clock is behind at the count ``at``."""
    at: float = 0.0
    rate: float = 0.0
    """Seconds that it loses a count."""
    error: float
    """Seconds by which the line may be wrong at the counts where it was compared with records."""
    compared: tuple[float, float]
    """The first and last of those."""
    error_rate: float
    """Seconds by which the error grows a count beyond them."""

    def read(self, count: float) -> tuple[float, float]:
        """Terrestrial time of a count, and the seconds by which it may be wrong."""
        low, high = self.compared
        beyond = max(low - count, count - high, 0.0)
        return (
            self.epoch + count + self.behind + self.rate * (count - self.at),
            self.error + self.error_rate * beyond,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sols:
    """How a mission counts its days."""

    start: float
    """Terrestrial time at the midnight with which sol 0 begins."""
    margin: float
    """Seconds by which that may be wrong."""

    def number(self, seconds: float, error: float = 0.0) -> int | None:
        """The sol of a time that may be wrong; None near midnight, where it cannot be told."""
        wrong = self.margin + error
        first = (seconds - self.start - wrong) // SOL
        last = (seconds - self.start + wrong) // SOL
        return int(first) if first == last else None

    def may_be(self, seconds: float, sol: int) -> bool:
        """Whether a stated sol can be right; night pictures are filed under either of two."""
        return abs((seconds - self.start) / SOL - sol - 0.5) <= 1.5

    def span(self, sol: int) -> tuple[datetime, datetime]:
        """Begin and end of a sol."""
        return to_utc(self.start + sol * SOL), to_utc(self.start + (sol + 1) * SOL)


# The start of sol 0 follows from the landing (its date and longitude in the registry) and Mars
# coordinated time (Allison & McEwen 2000). Curiosity's agrees to 6 s with the local mean solar time
# of a PDS label of sol 3039. Spirit and Opportunity counted hybrid solar time, whose midnight was
# some 40 minutes later than the mean: theirs follow from the published starts of sol 1,
# 2004-01-03 13:36:15 and 2004-01-24 15:08:59 UTC.
SOLS: dict[str, Sols] = {
    "perseverance": Sols(start=666_894_319, margin=300),
    "ingenuity": Sols(start=666_894_319, margin=300),
    "curiosity": Sols(start=397_446_666, margin=60),
    "insight": Sols(start=596_481_205, margin=300),
    "spirit": Sols(start=126_320_264, margin=600),
    "opportunity": Sols(start=128_140_228, margin=600),
    "phoenix": Sols(start=264_970_123, margin=900),
}
"""Spacecraft to its sols, for the missions whose count is known here."""


def shared_time(first: datetime, last: datetime) -> str | None:
    """What two instants have in common, in ISO 8601: the minute, day, month or year, or nothing.

    >>> shared_time(datetime(2021, 2, 18, 3, tzinfo=UTC), datetime(2021, 2, 19, 3, tzinfo=UTC))
    '2021-02'
    """
    if last - first <= timedelta(minutes=2):
        return (first + (last - first) / 2).isoformat(timespec="minutes")
    one, other = first.date().isoformat(), last.date().isoformat()
    for length in (10, 7, 4):
        if one[:length] == other[:length]:
            return one[:length]
    return None


def time_of(seconds: float, error: float) -> tuple[str | None, dict[str, FieldValue]]:
    """What a terrestrial time that may be wrong tells.

    Returns:
        The UTC as precise as it can be told, and the fields ``utc``, ``utc_error_s`` and, where
        there is but one, ``date_utc``.
    """
    instant, around = to_utc(seconds), timedelta(seconds=error)
    fields: dict[str, FieldValue] = {
        "utc": instant.isoformat(timespec="seconds"),
        "utc_error_s": round(error),
    }
    if (instant - around).date() == (instant + around).date():
        fields["date_utc"] = instant.date().isoformat()
    return shared_time(instant - around, instant + around), fields


def time_of_sol(spacecraft: str, sol: int) -> tuple[str | None, dict[str, FieldValue]]:
    """What a sol tells where nothing else does.

    Returns:
        The UTC as precise as a whole sol allows (it touches two days), and the fields
        ``sol_start_utc`` and ``sol_end_utc``.
    """
    begin, end = SOLS[spacecraft].span(sol)
    return shared_time(begin, end), {
        "sol_start_utc": begin.isoformat(timespec="minutes"),
        "sol_end_utc": end.isoformat(timespec="minutes"),
    }
