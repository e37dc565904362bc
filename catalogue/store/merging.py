"""A page that two catalogues have: what the newer one says stands, appearances of both stay."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence

from catalogue.model import (
    Appearance,
    Evidence,
    Gathered,
    Harvested,
    Outcome,
    Page,
    Role,
    Snapshot,
    Statement,
    Validators,
)
from catalogue.store import lines, rows, seen


def merge_page(db: sqlite3.Connection, line: lines.Page, wanted: Sequence[lines.Shown]) -> None:
    """Take in a page that the catalogue knows.

    Args:
        db: The database.
        line: What the other catalogue says of it.
        wanted: Its appearances, but for pictures that nobody wants.
    """
    known = seen.page(db, line.address)
    ours_is_newer = known is not None and known.fetched >= line.fetched
    gathered = [
        one
        for shown in wanted
        if (one := _gathered(shown, line))
        and not (ours_is_newer and _have_appearance(db, line.address, one))
    ]
    harvested = Harvested(
        address=line.address,
        page=Page(
            url=line.url,
            title=line.title,
            author=line.author,
            published=line.published,
            publisher=line.publisher,
            language=line.language,
            notes=tuple(line.notes),
            images=tuple(one.appearance for one in gathered),
        ),
        outcome=Outcome(
            kind="image" if line.alone else "page",
            url=line.address,
            page=line.address,
            outcome=line.outcome,
            detail=line.detail,
        ),
        gathered=tuple(gathered),
        snapshot=_snapshot(line),
        validators=Validators(etag=line.etag, last_modified=line.last_modified),
        fetched=line.fetched,
    )
    if known is not None and ours_is_newer:
        same = dataclasses.replace(harvested.outcome, outcome="unchanged")
        harvested = dataclasses.replace(harvested, outcome=same, fetched=known.fetched)
    seen.keep(db, harvested, addresses=False)


def _snapshot(line: lines.Page) -> Snapshot | None:
    if line.snapshot is None:
        return None
    return Snapshot(
        sha256=line.snapshot.sha256,
        file=line.snapshot.file,
        bytes=line.snapshot.bytes,
        media_type=line.snapshot.media_type,
        charset=line.snapshot.charset,
    )


def _gathered(shown: lines.Shown, line: lines.Page) -> Gathered:
    appearance = Appearance(
        url=shown.url,
        title=shown.title,
        caption=shown.caption,
        credit=shown.credit,
        alt=shown.alt,
        alternatives=tuple(shown.alternatives),
        larger=tuple(shown.larger),
        role=Role(shown.role),
        statements=tuple(
            Statement(name=one.name, value=one.value, where=one.where) for one in shown.statements
        ),
        evidence=tuple(
            Evidence(
                field=one.field, text=one.text, says=one.says, rule=one.rule, weight=one.weight
            )
            for one in shown.evidence
        ),
    )
    return Gathered(
        appearance=appearance,
        outcome=Outcome(
            kind="image",
            url=appearance.url,
            page=line.address,
            outcome=shown.outcome,
            image=shown.image,
            detail=shown.detail,
        ),
        asked=lines.asked(shown),
    )


def _have_appearance(db: sqlite3.Connection, address: str, gathered: Gathered) -> bool:
    found = db.execute(
        "SELECT 1 FROM appearance WHERE place = ?"
        " AND picture_id = (SELECT id FROM identity WHERE key = ?)"
        " AND page_id = (SELECT id FROM page WHERE address = ?)",
        (rows.place_of(gathered.appearance), rows.picture_of(address, gathered), address),
    )
    return found.fetchone() is not None
