"""What a harvest asks of whatever gets bytes for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue.model import Validators

NOTHING_KNOWN = Validators()
"""No earlier answer: ask without conditions."""


class Stopped(Exception):
    """The harvest was interrupted while this request was under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: the very bytes, unpacked as far as the transport had packed them."""

    url: str
    """Where they came from in the end, free of credentials."""
    data: bytes | Path
    """The bytes, or the file that holds them where they were many; the caller removes it."""
    size: int
    """Bytes."""
    sha256: str
    media_type: str = ""
    charset: str | None = None
    validators: Validators = NOTHING_KNOWN
    unchanged: bool = False
    """The server says that they are those of the validators that were sent; ``data`` is empty."""


class Fetcher(Protocol):
    """Gets the bytes behind an address, or says why not. Called by many threads at once."""

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
        """Ask for an address.

        Args:
            url: http or https.
            limit: Bytes, as unpacked, past which the transfer is given up.
            unless: What an earlier answer gave, to be told whether anything changed.
            referer: Address of the page that shows the picture.
            picture: Whether a picture is wanted rather than a page.
            spool: Folder for an answer too large to hold in memory; None to hold any.

        Raises:
            FetchError: They could not be had, or must not be asked for.
        """
        ...
