"""Searching from the command line: saved queries, pages of results, whatever is typed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.cli import records
from catalogue.record import Record
from tests import making
from tests.cli.conftest import Ran

Run = Callable[..., Ran]

ROOT = Path(__file__).resolve().parents[2]


def ids(ran: Ran) -> list[str]:
    assert ran.status == 0, ran.err
    return ran.out.split()


def test_a_search_that_is_kept_stands_for_its_query_wherever_one_is_taken(
    on_filled: Run, tmp_path: Path
) -> None:
    kept = on_filled("search", "dunes -devil", "--ids", "--save", "sand")

    assert kept.err == "kept as saved:sand\n"
    assert ids(on_filled("search", "saved:sand", "--ids")) == ids(kept)
    assert ids(on_filled("search", "saved:sand picture 1", "--count")) == ["1"]
    assert "2 pictures" in on_filled("gallery", "saved:sand", "--to", str(tmp_path / "g")).err


@pytest.mark.parametrize(
    ("name", "query", "told"),
    [
        ("a b", "dunes", "is no name for a search"),
        ("sand", "", "there is no query to be kept"),
        ("sand", "saved:sand", "refers to itself"),
        ("sand", "dunes (-saved:sand)", "refers to itself"),
        ("sand", "spacecaft:mro", "spacecraft"),
    ],
)
def test_what_cannot_be_kept_is_told_and_not_kept(
    on_filled: Run, name: str, query: str, told: str
) -> None:
    ran = on_filled("search", query, "--save", name)

    assert (ran.status, told in ran.err) == (2, True), ran.err
    assert on_filled("search", "saved:sand").status == 2


def test_searches_that_are_kept_are_listed_and_let_go(on_filled: Run) -> None:
    assert on_filled("search", "--saved") == (0, "", "")
    on_filled("search", "dunes -devil", "--save", "sand")
    on_filled("search", "kind:photo", "--save", "photos")

    assert on_filled("search", "--saved").out == (
        "saved:photos  kind:photo\nsaved:sand    dunes -devil\n"
    )
    listed = on_filled("search", "--saved", "--json").out.splitlines()
    assert json.loads(listed[1]) == {"name": "sand", "query": "dunes -devil"}

    gone = on_filled("search", "--unsave", "sand")
    assert gone == (0, "", "saved:sand is kept no longer; it was dunes -devil\n")
    assert on_filled("search", "saved:sand").status == 2
    again = on_filled("search", "--unsave", "photo")
    assert (again.status, "did you mean photos?" in again.err) == (2, True)


def test_a_kept_search_is_not_replaced_unseen(on_filled: Run) -> None:
    on_filled("search", "dunes", "--save", "sand")

    assert on_filled("search", "dunes", "--ids", "--save", "sand").err == "kept as saved:sand\n"
    replaced = on_filled("search", "devil", "--ids", "--save", "sand")
    assert replaced.err == "kept as saved:sand, which was dunes\n"


def test_kept_searches_do_not_go_round_in_a_ring(on_filled: Run) -> None:
    on_filled("search", "dunes", "--save", "a")
    on_filled("search", "saved:a", "--save", "b")

    ran = on_filled("search", "saved:b devil", "--save", "a")

    assert (ran.status, "refers to itself" in ran.err) == (2, True)
    assert ids(on_filled("search", "saved:b", "--ids")) == ids(
        on_filled("search", "dunes", "--ids")
    )


def test_an_unknown_saved_search_is_told_with_the_nearest(on_filled: Run) -> None:
    on_filled("search", "dunes", "--save", "dunes")

    ran = on_filled("search", "saved:dnues")

    assert (ran.status, "did you mean dunes?" in ran.err) == (2, True)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "largest"])
def test_the_page_behind_a_picture_goes_on_where_the_last_one_ended(
    on_filled: Run, sort: str
) -> None:
    whole = ids(on_filled("search", "--ids", "--sort", sort))
    pages, after = [], []
    while page := ids(on_filled("search", "--ids", "--sort", sort, "--limit", "1", *after)):
        pages += page
        after = ["--after", page[-1][:12]]

    assert pages == whole
    assert len(whole) == 3


def test_ranked_pages_join_as_well(on_filled: Run) -> None:
    whole = ids(on_filled("search", "dunes OR devil", "--ids"))

    assert ids(on_filled("search", "dunes OR devil", "--ids", "--after", whole[0])) == whole[1:]
    assert ids(on_filled("search", "dunes OR devil", "--ids", "--offset", "1")) == whole[1:]


def test_numbers_that_no_catalogue_reaches_are_taken_for_all_there_is(on_filled: Run) -> None:
    most, whole = "9" * 30, ids(on_filled("search", "--ids"))

    assert ids(on_filled("search", "--ids", "--limit", most)) == whole
    assert ids(on_filled("search", "picture", "--ids", "--limit", most, "--offset", most)) == []
    assert ids(on_filled("search", "--ids", "--sort", "oldest", "--offset", most)) == []
    assert on_filled("review", "--limit", most).status == 0


@pytest.mark.parametrize("option", ["--sort", "--after"])
def test_an_order_or_a_picture_that_is_sql_harms_nothing(
    on_filled: Run, filled: Path, option: str
) -> None:
    ran = on_filled("search", "dunes", option, "x; DROP TABLE picture; --")

    assert (ran.status, ran.out) == (2, "")
    with sqlite3.connect(filled / "catalogue.db") as db:
        assert db.execute("SELECT count(*) FROM picture").fetchone() == (3,)
    db.close()


def test_who_finds_nothing_is_told_which_words_no_picture_has(on_filled: Run) -> None:
    ran = on_filled("search", "duness devil -zeppelin")

    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "no picture has the word 'duness'; did you mean dunes?\n"
    assert on_filled("search", "duness", "--ids").err == ""
    assert on_filled("search", "dunes devil").err.startswith("no picture fits all of this; OR ")
    assert on_filled("search", "dunes picture", "--limit", "0").err == ""
    assert on_filled("search", "dunes picture", "--offset", "99").err == ""


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_counts_by_facet_stand_behind_the_count_of_all(
    on_filled: Run, json: tuple[str, ...]
) -> None:
    count, *facets = on_filled("search", "dunes", "--count", "--facets", *json).out.splitlines()

    assert "2" in count
    assert any("2021" in line for line in facets)


@pytest.mark.parametrize("form", ["--csv", "--ids"])
def test_counts_by_facet_are_no_rows_of_a_list_for_programs(on_filled: Run, form: str) -> None:
    ran = on_filled("search", "dunes", form, "--facets")

    assert ran.out == on_filled("search", "dunes", form).out
    assert "2021" in ran.err


@pytest.mark.parametrize("width", [1, 20, 40, 60, 80, 200])
def test_the_table_fits_the_terminal(width: int) -> None:
    found = Record(
        id="ab" * 32,
        taken="2021-02-18",
        spacecraft="perseverance",
        instrument="m2020-mastcam-z",
        credit="NASA/JPL-Caltech/ASU/MSSS",
        caption="A view of the delta in Jezero Crater " * 9,
    )

    lines = records.table([records.as_line(found)], width)

    assert all(len(line) <= max(width, records.SHORT_ID + 3) for line in lines)
    assert all(line.startswith(first) for line, first in zip(lines, ("ID", "abab"), strict=True))
    assert ("CREDIT" in lines[0]) == (width >= 80)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"product_id": "PIA16052"}, "PIA16052"),
        ({"url": "https://example.org/raw/Sol%2046.png?w=1"}, "[Sol 46.png]"),
        ({"file": "images/a.jpg", "format": "JPEG", "width": 640, "height": 480},
         "[JPEG 640 x 480]"),
        ({"url": "https://example.org/"}, ""),
    ],
)  # fmt: skip
def test_a_picture_without_words_is_told_by_its_file(known: dict[str, Any], told: str) -> None:
    assert records.words(Record(id="a", **known)) == told


def test_letters_of_two_columns_and_of_none_are_reckoned_with() -> None:
    wide = records.fitted("火星の夕日", 7)
    marked = records.fitted("e\N{COMBINING ACUTE ACCENT}clair", 7)

    assert wide == "火星の…"
    assert marked == "e\N{COMBINING ACUTE ACCENT}clair "


def test_what_a_terminal_has_no_room_for_is_cut_where_one_sees_it(
    on_filled: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.cli.review.is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "24")

    listed = [line for line in on_filled("review").out.splitlines() if line[:1] != " "]

    assert listed
    assert all(len(line) <= 24 and line.endswith("…") for line in listed)


# What people type: signs of the index's own language, of SQL, of the shell, other scripts.
TYPED = (
    "self-portrait", "NASA/JPL-Caltech", '"', 'rover"', "AND", "OR rover", "NOT", "*", "rover*",
    "(rover", "rover)", "^", "NEAR(", "C++", "d'Alembert", "-rover", "PIA12345.jpg", "a b c", "",
    "  ", "%", "rover \0 x", "Curiosity’s", "50%", "@nasa", "url:http://x/", "{t}:rover", "火星",
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_is_answered(on_filled: Run, typed: str) -> None:
    ran = on_filled("search", typed, "--json")

    assert (ran.status, ran.err) == (0, "")
    assert all(json.loads(line)["id"] for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("typed", "matches"), [("-dunes", 1), ("-2021-02", 0), ("-kind:map", 3), ("-picture-1", 2),
                           ("-dust devil", 2), ("-devil dust", 3)]
)  # fmt: skip
def test_what_is_excluded_is_taken_for_no_option(on_filled: Run, typed: str, matches: int) -> None:
    assert len(ids(on_filled("search", typed, "--ids"))) == matches


def test_what_is_typed_is_understood_where_the_locale_knows_ascii_alone(filled: Path) -> None:
    def run(*arguments: str) -> str:
        locale = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        return subprocess.run(
            [sys.executable, "-m", "catalogue", "-C", str(filled), *arguments],
            cwd=ROOT,
            env=os.environ | locale,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.decode()

    one = run("search", "has:file", "--ids", "--limit", "1").strip()
    run("set", one, "caption=火星の夕日 éclair", "--note", "détail")

    assert run("search", "夕日", "--ids").strip() == one
    assert "火星の夕日 éclair" in run("search", "éclair")
    assert run("search", "月", "--count").strip() == "0"


@pytest.mark.parametrize("typed", ["t:rover", "x:rover", "spacecraft:perseverence", "sol:ten"])
def test_what_is_wrong_with_a_field_is_told_in_one_line(on_filled: Run, typed: str) -> None:
    ran = on_filled("search", typed)

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


# --- several at once --------------------------------------------------------------------------

SEARCHING = """
import sys
from pathlib import Path
from catalogue import cli
folder, stop = sys.argv[1:]
rounds, statuses = 0, set()
while not rounds or not Path(stop).exists():
    statuses.add(cli._run(["-C", folder, "search", "crater", "--count"]))
    statuses.add(cli._run(["-C", folder, "search", "spacecraft:none", "--facets", "--json"]))
    rounds += 1
print("statuses", sorted(statuses), file=sys.stderr)
"""


def begun(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_may_search_while_one_harvests(tmp_path: Path) -> None:
    folder, stop = tmp_path / "mars", tmp_path / "stop"
    making.fill(folder)
    searching = [begun("-c", SEARCHING, str(folder), str(stop)) for _ in range(2)]
    harvest = begun("-m", "catalogue", "-C", str(folder), "harvest", str(ROOT / "data" / "sample"))
    told = [harvest.communicate(timeout=120)[1]]
    stop.touch()
    told += [one.communicate(timeout=60)[1] for one in searching]

    assert harvest.returncode == 0, told[0]
    assert [words for words in told if "locked" in words or "in use" in words] == []
    assert [words.splitlines() for words in told[1:]] == [["statuses [0]"]] * 2
