"""Answers: the bytes as they come in, counted against their limit, hashed on the way."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from catalogue.errors import FetchError
from catalogue.fetch import policy
from catalogue.fetch.watch import Transfer

_PIECE = 1 << 20
"""Bytes that are read at one time: most pictures in one turn with the interpreter."""
_HEADERS = 256
"""Different headers that are remembered: a host says of all its pictures the same."""

_IN_MEMORY = 2 << 20
"""Bytes of an answer that are held in memory; what is longer goes to a file."""


def receive(
    response: requests.Response,
    packed: bool,
    limit: int,
    spool: Path | None,
    transfer: Transfer,
    count: Callable[[int], None],
) -> tuple[bytes | Path, int, str]:
    """The bytes of an answer, or the file that holds them; how many; their SHA-256.

    Args:
        response: Of which nothing was read yet.
        packed: Whether the transport has packed it.
        limit: Bytes, as unpacked; -1 for a robots.txt, of which the beginning is enough.
        spool: Folder for an answer too large to hold in memory; None to hold any.
        transfer: Asked whether it was cut off: then what came is no answer.
        count: Is told how many bytes came.

    Raises:
        FetchError: There are more of them than the limit.
        TimeoutError: The transfer was cut off.
    """
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    size = 0
    written: Path | None = None
    target: Any = None
    try:
        for piece in response.raw.stream(_PIECE, decode_content=packed):
            size += len(piece)
            count(len(piece))
            if limit < 0 and size > policy.ROBOTS_BYTES:
                pieces.append(piece)
                break
            if 0 <= limit < size:
                raise FetchError(
                    f"given up after {limit:,} bytes, the most that is taken",
                    reason="too-large",
                )
            digest.update(piece)
            if target is None and spool is not None and size > _IN_MEMORY:
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
            if transfer.cut_off:
                raise TimeoutError
        if transfer.cut_off:  # an end that the watchdog made
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


def is_whole(status: int, content_range: str | None, length: str = "") -> bool:
    """Whether an answer is the whole thing; some servers send all of it as if it were a part.

    Args:
        status: HTTP status.
        content_range: What part it says to be.
        length: Its Content-Length, which may say otherwise.
    """
    if status in (200, 203):
        return True
    if status == 206 and content_range:
        unit, _, rest = content_range.partition(" ")
        span, _, total = rest.partition("/")
        if unit != "bytes" or not total.isdecimal() or length not in ("", total):
            return False
        return span == f"0-{int(total) - 1}"
    return False


@lru_cache(_HEADERS)
def media_type(header: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type, as far as it says so."""
    from email.message import Message

    if not header:
        return "", None
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset")
    kind = header.partition(";")[0].strip().lower()
    return kind, charset if isinstance(charset, str) and charset else None
