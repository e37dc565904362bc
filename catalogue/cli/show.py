"""``catalogue show``: everything about one picture."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalogue.cli import options, records
from catalogue.cli.output import plain, print_json, print_rows

if TYPE_CHECKING:
    from catalogue.model import Dossier, OnPage, Record

ImageId = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="The ID, or its first four characters or more.", show_default=False
    ),
]


def run(
    image: ImageId,
    json: options.Json = False,
    folder: options.CatalogueFolder = None,
) -> None:
    """Tell everything about one picture: verdict, evidence, where it appeared, its file.

    Example:

        catalogue show 3f9a
    """
    with options.open_catalogue(folder) as catalogue:
        dossier = catalogue.dossier(image)
        near = [catalogue.get(other) for other in dossier.near]
    if json:
        print_json(as_json(dossier))
        return
    _print(dossier, near)


def as_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier as ``show --json`` prints it: a search's row, and what it rests on."""
    image = dossier.sighting.image
    return records.as_json(dossier.record) | {
        "evidence": [dataclasses.asdict(one) for one in dossier.evidence],
        "contradictions": list(dossier.contradictions),
        "corrections": [dataclasses.asdict(one) for one in dossier.corrections],
        "appearances": [_appearance_json(shown) for shown in dossier.sighting.appearances],
        "embedded": [dataclasses.asdict(one) for one in image.facts.embedded] if image else [],
        "rendition_reasons": {other.id: why for other, why in dossier.renditions},
        "near": list(dossier.near),
    }


def _appearance_json(shown: OnPage) -> dict[str, Any]:
    page = dataclasses.asdict(shown.page)
    del page["images"]
    return {
        "page": page | {"address": shown.address},
        **dataclasses.asdict(shown.appearance),
    }


# --- for people -------------------------------------------------------------------------------


def _print(dossier: Dossier, near: list[Record]) -> None:
    record = dossier.record
    print(record.id)
    print_rows(_verdict(record))
    if record.review:
        _head("look at it, because")
        for reason in record.review:
            print(f"  {plain(reason)}")
    _head("evidence")
    for one in dossier.evidence:
        weight = f"{one.weight:4.2f}" if one.weight else "    "
        where = f"{plain(one.field)} «{plain(one.text)}»"
        print(f"  {weight}  {plain(one.says)}: {where}{_rule(one.rule)}")
    if not dossier.evidence:
        print("  none was found")
    for contradiction in dossier.contradictions:
        print(f"  but: {plain(contradiction)}")
    if dossier.corrections:
        _head("corrected by a person")
        for said in dossier.corrections:
            note = f" ({plain(said.note)})" if said.note else ""
            print(f"  {said.field} = {plain(said.value or 'none')}{note}, {said.made}")
    for number, shown in enumerate(dossier.sighting.appearances, start=1):
        of = f" {number}" if len(dossier.sighting.appearances) > 1 else ""
        _head("named by itself" if shown.alone else f"appearance{of}")
        print_rows([(name, value) for name, value in _appearance(shown) if value])
    if dossier.renditions:
        stands = "" if record.stands else "; the first of them stands for it in searches"
        _head(f"other files of this picture{stands}")
        for other, why in dossier.renditions:
            size = f"{other.format} {other.width} x {other.height}"
            print(f"  {other.id[:12]}  {size}  because {plain(why)}")
    if near:
        _head("look alike (to be judged by eye)")
        for other in near:
            size = f"{other.width} x {other.height}" if other.width else ""
            print(f"  {other.id[:12]}  {other.format or ''} {size}  {records.words(other)[:70]}")


def _verdict(record: Record) -> list[tuple[str, str]]:
    corrected = set(record.corrected)

    def marked(name: str, value: str | None, absent: str = "") -> tuple[str, str]:
        return name, (value or absent) + (" (corrected)" if name in corrected else "")

    rights = record.rights
    size = f"{record.width} x {record.height} pixels" if record.width else ""
    found = [
        marked("title", record.title),
        marked("caption", record.caption),
        marked("credit", record.credit, "none is known"),
        ("normal form", record.credit_normal or ""),
        ("organisations", ", ".join(record.organisations)),
        ("people", ", ".join(record.people)),
        ("distributors", ", ".join(record.distributors)),
        ("licence", record.licence or ""),
        ("rights", f"{rights.title} {rights.url or ''}" if rights else ""),
        marked("spacecraft", record.spacecraft, "cannot be told"),
        marked("instrument", record.instrument),
        ("confidence", f"{record.confidence:.2f}"),
        marked("subject", ", ".join(record.subjects)),
        marked("kind", record.kind),
        ("taken", record.taken or ""),
        ("sol", "" if record.sol is None else str(record.sol)),
        ("place", record.place or ""),
        ("product", record.product_id or ""),
        ("published", record.published or ""),
        ("file", record.file or f"none: {record.lacking}"),
        ("size", f"{record.format}, {size}, {record.bytes:,} bytes" if record.file else ""),
        ("damage", record.damage or ""),
    ]
    return [(name, value) for name, value in found if value]


def _appearance(shown: OnPage) -> list[tuple[str, str]]:
    said = shown.appearance
    return [
        ("source" if shown.alone else "page", shown.page.url or shown.address),
        ("title", shown.page.title or ""),
        ("published", shown.page.published or ""),
        ("picture", said.url or ""),
        ("role", "" if shown.alone else str(said.role)),
        ("caption", said.caption or ""),
        ("credit", said.credit or ""),
        ("alt", said.alt or ""),
        *((f"states {one.name}", f"{one.value} ({one.where})") for one in said.statements),
    ]


def _head(words: str) -> None:
    print(f"\n{words}")


def _rule(name: str) -> str:
    return f" [{plain(name)}]" if name else ""
