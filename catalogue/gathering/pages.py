"""One page: had, read and kept; or a list, or a picture by itself, where the address gave that."""

from __future__ import annotations

import hashlib
import threading
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from catalogue.errors import ReasonedError, UnreadableDocument
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched, Fetcher
from catalogue.gathering.alone import picture_read
from catalogue.gathering.archives import survey
from catalogue.gathering.cleaning import clean_page
from catalogue.gathering.naming import jobs_of
from catalogue.gathering.outcomes import disk_trouble, not_mars, now, page_outcome, settled
from catalogue.gathering.pictures import as_fetched
from catalogue.gathering.work import (
    DEFAULT_LIMITS,
    Job,
    KeptFiles,
    Limits,
    Reading,
    Sieve,
    Wanted,
    mark,
)
from catalogue.images import decoding
from catalogue.images.formats import sniff
from catalogue.model import (
    Document,
    Gathered,
    Harvested,
    Outcome,
    Page,
    Snapshot,
    Validators,
)
from catalogue.sources import open_document, read_article
from catalogue.sources.warc import UNREADABLE, Record


def get_ready() -> None:
    """Load what reads pages and pictures: done while the first answer is waited for, it is free."""
    import catalogue.sites  # noqa: F401

    decoding.get_ready()


def read(
    job: Job,
    *,
    fetcher: Fetcher,
    files: KeptFiles,
    limits: Limits = DEFAULT_LIMITS,
    unless: Validators = NOTHING_KNOWN,
    keep: bool = True,
    only: Sieve | None = None,
    forgotten: frozenset[str] = frozenset(),
) -> Reading:
    """Have a page, list or picture, and read it.

    Args:
        job: What to have.
        fetcher: Gets it where the job does not hold it.
        files: Takes the page's own bytes, or the picture's.
        limits: What is taken.
        unless: What an earlier answer gave; an unchanged page has outcome ``unchanged``.
        keep: Whether bytes are kept at all.
        only: Which pages are taken; None for all.
        forgotten: IDs of pictures that a person does not want again.
    """
    if job.archive is not None:
        return survey(job, job.archive, only)
    fetched_at = now()
    try:
        if job.outcome is not None:
            return settled(job, job.outcome, fetched_at)
        if job.page is not None:
            if only is not None and not only.takes_page(job.page):
                return _passed_over(job, fetched_at)
            return _page_read(job, job.page, job.document, None, fetched_at, limits)
        if job.record is not None:
            job = replace(job, document=_recorded(job.record, job.address), record=None)
            if mark(job) == unless:
                outcome = page_outcome(job, "unchanged", "the catalogue has it")
                return settled(job, outcome, fetched_at, validators=unless)
        document = job.document
        if document is None:
            got = _fetch_page(job, fetcher, files, limits, unless)
            if got.unchanged:
                outcome = page_outcome(job, "unchanged", "the server says that nothing changed")
                return settled(job, outcome, fetched_at, validators=unless)
            if isinstance(got.data, Path) or sniff(got.data[:64]) is not None:
                return picture_read(
                    job, got, files, limits, fetched_at, keep=keep, forgotten=forgotten
                )
            document = Document(
                address=job.address,
                data=got.data,
                url=got.url,
                media_type=got.media_type,
                charset=got.charset,
                validators=got.validators,
            )
            more = _members(job, document)
            if more is not None:
                found = f"a list that leads to {len(more)}" if more else "a list that leads nowhere"
                outcome = page_outcome(job, "ok:no-images", found)
                return replace(settled(job, outcome, fetched_at), more=more)
        elif sniff(document.data[:64]) is not None:
            held = as_fetched(document)
            return picture_read(
                job, held, files, limits, fetched_at, keep=keep, forgotten=forgotten
            )
        if only is not None and not only.takes(document.data):
            return _passed_over(job, fetched_at)
        with _LARGE_ONE_BY_ONE if len(document.data) > _LARGE else nullcontext():
            page = read_article(document)
        if only is not None and not only.takes_page(page, document.data):
            return _passed_over(job, fetched_at)
        snapshot = _snapshot(document, files) if keep else None
        return _page_read(job, page, document, snapshot, fetched_at, limits)
    except ReasonedError as error:
        return settled(job, page_outcome(job, error.outcome, str(error)), fetched_at)
    except OSError as error:
        outcome = page_outcome(job, *disk_trouble(error))
        return settled(job, outcome, fetched_at)


_LARGE = 2 << 20
_LARGE_ONE_BY_ONE = threading.Lock()
"""A page's tree takes many times its bytes, and threads read no two pages faster than one."""


def _recorded(record: Record, address: str) -> Document:
    document = record.read()
    if document is None:
        raise UnreadableDocument(UNREADABLE)
    return replace(document, address=address, url=address)


def _passed_over(job: Job, fetched_at: str) -> Reading:
    return replace(settled(job, not_mars(job.address), fetched_at), kept=False)


_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".avif", ".jp2")


def _fetch_page(
    job: Job, fetcher: Fetcher, files: KeptFiles, limits: Limits, unless: Validators
) -> Fetched:
    if job.url is None:
        raise UnreadableDocument(f"'{job.shown}' is neither an address nor a file")
    picture = urlsplit(policy.normal(job.url)).path.lower().endswith(_PICTURE_ENDINGS)
    return fetcher.get(
        job.url,
        limit=limits.max_bytes if picture else limits.max_page_bytes,
        unless=unless,
        picture=picture,
        spool=files.incoming if picture else None,
    )


def _members(job: Job, document: Document) -> tuple[Job, ...] | None:
    """The members of a fetched list, feed or archive; None for an article."""
    bundle = open_document(document)
    members = list(bundle.members())
    if len(members) == 1 and members[0] is document:
        return None
    if job.depth > 1:
        raise UnreadableDocument("a list, reached through a list that a list led to")
    return tuple(jobs_of(members, bundle, job.shown, job.address, job.depth + 1))


def _page_read(
    job: Job,
    page: Page,
    document: Document | None,
    snapshot: Snapshot | None,
    fetched_at: str,
    limits: Limits,
) -> Reading:
    link = job.link
    if link is not None:
        page = replace(
            page, title=page.title or link.title, published=page.published or link.published
        )
    shown = clean_page(page)
    wanted, gathered = [], []
    base = page.url or (document.url if document is not None else None)
    for number, (raw, appearance) in enumerate(zip(page.images, shown.images, strict=True)):
        if raw.url is None:
            outcome = Outcome(
                kind="image",
                url=None,
                page=job.address,
                outcome="ok",
                detail="known by caption and credit alone",
            )
            gathered.append(Gathered(appearance=appearance, outcome=outcome))
        elif number >= limits.max_images:
            outcome = Outcome(
                kind="image",
                url=appearance.url,
                page=job.address,
                outcome="skipped:page-limit",
                detail=f"the page shows more than {limits.max_images:,} pictures",
            )
            gathered.append(Gathered(appearance=appearance, outcome=outcome))
        else:
            wanted.append(
                Wanted(
                    appearance=appearance,
                    candidates=tuple(
                        dict.fromkeys((*raw.larger[:2], raw.url, *raw.alternatives[:3]))
                    ),
                    page_url=base,
                    page=job.address,
                    bundle=job.bundle,
                )
            )
    code = "ok" if page.images else "ok:no-images"
    harvested = Harvested(
        address=job.address,
        page=shown,
        outcome=page_outcome(job, code, "; ".join(shown.notes)),
        gathered=tuple(gathered),
        snapshot=snapshot,
        validators=document.validators if job.document is None and document else mark(job),
        fetched=fetched_at,
    )
    drawings = tuple(
        Outcome(
            kind="image",
            url=url,
            page=job.address,
            outcome="skipped:not-a-raster",
            detail="a vector drawing",
        )
        for url in shown.drawings
    )
    return Reading(job=job, harvested=harvested, wanted=tuple(wanted), passed_over=drawings)


_SNAPSHOT_SUFFIXES = {
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/json": ".json",
}


def _snapshot(document: Document, files: KeptFiles) -> Snapshot:
    digest = hashlib.sha256(document.data).hexdigest()
    suffix = _SNAPSHOT_SUFFIXES.get(document.media_type, "")
    if not suffix:
        named = Path(urlsplit(document.address).path).suffix.lower()
        suffix = named if named in (".txt", ".md", ".json") else ".html"
    return Snapshot(
        sha256=digest,
        file=files.put(document.data, digest, suffix, kind="pages"),
        bytes=len(document.data),
        media_type=document.media_type,
        charset=document.charset,
    )
