"""How a file is written for a user, into a folder that others may look at meanwhile."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_aside(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; a link that stands in its place is replaced, not followed.

    Args:
        path: Where it shall be; its folder must be there.
        data: All of it.
    """
    aside = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        aside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
