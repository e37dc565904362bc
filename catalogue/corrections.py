"""What a person may correct of a picture, and what the words for it mean."""

from __future__ import annotations

from catalogue.errors import UsageError
from catalogue.record import Kind
from catalogue.registry import Registry
from catalogue.store.groups import NOT_SAME, SAME
from catalogue.texts import nearest

RENDITION_FIELDS = (SAME, NOT_SAME)
"""Fields of what a person says of two files: whether they show one picture."""

CORRECTABLE = (
    "spacecraft", "instrument", "subject", "kind", "credit", "caption", "title", "alt",
    *RENDITION_FIELDS,
)  # fmt: skip
"""Fields that ``set`` takes."""

NOTHING = {"none", "unknown", "null"}


def field_named(name: str) -> str:
    """The field that a name means.

    Raises:
        UsageError: It means none that can be corrected.
    """
    field = name.lower().replace("-", "_")
    field = {"subjects": "subject", "camera": "instrument"}.get(field, field)
    if field not in CORRECTABLE:
        raise UsageError(f"{name!r} cannot be set; {nearest(field, CORRECTABLE)}")
    return field


def checked_value(field: str, value: str, registry: Registry) -> str | None:
    """The value of a correction as it is kept: names resolved to slugs.

    Args:
        field: One of :data:`CORRECTABLE`.
        value: As typed; ``none`` says that there is nothing.
        registry: Resolves names.

    Raises:
        UsageError: The field cannot hold the value; the nearest known names are told.
    """
    value = value.strip()
    if value.lower() in NOTHING:
        return None
    if field == "spacecraft":
        return registry.spacecraft_named(value).slug
    if field == "subject":
        named = {registry.spacecraft_named(part).slug for part in value.split(",") if part.strip()}
        return ",".join(sorted(named))
    if field == "instrument":
        found = registry.instruments_named(value)
        if len(found) > 1:
            slugs = " or ".join(one.slug for one in found)
            raise UsageError(f"instrument {value!r} may be {slugs}: say which")
        return found[0].slug
    if field == "kind":
        kinds = [kind.value for kind in Kind]
        kind = "-".join(value.lower().replace("_", " ").split())
        if kind not in kinds:
            raise UsageError(f"unknown kind {value!r}; {nearest(kind, kinds)}")
        return kind
    return value
