"""The library's front does what the commands do, and raises the package's own errors."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import catalogue as package
import catalogue.index
from catalogue import Catalogue, CatalogueError
from catalogue.errors import CatalogueUnusable, UsageError
from catalogue.harvest import Options
from catalogue.images.embed import Metadata, embed
from tests import making


@pytest.fixture
def catalogue_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    monkeypatch.setattr(catalogue.index, "_attribute", lambda: making.attribute)
    monkeypatch.setattr(catalogue.index, "_read_credit", lambda: making.read_credit)
    making.fill(tmp_path / "mars")
    with Catalogue.open(tmp_path / "mars") as opened:
        yield opened


def test_searches_are_ranked_counted_and_limited(catalogue_: Catalogue) -> None:
    assert [record.caption for record in catalogue_.search("devil")] == ["A dust devil"]
    assert catalogue_.count("dunes spacecraft:curiosity") == 2
    assert len(list(catalogue_.search(sort="newest", limit=2, offset=2))) == 1
    assert catalogue_.facets()["spacecraft"] == {"curiosity": 3}


@pytest.mark.parametrize(
    "wrong", [{"sort": "best"}, {"limit": -1}, {"offset": -1}, {"after": "ffff"}]
)
def test_a_search_that_cannot_be_is_refused_at_once(
    catalogue_: Catalogue, wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        catalogue_.search("dunes", **wrong)


@pytest.mark.parametrize("kind", [str, Path])
def test_one_source_need_not_be_in_a_list(kind: type, tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("A story\n\nNothing to see.\n")

    with Catalogue.open(tmp_path / "mars") as opened:
        (outcome,) = opened.harvest(kind(tmp_path / "story.txt"))

    assert outcome.outcome == "ok:no-images"


def test_nothing_begins_where_a_source_of_a_list_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("A story\n\nNothing to see.\n")

    with (
        Catalogue.open(tmp_path / "mars") as opened,
        pytest.raises(UsageError, match="there is no file or folder"),
    ):
        opened.harvest([tmp_path / "story.txt", tmp_path / "gone.html"])

    assert not (tmp_path / "mars").exists()


def test_a_record_is_had_by_the_beginning_of_its_id(catalogue_: Catalogue) -> None:
    (record,) = catalogue_.search("devil")

    assert catalogue_.get(record.id[:8]) == record
    assert catalogue_.dossier(record.id[:8]).record == record


def test_set_gives_the_picture_as_it_is_now(catalogue_: Catalogue) -> None:
    (record,) = catalogue_.search("devil")

    corrected = catalogue_.set(record.id, spacecraft="Mars Express", subject="none", note="why")
    again = catalogue_.set(record.id, spacecraft=None, subject=None)

    assert (corrected.spacecraft, corrected.corrected) == (
        "mars-express",
        ("spacecraft", "subject"),
    )
    assert again == record


def test_set_is_all_or_nothing(catalogue_: Catalogue) -> None:
    (record,) = catalogue_.search("devil")

    with pytest.raises(UsageError):
        catalogue_.set(record.id, kind="map", spacecraft="nobody knows this one")

    assert catalogue_.get(record.id) == record


def test_a_saved_search_stands_for_its_query(catalogue_: Catalogue) -> None:
    catalogue_.save_search("whirls", "devil OR whirlwind")

    assert catalogue_.count("saved:whirls") == 1
    assert catalogue_.saved_searches() == {"whirls": "devil OR whirlwind"}
    with pytest.raises(UsageError):
        catalogue_.save_search("bad", "nofield:x")


def test_forgetting_and_verifying(catalogue_: Catalogue) -> None:
    (record,) = catalogue_.search("devil")

    catalogue_.forget(record.id[:6])

    assert catalogue_.count() == 2
    assert catalogue_.verify() == []
    assert catalogue_.stats()["forgotten"] == 1


def test_errors_are_the_packages_own(tmp_path: Path) -> None:
    with Catalogue.open(tmp_path / "none") as absent:
        for read in (absent.count, absent.stats, absent.verify, lambda: absent.get("abcd")):
            with pytest.raises(CatalogueUnusable, match="no catalogue"):
                read()
    assert not (tmp_path / "none").exists()
    assert issubclass(CatalogueUnusable, CatalogueError)
    assert package.Catalogue is Catalogue


def test_a_catalogue_may_be_copied_and_moved(catalogue_: Catalogue, tmp_path: Path) -> None:
    catalogue_.close()
    shutil.move(catalogue_.folder, tmp_path / "elsewhere")

    with Catalogue.open(str(tmp_path / "elsewhere")) as moved:
        assert moved.verify() == []
        assert moved.count() == 3
    database = (tmp_path / "elsewhere" / "catalogue.db").read_bytes()
    assert str(tmp_path).encode() not in database


PAGE = """<html><head><title>Dunes</title></head><body><article><h1>Dunes</h1>
<p>A rover looked at dunes today, and there is enough text here to be an article.</p>
<figure><img src="dunes.png"><figcaption>Dunes in Gale Crater. Credit: NASA/JPL-Caltech
</figcaption></figure></article></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A saved page with its picture beside it."""
    (tmp_path / "dunes_files").mkdir()
    Image.radial_gradient("L").save(tmp_path / "dunes_files" / "dunes.png")
    saved = tmp_path / "dunes.html"
    saved.write_text(PAGE.replace("dunes.png", "dunes_files/dunes.png"), encoding="utf-8")
    return saved


def test_what_a_harvest_adds_can_be_found_at_once(catalogue_: Catalogue, page: Path) -> None:
    outcomes = catalogue_.harvest([page])

    (record,) = catalogue_.search("caption:dunes has:file format:png")
    assert [outcome.outcome for outcome in outcomes] == ["ok", "stored"]
    assert record.id == outcomes[1].image
    assert (catalogue_.folder / str(record.file)).is_file()
    assert {outcome.outcome for outcome in catalogue_.harvest([page])} == {"unchanged"}


def test_a_harvest_that_is_left_early_is_indexed_all_the_same(
    catalogue_: Catalogue, page: Path
) -> None:
    outcomes = catalogue_.harvesting([page])
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]

    assert catalogue_.stats()["not_indexed"] == 0


def test_what_a_harvest_kept_is_found_before_it_has_ended(
    catalogue_: Catalogue, page: Path
) -> None:
    outcomes = catalogue_.harvesting([page])
    stored = next(outcome for outcome in outcomes if outcome.outcome == "stored")

    with Catalogue.open(catalogue_.folder) as other:
        until = time.monotonic() + 60
        while not other.count("caption:dunes format:png") and time.monotonic() < until:
            time.sleep(0.02)
        found = [record.id for record in other.search("caption:dunes format:png")]

    assert found == [stored.image]
    assert not list(outcomes)


def test_a_dry_run_changes_nothing(catalogue_: Catalogue, page: Path) -> None:
    before = making.bytes_of(catalogue_.folder / "images")

    catalogue_.harvest([page], options=Options(dry_run=True))

    assert making.bytes_of(catalogue_.folder / "images") == before
    assert catalogue_.count() == 3


def test_a_new_folder_becomes_a_catalogue_with_its_first_harvest(
    page: Path, tmp_path: Path
) -> None:
    with Catalogue.open(tmp_path / "new") as new:
        new.harvest([page], options=Options(dry_run=True))
        assert not (tmp_path / "new").exists()

        new.harvest([page])

        assert new.count() == 1


def test_what_is_asked_for_is_done_whether_or_not_the_answer_is_looked_at(
    catalogue_: Catalogue, tmp_path: Path
) -> None:
    catalogue_.export(to=tmp_path / "set", allow_uncredited=True)
    with Catalogue.open(tmp_path / "copy") as copy:
        copy.merge(catalogue_.folder)
        loaded = copy.count()
    with Catalogue.open(tmp_path / "again") as again:
        again.load(catalogue_.dump())
        merged = again.count()

    assert (tmp_path / "set" / "CREDITS.md").is_file()
    assert (loaded, merged) == (3, 3)


def test_a_pages_credit_is_not_overwritten_by_what_a_file_says_of_itself(
    page: Path, tmp_path: Path
) -> None:
    """Whoever sends a file can write into it; where each credit is from stays told."""
    Image.radial_gradient("L").save(tmp_path / "plain.jpg")
    claims = embed((tmp_path / "plain.jpg").read_bytes(), Metadata(credit="Somebody Else"))
    (tmp_path / "dunes_files" / "dunes.jpg").write_bytes(claims)
    html = page.read_text("utf-8").replace("dunes.png", "dunes.jpg")
    page.write_text(html, encoding="utf-8")
    (tmp_path / "bare.html").write_text(
        html.replace("Credit: NASA/JPL-Caltech", "").replace("dunes_files", "bare_files"),
        encoding="utf-8",
    )
    shutil.copytree(tmp_path / "dunes_files", tmp_path / "bare_files")

    with Catalogue.open(tmp_path / "one") as opened:
        opened.harvest([page])
        (credited,) = opened.search()
        told = opened.dossier(credited.id).evidence
    with Catalogue.open(tmp_path / "two") as opened:
        opened.harvest([tmp_path / "bare.html"])
        (bare,) = opened.search()

    assert credited.credit == "Credit: NASA/JPL-Caltech"
    assert {one.text for one in told if one.says.startswith("credit")} >= {credited.credit}
    assert bare.credit == "Somebody Else"


def test_what_was_forgotten_is_not_taken_again(page: Path, tmp_path: Path) -> None:
    """Neither from a page, nor by itself, nor from another page."""
    alone = page.parent / "dunes_files" / "dunes.png"
    other = page.with_name("again.html")
    other.write_text(page.read_text("utf-8").replace("A rover", "The rover"), encoding="utf-8")
    other.write_text(other.read_text("utf-8").replace("dunes_files", "again_files"), "utf-8")
    shutil.copytree(page.parent / "dunes_files", page.parent / "again_files")

    with Catalogue.open(tmp_path / "mine") as mine:
        mine.harvest([page])
        (record,) = mine.search()
        mine.forget(record.id)
        told = mine.harvest([page, other, alone])

        assert mine.count() == 0
        assert {one.outcome for one in told if one.kind == "image"} == {"skipped:forgotten"}
        assert not list((mine.folder / "images").rglob("*.png"))
