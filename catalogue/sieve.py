"""Which pages may show a picture of Mars, told by names: for archives that hold mostly others.

Two looks, the cheap one first. A page that names the planet nowhere in its bytes is passed over
before it is parsed; and one that was read is passed over where neither its title nor its address,
nor anything said of one of its pictures, names Mars or what the registry knows to be there. A page
that speaks of Mars all the time is taken without such words: menus do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from catalogue.attribution.naming import names_of, place_names
from catalogue.attribution.words import CLASS
from catalogue.model import Appearance, Page
from catalogue.registry import Registry

_PLANET = (
    "mars",
    "marte",
    *(word for word, letter in CLASS.items() if letter == "m" and word.startswith("mar")),
)
_ELSEWHERE = (
    "марс", "άρης", "άρη", "火星", "화성", "المريخ", "مریخ", "מאדים", "मंगल", "ดาวอังคาร", "hỏa",
    "red planet", "roten planeten", "roter planet", "planète rouge", "planeta rojo",
    "planeta vermelho", "pianeta rosso", "rode planeet",
)  # fmt: skip
"""What Mars, and what belongs to it, is called: in Latin letters, and otherwise."""

_LEGACY = ("cp1251", "cp1253", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "utf-16-le")
"""In which pages are written that are not in UTF-8."""

_LATIN = re.compile(
    b"mar(?:%s)(?![a-z])"
    % b"|".join(word[3:].encode() for word in sorted(set(_PLANET), reverse=True))
)
_MONTH = re.compile(rb"\d[a-z]{0,3}\.?(?:\s|&nbsp;)+\Z")
_YEAR = re.compile(rb"[ ,]+(?:19|20)\d\d(?!\d)")
"""Before and behind a date: in several languages March is called as the planet is."""

_NEAR = 12
"""Bytes before a word that are looked at."""
_OFTEN, _SELDOM = 5, 5000
"""A page is about Mars that names it at least so many times, and once in so many bytes."""
_AFAR = frozenset({"telescope", "flyby"})
"""Kinds of spacecraft that mostly look at something else."""


@dataclass(frozen=True)
class MarsSieve:
    """Lets pages through that may show a picture of Mars; a value, which can be sent to workers."""

    names: frozenset[tuple[str, ...]]
    """Words of each name of what is at Mars, in lower case."""
    exact: frozenset[tuple[str, ...]]
    """Words of names that mean something else when they are written otherwise."""

    @classmethod
    def of(cls, registry: Registry) -> MarsSieve:
        """The sieve of what a registry knows."""
        names = {tuple(words) for words, _ in place_names(registry)}
        exact: set[tuple[str, ...]] = set()
        for words, name in names_of(registry):
            slugs = name.carriers if name.is_camera else name.slugs
            crafts = [registry.spacecraft[slug] for slug in slugs if slug in registry.spacecraft]
            if all(craft.kind in _AFAR for craft in crafts):
                continue
            if name.exact:
                exact.add(tuple(name.exact.split()))
            elif name.common:
                exact.add(tuple(word.capitalize() for word in words))
            else:
                names.add(words)
        return cls(frozenset(names), frozenset(exact))

    @cached_property
    def key(self) -> str:
        """Names what it lets through."""
        told = repr((sorted(self.names), sorted(self.exact), _PLANET, _ELSEWHERE))
        return f"mars-only:{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    @cached_property
    def _starts(self) -> dict[str, list[tuple[str, ...]]]:
        starts: dict[str, list[tuple[str, ...]]] = {}
        for words in (*self.names, *self.exact):
            starts.setdefault(words[0], []).append(words)
        return starts

    def takes(self, data: bytes) -> bool:
        """Whether a page names the planet anywhere in its bytes."""
        folded = data.lower()
        if any(_planet_in(folded)):
            return True
        if data.isascii():
            return False
        try:
            data.decode()
        except UnicodeDecodeError:
            return any(word in folded for word in _OTHERWISE)
        return any(word in folded for word in _UTF8)

    def takes_page(self, page: Page, data: bytes = b"") -> bool:
        """Whether a page is about Mars, or title, address or pictures name what is there.

        Args:
            page: As it was read.
            data: Its bytes, where there are any.
        """
        named = sum(1 for _ in _planet_in(data.lower()))
        if named >= _OFTEN and named * _SELDOM >= len(data):
            return True
        return any(self._names_mars(text) for text in _texts(page))

    def _names_mars(self, text: str) -> bool:
        folded = text.lower().encode("utf-8", "replace")
        if any(_planet_in(folded)) or any(word in folded for word in _UTF8):
            return True
        written = _WORD.findall(text)
        return self._names_any(written) or self._names_any([word.lower() for word in written])

    def _names_any(self, words: list[str]) -> bool:
        return any(
            tuple(words[at : at + len(name)]) == name
            for at, word in enumerate(words)
            for name in self._starts.get(word, ())
        )


_WORD = re.compile(r"[^\W_]+")
_SPELT = tuple(dict.fromkeys(word for one in _ELSEWHERE for word in (one, one.capitalize())))
_UTF8 = tuple(word.encode() for word in _SPELT)


def _written() -> Iterator[bytes]:
    for word in _SPELT:
        for encoding in ("utf-8", *_LEGACY):
            with suppress(UnicodeEncodeError):
                yield word.encode(encoding).lower()


_OTHERWISE = tuple(dict.fromkeys(_written()))


def _planet_in(folded: bytes) -> Iterator[bool]:
    """True for each time that Mars stands in small letters as a word, and not for the month."""
    for found in _LATIN.finditer(folded):
        before = folded[max(0, found.start() - _NEAR) : found.start()]
        if before[-1:].isalpha() or _MONTH.search(before) or _YEAR.match(folded, found.end()):
            continue
        yield True


def _texts(page: Page) -> Iterator[str]:
    yield from filter(None, (page.title, page.url))
    for shown in page.images:
        yield from _said(shown)


def _said(shown: Appearance) -> Iterator[str]:
    yield from filter(None, (shown.caption, shown.title, shown.credit, shown.alt, shown.url))
    for statement in shown.statements:
        yield statement.value
