"""``catalogue export`` and ``catalogue cite`` as a user types them."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from catalogue.model import Finding, Record
from catalogue.registry import load_registry
from catalogue.store import Store
from tests.making import see

ROOT = Path(__file__).resolve().parent.parent.parent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def fill(folder: Path) -> None:
    """A catalogue of three pictures, one without a credit, as an index would have written it."""
    rights = load_registry().rights["jpl"].as_rights()
    with Store.open(folder, create=True) as store:
        for number, credit in enumerate(
            ("NASA/JPL/University of Arizona", "NASA/JPL-Caltech", None)
        ):
            out = io.BytesIO()
            Image.effect_noise((60 + number, 40), 50).convert("RGB").save(out, "JPEG")
            key = hashlib.sha256(out.getvalue()).hexdigest()
            record = Record(
                id=key,
                spacecraft=("mro", "curiosity", None)[number],
                title=f"Picture {number}",
                caption="A dune",
                credit=credit,
                credit_normal=credit,
                organisations=("nasa",) if credit else (),
                rights=rights if credit else None,
                file=store.files.put(out.getvalue(), key, ".jpg"),
                format="JPEG",
                media_type="image/jpeg",
                width=60 + number,
                height=40,
                pages=("https://example.org/story",),
                page_titles=("Story",),
                sites=("example.org",),
            )
            see(store, record)
            store.write([Finding(record=record)])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("export-cli") / "catalogue"
    fill(folder)

    def call(*arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        ran = subprocess.run(
            [sys.executable, "-m", "catalogue", "-C", str(folder), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=False,
            cwd=ROOT,
        )
        assert ran.returncode == status, ran.stderr
        assert "Traceback" not in ran.stderr
        return ran

    return call


def test_a_picture_without_a_credit_is_named_and_left_out(run: Run, tmp_path: Path) -> None:
    ran = run("export", "--to", str(tmp_path / "set"), status=1)

    (lacking,) = run("search", "-has:credit", "--ids").stdout.split()
    assert f"refused:no-credit: {lacking[:12]}" in ran.stderr
    again = run("export", "--to", str(tmp_path / "set"), "--json", status=1)
    assert f"refused:no-credit: {lacking[:12]}" in again.stderr
    assert len(list((tmp_path / "set").glob("*.jpg"))) == 2


def test_it_is_taken_where_it_is_wanted(run: Run, tmp_path: Path) -> None:
    ran = run("export", "--to", str(tmp_path / "set"), "--allow-uncredited")

    assert "no credit is known" in ran.stderr
    assert len(list((tmp_path / "set").glob("*.jpg"))) == 3


def test_one_command_makes_a_credited_set(run: Run, tmp_path: Path) -> None:
    run("export", "has:file", "has:credit", "--to", str(tmp_path / "set"))

    assert (tmp_path / "set" / "CREDITS.md").is_file()
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text(encoding="utf-8"))
    assert all(one["creditText"] for one in manifest["hasPart"])


def test_json_gives_a_line_for_each_picture_and_the_counts(run: Run, tmp_path: Path) -> None:
    ran = run("export", "has:file", "has:credit", "--to", str(tmp_path / "set"), "--json")

    *rows, summary = [json.loads(line) for line in ran.stdout.splitlines()]
    assert {row["outcome"] for row in rows} == {"exported"}
    assert all((tmp_path / "set" / row["file"]).is_file() for row in rows)
    assert summary["kind"] == "summary"
    assert summary["outcomes"] == {"exported": len(rows)}


def test_the_searchs_options_narrow(run: Run, tmp_path: Path) -> None:
    run("export", "--spacecraft", "mro", "--to", str(tmp_path / "set"))

    with (tmp_path / "set" / "credits.csv").open(encoding="utf-8") as file:
        assert len(file.readlines()) == 2


def test_all_formats_are_made(run: Run, tmp_path: Path) -> None:
    for format, sign in (
        ("zip", ""),
        ("bagit", "bagit.txt"),
        ("ro-crate", "ro-crate-metadata.json"),
    ):
        to = tmp_path / format
        run("export", "spacecraft:mro", "--to", str(to), "--format", format)
        assert (to / sign).is_file()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--format", "tar"],
        ["--name", "{nosuch}"],
        ["--spacecraft", "no such thing"],
        ["--sort", "sideways"],
        ["--max-size", "0"],
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(
    run: Run, tmp_path: Path, wrong: list[str]
) -> None:
    ran = run("export", "--to", str(tmp_path / "set"), *wrong, status=2)

    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "set").exists()


def test_a_target_that_is_a_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ran = run("export", "--to", str(tmp_path / "file"), status=2)

    assert len(ran.stderr.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_nothing_found_is_told(run: Run, tmp_path: Path) -> None:
    ran = run("export", "zebra", "--to", str(tmp_path / "set"), status=1)

    assert "no picture" in ran.stderr
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("style", ["text", "html", "markdown", "bibtex"])
def test_a_sentence_to_cite_a_picture_with(run: Run, style: str) -> None:
    key = run("search", "spacecraft:mro", "--ids").stdout.split()[0]

    assert "NASA/JPL/University of Arizona" in run("cite", key[:8], "--style", style).stdout


def test_an_unknown_style_is_told(run: Run) -> None:
    key = run("search", "--ids").stdout.split()[0]

    assert "bibtex" in run("cite", key, "--style", "chicago", status=2).stderr


def test_a_correction_shows_up_everywhere(run: Run, tmp_path: Path) -> None:
    base = ("-C", str(tmp_path / "catalogue"))
    run(*base, "harvest", str(ROOT / "data" / "sample"))
    key = run(*base, "search", "spacecraft:mro has:credit", "--ids").stdout.split()[0]
    before = json.loads(run(*base, "search", "--json", f"id:{key}").stdout.splitlines()[0])
    run(*base, "set", key, "credit=NASA/JPL/The Right Hand", "--note", "they wrote to us")
    run(*base, "export", f"id:{key}", "--to", str(tmp_path / "set"))
    cited = run(*base, "cite", key).stdout

    told = {path.name: path.read_bytes() for path in (tmp_path / "set").iterdir()}
    del told["sha256sums.txt"], told[".catalogue-export.json"]
    lacking = [name for name, data in told.items() if b"NASA/JPL/The Right Hand" not in data]
    assert lacking == []
    old = f": {before['credit']}".encode()
    assert [name for name, data in told.items() if name.startswith("CREDITS") and old in data] == []
    assert "NASA/JPL/The Right Hand" in cited
