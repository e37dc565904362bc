"""When a picture was taken, and on which sol, as far as its caption states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero gennaio janeiro januari",
            "february feb februar février febrero febbraio fevereiro februari",
            "march mar märz mars marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maggio maio mei",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août agosto augustus",
            "september sep sept septembre septiembre settembre setembro",
            "october oct oktober octobre octubre ottobre outubro okt",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dicembre dezembro dez",
        ),
        1,
    )
    for name in names.split()
}
_NAME = r"[^\W\d_]{3,10}"
"""Any word that may be the name of a month: which it is, the table above tells."""
_YEAR = r"(?P<year>19[5-9]\d|20[0-4]\d)"
_DAY = r"(?P<day>[0-3]?\d)"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<month>{_NAME})\.?\s{{1,3}}{_DAY}(?:st|nd|rd|th)?\s{{0,2}},?\s{{0,2}}{_YEAR}\b",
        rf"\b{_DAY}(?:\.|st|nd|rd|th|er|º)?\s{{1,3}}(?:de\s|of\s)?(?P<month>{_NAME})\.?,?\s{{1,3}}(?:de\s|del\s)?{_YEAR}\b",
        rf"\b{_YEAR}[-/.](?P<month>[01]\d)[-/.](?P<day>[0-3]\d)\b",
        rf"\b{_YEAR}\s(?P<month>{_NAME})\.?\s{_DAY}\b",
        rf"\b(?P<month>{_NAME})\.?,?\s{{1,3}}(?:de\s|of\s)?{_YEAR}\b",
    )
)
_FORMS_IN_DIGITS = _FORMS[2:3]
"""Those that spell no month."""
_LETTERS = re.compile(r"[^\W\d_]+")
_EASTERN_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}年(?P<month>1?\d)月{_DAY}日",
        rf"{_YEAR}年(?P<month>1?\d)月",
    )
)
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST = 40
"""Dates of one text that are read."""
_REACH = 34
"""Characters that a date stretches from its year at most."""
_SOL = re.compile(
    r"\bsols?\s{0,2}#?(?P<sol>\d{1,2},\d{3}|\d{1,4})(?![\d%])"
    r"|\b(?P<nth>\d{1,2},\d{3}|\d{1,4})(?:st|nd|rd|th)\s(?:martian\sday|sol)\b",
    re.IGNORECASE,
)
_SPEAK_OF_SOLS = ("sol", "Sol", "SOL", "artian day", "artian Day")
_TAKEN_BEFORE = re.compile(
    r"\b(?:tak\w+|took|captur\w+|acquir\w+|photograph\w*|snap\w+|imaged?|shot|obtain\w+|record\w+"
    r"|seen|view\w*|image|picture|photo|mosaic|panorama|selfie|aufgenommen|fotografiert|prise?s?"
    r"|tomad\w+|captad\w+|scattat\w+|ripres\w+|tirad\w+|feita|made|saw|looked|flight|sol)\b[^.;]{0,90}$",
    re.IGNORECASE,
)
_OTHER_BEFORE = re.compile(
    r"\b(?:releas\w+|publish\w+|post\w+|issued|launch\w*|land(?:ed|ing|s)?|arriv\w+|announc\w+|updated|until"
    r"|since|born|anniversary|will|scheduled|handout|veröffentlicht|publi\w+|gelandet|lanz\w+)\b[^.;,]{0,50}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateSaid:
    """A date in a text, and whether the words before it tell that the picture is meant."""

    date: str
    """ISO 8601, as precise as the text."""
    words: str
    taken: bool
    other: bool
    start: int


def dates_in(text: str) -> list[DateSaid]:
    """The dates of a text, in its order, those that are part of a longer one left out."""
    found: dict[int, DateSaid] = {}
    covered: list[tuple[int, int]] = []
    near = list(_near_years(text))
    if not near:
        return []
    spelled = not _MONTHS.keys().isdisjoint(
        word for start, stop in near for word in _LETTERS.findall(text[start:stop].lower())
    )
    for form in (
        *(_FORMS if spelled else _FORMS_IN_DIGITS),
        *(_EASTERN_FORMS if "年" in text else ()),
    ):
        for match in (match for start, stop in near for match in form.finditer(text, start, stop)):
            start, stop = match.span()
            if any(start < end and begin < stop for begin, end in covered):
                continue
            date = _iso(match)
            if date is None:
                continue
            if len(covered) == _MOST:
                break
            covered.append((start, stop))
            before = text[max(0, start - 110) : start]
            found[start] = DateSaid(
                date,
                match[0],
                bool(_TAKEN_BEFORE.search(before)),
                bool(_OTHER_BEFORE.search(before)),
                start,
            )
    return [found[start] for start in sorted(found)]


def _near_years(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text that can hold a date: those round a year."""
    start, stop = 0, -1
    for year in _ANY_YEAR.finditer(text):
        if year.start() - _REACH > stop:
            if stop > 0:
                yield start, stop
            start = max(0, year.start() - _REACH)
        stop = year.end() + _REACH
    if stop > 0:
        yield start, stop


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    word = parts["month"].lower()
    month = int(word) if word.isdigit() else _MONTHS.get(word, 0)
    day = parts.get("day")
    if not day and parts["month"] in {"Mars", "MARS"}:
        return None  # the mission; the month is written small
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    return f"{parts['year']}-{month:02}" + (f"-{int(day):02}" if day else "")


def date_taken(text: str) -> DateSaid | None:
    """The date on which a caption says that its picture was taken; None where it tells none.

    One that follows a word of taking; else the only one of the text, where nothing says that it
    is of something else.
    """
    dates = dates_in(text)
    told = [one for one in dates if one.taken and not one.other]
    if told:
        return told[0]
    rest = [one for one in dates if not one.other]
    return rest[0] if len(dates) == 1 and rest else None


def sols_in(text: str) -> Iterator[tuple[int, str]]:
    """Martian days that a text numbers, with the words."""
    if not any(word in text for word in _SPEAK_OF_SOLS):
        return
    for match in _SOL.finditer(text):
        yield int((match["sol"] or match["nth"]).replace(",", "")), match[0]
