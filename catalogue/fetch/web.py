"""Bytes from the web: the only module that opens a connection.

One :class:`WebFetcher` serves all threads of a harvest. Each request goes hand over hand: the
address is checked, the host's robots.txt is kept, the host's pace is waited for, the connection is
made to an address that was itself checked, and a redirect starts all of it anew. A watchdog ends
transfers that outlive their deadline, however steadily they drip.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import LoadError, MozillaCookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

import catalogue
from catalogue.errors import FetchError, UsageError
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched, Stopped
from catalogue.fetch.policy import DEFAULT_MANNERS, Manners, Origin, Robots
from catalogue.model import Validators

PIECE = 64 << 10
IN_MEMORY = 2 << 20
"""Bytes of an answer that are held in memory; what is longer goes to a file."""
_ROBOTS_HOPS = 5


@dataclass(slots=True)
class _Transfer:
    """One attempt under way, as the watchdog sees it."""

    expires: float
    sockets: list[socket.socket] = field(default_factory=list)
    expired: bool = False
    stopped: bool = False

    def cut(self) -> None:
        for sock in self.sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class _Host:
    """What is known of one origin while a harvest runs."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    robots_lock: threading.Lock = field(default_factory=threading.Lock)
    robots: Robots | FetchError | None = None
    free: float = 0.0
    """When the next request may start."""
    turned_away: int = 0
    """Requests that were told to come back much later."""


class WebFetcher:
    """Gets bytes over http and https, as a guest should and as a suspicious one must.

    Args:
        manners: Limits and permissions.
        connections: How many connections are kept open.

    Raises:
        UsageError: The file of cookies cannot be read.
    """

    def __init__(
        self,
        manners: Manners = DEFAULT_MANNERS,
        *,
        connections: int = 16,
    ) -> None:
        self.manners = manners
        self.user_agent = manners.user_agent or default_user_agent()
        self.requests = 0
        self.bytes = 0
        """Received in all, for whoever shows the progress."""
        self._product = self.user_agent.partition("/")[0].split(" ")[0] or policy.PRODUCT
        self._stop = threading.Event()
        self._waits: dict[int, str] = {}
        self._hosts: dict[Origin, _Host] = {}
        self._hosts_lock = threading.Lock()
        self._current = threading.local()
        self._open: dict[int, _Transfer] = {}
        self._watchdog: threading.Thread | None = None
        self._session = self._new_session(connections)

    # --- what a harvest calls -------------------------------------------------------------------

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
                self._wait(wait, policy.origin(policy.normal(url))[1])

    def stop(self) -> None:
        """End every request under way and refuse new ones; they raise :class:`Stopped`."""
        self._stop.set()
        for transfer in list(self._open.values()):
            transfer.stopped = True
            transfer.cut()

    def close(self) -> None:
        """Close the connections."""
        self._stop.set()
        self._session.close()

    # --- one address ----------------------------------------------------------------------------

    def _next_wait(self, error: FetchError, attempt: int, spent: float) -> float | None:
        """How long to wait before another attempt; None to give up."""
        if error.verdict != "failed":
            return None
        told = getattr(error, "retry_after", None)
        if isinstance(error, _Answered) and error.status in policy.RETRIED_STATUS:
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
            host = self._host(url)
            self._wait_for_turn(url, host)
            answer = self._once(url, headers, limit, spool)
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

    def _check(self, url: str) -> None:
        """Refuse at once what is refused for certain, before the host's robots.txt is asked for."""
        _, host, port = policy.origin(url)
        literal = policy.literal_address(host)
        if (
            literal is not None
            and not policy.is_public(literal)
            and not policy.is_allowed(host, port, self.manners.allow_hosts)
        ):
            raise _private(host, literal)

    def _host(self, url: str) -> _Host:
        origin = policy.origin(url)
        with self._hosts_lock:
            return self._hosts.setdefault(origin, _Host())

    def _wait_for_turn(self, url: str, host: _Host) -> None:
        """Keep the host's robots.txt and its pace."""
        gap = self.manners.delay
        if self.manners.obey_robots:
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
        if host.turned_away >= 3:
            raise _Final(
                "the host told us several times to come back much later", reason="retry-later"
            )
        with host.lock:
            now = time.monotonic()
            if gap > self.manners.max_wait and host.free > now:
                raise _Final(
                    f"the host wants {gap:.0f} s between requests, longer than is waited for",
                    reason="retry-later",
                )
            starts = max(now, host.free)
            if gap:
                host.free = starts + gap
        if starts > now:
            self._wait(starts - now, urlsplit(url).hostname or "")

    def _robots(self, url: str, host: _Host) -> Robots:
        with host.robots_lock:
            if host.robots is None:
                try:
                    host.robots = self._ask_robots(url)
                except FetchError as error:
                    host.robots = error
            if isinstance(host.robots, FetchError):
                known = host.robots
                raise _Final(str(known), reason=known.reason, verdict=known.verdict)
            return host.robots

    def _ask_robots(self, url: str) -> Robots:
        """Ask a host for its robots.txt.

        Raises:
            FetchError: The host itself cannot be had (no connection, no TLS, a private address):
                that is what becomes of the address asked for, too.
        """
        scheme, netloc = url.split("/", 3)[0], url.split("/", 3)[2]
        at = f"{scheme}//{netloc}/robots.txt"
        for attempt in (1, 2):
            try:
                for _ in range(_ROBOTS_HOPS + 1):
                    self._check(at)
                    answer = self._once(at, {"Accept": "text/plain,*/*;q=0.5"}, -1, None)
                    if isinstance(answer, Fetched):
                        assert isinstance(answer.data, bytes)
                        return Robots(policy.robots_text(200, answer.data), self._product)
                    at = policy.next_hop(at, answer)
                return Robots("", self._product)  # RFC 9309: too many hops count as none there
            except _Answered as error:
                text = policy.robots_text(error.status, b"")
                if text is not None:
                    return Robots(text, self._product)
            except FetchError as error:
                if error.reason == "scheme":
                    return Robots("", self._product)
                if error.verdict == "refused" or error.reason in ("connect", "tls", "bad-name"):
                    if attempt == 2 or error.reason != "connect":
                        raise
                elif error.reason == "timeout":
                    break
            if attempt == 1:
                self._wait(policy.backoff(1), urlsplit(url).hostname or "")
        return Robots(None, self._product)

    # --- one request ----------------------------------------------------------------------------

    def _once(
        self, url: str, headers: dict[str, str], limit: int, spool: Path | None
    ) -> Fetched | str:
        """One request and its answer: the bytes, or where a redirect points.

        A limit of -1 is that of a robots.txt, of which the beginning is enough.
        """
        with self._transfer() as transfer:
            try:
                response = self._session.get(
                    url,
                    headers=headers,
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
                raise self._explained(error, transfer) from error
            except (OSError, HTTPException, ValueError) as error:
                if isinstance(error, OSError) and error.filename:
                    raise  # a file, not the network
                raise self._explained(error, transfer) from error

    def _read(
        self,
        url: str,
        response: requests.Response,
        limit: int,
        spool: Path | None,
        transfer: _Transfer,
    ) -> Fetched | str:
        status = response.status_code
        location = response.headers.get("Location")
        if status in (301, 302, 303, 307, 308) and location is not None:
            # http.client gives header bytes as Latin-1; addresses in them are UTF-8
            with suppress(UnicodeError):
                location = location.encode("latin-1").decode("utf-8")
            return location
        validators = Validators(
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )
        conditional = {"If-None-Match", "If-Modified-Since"} & set(response.request.headers)
        if status == 304 and conditional:
            return Fetched(
                url=policy.clean(url),
                data=b"",
                size=0,
                sha256="",
                validators=validators,
                unchanged=True,
            )
        whole = _is_whole(status, response.headers.get("Content-Range"))
        if not whole:
            told = policy.retry_after(response.headers.get("Retry-After"))
            self._heed(url, status, told)
            raise _Answered(status, told)
        declared = response.headers.get("Content-Length", "")
        packed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        if limit >= 0 and declared.isdigit() and not packed and int(declared) > limit:
            raise FetchError(f"{int(declared):,} bytes, more than {limit:,}", reason="too-large")
        data, size, digest = self._receive(response, limit, spool, transfer)
        media_type, charset = _media_type(response.headers.get("Content-Type", ""))
        return Fetched(
            url=policy.clean(url),
            data=data,
            size=size,
            sha256=digest,
            media_type=media_type,
            charset=charset,
            validators=validators,
        )

    def _receive(
        self,
        response: requests.Response,
        limit: int,
        spool: Path | None,
        transfer: _Transfer,
    ) -> tuple[bytes | Path, int, str]:
        digest = hashlib.sha256()
        pieces: list[bytes] = []
        size = 0
        written: Path | None = None
        target: Any = None
        try:
            for piece in response.raw.stream(PIECE, decode_content=True):
                size += len(piece)
                self.bytes += len(piece)
                if limit < 0 and size > policy.ROBOTS_BYTES:
                    pieces.append(piece)
                    break
                if 0 <= limit < size:
                    raise FetchError(
                        f"given up after {limit:,} bytes, the most that is taken",
                        reason="too-large",
                    )
                digest.update(piece)
                if target is None and spool is not None and size > IN_MEMORY:
                    target = tempfile.NamedTemporaryFile(  # noqa: SIM115 - handed on by its name
                        dir=spool, prefix="fetch-", suffix=".part", delete=False
                    )
                    written = Path(target.name)
                    target.write(b"".join(pieces))
                    pieces.clear()
                if target is None:
                    pieces.append(piece)
                else:
                    target.write(piece)
                if transfer.expired or transfer.stopped:
                    raise TimeoutError
            if transfer.expired or transfer.stopped:  # an end that the watchdog made
                raise TimeoutError
            if target is not None:
                target.close()
        except BaseException:
            if target is not None and written is not None:
                with suppress(OSError):
                    target.close()
                written.unlink(missing_ok=True)
            raise
        return written or b"".join(pieces), size, digest.hexdigest()

    def _heed(self, url: str, status: int, told: float | None) -> None:
        """Let the whole host rest when it asks for rest, not only the address."""
        if status not in (429, 503) or told is None:
            return
        host = self._host(url)
        with host.lock:
            if told <= self.manners.max_wait:
                host.free = max(host.free, time.monotonic() + told)
            else:
                host.turned_away += 1

    def _explained(self, error: Exception, transfer: _Transfer) -> Exception:
        """Our error for whatever the layers below raised."""
        if transfer.stopped:
            return Stopped()
        if transfer.expired:
            return _Final(
                f"not done after {self.manners.deadline:g} s, however slowly it came",
                reason="timeout",
            )
        chain = list(_causes(error))
        for cause in chain:
            if isinstance(cause, FetchError):
                return cause
        words = " ".join(str(chain[-1]).split())[:200] or type(chain[-1]).__name__
        words = policy.scrub(words)
        if _any(chain, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
            return FetchError(f"no trustworthy connection: {words}", reason="tls")
        if _any(chain, urllib3.exceptions.NameResolutionError, socket.gaierror):
            return FetchError(f"the host's name is not known: {words}", reason="connect")
        if _any(
            chain,
            requests.exceptions.Timeout,
            urllib3.exceptions.TimeoutError,
            TimeoutError,
        ):
            return FetchError(f"silent for {self.manners.timeout:g} s", reason="timeout")
        if _any(chain, urllib3.exceptions.NewConnectionError):
            return FetchError(f"no connection: {words}", reason="connect")
        if _any(chain, urllib3.exceptions.InvalidChunkLength):
            return FetchError(f"the answer breaks HTTP: {words}", reason="protocol-error")
        if _any(chain, urllib3.exceptions.IncompleteRead) or "ended prematurely" in words:
            return FetchError("the answer ended before its end", reason="truncated")
        if _any(chain, urllib3.exceptions.DecodeError):
            return FetchError(f"the answer cannot be unpacked: {words}", reason="protocol-error")
        if _any(chain, requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError):
            return FetchError(f"no address: {words}", reason="bad-name")
        if _any(chain, ConnectionResetError, BrokenPipeError) and transfer.sockets:
            return FetchError(f"the connection broke: {words}", reason="truncated")
        return FetchError(f"the answer breaks HTTP: {words}", reason="protocol-error")

    # --- waiting --------------------------------------------------------------------------------

    @property
    def sleeping(self) -> int:
        """How many threads keep a host's pace just now, and ask for nothing."""
        return len(self._waits)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """The hosts whose pace is kept just now."""
        return tuple(sorted(set(self._waits.copy().values())))

    def _wait(self, seconds: float, host: str) -> None:
        me = threading.get_ident()
        self._waits[me] = host
        try:
            if self._stop.wait(seconds):
                raise Stopped
        finally:
            del self._waits[me]

    def __reduce__(self) -> tuple[type[WebFetcher], tuple[Manners]]:
        """Sent to another process, it begins there anew, with the same manners."""
        return (WebFetcher, (self.manners,))

    @contextmanager
    def _transfer(self) -> Any:
        if self._stop.is_set():
            raise Stopped
        transfer = _Transfer(time.monotonic() + self.manners.deadline)
        self._current.transfer = transfer
        self._open[id(transfer)] = transfer
        if self._watchdog is None:
            with self._hosts_lock:
                if self._watchdog is None:
                    self._watchdog = threading.Thread(
                        target=self._watch, name="watchdog", daemon=True
                    )
                    self._watchdog.start()
        try:
            yield transfer
        finally:
            self._open.pop(id(transfer), None)
            self._current.transfer = None

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            now = time.monotonic()
            for transfer in list(self._open.values()):
                if now > transfer.expires and not transfer.expired:
                    transfer.expired = True
                    transfer.cut()

    # --- connections ----------------------------------------------------------------------------

    def _new_session(self, connections: int) -> requests.Session:
        session = _Session()
        session.trust_env = False  # a proxy would resolve names itself, behind our back
        session.headers.clear()
        session.headers.update(
            {
                "User-Agent": self.user_agent,
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "en,*;q=0.5",
            }
        )
        adapter = _Adapter(self._connect, self._note, connections)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        if self.manners.cookies:
            jar = MozillaCookieJar(self.manners.cookies)
            try:
                jar.load(ignore_discard=True, ignore_expires=True)
            except (OSError, LoadError) as error:
                raise UsageError(f"--cookies {self.manners.cookies}: {error}") from error
            for cookie in jar:
                if cookie.expires == 0:  # how browsers write one that lasts for the session
                    cookie.expires, cookie.discard = None, True
            jar.clear_expired_cookies()
            session.cookies.update(jar)
        return session

    def _note(self, sock: socket.socket | None) -> None:
        """Let the watchdog know which socket this thread's request runs over."""
        transfer: _Transfer | None = getattr(self._current, "transfer", None)
        if transfer is not None and sock is not None:
            transfer.sockets.append(sock)

    def _connect(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """Connect to an address that was checked, and to no other.

        The name is resolved once, here; every address that it has must be permitted, and the
        connection is made to one of those, so that a second, different answer of the name server
        leads nowhere.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not policy.is_allowed(host, port, self.manners.allow_hosts):
            for address in addresses:
                if not policy.is_public(address):
                    raise _private(host, address)
        failure: OSError | None = None
        for address in addresses[:4]:
            try:
                sock = socket.create_connection((address, port), timeout)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._note(sock)
            return sock
        raise failure or OSError(f"{host} has no address")


# --- errors -------------------------------------------------------------------------------------


class _Answered(FetchError):
    """The server answered with a status that is no success."""

    def __init__(self, status: int, told: float | None) -> None:
        super().__init__(
            f"the server answered {status}"
            + (f" and asks to come back in {told:.0f} s" if told else ""),
            reason="empty" if status in (204, 205) else f"http-{status}",
        )
        self.status = status
        self.retry_after = told


class _Final(FetchError):
    """An error that another attempt would not mend."""

    final = True


def _private(host: str, address: str) -> FetchError:
    where = host if host == address else f"{host} ({address})"
    return FetchError(
        f"{where} is no public address; --allow-host {host} would permit it",
        reason="private-address",
        verdict="refused",
    )


def _causes(error: BaseException | None) -> Any:
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]


def _any(chain: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(one, kinds) for one in chain)


# --- small parts --------------------------------------------------------------------------------

_PAGES = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.7"
_PICTURES = "image/jpeg,image/png,image/tiff,image/*;q=0.9,*/*;q=0.5"
"""Originals before what a server would make of them for browsers: those lack their credits."""


def default_user_agent() -> str:
    """Who we are, and how to reach who runs this: what ``CATALOGUE_CONTACT`` holds."""
    contact = " ".join(os.environ.get("CATALOGUE_CONTACT", "").split())
    shown = f"; +{contact}" if contact.isprintable() and contact else ""
    return (
        f"{policy.PRODUCT}/{catalogue.__version__} (archive of published pictures of Mars{shown})"
    )


def _is_whole(status: int, content_range: str | None) -> bool:
    """Whether an answer is the whole thing; some servers send all of it as if it were a part."""
    if status in (200, 203):
        return True
    if status == 206 and content_range:
        unit, _, rest = content_range.partition(" ")
        span, _, total = rest.partition("/")
        return unit == "bytes" and total.isdigit() and span == f"0-{int(total) - 1}"
    return False


def _media_type(header: str) -> tuple[str, str | None]:
    from email.message import Message

    if not header:
        return "", None
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset")
    kind = header.partition(";")[0].strip().lower()
    return kind, charset if isinstance(charset, str) and charset else None


class _Session(requests.Session):
    """A session that never looks where a redirect leads: it would read the whole body first."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: redirects are followed by hand, each hop checked."""
        return None


class _Adapter(HTTPAdapter):
    """Requests' adapter over connections that are made by our own function only."""

    def __init__(
        self,
        connect: Callable[[str, int, float | None], socket.socket],
        note: Callable[[socket.socket | None], None],
        connections: int,
    ) -> None:
        self._connect = connect
        self._note_socket = note
        super().__init__(
            pool_connections=max(32, connections), pool_maxsize=connections, max_retries=0
        )

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        plain, secure = _connections(self._connect, self._note_socket)

        class _Plain(HTTPConnectionPool):
            ConnectionCls = plain

        class _Secure(HTTPSConnectionPool):
            ConnectionCls = secure

        self.poolmanager.pool_classes_by_scheme = {"http": _Plain, "https": _Secure}


def _connections(
    connect: Callable[[str, int, float | None], socket.socket],
    note: Callable[[socket.socket | None], None],
) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
    """Connection classes that open sockets by ``connect`` and tell ``note`` which one they use."""

    def new(self: HTTPConnection) -> socket.socket:
        timeout = self.timeout if isinstance(self.timeout, int | float) else None
        try:
            return connect(self.host, self.port or 80, timeout)
        except socket.gaierror as error:
            raise urllib3.exceptions.NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise urllib3.exceptions.ConnectTimeoutError(self, "no connection in time") from error
        except OSError as error:
            raise urllib3.exceptions.NewConnectionError(self, str(error)) from error

    class _Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return new(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            note(self.sock)  # one that was kept open
            super().request(*args, **kwargs)

    class _Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return new(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            note(self.sock)
            super().request(*args, **kwargs)

    return _Plain, _Secure
