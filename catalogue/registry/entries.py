"""The entries of the registry: what is known of a spacecraft, a camera, an organisation, terms.

Each class is a table of a TOML file: its fields are the keys that the table may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from catalogue.model import Rights

SPACECRAFT, INSTRUMENTS = "spacecraft.toml", "instruments.toml"
ORGANISATIONS, RIGHTS = "organisations.toml", "rights.toml"
ELSEWHERE = "elsewhere.toml"
FILES = (SPACECRAFT, INSTRUMENTS, ORGANISATIONS, RIGHTS, ELSEWHERE)
"""Files that hold them, the same in this package and in a folder of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingSite:
    """Where a spacecraft stands."""

    name: str
    lat: float | None = None
    """Degrees north."""
    lon_e: float | None = None
    """Degrees east, 0 to 360."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacecraft:
    """One spacecraft: who may have taken a picture, or be seen in it."""

    slug: str
    name: str
    kind: str
    """``orbiter``, ``lander``, ``rover``, ``helicopter``, ``flyby`` or ``telescope``."""
    source: str
    aliases: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    designations: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    mission: str | None = None
    carried_by: str | None = None
    """Slug of the spacecraft that brought it."""
    launch: str | None = None
    """ISO 8601 UTC, as precise as it is known, with «(planned)» behind a date to come; so are
    ``arrival`` and ``end``."""
    arrival: str | None = None
    end: str | None = None
    status: str | None = None
    landing_site: LandingSite | None = None
    returned_images: bool = True
    cameras: tuple[str, ...] = ()
    main_camera: str | None = None
    """Slug of the camera that its published pictures come from unless another is named."""
    usually_seen_by: str | None = None
    """Slug of the spacecraft that took most pictures in which it is seen."""
    places: tuple[str, ...] = ()
    """Names of places on the ground where it worked."""
    parts: tuple[str, ...] = ()
    """Parts of it, and what it set down, that captions call by a name of their own. One in lower
    case is an ordinary word too: it counts where the spacecraft, or one that travelled with it, is
    named."""
    credit_marks: tuple[str, ...] = ()
    """What names it in a credit line (see :attr:`Instrument.credit_marks`)."""
    common_word: str | None = None
    """What else the name means; None where it means nothing but the spacecraft."""
    notes: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that means it."""
        return (self.name, *self.aliases, *self.nicknames, *self.designations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One camera or imaging instrument, on one or several spacecraft."""

    slug: str
    name: str
    spacecraft: tuple[str, ...]
    """Slugs; several where twins carried the same camera."""
    source: str
    aliases: tuple[str, ...] = ()
    provider: str | None = None
    units: tuple[str, ...] = ()
    kind: str = "camera"
    raw_feed_names: tuple[str, ...] = ()
    usual_credit: str | None = None
    credit_marks: tuple[str, ...] = ()
    """Combinations of organisations in a credit line that this camera's releases carry: ids with a
    space between, ``-id`` for one that must be absent."""
    colour: str | None = None
    """``colour`` or ``grey``, where that tells it from another camera of the same spacecraft."""
    selfies: bool = False
    """It is the camera that takes its own spacecraft's portrait."""
    detached: bool = False
    """It leaves its spacecraft, and can see all of it."""
    mounted_on: tuple[str, ...] = ()
    """The part that carries it, where captions tell it by that: ``descent stage``."""
    notes: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that means it, on the right spacecraft."""
        return (self.name, *self.aliases, *self.raw_feed_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Somebody who is named in credit lines."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    """Aliases that mean it only in a list with slashes that also names NASA or JPL."""
    spellings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Spellings that the normal form of a credit keeps beside ``name``, each with the aliases that
    become it."""
    part_of: str | None = None
    """Id of the organisation that it is a part of, as a NASA centre is of NASA."""
    role: str | None = None
    on_earth: bool = False
    """It builds, launches, shows or watches from afar, and has no camera at Mars."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every spelling that means it anywhere."""
        spelled = (name for names in self.spellings.values() for name in names)
        return (self.name, *self.aliases, *self.spellings, *spelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributor:
    """A press agency or host: passes pictures on, did not make them."""

    name: str
    aliases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    forms_not_seen: tuple[str, ...] = ()
    seen: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualCredit:
    """The credit line that a camera's or team's releases usually carry."""

    topic: str
    credit: str
    source: str
    organisations: tuple[str, ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsStatement:
    """What organisations say of the use of their pictures."""

    id: str
    title: str
    statement: str
    verified: str
    applies_to: tuple[str, ...] = ()
    """Ids of organisations; empty for a remark that no rule applies."""
    url: str | None = None
    licence: str | None = None
    spdx: str | None = None
    when: str = "always"
    """``always``, or ``stated``: only where the credit line itself names the licence."""
    together: bool = False
    """Holds for pictures that credit all of ``applies_to``, not any of them."""
    mission: str | None = None
    """The mission or instrument that the credit line must name for it to hold."""

    def as_rights(self) -> Rights:
        """The statement as it travels with a picture."""
        return Rights(
            id=self.id,
            title=self.title,
            statement=self.statement,
            licence=self.licence,
            url=self.url,
            source=self.verified,
        )
