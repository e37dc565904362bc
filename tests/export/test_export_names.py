"""File names: safe everywhere, readable, the same each time, never two the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.errors import UsageError
from catalogue.export.names import FIELDS, check, folder_of, name
from catalogue.model import Record

ID = "0af3c2d1" * 8


def test_names_are_readable() -> None:
    record = Record(
        id=ID,
        spacecraft="mro",
        instrument="mro-hirise",
        title="Perseverance’s Parachute, Seen From Orbit!",
        taken="2021-02-18T20:55:00Z",
    )

    assert name(record) == (
        "2021-02-18_mro_mro-hirise_Perseverances-Parachute-Seen-From-Orbit_0af3c2d10af3"
    )


def test_what_is_not_known_leaves_no_gap() -> None:
    assert name(Record(id=ID)) == "undated_unknown_0af3c2d10af3"


def test_the_id_is_always_part_of_it() -> None:
    assert name(Record(id=ID, product_id="PIA12345"), "{product}") == "PIA12345_0af3c2d10af3"
    assert name(Record(id=ID), "picture") == "picture_0af3c2d10af3"


@pytest.mark.parametrize(
    "title",
    ["../../x", "/abs", "..\\..\\x", "CON", "a/b", "a\0b", "é" * 400, "\u202egpj.exe", "火星"],
)
@pytest.mark.parametrize("template", ["{title}", "{title}_{id}", "{id}{title}", "{title}.{title}"])
def test_titles_make_plain_names(title: str, template: str) -> None:
    made = name(Record(id=ID, title=title), template)

    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", made)
    assert ".." not in made
    assert len(made) <= 160


@given(st.text(max_size=500), st.sampled_from(FIELDS), st.text(alphabet="ab _-.", max_size=10))
def test_any_text_makes_a_safe_name(text: str, field: str, around: str) -> None:
    record = Record(
        id=ID, title=text, caption=text, credit=text, place=text, product_id=text, taken=text,
        instrument=text, spacecraft=text, sites=(text,), kind=text,
    )  # fmt: skip
    made = name(record, f"{around}{{{field}}}{around}")

    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", made)
    assert ".." not in made
    assert not made.endswith(".")
    assert "0af3c2d10af3" in made
    assert len(made) <= 160


@pytest.mark.parametrize(
    "template", ["{nosuch}", "{id", "{title!r}", "{id:>9}", "a/{id}", "..\\{id}", "{0}", "{id.x}"]
)
def test_templates_that_cannot_be_used_are_told(template: str) -> None:
    with pytest.raises(UsageError, match="--name"):
        check(template)


def test_reserved_names_of_windows_are_not_used() -> None:
    assert name(Record(id="c0" * 32), "con.{id}").startswith("x-con.")


def test_licences_make_folder_names() -> None:
    assert folder_of("CC BY-SA 3.0 IGO") == "cc-by-sa-3.0-igo"
    assert folder_of("../..") == "other"
