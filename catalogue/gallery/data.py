"""What the page's script reads: every picture in few bytes, and the details on demand.

The data are classic scripts that call one function, since a page that was opened from a folder may
not fetch. Names that recur (spacecraft, credits) stand once, in tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from catalogue.gallery.view import View

DETAILS = 250
"""Pictures whose details stand in one file."""

FIELDS = (
    "key", "thumbnails", "width", "height", "colour", "spacecraft", "instrument", "subjects",
    "credit", "credit_name", "kind", "date", "title", "caption", "alt", "sol", "place", "product",
    "missing", "original",
)  # fmt: skip
"""Columns of a picture's row, in order; the script has the same list."""


def script_text(value: object) -> str:
    r"""JSON that is safe inside a script and inside a ``script`` element.

    >>> script_text("</script>\u2028")
    '"\\u003c/script\\u003e\\u2028"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class _Table:
    """Values that recur, each once."""

    def __init__(self) -> None:
        self.rows: list[object] = []
        self._places: dict[object, int] = {}

    def place(self, key: object, row: object) -> int:
        if key not in self._places:
            self._places[key] = len(self.rows)
            self.rows.append(row)
        return self._places[key]


def pictures_script(views: Sequence[View]) -> str:
    """All pictures, as grid, search and filters need them."""
    crafts, cameras, kinds, credits, names = _Table(), _Table(), _Table(), _Table(), _Table()
    rows = [
        [
            view.key,
            [[sized.path, sized.width, sized.height] for sized in view.thumbnails],
            view.width,
            view.height,
            view.colour,
            crafts.place(view.spacecraft, [view.spacecraft, view.spacecraft_name]),
            cameras.place(view.instrument, [view.instrument, view.instrument_name]),
            [crafts.place(slug, [slug, name]) for slug, name in view.subjects],
            credits.place(view.credit, [view.credit, view.labelled]),
            names.place(view.credit_name, view.credit_name),
            kinds.place(view.kind, [view.kind, view.kind_name]),
            view.date,
            view.title,
            view.caption,
            "" if view.alt in (view.caption, view.title) else view.alt,
            view.sol,
            view.place,
            view.product,
            view.missing,
            view.original,
        ]
        for view in views
    ]
    tables = {
        "spacecraft": crafts.rows,
        "instrument": cameras.rows,
        "kind": kinds.rows,
        "credit": credits.rows,
        "credit_name": names.rows,
    }
    return f"galleryPictures({script_text({'tables': tables, 'rows': rows})});\n"


def details_scripts(views: Sequence[View]) -> list[str]:
    """What only the viewer shows, by the hundred: pages, rights, evidence."""
    scripts = []
    places = {view.id: place for place, view in enumerate(views)}
    for number, start in enumerate(range(0, len(views), DETAILS)):
        rows = [
            {
                "shown": view.shown,
                "source": view.source,
                "pages": view.pages,
                "licence": view.licence,
                "rights": view.rights,
                "rights_url": view.rights_url,
                "taken": view.taken,
                "published": view.published,
                "confidence": view.confidence,
                "evidence": view.evidence,
                "near": [places[other] for other in view.near if other in places],
                "people": view.people,
                "corrected": view.corrected,
                "format": view.format,
            }
            for view in views[start : start + DETAILS]
        ]
        scripts.append(f"galleryDetails({number},{script_text(rows)});\n")
    return scripts
