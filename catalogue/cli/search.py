"""``catalogue search``: what the catalogue holds, found by words and fields."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from catalogue.cli import completing, options, records
from catalogue.cli.output import is_terminal, plain, print_csv, print_json, print_rows, tell
from catalogue.errors import UsageError

if TYPE_CHECKING:
    from catalogue.record import Record

PAGE = 50
"""Pictures shown on a terminal where no limit is given."""


def run(
    words: options.QueryWords = None,
    spacecraft: options.Spacecraft = None,
    instrument: options.Instrument = None,
    subject: options.Subject = None,
    credit: options.CreditWords = None,
    since: options.Since = None,
    until: options.Until = None,
    sort: options.Sort = "relevance",
    limit: options.Limit = None,
    offset: options.Offset = 0,
    json: options.Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    ids: Annotated[bool, typer.Option("--ids", help="Print IDs, one a line.")] = False,
    count: Annotated[bool, typer.Option("--count", help="Print how many there are.")] = False,
    facets: Annotated[
        bool,
        typer.Option(
            "--facets", help="Add counts by spacecraft, instrument, credit, site and year."
        ),
    ] = False,
    all_renditions: Annotated[
        bool,
        typer.Option("--all-renditions", help="Every file of a picture, not the best alone."),
    ] = False,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="ID", help="Begin behind that picture: the next page."),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="NAME", help="Keep the query, to be used as saved:NAME."),
    ] = None,
    saved: Annotated[
        bool, typer.Option("--saved", help="List the searches that are kept, and search nothing.")
    ] = False,
    unsave: Annotated[
        str | None,
        typer.Option(
            "--unsave",
            metavar="NAME",
            help="Keep a search no longer, and search nothing.",
            autocompletion=completing.value_of("saved"),
        ),
    ] = None,
    folder: options.CatalogueFolder = None,
) -> None:
    """Find pictures by words and fields, best match first.

    Words are looked for in captions, titles, credits and alternative text. Fields narrow:

        catalogue search dust devil spacecraft:curiosity

        catalogue search 'subject:perseverance -spacecraft:perseverance'

        catalogue search 'credit:"University of Arizona" since:2021-02 has:file' --json
    """
    if sum((json and not count, as_csv, ids, count)) > 1:
        raise UsageError("--json, --csv, --ids and --count: choose one")
    query = options.query_text(
        words,
        spacecraft=spacecraft,
        instrument=instrument,
        subject=subject,
        credit=credit,
        since=since,
        until=until,
    )
    with options.open_catalogue(folder) as catalogue:
        if unsave is not None:
            tell(f"saved:{unsave} is kept no longer; it was {catalogue.drop_search(unsave)}")
        if saved:
            _print_saved(catalogue.saved_searches(), json=json)
        if saved or unsave is not None:
            return
        if save is not None:
            former = catalogue.save_search(save, query)
            tell(f"kept as saved:{save}" + (f", which was {former}" if former else ""))
        people = not (json or as_csv or ids or count)
        on_screen = people and is_terminal()
        if on_screen and limit is None:
            limit = PAGE
        if count:
            found = catalogue.count(query, renditions=all_renditions)
            print_json({"count": found}) if json else print(found)
        else:
            matches = catalogue.search(
                query, sort=sort, limit=limit, offset=offset, renditions=all_renditions, after=after
            )
            if on_screen:
                shown = _print_table(matches)
                total = catalogue.count(query, renditions=all_renditions)
                part = f" ({offset + 1} to {offset + shown})" if 0 < shown < total else ""
                tell(f"{total} {'picture' if total == 1 else 'pictures'}{part}")
            else:
                shown = _print_rows(matches, json=json, as_csv=as_csv, ids=ids)
            if people and not shown and not catalogue.count(query, renditions=all_renditions):
                _advise(query, catalogue.unknown_words(query))
        if facets:
            counts = catalogue.facets(query, renditions=all_renditions)
            if json:
                print_json({"facets": counts})
            else:  # which are no rows of a CSV file
                _print_facets(counts, sys.stderr if as_csv or ids else sys.stdout)


def _print_saved(kept: Mapping[str, str], *, json: bool) -> None:
    if json:
        for name, query in kept.items():
            print_json({"name": name, "query": query})
    else:
        print_rows((f"saved:{name}", query) for name, query in kept.items())


def _print_table(matches: Iterable[Record]) -> int:
    """For people; how many there are."""
    lines = [records.as_line(record) for record in matches]
    if lines:
        for line in records.table(lines, get_terminal_size().columns):
            print(line)
    return len(lines)


def _print_rows(matches: Iterable[Record], *, json: bool, as_csv: bool, ids: bool) -> int:
    """For programs, each as soon as it is found; how many there are."""
    if as_csv:
        print_csv(records.CSV_COLUMNS)
    shown = 0
    for record in matches:
        shown += 1
        if json:
            print_json(records.as_json(record))
        elif ids:
            print(record.id)
        elif as_csv:
            print_csv(records.as_csv(record))
        else:
            print("\t".join(records.as_line(record)))
    return shown


def _advise(query: str, unknown: Mapping[str, Sequence[str]]) -> None:
    if not unknown and len(query.split()) > 1:
        tell("no picture fits all of this; OR between two words finds what has one of them")
    for word, near in unknown.items():
        like = f"; did you mean {' or '.join(near)}?" if near else ""
        tell(f"no picture has the word {word!r}{like}")


def _print_facets(counts: Mapping[str, Mapping[str, int]], to: TextIO) -> None:
    for name, values in counts.items():
        if values:
            print(f"\n{name}", file=to)
        for value, number in values.items():
            print(f"{number:8}  {plain(value)}", file=to)
