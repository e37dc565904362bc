"""The lines of a dump, as values with types: what each may hold, and what it must.

What is empty is left out of a line. A name that is not here is an error: what it says would
be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

FORMAT = 1
"""Number of the form of these lines; a higher one is refused."""

Key: TypeAlias = Annotated[str, Meta(min_length=64, max_length=64)]
"""SHA-256 in hexadecimal digits: part of a file's name. The digits are looked at by :func:`read`,
of many lines at once, which costs a quarter of a pattern here."""

Suffix: TypeAlias = Literal[".jpg", ".png", ".gif", ".webp", ".tif", ".avif", ".jp2"]
"""End of an image file's name, as :mod:`catalogue.images.formats` has them."""

SnapshotFile: TypeAlias = Annotated[
    str, Meta(pattern=r"\Apages/([0-9a-f]{2})/\1[0-9a-f]{62}(\.[a-z0-9]{1,8})?\Z")
]
"""Path of a file that is named by its content."""

Text: TypeAlias = str | None


class _Part(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    pass


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False, tag_field="kind"):
    pass


class Head(_Line, tag="catalogue"):
    """What this is."""

    format: int


class Stated(_Part):
    """A statement of a page or file."""

    name: str
    value: str
    where: str


class Image(_Line, tag="image"):
    """The very bytes of a picture."""

    id: Key
    suffix: Suffix
    bytes: int
    format: str
    media_type: str
    width: int
    height: int
    frames: int = 1
    mode: str = ""
    fingerprint: int | None = None
    colour: str = ""
    damage: Text = None
    embedded: list[Stated] = []
    added: str = ""


class Reason(_Part):
    """Evidence of an appearance."""

    field: str = ""
    text: str = ""
    says: str = ""
    rule: str = ""
    weight: float = 0.0


class Shown(_Part):
    """One picture on the page of the line."""

    role: str
    outcome: str
    url: Text = None
    image: Key | None = None
    title: Text = None
    caption: Text = None
    credit: Text = None
    alt: Text = None
    alternatives: list[str] = []
    larger: list[str] = []
    statements: list[Stated] = []
    evidence: list[Reason] = []
    detail: str = ""
    asked: Text | UnsetType = UNSET
    """Left out where it is ``url``."""


class Snapshot(_Part):
    """A page's own bytes."""

    sha256: Key
    file: SnapshotFile
    bytes: int
    media_type: str = ""
    charset: Text = None


class Page(_Line, tag="page"):
    """An article, or a picture that was named by itself."""

    address: str
    outcome: str
    alone: bool = False
    url: Text = None
    title: Text = None
    author: Text = None
    published: Text = None
    publisher: Text = None
    language: Text = None
    notes: list[str] = []
    detail: str = ""
    fetched: str = ""
    etag: Text = None
    last_modified: Text = None
    snapshot: Snapshot | None = None
    appearances: list[Shown] = []


class Address(_Line, tag="address"):
    """What a picture's address gave."""

    url: str
    outcome: str
    page: Text = None
    image: Text = None
    detail: str = ""
    etag: Text = None
    last_modified: Text = None
    tried: str = ""
    attempts: int = 1


class Correction(_Line, tag="correction"):
    """What a person corrected."""

    picture: str
    field: str
    value: Text
    made: str
    note: str = ""


class Forgotten(_Line, tag="forgotten"):
    """A picture that a person does not want again."""

    sha256: str
    made: str
    note: str = ""


class SavedSearch(_Line, tag="saved_search"):
    """A query that a person keeps."""

    name: str
    query: str
    made: str


class Terms(_Line, tag="rights"):
    """Terms of use."""

    id: str
    title: str
    statement: str
    licence: Text = None
    url: Text = None
    source: str = ""


class Credit(_Line, tag="credit"):
    """A credit line, and what it says."""

    text: str
    normal: Text = None
    licence: Text = None
    rights: Text = None
    organisations: list[str] = []
    people: list[str] = []
    distributors: list[str] = []


class Verdict(_Part):
    """What the rules made of a picture."""

    spacecraft: Text = None
    instrument: Text = None
    kind: Text = None
    taken: Text = None
    published: Text = None
    sol: int | None = None
    place: Text = None
    product_id: Text = None
    confidence: float = 0.0
    review: Text = None
    corrected: Text = None


class Picture(_Line, tag="picture"):
    """A verdict with all that belongs to it.

    Where a picture was seen once, words and pages are left out that are those of that one place.
    """

    id: str
    verdict: Verdict
    title: Text | UnsetType = UNSET
    caption: Text | UnsetType = UNSET
    alt: Text | UnsetType = UNSET
    url: Text | UnsetType = UNSET
    credit: Text = None
    names: Text = None
    best: Text = None
    subjects: list[str] = []
    pages: list[str] | UnsetType = UNSET
    evidence: list[tuple[str, str, str, str, float]] = []
    contradictions: list[str] = []
    marks: list[int] = []
    pairs: list[tuple[str, str, float]] = []


Line: TypeAlias = (
    Head | Image | Page | Address | Correction | Forgotten | SavedSearch | Terms | Credit | Picture
)

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def read(some: Sequence[bytes | Mapping[str, Any]]) -> list[Line]:
    """Lines as they are printed, or as values of JSON.

    Raises:
        ValueError: One is no line of a dump; the message says where in it and why.
    """
    try:
        found = [
            _decoder.decode(line) if isinstance(line, bytes) else msgspec.convert(line, Line)
            for line in some
        ]
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not _DIGITS.fullmatch("".join(_keys(found))):
        raise ValueError("Expected hexadecimal digits where an image is named")
    return found


_DIGITS = re.compile("[0-9a-f]*")


def _keys(some: Iterable[Line]) -> Iterator[str]:
    for line in some:
        if isinstance(line, Image):
            yield line.id
        elif isinstance(line, Page):
            if line.snapshot is not None:
                yield line.snapshot.sha256
            for shown in line.appearances:
                if shown.image is not None:
                    yield shown.image


def asked(shown: Shown) -> str | None:
    """The address that was really asked for a picture."""
    return shown.url if isinstance(shown.asked, UnsetType) else shown.asked
