"""How credit lines are written: telling one from a caption by its words, in several languages.

Nothing here knows an organisation or a site. A credit line is known by its label («Image credit:»,
«Foto:», «©»), by its grammar («Name image by Name»), by its brackets at the end of a caption, or by
names joined with strokes after the last sentence. Where a bare name is a credit because of its
place on a page, the reader of pages knows the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.texts import word_set

MAX_CREDIT = 400
"""Characters; a longer text is no credit line."""


@dataclass(frozen=True, slots=True)
class SplitCredit:
    """A text taken apart."""

    caption: str | None
    """What is left of the text; None where it was all credit."""
    credit: str | None
    """The credit to the letter, its label and brackets included; None where there is none."""
    label: str | None
    """The label alone, ``Image credit:``; None where the credit has none."""


_PICTURE = (
    r"(?:images?|pics?|photos?|photographs?|photography|pictures?|fotos?|foto['’]s|fotografías?|fotografi[ae]"
    r"|bild(?:er)?|imagen(?:es)?|imágenes|immagin[ei]|imagem|illustrations?|artwork|animation|graphics?|visuals?"
    r"|video|composite|mosaics?|render(?:ing)?s?|screen(?:shot|grab)s?|infographics?|media"
    r"|beeld|afbeelding|bilder?|billeder?|kuvat?|fotók?|kép|zdjęci[ea]|obraz(?:ek)?|obrázek|snímek"
    r"|fotoğraf(?:lar)?|görsel|φωτο(?:γραφίες|γραφία)?|εικόν[αε]ς?|фото(?:графи[ияї])?|снимок|изображени[ея]"
    r"|зображення|иллюстрация|صورة|الصورة|صور|عکس|תמונה|फोटो|तस्वीर|चित्र|ছবি|ảnh|hình|gambar|ภาพ"
    r"|снимка)"
)
_ROLE = (
    r"(?:credits?|crédits?|créditos?|crediti|courtesy(?:\s+of)?|copyright|sources?|quellen?|fuentes?"
    r"|nachweis|rechte|fotograf(?:in)?|photographer|byline"
    r"|fonti?|fonte|bron|kilde|källa|lähde|forrás|źródło|zdroj|kaynak|sursa|πηγή|источник|джерело"
    r"|المصدر|مصدر|تصوير|منبع|צילום|מקור|קרדיט|स्रोत|साभार|nguồn|sumber|ที่มา|източник|izvor)"
)
_DRAWN = (
    r"(?:maps?|charts?|data|diagrams?|graphs?|plots?|simulation|karten?|grafik(?:en)?|infografik|cartes?|mapas?"
    r"|cartina|graphique|infographie|gráficos?|infografía)"
)
"""What is drawn, and of what: before names only, since titles of drawings begin so, too."""
_MARK = r"(?:\s?[:：]|;)"
_BEFORE = r"(?:(?:all|lead|top|main|cover|header|banner|featured|alle|toutes\s+les)\s+)?"
_LABEL = (
    rf"(?:{_BEFORE}{_PICTURE}(?:"
    rf"\s*(?:&\s*\w+\s*)?{_ROLE}\s*(?:&\s*copyright\s*|should\s+read\s*)?(?:{_MARK}\s*©?|©|(?=\s))"
    rf"|{_MARK}\s*©?"
    r"|\s+(?:by|courtesy(?:\s+of)?|via)\b(?!\s+(?:the|a|an|its|this)\b))"
    rf"|(?:{_ROLE}|bildnachweis|bildquelle|bildrechte|foto\s*y\s*copyright){_MARK}\s*©?"
    r"|(?:credit|crédit|crédito)s?\s*[:：-]\s|credits?\s+(?=[A-Z]{2,}\w*/)"
    rf"|{_DRAWN}{_MARK}|fot\.\s"
    r"|courtesy(?:\s+of)?\s+|©\s*|\(c\)(?:\s+|(?=\w{2,5}(?:/|$)))|doc\.\s+|copyright\s+(?:©\s*)?(?=[A-Z\d])"
    r"|(?:map|chart|art|design|data|drawing|painting|concept|processing)\s+by\b"
    r"(?!\s+(?:the|a|an|its|this)\b)"
    r"|(?:写真|画像|映像|撮影|提供|图片|圖片|图源|图|摄影|来源|來源|사진|출처)(?:提供|来源|來源|出典)?\s*[:：=＝/／]"
    r"|[图圖][/／])"
)
_MAY_BEGIN = re.compile(
    r"[^\w-](afb|all|art|author|banner|beeld|bil[dl]|bron|byline|cart|chart|composite|concept|copyright"
    r"|courtesy|cover|credit|crédit|data|design|diagram|doc|drawing|featured|font|forr|fot|fuente|graf|gráf"
    r"|graph|görsel|header|imag|imág|immag|infogra|illustr|karte|kaynak|kép|kilde|kuva|källa|lead|lähde"
    r"|main|map|media|mosaic|nachweis|obr|painting|photo|pic|plot|processing|quelle|rechte"
    r"|render|screen|simulation|sním|source|sursa|top|toutes|video|visual|animation|zdj|zdroj|źród"
    r"|φωτο|εικόν|πηγή|фото|снимок|изобр|зобр|иллюстр|источник|джерело"
    r"|صور|الصورة|المصدر|مصدر|تصوير|عکس|منبع|תמונה|צילום|מקור|קרדיט|फोटो|तस्वीर|चित्र|स्रोत|साभार|ছবি|ảnh|hình|nguồn|gambar|sumber|ภาพ|ที่มา|източник|izvor"
    r"|写真|画像|映像|撮影|提供|图|圖|摄影|来源|來源|사진|출처)"
)
"""How a label of ``_LABEL`` can begin, in lower case, behind what is no word: only there, and at a
sign of copyright, is one looked for."""
_COPYRIGHT = re.compile(r"©|\(c\)")
_OPEN, _CLOSE = "(\\[（［【", ")\\]）］】"
"""Brackets, as inside a character class."""
_CLOSING = {"(": ")", "[": "]", "（": "）", "［": "］", "【": "】"}
_GIVEN = re.compile(r"提供|供图|供圖|撮影|摄影?$|攝影?$|[発发]$|제공|촬영")
"""Verbs that end a credit in Japanese, Chinese, Korean: provided by, photographed by, issued by."""
_LICENSED = re.compile(r"\bCC(?:[ -]BY\b|0\b)|(?i:\b(?:creative commons|public domain)\b)")
_OPENING = re.compile(rf"[{_OPEN}{{]?\s*")
_LABELLED = re.compile(rf"(?i:{_LABEL})")
_MADE_BY = re.compile(
    rf"^(?!(?:An?|The|This|In|On)\s)[A-Z][\w.&'’/-]*(?:\s+[A-Z/][\w.&'’/-]*){{0,5}}"
    rf"(?<![a-z]{{3}}\.)\s+(?i:{_PICTURE})\s+"
    r"(?:(?:created|made|produced|processed|acquired|taken)\s+)?(?:by|courtesy(?:\s+of)?)\s+(?:the\s+)?[A-Z@]"
)
_NAME = r"@?[A-Z][\w.&'’-]*(?:\s[A-Z][\w.&'’-]*){0,2}"
_RUNS_ON = re.compile(
    rf"\s*(?P<names>{_NAME}(?:\s?[/,]\s?{_NAME}){{1,6}}),?"
    r"(?=\s(?:A|An|The|In|On|At|This|These|As|It|NASA['’]s)\s|\s[A-Za-z]+:\s)"
)
"""Names behind a label, ahead of the caption with no mark between: a sentence or label follows."""
_AUTHOR = re.compile("(?i:authors?:)")
_AHEAD = 200
"""Characters within which such a credit begins."""
_BRACKETED = re.compile(
    rf"[{_OPEN}][^{_OPEN}{_CLOSE}]{{2,160}}(?:\([^()]{{1,60}}\)[^{_OPEN}{_CLOSE}]{{0,60}})?"
    rf"[{_CLOSE}]\s*[.。]?\s*$"
)
_EQUALLED = re.compile(
    rf"\s?([＝=][^。＝=]{{1,40}}(?:提供|撮影|配信)(?:[・／/][^。＝={_OPEN}{_CLOSE}]{{1,20}})?)$"
)
"""After a caption in Japanese papers: an equals sign, who gave or took it."""
_AGENCY = re.compile(
    r"\s?([＝=](?:[^。＝=]{1,30}、)?(?:[A-ZＡ-Ｚ]{2,5}|ロイター|共同|時事)(?:通信)?)$"
    r"|(?i:\s(\((?:ansa|afp|reuters|dpa|epa|efe|lapresse)\))$)"
)
"""News agencies that need no mark: after an equals sign, and in brackets in small letters."""
_PHOTO_OF = re.compile(r"\s[/|]\s?([^\W\d_a-z][^/|]{1,80}\s(?:nuotr\.|photo|foto))\.?$")
"""Behind a stroke, whose photo it is, in words."""
_PICTURE_OF = re.compile(
    r"^(?i:foto|photo|pic|image|bild|immagine|imagen|illustration|illustrazione)\s(?:d[ie]\s|by\s)?(?=[A-Z])"
)
"""What may stand in brackets before whose picture it is, with no mark between."""
_HANDED_OUT = re.compile(
    r"(?<=[。！？”」）])\s*([^。！？，,＝=]{2,40}(?:供图|供圖|摄|攝|摄影|提供))$"
    r"|(?<=[。！？”」）\s])\s*([^。！？，,＝=\s（(]{2,12}社[发發](?:[（(][^（(）)]{1,20}[）)])?)$"
    r"|(?<=[\u4e00-\u9fff”」）])\s+([^。！？，,＝=]{2,30}(?:供图|供圖|摄|攝))$"
    r"|(?<=[\u3040-\u9fff”」）])\s+([^。！？，,＝=\s]{2,30}提供)$"
)
"""In Chinese papers, after the last sentence or a space: who gave, took or issued it."""
_STROKED = re.compile(
    r"(?<=[.!?…”\"’»)|])\s+(?:[—–/|]\s+)?(@?[^\W\d_a-z][^.!?…()\[\]]{0,80}/[^!?…()\[\]]{2,120})$"
)
_JOINED = re.compile(
    r"\s(?=[A-Z]{2,}[\w-]*/|[A-Z][a-z]{2,3}/[A-Z])(?<=[a-z\d]\s)(?<!\bthe\s)(?<!\bof\s)(?<!\bby\s)(?<!\bfrom\s)"
    r"(?<!\band\s)(?<!\ba\s)(?<!\ban\s)(?<!\bwith\s)(?<!\bin\s)(?<!\bto\s)"
    r"((?:[A-Z]{2,}[\w-]*|[A-Z][a-z]{2,3}(?=(?:/[A-Z][\w.-]*){2}))(?:/[A-Z][\w.-]*(?:\s[A-Z][\w.-]*){0,2})+"
    r"(?:,?\s\(?CC[ -]BY[\w-]{0,6}(?:\s\d\.\d)?(?:\sIGO)?\)?)?)$"
)
"""``NASA/JPL`` or ``Nasa/JPL/ASU`` at the very end, with no sentence's end before it."""
_LAST = re.compile(r"(?<=[a-z)\d”\"’][.!?])\s+([^\W\d_a-z][^.!?;:()\[\]]{1,60})$")
"""A last fragment after a whole sentence."""
_BARRED = re.compile(r"(?<=[.!?…”\"’»)\]])\s+[|•·]\s+([^\W\d_a-z][^.!?;:()\[\]|]{1,60})$")
"""A name behind a bar, after a whole sentence."""
_BARRED_NAMES = re.compile(
    r"\s\|\s([^\W\d_a-z][^|!?…()\[\]]{0,80}/[^|!?…()\[\]]{1,80}|[A-Z]{2,6})$"
)
"""Names joined with strokes, or an agency in capitals, behind a bar, whatever stands before it."""
_THROUGH = re.compile(r"[–—-]\s*((?:via|by|from|courtesy of)\s+)$")
"""Behind a dash, what may stand ahead of names without a mark."""
_IN_PICTURE = re.compile(
    r"\b(?:left|right|above|below|pictured|shown|center|centre|top|bottom|inset|foreground|"
    r"background|see|links|rechts|oben|unten|gauche|droite|izquierda|derecha|"
    r"يمين|اليمين|يسار|اليسار|أعلى|أسفل|الوسط|أرشيف|أرشيفية|راست|چپ|בימין|מימין|בשמאל|משמאל|למעלה|למטה)\b"
)
_DATE_OR_NUMBER = re.compile(
    r"[\d\s.,/-]+|[A-Z]?\d[\w\s.-]*|(?:[A-Z][a-z]{2,8}\.?\s+)?\d{1,2}(?:,|\.)?\s+(?:[A-Z][a-z]{2,8}\s+)?\d{4}"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{4}"
)
_CONNECTORS = word_set(
    "von van der den de la le du des di da del dos das and und et y e of the for via by zu "
    "en at in on & con per pour für with"
)
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Inc|Ltd|Corp|Co|Jr|Sr|al|Dr|Univ|U\.S|St))\.$")
_WORD = re.compile(r"[^\W\d_][^\s/,|;:()+&]*")


def is_name_like(text: str) -> bool:
    """Whether a short text can be names of people or organisations: no sentence, capitals.

    >>> is_name_like("Sonu Mehta/Example Times"), is_name_like("a view of the crater")
    (True, False)
    """
    if not 2 <= len(text) <= 110 or text[-1] in "!?…" or text.count(" ") > 12:
        return False
    if text[-1] == "." and not _ABBREVIATED.search(text):
        return False
    words = _WORD.findall(text)
    if not words or sum(map(str.isdigit, text)) > sum(map(str.isalpha, text)):
        return False
    proper = sum(word[0].isupper() or word.lower() in _CONNECTORS for word in words)
    return (words[0][0].isupper() or text[0] in "@©") and proper >= 0.8 * len(words)


_OF_SITE = re.compile(
    r"rights? reserved|alle rechte|tous droits|derechos reservados|diritti riservati"
    r"|版权所有|版權所有|無断転載|(?:©|\(c\)|copyright)\W{0,3}(?:19|20)\d\d\b(?!.{0,80}\bphotos?\b)"
)


def is_site_notice(text: str) -> bool:
    """Whether a line is the notice at a site's foot, which speaks of no picture.

    >>> is_site_notice("© 2024 The Paper"), is_site_notice("© ESA/DLR/FU Berlin")
    (True, False)
    """
    return bool(_OF_SITE.search(text.lower()))


def is_credit(text: str) -> bool:
    """Whether a whole text is a credit line, by its label or its grammar.

    >>> is_credit("Image credit: NASA/JPL-Caltech"), is_credit("A view of the crater.")
    (True, False)
    """
    text = text.strip()
    if not text or len(text) > MAX_CREDIT:
        return False
    label = _starting_label(text)
    if label:
        rest = text[label.end() :].strip(f"{_OPEN}{_CLOSE}\\ ")
        return bool(rest) and _can_be_named(rest, label[0])
    return bool(_MADE_BY.match(text))


_NAMES_SOMEBODY = re.compile(rf"(?i){_ROLE}|©|提供|撮影|[=＝]")
_OF_DRAWING = re.compile(rf"(?i){_DRAWN}{_MARK}")
_SHORTENED = re.compile(r"[(\[]?[A-Z]{2,}[)\].,]?")
_BY = re.compile(r"(?i)\b(?:by|via)\b")
_HEAD = 60
"""Characters behind a label that tell a sentence from names."""


def _can_be_named(rest: str, label: str) -> bool:
    """Whether what follows a label names somebody, rather than tells what is seen.

    «Photo: NASA/JPL» is a credit, «Photo: the rover rolls down a slope.» a caption.
    """
    if _NAMES_SOMEBODY.search(label):
        return True
    if _OF_DRAWING.match(label):
        words = rest.split()
        return "/" in rest or len(words) == 1 or any(_SHORTENED.fullmatch(word) for word in words)
    if _BY.search(label):  # «Picture by InSight shows the plain» is a sentence
        head = _WORD.findall(rest[:_HEAD])
        proper = sum(word[0].isupper() for word in head)
        small = sum(word[0].islower() and word not in _CONNECTORS for word in head)
        return bool(small <= proper + 1)
    first = re.split(r"(?<=[a-z)]{2}\.)\s", rest)[0]
    words = _WORD.findall(first)
    if words and first.upper() == first.lower():
        return len(first) <= 30 and not re.search("[。！？]", first)  # a script without capitals
    proper = sum(word[0].isupper() or word.lower() in _CONNECTORS for word in words)
    return not words or (proper >= 0.6 * len(words)) or "/" in first


def strip_label(text: str) -> str:
    """A credit line without its label and outer brackets.

    >>> strip_label("(Image credit: NASA/JPL-Caltech)")
    'NASA/JPL-Caltech'
    """
    text = text.strip()
    if text[:1] in _OPEN and text[-1:] in _CLOSE:
        text = text[1:-1].strip()
    for _ in range(2):
        label = _starting_label(text)
        if label is None or label.end() >= len(text):
            break
        text = text[label.end() :].strip()
    return text


_NOTICE = re.compile(
    r"\s(?:FOR\s)?(?:MANDATORY CREDIT|EDITORIAL USE|NOT FOR SALE|NO (?:RE)?SALES"
    r"|NO ARCHIVES|ATTENTION EDITORS|RESTRICTED TO|TPX IMAGES"
    r"|THIS (?:IMAGE|PHOTO|PICTURE) (?:HAS|WAS))\b"
)
"""How an agency's notice begins that stands behind its credit, in capitals to its end."""
_LONGEST_NOTICE = 300


def split_credit(text: str) -> SplitCredit:
    """Take the credit from a caption that holds both.

    Args:
        text: A caption on one line.

    >>> split_credit("A dune field. Credit: NASA/JPL-Caltech").caption
    'A dune field.'
    """
    text = text.strip()
    if not text:
        return SplitCredit(None, None, None)
    if text[0] in "【［[" and text[-1] == _CLOSING[text[0]] and text.count(text[0]) == 1:
        whole = split_credit(text[1:-1])
        if whole.caption and whole.credit:
            return whole
    shouted = text[-4:-1].isupper()
    notice = shouted and _NOTICE.search(text, max(0, len(text) - _LONGEST_NOTICE))
    if notice:
        before = split_credit(text[: notice.start()].rstrip(" .;"))
        if before.credit:
            return before
    leading = _bracketed_label(text, 0)
    if leading is not None and len(text) - leading > 20:
        return _parts(text, 0, leading)
    for place in _label_places(text, 0, _AHEAD):
        label = _LABELLED.match(text, place)
        begun = label or _AUTHOR.match(text, place)
        ahead = begun and _RUNS_ON.match(text, begun.end(), min(len(text), _AHEAD + MAX_CREDIT))
        if ahead:
            return _parts(text, place if label else ahead.start("names"), ahead.end("names"))
    if is_credit(text):
        label = _starting_label(text)
        return SplitCredit(None, _trimmed(text), _label(label[0]) if label else None)
    tail_start = max(0, len(text) - MAX_CREDIT)
    for start in _labels(text, tail_start):
        if not _begins(text, start):
            continue
        stop = _bracketed_label(text, start) or len(text)
        after = text[stop:].lstrip()
        if after and _bracketed_label(after, 0):
            continue  # two in brackets: the agency's own, in its full form, is the last
        if is_credit(text[start:stop].strip()):
            return _parts(text, start, stop)
    characters = set(text)
    for pattern, signs, longest, holds in _BY_FORM:
        if signs and characters.isdisjoint(signs):
            continue
        form = pattern.search(text, max(tail_start, len(text) - longest))
        if form and holds(form[form.lastindex or 0]):
            start = form.start(form.lastindex or 0)
            through = _THROUGH.search(text, max(0, start - 12), start)
            start = through.start(1) if through else start
            if pattern is _BRACKETED and _LICENSED.search(text, start):
                names = split_credit(text[:start].rstrip())  # whose it is, ahead of the licence
                start = text.rfind(names.credit, 0, start) if names.credit else start
            caption = text[:start].rstrip(" —–|•·/").lstrip()
            return SplitCredit(caption or None, text[start:].strip(), None)
    return SplitCredit(text, None, None)


def _label_places(text: str, start: int, stop: int) -> list[int]:
    """Places of a text where a label may begin."""
    before = max(0, start - 1)
    part = text[before:stop]
    low = part.lower()
    if len(low) != len(part):
        low = part  # a capital whose small letter is two characters: places would be wrong
    if before == start:
        low, before = f" {low}", before - 1
    places = [before + found.start(1) for found in _MAY_BEGIN.finditer(low)]
    if "©" in low or "(c)" in low:
        places += (before + found.start() for found in _COPYRIGHT.finditer(low))
        places.sort()
    return [place for place in places if place >= start]


def _labels(text: str, start: int) -> Iterator[int]:
    """Where labels begin, with the bracket that opens before them, none inside another."""
    for place in _label_places(text, start, len(text)):
        label = _LABELLED.match(text, place) if place >= start else None
        if label:
            before = text[start:place].rstrip()
            yield start + len(before) - 1 if before[-1:] in _OPEN and before else place
            start = label.end()


def _starting_label(text: str) -> re.Match[str] | None:
    """The label that a text begins with, behind a bracket that opens."""
    opened = _OPENING.match(text)
    label = _LABELLED.match(text, opened.end() if opened else 0)
    if label is None and text[:1] == "(":
        label = _LABELLED.match(text)  # «(c)» is one itself
    return label


def _bracketed_label(text: str, start: int) -> int | None:
    """Where the bracket closes that a labelled credit opens at ``start``; None without one."""
    closing = _CLOSING.get(text[start : start + 1])
    if text[start : start + 3] == "(c)":
        return None  # a sign of copyright; «(C)» tells who stands in the centre
    if closing is None or not _starting_label(text[start : start + 80]):
        return None
    depth = 0
    for at in range(start, min(len(text), start + MAX_CREDIT)):
        depth += (text[at] == text[start]) - (text[at] == closing)
        if depth == 0:
            return at + 1
    return None


def _parts(text: str, start: int, stop: int) -> SplitCredit:
    """Credit from ``start`` to ``stop``, caption from what stands round it."""
    credit = _trimmed(text[start:stop])
    after = text[stop:].strip()
    around = [text[:start].strip(), after if any(map(str.isalnum, after)) else ""]
    label = _starting_label(credit)
    return SplitCredit(
        " ".join(part for part in around if part) or None,
        credit,
        _label(label[0]) if label else None,
    )


def _trimmed(credit: str) -> str:
    """A credit without what a page writes behind it: «| License photo»."""
    return re.split(r"\s+\|\s", credit.strip(), maxsplit=1)[0].strip()


def _label(text: str) -> str:
    return text.strip(" ([{")


def _begins(text: str, at: int) -> bool:
    """Whether a credit can begin here: after a sentence, a bracket, a dash, or at the start."""
    before = text[:at].rstrip()
    if not before or text[at] in _CLOSING:
        return True
    if before[-1] in '.!?…:;|/–—-,”"’»)]*•©。！？」』）】':
        return True
    # «... of the crater Image credit: NASA»: the label begins with a capital, its mark is clear
    return text[at] == text[at].upper()


def _names_in_brackets(text: str) -> bool:
    inner = text.strip().rstrip(".。").strip(f"{_OPEN}{_CLOSE}\\ ")
    if _starting_label(inner) or _GIVEN.search(inner) or _LICENSED.search(inner):
        return True
    inner = _PICTURE_OF.sub("", inner)
    if _IN_PICTURE.search(inner) or _DATE_OR_NUMBER.fullmatch(inner):
        return False
    words = _WORD.findall(inner)
    if words and "\u0590" <= words[0][0] <= "\u08ff":
        # Hebrew and Arabic have no capitals; their papers end a caption with the agency in brackets
        return len(words) <= 5 and not any(character.isdigit() for character in inner)
    handles = inner.count("@")  # a name there, whatever its letters
    proper = sum(word[0].isupper() or word.lower() in _CONNECTORS for word in words)
    return bool(words) and words[0][0].isupper() and proper + handles >= 0.75 * len(words)


def _stroked_names(text: str) -> bool:
    if text[-1] == "." and not _ABBREVIATED.search(text):
        return False  # a sentence
    words = _WORD.findall(text)
    proper = sum(word[0].isupper() or word.lower() in _CONNECTORS for word in words)
    return bool(words) and proper >= 0.75 * len(words) and len(words) <= 16


def _short_name(text: str) -> bool:
    """Whether a last fragment after a sentence is a name of a few words, all with capitals."""
    words = _WORD.findall(text)
    return (
        0 < len(words) <= 5
        and text[-1] not in ".,;:"
        and all(word[0].isupper() or word == "via" for word in words)
        and not any(character.isdigit() for character in text)
    )


_BY_FORM = (
    (_HANDED_OUT, "供提摄攝发發", 80, bool),
    (_BRACKETED, _CLOSE, MAX_CREDIT, _names_in_brackets),
    (_EQUALLED, "＝=", MAX_CREDIT, bool),
    (_AGENCY, "＝=)", 60, bool),
    (_PHOTO_OF, "/|", 120, bool),
    (_STROKED, "/", MAX_CREDIT, _stroked_names),
    (_JOINED, "/", MAX_CREDIT, _stroked_names),
    (_BARRED, "|•·", 70, _short_name),
    (_BARRED_NAMES, "|", MAX_CREDIT, bool),
    (_LAST, "", 70, _short_name),
)
"""Forms without a label, in the order in which they are tried: what they look like, signs of which
there must be one, within how many characters of the end, and what must hold of the names."""
