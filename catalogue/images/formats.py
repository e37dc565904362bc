"""Which formats there are, and which a file's first bytes show: nothing else names its format."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from catalogue.errors import UnreadableImage

FORMATS = frozenset({"JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF"})
"""What is accepted unless the limits say otherwise; ``JPEG2000`` can be added."""

MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "JPEG2000": "image/jp2",
}
SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "GIF": ".gif",
    "WEBP": ".webp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
}
"""The suffix under which a file of the format is kept, whatever it was called before."""

MAX_PIXELS = 500_000_000
"""True mosaics of Mars have hundreds of megapixels; declared sizes beyond are taken for bombs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLimits:
    """What is accepted as a picture."""

    max_pixels: int = MAX_PIXELS
    """Width times height, as declared."""
    formats: frozenset[str] = FORMATS
    """Names as in :class:`~catalogue.model.ImageFacts`."""


DEFAULT_IMAGE_LIMITS = ImageLimits()


_OTHERS = (
    (b"BM", "BMP"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\2\0", "CUR"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"II\xbc\x01", "JPEG XR"),
    (b"DDS ", "DDS"),
    (b"BLP1", "BLP"),
    (b"BLP2", "BLP"),
    (b"\x01\xda\0", "SGI"),
    (b"\x01\xda\x01", "SGI"),
    (b"SIMPLE  =", "FITS"),
    (b"LBLSIZE=", "VICAR"),
    (b"PDS_VERSION_ID", "PDS image"),
    (b"\x76\x2f\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance"),
    (b"gimp xcf", "XCF"),
    (b"qoif", "QOI"),
    (b"icns", "ICNS"),
    (b"\x0a\x05\x01", "PCX"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def sniff(head: bytes) -> str | None:
    """The picture format that the first bytes show, accepted or not; None for anything else.

    Args:
        head: The first 32 bytes or more.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "TIFF"
    if head.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    if head[4:8] == b"ftyp":
        size = min(int.from_bytes(head[:4], "big"), len(head), 256)
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
        if brands & {b"avif", b"avis"}:
            return "AVIF"
        return "HEIF" if brands & set(_HEIF_BRANDS) else None
    if head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3] in (b" ", b"\n", b"\r", b"\t"):
        return "Netpbm"
    return next((name for mark, name in _OTHERS if head.startswith(mark)), None)


def accepted_format(head: bytes, limits: ImageLimits) -> str:
    """The format that the first bytes show, where it is one that the limits accept.

    Raises:
        UnreadableImage: They are empty, no picture, a drawing, or of another format.
    """
    if not head:
        raise UnreadableImage("the file is empty", reason="empty")
    format = sniff(head)
    if format in limits.formats:
        return format
    if format is not None:
        raise UnreadableImage(f"a {format} is not accepted", reason="unsupported-format")
    if head[1:4] == b"PNG":
        raise UnreadableImage("the PNG's first bytes are damaged")
    if _is_svg(head):
        raise UnreadableImage(
            "an SVG is a drawing, not a picture of pixels", reason="not-a-raster", verdict="skipped"
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    words = (
        "a web page, not a picture"
        if start.startswith((b"<!doctype", b"<html", b"<head", b"<"))
        else ""
    )
    raise UnreadableImage(
        f"the bytes are {words or f'no picture (they begin {head[:12]!r})'}",
        reason="not-an-image",
        verdict="skipped",
    )


def _is_svg(head: bytes) -> bool:
    if head[:2] == b"\x1f\x8b":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 4096)
        except zlib.error:
            return False
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith(b"<") and b"<svg" in text and b"<html" not in text
