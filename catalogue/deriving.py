"""What follows from all that was seen and said of one picture: its record, and the reasons for it.

Pure: the rules come in as functions. What a person said is applied last and outranks every rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeAlias

from catalogue.model import (
    Attribution,
    Correction,
    Credit,
    Evidence,
    Finding,
    Kind,
    Record,
    Sighting,
)
from catalogue.registry import Registry

Attribute: TypeAlias = Callable[[Sighting, Registry], Attribution]
ReadCredit: TypeAlias = Callable[[str, Registry], Credit]

DOUBTFUL = 0.8
"""A spacecraft named with less confidence should be looked at by a person."""


def is_picture(sighting: Sighting) -> bool:
    """Whether something is known by which anybody could look for it: bytes, or words.

    A page's address of a picture that could not be had, and of which the page says nothing, is
    kept among the failures and is no picture yet.
    """
    if sighting.image is not None:
        return bool(sighting.appearances)
    return any(
        shown.appearance.caption
        or shown.appearance.credit
        or shown.appearance.title
        or shown.appearance.alt
        for shown in sighting.appearances
    )


def derive(
    sighting: Sighting,
    corrections: tuple[Correction, ...],
    registry: Registry,
    attribute: Attribute,
    read_credit: ReadCredit,
) -> Finding:
    """What follows from all that was seen and said of one picture."""
    verdict = attribute(sighting, registry)
    said = {correction.field: correction for correction in corrections}
    texts, evidence = _texts(sighting, verdict)
    credit_text = said["credit"].value if "credit" in said else texts["credit"]
    credit = read_credit(credit_text, registry) if credit_text else None
    image = sighting.image
    pages = {
        shown.page.url or shown.address: shown.page
        for shown in sighting.appearances
        if not shown.alone and (shown.page.url or shown.address)
    }
    record = Record(
        id=sighting.id,
        spacecraft=verdict.spacecraft,
        instrument=verdict.instrument,
        subjects=verdict.subjects,
        kind=str(verdict.kind) if verdict.kind else None,
        title=texts["title"],
        caption=texts["caption"],
        alt=texts["alt"],
        credit=credit_text,
        credit_normal=credit.credit if credit else None,
        organisations=credit.organisations if credit else (),
        people=credit.people if credit else (),
        distributors=credit.distributors if credit else (),
        licence=credit.licence if credit else None,
        rights=credit.rights if credit else None,
        taken=verdict.taken,
        sol=verdict.sol,
        place=verdict.place,
        product_id=verdict.product_id,
        confidence=round(verdict.confidence, 4),
        review=_review(verdict),
        file=image.file if image else None,
        url=next((shown.appearance.url for shown in sighting.appearances), None),
        format=image.facts.format if image else None,
        media_type=image.facts.media_type if image else None,
        width=image.facts.width if image else None,
        height=image.facts.height if image else None,
        bytes=image.bytes if image else None,
        colour=image.facts.colour if image else None,
        damage=image.facts.damage if image else None,
        pages=tuple(pages),
        page_titles=tuple(page.title or "" for page in pages.values()),
        published=min((page.published for page in pages.values() if page.published), default=None),
    )
    record = _corrected(record, said, registry)
    told = tuple(
        Evidence(
            field="a person's correction",
            text=correction.note or correction.made,
            says=f"{correction.field}={correction.value or 'none'}",
            rule="correction",
            weight=1.0,
        )
        for correction in corrections
    )
    return Finding(
        record=record,
        evidence=(*told, *verdict.evidence, *evidence),
        contradictions=verdict.contradictions,
        names=_names(record, registry),
    )


def without_rules(
    sighting: Sighting, said: tuple[Correction, ...], registry: Registry, words: str
) -> Finding:
    """The same of a picture at which a rule failed: what was seen and said, and those words."""
    return derive(
        sighting,
        said,
        registry,
        lambda sighting, registry: Attribution(contradictions=(f"a rule failed: {words}",)),
        lambda text, registry: Credit(text=text),
    )


# Which text of several stands for the picture: what a page says of it comes before what attribution
# found, that before what stands in or beside the file. A text of lower rank never replaces one of
# higher. Of several captions on pages the longest stands, as it says most.


def _texts(
    sighting: Sighting, verdict: Attribution
) -> tuple[dict[str, str | None], tuple[Evidence, ...]]:
    chosen: dict[str, str | None] = {}
    evidence = []
    for name in ("title", "caption", "credit", "alt"):
        on_pages = [
            (text, f"page {shown.page.url or shown.address}", "page first")
            for shown in sighting.appearances
            if not shown.alone and (text := getattr(shown.appearance, name))
        ]
        if name == "caption":
            on_pages.sort(key=lambda found: -len(found[0]))
        found = (
            *on_pages,
            *([(verdict.credit, "", "")] if name == "credit" and verdict.credit else ()),
            *_from_file(sighting, name),
        )
        chosen[name] = found[0][0] if found else None
        if found and found[0][1] and name in {"caption", "credit"}:
            text, where, rule = found[0]
            evidence.append(Evidence(field=where, text=text[:200], says=name, rule=rule))
    if chosen["title"] is None and not chosen["caption"]:
        chosen["title"] = next(
            (shown.page.title for shown in sighting.appearances if shown.page.title), None
        )
    return chosen, tuple(evidence)


_STATED_AS = {"title": "title", "caption": "description", "credit": "credit"}


def _from_file(sighting: Sighting, name: str) -> list[tuple[str, str, str]]:
    """Text, place and rule of what stands beside or in the picture's file."""
    found = []
    for shown in sighting.appearances:
        text = getattr(shown.appearance, name)
        if shown.alone and text:
            where = next(
                (one.field for one in shown.appearance.evidence if one.says == name), "the file"
            )
            found.append((text, where, "from the file"))
    embedded = sighting.image.facts.embedded if sighting.image else ()
    return found + [
        (one.value.strip(), one.where, "from the file")
        for one in embedded
        if one.name == _STATED_AS.get(name) and one.value.strip()
    ]


def _review(verdict: Attribution) -> tuple[str, ...]:
    reasons = list(verdict.contradictions)
    if verdict.spacecraft is None and verdict.kind in {None, Kind.PHOTO}:
        reasons.append("nothing tells who took it")
    elif verdict.spacecraft is not None and verdict.confidence < DOUBTFUL:
        reasons.append(f"the spacecraft is uncertain ({verdict.confidence:.2f})")
    return tuple(reasons)


def _corrected(record: Record, said: dict[str, Correction], registry: Registry) -> Record:
    if not said:
        return record
    changes: dict[str, Any] = {"corrected": tuple(sorted(said))}
    for field, correction in said.items():
        if field == "subject":
            slugs = (correction.value or "").split(",")
            changes["subjects"] = tuple(sorted(slug for slug in slugs if slug))
        elif field != "credit":  # the credit was read from the corrected line already
            changes[field] = correction.value
    record = dataclasses.replace(record, **changes)
    camera = registry.instruments.get(record.instrument or "")
    if camera is not None and camera.spacecraft and record.spacecraft not in camera.spacecraft:
        # A person's word on the one outranks what the rules thought of the other.
        if "instrument" not in said:
            record = dataclasses.replace(record, instrument=None)
        elif "spacecraft" not in said:
            carrier = camera.spacecraft[0] if len(camera.spacecraft) == 1 else None
            record = dataclasses.replace(record, spacecraft=carrier, confidence=1.0)
    if "spacecraft" in said:
        record = dataclasses.replace(record, confidence=1.0)
    if "spacecraft" in said or ("kind" in said and record.kind not in {None, Kind.PHOTO}):
        record = dataclasses.replace(record, review=())
    return record


def _names(record: Record, registry: Registry) -> str:
    names: list[str] = []
    craft = registry.spacecraft.get(record.spacecraft or "")
    if craft is not None:
        names += [craft.name, *craft.aliases, *craft.nicknames, craft.slug]
    camera = registry.instruments.get(record.instrument or "")
    if camera is not None:
        names += [camera.name, *camera.aliases]
    # «Mastcam-Z» is found as «MastcamZ», too.
    joined = [name.replace("-", "") for name in names if "-" in name and " " not in name]
    return "; ".join(dict.fromkeys((*names, *joined)))
