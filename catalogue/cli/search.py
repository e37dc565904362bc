"""``catalogue search``: what the catalogue holds, found by words and fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import is_terminal, plain, print_csv, print_json, tell
from catalogue.errors import UsageError

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
    options.checked_sort(sort)
    from catalogue.cli import records

    with options.open_catalogue(folder) as catalogue:
        if save is not None:
            catalogue.save_search(save, query)
            tell(f"kept as saved:{save}")
        if count:
            found = catalogue.count(query, renditions=all_renditions)
            if json:
                print_json({"count": found})
            else:
                print(found)
            if facets:
                _print_facets(catalogue.facets(query, renditions=all_renditions), json=json)
            return
        people = not (json or as_csv or ids)
        if people and is_terminal() and limit is None:
            limit = PAGE
        matches = catalogue.search(
            query, sort=sort, limit=limit, offset=offset, renditions=all_renditions, after=after
        )
        shown = 0
        if people and is_terminal():
            lines = [records.as_line(record) for record in matches]
            shown = len(lines)
            if lines:
                for line in records.table(lines, get_terminal_size().columns):
                    print(line)
            total = catalogue.count(query, renditions=all_renditions)
            part = f" ({offset + 1} to {offset + shown})" if 0 < shown < total else ""
            tell(f"{total} {'picture' if total == 1 else 'pictures'}{part}")
        else:
            if as_csv:
                print_csv(records.CSV_COLUMNS)
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
        if people and not shown:
            _advise(catalogue.unknown_words(query))
        if facets:
            _print_facets(catalogue.facets(query, renditions=all_renditions), json=json)


def _advise(unknown: Mapping[str, Sequence[str]]) -> None:
    for word, near in unknown.items():
        like = f"; did you mean {' or '.join(near)}?" if near else ""
        tell(f"no picture has the word {word!r}{like}")


def _print_facets(counts: Mapping[str, Mapping[str, int]], *, json: bool) -> None:
    if json:
        print_json({"facets": counts})
        return
    for name, values in counts.items():
        if values:
            print(f"\n{name}")
        for value, number in values.items():
            print(f"{number:8}  {plain(value)}")
