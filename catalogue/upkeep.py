"""Keeping a catalogue sound: finding what is amiss, and mending what can be mended.

Nothing that might be a picture is ever deleted here: what a repair cannot use is set aside in the
folder ``orphans``, and told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.errors import CatalogueUnusable
from catalogue.registry import Registry
from catalogue.store import Problem, Store

if TYPE_CHECKING:
    from catalogue.fetch.interface import Fetcher


def verify(
    store: Store, registry: Registry, *, repair: bool = False, fetcher: Fetcher | None = None
) -> Iterator[Problem]:
    """Read everything again and tell what is amiss; nothing where all is sound.

    Args:
        store: The catalogue.
        registry: Facts for the index, where it has to be made anew.
        repair: Mend what can be mended.
        fetcher: Has damaged and missing pictures again; without one, they stay as they are.

    Yields:
        What is amiss, each thing once; with ``repair``, after it was dealt with.
    """
    problems = store.check()
    if not repair:
        yield from problems
        return
    store.begin_writing()
    found = list(problems)
    for problem in found:
        if problem.what in {"orphan", "leftover"}:
            yield _set_aside(store, problem)
        elif problem.what in {"damaged", "missing"}:
            yield _have_again(store, problem, fetcher)
        elif problem.what == "unfinished":
            store.files.sweep()
            yield replace(problem, mended=True, detail=f"{problem.detail}; removed")
    ours = [problem for problem in found if problem.what in {"database", "full-text", "index"}]
    if ours:
        yield from _derive_again(store, registry, ours)


def _set_aside(store: Store, problem: Problem) -> Problem:
    moved = store.files.set_aside(problem.where)
    advice = f"moved to {moved}; 'catalogue harvest' takes it in again"
    return replace(problem, mended=True, detail=f"{problem.detail}; {advice}")


def _have_again(store: Store, problem: Problem, fetcher: Fetcher | None) -> Problem:
    """A damaged or missing file: had again if it can be, else told what would help."""
    addresses = [url for url in store.addresses_of(problem.where) if "://" in url]
    if problem.where.startswith("pages/"):
        if problem.what == "damaged":
            store.files.set_aside(problem.where)
        pages = ", ".join(store.give_up_snapshot(problem.where))
        words = f"the page's copy is given up; 'catalogue harvest --refresh' makes one: {pages}"
        return replace(problem, mended=True, detail=f"{problem.detail}; {words}")
    again = "or 'catalogue harvest --refresh' where it came from"
    words = f"no address is known from which to have it again; restore it from a copy, {again}"
    if addresses and fetcher is None:
        words = f"it was at {addresses[0]}; 'catalogue verify --repair' without --offline, {again}"
    if addresses and fetcher is not None:
        words = _fetched_again(store, problem, addresses, fetcher)
        if not words:
            return replace(problem, mended=True, detail=f"{problem.detail}; had again")
    return replace(problem, detail=f"{problem.detail}; {words}")


def _fetched_again(store: Store, problem: Problem, addresses: list[str], fetcher: Fetcher) -> str:
    """Have the bytes again; why not, in words, or nothing where it went well."""
    from catalogue.gathering import Wanted, gather
    from catalogue.model import Appearance

    wanted = Wanted(
        appearance=Appearance(url=addresses[0]),
        candidates=tuple(addresses),
        page_url=None,
        page="",
    )
    gathered = gather(wanted, fetcher=fetcher, files=store.files)
    if gathered.image is None:
        return f"having it again failed: {gathered.outcome.outcome} {gathered.outcome.detail}"
    if gathered.image.id != problem.sha256:
        if gathered.image.file not in {file for file, _ in store.known_files()}:
            store.files.remove(gathered.image.file)
        return "what is at its address now is another picture; 'catalogue harvest' takes that in"
    return ""


def _derive_again(store: Store, registry: Registry, problems: list[Problem]) -> Iterator[Problem]:
    """Damage in what is derived is mended by deriving it anew; then the database is asked again."""
    from catalogue.index import index

    try:
        if any(problem.what != "index" for problem in problems):
            store.drop_derived()
        index(store, registry)
    except CatalogueUnusable as error:
        for problem in problems:
            yield replace(problem, detail=f"{problem.detail}; deriving anew failed: {error}")
        return
    left = {(problem.what, problem.where) for problem in store.check_database()}
    for problem in problems:
        mended = (problem.what, problem.where) not in left
        words = "derived anew" if mended else "restore the database from a copy"
        yield replace(problem, mended=mended, detail=f"{problem.detail}; {words}")
