"""Credited sets: every picture keeps its credit, and nothing that is not ours is touched."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import bagit
import pytest
from PIL import Image, ImageCms

import catalogue
from catalogue.errors import ExportError, UsageError
from catalogue.export import FORMATS, Exported, export
from catalogue.images.formats import sniff
from catalogue.images.metadata import read_embedded
from catalogue.images.smaller import format_of_copy, smaller
from catalogue.model import Record
from catalogue.registry import load_registry
from catalogue.store.files import Files

REGISTRY = load_registry()

NASTY = '=HYPERLINK("http://x","y") <script>alert(1)</script> [a](javascript:x) \x1b[2J "quoted"'


def image(format: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, format, **options)
    return out.getvalue()


class Shop:
    """A catalogue folder with pictures, and records that tell of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.records: list[Record] = []

    def add(self, data: bytes | None = None, *, format: str = "JPEG", **told: Any) -> Record:
        data = image(format) if data is None else data
        key = hashlib.sha256(data).hexdigest()
        relative = f"images/{key[:2]}/{key}.{format.lower()}"
        (self.folder / relative).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / relative).write_bytes(data)
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
        values = {
            "id": key,
            "credit": "NASA/JPL-Caltech",
            "credit_normal": "NASA/JPL-Caltech",
            "organisations": ("nasa", "jpl"),
            "spacecraft": "mro",
            "instrument": "mro-hirise",
            "title": f"Dune {len(self.records)}",
            "caption": "A dune field. It lies in Noachis.",
            "taken": "2021-02-18",
            "rights": REGISTRY.rights["jpl"].as_rights(),
            "file": relative,
            "format": format,
            "width": width,
            "height": height,
            "pages": ("https://example.org/story",),
            "page_titles": ("A story",),
            "url": "https://example.org/a.jpg",
        } | told
        self.records.append(Record(**values))
        return self.records[-1]

    def export(self, to: Path, **options: Any) -> list[Exported]:
        return list(export(self.records, files=Files(self.folder), to=to, **options))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "catalogue")
    for format in ("JPEG", "PNG", "WEBP", "TIFF"):
        shop.add(format=format)
    return shop


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix in (".jpg", ".png", ".webp", ".tif"))


def credit_in(data: bytes) -> str | None:
    with Image.open(io.BytesIO(data)) as opened:
        format = str(opened.format)
    found = read_embedded(io.BytesIO(data), format).statements
    return next((one.value for one in found if one.name == "credit"), None)


# --- what a set holds -------------------------------------------------------------------------


def test_every_file_carries_its_credit(shop: Shop, tmp_path: Path) -> None:
    results = shop.export(tmp_path / "set")

    assert [one.outcome for one in results] == ["exported"] * 4
    found = [credit_in(path.read_bytes()) for path in pictures(tmp_path / "set")]
    assert found == ["NASA/JPL-Caltech"] * 4


def test_the_lists_lie_beside_the_pictures(shop: Shop, tmp_path: Path) -> None:
    results = shop.export(tmp_path / "set")

    for name in ("CREDITS.md", "CREDITS.html", "CREDITS.txt"):
        text = (tmp_path / "set" / name).read_text(encoding="utf-8")
        assert text.count("NASA/JPL-Caltech") >= 4, name
        assert text.count("https://www.jpl.nasa.gov/jpl-image-use-policy") >= 4, name
    with (tmp_path / "set" / "credits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [one.file for one in results]
    assert {row["credit"] for row in rows} == {"NASA/JPL-Caltech"}
    assert {row["rights_url"] for row in rows} == {"https://www.jpl.nasa.gov/jpl-image-use-policy"}


def test_the_manifest_tells_it_in_the_words_of_schema_org(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "set")
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["@context"] == "https://schema.org"
    first = manifest["hasPart"][0]
    assert first["@type"] == "ImageObject"
    assert first["creditText"] == "NASA/JPL-Caltech"
    assert (tmp_path / "set" / first["contentUrl"]).is_file()
    assert first["license"] == "https://www.jpl.nasa.gov/jpl-image-use-policy"
    assert first["isPartOf"]["url"] == "https://example.org/story"
    told = {one["name"]: one["value"] for one in first["additionalProperty"]}
    assert told["spacecraft"] == "Mars Reconnaissance Orbiter"
    assert told["instrument"] == "HiRISE"
    assert {"Mars Reconnaissance Orbiter", "HiRISE"} <= set(first["keywords"])


def test_the_checksums_hold(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "set")
    listed = dict(
        reversed(line.split("  "))
        for line in (tmp_path / "set" / "sha256sums.txt").read_text().splitlines()
    )

    made = contents(tmp_path / "set")
    assert listed == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in made.items()
        if name != "sha256sums.txt" and not name.startswith(".")
    }


def test_rights_that_are_not_known_are_said_to_be_so(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(credit="Somebody", credit_normal="Somebody", organisations=(), rights=None)
    shop.export(tmp_path / "set")
    (first,) = json.loads((tmp_path / "set" / "manifest.json").read_text())["hasPart"]

    assert "license" not in first
    assert "not known" in first["copyrightNotice"]
    assert "Rights: not known" in (tmp_path / "set" / "CREDITS.txt").read_text()


def test_share_alike_keeps_its_link_everywhere(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(
        credit="ESA/DLR/FU Berlin, CC BY-SA 3.0 IGO",
        licence="CC BY-SA 3.0 IGO",
        rights=REGISTRY.rights["esa-ccbysa"].as_rights(),
    )
    shop.export(tmp_path / "set")

    link = b"https://creativecommons.org/licenses/by-sa/3.0/igo/"
    lacking = [
        name
        for name, data in contents(tmp_path / "set").items()
        if link not in data and name != "sha256sums.txt" and not name.startswith(".")
    ]
    assert lacking == []


def test_a_folder_for_each_licence(shop: Shop, tmp_path: Path) -> None:
    shop.add(image("PNG"), format="PNG", licence="CC BY-SA 3.0 IGO", rights=None)
    shop.add(image("PNG"), format="PNG", rights=None)
    shop.export(tmp_path / "set", split_by_licence=True)

    folders = sorted(path.name for path in (tmp_path / "set").iterdir() if path.is_dir())
    assert folders == ["cc-by-sa-3.0-igo", "jpl-image-use-policy", "not-known"]


def test_a_format_that_cannot_carry_it_gets_a_file_beside_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    record = shop.add(format="GIF")
    (result,) = shop.export(tmp_path / "set")

    assert result.file is not None
    assert (tmp_path / "set" / result.file).read_bytes() == (
        shop.folder / str(record.file)
    ).read_bytes()
    assert b"NASA/JPL-Caltech" in (tmp_path / "set" / f"{result.file}.xmp").read_bytes()
    assert result.detail == "the credit is in a file beside it"
    assert shop.export(tmp_path / "set")[0].outcome == "unchanged"


def test_the_page_of_credits_shows_what_browsers_can(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add()
    shop.add(format="TIFF")
    shop.export(tmp_path / "set")

    page = (tmp_path / "set" / "CREDITS.html").read_text(encoding="utf-8")

    assert (page.count("<section>"), page.count("<img ")) == (2, 1)


@pytest.mark.parametrize("place", ["", "images", "images/set", "pages", "incoming"])
def test_the_catalogues_own_folders_take_no_set(place: str, shop: Shop) -> None:
    before = contents(shop.folder)

    with pytest.raises(UsageError, match="own folder"):
        shop.export(shop.folder / place)

    assert contents(shop.folder) == before


# --- what is left out -------------------------------------------------------------------------


def test_a_picture_without_a_credit_is_left_out_and_named(shop: Shop, tmp_path: Path) -> None:
    lacking = shop.add(image("PNG"), format="PNG", credit=" ", credit_normal=None)
    results = shop.export(tmp_path / "set")

    (refused,) = [one for one in results if one.failed]
    assert (refused.outcome, refused.image, refused.file) == (
        "refused:no-credit",
        lacking.id,
        None,
    )
    assert len(pictures(tmp_path / "set")) == 4


def test_a_picture_without_a_credit_is_marked_where_it_is_wanted(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(credit=None, credit_normal=None, organisations=(), rights=None)
    (result,) = shop.export(tmp_path / "set", allow_uncredited=True)

    assert result.outcome == "exported"
    assert "no credit is known" in result.detail
    assert "No credit is known" in (tmp_path / "set" / "CREDITS.md").read_text()
    assert ",no," in (tmp_path / "set" / "credits.csv").read_text()
    (told,) = json.loads((tmp_path / "set" / "manifest.json").read_text())["hasPart"]
    assert {"@type": "PropertyValue", "name": "credit", "value": "not known"} in told[
        "additionalProperty"
    ]


def test_a_picture_without_a_file_is_told(shop: Shop, tmp_path: Path) -> None:
    shop.records.append(Record(id="ab" * 32, credit="NASA"))

    assert shop.export(tmp_path / "set")[-1].outcome == "skipped:no-file"


@pytest.mark.parametrize(
    ("harm", "outcome"),
    [
        (lambda path: path.unlink(), "failed:missing-file"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:-9] + b"tampered!"),
            "failed:damaged-file",
        ),
        (lambda path: path.write_bytes(b""), "failed:damaged-file"),
    ],
)
def test_a_missing_or_damaged_picture_is_told_and_the_rest_is_there(
    shop: Shop, tmp_path: Path, harm: Callable[[Path], None], outcome: str
) -> None:
    harm(shop.folder / str(shop.records[1].file))
    results = shop.export(tmp_path / "set")

    assert [one.outcome for one in results] == ["exported", outcome, "exported", "exported"]
    assert str(shop.records[1].file) in results[1].detail


def test_a_record_that_names_a_file_outside_is_not_followed(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(image("JPEG"))
    shop.records[0] = dataclasses.replace(shop.records[0], file="../secret.jpg")

    assert shop.export(tmp_path / "set")[0].outcome == "failed:missing-file"


# --- the same again ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_two_exports_are_the_same_to_the_byte(shop: Shop, tmp_path: Path, format: str) -> None:
    shop.export(tmp_path / "one", format=format)
    shop.export(tmp_path / "two", format=format)

    if format == "zip":
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    else:
        assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("format", FORMATS)
def test_a_second_export_writes_nothing(shop: Shop, tmp_path: Path, format: str) -> None:
    to = tmp_path / "set"
    shop.export(to, format=format)
    paths = [to, *to.rglob("*")] if to.is_dir() else [to]
    before = {path: path.stat().st_ino for path in paths}
    shop.export(to, format=format)

    assert {path: path.stat().st_ino for path in before} == before


def test_only_what_changed_is_written(shop: Shop, tmp_path: Path) -> None:
    first = shop.export(tmp_path / "set")
    shop.records[2] = dataclasses.replace(shop.records[2], credit="NASA/JPL-Caltech/MSSS")
    second = shop.export(tmp_path / "set")

    assert [one.outcome for one in second] == ["unchanged", "unchanged", "exported", "unchanged"]
    assert [one.file for one in second] == [one.file for one in first]
    path = tmp_path / "set" / str(second[2].file)
    assert credit_in(path.read_bytes()) == "NASA/JPL-Caltech/MSSS"


def test_what_no_longer_belongs_is_removed_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    to = tmp_path / "set"
    first = shop.export(to, split_by_licence=True)
    (to / "notes.txt").write_text("mine")
    (to / "jpl-image-use-policy" / "mine.jpg").write_bytes(b"mine")
    shop.records = shop.records[1:]
    shop.export(to, split_by_licence=True)

    assert not (to / str(first[0].file)).exists()
    assert (to / "notes.txt").read_text() == "mine"
    assert (to / "jpl-image-use-policy" / "mine.jpg").read_bytes() == b"mine"


def test_a_removed_or_damaged_file_of_the_set_is_made_anew(shop: Shop, tmp_path: Path) -> None:
    first = shop.export(tmp_path / "set")
    paths = [tmp_path / "set" / str(one.file) for one in first]
    whole = [path.read_bytes() for path in paths]
    paths[0].unlink()
    paths[1].write_bytes(b"x" * len(whole[1]))
    shop.export(tmp_path / "set")

    assert [path.read_bytes() for path in paths] == whole


def test_a_file_of_others_in_the_way_is_told_and_kept(shop: Shop, tmp_path: Path) -> None:
    to = tmp_path / "set"
    to.mkdir()
    (to / "CREDITS.md").write_text("mine")
    with pytest.raises(ExportError, match="was not made by an export"):
        shop.export(to)

    assert contents(to) == {"CREDITS.md": b"mine"}


# --- what must not happen ---------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_that_is_a_file_is_told(shop: Shop, tmp_path: Path, format: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="file"):
        shop.export(tmp_path / "file", format=format)
    with pytest.raises(UsageError, match="file"):
        shop.export(tmp_path / "file" / "set", format=format)

    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_is_written_through_links(shop: Shop, tmp_path: Path) -> None:
    to, elsewhere = tmp_path / "set", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "victim").write_text("victim")
    shop.export(to)
    (to / "CREDITS.md").unlink()
    (to / "CREDITS.md").symlink_to(elsewhere / "victim")
    shop.export(to)

    assert contents(elsewhere) == {"victim": b"victim"}
    assert not (to / "CREDITS.md").is_symlink()


@pytest.mark.parametrize(
    "link", ["jpl-image-use-policy", ".catalogue-export.part", "CREDITS.md", "data"]
)
def test_links_out_of_a_folder_that_is_not_ours_stop_the_export(
    shop: Shop, tmp_path: Path, link: str
) -> None:
    to, elsewhere = tmp_path / "set", tmp_path / "elsewhere"
    elsewhere.mkdir()
    to.mkdir()
    (to / link).symlink_to(elsewhere)
    format = "bagit" if link == "data" else "folder"
    with pytest.raises(ExportError):
        shop.export(to, format=format, split_by_licence=link.startswith("jpl"))

    assert list(elsewhere.iterdir()) == []
    assert [path.name for path in to.iterdir()] == [link]


def test_a_forged_list_of_what_was_made_removes_nothing(shop: Shop, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("victim")
    told = {"key": "", "sha256": hashlib.sha256(b"victim").hexdigest(), "bytes": 6}
    to = tmp_path / "set"
    to.mkdir()
    state = json.dumps({"version": 1, "files": {"../victim": told}})
    (to / ".catalogue-export.json").write_text(state)
    with pytest.raises(ExportError, match="damaged"):
        shop.export(to)

    assert victim.read_text() == "victim"


def test_an_export_that_is_stopped_leaves_everything_as_it_was(shop: Shop, tmp_path: Path) -> None:
    to = tmp_path / "set"
    shop.export(to)
    before = contents(to)
    shop.records = [dataclasses.replace(one, credit="New") for one in shop.records]
    running = export(shop.records, files=Files(shop.folder), to=to)
    next(running)
    running.close()  # type: ignore[attr-defined]

    assert contents(to) == before


_SMALL_DISK = """
import pickle, resource, sys
from pathlib import Path
from catalogue.errors import CatalogueError
from catalogue.export import export
from catalogue.store.files import Files
records, store, to, format = pickle.loads(sys.stdin.buffer.read())
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    list(export(records, files=Files(store), to=to, format=format))
except CatalogueError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes")
@pytest.mark.parametrize("format", ["folder", "zip"])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk_is_one_line_and_harms_nothing(
    shop: Shop, tmp_path: Path, format: str, earlier: bool
) -> None:
    import pickle

    outside = tmp_path / "out"
    outside.mkdir()
    to = outside / "set"
    if earlier:
        shop.export(to, format=format)
        shop.records = [dataclasses.replace(one, credit="New") for one in shop.records]
    before = contents(outside)
    ran = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK],
        input=pickle.dumps((shop.records, shop.folder, to, format)),
        capture_output=True,
        check=False,
        cwd=Path(catalogue.__file__).parent.parent,
    )

    assert b"the disk is full" in ran.stdout, ran
    assert contents(outside) == before
    assert earlier or list(outside.iterdir()) == []


def test_two_exports_at_once_do_not_mix(shop: Shop, tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("no locks on folders")
    running = export(shop.records, files=Files(shop.folder), to=tmp_path / "set")
    next(running)
    with pytest.raises(ExportError, match="another export"):
        shop.export(tmp_path / "set")
    assert len(list(running)) == 3


def test_what_a_killed_export_left_is_swept(shop: Shop, tmp_path: Path) -> None:
    to = tmp_path / "set"
    shop.export(to)
    before = contents(to)
    (to / ".catalogue-export.part").mkdir()
    (to / ".catalogue-export.part" / "00000000").write_bytes(b"half a pic")
    shop.export(to)

    assert contents(to) == before


_KILLED = """
import itertools, os, pickle, shutil, sys
from catalogue.export import export
from catalogue.store.files import Files
records, store, base, places, format = pickle.loads(sys.stdin.buffer.read())
list(export(records, files=Files(store), to=places / "warm", format=format))
for number in itertools.count():
    to = places / str(number)
    to.mkdir()
    if base is not None:
        shutil.copytree(base, to / "set")
    if os.fork() == 0:
        left = itertools.count(number, -1)

        def hook(event, arguments):
            if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"):
                if str(to) in str(arguments[0]) and next(left) == 0:
                    os._exit(9)

        sys.addaudithook(hook)
        list(export(records, files=Files(store), to=to / "set", format=format))
        os._exit(0)
    if os.waitstatus_to_exitcode(os.wait()[1]) == 0:
        break
"""


def killed_everywhere(shop: Shop, base: Path | None, places: Path, format: str) -> list[Path]:
    """Exports killed before each of their steps on the disk, the last one not killed."""
    import pickle

    places.mkdir()
    subprocess.run(
        [sys.executable, "-c", _KILLED],
        input=pickle.dumps((shop.records, shop.folder, base, places, format)),
        check=True,
        cwd=Path(catalogue.__file__).parent.parent,
    )
    return sorted(path / "set" for path in places.iterdir() if path.name.isdigit())


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize("format", ["folder", "zip"])
def test_a_new_set_is_there_whole_or_not_at_all_whenever_it_is_killed(
    shop: Shop, tmp_path: Path, format: str
) -> None:
    shop.export(tmp_path / "whole", format=format)
    places = killed_everywhere(shop, None, tmp_path / "killed", format)

    assert len(places) > 3
    for to in places:
        if to.is_file():
            assert to.read_bytes() == (tmp_path / "whole").read_bytes()
        elif to.exists():
            assert contents(to) == contents(tmp_path / "whole")
        shop.export(to, format=format)
        assert [path.name for path in to.parent.iterdir()] == ["set"]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_an_export_killed_at_any_step_loses_nothing_and_the_next_completes_it(
    shop: Shop, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    shop.export(base)
    (base / "notes.txt").write_text("mine")
    shop.records = [
        *(dataclasses.replace(one, credit="New") for one in shop.records[1:]),
        shop.add(image("PNG"), format="PNG"),
    ]
    shop.export(tmp_path / "whole")
    places = killed_everywhere(shop, base, tmp_path / "killed", "folder")

    assert len(places) > 20
    for to in places:
        assert (to / "notes.txt").read_text() == "mine"
        for path in pictures(to):
            if ".catalogue-export.part" not in path.parts:
                assert credit_in(path.read_bytes()) in ("NASA/JPL-Caltech", "New")
        shop.export(to)
        made = contents(to)
        assert made.pop("notes.txt") == b"mine"
        assert made == contents(tmp_path / "whole")


def test_a_credit_beside_a_picture_is_written_again_when_it_was_taken_away(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(format="GIF")
    (first,) = shop.export(tmp_path / "set")
    beside = tmp_path / "set" / f"{first.file}.xmp"
    before = beside.read_bytes()
    beside.unlink()
    shop.export(tmp_path / "set")

    assert beside.read_bytes() == before


def test_hostile_pictures_never_stop_an_export(shared: Path, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add()
    (shop.folder / "images").mkdir(exist_ok=True)
    for path in sorted((shared / "corpus" / "hostile").iterdir()):
        data = path.read_bytes()
        key = hashlib.sha256(data).hexdigest()
        (shop.folder / "images" / key).write_bytes(data)
        told = {"id": key, "file": f"images/{key}", "format": sniff(data[:64]), "width": 99999}
        shop.records.append(dataclasses.replace(shop.records[0], **told))
    whole = shop.export(tmp_path / "set")
    small = shop.export(tmp_path / "small", max_size=64)

    assert len(whole) > 50
    assert {one.outcome for one in whole} == {"exported"}
    assert {one.outcome for one in small} == {"exported", "failed:damaged-file"}
    for one in whole:  # inside, or in a file beside it
        written = tmp_path / "set" / str(one.file)
        beside = written.with_name(f"{written.name}.xmp")
        told = beside.read_bytes() if beside.exists() else written.read_bytes()
        assert b"<photoshop:Credit>NASA/JPL-Caltech</photoshop:Credit>" in told, one.file


def test_a_picture_without_a_credit_says_so_itself(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(credit=None, credit_normal=None, organisations=(), rights=None)
    (result,) = shop.export(tmp_path / "set", allow_uncredited=True)

    assert b"No credit is known" in (tmp_path / "set" / str(result.file)).read_bytes()


def test_spreadsheets_are_told_that_the_table_is_utf_8(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "set")

    assert (tmp_path / "set" / "credits.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("format", ["GIF", "AVIF", "TIFF"])
def test_a_smaller_copy_keeps_what_the_original_says(tmp_path: Path, format: str) -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-'
        b'rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        b' xmp:Rating="4"/></rdf:RDF></x:xmpmeta>'
    )
    exif = Image.Exif()
    exif[0x010F] = "Malin"
    options: dict[str, Any] = {"xmp": packet, "exif": exif}
    if format == "TIFF":
        options = {"tiffinfo": {700: packet, 0x010F: "Malin"}}
    data = image(format, (200, 100), **({} if format == "GIF" else options))
    if format == "GIF":
        trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
        data = data[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + trailer + b";"
    shop = Shop(tmp_path / "catalogue")
    shop.add(data, format=format)
    (result,) = shop.export(tmp_path / "set", max_size=50)
    written = (tmp_path / "set" / str(result.file)).read_bytes()

    assert b"<xmp:Rating>4</xmp:Rating>" in written
    if format != "GIF":
        with Image.open(io.BytesIO(written)) as copy:
            assert copy.getexif()[0x010F] == "Malin"


def test_the_real_pictures_all_export_and_verify(shared: Path, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    seen = set()
    for path in sorted((shared / "corpus" / "images").iterdir()):
        data = path.read_bytes()
        format = sniff(data[:64])
        if format and data not in seen:
            seen.add(data)
            shop.add(data, format=format, title=path.stem)
    results = shop.export(tmp_path / "bag", format="bagit")
    bagit.Bag(str(tmp_path / "bag")).validate()

    assert len(results) > 40
    assert {one.outcome for one in results} == {"exported"}
    for one in results:
        written = (tmp_path / "bag" / str(one.file)).read_bytes()
        assert credit_in(written) == "NASA/JPL-Caltech", one.file


def test_nothing_to_export_leaves_an_earlier_set_alone(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "set")
    before = contents(tmp_path / "set")
    shop.records = []
    with pytest.raises(ExportError, match="no picture"):
        shop.export(tmp_path / "set")

    assert contents(tmp_path / "set") == before


def test_the_catalogues_own_folder_is_refused(shop: Shop) -> None:
    for to in (shop.folder, shop.folder / "images", shop.folder / "images" / "set"):
        with pytest.raises(UsageError, match="catalogue's own"):
            shop.export(to)


def test_another_programs_archive_is_not_replaced(shop: Shop, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(UsageError, match="not made by an export"):
        shop.export(tmp_path / "mine.zip", format="zip")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_hostile_texts_are_inert_in_every_list(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(
        title=NASTY,
        caption=NASTY,
        credit=NASTY,
        credit_normal=NASTY,
        alt=NASTY,
        pages=("javascript:alert(1)",),
        page_titles=(NASTY,),
        url="javascript:alert(1)",
    )
    shop.export(tmp_path / "set")
    tags = Tags()
    tags.feed((tmp_path / "set" / "CREDITS.html").read_text(encoding="utf-8"))

    assert "script" not in {tag for tag, _ in tags.found}
    links = [attributes["href"] for tag, attributes in tags.found if tag == "a"]
    assert not [link for link in links if link and link.startswith("javascript")]
    with (tmp_path / "set" / "credits.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert not [cell for cell in row.values() if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    markdown = (tmp_path / "set" / "CREDITS.md").read_text(encoding="utf-8")
    assert "<script>" not in markdown
    assert "[a](javascript" not in markdown
    for name in ("CREDITS.md", "CREDITS.txt", "CREDITS.html", "manifest.json"):
        assert b"\x1b" not in (tmp_path / "set" / name).read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1+1", "@SUM(1)", "|cmd", "\t=1", "\r=1", "\n=1", "  =1", "＝1", '"=1',
        "Dunes;=1+1", "Dunes; @SUM(1)", 'Dunes;"=1"', "Dunes\n=1+1", "Dunes\t-1", ";;=1",
    ],
)  # fmt: skip
def test_no_spreadsheet_finds_a_formula_whatever_separates_its_cells(
    tmp_path: Path, text: str
) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(caption=text, credit=text, title=text)
    shop.export(tmp_path / "set")
    table = (tmp_path / "set" / "credits.csv").read_text(encoding="utf-8-sig")

    rows = [*csv.reader(io.StringIO(table, newline=""))]
    for separator in ";\t":  # where those are usual, quotes within a cell mean nothing
        rows += [line.split(separator) for line in table.splitlines()]
    cells = [cell.lstrip(' "\r\n\t') for row in rows for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@|＝")]


def test_secrets_in_addresses_go_nowhere(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(
        url="https://me:SECRET1@example.org/a.jpg?X-Amz-Signature=SECRET2",
        pages=("https://me:SECRET1@example.org/p?X-Amz-Signature=SECRET2",),
        caption="See https://me:SECRET1@example.org/ for more",
    )
    shop.export(tmp_path / "set")

    assert not [name for name, data in contents(tmp_path / "set").items() if b"SECRET" in data]


@pytest.mark.parametrize("title", ["../evil", "/abs", "..\\..\\x", "CON", "a/b", "x" * 400, "‮gpj"])
@pytest.mark.parametrize("format", ["folder", "zip"])
def test_titles_never_lead_out(tmp_path: Path, title: str, format: str) -> None:
    shop = Shop(tmp_path / "catalogue")
    shop.add(title=title)
    shop.export(tmp_path / "out" / "set", format=format)

    if format == "zip":
        with zipfile.ZipFile(tmp_path / "out" / "set") as archive:
            names = archive.namelist()
        assert not [name for name in names if "/" in name or "\\" in name or ".." in name]
    else:
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["set"]
        assert len(pictures(tmp_path / "out" / "set")) == 1


# --- smaller copies ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "GIF"])
def test_a_smaller_copy_is_upright_and_keeps_profile_and_words(tmp_path: Path, format: str) -> None:
    shop = Shop(tmp_path / "catalogue")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Malin"
    options: dict[str, Any] = {"icc_profile": profile, "exif": exif} if format != "GIF" else {}
    shop.add(image(format, (400, 200), **options), format=format, width=200, height=400)
    (result,) = shop.export(tmp_path / "set", max_size=100)
    data = (tmp_path / "set" / str(result.file)).read_bytes()

    with Image.open(io.BytesIO(data)) as copy:
        assert copy.size == ((50, 100) if format != "GIF" else (100, 50))
        assert copy.getexif().get(0x0112, 1) == 1
        if format != "GIF":
            assert copy.info.get("icc_profile") == profile
        if format == "JPEG":
            assert copy.getexif()[0x010F] == "Malin"
    assert credit_in(data) == "NASA/JPL-Caltech"


def test_a_picture_that_is_small_already_is_not_touched(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "one")
    shop.export(tmp_path / "two", max_size=64)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


# --- packages ---------------------------------------------------------------------------------


def test_a_bag_passes_the_library_of_congress_validator(shop: Shop, tmp_path: Path) -> None:
    shop.add(format="GIF")
    shop.export(tmp_path / "bag", format="bagit")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    shop.records = shop.records[1:]
    shop.export(tmp_path / "bag", format="bagit")

    bagit.Bag(str(tmp_path / "bag")).validate()


def test_a_crate_loads_with_its_own_library(shop: Shop, tmp_path: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate", reason="the RO-Crate library is not installed")
    shop.add(format="GIF")
    results = shop.export(tmp_path / "crate", format="ro-crate")
    crate = rocrate.ROCrate(str(tmp_path / "crate"))

    first = crate.get(results[0].file)
    assert first["creditText"] == "NASA/JPL-Caltech"
    assert first["creator"][0]["name"] == "NASA"
    parts = {part.id for part in crate.root_dataset["hasPart"]}
    assert {one.file for one in results} <= parts


def test_an_archive_holds_what_the_folder_holds(shop: Shop, tmp_path: Path) -> None:
    shop.export(tmp_path / "set")
    shop.export(tmp_path / "set.zip", format="zip")
    with zipfile.ZipFile(tmp_path / "set.zip") as archive:
        assert archive.testzip() is None
        packed = {name: archive.read(name) for name in archive.namelist()}

    folder = contents(tmp_path / "set")
    del folder[".catalogue-export.json"]
    assert packed == folder


def test_a_large_set_does_not_grow_in_memory(tmp_path: Path) -> None:
    import tracemalloc

    shop = Shop(tmp_path / "catalogue")
    for number in range(24):
        shop.add(image("PNG", (500, 400)), format="PNG", title=f"Picture {number}")
    sizes = sum((shop.folder / str(one.file)).stat().st_size for one in shop.records)
    list(export(shop.records[:1], files=Files(shop.folder), to=tmp_path / "warm"))
    tracemalloc.start()
    shop.export(tmp_path / "set")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < sizes / 1.5


@pytest.mark.parametrize(
    ("format", "mode"),
    [
        ("PNG", "I;16"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "1"), ("TIFF", "I;16"),
        ("TIFF", "F"), ("JPEG", "CMYK"), ("JPEG", "L"), ("WEBP", "RGBA"), ("AVIF", "RGBA"),
        ("JPEG2000", "RGB"),
    ],
)  # fmt: skip
def test_every_kind_of_pixel_can_be_made_smaller(format: str, mode: str) -> None:
    out = io.BytesIO()
    grey = Image.effect_noise((300, 200), 50)
    grey.convert("RGB" if mode == "CMYK" else "L").convert(mode).save(out, format)
    made = smaller(out.getvalue(), 100)

    with Image.open(io.BytesIO(made.data)) as copy:
        assert copy.size == (made.width, made.height) == (100, 67)
        assert copy.format == format_of_copy(format)
        copy.load()
