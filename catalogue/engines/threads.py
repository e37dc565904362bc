"""Units of work in threads of this process: the engine that is always there."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
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
            nor do as many again that have their answer: while pictures are checked, others come.
    """

    def __init__(self, tools: Tools, workers: int) -> None:
        self._tools = tools
        self._answered: set[int] = set()
        """Threads whose unit has the answer that it asked for."""
        self._lent = replace(tools, fetcher=_Noting(tools.fetcher, self._answered))
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

    @property
    def answered(self) -> int:
        """Of them no more than there are workers: what came is held in memory."""
        return min(len(self._answered), self._workers)

    def room(self, under_way: int) -> int:
        """How many more hand-overs may be under way."""
        # those who keep a host's pace do no work; but threads are not endless either
        idle = int(getattr(self._tools.fetcher, "sleeping", 0)) + self.answered
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
            results: list[Reading | Gathered | BaseException] = []
            for task in tasks:
                try:
                    results.append(run(task.unit, self._lent))
                except BaseException as error:  # handed to the loop, which raises it
                    results.append(error)
                self._answered.discard(me)
            self._results.put(Finished(tasks=tasks, results=results))

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


class _Noting:
    """A fetcher that notes which threads have an answer, and ask for nothing just now."""

    def __init__(self, fetcher: Fetcher, answered: set[int]) -> None:
        self._fetcher = fetcher
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
        self._answered.discard(me)
        got = self._fetcher.get(
            url, limit=limit, unless=unless, referer=referer, picture=picture, spool=spool
        )
        self._answered.add(me)
        return got
