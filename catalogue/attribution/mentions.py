"""Finding spacecraft and cameras in text: names from the registry, and nouns that refer to them.

A text is cut into words once. Names are looked up word by word in a tree built from the registry,
so the time grows with the text and not with the number of names. What comes out is a string of
letters, one for each word or name, that rules of grammar can be written for (the letters of plain
words are those of :mod:`catalogue.attribution.words`)::

    S  a named spacecraft        R  a spacecraft meant by a noun («the rover») or by itself
    I  a camera                  Q  a place or people that bear a spacecraft's name
    M  what carries a camera     J  a part of a spacecraft that has a name
    1  an instrument that takes no pictures
    g  a noun that belongs to a name («the Curiosity rover»)
    G  a noun that may mean any spacecraft
    A  whose it is: NASA, Chinese        '  possessive
    d  number     X  other word with a capital     x  other word     . , : ( ) " -  marks
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

from catalogue.attribution.naming import (
    TOKEN,
    CreditMark,
    Sort,
    credit_marks,
    fold,
    names_of,
    place_names,
    spellings,
)
from catalogue.attribution.phrases import JOINERS, Phrases
from catalogue.attribution.reading import Draft, Mention, Reading
from catalogue.attribution.referring import EAST, Referring
from catalogue.attribution.words import CLASS, CRAFT_NOUNS, NATIONS
from catalogue.registry import Registry
from catalogue.texts import word_set

MAX_TEXT = 20_000
"""Characters of one text that are read: no caption is longer, and a page's noise need not be."""

_FORMAT = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
_TAG = re.compile(r"<[^<>]{1,300}>")
_MARKS = {
    ".": ".", "!": ".", "?": ".", "。": ".", "！": ".", "？": ".", "…": ".", ";": ".", "•": ".",
    ",": ",", "，": ",", "、": ",", ":": ":", "：": ":", "(": "(", "[": "(", "（": "(", ")": ")",
    "]": ")", "）": ")", "-": "-", "–": "-", "—": "-", "‐": "-", "/": "/", "|": ".",
}  # fmt: skip
_ABBREVIATED = word_set(
    "mt jan feb mar apr jun jul aug sep sept oct nov dec st dr univ u s no a b c d e f g h i j k"
    " l m n o p q r t v w x y z ca approx vs fig gen nr bzw lat long"
)


class Lexicon:
    """Every name of a registry, ready to be looked up."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.watched = tuple(
            craft for craft in registry.spacecraft.values() if craft.usually_seen_by
        )
        self._names = Phrases(names_of(registry))
        self.referring = Referring(registry)
        self.kinds = self.referring.kinds
        self._places: Phrases[tuple[str, tuple[str, ...]]] = Phrases(place_names(registry))
        self._features: Phrases[bool] = Phrases((fold(name), True) for name in registry.features)
        self._bodies: Phrases[bool] = Phrases((fold(name), True) for name in registry.bodies)
        self.credit_marks: dict[str, list[CreditMark]] = {}
        """By one of the names that each needs."""
        for mark in credit_marks(registry):
            self.credit_marks.setdefault(min(mark.needed), []).append(mark)
        agencies = {
            word
            for craft in registry.spacecraft.values()
            for agency in craft.agency
            for word in fold(agency)
            if len(fold(agency)) == 1
        }
        self._agencies = agencies | NATIONS
        self._letters = _Letters(dict.fromkeys(self._agencies, "A") | CLASS | _MARKS)

    @cached_property
    def _east(self) -> re.Pattern[str]:
        """Words of scripts without spaces, the longest first; made when a text has such signs."""
        names = (part for name in spellings(self.registry) for part in (name, *fold(name)))
        words = (*CLASS, *CRAFT_NOUNS, *(name for name in names if len(name) > 1))
        east = {word for word in words if not word.isascii() and EAST.search(word)}
        longest_first = sorted(east, key=lambda word: (-len(word), word))
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def cut(self, text: str, where: str) -> Draft:
        """Cut a text into words and look the names up.

        Args:
            text: As published; its beginning is read where it is very long.
            where: The field that it stands in.
        """
        clean = plain_text(text)
        words = TOKEN.findall(clean)
        if not clean.isascii() and EAST.search(clean):
            words = self._cut_east(words)
        low = list(map(str.lower, words))
        names = [Mention(name, start, stop) for start, stop, name in self._names.find(low)]
        return Draft(clean, where, words, low, names)

    def finish(
        self,
        draft: Draft,
        *,
        known: frozenset[str] = frozenset(),
        about_space: bool = False,
    ) -> Reading:
        """Tell what each word is, and which names count.

        Args:
            draft: The words.
            known: Spacecraft that texts of the picture name.
            about_space: Whether other texts tell that it is about spacecraft, so that «Spirit» may
                be one.
        """
        words, low, names = draft.words, draft.low, draft.names
        reading = Reading(text=draft.text, where=draft.where, words=words, low=low)
        letters = self._letters.of(words)
        self._mend_marks(letters, words, low)
        supported = (
            about_space
            or not _ABOUT_MARS.isdisjoint(low)
            or not self._agencies.isdisjoint(low)
            or len({one.slugs for one in names}) > 1
            or any(not one.name.common and one.name.sort is not Sort.MOUNT for one in names)
        )
        of_aircraft = not _AIRCRAFT.isdisjoint(low)
        travelling = self._travelling(names, known)
        done, element, parts = 0, 0, []
        for number, mention in enumerate(names):
            following = names[number + 1] if number + 1 < len(names) else None
            if (
                following is not None
                and _CALLED.issuperset(low[mention.stop : following.start])
                and set(following.slugs) < set(mention.slugs)
            ):
                continue  # «Mars Exploration Rover Spirit»: the second says which
            if of_aircraft and mention.name.common:
                continue
            if mention.name.sort is Sort.PART:
                named = self._part_of(mention, words, low, travelling)
                if named is None:
                    continue
                mention = named
            elif not self._counts(mention, words, low, supported):
                continue
            start = mention.start
            parts.append("".join(letters[done:start]))
            reading.starts.extend(range(done, start + 1))
            element += start - done
            reading.mentions[element] = mention
            parts.append(mention.name.sort.value)
            element += 1
            done = mention.stop
        parts.append("".join(letters[done:]))
        reading.starts.extend(range(done, len(words)))
        reading.code = "".join(parts)
        if "i" in reading.code:
            reading.code = _SELF.sub(lambda found: found[0].replace("i", "Z"), reading.code)
        _narrow(reading)
        self.referring.refine(reading, known, lambda: self._workers_at(low))
        if "B" in reading.code or "J" in reading.code:
            reading.code = _MOUNTING.sub(lambda found: found[0][:-1] + "x", reading.code)
        return reading

    def _travelling(self, names: list[Mention], known: frozenset[str]) -> frozenset[str]:
        """Spacecraft that are named, and those that travelled with them."""
        crafts = [one.slugs for one in names if one.name.sort is Sort.CRAFT]
        alone = {slugs[0] for slugs in crafts if len(slugs) == 1}
        slugs = {slug for named in crafts for slug in alone.intersection(named) or named}
        cameras = {one.carriers for one in names if one.name.sort is Sort.CAMERA}
        slugs.update(carriers[0] for carriers in cameras if len(carriers) == 1)
        return self.referring.travellers(slugs | known)

    def _part_of(
        self, mention: Mention, words: list[str], low: list[str], travelling: frozenset[str]
    ) -> Mention | None:
        """A part's name, as that of a spacecraft that is named, where it is an ordinary word."""
        if not mention.name.common:
            written = "".join(words[mention.start : mention.stop])
            return mention if mention.name.exact in {None, written} else None
        kinds = CRAFT_NOUNS.get(low[mention.start], frozenset())
        if any(self.kinds.get(slug) in kinds for slug in travelling):
            return None  # the noun means that one
        slugs = tuple(slug for slug in mention.slugs if slug in travelling)
        return replace(mention, name=replace(mention.name, slugs=slugs)) if slugs else None

    def places_in(self, reading: Reading) -> Iterator[tuple[str, tuple[str, ...], str]]:
        """Places of a text where spacecraft worked: name, the spacecraft, the words."""
        for start, stop, (name, slugs) in self._places.find(reading.low):
            yield name, slugs, reading.quote_words(start, stop)

    def _workers_at(self, low: list[str]) -> frozenset[str]:
        """Spacecraft that worked at the places that a text names."""
        return frozenset(slug for _, _, (_, slugs) in self._places.find(low) for slug in slugs)

    def _cut_east(self, words: list[str]) -> list[str]:
        """Scripts without spaces: known words are cut out of the run of signs."""
        cut: list[str] = []
        for word in words:
            if not EAST.search(word):
                cut.append(word)
                continue
            at = 0
            for inner in self._east.finditer(word):
                if inner.start() > at:
                    cut.append(word[at : inner.start()])
                cut.append(inner[0])
                at = inner.end()
            if at < len(word):
                cut.append(word[at:])
        return cut

    def _mend_marks(self, letters: list[str], words: list[str], low: list[str]) -> None:
        """Dots that end no sentence; the month of May; looks that are no gaze; the left side."""
        last = len(words) - 1
        for found in _TO_MEND.finditer("".join(letters)):
            at, letter = found.start(), found[0]
            if letter == ".":
                if not 0 < at < last or words[at] != ".":
                    continue
                following, before = words[at + 1], words[at - 1]
                if (
                    following[0].islower()
                    or (low[at - 1] in _ABBREVIATED and following != ".")
                    or (following[0].isdigit() and before[-1].isdigit())
                ):
                    letters[at] = '"'
            elif letter == "F" and words[at] == "May":
                letters[at] = "X"
            elif letter in {"L", "l"}:
                following = low[at + 1] if at < last else ""
                if following in _NO_GAZE if letter == "L" else following not in _LEFT_OVER:
                    letters[at] = "x"

    def is_about_space(self, draft: Draft) -> bool:
        """Whether a text tells, by its words, that it is about spacecraft or Mars."""
        return not _ABOUT_MARS.isdisjoint(draft.low) or not self._agencies.isdisjoint(draft.low)

    def another_world(self, drafts: Sequence[Draft]) -> str | None:
        """Another planet, moon or comet that texts tell of, where they do not of Mars."""
        told = (
            " ".join(draft.words[start:stop])
            for draft in drafts
            for start, stop, _ in self._bodies.find(draft.low)
            if draft.words[start][0].isupper()
        )
        name = next(told, None)
        of_mars = name is not None and any(
            not _MARS.isdisjoint(draft.low)
            or self._places.find(draft.low)
            or self._features.find(draft.low)
            or any(self._sees_mars(slug) for mention in draft.names for slug in mention.slugs)
            for draft in drafts
        )
        return None if of_mars else name

    def _sees_mars(self, slug: str) -> bool:
        """Whether a spacecraft, or what carries a camera, sent pictures from Mars."""
        crafts, camera = self.registry.spacecraft, self.registry.instruments.get(slug)
        carriers = camera.spacecraft if camera is not None else (slug,)
        return any(
            craft in crafts
            and crafts[craft].returned_images
            and crafts[craft].kind not in {"flyby", "telescope"}
            for craft in carriers
        )

    # --- names ----------------------------------------------------------------------------------

    def _counts(self, mention: Mention, words: list[str], low: list[str], supported: bool) -> bool:
        """Whether the words round a name support that it means the spacecraft or camera."""
        name, start, stop = mention.name, mention.start, mention.stop
        if name.exact is None and not name.common:
            return True
        written = "".join(word for word in words[start:stop] if word not in JOINERS)
        if name.exact is not None and written in {name.exact, f"{name.exact}s"}:
            if any(letter.isupper() for letter in written[1:]):
                return True  # InSight, MAVEN, WATSON
        elif name.exact is not None:
            # in another case they are ordinary words
            return (
                written[0].isupper()
                and len(written) > 4
                and (
                    self._near_noun(low, start, stop)
                    or (name.is_camera and _by_camera(low, start, stop))
                )
            )
        capital = written[0].isupper() or bool(EAST.match(written))
        if not name.common or self._near_noun(low, start, stop):
            return capital
        if name.noun and capital and not supported:
            supported = (
                start > 0
                and low[start - 1][0].isalpha()
                and words[start - 1].islower()
                and (stop >= len(words) or words[stop].islower() or not words[stop][0].isalnum())
            )
        if capital and not supported and low[stop : stop + 1] and low[stop] in {"'s", "’s"}:
            supported = any(CLASS.get(word) in _OWNED for word in low[stop + 1 : stop + 4])
        if not capital or not supported:
            return False
        return low[stop : stop + 1] != ["of"]

    def _near_noun(self, low: list[str], start: int, stop: int) -> bool:
        """Whether «rover», «NASA's» or the like stands beside a name."""
        for word in reversed(low[max(0, start - 5) : start]):
            if word in CRAFT_NOUNS or word.rstrip("s") in CRAFT_NOUNS or word in self._agencies:
                return True
            if word not in _BETWEEN:
                break
        for word in low[stop : stop + 4]:
            if word in CRAFT_NOUNS:
                return True
            if word not in _BETWEEN:
                break
        return False


def _by_camera(low: list[str], start: int, stop: int) -> bool:
    """Whether «camera» stands right beside a name: «caméra Mahli», «Mahli-Kamera»."""
    behind = stop + (low[stop : stop + 1] == ["-"])
    return "C" in (
        CLASS.get(low[start - 1]) if start else None,
        CLASS.get("".join(low[behind : behind + 1])),
    )


_OWNED = frozenset("PBCO")
"""Classes of what a spacecraft has: pictures, parts, cameras."""
_BETWEEN = word_set("mars the robotic robot new twin martian 's ’s ' ’ - first latest")
_SELF = re.compile("i.{0,2}[VvT]|[VvTP]o?i|iP")
"""«Which photographed itself»: a self-portrait."""
_MOUNTING = re.compile(
    r"(?<![SRg])4[txX-]{0,4}B(?!o)|(?:h[nux]|[IC][^.BIC:VTPkE]{0,4}n|[PVTbw][^.BIC:VTPkE]{0,2}n|b)"
    r"[txXyAg-]{0,4}(?:[SRG]g?(?:'[xXO]{0,2})?)?[BJ]"
)
"""«The camera on its mast», «ground by its tool»: a part that is told of for what it does; «it
casts a shadow», of a rock."""
_CALLED = word_set("dubbed named called rover lander orbiter spacecraft known as the - , ( :")
"""What may stand between a name that several share and the name of one of them."""
_AIRCRAFT = word_set("aircraft airplane aeroplane flugzeug avion avión")
"""Where one is told of, a name that means other things too is its name."""
_MARS = word_set("mars martian marte marziano martien marsianischen phobos deimos 火星")
_ABOUT_MARS = _MARS | word_set("""
    rover rovers lander orbiter
    sol sols jezero gusev meridiani helicopter probe crater craters dune dunes orbit regolith
    """)
_TO_MEND = re.compile("[.FLl]")
"""Letters that words round them may change."""
_NO_GAZE = frozenset({"like", "for", "set"})
"""What follows on «looks» where nobody looks."""
_LEFT_OVER = frozenset({"from", "over"})
"""What follows on «left» where it is no side and no trace."""


class _Letters(dict[str, str]):
    """The letter of each word as it is written, found once for all texts."""

    MOST = 50_000

    def __init__(self, classes: dict[str, str]) -> None:
        self._classes = classes

    def __missing__(self, word: str) -> str:
        letter = self._classes.get(word.lower()) or (
            "x" if word[0].islower() else _letter_by_sign(word[0])
        )
        self[word] = letter
        return letter

    def of(self, words: list[str]) -> list[str]:
        """The letters of a text's words."""
        if len(self) > self.MOST:
            self.clear()  # a catalogue's captions may hold any number of words
        return list(map(self.__getitem__, words))


def _letter_by_sign(sign: str) -> str:
    """What a word of no class is, by its first sign."""
    if sign.isalnum():
        return "d" if sign.isdigit() else "X" if sign.isupper() else "x"
    return "'" if sign in "'’" else '"'


def plain_text(text: str) -> str:
    r"""A text as it is read: markup, control and direction marks gone, white space folded.

    >>> plain_text("A <b>dune</b>\u202e field")
    'A dune field'
    """
    text = text[:MAX_TEXT]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = _FORMAT.sub("", text)
    return " ".join(text.split())


def _narrow(reading: Reading) -> None:
    """«Viking», where the text elsewhere says «Viking 1»: which of several is meant."""
    told = {one.slugs for _, one in reading.crafts()}
    for at, one in list(reading.mentions.items()):
        if one.name.sort is not Sort.CRAFT or len(one.slugs) < 2:
            continue
        within = [slugs for slugs in told if set(slugs) < set(one.slugs)]
        if len(within) == 1:
            reading.mentions[at] = replace(one, name=replace(one.name, slugs=within[0]))


@lru_cache(maxsize=4)
def lexicon_of(registry: Registry) -> Lexicon:
    """Every name of a registry, made ready once."""
    return Lexicon(registry)
