"""Units of work on a Dask cluster, one that is begun here or one that is there.

The work is divided by host: all that is asked of one host goes to one worker as long as that one
lives, so that its robots.txt, its pace and its pauses are known where they are kept. What is sent
is values alone (a page, or a picture's addresses), and so is what comes back; the bytes of pictures
go from the worker to where the catalogue keeps them, which all must see.

A worker that dies gives its work to another. A unit that takes its workers down with it, again and
again, is tried once more by itself, so that its neighbours do not suffer for it, and is then told
as lost.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import secrets
import signal
import threading
import time
import warnings
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self

import catalogue
from catalogue.engines.interface import Finished, Task, Tools, Unit, run
from catalogue.errors import CatalogueUnusable, UsageError
from catalogue.gathering import Job, KeptFiles, Reading, Wanted, given_up
from catalogue.model import Gathered, HostNotes

_CONNECT = "10s"
_FETCH = "10s"
"""Within which what a unit gave must come from its worker."""
_LOOK_EVERY = 1.0
"""Seconds after which it is looked which workers are left."""
_DESERTED = 300.0
"""Seconds without any worker after which nothing more is expected: who waits for new ones to be
begun has them sooner."""
_LONGEST = 32
"""Tasks that are handed over together at most: a slow one holds up those behind it."""
_DEATHS = 1
"""Workers of a cluster of ours that may die with a task before it is given up."""


class DaskCluster:
    """A Dask cluster that serves harvests; closed, a cluster of ours ends with its workers.

    Args:
        on: ``dask`` for workers on this machine, one process a core, or a scheduler's address.
        threads: Of each worker that is begun here.
        processes: Workers that are begun here; None for one a core, and two at the least.
        memory: Bytes that each of these may take; None for its share of the machine's. One that
            takes more is ended, and another begun.

    Raises:
        UsageError: Dask is not installed, no scheduler answers, there is no worker, or the
            versions differ.
    """

    def __init__(
        self,
        on: str = "dask",
        *,
        threads: int = 16,
        processes: int | None = None,
        memory: int | None = None,
    ) -> None:
        try:
            import dask
            from distributed import Client, LocalCluster
            from distributed.system import MEMORY_LIMIT
        except ImportError as error:
            raise UsageError(
                f"--on {on} needs Dask: pip install 'mars-image-catalogue[dask]'"
            ) from error
        # What Dask has to say of trouble is said here, in one line.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._ours: Any = None
        if on == "dask":
            count = processes or max(2, os.cpu_count() or 2)
            lean = {
                "distributed.scheduler.allowed-failures": _DEATHS,
                # what comes back is small: nothing is put on the disk, and nobody waits for room
                "distributed.worker.memory.target": False,
                "distributed.worker.memory.spill": False,
                "distributed.worker.memory.pause": False,
                "distributed.worker.profile.enabled": False,  # looks at all threads all the time
                "logging.distributed": "critical",
            }
            with dask.config.set(lean), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a dashboard's port that is taken is another then
                self._ours = LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=count,
                    threads_per_worker=threads,
                    memory_limit=memory or MEMORY_LIMIT // count,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",
                    silence_logs=logging.CRITICAL,
                )
        try:
            self.client: Any = Client(  # type: ignore[no-untyped-call]
                self._ours or on, timeout=_CONNECT, set_as_default=False
            )
        except (OSError, ValueError, TypeError, ImportError) as error:
            raise UsageError(f"--on {on}: no scheduler of Dask answers there") from error
        try:
            self._check(on)
        except BaseException:
            self.close()
            raise

    def _check(self, on: str) -> None:
        if not self.workers():
            raise UsageError(f"--on {on}: the scheduler has no worker; start one by 'dask worker'")
        told = self.client.get_versions()
        try:
            ours = self.client.run(_version)
        except Exception as error:
            raise UsageError(
                f"--on {on}: a worker cannot run mars-image-catalogue {catalogue.__version__};"
                f" install it there ({_words(error)})"
            ) from error
        different = differing(told, ours)
        if different:
            raise UsageError(f"--on {on}: {different}; install the same on both")
        if self._ours is not None:
            self.client.register_plugin(_uninterrupted())

    @property
    def dashboard(self) -> str:
        """Address of the page that shows the cluster at work."""
        return str(self.client.dashboard_link or "")

    def workers(self) -> dict[str, int]:
        """Threads by the address of each worker."""
        told = self.client.scheduler_info(n_workers=-1)["workers"]
        return {address: int(worker["nthreads"]) for address, worker in sorted(told.items())}

    def engine(self, tools: Tools) -> DaskEngine:
        """An engine for one harvest.

        Raises:
            UsageError: A worker does not see where the catalogue's files lie.
        """
        if tools.keep:
            self._check_files(tools.files)
        return DaskEngine(self, tools)

    def _check_files(self, files: KeptFiles) -> None:
        with files.sign() as sign:
            seen = self.client.run(_sees, files, sign)
        blind = sorted((address, why) for address, why in seen.items() if why)
        if blind:
            address, why = blind[0]
            raise UsageError(f"the worker {address} {why}")

    def close(self) -> None:
        """Leave the cluster; one of ours ends."""
        with suppress(Exception):
            self.client.close(timeout=2)
        if self._ours is not None:
            with suppress(Exception):
                self._ours.close(timeout=10)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ended: object) -> None:
        self.close()


class DaskEngine:
    """One harvest on a cluster; see :class:`~catalogue.engines.interface.Engine`."""

    def __init__(self, cluster: DaskCluster, tools: Tools) -> None:
        self._cluster = cluster
        self._tools = pickle.dumps(tools)  # once for all hand-overs, and undone once on a worker
        self._token = secrets.token_hex(8)
        self._workers = cluster.workers()
        self._home: dict[str, str] = {}
        self._ended: queue.SimpleQueue[tuple[Sequence[Task], Any]] = queue.SimpleQueue()
        self._futures: dict[Any, tuple[Sequence[Task], str | None]] = {}
        self._deaths: Counter[int] = Counter()
        self._looked = self._had_workers = time.monotonic()
        self._suspects: deque[Task] = deque()
        self._partly: dict[int, tuple[Sequence[Task], dict[int, Any]]] = {}
        self._trying: tuple[Task, ...] = ()
        self._bytes = 0
        self._news: list[HostNotes] = []

    @property
    def bytes(self) -> int:
        """Received so far, by all workers."""
        return self._bytes

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Not known here: the workers keep the hosts' pace."""
        return ()

    @property
    def processes(self) -> int:
        """The workers."""
        return len(self._workers)

    @property
    def local(self) -> int:
        """One that is worked on, and one that waits, a worker: more would not be sooner done."""
        return 2 * len(self._workers)

    def answered(self, host: str) -> int:
        """Not known here."""
        return 0

    @property
    def ready(self) -> int:
        """None: many travel together."""
        return 0

    def room(self, under_way: int) -> int:
        """How many more hand-overs may be under way: as many as the workers have threads."""
        return sum(self._workers.values()) - under_way

    def together(self, host: str, waiting: int, share: int) -> int:
        """Many while many wait, so that handing over costs little; one where few are left."""
        # who asks a host waits for it, and the last to be done should not wait for others
        return max(1, min(_LONGEST, waiting // (4 * share if host else share)))

    def start(self, tasks: Sequence[Task]) -> None:
        """Run tasks of one host, one after the other, on the host's worker."""
        units = [_packed(task.unit) for task in tasks]
        home = self._home_of(tasks[0].host)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a large page is sent all the same
            future = self._cluster.client.submit(
                work_through,
                self._token,
                self._tools,
                units,
                key=f"harvest-{secrets.token_hex(8)}",
                pure=False,
                workers=home,
            )
        self._futures[future] = (tasks, home)
        future.add_done_callback(lambda ended: self._ended.put((tasks, ended)))

    def _home_of(self, host: str) -> str | None:
        if not host:
            return None
        if self._home.get(host) not in self._workers:
            busy = Counter(self._home.values())
            self._home[host] = min(self._workers, key=lambda worker: busy[worker])
        return self._home[host]

    def finished(self, timeout: float) -> Iterator[Finished]:
        """What came to an end; the first is waited for."""
        ended = []
        with suppress(queue.Empty):
            ended.append(self._ended.get(timeout=timeout))
            while True:
                ended.append(self._ended.get_nowait())
        given = self._given([future for _, future in ended if future in self._futures])
        for tasks, future in ended:
            if self._futures.pop(future, None) is not None:
                yield from self._outcome_of(tasks, future, given.get(future))
        if self._cluster.client.status != "running":
            raise _gone()
        if time.monotonic() - self._looked > _LOOK_EVERY:
            yield from self._look()

    def _given(self, futures: list[Any]) -> dict[Any, Any]:
        """What hand-overs gave, had from the workers together; what cannot be had is left out."""
        had = {future.key: future for future in futures if future.status == "finished"}
        if not had:
            return {}
        client = self._cluster.client
        try:
            # as Client.gather, which would wait without end
            results = client.sync(client._gather, had, errors="skip", callback_timeout=_FETCH)
        except Exception:
            return {}
        return {had[key]: result for key, result in results.items() if result is not None}

    def _look(self) -> Iterator[Finished]:
        """Give what waits for a worker that is no more to another.

        Raises:
            CatalogueUnusable: For long there has been none.
        """
        self._looked = time.monotonic()
        workers = self._cluster.workers()
        if workers:
            self._workers, self._had_workers = workers, self._looked
        elif self._looked - self._had_workers > _DESERTED:
            raise _gone("no worker is left")
        for future, (tasks, home) in list(self._futures.items()):
            if home is None or home in self._workers or future.status != "pending":
                continue
            del self._futures[future]
            self._deaths[id(tasks[0])] += 1
            trial = tasks == self._trying
            if self._deaths[id(tasks[0])] > _DEATHS:
                with suppress(Exception):
                    future.cancel(force=True)
                del self._deaths[id(tasks[0])]
                yield from self._killed(tasks, trial=trial)
            else:
                self._again(tasks, future, trial=trial)

    def _outcome_of(self, tasks: Sequence[Task], future: Any, given: Any) -> Iterator[Finished]:
        if future.status == "cancelled" or self._cluster.client.status != "running":
            raise _gone()
        trial = tasks == self._trying
        if trial:
            self._trying = ()
        if future.status != "error":
            # finished, and what it gave cannot be had: its worker died after it
            if given is None:  # done again, which harms nothing
                self._again(tasks, future, trial=trial)
                return
            results, received, news = given
            self._bytes += received
            self._news += news
            yield from self._complete(
                tasks,
                [_unpacked(task, result) for task, result in zip(tasks, results, strict=True)],
            )
        else:
            cause = future.exception()
            if type(cause).__name__ != "KilledWorker":
                raise CatalogueUnusable(
                    f"a worker could not do its work: {_words(cause)}"
                ) from cause
            yield from self._killed(tasks, trial=trial)
            return
        self._try_next()

    def _killed(self, tasks: Sequence[Task], *, trial: bool) -> Iterator[Finished]:
        """Tell of a unit that was tried by itself as lost; of others, try each by itself."""
        if trial:
            self._trying = ()
            words = "the workers that worked on it died, or ran out of memory"
            yield from self._complete(
                tasks, [given_up(tasks[0].unit.subject, "failed:retry-exhausted", words)]
            )
        else:
            for task in tasks:
                self._partly[id(task)] = (tasks, {})
            self._suspects.extend(tasks)
        self._try_next()

    def _try_next(self) -> None:
        if self._suspects and not self._trying:
            self._trying = (self._suspects.popleft(),)
            self.start(self._trying)

    def _again(self, tasks: Sequence[Task], future: Any, *, trial: bool) -> None:
        with suppress(Exception):
            future.cancel(force=True)
        if trial:
            self._trying = tuple(tasks)
        self.start(tasks)

    def _complete(self, tasks: Sequence[Task], results: list[Any]) -> Iterator[Finished]:
        """Tell of a hand-over; of one that was taken apart, once all its parts are through."""
        if id(tasks[0]) not in self._partly:
            yield Finished(tasks=tasks, results=results)
            return
        together, known = self._partly.pop(id(tasks[0]))
        known[id(tasks[0])] = results[0]
        mates = [id(task) for task in together]
        for mate in mates:
            if mate in self._partly:
                self._partly[mate] = (together, known)
        if all(mate in known for mate in mates):
            yield Finished(tasks=together, results=[known[mate] for mate in mates])

    def news(self) -> Sequence[HostNotes]:
        """What came back with results."""
        news, self._news = self._news, []
        return news

    def stop(self) -> None:
        """End what is under way."""
        with suppress(Exception):
            self._cluster.client.cancel(list(self._futures), force=True)
        self._futures.clear()
        self._forget()

    def close(self) -> None:
        """Let the workers give back what they hold for this harvest."""
        self._forget()

    def _forget(self) -> None:
        if self._cluster.client.status == "running":
            with suppress(Exception):
                self._cluster.client.run(_forget, self._token, on_error="ignore")


# --- on the workers -----------------------------------------------------------------------------

_TOOLS: dict[str, Tools] = {}
"""Per harvest what this worker works with: one fetcher, so that manners are kept across tasks."""
_TOOLS_LOCK = threading.Lock()


def work_through(
    token: str, pickled: bytes, units: Sequence[Unit]
) -> tuple[list[Reading | Gathered | BaseException], int, Sequence[HostNotes]]:
    """Do units in turn, on a worker.

    Args:
        token: Names the harvest.
        pickled: The tools, of which the first unit of a harvest here makes use, and the others
            find them.
        units: As they were packed.

    Returns:
        Per unit its result, or the error that it raised; the bytes that this worker received
        meanwhile; and what hosts asked of it since it last told.
    """
    with _TOOLS_LOCK:
        tools = _TOOLS.get(token)
        if tools is None:
            tools = _TOOLS[token] = pickle.loads(pickled)
    results: list[Reading | Gathered | BaseException] = []
    received = 0
    for unit in units:
        try:
            result = run(unit, tools)
        except Exception as error:  # the calling process raises it
            results.append(error)
        else:
            results.append(_light(result))
            received += _size(result)
    news = getattr(tools.fetcher, "news", None)
    return results, received, news() if news is not None else ()


def _size(result: Reading | Gathered) -> int:
    """Bytes that a unit received, as far as they were kept."""
    if isinstance(result, Reading):
        snapshot = result.harvested.snapshot
        return snapshot.bytes if snapshot else 0
    return result.image.bytes if result.image else 0


def _forget(token: str) -> None:
    with _TOOLS_LOCK:
        tools = _TOOLS.pop(token, None)
    if tools is not None:
        for thing, name in ((tools.fetcher, "stop"), (tools.files, "end_writing")):
            end = getattr(thing, name, None)
            if end is not None:
                end()


def _version() -> str:
    return catalogue.__version__


def _sees(files: KeptFiles, sign: str) -> str:
    return files.sees(sign)


def _uninterrupted() -> Any:
    """Leaves an interrupt from the keyboard to the calling process, which ends the workers."""
    from distributed import WorkerPlugin

    class Uninterrupted(WorkerPlugin):
        def setup(self, worker: Any) -> None:
            with suppress(ValueError):
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    return Uninterrupted()


# --- what travels -------------------------------------------------------------------------------


def _packed(unit: Unit) -> Unit:
    """A unit without what it came in, of which no more than one picture travels with it."""
    subject = unit.subject
    if subject.bundle is None:
        return unit
    held = subject.bundle.part(subject.candidates) if isinstance(subject, Wanted) else None
    return replace(unit, subject=replace(subject, bundle=held))


def _light(result: Reading | Gathered) -> Reading | Gathered:
    """A result without the bytes that the calling process sent, and has."""
    if isinstance(result, Reading):
        return replace(result, job=replace(result.job, document=None, page=None))
    return result


def _unpacked(task: Task, result: Any) -> Any:
    """A result that refers to what the calling process has."""
    job = task.unit.subject
    if isinstance(result, Reading) and isinstance(job, Job):
        wanted = tuple(replace(one, bundle=job.bundle) for one in result.wanted)
        return replace(result, job=job, wanted=wanted)
    return result


# --- words --------------------------------------------------------------------------------------


def differing(told: Mapping[str, Any], ours: Mapping[str, str]) -> str:
    """In words, the first program whose version a worker or the scheduler has otherwise than we.

    Args:
        told: As Dask's client tells versions, of ``client``, ``scheduler`` and ``workers``.
        ours: Per worker the version of this program.

    Returns:
        Empty where all are the same.
    """
    here = told["client"]["packages"]
    others = {"the scheduler": told["scheduler"], **told["workers"]}
    for who, versions in others.items():
        there = (versions or {}).get("packages", {})
        for name in ("dask", "distributed"):
            if there.get(name) != here.get(name):
                return f"{who} has {name} {there.get(name)}, and {here.get(name)} is here"
        python = str(there.get("python", "")).split(".")[:2]
        if python != str(here.get("python", "")).split(".")[:2]:
            return f"{who} has Python {'.'.join(python)}, and {here.get('python')} is here"
    for who, version in ours.items():
        if version != catalogue.__version__:
            return f"{who} has version {version}, and {catalogue.__version__} is here"
    return ""


def _gone(what: str = "the scheduler went away") -> CatalogueUnusable:
    return CatalogueUnusable(
        f"{what}; what was told as stored is kept, and the same harvest, run again, does the rest"
    )


def _words(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
