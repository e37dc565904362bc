"""Schemes of identifiers: what holds for every one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.identify import SCHEMES, find_identities, identify
from catalogue.identify.interface import Scheme
from catalogue.identify.names import Place, fold
from tests.identify.test_missions import CASES

EXAMPLES = [(scheme, name) for scheme in SCHEMES for name in scheme.examples]
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "reference" / "identifiers.md"


@pytest.mark.parametrize(("scheme", "name"), EXAMPLES, ids=[name for _, name in EXAMPLES])
def test_an_example_is_read_whole_by_its_own_scheme_first(scheme: Scheme, name: str) -> None:
    word = fold(name)
    place = Place(word=word, start=0, text=name, offset=0)
    reading = [
        other
        for other in SCHEMES
        for grammar in other.grammars
        if word[0] in grammar.first
        and (match := grammar.pattern.match(word))
        and grammar.read(match, place)
    ]

    identity = identify(name)

    assert reading[0] is scheme
    assert identity is not None
    assert identity.text == name


def test_names_of_schemes_are_unique() -> None:
    assert len({scheme.name for scheme in SCHEMES}) == len(SCHEMES)


def test_every_grammar_can_begin_only_as_it_says() -> None:
    """A character forgotten in ``first`` would make a form invisible."""
    for scheme in SCHEMES:
        for grammar in scheme.grammars:
            begun = {fold(name)[0] for _, name, _ in CASES if grammar.pattern.match(fold(name))} | {
                fold(name)[0] for name in scheme.examples if grammar.pattern.match(fold(name))
            }
            assert begun, f"{scheme.name}: no case for {grammar.pattern.pattern}"
            assert begun <= set(grammar.first)


def test_every_field_is_in_the_manual() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    names = [name for _, name, _ in CASES] + [name for _, name in EXAMPLES]
    fields = {field for name in names for field in getattr(identify(name), "fields", {})}

    assert sorted(field for field in fields if f"`{field}`" not in text) == []


def test_every_example_of_the_manual_is_read() -> None:
    table = MANUAL.read_text(encoding="utf-8").partition("## Families")[2].partition("\\*")[0]
    examples = [part for row in table.splitlines()[4:] for part in row.split("|")[2:3]]
    names = [name for cell in examples for name in cell.split("`")[1::2]]

    assert len(names) > 20
    assert [name for name in names if identify(name) is None] == []


def test_finding_leaves_out_nothing_that_naming_reads() -> None:
    """In prose that names every mission, a name tells what it tells by itself."""
    missions = "Viking THEMIS MOC Pathfinder CRISM: "
    for _, name, _ in CASES:
        alone, found = identify(name), list(find_identities(f"{missions}{name}."))
        assert [one.product_id for one in found] == [alone.product_id if alone else None], name
