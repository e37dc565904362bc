"""BagIt (RFC 8493): the set as payload, with lists of checksums that archives verify.

No date of packing is written, so that the same set is the same bag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.export.interface import Made

PAYLOAD = "data/"
"""Where the set lies in a bag."""


def declaration() -> Iterator[str]:
    """``bagit.txt``."""
    yield "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def information(octets: int, streams: int) -> Iterator[str]:
    """``bag-info.txt``.

    Args:
        octets: Bytes of the payload.
        streams: Files of the payload.
    """
    yield "Bag-Software-Agent: mars-image-catalogue\n"
    yield "External-Description: Pictures of Mars, each with its caption, credit and rights\n"
    yield f"Payload-Oxum: {octets}.{streams}\n"


def checksums(files: Iterable[Made]) -> Iterator[str]:
    """``manifest-sha256.txt`` and ``tagmanifest-sha256.txt``, and what ``sha256sum --check`` reads.

    Args:
        files: Their paths have no character that a list would have to escape.
    """
    for made in files:
        yield f"{made.sha256}  {made.path}\n"
