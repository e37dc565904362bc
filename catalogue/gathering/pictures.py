"""One picture: had from its page's bundle or from the web, checked, and its very bytes kept."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from catalogue.errors import FetchError, ReasonedError, UnreadableImage
from catalogue.fetch import policy
from catalogue.fetch.interface import NOTHING_KNOWN, Fetched, Fetcher
from catalogue.gathering.outcomes import disk_trouble, image_outcome, unchanged
from catalogue.gathering.work import DEFAULT_LIMITS, KeptFiles, Limits, Wanted
from catalogue.images.formats import SUFFIXES
from catalogue.images.inspect import inspect
from catalogue.model import Document, Gathered, StoredImage, Validators


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
            outcome = image_outcome(wanted, *disk_trouble(error))
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
        got = as_fetched(held)
    else:
        if "://" not in url and not url.startswith("//"):
            raise FetchError(
                f"there is no file '{url}' in the folder saved with the page (NAME_files), and the"
                " page does not say where it is from",
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
    return keep_picture(got, files, limits, forgotten), got.validators


def keep_picture(
    got: Fetched,
    files: KeptFiles,
    limits: Limits,
    forgotten: frozenset[str] = frozenset(),
    *,
    keep: bool = True,
) -> StoredImage:
    """Check what came as a picture, and keep its bytes; a file that held them on the way is gone.

    Raises:
        UnreadableImage: It is none that is kept.
    """
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


def as_fetched(document: Document) -> Fetched:
    """What a bundle holds, as if it had come from the web."""
    return Fetched(
        url=document.url or document.address,
        data=document.data,
        size=len(document.data),
        sha256=hashlib.sha256(document.data).hexdigest(),
        media_type=document.media_type,
        validators=document.validators,
    )
