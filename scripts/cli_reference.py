"""Write the reference of commands, ``docs/reference/commands.md``, from the program itself.

python scripts/cli_reference.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import typer.main

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "commands.md"
sys.path.insert(0, str(ROOT))


def reference() -> str:
    """The page: what ``--help`` prints, for the program and for each command."""
    from catalogue.cli import COMMANDS, app

    command = typer.main.get_command(app)
    assert isinstance(command, click.Group)
    context = click.Context(
        command,
        info_name="catalogue",
        max_content_width=96,
        terminal_width=96,
        **command.context_settings,
    )
    parts = [
        "# Commands",
        "",
        "What `catalogue --help` and `catalogue COMMAND --help` print; made by "
        "`python scripts/cli_reference.py`.",
        "",
        _block(command.get_help(context)),
    ]
    for name in COMMANDS:
        inner = command.get_command(context, name)
        assert inner is not None
        with click.Context(inner, info_name=name, parent=context, terminal_width=96) as about:
            parts += ["", f"## {name}", "", _block(inner.get_help(about))]
    return "\n".join(parts) + "\n"


def _block(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().splitlines())
    return "```text\n" + "\n".join(lines) + "\n```"


if __name__ == "__main__":
    if "--check" in sys.argv:
        if PAGE.read_text(encoding="utf-8") != reference():
            sys.exit(f"{PAGE.name} is stale: run python scripts/cli_reference.py")
    else:
        PAGE.write_text(reference(), encoding="utf-8")
