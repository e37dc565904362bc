"""What units of work are about: values, and what they need of their surroundings."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalogue.fetch.interface import NOTHING_KNOWN
from catalogue.images.formats import DEFAULT_IMAGE_LIMITS, ImageLimits
from catalogue.model import Appearance, Document, Harvested, Outcome, Page, Validators
from catalogue.sources import Bundle, Link
from catalogue.sources.warc import Record, Warc


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken from one page and for one picture."""

    max_bytes: int = 100 << 20
    """Of a picture, as unpacked."""
    max_page_bytes: int = 20 << 20
    max_images: int = 10_000
    """Of a page."""
    min_pixels: int = 32
    """Of the shorter side; what is smaller is an ornament."""
    images: ImageLimits = DEFAULT_IMAGE_LIMITS


DEFAULT_LIMITS = Limits()


class KeptFiles(Protocol):
    """Where the bytes go: the part of the store that a unit of work needs."""

    @property
    def incoming(self) -> Path:
        """Folder for files that are not whole yet, on the file system of the others."""
        ...

    def put(self, data: bytes | Path, sha256: str, suffix: str, *, kind: str = "images") -> str:
        """Keep bytes under their content's name; the path relative to the catalogue folder."""
        ...

    def sign(self) -> AbstractContextManager[str]:
        """Put up a sign, for as long as the context lasts, by which workers know the place."""
        ...

    def sees(self, sign: str) -> str:
        """Why the sign cannot be seen from here, in words; empty where it can."""
        ...


class Sieve(Protocol):
    """Tells pages that are harvested from those that are passed over; a value, sent to workers."""

    @property
    def key(self) -> str:
        """Names what it lets through: with another key, other pages might be."""
        ...

    def takes(self, data: bytes) -> bool:
        """Whether a page may be taken, by its bytes, before anything costly is done with it."""
        ...

    def takes_page(self, page: Page, data: bytes = b"") -> bool:
        """Whether a page that was read, from these bytes, is taken: before its pictures are had."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page, list or picture to be harvested."""

    address: str
    """The key under which it is kept: a clean address, or a path that tells no place."""
    shown: str
    """How the user named it."""
    url: str | None = None
    """To be fetched, credentials included."""
    document: Document | None = None
    record: Record | None = None
    """Where an archive holds the document."""
    archive: Warc | None = None
    """It is an archive of pages, in a file that whoever works on it sees."""
    page: Page | None = None
    """Read already, by the source that held it."""
    outcome: Outcome | None = None
    """Settled already: it could not be read."""
    bundle: Bundle | None = None
    """What holds it, and perhaps its pictures."""
    file: Path | None = None
    """The file that it is."""
    link: Link | None = None
    depth: int = 0
    """How many lists led here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture of a page that is still to be had."""

    appearance: Appearance
    """As it is kept: its addresses free of credentials."""
    candidates: tuple[str, ...]
    """Where to ask, best first."""
    page_url: str | None
    page: str
    """The page's key."""
    bundle: Bundle | None = None
    unless: Validators = NOTHING_KNOWN
    known: str | None = None
    """ID of the picture that the catalogue has from this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading one job gave."""

    job: Job
    harvested: Harvested
    wanted: tuple[Wanted, ...] = ()
    more: tuple[Job, ...] = ()
    """What a list led to."""
    passed_over: tuple[Outcome, ...] = ()
    """What is shown on the page, or held by the archive, and is told of but not kept."""
    picture: bool = False
    """The job was a picture by itself, and is settled."""
    kept: bool = True
    """Whether anything of it is kept; a page that was passed over is counted and told."""


def mark(job: Job, only: Sieve | None = None) -> Validators:
    """What tells by the next harvest whether a file, or a member of one, is still the same.

    Raises:
        UnreadableDocument: It is an archive that cannot be read.
    """
    if job.archive is not None:
        return Validators(etag=f"{job.archive.mark()}{f' {only.key}' if only else ''}")
    if job.document is not None:
        return Validators(etag=f"sha256:{hashlib.sha256(job.document.data).hexdigest()}")
    if job.page is not None:
        return Validators(etag=f"sha256:{hashlib.sha256(repr(job.page).encode()).hexdigest()}")
    return NOTHING_KNOWN
