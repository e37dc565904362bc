"""What is known of one page while it is read; site rules get it with the page."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.sites.article import Article
from catalogue.sites.metadata import Metadata
from catalogue.sites.pictures import Place
from catalogue.sites.structured import Told
from catalogue.sites.tree import Tree
from catalogue.sites.words import Words


@dataclass(slots=True)
class Reading:
    """One page while it is read."""

    tree: Tree
    told: Told
    base: str
    address: str | None
    metadata: Metadata
    article: Article
    places: list[Place]
    """The places inside the article's region."""
    elsewhere: list[int]
    """Nodes of pictures outside of it: they may name further renditions."""
    words: dict[int, Words]
    """By the place's node."""
    notes: list[str]
