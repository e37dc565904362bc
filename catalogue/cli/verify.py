"""``catalogue verify``: read everything again, tell what is amiss, mend what can be mended."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import plain, print_json, tell

if TYPE_CHECKING:
    from catalogue.fetch.interface import Fetcher


def run(
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Mend what can be mended; ask again for lost pictures."),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="With --repair: ask nothing of the network.")
    ] = False,
    allow_host: options.AllowHost = None,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Read everything again: files against their hashes, the database, rows without files.

    Exit status 1 where anything is amiss, and with --repair where anything still is. What a
    stopped run left, and the next one takes up by itself, is told and is not amiss. A repair
    deletes no picture: files that it cannot use are moved to the folder orphans, and told.

    Example:

        catalogue verify

        catalogue verify --repair
    """
    named = options.folder(folder)
    if _is_bare(named):
        tell(f"nothing was harvested into {named} yet: there is nothing to verify")
        if json:
            print_json({"problems": 0, "mended": 0, "left": 0})
        return
    found = left = mended = 0
    with options.open_catalogue(folder) as catalogue:
        fetcher = _fetcher(allow_host) if repair and not offline else None
        for problem in catalogue.verifying(repair=repair, fetcher=fetcher):
            found += 1
            mended += problem.mended
            left += not problem.mended and not problem.harmless
            if json:
                print_json(dataclasses.asdict(problem) | {"harmless": problem.harmless})
            else:
                state = f"{problem.what}, mended" if problem.mended else problem.what
                print(f"{state}: {plain(problem.where)}: {plain(problem.detail)}")
    if json:
        print_json({"problems": found, "mended": mended, "left": left})
    elif not found:
        tell("everything is sound")
    elif not left:
        tell(f"sound; told of {found}, {mended} mended")
    else:
        advice = "" if repair else " ('catalogue verify --repair' mends what can be mended)"
        tell(f"{left} amiss, {mended} mended{advice}")
    if left:
        raise typer.Exit(1)


def _is_bare(folder: Path) -> bool:
    """Whether a folder is there with nothing in it, as a harvest leaves it that ended at once."""
    try:
        return folder.is_dir() and not any(folder.iterdir())
    except OSError:
        return False


def _fetcher(allow_host: list[str] | None) -> Fetcher:
    from catalogue.fetch.policy import Manners, allowed_hosts
    from catalogue.fetch.web import WebFetcher

    return WebFetcher(Manners(allow_hosts=allowed_hosts(allow_host or ())))
