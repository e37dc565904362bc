"""The command line: a thin layer over the library.

One file a command, each with a function ``run`` whose docstring is the command's help. A command
parses, calls the library, prints, and sets the exit status; whatever it needs beyond the standard
library and typer it imports inside ``run``, so that every other command starts without it.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import click
import typer
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.utils import get_params_from_function

import catalogue
from catalogue.cli import completing, options
from catalogue.cli.output import complain, plain
from catalogue.errors import CatalogueError
from catalogue.texts import nearest

COMMANDS: dict[str, str] = {
    "harvest": "Take articles in: their pictures with caption and credit.",
    "index": "Derive attributions and credits from what was harvested.",
    "search": "Find pictures by words and fields.",
    "show": "Tell everything about one picture, and why.",
    "set": "Correct what the rules say of a picture.",
    "review": "List the pictures that a person should look at.",
    "export": "Hand over pictures that carry their credit.",
    "gallery": "Build a gallery of static pages.",
    "stats": "Tell how many pictures there are, of what, from where.",
    "verify": "Read everything again, and mend it.",
    "extract": "Print what a page says of its pictures.",
    "attribute": "Tell who took a picture, by its caption and credit.",
    "identify": "Decode product identifiers, file names and addresses.",
    "credit": "Read credit lines: who is credited, under which licence.",
    "thumbnail": "Make thumbnails.",
    "merge": "Take other catalogues in.",
    "dump": "Print everything as JSON lines.",
    "load": "Take in what 'dump' printed.",
    "forget": "Remove a picture, and do not take it again.",
    "cite": "Print a ready credit sentence.",
}
"""Each is ``catalogue/cli/<name>.py``; in the order and words of ``catalogue --help``."""


class Command(TyperCommand):
    """A command whose help explains its arguments, too."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The lists of arguments and options in its help."""
        # What typer below 0.25 is told of an argument, click from 8.5 on replaces by nothing.
        told = get_params_from_function(import_module(f"catalogue.cli.{self.name}").run)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                parameter.help = told[str(parameter.name)].default.help
        super().format_options(ctx, formatter)


class Commands(TyperGroup):
    """The commands by name; the module of one is imported when that one is called for.

    So neither the help of all nor one command pays for the others.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        one = typer.Typer(rich_markup_mode=None, add_completion=False)
        one.command(cmd_name, cls=Command)(import_module(f"catalogue.cli.{cmd_name}").run)
        return typer.main.get_command(one)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, else the nearest known name in the refusal."""
        try:
            return click.Group.resolve_command(self, ctx, args)
        except click.UsageError:
            raise click.UsageError(
                f"no command {plain(args[0])!r}; {nearest(args[0], COMMANDS)}", ctx
            ) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help of all."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    name="catalogue",
    cls=Commands,
    rich_markup_mode=None,  # plain help: half the start-up time, and text that fits the manual
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"catalogue {catalogue.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    folder: options.CatalogueFolder = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Keep the pictures of Mars that articles show: caption, credit, and who took each.

    Typical use:

        catalogue harvest https://example.org/story.html

        catalogue search spacecraft:mro

        catalogue gallery --to gallery
    """
    options.remember(folder)


_NEW_OBJECTS = 20_000
"""Objects after which garbage is looked for among the new: what commands import and read is many
times what Python reckons with, and none of it is garbage."""


def main() -> NoReturn:
    """Run the command line and exit with the status that the interface fixes."""
    # What is there now stays until the end. To look through all of it for garbage, at the end most
    # of all, takes a sixth of a search.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    status = _run(sys.argv[1:])
    gc.freeze()
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    if getattr(catalogue, "DISTRIBUTION", None) != "mars-image-catalogue":
        complain(_in_the_way())
        return 3
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # captions hold what a C locale cannot print
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    debug = "--debug" in arguments
    if not debug:  # what libraries think of a damaged picture is told by its outcome
        warnings.simplefilter("ignore")
    try:
        options.remember(None)
        if question := completing.asked():
            return completing.answer(typer.main.get_command(app), question)
        arguments = options.protect_exclusions(arguments)
        status = app(arguments, prog_name="catalogue", standalone_mode=False)
    except BrokenPipeError:
        # The reader of our output went away, as `head` does. Nothing is wrong; leave Python
        # nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (click.ClickException, click.Abort, KeyboardInterrupt) as error:
        return _told(error)
    except Exception as error:
        if debug:
            raise
        return _told(error)
    if status == 130:  # typer has made this of an interrupt, and said nothing
        return _told(KeyboardInterrupt())
    return status if isinstance(status, int) else 0


def _open_closed_streams() -> None:
    """Where a stream was closed by who called us, nothing else may get its number: no database."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def _told(error: BaseException) -> int:
    """The exit status of an error that was said in one line: what, where, what to do."""
    match error:
        case CatalogueError():
            complain(str(error))
            return error.exit_status
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return 2
        case click.UsageError(ctx=click.Context() as ctx):
            complain(f"{error.format_message()} (try '{ctx.command_path} --help')")
            return 2
        case click.ClickException():
            complain(error.format_message())
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            complain("interrupted; all that was finished is kept")
            return 130
        case OSError(strerror=str() as reason):
            where = f"{error.filename}: " if error.filename else ""
            advice = _REMEDIES.get(error.errno or 0, f"{reason}; --debug shows where it happened")
            complain(where + advice)
            return 1
    complain(f"{type(error).__name__}: {error}; --debug shows where it happened")
    return 1


_REMEDIES = {
    errno.EACCES: "permission denied; change its permissions, or choose another place",
    errno.EPERM: "permission denied; change its permissions, or choose another place",
    errno.EROFS: "it is on a read-only disk; choose another place",
    errno.ENOSPC: "the disk is full; make room and run it again",
    errno.EDQUOT: "your share of the disk is used up; make room and run it again",
    errno.EMFILE: "too many files are open; raise the limit (ulimit -n) and run it again",
}
"""What the system refused, and what to do about it, where it is not our part to know more."""


def _in_the_way() -> str:
    from importlib.metadata import packages_distributions

    owners = packages_distributions().get("catalogue", [])
    others = sorted({name for name in owners if name != "mars-image-catalogue"})
    found = Path(str(catalogue.__file__)).parent
    return (
        f"the package in {found} is not this program's: it belongs to "
        f"{' and '.join(others) or 'another distribution'}; "
        "install mars-image-catalogue in an environment of its own"
    )
