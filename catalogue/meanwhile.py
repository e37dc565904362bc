"""What is made in another thread while this one goes on, as long as it has something else to do."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
        self._made: list[T] = []
        self._wrong: list[BaseException] = []
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()

    def begin(self) -> None:
        """Have it made, where that has not begun."""
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="meanwhile", daemon=True)
                self._thread.start()

    @property
    def begun(self) -> bool:
        """Whether anybody asked for it yet."""
        return self._thread is not None

    @property
    def over(self) -> bool:
        """Whether it is made, or could not be."""
        return self._thread is not None and not self._thread.is_alive()

    def get(self) -> T:
        """What was made; waited for. What went wrong at that is raised, as often as it is asked."""
        self.begin()
        assert self._thread is not None
        self._thread.join()
        for error in self._wrong:
            raise error
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._make())
        except BaseException as error:  # raised where it is asked for
            self._wrong.append(error)
