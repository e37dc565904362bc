"""Taking in what :mod:`~catalogue.store.dump` told, many lines at once.

What the catalogue has and knows better, because it is newer, stays. An empty catalogue takes the
verdicts as they are. In any other they are left to the index: what is new may be another file of a
picture that is here already, or be spoken of by pages on both sides.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import operator
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

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
from catalogue.record import Rights
from catalogue.store import derived, dump, rows, said, searching, seen
from catalogue.store.files import IMAGES, PAGES

Line: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = dict[str, list[tuple[Any, ...]]]
"""Rows to be written, by table, with all their columns."""


class Loading:
    """One load.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.into_empty = not any(
            db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
            for table in ("page", "image", "correction", "forgotten")
        )
        """Whether the catalogue was empty when the load began."""
        self._words: set[str] = set()
        self._takers: Mapping[str, Callable[[Sequence[Line]], Iterable[str]]] = {
            "catalogue": _check_format,
            "image": self._images,
            "page": self._pages,
            "address": self._addresses,
            "correction": self._corrections,
            "forgotten": self._forgotten,
            "saved_search": self._saved_searches,
            "rights": self._rights,
            "picture": self._pictures,
        }

    def take(self, lines: Sequence[Line]) -> list[str]:
        """Take lines in, inside the transaction that the caller has begun.

        Args:
            lines: As they were dumped.

        Returns:
            Conflicts in words, where a line says otherwise than the catalogue.

        Raises:
            ValueError, KeyError, TypeError, AttributeError, sqlite3.Error: One is no such line.
        """
        told: list[str] = []
        try:
            for kind, some in itertools.groupby(lines, key=operator.itemgetter("kind")):
                if kind not in self._takers:
                    raise ValueError(f"unknown kind {kind!r}")
                told += self._takers[kind](list(some))
        except BaseException:
            self._words.clear()  # none of them has been written
            raise
        return told

    # --- what was seen ------------------------------------------------------------------------

    def _images(self, lines: Sequence[Line]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        known = self._known("sha256, added", "image", [line["id"] for line in lines])
        fresh = _first_free(self._db, "image")
        new: Tables = defaultdict(list)
        for line in lines:
            key = line["id"]
            if key in unwanted:
                yield f"picture {key[:12]} is there, and was forgotten here: it is left out"
            elif key in known:
                self._db.execute(
                    "UPDATE image SET added = ? WHERE sha256 = ? AND added > ?",
                    (line["added"], key, line["added"]),
                )
            else:
                _add_image(new, next(fresh), line)
        _insert(self._db, new)

    def _pages(self, lines: Sequence[Line]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        known = self._known("address, id", "page", [line["address"] for line in lines])
        images = self._known(
            "sha256, id",
            "image",
            {shown["image"] for line in lines for shown in line["appearances"]} - {None},
        )
        fresh = _first_free(self._db, "page"), _first_free(self._db, "appearance")
        new: Tables = defaultdict(list)
        for line in lines:
            wanted = [shown for shown in line["appearances"] if shown["image"] not in unwanted]
            if line["address"] in known:
                _merge_page(self._db, line, wanted)
            else:
                _add_page(new, fresh, line, wanted, images)
        _insert(self._db, new)
        seen.mark_stale(self._db, [cells[_PICTURE] for cells in new["appearance"]])
        return ()

    def _addresses(self, lines: Sequence[Line]) -> Iterable[str]:
        self._db.executemany(
            "INSERT INTO address (url, page, image_id, outcome, detail, etag, last_modified, tried,"
            " attempts) VALUES (:url, :page, (SELECT id FROM image WHERE sha256 = :image),"
            " :outcome, :detail, :etag, :last_modified, :tried, :attempts) ON CONFLICT (url)"
            " DO UPDATE SET page = excluded.page, image_id = coalesce(excluded.image_id, image_id),"
            " outcome = excluded.outcome, detail = excluded.detail, etag = excluded.etag,"
            " last_modified = excluded.last_modified, tried = excluded.tried,"
            " attempts = excluded.attempts WHERE excluded.tried > tried",
            lines,
        )
        return ()

    # --- what a person said -------------------------------------------------------------------

    def _corrections(self, lines: Sequence[Line]) -> Iterable[str]:
        for line in lines:
            known = self._db.execute(
                "SELECT value, made FROM correction WHERE picture = ? AND field = ?",
                (line["picture"], line["field"]),
            ).fetchone()
            newer = known is None or line["made"] > known["made"]
            if newer:
                self._db.execute(
                    "INSERT INTO correction (picture, field, value, note, made)"
                    " VALUES (:picture, :field, :value, :note, :made) ON CONFLICT (picture, field)"
                    " DO UPDATE SET value = excluded.value, note = excluded.note,"
                    " made = excluded.made",
                    line,
                )
                # What was seen waits for its verdict as it is; what was not seen has none.
                if not self.into_empty or self._known("key, id", "picture", [line["picture"]]):
                    seen.mark_stale(self._db, [line["picture"]])
            if known is not None and known["value"] != line["value"]:
                kept = line["value"] if newer else known["value"]
                yield (
                    f"picture {line['picture'][:12]}: {line['field']} is"
                    f" {line['value'] or 'none'} there and {known['value'] or 'none'} here;"
                    f" the later word stays, {kept or 'none'}"
                )

    def _forgotten(self, lines: Sequence[Line]) -> Iterable[str]:
        for line in lines:
            key = line["sha256"]
            if self._db.execute("SELECT 1 FROM appearance WHERE picture = ?", (key,)).fetchone():
                yield f"picture {key[:12]} is here, and was forgotten there: it stays"
            else:
                self._db.execute(
                    "INSERT OR IGNORE INTO forgotten VALUES (:sha256, :note, :made)", line
                )

    def _saved_searches(self, lines: Sequence[Line]) -> Iterable[str]:
        for line in lines:
            known = searching.saved_searches(self._db).get(line["name"])
            if known is None:
                said.save_search(self._db, line["name"], line["query"], line["made"])
            elif known != line["query"]:
                yield f"the saved search {line['name']!r} is another one there: ours stays"

    # --- what follows -------------------------------------------------------------------------

    def _rights(self, lines: Sequence[Line]) -> Iterable[str]:
        if self.into_empty:
            derived.put_rights(self._db, [Rights(**_without_kind(line)) for line in lines])
        return ()

    def _pictures(self, lines: Sequence[Line]) -> Iterable[str]:
        if not self.into_empty:
            return ()
        told = {line["row"]["key"]: line for line in lines}
        # In a catalogue that was empty, all that was seen waits for the index.
        waiting = self._known("picture, times", "stale", told)
        derived.put(self._db, [_rows_of(told[key]) for key in told if key in waiting], self._words)
        images = self._known("sha256, id", "image", waiting)
        new: Tables = {"rendition": [], "rendition_mark": []}
        for key in waiting:
            new["rendition"] += [(key, *cells) for cells in told[key].get("pairs", ())]
            if marks := told[key].get("marks"):
                new["rendition_mark"] += [(mark, images[key]) for mark in marks]
        _insert(self._db, new)
        self._db.executemany("DELETE FROM stale WHERE picture = ?", [(key,) for key in waiting])
        return ()

    def _known(self, columns: str, table: str, values: Iterable[str]) -> dict[str, Any]:
        """Of rows whose first column is among the values: the second by the first."""
        first = columns.partition(",")[0]
        found: dict[str, Any] = {}
        for some in seen.batched(list(values), 500):
            sql = f"SELECT {columns} FROM {table} WHERE {first} IN ({seen.marks(some)})"
            found.update(map(tuple, self._db.execute(sql, some)))
        return found


def _check_format(lines: Sequence[Line]) -> Iterable[str]:
    if any(line["format"] > dump.FORMAT for line in lines):
        raise ValueError("it was made by a newer version: update mars-image-catalogue")
    return ()


def _without_kind(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != "kind"}


def _first_free(db: sqlite3.Connection, table: str) -> itertools.count[int]:
    """Keys that no row has: so many rows, and those beside them, are written at once."""
    (last,) = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    return itertools.count(last + 1)


def _insert(db: sqlite3.Connection, new: Tables) -> None:
    for table, cells in new.items():
        if cells:
            db.executemany(f"INSERT INTO {table} VALUES ({seen.marks(cells[0])})", cells)


# --- lines to rows ----------------------------------------------------------------------------


def files_of(line: Line) -> list[tuple[str, str]]:
    """Relative path and SHA-256 of the files that a line names.

    Raises:
        ValueError: A path is not that of a file named by its content.
    """
    if line["kind"] == "image":
        return [_named(line["file"], line["id"], IMAGES)]
    if line["kind"] == "page" and line["snapshot"]:
        return [_named(line["snapshot"]["file"], line["snapshot"]["sha256"], PAGES)]
    if line["kind"] == "picture" and not _SUFFIX.fullmatch(line["row"].get("suffix") or ""):
        raise ValueError(f"{line['row']['suffix']!r} is no suffix of a file's name")
    return []


_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8})?")
_NAMED = re.compile(r"([a-z]+)/([0-9a-f]{2})/(\2[0-9a-f]{62})(\.[a-z0-9]{1,8})?")


def _named(file: str, sha256: str, kind: str) -> tuple[str, str]:
    found = _NAMED.fullmatch(file)
    if found is None or found[1] != kind or found[3] != sha256:
        raise ValueError(f"{file!r} is not named by its content")
    return file, sha256


_facts_of = operator.itemgetter(
    "format", "media_type", "width", "height", "frames", "mode", "fingerprint", "colour", "damage"
)


def _add_image(new: Tables, number: int, line: Line) -> None:
    form, media_type, width, height, frames, mode, fingerprint, colour, damage = _facts_of(
        line["facts"]
    )
    new["image"].append(
        (
            number, line["id"], rows.suffix_of(line["file"]), line["bytes"], form, media_type,
            width, height, frames, mode, rows.signed(fingerprint), colour, damage, line["added"],
        )
    )  # fmt: skip
    new["image_statement"] += [
        (number, *cells) for cells in _statement_cells(line["facts"]["embedded"])
    ]


_of_page = operator.itemgetter("url", "title", "author", "published", "publisher", "language")
_of_snapshot = operator.itemgetter("sha256", "file", "bytes", "media_type", "charset")
_NO_SNAPSHOT = (None,) * 5
_PICTURE = 3
"""Place of ``picture`` among the cells of an appearance."""


def _add_page(
    new: Tables,
    fresh: tuple[itertools.count[int], itertools.count[int]],
    line: Line,
    wanted: Sequence[Line],
    images: Mapping[str, int],
) -> None:
    page, page_id = line["page"], next(fresh[0])
    complete = not _failed(line["outcome"]) and not any(
        _passing(shown["outcome"]) for shown in wanted
    )
    new["page"].append(
        (
            page_id, line["address"], int(line["alone"]), *_of_page(page), line["outcome"],
            line["detail"], int(complete), line["fetched"], line["etag"], line["last_modified"],
            *(_of_snapshot(line["snapshot"]) if line["snapshot"] else _NO_SNAPSHOT),
        )
    )  # fmt: skip
    new["page_note"] += [(page_id, *cells) for cells in enumerate(page["notes"])]
    for shown in wanted:
        number = next(fresh[1])
        caption, credit = shown["caption"], shown["credit"]
        place = rows.place(shown["url"], caption, credit)
        picture = shown["image"] or rows.words_id(line["address"], place, caption, credit)
        new["appearance"].append(
            (
                number, page_id, place, picture, images.get(shown["image"]), shown["asked"],
                shown["role"], shown["title"], caption, credit, shown["alt"], shown["outcome"],
                shown["detail"],
            )
        )  # fmt: skip
        addresses = [(0, url) for url in shown["alternatives"]]
        addresses += [(1, url) for url in shown["larger"]]
        new["appearance_address"] += [
            (number, position, *cells) for position, cells in enumerate(addresses)
        ]
        new["appearance_statement"] += [
            (number, *cells) for cells in _statement_cells(shown["statements"])
        ]
        new["appearance_evidence"] += [
            (number, position, *_of_evidence(one)) for position, one in enumerate(shown["evidence"])
        ]


_of_statement = operator.itemgetter("name", "value", "where")
_of_evidence = operator.itemgetter("field", "text", "says", "rule", "weight")


def _statement_cells(stated: Iterable[Line]) -> list[tuple[Any, ...]]:
    return [(position, *_of_statement(one)) for position, one in enumerate(stated)]


@functools.lru_cache(maxsize=64)
def _failed(outcome: str) -> bool:
    return Outcome(kind="page", url=None, page=None, outcome=outcome).failed


@functools.lru_cache(maxsize=64)
def _passing(outcome: str) -> bool:
    return Outcome(kind="image", url=None, page=None, outcome=outcome).passing


_PLAN = tuple(
    (name, table, len(dump.told_of(table)) == 1, derived.BESIDE[table][0] == "position")
    for name, table in dump.BESIDE.items()
)
"""List of a picture's line, its table, whether a row is one cell, whether rows are numbered."""


def _rows_of(line: Line) -> derived.Rows:
    beside: dict[str, Sequence[tuple[Any, ...]]] = {}
    for name, table, single, numbered in _PLAN:
        if listed := line.get(name):
            if single:
                beside[table] = list(enumerate(listed) if numbered else zip(listed))
            else:
                beside[table] = [(position, *cells) for position, cells in enumerate(listed)]
    return derived.Rows(tuple(map(line["row"].get, derived.PICTURE)), beside)


# --- a page on both sides ---------------------------------------------------------------------


def _merge_page(db: sqlite3.Connection, line: Line, wanted: Sequence[Line]) -> None:
    known = seen.page(db, line["address"])
    ours_is_newer = known is not None and known.fetched >= line["fetched"]
    gathered = [
        one
        for shown in wanted
        if (one := _gathered(shown, line))
        and not (ours_is_newer and _have_appearance(db, line["address"], one))
    ]
    told = dict(line["page"])
    told["notes"] = tuple(told["notes"])
    snapshot = line["snapshot"]
    harvested = Harvested(
        address=line["address"],
        page=Page(**told, images=tuple(one.appearance for one in gathered)),
        outcome=Outcome(
            kind="image" if line["alone"] else "page",
            url=line["address"],
            page=line["address"],
            outcome=line["outcome"],
            detail=line["detail"],
        ),
        gathered=tuple(gathered),
        snapshot=Snapshot(**snapshot) if snapshot else None,
        validators=Validators(etag=line["etag"], last_modified=line["last_modified"]),
        fetched=line["fetched"],
    )
    if known is not None and ours_is_newer:
        same = dataclasses.replace(harvested.outcome, outcome="unchanged")
        harvested = dataclasses.replace(harvested, outcome=same, fetched=known.fetched)
    seen.keep(db, harvested, addresses=False)


def _gathered(shown: Mapping[str, Any], line: Mapping[str, Any]) -> Gathered:
    fields = {
        name: shown[name]
        for name in ("url", "title", "caption", "credit", "alt")
    }  # fmt: skip
    appearance = Appearance(
        **fields,
        alternatives=tuple(shown["alternatives"]),
        larger=tuple(shown["larger"]),
        role=Role(shown["role"]),
        statements=_statements(shown["statements"]),
        evidence=tuple(Evidence(**one) for one in shown["evidence"]),
    )
    return Gathered(
        appearance=appearance,
        outcome=Outcome(
            kind="image",
            url=appearance.url,
            page=line["address"],
            outcome=shown["outcome"],
            image=shown["image"],
            detail=shown["detail"],
        ),
        asked=shown["asked"],
    )


def _have_appearance(db: sqlite3.Connection, address: str, gathered: Gathered) -> bool:
    found = db.execute(
        "SELECT 1 FROM appearance WHERE place = ? AND picture = ?"
        " AND page_id = (SELECT id FROM page WHERE address = ?)",
        (rows.place_of(gathered.appearance), rows.picture_of(address, gathered), address),
    )
    return found.fetchone() is not None


def _statements(stated: list[Mapping[str, Any]]) -> tuple[Statement, ...]:
    return tuple(Statement(**one) for one in stated)
