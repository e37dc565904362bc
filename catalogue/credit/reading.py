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

from catalogue.credit.licences import find_licence
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
            if len(reader.lines) >= _KEPT:
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
_MARK = re.compile(r"[:：;=](?!//)|©|\.\.+|…")
_EDGES = " \t.,:;*\"'“”„‚‘’«»‹›?!~_#=>…|·•-–—"
_ADDRESS = re.compile(r"(?i)(?:https?://|www\.)\S+|(?<!\S)[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.]*")
_RESTRICTIONS = re.compile(
    r"(?i)\b(?:restricted to|editorial use only|for editorial use|no marketing|no sales|no resale"
    r"|no archives?\b|not for sale|distributed as a service|this (?:photo|image|picture) was ).*"
)
"""What agencies forbid stands behind the names."""
_OF_WHOM = re.compile(r" (?:for|of|at|from|with|aus|de la|von der) (?=[^\W\d_a-z]|the )")
_EAST_ASIAN = re.compile(
    r"^(?:记者|記者)?(.{2,40}?)(?:供图|供圖|提供|发布|发|發|摄|攝|撮影|제공|摄影)$"
)
_NO_NAME = re.compile(
    r"(?i)pia\d+\S*|[\d\W_]+|sols? \d.*|(?:\d{1,2}\.? )?"
    r"(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz])\w*\.?"
    r"(?: \d{1,2})?(?:,? \d{4})?|s\d{2}-\w+|iss\d+\S*"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
_PARTICLES = word_set(
    "von van de der den del della di da dos das do du la le bin bint ibn al el ter ten zu af av y e"
)
_NO_INITIALS = word_set("uc tu fu us uk eu uw ut un tv st nj ny")
_LINK = "for|and|on|by|from|at|of|in|with|to"
_CONNECTED = re.compile(rf"^(?:(?:{_LINK}|the)(?: |$))+| (?:{_LINK})$")
"""What joins what is left of a piece to the names that were found in it."""
_SUFFIXES = word_set("jr sr ii iii iv phd md")
_INNER_CAPITAL = re.compile(r"^(?:Mc|Mac|O['’]|D['’]|De|Di|Du|La|Le|Fitz|Van)[^\W\d_a-z]")
_CAMEL = re.compile(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]")
_LEGAL = re.compile(r"[, ]+(?i:llc|inc|ltd|gmbh|corp|co|plc|s\.?a|ag|b\.?v)\.?$")
_MISSION_REMARKS = word_set(
    "team science mission rover lander orbiter camera project the instrument mars probe helicopter"
)
_LONGEST_NAME = 160
"""Characters; what is longer is prose."""
_KEPT = 20_000
"""Lines and parts whose meaning is remembered: pictures of one source repeat their credit."""
_LONGEST_KEPT = 400
"""Characters of a line that is remembered."""


class _Reader:
    """Reads lines with one registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.known = vocabulary_of(registry)
        self.remembered: dict[str, tuple[Part, ...]] = {}
        self.lines: dict[str, Credit] = {}
        self.terms: dict[tuple[tuple[str, ...], str | None, tuple[str, ...]], Rights | None] = {}

    def read(self, text: str) -> Credit:
        licence, line = find_licence(_plain(text))
        line = _RESTRICTIONS.sub("", line)
        shouted = line.isupper()
        groups: list[list[_Named]] = [[]]
        for clause in _CLAUSE.split(line):
            rest, panel = self._without_label(clause.strip(_EDGES))
            if panel and groups[-1]:
                groups.append([])
            for named in self._names(rest, shouted):
                if named is None:
                    if groups[-1]:
                        groups.append([])
                else:
                    groups[-1].append(named)
        return self._credit(text, groups, licence)

    # --- labels ---

    def _without_label(self, text: str) -> tuple[str, bool]:
        """A clause without the labels before it, and whether they named one of several panels."""
        panel = False
        for _ in range(4):
            mark = _MARK.search(text, 0, 90)
            head = text[: mark.start()] if mark else ""
            if mark and (not head or self._is_label(head)):
                panel |= fold(head) in self.known.panels
                text = text[mark.end() :].lstrip(_EDGES)
                continue
            stripped = self._without_lead(text)
            if stripped is None:
                break
            text = stripped
        return text, panel

    def _is_label(self, head: str) -> bool:
        words = [key for word in re.split(r"[\s/()&,]+", head) if (key := fold(word))]
        if not words or len(words) > 10:
            return False
        known = sum(word in self.known.label_words or word in self.known.panels for word in words)
        if known == len(words) or fold(head) in self.known.panels:
            return True
        return 2 * known >= len(words) and not any(
            self.known.names.get(word) or word in self.known.organisation_words for word in words
        )

    def _without_lead(self, text: str) -> str | None:
        """The text behind a label that has no mark: «Photo by», «Courtesy»."""
        words = text.split(" ", 8)
        last = 0
        for number, word in enumerate(words[:8], 1):
            key = fold(word)
            if key not in self.known.label_words and key:
                break
            if key in self.known.label_leads:
                last = number
        if not last:
            return None
        rest = " ".join(words[last:]).lstrip(_EDGES)
        return rest or None

    # --- names ---

    def _names(self, clause: str, shouted: bool) -> Iterator[_Named | None]:
        """The names of a clause in their order; None where a panel's label stands between them."""
        pieces = LIST_SEPARATOR.split(clause)
        depth, handed, some = 0, False, False
        at, end = 0, len(pieces)
        before = ""
        while at < end:
            piece = pieces[at].strip(_EDGES)
            after = pieces[at + 1].strip() if at + 1 < end else ""
            if piece:
                parts, taken = self._joined(pieces, at)
                if taken == 1:
                    first = fold(piece.split(" ", 1)[0])
                    if ":" in piece or "©" in piece or first in self.known.label_words:
                        piece, panel = self._without_label(piece)
                        if panel:
                            yield None
                    parts = self._parts(piece, shouted)
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

    def _parts(self, piece: str, shouted: bool) -> tuple[Part, ...]:
        found = self.remembered.get(piece)
        if found is None:
            if len(self.remembered) >= _KEPT:
                self.remembered.clear()
            found = tuple(self._understand(piece, shouted))
            if len(piece) < 200:
                self.remembered[piece] = found
        return found

    def _understand(self, piece: str, shouted: bool) -> Iterator[Part]:
        """What a piece between two separators names."""
        key = fold(piece)
        known = self.known.names.get(key)
        if known is None:
            known = self.known.mistyped(key)
        if known is not None:
            yield from known
            return
        if "–" in piece or "—" in piece:
            for one in re.split("[–—]", piece):
                yield from self._understand(one.strip(_EDGES), shouted)
            return
        words = piece.split()
        left: list[str] = []
        at = 0
        behind_name = False
        while at < len(words):
            count, parts = self._known_at(words, at, behind_name)
            if not count:
                left.append(words[at])
                at += 1
                continue
            yield from self._unknown(left, shouted, alone=False)
            yield from parts
            left, behind_name = [], True
            at += count
        yield from self._unknown(left, shouted, alone=not behind_name)

    def _known_at(
        self, words: list[str], at: int, behind_name: bool
    ) -> tuple[int, tuple[Part, ...]]:
        """The longest known name that begins at a word: its number of words, what it means."""
        keys = [fold(_POSSESSIVE.sub("", words[at]))]
        most = self.known.longest.get(keys[0])
        if not most:
            return 0, ()
        keys += [fold(word) for word in words[at + 1 : at + most]]
        for count in range(len(keys), 0, -1):
            key = "".join(keys[:count])
            parts = self.known.names.get(key)
            if not parts or parts[0].sort in {Sort.MISSION, Sort.WEAK}:
                continue
            acronym = words[at].isupper() and len(key) >= 3
            eminent = key in self.known.eminent and (len(key) > 3 or words[at].isupper())
            if count > 1 or behind_name or acronym or (eminent and len(key) > 1):
                return count, parts
        return 0, ()

    def _unknown(self, words: list[str], shouted: bool, *, alone: bool) -> Iterator[Part]:
        """What words name that the registry does not know."""
        while words and fold(words[0]) in self.known.titles:
            words = words[1:]
        text = " ".join(words).strip(_EDGES) if words else ""
        if not text or len(text) > _LONGEST_NAME:
            return
        if not alone:
            text = self._without_label(text)[0].strip(_EDGES)
        if _NO_NAME.fullmatch(text):
            return
        text = _ADDRESS.sub("", text).strip(_EDGES)
        if not alone:
            text = _CONNECTED.sub("", text)
        text = self._without_remarks(text)
        legal = _LEGAL.sub("", text)
        known = self.known.names.get(fold(legal.lstrip("@")))
        if known is not None:
            yield from known
            return
        if not text or text.startswith("@"):
            return
        keys = [fold(word) for word in text.split()]
        if all(key in self.known.label_words or not key for key in keys):
            return
        asian = _EAST_ASIAN.match(text)
        if asian and not text.isascii():
            yield from self._understand(asian[1], shouted)
            return
        of_whom = _OF_WHOM.search(text)
        if of_whom:
            person = text[: of_whom.start()].split()
            if self._is_person(person, [fold(word) for word in person], shouted):
                name = " ".join(person)
                yield Part(Sort.PERSON, name, name)
                if of_whom[0] != " from ":
                    yield from self._understand(text[of_whom.end() :], shouted)
                return
        missions = [key for key in keys if key in self.known.missions]
        if missions and all(key in self.known.missions or key in _MISSION_REMARKS for key in keys):
            yield Part(Sort.MISSION, text, text)
        elif self._is_person(text.split(), keys, shouted):
            yield Part(Sort.PERSON, text, text)
        elif _is_name(text.split()):
            yield Part(Sort.OTHER, legal, legal)

    def _without_remarks(self, text: str) -> str:
        """Words without «handout» and the like before and behind them."""
        words = text.split()
        while len(words) > 1 and self.known.names.get(fold(words[-1])) == ():
            words.pop()
        while len(words) > 1 and self.known.names.get(fold(words[0])) == ():
            words.pop(0)
        return " ".join(words)

    def _is_person(self, words: list[str], keys: list[str], shouted: bool) -> bool:
        """Whether words have the look of a person's name."""
        if not 2 <= len(words) <= 5 or any(key in self.known.organisation_words for key in keys):
            return False
        if keys[-1] == "u":  # «Cornell U.»
            return False
        shouted = shouted or (len(words) <= 3 and all(map(str.isupper, words)))
        full = 0
        for word, key in zip(words, keys, strict=True):
            if key in _PARTICLES or key in _SUFFIXES:
                continue
            if not word[0].isupper() and not _uncased(word):
                return False
            if any(character.isdigit() for character in word):
                return False
            if _INITIALS.fullmatch(word) or len(word) == 1:
                continue
            if word.isupper() and not _uncased(word):
                if len(word) == 2 and key not in _NO_INITIALS and full == 0:
                    continue
                if not shouted or len(word) < 3:
                    return False
            if _CAMEL.search(word) and not _INNER_CAPITAL.match(word):
                return False
            full += 1
        return full >= 1

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
            if len(self.terms) >= _KEPT:
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
_POSSESSIVE = re.compile(r"['’]s$")


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


def _uncased(word: str) -> bool:
    """Whether a script without capitals: a name there looks like any word."""
    return word.lower() == word.upper()


def _is_name(words: list[str]) -> bool:
    """Whether words are a name of something, and no prose."""
    if len(words) > 9:
        return False
    proper = sum(word[:1].isupper() or word[:1].isdigit() or _uncased(word) for word in words)
    small = sum(word.casefold() in _CONNECTING for word in words)
    return proper >= 1 and proper + small >= 0.75 * len(words)


_CONNECTING = _PARTICLES | word_set("of the for in on at and für und des dem et les à du no")


def _slug(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", bare).strip("-")
