"""Licences that credit lines state, in one normal form: ``CC BY-SA 3.0 IGO``."""

from __future__ import annotations

import re

_ELEMENTS = {
    "attribution": "BY",
    "noncommercial": "NC",
    "sharealike": "SA",
    "noderivs": "ND",
    "noderivatives": "ND",
    "noderivative": "ND",
}
_HINT = re.compile(
    r"cc[\s_-]?(?:by|0|zero)|creative|domain|domín|domin|gemeinfrei|gfdl|gnu free|公有|パブリック"
    r"|общественное|open gov|ogl|[(\[ ]cc[)\] ]",
    re.IGNORECASE,
)
_SEP = r"[\s_-]*"
_ELEMENT = (
    rf"(?:by|nc|sa|nd|attribution|non{_SEP}commercial|share{_SEP}alike"
    rf"|no{_SEP}deriv(?:ative)?(?:s|\sworks)?)"
)
_LEAD = (
    r"(?:[(\[]\s?)?(?:\b(?:licen[cs]ed?|licenz\w+|lizen[sz]\w*|licencia|published|released|available|used)\b[\s:]*"
    r"(?:(?:under|with|sous|unter|bajo|con|sotto|sob)\s)?(?:(?:the|an?|la|der|die|una?)\s)?"
    r"|\bunder\s(?:the\s|an?\s)?)?"
)
_TAIL = r"(?:[\s,]*\blicen[cs]e\b|[\s-]*lizenz\b)?(?:\s?[)\]])?"
_PORT = r"(?:igo|de|fr|us|es|it|nl|au|uk|ca|br|jp|at|ch|pl)"
_CREATIVE = re.compile(
    rf"{_LEAD}(?:"
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/(?P<link>[a-z-]+)"
    r"(?:/(?P<link_version>\d\.\d))?(?:/(?P<link_port>[a-z]{2,3})\b)?/?(?:(?:deed|legalcode)\S*)?"
    rf"|\b(?:cc|creative\scommons){_SEP}(?P<zero>zero|0)\b(?:[\s-]*v?(?P<zero_version>1\.0))?(?:\suniversal)?"
    rf"|\b(?:cc|creative\scommons)(?:\s\(cc\))?[\s:_-]*(?P<kind>{_ELEMENT}(?:[\s_-]+{_ELEMENT})*)\b"
    rf"(?:[\s,_-]*(?P<port_first>{_PORT})\b)?(?:[\s,_-]*v?(?P<version>[1-4]\.\d|[1-4]\b))?"
    rf"(?:[\s,_-]*(?:international|unported|generic)\b|[\s,_-]*(?P<port>{_PORT})\b)?(?:\sdeed\b)?"
    rf")(?:\s?\(cc[^)]*\))?{_TAIL}",
    re.IGNORECASE,
)
_OTHERS = (
    (
        "public domain",
        re.compile(
            r"(?:in\sthe\s|domaine\s)?\bpublic[\s-]domain(?:\smark)?\b(?:\s1\.0)?|\bdomaine\spublic\b"
            r"|\bdom[ií]nio\sp[úu]blico\b|\bpubblico\sdominio\b|\bgemeinfrei\w*\b|\bpubliek\sdomein\b"
            r"|общественное\sдостояние|公有领域|公有領域|パブリックドメイン",
            re.IGNORECASE,
        ),
    ),
    ("GFDL", re.compile(r"\bgfdl\b|\bgnu\sfree\sdocumentation\slicen[cs]e\b", re.IGNORECASE)),
    (
        "OGL",
        re.compile(r"\b(?:ogl|open\sgovernment\slicen[cs]e)\b(?:\s?v?\d(?:\.0)?)?", re.IGNORECASE),
    ),
)


def find_licence(text: str) -> tuple[str | None, str]:
    """The licence that a credit line states, in normal form, and the line without it.

    >>> find_licence("ESA/DLR/FU Berlin, CC BY-SA IGO 3.0")
    ('CC BY-SA 3.0 IGO', 'ESA/DLR/FU Berlin, ;')
    >>> find_licence("NASA/JPL-Caltech")
    (None, 'NASA/JPL-Caltech')
    """
    if not _HINT.search(text):
        return None, text
    found = _CREATIVE.search(text)
    if found:
        # a licence may be named and linked: the same words are taken out twice
        return _normal(found), _CREATIVE.sub(";", text)
    for name, pattern in _OTHERS:
        if pattern.search(text):
            return name, pattern.sub(";", text)
    return None, text


def _normal(found: re.Match[str]) -> str:
    if found["zero"] or (found["link"] or "").lower() == "zero":
        return "CC0"
    if found["link"]:
        if found["link"].lower() == "mark":
            return "public domain"
        kind, version, port = found["link"], found["link_version"], found["link_port"]
        elements = kind.upper().split("-")
    else:
        words = re.sub(rf"(?i)(non|share|no){_SEP}(?=comm|alike|deriv)", r"\1", found["kind"])
        version, port = found["version"], found["port"] or found["port_first"]
        elements = [
            _ELEMENTS.get(word.lower(), word.upper())
            for word in re.split(r"[\s_-]+", words)
            if word.lower() != "works"
        ]
    if version and "." not in version:
        version += ".0"
    parts = ["CC", "-".join(dict.fromkeys(elements)), version or "", (port or "").upper()]
    return " ".join(part for part in parts if part)


_WITH_VERSION = re.compile(
    r"CC[ -]BY((?:[ -](?:NC|ND|SA))*)[ -](\d\.\d)(?:[ -]([A-Z]{2,3}))?\Z", re.IGNORECASE
)


def licence_url(licence: str) -> str | None:
    """The page of a Creative Commons licence; None for others, and where the version is not told.

    >>> licence_url("CC BY-SA 3.0 IGO")
    'https://creativecommons.org/licenses/by-sa/3.0/igo/'
    """
    if re.fullmatch(r"CC0(?:[ -]1\.0)?", licence, re.IGNORECASE):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _WITH_VERSION.match(licence)
    if found is None:
        return None
    more, version, port = found.groups()
    kind = "by" + re.sub(r"[ -]", "-", more).lower()
    return f"https://creativecommons.org/licenses/{kind}/{version}/" + (
        f"{port.lower()}/" if port else ""
    )
