"""Searches: what a query finds, in order, counted, and one picture by its ID."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from catalogue.errors import UsageError
from catalogue.query import Query
from catalogue.query.tree import apart, asked
from catalogue.query.words import fold
from catalogue.record import Record, Rights
from catalogue.store import records
from catalogue.texts import nearest

SHORTEST_ID = 4
"""Characters of an ID that must be given."""

WORDS_OF_A_PREFIX = 100

_DATE = "coalesce(p.taken, p.published)"
_PIXELS = "p.width * p.height"
ORDERS = ("relevance", "newest", "oldest", "largest")
"""Orders of a search; every one is total, so that pages of results do not overlap."""

# By what it is sorted, whether downwards. In SQLite nothing is the least value; what has no date
# or size comes last in every order.
_SORTED = {"newest": (_DATE, True), "oldest": (_DATE, False), "largest": (_PIXELS, True)}

# A word of a name or an identifier counts most, then of a title; a caption is long.
_RANK = "bm25(picture_fts, 6.0, 1.0, 2.0, 1.5, 8.0), picture_fts.rowid"

RANKED = 50_000
"""Matches that are ranked by relevance. Of more, which means of words that nearly everything holds,
the newest :data:`_RANKED_OF_MANY` are, and the rest follow, the last harvested first."""

_RANKED_OF_MANY = 2_000

MOST = 10**12
"""Pictures that no catalogue has: more are asked for, or left out, only by mistake."""

_AT_ONCE = 200
"""Records that are read together."""


class _Source(NamedTuple):
    """FROM and WHERE of a query."""

    tables: str
    where: str
    values: tuple[object, ...]
    key: str
    """Expression of the picture's row."""
    ranked: bool
    """Whether its matches can be ranked."""

    def ids(self, order: str = "") -> str:
        """The statement that gives the rows of its matches."""
        return f"SELECT {self.key} FROM {self.tables} WHERE {self.where}{order}"

    def rows(self, columns: str = "", order: str = "") -> str:
        """Its matches as a table ``m``: of one column, ``id``, or of those that are given.

        Its bound, which is none, keeps SQLite from taking it for a part of the statement round it:
        there, of all that view ``picture`` joins, nothing would be left out when rows are counted.
        """
        chosen = columns or f"{self.key} AS id"
        return f"(SELECT {chosen} FROM {self.tables} WHERE {self.where}{order} LIMIT -1) AS m"


def check_page(sort: str, limit: int | None, offset: int) -> None:
    """See whether a part of what is found is described as it can be.

    Raises:
        UsageError: It is not.
    """
    if sort not in ORDERS:
        raise UsageError(f"unknown order {sort!r}; {nearest(sort, ORDERS)}")
    for name, number in (("limit", limit), ("offset", offset)):
        if number is not None and number < 0:
            raise UsageError(f"{name} {number}: give 0 or more")


def search(
    db: sqlite3.Connection,
    query: Query | None,
    *,
    sort: str,
    limit: int | None,
    offset: int,
    renditions: bool = False,
    after: str | None = None,
) -> Iterator[Record]:
    """Records that a query matches, in order, one by one.

    Args:
        db: The database.
        query: None for everything.
        sort: One of :data:`ORDERS`.
        limit: How many at the most; None for all.
        offset: How many are left out at the beginning.
        renditions: Every file of a picture, not the best alone.
        after: ID of the picture behind which to begin.
    """
    offset, limit = min(offset, MOST), None if limit is None else min(limit, MOST)
    source = _source(db, query, _ALL if renditions else _BEST)
    if sort == "relevance" and not source.ranked:
        sort = "newest"
    ids: Iterator[int]
    if sort == "relevance":
        most = None if limit is None or after is not None else offset + limit
        ids = _by_relevance(db, source, most)
        if after is not None:
            ids = _behind(ids, _row_of(db, after), after)
        ids = itertools.islice(ids, offset, None if limit is None else offset + limit)
    else:
        sources = [source] if sort == "largest" else _walks(db, query, source, renditions)
        ids = _sorted(db, sources, sort, after, limit, offset)
    # First the keys in order, then the records of each batch: what is not shown is not read.
    rights = known_rights(db)
    while batch := list(itertools.islice(ids, _AT_ONCE)):
        marks = ", ".join("?" * len(batch))
        read = {
            row["id"]: records.record_from(row, rights)
            for row in db.execute(f"{records.RECORD_SQL} WHERE p.id IN ({marks})", batch)
        }
        yield from (read[key] for key in batch if key in read)


def _by_relevance(db: sqlite3.Connection, source: _Source, most: int | None) -> Iterator[int]:
    few = f"SELECT count(*) FROM ({source.ids(' LIMIT ?')})"
    (number,) = db.execute(few, (*source.values, RANKED + 1)).fetchone()
    if number <= RANKED:
        ranked = source.ids(f" ORDER BY {_RANK} LIMIT ?")
        yield from _first_cells(db, ranked, (*source.values, -1 if most is None else most))
        return
    newest = source.ids(f" ORDER BY {source.key} DESC LIMIT {_RANKED_OF_MANY}")
    score = _RANK.partition("), ")[0]
    scored = newest.replace(f"SELECT {source.key}", f"SELECT {source.key}, {score}) AS score", 1)
    last = 0
    for row in sorted(db.execute(scored, source.values), key=lambda row: (row[1], row[0])):
        last = min(last or row[0], row[0])
        yield row[0]
    rest = f"{source.ids()} AND {source.key} < ? ORDER BY {source.key} DESC"
    yield from _first_cells(db, rest, (*source.values, last))


def _behind(ids: Iterator[int], own: int, key: str) -> Iterator[int]:
    if own not in ids:  # which takes all before it
        raise UsageError(
            f"the picture {key[:12]} is not among those that are found: none is behind"
        )
    return ids


def _sorted(
    db: sqlite3.Connection,
    sources: list[_Source],
    sort: str,
    after: str | None,
    limit: int | None,
    offset: int,
) -> Iterator[int]:
    by, down = _SORTED[sort]
    values: tuple[object, ...] = ()
    known, unknown = f"{by} IS NOT NULL", f"{by} IS NULL"
    # The order of an index, walked upwards or downwards.
    direction, nearer = ("DESC", "ASC") if down else ("ASC", "DESC")
    steps = [(known, f"2 {direction}, 1 {nearer}"), (unknown, "1")]
    if after is not None:
        own = _row_of(db, after)
        (value,) = db.execute(f"SELECT {by} FROM picture p WHERE p.id = ?", (own,)).fetchone()
        if value is None:
            steps, values = [(f"{unknown} AND p.id > ?", "1")], (own,)
        else:
            earlier, behind = ("<", ">") if down else (">", "<")
            steps[0] = (f"{by} {earlier}= ? AND ({by} {earlier} ? OR p.id {behind} ?)", steps[0][1])
            values = (value, value, own)
    elif down:  # what is not known comes last of itself: one walk along the index
        steps = [("1", steps[0][1])]
    left = -1 if limit is None else limit
    for number, (condition, order) in enumerate(steps, start=1):
        bound = values if "?" in condition else ()
        parts = [
            source._replace(
                where=f"{source.where} AND {condition}", values=(*source.values, *bound)
            )
            for source in map(_with_picture, sources)
        ]
        # Several are merged as they are walked along, none is read to its end.
        page = " UNION ALL ".join(
            f"SELECT {part.key}, {by} FROM {part.tables} WHERE {part.where}" for part in parts
        )
        asked = [value for part in parts for value in part.values]
        given = 0
        for key in _first_cells(
            db, f"{page} ORDER BY {order} LIMIT ? OFFSET ?", (*asked, left, offset)
        ):
            yield key
            given += 1
        if limit is not None:
            left -= given
        if left == 0 or number == len(steps):
            return
        if given:
            offset = 0
        elif offset:  # it lies behind all of these
            offset -= sum(_number(db, part) for part in parts)


_MERGED = 16
"""Walks that are merged into one order at the most; more would cost what one sort does."""


def _walks(
    db: sqlite3.Connection, query: Query | None, source: _Source, renditions: bool
) -> list[_Source]:
    """Sources that together have the matches of one, each of which an index has in order of date.

    No index has the pictures of two spacecraft in order, nor files that stand for their picture
    together with those that do not.
    """
    if source.tables != _PICTURES:
        return [source]
    trees = apart(query.tree, ("spacecraft", "instrument")) if query and query.tree else (None,)
    folded = [(one,) for one in (_ALL if renditions else _BEST)]
    if not 1 < len(trees) * len(folded) <= _MERGED:
        return [source]
    queries = [query._replace(tree=tree) if query else None for tree in trees]
    return [_source(db, one, which) for one in queries for which in folded]


def _first_cells(db: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> Iterator[int]:
    return (row[0] for row in db.execute(sql, values))


def _row_of(db: sqlite3.Connection, key: str) -> int:
    return int(db.execute("SELECT id FROM identity WHERE key = ?", (key,)).fetchone()[0])


def count(db: sqlite3.Connection, query: Query | None, *, renditions: bool = False) -> int:
    """How many records a query matches."""
    return _number(db, _source(db, query, _ALL if renditions else _BEST))


def _number(db: sqlite3.Connection, source: _Source) -> int:
    return int(db.execute(f"SELECT count(*) FROM {source.rows()}", source.values).fetchone()[0])


FACETS = ("spacecraft", "instrument", "credit", "site", "year")
"""What matches are counted by."""

# A picture that two pages of a site show is one picture of that site. To ask so of the few pages
# that are not a picture's first costs less than to count distinct pictures.
_FIRST_ON_SITE = (
    "(s.position = 0 OR NOT EXISTS"
    " (SELECT 1 FROM picture_page e JOIN page own ON own.id = s.page_id"
    " WHERE e.picture_id = s.picture_id AND e.position < s.position AND e.site = own.site))"
)


def facets(
    db: sqlite3.Connection, query: Query | None, *, renditions: bool = False
) -> dict[str, dict[str, int]]:
    """Counts by spacecraft, instrument, credit, site and year over all matches, most first."""
    source = _source(db, query, _ALL if renditions else _BEST)
    found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    joined = _with_picture(source)
    # Without words, all is read off one index, in its order.
    along = "" if source.ranked else " ORDER BY p.spacecraft, p.instrument, p.credit_id, p.year"
    each = joined.rows("p.year, p.credit_id, p.spacecraft, p.instrument", along)
    # Numbers first: they are compared faster than texts, and tell most pictures apart.
    counted = db.execute(
        f"SELECT year, credit_id, spacecraft, instrument, count(*) FROM {each} GROUP BY 1, 2, 3, 4",
        joined.values,
    ).fetchall()
    credits = _credits(db, {row[1] for row in counted})
    for year, credit, spacecraft, instrument, number in counted:
        cells = (spacecraft, instrument, credits.get(credit), year)
        for name, cell in zip(("spacecraft", "instrument", "credit", "year"), cells, strict=True):
            if cell is not None and cell != "":
                found[name][str(cell)] += number
    rows = source.rows(order=along)
    sites = db.execute(  # page by page, since what a page shows lies together
        "SELECT site, sum(number) FROM (SELECT s.page_id, count(*) AS number"
        f" FROM {rows} CROSS JOIN shown_on s ON s.picture_id = m.id WHERE {_FIRST_ON_SITE}"
        " GROUP BY 1) JOIN page ON page.id = page_id WHERE site <> '' GROUP BY 1",
        source.values,
    )
    found["site"].update(dict(sites.fetchall()))
    return {
        name: dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
        for name, counts in found.items()
    }


def _credits(db: sqlite3.Connection, numbers: set[int | None]) -> dict[int, str]:
    wanted = f"[{', '.join(str(number) for number in numbers if number is not None)}]"
    found = db.execute(
        "SELECT id, coalesce(normal, text) FROM credit"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (wanted,),
    )
    return dict(found.fetchall())


_PICTURES = "picture p"
_BEST, _ALL = (0,), (0, 1)
"""Which files are found, by column ``folded``: those that stand for their picture, or all."""


def _source(db: sqlite3.Connection, query: Query | None, files: tuple[int, ...]) -> _Source:
    folded = f"p.folded IN ({', '.join(map(str, files))})"
    if query is None:
        return _Source(_PICTURES, folded, (), "p.id", False)
    clause = query.clause(lambda prefix: words_with(db, prefix))
    if clause.match is None:
        return _Source(_PICTURES, f"{folded} AND {clause.where}", clause.parameters, "p.id", False)
    match = clause.match if files == _ALL else f"({clause.match}) NOT names : {records.FOLDED}"
    source = _Source(
        "picture_fts", "picture_fts MATCH ?", (match,), "picture_fts.rowid", clause.ranked
    )
    if clause.where == "1":
        return source
    joined = _with_picture(source)
    return joined._replace(
        where=f"{joined.where} AND {clause.where}", values=(match, *clause.parameters)
    )


def _with_picture(source: _Source) -> _Source:
    """The same, with the columns of view ``picture``."""
    if _PICTURES in source.tables:
        return source
    # CROSS JOIN: what matches is found first, and pictures are read for that alone.
    tables = f"{source.tables} CROSS JOIN {_PICTURES} ON p.id = {source.key}"
    return source._replace(tables=tables)


def words_with(db: sqlite3.Connection, prefix: str) -> list[str]:
    """Words of the catalogue's texts that begin so, folded; a hundred at the most."""
    start = fold(prefix)
    found = db.execute(
        "SELECT word FROM word WHERE word >= ? AND word < ? LIMIT ?",
        (start, start + "\U0010ffff", WORDS_OF_A_PREFIX),
    )
    return [word for (word,) in found.fetchall()]


def unknown_words(db: sqlite3.Connection, query: Query | None) -> dict[str, list[str]]:
    """Words of a query that no picture has, and those like them that some have, nearest first.

    Likeness is looked for among words of the same two first letters, where most slips leave them.
    """
    import difflib  # only where nothing was found

    found: dict[str, list[str]] = {}
    for word in asked(query.tree if query else None):
        if db.execute(
            "SELECT 1 FROM picture_fts WHERE picture_fts MATCH ? LIMIT 1", (f'"{word}"',)
        ).fetchone():
            continue
        folded = fold(word)
        start, shortest, longest = folded[:2], len(folded) - 2, len(folded) + 2
        alike = db.execute(
            "SELECT word FROM word WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?",
            (start, start + "\U0010ffff", shortest, longest),
        )
        words = [one for (one,) in alike.fetchall()]
        found[word] = difflib.get_close_matches(folded, words, n=3, cutoff=0.75)
    return found


def key_of(db: sqlite3.Connection, prefix: str) -> str:
    """The whole ID of a picture.

    Args:
        db: The database.
        prefix: Its beginning, four characters or more.

    Raises:
        UsageError: No picture, or several, begin so.
    """
    wanted = prefix.strip().lower()
    if len(wanted) < SHORTEST_ID:
        raise UsageError(f"ID {prefix!r} is too short: give {SHORTEST_ID} characters or more")
    found = [
        key
        for (key,) in db.execute(
            "SELECT key FROM picture WHERE key >= ? AND key < ? ORDER BY key LIMIT 4",
            (wanted, wanted + "\U0010ffff"),
        ).fetchall()
    ]
    if not found:
        raise UsageError(f"no picture's ID begins with {prefix!r}: 'catalogue search' shows IDs")
    if len(found) > 1:
        several = ", ".join(key[:16] for key in found)
        raise UsageError(f"several IDs begin with {prefix!r} ({several}): give more of it")
    return str(found[0])


def record(db: sqlite3.Connection, key: str) -> Record:
    """One picture by its whole ID."""
    row = db.execute(f"{records.RECORD_SQL} WHERE p.key = ?", (key,)).fetchone()
    if row is None:
        raise UsageError(f"no picture has the ID {key!r}")
    return records.record_from(row, known_rights(db))


def known_rights(db: sqlite3.Connection) -> dict[str, Rights]:
    """Terms of use by their IDs."""
    return {
        row["id"]: Rights(
            id=row["id"],
            title=row["title"],
            statement=row["statement"],
            licence=row["licence"],
            url=row["url"],
            source=row["source"],
        )
        for row in db.execute("SELECT * FROM rights").fetchall()
    }


def saved_searches(db: sqlite3.Connection) -> dict[str, str]:
    """Queries that a person keeps, by name."""
    found = db.execute("SELECT name, query FROM saved_search ORDER BY name")
    return dict(found.fetchall())
