"""Harvesting over HTTP, from a server on this machine that counts what it is asked."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from catalogue import Catalogue
from catalogue.fetch.policy import Manners, allowed_hosts
from catalogue.fetch.saved import FakeFetcher
from catalogue.gathering import Job, pages
from catalogue.harvest import Options
from catalogue.model import Document, Harvested, Page
from catalogue.store import Store
from catalogue.store.files import Files

ROOT = Path(__file__).resolve().parent.parent

# A connection of a run that was killed is closed when the server's thread comes to it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Answer = tuple[int, dict[str, str], bytes]


def jpeg(shade: int, size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture that differs from that of another shade."""
    out = io.BytesIO()
    Image.new("RGB", size, (shade * 37 % 256, shade * 11 % 256, 90)).save(out, "JPEG")
    return out.getvalue() + bytes([shade])


def article(*addresses: str) -> bytes:
    """A page that shows these pictures."""
    figures = "".join(
        f'<figure><img src="{escape(address)}" width="640" height="480"><figcaption>Dunes, picture '
        f"number {number} of the story. Credit: NASA/JPL-Caltech</figcaption></figure>"
        for number, address in enumerate(addresses)
    )
    return f"<title>Dunes</title><article><h1>Dunes of Mars</h1>{figures}</article>".encode()


class Site:
    """A server on loopback: answers by path, and a list of what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                site.asked.append(self.path)
                answer = site.answers.get(self.path, (404, {}, b""))
                if callable(answer):
                    answer = answer({name.lower(): value for name, value in self.headers.items()})
                status, headers, body = answer
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # Who asked is gone, as a killed run is.
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = False  # closing waits for them, so that no socket is left
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def put(self, path: str, body: bytes, kind: str = "image/jpeg", **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (200, {"Content-Type": kind} | named, body)
        return self.at(path)

    def at(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def another() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mars"


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "catalogue", "-C", str(folder), *arguments]


def run(
    folder: Path, *arguments: str, under: tuple[str, ...] = ()
) -> tuple[int, list[dict[str, Any]], str]:
    """Exit status, lines told, and what was said; `under` is a command that runs the command."""
    ran = subprocess.run(
        [*under, *command(folder, *arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert "Traceback" not in ran.stderr
    return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr


# A process between: what a process took at most is counted from the one that started it, and a
# run of tests may have taken more than what is measured.
MEASURED = """
import pathlib, resource, subprocess, sys
status = subprocess.call(sys.argv[2:])
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
pathlib.Path(sys.argv[1]).write_text(str(peak))
sys.exit(status)
"""

# What a shell starts in the background is born deaf to an interruption, and so are its children.
INTERRUPTIBLE = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def harvest(folder: Path, site: Site, *arguments: str) -> tuple[int, dict[str, str]]:
    """Exit status, and outcome by path."""
    status, lines, _ = run(
        folder, "harvest", *arguments, "--allow-host", site.host, "--retries", "1", "--json"
    )
    return status, {
        line["url"].removeprefix(site.at("")): line["outcome"]
        for line in lines
        if line["kind"] != "summary"
    }


def story(site: Site, *shades: int) -> str:
    """An article with pictures, ready to be asked for; its address."""
    for shade in shades:
        site.put(f"/{shade}.jpg", jpeg(shade))
    return site.put("/story", article(*(f"/{shade}.jpg" for shade in shades)), "text/html")


def test_pictures_are_stored_byte_by_byte_and_never_asked_for_twice(
    site: Site, folder: Path
) -> None:
    address = story(site, 1, 2)

    first = harvest(folder, site, address)
    asked = list(site.asked)
    second = harvest(folder, site, address)

    assert first == (0, {"/story": "ok", "/1.jpg": "stored", "/2.jpg": "stored"})
    assert second == (0, dict.fromkeys(("/story", "/1.jpg", "/2.jpg"), "unchanged"))
    assert [path for path in site.asked[len(asked) :] if path.endswith(".jpg")] == []
    files = {path.read_bytes() for path in (folder / "images").rglob("*.jpg")}
    assert files == {jpeg(1), jpeg(2)}


def test_a_private_address_is_asked_for_nothing_however_it_is_reached(
    site: Site, another: Site, folder: Path
) -> None:
    """Named by a page, in odd spellings, or by a redirect of a host that may be asked."""
    port = another.server.server_port
    spellings = (
        f"http://127.0.0.1:{port}/a.jpg", f"http://localhost:{port}/b.jpg",
        f"http://127.1:{port}/c.jpg", f"http://2130706433:{port}/d.jpg",
        f"http://0x7f000001:{port}/e.jpg", f"http://[::ffff:127.0.0.1]:{port}/f.jpg",
        f"http://0177.0.0.1:{port}/h.jpg", f"http://127.0.0.1.:{port}/i.jpg",
        f"http://0.0.0.0:{port}/j.jpg", f"http://[::1]:{port}/k.jpg",
        f"http://[::ffff:7f00:1]:{port}/l.jpg", f"http://[64:ff9b::127.0.0.1]:{port}/m.jpg",
        "http://169.254.169.254/latest/n.jpg", "http://10.0.0.1/o.jpg",
    )  # fmt: skip
    site.answers["/hop.jpg"] = (302, {"Location": f"http://127.0.0.1:{port}/g.jpg"}, b"")
    elsewhere = (
        f'<link rel="canonical" href="http://127.0.0.1:{port}/canonical">'
        f'<meta property="og:image" content="http://127.0.0.1:{port}/og.jpg">'
        f'<base href="{site.at("/")}"><link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">'
    )
    page = elsewhere.encode() + article(*spellings, "/hop.jpg")
    address = site.put("/story", page, "text/html")

    status, outcomes = harvest(folder, site, address)

    assert another.asked == []
    assert status == 1
    assert outcomes.pop("/story") == "ok"
    assert set(outcomes.values()) == {"refused:private-address"}
    assert len(outcomes) >= len(spellings) + 1


def test_robots_are_asked_first_and_obeyed(site: Site, folder: Path) -> None:
    site.put("/robots.txt", b"User-agent: *\nDisallow: /2.jpg\n", "text/plain")

    status, outcomes = harvest(folder, site, story(site, 1, 2))

    assert (status, outcomes["/2.jpg"], outcomes["/1.jpg"]) == (0, "skipped:robots", "stored")
    assert site.asked[0] == "/robots.txt"
    assert "/2.jpg" not in site.asked


def test_what_a_host_asked_of_its_guests_is_known_to_the_next_harvest(
    site: Site, folder: Path
) -> None:
    """Its robots.txt is asked for once a day; one that wants to rest is left alone."""
    site.put("/robots.txt", b"User-agent: *\nDisallow: /2.jpg\n", "text/plain")
    harvest(folder, site, story(site, 1, 2))
    for number in range(3, 7):
        site.answers[f"/{number}.jpg"] = (429, {"Retry-After": "7200"}, b"")
    busy = site.put("/busy", article(*(f"/{number}.jpg" for number in range(3, 7))), "text/html")
    harvest(folder, site, busy)
    asked = list(site.asked)

    _, outcomes = harvest(folder, site, site.put("/new", article("/2.jpg"), "text/html"))

    assert asked.count("/robots.txt") == 1
    assert outcomes == {"/new": "failed:retry-later"}
    assert site.asked == asked


def test_a_harvest_that_is_completed_leaves_what_one_that_was_not_stopped_does(
    site: Site, folder: Path, tmp_path: Path
) -> None:
    address = story(site, 1, 2)
    harvest(folder, site, address)
    del site.answers["/2.jpg"]
    harvest(tmp_path / "twice", site, address)
    site.put("/2.jpg", jpeg(2))
    harvest(tmp_path / "twice", site, address, "--retry-failed")

    dumps = [
        [{**line, "added": 0, "fetched": 0, "tried": 0, "attempts": 0} for line in lines]
        for _, lines, _ in (run(folder, "dump"), run(tmp_path / "twice", "dump"))
    ]

    assert dumps[0] == dumps[1]


def test_a_server_that_asks_to_wait_is_waited_for(site: Site, folder: Path) -> None:
    address = story(site, 1)
    times: list[float] = []

    def busy_once(headers: dict[str, str]) -> Answer:
        times.append(time.monotonic())
        if len(times) == 1:
            return 429, {"Retry-After": "1"}, b""
        return 200, {"Content-Type": "image/jpeg"}, jpeg(1)

    site.answers["/1.jpg"] = busy_once

    status, outcomes = harvest(folder, site, address)

    assert (status, outcomes["/1.jpg"]) == (0, "stored")
    assert times[1] - times[0] >= 1


def test_refresh_asks_conditionally_and_keeps_the_old_beside_the_new(
    site: Site, folder: Path
) -> None:
    address = story(site, 1, 2)
    conditions: list[str | None] = []

    def with_tag(headers: dict[str, str]) -> Answer:
        conditions.append(headers.get("if-none-match"))
        if headers.get("if-none-match") == '"one"':
            return 304, {}, b""
        return 200, {"Content-Type": "image/jpeg", "ETag": '"one"'}, jpeg(1)

    site.answers["/1.jpg"] = with_tag
    harvest(folder, site, address)
    site.put("/2.jpg", jpeg(3))

    status, outcomes = harvest(folder, site, address, "--refresh")

    assert (status, outcomes["/1.jpg"], outcomes["/2.jpg"]) == (0, "unchanged", "stored")
    assert conditions == [None, '"one"']
    assert len(list((folder / "images").rglob("*.jpg"))) == 3


def test_what_failed_is_told_remembered_and_taken_up_again(site: Site, folder: Path) -> None:
    address = story(site, 1, 2)
    del site.answers["/2.jpg"]

    status, outcomes = harvest(folder, site, address)
    site.put("/2.jpg", jpeg(2))
    again, retried = harvest(folder, site, "--retry-failed")

    assert (status, outcomes["/2.jpg"]) == (1, "failed:http-404")
    assert (again, retried["/2.jpg"]) == (0, "stored")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((200, {"Content-Type": "image/jpeg"}, b""), "failed:empty"),
        ((200, {"Content-Type": "image/jpeg"}, jpeg(1, (640, 480))[:900]), "failed:corrupt-image"),
        ((200, {"Content-Length": "90000"}, jpeg(1)), "failed:truncated"),
        (
            (200, {"Content-Type": "image/jpeg"}, b"<!doctype html><p>Log in"),
            "skipped:not-an-image",
        ),
        ((200, {"Content-Type": "text/plain"}, jpeg(1)), "stored"),
        ((302, {"Location": "/1.jpg"}, b""), "failed:redirect-loop"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "refused:scheme"),
        ((503, {"Retry-After": "86400"}, b""), "failed:retry-later"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_a_server_gives_for_a_picture_ends_as_one_outcome(
    site: Site, folder: Path, answer: Answer, outcome: str
) -> None:
    address = story(site, 1)
    site.answers["/1.jpg"] = answer

    _, outcomes = harvest(folder, site, address)

    assert outcomes["/1.jpg"] == outcome
    assert list((folder / "incoming").iterdir()) == []


def test_what_cannot_be_an_address_is_told_and_stops_nothing(site: Site, folder: Path) -> None:
    impossible = ("http://reader:SECRET@[::1/story", "http://a.example:99999/story", "http://a b/")

    status, outcomes = harvest(folder, site, *impossible, story(site, 1))

    assert status == 1
    assert list(outcomes.values()).count("failed:bad-name") == 3
    assert outcomes["/1.jpg"] == "stored"
    assert "SECRET" not in str(outcomes)


def test_a_drawing_is_told_of_and_neither_asked_for_nor_kept(site: Site, folder: Path) -> None:
    site.put("/1.jpg", jpeg(1))
    page = site.put("/story", article("/1.jpg", "/map.svg"), "text/html")

    status, outcomes = harvest(folder, site, page)

    assert (status, outcomes["/map.svg"]) == (0, "skipped:not-a-raster")
    assert "/map.svg" not in site.asked
    assert len(run(folder, "search", "--json")[1]) == 1


def test_a_dry_run_asks_for_pages_only_and_keeps_nothing(site: Site, folder: Path) -> None:
    harvest(folder, site, story(site, 1), "--dry-run")

    assert [path for path in site.asked if path != "/robots.txt"] == ["/story"]
    assert not (folder / "catalogue.db").exists()


def test_cookies_go_to_the_host_they_are_for_and_to_no_other(
    site: Site, another: Site, folder: Path, tmp_path: Path
) -> None:
    seen: dict[str, str | None] = {}

    def note(name: str) -> Callable[[dict[str, str]], Answer]:
        def answer(headers: dict[str, str]) -> Answer:
            seen[name] = headers.get("cookie")
            return 200, {"Content-Type": "image/jpeg"}, jpeg(len(name))

        return answer

    site.answers["/ours.jpg"] = note("ours")
    another.answers["/theirs.jpg"] = note("theirs")
    theirs = f"http://localhost:{another.server.server_port}/theirs.jpg"
    address = site.put("/story", article("/ours.jpg", theirs), "text/html")
    jar = tmp_path / "cookies.txt"
    jar.write_text(
        "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tmember\tsecret\n",
        encoding="utf-8",
    )

    harvest(folder, site, address, "--cookies", str(jar), "--allow-host", "localhost")

    assert seen == {"ours": "member=secret", "theirs": None}
    assert b"secret" not in (folder / "catalogue.db").read_bytes()


@pytest.mark.parametrize("delay", [0.7, 1.0, 1.4])
def test_a_harvest_that_is_killed_loses_nothing_it_reported(
    site: Site, folder: Path, delay: float
) -> None:
    address = story(site, *range(60))
    arguments = ("harvest", address, "--allow-host", site.host, "--json", "--workers", "2")
    with subprocess.Popen(
        command(folder, *arguments), stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as running:
        time.sleep(delay)
        running.kill()
        told = (running.stdout.read() if running.stdout else "").splitlines()
    reported = {
        line["image"]
        for line in map(json.loads, (line for line in told if line.endswith("}")))
        if line.get("outcome") == "stored"
    }

    status, _ = harvest(folder, site, address)
    _, rows, _ = run(folder, "search", "--json", "--all-renditions")

    assert status == 0
    assert len(rows) == 60
    assert reported <= {row["id"] for row in rows}
    assert run(folder, "verify")[0] == 0
    assert list((folder / "incoming").iterdir()) == []


def test_a_harvest_that_is_killed_before_its_catalogue_has_tables_leaves_an_empty_one(
    site: Site, folder: Path
) -> None:
    """A server is asked while a new catalogue is made, and pictures may lie there before it is."""
    address = story(site, 1, 2)
    sizes: list[int] = []

    def deadly(headers: dict[str, str]) -> Answer:
        sizes.append((folder / "catalogue.db").stat().st_size)
        harvesting.kill()
        return 200, {"Content-Type": "text/html"}, b""

    site.answers["/story"], as_it_is = deadly, site.answers["/story"]
    harvesting = subprocess.Popen(command(folder, "harvest", address, "--allow-host", site.host))
    harvesting.wait()
    Files(folder).put(jpeg(1), hashlib.sha256(jpeg(1)).hexdigest(), ".jpg")
    found, problems, _ = run(folder, "verify", "--json")
    site.answers["/story"] = as_it_is
    status, outcomes = harvest(folder, site, address)

    assert sizes == [0]
    assert (found, [one.get("what") for one in problems[:-1]]) == (0, ["leftover"])
    assert (status, outcomes["/1.jpg"], outcomes["/2.jpg"]) == (0, "stored", "stored")
    assert run(folder, "verify")[0] == 0


def test_two_harvests_into_one_catalogue_give_what_one_gives(site: Site, folder: Path) -> None:
    addresses = []
    for name, shades in (("one", range(20)), ("two", range(10, 30))):
        for shade in shades:
            site.put(f"/{shade}.jpg", jpeg(shade))
        pictures = article(*(f"/{shade}.jpg" for shade in shades))
        addresses.append(site.put(f"/{name}", pictures, "text/html"))
    both = [
        subprocess.Popen(
            command(folder, "harvest", address, "--allow-host", site.host),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for address in addresses
    ]
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in both]
    _, rows, _ = run(folder, "search", "--json", "--all-renditions")

    assert [status for _, status in ended] == [0, 0], ended
    assert len(rows) == 30
    assert run(folder, "verify")[0] == 0


# As where the disk is full: what is longer than so many bytes cannot be written.
LIMITED = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
os.execv(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize("room", [4_000, 40_000, 400_000])
def test_where_the_disk_is_full_what_was_told_is_kept_and_the_next_harvest_completes(
    site: Site, folder: Path, room: int
) -> None:
    for number in range(3):
        site.put(f"/{number}.jpg", jpeg(number) + bytes(number * 300_000))
    address = site.put("/story", article(*(f"/{number}.jpg" for number in range(3))), "text/html")
    arguments = ("harvest", address, "--allow-host", site.host, "--json")

    status, lines, _ = run(folder, *arguments, under=(sys.executable, "-c", LIMITED, str(room)))
    told = {line["image"] for line in lines if line.get("outcome") == "stored"}
    after, found, _ = run(folder, "verify", "--json")
    again, _ = harvest(folder, site, address)
    _, rows, _ = run(folder, "search", "--json", "--all-renditions")

    assert status in (1, 3)
    assert after == 0 or not told, found
    assert again == 0
    assert len(rows) == 3
    assert told <= {row["id"] for row in rows}
    assert list((folder / "incoming").iterdir()) == []


def test_nothing_that_is_kept_or_shown_holds_credentials(
    site: Site, folder: Path, tmp_path: Path
) -> None:
    port = site.server.server_port
    site.put("/1.jpg?X-Amz-Signature=SECRET2&w=9", jpeg(1))
    site.put("/story?token=SECRET3", article("/1.jpg?X-Amz-Signature=SECRET2&w=9"), "text/html")
    address = f"http://reader:SECRET1@127.0.0.1:{port}/story?token=SECRET3"

    status, lines, said = run(folder, "harvest", address, "--allow-host", site.host, "--json")
    shown = run(folder, "search", "--json")[1] + run(folder, "dump")[1]
    for made in ("export", "gallery"):
        subprocess.run(command(folder, made, "--to", str(tmp_path / made)), check=True, cwd=ROOT)

    assert (status, lines[1]["outcome"]) == (0, "stored")
    assert "SECRET" not in json.dumps([lines, said, shown])
    files = [file for top in (folder, tmp_path) for file in top.rglob("*") if file.is_file()]
    assert len(files) > 9
    # a page's very bytes are what they are
    ours = [file for file in files if "pages" not in file.parts]
    assert [file for file in ours if b"SECRET" in file.read_bytes()] == []


def test_a_terminal_is_told_nothing_that_it_would_obey(site: Site, folder: Path) -> None:
    """Whatever a page says, a line is one line, and no control character gets out."""
    title = "Dunes\x1b]0;mine\x07\nERROR all is lost\x1b[2J"
    page = article("/1.jpg", "/gone\x1b[2J.jpg").replace(
        b"<title>Dunes", f"<title>{title}".encode()
    )
    site.put("/1.jpg", jpeg(1))
    address = site.put("/story", page.replace(b"Dunes, picture", title.encode()), "text/html")
    harvesting = ("harvest", address, "--allow-host", site.host, "--json")

    _, lines, _ = run(folder, *harvesting)
    told = subprocess.run(
        command(folder, "harvest", "--retry-failed", "--allow-host", site.host),
        capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    found = subprocess.run(
        command(folder, "search", "dunes"), capture_output=True, check=False, cwd=ROOT
    )

    assert {line["outcome"] for line in lines[1:-1]} == {"stored", "failed:http-404"}
    for ran in (told, found):
        assert not set(ran.stdout + ran.stderr) & (set(range(32)) - {10, 13}) - {9}
        assert b"\nERROR" not in ran.stdout + ran.stderr
    assert found.stdout


def test_what_a_host_asks_for_is_kept_before_anything_is_told(site: Site, folder: Path) -> None:
    address = story(site, 1, 2, 3, 4)
    for number in range(1, 5):
        site.answers[f"/{number}.jpg"] = (503, {"Retry-After": "86400"}, b"")
    site.put("/robots.txt", b"User-agent: *\nDisallow: /private\n", "text/plain")

    with Catalogue.open(folder, create=True) as opened:
        harvesting = opened.harvesting(
            [address], manners=Manners(allow_hosts=allowed_hosts([site.host]))
        )
        told = [next(harvesting) for _ in range(5)]
        # a harvest that is killed now is one whose catalogue is opened now
        with Catalogue.open(folder) as killed:
            (kept,) = killed._store.hosts()
        harvesting.close()
    asked = len(site.asked)
    status, outcomes = harvest(folder, site, address)

    assert {one.outcome for one in told} == {"ok", "failed:retry-later"}
    assert kept.robots == "User-agent: *\nDisallow: /private\n"
    assert kept.rests_until is not None
    assert (status, len(site.asked)) == (1, asked)
    assert set(outcomes.values()) == {"failed:retry-later"}


def test_what_came_before_the_disk_was_full_is_kept_and_no_more_is_asked_for(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, full = Files.put, hashlib.sha256(jpeg(2)).hexdigest()

    def put_where_it_fits(self: Files, data: Any, sha256: str, *more: Any, **how: Any) -> str:
        if sha256 == full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return put(self, data, sha256, *more, **how)

    monkeypatch.setattr(Files, "put", put_where_it_fits)
    address = story(site, 1, 2, 3)
    with Catalogue.open(folder, create=True) as opened:
        told = opened.harvest(
            [address],
            manners=Manners(allow_hosts=allowed_hosts([site.host])),
            options=Options(workers=1, per_host=1),
        )
        found = [record.id for record in opened.search() if record.file]
    monkeypatch.undo()
    status, outcomes = harvest(folder, site, address)

    assert {one.url: one.outcome for one in told if one.kind == "image"} == {
        site.at("/1.jpg"): "stored",
        site.at("/2.jpg"): "failed:disk-full",
        site.at("/3.jpg"): "failed:disk-full",
    }
    assert found == [hashlib.sha256(jpeg(1)).hexdigest()]
    assert site.asked.count("/1.jpg") == 1
    assert site.asked.count("/3.jpg") == 1
    assert (status, outcomes["/1.jpg"], outcomes["/3.jpg"]) == (0, "unchanged", "stored")


def test_where_there_is_room_for_some_pages_those_are_kept(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are kept many at a time; one that finds no room takes no other with it."""
    keep, without_room = Store.keep, site.at("/other.html")

    def keep_where_it_fits(self: Store, *pages: Harvested) -> None:
        if any(page.address == without_room and page.gathered for page in pages):
            raise OSError(errno.ENOSPC, "No space left on device")
        keep(self, *pages)

    monkeypatch.setattr(Store, "keep", keep_where_it_fits)
    address = story(site, 1)
    site.put("/2.jpg", jpeg(2), "image/jpeg")
    site.put("/other.html", article("/2.jpg"), "text/html")
    with Catalogue.open(folder, create=True) as opened:
        told = opened.harvest(
            [address, without_room],
            manners=Manners(allow_hosts=allowed_hosts([site.host])),
            options=Options(workers=1, per_host=1),
        )
        found = [record.id for record in opened.search() if record.file]
    monkeypatch.undo()
    status, outcomes = harvest(folder, site, address, without_room)

    assert {one.url: one.outcome for one in told if one.kind == "image"} == {
        site.at("/1.jpg"): "stored",
        site.at("/2.jpg"): "failed:disk-full",
    }
    assert found == [hashlib.sha256(jpeg(1)).hexdigest()]
    assert (status, outcomes["/1.jpg"], outcomes["/2.jpg"]) == (0, "unchanged", "stored")


def test_the_pace_that_was_asked_for_is_kept(site: Site, folder: Path) -> None:
    """By the user, or by robots.txt where that is slower; and who asks says who it is."""
    site.put("/robots.txt", b"User-agent: mars-image-catalogue\nCrawl-delay: 0.5\n", "text/plain")
    address = story(site, 1, 2)
    times: list[float] = []
    names: set[str | None] = set()

    def noted(headers: dict[str, str]) -> Answer:
        times.append(time.monotonic())
        names.add(headers.get("user-agent"))
        return 200, {"Content-Type": "image/jpeg"}, jpeg(len(times))

    for path in ("/1.jpg", "/2.jpg"):
        site.answers[path] = noted

    harvest(folder, site, address, "--delay", "0.1")

    assert times[1] - times[0] > 0.4
    assert len(names) == 1
    assert str(names.pop()).startswith("mars-image-catalogue/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_harvest_says_so_and_keeps_what_is_finished(
    site: Site, folder: Path, number: int
) -> None:
    """By a key, by a system that shuts down, by a terminal that is closed."""

    def slow(headers: dict[str, str]) -> Answer:
        time.sleep(3)
        return 200, {"Content-Type": "image/jpeg"}, jpeg(2)

    address = story(site, 1, 2)
    site.answers["/2.jpg"] = slow
    harvesting = command(folder, "harvest", address, "--allow-host", site.host)
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *harvesting],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as running:
        while "/2.jpg" not in site.asked:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(number)
        told = running.communicate(timeout=30)[1]

    assert running.returncode == 130
    assert told.endswith("catalogue: interrupted; all that was finished is kept\n")
    assert "Traceback" not in told
    assert run(folder, "verify")[0] == 0
    assert len(run(folder, "search", "--json")[1]) == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_takes_no_picture_with_it(
    site: Site, folder: Path, closed: str
) -> None:
    """The database would else be opened under the number that all output goes to."""
    harvesting = command(folder, "harvest", story(site, 1, 2), "--allow-host", site.host)

    status = subprocess.call(["sh", "-c", f'exec "$@" {closed}', "sh", *harvesting], cwd=ROOT)

    assert status == 0
    assert len(run(folder, "search", "--json")[1]) == 2
    assert run(folder, "verify")[0] == 0


def test_large_pages_are_read_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their trees together would take gigabytes."""
    inside: list[Document] = []
    at_once: list[int] = []

    def counted(document: Document) -> Page:
        inside.append(document)
        at_once.append(len(inside))
        time.sleep(0.05)
        inside.pop()
        return Page(url=None)

    monkeypatch.setattr(pages, "read_article", counted)
    jobs = [
        Job(address=f"{number}", shown="", document=Document(address="", data=bytes(3 << 20)))
        for number in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda job: pages.read(
                    job, fetcher=FakeFetcher({}), files=Files(tmp_path), keep=False
                ),
                jobs,
            )
        )

    assert at_once == [1, 1, 1, 1]


def test_a_host_that_is_down_is_not_asked_for_thousands_of_pictures(
    site: Site, folder: Path
) -> None:
    def silent(headers: dict[str, str]) -> Answer:
        time.sleep(1.0)
        return 200, {"Content-Type": "image/jpeg"}, b""

    pictures = [f"/{number}.jpg" for number in range(200)]
    site.answers |= dict.fromkeys(pictures, silent)
    page = site.put("/story", article(*pictures), "text/html")

    status, outcomes = harvest(folder, site, page, "--timeout", "0.2")

    assert status == 1
    assert {outcomes[path] for path in pictures} == {"failed:timeout"}
    assert len(site.asked) < 100
    for path in pictures:
        site.put(path, jpeg(int(path[1:-4])))
    status, outcomes = harvest(folder, site, page)
    assert (status, {outcomes[path] for path in pictures}) == (0, {"stored"})


@pytest.mark.slow
def test_hostile_pictures_end_as_outcomes_in_bounded_memory(
    site: Site, folder: Path, shared: Path, tmp_path: Path
) -> None:
    peak = tmp_path / "peak"
    files = sorted((shared / "corpus" / "hostile").iterdir())
    pictures = [file for file in files if file.name != "manifest.jsonl"]
    for file in pictures:
        site.put(f"/{quote(file.name)}", file.read_bytes(), "application/octet-stream")
    page = article(*(f"/{quote(file.name)}" for file in pictures))

    status, lines, said = run(
        folder,
        "harvest",
        site.put("/story", page, "text/html"),
        "--allow-host",
        site.host,
        "--json",
        "--jpeg2000",
        under=(sys.executable, "-c", MEASURED, str(peak)),
    )
    outcomes = {
        line["url"].rpartition("/")[2]: line["outcome"] for line in lines if line["kind"] == "image"
    }

    assert status == 1
    assert "Warning" not in said
    for name, outcome in {
        "bomb_100000x13000_1bit.png": "refused:decompression-bomb",
        "declares_60000x60000_rgb.png": "refused:decompression-bomb",
        "decompression_bomb.gif": "refused:decompression-bomb",
        "html_login_page.jpg": "skipped:not-an-image",
        "truncated_jpeg.jpg": "failed:corrupt-image",
        "broken.png": "failed:corrupt-image",
        "polyglot_html_comment.jpg": "stored",
    }.items():
        assert outcomes[name] == outcome
    assert run(folder, "verify")[0] == 0
    assert int(peak.read_text()) < 512 * 1024


@pytest.mark.slow
def test_files_that_decoders_read_whole_are_opened_in_bounded_memory(
    site: Site, folder: Path, tmp_path: Path
) -> None:
    """A file of many megabytes may hold a picture of some pixels, and metadata."""
    peak, plain = tmp_path / "peak", jpeg(1)
    profile = b"\xff\xe2\xff\xffICC_PROFILE\0\1\1" + bytes(65_519)
    large = plain[:2] + profile * 900 + plain[2:]

    def with_number(number: int) -> Callable[[dict[str, str]], Answer]:
        return lambda _: (200, {"Content-Type": "image/jpeg"}, large + bytes([number]))

    for number in range(16):
        site.answers[f"/{number}.jpg"] = with_number(number)
    page = article(*(f"/{number}.jpg" for number in range(16)))
    address = site.put("/story", page, "text/html")

    status, lines, _ = run(
        folder, "harvest", address, "--allow-host", site.host, "--json",
        under=(sys.executable, "-c", MEASURED, str(peak)),
    )  # fmt: skip

    assert status == 0
    assert [line.get("outcome") for line in lines].count("stored") == 16
    assert int(peak.read_text()) < 512 * 1024
