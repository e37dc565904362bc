"""``dump``, ``load`` and ``merge``: out of one catalogue, into another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue import cli
from tests.making import fill

Run = Callable[..., Any]


def test_a_dump_can_be_loaded_and_dumped_again(
    on_filled: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dumped = on_filled("dump").out
    (tmp_path / "all.jsonl").write_text(dumped, encoding="utf-8")
    other = str(tmp_path / "other")

    assert cli._run(["-C", other, "load", str(tmp_path / "all.jsonl")]) == 0
    capsys.readouterr()
    cli._run(["-C", other, "dump"])

    assert capsys.readouterr().out == dumped


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"{not json\n", "line 1 is no line of a dump: JSON is malformed"),
        (b"[1]\n", "no line of a dump"),
        (b"\xff\xfe", "line 1 is no line of a dump"),
    ],
)
def test_what_is_no_dump_is_refused(
    on_filled: Run, tmp_path: Path, content: bytes, complaint: str
) -> None:
    (tmp_path / "x").write_bytes(content)

    ran = on_filled("load", str(tmp_path / "x"))

    assert ran.status == 2
    assert complaint in ran.err
    assert on_filled("load", str(tmp_path / "absent")).status == 2


def test_merge_takes_another_catalogue_in_and_leaves_it_as_it_is(
    on_filled: Run, tmp_path: Path
) -> None:
    fill(tmp_path / "other", pictures=4)
    before = (tmp_path / "other" / "catalogue.db").read_bytes()

    ran = on_filled("merge", str(tmp_path / "other"))

    assert (ran.status, ran.err) == (0, "5 pictures in the catalogue\n")
    assert on_filled("verify").status == 0
    assert (tmp_path / "other" / "catalogue.db").read_bytes() == before


def test_merge_of_itself_or_of_nothing_is_refused(on_filled: Run, filled: Path) -> None:
    assert on_filled("merge", str(filled)).status == 2
    assert on_filled("merge", str(filled / "absent")).status == 3


def test_merge_takes_nothing_in_where_one_of_several_is_none(
    on_filled: Run, tmp_path: Path
) -> None:
    fill(tmp_path / "other", pictures=4)

    ran = on_filled("merge", str(tmp_path / "other"), str(tmp_path / "absent"))

    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert f"no catalogue in {tmp_path / 'absent'}" in ran.err
    assert on_filled("search", "--count").out == "3\n"


def test_conflicts_and_the_end_are_told_to_programs_as_json(
    on_filled: Run, filled: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "other")
    key = on_filled("search", "has:file", "--ids", "--limit", "1").out.strip()
    cli._run(["-C", str(tmp_path / "other"), "set", key, "kind=plot"])
    on_filled("set", key, "kind=map")
    dumped = tmp_path / "mine.jsonl"
    dumped.write_text(on_filled("dump", "--json").out, encoding="utf-8")

    merged = on_filled("merge", str(tmp_path / "other"), "--json")
    loaded = on_filled("load", str(dumped), "--json")

    conflict, end = map(json.loads, merged.out.splitlines())
    assert (conflict["kind"], conflict["with"]) == ("conflict", str(tmp_path / "other"))
    assert "kind is plot there and map here" in conflict["detail"]
    assert end == {"kind": "summary", "pictures": 3, "conflicts": 1}
    assert json.loads(loaded.out) == {"kind": "summary", "pictures": 3, "conflicts": 0}
    assert (merged.status, merged.err, loaded.status, loaded.err) == (1, "", 0, "")


def test_merge_brings_no_file_of_a_picture_that_was_forgotten(
    on_filled: Run, filled: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "other", pictures=4)
    on_filled("merge", str(tmp_path / "other"))
    gone = on_filled("search", "has:file", "--ids", "--limit", "1").out.strip()
    on_filled("forget", gone)

    ran = on_filled("merge", str(tmp_path / "other"))

    assert (ran.status, f"{gone[:12]} is there, and was forgotten here" in ran.err) == (1, True)
    assert list(filled.rglob(f"{gone}*")) == []
