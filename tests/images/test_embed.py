"""Captions, credits and rights written into pictures: the picture is untouched, nothing is lost."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import struct
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from catalogue.errors import UnreadableImage
from catalogue.images import iptc, xmp
from catalogue.images.embed import Metadata, embed, format_of, keep, sidecar
from catalogue.images.metadata import read_embedded

FULL = Metadata(
    credit="ESA/DLR/FU Berlin (G. Neukum) — Università d’Arizona, 火星, CC BY-SA 3.0 IGO",
    source="Mars Express, HRSC",
    creators=("Émilie Example", "DLR"),
    description="Dunes & <dust> in «Noachis»,\nseen at noon. " + "é" * 40,
    headline="Dunes at noon",
    title="ESP_012345_1985",
    copyright_notice="© ESA/DLR/FU Berlin, CC BY-SA 3.0 IGO",
    usage_terms="Share alike — say who made it.",
    web_statement="https://creativecommons.org/licenses/by-sa/3.0/igo/",
    licensor_name="ESA",
    licensor_url="https://example.org/terms?a=1&b=2",
    instructions="Ask — first",
    created="2021-02-18T20:55:00Z",
    keywords=("Mars Express", "Phobos", "Méridiani"),
    alt="Dark dunes, like waves",
    page="https://example.org/story?x=1&y=<2>",
)


def picture(width: int = 37, height: int = 23, mode: str = "RGB") -> Image.Image:
    made = Image.effect_noise((width, height), 60)
    return made.convert(mode)


def encoded(format: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    picture(mode=mode).save(out, format, **options)
    return out.getvalue()


def big_endian() -> bytes:
    out = io.BytesIO()
    picture(mode="L").convert("I").convert("I;16B").save(out, "TIFF")
    assert out.getvalue()[:2] == b"MM"
    return out.getvalue()


def open_ended(data: bytes) -> bytes:
    """A JPEG 2000 file whose last box does not tell its length, as the standard allows."""
    at = data.index(b"jp2c") - 4
    assert at + int.from_bytes(data[at : at + 4]) in (at, len(data))
    return data[:at] + b"\0\0\0\0" + data[at + 4 :]


SAMPLES = {
    "jpeg": encoded("JPEG"),
    "jpeg progressive": encoded("JPEG", progressive=True),
    "jpeg grey": encoded("JPEG", mode="L"),
    "jpeg profile": encoded(
        "JPEG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    ),
    "png": encoded("PNG"),
    "png 16 bit": encoded("PNG", mode="I;16"),
    "png palette": encoded("PNG", mode="P"),
    "webp lossy": encoded("WEBP"),
    "webp lossless": encoded("WEBP", lossless=True),
    "webp alpha": encoded("WEBP", mode="RGBA", lossless=True),
    "tiff": encoded("TIFF"),
    "tiff lzw": encoded("TIFF", compression="tiff_lzw"),
    "tiff big": encoded("TIFF", big_tiff=True),
    "jpeg multi-picture": encoded("MPO", save_all=True, append_images=[picture(mode="L")]),
    "webp animated": encoded("WEBP", save_all=True, append_images=[picture(), picture()]),
    "tiff big-endian": big_endian(),
    "tiff pages": encoded("TIFF", save_all=True, append_images=[picture(mode="L")]),
    "jpeg 2000": encoded("JPEG2000"),
    "jpeg 2000 open-ended": open_ended(encoded("JPEG2000")),
}


@pytest.fixture(params=list(SAMPLES))
def sample(request: pytest.FixtureRequest) -> bytes:
    return SAMPLES[request.param]


def said(data: bytes) -> dict[str, list[str]]:
    """What our own reader finds, by name."""
    format = format_of(data)
    assert format is not None
    found: dict[str, list[str]] = {}
    for statement in read_embedded(io.BytesIO(data), format).statements:
        found.setdefault(statement.name, []).append(statement.value)
    return found


def compressed(data: bytes) -> bytes:
    """The parts of a file that hold the picture, as bytes."""
    format = format_of(data)
    if format == "JPEG":
        at = 2
        while data[at + 1] != 0xDA:
            at += 2 + int.from_bytes(data[at + 2 : at + 4])
        return data[at:]
    if format == "PNG":
        return b"".join(body for kind, body in chunks(data) if kind in (b"IDAT", b"PLTE", b"IHDR"))
    if format == "WEBP":
        held = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
        return b"".join(body for kind, body in riff(data) if kind in held)
    if format == "JPEG2000":
        start = data.index(b"\xff\x4f\xff\x51")
        return data[start : data.index(b"\xff\xd9", start) + 2]
    with Image.open(io.BytesIO(data)) as image:
        offsets, sizes = image.tag_v2[273], image.tag_v2[279]
    return b"".join(data[at : at + size] for at, size in zip(offsets, sizes, strict=True))


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert int.from_bytes(data[at + 8 + length : at + 12 + length]) == zlib.crc32(kind + body)
        yield kind, body
        at += 12 + length


def riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    at = 12
    while at < len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def test_the_compressed_picture_is_the_same_to_the_byte(sample: bytes) -> None:
    assert compressed(embed(sample, FULL)) == compressed(sample)


def test_pixels_and_colour_profile_are_the_same(sample: bytes) -> None:
    with (
        Image.open(io.BytesIO(sample)) as before,
        Image.open(io.BytesIO(embed(sample, FULL))) as after,
    ):
        assert after.tobytes() == before.tobytes()
        assert (after.mode, after.size) == (before.mode, before.size)
        assert after.info.get("icc_profile") == before.info.get("icc_profile")


def test_our_own_reader_finds_credit_caption_and_rights(sample: bytes) -> None:
    if sample[2:4] == b"+\0":
        pytest.skip("the reader knows no BigTIFF; ExifTool reads it in another test")
    found = said(embed(sample, FULL))

    assert found["credit"][0] == FULL.credit
    assert FULL.description is not None
    assert found["description"][0].split() == FULL.description.split()
    assert found["rights_url"][0] == FULL.web_statement
    assert found["copyright"][0] == FULL.copyright_notice


def test_writing_twice_says_everything_once(sample: bytes) -> None:
    once = keep(embed(sample, FULL))
    twice = keep(embed(embed(sample, FULL), FULL))

    assert twice == once


def test_what_the_file_said_of_other_things_is_kept(sample: bytes) -> None:
    first = embed(sample, Metadata(alt="Older words", keywords=("Older",), headline="Kept"))
    found = keep(embed(first, Metadata(credit="NASA", keywords=("Newer",))))

    assert found.xmp is not None
    assert b"Older words" in found.xmp
    assert b"Kept" in found.xmp
    assert found.xmp.index(b"<rdf:li>Older</rdf:li>") < found.xmp.index(b"<rdf:li>Newer</rdf:li>")


def test_a_credit_that_gives_way_is_not_lost(sample: bytes) -> None:
    found = keep(embed(embed(sample, Metadata(credit="First hand")), Metadata(credit="Page says")))

    assert found.xmp is not None
    assert b"<photoshop:Credit>Page says</photoshop:Credit>" in found.xmp
    assert b"photoshop:Credit: First hand" in found.xmp


def test_a_value_that_is_not_known_leaves_the_files_own() -> None:
    data = embed(SAMPLES["jpeg"], Metadata(credit="The file's own"))

    assert said(embed(data, Metadata(headline="New")))["credit"][0] == "The file's own"


def test_exif_and_comments_stay_as_they_are() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Malin Space Science Systems"
    data = encoded("JPEG", exif=exif, comment=b"a comment")
    with Image.open(io.BytesIO(embed(data, FULL))) as after:
        assert after.getexif()[0x010F] == "Malin Space Science Systems"
        assert after.info["comment"] == b"a comment"


def test_photoshop_resources_of_other_kinds_stay_and_the_digest_is_renewed() -> None:
    old = iptc.merged(Metadata(credit="Old"))[0]
    resources = iptc.Resources(items=((b"8BIM", 0x03ED, b"\0\0", b"resolution"),))
    blocks = b"Photoshop 3.0\0" + iptc.write_resources(resources, old)
    data = SAMPLES["jpeg"]
    data = data[:2] + b"\xff\xed" + struct.pack(">H", len(blocks) + 2) + blocks + data[2:]
    written = embed(data, FULL)
    assert written.count(b"Photoshop 3.0\0") == 1
    start = written.index(b"Photoshop 3.0\0")
    size = int.from_bytes(written[start - 2 : start])
    found = iptc.read_resources(written[start + 14 : start - 2 + size])

    kept = {number: body for _, number, _, body in found.items}
    assert kept[0x03ED] == b"resolution"
    assert kept[iptc.IPTC_DIGEST] == hashlib.md5(kept[iptc.IPTC]).digest()
    assert b"Old" not in kept[iptc.IPTC]


def test_a_long_packet_goes_into_an_extension_and_comes_back_whole() -> None:
    history = "x" * 150_000
    packet = xmp.packet(Metadata()).replace(
        b"\n\n</rdf:Description>",
        f'<own:History xmlns:own="http://example.org/own/">{history}</own:History>'
        "</rdf:Description>".encode(),
    )
    data = SAMPLES["jpeg"]
    short = packet.replace(history.encode(), b"short")
    mark = b"http://ns.adobe.com/xap/1.0/\0"
    data = (
        data[:2] + b"\xff\xe1" + struct.pack(">H", len(mark + short) + 2) + mark + short + data[2:]
    )
    kept = keep(data)
    assert kept.xmp is not None
    long = embed(SAMPLES["jpeg"], FULL, also=type(kept)(xmp=packet))

    assert long.count(b"http://ns.adobe.com/xmp/extension/\0") == 3
    found = keep(embed(long, Metadata(headline="Second time")))
    assert found.xmp is not None
    assert history.encode() in found.xmp
    assert b"Second time" in found.xmp
    assert said(long)["credit"][0] == FULL.credit
    with Image.open(io.BytesIO(long)) as image:
        image.load()


def multi_picture(*, packet_behind: bool) -> tuple[bytes, bytes]:
    """A multi-picture JPEG (CIPA DC-007) of two; and the second picture."""
    first, second = encoded("JPEG"), encoded("JPEG", mode="L")
    mark = b"http://ns.adobe.com/xap/1.0/\0"
    packet = mark + xmp.packet(Metadata(credit="The camera"))
    behind = b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet if packet_behind else b""
    index_size = 8 + 2 + 12 + 4 + 32
    head = b"\xff\xe2" + struct.pack(">H", 2 + 4 + index_size) + b"MPF\0"
    length = 2 + len(head) + index_size + len(behind) + len(first) - 2
    offset = length - (2 + len(head))
    index = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHII", 0xB002, 7, 32, 26)
    index += struct.pack(">I", 0)
    index += struct.pack(">IIIHH", 0x20030000, length, 0, 0, 0)
    index += struct.pack(">IIIHH", 0, len(second), offset, 0, 0)
    return first[:2] + head + index + behind + first[2:] + second, second


@pytest.mark.parametrize("packet_behind", [False, True])
def test_the_second_picture_of_a_multi_picture_file_is_still_found(packet_behind: bool) -> None:
    data, second = multi_picture(packet_behind=packet_behind)
    written = embed(data, FULL)

    at = written.index(b"MPF\0") + 4
    length, _ = struct.unpack_from(">II", written, at + 26 + 4)
    size, offset = struct.unpack_from(">II", written, at + 26 + 16 + 4)
    assert written[at + offset : at + offset + size] == second
    assert written[length:] == second


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_caption_of_any_length_comes_back_whole(name: str) -> None:
    caption = "Dunes — " * 20_000
    written = embed(SAMPLES[name], dataclasses.replace(FULL, description=caption))

    kept = keep(written)
    assert kept.xmp is not None
    assert caption.strip().encode() in kept.xmp
    assert compressed(written) == compressed(SAMPLES[name])


def test_a_long_colour_profile_stays_as_it_is() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"\0" * 150_000
    with Image.open(io.BytesIO(embed(encoded("JPEG", icc_profile=profile), FULL))) as after:
        assert after.info["icc_profile"] == profile


def test_animations_keep_their_frames() -> None:
    out = io.BytesIO()
    picture().save(out, "WEBP", save_all=True, append_images=[picture(), picture()])
    with Image.open(io.BytesIO(embed(out.getvalue(), FULL))) as image:
        assert image.n_frames == 3


def test_a_tiff_of_several_pages_keeps_them() -> None:
    out = io.BytesIO()
    picture().save(out, "TIFF", save_all=True, append_images=[picture(mode="L")])
    with Image.open(io.BytesIO(embed(out.getvalue(), FULL))) as image:
        assert image.n_frames == 2
        image.seek(1)
        assert image.mode == "L"


@pytest.mark.parametrize(
    "packet",
    [
        b"<not xml",
        b'<!DOCTYPE a [<!ENTITY b "bbbb">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>',
        b"<a>" * 500 + b"</a>" * 500,
        b"<x/>",
        b"\xff\xfe\x00",
    ],
)
def test_a_broken_or_hostile_packet_is_replaced(packet: bytes) -> None:
    written = sidecar(FULL, packet)

    assert b"<photoshop:Credit>ESA/DLR" in written
    assert b"DOCTYPE" not in written


def test_letters_that_xml_cannot_hold_are_left_out() -> None:
    written = sidecar(Metadata(credit="a\x00b\x1b[2J\ud800c"))

    assert b"<photoshop:Credit>ab[2Jc</photoshop:Credit>" in written


def test_existing_iptc_letters_are_told_in_utf8() -> None:
    old = b"\x1c\x02\x5a" + struct.pack(">H", 6) + b"M\xe9xico"  # City, Windows-1252, no 1:90
    records, _ = iptc.merged(FULL, old)

    assert (2, 90, "México".encode()) in iptc.data_sets(records)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff\xe0\0",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\x13iTXtXML:com.adobe.xmp\0\0....",
        b"II+\0\x08\0\0\0" + b"\xff" * 8,
        b"II*\0" + b"\xff" * 4,
        b"RIFF\0\0\0\0WEBP",
    ],
)
def test_what_cannot_carry_it_is_told_so(data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        embed(data, FULL)


@settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from(sorted(SAMPLES)),
    at=st.integers(0, 400),
    bytes_=st.binary(min_size=1, max_size=8),
)
def test_damaged_files_are_written_or_refused_never_worse(
    start: str, at: int, bytes_: bytes
) -> None:
    data = bytearray(SAMPLES[start])
    data[at : at + len(bytes_)] = bytes_
    try:
        written = embed(bytes(data), FULL)
    except UnreadableImage:
        return
    assert FULL.credit is not None
    assert FULL.credit.encode() in written


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=40), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back(credit: str, keywords: list[str]) -> None:
    metadata = Metadata(credit=credit, keywords=tuple(keywords))
    again = sidecar(Metadata(headline="x"), sidecar(metadata))

    assert again.count(b"<photoshop:Credit>") == sidecar(metadata).count(b"<photoshop:Credit>")
    first = sidecar(metadata)
    assert sidecar(metadata, first) == first


def test_the_real_pictures_all_take_it(shared: object) -> None:
    from pathlib import Path

    folder = Path(str(shared)) / "corpus" / "images"
    taken = 0
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        if format_of(data) is None:
            continue
        written = embed(data, FULL)
        assert compressed(written) == compressed(data), path.name
        assert said(written)["credit"][0] == FULL.credit, path.name
        taken += 1

    assert taken > 40
