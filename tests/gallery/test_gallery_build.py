"""Building a gallery: what is written, what is left alone, what a second build does."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from catalogue.errors import UsageError
from catalogue.gallery import GalleryOptions, build_gallery
from catalogue.gallery.folder import Folder
from catalogue.gallery.view import view, web_address
from catalogue.model import Evidence, Record
from catalogue.registry import load_registry
from catalogue.store.files import Files

Sample = tuple[Path, list[Record]]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_building_again_writes_nothing(sample: Sample, tmp_path: Path) -> None:
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "g")
    before = times(tmp_path / "g")
    again = build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "g")

    assert (again.written, again.removed, again.thumbnails_made) == (0, 0, 0)
    assert times(tmp_path / "g") == before


def test_two_builds_are_equal_to_the_byte(sample: Sample, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / name)

    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_one_picture_more_touches_no_other_thumbnail(sample: Sample, tmp_path: Path) -> None:
    build_gallery(sample[1][1:], files=Files(sample[0]), to=tmp_path)
    before = times(tmp_path)
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)
    after = times(tmp_path)

    kept = [name for name in before if name.startswith(("thumbs/", "pictures/"))]
    assert kept
    assert [name for name in kept if before[name] != after.get(name)] == []
    fresh = build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "other")
    assert fresh.index.read_bytes() == (tmp_path / "index.html").read_bytes()


def test_a_picture_that_leaves_takes_its_files_along(sample: Sample, tmp_path: Path) -> None:
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "g")
    build_gallery(sample[1][1:], files=Files(sample[0]), to=tmp_path / "g")
    build_gallery(sample[1][1:], files=Files(sample[0]), to=tmp_path / "fresh")

    assert contents(tmp_path / "g") == contents(tmp_path / "fresh")


def test_what_no_gallery_made_is_left_alone(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "thumbs").mkdir()
    (tmp_path / "thumbs" / "mine.jpg").write_text("mine")
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)
    build_gallery(sample[1][:2], files=Files(sample[0]), to=tmp_path)

    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "thumbs" / "mine.jpg").read_text() == "mine"


def test_a_page_of_somebody_else_is_not_replaced(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(UsageError, match=r"index\.html"):
        build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)

    assert contents(tmp_path) == {"index.html": b"mine"}


@pytest.mark.parametrize("place", ["", "images", "pages/ours", "orphans"])
def test_the_catalogues_own_folders_take_no_gallery(place: str, sample: Sample) -> None:
    before = contents(sample[0])

    with pytest.raises(UsageError, match="own folder"):
        build_gallery(sample[1], files=Files(sample[0]), to=sample[0] / place)

    assert contents(sample[0]) == before


def test_links_that_lead_out_are_not_followed(sample: Sample, tmp_path: Path) -> None:
    outside, victim = tmp_path / "outside", tmp_path / "victim.html"
    outside.mkdir()
    victim.write_text("mine")
    for name, target in (("thumbs", outside), ("index.html", victim)):
        to = tmp_path / f"g-{name}"
        to.mkdir()
        (to / name).symlink_to(target)
        with pytest.raises(UsageError):
            build_gallery(sample[1], files=Files(sample[0]), to=to)

    assert list(outside.iterdir()) == []
    assert victim.read_text() == "mine"


def test_a_manifest_that_names_files_outside_is_not_believed(
    sample: Sample, tmp_path: Path
) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine")
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "g")
    manifest = tmp_path / "g" / "gallery.json"
    told = json.loads(manifest.read_text())
    told["files"]["../victim.txt"] = "x"
    manifest.write_text(json.dumps(told))
    build_gallery(sample[1][:3], files=Files(sample[0]), to=tmp_path / "g")

    assert victim.read_text() == "mine"


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_build_that_is_cut_off_leaves_the_old_gallery_whole(
    sample: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    options = GalleryOptions(per_page=5)
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path, options=options)
    old = contents(tmp_path)
    put, left = Folder.put, [after]

    def failing(self: Folder, name: str, data: bytes | Path) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        put(self, name, data)

    changed = [dataclasses.replace(record, caption="Other words.") for record in sample[1]]
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", failing)
        with pytest.raises(KeyboardInterrupt):
            build_gallery(changed, files=Files(sample[0]), to=tmp_path, options=options)

    now = contents(tmp_path)
    assert now["index.html"] == old["index.html"]
    assert {name for name in old if name not in now} == set()
    build_gallery(changed, files=Files(sample[0]), to=tmp_path, options=options)
    build_gallery(changed, files=Files(sample[0]), to=tmp_path / "fresh", options=options)
    fresh = contents(tmp_path / "fresh")
    assert {k: v for k, v in contents(tmp_path).items() if not k.startswith("fresh/")} == fresh


@pytest.mark.parametrize(("wide", "sizes"), [(200, [320]), (500, [320, 640]), (5000, [320, 640])])
def test_a_picture_has_no_more_thumbnails_than_it_has_pixels_for(
    wide: int, sizes: list[int], tmp_path: Path
) -> None:
    key = "ab" * 32
    path = tmp_path / "mars" / "images" / "ab" / f"{key}.png"
    path.parent.mkdir(parents=True)
    Image.new("L", (wide, 100)).save(path)
    record = Record(id=key, file=f"images/ab/{key}.png", format="PNG", width=wide, height=100)
    build_gallery([record], files=Files(tmp_path / "mars"), to=tmp_path / "g")

    made = sorted((tmp_path / "g" / "thumbs").rglob("*.jpg"))

    assert [int(one.stem.rpartition("-")[2]) for one in made] == sizes


def test_thumbnails_are_shared_between_galleries(sample: Sample, tmp_path: Path) -> None:
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "a")
    second = build_gallery(sample[1], files=Files(sample[0]), to=tmp_path / "b")

    assert second.thumbnails_made == 0
    assert second.written > 0


def test_a_picture_that_cannot_be_decoded_is_told_and_shown_as_text(
    sample: Sample, tmp_path: Path
) -> None:
    bad = tmp_path / "store" / "images" / "bad.jpg"
    bad.parent.mkdir(parents=True)
    bad.write_bytes(b"\xff\xd8\xff\xe0 no picture")
    record = dataclasses.replace(
        sample[1][0], id="b" * 64, file="images/bad.jpg", caption="A caption all the same."
    )
    report = build_gallery([record], files=Files(tmp_path / "store"), to=tmp_path / "g")

    assert [failure.image for failure in report.failures] == ["b" * 64]
    assert "A caption all the same." in report.index.read_text(encoding="utf-8")


def test_every_thumbnail_carries_its_credit(sample: Sample, tmp_path: Path) -> None:
    from catalogue.images.metadata import read_embedded

    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)
    for record in sample[1]:
        for path in (tmp_path / "thumbs").rglob(f"{record.id[:20]}-*.jpg"):
            with path.open("rb") as stream:
                told = read_embedded(stream, "JPEG").statements
            assert record.credit in [s.value for s in told if s.name == "credit"] + [None]


def test_pages_name_nothing_of_another_place_and_every_file_is_there(
    sample: Sample, tmp_path: Path
) -> None:
    options = GalleryOptions(per_page=7, base_url="https://mars.example/gallery")
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path, options=options)
    for page in tmp_path.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        named = re.findall(r'(?:src|href|data-pictures)="([^"#]+)"', text)
        named += [
            part.split()[0] for s in re.findall(r'srcset="([^"]+)"', text) for part in s.split(",")
        ]
        local = [name for name in named if "://" not in name]
        assert [name for name in local if not (tmp_path / name).exists()] == []
        assert re.findall(r'src(?:set)?="[a-z]+:', text) == []
    assert len(list(tmp_path.glob("page-*.html"))) == 3
    sitemap = (tmp_path / "sitemap.xml").read_text()
    assert "<loc>https://mars.example/gallery/page-2.html</loc>" in sitemap


@pytest.mark.parametrize("originals", ["copy", "link", "none"])
def test_originals_are_copied_linked_or_left_out(
    sample: Sample, tmp_path: Path, originals: str
) -> None:
    build_gallery(
        sample[1], files=Files(sample[0]), to=tmp_path, options=GalleryOptions(originals=originals)
    )
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    record = next(record for record in sample[1] if record.file)

    assert (tmp_path / "pictures").exists() == (originals == "copy")
    assert (f'href="{record.url}"' in page) == (originals == "link")


def test_own_templates_and_styles_come_first(sample: Sample, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "theme.css").write_text(":root { --accent: teal }")
    report = build_gallery(
        sample[1], files=Files(sample[0]), to=tmp_path / "g", options=GalleryOptions(template=own)
    )
    page = report.index.read_text(encoding="utf-8")

    assert "static/theme-" in page
    (own / "page.html.jinja").write_text("{{ title }}: {{ nonsense }}")
    with pytest.raises(UsageError, match="nonsense"):
        build_gallery(
            sample[1],
            files=Files(sample[0]),
            to=tmp_path / "g",
            options=GalleryOptions(template=own),
        )


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for the superuser")
def test_a_catalogue_that_cannot_be_written_is_no_hindrance(sample: Sample, tmp_path: Path) -> None:
    sample[0].chmod(0o555)
    try:
        report = build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)
    finally:
        sample[0].chmod(0o755)

    assert report.failures == ()


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "//a.example", "https://u:p@a.example/", "data:x", "http://[", ""],
)
def test_only_web_addresses_become_links(text: str) -> None:
    assert web_address(text) == ""


def test_what_no_browser_shows_gets_a_large_rendition(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "images").mkdir()
    Image.radial_gradient("L").resize((3000, 1500)).save(tmp_path / "images" / "a.tif")
    record = Record(id="a" * 64, file="images/a.tif", format="TIFF", width=3000, height=1500)
    build_gallery([record], files=Files(tmp_path), to=tmp_path / "g")

    sizes = sorted(path.name for path in (tmp_path / "g" / "thumbs").rglob("*.jpg"))
    assert sizes == [f"{'a' * 20}-{n}.jpg" for n in (2048, 320, 640)]
    details = next((tmp_path / "g" / "data").glob("details-*.js")).read_text()
    assert f'"shown":"thumbs/aa/{"a" * 20}-2048.jpg"' in details
    assert "-2048.jpg" not in (tmp_path / "g" / "index.html").read_text()  # nor chosen by the grid


def test_half_written_files_of_a_killed_build_are_swept(sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "thumbs" / "ab").mkdir(parents=True)
    left = tmp_path / "thumbs" / "ab" / ".0123456789ab.part"
    mine = tmp_path / "thumbs" / "mine.part"
    for path in (left, mine):
        path.write_text("half")
    build_gallery(sample[1], files=Files(sample[0]), to=tmp_path)

    assert not left.exists()
    assert mine.exists()


def test_nothing_is_removed_through_a_link(sample: Sample, tmp_path: Path) -> None:
    to, outside = tmp_path / "g", tmp_path / "outside"
    build_gallery(sample[1], files=Files(sample[0]), to=to)
    gone = next(path for path in (to / "thumbs").iterdir() if sample[1][0].id[:2] == path.name)
    gone.rename(outside)
    gone.symlink_to(outside)
    before = contents(outside)
    build_gallery(sample[1][1:], files=Files(sample[0]), to=to)

    assert contents(outside) == before


@pytest.mark.parametrize("text", ["{{ 1 / 0 }}", "{{ title + 1 }}", "{% if %}", "\udcff"])
def test_a_template_that_fails_is_told_in_words(sample: Sample, tmp_path: Path, text: str) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "page.html.jinja").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="--template"):
        build_gallery(
            sample[1],
            files=Files(sample[0]),
            to=tmp_path / "g",
            options=GalleryOptions(template=own),
        )


@pytest.mark.parametrize(
    ("credits", "told"),
    [
        (("NASA", "ESA"), "Every one with its credit."),
        (("NASA", None), "1 with their credit, 1 whose credit is not known."),
        ((None, None), "No credit is known."),
    ],
)
def test_the_page_promises_no_credit_that_it_has_not(
    tmp_path: Path, credits: tuple[str | None, ...], told: str
) -> None:
    records = [Record(id=f"{n}" * 64, credit=credit) for n, credit in enumerate(credits)]
    build_gallery(records, files=Files(tmp_path), to=tmp_path / "g")

    assert told in (tmp_path / "g" / "index.html").read_text(encoding="utf-8")


def test_a_raw_picture_without_words_is_told_by_camera_sol_and_product() -> None:
    record = Record(
        id="a" * 64,
        spacecraft="perseverance",
        instrument="m2020-mastcam-z",
        sol=897,
        product_id="ZR0_0897_0746567741_568ECM",
    )
    shown = view(record, load_registry())

    assert shown.alt == "Picture by Perseverance, Mastcam-Z, sol 897, without a description"
    assert shown.words == "ZR0_0897_0746567741_568ECM"


def test_reasons_are_told_with_the_names_that_people_know() -> None:
    reason = Evidence(field="credit", text="CNSA", says="spacecraft=tianwen-1 or zhurong")
    shown = view(Record(id="a" * 64), load_registry(), [reason])

    assert shown.evidence == (("credit", "CNSA", "spacecraft: Tianwen-1 or Zhurong"),)
