"""``show``, ``set``, ``review`` and ``forget``: looking at a verdict, and a person's word on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.store import Store
from tests.making import fill, gathered, harvested, picture, stored

Run = Callable[..., Any]


@pytest.fixture
def ids(on_filled: Run) -> list[str]:
    return [
        str(one["id"]) for one in map(json.loads, on_filled("review", "--json").out.splitlines())
    ]


def test_show_tells_what_a_verdict_rests_on(on_filled: Run, ids: list[str]) -> None:
    ran = on_filled("show", ids[0][:8])

    assert ran.status == 0
    for words in ("curiosity", "0.70", "evidence", "page first", "the spacecraft is uncertain"):
        assert words in ran.out


def test_show_as_json_has_a_searchs_row_and_all_that_was_seen(
    on_filled: Run, ids: list[str]
) -> None:
    told = json.loads(on_filled("show", ids[0], "--json").out)

    assert told["id"] == ids[0]
    assert set(told) > {
        "spacecraft", "evidence", "contradictions", "corrections", "appearances", "near", "rights",
    }  # fmt: skip
    assert told["appearances"][0]["page"]["address"]


def test_show_proposes_look_alikes(on_filled: Run, filled: Path) -> None:
    pictures = [one.id for one in Store.open(filled).search() if one.file]

    ran = on_filled("show", pictures[0])

    assert "look alike" in ran.out
    assert pictures[1][:12] in ran.out


def test_show_prints_nothing_that_a_terminal_would_obey(on_filled: Run, filled: Path) -> None:
    with Store.open(filled) as store:
        nasty = picture(9, caption="a\x1b[2Jb\nc", credit="x\x1b]0;y\x07")
        store.keep(harvested(gathered(nasty, stored(store, b"nasty"))))
    on_filled("index")
    (key,) = on_filled("search", "--ids", "caption:2jb").out.split()

    assert "\x1b" not in on_filled("show", key).out


def test_set_outranks_the_rules_and_can_be_taken_back(on_filled: Run, ids: list[str]) -> None:
    assert (
        on_filled("set", ids[0][:10], "spacecraft=Percy", "kind=photo", "--note", "why").status == 0
    )
    corrected = json.loads(on_filled("show", ids[0], "--json").out)
    on_filled("index", "--rebuild")
    rebuilt = json.loads(on_filled("show", ids[0], "--json").out)
    on_filled("set", ids[0], "spacecraft=", "kind=")
    back = json.loads(on_filled("show", ids[0], "--json").out)

    assert corrected["spacecraft"] == rebuilt["spacecraft"] == "perseverance"
    assert corrected["corrections"][0]["note"] == "why"
    assert (back["spacecraft"], back["corrected"]) == ("curiosity", [])


def test_set_tells_what_is_otherwise_now_also_what_follows(on_filled: Run, ids: list[str]) -> None:
    on_filled("set", ids[0], "instrument=mahli")

    told = on_filled("set", ids[0], "Spacecraft=Percy", "instrument=").err

    assert "spacecraft: perseverance (was curiosity)\n" in told
    assert "instrument: none (was msl-mahli)\n" in told
    assert "was" not in on_filled("set", ids[0], "spacecraft=perseverance").err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["spacecraft=Persevrance"], "perseverance"),
        (["spacecrft=mro"], "did you mean spacecraft"),
        (["spacecraft"], "is not FIELD=VALUE"),
        (["kind=map", "kind=plot"], "twice"),
        (["kind=map", "instrument=nothing-known"], "instrument"),
    ],
)
def test_set_refuses_what_it_does_not_know_and_changes_nothing(
    on_filled: Run, ids: list[str], arguments: list[str], complaint: str
) -> None:
    ran = on_filled("set", ids[0], *arguments)

    assert ran.status == 2
    assert complaint in ran.err.lower() or complaint in ran.err
    assert json.loads(on_filled("show", ids[0], "--json").out)["corrected"] == []


@pytest.mark.parametrize("command", ["show", "set", "forget"])
def test_an_id_that_is_none_is_told(on_filled: Run, command: str) -> None:
    more = ["kind=map"] if command == "set" else []

    assert on_filled(command, "ffffffff", *more).status == 2
    assert on_filled(command, "ab", *more).status == 2


def test_review_lists_at_most_as_many_as_asked(on_filled: Run) -> None:
    assert len(on_filled("review", "--json", "--limit", "1").out.splitlines()) == 1
    assert "uncertain" in on_filled("review").out
    assert on_filled("review", "--limit", "1").err == "3 to be looked at, the first 1 told\n"
    assert on_filled("review", "--limit", "3").err == "3 to be looked at\n"


def test_review_has_nothing_left_when_a_person_has_spoken(on_filled: Run, ids: list[str]) -> None:
    for key in ids:
        on_filled("set", key, "spacecraft=curiosity")

    assert on_filled("review").out == ""


def test_joining_and_splitting_files_tells_what_is_one_picture_now(on_filled: Run) -> None:
    one, other = on_filled("search", "has:file", "--ids").out.split()

    joined = on_filled("set", one, f"same-as={other}")
    split = on_filled("set", other, f"not-same-as={one}")

    assert joined == (0, "", f"{one[:12]}: one picture with {other[:12]}\n")
    assert split == (0, "", f"{other[:12]}: alone\n")


def test_forget_tells_of_other_files_of_the_same_picture(on_filled: Run) -> None:
    one, other = on_filled("search", "has:file", "--ids").out.split()
    on_filled("set", one, f"same-as={other}")

    told = on_filled("forget", one).err

    assert f"stay until they are forgotten: {other[:12]}" in told
    assert "stay" not in on_filled("forget", other).err


def test_forget_tells_programs_what_is_gone(on_filled: Run) -> None:
    key, _ = on_filled("search", "has:file", "--ids").out.split()

    told = json.loads(on_filled("forget", key, "--json").out)

    assert told == {"id": key, "removed": [f"images/{key[:2]}/{key}.jpg"], "renditions": []}


def test_forget_removes_a_picture_and_its_file(on_filled: Run, filled: Path) -> None:
    (record, *_) = [one for one in Store.open(filled).search() if one.file]

    ran = on_filled("forget", record.id[:9], "--note", "an advert")

    assert ran.status == 0
    assert not (filled / str(record.file)).exists()
    assert on_filled("show", record.id).status == 2
    assert on_filled("verify").status == 0


def test_an_absent_catalogue_has_exit_status_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from catalogue import cli

    for command in (["show", "abcd"], ["review"], ["stats"], ["verify"], ["index"]):
        assert cli._run(["-C", str(tmp_path / "none"), *command]) == 3
        assert "no catalogue in" in capsys.readouterr().err


def test_an_empty_folder_as_a_harvest_leaves_it_that_ended_at_once_is_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from catalogue import cli

    assert cli._run(["-C", str(tmp_path), "verify"]) == 0
    assert "nothing was harvested" in capsys.readouterr().err
    (tmp_path / "notes.txt").touch()
    assert cli._run(["-C", str(tmp_path), "verify"]) == 3


def test_filling_gives_three_pictures(tmp_path: Path) -> None:
    assert len(set(fill(tmp_path / "x"))) == 3
