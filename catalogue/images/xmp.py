"""XMP packets: what is there is kept, what we know is written over it (ISO 16684-1).

A packet is taken apart into its top-level properties, each kept as text that is put back as it
was understood; those that :class:`~catalogue.images.fields.Metadata` has a value for are replaced.
A text that is replaced by another is not lost: it moves to the property ``catalogue:Replaced``.

Packets come from files that nobody vouches for: a document type (the way to entities) makes the
packet unreadable, and so does nesting beyond :data:`DEPTH`. An unreadable packet is no XMP, and is
replaced as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

from catalogue.errors import UnreadableImage
from catalogue.images.fields import Metadata

DEPTH = 40
"""Nested elements at the most; real packets have fewer than ten."""
PACKET_LIMIT = 64 << 20
"""Bytes of a packet that is read."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
_NOTE = "http://ns.adobe.com/xmp/note/"

NAMESPACES = {
    "x": "adobe:ns:meta/",
    "rdf": _RDF,
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "xmpNote": _NOTE,
    "catalogue": "urn:x-mars-image-catalogue:1#",
}
"""Prefixes that we write, and the name spaces that they stand for."""

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()} | {_XML: "xml"}

REPLACED = "catalogue:Replaced"
"""Property that lists what stood in a field before another text was written into it."""


_Prefix: TypeAlias = Callable[[str], str]


@dataclass(slots=True)
class _Node:
    name: tuple[str, str]
    attributes: list[tuple[tuple[str, str], str]]
    children: list[_Node | str] = field(default_factory=list)


@dataclass(slots=True)
class _Properties:
    """A packet taken apart: property name -> XML text, in the order of the packet."""

    about: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    plain: dict[str, list[str]] = field(default_factory=dict)
    """The texts within a property, for those that we may replace."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Name space -> prefix, of all that is used."""
    others: list[str] = field(default_factory=list)
    """Further nodes of the graph, which are no description of the picture."""


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
    return _wrapped(_merged(metadata, existing, replaced, without))


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
    single = _wrapped(whole)
    if len(single) <= limit:
        return single, None
    ours = set(_ours(metadata)) | {REPLACED}
    order = sorted(
        whole.texts, key=lambda name: (name not in ours, len(whole.texts[name].encode()), name)
    )
    first = _Properties(about=whole.about, prefixes=whole.prefixes | {_NOTE: "xmpNote"})
    second = _Properties(about=whole.about, prefixes=whole.prefixes, others=whole.others)
    first.texts["xmpNote:HasExtendedXMP"] = (
        f"<xmpNote:HasExtendedXMP>{digest}</xmpNote:HasExtendedXMP>"
    )
    room = limit - len(_wrapped(first)) - 64
    for name in order:
        size = len(whole.texts[name].encode()) + 1
        chosen = first if size <= room else second
        chosen.texts[name] = whole.texts[name]
        room -= size if chosen is first else 0
    return _wrapped(first), _graph(second).encode()


def joined(first: bytes, second: bytes) -> bytes:
    """Packet and extension as one packet; the first alone where the second cannot be read.

    Args:
        first: The packet.
        second: The extension, put together from its segments.
    """
    try:
        main = _read(first)
        more = _read(second, main.prefixes)
    except UnreadableImage:
        return first
    for name, text in more.texts.items():
        main.texts.setdefault(name, text)
    main.texts.pop("xmpNote:HasExtendedXMP", None)
    main.others += more.others
    return _wrapped(main)


def extension_of(data: bytes) -> str | None:
    """The digest by which a packet names its extension; None where it has none."""
    try:
        note = _read(data).texts.get("xmpNote:HasExtendedXMP")
    except UnreadableImage:
        return None
    found = re.search(r"[0-9A-Fa-f]{32}", note) if note else None
    return found.group().upper() if found else None


# --- writing ----------------------------------------------------------------------------------


def _ours(metadata: Metadata) -> dict[str, str]:
    # Property -> XML text of its value, in the order of the manual's table.
    licensor = "".join(
        f"<plus:{name}>{_escaped(value)}</plus:{name}>"
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
    return _escaped(value) if value else ""


def _list(kind: str, values: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{_escaped(value)}</rdf:li>" for value in values)
    return f"<rdf:{kind}>{items}</rdf:{kind}>" if items else ""


def _language(value: str | None) -> str:
    if not value:
        return ""
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{_escaped(value)}</rdf:li></rdf:Alt>'


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _allowed(text: str) -> str:
    # XML 1.0 has no way to write most control characters.
    return _FORBIDDEN.sub("", text)


def _escaped(text: str) -> str:
    # A bare CR would come back as LF.
    return (
        _allowed(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#13;")
    )


def _attribute(text: str) -> str:
    return _escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def _merged(
    metadata: Metadata,
    existing: bytes | None,
    replaced: Iterable[str],
    without: Iterable[str],
) -> _Properties:
    try:
        kept = _read(existing) if existing else _Properties()
    except UnreadableImage:
        kept = _Properties()
    kept.texts.pop("xmpNote:HasExtendedXMP", None)
    for name in without:
        kept.texts.pop(name, None)
    former = list(kept.plain.get(REPLACED, ()))
    former += [text for text in replaced if text not in former]
    for name, value in _ours(metadata).items():
        before = kept.plain.get(name, [])
        if name == "dc:subject":
            words = [_allowed(word) for word in metadata.keywords]
            keywords = list(dict.fromkeys([*before, *words]))
            value = _list("Bag", keywords)
        else:
            said = {_allowed(text) for text in _values(metadata, name)}
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


def _graph(properties: _Properties) -> str:
    declared = {_RDF: "rdf"} | properties.prefixes
    spaces = "".join(
        f' xmlns:{prefix}="{_attribute(uri)}"'
        for uri, prefix in sorted(declared.items(), key=lambda item: item[1])
        if prefix not in ("xml", "x")
    )
    body = "\n".join(properties.texts.values())
    others = "\n".join(properties.others)
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF{spaces}>\n'
        f'<rdf:Description rdf:about="{_attribute(properties.about)}">\n{body}\n'
        f"</rdf:Description>\n{others}</rdf:RDF>\n</x:xmpmeta>"
    )


def _wrapped(properties: _Properties) -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'{_graph(properties)}\n<?xpacket end="w"?>'
    ).encode()


# --- reading ----------------------------------------------------------------------------------


def _read(data: bytes, prefixes: dict[str, str] | None = None) -> _Properties:
    root, declared = _parse(data)
    graph = _find_graph(root)
    prefixes = {} if prefixes is None else prefixes

    def prefix(uri: str) -> str:
        if uri not in prefixes:
            prefixes[uri] = _free_prefix(uri, declared, prefixes)
        return prefixes[uri]

    found = _Properties(prefixes=prefixes)
    for node in graph.children:
        if isinstance(node, str):
            continue
        if node.name != (_RDF, "Description"):
            found.others.append(_written(node, prefix))
            continue
        for name, value in node.attributes:
            if name[0] == _XML:
                continue
            if name[0] in (_RDF, ""):
                if name[1] == "about" and value and not found.about:
                    found.about = value
                continue
            label = f"{prefix(name[0])}:{name[1]}"
            if label not in found.texts:
                found.texts[label] = f"<{label}>{_escaped(value)}</{label}>"
                found.plain[label] = [value]
        for child in node.children:
            if isinstance(child, str) or not child.name[0]:
                continue
            label = f"{prefix(child.name[0])}:{child.name[1]}"
            if label not in found.texts:
                found.texts[label] = _written(child, prefix)
                found.plain[label] = _texts(child)
    return found


def _parse(data: bytes) -> tuple[_Node, dict[str, str]]:
    if len(data) > PACKET_LIMIT:
        raise UnreadableImage(f"an XMP packet of {len(data)} bytes is too large to be read")
    # Padding behind the packet is white space or zeros; the latter are no XML.
    data = data.strip(b"\0 \t\r\n")
    top = _Node(("", ""), [])
    open_nodes = [top]
    declared: dict[str, str] = {}

    def start(name: str, attributes: list[str]) -> None:
        if len(open_nodes) > DEPTH:
            raise UnreadableImage("an XMP packet is nested too deeply")
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        node = _Node(_split(name), [(_split(key), value) for key, value in pairs])
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def end(name: str) -> None:
        open_nodes.pop()

    def text(data: str) -> None:
        open_nodes[-1].children.append(data)

    def declare(prefix: str | None, uri: str) -> None:
        if prefix:
            declared.setdefault(uri, prefix)

    def doctype(*_: object) -> None:
        raise UnreadableImage("an XMP packet declares a document type")

    parser = expat.ParserCreate(namespace_separator="\n")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = declare
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableImage(f"an XMP packet is not well-formed: {error}") from error
    return top, declared


def _split(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition("\n")
    return space, local


def _find_graph(top: _Node) -> _Node:
    nodes = [top]
    for _ in range(4):
        for node in nodes:
            if node.name == (_RDF, "RDF"):
                return node
        nodes = [child for node in nodes for child in node.children if isinstance(child, _Node)]
    raise UnreadableImage("an XMP packet holds no RDF")


_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def _free_prefix(uri: str, declared: dict[str, str], taken: dict[str, str]) -> str:
    if uri in _PREFIXES:
        return _PREFIXES[uri]
    wish = declared.get(uri, "ns")
    used = set(taken.values()) | set(NAMESPACES) | {"xml", "xmlns"}
    if _PREFIX.match(wish) and not wish.lower().startswith("xml") and wish not in used:
        return wish
    number = 1
    while f"ns{number}" in used:
        number += 1
    return f"ns{number}"


def _written(node: _Node, prefix: _Prefix) -> str:
    label = f"{prefix(node.name[0])}:{node.name[1]}" if node.name[0] else node.name[1]
    attributes = "".join(
        f' {f"{prefix(space)}:{local}" if space else local}="{_attribute(value)}"'
        for (space, local), value in node.attributes
    )
    if not node.children:
        return f"<{label}{attributes}/>"
    inner = "".join(
        _escaped(child) if isinstance(child, str) else _written(child, prefix)
        for child in node.children
    )
    return f"<{label}{attributes}>{inner}</{label}>"


def _texts(node: _Node) -> list[str]:
    """The texts of a simple property, of the items of a list, of the fields of a structure."""
    inner = [child for child in node.children if isinstance(child, _Node)]
    if inner:
        return [text for child in inner for text in _texts(child)]
    text = "".join(child for child in node.children if isinstance(child, str))
    fields = [
        value for (space, _), value in node.attributes if space not in (_RDF, _XML, "") and value
    ]
    return [*fields, *([text] if text else [])]
