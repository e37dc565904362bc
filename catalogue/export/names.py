"""File names that are safe on every system, readable, and the same for a picture each time.

Names are made of few letters only: what a page says never decides where a file goes. The
picture's ID is part of every name, so that two pictures cannot have the same one, whatever else is
in the set.
"""

from __future__ import annotations

import re
import string
import unicodedata

from catalogue.errors import UsageError
from catalogue.model import Record

DEFAULT = "{date}_{spacecraft}_{instrument}_{title}_{id}"
"""Template where none is given."""

FIELDS = (
    "credit", "date", "id", "instrument", "kind", "place", "product", "site", "sol", "spacecraft",
    "title", "year",
)  # fmt: skip
"""What may stand in a template, in braces."""

_FIELD_LENGTH = 60
_NAME_LENGTH = 150
_SHORT_ID = 12

_RESERVED = frozenset(
    (
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)),
    )
)
"""Names that Windows keeps for devices, with any extension."""


def check(template: str) -> None:
    """Whether a template can be used.

    Raises:
        UsageError: It is a path, names a field that is not known, or is no template.
    """
    if "/" in template or "\\" in template:
        raise UsageError(f"--name: {template!r} is a path; a template makes names without folders")
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise UsageError(f"--name: {template!r} is no template: {error}") from error
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in FIELDS:
            raise UsageError(
                f"--name: {{{name}}} is not known; known: "
                + ", ".join(f"{{{field}}}" for field in FIELDS)
            )
        if spec or conversion:
            raise UsageError(f"--name: {{{name}}} takes nothing behind its name")


def name(record: Record, template: str = DEFAULT, *, whole_id: bool = False) -> str:
    """The file name of a picture, without extension.

    >>> name(Record(id="0af3" * 16, spacecraft="mro", title="../../etc: A dune!"))
    'undated_mro_etc-A-dune_0af30af30af3'

    Args:
        record: The picture.
        template: As :func:`check` accepts it; where it lacks ``{id}``, the ID goes to the end.
        whole_id: All 64 digits rather than 12.
    """
    identity = record.id if whole_id else record.id[:_SHORT_ID]
    used = [part[1] for part in string.Formatter().parse(template) if part[1]]
    if "id" not in used:
        template += "_{id}"
    parts = []
    for text, field, _, _ in string.Formatter().parse(template):
        parts.append(_safe(text, keep="_-. "))
        if field:
            parts.append(identity if field == "id" else _value(record, field))
    made = re.sub(r"[_ ]*_[_ ]*", "_", "".join(parts))  # fields that are empty leave no gap
    made = re.sub(r"[-]{2,}", "-", re.sub(r"[. ]+", lambda found: found.group()[0], made))
    made = made.strip(" ._-").replace(" ", "-")
    if len(made) > _NAME_LENGTH:
        made = (
            f"{made.replace(identity, '')[: _NAME_LENGTH - len(identity)].strip('_-.')}_{identity}"
        )
    if made.partition(".")[0].lower() in _RESERVED:
        made = f"x-{made}"
    return made


def _value(record: Record, field: str) -> str:
    date = record.taken or record.published or ""
    match field:
        case "credit":
            return _safe(record.credit_normal or record.credit or "uncredited")
        case "date":
            return _safe(date[:10]) or "undated"
        case "instrument":
            return _safe(record.instrument or "")
        case "kind":
            return _safe(record.kind or "")
        case "place":
            return _safe(record.place or "")
        case "product":
            return _safe(record.product_id or "", keep="_-")
        case "site":
            return _safe(next(iter(record.sites), ""), keep=".")
        case "sol":
            return "" if record.sol is None else f"sol{record.sol:05d}"
        case "spacecraft":
            return _safe(record.spacecraft or "unknown")
        case "title":
            return _safe(record.title or record.caption or record.product_id or "")
        case "year":
            return _safe(date[:4]) or "undated"
    raise KeyError(field)


def _safe(text: str, keep: str = "") -> str:
    """ASCII letters and digits; all else becomes dashes, at word boundaries where it is cut."""
    folded = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode()
    if keep.endswith(" "):  # the template's own text
        return re.sub(rf"[^A-Za-z0-9{re.escape(keep)}]+", "-", folded)
    folded = re.sub(r"(?<=\w)['’](?=\w)", "", folded)
    safe = re.sub(rf"[^A-Za-z0-9{re.escape(keep)}]+", "-", folded).strip("-._")
    if len(safe) <= _FIELD_LENGTH:
        return safe
    cut, dash, _ = safe[: _FIELD_LENGTH + 1].rpartition("-")
    return (cut if dash and len(cut) > _FIELD_LENGTH // 2 else safe[:_FIELD_LENGTH]).strip("-._")


def folder_of(licence: str) -> str:
    """Name of the folder of a licence or terms of use: ``cc-by-sa-3.0-igo``."""
    return _safe(licence, keep=".").lower() or "other"
