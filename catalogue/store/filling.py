"""The lines of a dump as rows of the tables, many at once."""

from __future__ import annotations

import functools
import itertools
import operator
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET

from catalogue.model import Outcome
from catalogue.store import lines, rows, seen

Cells: TypeAlias = tuple[Any, ...]


class Tables(defaultdict[str, list[Cells]]):
    """Rows to be written, by table, with all their columns."""

    def __init__(self) -> None:
        super().__init__(list)

    def write(self, db: sqlite3.Connection) -> None:
        """Write them, in the order in which the tables were first named."""
        for table, cells in self.items():
            _insert_all(db, f"INTO {table}", cells)


_ROWS_AT_ONCE = 100
"""Rows of one statement, of which each would cost half as much again by itself; SQLite takes
32,766 values."""


def _insert_all(db: sqlite3.Connection, into: str, cells: Sequence[Cells]) -> None:
    whole = len(cells) - len(cells) % _ROWS_AT_ONCE
    for some in seen.batched(cells[:whole], _ROWS_AT_ONCE):
        _insert(db, into, some, _ROWS_AT_ONCE)
    if whole < len(cells):
        _insert(db, into, cells[whole:], 1)


def _insert(db: sqlite3.Connection, into: str, cells: Sequence[Cells], together: int) -> None:
    """Write rows, so many with a statement."""
    # NULL stands in the statement where all have it: Python passes on ten texts in the time in
    # which it passes on one None.
    told = [column.count(None) < len(cells) for column in zip(*cells, strict=True)]
    row = f"({', '.join('?' if one else 'NULL' for one in told)})"
    values = itertools.compress(itertools.chain.from_iterable(cells), itertools.cycle(told))
    lots = zip(*[values] * (together * sum(told)), strict=True)
    db.executemany(f"INSERT {into} VALUES {', '.join([row] * together)}", lots)


class Numbers:
    """Numbers of pictures by their IDs.

    A dump tells images, pages and verdicts in one order. So what is asked for next is, as a rule,
    what was numbered next: it is read on from there, instead of looking for each.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._last = 0

    def known(self, keys: Collection[str]) -> dict[str, int]:
        """The numbers of those that have one."""
        cursor = self._db.cursor()
        cursor.row_factory = None
        next_ones: dict[str, int] = dict(
            cursor.execute(
                "SELECT key, id FROM identity WHERE id > ? ORDER BY id LIMIT ?",
                (self._last, len(keys)),
            )
        )
        found = {key: next_ones[key] for key in keys if key in next_ones}
        self._last = max(found.values(), default=self._last)
        rest = [key for key in keys if key not in found]
        return found | known(self._db, "key, id", "identity", rest) if rest else found


def numbered(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, int]:
    """Numbers of pictures by their IDs; who has none gets one, in this order."""
    numbers = dict(zip(dict.fromkeys(keys), first_free(db, "identity"), strict=False))
    before = db.total_changes
    _insert_all(db, "OR IGNORE INTO identity", [(number, key) for key, number in numbers.items()])
    if db.total_changes - before < len(numbers):  # some had theirs
        return known(db, "key, id", "identity", numbers)
    return numbers


class Unjudged:
    """By the number of a picture that was seen and has no verdict, where that was, if once."""

    def __init__(self) -> None:
        self._appearance = array("q")
        self._page = array("q")

    def add(self, appearances: Sequence[Cells]) -> None:
        """Note where pictures were seen: rows of ``appearance``, of which the first cells count."""
        most = max((row[2] for row in appearances), default=0)
        missing = bytes(8 * max(0, most + 1 - len(self._page)))
        self._appearance.frombytes(missing)
        self._page.frombytes(missing)
        for appearance, page, number, *_ in appearances:
            self._appearance[number] = -1 if self._appearance[number] else appearance
            self._page[number] = page

    def __contains__(self, number: int) -> bool:
        return number < len(self._appearance) and self._appearance[number] != 0

    def where(self, number: int) -> tuple[int, int] | None:
        """Keys of appearance and page; None for a picture that was seen in several places."""
        appearance = self._appearance[number]
        return (appearance, self._page[number]) if appearance > 0 else None

    def remove(self, number: int) -> None:
        """Note that the picture has a verdict now."""
        self._appearance[number] = 0


class References(NamedTuple):
    """Keys of what verdicts refer to."""

    credits: Mapping[str | None, int]
    namings: Mapping[str | None, int]
    best: Mapping[str | None, int]
    pages: Mapping[str, int]


def known(
    db: sqlite3.Connection, columns: str, table: str, values: Iterable[Any]
) -> dict[Any, Any]:
    """Of rows whose first column is among the values: the second by the first."""
    first = columns.partition(",")[0]
    found: dict[Any, Any] = {}
    for some in seen.batched(list(values), 500):
        sql = f"SELECT {columns} FROM {table} WHERE {first} IN ({seen.marks(some)})"
        found.update(map(tuple, db.execute(sql, some)))
    return found


def first_free(db: sqlite3.Connection, table: str) -> itertools.count[int]:
    """Keys that no row has: so many rows, and those beside them, are written at once."""
    (last,) = db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    return itertools.count(last + 1)


# --- what was seen ----------------------------------------------------------------------------


def add_image(new: Tables, number: int, line: lines.Image) -> None:
    """Rows of an image under its number."""
    new["image"].append(
        (number, *_image_cells(line), rows.signed(line.fingerprint), *_image_rest(line))
    )
    if line.embedded:
        new["image_statement"] += [(number, *cells) for cells in _stated(line.embedded)]


_image_cells = operator.attrgetter(
    "suffix", "bytes", "format", "media_type", "width", "height", "frames", "mode"
)
_image_rest = operator.attrgetter("colour", "damage", "added")


def placed(line: lines.Page, shown: lines.Shown) -> tuple[lines.Shown, str, str]:
    """An appearance, its place on the page, and the ID of its picture."""
    place = shown.url or rows.place(shown.url, shown.caption, shown.credit)
    key = shown.image or rows.words_id(line.address, place, shown.caption, shown.credit)
    return shown, place, key


def add_page(
    new: Tables,
    fresh: tuple[itertools.count[int], itertools.count[int]],
    line: lines.Page,
    wanted: Sequence[tuple[lines.Shown, str, str]],
    numbers: Mapping[str, int],
) -> None:
    """Rows of a page and its appearances.

    Args:
        new: Takes the rows.
        fresh: Keys that no page and no appearance has.
        line: The page.
        wanted: Its appearances, as :func:`placed` has them.
        numbers: Of their pictures.
    """
    page_id = next(fresh[0])
    complete = not _failed(line.outcome) and not any(
        _passing(shown.outcome) for shown, _, _ in wanted
    )
    new["page"].append(
        (
            page_id, line.address, int(line.alone), line.url,
            rows.site_of(line.url or line.address), *_page_cells(line), int(complete),
            *_page_rest(line), *(_snapshot_cells(line.snapshot) if line.snapshot else _NONE),
        )
    )  # fmt: skip
    if line.notes:
        new["page_note"] += [(page_id, *cells) for cells in enumerate(line.notes)]
    for shown, place, key in wanted:
        number = next(fresh[1])
        new["appearance"].append(
            (
                number, page_id, numbers[key], place,
                "" if shown.asked is UNSET else rows.asked_cell(lines.asked(shown), place),
                *_shown_cells(shown),
            )
        )  # fmt: skip
        if shown.alternatives or shown.larger:
            addresses = [(0, url) for url in shown.alternatives]
            addresses += [(1, url) for url in shown.larger]
            new["appearance_address"] += [
                (number, position, *cells) for position, cells in enumerate(addresses)
            ]
        if shown.statements:
            new["appearance_statement"] += [(number, *one) for one in _stated(shown.statements)]
        if shown.evidence:
            new["appearance_evidence"] += [
                (number, position, *_reason_cells(one))
                for position, one in enumerate(shown.evidence)
            ]


_page_cells = operator.attrgetter(
    "title", "author", "published", "publisher", "language", "outcome", "detail"
)
_page_rest = operator.attrgetter("fetched", "etag", "last_modified")
_snapshot_cells = operator.attrgetter("sha256", "file", "bytes", "media_type", "charset")
_NONE = (None,) * 5
_shown_cells = operator.attrgetter("role", "title", "caption", "credit", "alt", "outcome", "detail")
_stated_cells = operator.attrgetter("name", "value", "where")
_reason_cells = operator.attrgetter("field", "text", "says", "rule", "weight")


def _stated(stated: Iterable[lines.Stated]) -> list[Cells]:
    return [(position, *_stated_cells(one)) for position, one in enumerate(stated)]


@functools.lru_cache(maxsize=64)
def _failed(outcome: str) -> bool:
    return Outcome(kind="page", url=None, page=None, outcome=outcome).failed


@functools.lru_cache(maxsize=64)
def _passing(outcome: str) -> bool:
    return Outcome(kind="image", url=None, page=None, outcome=outcome).passing


# --- what follows -----------------------------------------------------------------------------


def add_credit(new: Tables, number: int, line: lines.Credit) -> None:
    """Rows of a credit line under its number."""
    new["credit"].append((number, line.text, line.normal, line.licence, line.rights))
    for table, names in (
        ("credit_organisation", line.organisations),
        ("credit_person", line.people),
        ("credit_distributor", line.distributors),
    ):
        new[table] += [(number, *cells) for cells in enumerate(names)]


def add_picture(
    new: Tables,
    number: int,
    line: lines.Picture,
    once: tuple[int, int] | None,
    refers: References,
) -> None:
    """Rows of a verdict.

    Args:
        new: Takes the rows.
        number: Of the picture.
        line: The verdict.
        once: Keys of the one appearance and its page; None where there are several.
        refers: Keys of what it refers to.

    Raises:
        KeyError: It refers to what is not there, or leaves out what it must tell.
    """
    (
        spacecraft, instrument, kind, taken, published, sol, place, product_id,
        confidence, review, corrected,
    ) = msgspec.structs.astuple(line.verdict)  # fmt: skip
    words: Sequence[Any] = _words_told(line)
    if once is None:
        words_of = None
        if UNSET in words or line.pages is UNSET:
            raise KeyError("words or pages of a picture that was seen in several places")
    else:
        words_of = once[0]
        if words == _ALL_LEFT_OUT:
            words = _NO_WORDS
        else:
            words = [None if word is UNSET else word or "" for word in words]
    new["verdict"].append(
        (
            number, int(line.best is not None and line.best != line.id),
            spacecraft, instrument, kind,
            None if line.credit is None else refers.credits[line.credit],
            taken, published, rows.year_of(taken, published), sol, place, product_id,
            None if line.names is None else refers.namings[line.names],
            None if line.best is None else refers.best[line.best],
            words_of, *words, confidence, review, corrected,
        )
    )  # fmt: skip
    if line.pages is not UNSET:
        new["shown_on"] += [
            (number, position, refers.pages[address]) for position, address in enumerate(line.pages)
        ]
    elif once is not None:
        new["shown_on"].append((number, 0, once[1]))
    for position, reason in enumerate(line.evidence):
        new["evidence"].append((number, position, *reason))
    if line.subjects:
        new["picture_subject"] += [(number, slug) for slug in line.subjects]
    if line.contradictions:
        new["contradiction"] += [(number, *cells) for cells in enumerate(line.contradictions)]
    if line.pairs:
        new["rendition"] += [(line.id, *cells) for cells in line.pairs]
    if line.marks:
        new["rendition_mark"] += [(mark, number) for mark in line.marks]


_words_told = operator.attrgetter(*rows.WORDS)
_ALL_LEFT_OUT = (UNSET,) * len(rows.WORDS)
_NO_WORDS = (None,) * len(rows.WORDS)
