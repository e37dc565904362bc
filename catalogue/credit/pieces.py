"""What a piece of a credit line names that stands between two of its separators.

What the registry knows is looked up; what it does not know is a person, an organisation or a remark
by the look of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalogue.credit.labels import EDGES, Labels
from catalogue.credit.vocabulary import Part, Sort, Vocabulary, fold
from catalogue.texts import word_set

_ADDRESS = re.compile(r"(?i)(?:https?://|www\.)\S+|(?<!\S)[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.]*")
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
_MOST_HYPHENS = 8
_POSSESSIVE = re.compile(r"['’]s$")
KEPT = 20_000
"""Lines and parts whose meaning is remembered: pictures of one source repeat their credit."""


class Pieces:
    """Understands pieces with one vocabulary, and remembers them."""

    def __init__(self, known: Vocabulary, labels: Labels) -> None:
        self.known = known
        self.labels = labels
        self.remembered: dict[str, tuple[Part, ...]] = {}

    def parts(self, piece: str, shouted: bool) -> tuple[Part, ...]:
        """The names in a piece, in their order.

        Args:
            piece: What stands between two separators.
            shouted: The whole line is in capitals.
        """
        found = self.remembered.get(piece)
        if found is None:
            if len(self.remembered) >= KEPT:
                self.remembered.clear()
            found = tuple(self._understand(piece, shouted))
            if len(piece) < 200:
                self.remembered[piece] = found
        return found

    def _understand(self, piece: str, shouted: bool) -> Iterator[Part]:
        """What a piece between two separators names."""
        piece = piece.removeprefix("the ")
        key = fold(piece)
        known = self.known.names.get(key)
        if known is None:
            known = self.known.mistyped(key)
        if known is not None:
            yield from known
            return
        if "–" in piece or "—" in piece:
            for one in re.split("[–—]", piece):
                yield from self._understand(one.strip(EDGES), shouted)
            return
        listed = self._hyphened(piece) if "-" in piece else []
        if listed:
            for one in listed:
                yield from self._understand(one, shouted)
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

    def _hyphened(self, piece: str) -> list[str]:
        """The names of a list with hyphens, ``NASA-JPL-Caltech-MSSS``; nothing where it is none.

        It is a list where two of its names are known, or an agency stands before another name.
        """
        parts = [part.strip(EDGES) for part in piece.split("-", _MOST_HYPHENS)]
        if len(parts) > _MOST_HYPHENS or not all(parts):
            return []
        names, known = [], 0
        at = 0
        while at < len(parts):
            stop = next(
                (stop for stop in range(len(parts), at, -1)
                 if self.known.names.get("".join(map(fold, parts[at:stop])))),
                None,
            )  # fmt: skip
            known += stop is not None
            names.append("-".join(parts[at : stop or at + 1]))
            at = stop or at + 1
        agency = fold(parts[0]) in self.known.eminent and names[1:] and names[1][0].isupper()
        return names if len(names) > 1 and (known > 1 or agency) else []

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
        while words and (fold(words[0]) in self.known.titles):
            words = words[1:]
        if words in (["The"], ["THE"]):
            return  # what it belongs to is told already
        text = " ".join(words).strip(EDGES) if words else ""
        if not text or len(text) > _LONGEST_NAME:
            return
        if not alone:
            text = self.labels.strip(text)[0].strip(EDGES)
        if _NO_NAME.fullmatch(text):
            return
        text = _ADDRESS.sub("", text).strip(EDGES)
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
