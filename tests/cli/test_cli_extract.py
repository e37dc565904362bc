"""``catalogue extract``: the JSON line that scripts rely on, and the exit status."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

PROSE = "<p>" + "Some words of an article that are long enough to be prose. " * 3 + "</p>"
STORY = (
    f"<html><body><article><h1>A story with a picture</h1>{PROSE}<figure><img src='i/rover.jpg' "
    f"alt='A rover'><figcaption>The rover. Credit: NASA</figcaption></figure>{PROSE}</article>"
)


def extract(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "catalogue", "extract", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.html"
    path.write_text(STORY)
    return path


def test_one_line_with_the_fixed_fields(story: Path) -> None:
    """Names and order of the fields are those that scripts were promised."""
    done = extract(story, "--url", "https://news.example/2021/")

    line = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(line) == ["page", "url", "title", "author", "published", "publisher", "images"]
    assert str(story) == line["page"]
    assert line["images"] == [
        {
            "url": "https://news.example/2021/i/rover.jpg",
            "alternatives": [],
            "caption": "The rover.",
            "credit": "Credit: NASA",
            "alt": "A rover",
            "role": "content",
        }
    ]


def test_folder_gives_a_line_a_page(story: Path) -> None:
    """Each page of a folder is named by its own file."""
    (story.parent / "two.html").write_text(STORY)

    done = extract(story.parent)

    pages = [Path(json.loads(line)["page"]).name for line in done.stdout.splitlines()]
    assert (done.returncode, pages) == (0, ["story.html", "two.html"])


def test_unreadable_member_is_told_and_the_rest_is_read(story: Path) -> None:
    """Exit status 1, the reason on stderr, everything else on stdout."""
    (story.parent / "a.json").write_text("{")

    done = extract(story.parent)

    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "a.json" in done.stderr


def test_absent_source_is_a_wrong_call() -> None:
    """Nothing there: exit status 2 and the name."""
    done = extract("absent.html")

    assert done.returncode == 2
    assert "absent.html" in done.stderr


def test_a_picture_is_no_page(story: Path) -> None:
    picture = story.with_name("rover.tif")
    Image.effect_noise((640, 480), 60).save(picture)

    named, beside = extract(picture), extract(story.parent)

    assert (named.returncode, named.stdout) == (0, "")
    assert named.stderr == f"catalogue: {picture}: a picture, and no page that tells of pictures\n"
    assert (len(beside.stdout.splitlines()), beside.stderr) == (1, "")


def test_a_private_address_is_read_where_it_is_allowed(story: Path) -> None:
    serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=story.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host = f"127.0.0.1:{server.server_port}"

        refused = extract(f"http://{host}/story.html")
        allowed = extract(f"http://{host}/story.html", "--allow-host", host)
        server.shutdown()

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--allow-host 127.0.0.1 would permit it" in refused.stderr
    assert (allowed.returncode, allowed.stderr) == (0, "")
    assert json.loads(allowed.stdout)["title"] == "A story with a picture"
