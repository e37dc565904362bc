"""``catalogue extract``: what the reader finds on pages, for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, print_json

if TYPE_CHECKING:
    from catalogue.model import Document, Page

MAX_PAGE = 64_000_000
"""Bytes of one page that are fetched."""


def run(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE...", help="Saved pages, archives, feeds, texts, folders."),
    ],
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            help="Address that the page was saved from, to make its relative addresses whole.",
            show_default=False,
        ),
    ] = None,
    allow_host: options.AllowHost = None,
    json: options.JsonAnyway = False,
) -> None:
    """Print what each page says of its pictures: address, caption, credit, alt text.

    One JSON line a page. Nothing is downloaded when SOURCE is a file; of an address, that page
    alone. A saved page, with the address that it came from:

        catalogue extract story.html --url https://example.org/story

    Every page of an archive:

        catalogue extract stories.warc.gz 's3://bucket/crawl/*.warc.gz'
    """
    from catalogue.errors import CatalogueError

    failed = False
    for source in sources:
        try:
            failed |= _extract(source, url, allow_host or ())
        except CatalogueError as error:
            if error.exit_status == 2:
                raise
            complain(f"{source}: {error}")
            failed = True
    if failed:
        raise typer.Exit(1)


def _extract(source: str, url: str | None, allow_host: Iterable[str]) -> bool:
    """Print the pages of one source; tells whether some could not be read."""
    from dataclasses import replace
    from itertools import chain
    from pathlib import Path

    from catalogue.fetch import objects
    from catalogue.model import Document, Outcome, Page
    from catalogue.sources import Link, open_document, open_path, read_article
    from catalogue.sources.kinds import Kind, kind_of
    from catalogue.sources.warc import Warc

    failed = False
    path = Path(source)
    members: Iterable[Any]
    if objects.is_stored(source):
        archives = objects.matching(source)
        members = chain.from_iterable(Warc(one).members() for one in archives)
    elif source.startswith(("http://", "https://")):
        members = open_document(_fetched(source, allow_host)).members()
    else:
        members = open_path(path).members()
    for member in members:
        name = source
        if isinstance(member, Outcome):
            complain(f"{member.url}: {member.detail}")
            failed = True
            continue
        if isinstance(member, Link):
            complain(f"{source}: names {member.url}, which is not fetched here")
            continue
        if isinstance(member, Document):
            if path.is_dir():
                name = member.address
            kind = kind_of(member.data[:8192], name=name, media_type=member.media_type)
            if kind is Kind.IMAGE:
                if name == source:
                    complain(f"{name}: a picture, and no page that tells of pictures")
                continue
            page = read_article(replace(member, url=url or member.url))
        else:
            page = member
        assert isinstance(page, Page)
        for note in page.notes:
            complain(f"{name}: {note}")
        print_json(_as_json(name, page))
    return failed


def _fetched(url: str, allow_host: Iterable[str]) -> Document:
    """The page behind an address."""
    from pathlib import Path

    from catalogue.fetch.policy import Manners, allowed_hosts
    from catalogue.fetch.web import WebFetcher
    from catalogue.model import Document

    manners = Manners(allow_hosts=allowed_hosts(allow_host))
    answer = WebFetcher(manners).get(url, limit=MAX_PAGE)
    data = answer.data.read_bytes() if isinstance(answer.data, Path) else answer.data
    return Document(
        address=url,
        data=data,
        url=answer.url,
        media_type=answer.media_type,
        charset=answer.charset,
    )


def _as_json(name: str, page: Page) -> dict[str, Any]:
    return {
        "page": name,
        "url": page.url,
        "title": page.title,
        "author": page.author,
        "published": page.published,
        "publisher": page.publisher,
        "images": [
            {
                "url": image.url,
                "alternatives": list(image.alternatives),
                "caption": image.caption,
                "credit": image.credit,
                "alt": image.alt,
                "role": image.role.value,
            }
            for image in page.images
        ],
    }
