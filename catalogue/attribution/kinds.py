"""What sort of picture it is, by the words of its caption (``kinds.toml`` beside this file)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from catalogue.attribution.earth import BACKGROUND, LATE, FromEarth, signs_from_earth
from catalogue.attribution.naming import Sort, fold
from catalogue.attribution.phrases import Phrases, listed
from catalogue.attribution.reading import Reading
from catalogue.model import Evidence, Kind
from catalogue.texts import word_set

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
_SHOWS = re.compile("[PvDBJMUZ]")
"""Letters of words that tell what a picture shows."""
_SENSOR = 1.5
"""An instrument that takes no pictures is named, and no picture spoken of."""
_PERSON_OR_THING = (Kind.PEOPLE, Kind.EARTH_HARDWARE)
_ON_EARTH = (Kind.PEOPLE, Kind.EARTH_HARDWARE, Kind.TELESCOPE, Kind.LAB)
"""Kinds of pictures that are taken on Earth, the likelier first where nothing else tells."""
_SAYS_SO = frozenset({"certain", "self"})
"""How strong words are that say what a picture is; no others count in a credit line."""
_OPENING = 6
"""Words with which a caption begins."""
_HEAD = 14
"""Words at the start of a caption in which it says what it is."""
_TAIL = 4
"""Words at its end in which it says so too: «(illustration)», «in this map»."""
_CRAFTS = word_set("rover rovers lander landers orbiter spacecraft marsrover raumsonde")
"""What is a spacecraft, though no name tells which."""
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
            for phrase in listed(phrases):
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
    readings: Sequence[Reading],
    hints: Mapping[Kind, tuple[float, str, str]],
    credited: Sequence[FromEarth] = (),
) -> list[KindSaid]:
    """The kinds that a picture's texts speak for, the likeliest first; a photo is the last.

    Args:
        readings: The texts; of a credit line, what calls the picture something.
        hints: What else speaks for a kind: weight, field, words.
        credited: What the credit line says of pictures from Earth.
    """
    tally = _Tally(hints)
    for reading in readings:
        tally.read(reading)
    for sign in credited:
        tally.from_earth(sign, 1.0)
    return [*tally.found(), KindSaid(Kind.PHOTO, 0.0)]


class _Tally:
    """What speaks for each kind."""

    def __init__(self, hints: Mapping[Kind, tuple[float, str, str]]) -> None:
        self.total = {kind: hint[0] for kind, hint in hints.items()}
        self.best = dict(hints)
        self.first: dict[Kind, int] = {}
        """Where each is told of first."""
        self.counted: set[tuple[Kind | None, str]] = set()
        self.drawn = False
        """Whether the first sentence tells of a drawing as such: «in this artist's concept»."""
        self.on_earth: dict[str, float] = {}
        """Words that say that it was taken on Earth."""
        self.of_mars = False
        self.of_crafts = False
        """Whether Mars, and whether a spacecraft, camera or part of one, is told of."""
        self.somewhere: list[tuple[float, str, str]] = []
        """Those that say no more than that: weight, field, words."""

    def read(self, reading: Reading) -> None:
        """Count what a text says."""
        trust = 0.3 if reading.where == "page title" else 1.0
        credit = reading.where == "credit"
        inside = _in_names_of_cameras(reading) if "I" in reading.code else ()
        for start, stop, meanings in _TREE.find(reading.low):
            if start in inside:
                continue
            words = " ".join(reading.low[start:stop])
            for kind, strength in meanings:
                if (kind, words) in self.counted or (credit and not _is_label_of(kind, strength)):
                    continue
                self.counted.add((kind, words))
                weight = trust * _weight(strength, start, stop, reading)
                said = (weight, reading.where, reading.quote_words(start, stop))
                self._add(kind, said)
                if strength != "weak" and reading.where != "page title":
                    self.first[kind] = min(self.first.get(kind, start), start)
                if kind is Kind.ARTWORK and strength == "certain" and not credit:
                    begins = start < _OPENING or reading.low[start - 1] == "this"
                    self.drawn |= begins and start < reading.first_sentence
        for one in reading.mentions.values():
            if one.name.sort is Sort.SENSOR and not credit and not _SHOWS.search(reading.code):
                said = (trust * _SENSOR, reading.where, reading.words_of(one))
                if (Kind.PLOT, said[2]) not in self.counted:
                    self.counted.add((Kind.PLOT, said[2]))
                    self._add(Kind.PLOT, said)
        if not credit:
            self.of_mars |= "m" in reading.code
            self.of_crafts |= bool(reading.mentions) or not _CRAFTS.isdisjoint(reading.low)
            for sign in signs_from_earth(reading):
                self.from_earth(sign, trust)

    def from_earth(self, sign: FromEarth, trust: float) -> None:
        """Count a sign of a picture from Earth."""
        key = (sign.kind, f"credit: {sign.words}" if sign.where == "credit" else sign.words)
        if key in self.counted:
            return
        self.counted.add(key)
        said = (trust * sign.weight, sign.where, sign.words)
        if sign.kind is None:
            self.somewhere.append(said)
        else:
            self._add(sign.kind, said)

    def _add(self, kind: Kind, said: tuple[float, str, str]) -> None:
        weight, _, words = said
        self.total[kind] = self.total.get(kind, 0.0) + weight
        if kind in _PERSON_OR_THING:
            words = words.lower()
            self.on_earth[words] = max(self.on_earth.get(words, 0.0), weight)
        if weight > self.best.get(kind, (0.0, "", ""))[0]:
            self.best[kind] = said

    def found(self) -> list[KindSaid]:
        """Every kind that enough speaks for, the likeliest first."""
        here = [kind for kind in _PERSON_OR_THING if kind in self.total]
        if len(here) > 1:  # what speaks for one says of the other as well that it is on Earth
            likelier = max(here, key=lambda kind: self.total[kind])
            self.total[likelier] = max(self.total[likelier], sum(self.on_earth.values()))
        told = [kind for kind in _ON_EARTH if kind in self.total]
        if not told and self.of_crafts:
            told = [Kind.EARTH_HARDWARE]
        elif not told and self.of_mars:
            told = [Kind.TELESCOPE]
        elif not told and all(where == "credit" for _, where, _ in self.somewhere):
            told = [Kind.EARTH_HARDWARE]  # nothing else is told: what builders mostly show
        if told:
            likelier = max(told, key=lambda kind: self.total.get(kind, 0.0))
            for said in self.somewhere:
                self._add(likelier, said)
        found = [
            KindSaid(kind, weight, *self.best[kind][1:], told=self.best[kind][0] > _STRONG)
            for kind, weight in self.total.items()
            if weight >= _ENOUGH
        ]
        if len(found) > 1:
            found.sort(key=self._order)
        return found

    def _order(self, one: KindSaid) -> tuple[bool, int, float]:
        """What the likelier of two kinds comes before the other by.

        A drawing that a caption begins to tell of as such is first, whatever is drawn.
        """
        begun = self.drawn and one.kind is Kind.ARTWORK
        return not begun, _on_earth(one.kind, self.first), -one.weight


def _in_names_of_cameras(reading: Reading) -> set[int]:
    """Places of words within long names of cameras: a «Topographic Sensor» makes no map."""
    return {
        at
        for _, one in reading.cameras()
        if one.stop - one.start > 2
        for at in range(one.start, one.stop)
    }


def _is_label_of(kind: Kind, strength: str) -> bool:
    """Whether a word counts in a credit line: a montage is told there as what somebody did."""
    return strength in _SAYS_SO and kind is not Kind.COMPOSITE


def _on_earth(kind: Kind, first: Mapping[Kind, int]) -> int:
    """Of people and hardware in one picture, the one that is told of first is what it is of."""
    if kind not in _PERSON_OR_THING or not first.keys() >= set(_PERSON_OR_THING):
        return 0
    return int(first[kind] > min(first[other] for other in _PERSON_OR_THING))


def _weight(strength: str, start: int, stop: int, reading: Reading) -> float:
    if strength == "certain":
        return _CERTAIN
    if strength == "self" and reading.low[stop : stop + 1] == [":"]:
        return 2.6  # a label: «Map: USGS»
    late = 1.0 if start < LATE else 0.4
    if strength == "self":
        at_end = start >= len(reading.low) - _TAIL
        return 2.6 if start < _HEAD or at_end else 1.2 * late
    if strength == "strong":
        return _STRONG * late
    return _WEAK * late * (1.0 if start < reading.first_sentence else BACKGROUND)
