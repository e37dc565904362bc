"""A text as it was read: its words, a letter for each, and who is mentioned where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from catalogue.attribution.naming import Name, Sort


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, or a noun that refers to one, in a text."""

    name: Name
    start: int
    """Place of its first word."""
    stop: int
    by_reference: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        """What it means."""
        return self.name.slugs

    @property
    def carriers(self) -> tuple[str, ...]:
        """Of a camera: the spacecraft that have it."""
        return self.name.carriers


@dataclass(slots=True)
class Reading:
    """A text, cut into words, with what each of them is."""

    text: str
    where: str
    """Where it stands: ``caption``, ``title``, ``page title`` ..."""
    words: list[str] = field(default_factory=list)
    low: list[str] = field(default_factory=list)
    """The words in lower case."""
    code: str = ""
    """A letter for each element; a mention is one element."""
    starts: list[int] = field(default_factory=list)
    """Place of the first word of each element."""
    mentions: dict[int, Mention] = field(default_factory=dict)
    """Element to mention."""
    _places: list[int] = field(default_factory=list)
    """Character at which each word begins, as far as anybody asked."""

    def crafts(self) -> Iterator[tuple[int, Mention]]:
        """Spacecraft named or referred to, with their elements."""
        return ((at, one) for at, one in self.mentions.items() if one.name.sort is Sort.CRAFT)

    def cameras(self) -> Iterator[tuple[int, Mention]]:
        """Cameras named, with their elements."""
        return ((at, one) for at, one in self.mentions.items() if one.name.sort is Sort.CAMERA)

    def quote(self, start: int, stop: int) -> str:
        """The words of the elements from ``start`` up to ``stop``, to the letter."""
        if start >= len(self.starts):
            return ""
        last = self.starts[stop] if stop < len(self.starts) else len(self.words)
        return self.quote_words(self.starts[start], last)

    def quote_words(self, start: int, stop: int) -> str:
        """The words from ``start`` up to ``stop`` as they stand in the text."""
        places, words = self._places, self.words
        if len(places) < stop:
            at = places[-1] + len(words[len(places) - 1]) if places else 0
            for word in words[len(places) : stop]:
                at = self.text.index(word, at)
                places.append(at)
                at += len(word)
        return self.text[places[start] : places[stop - 1] + len(words[stop - 1])]

    def words_of(self, mention: Mention) -> str:
        """The words of a mention."""
        return self.quote_words(mention.start, mention.stop)

    @property
    def first_sentence(self) -> int:
        """How many words it has."""
        end = self.code.find(".")
        return self.starts[end] if end >= 0 else len(self.words)

    def sentence(self, at: int) -> tuple[int, int]:
        """First and last element (exclusive) of the sentence that an element stands in."""
        start = self.code.rfind(".", 0, at) + 1
        stop = self.code.find(".", at)
        return start, (len(self.code) if stop < 0 else stop)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text, cut into words, with every name that may be one."""

    text: str
    where: str
    words: list[str]
    low: list[str]
    names: list[Mention]
