"""A source that is itself a picture: its caption and credit are those in it and beside it."""

from __future__ import annotations

from catalogue.errors import ReasonedError
from catalogue.fetch import policy
from catalogue.fetch.interface import Fetched
from catalogue.gathering.cleaning import clean_appearance
from catalogue.gathering.outcomes import disk_trouble
from catalogue.gathering.pictures import keep_picture
from catalogue.gathering.work import Job, KeptFiles, Limits, Reading, mark
from catalogue.model import Appearance, Evidence, Gathered, Harvested, Outcome, Page, Statement


def picture_read(
    job: Job,
    got: Fetched,
    files: KeptFiles,
    limits: Limits,
    fetched_at: str,
    *,
    keep: bool,
    forgotten: frozenset[str],
) -> Reading:
    """A source that is itself a picture: its caption and credit are those in and beside it."""
    from catalogue.images.sidecar import read_sidecar, sidecar_address

    address = policy.clean(job.url) if job.url else None
    beside: tuple[Statement, ...] = ()
    if job.file is not None:
        beside = read_sidecar(job.file)
        origin = sidecar_address(job.file)
        address = policy.clean(origin) if origin else None
    image, validators = None, got.validators
    try:
        image = keep_picture(got, files, limits, forgotten, keep=keep)
        code, detail = "stored", ""
    except ReasonedError as error:
        code, detail = error.outcome, str(error)
    except OSError as error:
        code, detail = disk_trouble(error)
    statements = (*beside, *(image.facts.embedded if image else ()))
    appearance = clean_appearance(_described(address, beside, statements))
    outcome = Outcome(
        kind="image",
        url=job.address,
        page=None,
        outcome=code,
        image=image.id if image else None,
        detail=detail,
    )
    harvested = Harvested(
        address=job.address,
        page=Page(url=address, images=(appearance,)),
        outcome=outcome,
        gathered=(
            Gathered(
                appearance=appearance,
                outcome=outcome,
                image=image,
                asked=address,
                validators=validators,
            ),
        ),
        validators=mark(job),
        fetched=fetched_at,
    )
    return Reading(job=job, harvested=harvested, picture=True)


def _described(
    address: str | None, beside: tuple[Statement, ...], statements: tuple[Statement, ...]
) -> Appearance:
    """An appearance from what stands in a picture file and beside it; who says it first counts."""
    said: dict[str, Statement] = {}
    for statement in statements:
        said.setdefault(statement.name, statement)
    chosen = {
        "caption": said.get("description"),
        "credit": said.get("credit") or said.get("creator") or said.get("copyright"),
        "title": said.get("title"),
    }
    return Appearance(
        url=address,
        title=chosen["title"].value if chosen["title"] else None,
        caption=chosen["caption"].value if chosen["caption"] else None,
        credit=chosen["credit"].value if chosen["credit"] else None,
        statements=beside,
        evidence=tuple(
            Evidence(field=found.where, text=found.value, says=name, rule="embedded metadata")
            for name, found in chosen.items()
            if found is not None
        ),
    )
