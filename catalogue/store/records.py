"""A picture's row with all that belongs to it, as a record; pure, like :mod:`.rows`."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from catalogue.record import Record, Rights

FOLDED = "foldedrendition"
"""Word by which the full-text index knows pictures for which another file stands, so that a search
can leave them out without looking at the table."""

RECORD_SQL = """
SELECT p.*,
    (SELECT json_group_array(spacecraft) FROM
        (SELECT spacecraft FROM picture_subject WHERE picture_id = p.id ORDER BY spacecraft)
    ) AS subjects,
    (SELECT json_group_array(organisation) FROM
        (SELECT organisation FROM picture_organisation WHERE picture_id = p.id ORDER BY position)
    ) AS organisations,
    (SELECT json_group_array(person) FROM
        (SELECT person FROM picture_person WHERE picture_id = p.id ORDER BY position)
    ) AS people,
    (SELECT json_group_array(distributor) FROM
        (SELECT distributor FROM picture_distributor WHERE picture_id = p.id ORDER BY position)
    ) AS distributors,
    (SELECT json_group_array(json_array(url, title, site)) FROM
        (SELECT url, title, site FROM picture_page WHERE picture_id = p.id ORDER BY position)
    ) AS shown_on,
    (SELECT json_group_array(key) FROM
        (SELECT key FROM picture WHERE best_id = p.best_id
         ORDER BY folded, width * height DESC, key)
    ) AS renditions
FROM picture p
"""
"""A picture with all that belongs to it, in one row."""


def record_from(row: sqlite3.Row, rights: dict[str, Rights]) -> Record:
    """The record of a row of :data:`RECORD_SQL`."""
    # A row looks for a name among all of its columns, each time.
    cell = dict(zip(row.keys(), row, strict=True))
    pages = _listed_in(cell["shown_on"])
    return Record(
        id=cell["key"],
        spacecraft=cell["spacecraft"],
        instrument=cell["instrument"],
        subjects=_listed_in(cell["subjects"]),
        kind=cell["kind"],
        title=cell["title"],
        caption=cell["caption"],
        alt=cell["alt"],
        credit=cell["credit"],
        credit_normal=cell["credit_normal"],
        organisations=_listed_in(cell["organisations"]),
        people=_listed_in(cell["people"]),
        distributors=_listed_in(cell["distributors"]),
        licence=cell["licence"],
        rights=rights.get(cell["rights"] or ""),
        taken=cell["taken"],
        sol=cell["sol"],
        place=cell["place"],
        product_id=cell["product_id"],
        confidence=cell["confidence"],
        review=unlisted(cell["review"]),
        corrected=unlisted(cell["corrected"]),
        file=cell["file"],
        url=cell["url"],
        format=cell["format"],
        media_type=cell["media_type"],
        width=cell["width"],
        height=cell["height"],
        bytes=cell["bytes"],
        colour=cell["colour"],
        damage=cell["damage"],
        pages=tuple(url for url, _, _ in pages),
        page_titles=tuple(title for _, title, _ in pages),
        sites=tuple(site for _, _, site in pages),
        published=cell["published"],
        renditions=_listed_in(cell["renditions"]),
    )


def _listed_in(cell: str) -> tuple[Any, ...]:
    # Most are empty, and to read JSON is half of what a record costs.
    return () if cell == "[]" else tuple(json.loads(cell))


def listed(texts: tuple[str, ...]) -> str | None:
    """Texts as one cell, a line each; None where there are none."""
    return "\n".join(" ".join(text.split()) for text in texts) or None


def unlisted(cell: str | None) -> tuple[str, ...]:
    """Texts of a cell."""
    return tuple(cell.split("\n")) if cell else ()
