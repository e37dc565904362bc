"""The command line before any command runs: quick to start, clear when it cannot."""

from __future__ import annotations

import errno
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import catalogue
from catalogue import cli
from tests import making

PACKAGE = Path(catalogue.__file__).parent

COSTLY = {"PIL", "aiohttp", "bokeh", "botocore", "dask", "distributed", "fsspec", "jinja2",
          "protego", "pydantic", "requests", "rich", "s3fs", "selectolax", "sqlite3",
          "sqlite_utils", "urllib3", "w3lib", "warcio"}  # fmt: skip


def loaded_by(*arguments: str) -> set[str]:
    """Top-level packages that a run of the program imports."""
    script = (
        "import sys; from catalogue import cli; cli._run(sys.argv[1:]); "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    return set(ran.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("harvest", "--help")])
def test_help_loads_nothing_that_only_work_needs(arguments: tuple[str, ...]) -> None:
    assert loaded_by(*arguments) & COSTLY == set()


def test_a_command_does_not_load_the_others() -> None:
    script = (
        "import sys; from catalogue import cli; cli._run(['stats', '--help']); "
        "print(*(name for name in sys.modules if name.startswith('catalogue.cli.')), "
        "file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )

    assert set(ran.stderr.split()) == {
        "catalogue.cli.completing",
        "catalogue.cli.options",
        "catalogue.cli.output",
        "catalogue.cli.stats",
    }


def test_a_search_of_words_loads_what_reads_and_nothing_that_writes_or_knows_names(
    tmp_path: Path,
) -> None:
    with catalogue.Catalogue.open(tmp_path, create=True):
        pass
    script = (
        "import sys; from catalogue import cli; "
        f"status = cli._run(['-C', {str(tmp_path)!r}, 'search', 'dust', 'devil', '--json']); "
        "print(status, *(name for name in sys.modules if name.startswith('catalogue.')), "
        "file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )

    status, *loaded = ran.stderr.split()
    parts = {name.split(".")[1] for name in loaded}
    assert (status, parts) == (
        "0",
        {"catalogue", "cli", "errors", "query", "record", "store", "texts"},
    )
    assert set(loaded) & {
        "catalogue.query.fields", "catalogue.query.matching", "catalogue.store.database",
        "catalogue.store.seen",
    } == set()  # fmt: skip


def test_a_misspelt_command_is_told_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = cli._run(["serach", "dust"])

    (told,) = capsys.readouterr().err.splitlines()
    assert status == 2
    assert told.startswith("catalogue: no command 'serach'; did you mean search")
    assert told.endswith("(try 'catalogue --help')")


def test_another_package_of_the_same_name_in_our_place_is_told(tmp_path: Path) -> None:
    """What an installation of the other distribution leaves: its front, and our other modules."""
    shutil.copytree(PACKAGE, tmp_path / "catalogue")
    (tmp_path / "catalogue" / "__init__.py").write_text(
        "def create(*namespace):\n    'A registry.'\n", encoding="utf-8"
    )

    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ran.returncode == 3
    assert len(ran.stderr.splitlines()) == 1
    assert str(tmp_path) in ran.stderr
    assert "environment of its own" in ran.stderr


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "catalogue: /out: the disk is full; make room and run it again\n"),
        (
            errno.EACCES,
            "catalogue: /out: permission denied; change its permissions, or choose another place\n",
        ),
        (errno.EIO, "catalogue: /out: Input/output error; --debug shows where it happened\n"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(
    number: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli._told(OSError(number, os.strerror(number), "/out"))

    assert (status, capsys.readouterr().err) == (1, told)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_takes_json(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run([name, "--help"]) == 0

    assert "\n  --json " in capsys.readouterr().out


@pytest.mark.parametrize(("terminal", "drawn"), [("xterm", True), ("dumb", False)])
def test_progress_is_drawn_where_a_terminal_can_and_leaves_nothing_behind(
    terminal: str, drawn: bool, tmp_path: Path
) -> None:
    with catalogue.Catalogue.open(tmp_path / "mars", create=True):
        pass
    making.fill(tmp_path / "mars")
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "catalogue", "-C", tmp_path / "mars", "index", "--rebuild"],
        stderr=theirs,
        check=True,
        cwd=PACKAGE.parent,
        env=os.environ | {"TERM": terminal},
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)

    *before, last = shown.rstrip().split("\r")
    assert ("3 of 3" in shown, "\x1b" in shown) == (drawn, False)
    assert last == "3 looked at, 3 in the catalogue"
    assert not drawn or before[-1].isspace()


def test_an_interrupt_while_the_program_is_loaded_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "stats"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{PACKAGE.parent}"},
    )

    assert (ran.returncode, ran.stderr) == (130, "catalogue: interrupted; nothing was begun\n")


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_explains_every_argument_and_option(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert cli._run([name, "--help"]) == 0

    _, *lists = re.split(r"^(?:Arguments|Options):\n", capsys.readouterr().out, flags=re.MULTILINE)
    entries = [line for block in lists for line in block.splitlines() if re.match(r"  \S", line)]
    assert len(entries) > 2
    assert [line for line in entries if not re.match(r"  \S.*?  +[A-Za-z]", line)] == []
