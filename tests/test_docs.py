"""The manual tells what the program does, and the program what the manual tells."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest
import typer.main

from catalogue.cli import COMMANDS, app
from catalogue.cli.options import protect_exclusions
from catalogue.query.fields import FIELDS
from tests import making

ROOT = Path(__file__).resolve().parent.parent

DOCS = sorted((ROOT / "docs").rglob("*.md")) + [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md")
]


def test_the_reference_of_commands_is_what_the_program_prints() -> None:
    spec = importlib.util.spec_from_file_location("ref", ROOT / "scripts" / "cli_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.PAGE.read_text(encoding="utf-8") == module.reference()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "catalogue", name, "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert re.search(rf"^ +catalogue .*\b{name}\b", shown, re.MULTILINE), shown


def test_every_search_field_is_in_the_manual() -> None:
    page = (ROOT / "docs" / "reference" / "search.md").read_text(encoding="utf-8")

    assert [field for field in FIELDS if f"`{field}`" not in page] == []


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_manual_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_manual_names_every_page_of_its_own() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [
        page.relative_to(ROOT / "docs").as_posix()
        for page in (ROOT / "docs").rglob("*.md")
        if page.name != "index.md"
    ]

    assert [page for page in pages if f"({page})" not in index] == []


def _commands(page: Path) -> list[str]:
    """Lines of a page's shell blocks that call the program."""
    block, lines = None, []
    for line in page.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line.startswith("```"):
            block = line.removeprefix("```") if block is None else None
        elif block in {"", "sh", "console"}:
            lines.append(line.removeprefix("$ "))
    return [line for line in lines if re.search(r"(^|[|(&] *)catalogue ", line)]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_call_in_the_manual_is_one_that_the_program_takes(page: Path) -> None:
    refused = []
    for line in _commands(page):
        for call in re.findall(r"(?:^|[|(&] *)catalogue ((?:[^|&#'\"]|'[^']*'|\"[^\"]*\")*)", line):
            bare = re.sub(r"\s[<>]\s*\S+", " ", call)
            bare = re.sub(r"\$\([^)]*\)?|\)$", " WORD ", bare)
            group = typer.main.get_command(app)
            assert isinstance(group, click.Group)
            context = click.Context(group, info_name="catalogue")
            try:
                name, command, rest = group.resolve_command(
                    context, protect_exclusions(shlex.split(bare))
                )
                assert command is not None
                command.make_context(name, rest, parent=context)
            except click.ClickException as error:
                refused.append(f"{line}: {error.format_message()}")

    assert refused == []


@pytest.mark.parametrize("page", ["README.md", "docs/reference/library.md"])
def test_python_in_the_manual_runs(page: str, tmp_path: Path) -> None:
    making.fill(tmp_path / "mars-catalogue")
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)

    for block in blocks:
        ran = subprocess.run(
            [sys.executable, "-c", block],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert (ran.returncode, ran.stderr) == (0, "")

    assert blocks


def test_the_tutorial_runs_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    lines = _commands(ROOT / "docs" / "tutorial" / "first-catalogue.md")

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ
        | {
            "CATALOGUE_DIR": "first-catalogue",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
    )

    assert ran.returncode == 0, ran.stderr
    assert len(lines) > 8
    assert (tmp_path / "first-gallery" / "index.html").exists()
