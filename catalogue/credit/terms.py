"""Under what terms a picture may be used, by those who are credited and the licence stated."""

from __future__ import annotations

from catalogue.model import Rights
from catalogue.registry import Registry


def terms_of(
    organisations: tuple[str, ...], licence: str | None, registry: Registry
) -> Rights | None:
    """What the registry knows of the use of a picture; None where it is not known.

    Where the terms of several owners differ, none is chosen: it is not known which of them hold.

    Args:
        organisations: Ids, in the order of the credit line.
        licence: As the line states it, in normal form.
        registry: The facts.
    """
    return None
