"""The gallery's folder: what in it is ours, what is put there, what is to go.

Whatever a page refers to has a name that changes with its content and is there before the page is,
and the start page is written last. So a build that is cut off leaves the gallery that was there
before: its pages still find what they name, since old files are taken away only when the new pages
stand. ``gallery.json`` tells what the folder holds that is ours; nothing else is ever replaced or
removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from catalogue.errors import UsageError
from catalogue.writing import write_aside

MANIFEST = "gallery.json"
_OURS = re.compile(
    r"(index\.html|page-\d+\.html|feed\.xml|sitemap\.xml"
    r"|static/[a-z]+-[0-9a-f]{12}\.(js|css|svg)|data/[a-z]+(-\d+)?-[0-9a-f]{12}\.js"
    r"|thumbs/[0-9a-f]{2}/[0-9a-f]{20}-\d+\.jpg"
    r"|pictures/[0-9a-f]{20}\.(jpg|png|gif|webp|tif|avif|jp2))"
)
"""Every path that a gallery may hold: a manifest that names others is not believed."""
_ASIDE = re.compile(r"\.[0-9a-f]{12}\.part|\.[0-9a-f]{20}\.[a-z0-9]{3,4}\.part")
"""What a file is called while it is being written."""
FOLDERS = ("static", "data", "thumbs", "pictures")


class Folder:
    """The gallery's folder: what in it is ours, what was written, what is to go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self.removed = 0
        if path.exists() and not path.is_dir():
            raise UsageError(f"--to: {str(path)!r} is a file, not a folder")
        for name in FOLDERS:
            if (path / name).is_symlink():
                raise UsageError(f"--to: {name} in it is a link to elsewhere; take it away first")
        self.digest, self.tags, self.failed = self._manifest()

    def _manifest(self) -> tuple[str, dict[str, str], dict[str, str]]:
        try:
            told = json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
            if told["made_by"] != "mars-image-catalogue":
                raise ValueError
            tags = {str(k): str(v) for k, v in told["files"].items() if _OURS.fullmatch(k)}
            failed = {str(k): str(v) for k, v in told["failed"].items()}
            return str(told["digest"]), tags, failed
        except FileNotFoundError:
            return "", {}, {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(
                f"--to: {MANIFEST} in it was not written by this program; choose another folder"
            ) from None

    def is_as(self, digest: str) -> bool:
        """Whether the folder was made from exactly this, and every file of it is there."""
        if digest != self.digest or not self.tags:
            return False
        by_folder: dict[str, set[str]] = {}
        for name in self.tags:
            parent, _, leaf = name.rpartition("/")
            by_folder.setdefault(parent, set()).add(leaf)
        for parent, leaves in by_folder.items():
            try:
                if not leaves <= set(os.listdir(self.path / parent)):  # noqa: PTH208
                    return False
            except OSError:
                return False
        return True

    def refuse_foreign(self, name: str) -> None:
        """Stop before something is replaced that no gallery made.

        Raises:
            UsageError: It is there, and the manifest does not have it.
        """
        target = self.path / name
        if name in self.tags or not (target.is_symlink() or target.exists()):
            return
        if name.startswith(FOLDERS) and target.is_file() and not target.is_symlink():
            return  # named by its content: what a build that was cut off has left
        raise UsageError(
            f"--to: {name} in {str(self.path)!r} was not made by this program; "
            "choose another folder, or take it away"
        )

    def claim(self, names: Iterable[str]) -> None:
        """Note files that are about to be written, so that a build cut off leaves no orphans."""
        self.tags = {**dict.fromkeys(names, ""), **self.tags}
        self._write_manifest("", self.tags, self.failed)

    def has(self, name: str, tag: str) -> bool:
        """Whether the file is there as it shall be."""
        return bool(tag) and self.tags.get(name) == tag and os.path.isfile(f"{self.path}/{name}")  # noqa: PTH113 - thousands of them

    def put(self, name: str, data: bytes | Path) -> None:
        """Write one file whole.

        Args:
            name: Relative path.
            data: Its bytes, or a file to be copied.

        Raises:
            UsageError: Something that no gallery made has the name.
        """
        target = self.path / name
        self.refuse_foreign(name)
        if target.parent != self.path and target.parent.is_symlink():
            raise UsageError(f"--to: {target.parent} is a link to elsewhere; take it away first")
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, Path):
            aside = target.with_name(f".{target.name}.part")
            with contextlib.suppress(FileNotFoundError):
                aside.unlink()
            shutil.copyfile(data, aside)
            aside.replace(target)
        else:
            write_aside(target, data)
        self.written += 1

    def finish(
        self,
        pages: Mapping[str, bytes],
        kept: Mapping[str, str],
        digest: str,
        failed: Mapping[str, str],
    ) -> None:
        """Put the pages in place, the start page last, and take away what is no more of use."""
        tags = dict(kept)
        for name, data in pages.items():
            tags[name] = hashlib.sha256(data).hexdigest()[:16]
        changed = [name for name in pages if not self.has(name, tags[name])]
        before = dict(self.tags)
        if changed or tags != before:
            # Until the pages stand, the manifest owns old and new: a cut-off build loses nothing.
            for name in changed:
                self.refuse_foreign(name)
            self._write_manifest("", {**before, **tags, **dict.fromkeys(changed, "")}, failed)
        for name in sorted(
            changed, key=lambda name: (not name.startswith(FOLDERS), name[0] == "i")
        ):
            self.put(name, pages[name])
        self._take_away(before.keys() - tags.keys())
        if not self.digest:
            self._sweep()
        self._write_manifest(digest, tags, failed)
        self.tags = tags

    def _take_away(self, names: Iterable[str]) -> None:
        for name in names:
            target = self.path / name
            if target.parent != self.path and target.parent.is_symlink():
                continue  # what lies there is not ours, whatever it is called
            with contextlib.suppress(OSError):
                target.unlink()
                self.removed += 1
            if target.parent != self.path:
                with contextlib.suppress(OSError):
                    target.parent.rmdir()  # only where it is empty

    def _sweep(self) -> None:
        """Take away half-written files of a build that was killed."""
        for place in (self.path, *(self.path / name for name in FOLDERS)):
            inside = "*" if place == self.path else "**/*"
            for path in place.glob(f"{inside}.part"):
                if _ASIDE.fullmatch(path.name):
                    with contextlib.suppress(OSError):
                        path.unlink()

    def _write_manifest(
        self, digest: str, tags: Mapping[str, str], failed: Mapping[str, str]
    ) -> None:
        told = {
            "made_by": "mars-image-catalogue",
            "about": "What in this folder belongs to the gallery. Everything else is left alone.",
            "digest": digest,
            "failed": dict(sorted(failed.items())),
            "files": dict(sorted(tags.items())),
        }
        lines = json.dumps(told, ensure_ascii=False, separators=(",\n", ": ")) + "\n"
        data = lines.encode("utf-8", "replace")
        self.path.mkdir(parents=True, exist_ok=True)
        write_aside(self.path / MANIFEST, data)
