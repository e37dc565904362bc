"""``catalogue export``: a set of pictures that carry their credit."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import completing, options
from catalogue.cli.output import complain, plain, print_json, tell
from catalogue.cli.progress import Line


def run(
    to: Annotated[
        Path,
        typer.Option("--to", metavar="PATH", help="Folder to write (again); for zip, the file."),
    ],
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
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="folder, zip, bagit or ro-crate.",
            autocompletion=completing.known("catalogue.export", "FORMATS"),
        ),
    ] = "folder",
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="TEMPLATE",
            help="File names, as {date}_{spacecraft}_{instrument}_{title}_{id}.",
            show_default=False,
        ),
    ] = None,
    max_size: Annotated[
        int | None,
        typer.Option(
            "--max-size", min=1, metavar="PIXELS", help="Longer side; larger ones are made smaller."
        ),
    ] = None,
    allow_uncredited: Annotated[
        bool,
        typer.Option("--allow-uncredited", help="Take pictures without a credit, marked as such."),
    ] = False,
    split_by_licence: Annotated[
        bool, typer.Option("--split-by-licence", help="A folder for each licence or terms of use.")
    ] = False,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Hand over pictures with caption, credit, source and rights in every file.

    Beside them lie CREDITS.md, .html and .txt, credits.csv, manifest.json and sha256sums.txt.
    Pictures without a credit are left out and named (exit status 1).

        catalogue export spacecraft:mro has:credit --to orbiter-set

        catalogue export 'dust devil' --to devils.zip --format zip --max-size 2000

    The same folder may be exported to again: what changed is written, what no longer belongs is
    removed, files of others are left alone.
    """
    query = options.query_text(
        words,
        spacecraft=spacecraft,
        instrument=instrument,
        subject=subject,
        credit=credit,
        since=since,
        until=until,
    )
    counts: Counter[str] = Counter()
    with Line() as line, options.open_catalogue(folder) as catalogue:
        total = max(0, catalogue.count(query) - offset) if line.wanted else 0
        total = total if limit is None else min(total, limit)
        results = catalogue.exporting(
            query,
            to=to,
            format=format,
            sort=sort,
            limit=limit,
            offset=offset,
            name=name,
            max_size=max_size,
            allow_uncredited=allow_uncredited,
            split_by_licence=split_by_licence,
        )
        for result in results:
            counts[result.outcome] += 1
            if json:
                print_json(dataclasses.asdict(result))
            if result.failed or (result.detail and not json):
                line.clear()
                shown = (result.image or "")[:12]
                what = result.file or result.url or result.page or "picture"
                complain(f"{result.outcome}: {shown} ({plain(what)}): {result.detail}")
            line.show(f"pictures {counts.total()} of {total}")
    failed = sum(
        number for outcome, number in counts.items() if outcome.startswith(("failed:", "refused:"))
    )
    done = counts["exported"] + counts["unchanged"]
    if json:
        print_json({"kind": "summary", "to": str(to), "files": done, "outcomes": dict(counts)})
    else:
        parts = [f"{done} {'picture' if done == 1 else 'pictures'} in {to}"]
        if counts["unchanged"]:
            parts.append(f"{counts['unchanged']} of them unchanged")
        parts += [
            f"{number} {outcome}"
            for outcome, number in sorted(counts.items())
            if outcome not in ("exported", "unchanged")
        ]
        tell(", ".join(parts))
    if failed:
        raise typer.Exit(1)
