"""What stands beside an article, and what is its own foot."""

from __future__ import annotations

from catalogue.sites.tree import Tree


def is_beside(tree: Tree, node: int, heading: int | None) -> bool:
    """Whether an element is in a box, menu or footer, save the foot of the article itself.

    Blogs put date and author there; a comment is an article of its own, with a foot of its own.
    """
    around = tree.closest(node, "aside", "nav", "footer")
    if around is None:
        return False
    if tree.tag[around] != "footer" or heading is None:
        return True
    article = tree.closest(around, "article")
    return article is None or not article <= heading < tree.end[article]
