"""What a source is: something that holds pages, and perhaps their pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

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
