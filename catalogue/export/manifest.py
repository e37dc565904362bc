"""``manifest.json``: the set for machines, in the words of schema.org."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from catalogue import cite
from catalogue.export.interface import Entry

Thing = dict[str, Any]


def as_json(entries: Iterable[Entry]) -> Iterator[str]:
    """``manifest.json``, in parts: an ImageGallery, each of its ImageObjects a line."""
    yield '{\n"@context": "https://schema.org",\n"@type": "ImageGallery",\n"hasPart": ['
    comma = ""
    for entry in entries:
        yield f"{comma}\n{json.dumps(image_object(entry), ensure_ascii=False)}"
        comma = ","
    yield "\n]\n}\n"


def image_object(entry: Entry) -> Thing:
    """One picture as a schema.org ImageObject; what is not known is left out."""
    words, record = entry.words, entry.record
    thing: Thing = {
        "@type": "ImageObject",
        "@id": quote(entry.file.path),
        "contentUrl": quote(entry.file.path),
        "encodingFormat": entry.media_type,
        "contentSize": str(entry.file.bytes),
        "sha256": entry.file.sha256,
        "width": entry.width,
        "height": entry.height,
        "identifier": record.id,
        "name": words.title,
        "caption": words.caption,
        "creditText": words.credit,
        "creator": [creator(one) for one in words.creators] or None,
        "copyrightNotice": words.copyright_notice,
        "license": words.licence_url or words.terms_url,
        "acquireLicensePage": words.terms_url or words.licence_url,
        "usageInfo": terms(words),
        "dateCreated": words.date,
        "keywords": list(words.keywords) or None,
        "accessibilitySummary": words.alt,
        "isPartOf": page(entry),
        "isBasedOn": words.url,
        "additionalProperty": list(properties(entry)) or None,
    }
    return {name: value for name, value in thing.items() if value is not None}


def creator(one: cite.Creator) -> Thing:
    """Who is credited."""
    return {"@type": "Person" if one.is_person else "Organization", "name": one.name}


def terms(words: cite.Wording) -> Thing | None:
    """What may be done with it; None where that is not known."""
    url = words.terms_url or words.licence_url
    if url is None and words.licence is None:
        return None
    thing = {
        "@type": "CreativeWork",
        "@id": url,
        "name": words.terms or words.licence,
        "url": url,
        "description": words.statement,
    }
    return {name: value for name, value in thing.items() if value is not None}


def page(entry: Entry) -> Thing | None:
    """The page that the picture came from."""
    words = entry.words
    if words.page is None:
        return None
    title = {"name": words.page_title} if words.page_title else {}
    return {"@type": "WebPage", "@id": words.page, "url": words.page, **title}


def properties(entry: Entry) -> Iterator[Thing]:
    """What schema.org has no word for: spacecraft, camera, what is seen, Martian day, product."""
    words, record = entry.words, entry.record
    named = [
        ("spacecraft", words.spacecraft, record.spacecraft),
        ("instrument", words.instrument, record.instrument),
        *(
            ("subject", name, slug)
            for name, slug in zip(words.subjects, record.subjects, strict=True)
        ),
        ("kind", record.kind, None),
        ("sol", record.sol, None),
        ("product", record.product_id, None),
        ("rights checked", words.verified, None),
        ("credit", None if words.credit else cite.NOT_KNOWN, None),
    ]
    for name, value, slug in named:
        if value is not None:
            identity = {"valueReference": slug} if slug else {}
            yield {"@type": "PropertyValue", "name": name, "value": value, **identity}
