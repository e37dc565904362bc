"""What a search costs beside the same question asked of SQLite's own full-text index.

    python benchmarks/search.py                        20,000 made-up records
    python benchmarks/search.py --records FILE         those of a file of JSON lines
    python benchmarks/search.py --catalogue DIR ...    loaded already by an earlier run

Beside the catalogue stands a bare database: one table with the same texts and columns, an index of
the same words (FTS5, external content, the same tokenizer). Both are asked in turns, in one
process, with warm caches; figures are CPU milliseconds, and what counts is their ratio.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from records import Records, lines_of, made

from catalogue import Catalogue
from catalogue.query.words import TOKENIZER
from catalogue.store.searching import RANKED

TWO = (
    "dust devil",
    "jezero delta",
    "gale drill hole",
    "frost avalanche",
    "landing site",
    "ripples",
)
COMMON = ("crater", "mars", "surface", "image")
PAGE = 20
COLUMNS = (
    "pid", "title", "caption", "credit", "spacecraft", "instrument", "place", "date", "sol",
    "width", "height", "url", "page", "site",
)  # fmt: skip

Figures = dict[str, float]


def cpu() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(works: Iterable[Callable[[], object]], rounds: int) -> list[list[float]]:
    """CPU milliseconds of each work, asked in turns, after one round that warms up."""
    works = list(works)
    found: list[list[float]] = [[] for _ in works]
    for round_ in range(rounds + 1):
        for work, times in zip(works, found, strict=True):
            begin = cpu()
            work()
            if round_:
                times.append(1000 * (cpu() - begin))
    return found


def bare(path: Path, records: Records) -> sqlite3.Connection:
    """The database to compare with."""
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode = wal; PRAGMA cache_size = -65536;")
    with db:
        db.execute(f"CREATE TABLE image (id INTEGER PRIMARY KEY, {', '.join(COLUMNS)})")
        db.executemany(
            f"INSERT INTO image VALUES (NULL, {', '.join('?' * len(COLUMNS))})",
            (
                tuple(map((record | {"site": record["page"].split("/")[2]}).get, COLUMNS))
                for record in records
            ),
        )
        texts = "title, caption, credit, spacecraft, instrument, place, pid"
        db.execute(
            f"CREATE VIRTUAL TABLE fts USING fts5({texts}, content='image', content_rowid='id',"
            f" tokenize='{TOKENIZER}')"
        )
        db.execute("INSERT INTO fts (fts) VALUES ('rebuild')")
        db.execute("CREATE INDEX image_craft_date ON image (spacecraft, date DESC, id)")
    db.execute("ANALYZE")
    return db


def bare_search(db: sqlite3.Connection, words: str) -> list[Any]:
    return db.execute(
        "SELECT image.* FROM (SELECT rowid, rank FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT ?)"
        " AS found JOIN image ON image.id = found.rowid ORDER BY found.rank",
        (" ".join(f'"{word}"' for word in words.split()), PAGE),
    ).fetchall()


def bare_facets(db: sqlite3.Connection, words: str) -> list[Counter[Any]]:
    counts: list[Counter[Any]] = [Counter() for _ in range(5)]
    for *cells, number in db.execute(
        "SELECT image.spacecraft, image.instrument, image.credit, substr(date, 1, 4), site,"
        " count(*) FROM fts JOIN image ON image.id = fts.rowid WHERE fts MATCH ?"
        " GROUP BY 1, 2, 3, 4, 5",
        (" ".join(f'"{word}"' for word in words.split()),),
    ):
        for count, cell in zip(counts, cells, strict=True):
            count[cell] += number
    return counts


def ask(catalogue: Catalogue, db: sqlite3.Connection, rounds: int) -> Figures:
    """Figures of all questions."""
    figures: Figures = {}

    def compare(name: str, texts: Iterable[str], ours: Any, theirs: Any) -> None:
        times: tuple[list[float], list[float]] = ([], [])
        for text in texts:
            one, other = timed((lambda t=text: ours(t), lambda t=text: theirs(t)), rounds)
            times[0].extend(one)
            times[1].extend(other)
        mine, bare_ = (statistics.median(some) for some in times)
        figures[name], figures[f"{name}, p95"] = mine, percentile(times[0], 95)
        figures[f"{name}, bare"], figures[f"{name}, ratio"] = bare_, mine / bare_
        print(
            f"{name:34} {mine:9.2f} ms  p95 {percentile(times[0], 95):9.2f}"
            f"   bare {bare_:9.2f} ms   ratio {mine / bare_:6.2f}",
            flush=True,
        )

    def found(text: str) -> list[Any]:
        return list(catalogue.search(text, limit=PAGE))

    compare("words", TWO, found, lambda text: bare_search(db, text))
    compare("common words", COMMON, found, lambda text: bare_search(db, text))
    compare("facets", TWO, catalogue.facets, lambda text: bare_facets(db, text))

    def bare_by_date(offset: int) -> list[Any]:
        return db.execute(
            "SELECT * FROM image WHERE spacecraft = 'curiosity' ORDER BY date DESC, id LIMIT ?"
            " OFFSET ?",
            (PAGE, offset),
        ).fetchall()

    for name, offset in (("by date, first page", 0), ("by date, thousandth page", 999 * PAGE)):
        compare(
            name,
            ("spacecraft:curiosity",),
            lambda text, at=offset: list(
                catalogue.search(text, sort="newest", limit=PAGE, offset=at)
            ),
            lambda text, at=offset: bare_by_date(at),
        )
    last = list(catalogue.search("spacecraft:curiosity", sort="newest", limit=999 * PAGE))[-1]
    compare(
        "the same, behind a picture",
        ("spacecraft:curiosity",),
        lambda text: list(catalogue.search(text, sort="newest", limit=PAGE, after=last.id)),
        lambda text: bare_by_date(999 * PAGE),
    )
    return figures


def percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


def cold(folder: Path, words: str) -> tuple[float, float]:
    """CPU milliseconds of a search from a shell, and of a bare interpreter."""
    program = shutil.which("catalogue", path=str(Path(sys.executable).parent)) or "catalogue"
    one = [program, "-C", str(folder), "search", *words.split(), "--limit", str(PAGE)]
    other = [sys.executable, "-c", "pass"]
    ours, interpreter = timed(
        [lambda c=c: subprocess.run(c, check=True, capture_output=True) for c in (one, other)], 9
    )
    return statistics.median(ours), statistics.median(interpreter)


def load(folder: Path, records: Records) -> Figures:
    """Load them, as ``catalogue load`` does, and tell what it cost."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    dump = folder.with_suffix(".jsonl")
    number = 0
    with dump.open("w", encoding="utf-8") as lines:
        for line in lines_of(records):
            number += line["kind"] == "image"
            lines.write(json.dumps(line) + "\n")
    program = shutil.which("catalogue", path=str(Path(sys.executable).parent)) or "catalogue"
    begin = cpu()
    subprocess.run([program, "-C", str(folder), "load", str(dump)], check=True)
    seconds = cpu() - begin
    dump.unlink()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    begin = cpu()
    subprocess.run([program, "-C", str(folder), "index"], check=True, capture_output=True)
    again = cpu() - begin
    size = (folder / "catalogue.db").stat().st_size / number
    print(
        f"load           {number / seconds:9,.0f} records a second of CPU, {peak:,.0f} MB at most"
    )
    print(f"on disk        {size:9,.0f} bytes a record")
    print(f"index again    {again:9.2f} s of CPU")
    return {"records": number, "load": number / seconds, "size": size, "index again": again}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=Path, help="a file of JSON lines")
    parser.add_argument("--number", type=int, default=20_000, help="how many are made up")
    parser.add_argument("--catalogue", type=Path, help="where to keep both databases")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--figures", type=Path, help="a file to which they are added, for growth.py"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        if given.records is None:
            given.records = Path(temporary) / "records.jsonl"
            with given.records.open("w", encoding="utf-8") as lines:
                lines.writelines(json.dumps(one) + "\n" for one in made(given.number))
        records = Records(given.records)
        folder = given.catalogue or Path(temporary) / "mars"
        figures: Figures = {}
        if not (folder / "catalogue.db").exists():
            figures |= load(folder, records)
        path = folder.with_suffix(".bare.db")
        db = sqlite3.connect(path) if path.exists() else bare(path, records)
        with Catalogue.open(folder) as catalogue:
            (number,) = db.execute("SELECT count(*) FROM image").fetchone()
            print(f"{number:,} records; of more than {RANKED:,} matches the newest are ranked")
            figures |= {"records": number} | ask(catalogue, db, given.rounds)
        ours, interpreter = cold(folder, TWO[0])
        figures |= {"from a shell": ours, "bare interpreter": interpreter}
        print(f"from a shell   {ours:9.0f} ms, a bare interpreter {interpreter:.0f} ms")
    if given.figures:
        with given.figures.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({name: round(one, 3) for name, one in figures.items()}) + "\n")


if __name__ == "__main__":
    main()
