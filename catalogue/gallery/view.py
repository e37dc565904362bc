"""What a gallery shows of one picture, made fit for a page: names, addresses, alternative text.

Nothing here writes. Every text came from a page, a file or a server; templates escape it, and what
escaping cannot make safe is settled here: which addresses become links, which characters stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalogue.model import Evidence, Record
from catalogue.registry import Registry

SHOWN_BY_BROWSERS = frozenset({"JPEG", "PNG", "GIF", "WEBP", "AVIF"})
"""Formats that the viewer can show as they are."""

KINDS = {
    "photo": "Photograph",
    "map": "Map",
    "plot": "Plot",
    "artwork": "Artwork",
    "composite": "Composite",
    "people": "People",
    "earth-hardware": "Hardware on Earth",
    "telescope": "Seen from a telescope",
    "lab": "Laboratory",
    "video": "Video",
    "other-spacecraft": "Another spacecraft",
}
"""What a kind is called on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sized:
    """One thumbnail as the page names it."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One picture, ready for templates and scripts; every text may be shown, none is markup."""

    key: str
    """The beginning of the ID: enough to tell pictures of a gallery apart."""
    id: str
    title: str
    caption: str
    alt: str
    credit: str
    """As published; empty where none is known."""
    labelled: bool
    """Whether the credit says itself that it is one: ``Credit: NASA``."""
    credit_name: str
    """Normal form, by which the page filters."""
    spacecraft: str
    """Slug, or empty."""
    spacecraft_name: str
    instrument: str
    instrument_name: str
    subjects: tuple[tuple[str, str], ...]
    """Slug and name, each."""
    kind: str
    kind_name: str
    date: str
    """Taken, else published; ISO 8601, a day at the most precise."""
    date_means: str
    """``taken`` or ``published``; empty where there is no date."""
    taken: str
    published: str
    year: str
    sol: int | None
    place: str
    product: str
    width: int
    height: int
    format: str
    colour: str
    licence: str
    rights: str
    rights_url: str
    pages: tuple[tuple[str, str], ...]
    """Address (http or https only) and title of each page."""
    source: str
    """Where the bytes came from, http or https; empty where it is neither."""
    confidence: int
    """Percent."""
    evidence: tuple[tuple[str, str, str], ...]
    """Where it stands, the words, and what follows from them."""
    near: tuple[str, ...]
    """IDs of other renditions of the same picture."""
    people: tuple[str, ...]
    corrected: tuple[str, ...]
    thumbnails: tuple[Sized, ...] = ()
    """Smallest first; none for a picture without file, or whose file cannot be decoded."""
    original: str = ""
    """Path or address of the picture itself; empty where it is not offered."""
    shown: str = ""
    """Path of the largest rendition in the gallery that a browser can show."""
    missing: str = ""
    """Why there is nothing to see, in words."""

    @property
    def words(self) -> str:
        """What the card says of the picture: raw pictures have no caption, but a name."""
        return self.caption or ("" if self.title else self.product)

    @property
    def link(self) -> str:
        """Where the card leads without a script: the picture, or the largest that there is."""
        if self.original or self.shown:
            return self.original or self.shown
        return self.pages[0][0] if self.pages else f"#picture={self.key}"


_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters: no XML and no page may hold them."""


_LABEL = re.compile(r"[(\[\s]*[^:/\d]{3,30}:\s")
"""How a credit begins that names itself: ``Image credit:``, ``Foto:``."""


def clean(text: object) -> str:
    r"""Text without the characters that no page may hold, white space folded.

    >>> clean("a\x00b\n c")
    'ab c'
    """
    if isinstance(text, str) and text.isprintable() and "  " not in text:
        return text.strip()  # most are like this, and a gallery has many
    return " ".join(_UNWANTED.sub("", str(text or "")).split())


def web_address(text: str | None) -> str:
    """The address if a link may lead to it, else nothing: ``javascript:`` is no place to go.

    >>> web_address("https://example.org/a?b=c"), web_address("javascript:alert(1)")
    ('https://example.org/a?b=c', '')
    """
    if not text or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", text):
        return ""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return text if named and parts.scheme in ("http", "https") and clean(text) == text else ""


def first_sentence(text: str, limit: int = 240) -> str:
    """The first sentence of a caption, cut at a word where it is long.

    >>> first_sentence("Dust devils in Gale Crater. They were seen on sol 10.")
    'Dust devils in Gale Crater.'
    """
    ends = re.search(r"[.!?](?=\s+[A-Z0-9\"“‘(])", text[:limit])
    if ends and ends.end() > 20:
        return text[: ends.end()]
    if len(text) <= limit:
        return text
    return text[:limit].rpartition(" ")[0].rstrip(" ,;:") + " …"


def view(
    record: Record,
    registry: Registry,
    evidence: Sequence[Evidence] = (),
) -> View:
    """Make one picture fit for the page.

    Args:
        record: The picture as a search gives it.
        registry: Names of spacecraft and cameras.
        evidence: Why it is attributed as it is, strongest first.
    """
    craft = registry.spacecraft.get(record.spacecraft or "")
    camera = registry.instruments.get(record.instrument or "")
    title, caption = clean(record.title), clean(record.caption)
    credit = clean(record.credit)
    taken, published = clean(record.taken)[:10], clean(record.published)[:10]
    date, means = (taken, "taken") if taken else (published, "published" if published else "")
    year = date[:4] if re.fullmatch(r"\d{4}", date[:4]) else ""
    kind = record.kind or ""
    name = craft.name if craft else clean(record.spacecraft)
    camera_name = camera.name if camera else clean(record.instrument)
    rights = record.rights
    titles = record.page_titles + ("",) * len(record.pages)
    pages = tuple(
        (address, clean(heading) or urlsplit(address).hostname or address)
        for address, heading in zip(map(web_address, record.pages), titles, strict=False)
        if address
    )
    return View(
        key=record.id[:20],
        id=record.id,
        title=title,
        caption=caption,
        alt=_alternative(record, title, caption, name, camera_name),
        credit=credit,
        labelled=_LABEL.match(credit) is not None,
        credit_name=clean(record.credit_normal) or credit,
        spacecraft=clean(record.spacecraft),
        spacecraft_name=name,
        instrument=clean(record.instrument),
        instrument_name=camera_name,
        subjects=tuple(
            (slug, registry.spacecraft[slug].name if slug in registry.spacecraft else clean(slug))
            for slug in record.subjects
        ),
        kind=kind,
        kind_name=KINDS.get(kind, clean(kind)),
        date=date,
        date_means=means,
        taken=taken,
        published=published,
        year=year,
        sol=record.sol,
        place=clean(record.place),
        product=clean(record.product_id),
        width=record.width or 0,
        height=record.height or 0,
        format=clean(record.format),
        colour=record.colour if re.fullmatch("#[0-9a-f]{6}", record.colour or "") else "#808080",  # type: ignore[arg-type]
        licence=clean(record.licence),
        rights=clean(rights.statement) if rights else "",
        rights_url=web_address(rights.url) if rights else "",
        pages=pages,
        source=web_address(record.url),
        confidence=round(100 * record.confidence),
        evidence=tuple(
            (clean(e.field), clean(e.text), _said(clean(e.says), registry)) for e in evidence[:8]
        ),
        near=tuple(other for other in record.renditions if other != record.id),
        people=tuple(map(clean, record.people)),
        corrected=tuple(map(clean, record.corrected)),
    )


def _said(says: str, registry: Registry) -> str:
    """What follows, with the names that people know: ``spacecraft=mro`` is for programs."""
    name, equals, value = says.partition("=")
    if not equals:
        return says

    def called(slug: str) -> str:
        known = registry.spacecraft.get(slug) or registry.instruments.get(slug)
        return known.name if known else KINDS.get(slug, slug)

    return f"{name}: {' or '.join(map(called, value.split(' or ')))}"


def _alternative(record: Record, title: str, caption: str, craft: str, camera: str) -> str:
    """What is said in the picture's place: never the file name, which tells a listener nothing."""
    alt = clean(record.alt)
    if alt and not re.fullmatch(r"\S+\.(jpe?g|png|gif|webp|tiff?|avif)", alt, re.IGNORECASE):
        return alt
    if caption or title:
        return first_sentence(caption or title)
    taken = f" by {craft}" if craft else ""
    taken += f", {camera}" if camera else ""
    taken += f", sol {record.sol}" if record.sol is not None else ""
    return f"Picture{taken}, without a description"
