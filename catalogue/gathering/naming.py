"""What sources name: addresses, files, folders and lists become jobs."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from catalogue.errors import ReasonedError, UsageError
from catalogue.fetch import objects, policy
from catalogue.gathering.work import Job
from catalogue.model import Document, Outcome, Page
from catalogue.sources import Bundle, Link, open_path
from catalogue.sources.warc import Warc


def jobs(sources: Iterable[str | Path]) -> Iterator[Job]:
    """The pages, lists and pictures that sources name, one by one as they are wanted.

    Args:
        sources: Addresses, files, folders, archives in object storage, and patterns.

    Raises:
        UsageError: A file, folder or object is not there.
    """
    for source in sources:
        text = str(source)
        if objects.is_stored(text):
            yield from _stored_jobs(text)
            continue
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
        UsageError: A file, folder or object is not there, or a pattern matches none.
    """
    for source in sources:
        text = str(source)
        if objects.is_stored(text):
            with suppress(ReasonedError):  # what may pass is told of by the harvest
                objects.matching(text)
            continue
        if isinstance(source, str) and _is_address(text):
            continue
        if not Path(text).exists() and not (glob.has_magic(text) and _matching(text)):
            raise UsageError(
                f"there is no file or folder '{text}', and it is no address: those begin with"
                " https:// or http://"
            )


def jobs_of(
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


def _stored_jobs(pattern: str) -> Iterator[Job]:
    """Each object that a user named is an archive; what a page names never leads here."""
    try:
        found = objects.matching(pattern)
    except ReasonedError as error:
        outcome = Outcome(
            kind="page", url=pattern, page=pattern, outcome=error.outcome, detail=str(error)
        )
        yield Job(address=pattern, shown=pattern, outcome=outcome)
        return
    for one in found:
        yield Job(address=one.address, shown=one.address, archive=Warc(one))


def _path_jobs(path: Path, depth: int = 0) -> Iterator[Job]:
    from catalogue.sources.folder import Folder

    if path.is_dir():
        below = path.resolve().name
        for file in Folder(path).files():
            if isinstance(file, Outcome):
                yield from jobs_of([file], Folder(path), str(path), below, depth)
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
        if isinstance(bundle, Warc):
            yield Job(address=address, shown=shown, archive=bundle, depth=depth)
            return
        yield from jobs_of(bundle.members(), bundle, shown, address, depth, file)
    except ReasonedError as error:
        outcome = Outcome(
            kind="page", url=address, page=address, outcome=error.outcome, detail=str(error)
        )
        yield Job(address=address, shown=shown, outcome=outcome)
