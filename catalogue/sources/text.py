"""Plain text and Markdown articles.

Markdown is made HTML of the simplest kind and read as any page is. In both, a paragraph that ends
in a credit line tells of a picture even where no picture can be had: it becomes an appearance
without address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from catalogue.credit.lines import is_credit, split_credit
from catalogue.model import Appearance, Document, Evidence, Page, Role
from catalogue.sites import addresses
from catalogue.sites.dates import iso_date
from catalogue.sites.decode import decode
from catalogue.sites.general import read_general
from catalogue.sites.tree import fold

MAX_TEXT = 20_000_000
"""Characters of a text that are read."""

MAX_BLOCKS = 20_000
"""Paragraphs of a text that are read."""

MAX_BLOCK = 20_000
"""Characters of a paragraph in which marks are looked for."""

_BLOCKS = re.compile(r"\n[ \t]*\n")
_BYLINE = re.compile(
    r"(?i)^(?:by|von|por|par|di|door|av|af)[:\s]\s*(?P<name>[^\d\n]{2,90}?)(?:[,|·–—-]\s*(?P<rest>.*\d{4}.*))?$"
)
_MARKED_CAPTION = re.compile(
    r"(?i)^[\[(]?\s*(?P<mark>image|photo|photograph|picture|figure|fig\.|caption|foto|bild|abbildung|"
    r"imagen|immagine)\s*(?:\d{1,3}|[A-Z])?\s*[:.—–\])-]\s*(?P<text>\S.*)$",
    re.S,
)
_FIELD = re.compile(r"^(?P<name>[A-Za-z][A-Za-z _-]{1,24}):\s+(?P<value>\S.*)$")
_MARKED_ONLY = re.compile(r"(?i)^[\[(]?\s*(?:image|photo|picture|figure|fig\.|caption)\b")


@dataclass(slots=True)
class _Head:
    title: str | None = None
    author: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    picture: str | None = None
    """The address of the picture that the fields name as the article's."""
    caption: str | None = None
    credit: str | None = None


def read_text(document: Document, *, markdown: bool) -> Page:
    """Read a plain-text or Markdown article.

    Args:
        document: The article.
        markdown: Whether its marks (``![alt](address)``, ``# Title``) are to be understood.
    """
    text = decode(document.data, document.charset).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "")
    notes: tuple[str, ...] = ()
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        notes = (f"only the first {MAX_TEXT} characters were read",)
    head, text = _front_matter(text)
    if not markdown and re.search(r"!\[[^\]\n]{0,500}\]\([^)\s]{4,2000}", text[:2_000_000]):
        markdown = True
    if markdown:
        page = _read_markdown(document, text, head)
    else:
        page = Page(url=document.url or head.url)
    blocks = _BLOCKS.split(text, maxsplit=MAX_BLOCKS)
    more = len(blocks) > MAX_BLOCKS
    blocks = [block.strip("\n") for block in blocks[:MAX_BLOCKS] if block.strip()]
    if more:
        notes = (*notes, f"only the first {MAX_BLOCKS} paragraphs were read")
    _read_head(blocks, head, markdown)
    lead = _named_picture(head, page)
    images = [*lead, *page.images, *_told_pictures(blocks, page.images, markdown)]
    if images and all(image.role is Role.CONTENT for image in images) and page.images:
        images[0] = replace(images[0], role=Role.LEAD)
    return Page(
        url=document.url or head.url or page.url,
        title=head.title or page.title,
        author=head.author or page.author,
        published=head.published or page.published,
        publisher=head.publisher,
        language=head.language,
        images=tuple(images),
        notes=(*page.notes, *notes),
    )


def _front_matter(text: str) -> tuple[_Head, str]:
    """The fields before a Markdown article, between lines of three dashes."""
    head = _Head()
    text = text.lstrip("\ufeff")
    found = re.match(r"---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", text, re.S)
    if not found:
        return head, text
    for line in found[1].split("\n"):
        name, colon, value = line.partition(":")
        value = value.strip().strip("\"'")
        if colon and value and not _take_picture(head, name, value):
            _take(head, name, value)
    return head, text[found.end() :]


_PICTURE_FIELD = re.compile(
    r"(?:(?:cover|featured?|hero|header|lead|banner)[_-]?)?(?:image|img|photo|picture)"
    r"|cover|featuredimage|coverimage"
)
_WORDS_FIELD = re.compile(rf"(?:(?:{_PICTURE_FIELD.pattern})[_-]?)?(caption|credit)s?")


def _take_picture(head: _Head, name: str, value: str) -> bool:
    """The article's picture and its words, under the names that site generators give them."""
    name = name.strip().lower()
    if _PICTURE_FIELD.fullmatch(name) and addresses.is_raster(value):
        head.picture = head.picture or value
        return True
    words = _WORDS_FIELD.fullmatch(name)
    if words and words[1] == "caption":
        head.caption = head.caption or value
    elif words:
        head.credit = head.credit or value
    return bool(words)


def _named_picture(head: _Head, page: Page) -> tuple[Appearance, ...]:
    """The picture that the fields name, where the text does not show it."""
    url = addresses.absolute(head.picture, page.url or "") if head.picture else None
    if url is None or any(
        image.url and addresses.asset(image.url) == addresses.asset(url) for image in page.images
    ):
        return ()
    parts = split_credit(head.caption or "")
    evidence = Evidence(
        field="front matter", text=url[:200], says="picture of the article", rule="named by a field"
    )
    return (
        Appearance(
            url=url,
            caption=parts.caption,
            credit=head.credit or parts.credit,
            role=Role.LEAD,
            evidence=(evidence,),
        ),
    )


def _take(head: _Head, name: str, value: str) -> bool:
    match name.strip().lower():
        case "title" | "headline":
            head.title = head.title or value
        case "author" | "authors" | "by" | "byline":
            names = [part.strip(" \"'") for part in value.strip("[]").split(",")]
            head.author = head.author or ", ".join(part for part in names if part)
        case "date" | "published" | "publish date" | "posted":
            head.published = head.published or iso_date(value)
        case "publisher" | "site" | "publication":
            head.publisher = head.publisher or value
        case "url" | "canonical" | "link" | "canonical_url" | "permalink":
            if value.startswith(("http://", "https://")):
                head.url = head.url or value
        case "lang" | "language":
            head.language = head.language or value
        case _:
            return False
    return True


def _read_head(blocks: list[str], head: _Head, markdown: bool) -> None:
    """Title, author and date from the first lines."""
    lines: list[str] = []
    for block in blocks[:4]:
        lines.extend(line.strip() for line in block.split("\n") if line.strip())
    for position, line in enumerate(lines[:10]):
        if markdown and line.startswith(("!", "[!", "<")):
            continue
        bare = line.lstrip("#").strip().strip("*_").strip() if markdown else line
        field = _FIELD.match(bare)
        if field and _take(head, field["name"], field["value"]):
            continue
        byline = _BYLINE.match(bare)
        if byline and len(bare) < 140 and (head.title is not None or position > 0):
            if head.author is None:
                head.author = fold(byline["name"]).strip(" ,|·–—-") or None
            if head.published is None and byline["rest"]:
                head.published = iso_date(byline["rest"])
            continue
        date = iso_date(bare) if head.published is None and len(bare) < 60 else None
        if date and len(date) >= 10:
            head.published = date
            continue
        if head.title is None and len(bare) < 250 and not set(bare) <= set("=-*#_ "):
            head.title = bare


def _told_pictures(
    blocks: list[str], known: tuple[Appearance, ...], markdown: bool
) -> list[Appearance]:
    """The pictures that paragraphs tell of by caption and credit."""
    said = {_key(image.caption) for image in known if image.caption}
    credits = {_key(image.credit) for image in known if image.credit}
    out: list[Appearance] = []
    for position, block in enumerate(blocks):
        if markdown and re.search(r"!\[|<img\b|^\s*(?:#|```|>)", block):
            continue
        block, url = _without_address(block)
        text = fold(_unmarked(block) if markdown else block)
        if len(text) > 3000 or not text:
            continue
        caption, credit = _picture_words(block, text, blocks[position - 1] if position else "")
        if caption is None and credit is None:
            continue
        if caption is not None and _key(caption) in said:
            continue
        if caption is None and _key(credit) in credits:
            continue
        said.add(_key(caption))
        out.append(
            Appearance(
                url=url,
                caption=caption,
                credit=credit,
                evidence=(
                    Evidence(
                        field="text",
                        text=text[:200],
                        says="picture told of by caption and credit",
                        rule="credit line in the text",
                    ),
                ),
            )
        )
    return out


def _without_address(block: str) -> tuple[str, str | None]:
    """A paragraph without the line that is the address of a picture's file; and that address."""
    lines = block.split("\n")
    for line in (lines[-1], lines[0]):
        address = line.strip().strip("<>")
        if address.startswith(("http://", "https://")) and addresses.is_raster(address):
            lines.remove(line)
            return "\n".join(lines), addresses.absolute(address, "")
    return block, None


def _picture_words(block: str, text: str, before: str) -> tuple[str | None, str | None]:
    inner = text.strip()
    if inner[:1] in "[(" and inner[-1:] in "])" and _MARKED_ONLY.match(inner):
        inner = inner[1:-1].strip()
    parts = split_credit(inner)
    marked = _MARKED_CAPTION.match(inner)
    if marked:
        within = split_credit(marked["text"].strip())
        if within.credit and within.caption:
            return within.caption, within.credit
    if is_credit(inner):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        if len(lines) == 1:
            earlier = fold(before)
            if before and _MARKED_ONLY.match(earlier) and not split_credit(earlier).credit:
                found = _MARKED_CAPTION.match(earlier)
                return (found["text"] if found else earlier), inner
        return None, inner
    if parts.credit and (parts.label or marked):
        caption = parts.caption
        found = _MARKED_CAPTION.match(caption or "")
        if found and found["mark"].lower() not in ("figure", "fig."):
            caption = found["text"].strip()
        return caption, parts.credit
    return None, None


def _key(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", (text or "").casefold())[:300]


# --- Markdown -----------------------------------------------------------------------------------

_REFERENCE = re.compile(
    r"^ {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S{1,4000}?)>?(?:\s+[\"'(].{0,500})?$", re.M
)
_TARGET = r"(?P<url>(?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,2000})"
_IMAGE = re.compile(
    r"!\[(?P<alt>[^\]\[\n]{0,1000})\]"
    rf"(?:\(\s{{0,4}}<?{_TARGET}>?(?:\s+[\"'(](?P<title>[^\n\"']{{0,1000}})[\"')])?\s{{0,4}}\)"
    r"|\[(?P<id>[^\]\[\n]{0,200})\])"
)
_LINKED = re.compile(
    rf"\[\s{{0,4}}(?P<inner>\x02\d+\x03)\s{{0,4}}\]\(\s{{0,4}}<?{_TARGET}>?[^)\n(\[]{{0,300}}\)"
)
_LINK = re.compile(
    rf"(?<!!)\[(?P<text>[^\]\[\n]{{1,500}})\]\(\s{{0,4}}<?{_TARGET}>?[^)\n(\[]{{0,300}}\)"
)
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*\*|__|\*|_)(?=[^\s*_])([^*_]{1,2000}|[^*]{1,500}?|[^_]{1,500}?)(?<=[^\s])\1(?![\w*])"
)


def _unmarked(block: str) -> str:
    """A Markdown paragraph without its marks."""
    block = _LINK.sub(lambda found: found["text"], block)
    for _ in range(2):
        block = _EMPHASIS.sub(lambda found: found[2], block)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!-])", r"\1", block)


def _read_markdown(document: Document, text: str, head: _Head) -> Page:
    references = {name.casefold(): url for name, url in _REFERENCE.findall(text)}
    text = _REFERENCE.sub("", text)
    parts = ["<html><body><article>"]
    if head.title:
        parts.append(f"<h1>{escape(head.title)}</h1>")
    for block in _BLOCKS.split(text)[:MAX_BLOCKS]:
        if len(block) > MAX_BLOCK:
            parts.append(f"<p>{escape(block)}</p>")
        elif block.strip():
            parts.append(_block(block.strip("\n"), references))
    parts.append("</article></body></html>")
    html = "\n".join(parts).encode("utf-8", "replace")
    page, _ = read_general(
        Document(address=document.address, data=html, url=document.url or head.url, charset="utf-8")
    )
    return page


def _block(block: str, references: dict[str, str]) -> str:
    stripped = block.lstrip()
    heading = re.match(r"(#{1,6})\s+(.*)", stripped)
    if heading and "\n" not in stripped:
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2].rstrip('# '), references)}</h{level}>"
    setext = re.match(r"([^\n]{1,300})\n(=+|-+)\s*$", stripped)
    if setext:
        level = 1 if setext[2][0] == "=" else 2
        return f"<h{level}>{_inline(setext[1], references)}</h{level}>"
    if stripped.startswith("<"):
        return block  # Markdown lets HTML through
    if stripped.startswith(("```", "~~~")):
        return f"<pre>{escape(stripped)}</pre>"
    return f"<p>{_inline(block, references)}</p>"


def _inline(text: str, references: dict[str, str]) -> str:
    pieces: list[str] = []

    def keep(html: str) -> str:
        pieces.append(html)
        return f"\x02{len(pieces) - 1}\x03"

    def image(found: re.Match[str]) -> str:
        url = found["url"] or references.get((found["id"] or found["alt"]).casefold(), "")
        if not url:
            return ""
        title = f' title="{escape(found["title"])}"' if found["title"] else ""
        img = f'<img src="{escape(url)}" alt="{escape(found["alt"])}"{title}>'
        if found["title"]:
            caption = escape(found["title"])
            img = f"<figure>{img}<figcaption>{caption}</figcaption></figure>"
        return keep(img)

    text = text.replace("\x02", "").replace("\x03", "")
    text = re.sub(
        r"(<(?:img|br|/?em|/?figure|/?figcaption|/?a)\b[^<>]{0,4000}>)", lambda f: keep(f[1]), text
    )
    text = _IMAGE.sub(image, text)
    text = _LINKED.sub(lambda f: keep(f'<a href="{escape(f["url"])}">{f["inner"]}</a>'), text)
    text = escape(text, quote=False)
    text = _LINK.sub(lambda f: keep(f'<a href="{escape(f["url"])}">') + f"{f['text']}</a>", text)
    for _ in range(2):
        text = _EMPHASIS.sub(_emphasised, text)
    text = re.sub(r" {2,}\n|\\\n", "<br>\n", text)
    for _ in range(4):
        text = re.sub(r"\x02(\d+)\x03", lambda f: pieces[int(f[1])], text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!-])", r"\1", text)


def _emphasised(found: re.Match[str]) -> str:
    name = "strong" if len(found[1]) == 2 else "em"
    return f"<{name}>{found[2]}</{name}>"
