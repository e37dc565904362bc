"""Units of work in threads of this process: the engine that is always there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from catalogue.engines.interface import Finished, Task, Tools, run
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched, Fetcher
from catalogue.gathering import Reading, get_ready
from catalogue.model import Gathered, HostNotes, Validators


class Threads:
    """Threads that are begun when there is work for them.

    Args:
        tools: What the units work with.
        workers: Units that are worked on at one time; those that keep a host's pace do not count,
            nor do as many again that have their answer: while pictures are checked, others come;
            nor those that stand ready to ask a host when one before them has its answer.
        share: How many may ask a host at one time.
    """

    def __init__(self, tools: Tools, workers: int, share: Callable[[str], int]) -> None:
        self._tools = tools
        self._share = share
        self._places: dict[str, threading.Semaphore] = {}
        self._answered: dict[int, str] = {}
        """Threads whose unit has the answer that it asked for, and the host that gave it."""
        self._workers = workers
        self._threads = 0
        self._under_way = 0
        self._work: queue.SimpleQueue[Sequence[Task] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Finished] = queue.SimpleQueue()

    @property
    def bytes(self) -> int:
        """Received so far."""
        return int(getattr(self._tools.fetcher, "bytes", 0))

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Hosts whose pace or pause is kept just now."""
        return tuple(getattr(self._tools.fetcher, "waiting_for", ()))

    @property
    def processes(self) -> int:
        """One, this."""
        return 1

    @property
    def local(self) -> int:
        """One a thread."""
        return self._workers

    def answered(self, host: str) -> int:
        """How many have their answer; of all hosts no more than there are workers, see ``room``."""
        return list(self._answered.values()).count(host)

    @property
    def ready(self) -> int:
        """As many as there are workers: who hands over may be waiting for the disk."""
        return self._workers

    def room(self, under_way: int) -> int:
        """How many more hand-overs may be under way, beside those that stand ready."""
        # those who keep a host's pace do no work; but threads are not endless either
        idle = int(getattr(self._tools.fetcher, "sleeping", 0))
        # nor is memory, in which what came is held
        idle += min(len(self._answered), self._workers)
        return min(self._workers - (under_way - idle), 8 * self._workers - under_way)

    def together(self, host: str, waiting: int, share: int) -> int:
        """One: handing over costs nothing here."""
        return 1

    def start(self, tasks: Sequence[Task]) -> None:
        """Run tasks of one host, one after the other."""
        self._under_way += 1
        if not self._threads:
            threading.Thread(target=get_ready, name="harvest-ready", daemon=True).start()
        if self._under_way > self._threads:
            self._threads += 1
            threading.Thread(
                target=self._worker, name=f"harvest-{self._threads}", daemon=True
            ).start()
        self._work.put(tasks)

    def _worker(self) -> None:
        me = threading.get_ident()
        while (tasks := self._work.get()) is not None:
            lent = self._lent(tasks[0].host)
            results: list[Reading | Gathered | BaseException] = []
            for task in tasks:
                try:
                    results.append(run(task.unit, lent))
                except BaseException as error:  # handed to the loop, which raises it
                    results.append(error)
                self._answered.pop(me, None)
            self._results.put(Finished(tasks=tasks, results=results))

    def _lent(self, host: str) -> Tools:
        """The tools for units of a host, of which so many ask at one time, and no more."""
        places = self._places.setdefault(host, threading.Semaphore(self._share(host)))
        fetcher = _Placed(self._tools.fetcher, host, places, self._answered)
        return replace(self._tools, fetcher=fetcher)

    def finished(self, timeout: float) -> Iterator[Finished]:
        """What came to an end; the first is waited for."""
        with suppress(queue.Empty):
            found = self._results.get(timeout=timeout)
            while True:
                self._under_way -= 1
                yield found
                found = self._results.get_nowait()

    def news(self) -> Sequence[HostNotes]:
        """What hosts asked of their guests since this was last called."""
        news = getattr(self._tools.fetcher, "news", None)
        return news() if news is not None else ()

    def stop(self) -> None:
        """End what is under way."""
        stop = getattr(self._tools.fetcher, "stop", None)
        if stop is not None:
            stop()

    def close(self) -> None:
        """Let the threads go."""
        for _ in range(self._threads):
            self._work.put(None)


class _Placed:
    """A fetcher for the units of one host: so many may ask it at one time, and others wait.

    A unit that has its answer is noted, and its place is another's. One that asks once more, as for
    another address of a picture that turned out damaged, waits for a place.
    """

    def __init__(
        self, fetcher: Fetcher, host: str, places: threading.Semaphore, answered: dict[int, str]
    ) -> None:
        self._fetcher = fetcher
        self._host = host
        self._places = places
        self._answered = answered

    def get(
        self,
        url: str,
        *,
        limit: int,
        unless: Validators = NOTHING_KNOWN,
        referer: str | None = None,
        picture: bool = False,
        spool: Path | None = None,
    ) -> Fetched:
        """Ask for an address; see :class:`~catalogue.fetch.interface.Fetcher`."""
        me = threading.get_ident()
        self._answered.pop(me, None)
        with self._places:
            got = self._fetcher.get(
                url, limit=limit, unless=unless, referer=referer, picture=picture, spool=spool
            )
        self._answered[me] = self._host
        return got
