"""What surrounds an article: menus, related stories, promotions, boxes of authors.

An element that holds the article's own headline or text is no surrounding, whatever it is called,
and neither are those above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from catalogue.sites.tree import Tree
from catalogue.texts import word_set

if TYPE_CHECKING:
    from catalogue.sites.article import Article


@dataclass(frozen=True, slots=True)
class Standing:
    """In what an element stands, as evidence; empty where it stands in the article."""

    surely: str = ""
    """Something that not even a caption would make the article's."""
    likely: str = ""
    """Something that surrounds articles, unless the picture has a caption."""


_IN_ARTICLE = Standing()

JUNK_TAGS = word_set("nav footer form menu dialog select amp-ad amp-embed amp-sidebar")
JUNK_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar", "dialog"})
JUNK_WORDS = word_set(
    "nav navbar navigation menu submenu megamenu breadcrumb breadcrumbs footer sidebar "
    "related recommended recommendation recommendations recirc recirculation promo promos "
    "promotion newsletter newsletters signup subscribe subscription paywall advert adverts "
    "advertisement ads ad adslot adsbygoogle sponsored sponsor sponsors outbrain taboola teaser "
    "teasers comments comment disqus sns qrcode bnr share sharing sharebar social socialite bio "
    "byline authors author avatar avatars profile popular trending mostread widget widgets toolbar "
    "masthead cookie consent onward upnext readnext tweet twitter instagram facebook rail "
    "rightrail siteheader pagination tags topics shop product products merch donate "
    "magazine relacionadas relacionados relacionado verwandte anzeige werbung publicidad "
    "publicite correlati"
)
"""Words of class names and ids that mark what surrounds an article."""

_ALSO = re.compile(
    r"(?<![a-z])(?:see|read|watch|more|you[-_ ]?may|most|also)"
    r"[-_ ]?(?:also|next|more|on|like|read|from|"
    r"popular|stories|viewed)|(?<![a-z])(?:tambien|te-?puede|lire-?aussi|lesen-?sie|leggi-?anche)(?![a-z])|"
    r"site-?header|page-?header|global-?header|in-?case-?you"
)


def standing_of(tree: Tree, node: int, article: Article) -> Standing:
    """In what surroundings an element stands.

    Args:
        tree: The page.
        node: The element; its own names do not count.
        article: Where the article is; remembers what was found out.
    """
    heading = article.heading if article.heading is not None else -1
    known = article.standings
    found = _IN_ARTICLE
    asked = []
    for above in tree.ancestors(node):
        if above in known:
            found = known[above]
            break
        if above <= article.start < tree.end[above] or above <= heading < tree.end[above]:
            break
        asked.append(above)
    for above in reversed(asked):
        own = _named(tree, above, article)
        found = known[above] = Standing(own.surely or found.surely, own.likely or found.likely)
    return found


def _named(tree: Tree, node: int, article: Article) -> Standing:
    """What an element is by its own tag, role and names."""
    name = tree.tag[node]
    if name in JUNK_TAGS or tree.get(node, "role") in JUNK_ROLES:
        return Standing(name)
    if name == "aside":
        return Standing("", name)
    attributes = tree.attributes[node]
    if not attributes or name == "body":
        return _IN_ARTICLE
    words = tree.words(node)
    junk = (words & JUNK_WORDS) - article.own_words
    if not (article.body <= node < tree.end[article.body]):
        junk |= words & {"logo", "logos"}
    said = " ".join(sorted(junk))
    if not said:
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:400]
        said = label if _says_also(label.lower()) else ""
    return Standing("", said) if name == "figure" else Standing(said)


@lru_cache(maxsize=4096)
def _says_also(label: str) -> bool:
    return bool(_ALSO.search(label))
