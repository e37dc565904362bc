"""The index beside a harvest: what was kept can be found while the harvest goes on."""

from __future__ import annotations

import contextlib
import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.meanwhile import Meanwhile

if TYPE_CHECKING:
    from catalogue.registry import Registry
    from catalogue.store import Store


class Beside:
    """Indexes what a harvest keeps, in a thread and over a connection of its own.

    It takes up whatever waits by the time that it is through with the last lot: at the end of the
    harvest little is left, for which a person has to wait. Where nothing is kept, the rules are not
    even loaded: that is most of what a harvest takes which finds all there.

    Args:
        folder: The catalogue folder.
        registry: Gives the facts that rules rest on, loaded when they are needed.
    """

    def __init__(self, folder: Path, registry: Callable[[], Registry]) -> None:
        self._folder = folder
        self._registry = registry
        self._work = Meanwhile(self._index)
        self._news = threading.Event()
        self._over = threading.Event()

    def tell(self) -> None:
        """Something was kept."""
        self._news.set()
        self._work.begin()

    def finish(self, store: Store) -> None:
        """Index what still waits, when nothing more is kept."""
        self._over.set()
        self._news.set()
        if self._work.begun:
            self._work.get()
        with _if_there_is_room():
            if store.count_waiting():
                from catalogue.index import index

                index(store, self._registry())
            elif self._work.begun:
                store.tidy()

    def _index(self) -> None:
        from catalogue.index import lots
        from catalogue.store.database import Store

        registry = self._registry()
        with _if_there_is_room(), Store.open(self._folder) as own:
            own.hurry()
            over = False
            while not over:
                self._news.wait()
                self._news.clear()
                over = self._over.is_set()  # then this is the last time
                for _ in lots(own, registry):
                    pass


@contextlib.contextmanager
def _if_there_is_room() -> Iterator[None]:
    """Do what can be done another time, and leave it where the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
