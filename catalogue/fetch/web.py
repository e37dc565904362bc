"""Bytes from the web: what a harvest calls, and the way of a request.

One :class:`WebFetcher` serves all threads of a harvest. Each request goes hand over hand: the
address is checked, the host's robots.txt is kept, the host's pace is waited for, the connection is
made to an address that was itself checked, and a redirect starts all of it anew.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

import catalogue
from catalogue.errors import FetchError
from catalogue.fetch import policy
from catalogue.fetch.answers import is_whole, media_type, receive
from catalogue.fetch.connections import new_session
from catalogue.fetch.hosts import Hosts
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched
from catalogue.fetch.policy import DEFAULT_MANNERS, Manners
from catalogue.fetch.trouble import Answered, explained, private
from catalogue.fetch.watch import Transfer, Watch
from catalogue.model import HostNotes, Validators

_ROBOTS_HOPS = 5


class WebFetcher:
    """Gets bytes over http and https, as a guest should and as a suspicious one must.

    Args:
        manners: Limits and permissions.
        connections: How many connections are kept open.
        known: What hosts asked of earlier harvests.

    Raises:
        UsageError: The file of cookies cannot be read.
    """

    def __init__(
        self,
        manners: Manners = DEFAULT_MANNERS,
        *,
        connections: int = 16,
        known: Iterable[HostNotes] = (),
    ) -> None:
        self.manners = manners
        self.user_agent = manners.user_agent or default_user_agent()
        self.requests = 0
        self.bytes = 0
        """Received in all, for whoever shows the progress."""
        product = self.user_agent.partition("/")[0].split(" ")[0] or policy.PRODUCT
        self._watch = Watch(manners.deadline)
        self._hosts = Hosts(manners, product, known, self._ask_robots, self._watch.pause)
        self._session = new_session(manners, self.user_agent, self._watch.note, connections)

    def get(
        self,
        url: str,
        *,
        limit: int,
        unless: Validators = NOTHING_KNOWN,
        referer: str | None = None,
        picture: bool = False,
        spool: Path | None = None,
    ) -> Fetched:
        """Ask for an address; see :class:`~catalogue.fetch.interface.Fetcher`."""
        headers = {"Accept": _PICTURES if picture else _PAGES}
        if picture:
            headers["Accept-Encoding"] = "identity"  # they are packed already
        if unless.etag:
            headers["If-None-Match"] = unless.etag
        if unless.last_modified:
            headers["If-Modified-Since"] = unless.last_modified
        told = policy.referer(referer, url)
        if told:
            headers["Referer"] = told
        attempt, spent = 0, 0.0
        while True:
            attempt += 1
            started = time.monotonic()
            try:
                return self._follow(policy.normal(url), headers, limit, spool)
            except FetchError as error:
                spent += time.monotonic() - started
                wait = self._next_wait(error, attempt, spent)
                if wait is None:
                    raise
                self._watch.pause(wait, policy.origin(policy.normal(url))[1])

    def stop(self) -> None:
        """End every request under way and refuse new ones; they raise ``Stopped``."""
        self._watch.end()

    def close(self) -> None:
        """Close the connections."""
        self._watch.end()
        self._session.close()

    def news(self) -> tuple[HostNotes, ...]:
        """What hosts asked of us since this was last called, for the next harvest."""
        return self._hosts.news()

    @property
    def sleeping(self) -> int:
        """How many threads keep a host's pace just now, and ask for nothing."""
        return len(self._watch.pauses)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """The hosts whose pace is kept just now."""
        return tuple(sorted(set(self._watch.pauses)))

    def __reduce__(self) -> tuple[Any, tuple[Manners, tuple[HostNotes, ...]]]:
        """Sent to another process, it begins there with the same manners, and knows the same."""
        return _begun, (self.manners, self._hosts.known())

    # --- one address ------------------------------------------------------------------------------

    def _next_wait(self, error: FetchError, attempt: int, spent: float) -> float | None:
        """How long to wait before another attempt; None to give up."""
        if error.verdict != "failed":
            return None
        told = getattr(error, "retry_after", None)
        if isinstance(error, Answered) and error.status in policy.RETRIED_STATUS:
            if attempt > self.manners.retries:
                error.reason = "retry-exhausted"
                return None
            if told is not None and told > self.manners.max_wait:
                error.reason = "retry-later"
                return None
            return float(max(told or 0.0, policy.backoff(attempt)))
        if error.reason in policy.RETRIED_REASONS and not getattr(error, "final", False):
            if attempt > self.manners.retries or spent > self.manners.deadline:
                return None
            return policy.backoff(attempt)
        return None

    def _follow(self, url: str, headers: dict[str, str], limit: int, spool: Path | None) -> Fetched:
        seen = {url}
        for _ in range(self.manners.max_redirects + 1):
            self._check(url)
            self._hosts.wait_for_turn(url)
            answer = self._heard(url, headers, limit, spool)
            if isinstance(answer, Fetched):
                return answer
            url = policy.next_hop(url, answer)
            if url in seen:
                raise FetchError(
                    f"redirects lead in a circle, back to {policy.clean(url)}",
                    reason="redirect-loop",
                )
            seen.add(url)
            if policy.origin(url)[0] == "http":
                headers = {
                    name: value
                    for name, value in headers.items()
                    if name != "Referer" or value.startswith("http:")
                }
        raise FetchError(
            f"more than {self.manners.max_redirects} redirects", reason="redirect-loop"
        )

    def _heard(
        self, url: str, headers: dict[str, str], limit: int, spool: Path | None
    ) -> Fetched | str:
        """One request; whether the host answered it is noted."""
        try:
            answer = self._once(url, headers, limit, spool)
        except FetchError as error:
            self._hosts.heard(url, error.reason if error.reason in _SILENT else "")
            raise
        self._hosts.heard(url)
        return answer

    def _check(self, url: str) -> None:
        """Refuse at once what is refused for certain, before the host's robots.txt is asked for."""
        _, host, port = policy.origin(url)
        literal = policy.literal_address(host)
        if (
            literal is not None
            and not policy.is_public(literal)
            and not policy.is_allowed(host, port, self.manners.allow_hosts)
        ):
            raise private(host, literal)

    def _ask_robots(self, url: str) -> str | None:
        """Ask an address's host for its robots.txt; None where it cannot tell.

        Raises:
            FetchError: The host itself cannot be had (no connection, no TLS, a private address):
                that is what becomes of the address asked for, too.
        """
        scheme, netloc = url.split("/", 3)[0], url.split("/", 3)[2]
        for attempt in (1, 2):
            at, own = f"{scheme}//{netloc}/robots.txt", True
            try:
                for _ in range(_ROBOTS_HOPS + 1):
                    self._check(at)
                    self._hosts.keep_delay(at)
                    answer = self._once(at, {"Accept": "text/plain,*/*;q=0.5"}, -1, None)
                    if isinstance(answer, Fetched):
                        assert isinstance(answer.data, bytes)
                        return policy.robots_text(200, answer.data)
                    own = False
                    at = policy.next_hop(at, answer, down=True)
                return ""  # RFC 9309: too many hops count as none there
            except Answered as error:
                text = policy.robots_text(error.status, b"")
                if text is not None:
                    return text
                if error.retry_after is not None and error.retry_after > self.manners.max_wait:
                    break
            except FetchError as error:
                gone = error.verdict == "refused" or error.reason in ("tls", "bad-name")
                if own and (gone or (attempt == 2 and error.reason == "connect")):
                    raise
                if gone or error.reason == "timeout":
                    break
            if attempt == 1:
                self._watch.pause(policy.backoff(1), urlsplit(url).hostname or "")
        return None

    # --- one request ------------------------------------------------------------------------------

    def _once(
        self, url: str, headers: dict[str, str], limit: int, spool: Path | None
    ) -> Fetched | str:
        """One request and its answer: the bytes, or where a redirect points.

        A limit of -1 is that of a robots.txt, of which the beginning is enough.
        """
        with self._watch.transfer() as transfer:
            try:
                response = self._session.send(
                    self._session.prepared(url, headers),
                    stream=True,
                    allow_redirects=False,
                    timeout=(self.manners.timeout, self.manners.timeout),
                )
                self.requests += 1
                try:
                    return self._read(url, response, limit, spool, transfer)
                finally:
                    response.close()
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                raise explained(error, transfer, self.manners) from error
            except (OSError, HTTPException, ValueError) as error:
                if isinstance(error, OSError) and error.filename:
                    raise  # a file, not the network
                raise explained(error, transfer, self.manners) from error

    def _read(
        self,
        url: str,
        response: requests.Response,
        limit: int,
        spool: Path | None,
        transfer: Transfer,
    ) -> Fetched | str:
        status = response.status_code
        location = response.headers.get("Location")
        if status in (301, 302, 303, 307, 308) and location is not None:
            # http.client gives header bytes as Latin-1; addresses in them are UTF-8
            with suppress(UnicodeError):
                location = location.encode("latin-1").decode("utf-8")
            return location
        validators = Validators(
            etag=_validator(response.headers.get("ETag")),
            last_modified=_validator(response.headers.get("Last-Modified")),
        )
        if status == 304 and _CONDITIONS & set(response.request.headers):
            return Fetched(
                url=policy.clean(url),
                data=b"",
                size=0,
                sha256="",
                validators=validators,
                unchanged=True,
            )
        declared = response.headers.get("Content-Length", "")
        if not is_whole(status, response.headers.get("Content-Range"), declared):
            told = policy.retry_after(response.headers.get("Retry-After"))
            self._hosts.heed(url, status, told)
            raise Answered(status, told)
        packed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        if limit >= 0 and declared.isdigit() and not packed and int(declared) > limit:
            raise FetchError(f"{int(declared):,} bytes, more than {limit:,}", reason="too-large")
        data, size, digest = receive(response, packed, limit, spool, transfer, self._count)
        kind, charset = media_type(response.headers.get("Content-Type", ""))
        return Fetched(
            url=policy.clean(url),
            data=data,
            size=size,
            sha256=digest,
            media_type=kind,
            charset=charset,
            validators=validators,
        )

    def _count(self, received: int) -> None:
        self.bytes += received


_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_SILENT = frozenset({"timeout", "connect"})
_PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.7"
_PICTURES = "image/jpeg,image/png,image/tiff,image/*;q=0.9,*/*;q=0.5"
"""Originals before what a server would make of them for browsers: those lack their credits."""


_LONGEST_VALIDATOR = 1000
"""Characters; what is longer is no mark of a version, and would be kept for each picture."""


def _validator(header: str | None) -> str | None:
    return header if header is not None and len(header) <= _LONGEST_VALIDATOR else None


def default_user_agent() -> str:
    """Who we are, and how to reach who runs this: what ``CATALOGUE_CONTACT`` holds."""
    contact = " ".join(os.environ.get("CATALOGUE_CONTACT", "").split())
    shown = f"; +{contact}" if contact.isprintable() and contact else ""
    return (
        f"{policy.PRODUCT}/{catalogue.__version__} (archive of published pictures of Mars{shown})"
    )


def _begun(manners: Manners, known: tuple[HostNotes, ...]) -> WebFetcher:
    return WebFetcher(manners, known=known)
