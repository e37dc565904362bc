"""``catalogue attribute``: JSON lines in, JSON lines out, each bad line told by its number."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def run(text: bytes, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[bytes]:
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "attribute", *arguments],
        input=text,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert ran.returncode == status, ran.stderr
    assert b"Traceback" not in ran.stderr
    return ran


def test_each_line_is_answered_with_evidence() -> None:
    line = {
        "id": "a-1",
        "title": "Bird's eye",
        "caption": "The Perseverance rover from above, in a picture by Ingenuity.",
        "credit": "NASA/JPL-Caltech",
    }

    (answer,) = map(json.loads, run(json.dumps(line).encode()).stdout.splitlines())

    assert answer["id"] == "a-1"
    assert (answer["spacecraft"], answer["subjects"]) == ("ingenuity", ["perseverance"])
    assert (answer["kind"], answer["credit"]) == ("photo", "NASA/JPL-Caltech")
    assert answer["organisations"] == ["nasa", "jpl"]
    assert 0 < answer["confidence"] <= 1
    assert {"field", "text", "says"} <= set(answer["evidence"][0])


def test_what_cannot_be_told_is_null() -> None:
    (answer,) = map(json.loads, run(b'{"id": 7, "caption": "A red stone."}').stdout.splitlines())

    assert (answer["id"], answer["spacecraft"], answer["instrument"]) == (7, None, None)
    assert answer["credit"] is None


def test_a_bad_line_is_told_by_number_and_reason_and_the_others_are_answered() -> None:
    text = b"\n".join(
        [
            b'{"id": 1}',
            b"no json",
            b'{"caption": "no id"}',
            b"[1, 2]",
            b'{"id": 2, "caption": 5}',
            b"\xff\xfe",
            b'{"id": 3}',
        ]
    )

    ran = run(text, status=1)

    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == [1, 3]
    told = ran.stderr.decode()
    for number, reason in ((2, "JSON"), (3, '"id"'), (4, "object"), (5, '"caption"'), (6, "UTF-8")):
        assert any(f"line {number}:" in line and reason in line for line in told.splitlines())


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    ran = run(b"", str(tmp_path / "none.jsonl"), status=2)

    assert b"none.jsonl" in ran.stderr
