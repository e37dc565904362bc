"""An archive of pages: surveyed as a whole, so that each of its pages can be read wherever."""

from __future__ import annotations

from dataclasses import replace

from catalogue.errors import ReasonedError
from catalogue.fetch import policy
from catalogue.gathering.outcomes import not_mars, now, page_outcome, settled
from catalogue.gathering.work import Job, Reading, Sieve
from catalogue.sources.warc import Warc


def survey(job: Job, archive: Warc, only: Sieve | None = None) -> Reading:
    """Note where the pages of an archive are; each becomes a job.

    Args:
        job: The archive's.
        archive: The archive.
        only: Which pages are taken.
    """
    at = now()
    try:
        archive.survey(only.takes if only else None)
    except ReasonedError as error:
        return settled(job, page_outcome(job, error.outcome, str(error)), at)
    more = tuple(
        Job(
            address=policy.clean(record.url),
            shown=policy.clean(record.url),
            record=record,
            bundle=archive,
            depth=job.depth + 1,
        )
        for record in archive.pages()
    )
    if archive.damage:
        outcome = page_outcome(job, "failed:truncated", archive.damage)
    else:
        outcome = page_outcome(job, "ok:no-images", f"an archive of pages, {len(more)} of them")
    passed_over = tuple(map(not_mars, map(policy.clean, archive.passed_over)))
    return replace(settled(job, outcome, at), more=more, passed_over=passed_over)
