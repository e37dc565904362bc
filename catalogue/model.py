"""The values that travel between the parts of the program, in the words of the glossary.

All are frozen: a stage makes new values, it does not write into those it was given. Sequences are
tuples. ``None`` means «not stated», and nothing else. Sizes are pixels or bytes and say which.
Times are ISO 8601 text, as precise as the source was and no more (``2021-02``, ``2021-02-18``,
``2021-02-18T20:55:00+00:00``): a date that a page gives is not an instant.

Who makes what::

    fetch, sources   Document
    sites            Page with its Appearances
    images           ImageFacts
    harvest          Harvested (a Page, what became of each Appearance) and Outcomes
    store            Sighting (all that was seen of one picture), Record (one row of a search)
    identify         Identity
    credit           Credit
    attribution      Attribution
    a person         Correction
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from catalogue.record import Kind as Kind
from catalogue.record import Record as Record
from catalogue.record import Rights as Rights

FieldValue: TypeAlias = str | int | float | bool | tuple[int, ...] | None
"""What a decoded field of a product identifier may hold."""


class Role(StrEnum):
    """Where a picture stands in its article."""

    LEAD = "lead"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for one claim, so that a person can check it."""

    field: str
    """Where the words stand: ``caption``, ``credit``, ``file name``, ``XMP photoshop:Credit``."""
    text: str
    """The words, name or value that the claim rests on, to the letter."""
    says: str
    """What follows: ``spacecraft=mro``, ``instrument=mro-hirise``, ``not opportunity``."""
    rule: str = ""
    """Name of the rule that read them, for whoever wants to mend it."""
    weight: float = 0.0
    """How much it counted, 0 to 1; 0 where it was only noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a page, feed or file states of a picture in a field of its own."""

    name: str
    """One of ``spacecraft``, ``mission``, ``instrument``, ``target``, ``producer``,
    ``product_id``, ``sol``, ``taken``, ``place``, ``keywords``, ``title``, ``description``,
    ``credit``, ``creator``, ``source``, ``copyright``, ``licence``, ``rights_url``,
    ``camera_make``, ``camera_model``, ``language``."""
    value: str
    """As stated."""
    where: str
    """The field as its owner calls it: ``table row Spacecraft``, ``IPTC 2:110``."""


# --- what was fetched -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask conditionally with (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes with a name: an article, a feed, an archive, a picture."""

    address: str
    """URL or path by which it was asked for, free of credentials."""
    data: bytes
    url: str | None = None
    """Where it really came from, after redirects; None for a file whose page gives no address."""
    media_type: str = ""
    """As declared, lower case, without parameters; empty where nothing was declared."""
    charset: str | None = None
    """As declared by the transport, not by the document itself."""
    validators: Validators = Validators()


# --- what a page says -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """One picture on one page, with what that page says of it."""

    url: str | None = None
    """Best rendition, absolute; None for a picture known by caption and credit alone."""
    alternatives: tuple[str, ...] = ()
    """Further addresses of the same picture, best first, to fall back to."""
    larger: tuple[str, ...] = ()
    """Addresses that the page does not name, but which the documented convention of its picture
    service yields for a larger rendition, best first: to be tried before ``url``."""
    role: Role = Role.CONTENT
    title: str | None = None
    """The picture's own title, where the page gives one."""
    caption: str | None = None
    """Caption without the credit; white space folded."""
    credit: str | None = None
    """Credit line as published, to the letter, its label included where it stands in the text."""
    alt: str | None = None
    statements: tuple[Statement, ...] = ()
    """What the page states of the picture in fields of their own."""
    evidence: tuple[Evidence, ...] = ()
    """Which rule found picture, caption and credit, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article as read."""

    url: str | None = None
    """Canonical address, else the one it was fetched from; None where the page names none."""
    title: str | None = None
    author: str | None = None
    published: str | None = None
    """ISO 8601, with the offset where the page gives one."""
    publisher: str | None = None
    language: str | None = None
    """BCP 47 tag as the page declares it."""
    images: tuple[Appearance, ...] = ()
    """In the order of the page, the lead first."""
    drawings: tuple[str, ...] = ()
    """Addresses of vector drawings that stand where pictures do: none of them is ever had."""
    notes: tuple[str, ...] = ()
    """What could not be read, and why, in words."""


# --- what bytes say ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """What the bytes of a picture say of themselves."""

    format: str
    """``JPEG``, ``PNG``, ``GIF``, ``WEBP``, ``TIFF``, ``AVIF``, ``JPEG2000``."""
    media_type: str
    width: int
    """Pixels, as shown: EXIF orientation applied."""
    height: int
    """Pixels, as shown."""
    frames: int = 1
    mode: str = "RGB"
    """Pillow's name of the pixel layout: ``RGB``, ``L``, ``I;16``."""
    fingerprint: int | None = None
    """64-bit difference hash of the upright picture; None for a flat one."""
    colour: str = "#808080"
    """Average colour, ``#rrggbb``, to stand in while a thumbnail loads."""
    damage: str | None = None
    """What is wrong with a picture that can be shown all the same; None for a sound one."""
    embedded: tuple[Statement, ...] = ()
    """Caption, credit, creator, date ... from IPTC IIM, XMP and EXIF inside the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    """A picture whose very bytes are on disk."""

    id: str
    """SHA-256 of the bytes, 64 lower-case hexadecimal digits."""
    file: str
    """Path relative to the catalogue folder, POSIX."""
    bytes: int
    facts: ImageFacts


# --- what a harvest did -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one page or one picture."""

    kind: str
    """``page`` or ``image``."""
    url: str | None
    """Address, free of credentials; a path for a file; None for a picture without address."""
    page: str | None
    """Address of the page; None for a picture that was named by itself."""
    outcome: str
    """A code of the interface: ``ok``, ``stored``, ``unchanged``, ``failed:http-404``."""
    image: str | None = None
    """ID of the picture in the catalogue, where there is one."""
    detail: str = ""
    """What happened, in words."""

    @property
    def failed(self) -> bool:
        """Whether exit status 1 follows from it."""
        return self.outcome.startswith(("failed:", "refused:"))

    @property
    def passing(self) -> bool:
        """Whether it failed for a reason that may be gone by the next harvest."""
        return self.outcome in _PASSING


_PASSING = frozenset(
    f"failed:{reason}"
    for reason in (
        "connect",
        "disk-full",
        "protocol-error",
        "retry-exhausted",
        "retry-later",
        "timeout",
        "truncated",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """One appearance and what became of it."""

    appearance: Appearance
    outcome: Outcome
    image: StoredImage | None = None
    """None where no bytes were had: the appearance is kept all the same."""
    asked: str | None = None
    """The address that was really asked and gave the bytes or the failure, free of credentials."""
    validators: Validators = Validators()
    shared: bool = False
    """What the address gave is told by another: it was asked for once, for another page or by an
    earlier harvest, or gave something better in this one."""
    attempts: int = 1
    """How often the address was really asked for this; 0 where a source held the bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page's own bytes, kept so that it can be read again when the reader improves."""

    sha256: str
    file: str
    """Path relative to the catalogue folder, POSIX."""
    bytes: int
    media_type: str = ""
    charset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvested:
    """All that one page gave: what the store writes in one transaction."""

    address: str
    """What the user named, free of credentials; the key under which the page is known."""
    page: Page
    outcome: Outcome
    gathered: tuple[Gathered, ...] = ()
    whole: bool = True
    """Whether this is all: of a page with many pictures, lots are kept as they are settled."""
    snapshot: Snapshot | None = None
    validators: Validators = Validators()
    fetched: str = ""
    """When, ISO 8601 UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNotes:
    """What a host has asked of its guests, kept from one harvest to the next."""

    origin: str
    """Scheme, host and port: ``https://example.org:443``."""
    robots: str | None = None
    """Text of its robots.txt; empty where it has none."""
    robots_read: str | None = None
    """When that was had, ISO 8601 UTC."""
    rests_until: str | None = None
    """Until when it wants to be asked nothing, ISO 8601 UTC."""


# --- what follows -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a product identifier, file name or address tells by itself."""

    product_id: str | None = None
    """The identifier in its archive's own spelling, without extension or web tail."""
    spacecraft: str | None = None
    """Slug."""
    instrument: str | None = None
    """Slug."""
    sol: int | None = None
    taken: str | None = None
    """ISO 8601 UTC, as precise as the identifier's clock allows."""
    fields: dict[str, FieldValue] = field(default_factory=dict)
    """Whatever else the name tells: ``eye``, ``orbit``, ``latitude``, ``thumbnail``."""
    text: str = ""
    """The part of the given name that was read, to the letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit line, kept and understood."""

    text: str
    """As published."""
    credit: str | None = None
    """Normal form, ``NASA/JPL-Caltech/MSSS``; None where no creator is named."""
    organisations: tuple[str, ...] = ()
    """Ids of the registry, in the order of the line; an unknown one is its name, lower-case and
    hyphenated."""
    people: tuple[str, ...] = ()
    distributors: tuple[str, ...] = ()
    licence: str | None = None
    rights: Rights | None = None
    mission_tokens: tuple[str, ...] = ()
    """Missions and instruments that the line names: ``CaSSIS``, ``HiRISE``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPage:
    """An appearance with the page that it stands on (the page's own list of images left out)."""

    appearance: Appearance
    page: Page
    address: str = ""
    """The page's key in the catalogue."""
    alone: bool = False
    """The picture was named by itself, and there is no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """All that was seen of one picture: what attribution may rest on."""

    id: str
    """SHA-256 of the bytes; for a picture without file, of page, place, caption and credit."""
    appearances: tuple[OnPage, ...] = ()
    """In the order in which their pages were published; those without a date by address, last."""
    image: StoredImage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two files that show one picture, and why that is believed."""

    one: str
    """ID, the lesser of the two."""
    other: str
    why: str
    """In words."""
    strength: float = 1.0
    """0 to 1; pairs are joined in the order of their strength."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who took it, with what, of what: the verdict with its reasons."""

    spacecraft: str | None = None
    """Slug of who took it; None where it cannot be told, or where no spacecraft did."""
    instrument: str | None = None
    subjects: tuple[str, ...] = ()
    """Slugs of the spacecraft that are seen in the picture, sorted."""
    kind: Kind | None = None
    credit: str | None = None
    """Credit line as published, from wherever it stood."""
    confidence: float = 0.0
    """0 to 1, of the spacecraft being right (or of there being none to name)."""
    evidence: tuple[Evidence, ...] = ()
    """Strongest first."""
    contradictions: tuple[str, ...] = ()
    """In words; empty where all evidence agrees."""
    product_id: str | None = None
    taken: str | None = None
    sol: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of a picture; outranks every rule."""

    image: str
    field: str
    """One of :data:`catalogue.corrections.CORRECTABLE`."""
    value: str | None
    """As typed; None says «not this, and nothing instead»."""
    note: str = ""
    made: str = ""
    """When, ISO 8601 UTC."""


# --- what is known of a picture ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything that the catalogue knows of one picture."""

    record: Record
    sighting: Sighting
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    renditions: tuple[tuple[Record, str], ...] = ()
    """The other files of this picture, best first, each with why it is one."""
    near: tuple[str, ...] = ()
    """IDs of other pictures whose fingerprints are close, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that follows from what was seen of one picture: what the index writes."""

    record: Record
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[str, ...] = ()
    names: str = ""
    """Names of spacecraft and camera, to be found by beside texts, place and product."""
