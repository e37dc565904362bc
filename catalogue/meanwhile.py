"""What is made in another thread while this one goes on, as long as it has something else to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Meanwhile(Generic[T]):
    """Something that takes a while to make, and is not needed at once.

    Any thread may ask for it; it is made once.

    >>> answer = Meanwhile(lambda: 6 * 7)
    >>> answer.begin()
    >>> answer.get()
    42
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: Future[T] = Future()
        self._beginning = threading.Lock()

    def begin(self) -> None:
        """Have it made, where that has not begun."""
        with self._beginning:
            if self.begun:
                return
            self._made.set_running_or_notify_cancel()
        # A thread of its own, and no pool's: whoever ends the program does not wait for it.
        threading.Thread(target=self._run, name="meanwhile", daemon=True).start()

    @property
    def begun(self) -> bool:
        """Whether anybody asked for it yet."""
        return self._made.running() or self._made.done()

    @property
    def over(self) -> bool:
        """Whether it is made, or could not be."""
        return self._made.done()

    def get(self) -> T:
        """What was made; waited for. What went wrong at that is raised, as often as it is asked."""
        self.begin()
        return self._made.result()

    def _run(self) -> None:
        try:
            made = self._make()
        except BaseException as error:  # raised where it is asked for
            self._made.set_exception(error)
        else:
            self._made.set_result(made)
