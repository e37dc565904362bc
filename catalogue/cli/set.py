"""``catalogue set``: a person's correction, which outranks every rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from catalogue.cli import options
from catalogue.cli.output import print_json, tell
from catalogue.cli.show import ImageId
from catalogue.errors import UsageError

if TYPE_CHECKING:
    from catalogue.record import Record


def run(
    image: ImageId,
    values: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE...",
            help="spacecraft, instrument, subject, kind, credit, caption, title, alt, same-as or"
            " not-same-as.",
            show_default=False,
        ),
    ],
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="Why, or where it says so.")
    ] = "",
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Correct what the rules say of a picture. The correction outranks them and is kept.

    Several subjects are joined by commas. The value none says that there is nothing; FIELD=
    without a value takes a correction back. same-as=ID joins two files of one picture,
    not-same-as=ID splits them, not-same-as=all takes a file out of every group. Joins and splits
    add up; the last word on two files counts.

    Example:

        catalogue set 3f9a spacecraft=mro instrument=hirise --note "the caption names HiRISE"

        catalogue set 3f9a spacecraft=

        catalogue set 3f9a same-as=81c2
    """
    from catalogue.cli import records
    from catalogue.corrections import RENDITION_FIELDS, field_named

    fields: dict[str, str | None] = {}
    for pair in values:
        name, equals, value = options.as_typed(pair).partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{pair!r} is not FIELD=VALUE")
        field = field_named(name.strip())
        if field in fields:
            raise UsageError(f"{field} is set twice")
        fields[field] = value.strip() or None
    with options.open_catalogue(folder) as catalogue:
        former = catalogue.get(image)
        record = catalogue.set(image, note=options.as_typed(note), **fields)
    if json:
        print_json(records.as_json(record))
        return
    told = [f"corrected by hand: {', '.join(record.corrected)}" if record.corrected else ""]
    if any(field in fields for field in RENDITION_FIELDS):
        others = [other[: records.SHORT_ID] for other in record.renditions if other != record.id]
        told.append(f"one picture with {', '.join(others)}" if others else "alone")
    tell(f"{record.id[: records.SHORT_ID]}: {'; '.join(filter(None, told)) or 'no correction'}")
    for name, was, now in _changes(former, record):
        tell(f"{name}: {now} (was {was})")


def _changes(former: Record, record: Record) -> Iterator[tuple[str, str, str]]:
    """What is otherwise than before, also what follows from what was set: a camera goes along."""
    for name, of in _TOLD.items():
        was, now = of(former), of(record)
        if was != now:
            yield name, was or "none", now or "none"


_TOLD: dict[str, Callable[[Record], str | None]] = {
    "spacecraft": lambda record: record.spacecraft,
    "instrument": lambda record: record.instrument,
    "subject": lambda record: ", ".join(record.subjects),
    "kind": lambda record: record.kind,
    "credit": lambda record: record.credit_normal or record.credit,
    "rights": lambda record: record.rights.title if record.rights else None,
}
