"""What a shell is told when somebody presses the tabulator key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import cli
from catalogue.query.fields import FIELDS, values
from catalogue.registry import load_registry
from tests import making

Completed = Callable[..., list[str]]


@pytest.fixture
def completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Completed:
    """Gives what may stand in place of the last word, as bash asks for it."""
    making.fill(tmp_path / "mars")
    monkeypatch.setenv("CATALOGUE_DIR", str(tmp_path / "mars"))
    monkeypatch.setenv("_CATALOGUE_COMPLETE", "bash_complete")

    def run(*words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", " ".join(("catalogue", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert cli._run([]) == 0
        return [line.partition(",")[2] for line in capsys.readouterr().out.split()]

    return run


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("sea",), ["search"]),
        (("search", "sit"), ["site:example.org"]),
        (("search", "su"), None),
        (("search", "s"), ["saved:", "since:", "site:", "sol:", "spacecraft:", "subject:"]),
        (("search", "spacecraft:perse"), ["spacecraft:perseverance"]),
        (("search", "spacecraft", ":", "perse"), ["perseverance"]),
        (("search", "instrument:hiris"), ["instrument:hirise"]),
        (("search", "instrument:mro-hi"), ["instrument:mro-hirise"]),
        (("search", "dunes", "kind", ":", "ph"), ["photo"]),
        (("search", "site", ":"), ["example.org"]),
        (("search", "needs:rev"), ["needs:review"]),
        (("search", "width:"), []),
        (("search", "nonsense:"), []),
        (("export", "instrument:mro-hi"), ["instrument:mro-hirise"]),
        (("search", "--spacecraft", "curio"), ["curiosity"]),
        (("search", "--sort", "n"), ["newest"]),
        (("export", "--format", "b"), ["bagit"]),
        (("dump", "--format", "p"), ["parquet"]),
        (("cite", "1234", "--style", ""), ["text", "html", "markdown", "bibtex"]),
        (("gallery", "--originals", "l"), ["link"]),
    ],
)
def test_a_word_is_completed(
    completed: Completed, words: tuple[str, ...], found: list[str]
) -> None:
    told = completed(*words)

    if found is None:
        assert {"subject:perseverance", "subject:mro"} <= set(told)
    else:
        assert told == found


def test_where_there_is_no_catalogue_nothing_of_it_is_told(
    completed: Completed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CATALOGUE_DIR", str(tmp_path / "absent"))

    assert completed("search", "saved:") == []


def test_the_values_that_are_told_are_ones_that_the_field_takes() -> None:
    registry = load_registry()

    for field in FIELDS:
        for value in values(field, lambda: registry):
            assert FIELDS[field](lambda: registry, field, value) is not None
