"""Which of the pictures on a page belong to its article.

The rules are asked in the order of :data:`BELONGING`; the first that has an opinion decides, and
its name is kept as evidence. Each looks at one place and at what is known of the page as a whole;
none knows a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from catalogue.credit.lines import is_credit
from catalogue.sites import addresses
from catalogue.sites.article import Article
from catalogue.sites.dates import iso_date
from catalogue.sites.pictures import Place
from catalogue.sites.ranking import Rendition
from catalogue.sites.tree import Tree
from catalogue.texts import word_set


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a picture belongs to the article, and the rule that says so."""

    keep: bool
    rule: str
    why: str = ""


_VIDEO_WORDS = frozenset(
    ["video", "videos", "videoplayer", "player", "jwplayer", "vjs", "playlist", "audio", "podcast"]
)
_FURNITURE_WORDS = word_set(
    "avatar gravatar logo icon icons emoji smiley sprite badge spinner pixel tracking "
    "loader flag button arrow cta sticker emoticon headshot portrait mugshot "
    "latex math equation formula"
)
_FURNITURE_NAME = re.compile(
    r"(?:^|[/_.-])(?:logos?|icons?|ico|avatars?|gravatar|sprites?|pixel|spacer|blank|badge|"
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
_CREDITING = word_set("credit credits source sources copyright courtesy attribution photographer")
"""Words of an element that says whose the picture is."""
_FOLLOW = re.compile(
    r"(?i)\W*(?:like|follow|join|find) .{1,60}\b"
    r"(?:facebook|twitter|instagram|youtube|linkedin|x)\W*"
)
"""The whole alt text of a button."""
_FRONT_PAGE = re.compile(r"^https?://[^/?#]+/?(?:(?:index|home|default)\.[a-z]{3,5})?$")
"""What a site's emblem leads to."""
_PROMOTION = re.compile(
    r"(?i)\W*(?:subscribe|sign up|newsletter|get (?:our|the|your)\b"
    r"|(?:download|listen to|follow|join) (?:our|us)\b|(?:buy|shop) now|advert|sponsored|donate|"
    r"read (?:more|next|also)|related|see also|more on this|recommended|most read|"
    r"lesen sie auch|mehr zum thema|lire aussi|lee también|leggi anche)\b"
)
_PRICE = re.compile(r"[$€£]\s?\d{1,4}[.,]\d\d(?!\d)|(?<!\d)\d{1,4}[.,]\d\d\s?[€£]")
"""What a thing costs to the cent; missions cost round sums."""
_PROMOTING_LINK = re.compile(
    r"(?i)subscri(?:be|ption)|newsletter|/(?:shop|store|donate|giving|author|authors|autor|staff|"
    r"people|profile|by)/|utm_medium=affiliate"
)
_PORTRAIT_NAME = re.compile(
    r"(?:head-?shots?|mugshots?|profile-?pic|/authors?/|/avatars?/|portrait)"
)


_BANNERS = frozenset(
    [(468, 60), (234, 60), (120, 60), (125, 125), (728, 90), (970, 90), (320, 50), (120, 600),
     (160, 600), (88, 31)]
)  # fmt: skip
"""Sizes in pixels that advertisers agreed on, and no picture of an article has by chance."""
_RECTANGLES = frozenset([(300, 250), (336, 280), (300, 600), (250, 250), (970, 250)])
"""Further ones, which a picture may have: an advert where a click on it leaves the site."""
_ADVERTISER = re.compile(r"^https?://(?:ads?|adv|adserver|adservice|banners?)\d{0,2}[.-]", re.I)
"""How an address begins of a host that serves adverts."""

MAX_IN_ROW = 500
"""Blocks of a row that are looked at."""

Rule: TypeAlias = Callable[[Tree, Place, Article], Verdict | None]


def tiny(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Pixels, icons and lines: declared smaller than anything one would look at."""
    width, height = place.width, place.height
    known = [size for size in (width, height) if size is not None]
    if known and (min(known) <= 8 or max(known) <= 32):
        return Verdict(False, "tiny", f"declared {width} x {height}")
    if (
        width is not None
        and height is not None
        and (max(width, height) <= 72 or min(width, height) <= 40)
    ):
        return Verdict(False, "tiny", f"declared {width} x {height}")
    if width and height and width > 14 * height:
        return Verdict(False, "tiny", "a line")
    above = article.heading is not None and place.node < article.heading
    if above and width and height and width > 5 * height and place.node not in article.captioned:
        return Verdict(False, "tiny", "a strip above the headline")
    if (width, height) in _BANNERS:
        return Verdict(False, "tiny", f"declared {width} x {height}, as banners are")
    if place.renditions and all(0 < _width(rendition) <= 64 for rendition in place.renditions):
        widest = max(map(_width, place.renditions))
        return Verdict(False, "tiny", f"no rendition wider than {widest}")
    return None


def _width(rendition: Rendition) -> int:
    """Pixels that are told of a rendition, or that its address names; 0 where none are."""
    return rendition.width or addresses.width_in(rendition.url) or 0


def furniture(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Logos, icons and portraits, by the words of the element itself."""
    words = tree.words(place.node)
    if words & _FURNITURE_WORDS and place.node not in article.captioned:
        return Verdict(False, "furniture", " ".join(sorted(words & _FURNITURE_WORDS)))
    if place.alt and (
        _ADVERT.fullmatch(place.alt)
        or _FOLLOW.fullmatch(place.alt[:100])
        or place.alt.lower() in ("logo", "logotype")
    ):
        return Verdict(False, "furniture", place.alt)
    if place.node not in article.captioned:
        if _is_counter(tree, place, article):
            return Verdict(False, "furniture", "a counter for browsers without scripts")
        if (place.width, place.height) in _RECTANGLES and _leads_elsewhere(place, article):
            return Verdict(False, "furniture", "an advert's size, and a link to another site")
        if any(_ADVERTISER.match(one.url) for one in place.renditions[:1]):
            return Verdict(False, "furniture", place.renditions[0].url[:80])
    if (
        place.link
        and place.node not in article.captioned
        and _FRONT_PAGE.search(place.link)
        and not _leads_elsewhere(place, article)
    ):
        return Verdict(False, "furniture", "a link to the front page")
    return None


def _is_counter(tree: Tree, place: Place, article: Article) -> bool:
    """Whether only browsers without scripts ask for it, and what they ask for is no file."""
    return (
        not place.alt
        and place.width is None
        and not place.assets & article.assets
        and tree.closest(place.node, "noscript") is not None
        and all("?" in one.url and not addresses.is_raster(one.url) for one in place.renditions)
    )


def surroundings(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """In a container that surrounds articles: menu, related stories, promotion, author's box."""
    standing = article.surroundings.of(place.node)
    if standing.surely:
        return Verdict(False, "surroundings", standing.surely)
    if standing.likely and place.node not in article.captioned:
        return Verdict(False, "surroundings", standing.likely)
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
            if len(text) < 300 and _PRICE.search(text) and tree.inside(node, "a"):
                return Verdict(False, "promotion", text[:80])
    return None


def thumbnail(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Nowhere on the page larger than a thumbnail, and without a caption."""
    if place.node in article.captioned or not place.renditions:
        return None
    if place.assets & article.assets or any(rendition.large for rendition in place.renditions):
        return None
    if all(0 < _width(rendition) <= 200 for rendition in place.renditions):
        return Verdict(False, "thumbnail", f"{max(map(_width, place.renditions))} pixels wide")
    width, height = place.width, place.height
    if width and height and max(width, height) <= 100 and max(map(_width, place.renditions)) <= 200:
        return Verdict(False, "thumbnail", f"declared {width} x {height}")
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
        if tree.count(figure, "img") > 4:
            return None  # no card, but a row of pictures
        for heading in tree.inside(figure, "h2", "h3", "h4", "h5"):
            if any(not addresses.is_raster(tree.get(a, "href")) for a in tree.inside(heading, "a")):
                return Verdict(False, "teaser", tree.read(heading)[:80])
        linked = _linked_text(tree, figure)
        if linked >= max(25, 0.75 * tree.size(figure)) and not tree.inside(figure, "figcaption"):
            return Verdict(False, "teaser", tree.read(figure)[:80])
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
        linked = _linked_text(tree, node)
        if linked >= 0.75 * size or (linked >= 12 and _is_dated_link(tree, node)):
            text = tree.read(node)
            return None if is_credit(text) else Verdict(False, "teaser", text[:80])
        return None
    return None


def _is_dated_link(tree: Tree, node: int) -> bool:
    """Whether words are a link and a date or time of day, and nothing else."""
    links = {a for a in tree.inside(node, "a") if not addresses.is_raster(tree.get(a, "href"))}
    rest = tree.read(node, links)
    return len(rest) <= 30 and bool(iso_date(rest) or re.search(r"\d{1,2}[:.]\d{2}$", rest))


def _linked_text(tree: Tree, node: int) -> int:
    """Characters that are links to other pages; a credit may be one, and is no headline."""
    links = [a for a in tree.inside(node, "a") if not addresses.is_raster(tree.get(a, "href"))]
    return sum(
        len(tree.read(a))
        for a in links
        if not tree.get(a, "href").startswith("#") and not _is_in_credit(tree, a)
    )


def _is_in_credit(tree: Tree, anchor: int) -> bool:
    """Whether a link stands in an element that is named as a credit."""
    above = islice(tree.ancestors(anchor), 2)
    return any(tree.words(node) & _CREDITING for node in (anchor, *above))


def outside(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Before or after the article; a lead picture that the page names may stand beside it."""
    beside = place.node < article.region or article.is_right_behind(tree, place.node)
    if beside and place.assets & article.assets:
        return None
    if place.node < article.region or place.node >= tree.end[article.region]:
        return Verdict(False, "outside")
    known = place.node in article.captioned or bool(place.assets & article.assets)
    if place.node >= tree.end[article.body] and not known and not _ends(tree, place, article):
        return Verdict(False, "outside", "after the text")
    return None


def _ends(tree: Tree, place: Place, article: Article) -> bool:
    """Whether a picture ends the article: in its element, with nothing said after the text."""
    return (
        tree.tag[article.region] == "article"
        and place.link is None
        and place.node < article.next_section
        and tree.between(article.stop, place.node) < 20
        and min(place.width or 400, place.height or 400) >= 200
        and (_widest(place) >= 300 or any(one.large for one in place.renditions))
    )


def _widest(place: Place) -> int:
    """The most pixels across that are told of a picture; 0 where none are."""
    told = (one.width or addresses.width_in(one.url) or 0 for one in place.renditions)
    return max([place.width or 0, *told])


def furniture_name(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Logos, icons, separators, by the names of their files."""
    if place.node in article.captioned:
        return None
    for rendition in place.renditions:
        found = furniture_named(rendition.url)
        inside = article.body <= place.node < tree.end[article.body]
        if "logo" in found and inside and (place.width or 0) >= 150:
            continue  # an article about whoever owns the logo
        if found and ("logo" in found or not place.assets & article.assets):
            return Verdict(False, "furniture name", found.strip("/_.-"))
    return None


def furniture_named(url: str) -> str:
    """The word for furniture in a picture's address, behind its host; empty where none is."""
    path = url.partition("?")[0]
    path = path[path.find("/", 9) :] if "//" in path else path
    return _furniture_in(path[-160:].lower())


@lru_cache(maxsize=4096)
def _furniture_in(path: str) -> str:
    found = _FURNITURE_NAME.search(path) or _PORTRAIT_NAME.search(path)
    return found[0] if found else ""


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
    if place.node >= tree.end[article.body] and _ends(tree, place, article):
        return Verdict(True, "at the end")
    return None


def _leads_elsewhere(place: Place, article: Article) -> bool:
    """Whether a click on the picture leaves the site."""
    host = addresses.host_of(place.link)
    return bool(host and article.host) and host != article.host


def leading(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """Between headline and text; large above them, or with a link to its file."""
    if place.node < article.start:
        if _leads_elsewhere(place, article):
            return None
        if article.heading is not None and place.node > article.heading:
            return Verdict(True, "leading")
        wide = (place.width or 0) >= 500 or any(_width(one) >= 500 for one in place.renditions)
        enlarged = any(one.large and one.via == "link" for one in place.renditions)
        if wide or enlarged or tree.closest(place.node, "figure"):
            return Verdict(True, "leading")
    return None


def in_row(tree: Tree, place: Place, article: Article) -> Verdict | None:
    """One of a row of blocks with a picture each, as galleries have them."""
    if place.link is not None or not article.region <= place.node < tree.end[article.region]:
        return None
    node = place.node
    for above in islice(tree.ancestors(place.node), 6):
        if above <= article.region:
            return None
        if article.rows.get(above) is None:
            article.rows[above] = _is_row(tree, above)
        if article.rows[above]:
            label = tree.get(node, "class")
            return Verdict(True, "in a row", label) if label else None
        node = above
    return None


def _is_row(tree: Tree, node: int) -> bool:
    """Whether an element's children are three blocks or more of one class, with a picture each."""
    children = list(islice(tree.children(node), MAX_IN_ROW))
    if len(children) < 3 or tree.count(node, "img") < 3:
        return False
    alike = {(tree.tag[one], tree.get(one, "class")) for one in children}
    return len(alike) == 1 and all(tree.count(one, "img") == 1 for one in children)


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
    in_row,
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
