"""Damage is found by reading everything again; a repair mends what it can, and deletes nothing."""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import catalogue.index
from catalogue.errors import FetchError
from catalogue.fetch.interface import Fetched
from catalogue.index import index
from catalogue.model import Snapshot
from catalogue.registry import load_registry
from catalogue.store import Problem, Store
from catalogue.upkeep import verify
from tests.making import attribute, gathered, harvested, picture, read_credit, stored

REGISTRY = load_registry()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "mars", create=True) as opened:
        opened.keep(harvested(gathered(picture(), stored(opened))))
        index(opened, REGISTRY, attribute=attribute, read_credit=read_credit)
        yield opened


def found(store: Store, **how: object) -> list[Problem]:
    return list(verify(store, REGISTRY, **how))  # type: ignore[arg-type]


def file_of(store: Store) -> Path:
    (record,) = store.search()
    return store.folder / str(record.file)


def test_a_sound_catalogue_has_no_problems(store: Store) -> None:
    assert found(store) == []
    assert found(store, repair=True) == []


def test_a_flipped_bit_a_lost_file_and_a_stray_one_are_three_findings(store: Store) -> None:
    store.keep(
        harvested(gathered(picture(2), stored(store, b"two")), address="https://example.org/2")
    )
    index(store, REGISTRY, attribute=attribute, read_credit=read_credit)
    first, second = (store.folder / str(record.file) for record in store.search())
    first.write_bytes(first.read_bytes()[:-1] + b"!")
    second.unlink()
    (store.folder / "images" / "stray.jpg").write_bytes(b"stray")

    assert sorted(problem.what for problem in found(store)) == ["damaged", "missing", "orphan"]


def test_an_orphan_is_set_aside_with_its_bytes_and_told(store: Store) -> None:
    (store.folder / "images" / "stray.jpg").write_bytes(b"stray")

    (problem,) = found(store, repair=True)

    assert problem.mended
    assert "orphans/stray.jpg" in problem.detail
    assert (store.folder / "orphans" / "stray.jpg").read_bytes() == b"stray"
    assert found(store) == []


class Answers:
    """A fetcher that has one answer for everything."""

    def __init__(self, data: bytes | None) -> None:
        self.data = data
        self.asked: list[str] = []

    def get(self, url: str, **how: object) -> Fetched:
        self.asked.append(url)
        if self.data is None:
            raise FetchError("nobody answers", reason="connect")
        return Fetched(
            url=url,
            data=self.data,
            size=len(self.data),
            sha256=hashlib.sha256(self.data).hexdigest(),
            media_type="image/png",
        )


@pytest.fixture
def image() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def real(tmp_path: Path, image: bytes) -> Iterator[Store]:
    """A catalogue with a picture that can be decoded."""
    with Store.open(tmp_path / "real", create=True) as opened:
        kept = stored(opened, image, format="PNG")
        named = opened.files.put(image, kept.id, ".png")
        (opened.folder / kept.file).unlink()
        opened.keep(harvested(gathered(picture(), dataclasses.replace(kept, file=named))))
        index(opened, REGISTRY, attribute=attribute, read_credit=read_credit)
        yield opened


@pytest.mark.parametrize("lost", [True, False])
def test_a_lost_or_damaged_picture_is_had_again_from_its_address(
    real: Store, image: bytes, lost: bool
) -> None:
    file = file_of(real)
    if lost:
        file.unlink()
    else:
        file.write_bytes(b"rot")
    fetcher = Answers(image)

    (problem,) = found(real, repair=True, fetcher=fetcher)

    assert problem.mended
    assert fetcher.asked == ["https://example.org/1.jpg"]
    assert file.read_bytes() == image
    assert found(real) == []


def test_other_bytes_at_the_address_are_not_taken_for_the_lost_ones(
    real: Store, image: bytes
) -> None:
    out = BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    file_of(real).unlink()

    (problem,) = found(real, repair=True, fetcher=Answers(out.getvalue()))

    assert not problem.mended
    assert "another picture" in problem.detail
    assert [one.what for one in found(real)] == ["missing"]


@pytest.mark.parametrize("fetcher", [None, Answers(None)])
def test_what_cannot_be_had_again_stays_told(real: Store, fetcher: Answers | None) -> None:
    file = file_of(real)
    file.write_bytes(b"rot")

    (problem,) = found(real, repair=True, fetcher=fetcher)

    assert not problem.mended
    assert file.read_bytes() == b"rot"


@pytest.mark.parametrize("harm", ["lost", "damaged"])
def test_a_copy_of_a_page_that_is_no_more_is_given_up_and_the_page_named(
    harm: str, store: Store
) -> None:
    digest = hashlib.sha256(b"<p>").hexdigest()
    name = store.files.put(b"<p>", digest, ".html", kind="pages")
    page = dataclasses.replace(
        harvested(), snapshot=Snapshot(sha256=digest, file=name, bytes=3, media_type="text/html")
    )
    store.keep(page)
    index(store, REGISTRY, attribute=attribute, read_credit=read_credit)
    copy = store.folder / name
    copy.unlink() if harm == "lost" else copy.write_bytes(b"<q>")

    (problem,) = found(store, repair=True)

    assert problem.mended
    assert "https://example.org/story" in problem.detail
    assert found(store) == []
    assert not copy.exists()
    aside = [path.read_bytes() for path in store.folder.glob("orphans/**/*") if path.is_file()]
    assert aside == ([] if harm == "lost" else [b"<q>"])


def test_a_search_index_that_does_not_fit_its_texts_is_derived_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.index, "_attribute", lambda: attribute)
    monkeypatch.setattr(catalogue.index, "_read_credit", lambda: read_credit)
    with sqlite3.connect(store.folder / "catalogue.db") as db:
        db.execute("UPDATE verdict SET caption = 'quite another text'")
    db.close()

    assert [problem.what for problem in found(store)] == ["full-text"]
    (problem,) = found(store, repair=True)

    assert problem.mended
    assert found(store) == []
    assert [record.caption for record in store.search()] == ["Dunes in Gale Crater, picture 1"]


def test_what_a_killed_run_left_is_removed(store: Store) -> None:
    store.files.end_writing()
    (store.folder / "incoming" / "half.part").write_bytes(b"ha")

    assert [problem.what for problem in found(store)] == ["unfinished"]
    assert [problem.mended for problem in found(store, repair=True)] == [True]
    assert found(store) == []


DAMAGE = (
    "DROP VIEW picture",
    "DROP TABLE picture_fts",
    "DROP TABLE verdict",
    "DROP TABLE word; DROP TABLE evidence; DROP INDEX verdict_by_date",
    "DROP TRIGGER appearance_says_otherwise",
    "DROP INDEX image_band_1",
    "DROP TABLE saved_search",
    "DELETE FROM picture_fts_data WHERE id > 10",
    "UPDATE picture_fts_data SET block = x'00'",
    "UPDATE verdict SET title = 'another'",
)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("mend", ["rebuild", "repair"])
def test_whatever_is_wrong_with_what_is_derived_is_told_and_mended_by_deriving_it_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch, damage: str, mend: str
) -> None:
    rules = {"attribute": attribute, "read_credit": read_credit}
    for name, rule in rules.items():
        monkeypatch.setattr(catalogue.index, f"_{name}", lambda rule=rule: rule)
    before = list(store.dump())
    store._db.execute("PRAGMA foreign_keys = OFF")
    store._db.executescript(damage)
    store._db.execute("PRAGMA foreign_keys = ON")

    assert found(store)
    if mend == "rebuild":
        index(store, REGISTRY, rebuild=True)
    else:
        assert all(problem.mended for problem in found(store, repair=True))

    assert found(store) == []
    assert list(store.dump()) == before


def test_a_lost_table_of_what_was_seen_is_told_and_not_made_empty(store: Store) -> None:
    store._db.execute("DROP TABLE address")

    repaired = found(store, repair=True)

    assert [(one.where, one.mended) for one in repaired if one.where == "address"] == [
        ("address", False)
    ]
