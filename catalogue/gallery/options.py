"""How a gallery is to be, and what building one did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.errors import UsageError
from catalogue.gallery.view import clean, web_address
from catalogue.model import Outcome

ORIGINALS = ("copy", "link", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryOptions:
    """How a gallery is to be."""

    title: str = "Pictures of Mars"
    thumb_size: int = 320
    """Pixels of the longer side; a second size of twice as many is made for dense screens."""
    originals: str = "copy"
    """``copy`` puts the picture files in the gallery, ``link`` links to where they came from,
    ``none`` offers thumbnails only."""
    per_page: int = 60
    """Pictures on a page for browsers without script, and at once for those with."""
    template: Path | None = None
    """Folder of templates and styles that replace ours, file by file."""
    base_url: str | None = None
    """Address at which the gallery will stand, for feed and site map."""
    jobs: int | None = None
    """Thumbnails made at one time; None for as many as there are processors."""

    def checked(self) -> GalleryOptions:
        """The same, or an error that names what is wrong.

        Raises:
            UsageError: A value that cannot be.
        """
        if self.originals not in ORIGINALS:
            raise UsageError(f"--originals: {self.originals!r}; known: {', '.join(ORIGINALS)}")
        if not 32 <= self.thumb_size <= 2048:
            raise UsageError("--thumb-size: 32 to 2048 pixels")
        if not 1 <= self.per_page <= 10_000:
            raise UsageError("--per-page: 1 to 10000 pictures")
        if self.template is not None and not self.template.is_dir():
            raise UsageError(f"--template: there is no folder {str(self.template)!r}")
        base = self.base_url
        if base is not None:
            if not web_address(base):
                raise UsageError("--base-url: an address that begins with https:// or http://")
            base = base.rstrip("/") + "/"
        return replace(self, base_url=base, title=clean(self.title) or "Pictures of Mars")


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryReport:
    """What a build did."""

    index: Path
    """The start page."""
    pictures: int
    text_only: int
    """Pictures without a file, shown as cards of text."""
    uncredited: int
    thumbnails_made: int
    written: int
    """Files written, thumbnails included; 0 where nothing changed."""
    removed: int
    failures: tuple[Outcome, ...] = ()
    """Pictures of which no thumbnail could be made, and why."""


Progress = Callable[[int, int], None]
"""Called with how many thumbnails are made and how many there are to make."""
