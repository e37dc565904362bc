"""``catalogue identify``: one JSON line a name, whatever the name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


def run(*arguments: str, given: bytes = b"") -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "catalogue", "identify", *arguments],
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_an_identifier_and_a_name_that_is_none() -> None:
    found, nothing = run("ESP_060000_2005_RED.JP2", "IMG_1234.JPG")

    assert found["name"] == "ESP_060000_2005_RED.JP2"
    assert found["product_id"] == "ESP_060000_2005_RED"
    assert (found["spacecraft"], found["instrument"]) == ("mro", "mro-hirise")
    assert isinstance(found["fields"], dict)
    assert found["fields"]["latitude"] == 20.5
    assert nothing == {
        "name": "IMG_1234.JPG", "product_id": None, "spacecraft": None, "instrument": None,
        "sol": None, "taken": None, "fields": {},
    }  # fmt: skip


def test_names_from_stdin_are_lines() -> None:
    given = b"PIA10101\r\n\nESP_060000_2005\n\xff\xfe\x00\x1b[2J\nlast without end"

    names = [line["name"] for line in run("-", given=given)]

    assert names[:2] == ["PIA10101", "ESP_060000_2005"]
    assert len(names) == 4


@pytest.mark.parametrize("name", ["", "\x1b[31m", "\udcff.jpg", "A" * 100_000])
def test_strange_names_are_answered(name: str) -> None:
    (answer,) = run(name)

    assert answer["product_id"] is None


def test_two_orbits_are_a_list() -> None:
    (answer,) = run("DTEED_060000_2005_060100_2005_A01")

    assert isinstance(answer["fields"], dict)
    assert answer["fields"]["orbits"] == [60000, 60100]
