"""Spacecraft clocks: from counts to UTC with the error that is to be expected, and to sols.

A spacecraft's clock drifts by minutes in a year. The exact relation is in the missions' SPICE
kernels, which change as long as a mission lasts; here are rules that were compared with labels and
raw-image records, each with the error that it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SOL = 88775.244
"""Seconds of a mean solar day of Mars (Allison & McEwen 2000)."""

_LEAP_SECONDS = (
    "1981-07-01", "1982-07-01", "1983-07-01", "1985-07-01", "1988-01-01", "1990-01-01",
    "1991-01-01", "1992-07-01", "1993-07-01", "1994-07-01", "1996-01-01", "1997-07-01",
    "1999-01-01", "2006-01-01", "2009-01-01", "2012-07-01", "2015-07-01", "2017-01-01",
)  # fmt: skip
"""First days after a leap second since 1980 (IERS Bulletin C)."""
_LEAPS = tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in _LEAP_SECONDS)

J2000 = datetime(2000, 1, 1, 11, 58, 55, 816000, tzinfo=UTC)
"""The epoch 2000-01-01 12:00 TDB, from which the rovers' clocks count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a spacecraft's clock reads.

    ``UTC = epoch + count - leap seconds since + drift``, the drift growing with the count.
    """

    epoch: datetime
    drift: float
    """Seconds that the clock is behind at count ``at``."""
    at: float = 0.0
    rate: float = 0.0
    """Seconds of drift a count."""
    error: float
    """Seconds by which UTC may be wrong where the rule was compared with records."""
    compared: tuple[float, float]
    """Counts between which it was compared."""
    error_rate: float = 0.0
    """Seconds by which the error grows a count beyond those."""

    def utc(self, count: float) -> datetime:
        """The instant at which the clock showed a count."""
        instant = self.epoch + timedelta(seconds=count + self.drift + self.rate * (count - self.at))
        return instant - timedelta(seconds=sum(self.epoch < leap <= instant for leap in _LEAPS))

    def error_at(self, count: float) -> float:
        """Seconds by which :meth:`utc` may be wrong at a count."""
        low, high = self.compared
        return self.error + self.error_rate * max(low - count, count - high, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sols:
    """How a mission counts its sols, on its spacecraft's clock."""

    start: float
    """Count at the start of sol 0."""
    margin: float
    """Seconds by which that may be wrong."""

    def number(self, count: float) -> int | None:
        """The sol of a count; None within the margin of midnight, where it cannot be told."""
        first = int((count - self.start - self.margin) // SOL)
        last = int((count - self.start + self.margin) // SOL)
        return first if first == last else None

    def agrees(self, count: float, sol: int) -> bool:
        """Whether a stated sol can be right: night pictures are filed under either of two."""
        return abs((count - self.start) / SOL - sol - 0.5) <= 1.5


def time_fields(clock: Clock, count: float) -> tuple[str | None, dict[str, str | int]]:
    """What a count tells: the time as precise as it can be told, and the fields that say more.

    Returns:
        ISO 8601 to the minute where the error is below one, else the date where the error
        leaves only one, else None; and ``utc``, ``utc_error_s`` and ``date_utc``.
    """
    instant, error = clock.utc(count), clock.error_at(count)
    fields: dict[str, str | int] = {
        "utc": instant.isoformat(timespec="seconds"),
        "utc_error_s": round(error),
    }
    around = timedelta(seconds=error)
    day = instant.date()
    if (instant - around).date() == day == (instant + around).date():
        fields["date_utc"] = day.isoformat()
    if error <= 60:
        return instant.isoformat(timespec="minutes"), fields
    return fields.get("date_utc"), fields  # type: ignore[return-value]
