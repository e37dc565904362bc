"""RO-Crate 1.1: the set as a research object, its description in flattened JSON-LD."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from catalogue.export import manifest
from catalogue.export.interface import Entry, Made

Thing = dict[str, Any]

_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    # words of schema.org that are younger than the crate's own context
    {
        name: f"https://schema.org/{name}"
        for name in ("acquireLicensePage", "copyrightNotice", "creditText", "usageInfo", "sha256")
    },
]


def as_json(entries: Iterable[Entry], documents: Iterable[Made]) -> Iterator[str]:
    """``ro-crate-metadata.json``, in parts.

    Args:
        entries: The pictures; gone through several times.
        documents: The lists beside them.
    """
    yield '{\n"@context": ' + json.dumps(_CONTEXT, indent=1) + ',\n"@graph": [\n'
    yield _line(
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        first=True,
    )
    documents = tuple(documents)
    yield ',\n{"@id": "./", "@type": "Dataset", "name": "A credited set of pictures of Mars"'
    yield ', "description": "Pictures of Mars, each with its caption, credit and rights."'
    # No date of packing, so that the same set is the same crate: that of what is newest in it.
    newest = max(
        (entry.record.published or entry.record.taken or "" for entry in entries), default=""
    )
    if newest:
        yield f', "datePublished": {json.dumps(newest[:10])}'
    # Each picture has terms of its own.
    yield ', "license": {"@id": "CREDITS.html"}, "hasPart": ['
    comma = ""
    for made in documents:
        yield comma + json.dumps({"@id": quote(made.path)})
        comma = ", "
    for entry in entries:
        for made in entry.files:
            yield comma + json.dumps({"@id": quote(made.path)})
            comma = ", "
    yield "]}"
    for made in documents:
        yield _line(_file(made))
    seen: set[str] = set()
    for entry in entries:
        thing, others = _flat(entry)
        yield _line(thing)
        if entry.sidecar:
            about = {"about": {"@id": quote(entry.file.path)}}
            yield _line(_file(entry.sidecar) | about)
        for other in others:
            if other["@id"] not in seen:
                seen.add(other["@id"])
                yield _line(other)
    yield "\n]\n}\n"


def _line(thing: Thing, *, first: bool = False) -> str:
    return ("" if first else ",\n") + json.dumps(thing, ensure_ascii=False)


_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "xmp": "application/rdf+xml",
}


def _file(made: Made) -> Thing:
    return {
        "@id": quote(made.path),
        "@type": "File",
        "name": made.path,
        "contentSize": str(made.bytes),
        "sha256": made.sha256,
        "encodingFormat": _TYPES.get(made.path.rpartition(".")[2], "application/octet-stream"),
    }


def _flat(entry: Entry) -> tuple[Thing, list[Thing]]:
    """A picture whose things are named, and the things (RO-Crate nests nothing)."""
    thing = manifest.image_object(entry)
    thing["@type"] = ["File", "ImageObject"]
    thing.pop("contentUrl")
    others = []
    for name in ("creator", "usageInfo", "isPartOf", "additionalProperty"):
        value = thing.get(name)
        if value is None:
            continue
        nested = value if isinstance(value, list) else [value]
        named = [one if "@id" in one else {"@id": _local_id(one), **one} for one in nested]
        others += named
        thing[name] = [{"@id": one["@id"]} for one in named]
    for name in ("license", "acquireLicensePage"):
        if name in thing:
            # The terms come first where both are one page: they tell more.
            others.append({"@id": thing[name], "@type": "CreativeWork", "name": entry.words.rights})
            thing[name] = {"@id": thing[name]}
    return thing, others


def _local_id(thing: Thing) -> str:
    text = json.dumps(thing, ensure_ascii=True, sort_keys=True)
    return f"#{thing['@type'].lower()}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
