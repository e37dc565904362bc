"""What is taken for a picture, and what no picture may do."""

from __future__ import annotations

import io
import struct
import threading
import time
import zlib

import pytest
from PIL import GifImagePlugin, Image

from catalogue.errors import UnreadableImage
from catalogue.images import decoding, guard, metadata
from catalogue.images import inspect as inspecting
from catalogue.images.formats import DEFAULT_IMAGE_LIMITS, FORMATS, ImageLimits
from catalogue.images.inspect import inspect
from catalogue.model import Statement


def saved(format: str, size: tuple[int, int] = (160, 120), **how: object) -> bytes:
    """A picture that no format makes flat."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, format, **how)  # type: ignore[arg-type]
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says how large it is."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def outcome_of(data: bytes, limits: ImageLimits = DEFAULT_IMAGE_LIMITS) -> str:
    try:
        return inspect(data, limits).format
    except UnreadableImage as error:
        return error.outcome


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_the_content_says_what_it_is(format: str) -> None:
    assert inspect(saved(format)).format == format


@pytest.mark.parametrize("format", ["BMP", "ICO", "PCX", "PPM", "SGI", "DDS", "EPS", "JPEG2000"])
def test_a_format_that_no_article_needs_reaches_no_decoder(
    format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("a decoder was asked")

    data = saved(format)
    monkeypatch.setattr(Image, "open", reached)

    assert outcome_of(data) == "failed:unsupported-format"


def test_jpeg_2000_is_taken_by_choice() -> None:
    by_choice = ImageLimits(formats=FORMATS | {"JPEG2000"})

    assert outcome_of(saved("JPEG2000"), by_choice) == "JPEG2000"


def test_a_format_in_the_clothes_of_another_is_opened_as_what_it_is() -> None:
    """Pillow would try one decoder after the other; only that of the first bytes is asked."""
    assert outcome_of(b"\xff\xd8\xff\xe0" + saved("BMP")) == "failed:corrupt-image"


def test_what_declares_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(inspecting, "decode", reached)

    assert outcome_of(declared(60_000, 60_000)) == "refused:decompression-bomb"
    assert outcome_of(declared(900, 900), ImageLimits(max_pixels=800_000)).startswith("refused:")


def repeated(jpeg: bytes, times: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    return jpeg[:-2] + jpeg[jpeg.rindex(b"\xff\xda") : -2] * times + jpeg[-2:]


def tiled(side: int) -> bytes:
    """A TIFF of 200 by 200 pixels in one tile of so many."""
    tags = [(256, 200), (257, 200), (258, 8), (259, 8), (262, 1), (277, 1)]
    tags += [(322, side), (323, side), (324, 200), (325, 100)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(500)


PROGRESSIVE = saved("JPEG", progressive=True)
TEXT = b"Title\0\0" + zlib.compress(bytes(900_000))
PNG = saved("PNG")


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (repeated(PROGRESSIVE, 60), "JPEG"),
        (repeated(PROGRESSIVE, 100), "refused:decompression-bomb"),
        (PNG[:33] + chunk(b"zTXt", TEXT) * 4 + PNG[33:], "PNG"),
        (PNG[:33] + chunk(b"zTXt", TEXT) * 5 + PNG[33:], "refused:decompression-bomb"),
        (tiled(32_000), "refused:decompression-bomb"),
    ],
    ids=["scans", "more scans", "texts", "more texts", "tile"],
)
def test_a_small_file_that_would_take_hours_or_gigabytes_is_not_decoded(
    data: bytes, outcome: str
) -> None:
    assert outcome_of(data) == outcome


def test_what_follows_a_picture_is_none_of_its_scans() -> None:
    """A film, say, as telephones put behind a picture that moves."""
    assert outcome_of(PROGRESSIVE + b"\xff\xda\0\x0c" * 5000) == "JPEG"


def test_a_mark_of_the_end_within_a_segment_ends_no_count_of_scans() -> None:
    scan = PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2]
    hidden = PROGRESSIVE[:-2] + b"\xff\xfe\0\x04\xff\xd9" + scan * 100 + b"\xff\xd9"

    assert outcome_of(hidden) == "refused:decompression-bomb"


def test_exif_in_thousands_of_parts_is_not_put_together() -> None:
    part = b"\xff\xe1\0\x10Exif\0\0" + bytes(8)
    plain = saved("JPEG")

    assert outcome_of(plain[:2] + part * 60 + plain[2:]) == "JPEG"
    assert outcome_of(plain[:2] + part * 70 + plain[2:]) == "failed:corrupt-image"


def test_a_jpeg_whose_colours_come_one_after_the_other_costs_what_it_holds() -> None:
    """Of such a one a decoder holds everything, though it is not progressive."""
    frame = b"\xff\xc0\0\x11\x08" + struct.pack(">HH", 20_000, 20_000)
    frame += b"\x03\x01\x11\0\x02\x11\0\x03\x11\0"
    together = b"\xff\xda\0\x0c\x03\x01\0\x02\0\x03\0\0\x3f\0"
    apart = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0"

    assert not guard.comes_in_scans(io.BytesIO(b"\xff\xd8" + frame + together))
    assert guard.comes_in_scans(io.BytesIO(b"\xff\xd8" + frame + apart))


def test_a_text_of_megabytes_is_read_as_far_as_it_is_kept() -> None:
    (text,) = (
        said
        for said in inspect(
            PNG[:33] + chunk(b"tEXt", b"Comment\0" + "dünen ".encode() * 200_000) + PNG[33:]
        ).embedded
        if said.where == "PNG Comment"
    )

    assert text.value.startswith("dünen dünen")
    assert len(text.value) <= metadata.VALUE_LIMIT


def test_the_frames_of_a_moving_picture_are_counted_and_not_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def reached(*_: object, **__: object) -> None:
        raise AssertionError("a further frame was decoded")

    whole = io.BytesIO()
    first, *others = (Image.new("L", (64, 64), number) for number in range(90))
    first.paste(255, (0, 0, 32, 64))
    first.save(whole, "GIF", save_all=True, append_images=others)
    monkeypatch.setattr(GifImagePlugin.GifImageFile, "seek", reached)

    assert inspect(whole.getvalue()).frames == 90


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_that_is_cut_short_is_not_taken_for_a_whole_one(format: str) -> None:
    data = saved(format, (640, 480))

    assert outcome_of(data[: len(data) * 6 // 10]) == "failed:corrupt-image"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0" + b"\xff" * 400, b"Exif\0\0II*\0\xff\xff\xff\x7f", b"Exif\0\0MM"]
)
def test_a_broken_field_costs_the_field_and_not_the_picture(exif: bytes) -> None:
    data = saved("JPEG")
    broken = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]

    assert outcome_of(broken) == "JPEG"


@pytest.mark.parametrize("reader", ["read_exif", "read_iptc", "read_xmp"])
def test_a_reader_of_fields_that_fails_fails_alone(
    reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> tuple[Statement, ...]:
        raise LookupError("a fault")

    monkeypatch.setattr(metadata, reader, fails)

    assert outcome_of(saved("JPEG", exif=_exif(), xmp=b"<x:xmpmeta/>")) == "JPEG"


def test_all_that_are_decoded_at_one_time_share_the_memory_and_each_gets_its_turn() -> None:
    memory, lock = decoding._Memory(100), threading.Lock()
    taken, most, served = 0, 0, 0

    def decodes(size: int) -> None:
        nonlocal taken, most, served
        with memory.take(size):
            with lock:
                taken += size
                most = max(most, taken)
            time.sleep(0)
            with lock:
                taken -= size
                served += 1

    threads = [threading.Thread(target=decodes, args=(size,)) for size in (10, 100, 60, 50) * 20]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert served == len(threads)
    assert most <= 100


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Dunes"
    return exif.tobytes()
