"""What a harvest asks of whatever runs its units of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from catalogue.fetch.interface import NOTHING_KNOWN, Fetcher
from catalogue.gathering import (
    DEFAULT_LIMITS,
    Job,
    KeptFiles,
    Limits,
    Reading,
    Sieve,
    Wanted,
    gather,
    read,
)
from catalogue.model import Gathered, HostNotes, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every unit of a harvest works with."""

    fetcher: Fetcher
    files: KeptFiles
    limits: Limits = DEFAULT_LIMITS
    keep: bool = True
    """Whether bytes are kept at all."""
    only: Sieve | None = None
    """Which pages are taken; None for all."""
    forgotten: frozenset[str] = frozenset()
    """IDs of pictures that a person does not want again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One page to be read, or one picture to be had."""

    subject: Job | Wanted
    unless: Validators = NOTHING_KNOWN
    """What an earlier answer for a page gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A unit, the host whose manners it is under, and who waits for what it gives."""

    host: str
    """Empty for what no host is asked for; an archive counts as one, and is surveyed by itself."""
    unit: Unit
    done: Callable[[object], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What was handed over together, and per task its result, or the error that it raised."""

    tasks: Sequence[Task]
    results: Sequence[Reading | Gathered | BaseException]


class Engine(Protocol):
    """Runs units; told what to run, and asked for what is finished, by one thread."""

    @property
    def bytes(self) -> int:
        """Received so far."""
        ...

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Hosts whose pace or pause is kept just now, as far as it is known here."""
        ...

    @property
    def processes(self) -> int:
        """In how many processes units are worked on: how much is reckoned at one time."""
        ...

    @property
    def local(self) -> int:
        """How many hand-overs may be under way that ask no host."""
        ...

    def answered(self, host: str) -> int:
        """How many of a host's hand-overs under way have the answer that they asked for, and do not
        keep it busy while they work on it, as far as it is known here.
        """
        ...

    @property
    def ready(self) -> int:
        """How many more are handed over, of hosts that are asked by as many as may ask them, to
        stand ready for the moment that one of those has its answer.
        """
        ...

    def room(self, under_way: int) -> int:
        """How many more hand-overs may be under way, beside those that stand ready."""
        ...

    def together(self, host: str, waiting: int, share: int) -> int:
        """How many of a host's waiting tasks are handed over at one time, to run in turn.

        Args:
            host: Empty for tasks that ask no host.
            waiting: Tasks of the host.
            share: Hand-overs of the host that may be under way.
        """
        ...

    def start(self, tasks: Sequence[Task]) -> None:
        """Run tasks of one host, one after the other."""
        ...

    def finished(self, timeout: float) -> Iterator[Finished]:
        """What came to an end; the first is waited for.

        Raises:
            CatalogueUnusable: The engine itself has broken down.
        """
        ...

    def news(self) -> Sequence[HostNotes]:
        """What hosts asked of their guests since this was last called, as far as it is known here.

        It outlives the harvest only where somebody keeps it.
        """
        ...

    def stop(self) -> None:
        """End what is under way; it raises :class:`~catalogue.fetch.interface.Stopped`."""
        ...

    def close(self) -> None:
        """Let the workers go."""
        ...


class Cluster(Protocol):
    """Workers beyond this process, which serve one harvest after another."""

    def engine(self, tools: Tools) -> Engine:
        """An engine for one harvest.

        Raises:
            UsageError: A worker does not see the catalogue folder.
        """
        ...


def run(unit: Unit, tools: Tools) -> Reading | Gathered:
    """Do one unit of work, wherever this is."""
    subject = unit.subject
    if isinstance(subject, Job):
        return read(
            subject,
            fetcher=tools.fetcher,
            files=tools.files,
            limits=tools.limits,
            unless=unit.unless,
            keep=tools.keep,
            only=tools.only,
            forgotten=tools.forgotten,
        )
    return gather(
        subject,
        fetcher=tools.fetcher,
        files=tools.files,
        limits=tools.limits,
        forgotten=tools.forgotten,
    )
