"""Which of the pictures on a page belong to its article.

The rules are asked in the order of :data:`BELONGING`; the first that has an opinion decides, and
its name is kept as evidence. Each looks at one place and at what is known of the page as a whole;
none knows a site.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from catalogue.credit.lines import word_set
from catalogue.sites import addresses
from catalogue.sites.pictures import Place
from catalogue.sites.tree import TEXT, Tree


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a picture belongs to the article, and the rule that says so."""

    keep: bool
    rule: str
    why: str = ""


@dataclass(slots=True)
class Article:
    """Where the article is on its page."""

    heading: int | None
    body: int
    """The element that holds most of the article's text."""
    region: int
    """The element that holds the whole article: headline, lead picture, text."""
    paragraphs: list[int] = field(default_factory=list)
    """The article's paragraphs, in document order."""
    start: int = 0
    """Where the first paragraph begins; the body's start where there is none."""
    stop: int = 0
    """One past the last paragraph."""
    next_section: int = 0
    """The first heading or rule after the last paragraph; past the page's end where none is."""
    host: str | None = None
    """The site's host, where the page's address is known."""
    assets: frozenset[str] = frozenset()
    """Assets of the pictures that the page names as its own for machines."""
    captioned: frozenset[int] = frozenset()
    """Nodes of the places that have a caption or credit of their own."""
    own_words: frozenset[str] = frozenset()
    """Words of the classes round the article's own text, inside its region: on this page they mark
    no surroundings. A page builder makes everything a ``widget``."""
    judged: dict[int, bool] = field(default_factory=dict)
    """Elements that were asked whether they surround the article, with the answer."""


_JUNK_TAGS = frozenset({"nav", "footer", "form", "menu", "dialog", "select"})
_JUNK_ROLES = frozenset({"navigation", "contentinfo", "search", "menu", "menubar", "dialog"})
JUNK_WORDS = word_set(
    "nav navbar navigation menu submenu megamenu breadcrumb breadcrumbs footer sidebar "
    "related recommended recommendation recommendations recirc recirculation promo promos "
    "promotion newsletter newsletters signup subscribe subscription paywall advert adverts "
    "advertisement ads ad adslot sponsored sponsor sponsors outbrain taboola teaser teasers "
    "comments comment disqus share sharing sharebar social socialite bio byline authors "
    "author avatar avatars profile popular trending mostread widget widgets toolbar "
    "masthead cookie consent onward upnext readnext tweet twitter instagram facebook rail "
    "rightrail siteheader pagination tags topics shop product products merch donate "
    "magazine relacionadas relacionados relacionado verwandte anzeige werbung publicidad "
    "publicite correlati"
)
"""Words of class names and ids that mark what surrounds an article."""

_ALSO = re.compile(
    r"(?i)(?<![a-z])(?:see|read|watch|more|you[-_ ]?may|most|also)"
    r"[-_ ]?(?:also|next|more|on|like|read|from|"
    r"popular|stories|viewed)|(?<![a-z])(?:tambien|te-?puede|lire-?aussi|lesen-?sie|leggi-?anche)(?![a-z])|"
    r"site-?header|page-?header|global-?header|in-?case-?you"
)
_VIDEO_WORDS = frozenset(
    ["video", "videos", "videoplayer", "player", "jwplayer", "vjs", "playlist", "audio", "podcast"]
)
_FURNITURE_WORDS = word_set(
    "avatar gravatar logo icon icons emoji smiley sprite badge spinner pixel tracking "
    "loader flag button arrow headshot portrait mugshot"
)
_FURNITURE_NAME = re.compile(
    r"(?i)(?:^|[/_.-])(?:logos?|icons?|ico|avatars?|gravatar|sprites?|pixel|spacer|blank|badge|"
    r"button|btn|arrow|bullet|divider|separator|line\d+|footer[a-z0-9]*|header-bg|favicon|emoji|smil(?:ey|ies)|"
    r"placeholder|transparent|1x1|spinner|loading|captcha|beacon|tracker|counter|"
    r"app-?store|google-?play|subscribe|newsletter|signup|promo|donate|share|facebook|twitter|"
    r"instagram|youtube|linkedin|whatsapp|pinterest|rss)(?=[_.\-/0-9~]|$)"
)
_ADVERT = re.compile(
    r"(?i)\W*(?:advert(?:isement)?s?|ad|sponsored|anzeige|werbung|publicidad|publicit[éà]|"
    r"pubblicità|annonce|reclame|reklama|реклама|広告|广告|광고)\W*"
)
"""The whole alt text of an advert, in several languages."""
_PROMOTION = re.compile(
    r"(?i)\W*(?:subscribe|sign up|newsletter|get (?:our|the|your)\b|advert|sponsored|donate|"
    r"read (?:more|next|also)|related|see also|more on this|recommended|most read|"
    r"lesen sie auch|mehr zum thema|lire aussi|lee también|leggi anche)\b"
)
_PROMOTING_LINK = re.compile(
    r"(?i)subscri(?:be|ption)|newsletter|/(?:shop|store|donate|giving|author|authors|autor|staff|"
    r"people|profile|by)/|utm_medium=affiliate"
)
_PORTRAIT_NAME = re.compile(
    r"(?i)(?:head-?shots?|mugshots?|profile-?pic|/authors?/|/avatars?/|portrait)"
)


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
    body = _holder(tree, paragraphs)
    inside = [node for node in paragraphs if body <= node < tree.end[body]]
    region = _region(tree, body, heading)
    stop = tree.end[inside[-1]] if inside else tree.end[body]
    own: set[str] = set()
    for node in (inside[0] if inside else body, heading if heading is not None else body):
        for above in tree.ancestors(node):
            if above <= region:
                break
            own |= tree.words(above) & JUNK_WORDS
    return Article(
        heading=heading,
        body=body,
        region=region,
        paragraphs=inside,
        start=inside[0] if inside else body,
        stop=stop,
        own_words=frozenset(own),
        next_section=next(
            (node for node in tree.all("h2", "h3", "h4", "h5", "hr") if node >= stop), len(tree)
        ),
    )


def _paragraphs(tree: Tree) -> list[int]:
    judged: dict[int, bool] = {}
    found = [
        node
        for node in tree.all("p", "pre", "blockquote")
        if tree.size(node) >= 50 and _is_prose(tree, node, judged)
    ]
    if sum(map(tree.size, found)) >= 400:
        return found
    seen = set(found)
    # text that stands in no paragraphs: divisions with line breaks, table cells, lists
    for node in range(len(tree)):
        if tree.tag[node] == TEXT and len(tree.text[node]) >= 60:
            above = tree.parent[node]
            if above in seen or tree.tag[above] in ("p", "figcaption", "a", "title"):
                continue
            seen.add(above)
            if tree.closest(above, "p") is None and _is_prose(tree, above, judged):
                found.append(above)
    return sorted(set(found))


def _is_prose(tree: Tree, node: int, judged: dict[int, bool]) -> bool:
    linked = sum(tree.size(anchor) for anchor in tree.inside(node, "a"))
    return linked <= 0.5 * tree.size(node) and _may_hold_prose(tree, node, judged)


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
            name in _JUNK_TAGS
            or name in ("figure", "figcaption", "aside", "noscript", "head")
            or (name not in _WHOLES and tree.words(above) & _COMMENT_WORDS)
        ):
            verdict = False
            break
    for above in visited:
        judged[above] = verdict
    return verdict


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
        if heavy is None or tree.tag[heavy] in ("p", "pre"):
            return node
        node = heavy


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
                return node
    return chosen if chosen is not None else body


Rule: TypeAlias = Callable[[Tree, Place, Article], Verdict | None]


def tiny(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Pixels, icons and lines: declared smaller than anything one would look at."""
    width, height = place.width, place.height
    if (width is not None and width <= 8) or (height is not None and height <= 8):
        return Verdict(False, "tiny", f"declared {width} x {height}")
    if width is not None and height is not None and max(width, height) <= 72:
        return Verdict(False, "tiny", f"declared {width} x {height}")
    if width and height and width > 14 * height:
        return Verdict(False, "tiny", "a line")
    widths = [r.width or addresses.width_in(r.url) or 9999 for r in place.renditions]
    if widths and max(widths) <= 64:
        return Verdict(False, "tiny", f"no rendition wider than {max(widths)}")
    return None


def furniture(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Logos, icons and portraits, by the words of the element itself."""
    words = tree.words(place.node)
    if words & _FURNITURE_WORDS and place.node not in article.captioned:
        return Verdict(False, "furniture", " ".join(sorted(words & _FURNITURE_WORDS)))
    if place.alt and _ADVERT.fullmatch(place.alt):
        return Verdict(False, "furniture", place.alt)
    return None


def surrounds(tree: Tree, node: int, article: Article) -> bool:
    """Whether a node stands in surroundings that not even a caption would make the article's.

    The verdict on each element is kept, so that a long menu is judged once.
    """
    heading = article.heading if article.heading is not None else -1
    visited = []
    verdict = False
    for above in tree.ancestors(node):
        known = article.judged.get(above)
        if known is not None:
            verdict = known
            break
        if above <= article.start < tree.end[above] or above <= heading < tree.end[above]:
            break
        visited.append(above)
        if _is_surrounding(tree, above, article.own_words):
            verdict = True
            break
    for above in visited:
        article.judged[above] = verdict
    return verdict


def _is_surrounding(tree: Tree, node: int, own_words: frozenset[str]) -> bool:
    name = tree.tag[node]
    if name in _JUNK_TAGS or tree.get(node, "role") in _JUNK_ROLES:
        return True
    attributes = tree.attributes[node]
    if not attributes or name in ("figure", "body"):
        return False
    if (tree.words(node) & JUNK_WORDS) - own_words:
        return True
    return _says_also(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:400])


@lru_cache(maxsize=4096)
def _says_also(label: str) -> bool:
    return bool(_ALSO.search(label))


def surroundings(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """In a container that surrounds articles: menu, related stories, promotion, author's box.

    An element that holds the article's own text is no such container, whatever it is called.
    """
    heading = article.heading if article.heading is not None else -1
    for node in tree.ancestors(place.node):
        if node <= article.start < tree.end[node] or node <= heading < tree.end[node]:
            return None
        name = tree.tag[node]
        if name in _JUNK_TAGS or tree.get(node, "role") in _JUNK_ROLES:
            return Verdict(False, "surroundings", name)
        attributes = tree.attributes[node]
        if name == "aside" and place.node not in article.captioned:
            return Verdict(False, "surroundings", "aside")
        if not attributes:
            continue
        words = tree.words(node)
        junk = (words & JUNK_WORDS) - article.own_words
        if not (article.body <= node < tree.end[article.body]):
            junk |= words & {"logo", "logos"}
        if junk and not (name == "figure" and place.node in article.captioned):
            return Verdict(False, "surroundings", " ".join(sorted(junk)))
        label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:400]
        if _says_also(label) and name != "body":
            return Verdict(False, "surroundings", label)
    return None


def video(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """The still picture of a video player."""
    for depth, node in enumerate((place.node, *tree.ancestors(place.node))):
        if depth > 7 or node <= article.start < tree.end[node]:
            return None
        words = tree.words(node)
        if words & _VIDEO_WORDS and not words & {"image", "img", "photo", "picture"}:
            return Verdict(False, "video", " ".join(sorted(words & _VIDEO_WORDS)))
    return None


def promotion(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """In a box whose few words ask to subscribe, to sign up, to read something else."""
    node = place.outer
    for _ in range(4):
        node = tree.parent[node]
        if node < 0 or node <= article.start < tree.end[node]:
            return None
        if tree.count(node, "img") > 4:
            return None
        if 4 < tree.size(node) < 600:
            text = tree.read(node)
            if _PROMOTION.match(text):
                return Verdict(False, "promotion", text[:80])
    return None


def thumbnail(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Nowhere on the page larger than a thumbnail, and without a caption."""
    if place.node in article.captioned or not place.renditions:
        return None
    widths = [r.width or addresses.width_in(r.url) or 0 for r in place.renditions]
    large = any(r.large for r in place.renditions)
    if all(widths) and max(widths) <= 200 and not large and not place.assets & article.assets:
        return Verdict(False, "thumbnail", f"{max(widths)} pixels wide")
    return None


def teaser(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """A link to another page with that page's headline: the picture is that page's."""
    anchor = tree.closest(place.node, "a")
    href = tree.get(anchor, "href") if anchor is not None else ""
    if anchor is None or not href:
        return _linked_card(tree, place, article)
    if addresses.is_raster(href) or href.startswith("#"):
        return None
    found = _PROMOTING_LINK.search(href)
    if found:
        return Verdict(False, "teaser", f"a link to {found[0]}")
    if len(tree.read(anchor)) >= 12 and tree.inside(anchor, "h2", "h3", "h4", "figure", "article"):
        return Verdict(False, "teaser", tree.read(anchor)[:80])
    in_figure = tree.closest(place.node, "figure") is not None
    if len(tree.read(anchor)) >= 12 and not (place.node in article.captioned and in_figure):
        return Verdict(False, "teaser", tree.read(anchor)[:80])
    card = _linked_card(tree, place, article)
    if card is not None:
        return card
    node = anchor
    for _ in range(4):
        node = tree.parent[node]
        if node < 0 or node <= article.start < tree.end[node] or tree.tag[node] in ("body", "main"):
            break
        if tree.count(node, "img") > 2:
            break
        for other in tree.inside(node, "a"):
            if other != anchor and tree.get(other, "href") == href and tree.size(other) >= 12:
                if place.node in article.captioned and not tree.inside(node, "h2", "h3", "h4"):
                    continue
                return Verdict(False, "teaser", tree.read(other)[:80])
    return None


def _linked_card(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """A picture beside words nearly all of which are a link to another page."""
    figure = tree.closest(place.node, "figure")
    if place.node in article.captioned and figure is not None:
        for heading in tree.inside(figure, "h2", "h3", "h4", "h5"):
            if any(not addresses.is_raster(tree.get(a, "href")) for a in tree.inside(heading, "a")):
                return Verdict(False, "teaser", tree.read(heading)[:80])
        return None
    node = place.outer
    for _ in range(4):
        node = tree.parent[node]
        if node < 0 or node <= article.start < tree.end[node] or tree.tag[node] in ("body", "main"):
            return None
        if tree.count(node, "img") > 4:
            return None  # no card, but a row of pictures
        size = len(tree.read(node)) if tree.size(node) < 5000 else 0
        if size < 12:
            continue
        for heading in tree.inside(node, "h2", "h3", "h4", "h5"):
            if tree.inside(heading, "a") or tree.closest(heading, "a") is not None:
                return Verdict(False, "teaser", tree.read(heading)[:80])
        links = [a for a in tree.inside(node, "a") if not addresses.is_raster(tree.get(a, "href"))]
        linked = sum(len(tree.read(a)) for a in links if not tree.get(a, "href").startswith("#"))
        if linked >= 0.75 * size:
            return Verdict(False, "teaser", tree.read(node)[:80])
        return None
    return None


def outside(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Before or after the article; a lead picture that the page names may stand before it."""
    if place.node < article.region and place.assets & article.assets:
        return None
    if place.node < article.region or place.node >= tree.end[article.region]:
        return Verdict(False, "outside")
    known = place.node in article.captioned or bool(place.assets & article.assets)
    if place.node >= tree.end[article.body] and not known:
        return Verdict(False, "outside", "after the text")
    return None


def furniture_name(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Logos, icons, separators, by the names of their files."""
    if place.node in article.captioned:
        return None
    for rendition in place.renditions:
        path = rendition.url.partition("?")[0]
        path = path[path.find("/", 9) :] if "//" in path else path
        found = _FURNITURE_NAME.search(path[-160:]) or _PORTRAIT_NAME.search(path[-160:])
        inside = article.body <= place.node < tree.end[article.body]
        if found and "logo" in found[0].lower() and inside and (place.width or 0) >= 150:
            continue  # an article about whoever owns the logo
        if found and not place.assets & article.assets:
            return Verdict(False, "furniture name", found[0].strip("/_.-"))
    return None


def captioned(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """In the article, with a caption or credit of its own."""
    if place.node in article.captioned:
        return Verdict(True, "captioned")
    return None


def named(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """In the article, and named by the page as its picture."""
    if place.assets & article.assets:
        return Verdict(True, "named")
    return None


def in_text(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Among the article's paragraphs."""
    if article.body <= place.node < tree.end[article.body]:
        if tree.between(article.stop, place.node) > 150:
            return None
        if article.next_section <= place.node:
            return None  # another section, after the article's last words
        if place.node < article.start and _leads_elsewhere(place, article):
            return None  # before the text: an emblem, a partner's teaser
        return Verdict(True, "in the text")
    return None


def _leads_elsewhere(place: Place, article: Article) -> bool:
    """Whether a click on the picture leaves the site."""
    host = addresses.host_of(place.link)
    return bool(host and article.host) and host != article.host


def leading(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Between headline and text, or large above them."""
    if place.node < article.start:
        if _leads_elsewhere(place, article):
            return None
        if article.heading is not None and place.node > article.heading:
            return Verdict(True, "leading")
        widths = [r.width or addresses.width_in(r.url) or 0 for r in place.renditions]
        if max([*widths, place.width or 0]) >= 500 or tree.closest(place.node, "figure"):
            return Verdict(True, "leading")
    return None


BELONGING: tuple[Rule, ...] = (
    tiny,
    furniture,
    surroundings,
    teaser,
    video,
    promotion,
    thumbnail,
    outside,
    furniture_name,
    captioned,
    named,
    in_text,
    leading,
)
"""Asked in this order; where none has an opinion the picture is not the article's."""


def belongs(tree: Tree, place: Place, article: Article) -> Verdict:
    """Whether a picture belongs to the article."""
    for rule in BELONGING:
        verdict = rule(tree, place, article)
        if verdict is not None:
            return verdict
    return Verdict(False, "no rule")
