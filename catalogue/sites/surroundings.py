"""What surrounds an article: menus, related stories, promotions, boxes of authors.

An element that holds the article's own headline or text is no surrounding, whatever it is called,
and neither are those above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from catalogue.sites.tree import Tree
from catalogue.texts import word_set


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
    "masthead cookie consent onward upnext readnext bookmark tweet twitter instagram facebook rail "
    "rightrail siteheader pagination tags topics shop commerce product products merch donate "
    "magazine relacionadas relacionados relacionado verwandte anzeige werbung publicidad "
    "publicite publicidade pubblicita reklama reklame reklam annons annonse mainos hirdetes adv "
    "advertising advertisment cta poll umfrage partners funders sponsoren partenaires correlati "
    "partner writer writers contributor contributors"
)
"""Words of class names and ids that mark what surrounds an article."""

_PARTS_OF_PAGES = frozenset({"widget", "widgets"})
"""What systems call any part of a page: a picture with a caption in one may be the article's."""
_PICTURES = frozenset({"image", "img", "photo", "picture", "figure", "gallery"})
_ALSO = re.compile(
    r"[^a-z](?:(?:see|read|watch|more|you[-_ ]?may|most|also)"
    r"[-_ ]?(?:also|next|more|on|like|read|from|popular|stories|viewed)"
    r"|(?:tambien|te-?puede|lire-?aussi|lesen-?sie|leggi-?anche)(?![a-z]))"
)
_ABOVE_ALL = re.compile(r"(?:site|page|global)-?header|in-?case-?you")


class Surroundings:
    """What stands round the article of a page; each element is judged once.

    Args:
        tree: The page.
        body: The element that holds most of the article's text.
        anchors: Where the headline and the first paragraph are: what holds one is the article's.
        own_words: Words of the classes round the article's own text: here they mark nothing.
    """

    __slots__ = ("_body", "_known", "_own", "_own_words", "_tree")

    def __init__(
        self, tree: Tree, *, body: int, anchors: tuple[int, ...], own_words: frozenset[str]
    ) -> None:
        self._tree = tree
        self._body = range(body, tree.end[body])
        self._own = {one for anchor in anchors for one in (anchor, *tree.ancestors(anchor))}
        self._own_words = own_words
        self._known: dict[int, Standing] = {}

    def of(self, node: int) -> Standing:
        """In what surroundings an element stands; its own names do not count."""
        known = self._known
        found = _IN_ARTICLE
        asked = []
        for above in self._tree.ancestors(node):
            if above in known:
                found = known[above]
                break
            if above in self._own:
                break
            asked.append(above)
        for above in reversed(asked):
            own = self._named(above)
            if own is not _IN_ARTICLE:
                found = Standing(own.surely or found.surely, own.likely or found.likely)
            known[above] = found
        return found

    def _named(self, node: int) -> Standing:
        """What an element is by its own tag, role and names."""
        tree = self._tree
        name = tree.tag[node]
        if name in JUNK_TAGS or tree.get(node, "role") in JUNK_ROLES:
            return Standing(name)
        if name == "aside":
            return Standing("", name)
        attributes = tree.attributes[node]
        if not attributes or name == "body":
            return _IN_ARTICLE
        words = tree.words(node)
        junk = (words & JUNK_WORDS) - self._own_words
        if node not in self._body:
            junk |= words & {"logo", "logos"}
        if junk & _PARTS_OF_PAGES:
            if words & _PICTURES:
                junk -= _PARTS_OF_PAGES
            elif junk <= _PARTS_OF_PAGES:
                return Standing("", " ".join(sorted(junk)))
        if junk:
            said = " ".join(sorted(junk))
        else:
            said = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:400]
            if not _says_also(said.lower()):
                return _IN_ARTICLE
        return Standing("", said) if name == "figure" else Standing(said)


@lru_cache(maxsize=4096)
def _says_also(label: str) -> bool:
    return bool(_ALSO.search(f" {label}") or _ABOVE_ALL.search(label))
