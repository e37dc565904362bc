"""In which order a harvest takes up what the sources name, so that it depends on no timing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from catalogue.gathering import Job, Reading
from catalogue.model import Validators


@dataclass(slots=True)
class Archive:
    """An archive of pages on its way: surveyed, then read, page by page."""

    job: Job
    mark: Validators
    number: int
    """In the order in which they were named."""
    reading: Reading | None = None
    """What its survey gave; None until then."""
    left: int = 0
    """Pages of it that are not settled."""
    sound: bool = True
    """Whether nothing of it failed in a way that the next harvest might mend."""

    @property
    def finished(self) -> bool:
        """Whether all its pages are settled, and none has to be looked at again."""
        return self.reading is not None and not self.left and self.sound


@dataclass(frozen=True, slots=True)
class Next:
    """A job whose turn it is, and the archive that it is a page of."""

    job: Job
    archive: Archive | None


class Order:
    """The jobs of a harvest, each address once.

    What a list leads to comes next. Archives are surveyed several at a time, and their pages come
    in the order of the archives, whichever was surveyed first: of two that hold the same page, the
    first counts.

    Args:
        jobs: What the sources name.
        archives: How many archives may be under way, told anew each time.
    """

    def __init__(self, jobs: Iterator[Job], archives: Callable[[], int]) -> None:
        self._sources: Iterator[Job] | None = jobs
        self._limit = archives
        self._more: deque[tuple[Iterator[Job], Archive | None]] = deque()
        self._surveys: deque[Archive] = deque()
        self._seen: set[str] = set()

    @property
    def over(self) -> bool:
        """Whether there is nothing more to come."""
        return self._sources is None and not self._more and not self._surveys

    def add(self, more: Iterable[Job]) -> None:
        """Take up what a list led to."""
        self._more.appendleft((iter(more), None))

    def await_survey(self, archive: Archive) -> None:
        """Keep the place of an archive until it is surveyed."""
        self._surveys.append(archive)

    def next(self) -> Next | None:
        """The next job; None where that depends on what is under way, or there is none."""
        while True:
            found = self._next()
            if found is None or found.job.address not in self._seen:
                break
            if found.archive is not None:
                found.archive.left -= 1
        if found is not None:
            self._seen.add(found.job.address)
        return found

    def _next(self) -> Next | None:
        while self._more:
            jobs, archive = self._more[0]
            job = next(jobs, None)
            if job is not None:
                return Next(job, archive)
            self._more.popleft()
            self._surveyed()
        self._surveyed()
        if self._more:
            return self._next()
        if self._sources is None or len(self._surveys) >= self._limit():
            return None
        job = next(self._sources, None)
        if job is None:
            self._sources = None
            return None
        return Next(job, None)

    def _surveyed(self) -> None:
        """Let the pages of the first archive come, where it has been surveyed."""
        if self._surveys and self._surveys[0].reading is not None:
            archive = self._surveys.popleft()
            assert archive.reading is not None
            self._more.append((iter(archive.reading.more), archive))
