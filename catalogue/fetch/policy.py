"""The rules of asking: which addresses, how often, how long to wait. No network in here.

Everything that decides and nothing that acts, so that each rule can be read and tested by itself:
what an address is and what of it may be kept, which hosts are public, what robots.txt forbids
(RFC 9309), what Retry-After says (RFC 9110), how long to wait before the next attempt.
"""

from __future__ import annotations

import ipaddress
import random
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import SplitResult, quote, unquote, unquote_plus, urljoin, urlsplit, urlunsplit

from catalogue.errors import FetchError, UsageError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Origin: TypeAlias = tuple[str, str, int]
"""Scheme, host and port: what robots.txt, cookies and credentials are given to."""

PRODUCT = "mars-image-catalogue"
"""How robots.txt may call us."""

ROBOTS_BYTES = 500 * 1024
"""Bytes of a robots.txt that are read; RFC 9309 asks for at least as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How servers are asked, and what is never asked. Times are seconds."""

    delay: float = 0.0
    """Least time between the starts of two requests to one host."""
    timeout: float = 10.0
    """Waiting for a connection, or for more bytes."""
    deadline: float = 120.0
    """One whole transfer, however steadily it drips."""
    retries: int = 3
    """Attempts after the first."""
    max_wait: float = 60.0
    """The longest Retry-After, or Crawl-delay, that is waited for."""
    max_redirects: int = 10
    user_agent: str = ""
    """Empty for the program's own, which names it and says how to reach who runs it."""
    obey_robots: bool = True
    allow_hosts: frozenset[tuple[str, int | None]] = frozenset()
    """Hosts, and ports of them, that may have a private address; see :func:`allowed_hosts`."""
    cookies: str | None = None
    """Path of a file of cookies in Netscape's format."""


DEFAULT_MANNERS = Manners()


# --- addresses ----------------------------------------------------------------------------------

_ADDRESSES = 4096
"""Addresses of which the last answers are remembered: each is looked at several times."""

_SECRETS = re.compile(
    r"""(?ix) ^(?:
    x-(?:amz|goog|oss|cos|ms)-(?:signature|credential|security-token|date|expires|signedheaders
        |algorithm|content-sha256)
  | awsaccesskeyid | googleaccessid | ossaccesskeyid | key-pair-id
  | hdnea | hdnts | hdntl | sig | hmac | [\w-]*token_* (?:\[\])? | [\w-]*signature
  | (?:[a-z]+[_-])?(?:passw(?:or)?d|passwd|secret|apikey|api[_-]key|auth|authorization|jwt
        |session(?:id)?|sid|credentials?)
  | pwd | phpsessid | jsessionid
)$"""
)
_SIGNED = frozenset(
    {"sv", "se", "st", "sp", "sr", "spr", "ss", "srt", "skoid", "sktid", "sip", "policy", "expires"}
)
"""What a signature covers, and changes with it; ordinary names where there is no signature."""


@lru_cache(_ADDRESSES)
def normal(url: str) -> str:
    """The address in the spelling in which it is asked for: ASCII, without fragment.

    Whatever is percent-encoded stays so; nothing else of the path or query is changed.

    Raises:
        FetchError: It is no address of the web: another scheme (refused, ``scheme``), or a host
            or port that cannot be (``bad-name``).

    >>> normal("HTTP://Example.org:80/a b/é.jpg#top")
    'http://example.org/a%20b/%C3%A9.jpg'
    """
    url = url.strip().replace("\t", "").replace("\r", "").replace("\n", "")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise FetchError(f"{_shown(url)} is no address: {error}", reason="bad-name") from error
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise FetchError(
            f"only http and https are asked, not {scheme or 'an address without a scheme'}",
            reason="scheme",
            verdict="refused",
        )
    netloc = _ascii_host(host)
    if port is not None and port != _default_port(scheme):
        netloc += f":{port}"
    userinfo, at, _ = parts.netloc.rpartition("@")
    if at:
        netloc = f"{quote(userinfo, safe=':%!$&()*+,;=~._-')}@{netloc}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~._-|[]")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~._-?|[]{}^`")
    return urlunsplit((scheme, netloc, path, query, ""))


def _ascii_host(host: str) -> str:
    if not host or len(host) > 253:
        raise FetchError("the address names no host that can be", reason="bad-name")
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]"
        except ValueError as error:
            raise FetchError(f"[{host}] is no address: {error}", reason="bad-name") from error
    if host.isascii():
        if re.search(r"[^a-z0-9._~%-]", host.lower()):
            raise FetchError(f"{host!r} is no name of a host", reason="bad-name")
        return host.lower()
    import idna  # a dependency of requests, wanted only here

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise FetchError(f"{host!r} is no name of a host: {error}", reason="bad-name") from error


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


@lru_cache(_ADDRESSES)
def origin(url: str) -> Origin:
    """Scheme, host and port of a normal address."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _default_port(parts.scheme)


@lru_cache(_ADDRESSES)
def clean(url: str) -> str:
    """The address as it may be kept, shown and logged: no credentials, no signature, no fragment.

    What is no address of the web (a path, say) comes back as it was.

    >>> clean("https://me:secret@example.org/a.jpg?w=1&X-Amz-Signature=0af3#x")
    'https://example.org/a.jpg?w=1'
    """
    try:
        parts = urlsplit(normal(url))
    except FetchError:
        return _bare(url.strip())
    netloc = parts.netloc.rpartition("@")[2]
    path = _SESSION.sub("", parts.path) if ";" in parts.path else parts.path
    return urlunsplit(SplitResult(parts.scheme, netloc, path, _without(parts.query), ""))


_SESSION = re.compile(r"(?i);(?:jsessionid|phpsessid|sid)=[^/;]*")


_AUTHORITY = re.compile(r"(?i)^([a-z][a-z0-9+.-]*:)?//[^/?#@]*@")
_BROKEN_AUTHORITY = re.compile(r"(?i)^(https?:)?//[^?#\s]*@")
"""Of an address that cannot be taken apart: whatever ends in an @ may be a password."""


def _bare(url: str, *, inside: bool = True) -> str:
    """What need be no address of the web, without credentials; a path stays as it is.

    Args:
        url: The address.
        inside: Whether addresses are looked for in it.
    """
    if "//" not in url:
        return url
    try:
        urlsplit(url).port  # noqa: B018 - whether there can be one
        bare = _AUTHORITY.sub(r"\1//", url)
    except ValueError:
        bare = _BROKEN_AUTHORITY.sub(r"\1//", url)
    head, _, query = bare.partition("?")
    kept = _without(query, inside=inside)
    return bare if kept == query else f"{head}?{kept}" if kept else head


def _without(query: str, *, inside: bool = True) -> str:
    """A query without credentials, those of an address inside it (a resizer's, say) included."""
    if not query:
        return ""
    fields = re.split(r"(?<=[&;])", query)
    names = [unquote_plus(field.partition("=")[0]) for field in fields]
    signed = any(name.lower() in ("sig", "signature") for name in names)
    kept = [
        _field(field) if inside else field
        for field, name in zip(fields, names, strict=True)
        if not _SECRETS.match(name.rstrip("&;")) and not (signed and name.lower() in _SIGNED)
    ]
    return "".join(kept) if len(kept) == len(fields) else "".join(kept).rstrip("&;")


def _field(field: str) -> str:
    name, _, raw = field.partition("=")
    value = unquote(raw)
    if "://" not in value[:10]:
        return field
    end = raw[-1] if raw.endswith(("&", ";")) else ""
    bare = _bare(value.removesuffix(end), inside=False)
    if bare == value.removesuffix(end):
        return field
    return f"{name}={quote(bare, safe=':/?=@!,;' if '://' in raw else '')}{end}"


_IN_TEXT = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,9}://[^\s\"'<>]+")


def scrub(text: str) -> str:
    """A text in which every address is one that may be kept.

    >>> scrub("from http://me:pw@example.org/a, kept")
    'from http://example.org/a, kept'
    """
    if "://" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        found = match.group()
        cleaned = clean(found)
        return cleaned if "@" in found or "?" in found else found

    return _IN_TEXT.sub(one, text)


def referer(page: str | None, url: str) -> str | None:
    """What may be told of the page that shows a picture: never from https to http, no secrets."""
    if page is None or not page.startswith(("http://", "https://")):
        return None
    if page.startswith("https:") and not url.startswith("https:"):
        return None
    return clean(page)


def next_hop(url: str, location: str, *, down: bool = False) -> str:
    """Where a redirect leads.

    Args:
        url: What was asked for.
        location: What the answer says.
        down: Whether it may lead from https to http, where nothing hangs on the answer's origin.

    Raises:
        FetchError: To something that is not asked: another scheme, or from https down to http.
    """
    try:
        target = urljoin(url, location.strip())
    except ValueError as error:
        raise FetchError(f"a redirect to {_shown(location)}", reason="bad-name") from error
    following = normal(target)
    if not down and url.startswith("https:") and following.startswith("http:"):
        raise FetchError(
            f"a redirect from https down to {clean(following)}", reason="scheme", verdict="refused"
        )
    if origin(following) != origin(url):  # what was ours to say to one host is not for another
        parts = urlsplit(following)
        following = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return following


def _shown(url: str) -> str:
    """An address that may be none, for a message: nothing here may ask what it is."""
    return repr(_bare(url.strip())[:200])


# --- private addresses --------------------------------------------------------------------------


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever form it hides in.

    Args:
        address: As a resolver gives it; an IPv6 zone is allowed.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(_is_global(one) for one in _unwrapped(found))


def _is_global(address: Address) -> bool:
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.is_site_local:
        return False
    return address.is_global


_TRANSLATED = (
    ipaddress.IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # its local kin, RFC 8215
    ipaddress.IPv6Network("::/96"),  # the old «compatible» form, RFC 4291
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # SIIT, RFC 2765
)


def _unwrapped(address: Address) -> Iterable[Address]:
    """The address, or those that it carries inside: a translator would lead there."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if any(address in network for network in _TRANSLATED):
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    return (address,)


def allowed_hosts(names: Iterable[str]) -> frozenset[tuple[str, int | None]]:
    """Read ``HOST[:PORT]`` options, repeated or separated by commas.

    Raises:
        UsageError: One is no host.

    >>> sorted(allowed_hosts(["localhost:8000,[::1]"]), key=str)
    [('::1', None), ('localhost', 8000)]
    """
    allowed = set()
    for name in (part.strip() for given in names for part in given.split(",")):
        if not name:
            continue
        if "://" in name:
            raise UsageError(f"--allow-host {name}: name the host alone, as HOST or HOST:PORT")
        try:
            parts = urlsplit(f"//{name}" if name.count(":") < 2 or "[" in name else f"//[{name}]")
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"--allow-host {name}: {error}; write HOST or HOST:PORT") from error
        if not host or parts.path or re.search(r"\s", host):
            raise UsageError(f"--allow-host {name}: write HOST or HOST:PORT")
        allowed.add((_plain_host(host), port))
    return frozenset(allowed)


def is_allowed(host: str, port: int, allowed: frozenset[tuple[str, int | None]]) -> bool:
    """Whether the user permitted this host by name, whatever its address."""
    if not allowed:
        return False
    name = _plain_host(host)
    return (name, None) in allowed or (name, port) in allowed


@lru_cache(_ADDRESSES)
def literal_address(host: str) -> str | None:
    """The IP address that a host spells, in any of its spellings; None for a name.

    >>> literal_address("2130706433")
    '127.0.0.1'
    """
    plain = _plain_host(host)
    try:
        ipaddress.ip_address(plain)
    except ValueError:
        return None
    return plain


@lru_cache(_ADDRESSES)
def _plain_host(host: str) -> str:
    """One spelling for one host: ``127.1`` and ``0x7f000001`` are ``127.0.0.1``."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if re.fullmatch(r"[0-9a-fx.]+", host):
        try:
            return socket.inet_ntoa(socket.inet_aton(host))
        except OSError:
            pass
    if not host.isascii():
        try:
            return _ascii_host(host)
        except FetchError:
            return host
    return host


# --- robots.txt ---------------------------------------------------------------------------------


class Robots:
    """What one host's robots.txt lets us ask for.

    Args:
        text: The file; None for a host that could not give one, which forbids everything.
        product: How the file calls us.
    """

    def __init__(self, text: str | None, product: str = PRODUCT) -> None:
        from protego import Protego

        self._product = product
        self.unreachable = text is None
        self._rules = None if text is None else Protego.parse(_readable(text))

    def allows(self, url: str) -> bool:
        """Whether the address may be asked for."""
        return self._rules is not None and bool(self._rules.can_fetch(url, self._product))

    @property
    def delay(self) -> float:
        """Seconds that it wants between two requests; 0 where it says nothing."""
        if self._rules is None:
            return 0.0
        wanted = self._rules.crawl_delay(self._product)
        rate = self._rules.request_rate(self._product)
        paced = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return min(max(float(wanted or 0.0), paced), _AGES)


_NAMED_WITH_VERSION = re.compile(r"(?im)^([ \t]*user-?agent[ \t]*:[ \t]*[a-z_-]+)/.*$")


def _readable(text: str) -> str:
    """A robots.txt as its reader understands it: a name with a version behind it is that name."""
    return _NAMED_WITH_VERSION.sub(r"\1", text.removeprefix("\ufeff"))


def robots_text(status: int, body: bytes) -> str | None:
    """What an answer for robots.txt means (RFC 9309, section 2.3.1).

    Args:
        status: HTTP status of the last hop.
        body: Its content.

    Returns:
        The rules; empty text where all is allowed (any 4xx but 429, which asks us to go away);
        None where the host cannot tell (5xx), which forbids all.
    """
    if 200 <= status < 300:
        if len(body) > ROBOTS_BYTES:  # half a rule would be another rule
            body = body[: 1 + max(body.rfind(end, 0, ROBOTS_BYTES) for end in (b"\n", b"\r"))]
        return body.decode("utf-8", "replace")
    if 400 <= status < 500 and status != 429:
        return ""
    return None


# --- waiting ------------------------------------------------------------------------------------

RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
RETRIED_REASONS = frozenset({"timeout", "connect", "protocol-error", "truncated"})


_AGES = 1e9
"""Seconds, some thirty years: who asks to wait for longer is understood as well."""


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After asks to wait; None where there is none that can be read.

    >>> retry_after("120")
    120.0
    """
    if not value:
        return None
    text = value.strip()
    if re.fullmatch(r"\d+(\.\d+)?(\s*,\s*\d+(\.\d+)?)*", text):  # a header twice is a list
        return min(max(map(float, text.split(","))), _AGES)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return min(max(0.0, (when - (now or datetime.now(UTC))).total_seconds()), _AGES)


def backoff(attempt: int, draw: random.Random | None = None) -> float:
    """Seconds before the next attempt: half a second doubled each time, up to 30, with jitter.

    Args:
        attempt: 1 after the first failure.
        draw: Where the jitter comes from.
    """
    chance = (draw or random).uniform(0.75, 1.25)
    return float(min(30.0, 0.5 * 2 ** (attempt - 1)) * chance)
