"""A harvest on a real Dask cluster of two worker processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="the extra [dask] is not installed")


import catalogue
from catalogue import Catalogue
from catalogue.engines.cluster import DaskCluster, differing
from catalogue.errors import CatalogueError, CatalogueUnusable
from catalogue.harvest import Options
from tests.archives import STORIES, archive
from tests.story_site import ALL, MANNERS, PAGES, PICTURES, Site, harvested, hash_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_the_dump_is_that_of_threads_whatever_the_timing(
    site: Site, cluster: DaskCluster, tmp_path: Path, dumped: Callable[[Path], bytes]
) -> None:
    site.delay = lambda path: hash_of(path) / 5000
    harvested(tmp_path / "threads", site.pages, None)
    asked = site.asked.copy()
    site.asked.clear()
    site.delay = lambda path: (255 - hash_of(path)) / 5000

    told = harvested(tmp_path / "dask", site.pages, cluster)

    assert Counter(one.outcome for one in told) == {"ok": PAGES, "stored": PAGES * PICTURES}
    assert dumped(tmp_path / "dask") == dumped(tmp_path / "threads")
    # robots.txt included: one worker at a time has to do with the host
    assert site.asked == asked
    assert site.asked["/robots.txt"] == 1


def test_the_next_harvest_asks_for_nothing(
    site: Site, cluster: DaskCluster, tmp_path: Path
) -> None:
    first = harvested(tmp_path, site.pages, cluster)
    site.asked.clear()

    told = harvested(tmp_path, site.pages, cluster)

    assert Counter(one.outcome for one in told) == {"unchanged": PAGES + PAGES * PICTURES}
    assert {(one.url, one.image) for one in told} == {(one.url, one.image) for one in first}
    assert not site.asked


def test_what_hosts_ask_of_their_guests_goes_to_the_workers_and_comes_back(
    site: Site, cluster: DaskCluster, tmp_path: Path
) -> None:
    harvested(tmp_path, site.pages[:1], cluster)

    with Catalogue.open(tmp_path) as opened:
        (notes,) = opened._store.hosts()
    assert (notes.origin, notes.robots) == (site.url, "")
    harvested(tmp_path, site.pages, cluster)
    assert site.asked["/robots.txt"] == 1


def test_saved_pages_bring_the_pictures_beside_them(
    site: Site, cluster: DaskCluster, tmp_path: Path
) -> None:
    beside = tmp_path / "saved" / "story_files"
    beside.mkdir(parents=True)
    (beside / "rover.png").write_bytes(site.answer("/rover.png")[0])
    (tmp_path / "saved" / "story.html").write_text(
        "<article><h1>Rover</h1><figure><img src='story_files/rover.png'>"
        "<figcaption>The rover.</figcaption></figure></article>",
        encoding="utf-8",
    )

    told = harvested(tmp_path / "kept", [str(tmp_path / "saved")], cluster)

    assert sorted(one.outcome for one in told) == ["ok", "stored"]
    assert not site.asked


def test_a_worker_that_is_killed_leaves_its_work_to_another(site: Site, tmp_path: Path) -> None:
    with DaskCluster("dask", threads=2) as cluster:
        pids = cluster.client.run(os.getpid)
        killed = threading.Event()

        def kill(path: str) -> None:
            if not killed.is_set() and site.asked.total() > 8:
                killed.set()
                host = next(iter(pids))
                os.kill(pids[host], signal.SIGKILL)

        site.on_picture = kill
        site.latency = 0.05
        told = harvested(tmp_path, site.pages, cluster)

    assert killed.is_set()
    assert Counter(one.outcome for one in told) == {"ok": PAGES, "stored": PAGES * PICTURES}


def test_a_harvest_whose_workers_are_all_gone_ends_and_is_completed_by_the_next(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.engines.cluster._DESERTED", 1.0)
    with DaskCluster("dask", threads=2) as cluster:
        left = threading.Event()

        def leave(path: str) -> None:
            if not left.is_set() and site.asked.total() > 8:
                left.set()
                cluster._ours.scale(0)

        site.on_picture = leave
        site.latency = 0.05
        with pytest.raises(CatalogueUnusable, match="no worker is left"):
            harvested(tmp_path, site.pages, cluster)

    again = Counter(one.outcome for one in harvested(tmp_path, site.pages, None))

    assert again["ok"] > 0
    assert set(again) <= {"ok", "stored", "unchanged"}
    assert again["stored"] + again["unchanged"] >= PAGES * PICTURES


def test_a_picture_that_kills_its_workers_is_told_and_the_rest_is_done(
    site: Site, tmp_path: Path
) -> None:
    with DaskCluster("dask", threads=2) as cluster:
        from distributed import WorkerPlugin

        class Poisoned(WorkerPlugin):
            """On each worker, also on those that are begun anew, one picture is deadly."""

            def setup(self, worker: Any) -> None:
                import catalogue.engines.cluster as there

                run = there.run

                def deadly(unit: Any, tools: Any) -> Any:
                    if any(
                        "story1/3.png" in url for url in getattr(unit.subject, "candidates", ())
                    ):
                        os.kill(os.getpid(), signal.SIGKILL)
                    return run(unit, tools)

                there.run = deadly

        cluster.client.register_plugin(Poisoned())
        told = harvested(tmp_path, site.pages[:2], cluster)
    lost = [one for one in told if one.outcome == "failed:retry-exhausted"]

    assert [one.url for one in lost] == [f"{site.url}/story1/3.png"]
    assert Counter(one.outcome for one in told)["stored"] == 2 * PICTURES - 1
    site.asked.clear()

    again = harvested(tmp_path, site.pages[:2], None)

    assert {one.url for one in again if one.outcome == "stored"} == {f"{site.url}/story1/3.png"}
    assert [path for path in site.asked if path.endswith(".png")] == ["/story1/3.png"]


def test_an_archive_that_takes_more_memory_than_a_worker_has_is_told_and_the_rest_is_done(
    tmp_path: Path,
) -> None:
    for name in ("greedy", "modest"):
        (tmp_path / f"{name}.warc.gz").write_bytes(archive(f"{name}.example"))
    archives = [str(tmp_path / "greedy.warc.gz"), str(tmp_path / "modest.warc.gz")]
    with DaskCluster("dask", threads=2, memory=600 << 20) as cluster:
        from distributed import WorkerPlugin

        class Greedy(WorkerPlugin):
            """On each worker, also on those that are begun anew, one archive wants too much."""

            def setup(self, worker: Any) -> None:
                import catalogue.engines.cluster as there

                run = there.run

                def greedy(unit: Any, tools: Any) -> Any:
                    if "greedy" in str(getattr(unit.subject, "archive", "")):
                        taken = bytearray(b"x" * (700 << 20))
                        time.sleep(60)
                        del taken
                    return run(unit, tools)

                there.run = greedy

        cluster.client.register_plugin(Greedy())
        told = harvested(tmp_path / "kept", archives, cluster)
    (lost,) = [one for one in told if one.failed]

    assert (lost.url, lost.outcome) == (archives[0], "failed:retry-exhausted")
    assert "ran out of memory" in lost.detail
    assert Counter(one.outcome for one in told if not one.failed) == {
        "ok": STORIES, "stored": STORIES,
    }  # fmt: skip

    again = harvested(tmp_path / "kept", archives, None)

    assert [one.url for one in again if one.outcome == "unchanged"] == [archives[1]]
    assert Counter(one.outcome for one in again) == {
        "unchanged": 1, "ok": STORIES, "stored": STORIES,
    }  # fmt: skip


def test_two_clusters_of_one_process_keep_to_themselves(site: Site, tmp_path: Path) -> None:
    with DaskCluster("dask", threads=2) as one, DaskCluster("dask", threads=2) as other:
        before = [cluster.client.run(os.getpid) for cluster in (one, other)]
        os.kill(next(iter(before[0].values())), signal.SIGKILL)
        for name, cluster in (("one", one), ("other", other)):
            told = harvested(tmp_path / name, site.pages, cluster)
            assert not [outcome for outcome in told if outcome.failed]
        until = time.monotonic() + 60
        while len(one.workers()) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        settled = one.client.run(os.getpid)
        told = harvested(tmp_path / "again", site.pages, one)

        assert not [outcome for outcome in told if outcome.failed]
        assert one.client.run(os.getpid) == settled
        assert other.client.run(os.getpid) == before[1]


@pytest.fixture
def scheduler(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and a worker of their own, as on other machines; its address.

    A parameter is Python that the scheduler runs first.
    """
    told = tmp_path / "scheduler.json"
    script = tmp_path / "scheduler.py"
    begin = "\nfrom distributed.cli.dask_scheduler import main\nmain()\n"
    script.write_text(getattr(request, "param", "") + begin, encoding="utf-8")
    common = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    started = [
        subprocess.Popen(
            [sys.executable, str(script), "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
             "--scheduler-file", str(told)], **common  # type: ignore[call-overload]
        )
    ]  # fmt: skip
    until = time.monotonic() + 30
    while not told.exists() and time.monotonic() < until:
        time.sleep(0.1)
    address = json.loads(told.read_text(encoding="utf-8"))["address"]
    yield address, started
    for process in started:
        process.kill()
        process.wait()


def start_worker(address: str, started: list[subprocess.Popen[bytes]], folder: Path) -> None:
    started.append(
        subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard",
             "--nthreads", "4", "--local-directory", str(folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
        )
    )  # fmt: skip


def said_by(*arguments: str) -> tuple[int, list[str]]:
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", *arguments], capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stderr.splitlines()


def test_a_scheduler_without_workers_is_told_in_one_line(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    status, said = said_by(
        "harvest", "http://127.0.0.1:9/", "--on", scheduler[0], "-C", str(tmp_path / "kept")
    )

    assert (status, len(said)) == (2, 1)
    assert "has no worker" in said[0]
    assert not (tmp_path / "kept").exists()


def test_a_scheduler_that_goes_away_ends_the_harvest_and_the_next_one_completes_it(
    site: Site, scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, started = scheduler
    start_worker(address, started, tmp_path)
    until = time.monotonic() + 30
    while True:
        try:
            cluster = DaskCluster(address)
            break
        except CatalogueError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
    site.latency = 0.1
    stored: list[str | None] = []

    def harvest(opened: Catalogue) -> None:
        how = Options(cluster=cluster, per_host=2)
        for one in opened.harvesting(site.pages, manners=MANNERS, options=how):
            if one.outcome == "stored":
                stored.append(one.url)
                started[0].kill()

    with (
        cluster,
        Catalogue.open(tmp_path / "kept", create=True) as opened,
        pytest.raises(CatalogueUnusable, match="the scheduler went away"),
    ):
        harvest(opened)
    started[1].kill()
    site.latency = 0.0

    told = harvested(tmp_path / "kept", site.pages, None)

    assert stored
    assert not {one.url for one in told if one.outcome == "stored"} & set(stored)
    with Catalogue.open(tmp_path / "kept") as opened:
        assert opened.count() == ALL


def test_a_scheduler_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    status, said = said_by(
        "harvest", "http://127.0.0.1:9/", "--on", "tcp://127.0.0.1:9", "-C", str(tmp_path / "kept")
    )

    assert (status, len(said)) == (2, 1)
    assert "tcp://127.0.0.1:9" in said[0]


def test_a_place_that_is_none_is_told_in_one_line() -> None:
    status, said = said_by("harvest", "http://127.0.0.1:9/", "--on", "ray")

    assert (status, len(said)) == (2, 1)
    assert "threads, dask" in said[0]


def test_versions_that_differ_are_named() -> None:
    same = {"packages": {"dask": "2", "distributed": "2", "python": "3.11.4.final.0"}}
    other = {"packages": same["packages"] | {"distributed": "1"}}
    ours = {"tcp://a:1": catalogue.__version__}

    assert (
        differing({"client": same, "scheduler": same, "workers": {"tcp://a:1": same}}, ours) == ""
    )
    assert differing({"client": same, "scheduler": other, "workers": {}}, ours) == (
        "the scheduler has distributed 1, and 2 is here"
    )
    assert "tcp://a:1 has version 0" in differing(
        {"client": same, "scheduler": same, "workers": {}}, {"tcp://a:1": "0"}
    )


OLD = """
import distributed.versions as there
real = there.version
there.version = lambda name: "2020.1.0" if name == "distributed" else real(name)
"""


@pytest.mark.parametrize("scheduler", [OLD], indirect=True, ids=["old"])
def test_a_scheduler_of_another_version_is_told_in_one_line(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, started = scheduler
    start_worker(address, started, tmp_path)
    until = time.monotonic() + 30
    while True:
        status, said = said_by(
            "harvest", "http://127.0.0.1:9/", "--on", address, "-C", str(tmp_path / "kept")
        )
        if "no worker" not in said[0] or time.monotonic() > until:
            break

    assert (status, len(said)) == (2, 1), said
    assert "the scheduler has distributed 2020.1.0" in said[0]
    assert not (tmp_path / "kept").exists()


def test_the_command_tells_the_dashboards_address(site: Site, tmp_path: Path) -> None:
    status, said = said_by(
        "harvest", site.pages[0], "--on", "dask", "--allow-host", "127.0.0.1", "-C",
        str(tmp_path / "kept"),
    )  # fmt: skip

    assert status == 0
    assert [line for line in said if "http://127.0.0.1:" in line and line.endswith("/status")]
    assert len(said) == 1
