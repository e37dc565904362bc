"""A catalogue of Mars mission images: who took each, with what, of what, and whom to credit.

What is public is listed in ``__all__``; everything is imported when it is first asked for, so that
``import catalogue`` costs next to nothing. Inside the package, modules import a name from the
module that defines it, never from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue
    from catalogue.errors import CatalogueError
    from catalogue.model import Record
    from catalogue.query import Query

__all__ = ["Catalogue", "CatalogueError", "Query", "Record", "__version__"]

__version__ = "0.1.0"

DISTRIBUTION = "mars-image-catalogue"
"""Tells this package from the registry library of the same import name (see ``catalogue.cli``)."""

_HOMES = {
    "Catalogue": "catalogue.catalogue",
    "CatalogueError": "catalogue.errors",
    "Query": "catalogue.query",
    "Record": "catalogue.model",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
