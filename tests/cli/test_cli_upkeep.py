"""``index``, ``stats`` and ``verify``: the sums of all, and whether all is sound."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import catalogue.index
from catalogue.store import Store
from tests.making import gathered, harvested, picture, stored

Run = Callable[..., Any]


def test_index_tells_what_it_did_on_stderr(on_filled: Run) -> None:
    assert on_filled("index")[1:] == ("", "0 looked at, 3 in the catalogue\n")
    assert on_filled("index", "--rebuild").err == "3 looked at, 3 in the catalogue\n"
    assert json.loads(on_filled("index", "--rebuild", "--json").out) == {
        "looked_at": 3,
        "pictures": 3,
        "failed": 0,
    }


def test_index_names_the_pictures_at_which_a_rule_failed(
    on_filled: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: object) -> object:
        raise ValueError("odd")

    monkeypatch.setattr(catalogue.index, "_attribute", lambda: fails)

    ran = on_filled("index", "--rebuild")

    assert ran.status == 1
    assert ran.err.count("ValueError: odd") == 3


def test_stats_counts_pictures_without_a_file_apart(on_filled: Run) -> None:
    told = json.loads(on_filled("stats", "--json").out)

    assert (told["pages"], told["pictures"], told["pictures_without_file"]) == (3, 3, 1)
    assert told["image_bytes"] == 18
    assert told["by"]["spacecraft"] == {"curiosity": 3}
    assert told["by"]["instrument"] == {"msl-mahli": 3}
    assert told["by"]["site"] == {"example.org": 2}
    assert sum(told["by"]["credit"].values()) == 3


def test_stats_for_people_fit_a_line_each(on_filled: Run) -> None:
    out = on_filled("stats").out

    assert "without a file           1" in out
    assert "3  curiosity" in out


def test_verify_is_silent_about_a_sound_catalogue(on_filled: Run) -> None:
    assert on_filled("verify") == (0, "", "everything is sound\n")


def test_verify_names_what_is_amiss_and_repair_mends_it(on_filled: Run, filled: Path) -> None:
    (filled / "images" / "stray.jpg").write_bytes(b"x")

    ran = on_filled("verify", "--json")
    lines = [json.loads(line) for line in ran.out.splitlines()]

    assert ran.status == 1
    assert (lines[0]["what"], lines[0]["where"]) == ("orphan", "images/stray.jpg")
    assert lines[-1] == {"problems": 1, "mended": 0, "left": 1}
    assert on_filled("verify", "--repair", "--offline").status == 0
    assert on_filled("verify").status == 0


def test_a_damaged_file_that_cannot_be_had_again_keeps_status_1(
    on_filled: Run, filled: Path
) -> None:
    (record, *_) = [one for one in Store.open(filled).search() if one.file]
    (filled / str(record.file)).write_bytes(b"rot")

    ran = on_filled("verify", "--repair", "--offline")

    assert ran.status == 1
    assert "damaged" in ran.out
    assert str(record.file) in ran.out


def test_what_a_stopped_run_leaves_is_told_and_is_not_amiss(on_filled: Run, filled: Path) -> None:
    with Store.open(filled) as store:
        stored(store, b"put, and never recorded")
        store.keep(harvested(gathered(picture(7), stored(store, b"recorded, and not indexed"))))
    (filled / "incoming" / "half.part").write_bytes(b"ha")

    ran = on_filled("verify")

    assert ran.status == 0
    assert [line.split(":")[0] for line in ran.out.splitlines()] == [
        "index",
        "leftover",
        "unfinished",
    ]
    assert on_filled("verify", "--repair", "--offline").status == 0
    assert on_filled("verify") == (0, "", "everything is sound\n")
