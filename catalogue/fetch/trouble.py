"""What went wrong with a request, in our words: one error for whatever the layers below raise."""

from __future__ import annotations

import os
import socket
from http.client import IncompleteRead
from typing import Any

import requests
import urllib3

from catalogue.errors import FetchError
from catalogue.fetch import policy
from catalogue.fetch.interface import Stopped
from catalogue.fetch.policy import Manners
from catalogue.fetch.watch import Transfer


class Answered(FetchError):
    """The server answered with a status that is no success."""

    def __init__(self, status: int, told: float | None) -> None:
        super().__init__(
            f"the server answered {status}"
            + (f" and asks to come back in {told:.0f} s" if told else ""),
            reason="empty" if status in (204, 205) else f"http-{status}",
        )
        self.status = status
        self.retry_after = told


class Final(FetchError):
    """An error that another attempt would not mend."""

    final = True


def private(host: str, address: str) -> FetchError:
    """A host with an address that must not be reached."""
    where = host if host == address else f"{host} ({address})"
    return FetchError(
        f"{where} is no public address; --allow-host {host} would permit it",
        reason="private-address",
        verdict="refused",
    )


def explained(error: Exception, transfer: Transfer, manners: Manners) -> Exception:
    """Our error for whatever the layers below raised."""
    if transfer.stopped:
        return Stopped()
    if transfer.expired:
        return Final(
            f"not done after {manners.deadline:g} s, however slowly it came",
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
        silent = any(getattr(one, "errno", None) == socket.EAI_AGAIN for one in chain)
        words = "no name server answers" if silent else "no name server knows the host's name"
        return FetchError(words, reason="connect")
    # before the timeouts, of which urllib3 takes it for one
    if _any(chain, urllib3.exceptions.NewConnectionError):
        return FetchError(f"no connection: {_system_words(chain) or words}", reason="connect")
    if _any(
        chain,
        requests.exceptions.Timeout,
        urllib3.exceptions.TimeoutError,
        TimeoutError,
    ):
        return FetchError(f"silent for {manners.timeout:g} s", reason="timeout")
    if _any(chain, urllib3.exceptions.InvalidChunkLength):
        return FetchError(f"the answer breaks HTTP: {words}", reason="protocol-error")
    early = any("ended prematurely" in str(one) for one in chain)
    if early or _any(chain, urllib3.exceptions.IncompleteRead, IncompleteRead):
        return FetchError("the answer ended before its end", reason="truncated")
    if _any(chain, urllib3.exceptions.DecodeError):
        return FetchError(f"the answer cannot be unpacked: {words}", reason="protocol-error")
    if _any(chain, requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError):
        return FetchError(f"no address: {words}", reason="bad-name")
    if _any(chain, ConnectionResetError, BrokenPipeError) and transfer.sockets:
        return FetchError(
            f"the connection broke: {_system_words(chain) or words}", reason="truncated"
        )
    return FetchError(f"the answer breaks HTTP: {words}", reason="protocol-error")


def _system_words(chain: list[BaseException]) -> str:
    """What the system calls the trouble, without its number."""
    numbers = (one.errno for one in chain if isinstance(one, OSError) and one.errno)
    return next((os.strerror(number).lower() for number in numbers if number > 0), "")


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
