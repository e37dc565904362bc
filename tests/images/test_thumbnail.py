"""Thumbnails: upright, in their colours, visible, and nothing of a hostile file in them."""

from __future__ import annotations

import io
import random
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from catalogue.errors import UnreadableImage
from catalogue.images.thumbnail import thumbnail, thumbnails


def saved(image: Image.Image, format: str, **settings: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **settings)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def halves(mode: str = "RGB", size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Left half dark, right half bright."""
    image = Image.new(mode, size, 0)
    image.paste(
        Image.new(mode, (size[0] // 2, size[1]), "white" if mode == "RGB" else 255), (400, 0)
    )
    return image


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"])
def test_every_format_that_is_kept_has_a_thumbnail(format: str) -> None:
    small = opened(thumbnail(saved(halves(), format), 320))

    assert small.format == "JPEG"
    assert small.size == (320, 240)
    assert small.convert("L").getpixel((20, 100)) < 30
    assert small.convert("L").getpixel((300, 100)) > 225


def test_a_small_picture_is_not_made_larger() -> None:
    assert opened(thumbnail(saved(Image.new("RGB", (90, 50)), "PNG"), 320)).size == (90, 50)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_turned_picture_stands_upright(format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    small = opened(thumbnail(saved(halves(), format, exif=exif), 320)).convert("L")

    assert small.size == (240, 320)
    assert small.getpixel((100, 20)) < 30
    assert small.getpixel((100, 300)) > 225


def test_twelve_bits_in_sixteen_are_seen() -> None:
    frame = Image.frombytes(
        "I;16", (400, 300), b"".join(struct.pack("<H", 200 + x * 9) for x in range(400)) * 300
    )
    small = opened(thumbnail(saved(frame, "TIFF"), 320))

    assert small.getpixel((5, 100)) < 20
    assert small.getpixel((315, 100)) > 235


def test_sixteen_bits_in_full_keep_their_brightness() -> None:
    frame = Image.frombytes("I;16", (400, 300), struct.pack("<H", 40_000) * 120_000)

    assert abs(opened(thumbnail(saved(frame, "TIFF"), 320)).getpixel((50, 50)) - 156) <= 2


def test_transparent_ground_is_paper() -> None:
    small = opened(thumbnail(saved(Image.new("RGBA", (400, 300), (0, 0, 0, 0)), "PNG"), 320))

    assert small.getpixel((50, 50)) == (255, 255, 255)


def test_several_sizes_come_in_the_order_asked() -> None:
    made = thumbnails(saved(halves(), "JPEG"), (160, 640, 320))

    assert [max(one.width, one.height) for one in made] == [160, 640, 320]
    assert [opened(one.data).size for one in made] == [(one.width, one.height) for one in made]


def test_nothing_but_pixels_gets_in() -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    data = saved(halves(), "JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    small = thumbnail(data, 320)

    assert b"<script" in data
    assert b"script" not in small
    assert b"Exif" not in small


def test_a_jpeg_without_its_end_mark_is_shown_and_a_cut_one_is_not() -> None:
    noise = Image.frombytes("L", (300, 200), random.Random(1).randbytes(60_000))
    data = saved(noise, "JPEG")

    assert opened(thumbnail(data[:-2], 320)).size == (300, 200)
    with pytest.raises(UnreadableImage):
        thumbnail(data[: len(data) // 2], 320)


def test_damaged_pictures_side_by_side_do_not_wait_for_each_other() -> None:
    noise = Image.frombytes("L", (300, 200), random.Random(1).randbytes(60_000))
    cut = saved(noise, "JPEG")[:9000]

    def refused(_: int) -> bool:
        try:
            thumbnail(cut, 320)
        except UnreadableImage:
            return True
        return False

    with ThreadPoolExecutor(8) as workers:
        assert all(workers.map(refused, range(32), timeout=60))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        thumbnail(data, 320)


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore")
def test_hostile_files_are_made_or_refused(shared: Path) -> None:
    for path in sorted((shared / "corpus" / "hostile").iterdir()):
        try:
            data = thumbnail(path, 320)
        except UnreadableImage:
            continue
        assert b"<script" not in data
        assert max(opened(data).size) <= 320
