"""The unit of work of a harvest: one page, or one picture of it, from its address to its bytes.

Values in, values out, and no database, so that it can run in a thread, another process or on
another machine: :func:`jobs` says what the sources name, :func:`read` has and reads a page,
:func:`gather` has and checks one of its pictures, and :func:`harvest_page` is both.
"""

from __future__ import annotations

import errno
import glob
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from catalogue.errors import (
    CatalogueUnusable,
    FetchError,
    ReasonedError,
    UnreadableDocument,
    UnreadableImage,
    UsageError,
)
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched, Fetcher
from catalogue.images.inspect import (
    DEFAULT_IMAGE_LIMITS,
    SUFFIXES,
    ImageLimits,
    inspect,
    sniff,
)
from catalogue.model import (
    Appearance,
    Document,
    Evidence,
    Gathered,
    Harvested,
    Outcome,
    Page,
    Snapshot,
    Statement,
    StoredImage,
    Validators,
)
from catalogue.sources import Bundle, Link, open_document, open_path, read_article

PASSING = frozenset(
    {
        "timeout",
        "connect",
        "protocol-error",
        "truncated",
        "retry-exhausted",
        "retry-later",
        "disk-full",
        "worker-lost",
    }
)
"""Reasons of failures that may have passed by the next harvest, which takes them up by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken from one page and for one picture."""

    max_bytes: int = 100 << 20
    """Of a picture, as unpacked."""
    max_page_bytes: int = 20 << 20
    max_images: int = 10_000
    """Of a page."""
    min_pixels: int = 32
    """Of the shorter side; what is smaller is an ornament."""
    images: ImageLimits = DEFAULT_IMAGE_LIMITS


DEFAULT_LIMITS = Limits()


class KeptFiles(Protocol):
    """Where the bytes go: the part of the store that a unit of work needs."""

    @property
    def incoming(self) -> Path:
        """Folder for files that are not whole yet, on the file system of the others."""
        ...

    def put(self, data: bytes | Path, sha256: str, suffix: str, *, kind: str = "images") -> str:
        """Keep bytes under their content's name; the path relative to the catalogue folder."""
        ...


# --- the unit of work ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page, list or picture to be harvested."""

    address: str
    """The key under which it is kept: a clean address, or a path that tells no place."""
    shown: str
    """How the user named it."""
    url: str | None = None
    """To be fetched, credentials included."""
    document: Document | None = None
    page: Page | None = None
    """Read already, by the source that held it."""
    outcome: Outcome | None = None
    """Settled already: it could not be read."""
    bundle: Bundle | None = None
    """What holds it, and perhaps its pictures."""
    file: Path | None = None
    """The file that it is."""
    link: Link | None = None
    depth: int = 0
    """How many lists led here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture of a page that is still to be had."""

    appearance: Appearance
    """As it is kept: its addresses free of credentials."""
    candidates: tuple[str, ...]
    """Where to ask, best first."""
    page_url: str | None
    page: str
    """The page's key."""
    bundle: Bundle | None = None
    unless: Validators = NOTHING_KNOWN
    known: str | None = None
    """ID of the picture that the catalogue has from this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reading one job gave."""

    job: Job
    harvested: Harvested
    wanted: tuple[Wanted, ...] = ()
    more: tuple[Job, ...] = ()
    """What a list led to."""
    picture: bool = False
    """The job was a picture by itself, and is settled."""


def harvest_page(
    job: Job,
    *,
    fetcher: Fetcher,
    files: KeptFiles,
    limits: Limits = DEFAULT_LIMITS,
    known: Mapping[str, str] | None = None,
) -> Harvested:
    """Have and read one page and all its pictures. No database in it: it can run anywhere.

    Args:
        job: The page.
        fetcher: Gets what is not in the job's own bundle.
        files: Takes the bytes.
        limits: What is taken.
        known: Per clean address the ID of a picture that need not be had again.
    """
    reading = read(job, fetcher=fetcher, files=files, limits=limits)
    gathered = list(reading.harvested.gathered)
    for wanted in reading.wanted:
        had = next(
            (known[clean] for clean in map(policy.clean, wanted.candidates) if clean in known)
            if known
            else iter(()),
            None,
        )
        if had is not None:
            gathered.append(unchanged(wanted, had))
        else:
            gathered.append(gather(wanted, fetcher=fetcher, files=files, limits=limits))
    return replace(reading.harvested, gathered=tuple(gathered))


def read(
    job: Job,
    *,
    fetcher: Fetcher,
    files: KeptFiles,
    limits: Limits = DEFAULT_LIMITS,
    unless: Validators = NOTHING_KNOWN,
    keep: bool = True,
) -> Reading:
    """Have a page, list or picture, and read it.

    Args:
        job: What to have.
        fetcher: Gets it where the job does not hold it.
        files: Takes the page's own bytes, or the picture's.
        limits: What is taken.
        unless: What an earlier answer gave; an unchanged page has outcome ``unchanged``.
        keep: Whether bytes are kept at all.
    """
    fetched_at = _now()
    try:
        if job.outcome is not None:
            return _settled(job, job.outcome, fetched_at)
        if job.page is not None:
            return _page_read(job, job.page, job.document, None, fetched_at, limits)
        document = job.document
        if document is None:
            got = _fetch_page(job, fetcher, files, limits, unless)
            if got.unchanged:
                outcome = page_outcome(job, "unchanged", "the server says that nothing changed")
                return _settled(job, outcome, fetched_at, validators=unless)
            if isinstance(got.data, Path) or sniff(got.data[:64]) is not None:
                return _picture_read(job, got, files, limits, fetched_at, keep)
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
                return replace(_settled(job, outcome, fetched_at), more=more)
        elif sniff(document.data[:64]) is not None:
            return _picture_read(job, _as_fetched(document), files, limits, fetched_at, keep)
        page = read_article(document)
        snapshot = _snapshot(document, files) if keep else None
        return _page_read(job, page, document, snapshot, fetched_at, limits)
    except ReasonedError as error:
        return _settled(job, page_outcome(job, error.outcome, str(error)), fetched_at)
    except OSError as error:
        outcome = page_outcome(job, *_disk_trouble(error))
        return _settled(job, outcome, fetched_at)


def gather(
    wanted: Wanted,
    *,
    fetcher: Fetcher,
    files: KeptFiles,
    limits: Limits = DEFAULT_LIMITS,
    forgotten: frozenset[str] = frozenset(),
) -> Gathered:
    """Have one picture, check it, and keep its bytes.

    Its addresses are tried in turn; what is told is what became of the best one, unless another
    gave the picture.

    Args:
        wanted: The picture.
        fetcher: Gets what the page's bundle does not hold.
        files: Takes the bytes.
        limits: What is taken.
        forgotten: IDs that a person has removed and does not want again.
    """
    first: Gathered | None = None
    for number, url in enumerate(wanted.candidates):
        try:
            image, validators = _have(wanted, url, fetcher, files, limits, forgotten)
        except ReasonedError as error:
            asked = policy.clean(url)
            outcome = image_outcome(wanted, error.outcome, str(error))
            first = first or Gathered(appearance=wanted.appearance, outcome=outcome, asked=asked)
            if error.verdict == "refused" or error.reason in _NO_USE:
                break
            continue
        except OSError as error:
            outcome = image_outcome(wanted, *_disk_trouble(error))
            return Gathered(appearance=wanted.appearance, outcome=outcome)
        if image is None:
            return unchanged(wanted, wanted.known or "", "the server says that nothing changed")
        words = "" if number == 0 else f"from another of its addresses, {policy.clean(url)}"
        if image.id == wanted.known:
            gathered = unchanged(wanted, image.id, "asked again: the same bytes")
            return replace(gathered, image=image, validators=validators, asked=policy.clean(url))
        return Gathered(
            appearance=wanted.appearance,
            outcome=image_outcome(wanted, "stored", words, image.id),
            image=image,
            asked=policy.clean(url),
            validators=validators,
        )
    if first is None:
        raise ValueError("a picture without any address is not gathered")
    return first


_NO_USE = frozenset({"forgotten", "retry-later", "disk-full"})
"""Reasons for which other addresses of the same picture are left alone."""


def _have(
    wanted: Wanted,
    url: str,
    fetcher: Fetcher,
    files: KeptFiles,
    limits: Limits,
    forgotten: frozenset[str],
) -> tuple[StoredImage | None, Validators]:
    """The picture behind one address; None for one that is unchanged."""
    held = wanted.bundle.find(url) if wanted.bundle is not None else None
    if held is not None:
        got = _as_fetched(held)
    else:
        if "://" not in url and not url.startswith("//"):
            raise FetchError(
                f"there is no file '{url}' beside the page, and the page does not say where it "
                "is from",
                reason="bad-name",
            )
        unless = wanted.unless if url == wanted.candidates[0] else NOTHING_KNOWN
        got = fetcher.get(
            url,
            limit=limits.max_bytes,
            unless=unless,
            referer=wanted.page_url,
            picture=True,
            spool=files.incoming,
        )
        if got.unchanged:
            return None, got.validators
    return _keep_picture(got, files, limits, forgotten), got.validators


def _keep_picture(
    got: Fetched,
    files: KeptFiles,
    limits: Limits,
    forgotten: frozenset[str] = frozenset(),
    *,
    keep: bool = True,
) -> StoredImage:
    try:
        if not got.size:
            raise UnreadableImage("the answer is empty", reason="empty")
        if got.size > limits.max_bytes:
            raise UnreadableImage(
                f"{got.size:,} bytes, more than {limits.max_bytes:,}", reason="too-large"
            )
        if got.sha256 in forgotten:
            raise UnreadableImage(
                "a person has removed this picture", reason="forgotten", verdict="skipped"
            )
        facts = inspect(got.data, limits.images)
        if min(facts.width, facts.height) < limits.min_pixels:
            raise UnreadableImage(
                f"{facts.width} by {facts.height} pixels: an ornament",
                reason="too-small",
                verdict="skipped",
            )
        file = files.put(got.data, got.sha256, SUFFIXES[facts.format]) if keep else ""
        return StoredImage(id=got.sha256, file=file, bytes=got.size, facts=facts)
    finally:
        if isinstance(got.data, Path):
            got.data.unlink(missing_ok=True)


# --- parts of reading ---------------------------------------------------------------------------

_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".avif", ".jp2")


def _fetch_page(
    job: Job, fetcher: Fetcher, files: KeptFiles, limits: Limits, unless: Validators
) -> Fetched:
    if job.url is None:
        raise UnreadableDocument(f"'{job.shown}' is neither an address nor a file")
    picture = urlsplit(job.url).path.lower().endswith(_PICTURE_ENDINGS)
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
    return tuple(_jobs_of(members, bundle, job.shown, job.address, job.depth + 1))


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
    shown = _clean_page(page)
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
    return Reading(job=job, harvested=harvested, wanted=tuple(wanted))


def mark(job: Job) -> Validators:
    """What tells by the next harvest whether a file, or a member of one, is still the same."""
    if job.document is not None:
        return Validators(etag=f"sha256:{hashlib.sha256(job.document.data).hexdigest()}")
    if job.page is not None:
        return Validators(etag=f"sha256:{hashlib.sha256(repr(job.page).encode()).hexdigest()}")
    return NOTHING_KNOWN


def _clean_page(page: Page) -> Page:
    """The page as it is kept: no address in it has credentials."""
    return replace(
        page,
        url=policy.clean(page.url) if page.url else None,
        images=tuple(map(_clean_appearance, page.images)),
        notes=tuple(map(policy.scrub, page.notes)),
    )


def _clean_appearance(appearance: Appearance) -> Appearance:
    return replace(
        appearance,
        url=_clean(appearance.url) if appearance.url else None,
        alternatives=tuple(_clean(url) for url in appearance.alternatives),
        statements=tuple(
            replace(said, value=policy.scrub(said.value)) if "://" in said.value else said
            for said in appearance.statements
        ),
        evidence=tuple(
            replace(reason, text=policy.scrub(reason.text)) if "://" in reason.text else reason
            for reason in appearance.evidence
        ),
    )


def _clean(url: str) -> str:
    return policy.clean(url) if "://" in url else url


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


def _picture_read(
    job: Job, got: Fetched, files: KeptFiles, limits: Limits, fetched_at: str, keep: bool
) -> Reading:
    """A source that is itself a picture: its caption and credit are those in and beside it."""
    from catalogue.images.metadata import read_sidecar, sidecar_address

    address = policy.clean(job.url) if job.url else None
    beside: tuple[Statement, ...] = ()
    if job.file is not None:
        beside = read_sidecar(job.file)
        origin = sidecar_address(job.file)
        address = policy.clean(origin) if origin else None
    image, validators = None, got.validators
    try:
        image = _keep_picture(got, files, limits, keep=keep)
        code, detail = "stored", ""
    except ReasonedError as error:
        code, detail = error.outcome, str(error)
    except OSError as error:
        code, detail = _disk_trouble(error)
    statements = (*beside, *(image.facts.embedded if image else ()))
    appearance = _clean_appearance(_described(address, beside, statements))
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


def _as_fetched(document: Document) -> Fetched:
    return Fetched(
        url=document.url or document.address,
        data=document.data,
        size=len(document.data),
        sha256=hashlib.sha256(document.data).hexdigest(),
        media_type=document.media_type,
        validators=document.validators,
    )


def _settled(
    job: Job, outcome: Outcome, fetched_at: str, validators: Validators = NOTHING_KNOWN
) -> Reading:
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


def page_outcome(job: Job, code: str, detail: str = "") -> Outcome:
    """What became of a page."""
    return Outcome(kind="page", url=job.address, page=job.address, outcome=code, detail=detail)


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


def lost(subject: Job | Wanted, detail: str) -> Reading | Gathered:
    """What there is of a unit of work whose worker was lost with it."""
    if isinstance(subject, Job):
        return _settled(subject, page_outcome(subject, "failed:worker-lost", detail), _now())
    outcome = image_outcome(subject, "failed:worker-lost", detail)
    return Gathered(appearance=subject.appearance, outcome=outcome)


def unchanged(wanted: Wanted, image: str, detail: str = "the catalogue has it") -> Gathered:
    """An appearance of a picture that the catalogue has, by its ID."""
    return Gathered(
        appearance=wanted.appearance, outcome=image_outcome(wanted, "unchanged", detail, image)
    )


def _disk_trouble(error: OSError) -> tuple[str, str]:
    """Outcome and words for a file that could not be written; other trouble ends the harvest."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "failed:disk-full", "there is no room left where the catalogue is"
    raise CatalogueUnusable(
        f"the catalogue cannot be written: {error.strerror or error}"
    ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# --- what the sources name ----------------------------------------------------------------------


def jobs(sources: Iterable[str | Path]) -> Iterator[Job]:
    """The pages, lists and pictures that sources name, one by one as they are wanted.

    Args:
        sources: Addresses, files, folders, and patterns of files.

    Raises:
        UsageError: A file or folder is not there.
    """
    for source in sources:
        text = str(source)
        if isinstance(source, str) and _is_address(text):
            yield _address_job(text)
            continue
        path = Path(text)
        paths = [path]
        if not path.exists() and glob.has_magic(text):
            paths = _matching(text)
            if not paths:
                raise UsageError(f"no file matches '{text}'")
        for one in paths:
            yield from _path_jobs(one)


def check_sources(sources: Iterable[str | Path]) -> None:
    """Notice a source that is not there before any work is done.

    Raises:
        UsageError: A file or folder is not there, or a pattern matches none.
    """
    for source in sources:
        text = str(source)
        if isinstance(source, str) and _is_address(text):
            continue
        if not Path(text).exists() and not (glob.has_magic(text) and _matching(text)):
            raise UsageError(f"there is no file or folder '{text}', and it is no address")


def _matching(pattern: str) -> list[Path]:
    return [Path(found) for found in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207


def _is_address(text: str) -> bool:
    scheme, colon, _ = text.partition("://")
    return bool(colon) and scheme.isalnum()


def _address_job(
    url: str, *, shown: str | None = None, link: Link | None = None, depth: int = 0
) -> Job:
    address = policy.clean(url)
    return Job(address=address, shown=shown or address, url=url, link=link, depth=depth)


def _path_jobs(path: Path, depth: int = 0) -> Iterator[Job]:
    from catalogue.sources.folder import Folder

    if path.is_dir():
        below = path.resolve().name
        for file in Folder(path).files():
            if isinstance(file, Outcome):
                yield from _jobs_of([file], Folder(path), str(path), below, depth)
            else:
                address = f"{below}/{file.relative_to(path).as_posix()}"
                yield from _file_jobs(file, address, depth)
    else:
        resolved = path.resolve()
        yield from _file_jobs(path, f"{resolved.parent.name}/{resolved.name}", depth)


def _file_jobs(file: Path, address: str, depth: int) -> Iterator[Job]:
    shown = str(file)
    try:
        bundle = open_path(file)
        yield from _jobs_of(bundle.members(), bundle, shown, address, depth, file)
    except ReasonedError as error:
        outcome = Outcome(
            kind="page", url=address, page=address, outcome=error.outcome, detail=str(error)
        )
        yield Job(address=address, shown=shown, outcome=outcome)


def _jobs_of(
    members: Iterable[Document | Page | Link | Outcome],
    bundle: Bundle,
    shown: str,
    address: str,
    depth: int,
    file: Path | None = None,
) -> Iterator[Job]:
    """Jobs for the members of a source; none of them keeps the place that the source lies in."""
    for number, member in enumerate(members):
        if isinstance(member, Link):
            if _is_address(member.url):
                yield _address_job(member.url, link=member, depth=depth + 1)
            elif depth < 2:
                with suppress(UsageError):
                    yield from _path_jobs(Path(member.url), depth + 1)
                    continue
        elif isinstance(member, Outcome):
            named = member.url or address
            yield Job(
                address=named.replace(shown, address, 1),
                shown=named,
                outcome=replace(
                    member,
                    url=named.replace(shown, address, 1),
                    page=(member.page or named).replace(shown, address, 1),
                ),
            )
        elif isinstance(member, Document):
            key = policy.clean(member.address.replace(shown, address, 1))
            document = replace(
                member, address=key, url=policy.clean(member.url) if member.url else None
            )
            own = file if member.address == shown else None
            yield Job(
                address=key,
                shown=member.address if "://" not in key else key,
                document=document,
                bundle=bundle,
                file=own,
                depth=depth,
            )
        else:
            key = policy.clean(member.url) if member.url else f"{address}#{number + 1}"
            yield Job(address=key, shown=key, page=member, bundle=bundle, depth=depth)
