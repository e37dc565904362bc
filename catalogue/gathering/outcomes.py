"""How a unit of work tells what became of its page or picture, in words free of credentials."""

from __future__ import annotations

import errno
from datetime import UTC, datetime

from catalogue.errors import CatalogueUnusable
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN
from catalogue.gathering.work import Job, Reading, Wanted
from catalogue.model import Gathered, Harvested, Outcome, Page, Validators


def not_mars(address: str) -> Outcome:
    """What becomes of a page that is passed over because it shows no picture of Mars."""
    return Outcome(
        kind="page",
        url=address,
        page=address,
        outcome="skipped:not-mars",
        detail="it shows no picture of Mars",
    )


def page_outcome(job: Job, code: str, detail: str = "") -> Outcome:
    """What became of a page."""
    return Outcome(
        kind="page",
        url=job.address,
        page=job.address,
        outcome=code,
        detail=placeless(detail, job.shown, job.address),
    )


def placeless(words: str, shown: str, address: str) -> str:
    """Words that a catalogue may keep: they name a file by its address, and not where it lies.

    >>> placeless("'../old/story.html' is empty", "../old/story.html", "old/story.html")
    "'old/story.html' is empty"
    """
    return words.replace(f"'{shown}'", f"'{address}'")


def image_outcome(wanted: Wanted, code: str, detail: str = "", image: str | None = None) -> Outcome:
    """What became of a picture of a page; its words are free of credentials."""
    return Outcome(
        kind="image",
        url=wanted.appearance.url,
        page=wanted.page,
        outcome=code,
        image=image,
        detail=policy.scrub(detail),
    )


def unchanged(wanted: Wanted, image: str, detail: str = "the catalogue has it") -> Gathered:
    """An appearance of a picture that the catalogue has, by its ID."""
    return Gathered(
        appearance=wanted.appearance, outcome=image_outcome(wanted, "unchanged", detail, image)
    )


def settled(
    job: Job, outcome: Outcome, fetched_at: str, validators: Validators = NOTHING_KNOWN
) -> Reading:
    """What there is of a page of which nothing was read, and why."""
    url = policy.clean(job.url) if job.url else None
    return Reading(
        job=job,
        harvested=Harvested(
            address=job.address,
            page=Page(url=url),
            outcome=outcome,
            validators=validators,
            fetched=fetched_at,
        ),
    )


def given_up(subject: Job | Wanted, code: str, detail: str) -> Reading | Gathered:
    """What there is of a page or picture that was not had, and why."""
    if isinstance(subject, Job):
        return settled(subject, page_outcome(subject, code, detail), now())
    outcome = image_outcome(subject, code, detail)
    return Gathered(appearance=subject.appearance, outcome=outcome)


DISK_FULL = "failed:disk-full"
NO_ROOM = "there is no room left where the catalogue is"


def disk_trouble(error: OSError) -> tuple[str, str]:
    """Outcome and words for a file that could not be written; other trouble ends the harvest."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DISK_FULL, NO_ROOM
    if isinstance(error, TimeoutError):
        return "failed:retry-later", f"the catalogue's files: {error.strerror or error}"
    raise CatalogueUnusable(
        f"the catalogue cannot be written: {error.strerror or error}"
    ) from error


def now() -> str:
    """When it is, ISO 8601 UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
