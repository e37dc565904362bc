"""The words of a picture that no name marks: the rest of a figure, a small table, lines below."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from catalogue.credit.lines import is_credit, is_site_notice, split_credit
from catalogue.sites.pictures import Place
from catalogue.sites.tree import INLINE, TEXT, Tree, fold
from catalogue.sites.words.attributes import words_in_attributes
from catalogue.sites.words.credits import is_bare_name, last_element
from catalogue.sites.words.element import words_by_lines, words_in_element
from catalogue.sites.words.found import Found, Words, split_words
from catalogue.sites.words.naming import (
    PICTURE_WORDS,
    is_byline,
    is_caption_name,
    is_credit_name,
    is_lone_label,
    is_part_of,
    label_of,
    says_only_label,
)
from catalogue.sites.words.scope import MAX_BESIDE, PICTURES, Around

_SMALL_TAGS = frozenset({"em", "i", "small", "center", "sub", "font", "cite"})


def words_beside(around: Around, credit: Found | None, credits: list[int]) -> Words:
    """No element is a caption by name: the rest of a figure, a small table, the lines beside."""
    tree, place, hidden = around.tree, around.place, around.hidden
    left_out = hidden | set(credits) | {place.outer}
    if around.figure is not None:
        text = tree.read(around.figure, left_out)
        if text and len(text) <= 600:
            if credit is None and (is_credit(text) or is_bare_name(text)):
                return Words(None, Found(text, "rest of the figure", "figure"))
            return split_words(text, credit, "rest of the figure", "figure")
    cell = _cell_below(tree, place.node)
    if cell is not None:
        labels = {link for link in tree.inside(cell, "a") if is_lone_label(tree, link)}
        text, where = tree.read(cell, labels), label_of(tree, cell)
        if credit is None and (is_credit(text) or (is_bare_name(text) and "/" in text)):
            credit, further = Found(text, "cell below", where), _cell_below(tree, cell)
            text = tree.read(further) if further is not None else ""
        return split_words(text, credit, "cell below", where)
    node = place.outer
    for above in tree.ancestors(place.outer):
        if above < around.scope:
            break
        name = tree.tag[above]
        if name in ("table", "tbody") and tree.count(above, "tr") > 3:
            break  # a table of facts, with a picture in it
        more = tree.size(above) > tree.size(node)
        text = tree.read(above, left_out) if more else ""
        if text and not says_only_label(text):
            if _is_menu(tree, above):
                break
            if len(text) <= 700 and (
                name in ("table", "tr", "tbody", "center", "td", "span", "a")
                or _set_apart(tree, above, place, text)
                or _fills_picture_box(around, above)
            ):
                where = label_of(tree, above)
                rule = "text beside the picture"
                if credit is None and (lines := words_by_lines(tree, above, left_out, rule, where)):
                    return lines
                last = None if credit else last_element(tree, above, left_out)
                if last is not None and not split_credit(text).credit:
                    credit = Found(tree.read(last, hidden), "last element of the text", where)
                    text = tree.read(above, left_out | {last})
                return split_words(text, credit, rule, where)
            break
        node = above
    if (named := _named_below(around, node, credit)) is not None:
        return named
    node = _last_in_block(around, node)
    beside = next_lines(tree, node, hidden | _lone_labels(tree, node), place.alt or "")
    if beside is not None and beside.rule == "credit line below":
        below = _text_after_credit(tree, node, beside.text)
        return Words(below, credit or beside)
    if beside is not None:
        return split_words(beside.text, credit, beside.rule, beside.where)
    return words_in_attributes(around, credit)


def _cell_below(tree: Tree, node: int) -> int | None:
    """In a table of pictures: the cell with text below the one with the picture or its credit."""
    cell = tree.closest(node, "td")
    if cell is None or tree.count(cell, "img") > 1:
        return None
    if tree.read(tree.parent[cell]) and node != cell:
        return None
    row = tree.parent[cell]
    below = next((one for one in tree.following(row) if tree.tag[one] == "tr"), None)
    if below is None or tree.inside(below, *PICTURES, "th", "h1", "h2", "h3"):
        return None
    cells, others = (
        [one for one in islice(tree.children(line), MAX_BESIDE) if tree.tag[one] == "td"]
        for line in (row, below)
    )
    if cell not in cells or len(cells) != len(others):
        return None
    found = others[cells.index(cell)]
    if tree.count(found, "p") > 1:
        return None  # the article's text
    return found if 2 < tree.size(found) < 700 and tree.read(found) else None


def _named_below(around: Around, node: int, credit: Found | None) -> Words | None:
    """Elements right after a picture that are caption and credit by their names."""
    tree, place, hidden = around.tree, around.place, around.hidden
    captions: list[int] = []
    for sibling in islice(tree.following(node), MAX_BESIDE):
        text = tree.read(sibling, hidden) if tree.tag[sibling] != TEXT else tree.text[sibling]
        if sibling in hidden or not text.strip():
            if tree.tag[sibling] in PICTURES or tree.inside(sibling, *PICTURES):
                break
            continue
        if tree.tag[sibling] == TEXT or len(text) > 900 or tree.inside(sibling, *PICTURES):
            break
        if not captions and (tree.tag[sibling] == "figcaption" or is_caption_name(tree, sibling)):
            captions.append(sibling)
        elif credit is None and is_credit_name(tree, sibling):
            credit = Found(text, "credit class below", label_of(tree, sibling))
        else:
            break
    if captions:
        around = Around(tree, place, captions[0], None, captions, hidden)
        words = words_in_element(around, captions[0], "caption class below")
        return replace(words, credit=credit) if credit else words
    if credit is None:
        return None
    parts = split_credit(credit.text)
    if parts.caption and parts.credit and parts.caption[-1] in ".!?…":
        return split_words(credit.text, None, "credit class below", credit.where)  # it holds both
    return Words(None, credit)


def _set_apart(tree: Tree, node: int, place: Place, text: str) -> bool:
    """Whether text in the same block is set apart from prose: after a break, small, or credited."""
    if tree.tag[node] not in ("p", "div", "li", "dd", "section", "aside", "blockquote"):
        return False
    if tree.words(node) & PICTURE_WORDS and len(text) < 400:
        return True
    if len(text) < 400 and any(is_part_of(tree, one, node) for one in tree.inside(node, "p")):
        return True
    for child in tree.children(node):
        if tree.tag[child] == "br" and child > place.outer:
            return True
        if child > place.outer and tree.tag[child] in _SMALL_TAGS and tree.size(child) > 0:
            return True
    return len(text) < 300 and bool(split_credit(text).credit)


def _fills_picture_box(around: Around, node: int) -> bool:
    """Whether an element is all there is in a box that is named for its picture."""
    tree, box = around.tree, around.tree.parent[node]
    return (
        box >= around.scope
        and tree.size(box) - tree.size(node) < 4
        and tree.size(box) < 400
        and bool(tree.words(box) & PICTURE_WORDS)
    )


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
            return Found(text, "text below credit and title", label_of(tree, sibling))
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
                if is_lone_label(tree, child)
            )
    return found


def _last_in_block(around: Around, node: int) -> int:
    """The block that a picture ends, or the picture: what follows it may be the caption."""
    tree = around.tree
    for _ in range(2):
        block = tree.parent[node]
        ends = tree.tag[block] in ("p", "center", "div") and tree.count(block, "img") == 1
        if not ends or tree.size(block) > 800 or tree.between(tree.end[node], tree.end[block]) > 2:
            break
        node = block
    return node


def _is_menu(tree: Tree, node: int) -> bool:
    """Whether an element is several links and hardly more, or with them the site's notice."""
    links = tree.inside(node, "a")
    if len(links) < 3:
        return False
    return sum(map(tree.size, links)) >= 0.6 * tree.size(node) or is_site_notice(tree.read(node))


def next_lines(tree: Tree, node: int, hidden: set[int], alt: str = "") -> Found | None:
    """The line or two right after a picture, where their look says that they are its caption.

    Args:
        tree: The page.
        node: The picture, or what holds it and no text.
        hidden: What is not meant for readers.
        alt: The picture's alternative text: a line that repeats it is the caption.
    """
    if tree.parent[node] < 0:
        return None
    broken = False
    for sibling in islice(tree.following(node), MAX_BESIDE):
        if tree.tag[sibling] == TEXT:
            if tree.text[sibling].strip():
                return _rest_of_block(tree, sibling) if broken else None
            continue
        broken = broken or tree.tag[sibling] == "br"
        if tree.tag[sibling] in ("img", "picture", "iframe", "video"):
            return None
        if sibling in hidden or tree.tag[sibling] in ("br", "script", "style", "noscript", "meta"):
            continue
        text = tree.read(sibling, hidden)
        if not text:
            if tree.inside(sibling, "img", "picture", "iframe", "video"):
                return None
            continue
        if is_byline(tree, sibling):
            return None
        if tree.inside(sibling, "img") or tree.tag[sibling] in (
            "h1",
            "h2",
            "h3",
            "ul",
            "ol",
            "figure",
        ):
            return None
        if len(text) > 900 or tree.inside(
            sibling, "h1", "h2", "h3", "h4", "ul", "nav", "form", "button", "table"
        ):
            return None
        if len(text) > 300 and tree.count(sibling, "p") > 1:
            return None  # the article's text
        where = label_of(tree, sibling)
        if text == alt and len(text) > 15:
            return Found(text, "the alternative text below", where)
        if is_credit(text) or (is_bare_name(text) and "/" in text and "(" not in text):
            return Found(text, "credit line below", where)
        if tree.tag[sibling] in _SMALL_TAGS or _all_small(tree, sibling):
            return Found(text, "small or slanted line below", where)
        if _STARTS.match(text) or (len(text) < 500 and split_credit(text).credit):
            return Found(text, "credited line below", where)
        return None
    return None


def _rest_of_block(tree: Tree, start: int) -> Found | None:
    """The rest of a block from a run of text on, where it is credited, and holds lines alone."""
    block = tree.parent[start]
    rest = [start, *islice(tree.following(start), MAX_BESIDE)]
    if any(tree.tag[one] != TEXT and tree.tag[one] not in INLINE | {"br"} for one in rest):
        return None
    if tree.count(block, "img") > 1 or tree.between(start, tree.end[block]) > 500:
        return None
    text = fold("".join(tree.raw(one) for one in rest))
    if _STARTS.match(text) or split_credit(text).credit:
        return Found(text, "credited lines below", label_of(tree, block))
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
