"""Archives of pages: each a shard, read as a stream, restartable, whatever the engine."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalogue import Catalogue
from catalogue.engines import threads
from catalogue.engines.cluster import DaskCluster
from catalogue.fetch.interface import Fetched
from catalogue.harvest import Options
from catalogue.model import Outcome
from catalogue.registry import load_registry
from catalogue.sieve import MarsSieve
from tests.archives import record
from tests.story_site import ALL, PAGES, PICTURES, Site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Offline:
    """Nothing is to be had from anybody."""

    def get(self, url: str, **how: Any) -> Fetched:
        raise AssertionError(f"{url} was asked for")


@pytest.fixture(params=["threads", "dask"])
def engine(request: pytest.FixtureRequest) -> DaskCluster | None:
    return request.getfixturevalue("cluster") if request.param == "dask" else None


def harvested(
    folder: Path, sources: list[Path], engine: DaskCluster | None = None, **options: Any
) -> list[Outcome]:
    with Catalogue.open(folder, create=True) as opened:
        how = Options(cluster=engine, **options)
        return list(opened.harvest(sources, options=how, fetcher=Offline()))


def picture(shade: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 90, 40)).save(data, "PNG")
    return data.getvalue()


def story(site: str, number: int, words: str = "Dunes in the crater.") -> bytes:
    """A page, its picture, and the logo that all pages of a site show."""
    shown = (
        f'<figure><img src="/{number}.png"><figcaption>{words}</figcaption></figure>'
        f'<figure><img src="/logo.png"><figcaption>The team of the rover.</figcaption></figure>'
    )
    page = f"<html><head><title>Story {number}</title></head><body><article>{shown}</article>"
    return (
        record(f"https://{site}/story{number}", page.encode(), "text/html")
        + record(f"https://{site}/{number}.png", picture(number), "image/png")
        + (record(f"https://{site}/logo.png", picture(200), "image/png") if number == 0 else b"")
    )


STORIES = 5


def crawl(folder: Path, *sites: str) -> list[Path]:
    folder.mkdir(exist_ok=True)
    for site in sites:
        data = b"".join(story(site, number) for number in range(STORIES))
        (folder / f"{site}.warc.gz").write_bytes(data)
    return sorted(folder.glob("*.warc.gz"))


def test_a_crawl_on_a_cluster_gives_the_catalogue_of_threads(
    tmp_path: Path, cluster: DaskCluster, dumped: Callable[[Path], bytes]
) -> None:
    sources = crawl(tmp_path / "crawl", "a.example", "b.example", "c.example", "d.example")

    told = harvested(tmp_path / "dask", sources, cluster)
    harvested(tmp_path / "threads", sources)

    assert Counter(one.outcome for one in told) == {"ok": 4 * STORIES, "stored": 8 * STORIES}
    assert dumped(tmp_path / "dask") == dumped(tmp_path / "threads")


def test_what_wget_keeps_of_a_site_is_harvested_without_it(
    tmp_path: Path, site: Site, engine: DaskCluster | None, need: Callable[[str, str], None]
) -> None:
    """Archives by another program, two pages in each, with a record of what it did."""
    need("wget", "it writes archives that are not of our making")
    folder = tmp_path / "crawl"
    folder.mkdir()
    for number in range(0, PAGES, 2):
        subprocess.run(
            ["wget", "--quiet", "--no-proxy", "--page-requisites", "--warc-cdx",
             "--directory-prefix", str(tmp_path / "left"),
             "--warc-file", str(folder / f"mars{number}"), *site.pages[number : number + 2]],
            check=False,  # 8: there is no robots.txt
            timeout=60,
        )  # fmt: skip
    archives = sorted(folder.glob("*.warc.gz"))
    asked = site.asked.copy()

    told = harvested(tmp_path / "mars", archives, engine)

    assert len(archives) == PAGES // 2
    assert Counter(one.outcome for one in told) == {"ok": PAGES, "stored": PAGES * PICTURES}
    assert {one.url for one in told if one.kind == "page"} == set(site.pages)
    assert site.asked == asked
    with Catalogue.open(tmp_path / "mars") as opened:
        assert opened.count() == ALL


@pytest.mark.parametrize("sound", [True, False])
def test_of_two_archives_with_other_bytes_under_one_address_the_first_counts_whatever_the_timing(
    tmp_path: Path,
    dumped: Callable[[Path], bytes],
    monkeypatch: pytest.MonkeyPatch,
    sound: bool,
) -> None:
    sources = []
    for number, name in enumerate(("first", "second")):
        page = (
            '<article><figure><img src="/dunes.png"><figcaption>Dunes in the crater.</figcaption>'
        )
        bytes_ = picture(number) if sound or number else picture(number)[:-30]
        sources.append(tmp_path / f"{name}.warc.gz")
        sources[-1].write_bytes(
            record(f"https://a.example/{name}", page.encode(), "text/html")
            + record("https://a.example/dunes.png", bytes_, "image/png")
        )
    run = threads.run
    dumps = []
    for slow in ("first", "second"):

        def delayed(unit: Any, tools: Any, slow: str = slow) -> Any:
            if getattr(unit.subject, "page", None) == f"https://a.example/{slow}":
                time.sleep(0.8)  # longer than it takes until what came in is kept
            return run(unit, tools)

        monkeypatch.setattr(threads, "run", delayed)
        harvested(tmp_path / slow, sources)
        dumps.append(dumped(tmp_path / slow))

    assert dumps[0] == dumps[1]
    with Catalogue.open(tmp_path / "first") as opened:
        found = opened._store.images_at(["https://a.example/dunes.png"])
    (kept, _) = found["https://a.example/dunes.png"]
    assert kept == hashlib.sha256(picture(0 if sound else 1)).hexdigest()


def test_an_archive_that_is_finished_is_not_read_again(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    first, second = crawl(tmp_path / "crawl", "a.example", "b.example")
    noise = record("https://a.example/noise.bin", os.urandom(300_000), "video/mp4")
    first.write_bytes(noise + first.read_bytes() + noise)
    harvested(tmp_path / "kept", [first], engine)
    # were the archive read, not looked at, its damaged middle would be told of
    with first.open("r+b") as file:
        file.seek(len(noise))
        file.write(bytes(200))

    again = harvested(tmp_path / "kept", [first, second], engine)

    assert [(one.url, one.outcome) for one in again if one.page == str(first)] == [
        (str(first), "unchanged")
    ]
    assert Counter(one.outcome for one in again) == {
        "unchanged": 1, "ok": STORIES, "stored": 2 * STORIES,
    }  # fmt: skip


def test_an_archive_that_changed_is_read_again_and_only_what_is_new_is_taken(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    (archive,) = crawl(tmp_path / "crawl", "a.example")
    harvested(tmp_path / "kept", [archive], engine)
    archive.write_bytes(archive.read_bytes() + story("a.example", STORIES))

    again = harvested(tmp_path / "kept", [archive], engine)

    assert Counter(one.outcome for one in again if one.kind == "page") == {
        "unchanged": STORIES, "ok": 1,
    }  # fmt: skip
    assert [one.url for one in again if one.outcome == "stored"] == [
        f"https://a.example/{STORIES}.png"
    ]


def test_a_harvest_that_is_broken_off_is_completed_by_the_next(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    sources = crawl(tmp_path / "crawl", *(f"{name}.example" for name in "abcdef"))
    stored: set[tuple[str | None, str | None]] = set()
    with Catalogue.open(tmp_path / "kept", create=True) as opened:
        how = Options(cluster=engine, workers=1)
        with closing(opened.harvesting(sources, options=how, fetcher=Offline())) as told:
            for one in told:
                if one.outcome == "stored":
                    stored.add((one.page, one.url))
                if len(stored) > 2 * STORIES:
                    break

    again = harvested(tmp_path / "kept", sources, engine)

    assert not {(one.page, one.url) for one in again if one.outcome == "stored"} & stored
    whole = harvested(tmp_path / "whole", sources)
    with Catalogue.open(tmp_path / "kept") as one, Catalogue.open(tmp_path / "whole") as other:
        assert one.count() == other.count() == STORIES + 1
    assert Counter(one.outcome for one in whole)["ok"] == 6 * STORIES


def test_an_archive_that_is_damaged_is_named_and_the_others_are_read(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    broken, sound = crawl(tmp_path / "crawl", "a.example", "b.example")
    broken.write_bytes(broken.read_bytes()[:-100])
    (tmp_path / "crawl" / "c.warc.gz").write_bytes(b"WARC/1.0\r\nnothing" * 10)

    told = harvested(tmp_path / "kept", [tmp_path / "crawl"], engine)

    failed = {str(one.url).rpartition("/")[2]: one.outcome for one in told if one.failed}
    # the picture is in the record that was cut off
    assert failed.keys() == {broken.name, "c.warc.gz", f"{STORIES - 1}.png"}
    assert failed[broken.name] == "failed:truncated"
    assert failed["c.warc.gz"] == "failed:unreadable-page"
    assert {one.page for one in told if one.outcome == "ok"} == {
        f"https://{site}/story{number}"
        for site in ("a.example", "b.example")
        for number in range(STORIES)
    }
    again = harvested(tmp_path / "kept", [tmp_path / "crawl"], engine)

    assert [one.outcome for one in again if one.url == str(sound)] == ["unchanged"]
    assert [one.outcome for one in again if one.url == str(broken)] == ["failed:truncated"]


def test_an_archive_that_takes_its_workers_down_is_named_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    deadly, sound = crawl(tmp_path / "crawl", "deadly.example", "sound.example")
    with DaskCluster("dask", threads=2) as cluster:
        from distributed import WorkerPlugin

        class Poisoned(WorkerPlugin):
            """On each worker, also on those that are begun anew, one archive is deadly."""

            def setup(self, worker: Any) -> None:
                import catalogue.engines.cluster as there

                run = there.run

                def killing(unit: Any, tools: Any) -> Any:
                    archive = getattr(unit.subject, "archive", None)
                    if archive is not None and "deadly" in archive.name:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return run(unit, tools)

                there.run = killing

        cluster.client.register_plugin(Poisoned())
        told = harvested(tmp_path / "kept", [deadly, sound], cluster)

    assert [(one.url, one.outcome) for one in told if one.failed] == [
        (str(deadly), "failed:retry-exhausted")
    ]
    assert Counter(one.outcome for one in told)["stored"] == 2 * STORIES

    again = harvested(tmp_path / "kept", [deadly, sound])

    assert {one.page for one in again if one.outcome == "ok"} == {
        f"https://deadly.example/story{number}" for number in range(STORIES)
    }
    assert [one.outcome for one in again if one.url == str(sound)] == ["unchanged"]


def test_of_two_archives_that_hold_a_page_the_first_counts_however_long_it_takes(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    folder = tmp_path / "crawl"
    folder.mkdir()
    sheet = record("https://a.example/style.css", b" " * 500_000, "text/css")
    (folder / "1.warc.gz").write_bytes(sheet * 60 + story("a.example", 0, "The first."))
    for number in (2, 3):
        (folder / f"{number}.warc.gz").write_bytes(story("a.example", 0, "A later one."))

    harvested(tmp_path / "kept", [folder], engine)

    with Catalogue.open(tmp_path / "kept") as opened:
        assert {one.caption for one in opened.search("")} == {
            "The first.",
            "The team of the rover.",
        }


def test_pages_without_mars_are_counted_and_not_kept(
    tmp_path: Path, engine: DaskCluster | None
) -> None:
    folder = tmp_path / "crawl"
    folder.mkdir()
    (folder / "1.warc.gz").write_bytes(
        story("a.example", 0, "Dunes on Mars.") + story("b.example", 0, "Dunes in the Sahara.")
    )
    only = MarsSieve.of(load_registry())

    told = harvested(tmp_path / "kept", [folder], engine, only=only)

    pages = {one.url: one.outcome for one in told if one.kind == "page"}
    assert pages == {
        "https://a.example/story0": "ok", "https://b.example/story0": "skipped:not-mars",
    }  # fmt: skip
    with Catalogue.open(tmp_path / "kept") as opened:
        assert opened.count() == 2
        assert opened.stats()["pages"] == 2  # the story and its archive
    whole = harvested(tmp_path / "kept", [folder], engine)

    # without the option the archive is read again, and with it not any more
    assert {one.url for one in whole if one.outcome == "ok"} == {"https://b.example/story0"}
    assert [one.outcome for one in harvested(tmp_path / "kept", [folder], engine, only=only)] == [
        "unchanged"
    ]


def test_a_pattern_that_matches_nothing_is_told_in_one_line(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "harvest", str(tmp_path / "*.warc.gz"), "-C",
         str(tmp_path / "kept")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert "*.warc.gz" in ran.stderr
    assert not (tmp_path / "kept").exists()
