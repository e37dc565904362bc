"""A saved article, and the folder of its pictures that stands beside its file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from catalogue.model import Document
from catalogue.sources.interface import Bundle, Member, first_of

MAX_RESOURCE = 1_000_000_000
"""Bytes of one file beside the page."""

COMPANIONS = ("_files", ".files", "-files", "_Dateien", "-Dateien", "_fichiers", "_archivos",
              "_bestanden", "_arquivos", "_file", "_pliki", "-filer")  # fmt: skip
"""What browsers of several languages add to a page's name to name the folder of its parts."""


def companion(path: Path) -> Path | None:
    """The folder that a browser saved beside a page; None where there is none."""
    for ending in COMPANIONS:
        folder = path.with_name(path.stem + ending)
        if folder.is_dir() and not folder.is_symlink():
            return folder
    return None


@dataclass(frozen=True, slots=True)
class WithCompanion:
    """A saved page, text or feed whose pictures are in the folder beside it.

    Reads that folder, and nothing above or outside it.
    """

    saved: Bundle
    folder: Path

    def members(self) -> Iterator[Member]:
        """What the file holds."""
        return self.saved.members()

    def find(self, url: str) -> Document | None:
        """A picture that the file itself holds, else the one of the folder that an address means.

        A page names its parts relative to itself (``story_files/rover.jpg``); made absolute
        against the address that the page gives as its own, the folder's name is still in it.
        """
        held = self.saved.find(url)
        if held is not None:
            return held
        file = _within(self.folder, url)
        if file is None:
            return None
        try:
            if file.stat().st_size > MAX_RESOURCE:
                return None
            data = file.read_bytes()
        except OSError:
            return None
        return Document(address=str(file), data=data, url=url if "://" in url else None)

    def holds(self, url: str) -> bool:
        """Whether the file holds it, or the folder beside it has it."""
        return self.saved.holds(url) or _within(self.folder, url) is not None

    def part(self, urls: Sequence[str]) -> Bundle | None:
        """The first of some pictures, its bytes read."""
        return first_of(self, urls)


def _within(folder: Path, url: str) -> Path | None:
    """The file inside the folder that an address means; None for anything else."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return None
    marker = f"{folder.name}/"
    at = path.find(marker)
    if at < 0 or (at > 0 and path[at - 1] != "/") or "\0" in path or "\\" in path:
        return None
    parts = path[at + len(marker) :].split("/")
    if any(part in ("", ".", "..") for part in parts):
        return None
    root = os.path.realpath(folder)
    real = os.path.realpath(folder.joinpath(*parts))
    # a link inside the folder may lead out of it: what counts is where it ends
    if os.path.commonpath([root, real]) != root:
        return None
    file = Path(real)
    return file if file.is_file() else None
