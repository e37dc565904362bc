"""Values survive the way into the tables and back."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.model import (
    Appearance,
    Evidence,
    Finding,
    ImageFacts,
    Page,
    Record,
    Rights,
    Role,
    Statement,
)
from catalogue.store import Store, rows
from tests.making import gathered, harvested, see, stored

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | text
words = st.none() | text.filter(bool)
evidence = st.builds(
    Evidence, field=text, text=text, says=text, rule=text, weight=st.floats(0, 1, width=32)
)
statements = st.lists(st.builds(Statement, name=text, value=text, where=text), max_size=3)
facts = st.builds(
    ImageFacts,
    format=text,
    media_type=text,
    width=st.integers(1, 1 << 20),
    height=st.integers(1, 1 << 20),
    frames=st.integers(1, 9),
    mode=text,
    fingerprint=st.none() | st.integers(0, (1 << 64) - 1),
    colour=text,
    damage=maybe,
    embedded=statements.map(tuple),
)
appearances = st.builds(
    Appearance,
    url=maybe,
    alternatives=st.lists(text, max_size=3).map(tuple),
    larger=st.lists(text, max_size=2).map(tuple),
    role=st.sampled_from(Role),
    title=maybe,
    caption=maybe,
    credit=maybe,
    alt=maybe,
    statements=statements.map(tuple),
    evidence=st.lists(evidence, max_size=2).map(tuple),
)
pages = st.builds(
    Page,
    url=maybe,
    title=maybe,
    author=maybe,
    published=maybe,
    publisher=maybe,
    language=maybe,
    notes=st.lists(text, max_size=2).map(tuple),
)
lines = st.lists(st.sampled_from(["a reason", "another", "a third"]), max_size=2, unique=True)
names = st.lists(text.filter(bool), max_size=3, unique=True)
records = st.builds(
    Record,
    id=st.just("a" * 64),
    spacecraft=maybe,
    instrument=maybe,
    subjects=names.map(sorted).map(tuple),
    kind=maybe,
    title=words,
    caption=words,
    alt=words,
    credit=text.filter(bool),
    credit_normal=maybe,
    organisations=names.map(tuple),
    people=names.map(tuple),
    distributors=names.map(tuple),
    licence=maybe,
    rights=st.none()
    | st.builds(
        Rights,
        id=st.just("terms"),
        title=text,
        statement=text,
        licence=maybe,
        url=maybe,
        source=text,
    ),
    taken=maybe,
    sol=st.none() | st.integers(0, 9999),
    place=maybe,
    product_id=maybe,
    confidence=st.floats(0, 1),
    review=lines.map(tuple),
    corrected=lines.map(tuple),
    url=words,
    pages=st.just(("https://example.org/1",)),
    page_titles=st.tuples(text),
    sites=st.just(("example.org",)),
    published=maybe,
)
files = st.fixed_dictionaries(
    {
        "format": text,
        "media_type": text,
        "width": st.integers(1, 1 << 20),
        "height": st.integers(1, 1 << 20),
        "bytes": st.integers(1, 1 << 40),
        "colour": text,
        "damage": maybe,
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(appearances, facts, pages)
def test_what_was_seen_comes_back_as_it_was(said: Appearance, seen: ImageFacts, page: Page) -> None:
    with tempfile.TemporaryDirectory() as name, Store.open(Path(name), create=True) as store:
        image = stored(store)
        image = type(image)(id=image.id, file=image.file, bytes=image.bytes, facts=seen)
        whole = harvested(gathered(said, image))
        store.keep(type(whole)(
            address="x", page=page, outcome=whole.outcome, gathered=whole.gathered, fetched="now"
        ))  # fmt: skip

        (found,) = store.sightings()

    assert found.image == image
    assert found.appearances[0].appearance == said
    assert found.appearances[0].page == page


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records, st.none() | files, st.lists(evidence, max_size=3), st.lists(text, max_size=2))
def test_what_was_found_comes_back_as_it_was(
    record: Record,
    file: dict[str, Any] | None,
    reasons: list[Evidence],
    contradictions: list[str],
) -> None:
    if file is not None:  # it is named by its content
        place = f"images/{record.id[:2]}/{record.id}.jpg"
        record = dataclasses.replace(record, file=place, **file)
    finding = Finding(
        record=record, evidence=tuple(reasons), contradictions=tuple(contradictions), names="x"
    )
    with tempfile.TemporaryDirectory() as name, Store.open(Path(name), create=True) as store:
        see(store, record)
        store.write([finding])
        store.write([finding])
        found = store.dossier(record.id)

    assert found.record == record
    assert found.evidence == tuple(reasons)
    assert found.contradictions == tuple(contradictions)


@given(st.none() | st.integers(0, (1 << 64) - 1))
def test_a_fingerprint_fits_the_signed_integers_of_the_database(fingerprint: int | None) -> None:
    stored_as = rows.signed(fingerprint)

    assert rows.unsigned(stored_as) == fingerprint
    assert stored_as is None or -(1 << 63) <= stored_as < 1 << 63


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.cnet.com/a", "cnet.com"),
        ("http://Mars.NASA.gov:80/b", "mars.nasa.gov"),
        ("landing-day.html", ""),
        ("https://[broken/", ""),
    ],
)
def test_the_site_of_an_address_is_its_host(address: str, site: str) -> None:
    assert rows.site_of(address) == site
