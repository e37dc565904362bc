"""What a picture file is to say of itself, in the fields of the IPTC Photo Metadata Standard.

Which field is written where (XMP property, IIM data set) is told in the manual,
``docs/reference/metadata-fields.md``; :mod:`catalogue.images.xmp` and :mod:`catalogue.images.iptc`
hold the two tables, :mod:`catalogue.images.embed` puts the result into a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Values to be written; None or empty leaves what the file already says."""

    credit: str | None = None
    """Credit Line, as published."""
    source: str | None = None
    """Source: spacecraft and instrument that took the picture."""
    creators: tuple[str, ...] = ()
    """Creator: people and organisations, in the order of the credit."""
    description: str | None = None
    """Description: the caption."""
    headline: str | None = None
    title: str | None = None
    """Title (IIM: Object Name): a short reference, as a product identifier is."""
    copyright_notice: str | None = None
    usage_terms: str | None = None
    """Rights Usage Terms, in words."""
    web_statement: str | None = None
    """Web Statement of Rights: address of the licence or terms."""
    licensor_name: str | None = None
    licensor_url: str | None = None
    """Where to ask, or to read how to."""
    instructions: str | None = None
    """What whoever uses the picture has to know first."""
    created: str | None = None
    """Date Created: ISO 8601, as precise as it is known."""
    keywords: tuple[str, ...] = ()
    """Added to those that the file has."""
    alt: str | None = None
    """Alt Text (Accessibility)."""
    page: str | None = None
    """Address of the page that the picture came from (``dc:source``)."""

    def cleaned(self) -> Metadata:
        """The same without letters that no field can hold, blank values, and doubles in lists."""
        values: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, tuple):
                texts = (allowed(text).strip() for text in value)
                values[one.name] = tuple(dict.fromkeys(filter(None, texts)))
            else:
                values[one.name] = allowed(value or "").strip() or None
        return Metadata(**values)  # type: ignore[arg-type]


_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write: most control characters, halves of letters."""


def allowed(text: str) -> str:
    """Text without the letters that no field can hold."""
    return _FORBIDDEN.sub("", text)
