"""What is under way: transfers, which end at their deadline, and pauses; all end when told to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from catalogue.fetch.interface import Stopped

_LOOK_EVERY = 0.25


@dataclass(slots=True)
class Transfer:
    """One attempt under way."""

    expires: float
    sockets: list[socket.socket] = field(default_factory=list)
    expired: bool = False
    stopped: bool = False

    @property
    def cut_off(self) -> bool:
        """Whether its end was made by us."""
        return self.expired or self.stopped

    def cut(self) -> None:
        """End it, whatever it waits for."""
        for sock in self.sockets:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Watch:
    """Watches over the requests of all threads: a timeout of a socket alone ends no slow drip.

    Args:
        deadline: Seconds for one transfer.
    """

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[int, Transfer] = {}
        self._pauses: dict[int, str] = {}
        self._of_thread = threading.local()
        self._thread: threading.Thread | None = None

    @contextmanager
    def transfer(self) -> Iterator[Transfer]:
        """A transfer of this thread, ended when its time is up.

        Raises:
            Stopped: Nothing is begun any more.
        """
        if self._end.is_set():
            raise Stopped
        transfer = Transfer(time.monotonic() + self._deadline)
        self._of_thread.transfer = transfer
        self._open[id(transfer)] = transfer
        self._begin()
        try:
            yield transfer
        finally:
            self._open.pop(id(transfer), None)
            self._of_thread.transfer = None

    def note(self, sock: socket.socket | None) -> None:
        """Learn over which socket this thread's transfer runs."""
        transfer: Transfer | None = getattr(self._of_thread, "transfer", None)
        if transfer is not None and sock is not None:
            transfer.sockets.append(sock)

    def pause(self, seconds: float, host: str) -> None:
        """Let a host rest.

        Raises:
            Stopped: It was cut short.
        """
        me = threading.get_ident()
        self._pauses[me] = host
        try:
            if self._end.wait(seconds):
                raise Stopped
        finally:
            del self._pauses[me]

    @property
    def pauses(self) -> tuple[str, ...]:
        """The host of each pause that is kept just now."""
        return tuple(self._pauses.copy().values())

    def end(self) -> None:
        """End everything under way; nothing is begun any more."""
        self._end.set()
        for transfer in list(self._open.values()):
            transfer.stopped = True
            transfer.cut()

    def _begin(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                    self._thread.start()

    def _look(self) -> None:
        while not self._end.wait(_LOOK_EVERY):
            now = time.monotonic()
            for transfer in list(self._open.values()):
                if now > transfer.expires and not transfer.expired:
                    transfer.expired = True
                    transfer.cut()
