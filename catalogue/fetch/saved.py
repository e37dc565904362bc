"""A fetcher that answers from a table, for tests of harvests and of programs built on them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from pathlib import Path

from catalogue.errors import FetchError
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched
from catalogue.fetch.policy import clean
from catalogue.model import Validators


class FakeFetcher:
    """Answers with the bytes of a table, raises what stands there, and remembers who was asked.

    Args:
        answers: Per address the bytes, a whole :class:`Fetched`, or the error to raise. An
            address that is not there is answered as a server would: ``http-404``.

    >>> FakeFetcher({"http://a.example/": b"hello"}).get("http://a.example/", limit=10).size
    5
    """

    def __init__(self, answers: Mapping[str, bytes | Fetched | Exception]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self._lock = threading.Lock()

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
        """Answer from the table; see :class:`~catalogue.fetch.interface.Fetcher`."""
        with self._lock:
            self.asked.append(url)
        answer = self.answers.get(url)
        if answer is None:
            raise FetchError("not found", reason="http-404")
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Fetched):
            return answer
        if len(answer) > limit:
            raise FetchError(f"more than {limit} bytes", reason="too-large")
        return Fetched(
            url=clean(url),
            data=answer,
            size=len(answer),
            sha256=hashlib.sha256(answer).hexdigest(),
            media_type="" if picture else "text/html",
        )
