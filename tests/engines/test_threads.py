"""A harvest in threads of one process."""

from __future__ import annotations

import hashlib
import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import catalogue.index
from catalogue import Catalogue
from catalogue.engines.interface import Task, Tools, Unit
from catalogue.engines.threads import Threads
from catalogue.fetch.interface import Fetched
from catalogue.gathering import Wanted, pictures
from catalogue.harvest import Options, Progress
from catalogue.model import Appearance
from catalogue.store.files import Files

HOST = "rover.example"
PICTURES = 8


class Site:
    """One article; tells how many of its pictures are asked for, and how many were."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked = threading.Semaphore(0)
        self.transfers = 0
        self.most = 0

    def get(self, url: str, **how: Any) -> Fetched:
        data = self.page() if url.endswith(".html") else self.picture(url)
        return Fetched(url=url, data=data, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def page(self) -> bytes:
        figures = "".join(
            f'<figure><img src="/{n}.png" width="640" height="480"><figcaption>View {n}'
            "</figcaption></figure><p>The rover stopped at the edge of a field of dunes.</p>"
            for n in range(PICTURES)
        )
        return f"<html><body><article><h1>Dunes</h1>{figures}</article></body></html>".encode()

    def picture(self, url: str) -> bytes:
        with self.lock:
            self.transfers += 1
            self.most = max(self.most, self.transfers)
        shade = int(url.rpartition("/")[2].removesuffix(".png")) * 20
        out = io.BytesIO()
        Image.new("RGB", (640, 480), (shade, 90, 60)).save(out, "PNG")
        with self.lock:
            self.transfers -= 1
        self.asked.release()
        return out.getvalue()


def harvested(
    folder: Path, site: Site, *, workers: int, progress: Callable[[Progress], None] | None = None
) -> int:
    """Harvest the article; how many of its pictures were stored."""
    with Catalogue.open(folder, create=True) as opened:
        told = opened.harvest(
            [f"https://{HOST}/story.html"],
            fetcher=site,
            options=Options(workers=workers, per_host=workers),
            progress=progress,
        )
    return sum(one.outcome == "stored" for one in told)


@pytest.mark.parametrize(
    "limits", [{"own_hosts": frozenset({HOST})}, {"own_hosts": frozenset(), "per_host": 1}]
)
def test_while_a_picture_is_checked_the_next_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, Any]
) -> None:
    site, check = Site(), pictures.inspect
    first, in_time = threading.Lock(), []

    def checked(*given: Any) -> Any:
        if first.acquire(blocking=False):
            # this one was asked for, and another meanwhile
            in_time.append(all(site.asked.acquire(timeout=20) for _ in range(2)))
        return check(*given)

    monkeypatch.setattr(pictures, "inspect", checked)
    with Catalogue.open(tmp_path, create=True) as opened:
        told = list(
            opened.harvesting(
                [f"https://{HOST}/story.html"],
                fetcher=site,
                options=Options(workers=1, **limits),
            )
        )

    assert [one.outcome for one in told if one.kind == "image"] == ["stored"] * PICTURES
    assert in_time == [True]
    assert site.most == 1  # what is asked for at one time are as many as there are workers


def test_the_next_are_asked_for_while_the_harvest_is_busy_telling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, busy, asking = Site(), threading.Event(), list[str]()
    asked_further, in_time = threading.Semaphore(0), list[bool]()

    def asked(url: str, **how: Any) -> Fetched:
        if url.endswith(".png"):
            asking.append(url)
            if busy.is_set():
                asked_further.release()
            assert busy.wait(20)
        return Site.get(site, url, **how)

    def shown(progress: Progress) -> None:
        if len(asking) == 4 and not in_time:  # each has a place; who comes next has to be at hand
            busy.set()
            in_time.append(all(asked_further.acquire(timeout=20) for _ in range(4)))

    monkeypatch.setattr(site, "get", asked)
    stored = harvested(tmp_path, site, workers=4, progress=shown)

    assert in_time == [True]
    assert stored == PICTURES
    assert site.most <= 4


def test_a_harvest_goes_on_while_what_it_has_is_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, lots = Site(), catalogue.index.lots
    begun, last_asked, in_time = threading.Event(), threading.Event(), []

    def asked(url: str, **how: Any) -> Fetched:
        if url.endswith("/4.png"):
            assert begun.wait(20)
        if url.endswith(f"/{PICTURES - 1}.png"):
            last_asked.set()
        return Site.get(site, url, **how)

    def indexed(*given: Any, **how: Any) -> Any:
        begun.set()
        in_time.append(last_asked.wait(20))
        return lots(*given, **how)

    monkeypatch.setattr(catalogue.index, "lots", indexed)
    monkeypatch.setattr(site, "get", asked)
    stored = harvested(tmp_path, site, workers=1)
    with Catalogue.open(tmp_path) as opened:
        found = opened.count()

    assert in_time[0]
    assert stored == PICTURES
    assert found == PICTURES


def test_who_stands_ready_waits_while_many_pictures_are_to_be_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, check, go_on = Site(), pictures.inspect, threading.Event()
    asking, rounds, held = list[str](), list[int](), list[int]()

    def asked(url: str, **how: Any) -> Fetched:
        if url.endswith(".png"):
            asking.append(url)
            before = len(rounds)
            while len(rounds) < before + 2:  # the harvest has looked who may be asked next
                time.sleep(0.01)
        return Site.get(site, url, **how)

    def checked(*given: Any) -> Any:
        assert go_on.wait(60)
        return check(*given)

    def shown(progress: Progress) -> None:
        rounds.append(len(asking))
        if asking and rounds[-8:] == [len(asking)] * 8 and not go_on.is_set():
            held.append(len(asking))
            go_on.set()

    monkeypatch.setattr(site, "get", asked)
    monkeypatch.setattr(pictures, "inspect", checked)
    stored = harvested(tmp_path, site, workers=1, progress=shown)

    # one that is checked for each worker, one more beside it, and one that stood ready
    assert held == [3]
    assert stored == PICTURES


def test_no_more_pictures_are_held_in_memory_than_twice_the_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, go_on, check = threading.Semaphore(0), threading.Event(), pictures.inspect

    def checked(*given: Any) -> Any:
        held.release()
        assert go_on.wait(20)
        return check(*given)

    monkeypatch.setattr(pictures, "inspect", checked)
    engine = Threads(Tools(fetcher=Site(), files=Files(tmp_path)), 1, lambda host: 1)
    room = [engine.room(0)]
    for number in range(2):
        url = f"https://{HOST}/{number}.png"
        wanted = Wanted(
            appearance=Appearance(url=url), candidates=(url,), page_url=None, page="story"
        )
        engine.start([Task(host=HOST, unit=Unit(subject=wanted), done=lambda result: None)])
        assert held.acquire(timeout=20)
        room.append(engine.room(number + 1))
    go_on.set()
    ended = [finished for _ in range(2) for finished in engine.finished(20)]
    engine.close()

    assert room == [1, 1, 0]
    assert len(ended) == 2


class Crumbling:
    """Gives damaged bytes at first addresses; tells how many asked at one time at most."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.together = threading.Event()
        self.asking = 0
        self.most = 0

    def get(self, url: str, **how: Any) -> Fetched:
        with self.lock:
            self.asking += 1
            self.most = max(self.most, self.asking)
            if self.asking > 1:
                self.together.set()
        self.together.wait(0.05)  # time for another to come
        with self.lock:
            self.asking -= 1
        data = b"\xff\xd8\xff\xe0 damaged"
        return Fetched(url=url, data=data, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def test_who_asks_once_more_waits_until_the_host_may_be_asked(tmp_path: Path) -> None:
    site = Crumbling()
    engine = Threads(Tools(fetcher=site, files=Files(tmp_path)), 4, lambda host: 1)
    for number in range(4):
        addresses = tuple(f"https://{HOST}/{number}-{size}.jpg" for size in ("large", "small"))
        wanted = Wanted(
            appearance=Appearance(url=addresses[0]),
            candidates=addresses,
            page_url=None,
            page="story",
        )
        engine.start([Task(host=HOST, unit=Unit(subject=wanted), done=lambda result: None)])
    ended: list[Any] = []
    while len(ended) < 4:
        ended += engine.finished(20)
    engine.close()

    assert site.most == 1
    assert {one.results[0].outcome.outcome for one in ended} == {"failed:corrupt-image"}
