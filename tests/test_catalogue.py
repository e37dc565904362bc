"""The library's front does what the commands do, and raises the package's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import catalogue as package
import catalogue.index
from catalogue import Catalogue, CatalogueError
from catalogue.errors import CatalogueUnusable, UsageError
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
    assert list(catalogue_.verify()) == []
    assert catalogue_.stats()["forgotten"] == 1


def test_errors_are_the_packages_own(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnusable):
        Catalogue.open(tmp_path / "none")
    assert issubclass(CatalogueUnusable, CatalogueError)
    assert package.Catalogue is Catalogue


def test_a_catalogue_may_be_copied_and_moved(catalogue_: Catalogue, tmp_path: Path) -> None:
    import shutil

    catalogue_.close()
    shutil.move(catalogue_.folder, tmp_path / "elsewhere")

    with Catalogue.open(str(tmp_path / "elsewhere")) as moved:
        assert list(moved.verify()) == []
        assert moved.count() == 3
    database = (tmp_path / "elsewhere" / "catalogue.db").read_bytes()
    assert str(tmp_path).encode() not in database
