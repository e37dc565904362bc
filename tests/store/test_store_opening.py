"""A catalogue that cannot be used says which, why, and what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.errors import CatalogueUnusable
from catalogue.store import Store, connection, schema
from tests.making import gathered, harvested, picture, stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue with one picture, closed."""
    with Store.open(tmp_path / "mars", create=True) as store:
        store.keep(harvested(gathered(picture(), stored(store))))
    return tmp_path / "mars"


def test_an_absent_one_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnusable, match=r"no catalogue in .*catalogue harvest"):
        Store.open(tmp_path / "mars")

    assert not (tmp_path / "mars").exists()


def test_a_file_is_not_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / "mars").write_text("")

    with pytest.raises(CatalogueUnusable, match="is a file"):
        Store.open(tmp_path / "mars", create=True)


def test_a_folder_may_hold_other_files_already(tmp_path: Path) -> None:
    (tmp_path / "harvest.log").write_text("begun")

    with Store.open(tmp_path, create=True) as store:
        assert store.count() == 0
        assert list(store.check()) == []

    assert (tmp_path / "harvest.log").read_text() == "begun"


def test_a_newer_format_is_left_alone(folder: Path) -> None:
    with sqlite3.connect(folder / "catalogue.db") as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")

    with pytest.raises(CatalogueUnusable, match=r"newer version .*update"):
        Store.open(folder)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "catalogue.db") as db:
        db.execute("CREATE TABLE photos (name TEXT)")
    before = (tmp_path / "catalogue.db").read_bytes()

    with pytest.raises(CatalogueUnusable, match="another program"):
        Store.open(tmp_path, create=True)

    assert (tmp_path / "catalogue.db").read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"<html>not a database</html>" * 100, b"SQLite format 3\0" * 9]
)
def test_a_damaged_one_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.db").write_bytes(content)

    with pytest.raises(CatalogueUnusable, match=r"is damaged .*restore"):
        Store.open(tmp_path)


def test_what_a_run_leaves_that_was_stopped_at_its_first_write_is_an_empty_catalogue(
    tmp_path: Path,
) -> None:
    (tmp_path / "catalogue.db").touch()

    with Store.open(tmp_path) as store:
        assert store.count() == 0


def test_a_locked_one_is_waited_for_and_then_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.1)
    other = sqlite3.connect(folder / "catalogue.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with Store.open(folder) as store:
            assert store.failed_pages() == []  # reading goes on
            with pytest.raises(CatalogueUnusable, match="in use by another run"):
                store.keep(harvested())
    finally:
        other.close()


def read_as_nobody(folder: Path) -> list[str]:
    """What somebody without the right to write gets: how many pictures there are, and a refusal."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # in a process of its own, for rights once given up do not come back
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(writing, "\n".join(_read(folder)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        return answer.read().decode().splitlines()


def _read(folder: Path) -> list[str]:
    said = []
    try:
        with Store.open(folder) as store:
            said.append(f"read-only {store.read_only}, {len(list(store.sightings()))} seen")
            store.correct()
    except CatalogueUnusable as error:
        said.append(str(error))
    return said


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder that other users may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def only_to_be_read(folder: Path) -> None:
    """Every user may look, and nobody (but the superuser) may write."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)


needs_rights = pytest.mark.skipif(not hasattr(os, "fork"), reason="rights are another matter there")


@needs_rights
def test_a_read_only_one_can_be_read_and_says_that_it_cannot_be_changed(
    folder: Path, elsewhere: Path
) -> None:
    shutil.copytree(folder, elsewhere / "mars")
    only_to_be_read(elsewhere / "mars")

    seen, refusal = read_as_nobody(elsewhere / "mars")

    assert seen == "read-only True, 1 seen"
    assert "read-only: it can be searched, not changed" in refusal


@needs_rights
def test_changes_that_wait_in_a_journal_are_never_silently_left_out(
    folder: Path, elsewhere: Path
) -> None:
    """A folder that was copied while in use, onto a medium that cannot be written."""
    with Store.open(folder) as store:
        store.keep(harvested(gathered(picture(2), stored(store, b"another"))))
        shutil.copytree(folder, elsewhere / "mars")
    (elsewhere / "mars" / "catalogue.db-shm").unlink()
    only_to_be_read(elsewhere / "mars")

    said = read_as_nobody(elsewhere / "mars")[0]

    assert said == "read-only True, 2 seen" or "last changes wait in catalogue.db-wal" in said


def test_two_that_find_the_folder_new_make_one_catalogue(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from catalogue.store import Store\n"
        "Store.open(Path(sys.argv[1]), create=True).close()"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "mars")], cwd=ROOT)
        for _ in range(3)
    ]

    assert [run.wait() for run in runs] == [0, 0, 0]
    with Store.open(tmp_path / "mars") as store:
        assert list(store.check()) == []


@needs_rights
def test_a_folder_that_may_not_be_entered_is_told(folder: Path, elsewhere: Path) -> None:
    shutil.copytree(folder, elsewhere / "mars")
    (elsewhere / "mars").chmod(0)

    assert read_as_nobody(elsewhere / "mars") == [
        f"{elsewhere / 'mars'} cannot be opened (Permission denied): look at its permissions"
    ]
