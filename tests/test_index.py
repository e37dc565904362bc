"""The index derives, once, for what is new; a person's word outranks it; nothing stops it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.corrections import checked_value, field_named
from catalogue.errors import UsageError
from catalogue.index import index
from catalogue.model import (
    Appearance,
    Attribution,
    Correction,
    Credit,
    Evidence,
    Kind,
    Record,
    Sighting,
    Statement,
)
from catalogue.query import parse
from catalogue.registry import Registry, load_registry
from catalogue.store import Store
from tests.making import attribute, gathered, harvested, picture, read_credit, stored

REGISTRY = load_registry()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "mars", create=True) as opened:
        yield opened


def indexed(store: Store, **how: Any) -> list[Record]:
    """Index with the stand-ins, and give all records."""
    index(store, REGISTRY, **({"attribute": attribute, "read_credit": read_credit} | how))
    return list(store.search())


def one_picture(store: Store, appearance: Appearance, **facts: Any) -> Record:
    store.keep(harvested(gathered(appearance, stored(store, **facts))))
    (record,) = indexed(store)
    return record


def test_what_is_found_changes_with_the_index_and_not_before(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(1, caption="a dune"), image)))
    indexed(store)

    store.keep(harvested(gathered(picture(1, caption="a delta"), image)))

    assert [record.caption for record in store.search()] == ["a dune"]
    assert [record.caption for record in store.search(parse("dune", lambda: REGISTRY))] == [
        "a dune"
    ]
    assert [problem.what for problem in store.check_database()] == ["index"]
    assert [record.caption for record in indexed(store)] == ["a delta"]
    assert list(store.search(parse("dune", lambda: REGISTRY))) == []
    assert list(store.check_database()) == []


def test_a_record_holds_verdict_texts_file_and_pages(store: Store) -> None:
    record = one_picture(store, picture(1, title="Dunes", alt="dark dunes"))

    assert (record.spacecraft, record.instrument, record.kind) == (
        "curiosity",
        "msl-mahli",
        "photo",
    )
    assert record.credit == "NASA/JPL-Caltech/MSSS"
    assert record.organisations == ("nasa",)
    assert (record.title, record.alt) == ("Dunes", "dark dunes")
    assert (record.width, record.height, record.format) == (640, 480, "JPEG")
    assert record.pages == ("https://example.org/story",)
    assert record.sites == ("example.org",)
    assert record.published == "2021-02-19"


def test_only_what_is_new_is_looked_at(store: Store) -> None:
    looked: list[str] = []

    def watched(sighting: Sighting, registry: Registry) -> Attribution:
        looked.append(sighting.id)
        return attribute(sighting, registry)

    store.keep(harvested(gathered(picture(1), stored(store, b"a")), address="https://a.org/"))
    indexed(store, attribute=watched)
    indexed(store, attribute=watched)
    assert len(looked) == 1

    store.keep(harvested(gathered(picture(2), stored(store, b"b")), address="https://b.org/"))
    indexed(store, attribute=watched)
    assert len(looked) == 2

    indexed(store, attribute=watched, rebuild=True)
    assert len(looked) == 4


def test_a_rebuild_gives_the_same_as_a_first_index(store: Store) -> None:
    for number in range(5):
        image = stored(store, bytes([number]))
        store.keep(harvested(gathered(picture(number), image), address=f"https://a.org/{number}"))
    first = indexed(store)
    tables = ("picture", "evidence", "picture_page", "word", "picture_organisation")

    def contents() -> list[list[tuple[Any, ...]]]:
        return [
            sorted(map(tuple, store._db.execute(f"SELECT * FROM {table}").fetchall()), key=repr)
            for table in tables
        ]

    before = contents()
    assert indexed(store, rebuild=True) == first
    assert contents() == before
    store.drop_derived()
    assert indexed(store) == first


def test_corrections_outrank_the_rules_and_survive_everything_derived(store: Store) -> None:
    record = one_picture(store, picture())
    store.correct(
        Correction(image=record.id, field="spacecraft", value="mro", note="seen from orbit"),
        Correction(image=record.id, field="subject", value="curiosity,perseverance"),
        Correction(image=record.id, field="credit", value="ESA"),
        Correction(image=record.id, field="caption", value="Mended"),
    )

    for _ in range(2):
        (record,) = indexed(store)
        assert (record.spacecraft, record.confidence) == ("mro", 1.0)
        assert record.subjects == ("curiosity", "perseverance")
        assert (record.credit, record.credit_normal) == ("ESA", "ESA")
        assert record.caption == "Mended"
        assert record.corrected == ("caption", "credit", "spacecraft", "subject")
        assert record.review == ()
        store.drop_derived()


def test_a_correction_is_its_own_evidence(store: Store) -> None:
    record = one_picture(store, picture())
    store.correct(Correction(image=record.id, field="kind", value="map", note="it is one"))
    indexed(store)

    first = store.dossier(record.id).evidence[0]

    assert (first.says, first.text) == ("kind=map", "it is one")


def test_a_corrected_spacecraft_drops_a_camera_that_it_never_carried(store: Store) -> None:
    record = one_picture(store, picture())
    store.correct(Correction(image=record.id, field="spacecraft", value="mro"))

    assert indexed(store)[0].instrument is None


def test_a_corrected_camera_brings_its_spacecraft_along(store: Store) -> None:
    record = one_picture(store, picture())
    store.correct(Correction(image=record.id, field="instrument", value="mro-hirise"))

    assert indexed(store)[0].spacecraft == "mro"


def test_what_a_page_says_comes_before_what_the_file_says(store: Store) -> None:
    embedded = (
        Statement(name="credit", value="From the file", where="IPTC 2:110"),
        Statement(name="description", value="Caption of the file", where="IPTC 2:120"),
    )

    record = one_picture(store, picture(caption=None), embedded=embedded)

    assert record.credit == "NASA/JPL-Caltech/MSSS"
    assert record.caption == "Caption of the file"
    where = {one.says: one.field for one in store.dossier(record.id).evidence}
    assert where == {"credit": "page https://example.org/story", "caption": "IPTC 2:120"}


def test_of_several_captions_the_longest_stands_and_all_are_kept(store: Store) -> None:
    image = stored(store)
    for number, caption in enumerate(["Dunes", "Dunes near Mount Sharp", "Dunes again"]):
        appearance = picture(number, caption=caption)
        store.keep(harvested(gathered(appearance, image), address=f"https://a.org/{number}"))

    (record,) = indexed(store)

    assert record.caption == "Dunes near Mount Sharp"
    assert len(record.pages) == 3
    assert len(store.dossier(record.id).sighting.appearances) == 3


def test_a_picture_named_by_itself_has_no_page(store: Store) -> None:
    found = gathered(picture(credit="ESA"), stored(store))
    alone = dataclasses.replace(harvested(found), outcome=found.outcome)
    store.keep(alone)

    (record,) = indexed(store)

    assert record.pages == ()
    assert record.credit == "ESA"


def test_words_alone_are_a_picture_without_a_file(store: Store) -> None:
    store.keep(harvested(gathered(Appearance(caption="A dust devil", credit="ESA"))))

    (record,) = indexed(store)

    assert (record.file, record.width, record.caption) == (None, None, "A dust devil")


def test_a_lost_picture_of_which_the_page_says_nothing_is_none_yet(store: Store) -> None:
    silent = Appearance(url="https://example.org/x.jpg")
    store.keep(harvested(gathered(silent, outcome="failed:http-404")))

    assert indexed(store) == []
    assert len(list(store.failures())) == 1


def test_words_whose_bytes_turn_up_are_found_once(store: Store) -> None:
    store.keep(harvested(gathered(picture(), outcome="failed:timeout")))
    assert [record.file for record in indexed(store)] == [None]

    store.keep(harvested(gathered(picture(), stored(store))))

    (record,) = indexed(store)
    assert record.file is not None


def test_names_and_nicknames_of_the_source_are_found_as_words(store: Store) -> None:
    one_picture(store, picture(caption="Sand"))

    assert store.count(parse('"Mars Hand Lens Imager"', lambda: REGISTRY)) == 1
    assert store.count(parse("perseverance", lambda: REGISTRY)) == 0


def test_a_rule_that_fails_costs_one_picture_its_verdict_and_no_other(store: Store) -> None:
    for number in range(3):
        image = stored(store, bytes([number]))
        store.keep(harvested(gathered(picture(number), image), address=f"https://a.org/{number}"))
    bad = min(key for key, _ in store.waiting())

    def faulty(sighting: Sighting, registry: Registry) -> Attribution:
        if sighting.id == bad:
            raise RecursionError("too deep")
        return attribute(sighting, registry)

    report = index(store, REGISTRY, attribute=faulty, read_credit=read_credit)

    assert report.looked_at == 3
    assert report.failed == (f"{bad}: RecursionError: too deep",)
    assert store.record(bad).spacecraft is None
    assert "too deep" in store.record(bad).review[0]
    assert store.count(parse("spacecraft:curiosity", lambda: REGISTRY)) == 2


def test_an_index_that_is_stopped_goes_on_where_it_was(store: Store) -> None:
    for number in range(450):
        words = Appearance(caption=f"picture {number}")
        store.keep(harvested(gathered(words), address=f"https://a.org/{number}"))
    looked = []

    def stopped(sighting: Sighting, registry: Registry) -> Attribution:
        looked.append(sighting.id)
        if len(looked) == 300:
            raise KeyboardInterrupt
        return attribute(sighting, registry)

    with pytest.raises(KeyboardInterrupt):
        indexed(store, attribute=stopped)
    kept = store.count()
    report = index(store, REGISTRY, attribute=attribute, read_credit=read_credit)

    assert kept == 200
    assert (report.looked_at, report.total) == (250, 450)


def test_progress_is_told_with_the_whole(store: Store) -> None:
    for number in range(250):
        words = Appearance(caption=f"picture {number}")
        store.keep(harvested(gathered(words), address=f"https://a.org/{number}"))
    told: list[tuple[int, int]] = []

    indexed(store, progress=lambda done, total: told.append((done, total)))

    assert told == [(200, 250), (250, 250)]


def test_doubt_and_contradiction_ask_for_a_person_contradiction_first(store: Store) -> None:
    for number in range(3):
        words = Appearance(caption=f"picture {number}")
        store.keep(harvested(gathered(words), address=f"https://a.org/{number}"))

    def doubtful(sighting: Sighting, registry: Registry) -> Attribution:
        caption = sighting.appearances[0].appearance.caption or ""
        return {
            "0": Attribution(spacecraft="mro", confidence=0.5, kind=Kind.PHOTO),
            "1": Attribution(spacecraft="mro", confidence=0.9, contradictions=("but ESA",)),
            "2": Attribution(spacecraft="mro", confidence=0.95, kind=Kind.PHOTO),
        }[caption[-1]]

    indexed(store, attribute=doubtful)

    assert [record.caption for record in store.least_certain()] == ["picture 1", "picture 0"]


def test_evidence_is_kept_in_the_order_of_the_verdict(store: Store) -> None:
    reasons = tuple(
        Evidence(field="caption", text=text, says="spacecraft=mro", rule="r", weight=0.5)
        for text in "ba"
    )
    store.keep(harvested(gathered(Appearance(alt="x"))))
    (record,) = indexed(store, attribute=lambda s, r: Attribution(evidence=reasons))

    assert store.dossier(record.id).evidence[:2] == reasons


def test_credit_is_read_from_the_line_that_attribution_found_where_no_page_names_one(
    store: Store,
) -> None:
    store.keep(harvested(gathered(Appearance(caption="Dunes (NASA)"))))

    (record,) = indexed(
        store,
        attribute=lambda s, r: Attribution(credit="NASA"),
        read_credit=lambda text, r: Credit(text=text, credit=f"<{text}>"),
    )

    assert (record.credit, record.credit_normal) == ("NASA", "<NASA>")


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("spacecraft", "Mars Reconnaissance Orbiter", "mro"),
        ("spacecraft", "none", None),
        ("subject", "Percy, ingenuity", "ingenuity,perseverance"),
        ("instrument", "hirise", "mro-hirise"),
        ("kind", "Earth hardware", "earth-hardware"),
        ("caption", " A caption = with signs ", "A caption = with signs"),
    ],
)
def test_names_in_corrections_are_forgiving(field: str, typed: str, kept: str | None) -> None:
    assert checked_value(field, typed, REGISTRY) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [("spacecraft", "Persevrance"), ("instrument", "navcam"), ("kind", "selfie")],
)
def test_a_value_that_a_field_cannot_hold_is_refused(field: str, typed: str) -> None:
    with pytest.raises(UsageError):
        checked_value(field, typed, REGISTRY)


def test_an_unknown_field_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean spacecraft"):
        field_named("spacecrft")
    assert field_named("subjects") == "subject"


def test_a_correction_that_another_version_understands_hinders_nothing(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(1), image)))
    store.correct(Correction(image=image.id, field="mood", value="cheerful"))

    indexed(store)

    assert store.record(image.id).corrected == ()
