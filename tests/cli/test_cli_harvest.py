"""What a person sees who harvests at a terminal."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from catalogue import cli

ROOT = Path(__file__).resolve().parents[2]
STORY = """<title>Dunes</title><article><h1>Dunes of Mars</h1><p>The rover stopped at the edge of a
field of dunes and looked back.</p></article>"""


@pytest.fixture
def story(tmp_path: Path) -> Path:
    page = tmp_path / "story.html"
    page.write_text(STORY)
    return page


def test_progress_is_shown_on_a_terminal_that_does_not_know_its_width(
    story: Path, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()  # of no size, until somebody sets one
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "-C", str(tmp_path / "mars"), "harvest", str(story)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        check=False,
        cwd=ROOT,
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)

    assert ran.returncode == 0, shown
    assert "pages 1/1 pictures 0/0" in shown
    assert ran.stdout.split() == ["pages", "1", "without", "pictures"]


def test_who_takes_up_what_failed_where_no_catalogue_is_gets_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli._run(["-C", str(tmp_path / "mars"), "harvest", "--retry-failed"])

    assert status == 3
    assert "no catalogue in" in capsys.readouterr().err
    assert not (tmp_path / "mars").exists()


def test_a_harvest_that_has_nothing_to_do_says_why(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = ["-C", str(tmp_path / "mars"), "harvest"]
    (tmp_path / "none.txt").write_text("# nothing yet\n")
    cli._run([*on, str(story)])
    capsys.readouterr()

    statuses = (
        cli._run([*on, "--retry-failed"]),
        cli._run([*on, "--from-file", f"{tmp_path}/none.txt"]),
    )
    said = capsys.readouterr().err

    assert statuses == (0, 0)
    assert "nothing on the web is to be asked for again" in said
    assert "the list is empty" in said


def test_a_saved_page_that_failed_in_part_is_told_of_and_taken_up_by_its_name(
    tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a catalogue says never leads into the disk: a person names the file."""
    on = ["-C", str(tmp_path / "mars"), "harvest"]
    beside = story.with_name("story_files")
    beside.mkdir()
    story.write_text(
        '<article><figure><img src="story_files/dunes.png"><figcaption>Dunes in Gale Crater.'
        "</figcaption></figure></article>"
    )
    Image.effect_noise((64, 48), 60).save(picture := beside / "dunes.png")
    sound = picture.read_bytes()
    picture.write_bytes(sound[: len(sound) // 2])
    failed = cli._run([*on, str(story)])
    picture.write_bytes(sound)
    capsys.readouterr()

    without = cli._run([*on, "--retry-failed"])
    said = capsys.readouterr().err
    named = cli._run([*on, "--retry-failed", str(story)])

    assert (failed, without, named) == (1, 0, 0)
    assert "not taken up" in said
    assert story.name in said
    assert "stored" in capsys.readouterr().out


def test_an_address_without_its_beginning_is_refused_with_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli._run(["-C", str(tmp_path / "mars"), "harvest", "www.example.org/story"])

    assert status == 2
    assert "those begin with https://" in capsys.readouterr().err


def illustrated(story: Path) -> Path:
    """The story with a picture in the folder beside it."""
    beside = story.with_name(f"{story.stem}_files")
    beside.mkdir()
    story.write_text(
        f'<article><figure><img src="{beside.name}/dunes.png"><figcaption>Dunes in Gale Crater.'
        "</figcaption></figure></article>"
    )
    Image.effect_noise((64, 48), 60).save(beside / "dunes.png")
    return story


def test_a_line_of_a_list_that_names_nothing_is_told_and_the_others_are_done(
    tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.txt").write_text(
        f"\ufeff{tmp_path}/gone.html\r\n{story} # our own\n# {tmp_path}\n{tmp_path}/*.nothing\n"
    )

    status = cli._run(
        ["-C", str(tmp_path / "mars"), "harvest", "--from-file", f"{tmp_path}/list.txt", "--json"]
    )
    *pages, end = map(json.loads, capsys.readouterr().out.splitlines())

    assert (status, end["failed"]) == (1, 2)
    assert sorted((Path(page["url"]).name, page["outcome"]) for page in pages) == [
        ("*.nothing", "failed:bad-name"),
        ("gone.html", "failed:bad-name"),
        ("story.html", "ok:no-images"),
    ]


def test_no_place_outside_it_is_kept_in_a_catalogue_not_even_of_what_failed(
    tmp_path: Path, story: Path
) -> None:
    (tmp_path / "empty.html").touch()
    (tmp_path / "broken.mhtml").write_text("nothing")
    (tmp_path / "cut.warc.gz").write_bytes(gzip.compress(b"WARC/1.0\r\nWARC-Type: resp")[:-9])
    sources = [str(story), *(f"{tmp_path}/{name}" for name in ("empty.html", "broken.mhtml"))]
    (tmp_path / "list.txt").write_text("\n".join([*sources, f"{tmp_path}/gone.html"]))

    cli._run(["-C", f"{tmp_path}/mars", "harvest", "--from-file", f"{tmp_path}/list.txt"])
    cli._run(["-C", f"{tmp_path}/mars", "harvest", f"{tmp_path}/cut.warc.gz"])

    kept = (tmp_path / "mars" / "catalogue.db").read_bytes()
    assert b"empty.html' is empty" in kept
    assert b"gone.html'" in kept
    assert str(tmp_path).encode() not in kept


def test_a_name_that_is_no_text_stops_nothing(
    tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Archives of old systems have names in Latin-1; a shell gives whatever was pasted."""
    odd = Path(os.fsdecode(os.fsencode(story.parent) + b"/caf\xe9.html"))
    odd.write_text(story.read_text())
    on = ["-C", str(tmp_path / "mars"), "harvest", "--json"]

    whole = cli._run([*on, str(story.parent)])
    alone = cli._run([*on, str(odd), "http://\udcff/"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert (whole, alone) == (0, 1)
    assert [one["outcome"] for one in told if one["kind"] == "page"] == [
        "ok:no-images", "ok:no-images", "unchanged", "failed:bad-name",
    ]  # fmt: skip


def test_a_source_that_is_empty_is_not_the_folder_where_we_are(
    tmp_path: Path, story: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(story.parent)

    status = cli._run(["-C", str(tmp_path / "mars"), "harvest", ""])

    assert (status, (tmp_path / "mars").exists()) == (2, False)
    assert "a source is empty" in capsys.readouterr().err


@pytest.mark.parametrize("by_shell", [True, False])
def test_the_folder_of_a_page_that_is_named_beside_it_is_the_pages(
    by_shell: bool, tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = illustrated(story).with_name("story_files")
    Image.effect_noise((90, 90), 60).save(beside / "advert.png")
    named = [str(story), f"{beside}/"] if by_shell else [f"{tmp_path}/story*"]

    status = cli._run(["-C", str(tmp_path / "mars"), "harvest", "--json", *named])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert (status, [one.get("outcome") for one in told]) == (0, ["ok", "stored", None])


def test_a_catalogue_is_no_source(
    tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither its own, where a whole folder is harvested into, nor another one that is named."""
    illustrated(story)
    on = ["-C", str(tmp_path / "mars"), "harvest", "--json"]
    cli._run([*on, str(tmp_path)])
    capsys.readouterr()

    again = cli._run([*on, str(tmp_path)])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    named = cli._run([*on, str(tmp_path / "mars")])
    (refused, _) = map(json.loads, capsys.readouterr().out.splitlines())

    assert (again, named) == (0, 1)
    assert [one["outcome"] for one in told[:-1]] == ["unchanged", "unchanged"]
    assert (refused["outcome"], "catalogue merge" in refused["detail"]) == (
        "failed:unreadable-page",
        True,
    )


@pytest.mark.parametrize("harm", ["damaged", "missing"])
def test_a_lost_picture_of_a_saved_page_comes_back_when_the_page_is_asked_again(
    harm: str, tmp_path: Path, story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = ["-C", str(tmp_path / "mars")]
    cli._run([*on, "harvest", str(illustrated(story))])
    (kept,) = (tmp_path / "mars" / "images").rglob("*.png")
    kept.write_bytes(b"junk") if harm == "damaged" else kept.unlink()
    amiss = cli._run([*on, "verify", "--repair", "--offline"])
    said = capsys.readouterr().out

    cli._run([*on, "harvest", "--refresh", str(story)])

    assert (amiss, "harvest --refresh" in said) == (1, True)
    assert cli._run([*on, "verify"]) == 0
