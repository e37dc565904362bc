"""What a picture file says of itself: caption, credit, creator, date, from EXIF, IPTC IIM and XMP.

Two steps. :func:`find_blocks` walks the file's container (segments, chunks, boxes) and takes out
the raw blocks; the readers then make :class:`~catalogue.model.Statement` values of each. Both are
written for bytes that nobody vouches for: they follow no offset outside the block, read a bounded
number of entries, expand no entity, start no other program, and a broken block costs its own
statements only, never the picture.

Field numbers and names are those of the IPTC IIM 4.2 and Photo Metadata standards, Exif 2.32, the
XMP specification and Astronomy Visualization Metadata 1.2.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from catalogue.model import Statement

BLOCK_LIMIT = 2 << 20
"""Bytes of one metadata block that are read; what lies beyond is no caption."""
VALUE_LIMIT = 20_000
"""Characters of one value that are kept."""
_ENTRIES = 400
"""Entries of one directory or record that are looked at."""
_STATEMENTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The raw metadata blocks of one file, None where it has none."""

    exif: bytes | None = None
    """A TIFF structure, without the ``Exif`` mark before it."""
    iptc: bytes | None = None
    """IIM records, or the Photoshop resources that hold them."""
    xmp: bytes | None = None
    texts: tuple[tuple[str, str], ...] = ()
    """PNG text chunks and comments: keyword and text."""


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
    except _BROKEN:
        return embedded
    return Embedded(statements=(*embedded.statements, *said), orientation=orientation)


def read_blocks(blocks: Blocks) -> Embedded:
    """What raw metadata blocks say; a broken one costs its own statements only."""
    statements: list[Statement] = []
    orientation = 1
    with contextlib.suppress(*_BROKEN):
        statements += read_xmp(blocks.xmp) if blocks.xmp else ()
    with contextlib.suppress(*_BROKEN):
        statements += read_iptc(blocks.iptc) if blocks.iptc else ()
    with contextlib.suppress(*_BROKEN):
        if blocks.exif:
            said, orientation = read_exif(blocks.exif)
            statements += said
    with contextlib.suppress(*_BROKEN):
        statements += _read_texts(blocks.texts)
    return Embedded(statements=tuple(statements[:_STATEMENTS]), orientation=orientation)


_BROKEN = (
    ArithmeticError,
    AttributeError,
    ElementTree.ParseError,
    EOFError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,  # UnicodeError is one
    struct.error,
    zlib.error,
)
"""What reading a broken block raises, whatever is broken about it."""


# --- where the blocks are ---------------------------------------------------------------------


def find_blocks(source: BinaryIO, format: str) -> Blocks:
    """Take the metadata blocks out of a file's container; of a damaged one, as many as there are.

    Args:
        source: The file, at any position.
        format: As in :class:`~catalogue.model.ImageFacts`.
    """
    finder = _FINDERS.get(format)
    if finder is None:
        return Blocks()
    found: dict[str, bytes] = {}
    texts: list[tuple[str, str]] = []
    source.seek(0)
    with contextlib.suppress(*_BROKEN):
        for name, data in finder(source):
            if name in ("exif", "iptc", "xmp"):
                found.setdefault(name, data[:BLOCK_LIMIT])
            elif len(texts) < 50:
                texts.append((name, _text(data)))
    return Blocks(
        exif=found.get("exif"), iptc=found.get("iptc"), xmp=found.get("xmp"), texts=tuple(texts)
    )


def _jpeg_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(2)
    for _ in range(_ENTRIES):
        mark = source.read(2)
        while mark[:1] == b"\xff" and mark[1:] == b"\xff":  # fill bytes
            mark = mark[1:] + source.read(1)
        if len(mark) < 2 or mark[0] != 0xFF or mark[1] in (0xDA, 0xD9):
            return  # the pixels begin
        length = int.from_bytes(source.read(2), "big") - 2
        if length < 0:
            return
        data = source.read(length)
        if mark[1] == 0xE1 and data.startswith(b"Exif\0"):
            yield "exif", data[6:]
        elif mark[1] == 0xE1 and data.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            yield "xmp", data[29:]
        elif mark[1] == 0xED and data.startswith(b"Photoshop 3.0\0"):
            yield "iptc", data[14:]
        elif mark[1] == 0xFE:
            yield "JPEG comment", data


def _png_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(8)
    for _ in range(100_000):
        head = source.read(8)
        if len(head) < 8:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind in (b"eXIf", b"tEXt", b"zTXt", b"iTXt") and length <= BLOCK_LIMIT:
            data = source.read(length)
            source.seek(4, io.SEEK_CUR)
            with contextlib.suppress(*_BROKEN):
                if kind == b"eXIf":
                    yield "exif", data
                else:
                    yield from _png_text(kind, data)
        else:
            source.seek(length + 4, io.SEEK_CUR)


def _png_text(kind: bytes, data: bytes) -> Iterator[tuple[str, bytes]]:
    keyword, _, rest = data.partition(b"\0")
    if kind == b"zTXt":
        rest = _inflate(rest[1:])
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].split(b"\0", 2)[2]  # language tag and translated keyword go
        if packed:
            rest = _inflate(rest)
    name = keyword.decode("latin-1")
    if name == "XML:com.adobe.xmp":
        yield "xmp", rest
    elif name.startswith("Raw profile type "):
        # ImageMagick's way: name, length, then hexadecimal digits
        raw = bytes.fromhex("".join(rest.decode("ascii").split()[2:]))
        profile = name.removeprefix("Raw profile type ").strip()
        if profile in ("exif", "APP1"):
            yield "exif", raw.removeprefix(b"Exif\0\0")
        elif profile in ("iptc", "8bim"):
            yield "iptc", raw
        elif profile == "xmp":
            yield "xmp", raw
    else:
        yield f"PNG {name}", rest


def _webp_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    source.read(12)
    for _ in range(_ENTRIES):
        head = source.read(8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], "little")
        if head[:4] in (b"EXIF", b"XMP ") and length <= BLOCK_LIMIT:
            data = source.read(length)
            yield (
                ("xmp", data) if head[:4] == b"XMP " else ("exif", data.removeprefix(b"Exif\0\0"))
            )
        else:
            source.seek(length, io.SEEK_CUR)
        if length % 2:
            source.seek(1, io.SEEK_CUR)


def _tiff_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    # The whole file is the EXIF structure; captions stand in its first directory, which may lie
    # behind the pixels, so it is read in place.
    tags = _Tiff(source)
    for tag, name in ((700, "xmp"), (33723, "iptc"), (34377, "iptc")):
        data = tags.raw(tag)
        if data:
            yield name, data


def _gif_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    for kind, data in gif_blocks(source):
        if kind == "comment":
            yield "GIF comment", data
        elif kind == "application" and data.startswith(b"XMP DataXMP"):
            yield "xmp", data[11:]


def gif_blocks(source: BinaryIO, limit: int = 20_000) -> Iterator[tuple[str, bytes]]:
    """The blocks of a GIF: ``image`` per frame, ``comment``, ``application``, ``end``.

    Nothing is decoded, so the time is that of walking the file. Data are bounded, and empty for
    frames.

    Args:
        source: The file.
        limit: How many blocks are looked at.
    """
    source.seek(0)
    head = source.read(13)
    if len(head) < 13:
        return
    if head[10] & 0x80:
        source.seek(3 << (head[10] & 7) + 1, io.SEEK_CUR)
    for _ in range(limit):
        mark = source.read(1)
        if mark == b"\x21":
            kind = source.read(1)
            name = {b"\xfe": "comment", b"\xff": "application"}.get(kind, "other")
            # XMP is written as if it were sub-blocks, so every length byte belongs to it
            data = _sub_blocks(source, keep=name != "other")
            yield name, data
        elif mark == b"\x2c":
            place = source.read(9)
            if len(place) < 9:
                return
            if place[8] & 0x80:
                source.seek(3 << (place[8] & 7) + 1, io.SEEK_CUR)
            source.read(1)
            _sub_blocks(source, keep=False)
            yield "image", b""
        elif mark == b"\x3b":
            yield "end", b""
            return
        else:
            return


def _sub_blocks(source: BinaryIO, *, keep: bool) -> bytes:
    kept = bytearray()
    first = True
    while True:
        size = source.read(1)
        if not size or size == b"\0":
            return bytes(kept)
        data = source.read(size[0])
        if len(data) < size[0]:
            raise EOFError("a GIF block is cut short")
        if keep and len(kept) < BLOCK_LIMIT:
            if not first and kept.startswith(b"XMP DataXMP"):
                kept += size
            kept += data
        first = False


def _jp2_blocks(source: BinaryIO) -> Iterator[tuple[str, bytes]]:
    for _ in range(_ENTRIES):
        head = source.read(8)
        if len(head) < 8:
            return
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length == 1:
            length = int.from_bytes(source.read(8), "big") - 8
        if length < 8:
            return
        if kind == b"uuid" and length - 8 <= BLOCK_LIMIT:
            data = source.read(length - 8)
            if data[:16] == _XMP_UUID:
                yield "xmp", data[16:]
            elif data[:16] == b"JpgTiffExif->JP2":
                yield "exif", data[16:]
        else:
            source.seek(length - 8, io.SEEK_CUR)


_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")

_FINDERS: dict[str, Callable[[BinaryIO], Iterator[tuple[str, bytes]]]] = {
    "JPEG": _jpeg_blocks,
    "PNG": _png_blocks,
    "WEBP": _webp_blocks,
    "TIFF": _tiff_blocks,
    "GIF": _gif_blocks,
    "JPEG2000": _jp2_blocks,
}


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, BLOCK_LIMIT)


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
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


class _Tiff:
    """One directory of a TIFF structure, read where it lies.

    Args:
        source: Bytes of the structure, or a file that is one.
        offset: Where the directory begins; None for the first.
    """

    def __init__(self, source: bytes | BinaryIO, offset: int | None = None) -> None:
        self._source = io.BytesIO(source) if isinstance(source, bytes) else source
        self._source.seek(0)
        head = self._source.read(8)
        order = {b"II": "<", b"MM": ">"}.get(head[:2])
        if order is None or len(head) < 8:
            raise ValueError("no TIFF structure")
        self._order = order
        start = struct.unpack(order + "I", head[4:])[0] if offset is None else offset
        self._source.seek(start)
        (count,) = struct.unpack(order + "H", self._source.read(2))
        entries = self._source.read(12 * min(count, _ENTRIES))
        self._entries = {
            struct.unpack_from(order + "H", entries, at)[0]: entries[at + 2 : at + 12]
            for at in range(0, len(entries) - 11, 12)
        }

    def raw(self, tag: int) -> bytes:
        """The bytes of an entry; empty where there is none or it points outside."""
        entry = self._entries.get(tag)
        if entry is None:
            return b""
        kind, count = struct.unpack(self._order + "HI", entry[:6])
        size = _SIZES.get(kind, 1) * count
        if size <= 4:
            return entry[6 : 6 + size]
        if size > BLOCK_LIMIT:
            return b""
        self._source.seek(struct.unpack(self._order + "I", entry[6:])[0])
        return self._source.read(size)

    def number(self, tag: int) -> int | None:
        data = self.raw(tag)
        if len(data) not in (1, 2, 4):
            return None
        return int.from_bytes(data, "little" if self._order == "<" else "big")


def read_exif(block: bytes | BinaryIO) -> tuple[list[Statement], int]:
    """What an EXIF block states, and the orientation of the pixels (1 where it gives none).

    Args:
        block: A TIFF structure, or a TIFF file.
    """
    first = _Tiff(block)
    statements = []
    for tag, name, where in _EXIF_FIELDS:
        with contextlib.suppress(*_BROKEN):
            data = first.raw(tag)
            # Windows' own fields are UTF-16, the others ASCII by the book and anything in practice
            text = data.decode("utf-16-le", "replace") if tag >= 0x9C9B else _text(data)
            statements += _state(name, text, where)
    with contextlib.suppress(*_BROKEN):
        inner = first.number(_EXIF_DIRECTORY)
        if inner:
            details = _Tiff(block, inner)
            taken = _text(details.raw(_TAKEN)) + _text(details.raw(_TAKEN_OFFSET))
            statements += _state("taken", _iso_time(taken), "EXIF DateTimeOriginal")
    orientation = 1
    with contextlib.suppress(*_BROKEN):
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
    for _ in range(_ENTRIES):
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
            date = _text(value)
        elif record == 2 and dataset in _IPTC_FIELDS:
            text = value.decode("utf-8", "replace") if charset else _text(value)
            statements += _state(_IPTC_FIELDS[dataset], text, f"IPTC 2:{dataset:03d}")
    if re.fullmatch(r"\d{8}", date) and not date.startswith("0000"):
        statements += _state("taken", f"{date[:4]}-{date[4:6]}-{date[6:]}", "IPTC 2:055")
    return statements


def _photoshop_resource(block: bytes, wanted: int) -> bytes:
    at = 0
    for _ in range(_ENTRIES):
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
    text = _text(packet, fold=False)
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
                statements += _state(_XMP_FIELDS[key][0], value, _XMP_FIELDS[key][1])
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
                statements += _state(name, value_text or "", where)
    return statements[:_STATEMENTS]


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
            statements += _state(name, text, where)
    return statements


# --- beside the file ----------------------------------------------------------------------------

_SIDECAR_KEYS = (
    ("title", "title"),
    ("headline", "title"),
    ("caption", "description"),
    ("description", "description"),
    ("content", "description"),
    ("credit", "credit"),
    ("credits", "credit"),
    ("photographer", "creator"),
    ("author", "creator"),
    ("artist", "creator"),
    ("copyright", "copyright"),
    ("license", "licence"),
    ("licence", "licence"),
    ("source", "source"),
    ("spacecraft", "spacecraft"),
    ("mission", "mission"),
    ("instrument", "instrument"),
    ("target", "target"),
    ("sol", "sol"),
    ("date_taken", "taken"),
    ("keywords", "keywords"),
    ("tags", "keywords"),
)


def read_sidecar(path: Path) -> tuple[Statement, ...]:
    """What stands beside a picture file: ``name.xmp``, or ``name.jpg.json`` as gallery-dl writes.

    Args:
        path: The picture. ``name.jpg.xmp``, ``name.xmp``, ``name.jpg.json`` and ``name.json`` are
            looked for; a link or a file past two megabytes is left alone.
    """
    statements: list[Statement] = []
    for beside in (
        path.with_name(path.name + ".xmp"),
        path.with_suffix(".xmp"),
        path.with_name(path.name + ".json"),
        path.with_suffix(".json"),
    ):
        with contextlib.suppress(*_BROKEN):
            if beside.is_symlink() or not beside.is_file() or beside.stat().st_size > BLOCK_LIMIT:
                continue
            data = beside.read_bytes()
            if beside.suffix == ".xmp":
                statements += read_xmp(data)
            else:
                statements += _read_json(json.loads(_text(data, fold=False)))
    return tuple(statements[:_STATEMENTS])


def _read_json(values: object) -> list[Statement]:
    statements: list[Statement] = []
    if isinstance(values, dict):
        for key, name in _SIDECAR_KEYS:
            value = values.get(key)
            if isinstance(value, dict):
                value = value.get("name") or value.get("title")
            for item in value[:50] if isinstance(value, list) else [value]:
                if isinstance(item, str | int | float) and not isinstance(item, bool):
                    statements += _state(name, str(item), f"sidecar {key}")
    return statements


def sidecar_address(path: Path) -> str | None:
    """Where a picture came from, as a JSON sidecar tells (``url``, ``source_url``); else None."""
    for beside in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        with contextlib.suppress(*_BROKEN):
            if not beside.is_symlink() and beside.is_file() and beside.stat().st_size < BLOCK_LIMIT:
                values = json.loads(beside.read_bytes())
                for key in ("url", "file_url", "source_url"):
                    value = values.get(key)
                    if isinstance(value, str) and value.startswith(("http://", "https://")):
                        return value
    return None


def _state(name: str, value: str, where: str) -> list[Statement]:
    """One statement, or none where nothing is said."""
    text = " ".join(value.replace("\0", " ").split())[:VALUE_LIMIT]
    text = "".join(c for c in text if c.isprintable() or c in "\u200d\u00ad")
    return [Statement(name=name, value=text, where=where)] if text.strip() else []


def _text(data: bytes, *, fold: bool = True) -> str:
    """Bytes as text: UTF-8 where they are that, else Windows-1252, which old captions are in."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    return text.rstrip("\0 ") if fold else text
