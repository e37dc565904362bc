"""``catalogue gallery``: pictures as a folder of static pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import completing, options
from catalogue.cli.output import complain, plain, print_json, tell
from catalogue.cli.progress import Line


def run(
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The gallery's folder.")],
    words: options.QueryWords = None,
    title: Annotated[str, typer.Option(help="Heading of the pages.")] = "Pictures of Mars",
    thumb_size: Annotated[
        int,
        typer.Option("--thumb-size", min=32, max=2048, help="Pixels; twice as many are made too."),
    ] = 320,
    originals: Annotated[
        str,
        typer.Option(
            "--originals",
            metavar="copy|link|none",
            help="Picture files: in the gallery, linked where they came from, or not offered.",
            autocompletion=completing.known("catalogue.gallery.options", "ORIGINALS"),
        ),
    ] = "copy",
    per_page: Annotated[
        int, typer.Option("--per-page", min=1, max=10_000, help="Pictures on a page at first.")
    ] = 60,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="URL",
            help="Where the gallery will stand, for feed and site map.",
            show_default=False,
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="DIR",
            help="Templates and styles of your own.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", min=1, max=256, metavar="N", help="At one time.", show_default=False
        ),
    ] = None,
    spacecraft: options.Spacecraft = None,
    instrument: options.Instrument = None,
    subject: options.Subject = None,
    credit: options.CreditWords = None,
    since: options.Since = None,
    until: options.Until = None,
    sort: options.Sort = "newest",
    limit: options.Limit = None,
    offset: options.Offset = 0,
    all_renditions: Annotated[
        bool,
        typer.Option("--all-renditions", help="Every file of a picture, not the best alone."),
    ] = False,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Build a gallery that opens by double click and from any web server.

    Every picture is shown with its credit. The pages ask nothing of any other place. Building
    again touches only what changed, and leaves alone what no gallery made.

        catalogue gallery --to gallery --title "Our Mars"

        catalogue gallery spacecraft:mro kind:photo --to from-orbit --originals link
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
    with Line() as line, options.open_catalogue(folder) as catalogue:
        report = catalogue.gallery(
            query,
            to=to,
            sort=sort,
            limit=limit,
            offset=offset,
            renditions=all_renditions,
            title=title,
            thumb_size=thumb_size,
            originals=originals,
            per_page=per_page,
            base_url=base_url,
            template=template,
            jobs=jobs,
            progress=lambda done, total: line.show(f"thumbnails {done} of {total}"),
        )
    for failure in report.failures:
        complain(f"{plain(failure.url or failure.image)}: {failure.detail}")
    if json:
        print_json(
            {
                "kind": "summary",
                "index": str(report.index),
                "pictures": report.pictures,
                "text_only": report.text_only,
                "uncredited": report.uncredited,
                "thumbnails_made": report.thumbnails_made,
                "written": report.written,
                "removed": report.removed,
                "failed": [failure.image for failure in report.failures],
            }
        )
    else:
        print(plain(report.index))
        count = f"{report.pictures} {'picture' if report.pictures == 1 else 'pictures'}"
        if not report.written and not report.removed:
            tell(f"{count}; nothing has changed")
        else:
            tell(f"{count}; {report.written} files written, {report.removed} removed")
        if report.text_only:
            tell(f"{report.text_only} without a file, shown as text")
        if report.uncredited:
            tell(f"{report.uncredited} without a known credit, marked as such")
    if report.failures:
        raise typer.Exit(1)
