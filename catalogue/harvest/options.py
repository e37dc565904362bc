"""How a harvest goes about its work, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.engines.interface import Cluster
from catalogue.gathering import DEFAULT_LIMITS, Limits, Sieve


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a harvest goes about its work."""

    limits: Limits = DEFAULT_LIMITS
    workers: int = 16
    """Pages and pictures that are asked for at one time; as many again may be worked on."""
    per_host: int = 6
    """Of these, how many for one host; browsers take as many."""
    own_hosts: frozenset[str] = frozenset()
    """Hosts that the user named as theirs, to which only ``workers`` applies."""
    refresh: bool = False
    """Ask again, conditionally, for what the catalogue has."""
    retry_failed: bool = False
    """Ask again for what failed for good; what failed in passing is asked again anyway."""
    dry_run: bool = False
    """Read pages, have no picture, keep nothing."""
    only: Sieve | None = None
    """Which pages are taken; the others are counted and told. None for all."""
    cluster: Cluster | None = None
    """Where the work is done; None for ``workers`` threads of this process."""


DEFAULT_OPTIONS = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a harvest is."""

    pages: int
    """Settled."""
    pages_known: int
    images: int
    """Settled."""
    images_known: int
    bytes: int
    """Received."""
    seconds: float
    waiting_for: tuple[str, ...]
    """Hosts whose pace or pause is kept just now."""
