"""The registry's names and words, laid out for looking them up in credit lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from catalogue.registry import Organisation, Registry, fold_name

fold = lru_cache(maxsize=65_536)(fold_name)
"""Words as they are compared; lines repeat their words, so the answers are remembered."""

LIST_SEPARATOR = re.compile(
    r"( ?[/\\⁄∕]+ ?| ?[,，、،|·•∙‧・()\[\]{}] ?(?:(?i:and|und|et|y|e|&) )?| [-–—‒]+ | [&+] "
    r"| (?i:and|und|et|y|e|och|og|oraz|en|и|та|ve) "
    r"| (?i:via|über|vía|tramite|durch|through|przez|через) )"
)
"""What stands between the names of a credit line whose white space is folded."""


class Sort(Enum):
    """What a part of a credit line is."""

    ORGANISATION = "organisation"
    DISTRIBUTOR = "distributor"
    MISSION = "mission"
    PERSON = "person"
    OTHER = "other"
    """A name that the registry does not know, of an organisation as it seems."""
    WEAK = "weak"
    """An organisation in a list with slashes that also names NASA or JPL, else something else."""


class Part(NamedTuple):
    """One name found in a credit line."""

    sort: Sort
    key: str
    """The organisation's id, the distributor's name; for all else as ``written``."""
    written: str
    """The name in the normal form of a credit."""


class Vocabulary:
    """The names and words of one registry."""

    def __init__(self, registry: Registry) -> None:
        self.names: dict[str, tuple[Part, ...]] = {}
        """What a name means, by :func:`key_of`; nothing for a remark or a place."""
        self.longest: dict[str, int] = {}
        """By the first word of a name: words of the longest name that begins so."""
        self.pieces: dict[str, int] = {}
        """By the first piece of a name that holds separators: its number of pieces."""
        self.eminent: set[str] = set()
        """Keys of names of one word that are sought inside longer texts in any case."""
        words = registry.words
        for word in (*words.get("remarks", ()), *words.get("places", ())):
            self._add(word, ())
        for mission in self._missions(registry):
            self._add(mission, (Part(Sort.MISSION, mission, mission),))
        for distributor in registry.distributors:
            part = Part(Sort.DISTRIBUTOR, distributor.name, distributor.name)
            for name in (distributor.name, *distributor.aliases):
                self._add(name, (part,))
                self.eminent.add(key_of(name))
        for organisation in registry.organisations.values():
            self._add_organisation(organisation, registry)
        self.typos = _near_misses(self.names)
        """What is left of a long name when one letter is left out, with the name's key."""
        self.label_words, self.label_leads = _label_words(registry)
        self.organisation_words = _folded(words.get("organisation_words", ()))
        self.titles = _folded(words.get("titles", ()))
        self.panels = _folded(words.get("panels", ()))
        self.missions = {
            key for key, found in self.names.items() if found and found[0].sort is Sort.MISSION
        }

    @staticmethod
    def _missions(registry: Registry) -> Iterable[str]:
        for craft in registry.spacecraft.values():
            yield from craft.names
        for camera in registry.instruments.values():
            yield from camera.names
        yield from registry.words.get("missions", ())

    def _add_organisation(self, entry: Organisation, registry: Registry) -> None:
        whole = registry.organisations[entry.part_of] if entry.part_of else None
        spelled = {alias: name for name, listed in entry.spellings.items() for alias in listed}
        spelled |= {name: name for name in entry.spellings}
        for name in entry.names:
            written = spelled.get(name, entry.name)
            part = Part(Sort.ORGANISATION, entry.id, written)
            if whole is None or key_of(written).startswith(key_of(whole.name)):
                self._add(name, (part,))
            else:
                both = (Part(Sort.ORGANISATION, whole.id, whole.name), part)
                begins = key_of(name).startswith(key_of(whole.name))
                self._add(name, both if begins else (part,))
                if not begins:
                    self._add(f"{whole.name} {name}", both)
            if entry.role == "space agency":
                self.eminent.add(key_of(name))
        for name in entry.weak:
            self._add(name, (Part(Sort.WEAK, entry.id, name.upper()),))

    def mistyped(self, key: str) -> tuple[Part, ...] | None:
        """What a long name means of which one letter is wrong, lacking, too many or exchanged."""
        if len(key) < _LONG:
            return None
        for less in (key, *_less_one(key)):
            near = self.typos.get(less)
            if near is not None:
                return self.names[near]
        return None

    def _add(self, name: str, parts: tuple[Part, ...]) -> None:
        key = key_of(name)
        if not key:
            return
        self.names[key] = parts
        first = fold(name.split()[0])
        self.longest[first] = max(self.longest.get(first, 0), len(name.split()))
        pieces = [piece for piece in LIST_SEPARATOR.split(name)[::2] if piece]
        if len(pieces) > 1:
            first = fold(pieces[0])
            self.pieces[first] = max(self.pieces.get(first, 0), len(pieces))


_LONG = 9
"""Letters that a name must have for a typing error in it to leave no doubt."""


def _less_one(key: str) -> Iterable[str]:
    # The first letter is never the wrong one, and a digit is no typing error.
    return (key[:at] + key[at + 1 :] for at in range(1, min(len(key), 60)) if key[at].isalpha())


def _near_misses(names: dict[str, tuple[Part, ...]]) -> dict[str, str]:
    misses: dict[str, str] = {}
    for key, parts in names.items():
        if len(key) >= _LONG and parts and parts[0].sort is Sort.ORGANISATION:
            for less in (key, *_less_one(key)):
                misses.setdefault(less, key)
    return misses


def key_of(name: str) -> str:
    """What a name is looked up by: letters and digits, without the separators inside it.

    >>> key_of("JPL/Caltech"), key_of("Texas A & M")
    ('jplcaltech', 'texasam')
    """
    return "".join(fold(piece) for piece in LIST_SEPARATOR.split(name)[::2])


@lru_cache(maxsize=8)
def vocabulary_of(registry: Registry) -> Vocabulary:
    """The vocabulary of a registry, made once."""
    return Vocabulary(registry)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _label_words(registry: Registry) -> tuple[frozenset[str], frozenset[str]]:
    """All words of labels, and those with which a label without a mark ends."""
    words: set[str] = set()
    leads: set[str] = set()
    for label in (label for listed in registry.labels.values() for label in listed):
        folded = [key for word in label.split() if (key := fold(word))]
        words.update(folded)
        if folded and label.strip()[-1].isalnum():
            leads.add(folded[-1])
    return frozenset(words), frozenset(leads)
