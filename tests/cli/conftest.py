"""What the tests of several commands share: a filled catalogue, and running a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import catalogue.index
from catalogue import cli
from tests import making


class Ran(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of two pictures and one that is known by its words; rules are stand-ins."""
    monkeypatch.setattr(catalogue.index, "_attribute", lambda: making.attribute)
    monkeypatch.setattr(catalogue.index, "_read_credit", lambda: making.read_credit)
    making.fill(tmp_path / "mars")
    return tmp_path / "mars"


@pytest.fixture
def on_filled(filled: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command on the filled catalogue."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        status = cli._run(["-C", str(filled), *arguments])
        return Ran(status, *capsys.readouterr())

    return run
