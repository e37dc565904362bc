"""Signs that a picture was taken on Earth: persons who act, places, photographers.

What they say holds of portraits, hardware, telescopes and laboratories alike; which of them it is,
other words tell (:mod:`.kinds`). The words are in ``earth.toml`` beside this file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from importlib.resources import files

from catalogue.attribution.naming import fold
from catalogue.attribution.phrases import Phrases, listed
from catalogue.attribution.reading import Reading
from catalogue.model import Credit, Kind
from catalogue.registry import Registry
from catalogue.texts import word_set

LATE = 45
"""Words after which a long caption has mostly left its picture."""
_PLACE, _FURTHER = 2.0, 0.8
_LIFE = 4.0
_PHOTOGRAPHER, _ACTS, _ROLE, _CROWD, _HANDLED = 2.0, 2.5, 2.0, 1.0, 2.0
_AGENCY, _PRESS, _STAFF, _BUILDER = 2.0, 0.8, 2.0, 2.0
BACKGROUND = 0.5
"""What counts of words behind the first sentence, which tells of the picture."""
_PLACES = 2
"""So many places are counted."""
_NEAR, _ASIDE, _NOTES = 3, 8, 25
"""Words before a place in which a preposition, a comparison, the notes of an institute stand."""

_CLAUSE = frozenset({".", "that", "which", "because", "dass", "que", "qui", "che"})
"""What ends the clause that tells what somebody does."""
_DATELINE = frozenset(",:-–—")
"""What stands behind the place with which a text begins."""
_REACH = 10
"""Words behind «engineers» in which it stands what they do."""

_NAME = re.compile(r"""X"?X(?:["'-]?X){0,2}""")
"""A name of a person, as far as letters tell: two words or more with capitals, or initials."""
_LIVED = re.compile(r"1[89]\d\d [-–—] (?:19|20)\d\d \)")
"""Years between which somebody lived, within brackets."""
_OWNER = frozenset({"his", "her"})
"""«Jane Doe at her desk», «with his model»: what somebody has tells of a person."""
_TAKEN_BY = re.compile(r"[Vv]b$")


@dataclass(frozen=True, slots=True)
class FromEarth:
    """Something that says so."""

    kind: Kind | None
    """The kind that it speaks for; None where it only says that the picture is from Earth."""
    weight: float
    where: str
    words: str
    start: int = 0
    """Place of its first word."""


_TABLES = tomllib.loads(files(__package__).joinpath("earth.toml").read_text(encoding="utf-8"))
_WORDS = {name: word_set(words) for name, words in _TABLES["words"].items()}
_BEFORE, _COMPARED, _ORIGIN = _WORDS["before"], _WORDS["aside"], _WORDS["origin"]
_MANAGING = _WORDS["managing"]
_HANDLING, _PERSONS, _ROLES = _WORDS["handling"], _WORDS["persons"], _WORDS["roles"]
_DOES = _WORDS["acts"] | _HANDLING
_STANDING = _WORDS["standing"]
_TREE: Phrases[bool] = Phrases(
    (fold(place), True) for names in _TABLES["places"].values() for place in listed(names)
)


def signs_from_earth(reading: Reading) -> Iterator[FromEarth]:
    """What a text says of persons and places on Earth."""
    places = _TREE.find(reading.low)
    signs = list(_places(reading, places))
    if "XX" in reading.code or 'X"' in reading.code:
        words = {at for start, stop, _ in places for at in range(start, stop)}
        signs += _persons(reading, words)
    if not _PERSONS.isdisjoint(reading.low):
        signs += _crowds(reading)
    for sign in signs:
        aside = sign.start >= reading.first_sentence
        yield replace(sign, weight=sign.weight * BACKGROUND) if aside else sign


def credited_on_earth(credit: Credit, registry: Registry) -> Iterator[FromEarth]:
    """What a credit line says: photographers work on Earth, and so do builders and launch sites."""
    if "process" in credit.text.lower():
        return  # who processed a spacecraft's pictures is no photographer
    institutes = set(credit.organisations) - {"nasa", "esa"}
    if credit.people and not institutes:
        if credit.distributors:
            yield FromEarth(None, _AGENCY, "credit", credit.text)
        elif credit.organisations:
            yield FromEarth(None, _STAFF, "credit", credit.text)
        else:
            yield FromEarth(Kind.TELESCOPE, 1.0, "credit", credit.text)
        return
    if credit.distributors and not credit.organisations:
        yield FromEarth(None, _PRESS, "credit", credit.text)
    entries = [registry.organisations.get(slug) for slug in institutes - {"jpl", "caltech"}]
    if entries and all(entry is not None and entry.on_earth for entry in entries):
        yield FromEarth(None, _BUILDER, "credit", credit.text)


def _places(reading: Reading, places: Sequence[tuple[int, int, bool]]) -> Iterator[FromEarth]:
    low, counted = reading.low, set[str]()
    for start, stop, _ in places:
        if start >= LATE or len(counted) >= _PLACES:
            break
        dateline = start == 0 and not _DATELINE.isdisjoint(low[stop : stop + 1])
        named = dateline or not _BEFORE.isdisjoint(low[max(0, start - _NEAR) : start])
        compared = not _COMPARED.isdisjoint(low[max(0, start - _ASIDE) : start])
        compared |= not _ORIGIN.isdisjoint(low[max(0, start - _NEAR) : start])
        notes = not _MANAGING.isdisjoint(low[max(0, start - _NOTES) : start])
        words = reading.quote_words(start, stop)
        if named and not compared and not notes and words not in counted:
            weight = _FURTHER if counted else _PLACE
            yield FromEarth(None, weight, reading.where, words, start)
            counted.add(words)


def _persons(reading: Reading, taken: Set[int]) -> Iterator[FromEarth]:
    code, low, starts = reading.code, reading.low, reading.starts
    written = reading.words  # in titles of which every word has a capital, no verb can be told
    for found in _NAME.finditer(code):
        if starts[found.start()] >= LATE:
            return
        if not taken.isdisjoint(starts[found.start() : found.end()]):
            continue
        start, stop = found.span()
        at = starts[start]
        before = [low[starts[near]] for near in range(max(0, start - 4), start)]
        behind = [written[starts[near]] for near in range(stop, min(len(code), stop + 8))]
        if not _COMPARED.isdisjoint(before):
            continue
        if "by" in before and not _TAKEN_BY.search(code, 0, start):
            continue  # who painted, wrote or made it
        if _TAKEN_BY.search(code, 0, start):
            yield FromEarth(None, _PHOTOGRAPHER, reading.where, reading.quote(start - 1, stop), at)
        elif deed := _deed(behind, _CLAUSE | {","}):
            words = reading.quote(start, stop + deed)
            yield FromEarth(Kind.PEOPLE, _ACTS, reading.where, words, at)
        elif behind[:1] == ["("] and _LIVED.match(" ".join(behind[1:5])):
            yield FromEarth(Kind.PEOPLE, _LIFE, reading.where, reading.quote(start, stop), at)
        elif _is_introduced(before) or _is_told_of(behind):
            weight = _LIFE if at == 0 else _ROLE  # what a caption begins with is what it is of
            yield FromEarth(Kind.PEOPLE, weight, reading.where, reading.quote(start, stop), at)


def _is_introduced(before: Sequence[str]) -> bool:
    """Whether words tell that a person's name follows: «engineer», «engineers», «from left:»."""
    if before[-1:] == [":"]:
        return not _STANDING.isdisjoint(before[-2:])
    return bool(before) and (before[-1] in _ROLES or before[-1] in _PERSONS)


def _is_told_of(behind: Sequence[str]) -> bool:
    """Whether words tell more of a person: «, a geologist», «, who», «(left)»."""
    if "," in behind and behind[behind.index(",") + 1 :][:1] == ["who"]:
        return True
    if not _OWNER.isdisjoint(behind[:2]) or behind[:3] == ["in", "front", "of"]:
        return True
    if behind[:1] not in (["("], [","]) or not _COMPARED.isdisjoint(behind):
        return False
    return not (_ROLES.isdisjoint(behind) and _STANDING.isdisjoint(behind)) or (
        behind[:2] == [",", "the"] and not _PERSONS.isdisjoint(behind[2:5])
    )


def _crowds(reading: Reading) -> Iterator[FromEarth]:
    low = reading.low
    for at, word in enumerate(low[:LATE]):
        if word in _PERSONS and (deed := _deed(low[at + 1 : at + _REACH], _CLAUSE)):
            words = reading.quote_words(at, at + deed + 1)
            if low[at + deed] in _HANDLING:
                yield FromEarth(Kind.EARTH_HARDWARE, _HANDLED, reading.where, words, at)
            else:
                yield FromEarth(Kind.PEOPLE, _CROWD, reading.where, words, at)
            return


def _deed(words: Sequence[str], ends: frozenset[str]) -> int:
    """Up to which of some words somebody does what persons do, within the clause; 0 for none."""
    for number, word in enumerate(words, 1):
        if word in _DOES:
            return number
        if word in ends:
            break
    return 0
