"""The catalogue folder: a database, and beside it the very bytes of pictures and pages.

Three writers share it, each with tables of its own: what was **seen** (a harvest), what **follows**
from it (the index), what a person **said** (corrections). This package knows tables and files; it
knows no rule.

A search opens a :class:`~catalogue.store.reader.Reader` and imports nothing of what writes;
the names of ``__all__`` are imported when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalogue.store.check import Problem
    from catalogue.store.database import Store
    from catalogue.store.reader import Reader
    from catalogue.store.seen import Failure, PageState

__all__ = ["Failure", "PageState", "Problem", "Reader", "Store"]

_HOMES = {
    "Failure": "catalogue.store.seen",
    "PageState": "catalogue.store.seen",
    "Problem": "catalogue.store.check",
    "Reader": "catalogue.store.reader",
    "Store": "catalogue.store.database",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
