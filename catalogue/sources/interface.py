"""What a source is: something that holds pages, and perhaps their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol, TypeAlias

from catalogue.model import Document, Outcome, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address to be fetched: a line of a list, an entry of a feed without its text."""

    url: str
    """Address, or path of a file where a list names one."""
    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    source: str = ""
    """Where it was named: address or path of the list or feed."""


Member: TypeAlias = Document | Page | Link | Outcome
"""A Document is an article to be read, a Page was read already, a Link is still to be fetched; an
Outcome tells of a member that could not be read, and why."""


class Bundle(Protocol):
    """A source that has been opened."""

    def members(self) -> Iterator[Member]:
        """What it holds, in its own order; may be called again."""
        ...

    def find(self, url: str) -> Document | None:
        """A resource, usually a picture, that the source itself holds.

        Args:
            url: As a page of this source names it, made absolute.

        Returns:
            Its bytes; None where the source does not hold it.
        """
        ...

    def holds(self, url: str) -> bool:
        """Whether :meth:`find` would find it, told without reading it."""
        ...

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """What is needed of it to have the first of some resources, to be sent elsewhere.

        Args:
            urls: As for :meth:`find`, best first.

        Returns:
            A bundle that is a value; None where none of them is held.
        """
        ...


class Stored(Protocol):
    """A file that lies elsewhere and is read by ranges; a value, sent to workers."""

    @property
    def address(self) -> str:
        """How it is named."""
        ...

    def mark(self) -> str:
        """What tells it from another of its name."""
        ...

    def open(self, ahead: int) -> BinaryIO:
        """Its bytes, to be read from any place on.

        Args:
            ahead: Bytes that are asked for at one time.

        Raises:
            ReasonedError: By the stream, where bytes cannot be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class Single:
    """A source that is one member and holds nothing else."""

    member: Member

    def members(self) -> Iterator[Member]:
        """The one member."""
        yield self.member

    def find(self, url: str) -> Document | None:
        """Nothing."""
        return None

    def holds(self, url: str) -> bool:
        """No."""
        return False

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """Nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Several:
    """A source that was read as a whole, and holds no resources."""

    listed: tuple[Member, ...]

    def members(self) -> Iterator[Member]:
        """The members, in order."""
        yield from self.listed

    def find(self, url: str) -> Document | None:
        """Nothing."""
        return None

    def holds(self, url: str) -> bool:
        """No."""
        return False

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """Nothing."""
        return None


@dataclass(frozen=True, slots=True)
class Held:
    """One resource of a source, by itself."""

    url: str
    document: Document

    def members(self) -> Iterator[Member]:
        """Nothing."""
        yield from ()

    def find(self, url: str) -> Document | None:
        """The one resource."""
        return self.document if url == self.url else None

    def holds(self, url: str) -> bool:
        """Whether it is this one."""
        return url == self.url

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """Itself, where it is asked for."""
        return self if self.url in urls else None


def first_of(bundle: Bundle, urls: Sequence[str]) -> Held | None:
    """The first of some resources that a bundle holds, its bytes in hand."""
    for url in urls:
        found = bundle.find(url)
        if found is not None:
            return Held(url, found)
    return None
