"""What each host asks of its guests, kept: its robots.txt, its pace, and when it wants to rest."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from catalogue.errors import FetchError
from catalogue.fetch import policy
from catalogue.fetch.policy import Manners, Robots
from catalogue.fetch.trouble import Final
from catalogue.model import HostNotes

_ROBOTS_KEPT = timedelta(hours=24)
"""RFC 9309, section 2.4: a robots.txt is not to be used for longer without asking again."""

_TURNED_AWAY = 3
"""Requests of a host that were told to come back much later, after which no more are made."""

_SILENCES = 24
"""Requests in a row, whatever they ask for, that a host leaves without a whole answer before it is
taken to be down: one by one, the pictures of a long page would be waited for until tomorrow."""


@dataclass(slots=True)
class _Host:
    """What is known of one origin."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    robots_lock: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | FetchError | None = None
    robots_text: str | None = None
    robots_read: datetime | None = None
    free: float = 0.0
    """When the next request may start, on the monotonic clock."""
    turned_away: int = 0
    """Requests that were told to come back much later."""
    rests_until: datetime | None = None
    silences: int = 0
    """Requests in a row that were left without a whole answer."""
    silent_as: str = ""
    """How the last of them failed, ``timeout`` or ``connect``."""
    news: bool = False
    """Whether it asked for something that has not been told to who keeps it."""


class Hosts:
    """Every host that is asked, as all threads of a harvest know it.

    Args:
        manners: Limits and permissions.
        product: How robots.txt may call us.
        known: What earlier harvests learned.
        ask_robots: Gets the text of a host's robots.txt by an address of the host; None where the
            host cannot tell.
        pause: Waits, so many seconds, for a host.
    """

    def __init__(
        self,
        manners: Manners,
        product: str,
        known: Iterable[HostNotes],
        ask_robots: Callable[[str], str | None],
        pause: Callable[[float, str], None],
    ) -> None:
        self._manners = manners
        self._product = product
        self._ask_robots = ask_robots
        self._pause = pause
        self._lock = threading.Lock()
        self._hosts = {notes.origin: self._recalled(notes) for notes in known}

    def wait_for_turn(self, url: str) -> None:
        """Keep the robots.txt and the pace of an address's host.

        Raises:
            FetchError: It must not be asked for, or not before long.
        """
        host = self._host(url)
        gap = self._manners.delay
        if self._manners.obey_robots:
            robots = self._robots(url, host)
            if robots.unreachable:
                raise FetchError(
                    "robots.txt cannot be had, so nothing may be asked (RFC 9309)",
                    reason="robots-unreachable",
                    verdict="skipped",
                )
            if not robots.allows(url):
                raise FetchError("robots.txt forbids it", reason="robots", verdict="skipped")
            gap = max(gap, robots.delay)
        with host.lock:
            self._check_rest(host)
            if host.silences >= _SILENCES:
                raise Final(
                    f"the host was silent {host.silences} times in a row, and is asked no more"
                    " in this harvest",
                    reason=host.silent_as,
                )
            now = time.monotonic()
            if gap > self._manners.max_wait and host.free > now:
                raise Final(
                    f"the host wants {gap:.0f} s between requests, longer than is waited for",
                    reason="retry-later",
                )
            starts = max(now, host.free)
            if gap:
                host.free = starts + gap
        if starts > now:
            self._pause(starts - now, urlsplit(url).hostname or "")

    def keep_delay(self, url: str) -> None:
        """Keep the user's delay, and the rest that the host asked for, before its robots.txt."""
        host, delay = self._host(url), self._manners.delay
        with host.lock:
            now = time.monotonic()
            starts = max(now, host.free)
            if delay:
                host.free = starts + delay
        if starts > now:
            self._pause(starts - now, urlsplit(url).hostname or "")

    def heard(self, url: str, silent_as: str = "") -> None:
        """Note that a host answered, or that it did not.

        Args:
            url: What was asked for.
            silent_as: The reason of the failure where there was no whole answer.
        """
        host = self._host(url)
        with host.lock:
            host.silences = host.silences + 1 if silent_as else 0
            host.silent_as = silent_as

    def heed(self, url: str, status: int, told: float | None) -> None:
        """Let the whole host rest when it asks for rest, not only the address.

        Args:
            url: What was asked for.
            status: HTTP status of the answer.
            told: Seconds of its Retry-After.
        """
        if status not in (429, 503) or told is None:
            return
        host = self._host(url)
        until = datetime.now(UTC) + timedelta(seconds=min(told, _LONGEST_REST))
        with host.lock:
            if told <= self._manners.max_wait:
                host.free = max(host.free, time.monotonic() + told)
            else:
                host.turned_away += 1
            if told <= self._manners.max_wait or host.turned_away >= _TURNED_AWAY:
                host.rests_until = max(until, host.rests_until or until)
                host.news = True

    def news(self) -> tuple[HostNotes, ...]:
        """What hosts asked of us since this was last called, for the next harvest."""
        with self._lock:
            hosts = [(origin, self._hosts[origin]) for origin in sorted(self._hosts)]
            hosts = [(origin, host) for origin, host in hosts if host.news]
            for _, host in hosts:
                host.news = False
        return tuple(_noted(origin, host) for origin, host in hosts)

    def known(self) -> tuple[HostNotes, ...]:
        """What is known of every host that asked something of us."""
        with self._lock:
            hosts = sorted(self._hosts.items(), key=lambda one: one[0])
        return tuple(
            _noted(origin, host) for origin, host in hosts if host.robots_read or host.rests_until
        )

    def _host(self, url: str) -> _Host:
        scheme, name, port = policy.origin(url)
        origin = f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}"
        with self._lock:
            return self._hosts.setdefault(origin, _Host())

    def _recalled(self, notes: HostNotes) -> _Host:
        host, now = _Host(), datetime.now(UTC)
        read, until = _read(notes.robots_read), _read(notes.rests_until)
        if read is not None and notes.robots is not None and now - read < _ROBOTS_KEPT:
            host.robots = Robots(notes.robots, self._product)
            host.robots_text, host.robots_read = notes.robots, read
        if until is not None and until > now:
            left = (until - now).total_seconds()
            host.rests_until, host.free = until, time.monotonic() + left
            if left > self._manners.max_wait:
                host.turned_away = _TURNED_AWAY
        return host

    def _check_rest(self, host: _Host) -> None:
        if host.turned_away < _TURNED_AWAY:
            return
        until = f", not before {_written(host.rests_until)}" if host.rests_until else ""
        raise Final(f"the host asked us to come back much later{until}", reason="retry-later")

    def _robots(self, url: str, host: _Host) -> Robots:
        with host.robots_lock:
            if host.robots is None:
                try:
                    text = self._ask_robots(url)
                except FetchError as error:
                    host.robots = error
                else:
                    host.robots = Robots(text, self._product)
                    if text is not None:
                        host.robots_text, host.robots_read = text, datetime.now(UTC)
                        host.news = True
            if isinstance(host.robots, FetchError):
                known = host.robots
                raise Final(str(known), reason=known.reason, verdict=known.verdict)
            return host.robots


_LONGEST_REST = 30 * 86_400.0
"""Seconds; who asks for more is asked again after a month."""


def _noted(origin: str, host: _Host) -> HostNotes:
    return HostNotes(
        origin=origin,
        robots=host.robots_text,
        robots_read=_written(host.robots_read),
        rests_until=_written(host.rests_until),
    )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
