"""What a picture file says of itself: caption, credit, creator, date, from EXIF, IPTC IIM and XMP.

:mod:`catalogue.images.blocks` takes the raw blocks out of the file; the readers here make
:class:`~catalogue.model.Statement` values of each. They expand no entity and start no other
program, and a broken block costs its own statements only, never the picture.

Field numbers and names are those of the IPTC IIM 4.2 and Photo Metadata standards, Exif 2.32, the
XMP specification and Astronomy Visualization Metadata 1.2.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree

from catalogue.images.blocks import BROKEN, ENTRIES, Blocks, Directory, find_blocks, text_of
from catalogue.model import Statement

VALUE_LIMIT = 20_000
"""Characters of one value that are kept."""
STATEMENTS = 200
"""Statements of one file or sidecar that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What the blocks say."""

    statements: tuple[Statement, ...] = ()
    orientation: int = 1
    """How the pixels lie, 1 to 8 as EXIF has it; 1 is upright."""


def read_embedded(source: BinaryIO, format: str) -> Embedded:
    """All that a picture file says of itself; empty where it says nothing that can be read.

    Args:
        source: The file, at any position; it is left at another.
        format: As in :class:`~catalogue.model.ImageFacts`.
    """
    embedded = read_blocks(find_blocks(source, format))
    if format != "TIFF":
        return embedded
    try:
        said, orientation = read_exif(source)  # the file is itself an EXIF structure
    except BROKEN:
        return embedded
    return Embedded(statements=(*embedded.statements, *said), orientation=orientation)


def read_blocks(blocks: Blocks) -> Embedded:
    """What raw metadata blocks say; a broken one costs its own statements only."""
    statements: list[Statement] = []
    orientation = 1
    with contextlib.suppress(*BROKEN):
        statements += read_xmp(blocks.xmp) if blocks.xmp else ()
    with contextlib.suppress(*BROKEN):
        statements += read_iptc(blocks.iptc) if blocks.iptc else ()
    with contextlib.suppress(*BROKEN):
        if blocks.exif:
            said, orientation = read_exif(blocks.exif)
            statements += said
    with contextlib.suppress(*BROKEN):
        statements += _read_texts(blocks.texts)
    return Embedded(statements=tuple(statements[:STATEMENTS]), orientation=orientation)


# --- EXIF -------------------------------------------------------------------------------------

_EXIF_FIELDS = (
    (0x010E, "description", "EXIF ImageDescription"),
    (0x9C9B, "title", "EXIF XPTitle"),
    (0x9C9C, "description", "EXIF XPComment"),
    (0x013B, "creator", "EXIF Artist"),
    (0x9C9D, "creator", "EXIF XPAuthor"),
    (0x8298, "copyright", "EXIF Copyright"),
    (0x010F, "camera_make", "EXIF Make"),
    (0x0110, "camera_model", "EXIF Model"),
)
_EXIF_DIRECTORY, _ORIENTATION, _TAKEN, _TAKEN_OFFSET = 0x8769, 0x0112, 0x9003, 0x9011


def read_exif(block: bytes | BinaryIO) -> tuple[list[Statement], int]:
    """What an EXIF block states, and the orientation of the pixels (1 where it gives none).

    Args:
        block: A TIFF structure, or a TIFF file.
    """
    first = Directory(block)
    statements = []
    for tag, name, where in _EXIF_FIELDS:
        with contextlib.suppress(*BROKEN):
            data = first.raw(tag)
            # Windows' own fields are UTF-16, the others ASCII by the book and anything in practice
            text = data.decode("utf-16-le", "replace") if tag >= 0x9C9B else text_of(data)
            statements += stated(name, text, where)
    with contextlib.suppress(*BROKEN):
        inner = first.number(_EXIF_DIRECTORY)
        if inner:
            details = Directory(block, inner)
            taken = text_of(details.raw(_TAKEN)) + text_of(details.raw(_TAKEN_OFFSET))
            statements += stated("taken", _iso_time(taken), "EXIF DateTimeOriginal")
    orientation = 1
    with contextlib.suppress(*BROKEN):
        orientation = first.number(_ORIENTATION) or 1
    return statements, orientation if 1 <= orientation <= 8 else 1


def _iso_time(text: str) -> str:
    """EXIF's ``2012:08:06 05:17:57`` as ISO 8601; empty where it is no date."""
    match = re.fullmatch(
        r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)\s*([+-]\d\d:\d\d)?", text.strip("\0 ")
    )
    if match is None or match[1] == "0000":
        return ""
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}{match[5] or ''}"


# --- IPTC IIM ---------------------------------------------------------------------------------

_IPTC_FIELDS = {
    5: "title",
    25: "keywords",
    80: "creator",
    90: "place",
    92: "place",
    105: "title",
    110: "credit",
    115: "source",
    116: "copyright",
    120: "description",
}


def read_iptc(block: bytes) -> list[Statement]:
    """What IPTC IIM records state.

    Args:
        block: The records, or the Photoshop resources in which JPEG files keep them.
    """
    records = block
    if block.startswith(b"8BIM"):
        records = _photoshop_resource(block, 0x0404)
    statements: list[Statement] = []
    date = ""
    charset = None
    at = 0
    for _ in range(ENTRIES):
        if at + 5 > len(records) or records[at] != 0x1C:
            break
        record, dataset = records[at + 1], records[at + 2]
        length = int.from_bytes(records[at + 3 : at + 5], "big")
        at += 5
        if length & 0x8000:  # the length's own length, for values past 32 kB
            size = length & 0x7FFF
            if size > 4:
                break
            length = int.from_bytes(records[at : at + size], "big")
            at += size
        value = records[at : at + length]
        at += length
        if record == 1 and dataset == 90 and value == b"\x1b%G":
            charset = "utf-8"
        elif record == 2 and dataset == 55:
            date = text_of(value)
        elif record == 2 and dataset in _IPTC_FIELDS:
            text = value.decode("utf-8", "replace") if charset else text_of(value)
            statements += stated(_IPTC_FIELDS[dataset], text, f"IPTC 2:{dataset:03d}")
    if re.fullmatch(r"\d{8}", date) and not date.startswith("0000"):
        statements += stated("taken", f"{date[:4]}-{date[4:6]}-{date[6:]}", "IPTC 2:055")
    return statements


def _photoshop_resource(block: bytes, wanted: int) -> bytes:
    at = 0
    for _ in range(ENTRIES):
        if block[at : at + 4] != b"8BIM":
            break
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        name = block[at + 6] + 1
        at += 6 + name + name % 2
        size = int.from_bytes(block[at : at + 4], "big")
        at += 4
        if number == wanted:
            return block[at : at + size]
        at += size + size % 2
    return b""


# --- XMP --------------------------------------------------------------------------------------

_DC = "http://purl.org/dc/elements/1.1/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_RIGHTS = "http://ns.adobe.com/xap/1.0/rights/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
_CORE = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
_CC = "http://creativecommons.org/ns#"
_AVM = "http://www.communicatingastronomy.org/avm/1.0/"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

_XMP_FIELDS = {
    f"{{{space}}}{local}": (name, f"XMP {prefix}:{local}")
    for space, prefix, local, name in (
        (_DC, "dc", "title", "title"),
        (_DC, "dc", "description", "description"),
        (_DC, "dc", "creator", "creator"),
        (_DC, "dc", "rights", "copyright"),
        (_DC, "dc", "subject", "keywords"),
        (_DC, "dc", "source", "source"),
        (_PHOTOSHOP, "photoshop", "Credit", "credit"),
        (_PHOTOSHOP, "photoshop", "Headline", "title"),
        (_PHOTOSHOP, "photoshop", "Source", "source"),
        (_PHOTOSHOP, "photoshop", "DateCreated", "taken"),
        (_PHOTOSHOP, "photoshop", "City", "place"),
        (_RIGHTS, "xmpRights", "UsageTerms", "licence"),
        (_RIGHTS, "xmpRights", "WebStatement", "rights_url"),
        (_CC, "cc", "license", "rights_url"),
        (_CORE, "Iptc4xmpCore", "Location", "place"),
        (_TIFF, "tiff", "ImageDescription", "description"),
        (_TIFF, "tiff", "Artist", "creator"),
        (_TIFF, "tiff", "Copyright", "copyright"),
        (_TIFF, "tiff", "Make", "camera_make"),
        (_TIFF, "tiff", "Model", "camera_model"),
        (_EXIF, "exif", "DateTimeOriginal", "taken"),
        (_AVM, "avm", "Facility", "spacecraft"),
        (_AVM, "avm", "Instrument", "instrument"),
        (_AVM, "avm", "Subject.Name", "target"),
        (_AVM, "avm", "ID", "product_id"),
    )
}


def read_xmp(packet: bytes) -> list[Statement]:
    """What an XMP packet states. A packet that declares a document type is not read at all.

    Args:
        packet: The XML, with or without its ``xpacket`` wrapping.
    """
    text = text_of(packet, fold=False)
    start = max(text.find("<x:xmpmeta"), text.find("<x:xapmeta"))
    if start < 0:
        start = text.find("<rdf:RDF")
    end = max(text.rfind("</x:xmpmeta>"), text.rfind("</x:xapmeta>"), text.rfind("</rdf:RDF>"))
    if start < 0 or end < 0:
        return []
    text = text[start : text.find(">", end) + 1]
    if "<!" in text.replace("<!--", "").replace("<![CDATA[", ""):
        return []  # entities are declared behind such a mark, and no packet needs one
    statements: list[Statement] = []
    for description in ElementTree.fromstring(text).iter(f"{_RDF}Description"):
        for key, value in description.items():
            if key in _XMP_FIELDS:
                statements += stated(_XMP_FIELDS[key][0], value, _XMP_FIELDS[key][1])
        for child in description:
            if child.tag not in _XMP_FIELDS:
                continue
            name, where = _XMP_FIELDS[child.tag]
            items = list(child.iter(f"{_RDF}li"))
            if items and name not in ("keywords", "creator", "spacecraft", "instrument"):
                items = items[:1]  # the same text in other languages
            values = [item.text for item in items] or [
                child.text or child.get(f"{_RDF}resource") or ""
            ]
            for value_text in values[:50]:
                statements += stated(name, value_text or "", where)
    return statements[:STATEMENTS]


# --- texts in PNG, and comments -----------------------------------------------------------------

_TEXT_FIELDS = {
    "PNG Title": "title",
    "PNG Author": "creator",
    "PNG Description": "description",
    "PNG Copyright": "copyright",
    "PNG Source": "source",
    "PNG Comment": "description",
    "GIF comment": "description",
    "JPEG comment": "description",
}


def _read_texts(texts: tuple[tuple[str, str], ...]) -> list[Statement]:
    statements: list[Statement] = []
    for where, text in texts:
        name = _TEXT_FIELDS.get(where)
        # Programs sign pictures in comments; that is no description.
        if name and not re.match(
            r"(?i)(creator: gd-jpeg|created with|lead technologies|file (source|written)|"
            r"processed by|optimized by|handmade software|compressed by)",
            text,
        ):
            statements += stated(name, text, where)
    return statements


def stated(name: str, value: str, where: str) -> list[Statement]:
    """One statement, or none where nothing is said."""
    text = " ".join(value.replace("\0", " ").split())[:VALUE_LIMIT]
    text = "".join(c for c in text if c.isprintable() or c in "\u200d\u00ad")
    return [Statement(name=name, value=text, where=where)] if text.strip() else []
