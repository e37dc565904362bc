"""IPTC IIM records and the Photoshop resources that carry them in JPEG and TIFF (IIM 4.2).

Values are written whole, in UTF-8 (declared in data set 1:90). The lengths that IIM sets, 32
bytes for a credit, are not kept: a credit that is cut is a wrong one, and readers take what there
is (see ``docs/reference/metadata-fields.md``).
"""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

from catalogue.images.fields import Metadata

UTF8 = b"\x1b%G"
"""ISO 2022 escape sequence that announces UTF-8."""

_BINARY = frozenset({0, 125, 200, 201, 202})
"""Data sets of record 2 that hold no text."""

_NAMES = {
    5: "Object Name",
    40: "Special Instructions",
    55: "Date Created",
    60: "Time Created",
    80: "By-line",
    105: "Headline",
    110: "Credit",
    115: "Source",
    116: "Copyright Notice",
    120: "Caption",
}

DataSet = tuple[int, int, bytes]
"""Record, number, value."""


def merged(metadata: Metadata, existing: bytes | None = None) -> tuple[bytes, tuple[str, ...]]:
    """IIM records with what is known written over what is there.

    Args:
        metadata: What is to be written.
        existing: The records that the file has.

    Returns:
        The records, and the texts that gave way to others, ``IPTC Credit: ...``.
    """
    kept = _in_utf8(data_sets(existing)) if existing else []
    ours = _ours(metadata)
    numbers = {number for number, _ in ours} - {25}
    if 55 in numbers:
        numbers.add(60)  # a time of another date is wrong
    said = {(number, value) for number, value in ours}
    replaced = tuple(
        f"IPTC {_NAMES[number]}: {value.decode('utf-8', 'replace')}"
        for record, number, value in kept
        if record == 2
        and number in numbers
        and number not in (55, 60)
        and value.strip()
        and (number, value) not in said
    )
    kept = [
        (record, number, value)
        for record, number, value in kept
        if not (record == 2 and (number in numbers or number == 0 or (number, value) in said))
        and (record, number) not in ((1, 0), (1, 90))
    ]
    heads = [(1, 0, b"\0\4"), (1, 90, UTF8), (2, 0, b"\0\4")]
    new = [(2, number, value) for number, value in ours]
    # Records stand in order; within one, its head, what was there, what is written.
    ordered = sorted([*heads, *kept, *new], key=lambda data_set: data_set[0])
    return b"".join(_written(*data_set) for data_set in ordered), replaced


def _ours(metadata: Metadata) -> list[tuple[int, bytes]]:
    day, time = _date(metadata.created)
    values: list[tuple[int, str | None]] = [
        (5, metadata.title),
        *((25, word) for word in metadata.keywords),
        (40, metadata.instructions),
        (55, day),
        (60, time),
        *((80, name) for name in metadata.creators),
        (105, metadata.headline),
        (110, metadata.credit),
        (115, metadata.source),
        (116, metadata.copyright_notice),
        (120, metadata.description),
    ]
    return [(number, _clean(value).encode()) for number, value in values if value]


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n\r").encode("utf-8", "ignore").decode()


_WHEN = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?\Z"
)


def _date(created: str | None) -> tuple[str | None, str | None]:
    # IIM 2:55 is CCYYMMDD, zeros for what is not known; 2:60 is HHMMSS with the offset.
    found = _WHEN.match(created or "")
    if not found:
        return None, None
    year, month, day, hour, minute, second, offset = found.groups()
    date = f"{year}{month or '00'}{day or '00'}"
    if hour is None or offset is None:
        return date, None
    shift = "+0000" if offset == "Z" else offset.replace(":", "")
    return date, f"{hour}{minute}{second or '00'}{shift}"


def data_sets(data: bytes) -> list[DataSet]:
    """The data sets of IIM records, up to the first byte that is none."""
    found: list[DataSet] = []
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        record, number, size = data[at + 1], data[at + 2], int.from_bytes(data[at + 3 : at + 5])
        at += 5
        if size & 0x8000:  # extended: the number of bytes that hold the size
            width = size & 0x7FFF
            if width > 4:
                break
            size = int.from_bytes(data[at : at + width])
            at += width
        if at + size > len(data):
            break
        found.append((record, number, data[at : at + size]))
        at += size
    return found


def _in_utf8(sets: list[DataSet]) -> list[DataSet]:
    # Without 1:90 the letters are whatever the writer's system had; UTF-8 is told by its form.
    return [
        (record, number, value)
        if value.isascii() or record != 2 or number in _BINARY
        else (record, number, _text(value).encode())
        for record, number, value in sets
    ]


def _text(value: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")


def _written(record: int, number: int, value: bytes) -> bytes:
    head = bytes((0x1C, record, number))
    if len(value) <= 0x7FFF:
        return head + len(value).to_bytes(2) + value
    return head + b"\x80\x04" + len(value).to_bytes(4) + value


# --- Photoshop image resources ----------------------------------------------------------------

IPTC = 0x0404
IPTC_DIGEST = 0x0425
"""MD5 of the IIM records, by which readers tell that XMP and IIM were written together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Photoshop image resources: what there is, and bytes behind them that are none."""

    items: tuple[tuple[bytes, int, bytes, bytes], ...] = ()
    """Signature, number, name as written, data."""
    rest: bytes = b""

    @property
    def iptc(self) -> bytes | None:
        """The IIM records, None where there are none."""
        return next((data for _, number, _, data in self.items if number == IPTC), None)


def read_resources(data: bytes) -> Resources:
    """Take Photoshop's resources apart, as far as they can be understood."""
    items = []
    at = 0
    while data[at : at + 4] in (b"8BIM", b"PHUT", b"AgHg", b"DCSR", b"MeSa"):
        start = at
        try:
            (number,) = struct.unpack_from(">H", data, at + 4)
            length = data[at + 6] + 1
            length += length % 2
            name = data[at + 6 : at + 6 + length]
            (size,) = struct.unpack_from(">I", data, at + 6 + length)
        except (struct.error, IndexError):
            break
        begin = at + 10 + length
        if begin + size > len(data):
            at = start
            break
        items.append((data[start : start + 4], number, name, data[begin : begin + size]))
        at = begin + size + size % 2
    return Resources(items=tuple(items), rest=data[at:].strip(b"\0"))


def write_resources(resources: Resources, iim: bytes) -> bytes:
    """Photoshop's resources with these IIM records and their digest, all others as they were."""
    items = [item for item in resources.items if item[1] not in (IPTC, IPTC_DIGEST)]
    items += [
        (b"8BIM", IPTC, b"\0\0", iim),
        (b"8BIM", IPTC_DIGEST, b"\0\0", hashlib.md5(iim, usedforsecurity=False).digest()),
    ]
    return (
        b"".join(
            signature
            + struct.pack(">H", number)
            + name
            + struct.pack(">I", len(data))
            + data
            + b"\0" * (len(data) % 2)
            for signature, number, name, data in items
        )
        + resources.rest
    )
