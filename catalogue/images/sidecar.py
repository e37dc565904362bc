"""What stands beside a picture file: an XMP sidecar, or the JSON that gallery-dl writes."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from catalogue.images.blocks import BLOCK_LIMIT, BROKEN, text_of
from catalogue.images.metadata import STATEMENTS, read_xmp, stated
from catalogue.model import Statement

_SIDECAR_KEYS = (
    ("title", "title"),
    ("headline", "title"),
    ("caption", "description"),
    ("description", "description"),
    ("content", "description"),
    ("credit", "credit"),
    ("credits", "credit"),
    ("photographer", "creator"),
    ("author", "creator"),
    ("artist", "creator"),
    ("copyright", "copyright"),
    ("license", "licence"),
    ("licence", "licence"),
    ("source", "source"),
    ("spacecraft", "spacecraft"),
    ("mission", "mission"),
    ("instrument", "instrument"),
    ("target", "target"),
    ("sol", "sol"),
    ("date_taken", "taken"),
    ("keywords", "keywords"),
    ("tags", "keywords"),
)


def read_sidecar(path: Path) -> tuple[Statement, ...]:
    """What stands beside a picture file: ``name.xmp``, or ``name.jpg.json`` as gallery-dl writes.

    Args:
        path: The picture. ``name.jpg.xmp``, ``name.xmp``, ``name.jpg.json`` and ``name.json`` are
            looked for; a link or a file past two megabytes is left alone.
    """
    statements: list[Statement] = []
    for beside in (
        path.with_name(path.name + ".xmp"),
        path.with_suffix(".xmp"),
        path.with_name(path.name + ".json"),
        path.with_suffix(".json"),
    ):
        with contextlib.suppress(*BROKEN):
            if beside.is_symlink() or not beside.is_file() or beside.stat().st_size > BLOCK_LIMIT:
                continue
            data = beside.read_bytes()
            if beside.suffix == ".xmp":
                statements += read_xmp(data)
            else:
                statements += _read_json(json.loads(text_of(data, fold=False)))
    return tuple(statements[:STATEMENTS])


def _read_json(values: object) -> list[Statement]:
    statements: list[Statement] = []
    if isinstance(values, dict):
        for key, name in _SIDECAR_KEYS:
            value = values.get(key)
            if isinstance(value, dict):
                value = value.get("name") or value.get("title")
            for item in value[:50] if isinstance(value, list) else [value]:
                if isinstance(item, str | int | float) and not isinstance(item, bool):
                    statements += stated(name, str(item), f"sidecar {key}")
    return statements


def sidecar_address(path: Path) -> str | None:
    """Where a picture came from, as a JSON sidecar tells (``url``, ``source_url``); else None."""
    for beside in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        with contextlib.suppress(*BROKEN):
            if not beside.is_symlink() and beside.is_file() and beside.stat().st_size < BLOCK_LIMIT:
                values = json.loads(beside.read_bytes())
                for key in ("url", "file_url", "source_url"):
                    value = values.get(key)
                    if isinstance(value, str) and value.startswith(("http://", "https://")):
                        return value
    return None
