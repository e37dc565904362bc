"""Understanding a credit line: its label, its separators, the names in it.

A line is a list of names with something between them: strokes, commas, «and», «via», brackets. What
the registry knows is looked up; what it does not know is a person, an organisation or a remark by
the look of it. Everything works on a copy: the published line is kept to the letter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from catalogue.credit.labels import EDGES, Labels
from catalogue.credit.licences import find_licence
from catalogue.credit.pieces import KEPT, Pieces
from catalogue.credit.terms import terms_of
from catalogue.credit.vocabulary import LIST_SEPARATOR, Part, Sort, fold, vocabulary_of
from catalogue.model import Credit, Rights
from catalogue.registry import Registry
from catalogue.texts import word_set


def read_credit(text: str, registry: Registry) -> Credit:
    """Understand a credit line.

    Args:
        text: As published, label and brackets included; of any length, in any language.
        registry: The names and words that it is read with.

    Returns:
        The line to the letter with what it says. Its ``credit`` is None where it names no creator,
        its ``rights`` are None where the terms of use are not known.
    """
    reader = _reader(registry)
    known = reader.lines.get(text)
    if known is None:
        known = reader.read(text)
        if len(text) <= _LONGEST_KEPT:
            if len(reader.lines) >= KEPT:
                reader.lines.clear()
            reader.lines[text] = known
    return known


@lru_cache(maxsize=8)
def _reader(registry: Registry) -> _Reader:
    return _Reader(registry)


_TAG = re.compile(r"<[^<>]{0,500}>")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f\u00ad]+"
)
_COPYRIGHT = re.compile(r"\(c\)(?!\w)|\((?:C|©)\)|&copy;?|©", re.IGNORECASE)
_CLAUSE = re.compile(
    r" ?[;|。] ?"
    r"|\. (?<=\w\w\w\. )(?<!univ\. )(?<!Univ\. )(?<!Inst\. )(?<!Prof\. )(?<!Dept\. )(?<!part\. )"
    r"(?<!Corp\. )(?<!Inc\. )(?<!Calif\. )(?<!Ariz\. )(?=[^\W\d_a-z]|[©@(])"
)
"""Between two statements of a line; a full stop behind an abbreviation ends none."""
_RESTRICTIONS = re.compile(
    r"(?i)\b(?:restricted to|editorial use only|for editorial use|no marketing|no sales|no resale"
    r"|no archives?\b|not for sale|distributed as a service|this (?:photo|image|picture) was ).*"
)
"""What agencies forbid stands behind the names."""
_LONGEST_KEPT = 400
"""Characters of a line that is remembered."""


class _Reader:
    """Reads lines with one registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.known = vocabulary_of(registry)
        self.labels = Labels(self.known)
        self.pieces = Pieces(self.known, self.labels)
        self.lines: dict[str, Credit] = {}
        self.terms: dict[tuple[tuple[str, ...], str | None, tuple[str, ...]], Rights | None] = {}

    def read(self, text: str) -> Credit:
        licence, line = find_licence(_plain(text))
        line = _RESTRICTIONS.sub("", line)
        shouted = line.isupper()
        groups: list[list[_Named]] = [[]]
        for clause in _CLAUSE.split(line):
            rest, panel = self.labels.strip(clause.strip(EDGES))
            if panel and groups[-1]:
                groups.append([])
            for named in self._names(rest, shouted):
                if named is None:
                    if groups[-1]:
                        groups.append([])
                else:
                    groups[-1].append(named)
        return self._credit(text, groups, licence)

    # --- names ---

    def _names(self, clause: str, shouted: bool) -> Iterator[_Named | None]:
        """The names of a clause in their order; None where a panel's label stands between them."""
        pieces = LIST_SEPARATOR.split(clause)
        depth, handed, some = 0, False, False
        at, end = 0, len(pieces)
        before = ""
        while at < end:
            piece = pieces[at].strip(EDGES)
            after = pieces[at + 1].strip() if at + 1 < end else ""
            if piece:
                parts, taken = self._joined(pieces, at)
                if taken == 1:
                    first = fold(piece.split(" ", 1)[0])
                    if ":" in piece or "©" in piece or first in self.known.label_words:
                        piece, panel = self.labels.strip(piece)
                        if panel:
                            yield None
                    parts = self.pieces.parts(piece, shouted)
                else:
                    at += 2 * (taken - 1)
                    after = pieces[at + 1].strip() if at + 1 < end else ""
                slashed = before[:1] in _STROKES or after[:1] in _STROKES
                for part in parts:
                    if handed and part.sort in {Sort.OTHER, Sort.PERSON}:
                        part = Part(Sort.DISTRIBUTOR, part.written, part.written)
                    yield _Named(part, slashed, depth > 0 and some, before[:1] in _DASHES)
                    some = True
            depth += (after[:1] in _OPENING) - (after[:1] in _CLOSING) if after else 0
            depth = max(depth, 0)
            if after:
                handed = after.casefold() in _HANDED or (handed and after not in {"/", ";"})
                before = after
            at += 2

    def _joined(self, pieces: list[str], at: int) -> tuple[tuple[Part, ...], int]:
        """A name that itself holds a separator: «JPL/Caltech». Its parts, its number of pieces."""
        most = self.known.pieces.get(fold(pieces[at]))
        if most:
            for count in range(min(most, (len(pieces) - at + 1) // 2), 1, -1):
                key = "".join(map(fold, pieces[at : at + 2 * count : 2]))
                parts = self.known.names.get(key)
                if parts is not None:
                    return parts, count
        return (), 1

    # --- the whole ---

    def _credit(self, text: str, groups: list[list[_Named]], licence: str | None) -> Credit:
        flat = [named for group in groups for named in group]
        strong = any(named.part.key in {"nasa", "jpl"} for named in flat)
        organisations: list[str] = []
        people: list[str] = []
        distributors: list[str] = []
        missions: list[str] = []
        normal: list[str] = []
        only_missions = all(named.part.sort is Sort.MISSION for named in flat)
        for group in groups:
            written: dict[tuple[bool, str], str] = {}
            for named in group:
                sort, told, name = named.part
                if sort is Sort.DISTRIBUTOR:
                    distributors.append(told)
                    continue
                if sort is Sort.MISSION:
                    missions.append(name)
                    if not named.slashed and not only_missions:
                        continue
                elif sort is Sort.PERSON:
                    people.append(name)
                elif sort is Sort.OTHER or (sort is Sort.WEAK and not (strong and named.slashed)):
                    if (named.aside or named.behind_dash) and not self._like_organisation(name):
                        continue
                    organisations.append(_slug(name))
                else:
                    organisations.append(told)
                    if sort is Sort.WEAK:
                        name = self.registry.organisations[told].name
                key = (sort is Sort.PERSON, told.casefold())
                if named.aside:  # an affiliation stands behind all who have it
                    written.pop(key, None)
                written.setdefault(key, name)
            if written:
                normal.append("/".join(self._in_order(written)))
        listed = tuple(dict.fromkeys(organisations))
        tokens = tuple(dict.fromkeys(missions))
        return Credit(
            text=text,
            credit="; ".join(dict.fromkeys(normal)) or None,
            organisations=listed,
            people=tuple(dict.fromkeys(people)),
            distributors=tuple(dict.fromkeys(distributors)),
            licence=licence,
            rights=self._terms(listed, licence, tokens),
            mission_tokens=tokens,
        )

    def _terms(
        self, organisations: tuple[str, ...], licence: str | None, missions: tuple[str, ...]
    ) -> Rights | None:
        key = (organisations, licence, missions)
        if key not in self.terms:
            if len(self.terms) >= KEPT:
                self.terms.clear()
            self.terms[key] = terms_of(organisations, licence, missions, self.registry)
        return self.terms[key]

    def _in_order(self, written: dict[tuple[bool, str], str]) -> Iterator[str]:
        """Names in the order of the line, save that «Bill Ingalls / NASA» is NASA/Bill Ingalls."""
        *people, (last_is_person, last) = written
        agency = self.registry.organisations.get(last) if not last_is_person else None
        if people and agency and agency.role == "space agency" and all(one for one, _ in people):
            yield written[last_is_person, last]
            yield from (written[one] for one in people)
        else:
            yield from written.values()

    def _like_organisation(self, name: str) -> bool:
        words = name.split()
        return any(fold(word) in self.known.organisation_words for word in words) or (
            name.isupper() and len(name) >= 3
        )


_STROKES = ("/", "\\", "⁄", "∕")
_DASHES = ("-", "–", "—", "‒")
_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")
_HANDED = word_set("via über vía tramite durch through przez через")


class _Named:
    """A part with its place in the line."""

    __slots__ = ("aside", "behind_dash", "part", "slashed")

    def __init__(self, part: Part, slashed: bool, aside: bool, behind_dash: bool) -> None:
        self.part = part
        self.slashed = slashed
        """Stands in a list with strokes."""
        self.aside = aside
        """Stands in brackets behind another name."""
        self.behind_dash = behind_dash


def _plain(text: str) -> str:
    """A line without markup and marks that are not seen, on one line."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text).translate(_WIDE)
        text = _UNSEEN.sub(" ", text)
        text = (
            "".join(" " if unicodedata.category(c) in _SYMBOLS else c for c in text)
            if any(ord(c) > 0x2190 and unicodedata.category(c) in _SYMBOLS for c in text)
            else text
        )
    text = _COPYRIGHT.sub(" © ", text) if "©" in text or "(c)" in text.lower() else text
    return " ".join(text.split())


_SYMBOLS = frozenset({"So", "Co", "Cs", "Cn"})
_WIDE = {
    ord("："): ":",
    ord("／"): "/",
    ord("（"): "(",
    ord("）"): ")",
    ord("；"): ";",
    ord("＆"): "&",
}


def _slug(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", bare).strip("-")
