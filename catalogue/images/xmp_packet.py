"""An XMP packet taken apart into its properties, and put together again (ISO 16684-1).

Packets come from files that nobody vouches for: a document type (the way to entities) makes the
packet unreadable, and so does nesting beyond :data:`DEPTH`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

from catalogue.errors import UnreadableImage
from catalogue.images.fields import allowed

DEPTH = 40
"""Nested elements at the most; real packets have fewer than ten."""
PACKET_LIMIT = 64 << 20
"""Bytes of a packet that is read."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "http://www.w3.org/XML/1998/namespace"
NOTE = "http://ns.adobe.com/xmp/note/"

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
    "xmpNote": NOTE,
    "catalogue": "urn:x-mars-image-catalogue:1#",
}
"""Prefixes that we write, and the name spaces that they stand for."""

_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()} | {_XML: "xml"}


_Prefix: TypeAlias = Callable[[str], str]


@dataclass(slots=True)
class _Node:
    name: tuple[str, str]
    attributes: list[tuple[tuple[str, str], str]]
    children: list[_Node | str] = field(default_factory=list)


@dataclass(slots=True)
class Properties:
    """A packet taken apart: property name -> XML text, in the order of the packet."""

    about: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    plain: dict[str, list[str]] = field(default_factory=dict)
    """The texts within a property, for those that we may replace."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Name space -> prefix, of all that is used."""
    others: list[str] = field(default_factory=list)
    """Further nodes of the graph, which are no description of the picture."""


# --- writing ----------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text as XML has it; a bare CR would come back as LF."""
    return (
        allowed(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\r", "&#13;")
    )


def _attribute(text: str) -> str:
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def graph(properties: Properties) -> str:
    """The XML of a packet, without the wrapper."""
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


def wrapped(properties: Properties) -> bytes:
    """A whole packet."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'{graph(properties)}\n<?xpacket end="w"?>'
    ).encode()


# --- reading ----------------------------------------------------------------------------------


def read(data: bytes, prefixes: dict[str, str] | None = None) -> Properties:
    """Take a packet apart.

    Args:
        data: The packet, with or without its wrapper.
        prefixes: By name space, those that another packet has taken already; added to.

    Raises:
        UnreadableImage: It is no XMP, or cannot be read safely.
    """
    root, declared = _parse(data)
    graph = _find_graph(root)
    prefixes = {} if prefixes is None else prefixes

    def prefix(uri: str) -> str:
        if uri not in prefixes:
            prefixes[uri] = _free_prefix(uri, declared, prefixes)
        return prefixes[uri]

    found = Properties(prefixes=prefixes)
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
                found.texts[label] = f"<{label}>{escaped(value)}</{label}>"
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
        escaped(child) if isinstance(child, str) else _written(child, prefix)
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
