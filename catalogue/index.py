"""From what was seen to what follows: attribution, credit, rights, texts to search by.

Everything here can be done again at any time, without the network. What a person said is applied
last and outranks every rule.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalogue import renditions
from catalogue.errors import UsageError
from catalogue.images import fingerprint
from catalogue.model import (
    Attribution,
    Correction,
    Credit,
    Evidence,
    Finding,
    Kind,
    Pair,
    Record,
    Sighting,
)
from catalogue.registry import Registry
from catalogue.store import Store
from catalogue.store.groups import ALL, NOT_SAME, SAME
from catalogue.texts import nearest

if TYPE_CHECKING:
    from PIL.Image import Image

Attribute = Callable[[Sighting, Registry], Attribution]
ReadCredit = Callable[[str, Registry], Credit]
Look = Callable[[str], "Image | None"]
"""A stored file's small copy to compare by."""

Progress = Callable[[int, int], None]
"""Called with the number of pictures done and of all that are to be done."""

DOUBTFUL = 0.8
"""A spacecraft named with less confidence should be looked at by a person."""

_AT_ONCE = 200
"""Pictures that are written together: others who write wait for one such lot, not for all."""
_LOOKED = 500
"""Small copies that are held to compare by, some 30 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What an index did."""

    looked_at: int
    """Pictures whose verdicts were derived anew."""
    total: int
    """Pictures in the catalogue."""
    failed: tuple[str, ...] = ()
    """Pictures at which a rule failed, with what happened: ID, colon, words."""


def index(
    store: Store,
    registry: Registry,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    attribute: Attribute | None = None,
    read_credit: ReadCredit | None = None,
) -> IndexReport:
    """Derive everything that can be derived, for what is new or for all.

    May be stopped at any time: what has not been looked at is looked at the next time. Searches go
    on meanwhile, and find what was found before.

    Args:
        store: The catalogue.
        registry: The facts that rules rest on.
        rebuild: Do all anew, as after the registry or the rules improved.
        progress: Is told how far it is.
        attribute: Another attribution than the program's own.
        read_credit: Another reader of credit lines.

    Raises:
        CatalogueUnusable: The catalogue is read-only, or locked for too long.
    """
    if rebuild:
        store.look_anew()
    looked_at, failed = 0, []
    total = store.count_waiting() if progress is not None else 0
    for number, wrong in lots(store, registry, attribute=attribute, read_credit=read_credit):
        looked_at += number
        failed += wrong
        if progress is not None:
            progress(min(looked_at, total), total)
    if looked_at:
        store.tidy()
    return IndexReport(looked_at=looked_at, total=store.count(), failed=tuple(failed))


def lots(
    store: Store,
    registry: Registry,
    *,
    attribute: Attribute | None = None,
    read_credit: ReadCredit | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Derive what waits, lot by lot, and no more than that: the upkeep is left to :func:`index`.

    Yields:
        When a lot was written, its number of pictures, and those at which a rule failed.
    """
    attribute = attribute or _attribute()
    read_credit = read_credit or _read_credit()
    after = ""
    while batch := store.waiting(after=after, limit=_AT_ONCE):
        findings, failed = [], []
        for sightings in _regrouped(store, [key for key, _ in batch]):
            group = tuple(sightings)
            said = _said_of(store, group)
            for key, sighting in sightings.items():
                others = (other for name, other in sightings.items() if name != key)
                whole = renditions.together(sighting, others)
                try:
                    finding = derive(whole, said, registry, attribute, read_credit)
                except Exception as error:  # one odd picture must not keep others from being found
                    words = f"{type(error).__name__}: {error}"
                    failed.append(f"{key}: {words}")
                    finding = _without_rules(whole, said, registry, words)
                findings.append(_in_group(finding, group))
        store.write(findings, batch)
        after = batch[-1][0]
        yield len(findings), failed


# --- files of one picture ---------------------------------------------------------------------


def _regrouped(store: Store, keys: list[str]) -> list[dict[str, Sighting]]:
    """The pictures that have to be derived, as groups of their files by ID, the best first.

    These are the given ones, all that show the same picture as one of them, and all that did so
    until now.
    """
    known = {key: found for key in keys if is_picture(found := store.sighting(key))}
    names = {key: renditions.names_of(found) for key, found in known.items()}
    store.mark({key: names[key].marks for key in known})
    # Files of one picture are compared each with each: none is decoded anew for every pair.
    look = functools.lru_cache(_LOOKED)(functools.partial(_look, store))
    store.pair_up({key: _pairs(store, found, names, look) for key, found in known.items()})
    reached, pairs, joined, apart, alone = {}, {}, set(), set(), set()
    ahead = [other for key in keys for other in (key, *store.shown_as_one(key))]
    while ahead:
        key = ahead.pop()
        if key in reached:
            continue
        reached[key] = known.get(key) or store.sighting(key)
        for pair in store.pairs_of(key):
            pairs[pair.one, pair.other] = pair
            ahead += (pair.one, pair.other)
        same, not_same = store.said_of_files(key)
        joined |= {(min(key, other), max(key, other)) for other in same}
        apart |= {(key, other) for other in not_same}
        if ALL in not_same:
            alone.add(key)
        ahead += same
    pictures = [key for key, found in reached.items() if is_picture(found)]
    grouped = renditions.groups(pictures, pairs.values(), joined, apart, alone)
    return [
        {key: reached[key] for key in renditions.best_first({key: reached[key] for key in group})}
        for group in grouped
    ]


def _pairs(
    store: Store, sighting: Sighting, names: dict[str, renditions.Names], look: Look
) -> tuple[list[Pair], list[str]]:
    """The pairs that a picture is in, and the pictures at which their turn has not come."""
    own = names[sighting.id]
    now, later = store.proposed(
        sighting, own.marks, near=renditions.NEAR, limit=renditions.COMPARED
    )
    found = []
    for other in now:
        seen = store.sighting(other)
        if sighting.image is None or seen.image is None or not is_picture(seen):
            continue
        theirs = names.get(other) or renditions.names_of(seen)
        alike = functools.partial(_agree, look, sighting.image.file, seen.image.file)
        pair = renditions.verdict((sighting.id, own), (other, theirs), alike)
        if pair is not None:
            found.append(pair)
    return found, later


def _look(store: Store, file: str) -> Image | None:
    try:
        with store.files.local(file) as path:
            return fingerprint.look(path)
    except OSError:
        return None


def _agree(look: Look, one: str, other: str) -> bool:
    first, second = look(one), look(other)
    return first is not None and second is not None and fingerprint.agree(first, second)


def _said_of(store: Store, group: tuple[str, ...]) -> tuple[Correction, ...]:
    """What a person said of a picture in any of its files; of two words the later."""
    said: dict[str, Correction] = {}
    for key in group:
        for one in store.corrections(key):
            if one.field in RENDITION_FIELDS or one.field not in CORRECTABLE:
                continue  # the latter is a word that another version understands
            if one.field not in said or one.made > said[one.field].made:
                said[one.field] = one
    return tuple(said[field] for field in sorted(said))


def _in_group(finding: Finding, group: tuple[str, ...]) -> Finding:
    if len(group) == 1:
        return finding
    return dataclasses.replace(
        finding, record=dataclasses.replace(finding.record, renditions=group)
    )


# --- one picture ------------------------------------------------------------------------------


def _attribute() -> Attribute:
    from catalogue.attribution import attribute

    return attribute


def _read_credit() -> ReadCredit:
    from catalogue.credit import read_credit

    return read_credit


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


def _without_rules(
    sighting: Sighting, said: tuple[Correction, ...], registry: Registry, words: str
) -> Finding:
    return derive(
        sighting,
        said,
        registry,
        lambda sighting, registry: Attribution(contradictions=(f"a rule failed: {words}",)),
        lambda text, registry: Credit(text=text),
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


# --- what a person may correct ----------------------------------------------------------------

RENDITION_FIELDS = (SAME, NOT_SAME)
"""Fields of what a person says of two files: whether they show one picture."""

CORRECTABLE = (
    "spacecraft", "instrument", "subject", "kind", "credit", "caption", "title", "alt",
    *RENDITION_FIELDS,
)  # fmt: skip
"""Fields that ``set`` takes."""

NOTHING = {"none", "unknown", "null"}


def field_named(name: str) -> str:
    """The field that a name means.

    Raises:
        UsageError: It means none that can be corrected.
    """
    field = name.lower().replace("-", "_")
    field = {"subjects": "subject", "camera": "instrument"}.get(field, field)
    if field not in CORRECTABLE:
        raise UsageError(f"{name!r} cannot be set; {nearest(field, CORRECTABLE)}")
    return field


def checked_value(field: str, value: str, registry: Registry) -> str | None:
    """The value of a correction as it is kept: names resolved to slugs.

    Args:
        field: One of :data:`CORRECTABLE`.
        value: As typed; ``none`` says that there is nothing.
        registry: Resolves names.

    Raises:
        UsageError: The field cannot hold the value; the nearest known names are told.
    """
    value = value.strip()
    if value.lower() in NOTHING:
        return None
    if field == "spacecraft":
        return registry.spacecraft_named(value).slug
    if field == "subject":
        named = {registry.spacecraft_named(part).slug for part in value.split(",") if part.strip()}
        return ",".join(sorted(named))
    if field == "instrument":
        found = registry.instruments_named(value)
        if len(found) > 1:
            slugs = " or ".join(one.slug for one in found)
            raise UsageError(f"instrument {value!r} may be {slugs}: say which")
        return found[0].slug
    if field == "kind":
        kinds = [kind.value for kind in Kind]
        kind = "-".join(value.lower().replace("_", " ").split())
        if kind not in kinds:
            raise UsageError(f"unknown kind {value!r}; known: {', '.join(kinds)}")
        return kind
    return value
