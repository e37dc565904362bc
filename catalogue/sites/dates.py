"""Dates as pages write them, made ISO 8601; as precise as they were, and no more."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})(?:-(\d{1,2})"
    r"(?:[T ]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?)?(?![\d-])"
)
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?\s*$")
_EAST = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日일])?")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{2,4})(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})(?:[:h](\d{2})(?::(\d{2}))?|\.(\d{2})(?=\s*(?:uhr|am|pm|a\.m|p\.m)))?"
    r"\s*(a\.?m\.?|p\.?m\.?|uhr)?(?=$|[^\w:])"
    r"(?:[\s,(]*(utc|gmt|z|cest|cet|bst|est|edt|cst|cdt|mst|mdt|pst|pdt|et|pt)\b)?"
    r"\s*([+-]\d{2}:?\d{2}|(?:(?<=gmt)|(?<=utc))[+-]\d{1,2}(?!\d))?",
    re.I,
)
_MONTHS = {
    1: (
        "january januar janvier enero gennaio janeiro januari styczen stycznia jan ene "
        "gen janv января январь янв січня ocak ledna leden tammikuuta ianuarie gener "
        "ιανουαριου يناير ינואר जनवरी جانفي"
    ),
    2: (
        "february februar fevrier febrero febbraio fevereiro februari luty lutego feb "
        "fev fevr февраля февраль фев лютого subat unora unor helmikuuta februarie "
        "febrer φεβρουαριου فبراير شباط פברואר फरवरी فيفري"
    ),
    3: (
        "march marz maerz mars marzo marco maart marzec marca mar mrz mrt марта март "
        "мар березня mart brezna brezen maaliskuuta martie marcius martius μαρτιου مارس "
        "آذار מרץ मार्च"
    ),
    4: (
        "april avril abril aprile kwiecien kwietnia apr avr abr апреля апрель апр "
        "квітня nisan dubna duben huhtikuuta aprilie aprilis απριλιου أبريل ابريل نيسان "
        "אפריל अप्रैल"
    ),
    5: (
        "may mai mayo maggio maio mei maj maja mag мая май травня mayis kvetna kveten "
        "toukokuuta maig majus μαιου مايو أيار ماي מאי मई"
    ),
    6: (
        "june juni juin junio giugno junho czerwiec czerwca jun giu июня июнь червня "
        "haziran cervna cerven kesakuuta iunie juny junius ιουνιου يونيو حزيران جوان "
        "יוני जून"
    ),
    7: (
        "july juli juillet julio luglio julho lipiec lipca jul juil lug июля июль липня "
        "temmuz cervence cervenec heinakuuta iulie juliol julius ιουλιου يوليو تموز "
        "جويلية יולי जुलाई"
    ),
    8: (
        "august aout agosto augustus augusti sierpien sierpnia aug ago августа август "
        "авг серпня agustos srpna srpen elokuuta agost augusztus αυγουστου أغسطس اغسطس "
        "آب אוגוסט अगस्त"
    ),
    9: (
        "september septembre septiembre settembre setembro wrzesien wrzesnia sep sept "
        "set сентября сентябрь сен сент вересня eylul zari syyskuuta septembrie "
        "setembre szeptember σεπτεμβριου سبتمبر أيلول ספטמבר सितंबर सितम्बर"
    ),
    10: (
        "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika oct "
        "okt ott out октября октябрь окт жовтня ekim rijna rijen lokakuuta octombrie "
        "οκτωβριου أكتوبر اكتوبر אוקטובר अक्टूबर अक्तूबर"
    ),
    11: (
        "november novembre noviembre novembro listopad listopada nov ноября ноябрь ноя "
        "листопада kasım listopadu marraskuuta noiembrie νοεμβριου نوفمبر נובמבר नवंबर "
        "नवम्बर"
    ),
    12: (
        "december dezember decembre diciembre dicembre dezembro grudzien grudnia dec "
        "dez dic декабря декабрь дек грудня aralık prosince prosinec joulukuuta "
        "decembrie desembre δεκεμβριου ديسمبر דצמבר दिसंबर दिसम्बर"
    ),
}
"""Names of the months in the languages of Europe, in Arabic, Hebrew and Hindi."""


def _plain(text: str) -> str:
    """Text without accents, as names of months are compared."""
    text = text.replace("ä", "a").replace("ß", "ss")
    return "".join(
        character
        for character in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(character)
    )


_MONTH = {_plain(name): number for number, names in _MONTHS.items() for name in names.split()}


def _dated(months: list[str]) -> re.Pattern[str]:
    """A day, a month by its name, a year: in any order that the languages have."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(months, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(name[1:])
    names = "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())
    return re.compile(
        rf"(?<!\w)(?:(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s-]*(?:de\s+|of\s+|ב)?)?({names})"
        r"(?!\w)(?:/[^\W\d]{2,12})?\.?,?[\s-]*(?:(\d{1,2})(?:st|nd|rd|th)?(?![\d:]),?\s+)?"
        r"(?:de\s+|del\s+)?(\d{4})?",
        re.I,
    )


_NAMED = _dated(list(_MONTH))
_NAMED_IN_ASCII = _dated([name for name in _MONTH if name.isascii()])
"""For texts that hold no other letters, as nearly all."""
_ZONES = {
    "utc": "+00:00", "gmt": "+00:00", "z": "+00:00", "cet": "+01:00", "cest": "+02:00",
    "bst": "+01:00", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00",
    "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00",
}  # fmt: skip


def iso_date(text: str | None, *, language: str | None = None) -> str | None:
    """The date that a text gives, as ISO 8601; None where it gives none.

    With the time where it stands there, with the offset where that stands there. Abbreviations of
    zones that mean several offsets (``ET``) are left out.

    Args:
        text: As the page writes it; only its first 200 characters count.
        language: The page's language tag: ``en-US`` writes the month before the day in numbers.

    >>> iso_date("19 Nov 2019 07:09 GMT")
    '2019-11-19T07:09:00+00:00'
    >>> iso_date("16/07/2022")
    '2022-07-16'
    """
    if not text:
        return None
    text = " ".join(str(text)[:200].split())
    found = _ISO.search(text)
    if found:
        year, month, day, hour, minute, second, _, zone = found.groups()
        if day is None:
            return _made(year, month, None)
        if hour is not None:
            return _made(year, month, day, hour, minute, second, _offset(zone))
        return _made(year, month, day)
    found = _COMPACT.match(text)
    if found:
        year, month, day, hour, minute, second, zone = found.groups()
        return _made(year, month, day, hour, minute, second, "+00:00" if zone else "")
    found = _EAST.search(text)
    if found:
        return _made(found[1], found[2], found[3], *_clock(text[found.end() :]))
    folded = _plain(text)
    for named in (_NAMED_IN_ASCII if folded.isascii() else _NAMED).finditer(folded):
        before, month_name, after, year = named.groups()
        day = before or after
        if year is None and before and after is None:
            # "Mon Nov 18 20:51:19 2019": the year stands last
            continue
        if year is None:
            late = re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", folded[named.end() :])
            if not late or day is None:
                continue
            year = late[1]
        rest = folded[: named.start()] + " " + folded[named.end() :]
        return _made(year, str(_MONTH[month_name.lower()]), day, *_clock(rest))
    found = _NUMERIC.search(text)
    if found:
        first, _, second_part, third = found.groups()
        clock = _clock(f"{text[: found.start()]} {text[found.end() :]}")
        if len(first) == 4:
            return _made(first, second_part, third, *clock)
        if len(third) == 2:
            third = f"20{third}"
        if len(third) != 4:
            return None
        month_first = int(second_part) > 12 or (
            (language or "").lower() in ("en-us", "en_us") and int(first) <= 12
        )
        day, month = (second_part, first) if month_first else (first, second_part)
        return _made(third, month, day, *clock)
    return None


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    known = _ZONES.get(zone.lower())
    if known:
        return known
    digits = zone[1:].replace(":", "")
    if len(digits) <= 2:
        digits = f"{digits:0>2}00"
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _clock(text: str) -> tuple[str | None, str | None, str | None, str]:
    for found in _CLOCK.finditer(text):
        hour, minute, second, dotted, half, zone, offset = found.groups()
        minute = minute or dotted
        if minute is None and half is None:
            continue
        number = int(hour)
        if half and half[0].lower() in "ap":
            if number > 12:
                continue
            number = number % 12 + (12 if half[0].lower() == "p" else 0)
        if number > 23:
            continue
        shift = _offset(offset) or _ZONES.get((zone or "").lower(), "")
        return str(number), minute or "00", second, shift
    return None, None, None, ""


def _made(
    year: str,
    month: str,
    day: str | None,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    offset: str = "",
) -> str | None:
    try:
        if day is None:
            datetime(int(year), int(month), 1)
            return f"{int(year):04d}-{int(month):02d}"
        when = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
        )
    except ValueError:
        return None
    if not 1900 <= when.year <= 2200:
        return None
    if hour is None:
        return f"{when:%Y-%m-%d}"
    return f"{when:%Y-%m-%dT%H:%M:%S}{offset}"
