"""``catalogue thumbnail``: small pictures of any files, without a catalogue."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, plain, print_json
from catalogue.errors import UnreadableImage, UsageError


def run(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Pictures; a folder stands for the pictures in it."),
    ],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where the thumbnails go.")],
    size: Annotated[
        int, typer.Option("--size", min=16, max=4096, help="Pixels of the longer side.")
    ] = 320,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", min=1, max=256, metavar="N", help="At one time.", show_default=False
        ),
    ] = None,
    json: options.Json = False,
) -> None:
    """Make thumbnails: JPEG, upright, in sRGB, never larger than the picture.

    Frames of 16 bits are stretched so that something is seen. Each thumbnail has the name of its
    picture. Files that are no pictures are named on stderr, and the rest is made.

        catalogue thumbnail frames/ one-more.tif --to thumbs --size 320
    """
    from catalogue.images.thumbnail import pool, thumbnail
    from catalogue.writing import write_aside

    warnings.simplefilter("ignore")  # a decoder's remarks; what matters becomes an error
    planned = _targets(files)
    sources = {source.resolve() for source, _, _ in planned}
    to.mkdir(parents=True, exist_ok=True)

    def make(source: Path, relative: Path, named: bool) -> tuple[Path | None, str]:
        """The thumbnail, or None and why not; of what is no picture, without a reason."""
        target = to / relative
        try:
            if target.resolve() in sources:
                return None, "its thumbnail would replace a picture; choose another --to"
            data = thumbnail(source, size)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_aside(target, data)
        except UnreadableImage as error:
            # What lies beside the pictures of a folder was not named: no complaint.
            return None, "" if error.verdict == "skipped" and not named else str(error)
        except OSError as error:
            return None, error.strerror or str(error)
        return target, ""

    failed = 0
    with pool(jobs) as workers:
        for (source, _, _), (made, problem) in zip(
            planned, workers.map(lambda item: make(*item), planned), strict=True
        ):
            failed += bool(problem)
            if json:
                print_json({"file": source, "thumbnail": made, "detail": problem})
            elif problem:
                complain(f"{plain(source)}: {problem}")
    if failed:
        raise typer.Exit(1)


def _targets(named: list[Path]) -> list[tuple[Path, Path, bool]]:
    """Each picture with the relative path of its thumbnail, and whether it was named itself."""
    found = [item for path in named for item in _pictures(path)]
    plainly = Counter(str(relative.with_suffix("")).casefold() for _, relative, _ in found)
    planned, taken = [], set()
    for source, relative, was_named in found:
        alone = plainly[str(relative.with_suffix("")).casefold()] == 1
        base = relative.name if not alone else relative.stem
        target, count = relative.with_name(f"{base}.jpg"), 2
        while str(target).casefold() in taken:
            target, count = relative.with_name(f"{base}-{count}.jpg"), count + 1
        taken.add(str(target).casefold())
        planned.append((source, target, was_named))
    return planned


def _pictures(path: Path) -> Iterator[tuple[Path, Path, bool]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                yield file, file.relative_to(path), False
    elif path.exists():
        yield path, Path(path.name), True
    else:
        raise UsageError(f"there is no file {plain(path)!r}")
