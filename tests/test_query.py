"""The search language: what is typed, what it means, and that both meanings agree."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.errors import UsageError
from catalogue.model import Kind, Record
from catalogue.query import Query, parse
from catalogue.query.fields import FIELDS
from catalogue.query.words import TOKENIZER, fold, tokens
from catalogue.registry import load_registry

REGISTRY = load_registry()

SCHEMA = f"""
CREATE TABLE picture(id INTEGER PRIMARY KEY, key TEXT, spacecraft, instrument, kind, title, caption,
    alt, credit, credit_id AS (credit), credit_normal, licence, taken, sol, place, product_id,
    confidence, review, file, url, format, width, height, bytes, published, names);
CREATE VIEW identity AS SELECT id, key FROM picture;
CREATE TABLE picture_subject(picture_id, spacecraft);
CREATE TABLE picture_organisation(picture_id, organisation);
CREATE TABLE picture_person(picture_id, person);
CREATE TABLE page(id INTEGER PRIMARY KEY, url, address, site);
CREATE TABLE shown_on(picture_id, page_id);
CREATE VIRTUAL TABLE picture_fts USING fts5(title, caption, credit, alt, names,
    tokenize='{TOKENIZER}');
"""
COLUMNS = (
    "spacecraft", "instrument", "kind", "title", "caption", "alt", "credit", "credit_normal",
    "licence", "taken", "sol", "place", "product_id", "confidence", "file", "url", "format",
    "width", "height", "bytes", "published",
)  # fmt: skip


def names_of(record: Record) -> str:
    """What the index holds beside the texts: here, the identifier."""
    return record.product_id or ""


def database(records: Iterable[Record]) -> sqlite3.Connection:
    """A database of just the tables that queries are about."""
    db = sqlite3.connect(":memory:")
    db.executescript(SCHEMA)
    for number, record in enumerate(records, 1):
        values = [getattr(record, column) for column in COLUMNS]
        db.execute(
            f"INSERT INTO picture(id, key, review, {', '.join(COLUMNS)})"
            f" VALUES (?, ?, ?, {', '.join('?' * len(COLUMNS))})",
            (number, record.id, "; ".join(record.review) or None, *values),
        )
        for table, held in (
            ("picture_subject", record.subjects),
            ("picture_organisation", record.organisations),
            ("picture_person", record.people),
        ):
            db.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(number, one) for one in held])
        for address, site in zip(record.pages, record.sites, strict=True):
            page = db.execute("INSERT INTO page VALUES (NULL, '', ?, ?)", (address, site))
            db.execute("INSERT INTO shown_on VALUES (?, ?)", (number, page.lastrowid))
        texts = (record.title, record.caption, record.credit, record.alt, names_of(record))
        db.execute(
            "INSERT INTO picture_fts(rowid, title, caption, credit, alt, names)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (number, *texts),
        )
    return db


def by_sql(query: Query, records: list[Record]) -> list[str]:
    db = database(records)
    known = {
        token
        for record in records
        for text in (record.title, record.caption, record.credit, record.alt)
        for token in tokens(fold(text or ""))
    }
    clause = query.clause(lambda prefix: sorted(w for w in known if w.startswith(fold(prefix))))
    join = "JOIN picture_fts f ON f.rowid = p.id AND picture_fts MATCH ?" if clause.match else ""
    bound = ((clause.match,) if clause.match else ()) + clause.parameters
    sql = f"SELECT p.key FROM picture p {join} WHERE {clause.where} ORDER BY p.id"
    return [row[0] for row in db.execute(sql, bound)]


def both(text: str, records: list[Record]) -> list[str]:
    """What a query finds, by SQL, after making sure that Python finds the same."""
    query = parse(text, lambda: REGISTRY)
    found = by_sql(query, records)
    assert found == [record.id for record in records if query.matches(record, names_of(record))], (
        text
    )
    return found


PARACHUTE = Record(
    id="aa11", spacecraft="mro", instrument="mro-hirise", subjects=("perseverance",), kind="photo",
    title="Under the parachute", caption="Perseverance hangs on its parachute above the dunes.",
    credit="NASA/JPL/University of Arizona", organisations=("nasa", "jpl", "university-of-arizona"),
    taken="2021-02-18T20:49:00", product_id="ESP_068294_9015", width=2000, height=1500,
    file="images/aa/aa11.jpg", format="JPEG", pages=("https://www.cnet.com/a",),
    sites=("cnet.com",),
    published="2021-02-19", confidence=0.99,
)  # fmt: skip
SELFIE = Record(
    id="bb22", spacecraft="curiosity", instrument="msl-mahli", subjects=("curiosity",),
    kind="photo",
    title="Selfie", caption="A self-portrait at Méridiani: a dust-devil's dune.", sol=2922,
    credit="NASA/JPL-Caltech/MSSS", organisations=("nasa", "jpl", "msss"), taken="2020-10",
    width=800, height=600, pages=("https://news.example/b",), sites=("news.example",),
    confidence=0.8, review=("two pages disagree",),
)  # fmt: skip
LOST = Record(id="cc33", caption="火星の夕日", kind="artwork")
THREE = [PARACHUTE, SELFIE, LOST]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "abc"),
        ("parachute", "a"),
        ("PARACHUTES", "a"),
        ("dune", "ab"),
        ("meridiani", "b"),
        ("parachute's", "a"),
        ("Meridiani’s", "b"),
        ("devil's dune", "b"),
        ('"devil\'s dune"', "b"),
        ('"devil dune"', ""),
        ("self-portrait", "b"),
        ('"dust devil"', "b"),
        ('"devil dust"', ""),
        ("parach*", "a"),
        ("curiosi*", ""),
        ("hang* above", "a"),
        ("parachute OR selfie", "ab"),
        ("dune -parachute", "b"),
        ("dune NOT parachute", "b"),
        ("dune AND selfie", "b"),
        ("(parachute OR selfie) mahli OR dunes", "ab"),
        ("夕日", "c"),
        ("火", "c"),
        ("spacecraft:mro", "a"),
        ('spacecraft:"Mars Reconnaissance Orbiter"', "a"),
        ("spacecraft:Mars Reconnaissance Orbiter parachute", "a"),
        ("spacecraft:mro,curiosity", "ab"),
        ("width:2500..1000", "a"),
        ("taken:2021..2020-11", "a"),
        ("taken:2021-02..2021", "a"),
        ("spacecraft:none", "c"),
        ("-spacecraft:mro", "bc"),
        ("instrument:hirise", "a"),
        ("instrument:none", "c"),
        ("subject:Percy", "a"),
        ("subject:none", "c"),
        ('credit:"University of Arizona"', "a"),
        ("credit:nasa", "ab"),
        ("credit:none", "c"),
        ("organisation:msss", "b"),
        ("caption:selfie", ""),
        ("title:selfie", "b"),
        ("site:cnet.com", "a"),
        ("site:https://www.cnet.com/", "a"),
        ("site:example", "b"),
        ("url:news.example/b", "b"),
        ("since:2021-02-18", "a"),
        ("since:2020-10-15", "ab"),
        ("until:2020", "b"),
        ("date:2020..2021-02", "ab"),
        ("year:2021", "a"),
        ("taken:2020-10", "b"),
        ("published:2021-02", "a"),
        ("sol:1..3000", "b"),
        ("sol:2922", "b"),
        ("sol:>2922", ""),
        ("width:>=2000", "a"),
        ("width:<2000", "b"),
        ("width:1k..3k", "a"),
        ("confidence:<0.9", "bc"),
        ("kind:photo", "ab"),
        ("kind:artwork,photo", "abc"),
        ("format:jpg", "a"),
        ("product:ESP_068294_9015", "a"),
        ("id:bb", "b"),
        ("has:credit", "ab"),
        ("needs:credit", "c"),
        ("has:file", "a"),
        ("needs:review", "b"),
        ("needs:spacecraft", "c"),
        ("-has:sol", "ac"),
        ("-needs:sol", "b"),
        ("spacecraft:(mro OR curiosity)", "ab"),
        ("spacecraft:(Mars Reconnaissance Orbiter)", "a"),
        ("caption:(dune -parachute)", "b"),
        ('caption:(perseverance OR title:selfie OR "self portrait")', "ab"),
        ("-spacecraft:(mro OR curiosity)", "c"),
        ("“dust devil”", "b"),
        ("credit:“University of Arizona”", "a"),
        ("dune \N{MINUS SIGN}parachute", "b"),
        ("selfportrait", ""),
        ("para-chute", "a"),
        ("para-chut*", "a"),
        ("ESP_068294_9015_RED", "a"),
        ("ESP_068294_9015.jpg", "a"),
        ("https://www.uahirise.org/ESP_068294_9015", "a"),
        ("product:ESP_068294_9015_RED.NOMAP.JP2", "a"),
        ("product:ESP_068294", "a"),
        ("product:ESP_068294_9016", ""),
        ("https://news.example/b#top", "b"),
        ("2021-02-18", "a"),
        ("2021/2/18", "a"),
        ("2021-13-99", ""),
        ("2020-10 selfie", "b"),
        ("-2020-10", "ac"),
        ("sol 2922", "b"),
        ("selfie Sol 2922:", "b"),
        ("sol 2923", ""),
        ("sol:none", "ac"),
        ("sol:=2922", "b"),
        ("sol:=2921", ""),
        ("sol:*", "b"),
        ("taken:none", "c"),
        ("date:none", "c"),
        ("date:*", "ab"),
        ("organisation:none", "c"),
        ("organisation:msss,university-of-arizona", "ab"),
        ("organisations:msss", "b"),
        ("place:*", ""),
        ("sol:2900-3000", "b"),
        ("width:700–900", "b"),
        ("width:>1000px", "a"),
        ('width:"800 pixels"', "b"),
        ("confidence:<90%", "bc"),
        ("date:>2020", "a"),
        ("date:>=2020-10", "ab"),
        ("date:<2021", "b"),
        ("date:<=2021", "ab"),
        ("date:=2021", "a"),
        ("year:2019-2020", "b"),
        ("since:2021/2/18", "a"),
        ("since:20210218", "a"),
        ("site:cnet", "a"),
        ("site:*.example", "b"),
        ("site:net", ""),
        ("type:artwork", "c"),
        ("title:*", "ab"),
        ("caption:* -title:*", "c"),
        ("site:none", "c"),
        ("url:*", "ab"),
        ("sol:<99999999999999999999", "b"),
        ("width:>" + "9" * 400, ""),
        ("me\N{COMBINING ACUTE ACCENT}ridiani", "b"),
        ("para\N{SOFT HYPHEN}chute", "a"),
        ("mission:msl", "b"),
    ],
)
def test_a_query_finds(text: str, found: str) -> None:
    assert [record_id[0] for record_id in both(text, THREE)] == list(found)


AWKWARD = [
    "self-portrait", "NASA/JPL-Caltech", '"', 'rover"', "AND", "OR rover", "NOT", "*", "rover*",
    "(rover",
    "rover)", "^", "NEAR(", "C++", "d'Alembert", "-rover", "PIA12345.jpg", "a b c", "", "  ",
    "%", "rover \0 x", "Curiosity’s", "50%", "@nasa", "http://x/", "url:http://x/", "{t}:rover",
    "火星",
    "Mars: rover", "12:30", "((((", "))))", "- -", "--", "a -", "OR", "OR OR", "NOT NOT",
    "-(-(-a))",
    '""', '"" *', "'; DROP TABLE picture; --", "sol 3210:", "5,000", "\ud800", "title:", 'title:"',
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD)
def test_whatever_is_typed_is_answered(text: str) -> None:
    both(text, THREE)


def test_words_with_signs_in_them_find_what_holds_them() -> None:
    records = [
        Record(id="a", caption="A self-portrait. NASA/JPL-Caltech made PIA12345.jpg at 50% size."),
        Record(id="b", caption="self and portrait, nasa and caltech, PIA54321"),
    ]

    for text in ("self-portrait", "NASA/JPL-Caltech", "PIA12345.jpg", "50%"):
        assert both(text, records) == ["a"], text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("spacecaft:mro", "spacecraft"),
        ("t:rover", "unknown field 't'"),
        ("spacecraft:perseverence", "perseverance"),
        ("spacecraft:xyzzy", "xyzzy"),
        ("instrument:hirize", "hirise"),
        ("kind:foto", "photo"),
        ("has:credits", "credit"),
        ("since:yesterday", "2021-02-18"),
        ("width:>", "not '>'"),
        ("kind:foto", "did you mean photo?"),
        ("sol:ten", "sol:1..10"),
        ("width:>=", "width"),
        ("width:2MB", "width:800..1200"),
        ("bytes:>1000px", "bytes:>2M"),
        ("nothing:(a OR b)", "unknown field 'nothing'"),
        ("spacecraft:(mro OR xyzzy)", "xyzzy"),
        ("date:2021-13", "2021-02..2021-05"),
        ("saved:nothing", "nothing"),
    ],
)
def test_what_cannot_be_understood_is_told_with_what_can(text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, lambda: REGISTRY)

    assert told.lower() in str(caught.value).lower()


def test_a_family_of_spacecraft_is_named_by_what_their_names_begin_with() -> None:
    records = [
        Record(id="a", spacecraft="viking-1-lander", caption="lander"),
        Record(id="b", spacecraft="viking-2-orbiter", subjects=("spirit",)),
        Record(id="c", spacecraft="mro", subjects=("opportunity",)),
    ]

    assert both("spacecraft:viking", records) == ["a", "b"]
    assert both("spacecraft:viking-1-lander,viking", records) == ["a", "b"]
    with pytest.raises(UsageError, match="nonsense"):
        both("spacecraft:viking,nonsense", records)
    assert both("spacecraft:Viking 1 Lander", records) == ["a"]
    assert both("subject:MER", records) == ["b", "c"]
    with pytest.raises(UsageError, match="unknown spacecraft 'mars'"):
        parse("spacecraft:mars", lambda: REGISTRY)


def test_scripts_without_spaces_are_searched_by_their_letters() -> None:
    records = [
        Record(id="a", caption="ภาพถ่ายดาวอังคารจากยานสำรวจ"),
        Record(id="b", caption="火星の夕日"),
    ]

    assert both("ดาวอังคาร", records) == ["a"]
    assert both("夕日", records) == ["b"]


def test_people_and_places_are_found_by_a_word_of_their_names() -> None:
    records = [
        Record(id="a", people=("Bill Ingalls",), place="Jezero Crater"),
        Record(id="b", people=("Billie Mayer", "Kevin Gill"), place="Gale Crater"),
    ]

    assert both("person:ingalls", records) == ["a"]
    assert both('person:"bill ing"', records) == ["a"]
    assert both("person:bill", records) == ["a", "b"]
    assert both("person:gill place:crater", records) == ["b"]
    assert both("person:galls", records) == []


def test_a_saved_query_is_used_by_its_name() -> None:
    query = parse("saved:sand -parachute", lambda: REGISTRY, lambda: {"sand": "dune OR ripple"})

    assert by_sql(query, THREE) == ["bb22"]


def test_a_saved_query_that_opens_itself_is_refused() -> None:
    with pytest.raises(UsageError, match="refers to itself"):
        parse("saved:a", lambda: REGISTRY, lambda: {"a": "saved:b", "b": "saved:a"})


def test_saved_queries_that_multiply_are_refused_before_they_do() -> None:
    kept = {f"s{level}": f"saved:s{level + 1} OR saved:s{level + 1}" for level in range(40)}
    kept["s40"] = "dune"

    assert len(by_sql(parse("saved:s37", lambda: REGISTRY, lambda: kept), THREE)) == 2
    with pytest.raises(UsageError, match="50 at the most"):
        parse("saved:s0", lambda: REGISTRY, lambda: kept)


def test_ten_thousand_brackets_and_a_long_query_are_read_in_part() -> None:
    assert both("(" * 10_000 + "parachute", THREE) == ["aa11", "bb22", "cc33"]
    assert both("parachute " * 10_000, THREE) == ["aa11"]


# --- both meanings, over generated records and queries ----------------------------------------

WORDS = ["dune", "dunes", "curiosity", "curious", "Jezero", "crater", "PIA12345", "éclair", "the"]
texts = st.none() | st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
dates = st.none() | st.sampled_from(["2020", "2021-02", "2021-02-18", "2021-02-18T20:55:00+00:00"])
records_made = st.builds(
    Record,
    id=st.uuids().map(lambda value: value.hex),
    spacecraft=st.none() | st.sampled_from(["mro", "curiosity"]),
    instrument=st.none() | st.sampled_from(["mro-hirise", "msl-mahli"]),
    subjects=st.sets(st.sampled_from(["mro", "perseverance"])).map(tuple),
    kind=st.none() | st.sampled_from([kind.value for kind in Kind]),
    title=texts,
    caption=texts,
    alt=texts,
    credit=texts,
    organisations=st.sets(st.sampled_from(["nasa", "esa"])).map(tuple),
    people=st.sets(st.sampled_from(["A. Person", "B. Person"])).map(tuple),
    licence=st.none() | st.sampled_from(["CC BY", "CC BY-SA 3.0 IGO"]),
    taken=dates,
    published=dates,
    sol=st.none() | st.integers(0, 20),
    width=st.none() | st.integers(1, 4000),
    confidence=st.sampled_from([0.0, 0.5, 1.0]),
    review=st.sampled_from([(), ("look",)]),
    file=st.none() | st.just("images/x.jpg"),
    product_id=st.none() | st.just("ESP_068294_9015"),
    place=st.none() | st.sampled_from(["Jezero Crater", "Gale Crater"]),
)
terms = st.sampled_from(
    [
        *WORDS, "cur*", "curiosi*", "du*", '"Jezero crater"', "spacecraft:mro", "spacecraft:none",
        "instrument:mahli",
        "subject:percy", "subject:none", "kind:photo", "credit:nasa", "credit:dune", "person:none",
        'person:"A. Person"', "licence:cc", "since:2021", "until:2021-02", "date:2020..2021-02-18",
        "sol:5..10",
        "sol:>7", "width:<2k", "confidence:>=0.5", "has:file", "needs:review", "needs:caption",
        "has:subject", "product:esp_068294", "place:jezero", "place:crater", "place:none",
        "person:b", "curi-osity", "Jezero-cra*", "ESP_068294_9015_RED", "2021-02", "sol", "7",
        "sol:*", "product:ESP_068294_9015_RED", "product:es", "product:ESP_068294_9",
        "date:>2020", "date:<2021-02", "title:(", "sol:2-9", "title:dune*", "alt:the", "OR", "-",
        "(", ")", "NOT",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(records=st.lists(records_made, max_size=6), parts=st.lists(terms, max_size=6))
def test_sql_and_python_agree(records: list[Record], parts: list[str]) -> None:
    both(" ".join(parts), records)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused_in_words(text: str) -> None:
    try:
        query = parse(text, lambda: REGISTRY)
    except UsageError as error:
        refusal = str(error)
    else:
        refusal = "answered"
        by_sql(query, THREE)

    assert refusal


def test_every_field_has_been_tried_above() -> None:
    tried = {term.lstrip("-").partition(":")[0] for term in itertools.chain(_typed())}

    assert set(FIELDS) - tried - {"height", "bytes", "alt", "person", "licence", "place"} == set()


def _typed() -> Iterable[str]:
    marks = test_a_query_finds.pytestmark
    for text, _ in marks[0].args[1]:
        yield from text.split()
