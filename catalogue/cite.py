"""Credits in words: what is said of a picture wherever it is handed on.

:func:`wording` gathers it once, names and terms from the registry; :func:`cite` makes a ready
sentence of it, for print, the web, or a bibliography; the export writes the same words into files,
credits pages and manifests. What is not known is said to be «not known», never guessed.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass

from catalogue.credit.licences import licence_url
from catalogue.errors import UsageError
from catalogue.fetch.policy import clean, scrub
from catalogue.model import Record
from catalogue.registry import Registry

STYLES = ("text", "html", "markdown", "bibtex")
"""What :func:`cite` can write."""

NOT_KNOWN = "not known"
"""What stands where the terms are not known."""


UNCREDITED = "No credit is known for this picture. Find out whose it is before you use it."
"""What marks a picture that went into a set without a credit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """Somebody who is credited."""

    name: str
    is_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One picture in words. None means «not stated», and nothing else."""

    id: str
    title: str
    """Title, else the caption's beginning, else the product, else its short ID."""
    has_title: bool = False
    """Whether ``title`` is the picture's own."""
    caption: str | None = None
    alt: str | None = None
    credit: str | None = None
    """To the letter."""
    credit_line: str | None = None
    """Without the label before it («Image credit:»), for sentences that have a label of their
    own."""
    creators: tuple[Creator, ...] = ()
    spacecraft: str | None = None
    """Name, not slug; so are the next three."""
    instrument: str | None = None
    subjects: tuple[str, ...] = ()
    mission: str | None = None
    product: str | None = None
    date: str | None = None
    """When it was taken."""
    sol: int | None = None
    licence: str | None = None
    licence_url: str | None = None
    """The licence's own page; for a named licence whose page is not known, the page that states
    it."""
    terms: str | None = None
    """Title of the terms of use."""
    terms_url: str | None = None
    statement: str | None = None
    """What the terms say."""
    verified: str | None = None
    """How far that was checked, and when."""
    page: str | None = None
    """Address of the page that it came from, free of credentials."""
    page_title: str | None = None
    url: str | None = None
    """Address of the picture itself, free of credentials."""

    @property
    def source(self) -> str | None:
        """Who took it and with what: «Mars Reconnaissance Orbiter, HiRISE»."""
        return ", ".join(filter(None, (self.spacecraft, self.instrument))) or None

    @property
    def rights(self) -> str:
        """Licence, else title of the terms, else «not known»; so too for terms without a page."""
        return self.licence or (self.terms if self.terms and self.terms_url else NOT_KNOWN)

    @property
    def rights_url(self) -> str | None:
        """Page of the licence, else of the terms."""
        return self.licence_url or self.terms_url

    @property
    def copyright_notice(self) -> str:
        """Credit and licence in one line, as IPTC's Copyright Notice has it."""
        line = self.credit_line or ""
        if self.licence and _folded(self.licence) in _folded(line):
            return line
        rights = self.licence or f"Rights: {self.rights}"
        return f"{line}{', ' if self.licence else '. '}{rights}" if line else rights

    @property
    def usage_terms(self) -> str:
        """What may be done with it, in words."""
        parts = [self.rights, self.licence_url if self.licence else None, self.statement]
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    @property
    def keywords(self) -> tuple[str, ...]:
        """Names of mission, spacecraft, camera, and of what is seen, each once."""
        named = (self.spacecraft, self.instrument, *self.subjects, self.mission)
        return tuple(dict.fromkeys(filter(None, named)))


def wording(record: Record, registry: Registry) -> Wording:
    """Everything that is said of a picture, in words.

    Args:
        record: The picture.
        registry: Names of spacecraft, cameras and organisations.
    """
    spacecraft = registry.spacecraft.get(record.spacecraft or "")
    instrument = registry.instruments.get(record.instrument or "")
    creators = [Creator(name=name, is_person=True) for name in record.people]
    creators += [
        Creator(name=registry.organisations[key].name if key in registry.organisations else key)
        for key in record.organisations
    ]
    credit = _told(record.credit)
    line = _without_label(credit) if credit else None
    if not creators and (record.credit_normal or line):
        creators.append(Creator(name=_told(record.credit_normal) or line or ""))
    rights = record.rights
    licence = record.licence or (rights.licence if rights else None)
    terms_url = _address(rights.url) if rights else None
    title = _told(record.title)
    page = next(iter(record.pages), None)
    return Wording(
        id=record.id,
        title=title or _beginning(_told(record.caption)) or record.product_id or record.id[:12],
        has_title=title is not None,
        caption=_told(record.caption),
        alt=_told(record.alt),
        credit=credit,
        credit_line=line,
        creators=tuple(dict.fromkeys(creators)),
        spacecraft=spacecraft.name if spacecraft else record.spacecraft,
        instrument=instrument.name if instrument else record.instrument,
        subjects=tuple(
            registry.spacecraft[slug].name if slug in registry.spacecraft else slug
            for slug in record.subjects
        ),
        mission=spacecraft.mission if spacecraft else None,
        product=record.product_id,
        date=record.taken,
        sol=record.sol,
        licence=licence,
        licence_url=(licence_url(licence) or terms_url) if licence else None,
        terms=rights.title if rights else None,
        terms_url=terms_url,
        statement=rights.statement if rights else None,
        verified=(rights.source or None) if rights else None,
        page=_address(page),
        page_title=_told(next(iter(record.page_titles), None)),
        url=_address(record.url),
    )


def cite(record: Record, registry: Registry, style: str = "text") -> str:
    """A ready credit sentence, with what a licence asks for: title, author, source, licence.

    Args:
        record: The picture.
        registry: Names of spacecraft, cameras and organisations.
        style: ``text`` (addresses spelled out, for print), ``html``, ``markdown`` or ``bibtex``.

    Raises:
        UsageError: The style is unknown.
    """
    makers = {"text": as_text, "html": as_html, "markdown": as_markdown, "bibtex": as_bibtex}
    if style not in makers:
        raise UsageError(f"--style: {style!r} is no style; known: {', '.join(STYLES)}")
    return makers[style](wording(record, registry))


def as_text(words: Wording) -> str:
    """For print: every address spelled out."""
    address = f" ({words.rights_url})" if words.rights_url else ""
    parts = [
        f"{_quoted(words.title)}{_taken(words)}.",
        f"Credit: {_credit(words)}.",
        f"{_label(words)}: {words.rights}{address}.",
    ]
    if words.page:
        parts.append(f"Source: {words.page}")
    return " ".join(parts)


def as_html(words: Wording) -> str:
    """For web pages: links, every letter of a page escaped."""
    title = html.escape(_quoted(words.title))
    licence = _link_html(words.rights, words.rights_url, "license")
    source = f" Source: {_link_html(words.page_title or words.page, words.page)}."
    return (
        f"{title}{html.escape(_taken(words))}. Credit: {html.escape(_credit(words))}. "
        f"{_label(words)}: {licence}." + (source if words.page else "")
    )


def as_markdown(words: Wording) -> str:
    """For Markdown: links, every letter that means something there escaped."""
    licence = _link_markdown(words.rights, words.rights_url)
    source = f" Source: {_link_markdown(words.page_title or words.page or '', words.page)}."
    return (
        f"{markdown(_quoted(words.title) + _taken(words))}. "
        f"Credit: {markdown(_credit(words))}. {_label(words)}: {licence}."
        + (source if words.page else "")
    )


def as_bibtex(words: Wording) -> str:
    """An entry for BibTeX or BibLaTeX."""
    authors = [
        _tex(creator.name) if creator.is_person else "{" + _tex(creator.name) + "}"
        for creator in words.creators
    ]
    note = f"Credit: {_credit(words)}. {_label(words)}: {words.rights}"
    fields = [
        ("title", "{" + _tex(words.title) + "}"),
        ("author", " and ".join(authors)),
        ("year", (words.date or "")[:4]),
        ("howpublished", _tex(words.source or "")),
        (
            "note",
            _tex(note) + (rf", \url{{{_tex_url(words.rights_url)}}}" if words.rights_url else ""),
        ),
        ("url", _tex_url(words.page or words.url or "")),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join((f"@misc{{mars-{words.id[:12]},", *lines, "}"))


# --- pieces of sentences ----------------------------------------------------------------------


def _credit(words: Wording) -> str:
    return (words.credit_line or "none stated").rstrip(". ")


def _label(words: Wording) -> str:
    return "Licence" if words.licence else "Rights"


def _taken(words: Wording) -> str:
    parts = [words.source, (words.date or "")[:10], "" if words.sol is None else f"sol {words.sol}"]
    told = ", ".join(part for part in parts if part)
    return f" ({told})" if told else ""


def _quoted(title: str) -> str:
    return f"“{title.rstrip('. ')}”"


def _link_html(text: str | None, url: str | None, rel: str = "") -> str:
    shown = html.escape(text or "")
    if not url:
        return shown
    return (
        f'<a href="{html.escape(url)}"{f" rel={chr(34)}{rel}{chr(34)}" if rel else ""}>{shown}</a>'
    )


def _link_markdown(text: str, url: str | None) -> str:
    if not url:
        return markdown(text)
    target = re.sub(r"[\s<>()\[\]\\]", lambda found: f"%{ord(found.group()):02X}", url)
    return f"[{markdown(text)}](<{target}>)"


def markdown(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> markdown("[a](b) <c> *d*")
    '\\[a\\](b) &lt;c\\> \\*d\\*'
    """
    escaped = re.sub(r"([\\`*_\[\]>|#~&])", r"\\\1", " ".join(text.split()))
    escaped = escaped.replace("<", "&lt;")
    # a dash or a number at the head would become a list
    return re.sub(r"\A([-+]|\d+[.)])(?=\s|\Z)", r"\\\1", escaped)


_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))


def _tex_url(url: str | None) -> str:
    return re.sub(r"[{}\\^%#~\s]", lambda found: _PERCENT[found.group()], url or "")


_PERCENT = {"{": "%7B", "}": "%7D", "\\": "%5C", "^": "%5E", "%": r"\%", "#": r"\#", "~": "%7E"}
_PERCENT |= dict.fromkeys(" \t\n\r\x0b\x0c", "%20")


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _told(text: str | None) -> str | None:
    """Text without control characters, credentials and turns of direction; None for blank."""
    if not text:
        return None
    return scrub(_INVISIBLE.sub("", text)).strip() or None


@functools.lru_cache(1024)  # pages and terms are those of many pictures
def _address(url: str | None) -> str | None:
    """An address of the web, free of credentials; None for all else, such as ``javascript:``."""
    if not url or not url.startswith(("http://", "https://")):
        return None
    return re.sub(r"[\s\x00-\x1f\"'<>\\`]", lambda found: f"%{ord(found.group()):02X}", clean(url))


def _without_label(credit: str) -> str:
    from catalogue.credit.lines import strip_label

    return strip_label(credit).strip() or credit


def _beginning(caption: str | None) -> str | None:
    if caption is None:
        return None
    first = re.split(r"(?<=[.!?])\s", caption, maxsplit=1)[0]
    if len(first) <= 100:
        return first.rstrip(".")
    return first[:100].rpartition(" ")[0].rstrip(",;:. ") + "…"


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower())
