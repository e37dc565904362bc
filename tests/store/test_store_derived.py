"""What follows can be thrown away and written again; what a person said cannot be lost so."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from catalogue.errors import UsageError
from catalogue.model import Correction, Finding, Record, Sighting
from catalogue.query import Query, parse
from catalogue.registry import Registry, load_registry
from catalogue.store import Store, schema
from tests.making import gathered, harvested, picture, see, stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "mars", create=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def finding(number: int, **known: Any) -> Finding:
    key = f"{number:064x}"[::-1]
    return Finding(record=Record(id=key, **({"caption": f"picture {number}"} | known)))


def found(store: Store, query: Query | None, **how: Any) -> list[str]:
    return [record.caption or "" for record in store.search(query, **how)]


def test_words_are_found_in_their_other_forms_and_without_accents(
    store: Store, registry: Registry
) -> None:
    store.write([finding(1, caption="Dunes in Méridiani"), finding(2, caption="a dust devil")])

    assert found(store, parse("dune meridiani", lambda: registry)) == ["Dunes in Méridiani"]


@pytest.mark.parametrize("prefix", ["curio*", "curios*", "curiosi*", "curiosit*", "curiosity*"])
def test_a_words_beginning_finds_it_whatever_stemming_makes_of_it(
    store: Store, registry: Registry, prefix: str
) -> None:
    store.write([finding(1, caption="Curiosity's wheel")])

    assert found(store, parse(prefix, lambda: registry)) == ["Curiosity's wheel"]


def test_an_identifier_is_found_by_its_parts_and_as_a_whole(
    store: Store, registry: Registry
) -> None:
    one = dataclasses.replace(finding(1), names="MRO; HiRISE; ESP_068294_9015")
    store.write([one, finding(2)])

    for text in ("ESP_068294_9015", "esp_068294*", "hirise"):
        assert found(store, parse(text, lambda: registry)) == ["picture 1"]


def test_a_name_or_title_counts_more_than_a_caption(store: Store, registry: Registry) -> None:
    store.write(
        [
            finding(1, caption="a dune"),
            finding(2, caption="sand", title="The dune"),
            dataclasses.replace(finding(3, caption="rock"), names="dune"),
        ]
    )

    assert found(store, parse("dune", lambda: registry)) == ["rock", "sand", "a dune"]


def test_orders_are_total_and_leave_what_has_no_date_to_the_end(store: Store) -> None:
    jpeg = {"file": "x.jpg", "format": "JPEG", "media_type": "image/jpeg"}
    shown = {"pages": ("https://a.org/",), "page_titles": ("",)}
    findings = [
        finding(1, caption="old", taken="2004-01-25", width=10, height=10, **jpeg, **shown),
        finding(2, caption="none"),
        finding(3, caption="new", published="2021-02", width=20, height=20, **jpeg, **shown),
        finding(4, caption="middle", taken="2012-08-06", width=10, height=20, **jpeg, **shown),
    ]
    see(store, *(one.record for one in findings))
    store.write(findings)

    assert found(store, None, sort="newest") == ["new", "middle", "old", "none"]
    assert found(store, None, sort="oldest") == ["old", "middle", "new", "none"]
    assert found(store, None, sort="largest") == ["new", "middle", "old", "none"]
    assert found(store, None) == found(store, None, sort="newest")


@pytest.mark.parametrize("sort", ["newest", "oldest", "largest"])
@pytest.mark.parametrize(
    ("query", "renditions", "matches"),
    [
        ("", False, 400),
        ("", True, 450),
        ("spacecraft:mro,spirit,curiosity", False, 300),
        ("spacecraft:mro OR spacecraft:spirit", True, 226),
        ("instrument:hirise,navcam since:2001 -id:0", True, 289),
    ],
)
def test_pages_of_results_join_without_gap_or_overlap(
    store: Store, registry: Registry, sort: str, query: str, renditions: bool, matches: int
) -> None:
    craft = ("mro", "spirit", "curiosity", None)
    findings = [
        finding(
            number,
            spacecraft=craft[number % 4],
            instrument=("mro-hirise", "mer-navcam", "msl-navcam")[number % 3],
            taken=f"{2000 + number % 7}" if number % 5 else None,
            width=number % 5 or None,
            height=1,
            renditions=("f" * 64,) if number % 9 == 0 else (),
        )
        for number in range(450)
    ]
    store.write(findings)
    asked = parse(query, lambda: registry)
    how: dict[str, Any] = {"sort": sort, "renditions": renditions}

    whole = list(store.search(asked, **how))
    by_number = [
        one
        for at in range(0, len(whole) + 1, 70)
        for one in store.search(asked, limit=70, offset=at, **how)
    ]
    by_picture = whole[:70]
    while following := list(store.search(asked, limit=70, after=by_picture[-1].id, **how)):
        by_picture += following

    expected = {
        one.record.id
        for one in findings
        if asked.matches(one.record) and (renditions or not one.record.renditions)
    }
    assert {one.id for one in whole} == expected
    assert len(whole) == len(expected) == matches
    assert by_number == by_picture == whole
    dated = [one.taken for one in whole if one.taken]
    if sort != "largest":
        assert dated == sorted(dated, reverse=sort == "newest")
        assert all(one.taken is None for one in whole[len(dated) :])


def test_a_picture_that_is_not_found_is_no_place_to_go_on_from(
    store: Store, registry: Registry
) -> None:
    store.write([finding(1, caption="a dune"), finding(2, caption="a rock")])
    rock = next(store.search(parse("rock", lambda: registry))).id

    with pytest.raises(UsageError, match="is not among those that are found"):
        list(store.search(parse("dune", lambda: registry), after=rock))


def test_an_order_that_is_none_harms_nothing(store: Store) -> None:
    with pytest.raises(UsageError, match="unknown order"):
        list(store.search(None, sort="x; DROP TABLE picture"))

    assert store.count() == 0


@pytest.mark.parametrize("query", ["dune", "caption:dune kind:none", "kind:photo OR -rock"])
def test_facets_count_all_matches(store: Store, registry: Registry, query: str) -> None:
    findings = [
        finding(
            number,
            caption="dune" if number < 3 else "rock",
            spacecraft="mro" if number else "odyssey",
            published="2021",
            pages=("https://a.org/1", "https://a.org/2", "https://b.org/"),
            page_titles=("", "", ""),
        )
        for number in range(5)
    ]
    see(store, *(one.record for one in findings))
    store.write(findings)

    facets = store.facets(parse(query, lambda: registry))

    assert facets["spacecraft"] == {"mro": 2, "odyssey": 1}
    assert facets["site"] == {"a.org": 3, "b.org": 3}
    assert facets["year"] == {"2021": 3}


def test_writing_the_same_again_changes_nothing_in_the_search_index(
    store: Store, registry: Registry
) -> None:
    store.write([finding(1, caption="dune")])
    store.write([finding(1, caption="dune")])
    store.write([finding(1, caption="rock")])

    assert found(store, parse("dune", lambda: registry)) == []
    assert found(store, parse("rock", lambda: registry)) == ["rock"]
    assert list(store.check()) == []


def test_what_is_seen_while_the_index_works_waits_for_the_next_one(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(), image)))
    batch = store.waiting()
    store.keep(harvested(gathered(picture(caption="Longer caption"), image)))

    store.write([], batch)

    assert [key for key, _ in store.waiting()] == [image.id]


def test_dropping_all_that_is_derived_keeps_what_was_seen_and_said(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(), image)))
    store.correct(Correction(image=image.id, field="kind", value="map"))
    store.write([Finding(record=Record(id=image.id))], store.waiting())

    store.drop_derived()

    assert store.count() == 0
    assert [key for key, _ in store.waiting()] == [image.id]
    assert len(list(store.sightings())) == 1
    assert [one.value for one in store.corrections(image.id)] == ["map"]


def test_look_alikes_are_proposed_nearest_first(store: Store) -> None:
    prints = {b"a": 0b0, b"b": 0b11, b"c": 0b1, b"d": 0b11111, b"e": (1 << 63) | 1}
    images = {name: stored(store, name, fingerprint=value) for name, value in prints.items()}
    store.keep(harvested(*(gathered(picture(name[0]), image) for name, image in images.items())))
    store.write([Finding(record=Record(id=image.id)) for image in images.values()])

    near = store.dossier(images[b"a"].id).near

    assert near == tuple(
        sorted((images[b"c"].id, images[b"b"].id, images[b"e"].id),
               key=lambda key: (key != images[b"c"].id, key))
    )  # fmt: skip


def test_a_fingerprint_that_a_crowd_shares_proposes_nothing(store: Store) -> None:
    images = [stored(store, b"%d" % number, fingerprint=5) for number in range(80)]
    store.keep(
        harvested(*(gathered(picture(number), image) for number, image in enumerate(images)))
    )
    one = Sighting(id=images[0].id, image=images[0])

    now, later = store.proposed(one, [], near=12, limit=8)

    assert (now, later) == ([], [])


@pytest.mark.parametrize(
    ("prefix", "complaint"),
    [
        ("abc", "too short"),
        ("0000", "several IDs"),
        ("ffff", "no picture's ID"),
        ("%%%%", "no pict"),
    ],
)
def test_a_shortened_id_must_name_one_picture(store: Store, prefix: str, complaint: str) -> None:
    store.write([Finding(record=Record(id="0000aa")), Finding(record=Record(id="0000bb"))])

    with pytest.raises(UsageError, match=complaint):
        store.record(prefix)
    assert store.record("0000A").id == "0000aa"


def test_saved_searches_are_kept_under_their_names(store: Store) -> None:
    store.save_search("dunes", "dune spacecraft:mro")
    store.save_search("dunes", "dune")

    assert store.saved_searches() == {"dunes": "dune"}


# --- the tables as a stranger finds them ------------------------------------------------------


def test_every_table_is_explained_in_the_database_itself(store: Store) -> None:
    db = store._db
    tables = {
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
        ).fetchall()
        if not name.startswith(("picture_fts_", "sqlite_", "_sqlite_"))
    }
    explained = dict(
        db.execute("SELECT table_name, what FROM description WHERE column_name = ''").fetchall()
    )

    assert set(explained) == tables
    assert all(explained.values())


def test_every_column_is_listed_in_the_description(store: Store) -> None:
    listed = set(store._db.execute("SELECT table_name, column_name FROM description").fetchall())
    listed = {(row[0], row[1]) for row in listed if row[1]}
    columns = {
        (table, row["name"])
        for table in {name for name, _ in listed}
        for row in store._db.execute(f"PRAGMA table_xinfo({table})")
    }

    assert listed == columns


def test_the_manual_shows_the_tables_as_they_are() -> None:
    page = (ROOT / "docs" / "reference" / "schema.md").read_text(encoding="utf-8")

    assert schema.manual() in page


def test_what_the_manual_asks_of_sqlite_utils_is_answered(store: Store) -> None:
    store.write([finding(1, caption="Dunes", spacecraft="mro"), finding(2, caption="a delta")])
    page = (ROOT / "docs" / "how-to" / "use-other-sqlite-tools.md").read_text(encoding="utf-8")

    with sqlite_utils.Database(store.folder / "catalogue.db") as db:
        answers = [
            list(db.query(asked, {"words": "dune"}))
            for asked in re.findall("'(SELECT.+?)'", page, re.S)
        ]

    assert [row["caption"] for row in answers[0]] == ["Dunes"]
    assert {"spacecraft": "mro", "count(*)": 1} in answers[1]


def test_datasette_finds_the_matches_of_the_full_text_index_in_the_view(store: Store) -> None:
    store.write([finding(1, caption="Dunes"), finding(2, caption="a delta")])

    # It takes picture_fts for the index of what that names as its content, and asks for rowid.
    (declared,) = store._db.execute(
        "SELECT sql FROM sqlite_schema WHERE name = 'picture_fts'"
    ).fetchone()
    found = store._db.execute(
        "SELECT caption FROM picture WHERE rowid IN"
        " (SELECT rowid FROM picture_fts WHERE picture_fts MATCH 'dune')"
    ).fetchall()

    assert 'content="picture"' in declared
    assert [row["caption"] for row in found] == ["Dunes"]


def test_foreign_keys_are_declared_and_held(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store._db.execute("INSERT INTO picture_subject VALUES (99, 'mro')")


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("renditions", [False, True])
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("spacecraft:mro", "verdict_by_spacecraft"),
        ("spacecraft:(mro OR spirit) since:2004", "verdict_by_spacecraft"),
        ("instrument:hirise,navcam", "verdict_by_instrument"),
        ("", "verdict_by_date"),
        ("since:2004-02 until:2005", "verdict_by_date"),
        ("needs:review", "verdict_to_review"),
    ],
)
def test_a_filter_in_order_of_date_reads_an_index_and_sorts_nothing(
    store: Store, registry: Registry, sort: str, renditions: bool, query: str, index: str
) -> None:
    asked: list[str] = []
    store.write([finding(1, taken="2004", spacecraft="mro", instrument="mro-hirise")])
    store._db.set_trace_callback(asked.append)
    found(store, parse(query, lambda: registry), sort=sort, renditions=renditions, limit=50)
    store._db.set_trace_callback(None)

    (page,) = [sql for sql in asked if "ORDER BY 2" in sql]
    plan = [row["detail"] for row in store._db.execute(f"EXPLAIN QUERY PLAN {page}")]
    searches = [step for step in plan if step.startswith(("SEARCH", "SCAN"))]
    assert searches
    assert all(index in step for step in searches)
    assert not any("TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize("query", ["sol:3210", "sol:100..200", "sol:>3000"])
def test_pictures_of_a_sol_are_read_off_an_index(
    store: Store, registry: Registry, query: str
) -> None:
    asked: list[str] = []
    store.write([finding(1, sol=46, spacecraft="curiosity")])
    store._db.set_trace_callback(asked.append)
    store.count(parse(query, lambda: registry))
    store._db.set_trace_callback(None)

    (counted,) = [sql for sql in asked if "count(*)" in sql]
    plan = [row["detail"] for row in store._db.execute(f"EXPLAIN QUERY PLAN {counted}")]
    assert any("verdict_by_sol" in step for step in plan)


def test_how_values_spread_is_seen_whatever_comes_first(store: Store, registry: Registry) -> None:
    # The first thousand of the index by spacecraft are of one of them.
    names = ["curiosity"] * 1100 + ["mro"] * 1100
    store.write([finding(place, spacecraft=name) for place, name in enumerate(names)])
    store.count(parse("spacecraft:mro", lambda: registry))  # or nobody has asked for figures
    store.tidy()

    (figures,) = store._db.execute(
        "SELECT stat FROM sqlite_stat1 WHERE idx = 'verdict_by_spacecraft'"
    ).fetchone()
    assert figures.split()[:3] == ["2200", "2200", "1100"]  # rows; of one folded; of one spacecraft
