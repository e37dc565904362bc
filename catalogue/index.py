"""From what was seen to what follows: attribution, credit, rights, texts to search by.

Everything here can be done again at any time, without the network. What a person said is applied
last and outranks every rule.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from catalogue.errors import UsageError
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
from catalogue.store import Store

Attribute = Callable[[Sighting, Registry], Attribution]
ReadCredit = Callable[[str, Registry], Credit]

DOUBTFUL = 0.8
"""A spacecraft named with less confidence should be looked at by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What an index did."""

    written: int
    """Pictures whose verdicts were derived anew."""
    total: int
    """Pictures in the catalogue."""


def index(
    store: Store,
    registry: Registry,
    *,
    rebuild: bool = False,
    attribute: Attribute | None = None,
    read_credit: ReadCredit | None = None,
) -> IndexReport:
    """Derive everything that can be derived, for what is new or for all.

    Args:
        store: The catalogue.
        registry: The facts that rules rest on.
        rebuild: Do all anew, as after the registry or the rules improved.
        attribute: Another attribution than the program's own.
        read_credit: Another reader of credit lines.
    """
    if attribute is None:
        from catalogue.attribution import attribute
    if read_credit is None:
        from catalogue.credit import read_credit

    def findings() -> Iterator[Finding]:
        for sighting in store.sightings(changed_only=not rebuild):
            yield derive(sighting, store.corrections(sighting.id), registry, attribute, read_credit)

    written = store.write(findings(), rebuild=rebuild)
    return IndexReport(written=written, total=store.count())


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
    texts, evidence = _texts(sighting)
    credit_text = said["credit"].value if "credit" in said else texts["credit"] or verdict.credit
    credit = read_credit(credit_text, registry) if credit_text else None
    image = sighting.image
    pages = {
        shown.page.url or shown.address: shown.page
        for shown in sighting.appearances
        if shown.page.url or shown.address
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


# Which text of several stands for the picture: what a page says of it comes before what the file
# carries, and the longer caption says more. A text of lower rank never replaces one of higher.


def _texts(sighting: Sighting) -> tuple[dict[str, str | None], tuple[Evidence, ...]]:
    chosen: dict[str, str | None] = {}
    evidence = []
    embedded = sighting.image.facts.embedded if sighting.image else ()
    for name, inside in (
        ("title", "title"),
        ("caption", "description"),
        ("credit", "credit"),
        ("alt", ""),
    ):
        on_pages = [
            (value, shown.page.url or shown.address)
            for shown in sighting.appearances
            if (value := getattr(shown.appearance, name))
        ]
        if on_pages:
            value, where = (
                max(on_pages, key=lambda pair: len(pair[0])) if name == "caption" else on_pages[0]
            )
            chosen[name] = value
            if name in {"caption", "credit"}:
                evidence.append(
                    Evidence(field=f"page {where}", text=value[:200], says=name, rule="page first")
                )
            continue
        stated = next((one for one in embedded if one.name == inside and one.value.strip()), None)
        chosen[name] = stated.value.strip() if stated else None
        if stated:
            evidence.append(
                Evidence(
                    field=stated.where, text=stated.value[:200], says=name, rule="from the file"
                )
            )
    if chosen["title"] is None and not chosen["caption"]:
        chosen["title"] = next(
            (shown.page.title for shown in sighting.appearances if shown.page.title), None
        )
    return chosen, tuple(evidence)


def _review(verdict: Attribution) -> tuple[str, ...]:
    reasons = list(verdict.contradictions)
    if verdict.spacecraft is None and verdict.kind in {None, Kind.PHOTO}:
        reasons.append("nothing tells who took it")
    elif verdict.spacecraft is not None and verdict.confidence < DOUBTFUL:
        reasons.append(f"the spacecraft is uncertain ({verdict.confidence:.2f})")
    return tuple(reasons)


def _corrected(record: Record, said: dict[str, Correction], registry: Registry) -> Record:
    changes: dict[str, Any] = {}
    for field, correction in said.items():
        if field == "subject":
            changes["subjects"] = tuple(sorted((correction.value or "").split(",")))
            changes["subjects"] = tuple(slug for slug in changes["subjects"] if slug)
        elif field != "credit":  # the credit was read from the corrected line already
            changes[field] = correction.value
    if not said:
        return record
    if "spacecraft" in said:
        changes["confidence"] = 1.0
    reviewed = () if "spacecraft" in said else record.review
    return dataclasses.replace(record, **changes, review=reviewed, corrected=tuple(sorted(said)))


def _names(record: Record, registry: Registry) -> str:
    names: list[str] = []
    craft = registry.spacecraft.get(record.spacecraft or "")
    if craft is not None:
        names += [craft.name, *craft.aliases]
    camera = registry.instruments.get(record.instrument or "")
    if camera is not None:
        names += [camera.name, *camera.aliases]
    names += [name for name in (record.place, record.product_id) if name]
    return "; ".join(dict.fromkeys(names))


# --- what a person may correct ----------------------------------------------------------------

CORRECTABLE = ("spacecraft", "instrument", "subject", "credit", "caption", "title", "kind")
"""Fields that ``set`` takes."""

NOTHING = {"none", "unknown", "null"}


def checked_correction(field: str, value: str, registry: Registry) -> tuple[str, str | None]:
    """Field and value of a correction as they are kept: names resolved to slugs.

    Args:
        field: One of :data:`CORRECTABLE`.
        value: As typed; ``none`` says that there is nothing.
        registry: Resolves names.

    Raises:
        UsageError: The field or the value is unknown.
    """
    import difflib

    name = {"subjects": "subject"}.get(field, field)
    if name not in CORRECTABLE:
        near = difflib.get_close_matches(name, CORRECTABLE, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(CORRECTABLE)}"
        raise UsageError(f"unknown field {field!r}: {hint}")
    if value.strip().lower() in NOTHING:
        return name, None
    if name == "spacecraft":
        return name, registry.spacecraft_named(value).slug
    if name == "subject":
        return name, ",".join(
            sorted(
                registry.spacecraft_named(part).slug for part in value.split(",") if part.strip()
            )
        )
    if name == "instrument":
        found = registry.instruments_named(value)
        if len(found) > 1:
            raise UsageError(
                f"instrument {value!r} may be {' or '.join(one.slug for one in found)}: say which"
            )
        return name, found[0].slug
    if name == "kind":
        kinds = [kind.value for kind in Kind]
        if value not in kinds:
            raise UsageError(f"unknown kind {value!r}; known: {', '.join(kinds)}")
    return name, value
