"""The front door: what is public is listed, sorted, and really there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import catalogue
from catalogue import cli

ROOT = Path(__file__).resolve().parent.parent


def test_the_package_under_test_is_this_checkouts() -> None:
    assert Path(str(catalogue.__file__)).parent == ROOT / "catalogue"


def test_the_public_names_are_sorted_and_can_be_had() -> None:
    assert catalogue.__all__ == sorted(catalogue.__all__)
    assert [name for name in catalogue.__all__ if not hasattr(catalogue, name)] == []


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        catalogue.no_such_name  # noqa: B018 - looking it up is the test


HEAVY = ("requests", "PIL", "sqlite_utils", "selectolax", "w3lib", "jinja2", "warcio", "protego")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["search", "--help"]])
def test_help_starts_without_anything_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\n"
        "from catalogue import cli\n"
        f"cli._run({arguments!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert ran.stderr.strip().splitlines()[-1] == "[]"


def test_another_package_of_the_same_name_is_told_from_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(catalogue, "DISTRIBUTION")

    assert cli._run(["--version"]) == 3
    assert "environment of its own" in capsys.readouterr().err
