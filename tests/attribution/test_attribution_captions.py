"""Captions as the world writes them: who took the picture, with what, of what."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from catalogue.attribution import attribute
from catalogue.cli.attribute import sighting_of
from catalogue.registry import Registry, load_registry

CAPTIONS: list[dict[str, Any]] = [
    entry
    for name in (
        "captions.toml",
        "missions.toml",
        "elsewhere.toml",
        "kinds.toml",
        "history.toml",
        "news.toml",
    )
    for entry in tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))["caption"]
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def answers(expected: object) -> list[object]:
    """Every answer that counts as right; an empty text in the table stands for none."""
    listed = expected if isinstance(expected, list) else [expected]
    return [one or None for one in listed]


@pytest.mark.parametrize("entry", CAPTIONS, ids=lambda entry: entry["text"][:50])
def test_a_caption_is_read_as_a_careful_reader_would(
    entry: dict[str, Any], registry: Registry
) -> None:
    asked = {"id": 1, "caption": entry["text"]} | {
        name: entry[name] for name in ("title", "page_title", "credit_field") if name in entry
    }
    asked["credit"] = asked.pop("credit_field", None)
    verdict = attribute(sighting_of(asked), registry)

    wrong = {
        name: (getattr(verdict, name), entry[name])
        for name in ("spacecraft", "instrument", "kind", "taken", "sol", "credit")
        if name in entry and getattr(verdict, name) not in answers(entry[name])
    }
    if "subjects" in entry and set(verdict.subjects) != set(entry["subjects"]):
        wrong["subjects"] = (verdict.subjects, entry["subjects"])
    assert wrong == {}
