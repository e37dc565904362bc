"""What sources name: addresses, files, folders and lists become jobs."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from catalogue.errors import ReasonedError, UsageError
from catalogue.fetch import objects, policy
from catalogue.gathering.outcomes import page_outcome, placeless
from catalogue.gathering.work import Job
from catalogue.model import Document, Outcome, Page
from catalogue.sources import Bundle, Link, open_path
from catalogue.sources.folder import Folder
from catalogue.sources.saved import companion
from catalogue.sources.warc import Warc


def jobs(sources: Iterable[str | Path]) -> Iterator[Job]:
    """The pages, lists and pictures that sources name, one by one as they are wanted.

    One that names nothing is told as a failure, and the others are done: a list may be long.

    Args:
        sources: Addresses, files, folders, archives in object storage, and patterns.
    """
    for source in sources:
        text = str(source)
        try:
            if objects.is_stored(text):
                yield from _stored_jobs(text)
            elif isinstance(source, str) and _is_address(text):
                yield _address_job(text)
            else:
                for path in _named(text):
                    yield from _path_jobs(path)
        except UsageError as error:
            address = text if objects.is_stored(text) else _kept(Path(text))
            yield _failed(address, text, "failed:bad-name", error)


def check_sources(sources: Iterable[str | Path]) -> list[str | Path]:
    """Notice a source that is not there before any work is done.

    Returns:
        The sources, without the folders of pages that are named as well: a shell gives both for
        ``*``, and what of a page's parts is a picture of its article the page tells.

    Raises:
        UsageError: A file, folder or object is not there, or a pattern matches none.
    """
    named = list(sources)
    found: list[Path] = []
    for source in named:
        text = str(source)
        if objects.is_stored(text):
            with suppress(ReasonedError):  # what may pass is told of by the harvest
                objects.matching(text)
        elif not (isinstance(source, str) and _is_address(text)):
            found += _named(text)
    left = set(_without_parts(found))
    parts = {path for path in found if path not in left}
    return [source for source in named if Path(source) not in parts]


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
                    detail=placeless(member.detail, shown, address),
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


def _named(text: str) -> list[Path]:
    """The files and folders that a source names: one, or all that match a pattern.

    Raises:
        UsageError: There is none.
    """
    if not text.strip():  # which would be the folder where we are
        raise UsageError("a source is empty: name an address, a file or a folder")
    path = Path(text)
    try:
        there = path.exists()
    except OSError:  # a name that no system takes
        there = False
    if there:
        return [path]
    if glob.has_magic(text):
        found = glob.glob(text, recursive=True)  # noqa: PTH207 - a pattern may be absolute
        if found:
            return _without_parts([Path(one) for one in sorted(found)])
    raise UsageError(
        f"there is no file or folder '{text}', and it is no address: those begin with"
        " https:// or http://"
    )


def _without_parts(paths: list[Path]) -> list[Path]:
    """Files and folders, but for those in which browsers put the parts of one of the files."""
    parts = {companion(path) for path in paths if path.is_file()}
    return [path for path in paths if path not in parts]


def _kept(path: Path) -> str:
    """A file's address in a catalogue, which keeps no place outside it."""
    resolved = path.resolve()
    return _legible(f"{resolved.parent.name}/{resolved.name}")


def _legible(name: str) -> str:
    r"""A name as text that can be kept: bytes that are no UTF-8, as old systems write, are spelled.

    >>> _legible("caf\udce9.html")
    'caf\\udce9.html'
    """
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_address(text: str) -> bool:
    scheme, colon, _ = text.partition("://")
    return bool(colon) and scheme.isalnum()


def _address_job(
    url: str, *, shown: str | None = None, link: Link | None = None, depth: int = 0
) -> Job:
    url = _legible(url)
    address = policy.clean(url)
    return Job(address=address, shown=shown or address, url=url, link=link, depth=depth)


def _stored_jobs(pattern: str) -> Iterator[Job]:
    """Each object that a user named is an archive; what a page names never leads here."""
    try:
        found = objects.matching(pattern)
    except ReasonedError as error:
        yield _failed(pattern, pattern, error.outcome, error)
        return
    for one in found:
        yield Job(address=one.address, shown=one.address, archive=Warc(one))


def _path_jobs(path: Path, depth: int = 0) -> Iterator[Job]:
    if path.is_dir():
        below = _legible(path.resolve().name)
        for file in Folder(path).files():
            if isinstance(file, Outcome):
                yield from jobs_of([file], Folder(path), str(path), below, depth)
            else:
                address = _legible(f"{below}/{file.relative_to(path).as_posix()}")
                yield from _file_jobs(file, address, depth)
    else:
        yield from _file_jobs(path, _kept(path), depth)


def _file_jobs(file: Path, address: str, depth: int) -> Iterator[Job]:
    shown = str(file)
    try:
        bundle = open_path(file)
        if isinstance(bundle, Warc):
            yield Job(address=address, shown=shown, archive=bundle, depth=depth)
            return
        yield from jobs_of(bundle.members(), bundle, shown, address, depth, file)
    except ReasonedError as error:
        yield _failed(address, shown, error.outcome, error)


def _failed(address: str, shown: str, code: str, error: Exception) -> Job:
    job = Job(address=address, shown=shown)
    return replace(job, outcome=page_outcome(job, code, str(error)))
