"""The whole path, from articles to search, export and gallery, on the bundled sample.

What must come out stands in ``data/expected.jsonl``, written by hand.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
EXPECTED: list[dict[str, Any]] = [
    json.loads(line)
    for line in (ROOT / "data" / "expected.jsonl").read_text(encoding="utf-8").splitlines()
]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample") / "catalogue"


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Runs the program on the sample's catalogue, as a user does."""

    def call(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        ran = subprocess.run(
            [sys.executable, "-m", "catalogue", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=ROOT,
        )
        assert ran.returncode == status, ran.stderr
        assert "Traceback" not in ran.stderr
        return ran

    return call


def lines(ran: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture(scope="module")
def outcomes(run: Run) -> list[dict[str, Any]]:
    return lines(run("harvest", str(SAMPLE), "--json"))


@pytest.fixture(scope="module")
def rows(run: Run, outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines(run("search", "--json"))


def digest(entry: dict[str, Any]) -> str:
    folder = SAMPLE if entry["page"] is None else SAMPLE / f"{Path(entry['page']).stem}_files"
    return hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest()


def found(rows: list[dict[str, Any]], entry: dict[str, Any]) -> dict[str, Any]:
    if entry["file"] is None:
        return next(row for row in rows if row["caption"] == entry["caption"])
    return next(row for row in rows if row["id"] == digest(entry))


def name(entry: dict[str, Any]) -> str:
    return str(entry["file"] or entry["caption"][:24])


def test_every_picture_is_stored_and_nothing_else(
    rows: list[dict[str, Any]], outcomes: list[dict[str, Any]]
) -> None:
    assert len(rows) == len(EXPECTED)
    assert {row["id"] for row in rows if row["file"]} == {
        digest(entry) for entry in EXPECTED if entry["file"]
    }
    assert [
        line for line in outcomes if line.get("outcome", "").startswith(("failed", "refused"))
    ] == []


@pytest.mark.parametrize("entry", EXPECTED, ids=name)
def test_the_picture_is_described_as_its_article_says(
    entry: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    row = found(rows, entry)
    wanted = {
        key: entry[key]
        for key in ("caption", "credit", "credit_normal", "organisations", "spacecraft",
                    "instrument", "subjects", "kind")
    }  # fmt: skip
    for optional in ("taken", "sol", "licence", "product_id", "people"):
        if optional in entry:
            wanted[optional] = entry[optional]

    assert {key: row[key] for key in wanted} == wanted


@pytest.mark.parametrize("entry", [entry for entry in EXPECTED if entry["spacecraft"]], ids=name)
def test_every_verdict_has_evidence(
    entry: dict[str, Any], rows: list[dict[str, Any]], run: Run
) -> None:
    shown = json.loads(run("show", found(rows, entry)["id"][:16], "--json").stdout)

    assert any(
        f"spacecraft={entry['spacecraft']}" in reason["says"] for reason in shown["evidence"]
    )


def test_a_search_by_spacecraft_finds_what_it_took_and_not_what_shows_it(
    run: Run, rows: list[dict[str, Any]]
) -> None:
    ids = run("search", "spacecraft:Percy", "--ids").stdout.split()

    assert set(ids) == {
        found(rows, entry)["id"] for entry in EXPECTED if entry["spacecraft"] == "perseverance"
    }


def test_a_second_harvest_finds_everything_unchanged(run: Run, rows: list[dict[str, Any]]) -> None:
    again = lines(run("harvest", str(SAMPLE), "--json"))

    assert {line["outcome"] for line in again if line["kind"] == "image"} <= {"unchanged"}
    assert lines(run("search", "--json")) == rows


def test_an_index_built_anew_is_the_same(run: Run, rows: list[dict[str, Any]]) -> None:
    run("index", "--rebuild")

    assert lines(run("search", "--json")) == rows


def test_the_catalogue_is_sound(run: Run, rows: list[dict[str, Any]]) -> None:
    run("verify")


def test_an_export_leaves_out_what_has_no_credit_and_says_so(
    run: Run, rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    ran = run("export", "has:file", "--to", str(tmp_path / "set"), status=1)

    uncredited = [entry for entry in EXPECTED if entry["file"] and not entry["credit"]]
    assert all(found(rows, entry)["id"][:12] in ran.stderr for entry in uncredited)
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text(encoding="utf-8"))
    assert "NASA/JPL/University of Arizona" in json.dumps(manifest)
    assert len(uncredited) == 1


def test_a_gallery_shows_every_credit(run: Run, rows: list[dict[str, Any]], tmp_path: Path) -> None:
    run("gallery", "--to", str(tmp_path / "gallery"))

    page = (tmp_path / "gallery" / "index.html").read_text(encoding="utf-8")
    assert [
        entry["credit"] for entry in EXPECTED if entry["credit"] and entry["credit"] not in page
    ] == []
