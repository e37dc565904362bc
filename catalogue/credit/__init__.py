"""Credit lines: who is named in them, in one normal form, and what may be done with the picture.

``lines`` tells a credit line from a caption; ``reading`` understands one, with the names and words
of the registry (``vocabulary``), the licence that it states (``licences``) and the terms of those
who are credited (``terms``). The published line itself is never altered.

Who reads pages needs ``lines`` alone, and so loads no registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalogue.credit.reading import read_credit

__all__ = ["read_credit"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from catalogue.credit import reading

    return getattr(reading, name)
