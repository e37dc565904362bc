"""``catalogue gallery`` as its users call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from catalogue.catalogue import Catalogue


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "catalogue", "gallery", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Catalogue.open(tmp_path / "catalogue", create=True).close()
    return tmp_path / "catalogue"


def test_an_empty_catalogue_gives_a_page_that_says_so(folder: Path, tmp_path: Path) -> None:
    done = run("-C", folder, "--to", tmp_path / "g", "--title", "Ours & theirs")

    assert done.returncode == 0
    assert done.stdout.strip() == str(tmp_path / "g" / "index.html")
    page = (tmp_path / "g" / "index.html").read_text(encoding="utf-8")
    assert '<h1 dir="auto">Ours &amp; theirs</h1>' in page
    assert "0 pictures" in page


def test_json_tells_what_was_done(folder: Path, tmp_path: Path) -> None:
    first = json.loads(run("-C", folder, "--to", tmp_path / "g", "--json").stdout)
    second = json.loads(run("-C", folder, "--to", tmp_path / "g", "--json").stdout)

    assert first["written"] > 0
    assert (second["written"], second["pictures"]) == (0, 0)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--to", "g", "--originals", "maybe"],
        ["--to", "g", "--base-url", "ftp://x"],
        ["--to", "g", "--template", "absent"],
        ["--to", "g", "spacecraft:nonsense"],
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    placed = [str(tmp_path / word) if word in {"g", "absent"} else word for word in options]
    done = run("-C", folder, *placed)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "g").exists()
