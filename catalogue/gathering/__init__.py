"""The unit of work of a harvest: one page, or one picture of it, from its address to its bytes.

Values in, values out, and no database, so that it can run in a thread, another process or on
another machine: :func:`jobs` says what the sources name, :func:`read` has and reads a page or
surveys an archive of pages, and :func:`gather` has and checks one of a page's pictures.
"""

from catalogue.gathering.naming import check_sources, jobs
from catalogue.gathering.outcomes import (
    DISK_FULL,
    NO_ROOM,
    given_up,
    image_outcome,
    page_outcome,
    unchanged,
)
from catalogue.gathering.pages import get_ready, read
from catalogue.gathering.pictures import gather
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

__all__ = [
    "DEFAULT_LIMITS",
    "DISK_FULL",
    "NO_ROOM",
    "Job",
    "KeptFiles",
    "Limits",
    "Reading",
    "Sieve",
    "Wanted",
    "check_sources",
    "gather",
    "get_ready",
    "given_up",
    "image_outcome",
    "jobs",
    "mark",
    "page_outcome",
    "read",
    "unchanged",
]
