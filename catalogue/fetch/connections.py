"""Connections to addresses that were checked, and to no others."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Callable, Mapping
from http.client import CONTINUE, SWITCHING_PROTOCOLS, HTTPResponse
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy, LoadError, MozillaCookieJar
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from catalogue.errors import UsageError
from catalogue.fetch import policy
from catalogue.fetch.policy import Manners
from catalogue.fetch.trouble import private


def new_session(
    manners: Manners,
    user_agent: str,
    note: Callable[[socket.socket | None], None],
    connections: int,
) -> Session:
    """A session whose connections lead to checked addresses only.

    Args:
        manners: Limits and permissions.
        user_agent: Who we say we are.
        note: Is told by each request which socket it runs over.
        connections: How many are kept open.

    Raises:
        UsageError: The file of cookies cannot be read.
    """
    session = Session()
    session.trust_env = False  # a proxy would resolve names itself, behind our back
    session.headers.clear()
    session.headers.update(
        {
            "User-Agent": user_agent,
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "en,*;q=0.5",
        }
    )

    def connect(host: str, port: int, timeout: float | None) -> socket.socket:
        sock = _connected(host, port, timeout, manners)
        note(sock)
        return sock

    adapter = _Adapter(connect, note, connections)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.cookies.set_policy(_OnlyTheUsers(session.cookies))
    if manners.cookies:
        session.cookies.update(_cookies_of(manners.cookies))
    return session


class _OnlyTheUsers(DefaultCookiePolicy):
    """A server may renew a cookie that the user gave it, and leave none of its own with us."""

    def __init__(self, jar: CookieJar) -> None:
        super().__init__()
        self._jar = jar

    def set_ok(self, cookie: Cookie, request: urllib.request.Request) -> bool:
        """Whether a cookie that an answer sets is kept."""
        return super().set_ok(cookie, request) and any(
            (known.domain, known.path, known.name) == (cookie.domain, cookie.path, cookie.name)
            for known in self._jar
        )


def _cookies_of(file: str) -> MozillaCookieJar:
    jar = MozillaCookieJar(file)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except LoadError as error:
        raise UsageError(
            f"--cookies {file}: it is no file of cookies in Netscape's format"
        ) from error
    except OSError as error:
        raise UsageError(f"--cookies {file}: it cannot be read ({error.strerror})") from error
    for cookie in jar:
        if cookie.expires == 0:  # how browsers write one that lasts for the session
            cookie.expires, cookie.discard = None, True
    jar.clear_expired_cookies()
    return jar


def _connected(host: str, port: int, timeout: float | None, manners: Manners) -> socket.socket:
    """Connect to an address that was checked, and to no other.

    The name is resolved once, here; every address that it has must be permitted, and the
    connection is made to one of those, so that a second, different answer of the name server
    leads nowhere.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not policy.is_allowed(host, port, manners.allow_hosts):
        for address in addresses:
            if not policy.is_public(address):
                raise private(host, address)
    failure: OSError | None = None
    for address in addresses[:4]:
        try:
            sock = socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    raise failure or OSError(f"{host} has no address")


class Session(requests.Session):
    """A session that never looks where a redirect leads: it would read the whole body first."""

    def prepared(self, url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
        """A request for an address, with headers of its own beside those of the session.

        Requests' own way to it merges all that a session may have and this one never has, and reads
        the settings of the environment: for a picture, longer than most of what is done with it.
        """
        request = requests.PreparedRequest()
        request.prepare("GET", url, {**self.headers, **headers}, cookies=self.cookies)
        return request

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


class _Response(HTTPResponse):
    """An answer behind any number of interim ones, of which the standard library skips 100 alone.

    What it takes for the whole answer leaves the true one in the connection, for who asks next.
    """

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        if CONTINUE < status < 200 and status != SWITCHING_PROTOCOLS:
            status = CONTINUE
        return version, status, reason


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
        response_class = _Response

        def _new_conn(self) -> socket.socket:
            return new(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            note(self.sock)  # one that was kept open
            super().request(*args, **kwargs)

    class _Secure(HTTPSConnection):
        response_class = _Response

        def _new_conn(self) -> socket.socket:
            return new(self)

        def request(self, *args: Any, **kwargs: Any) -> None:
            note(self.sock)
            super().request(*args, **kwargs)

    return _Plain, _Secure
