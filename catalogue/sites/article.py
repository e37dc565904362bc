"""Where the article stands on its page: its prose, and the elements that hold it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from catalogue.sites.surroundings import JUNK_TAGS, JUNK_WORDS, Surroundings
from catalogue.sites.tree import TEXT, Tree


@dataclass(slots=True)
class Article:
    """Where the article is on its page."""

    heading: int | None
    body: int
    """The element that holds most of the article's text."""
    region: int
    """The element that holds the whole article: headline, lead picture, text."""
    paragraphs: list[int]
    """The article's paragraphs, in document order."""
    start: int
    """Where the first paragraph begins; the body's start where there is none."""
    stop: int
    """One past the last paragraph."""
    next_section: int
    """The first heading or rule after the last paragraph; past the page's end where none is."""
    surroundings: Surroundings
    """In what the page's elements stand."""
    host: str | None = None
    """The site's host, where the page's address is known."""
    assets: frozenset[str] = frozenset()
    """Assets of the pictures that the page names as its own for machines."""
    captioned: frozenset[int] = frozenset()
    """Nodes of the places that have a caption or credit of their own."""
    rows: dict[int, bool] = field(default_factory=dict)
    """Which elements are rows of pictures, as far as that was asked."""

    def is_right_behind(self, tree: Tree, node: int) -> bool:
        """Whether a node stands behind the whole article, with hardly a word between."""
        stop = tree.end[self.region]
        return node >= stop and tree.between(stop, node) < 40


def find_article(tree: Tree, heading: int | None) -> Article:
    """Find where the article stands: the element that holds most of its paragraphs.

    Args:
        tree: The page.
        heading: The headline's node, where one was found.
    """
    paragraphs = _paragraphs(tree)
    if heading is not None:
        after = [node for node in paragraphs if node > heading]
        if sum(map(tree.size, after)) >= 0.3 * sum(map(tree.size, paragraphs)):
            paragraphs = after
        own = tree.closest(heading, "article")
        if own is not None:
            inside = [node for node in paragraphs if own <= node < tree.end[own]]
            paragraphs = inside or paragraphs  # further articles may stand below
    body = _holder(tree, paragraphs)
    inside = [node for node in paragraphs if body <= node < tree.end[body]]
    region = _region(tree, body, heading)
    start = inside[0] if inside else body
    stop = tree.end[inside[-1]] if inside else tree.end[body]
    anchors = (start,) if heading is None else (start, heading)
    return Article(
        heading=heading,
        body=body,
        region=region,
        paragraphs=inside,
        start=start,
        stop=stop,
        next_section=next(
            (node for node in tree.all("h2", "h3", "h4", "h5", "hr") if node >= stop), len(tree)
        ),
        surroundings=Surroundings(
            tree, body=body, anchors=anchors, own_words=_own_words(tree, anchors, region)
        ),
    )


def _own_words(tree: Tree, anchors: tuple[int, ...], region: int) -> frozenset[str]:
    """Words of the classes round the article's own text, inside its region.

    On this page they mark no surroundings: a page builder makes everything a ``widget``.
    """
    own: set[str] = set()
    for node in anchors:
        for above in tree.ancestors(node):
            if above <= region:
                break
            own |= tree.words(above) & JUNK_WORDS
    return frozenset(own)


def _paragraphs(tree: Tree) -> list[int]:
    judged: dict[int, bool] = {}
    found = [
        node
        for node in tree.all("p", "pre", "blockquote")
        if tree.size(node) >= 50
        and not (tree.tag[node] == "blockquote" and tree.inside(node, "p"))
        and _is_prose(tree, node, judged)
    ]
    if sum(map(tree.size, found)) >= 400:
        return found
    # text that stands in no paragraphs: divisions with line breaks, table cells, lists
    holders: dict[int, bool] = {}
    for node in range(len(tree)):
        if tree.tag[node] == TEXT and len(tree.text[node]) >= 60:
            above = tree.parent[node]
            if above not in holders:
                holders[above] = (
                    tree.tag[above] not in ("figcaption", "title")
                    and tree.closest(above, "p", "a") is None
                    and _is_prose(tree, above, judged)
                )
            if holders[above]:
                found.append(node)
    return sorted(found)


def _is_prose(tree: Tree, node: int, judged: dict[int, bool]) -> bool:
    if not _may_hold_prose(tree, node, judged):
        return False
    linked = sum(tree.size(anchor) for anchor in tree.inside(node, "a"))
    return linked <= 0.5 * tree.size(node)


def _may_hold_prose(tree: Tree, node: int, judged: dict[int, bool]) -> bool:
    """Whether neither the element nor one round it is a menu, a caption, comments.

    Args:
        tree: The page.
        node: The element.
        judged: The verdict on elements that were asked for before; takes the new ones.
    """
    verdict = True
    visited = []
    for above in (node, *tree.ancestors(node)):
        if above in judged:
            verdict = judged[above]
            break
        visited.append(above)
        name = tree.tag[above]
        if (
            (name in JUNK_TAGS and not (name == "form" and _is_whole_page(tree, above)))
            or name in ("figure", "figcaption", "aside", "noscript", "head")
            or (name not in _WHOLES and tree.words(above) & _COMMENT_WORDS)
        ):
            verdict = False
            break
    for above in visited:
        judged[above] = verdict
    return verdict


def _is_whole_page(tree: Tree, form: int) -> bool:
    """Whether a form holds most of the page's text: some systems make the page one form."""
    return tree.size(form) > 0.5 * tree.size(0)


_WHOLES = frozenset({"html", "body", "main", "article"})
_COMMENT_WORDS = frozenset({"comments", "disqus", "cookie", "consent", "footer", "newsletter"})


def _holder(tree: Tree, paragraphs: list[int]) -> int:
    bodies = tree.all("body")
    node = bodies[0] if bodies else 0
    if not paragraphs:
        for name in ("article", "main"):
            if tree.all(name):
                return tree.all(name)[0]
        return node
    sums = [0]
    for paragraph in paragraphs:
        sums.append(sums[-1] + tree.size(paragraph))
    total = sums[-1]
    while True:
        heavy = None
        for child in tree.children(node):
            first = bisect_left(paragraphs, child)
            last = bisect_left(paragraphs, tree.end[child], first)
            if sums[last] - sums[first] >= 0.66 * total:
                heavy = child
                break
        if (
            heavy is None
            or tree.tag[heavy] in ("p", "pre", TEXT)
            or _has_fellows(heavy, paragraphs, tree)
        ):
            return node
        node = heavy


def _has_fellows(block: int, paragraphs: list[int], tree: Tree) -> bool:
    """Whether further blocks of the same name hold prose: builders make one article of many."""
    name = tree.get(block, "class")
    for other in tree.children(tree.parent[block]) if name else ():
        if other == block or tree.tag[other] != tree.tag[block] or tree.get(other, "class") != name:
            continue
        if tree.inside(other, "h1"):
            continue  # another article, below this one
        first = bisect_left(paragraphs, other)
        if first < len(paragraphs) and paragraphs[first] < tree.end[other]:
            return True
    return False


def _region(tree: Tree, body: int, heading: int | None) -> int:
    chosen = None
    for node in (body, *tree.ancestors(body)):
        name = tree.tag[node]
        if name in ("article", "main") or tree.get(node, "role") in ("main", "article"):
            chosen = node
            if heading is None or node <= heading < tree.end[node]:
                return node
        if name == "body":
            break
    if heading is not None:
        for node in (body, *tree.ancestors(body)):
            if node <= heading < tree.end[node]:
                chosen = node
                break
    elif chosen is not None:
        return chosen
    region = chosen if chosen is not None else body
    if heading is not None and tree.tag[region] not in ("td", "tr", "tbody"):
        return region
    return _with_bare_fellows(tree, region)


MAX_BESIDE_TEXT = 300
"""Characters beside an article's text in an element that is still the article's."""


def _with_bare_fellows(tree: Tree, region: int) -> int:
    """The element round an article that has hardly more than its picture, in a cell beside."""
    whole, pictures, links = (
        tree.size(region),
        tree.count(region, "img"),
        tree.count(region, "a"),
    )
    for above in tree.ancestors(region):
        more = (
            tree.size(above) - whole > MAX_BESIDE_TEXT
            or tree.count(above, "img") - pictures > 2
            or tree.count(above, "a") - links > 2
        )
        if more or tree.tag[above] in ("body", "html"):
            break
        region = above
    return region
