"""What sort of picture it is, by the words of its caption (``kinds.toml`` beside this file)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from catalogue.attribution.naming import fold
from catalogue.attribution.phrases import Phrases
from catalogue.attribution.reading import Reading
from catalogue.model import Evidence, Kind

NO_SOURCE = frozenset(
    {
        Kind.ARTWORK,
        Kind.PEOPLE,
        Kind.EARTH_HARDWARE,
        Kind.TELESCOPE,
        Kind.LAB,
        Kind.VIDEO,
        Kind.OTHER_SPACECRAFT,
        Kind.PLOT,
    }
)
"""Kinds that no spacecraft at Mars took."""

_CERTAIN, _STRONG, _WEAK = 3.4, 2.0, 1.0
_ON_EARTH = (Kind.PEOPLE, Kind.EARTH_HARDWARE)
_HEAD = 14
"""Words at the start of a caption in which it says what it is."""
_TAIL = 4
"""Words at its end in which it says so too: «(illustration)», «in this map»."""
_LATE = 45
"""Words after which a long caption has mostly left its picture."""
_ENOUGH = 1.8
"""What speaks for a kind must weigh so much, or it is a photo."""


@dataclass(frozen=True, slots=True)
class KindSaid:
    """A kind, how much speaks for it, and the words that say most."""

    kind: Kind
    weight: float
    where: str = ""
    words: str = ""
    told: bool = False
    """The caption calls its picture so, near its start."""

    def evidence(self) -> tuple[Evidence, ...]:
        """As a person reads it; nothing for a photo that nothing speaks for."""
        if not self.words:
            return ()
        return (
            Evidence(
                field=self.where,
                text=self.words,
                says=f"kind={self.kind.value}",
                rule="kind",
                weight=round(min(1.0, self.weight / 4), 3),
            ),
        )


def _entries() -> Iterator[tuple[list[str], tuple[Kind, str]]]:
    text = files(__package__).joinpath("kinds.toml").read_text(encoding="utf-8")
    for kind, strengths in tomllib.loads(text).items():
        for strength, phrases in strengths.items():
            for phrase in phrases:
                words = fold(phrase)
                yield words, (Kind(kind), strength)
                if len(words) == 2 and words[1] == "s":
                    yield [words[0]], (Kind(kind), strength)


def _gathered() -> Iterator[tuple[tuple[str, ...], tuple[tuple[Kind, str], ...]]]:
    """Each phrase with every kind that it speaks for."""
    meanings: dict[tuple[str, ...], list[tuple[Kind, str]]] = {}
    for words, meaning in _entries():
        meanings.setdefault(tuple(words), []).append(meaning)
    return ((words, tuple(listed)) for words, listed in meanings.items())


_TREE: Phrases[tuple[tuple[Kind, str], ...]] = Phrases(_gathered())


def kinds_of(
    readings: Sequence[Reading], hints: Mapping[Kind, tuple[float, str, str]]
) -> list[KindSaid]:
    """The kinds that a picture's texts speak for, the likeliest first; a photo is the last.

    Args:
        readings: The texts.
        hints: What else speaks for a kind: weight, field, words.
    """
    total = {kind: hint[0] for kind, hint in hints.items()}
    best = dict(hints)
    first: dict[Kind, int] = {}
    counted: set[tuple[Kind, str]] = set()
    on_earth: dict[str, float] = {}
    for reading in readings:
        trust = 0.3 if reading.where == "page title" else 1.0
        said = (
            (start, stop, kind, strength)
            for start, stop, meanings in _TREE.find(reading.low)
            for kind, strength in meanings
        )
        for start, stop, kind, strength in said:
            words = " ".join(reading.low[start:stop])
            if (kind, words) in counted:
                continue
            counted.add((kind, words))
            weight = trust * _weight(strength, start, reading)
            total[kind] = total.get(kind, 0.0) + weight
            if kind in _ON_EARTH:
                on_earth[words] = max(on_earth.get(words, 0.0), weight)
            if strength != "weak" and reading.where != "page title":
                first[kind] = min(first.get(kind, start), start)
            if weight > best.get(kind, (0.0, "", ""))[0]:
                best[kind] = (weight, reading.where, " ".join(reading.words[start:stop]))
    here = [kind for kind in _ON_EARTH if kind in total]
    if len(here) > 1:  # what speaks for one says of the other as well that it is on Earth
        likelier = max(here, key=lambda kind: total[kind])
        total[likelier] = max(total[likelier], sum(on_earth.values()))
    found = [
        KindSaid(kind, weight, best[kind][1], best[kind][2], told=best[kind][0] > _STRONG)
        for kind, weight in total.items()
        if weight >= _ENOUGH
    ]
    found.sort(key=lambda one: -one.weight)
    found.sort(key=lambda one: _on_earth(one.kind, first))
    return [*found, KindSaid(Kind.PHOTO, 0.0)]


def _on_earth(kind: Kind, first: Mapping[Kind, int]) -> int:
    """Of people and hardware in one picture, the one that is told of first is what it is of."""
    if kind not in _ON_EARTH or not first.keys() >= set(_ON_EARTH):
        return 0
    return int(first[kind] > min(first[other] for other in _ON_EARTH))


def _weight(strength: str, start: int, reading: Reading) -> float:
    if strength == "certain":
        return _CERTAIN
    late = 1.0 if start < _LATE else 0.4
    if strength == "self":
        at_end = start >= len(reading.low) - _TAIL
        return 2.6 if start < _HEAD or at_end else 1.2 * late
    return (_STRONG if strength == "strong" else _WEAK) * late
