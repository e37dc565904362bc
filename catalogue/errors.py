"""Everything that the package raises on purpose.

::

    CatalogueError                  base of all; ``exit_status`` is what the command line ends with
    ├── UsageError              2   the call was wrong: unknown field, name, option
    ├── CatalogueUnusable       3   the catalogue is absent, locked, damaged, foreign or too new
    ├── RegistryError           2   a registry file does not say what it must (file, entry, remedy)
    ├── UnreadableDocument      1   bytes that are no page, feed, archive ... that can be read
    ├── UnreadableImage         1   bytes that are no picture, or a damaged or forbidden one
    ├── FetchError              1   bytes that could not be had, or that a safety rule forbade
    └── ExportError             1   a set could not be written; what was there is as it was

A message says what went wrong, where (address, file, entry) and what to do. At the border of one
page or picture a harvest turns an error into an :class:`~catalogue.model.Outcome` with the error's
``reason``, and goes on.
"""


class CatalogueError(Exception):
    """Base of all errors of this package.

    Args:
        message: One line for the reader: what, where, what to do.
    """

    exit_status = 1


class UsageError(CatalogueError):
    """The call was wrong: an unknown field, name or option value, a source that is not there."""

    exit_status = 2


class CatalogueUnusable(CatalogueError):
    """The catalogue folder is absent, locked, read-only, damaged, foreign, or of a newer format."""

    exit_status = 3


class RegistryError(CatalogueError):
    """A registry file is wrong; the message names file, entry and remedy."""

    exit_status = 2


class ReasonedError(CatalogueError):
    """An error at one page or picture, with the fixed word that its outcome shows.

    Args:
        message: What happened, in words (becomes the outcome's ``detail``).
        reason: The fixed word, ``timeout`` in ``failed:timeout``.
        verdict: ``failed``, ``refused`` or ``skipped``.
    """

    default_reason = "protocol-error"

    def __init__(self, message: str, *, reason: str = "", verdict: str = "failed") -> None:
        super().__init__(message)
        self.reason = reason or self.default_reason
        self.verdict = verdict

    @property
    def outcome(self) -> str:
        """The outcome code, ``failed:timeout``."""
        return f"{self.verdict}:{self.reason}"


class UnreadableDocument(ReasonedError):
    """The bytes are not a page, feed or archive that can be read, not even in part."""

    default_reason = "unreadable-page"


class UnreadableImage(ReasonedError):
    """The bytes are not a picture of an accepted format, or are damaged, or too large to decode."""

    default_reason = "corrupt-image"


class FetchError(ReasonedError):
    """The bytes could not be had, or a safety rule forbade asking for them."""

    default_reason = "connect"


class ExportError(CatalogueError):
    """A set could not be written; what was there before is as it was."""
