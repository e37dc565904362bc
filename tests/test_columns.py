"""``dump --format parquet``: tables that DuckDB reads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra [parquet] is not installed")
duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")

PAGE = """<html lang="en"><head><title>Dunes</title>
<link rel="canonical" href="https://a.example/dunes"></head><body><article>
<figure><img src="dunes_files/one.png"><figcaption>Dunes on Mars, seen by the HiRISE camera of the
Mars Reconnaissance Orbiter. Credit: NASA/JPL-Caltech/University of Arizona</figcaption></figure>
<figure><img src="dunes_files/gone.png"><figcaption>The Curiosity rover, seen by itself, «on»
sol 84.</figcaption></figure></article></body></html>"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    folder = tmp_path_factory.mktemp("saved")
    (folder / "dunes_files").mkdir()
    Image.new("RGB", (64, 48), (200, 90, 40)).save(folder / "dunes_files" / "one.png")
    (folder / "dunes.html").write_text(PAGE, encoding="utf-8")
    catalogue("harvest", str(folder / "dunes.html"), "-C", str(folder / "kept"))
    return folder / "kept"


def catalogue(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalogue", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tables(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("tables") / "new"
    ran = catalogue("dump", "--format", "parquet", "--to", str(to), "-C", str(kept))
    assert (ran.returncode, ran.stdout) == (0, "")
    return to


@pytest.fixture
def db(tables: Path) -> Iterator[Any]:
    with duckdb.connect() as db:
        for path in tables.iterdir():
            db.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
        yield db


def test_there_is_one_file_a_table(tables: Path) -> None:
    assert {path.name for path in tables.iterdir()} == {
        "images.parquet", "appearances.parquet", "pages.parquet", "attributions.parquet",
        "evidence.parquet",
    }  # fmt: skip


def test_what_a_search_finds_is_in_the_tables(db: Any, kept: Path) -> None:
    found = catalogue("search", "--json", "-C", str(kept)).stdout
    records = {one["id"]: one for one in map(json.loads, found.splitlines())}

    rows = db.execute(
        "SELECT picture, spacecraft, instrument, subjects, credit, organisations FROM attributions"
    ).fetchall()

    assert len(rows) == len(records) == 2
    for picture, *verdict in rows:
        one = records[picture]
        names = ("spacecraft", "instrument", "subjects", "credit", "organisations")
        assert verdict == [one[name] for name in names]


def test_tables_join(db: Any) -> None:
    joined = db.execute(
        "SELECT images.width, pages.title, attributions.spacecraft FROM appearances"
        " JOIN images ON images.id = appearances.image JOIN pages ON pages.address ="
        " appearances.page JOIN attributions USING (picture)"
    ).fetchall()
    reasons = db.execute(
        "SELECT count(*) FROM evidence JOIN attributions USING (picture)"
        " WHERE says = 'spacecraft=mro'"
    ).fetchone()

    assert joined == [(64, "Dunes", "mro")]
    assert reasons[0] > 0


def test_types_are_those_of_the_values(db: Any) -> None:
    types = dict(
        db.execute(
            "SELECT column_name, column_type FROM (DESCRIBE SELECT alone, snapshot_bytes, subjects,"
            " confidence, page FROM pages, attributions, appearances)"
        ).fetchall()
    )

    assert types == {
        "alone": "BOOLEAN", "snapshot_bytes": "BIGINT", "subjects": "VARCHAR[]",
        "confidence": "DOUBLE", "page": "VARCHAR",
    }  # fmt: skip


def test_equal_catalogues_give_equal_files(kept: Path, tables: Path, tmp_path: Path) -> None:
    catalogue("dump", "--format", "parquet", "--to", str(tmp_path), "-C", str(kept))

    for path in tables.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_an_empty_catalogue_gives_tables_without_rows(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "nothing" / "a.txt").write_text("Nothing to see.", encoding="utf-8")
    catalogue("harvest", str(tmp_path / "nothing" / "a.txt"), "-C", str(tmp_path / "kept"))

    catalogue(
        "dump", "--format", "parquet", "--to", str(tmp_path / "t"), "-C", str(tmp_path / "kept")
    )

    with duckdb.connect() as db:
        assert db.execute(f"SELECT count(*) FROM '{tmp_path}/t/images.parquet'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "csv"), "jsonl, parquet"),
        (("--to", "somewhere"), "--to"),
        (("--format", "parquet", "--to", __file__), "name a folder"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    kept: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = catalogue("dump", *arguments, "-C", str(kept))

    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert said in ran.stderr
