"""Taking in what :mod:`~catalogue.store.dump` told, many lines at once.

What the catalogue has and knows better, because it is newer, stays. An empty catalogue takes the
verdicts as they are, and is written as a whole: what can be made of all rows at once is made last.
In any other the verdicts are left to the index: what is new may be another file of a picture that
is here already, or be spoken of by pages on both sides.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import operator
import re
import sqlite3
from array import array
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
from catalogue.store import derived, dump, rows, said, schema, searching, seen
from catalogue.store.files import PAGES

Line: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = dict[str, list[tuple[Any, ...]]]
"""Rows to be written, by table, with all their columns."""


def is_empty(db: sqlite3.Connection) -> bool:
    """Whether nothing was seen and said yet."""
    return not any(
        db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        for table in ("identity", "page", "correction", "forgotten")
    )


class Loading:
    """One load.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.into_empty = is_empty(db)
        """Whether the catalogue was empty when the load began; then all of it is one transaction
        of the caller, between :meth:`begin` and :meth:`finish`."""
        self._words: set[str] = set()
        self._seen_once: _SeenOnce | None = None
        self._takers: Mapping[str, Callable[[Sequence[Line]], Iterable[str]]] = {
            "catalogue": _check_format,
            "image": self._images,
            "page": self._pages,
            "address": self._addresses,
            "correction": self._corrections,
            "forgotten": self._forgotten,
            "saved_search": self._saved_searches,
            "rights": self._rights,
            "credit": self._credits,
            "picture": self._pictures,
        }

    def begin(self) -> None:
        """Do without indices from here to the end."""
        if self.into_empty:
            schema.drop_indices(self._db)

    def take(self, lines: Sequence[Line]) -> list[str]:
        """Take lines in, inside the transaction or savepoint that the caller has begun.

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
            self._seen_once = None
            raise
        return told

    def finish(self) -> None:
        """Make of all rows what is cheaper made at once: the indices, that of words among them."""
        if self.into_empty:
            # What was seen, and has no verdict yet, waits for the index.
            self._db.execute(
                "INSERT OR IGNORE INTO stale (picture) SELECT key FROM identity"
                " WHERE id NOT IN (SELECT id FROM verdict)"
            )
            derived.fill_text_index(self._db)
            for statement in schema.indices().values():
                self._db.execute(statement)
            self._db.execute("PRAGMA analysis_limit = 1000")
            self._db.execute("PRAGMA optimize")

    # --- what was seen ------------------------------------------------------------------------

    def _images(self, lines: Sequence[Line]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        numbers = _Numbers(self._db, [line["id"] for line in lines])
        known = self._known("id, added", "image", numbers.known.values())
        new: Tables = defaultdict(list)
        for line in lines:
            _check_names(line, _IMAGE)
            key = line["id"]
            if key in unwanted:
                yield f"picture {key[:12]} is there, and was forgotten here: it is left out"
                continue
            number = numbers[key]
            if number in known:
                self._db.execute(
                    "UPDATE image SET added = ? WHERE id = ? AND added > ?",
                    (line["added"], number, line["added"]),
                )
            else:
                known[number] = line["added"]
                _add_image(new, number, line)
        _insert(self._db, {"identity": numbers.new} | new)

    def _pages(self, lines: Sequence[Line]) -> Iterable[str]:
        unwanted = said.forgotten(self._db)
        known = self._known("address, id", "page", [line["address"] for line in lines])
        new: Tables = defaultdict(list)
        added: list[tuple[Line, list[tuple[Line, str, str]]]] = []
        for line in lines:
            _check_names(line, _PAGE)
            wanted = [
                shown for shown in line.get("appearances", ()) if shown.get("image") not in unwanted
            ]
            if line["address"] in known:
                _merge_page(self._db, line, wanted)
            else:
                added.append((line, [_placed(line, shown) for shown in wanted]))
        numbers = _Numbers(self._db, [key for _, shown in added for *_, key in shown])
        fresh = _first_free(self._db, "page"), _first_free(self._db, "appearance")
        for line, wanted_of_it in added:
            _add_page(new, fresh, line, wanted_of_it, numbers)
        _insert(self._db, {"identity": numbers.new} | new)
        if self.into_empty:
            texts = map(_texts_of_appearance, new["appearance"])
            derived.put_words(self._db, itertools.chain.from_iterable(texts), self._words)
            self._seen_once = None
        else:
            seen.mark_stale(self._db, [key for _, shown in added for *_, key in shown])
        return ()

    def _addresses(self, lines: Sequence[Line]) -> Iterable[str]:
        self._db.executemany(
            "INSERT INTO address (url, page, image_id, outcome, detail, etag, last_modified, tried,"
            " attempts) VALUES (:url, :page, (SELECT id FROM identity JOIN image USING (id)"
            " WHERE key = :image), :outcome, :detail, :etag, :last_modified, :tried, :attempts)"
            " ON CONFLICT (url)"
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
                if not self.into_empty or self._is_judged(line["picture"]):
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
            if self._db.execute("SELECT 1 FROM identity WHERE key = ?", (key,)).fetchone():
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

    def _credits(self, lines: Sequence[Line]) -> Iterable[str]:
        if not self.into_empty:
            return ()
        known = self._known("text, id", "credit", [line["text"] for line in lines])
        new: Tables = defaultdict(list)
        for number, line in zip(_first_free(self._db, "credit"), lines, strict=False):
            _check_names(line, _CREDIT)
            if line["text"] not in known:
                known[line["text"]] = number
                new["credit"].append((number, *map(line.get, dump.CREDIT)))
                for name, (table, _) in dump.OF_CREDIT.items():
                    new[table] += [(number, *cells) for cells in enumerate(line.get(name, ()))]
        _insert(self._db, new)
        derived.put_words(self._db, known, self._words)
        return ()

    def _pictures(self, lines: Sequence[Line]) -> Iterable[str]:
        if not self.into_empty:
            return ()
        if self._seen_once is None:
            self._seen_once = _SeenOnce(self._db)
        told = {line["id"]: line for line in lines}
        numbers = self._known("key, id", "identity", told)
        judged = self._known("id, id", "verdict", numbers.values())
        refers = _References(
            credits=self._known("text, id", "credit", {line.get("credit") for line in lines}),
            namings=self._namings({line["names"] for line in lines if "names" in line}),
            best=self._known("key, id", "identity", {line.get("best") for line in lines}),
            pages=self._known(
                "address, id", "page", {one for line in lines for one in line.get("pages", ())}
            ),
        )
        new: Tables = defaultdict(list)
        for key, line in told.items():
            _check_names(line, _PICTURE)
            _check_names(line["verdict"], _VERDICT)
            number = numbers.get(key)
            times = 0 if number is None else self._seen_once.times(number)
            if number is not None and times and number not in judged:
                once = self._seen_once.of(number) if times == 1 else None
                _add_picture(new, number, line, once, refers)
        _insert(self._db, new)
        texts = map(_texts_of_verdict, new["verdict"])
        derived.put_words(self._db, itertools.chain.from_iterable(texts), self._words)
        return ()

    def _namings(self, names: set[str]) -> dict[str, int]:
        known = self._known("names, id", "naming", names)
        if fresh := sorted(names - known.keys()):
            self._db.executemany("INSERT INTO naming (names) VALUES (?)", zip(fresh))
            derived.put_words(self._db, fresh, self._words)
            known |= self._known("names, id", "naming", fresh)
        return known

    def _is_judged(self, key: str) -> bool:
        sql = "SELECT 1 FROM identity JOIN verdict USING (id) WHERE key = ?"
        return self._db.execute(sql, (key,)).fetchone() is not None

    def _known(self, columns: str, table: str, values: Iterable[Any]) -> dict[Any, Any]:
        return _known(self._db, columns, table, values)


class _Numbers:
    """Numbers of pictures by their IDs: those that they have, and new ones for others."""

    def __init__(self, db: sqlite3.Connection, keys: Iterable[str]) -> None:
        self.known: dict[str, int] = _known(db, "key, id", "identity", set(keys))
        self.new: list[tuple[int, str]] = []
        """Rows of table ``identity``."""
        self._fresh = _first_free(db, "identity")

    def __getitem__(self, key: str) -> int:
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = next(self._fresh)
            self.new.append((number, key))
        return number


class _SeenOnce:
    """By the number of a picture, how often it was seen, and where, if that was once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        (most,) = db.execute("SELECT coalesce(max(id), 0) FROM identity").fetchone()
        self._appearance = array("q", bytes(8 * (most + 1)))
        self._page = array("q", bytes(8 * (most + 1)))
        for number, appearance, page in db.execute(
            "SELECT picture_id, id, page_id FROM appearance"
        ):
            self._appearance[number] = -1 if self._appearance[number] else appearance
            self._page[number] = page

    def times(self, number: int) -> int:
        """0, 1, or 2 for more."""
        appearance = self._appearance[number]
        return 2 if appearance < 0 else int(appearance > 0)

    def of(self, number: int) -> tuple[int, int]:
        """Keys of the appearance and the page."""
        return self._appearance[number], self._page[number]


@dataclasses.dataclass(frozen=True, slots=True)
class _References:
    """Keys of what verdicts refer to."""

    credits: Mapping[str, int]
    namings: Mapping[str, int]
    best: Mapping[str, int]
    pages: Mapping[str, int]


def _known(
    db: sqlite3.Connection, columns: str, table: str, values: Iterable[Any]
) -> dict[Any, Any]:
    """Of rows whose first column is among the values: the second by the first."""
    first = columns.partition(",")[0]
    found: dict[Any, Any] = {}
    for some in seen.batched(list(values), 500):
        sql = f"SELECT {columns} FROM {table} WHERE {first} IN ({seen.marks(some)})"
        found.update(map(tuple, db.execute(sql, some)))
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


# --- what a line may hold ---------------------------------------------------------------------

_IMAGE = {"kind", "id", "suffix", "bytes", *dump.FACTS, "embedded", "added"}
_PAGE = {
    "kind", "address", "alone", *dump.OF_PAGE, "notes", "outcome", "detail", "fetched", "etag",
    "last_modified", "snapshot", "appearances",
}  # fmt: skip
_APPEARANCE = {
    "url", "image", "role", "title", "caption", "credit", "alt", "alternatives", "larger",
    "statements", "evidence", "outcome", "detail", "asked",
}  # fmt: skip
_CREDIT = {"kind", *dump.CREDIT, *dump.OF_CREDIT}
_VERDICT = set(dump.VERDICT)
_PICTURE = {
    "kind", "id", "verdict", *rows.WORDS, "credit", "names", "best", "subjects", "pages",
    "evidence", "contradictions", "marks", "pairs",
}  # fmt: skip


def _check_names(line: Line, names: set[str]) -> None:
    # What is empty is left out; a name that is not known would be lost without a word.
    if not line.keys() <= names:
        raise ValueError(f"{min(line.keys() - names)!r} is nothing that it may hold")


def files_of(line: Line) -> list[tuple[str, str]]:
    """Relative path and SHA-256 of the files that a line names.

    Raises:
        ValueError: A path is not that of a file named by its content.
    """
    if line["kind"] == "image":
        key, suffix = line["id"], line["suffix"]
        if not _SHA256.fullmatch(key) or not _SUFFIX.fullmatch(suffix):
            raise ValueError(f"{key + suffix!r} is no name of a file by its content")
        return [(rows.image_file(key, suffix), key)]
    if line["kind"] == "page" and line.get("snapshot"):
        return [_named(line["snapshot"]["file"], line["snapshot"]["sha256"], PAGES)]
    return []


_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8})?")
_NAMED = re.compile(r"([a-z]+)/([0-9a-f]{2})/(\2[0-9a-f]{62})(\.[a-z0-9]{1,8})?")


def _named(file: str, sha256: str, kind: str) -> tuple[str, str]:
    found = _NAMED.fullmatch(file)
    if found is None or found[1] != kind or found[3] != sha256:
        raise ValueError(f"{file!r} is not named by its content")
    return file, sha256


# --- lines to rows ----------------------------------------------------------------------------


def _add_image(new: Tables, number: int, line: Line) -> None:
    form, media_type, width, height, frames, mode, fingerprint, colour, damage = map(
        line.get, dump.FACTS
    )
    new["image"].append(
        (
            number, line["suffix"], line["bytes"], form, media_type, width, height, frames, mode,
            rows.signed(fingerprint), colour, damage, line["added"],
        )
    )  # fmt: skip
    if "embedded" in line:
        new["image_statement"] += [(number, *cells) for cells in _statement_cells(line["embedded"])]


def _placed(line: Line, shown: Line) -> tuple[Line, str, str]:
    """An appearance, its place on the page of a line, and the ID of its picture."""
    _check_names(shown, _APPEARANCE)
    caption, credit = shown.get("caption"), shown.get("credit")
    place = rows.place(shown.get("url"), caption, credit)
    key = shown.get("image") or rows.words_id(line["address"], place, caption, credit)
    return shown, place, key


def _add_page(
    new: Tables,
    fresh: tuple[itertools.count[int], itertools.count[int]],
    line: Line,
    wanted: Sequence[tuple[Line, str, str]],
    numbers: _Numbers,
) -> None:
    page_id, tell = next(fresh[0]), line.get
    complete = not _failed(line["outcome"]) and not any(
        _passing(shown["outcome"]) for shown, _, _ in wanted
    )
    snapshot = tell("snapshot") or {}
    url, *said_of_itself = map(tell, dump.OF_PAGE)
    new["page"].append(
        (
            page_id, line["address"], int(tell("alone", False)), url,
            rows.site_of(url or line["address"]), *said_of_itself, line["outcome"],
            tell("detail", ""), int(complete), tell("fetched", ""), tell("etag"),
            tell("last_modified"), *map(snapshot.get, dump.SNAPSHOT),
        )
    )  # fmt: skip
    new["page_note"] += [(page_id, *cells) for cells in enumerate(tell("notes", ()))]
    for shown, place, key in wanted:
        number, tell = next(fresh[1]), shown.get
        asked = rows.asked_cell(tell("asked", tell("url")), place)
        new["appearance"].append(
            (
                number, page_id, numbers[key], place, asked, shown["role"], tell("title"),
                tell("caption"), tell("credit"), tell("alt"), shown["outcome"], tell("detail", ""),
            )
        )  # fmt: skip
        if not shown.keys() & _BESIDE_APPEARANCE:
            continue
        addresses = [(0, url) for url in tell("alternatives", ())]
        addresses += [(1, url) for url in tell("larger", ())]
        new["appearance_address"] += [
            (number, position, *cells) for position, cells in enumerate(addresses)
        ]
        new["appearance_statement"] += [
            (number, *cells) for cells in _statement_cells(tell("statements", ()))
        ]
        new["appearance_evidence"] += [
            (number, position, *_of_evidence(one))
            for position, one in enumerate(tell("evidence", ()))
        ]


_BESIDE_APPEARANCE = {"alternatives", "larger", "statements", "evidence"}
_texts_of_appearance = operator.itemgetter(6, 7, 8, 9)
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


def _add_picture(
    new: Tables, number: int, line: Line, once: tuple[int, int] | None, refers: _References
) -> None:
    tell = line.get
    (
        spacecraft, instrument, kind, taken, published, sol, place, product_id, confidence, review,
        corrected,
    ) = map(line["verdict"].get, dump.VERDICT)  # fmt: skip
    words: Sequence[str | None]
    if once is None:
        words_of, words = None, [line[name] for name in rows.WORDS]
        pages = line["pages"]
    else:
        words_of = once[0]
        words = [(line[name] or "") if name in line else None for name in rows.WORDS]
        pages = tell("pages")
    best = tell("best")
    new["verdict"].append(
        (
            number, int(best is not None and best != line["id"]), spacecraft, instrument, kind,
            refers.credits[line["credit"]] if tell("credit") else None, taken, published,
            rows.year_of(taken, published), sol, place, product_id,
            refers.namings[line["names"]] if "names" in line else None,
            refers.best[best] if best is not None else None,
            words_of, *words, confidence or 0, review, corrected,
        )
    )  # fmt: skip
    if pages is None and once is not None:
        new["shown_on"].append((number, 0, once[1]))
    else:
        new["shown_on"] += [
            (number, position, refers.pages[address]) for position, address in enumerate(pages)
        ]
    new["evidence"] += [
        (number, position, *cells) for position, cells in enumerate(tell("evidence", ()))
    ]
    if not line.keys() & _BESIDE_PICTURE:
        return
    new["picture_subject"] += [(number, slug) for slug in tell("subjects", ())]
    new["contradiction"] += [(number, *cells) for cells in enumerate(tell("contradictions", ()))]
    new["rendition"] += [(line["id"], *cells) for cells in tell("pairs", ())]
    new["rendition_mark"] += [(mark, number) for mark in tell("marks", ())]


_BESIDE_PICTURE = {"subjects", "contradictions", "pairs", "marks"}
_texts_of_verdict = operator.itemgetter(10, 11, 15, 16, 17)


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
    tell = line.get
    told: dict[str, Any] = {name: tell(name) for name in dump.OF_PAGE}
    told["notes"] = tuple(tell("notes", ()))
    snapshot = tell("snapshot")
    harvested = Harvested(
        address=line["address"],
        page=Page(**told, images=tuple(one.appearance for one in gathered)),
        outcome=Outcome(
            kind="image" if tell("alone") else "page",
            url=line["address"],
            page=line["address"],
            outcome=line["outcome"],
            detail=tell("detail", ""),
        ),
        gathered=tuple(gathered),
        snapshot=Snapshot(**snapshot) if snapshot else None,
        validators=Validators(etag=tell("etag"), last_modified=tell("last_modified")),
        fetched=line["fetched"],
    )
    if known is not None and ours_is_newer:
        same = dataclasses.replace(harvested.outcome, outcome="unchanged")
        harvested = dataclasses.replace(harvested, outcome=same, fetched=known.fetched)
    seen.keep(db, harvested, addresses=False)


def _gathered(shown: Mapping[str, Any], line: Mapping[str, Any]) -> Gathered:
    tell = shown.get
    fields = {name: tell(name) for name in ("url", "title", "caption", "credit", "alt")}
    appearance = Appearance(
        **fields,
        alternatives=tuple(tell("alternatives", ())),
        larger=tuple(tell("larger", ())),
        role=Role(shown["role"]),
        statements=_statements(tell("statements", ())),
        evidence=tuple(Evidence(**one) for one in tell("evidence", ())),
    )
    return Gathered(
        appearance=appearance,
        outcome=Outcome(
            kind="image",
            url=appearance.url,
            page=line["address"],
            outcome=shown["outcome"],
            image=tell("image"),
            detail=tell("detail", ""),
        ),
        asked=tell("asked", tell("url")),
    )


def _have_appearance(db: sqlite3.Connection, address: str, gathered: Gathered) -> bool:
    found = db.execute(
        "SELECT 1 FROM appearance WHERE place = ?"
        " AND picture_id = (SELECT id FROM identity WHERE key = ?)"
        " AND page_id = (SELECT id FROM page WHERE address = ?)",
        (rows.place_of(gathered.appearance), rows.picture_of(address, gathered), address),
    )
    return found.fetchone() is not None


def _statements(stated: Iterable[Mapping[str, Any]]) -> tuple[Statement, ...]:
    return tuple(Statement(**one) for one in stated)
