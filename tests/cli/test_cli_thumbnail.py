"""``catalogue thumbnail`` as its users call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "catalogue", "thumbnail", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_folder_stands_for_its_pictures(tmp_path: Path) -> None:
    frames = tmp_path / "frames"
    frames.mkdir()
    Image.new("RGB", (800, 600)).save(frames / "one.jpg")
    Image.new("RGB", (600, 800)).save(frames / "two.png")
    (frames / "notes.txt").write_text("no picture")
    done = run(frames, "--to", tmp_path / "out", "--size", 200)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.jpg", "two.jpg"]
    with Image.open(tmp_path / "out" / "one.jpg") as image:
        assert image.size == (200, 150)


def test_what_fails_is_named_and_the_rest_is_made(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff nothing")
    Image.new("L", (50, 50)).save(tmp_path / "good.png")
    done = run(tmp_path / "bad.jpg", tmp_path / "good.png", "--to", tmp_path / "out")

    assert done.returncode == 1
    assert "bad.jpg" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.jpg"]


def test_equal_names_do_not_replace_each_other(tmp_path: Path) -> None:
    Image.new("L", (50, 50)).save(tmp_path / "a.png")
    Image.new("L", (50, 50)).save(tmp_path / "a.gif")
    done = run(tmp_path / "a.png", tmp_path / "a.gif", "--to", tmp_path / "out")

    assert done.returncode == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_picture_is_never_replaced_by_its_thumbnail(tmp_path: Path) -> None:
    Image.new("RGB", (800, 600)).save(tmp_path / "one.jpg")
    before = (tmp_path / "one.jpg").read_bytes()
    done = run(tmp_path / "one.jpg", "--to", tmp_path)

    assert done.returncode == 1
    assert (tmp_path / "one.jpg").read_bytes() == before


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    assert run(tmp_path / "none.jpg", "--to", tmp_path / "out").returncode == 2
