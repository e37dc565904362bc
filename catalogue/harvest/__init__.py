"""One harvest: sources in, outcomes out; in between, pages and pictures are had and kept.

The work on one page or picture is done by the functions of :mod:`catalogue.gathering`, which know
no database. :func:`harvest` has an engine run them, host by host so that a slow one holds nobody
else up, and is the one writer: it keeps what came back, and only then tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.fetch.interface import Fetcher
from catalogue.gathering import Limits, check_sources
from catalogue.harvest.options import DEFAULT_OPTIONS, Options, Progress
from catalogue.harvest.run import Coming, Run
from catalogue.model import Outcome

if TYPE_CHECKING:
    from catalogue.store import Store

__all__ = ["DEFAULT_OPTIONS", "Coming", "Limits", "Options", "Progress", "check_sources", "harvest"]


def harvest(
    sources: Iterable[str | Path],
    *,
    store: Store | Coming | None,
    fetcher: Fetcher,
    options: Options = DEFAULT_OPTIONS,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[Outcome]:
    """Harvest sources, keeping what they give, and tell what became of each page and picture.

    A picture is told of as stored when its row is committed, not before. Whatever ends the
    harvest, the next one completes it.

    Args:
        sources: Addresses, files, folders, patterns.
        store: Where it is kept; one that is there already, or is made while the first answers are
            waited for. None only for a dry run without a catalogue.
        fetcher: Gets the bytes.
        options: How to go about it.
        progress: Called now and then.

    Raises:
        CatalogueUnusable: The catalogue cannot be written.
    """
    run = Run(store, fetcher, options, progress)
    try:
        yield from run.through(sources)
    finally:
        run.end()
