"""Caption and credit of a picture, found in what stands round it.

First the scope of the picture: the largest element round it that holds no other picture and none
of the article's prose. Then the ways of :data:`CAPTION_RULES` in order, then those of
:data:`CREDIT_RULES`; the first that finds something counts, and its name is kept as evidence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import TypeAlias

from catalogue.credit.lines import is_credit, is_name_like, split_credit, strip_label
from catalogue.sites.pictures import Place
from catalogue.sites.structured import plain
from catalogue.sites.tree import TEXT, Tree, fold, words_in
from catalogue.texts import word_set

MAX_CAPTION = 6_000
"""Characters of a caption that are kept."""

MAX_BESIDE = 40
"""Elements after a picture that are looked at for its caption."""

MAX_IN_GROUP = 120
"""Characters beside its caption in a group of pictures: labels of buttons, numbers of slides."""

MAX_ABOVE = 8
"""Elements round a picture that may hold a caption for several."""

CREDIT_WORDS = word_set(
    "credit credits creditline copyright copyrights copy attribution photographer "
    "photocredit imagecredit courtesy fotograf fotocredit bildnachweis bildquelle urheber "
    "credito"
)
"""Words of class names that mark a credit, wherever round the picture they stand."""

_CAPTION_NAME = re.compile(
    r"(?i)caption|legend(?!ar)|cutline|bildunter|bildtext|didascali|leyenda|"
    r"(?:image|img|photo|pic|picture|gallery|slide|figure|txt)[-_]{0,2}"
    r"(?:text|txt|desc(?:ription)?|note)(?![a-z])|media[-_]{0,2}(?:desc(?:ription)?|note)(?![a-z])"
)
_CREDIT_NAME = re.compile(
    r"(?i)(?<!ac)credit|copyright|photographer|fotogra[fp]h?(?:o|en)?\b|bildquelle|bildnachweis"
)
_CREDIT_WORDS_INSIDE = CREDIT_WORDS | word_set(
    "source sources author byline agency provider rights quelle autor fotocredit creator"
)
"""Further ones that mark a credit inside a caption or figure only."""

_CREDIT_PROPS = frozenset(
    [
        "credittext",
        "copyrightholder",
        "copyrightnotice",
        "creditline",
        "author",
        "creator",
        "contributor",
    ]
)
_HIDDEN_WORDS = frozenset(
    ["hidden", "offscreen", "sr", "screenreader", "assistive", "a11y", "visuallyhidden"]
)
_HIDDEN = re.compile(
    r"visually-?hidden|sr-only|screen-?reader|off-?screen|u-?hide-?text|assistive|a11y|"
    r"accessib|hide-caption|toggle-caption|enlarge|lightbox-trigger|expand|icon|tooltip"
)
_BREAKERS = frozenset({"body", "main", "html"})
_COUNTER = re.compile(r"^\s*[\[(]?\d{1,3}\s*(?:/|of|von|de|sur)\s*\d{1,3}[\])]?\s*[:.–-]?\s*")
"""A slide's number before its caption: ``[1/5]``, ``3 of 12``."""
_TAIL = " \t\n|–—-·•/"


@dataclass(frozen=True, slots=True)
class Found:
    """A caption or credit, with the rule that found it and where it stood."""

    text: str
    rule: str
    where: str = ""


@dataclass(slots=True)
class Around:
    """A picture with what stands round it."""

    tree: Tree
    place: Place
    scope: int
    figure: int | None
    """The nearest ``figure`` inside the scope."""
    captions: list[int]
    """Elements that are captions by their name, in document order."""
    hidden: set[int]
    """Elements in the scope that are meant for screen readers, or are buttons."""


def scope_of(tree: Tree, place: Place, others: list[int], prose: list[int]) -> int:
    """The largest element round a picture with no other picture and none of the article's text.

    Args:
        tree: The page.
        place: The picture.
        others: Nodes of all pictures that count, in document order.
        prose: The article's paragraphs, in document order.
    """
    scope = place.outer
    first = bisect_left(others, place.outer)
    own = bisect_left(others, tree.end[place.outer], first) - first
    for above in tree.ancestors(place.outer):
        name = tree.tag[above]
        if name in _BREAKERS:
            break
        stop = tree.end[above]
        first = bisect_left(others, above)
        if bisect_left(others, stop, first) - first > own:
            break
        if name != "figure":
            if tree.size(above) > 4000:
                break
            if tree.inside(above, "h1", "h2") or name in ("ul", "ol"):
                break
            within = prose[bisect_left(prose, above) : bisect_left(prose, stop)]
            if any(not _caption_like(tree, paragraph, above) for paragraph in within):
                break
        scope = above
    return scope


def _caption_like(tree: Tree, paragraph: int, top: int) -> bool:
    node = paragraph
    while node > top:
        if tree.tag[node] in ("figcaption", "figure", "caption"):
            return True
        if tree.attributes[node] and (is_caption_name(tree, node) or is_credit_name(tree, node)):
            return True
        node = tree.parent[node]
    return is_caption_name(tree, top) and tree.size(top) < 2000


def look_around(tree: Tree, place: Place, scope: int) -> Around:
    """Gather what the rules need to know of a picture's scope."""
    figure = None
    for above in tree.ancestors(place.node):
        if above < scope:
            break
        if tree.tag[above] == "figure":
            figure = above
            break
    captions: list[int] = []
    hidden: set[int] = set()
    node, stop = scope, tree.end[scope]
    tags, attributes = tree.tag, tree.attributes
    while node < stop:
        if node == place.outer and place.holds_text:
            node += 1
            continue
        if not place.holds_text and place.outer <= node < tree.end[place.outer]:
            node = tree.end[place.outer]
            continue
        name = tags[node]
        if name == TEXT:
            node += 1
            continue
        if _is_hidden(tree, node) or _is_lone_label(tree, node):
            hidden.add(node)
            node = tree.end[node]
            continue
        if (
            name == "figcaption"
            or (name == "caption" and _of_picture_table(tree, node))
            or (attributes[node] and is_caption_name(tree, node) and name not in ("figure", "img"))
        ):
            holds = node <= place.outer < tree.end[node]  # a caption beside, not round it
            if not holds and tree.size(node) > 0:
                captions.append(node)
        node += 1
    return Around(tree, place, scope, figure, captions, hidden)


@lru_cache(maxsize=8192)
def _names(name: str) -> tuple[bool, bool]:
    """Whether a class or id names a caption, and whether it names a credit.

    Of one class the last word counts: ``caption__credit`` is a credit inside a caption.
    """
    caption = credit = False
    for one in name.split():
        says_caption = [found.end() for found in _CAPTION_NAME.finditer(one)]
        says_credit = [found.end() for found in _CREDIT_NAME.finditer(one)]
        if not says_credit and words_in(one) & CREDIT_WORDS:
            says_credit = [0 if says_caption else 1]
        if says_caption and (not says_credit or says_caption[-1] > says_credit[-1]):
            caption = True
        elif says_credit:
            credit = True
    return caption, credit


def _name_of(tree: Tree, node: int) -> str:
    attributes = tree.attributes[node]
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:400]


def is_caption_name(tree: Tree, node: int) -> bool:
    """Whether a class or id names an element as a caption."""
    return _names(_name_of(tree, node))[0]


def is_credit_name(tree: Tree, node: int) -> bool:
    """Whether a class or id names an element as a credit."""
    return _names(_name_of(tree, node))[1]


_LONE_LABEL = re.compile(
    r"(?i)(?:image|photo|picture|media|foto|bild)?\s*"
    r"(?:captions?|credits?|copyright|source|image|photo|picture)|"
    r"(?:hide|toggle|show|view) caption|enlarge(?: this)?(?: image)?|open image in .{0,20}|"
    r"(?:click|tap) to (?:enlarge|expand|view).{0,20}|view fullscreen|full ?screen|close|zoom|"
    r"(?:purchase|buy|order|license|licence)\b.{0,40}"
)


_TO_FILE = re.compile(r"(?i)^\W*(?:download|view|see|open|full|high|large|larger|click)\b")
_FILE_FACTS = re.compile(
    r"\s*(?:\b(?:download )?large image )?\(\s*\d[\d.,]*\s*[KMG]i?B\b[^()]{0,60}\)", re.I
)


def _is_lone_label(tree: Tree, node: int) -> bool:
    """An element of its own with a bare label, or a link to the picture's file that says so."""
    if tree.tag[node] == "a" and 4 <= tree.size(node) <= 80:
        href = tree.get(node, "href").partition("?")[0].lower()
        if href.endswith((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif")) and _TO_FILE.match(
            fold(tree.raw(node))
        ):
            return True
    if not 4 <= tree.size(node) <= 60 or tree.tag[node] in ("figcaption", "img"):
        return False
    end = tree.end[node]
    if end - node > 4:
        return False
    return bool(_LONE_LABEL.fullmatch(fold(tree.raw(node))))


def _of_picture_table(tree: Tree, caption: int) -> bool:
    """Whether a table is there for its picture: it has hardly any text but the caption."""
    table = tree.parent[caption]
    return tree.count(table, "tr") <= 3 and tree.size(table) - tree.size(caption) < 200


def _is_hidden(tree: Tree, node: int) -> bool:
    if tree.tag[node] in ("button", "svg", "script", "style", "time", "h1", "h2"):
        return True
    attributes = tree.attributes[node]
    if not attributes or tree.size(node) > 80:
        return False
    label = attributes.get("class") or ""
    return bool(label) and _says_hidden(label[:300].lower())


@lru_cache(maxsize=4096)
def _says_hidden(label: str) -> bool:
    return bool(_HIDDEN.search(label))


CaptionRule: TypeAlias = Callable[[Around], int | None]


def _outermost(nodes: list[int], tree: Tree) -> list[int]:
    out: list[int] = []
    for node in nodes:
        if not out or node >= tree.end[out[-1]]:
            out.append(node)
    return out


def figcaption(around: Around) -> int | None:
    """A ``figcaption``, in the figure or beside it."""
    tree = around.tree
    for node in around.captions:
        if tree.tag[node] != "figcaption" or not tree.read(node, around.hidden):
            continue
        named = [other for other in around.captions if is_caption_name(tree, other)]
        if is_credit_name(tree, node) and not is_caption_name(tree, node) and named:
            continue  # the credit alone stands in it; the caption is beside
        return node
    return None


def caption_class(around: Around) -> int | None:
    """An element named as a caption by its class or id."""
    tree = around.tree
    for node in _outermost(around.captions, tree):
        if is_credit_name(tree, node) and not is_caption_name(tree, node):
            continue
        if tree.read(node, around.hidden):
            return node
    return None


def caption_property(around: Around) -> int | None:
    """An element marked as ``caption`` or ``description`` of an ImageObject."""
    tree = around.tree
    if "ImageObject" not in tree.get(around.scope, "itemtype") and around.figure is None:
        return None
    for node in range(around.scope + 1, tree.end[around.scope]):
        if tree.attributes[node]:
            prop = (tree.attributes[node].get("itemprop") or "").split()
            if {"caption", "description"} & set(prop) and tree.read(node, around.hidden):
                return node
    return None


CAPTION_RULES: tuple[CaptionRule, ...] = (figcaption, caption_class, caption_property)
"""Ways to find the element that is the caption, in order."""


def credit_elements(around: Around, caption: int | None) -> list[int]:
    """Elements that are credits by their name, in document order, outermost only."""
    tree = around.tree
    out: list[int] = []
    for node in range(around.scope, tree.end[around.scope]):
        if out and node < tree.end[out[-1]]:
            continue
        attributes = tree.attributes[node]
        if not attributes and tree.tag[node] not in ("small", "cite"):
            continue
        if node <= around.place.outer < tree.end[node] or node in around.hidden:
            continue
        if tree.tag[node] in ("meta", "img", "source", "picture", "button", "a") and (
            tree.tag[node] != "a" or tree.size(node) == 0
        ):
            continue
        if not 0 < tree.size(node) <= 600:
            continue
        inside = (caption is not None and caption <= node < tree.end[caption]) or (
            around.figure is not None and around.figure <= node < tree.end[around.figure]
        )
        if not _names_credit(tree, node, inside):
            continue
        if tree.tag[node] in ("small", "cite"):
            text = tree.read(node, around.hidden)
            whole = caption is not None and tree.size(node) == tree.size(caption)
            if not (is_credit(text) if whole else _may_be_credit(text)):
                continue
        if node == caption and _has_other_text(tree, node):
            continue
        if caption is not None and node < caption < tree.end[node]:
            continue
        if is_caption_name(tree, node) and (
            _holds_credit_child(tree, node) or _credit_beside(around, node)
        ):
            continue
        if not _visible(tree, node, around.hidden):
            continue
        out.append(node)
    return out


def _may_be_credit(text: str) -> bool:
    """Whether a text is a credit and no more, by its words: no sentence, no caption before it."""
    return is_credit(text) or is_name_like(text.strip("()[] "))


def _visible(tree: Tree, node: int, hidden: set[int]) -> bool:
    return _says_something(tree.read(node, hidden))


def _says_something(credit: str) -> bool:
    """Whether a credit is more than its label and marks."""
    return len(strip_label(credit).strip(" .:,;()[]")) > 1


def _names_credit(tree: Tree, node: int, inside: bool) -> bool:
    attributes = tree.attributes[node]
    prop = {part.lower() for part in (attributes.get("itemprop") or "").split()}
    if prop & _CREDIT_PROPS and (inside or prop & {"credittext", "copyrightholder"}):
        return True
    if attributes and is_credit_name(tree, node):
        return True
    if inside and tree.words(node) & _CREDIT_WORDS_INSIDE:
        return True
    for name in (
        "data-testid",
        "data-test",
        "data-component",
        "data-type",
        "data-role",
        "aria-label",
    ):
        value = attributes.get(name)
        if value and re.search(r"(?i)credit|copyright|photographer|byline", value[:100]):
            return inside or "credit" in value.lower()
    return inside and tree.tag[node] in ("small", "cite") and tree.size(node) <= 160


def _has_other_text(tree: Tree, node: int) -> bool:
    return tree.size(node) > 200


def _holds_credit_child(tree: Tree, node: int) -> bool:
    return any(
        tree.attributes[child] and is_credit_name(tree, child)
        for child in range(node + 1, tree.end[node])
    )


def _credit_beside(around: Around, node: int) -> bool:
    """Whether another element of the scope is named as nothing but the credit."""
    tree = around.tree
    return any(
        tree.attributes[other]
        and is_credit_name(tree, other)
        and not is_caption_name(tree, other)
        and tree.size(other) > 0
        and not (node <= other < tree.end[node] or other <= node < tree.end[other])
        for other in range(around.scope, tree.end[around.scope])
    )


def _is_bare_name(text: str) -> bool:
    """Whether a line alone in a figure is rather a name than a caption."""
    if ". " in text or not is_name_like(text):
        return False
    parts = split_credit(text)
    if parts.caption and parts.credit:
        return False
    return len(text.split()) <= 4 or "/" in text or "©" in text


def last_element(tree: Tree, caption: int, hidden: set[int]) -> int | None:
    """A bare name in the last element of a caption, after other text: a credit by its place."""
    node = caption
    for _ in range(4):
        children = [
            child
            for child in tree.children(node)
            if child not in hidden
            and (tree.text[child].strip() or tree.size(child) > 0)
            and fold(tree.raw(child, hidden))
        ]
        if len(children) == 1 and tree.tag[children[0]] != TEXT:
            node = children[0]
            continue
        break
    if len(children) < 2:
        return None
    last = children[-1]
    if tree.tag[last] == TEXT or tree.tag[last] in ("b", "strong"):
        return None
    text = tree.read(last, hidden).strip("()[] ")
    if not is_name_like(text):
        return None
    before = children[-2]
    text_before = fold(tree.raw(before, hidden))
    in_a_line = tree.tag[before] == TEXT or tree.tag[last] in ("a", "em", "i")
    if in_a_line and not re.search(r"[.!?…”\"»)\]|:–—-]$", text_before):
        return None
    return last


@dataclass(frozen=True, slots=True)
class Words:
    """Caption and credit of one picture."""

    caption: Found | None = None
    credit: Found | None = None


def _label_of(tree: Tree, node: int) -> str:
    attributes = tree.attributes[node]
    for name in ("class", "itemprop", "id"):
        if attributes.get(name):
            return f"{tree.tag[node]} {name}={' '.join((attributes[name] or '').split())[:80]}"
    return tree.tag[node]


def find_words(around: Around) -> Words:
    """Caption and credit of a picture from the elements round it."""
    tree, hidden = around.tree, around.hidden
    caption: int | None = None
    rule = ""
    for way in CAPTION_RULES:
        caption = way(around)
        if caption is not None:
            rule = way.__name__
            break
    credits = credit_elements(around, caption)
    credit: Found | None = None
    if credits:
        credit = Found(
            _joined(tree, credits, hidden), "credit element", _label_of(tree, credits[0])
        )
    if caption is None:
        return _without_element(around, credit, credits)
    where = _label_of(tree, caption)
    if caption in credits:
        return Words(None, credit)
    if credit is None:
        credits, credit = _by_place(around, caption)
    left_out = hidden | set(credits)
    if credit is None and (lines := _by_lines(tree, caption, left_out, rule, where)):
        return lines
    words = _split(tree.read(caption, left_out), credit, rule, where)
    if words.credit is None and around.figure is not None:
        return Words(words.caption, _beside_caption(around, caption))
    return words


def _by_lines(
    tree: Tree, node: int, left_out: frozenset[int] | set[int], rule: str, where: str
) -> Words | None:
    """A caption and a credit on lines of their own, the credit first or last."""
    lines = [line for part in tree.raw(node, left_out).split("\n") if (line := fold(part))]
    if len(lines) < 2:
        return None
    labelled = [is_credit(line) for line in lines]
    if sum(labelled) != 1 or not (labelled[0] or labelled[-1]):
        return None
    credit = lines.pop(0 if labelled[0] else -1)
    return Words(
        Found(_COUNTER.sub("", " ".join(lines))[:MAX_CAPTION].strip(_TAIL), rule, where),
        Found(credit, "line of its own", where),
    )


def group_words(tree: Tree, place: Place) -> Words:
    """The one caption of a figure, or a slider, that holds several pictures: it speaks of each."""
    for above in islice(tree.ancestors(place.node), MAX_ABOVE):
        if tree.size(above) > 3000 or tree.tag[above] in _BREAKERS:
            break
        captions = [
            node
            for node in islice(tree.children(above), 2 * MAX_BESIDE)
            if tree.tag[node] == "figcaption"
            or (tree.attributes[node] and is_caption_name(tree, node))
        ]
        if len(captions) != 1 or tree.inside(captions[0], *_PICTURES):
            continue
        node = captions[0]
        if not tree.read(node):
            continue
        if tree.tag[above] != "figure" and tree.size(above) - tree.size(node) > MAX_IN_GROUP:
            break  # not a row of pictures with a caption, but a text with pictures in it
        words = find_words(Around(tree, place, node, above, [node], set()))
        if words.caption is None:
            return words
        return replace(words, caption=replace(words.caption, rule="caption of the group"))
    return Words()


def _by_place(around: Around, caption: int) -> tuple[list[int], Found | None]:
    """A credit that only its place tells: a second caption, the last element of the caption."""
    tree, hidden = around.tree, around.hidden
    for other in _outermost(around.captions, tree):
        if other == caption or caption < other < tree.end[caption] or other < caption:
            continue
        text = tree.read(other, hidden)
        if is_credit(text) or is_name_like(text):
            return [other], Found(text, "second caption", _label_of(tree, other))
    last = last_element(tree, caption, hidden)
    if last is not None and not is_credit(fold(tree.raw(caption, hidden | {last}))):
        text = tree.read(last, hidden)
        whole = split_credit(tree.read(caption, hidden))
        if not (whole.label and whole.credit and text in whole.credit):
            return [last], Found(text, "last element of the caption", _label_of(tree, last))
    return [], None


def _beside_caption(around: Around, caption: int) -> Found | None:
    """A bare name in a figure, beside its caption."""
    tree = around.tree
    if around.figure is None:
        return None
    left_out = around.hidden | set(_outermost(around.captions, tree)) | {around.place.outer}
    text = tree.read(around.figure, left_out)
    if text and len(text) <= 200 and (is_credit(text) or is_name_like(text)):
        return Found(text, "beside the caption", "figure")
    return None


def _joined(tree: Tree, credits: list[int], hidden: set[int]) -> str:
    first = tree.read(credits[0], hidden)
    texts = [first]
    for before, node in pairwise(credits):
        text = tree.read(node, hidden)
        gap = tree.between(tree.end[before], node)
        if text.casefold() in " ".join(texts).casefold():
            continue
        if gap > 4 or tree.parent[before] != tree.parent[node]:
            break
        glue = fold("".join(tree.text[tree.end[before] : node]))
        texts.append(f"{glue} {text}" if glue else text)
    return " ".join(texts)


def _split(text: str, credit: Found | None, rule: str, where: str) -> Words:
    """Take from a caption the credit that stands in its words, where none was found yet."""
    text = _COUNTER.sub("", _FILE_FACTS.sub("", text[:MAX_CAPTION])).strip(_TAIL)
    parts = split_credit(text) if text else None
    if credit is None and parts is not None and parts.credit:
        credit = Found(parts.credit, "credit in the caption", where)
        text = (parts.caption or "").strip(_TAIL)
    elif credit is not None and parts is not None and parts.credit:
        same = _bare(parts.credit) == _bare(credit.text) or _bare(parts.credit) in _bare(
            credit.text
        )
        if same:
            text = (parts.caption or "").strip(_TAIL)
    elif credit is not None and text and _bare(text) == _bare(credit.text):
        text = ""
    return Words(Found(text, rule, where) if text else None, credit)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", strip_label(text).casefold())


_PICTURES = ("img", "amp-img", "picture", "iframe", "video")
_SMALL_TAGS = frozenset({"em", "i", "small", "center", "sub", "font", "cite"})


def _without_element(around: Around, credit: Found | None, credits: list[int]) -> Words:
    """No element is a caption by name: the rest of a figure, a small table, the lines beside."""
    tree, place, hidden = around.tree, around.place, around.hidden
    left_out = hidden | set(credits) | {place.outer}
    if around.figure is not None:
        text = tree.read(around.figure, left_out)
        if text and len(text) <= 600:
            if credit is None and (is_credit(text) or _is_bare_name(text)):
                return Words(None, Found(text, "rest of the figure", "figure"))
            return _split(text, credit, "rest of the figure", "figure")
    node = place.outer
    for above in tree.ancestors(place.outer):
        if above < around.scope:
            break
        name = tree.tag[above]
        if name in ("table", "tbody") and tree.count(above, "tr") > 3:
            break  # a table of facts, with a picture in it
        more = tree.size(above) > tree.size(node)
        text = tree.read(above, left_out) if more else ""
        if text:
            if len(text) <= 700 and (
                name in ("table", "tr", "tbody", "center", "td", "span", "a")
                or _set_apart(tree, above, place, text)
            ):
                where = _label_of(tree, above)
                last = None if credit else last_element(tree, above, left_out)
                if last is not None and not split_credit(text).credit:
                    credit = Found(tree.read(last, hidden), "last element of the text", where)
                    text = tree.read(above, left_out | {last})
                return _split(text, credit, "text beside the picture", where)
            break
        node = above
    if (named := _named_below(around, node, credit)) is not None:
        return named
    beside = next_lines(tree, node, hidden | _lone_labels(tree, node))
    if beside is not None and beside.rule == "credit line below":
        below = _text_after_credit(tree, node, beside.text)
        return Words(below, credit or beside)
    if beside is not None:
        return _split(beside.text, credit, beside.rule, beside.where)
    return _from_attributes(around, credit)


_CAPTION_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:caption|sub-html|description|legend)")
_CREDIT_ATTRIBUTE = re.compile(r"data-(?:[a-z]+-)*(?:credits?|copyright|attribution|photographer)")
_SHOWN_LARGE = frozenset({"lightbox", "fancybox", "popup", "colorbox", "gallery", "modal"})
"""Words in an element's attributes that tell that a script shows the picture, and its title,
large."""


def _from_attributes(around: Around, credit: Found | None) -> Words:
    """What is kept in attributes for a script to show; a title that names the credit."""
    tree, place = around.tree, around.place
    words = Words(None, credit)
    for node in (place.node, *tree.ancestors(place.node)):
        if node < around.scope or words.caption:
            break
        for name, value in tree.attributes[node].items():
            text = plain(value[:MAX_CAPTION]) if value else ""
            if not text:
                continue
            if _CREDIT_ATTRIBUTE.fullmatch(name) and words.credit is None and _says_something(text):
                words = Words(words.caption, Found(text, "attribute", name))
            elif words.caption is None and (
                _CAPTION_ATTRIBUTE.fullmatch(name)
                or (name in ("title", "data-title") and _is_shown_title(tree, node, text))
            ):
                words = _split(text, words.credit, "attribute", name)
    return words


def _is_shown_title(tree: Tree, node: int, title: str) -> bool:
    if " " not in title:
        return False
    told = f"{tree.get(node, 'class')} {tree.get(node, 'rel')} {' '.join(tree.attributes[node])}"
    return (
        is_caption_name(tree, node)
        or bool(words_in(told[:400]) & _SHOWN_LARGE)
        or split_credit(title).label is not None
    )


def _named_below(around: Around, node: int, credit: Found | None) -> Words | None:
    """Elements right after a picture that are caption and credit by their names."""
    tree, place, hidden = around.tree, around.place, around.hidden
    captions: list[int] = []
    for sibling in islice(tree.following(node), MAX_BESIDE):
        text = tree.read(sibling, hidden) if tree.tag[sibling] != TEXT else tree.text[sibling]
        if sibling in hidden or not text.strip():
            if tree.tag[sibling] in _PICTURES or tree.inside(sibling, *_PICTURES):
                break
            continue
        if tree.tag[sibling] == TEXT or len(text) > 900 or tree.inside(sibling, *_PICTURES):
            break
        if not captions and (tree.tag[sibling] == "figcaption" or is_caption_name(tree, sibling)):
            captions.append(sibling)
        elif credit is None and is_credit_name(tree, sibling):
            credit = Found(text, "credit class below", _label_of(tree, sibling))
        else:
            break
    if captions:
        around = Around(tree, place, captions[0], None, captions, hidden)
        words = find_words(around)
        return replace(words, credit=credit) if credit else words
    if credit is None:
        return None
    parts = split_credit(credit.text)
    if parts.caption and parts.credit and parts.caption[-1] in ".!?…":
        return _split(credit.text, None, "credit class below", credit.where)  # it holds both
    return Words(None, credit)


_PICTURE_WORDS = frozenset({"image", "img", "photo", "picture", "figure", "foto", "bild"})
"""Words in the name of a box that holds a picture with its words, and nothing else."""


def _set_apart(tree: Tree, node: int, place: Place, text: str) -> bool:
    """Whether text in the same block is set apart from prose: after a break, small, or credited."""
    if tree.tag[node] not in ("p", "div", "li", "dd", "section", "blockquote"):
        return False
    if tree.words(node) & _PICTURE_WORDS and len(text) < 400:
        return True
    for child in tree.children(node):
        if tree.tag[child] == "br" and child > place.outer:
            return True
        if child > place.outer and tree.tag[child] in _SMALL_TAGS and tree.size(child) > 0:
            return True
    return len(text) < 300 and bool(split_credit(text).credit)


_STARTS = re.compile(
    r"(?i)^(?:figure|fig\.|image|photo|picture|above|below|caption|foto|bild|abb(?:ildung)?\.?|"
    r"left|right|top)\b\s*[\w-]{0,4}\s*[:.(|–—-]"
)


def _text_after_credit(tree: Tree, node: int, credit: str) -> Found | None:
    """Credit line, title, caption: the order in which some sites write them below a picture."""
    titled = passed = False
    for sibling in islice(tree.following(node), MAX_BESIDE):
        text = tree.read(sibling) if tree.tag[sibling] != TEXT else fold(tree.text[sibling])
        if not text:
            continue
        if not passed:
            passed = text == fold(credit)
            if not passed:
                return None
            continue
        if tree.inside(sibling, "img", "iframe"):
            return None
        title = len(text) < 110 and text[-1] not in ".!?…:"
        if not titled:
            if not title:
                return None
            titled = True
            continue
        if 40 < len(text) < 1500 and not title:
            return Found(text, "text below credit and title", _label_of(tree, sibling))
        return None
    return None


def _lone_labels(tree: Tree, node: int) -> set[int]:
    """Labels and links to files in the line after a picture."""
    found: set[int] = set()
    for sibling in islice(tree.following(node), 6):
        if tree.size(sibling) < 1000:
            found.update(
                child
                for child in tree.inside(sibling, "a", "span", "button")
                if _is_lone_label(tree, child)
            )
    return found


def next_lines(tree: Tree, node: int, hidden: set[int]) -> Found | None:
    """The line or two right after a picture, where their look says that they are its caption."""
    if tree.parent[node] < 0:
        return None
    for sibling in islice(tree.following(node), MAX_BESIDE):
        if tree.tag[sibling] == TEXT:
            if tree.text[sibling].strip():
                return None
            continue
        if tree.tag[sibling] in ("img", "picture", "iframe", "video"):
            return None
        if sibling in hidden or tree.tag[sibling] in ("br", "script", "style", "noscript", "meta"):
            continue
        text = tree.read(sibling, hidden)
        if not text:
            if tree.inside(sibling, "img", "picture", "iframe", "video"):
                return None
            continue
        if tree.inside(sibling, "img") or tree.tag[sibling] in (
            "h1",
            "h2",
            "h3",
            "ul",
            "ol",
            "figure",
        ):
            return None
        if len(text) > 900 or tree.inside(sibling, "h1", "h2", "ul", "nav", "form", "button"):
            return None
        where = _label_of(tree, sibling)
        if is_credit(text) or (_is_bare_name(text) and "/" in text and "(" not in text):
            return Found(text, "credit line below", where)
        if tree.tag[sibling] in _SMALL_TAGS or _all_small(tree, sibling):
            return Found(text, "small or slanted line below", where)
        if _STARTS.match(text) or (len(text) < 500 and split_credit(text).credit):
            return Found(text, "credited line below", where)
        return None
    return None


def _all_small(tree: Tree, node: int) -> bool:
    small = sum(
        tree.size(child)
        for child in tree.children(node)
        if tree.tag[child] in _SMALL_TAGS
        or "text-align:center" in tree.get(child, "style").replace(" ", "")
    )
    if small >= 0.9 * len(fold(tree.raw(node))) > 0:
        return True
    style = tree.get(node, "style").replace(" ", "").lower()
    return (
        tree.get(node, "align") == "center" or "text-align:center" in style or "font-size" in style
    )
