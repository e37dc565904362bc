"""What we know, written over the XMP that a file has.

Each property of a packet is kept as text that is put back as it was understood; those that
:class:`~catalogue.images.fields.Metadata` has a value for are replaced. A text that is replaced by
another is not lost: it moves to the property ``catalogue:Replaced``. A packet that cannot be read
(:mod:`catalogue.images.xmp_packet`) is no XMP, and is replaced as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from catalogue.errors import UnreadableImage
from catalogue.images.fields import Metadata, allowed
from catalogue.images.xmp_packet import (
    NAMESPACES,
    NOTE,
    Properties,
    escaped,
    graph,
    read,
    wrapped,
)

REPLACED = "catalogue:Replaced"
"""Property that lists what stood in a field before another text was written into it."""


def packet(
    metadata: Metadata,
    existing: bytes | None = None,
    *,
    replaced: Iterable[str] = (),
    without: Iterable[str] = (),
) -> bytes:
    """A whole packet with its wrapper.

    Args:
        metadata: What is to be written.
        existing: The packet that the file has.
        replaced: Texts that gave way elsewhere in the file, ``IPTC Credit: ...``.
        without: Properties of ``existing`` that no longer hold, ``tiff:Orientation``.
    """
    return wrapped(_merged(metadata, existing, replaced, without))


def packets(
    metadata: Metadata,
    existing: bytes | None,
    *,
    limit: int,
    digest: str = "",
    replaced: Iterable[str] = (),
    without: Iterable[str] = (),
) -> tuple[bytes, bytes | None]:
    """A packet that fits, and what did not fit (XMP part 3, extended XMP in JPEG).

    Args:
        metadata: What is to be written.
        existing: The packet that the file has, its own extension joined by :func:`joined`.
        limit: Bytes that the first may have.
        digest: Placed in the first packet where there is a second; its MD5, filled in by the
            caller, who knows the second only now. Must have the length of the real one.
        replaced: As in :func:`packet`.
        without: As in :func:`packet`.

    Raises:
        UnreadableImage: One property of ours alone is too long for either.
    """
    whole = _merged(metadata, existing, replaced, without)
    single = wrapped(whole)
    if len(single) <= limit:
        return single, None
    ours = set(_ours(metadata)) | {REPLACED}
    order = sorted(
        whole.texts, key=lambda name: (name not in ours, len(whole.texts[name].encode()), name)
    )
    first = Properties(about=whole.about, prefixes=whole.prefixes | {NOTE: "xmpNote"})
    second = Properties(about=whole.about, prefixes=whole.prefixes, others=whole.others)
    first.texts["xmpNote:HasExtendedXMP"] = (
        f"<xmpNote:HasExtendedXMP>{digest}</xmpNote:HasExtendedXMP>"
    )
    room = limit - len(wrapped(first)) - 64
    for name in order:
        size = len(whole.texts[name].encode()) + 1
        chosen = first if size <= room else second
        chosen.texts[name] = whole.texts[name]
        room -= size if chosen is first else 0
    return wrapped(first), graph(second).encode()


def joined(first: bytes, second: bytes) -> bytes:
    """Packet and extension as one packet; the first alone where the second cannot be read.

    Args:
        first: The packet.
        second: The extension, put together from its segments.
    """
    try:
        main = read(first)
        more = read(second, main.prefixes)
    except UnreadableImage:
        return first
    for name, text in more.texts.items():
        main.texts.setdefault(name, text)
    main.texts.pop("xmpNote:HasExtendedXMP", None)
    main.others += more.others
    return wrapped(main)


def extension_of(data: bytes) -> str | None:
    """The digest by which a packet names its extension; None where it has none."""
    try:
        note = read(data).texts.get("xmpNote:HasExtendedXMP")
    except UnreadableImage:
        return None
    found = re.search(r"[0-9A-Fa-f]{32}", note) if note else None
    return found.group().upper() if found else None


def _ours(metadata: Metadata) -> dict[str, str]:
    # Property -> XML text of its value, in the order of the manual's table.
    licensor = "".join(
        f"<plus:{name}>{escaped(value)}</plus:{name}>"
        for name, value in (
            ("LicensorName", metadata.licensor_name),
            ("LicensorURL", metadata.licensor_url),
        )
        if value
    )
    values = {
        "photoshop:Credit": _text(metadata.credit),
        "photoshop:Source": _text(metadata.source),
        "dc:creator": _list("Seq", metadata.creators),
        "dc:description": _language(metadata.description),
        "photoshop:Headline": _text(metadata.headline),
        "dc:title": _language(metadata.title),
        "dc:rights": _language(metadata.copyright_notice),
        "xmpRights:UsageTerms": _language(metadata.usage_terms),
        "xmpRights:WebStatement": _text(metadata.web_statement),
        "plus:Licensor": (
            f'<rdf:Seq><rdf:li rdf:parseType="Resource">{licensor}</rdf:li></rdf:Seq>'
            if licensor
            else ""
        ),
        "photoshop:Instructions": _text(metadata.instructions),
        "photoshop:DateCreated": _text(metadata.created),
        "dc:subject": _list("Bag", metadata.keywords),
        "Iptc4xmpCore:AltTextAccessibility": _language(metadata.alt),
        "dc:source": _text(metadata.page),
    }
    return {name: value for name, value in values.items() if value}


def _text(value: str | None) -> str:
    return escaped(value) if value else ""


def _list(kind: str, values: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{escaped(value)}</rdf:li>" for value in values)
    return f"<rdf:{kind}>{items}</rdf:{kind}>" if items else ""


def _language(value: str | None) -> str:
    if not value:
        return ""
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escaped(value)}</rdf:li></rdf:Alt>'


def _merged(
    metadata: Metadata,
    existing: bytes | None,
    replaced: Iterable[str],
    without: Iterable[str],
) -> Properties:
    try:
        kept = read(existing) if existing else Properties()
    except UnreadableImage:
        kept = Properties()
    kept.texts.pop("xmpNote:HasExtendedXMP", None)
    for name in without:
        kept.texts.pop(name, None)
    former = list(kept.plain.get(REPLACED, ()))
    former += [text for text in replaced if text not in former]
    for name, value in _ours(metadata).items():
        before = kept.plain.get(name, [])
        if name == "dc:subject":
            words = [allowed(word) for word in metadata.keywords]
            keywords = list(dict.fromkeys([*before, *words]))
            value = _list("Bag", keywords)
        else:
            said = {allowed(text) for text in _values(metadata, name)}
            for text in before:
                line = f"{name}: {text}"
                if text.strip() and text not in said and line not in former:
                    former.append(line)
        kept.texts[name] = f"<{name}>{value}</{name}>"
        for prefix in re.findall(r"</?([A-Za-z0-9]+):", f"<{name}>{value}"):
            kept.prefixes[NAMESPACES[prefix]] = prefix
    if former:
        kept.texts[REPLACED] = f"<{REPLACED}>{_list('Bag', former)}</{REPLACED}>"
        kept.prefixes[NAMESPACES["catalogue"]] = "catalogue"
    return kept


def _values(metadata: Metadata, name: str) -> tuple[str, ...]:
    simple = {
        "photoshop:Credit": metadata.credit,
        "photoshop:Source": metadata.source,
        "dc:description": metadata.description,
        "photoshop:Headline": metadata.headline,
        "dc:title": metadata.title,
        "dc:rights": metadata.copyright_notice,
        "xmpRights:UsageTerms": metadata.usage_terms,
        "xmpRights:WebStatement": metadata.web_statement,
        "photoshop:Instructions": metadata.instructions,
        "photoshop:DateCreated": metadata.created,
        "Iptc4xmpCore:AltTextAccessibility": metadata.alt,
        "dc:source": metadata.page,
    }
    if name == "dc:creator":
        return metadata.creators
    if name == "plus:Licensor":
        return tuple(filter(None, (metadata.licensor_name, metadata.licensor_url)))
    return tuple(filter(None, (simple.get(name),)))
