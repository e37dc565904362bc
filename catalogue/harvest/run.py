"""The one writer of a harvest, and its workers."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from catalogue.engines.interface import Engine, Finished, Task, Tools, Unit
from catalogue.engines.threads import Threads
from catalogue.errors import CatalogueError, CatalogueUnusable, UnreadableDocument
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN, Fetcher, Stopped
from catalogue.gathering import (
    DISK_FULL,
    NO_ROOM,
    Job,
    KeptFiles,
    Reading,
    Wanted,
    given_up,
    image_outcome,
    jobs,
    mark,
    page_outcome,
    unchanged,
)
from catalogue.harvest.options import Options, Progress
from catalogue.harvest.order import Archive, Order
from catalogue.images.formats import sniff
from catalogue.meanwhile import Meanwhile
from catalogue.model import Gathered, Harvested, Outcome, Validators

if TYPE_CHECKING:
    from catalogue.store import Store

_FLUSH_EVERY = 0.3
_FLUSH_AT = 64
_AHEAD = 4
"""Pages that are read ahead, per worker."""


_Rank = tuple[bool, int, str, str, str]


@dataclass(slots=True)
class _Request:
    """A picture that this harvest asks for once, whatever the number of pages that show it."""

    candidates: tuple[str, ...]
    result: Gathered | None = None
    waiting: list[tuple[_Open, Wanted]] = field(default_factory=list)

    def serves(self, wanted: Wanted) -> bool:
        """Whether what was had is what another page would have had by asking for itself."""
        if self.result is None or self.candidates == wanted.candidates:
            return self.result is not None
        first = policy.clean(self.candidates[0])
        return self.result.outcome.image is not None and self.result.asked in (None, first)


@dataclass(slots=True)
class _Open:
    """A page whose pictures are under way."""

    reading: Reading
    left: int
    pending: list[Gathered] = field(default_factory=list)
    archive: Archive | None = None
    """What held the page."""
    told: bool = False
    """Whether the page itself was kept and told of."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A new catalogue: nothing is known in it, and it is made when something came to be kept."""

    files: KeptFiles
    """Its files, which take bytes before there is a database."""
    store: Meanwhile[Store]


class Run:
    """One harvest: has units run, keeps what they give, and tells of it."""

    def __init__(
        self,
        store: Store | Coming | None,
        fetcher: Fetcher,
        options: Options,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._coming = store if isinstance(store, Coming) else None
        self._store = store = None if isinstance(store, Coming) else store
        self._options = options
        self._progress = progress
        kept = self._coming or store
        self._files: KeptFiles = kept.files if kept is not None else _Nowhere()
        tools = Tools(
            fetcher=fetcher,
            files=self._files,
            limits=options.limits,
            keep=not options.dry_run,
            only=options.only,
            forgotten=store.forgotten() if store is not None else frozenset(),
        )
        self._engine: Engine = (
            options.cluster.engine(tools)
            if options.cluster
            else Threads(tools, options.workers, self._at_one_time)
        )
        self._queues: dict[str, deque[Task]] = {}
        self._running: dict[str, int] = {}
        self._in_flight = 0
        self._order = Order(iter(()), lambda: 0)
        self._pages: list[_Open] = []
        self._archives: list[Archive] = []
        """Those that are under way."""
        self._requests: dict[tuple[str, str], _Request] = {}
        """By who is asked (a source, by its address, or the web) and the best address of each
        picture that this harvest asks for."""
        self._asked: dict[str, _Rank] = {}
        """Addresses that gave something in this harvest, and the best that each gave: what of it is
        on the disk by now depends on timing, and must make no difference."""
        self._begun = 0
        """Archives that were begun."""
        self._ready: deque[Outcome] = deque()
        self._pending = 0
        self._flushed = time.monotonic()
        self._started = time.monotonic()
        self._told = 0.0
        self._full = False
        """Whether there was no room for something. Then nothing more is asked of anybody, since it
        would be had in vain; what was had by then is kept where it fits."""
        self._counts = {"pages": 0, "pages_known": 0, "images": 0, "images_known": 0}

    # --- the loop -------------------------------------------------------------------------------

    def through(self, sources: Iterable[str | Path]) -> Iterator[Outcome]:
        """Harvest sources, and tell what became of each page and picture."""
        self._order = Order(jobs(sources), lambda: self._engine.processes + 1)
        while True:
            self._take_jobs()
            self._dispatch()
            if not self._in_flight and not self._queued():
                self._flush()
                yield from self._tell()
                if self._order.over:
                    return
                continue
            self._collect()
            if self._coming is not None and not self._coming.store.over:
                continue  # nothing can be kept yet, and so nothing is told
            if self._pending >= _FLUSH_AT or time.monotonic() - self._flushed > _FLUSH_EVERY:
                self._flush()
            yield from self._tell()

    def end(self) -> None:
        """Keep what is finished, whatever ended the harvest, and let the workers go."""
        if self._in_flight:
            self._engine.stop()
        until = time.monotonic() + 2.0
        with suppress(CatalogueError):
            while self._in_flight and time.monotonic() < until:
                for finished in self._engine.finished(0.1):
                    with suppress(CatalogueError, OSError):
                        self._settle(finished)
        self._engine.close()
        with suppress(CatalogueError, OSError, sqlite3.Error):
            self._flush()
        self._show(now=True)

    def _take_jobs(self) -> None:
        ahead = _AHEAD * max(self._options.workers, 32 * self._engine.processes)
        while len(self._pages) + self._in_flight + self._queued() < ahead:
            found = self._order.next()
            if found is None:
                return
            if found.job.archive is not None:
                self._begin_archive(found.job)
            else:
                self._begin(found.job, found.archive)

    def _queued(self) -> int:
        return sum(map(len, self._queues.values()))

    def _dispatch(self) -> None:
        while self._full and self._queues:
            given_up_on = [task for tasks in self._queues.values() for task in tasks]
            self._queues = {}
            for task in given_up_on:
                task.done(given_up(task.unit.subject, DISK_FULL, NO_ROOM))
        ready = sum(max(0, running - self._share(host)) for host, running in self._running.items())
        free = self._engine.room(self._in_flight - ready)
        while free > 0:
            started = 0
            for host in list(self._queues):
                if free <= 0:
                    break
                waiting = self._queues[host]
                if not self._is_full(host):
                    count = self._engine.together(host, len(waiting), self._share(host))
                    self._start(host, [waiting.popleft() for _ in range(count)])
                    started += 1
                    free -= 1
                    if not waiting:
                        del self._queues[host]
            if not started:
                break
        for host in filter(None, list(self._queues)):
            waiting = self._queues[host]
            while waiting and free >= 0 and ready < self._engine.ready and self._is_full(host):
                self._start(host, [waiting.popleft()])
                ready += 1
            if not waiting:
                del self._queues[host]

    def _is_full(self, host: str) -> bool:
        """Whether a host is asked by as many as may ask it: who comes then has to wait."""
        return self._running.get(host, 0) >= self._share(host)

    def _share(self, host: str) -> int:
        """How many hand-overs of a host may be under way."""
        if not host:
            return self._engine.local
        return self._at_one_time(host) + self._engine.answered(host)

    def _at_one_time(self, host: str) -> int:
        """How many may ask a host at one time."""
        if host in self._options.own_hosts:
            return self._options.workers
        return min(self._options.per_host, self._options.workers)

    def _start(self, host: str, tasks: list[Task]) -> None:
        self._running[host] = self._running.get(host, 0) + 1
        self._in_flight += 1
        self._engine.start(tasks)

    def _collect(self) -> None:
        for finished in self._engine.finished(0.1):
            self._settle(finished)
        self._show()

    def _settle(self, finished: Finished) -> None:
        if self._coming is not None:
            self._coming.store.begin()
        self._in_flight -= 1
        host = finished.tasks[0].host
        left = self._running[host] - 1
        if left:
            self._running[host] = left
        else:
            del self._running[host]
        for task, result in zip(finished.tasks, finished.results, strict=True):
            if isinstance(result, Stopped):
                continue
            if isinstance(result, BaseException):
                raise result
            task.done(result)

    def _queue(self, task: Task) -> None:
        self._queues.setdefault(task.host, deque()).append(task)

    # --- archives -------------------------------------------------------------------------------

    def _begin_archive(self, job: Job) -> None:
        """Have an archive surveyed, unless an earlier harvest was through with it."""
        try:
            state = mark(job, self._options.only)
            whole = mark(job)
        except UnreadableDocument as error:
            self._counts["pages_known"] += 1
            self._tell_page(job, page_outcome(job, error.outcome, str(error)))
            return
        if self._store is not None and not self._options.retry_failed:
            known = self._store.page(job.address)
            if known is not None and known.complete and known.validators in (state, whole):
                self._counts["pages_known"] += 1
                self._tell_page(job, page_outcome(job, "unchanged", "the catalogue has it"))
                return
        archive = Archive(job, state, self._begun)
        self._begun += 1
        self._archives.append(archive)
        self._order.await_survey(archive)

        def done(result: object) -> None:
            assert isinstance(result, Reading)
            archive.reading = result
            archive.left = len(result.more)
            self._counts["pages_known"] += len(result.passed_over)
            self._counts["pages"] += len(result.passed_over)
            self._ready.extend(result.passed_over)
            if result.harvested.outcome.failed:
                archive.sound = False
                self._counts["pages_known"] += 1
                self._pages.append(_Open(result, left=0))

        self._queue(Task(host=f"archive {job.address}", unit=Unit(subject=job), done=done))

    def _keep_finished(self) -> None:
        """Note which archives need not be read again: all that they gave is on the disk."""
        finished = [archive for archive in self._archives if archive.finished]
        for archive in finished:
            assert archive.reading is not None
            if self._store is not None and not self._options.dry_run and not self._full:
                harvested = replace(archive.reading.harvested, validators=archive.mark)
                self._store.keep(harvested)
        if finished:
            self._archives = [one for one in self._archives if not one.finished]

    # --- pages ----------------------------------------------------------------------------------

    def _begin(self, job: Job, archive: Archive | None) -> None:
        self._counts["pages_known"] += 1
        unless = NOTHING_KNOWN
        store, options = self._store, self._options
        if store is not None and not options.retry_failed:
            known = store.page(job.address)
            if known is not None and known.complete:
                if job.record is not None:
                    unless = known.validators
                elif job.url is not None and job.document is None:
                    if not options.refresh:
                        self._tell_unchanged(job)
                        return
                    unless = known.validators
                elif (
                    not options.refresh
                    and known.validators.etag is not None
                    and known.validators == mark(job)
                ):
                    self._tell_unchanged(job)
                    return

        def done(result: object) -> None:
            assert isinstance(result, Reading)
            self._page_done(result, archive)

        host = _host(job.url) if job.document is None and job.url else ""
        self._queue(Task(host=host, unit=Unit(subject=job, unless=unless), done=done))

    def _page_done(self, result: Reading, archive: Archive | None) -> None:
        if result.more:
            self._order.add(result.more)
        if result.picture:
            self._counts["pages_known"] -= 1
            self._counts["images_known"] += 1
        opened = _Open(
            result,
            left=len(result.wanted),
            pending=list(result.harvested.gathered),
            archive=archive,
        )
        self._counts["images_known"] += len(result.wanted) + len(result.passed_over)
        self._pending += 1 + len(opened.pending)
        self._pages.append(opened)
        cleaned = [tuple(map(policy.clean, wanted.candidates)) for wanted in result.wanted]
        known = self._known(cleaned)
        for wanted, addresses in zip(result.wanted, cleaned, strict=True):
            request = self._requests.get((_giver(opened, wanted), wanted.candidates[0]))
            at = next((url for url in addresses if url in known), None)
            had = known[at] if at is not None else None
            if self._options.dry_run:
                code = "unchanged" if had else "skipped:dry-run"
                detail = "the catalogue has it" if had else "would be asked for"
                outcome = image_outcome(wanted, code, detail, had[0] if had else None)
                self._gathered(opened, Gathered(appearance=wanted.appearance, outcome=outcome))
            elif request is not None:
                self._join(request, opened, wanted)
            elif had is not None and not self._options.refresh:
                shown = replace(unchanged(wanted, had[0]), asked=at, shared=True, attempts=0)
                self._gathered(opened, shown)
            else:
                if had is not None:
                    wanted = replace(wanted, known=had[0], unless=had[1])
                self._want(opened, wanted)

    def _known(self, pictures: list[tuple[str, ...]]) -> Mapping[str, tuple[str, Validators]]:
        """What the catalogue had before this harvest of pictures, each by its clean addresses."""
        if self._store is None or not pictures:
            return {}
        urls = {url for addresses in pictures for url in addresses if "://" in url}
        return dict(self._store.images_at(urls - self._asked.keys()))

    def _want(self, opened: _Open, wanted: Wanted) -> None:
        """Have a picture."""
        giver = _giver(opened, wanted)
        request = _Request(wanted.candidates)
        self._requests.setdefault((giver, wanted.candidates[0]), request)

        def done(result: object) -> None:
            assert isinstance(result, Gathered)
            result = self._ranked(opened, giver, result)
            self._gathered(opened, result)
            request.result = replace(result, image=None)
            for other, same in request.waiting:
                self._join(request, other, same)
            request.waiting = []

        host = "" if giver else _host(wanted.candidates[0])
        self._queue(Task(host=host, unit=Unit(subject=wanted), done=done))

    def _ranked(self, opened: _Open, giver: str, result: Gathered) -> Gathered:
        """Where an address gave several things in this harvest, let the best of them be kept of it.

        That is a picture rather than a failure, what the web gives rather than what a source holds,
        of archives the one that was named first.
        """
        if giver:
            result = replace(result, attempts=0)
        if result.asked is None:
            return result
        number = -1 if not giver else opened.archive.number if opened.archive else 0
        failed = result.outcome.image is None
        page = opened.reading.job.address
        rank = (failed, number, giver, result.outcome.detail, page)
        if rank > self._asked.get(result.asked, rank):
            return replace(result, shared=True)
        self._asked[result.asked] = rank
        return result

    def _join(self, request: _Request, opened: _Open, wanted: Wanted) -> None:
        """Take what was had for another page; else wait for it, or ask for oneself."""
        if request.result is None:
            request.waiting.append((opened, wanted))
        elif request.serves(wanted):
            result = request.result
            outcome = replace(result.outcome, url=wanted.appearance.url, page=wanted.page)
            shown = replace(
                result, appearance=wanted.appearance, outcome=outcome, shared=True, attempts=0
            )
            self._gathered(opened, shown)
        else:
            self._want(opened, wanted)

    def _gathered(self, opened: _Open, gathered: Gathered) -> None:
        opened.pending.append(gathered)
        opened.left -= 1
        self._pending += 1
        if gathered.outcome.outcome == DISK_FULL:
            self._full = True

    # --- keeping and telling --------------------------------------------------------------------

    def _flush(self) -> None:
        """Keep what came in since the last time, then let it be told."""
        self._flushed = time.monotonic()
        self._make_store()
        self._keep_news()
        due = [
            (
                opened,
                replace(
                    opened.reading.harvested, gathered=tuple(opened.pending), whole=not opened.left
                ),
            )
            for opened in self._pages
            if opened.pending or not opened.told
        ]
        lost = self._keep([harvested for opened, harvested in due if opened.reading.kept])
        for opened, harvested in due:
            self._tell_of(opened, harvested, lost=id(harvested) in lost)
        for opened in self._pages:
            if not opened.left and opened.archive is not None:
                opened.archive.left -= 1
        self._pages = [opened for opened in self._pages if opened.left]
        self._pending = 0
        self._keep_finished()

    def _make_store(self) -> None:
        """Have the new catalogue, where there is room for it."""
        if self._coming is not None:
            try:
                self._store = self._coming.store.get()
            except (OSError, sqlite3.Error, CatalogueUnusable) as error:
                if not _no_room(error):
                    raise
                self._full = True
            else:
                self._coming = None

    def _keep_news(self) -> None:
        """Keep what hosts asked of their guests: a harvest that is killed has been told, too."""
        news = self._engine.news()
        if news and self._store is not None and not self._options.dry_run:
            try:
                self._store.keep_hosts(news)
            except (OSError, sqlite3.Error, CatalogueUnusable) as error:
                if not _no_room(error):
                    raise

    def _keep(self, pages: list[Harvested]) -> set[int]:
        """Keep what pages gave, all at once, which waits for the disk once; ``id`` of those lost.

        Where there is no room for all, those are kept for which there is.
        """
        if self._coming is not None:
            return set(map(id, pages))  # there was no room for the catalogue itself
        if self._store is None or self._options.dry_run or not pages:
            return set()
        try:
            self._store.keep(*pages)
        except (OSError, sqlite3.Error, CatalogueUnusable) as error:
            if not _no_room(error):
                raise
            self._full = True
            if len(pages) == 1:
                return {id(pages[0])}
            return set().union(*(self._keep([page]) for page in pages))
        return set()

    def _tell_of(self, opened: _Open, harvested: Harvested, *, lost: bool) -> None:
        """Tell of a page, once, and of its pictures that were kept with it or lost."""
        if not opened.told:
            opened.told = True
            if not opened.reading.picture:
                self._tell_page(opened.reading.job, harvested.outcome)
                if harvested.outcome.outcome == "unchanged":
                    self._tell_had(opened.reading.job.shown, self._had(opened.reading.job))
            for outcome in opened.reading.passed_over:
                self._tell_image(opened.reading.job.shown, outcome)
        told = [harvested.outcome, *(gathered.outcome for gathered in opened.pending)]
        if opened.archive is not None and (lost or any(outcome.passing for outcome in told)):
            opened.archive.sound = False
        for gathered in opened.pending:
            outcome = gathered.outcome
            if outcome.outcome == "ok":
                continue  # known by caption alone: nothing was to be had
            if lost and outcome.outcome == "stored":
                outcome = replace(
                    outcome,
                    outcome=DISK_FULL,
                    image=None,
                    detail=NO_ROOM,
                )
            shown = opened.reading.job.shown
            if opened.reading.picture:
                self._tell_image(None, replace(outcome, url=shown))
            else:
                self._tell_image(shown, outcome)
        opened.pending = []

    def _tell_unchanged(self, job: Job) -> None:
        page: str | None
        pictures: list[tuple[str | None, str]]
        digest = None
        if job.document is not None and sniff(job.document.data[:64]) is not None:
            digest = hashlib.sha256(job.document.data).hexdigest()
        elif job.url is not None and self._store is not None:
            had = self._store.images_at([job.address]).get(job.address)
            digest = had[0] if had else None
        words = "the catalogue has it"
        if digest is not None:
            self._counts["pages_known"] -= 1
            page, pictures = None, [(job.shown, digest)]
        else:
            self._tell_page(job, page_outcome(job, "unchanged", words))
            page, pictures = job.shown, self._had(job)
        self._tell_had(page, pictures)

    def _tell_had(self, page: str | None, pictures: list[tuple[str | None, str]]) -> None:
        """Tell of pictures that the catalogue has, each by its address and ID."""
        self._counts["images_known"] += len(pictures)
        words = "the catalogue has it"
        for url, image in pictures:
            outcome = Outcome(
                kind="image", url=url, page=page, outcome="unchanged", image=image, detail=words
            )
            self._tell_image(page, outcome)

    def _had(self, job: Job) -> list[tuple[str | None, str]]:
        return self._store.images_on(job.address) if self._store is not None else []

    def _tell_page(self, job: Job, outcome: Outcome) -> None:
        self._counts["pages"] += 1
        self._ready.append(replace(outcome, url=job.shown, page=job.shown))

    def _tell_image(self, page: str | None, outcome: Outcome) -> None:
        self._counts["images"] += 1
        self._ready.append(replace(outcome, page=page))

    def _tell(self) -> Iterator[Outcome]:
        while self._ready:
            yield self._ready.popleft()

    def _show(self, *, now: bool = False) -> None:
        if self._progress is None:
            return
        moment = time.monotonic()
        if moment - self._told < 0.1 and not now:
            return
        self._told = moment
        self._progress(
            Progress(
                pages=self._counts["pages"],
                pages_known=self._counts["pages_known"],
                images=self._counts["images"],
                images_known=self._counts["images_known"],
                bytes=self._engine.bytes,
                seconds=moment - self._started,
                waiting_for=self._engine.waiting_for,
            )
        )


class _Nowhere:
    """Keeps nothing: for a dry run."""

    @property
    def incoming(self) -> Path:
        return Path()

    def put(self, data: bytes | Path, sha256: str, suffix: str, *, kind: str = "images") -> str:
        return ""

    def sign(self) -> AbstractContextManager[str]:
        return nullcontext("")

    def sees(self, sign: str) -> str:
        return ""


def _giver(opened: _Open, wanted: Wanted) -> str:
    """Address of the source that holds a picture itself; empty where the web is asked."""
    if wanted.bundle is None or not wanted.bundle.holds(wanted.candidates[0]):
        return ""
    return opened.archive.job.address if opened.archive else opened.reading.job.address


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _no_room(error: Exception) -> bool:
    """Whether an error means that there is no room left, however deep it says so."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        words = str(seen)
        if "disk is full" in words or "No space left" in words or "disk I/O error" in words:
            return True
        seen = seen.__cause__ or seen.__context__
    return False
