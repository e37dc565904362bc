"""Every field comes back, read by a program that others use."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.images.embed import embed, format_of, sidecar

_spec = importlib.util.spec_from_file_location(
    "embed_samples", Path(__file__).with_name("test_embed.py")
)
assert _spec is not None
assert _spec.loader is not None
samples = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(samples)

FULL = samples.FULL

XMP = {
    "XMP-photoshop:Credit": FULL.credit,
    "XMP-photoshop:Source": FULL.source,
    "XMP-dc:Creator": list(FULL.creators),
    "XMP-dc:Description": FULL.description,
    "XMP-photoshop:Headline": FULL.headline,
    "XMP-dc:Title": FULL.title,
    "XMP-dc:Rights": FULL.copyright_notice,
    "XMP-xmpRights:UsageTerms": FULL.usage_terms,
    "XMP-xmpRights:WebStatement": FULL.web_statement,
    "XMP-plus:LicensorName": FULL.licensor_name,
    "XMP-plus:LicensorURL": FULL.licensor_url,
    "XMP-photoshop:Instructions": FULL.instructions,
    "XMP-photoshop:DateCreated": "2021:02:18 20:55:00Z",
    "XMP-dc:Subject": list(FULL.keywords),
    "XMP-iptcCore:AltTextAccessibility": FULL.alt,
    "XMP-dc:Source": FULL.page,
}
IIM = {
    "IPTC:Credit": FULL.credit,
    "IPTC:Source": FULL.source,
    "IPTC:By-line": list(FULL.creators),
    "IPTC:Caption-Abstract": FULL.description,
    "IPTC:Headline": FULL.headline,
    "IPTC:ObjectName": FULL.title,
    "IPTC:CopyrightNotice": FULL.copyright_notice,
    "IPTC:SpecialInstructions": FULL.instructions,
    "IPTC:DateCreated": "2021:02:18",
    "IPTC:TimeCreated": "20:55:00+00:00",
    "IPTC:Keywords": list(FULL.keywords),
}


@pytest.fixture
def exiftool(need: Callable[[str, str], None]) -> Callable[..., list[dict[str, Any]]]:
    need("exiftool", "metadata is read back with it")

    def read(*arguments: object) -> list[dict[str, Any]]:
        ran = subprocess.run(
            ["exiftool", "-j", "-b", "-G1", "-struct", "-a", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        found: list[dict[str, Any]] = json.loads(ran.stdout)
        for one in found:
            for licensor in one.get("XMP-plus:Licensor", []):
                one |= {f"XMP-plus:{name}": value for name, value in licensor.items()}
        return found

    return read


@pytest.mark.parametrize(
    "caption", [FULL.description, ("Dunes — " * 20_000).strip()], ids=["short", "past 64 KB"]
)
def test_every_field_comes_back_from_every_format(
    caption: str, exiftool: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    paths = []
    for name, data in samples.SAMPLES.items():
        paths.append(tmp_path / f"{name}.{format_of(data)}")
        paths[-1].write_bytes(embed(data, dataclasses.replace(FULL, description=caption)))
    for path, found in zip(paths, exiftool(*paths), strict=True):
        expected = XMP | {"XMP-dc:Description": caption}
        if path.suffix not in (".WEBP", ".JPEG2000"):  # they have no place for IIM
            expected |= IIM | {"IPTC:Caption-Abstract": caption}

        assert {field: found.get(field) for field in expected} == expected, path.name
        assert "ExifTool:Warning" not in found, path.name


def test_a_sidecar_says_the_same(
    exiftool: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    path = tmp_path / "picture.gif.xmp"
    path.write_bytes(sidecar(FULL))
    (found,) = exiftool(path)

    assert {field: found.get(field) for field in XMP} == XMP


def test_an_extended_packet_is_read_whole(
    exiftool: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    from catalogue.images.embed import Kept
    from catalogue.images.xmp import packet

    long = packet(samples.Metadata()).replace(
        b"\n\n</rdf:Description>",
        b'<own:History xmlns:own="http://example.org/own/">'
        + b"y" * 150_000
        + b"</own:History></rdf:Description>",
    )
    path = tmp_path / "long.jpg"
    path.write_bytes(embed(samples.SAMPLES["jpeg"], FULL, also=Kept(xmp=long)))
    (found,) = exiftool(path)

    assert found["XMP-own:History"] == "y" * 150_000
    assert {field: found.get(field) for field in XMP} == XMP
    assert "ExifTool:Warning" not in found


def test_what_exiftool_wrote_is_kept(
    exiftool: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    for suffix in ("jpg", "png", "tif", "webp"):
        format = {"jpg": "jpeg", "tif": "tiff", "webp": "webp lossy"}.get(suffix, suffix)
        path = tmp_path / f"picture.{suffix}"
        path.write_bytes(samples.SAMPLES[format])
        subprocess.run(
            ["exiftool", "-q", "-overwrite_original", "-XMP-xmp:Rating=4", "-EXIF:Make=Malin",
             "-XMP-iptcCore:Location=Jezero", "-XMP-photoshop:Credit=Old credit",
             "-XMP-iptcExt:PersonInImage=Ann", "-XMP-mwg-rs:RegionName=Rock", path],
            check=True,
        )  # fmt: skip
        path.write_bytes(embed(path.read_bytes(), FULL))
        (found,) = exiftool(path)

        assert found["XMP-xmp:Rating"] == 4, suffix
        assert found["XMP-iptcCore:Location"] == "Jezero", suffix
        assert found["XMP-iptcExt:PersonInImage"] == ["Ann"], suffix
        assert found["IFD0:Make"] == "Malin", suffix
        assert found["XMP-mwg-rs:RegionInfo"]["RegionList"] == [{"Name": "Rock"}], suffix
        assert found["XMP-photoshop:Credit"] == FULL.credit, suffix
