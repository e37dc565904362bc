"""All facts together, and what a person's word for a spacecraft, camera or organisation means."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalogue.errors import UsageError
from catalogue.registry.entries import (
    Distributor,
    Instrument,
    Organisation,
    RightsStatement,
    Spacecraft,
    UsualCredit,
)
from catalogue.texts import instead


@dataclass(frozen=True, kw_only=True, eq=False)
class Registry:
    """All facts, with forgiving look-ups by name.

    A registry equals itself alone, so that what is made of its facts can be kept by it.
    """

    spacecraft: dict[str, Spacecraft]
    instruments: dict[str, Instrument]
    organisations: dict[str, Organisation]
    distributors: tuple[Distributor, ...]
    usual_credits: tuple[UsualCredit, ...]
    labels: dict[str, tuple[str, ...]]
    """Language to the labels that stand before credit lines in it."""
    words: dict[str, tuple[str, ...]]
    """Words of credit lines that are no names: ``missions``, ``remarks``, ``places``,
    ``organisation_words``, ``titles``, ``panels``."""
    rights: dict[str, RightsStatement]
    bodies: tuple[str, ...] = ()
    """Planets, moons, asteroids and comets other than Mars and its moons."""
    elsewhere: tuple[str, ...] = ()
    """Names of spacecraft that photographed other worlds."""
    features: tuple[str, ...] = ()
    """Landscapes that Mars alone has."""
    sensors: tuple[str, ...] = ()
    """Names of instruments at Mars that take no pictures."""

    def spacecraft_named(self, text: str) -> Spacecraft:
        """The spacecraft that a person means.

        Args:
            text: A slug, name, nickname or designation, in any case and punctuation.

        Raises:
            UsageError: Nothing is called so; the nearest known names are told.
        """
        slug = self._spacecraft_names.get(fold_name(text))
        if slug is None:
            raise _unknown("spacecraft", text, self._spacecraft_names, self.spacecraft)
        return self.spacecraft[slug]

    def instruments_named(self, text: str) -> tuple[Instrument, ...]:
        """The instruments that a person means: «navcam» is on every rover.

        Args:
            text: A slug, name or alias, in any case and punctuation; a spacecraft's name may stand
                before it.

        Raises:
            UsageError: Nothing is called so; the nearest known names are told.
        """
        slugs = self._instrument_names.get(fold_name(text))
        if slugs is None:
            raise _unknown("instrument", text, self._instrument_names, self.instruments)
        return tuple(self.instruments[slug] for slug in slugs)

    def organisation_named(self, text: str) -> Organisation | None:
        """The organisation of that name or id, or None."""
        found = self._organisation_names.get(fold_name(text))
        return self.organisations[found] if found else None

    @cached_property
    def _spacecraft_names(self) -> dict[str, str]:
        names = {
            fold_name(name): craft.slug
            for craft in self.spacecraft.values()
            for name in craft.names
        }
        return names | {fold_name(slug): slug for slug in self.spacecraft}

    @cached_property
    def _instrument_names(self) -> dict[str, tuple[str, ...]]:
        gathered: dict[str, list[str]] = {}
        for camera in self.instruments.values():
            for name in (camera.slug, *camera.names):
                gathered.setdefault(fold_name(name), []).append(camera.slug)
                for craft in camera.spacecraft:
                    full = f"{self.spacecraft[craft].name} {name}"
                    gathered.setdefault(fold_name(full), []).append(camera.slug)
        return {name: tuple(dict.fromkeys(slugs)) for name, slugs in gathered.items()}

    @cached_property
    def _organisation_names(self) -> dict[str, str]:
        return {
            fold_name(name): organisation.id
            for organisation in self.organisations.values()
            for name in (organisation.id, *organisation.names)
        }


_NO_ASCII_MARKS = {code: None for code in range(128) if not chr(code).isalnum()}


def fold_name(text: str) -> str:
    """A name as it is compared: letters and digits alone, lower case, without diacritics.

    >>> fold_name("Mastcam-Z"), fold_name("Université de Grenoble")
    ('mastcamz', 'universitedegrenoble')
    """
    if text.isascii():
        return text.lower().translate(_NO_ASCII_MARKS)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _unknown(
    what: str, text: str, names: Mapping[str, Hashable], entries: Mapping[str, Any]
) -> UsageError:
    """The error that tells the nearest names, of what has several the nearest alone.

    Args:
        what: What was asked for.
        text: As written.
        names: What each folded name means.
        entries: What there is.
    """
    folded = fold_name(text)
    near = difflib.get_close_matches(folded, names, n=20, cutoff=0.6)
    near += [name for name in names if folded and name.startswith(folded)]
    by_fold: dict[str, str] = {}
    for entry in entries.values():
        for name in (*entry.names, entry.slug):
            by_fold.setdefault(fold_name(name), name)
    told: dict[Hashable, str] = {}
    for name in near:
        if name in by_fold:
            told.setdefault(names[name], by_fold[name])
    return UsageError(
        f"unknown {what} {text.strip()!r}; {instead(list(told.values())[:4], entries)}"
    )
