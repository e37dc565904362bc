"""What the names of elements say: captions, credits, and what is not meant for readers."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from catalogue.sites.tree import TEXT, Tree, fold, words_in
from catalogue.texts import word_set

CREDIT_WORDS = word_set(
    "cred credit credits creditline copyright copyrights copy attribution photographer "
    "photocredit imagecredit courtesy fotograf fotocredit bildnachweis bildquelle urheber "
    "credito"
)
"""Words of class names that mark a credit, wherever round the picture they stand."""
PICTURE_WORDS = frozenset({"image", "img", "photo", "picture", "figure", "foto", "bild"})
"""Words in the name of a box that holds a picture with its words, and nothing else."""
_CAPTION_NAME = re.compile(
    r"caption|(?:^|\s)(?:cap|capt|cptn)(?=\s|$)|legend(?!ar)|cutline|bildunter|bildtext|didascali|leyenda|pie(?:[-_]?de)?[-_]?foto|"
    r"(?:image|img|photo|foto|pic|picture|bild|gallery|slide|figure|txt)[-_]{0,2}"
    r"(?:text|txt|desc(?:ription)?|note|capt?|cptn)(?![a-z])|media[-_]{0,2}(?:desc(?:ription)?|note)(?![a-z])"
)
_CREDIT_NAME = re.compile(
    r"credit(?<!accredit)|copyright|photographer|fotogra[fp]h?(?:o|en)?\b|bildquelle|bildnachweis"
)
_HIDDEN = re.compile(
    r"visually-?hidden|sr-only|screen-?reader|off-?screen|u-?hide-?text|assistive|a11y|"
    r"accessib|hide-caption|toggle-caption|enlarge|lightbox-trigger|expand|icon|tooltip"
)


@lru_cache(maxsize=8192)
def _names(name: str) -> tuple[bool, bool]:
    """Whether a class or id names a caption, and whether it names a credit.

    Of one class the last word counts: ``caption__credit`` is a credit inside a caption.
    """
    caption = credit = False
    low = name.lower()
    if not (_CAPTION_NAME.search(low) or _CREDIT_NAME.search(low) or words_in(name) & CREDIT_WORDS):
        return False, False  # as nearly all
    for one, small in zip(name.split(), low.split(), strict=True):
        says_caption = [found.end() for found in _CAPTION_NAME.finditer(small)]
        says_credit = [found.end() for found in _CREDIT_NAME.finditer(small)]
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


def is_part_of(tree: Tree, node: int, block: int) -> bool:
    """Whether an element's class says that it is a part of a block: ``pic__text`` of ``pic``."""
    parts = tree.get(node, "class").split()
    return any(
        part.startswith(f"{name}__") for name in tree.get(block, "class").split() for part in parts
    )


def is_credit_name(tree: Tree, node: int) -> bool:
    """Whether a class or id names an element as a credit."""
    return _names(_name_of(tree, node))[1]


def label_of(tree: Tree, node: int) -> str:
    """An element as evidence: its tag, with the class, property or id that it bears."""
    attributes = tree.attributes[node]
    for name in ("class", "itemprop", "id"):
        if attributes.get(name):
            return f"{tree.tag[node]} {name}={' '.join((attributes[name] or '').split())[:80]}"
    return tree.tag[node]


_LONE_LABEL = re.compile(
    r"(?i)(?:image|photo|picture|media|foto|bild)?\s*"
    r"(?:captions?|credits?|copyright|source|image|photo|picture)|(?:view|show|see) more|"
    r"(?:hide|toggle|show|view) caption|enlarge(?: this)?(?: image)?|open image in .{0,20}|"
    r"(?:click|tap) to (?:enlarge|expand|view).{0,20}|view fullscreen|full ?screen|close|zoom|"
    r"(?:purchase|buy|order|license|licence)\b.{0,40}|\W{0,4}enlarge\W{0,4}|"
    r"\W*(?:all rights reserved|riproduzione riservata|alle rechte vorbehalten"
    r"|tous droits réservés|(?:todos los )?derechos reservados|無断転載禁止)\W*"
)
_FIELD_LABEL = re.compile(r"[^:.]{2,40}:")
_LEADING_ON = re.compile(
    r"(?i)\W*(?:(?:view|see|read|download|open|get)\s+)?(?:the\s+)?"
    r"(?:full(?:[- ]?(?:size|res(?:olution)?))?|larger?|high(?:er)?[- ]res(?:olution)?|hi-?res"
    r"|original|latest|more|all|image|media)"
    r"(?:\s+(?:size|res(?:olution)?|image|images|version|picture|pictures|photo|photos|caption|details"
    r"|about(?: this)?|info(?:rmation)?|and|story|this|here)){0,4}\W*"
)
"""The whole text of a link behind a caption to the picture's own page, or to more of them."""
_TO_FILE = re.compile(
    r"(?i)^\W*(?:\w\)\s*)?(?:browse|medium|small|jpe?g|png|tiff?|download|view|see|open|full|high|large|larger|click)\b"
)


def is_lone_label(tree: Tree, node: int) -> bool:
    """Whether an element says nothing but a label, or that it leads to the picture's file."""
    if tree.tag[node] == "a" and 4 <= tree.size(node) <= 80:
        href = tree.get(node, "href").partition("?")[0].lower()
        if href.endswith((".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif")) and _TO_FILE.match(
            fold(tree.raw(node))
        ):
            return True
    if not 4 <= tree.size(node) <= 60 or tree.tag[node] in ("figcaption", "img"):
        return False
    if tree.tag[node] == "a" and _leads_on(tree, node):
        return True
    end = tree.end[node]
    if end - node > 4:
        return False
    text = fold(tree.raw(node))
    if tree.tag[node] == "div" and "label" in tree.words(node) and _FIELD_LABEL.fullmatch(text):
        return True
    return says_only_label(text)


MAX_BEHIND = 40
"""Elements behind a link that are looked at for words that go on."""


def _leads_on(tree: Tree, link: int) -> bool:
    """Whether a link behind the words of a caption leads to more: «Full image and caption ›»."""
    if not _LEADING_ON.fullmatch(fold(tree.raw(link))):
        return False
    following = islice(tree.following(link), MAX_BEHIND)
    behind = (tree.text[one] for one in following if tree.tag[one] == TEXT)
    return not any(map(str.isalnum, "".join(behind)))


def says_only_label(text: str) -> bool:
    """Whether a text is nothing but a label, or the words of a button."""
    return bool(_LONE_LABEL.fullmatch(text))


_BYLINE = re.compile(r"(?i)by\s+[^\W\d_]")


def is_byline(tree: Tree, node: int) -> bool:
    """Whether an element says who wrote the article: «By Name», in a class for it."""
    label = tree.attributes[node].get("class")
    return (
        label is not None
        and "byline" in label.lower()
        and 5 < tree.size(node) < 200
        and bool(_BYLINE.match(tree.read(node)))
    )


def is_hidden(tree: Tree, node: int) -> bool:
    """Whether an element is a button or a time, or its class says that no reader sees it."""
    if tree.tag[node] in ("button", "svg", "script", "style", "summary", "time", "h1", "h2"):
        return True
    attributes = tree.attributes[node]
    if not attributes or tree.size(node) > 80 or tree.tag[node] == "figcaption":
        return False
    label = attributes.get("class") or ""
    return bool(label) and _says_hidden(label[:300].lower())


@lru_cache(maxsize=4096)
def _says_hidden(label: str) -> bool:
    return bool(_HIDDEN.search(label))
