"""``catalogue attribute``: who took pictures, by what is said of them; for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.cli import options
from catalogue.cli.output import complain, print_json

if TYPE_CHECKING:
    from catalogue.model import Attribution, Sighting
    from catalogue.registry import Registry

MAX_LINE = 16_000_000
"""Characters of one line that are read."""

FIELDS = ("id", "title", "caption", "credit", "alt", "url", "page_title")


def run(
    file: Annotated[
        str,
        typer.Argument(metavar="[FILE|-]", help="JSON lines; standard input without it."),
    ] = "-",
    json: options.JsonAnyway = False,
) -> None:
    """Tell who took each picture, with what, of what, and why, by its caption and credit.

    Reads JSON lines with "id" and any of "title", "caption", "credit", "alt", "url", "page_title";
    prints a JSON line for each. Null says that it cannot be told.

    Example:

        catalogue attribute captions.jsonl
    """
    from catalogue.attribution import attribute
    from catalogue.errors import UsageError
    from catalogue.registry import load_registry

    registry = load_registry()
    failed = False
    try:
        lines = _lines(file)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(f"there is no file {file!r}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = _asked(line)
        except ValueError as error:
            complain(f"{'standard input' if file == '-' else file}, line {number}: {error}")
            failed = True
            continue
        verdict = attribute(sighting_of(asked), registry)
        print_json(as_json(asked["id"], verdict, registry))
    if failed:
        raise typer.Exit(1)


def _lines(file: str) -> Iterable[bytes]:
    import sys
    from pathlib import Path

    return sys.stdin.buffer if file == "-" else Path(file).open("rb")


def _asked(line: bytes) -> dict[str, Any]:
    """One request, checked.

    Raises:
        ValueError: It is none, with the reason in words.
    """
    import json

    if len(line) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE:,} bytes")
    try:
        asked = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("no UTF-8 text") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON ({error.msg}, column {error.colno})") from error
    except ValueError as error:  # a number with thousands of digits
        raise ValueError("a number is too long") from error
    if not isinstance(asked, dict):
        raise ValueError('no JSON object, such as {"id": 1, "caption": "..."}')
    if asked.get("id") is None:
        raise ValueError('"id" is missing')
    if not isinstance(asked["id"], str | int | float):
        raise ValueError('"id" must be a text or a number')
    for name in FIELDS[1:]:
        if not isinstance(asked.get(name), str | None):
            raise ValueError(f'"{name}" must be a text or null')
    return asked


def sighting_of(asked: Mapping[str, Any]) -> Sighting:
    """What is asked about, as if it had been seen on a page.

    Args:
        asked: ``id``, and any of ``title``, ``caption``, ``credit``, ``alt``, ``url`` and
            ``page_title``.
    """
    from catalogue.model import Appearance, OnPage, Page, Sighting

    appearance = Appearance(
        url=asked.get("url") or None,
        title=asked.get("title") or None,
        caption=asked.get("caption") or None,
        credit=asked.get("credit") or None,
        alt=asked.get("alt") or None,
    )
    page = Page(title=asked.get("page_title") or None)
    return Sighting(id=str(asked["id"]), appearances=(OnPage(appearance=appearance, page=page),))


def as_json(key: str | int | float, verdict: Attribution, registry: Registry) -> dict[str, Any]:
    """A verdict as ``attribute`` prints it, its credit read."""
    from catalogue.credit import read_credit

    credit = read_credit(verdict.credit, registry) if verdict.credit else None
    return {
        "id": key,
        "spacecraft": verdict.spacecraft,
        "instrument": verdict.instrument,
        "subjects": list(verdict.subjects),
        "kind": verdict.kind.value if verdict.kind else None,
        "credit": verdict.credit,
        "organisations": list(credit.organisations) if credit else [],
        "confidence": round(verdict.confidence, 3),
        "taken": verdict.taken,
        "sol": verdict.sol,
        "place": verdict.place,
        "product_id": verdict.product_id,
        "contradictions": list(verdict.contradictions),
        "evidence": [
            {"field": one.field, "text": one.text, "says": one.says, "weight": round(one.weight, 3)}
            for one in verdict.evidence
        ],
    }
