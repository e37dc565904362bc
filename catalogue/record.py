"""What a search gives: one picture with its verdicts. These values stand apart from the others of
:mod:`catalogue.model`, so that a search need not make those.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of picture it is. Only ``photo`` has a source spacecraft as a rule."""

    PHOTO = "photo"
    MAP = "map"
    PLOT = "plot"
    ARTWORK = "artwork"
    COMPOSITE = "composite"
    PEOPLE = "people"
    EARTH_HARDWARE = "earth-hardware"
    TELESCOPE = "telescope"
    LAB = "lab"
    VIDEO = "video"
    OTHER_SPACECRAFT = "other-spacecraft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Under what terms a picture may be used, as the registry knows them."""

    id: str
    title: str
    statement: str
    """What the terms say, in our words."""
    licence: str | None = None
    """Normal form, ``CC BY-SA 3.0 IGO``; None where the terms are no named licence."""
    url: str | None = None
    """Page of the terms or the licence."""
    source: str = ""
    """How far the statement was verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One picture as search, export and gallery see it: the verdicts, corrections applied."""

    id: str
    spacecraft: str | None = None
    instrument: str | None = None
    subjects: tuple[str, ...] = ()
    kind: str | None = None
    title: str | None = None
    caption: str | None = None
    alt: str | None = None
    credit: str | None = None
    """As published."""
    credit_normal: str | None = None
    organisations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    distributors: tuple[str, ...] = ()
    licence: str | None = None
    rights: Rights | None = None
    taken: str | None = None
    sol: int | None = None
    place: str | None = None
    product_id: str | None = None
    confidence: float = 0.0
    review: tuple[str, ...] = ()
    """Why a person should look at it, in words; empty where nothing is doubtful."""
    corrected: tuple[str, ...] = ()
    """Names of the fields that a person has set."""
    file: str | None = None
    """Relative to the catalogue folder; None for a picture known by caption and credit alone."""
    url: str | None = None
    """Where the bytes came from."""
    format: str | None = None
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    colour: str | None = None
    damage: str | None = None
    pages: tuple[str, ...] = ()
    """Addresses of the pages that show it."""
    page_titles: tuple[str, ...] = ()
    """In the order of ``pages``; empty text where a page has none."""
    sites: tuple[str, ...] = ()
    """Host names of ``pages``, without ``www.``."""
    published: str | None = None
    """When the first of the pages was published."""
    renditions: tuple[str, ...] = ()
    """IDs of all files of this picture, the best first, its own among them; empty where it is the
    only one. Captions, credits, pages and verdict are those of all of them together."""

    @property
    def lacking(self) -> str | None:
        """Why it has no file, in words; None where it has one."""
        if self.file is not None:
            return None
        return "its file could not be had" if self.url else "known by its caption and credit alone"

    @property
    def stands(self) -> bool:
        """Whether it stands for its picture: no better file of it is known."""
        return not self.renditions or self.renditions[0] == self.id
