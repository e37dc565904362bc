"""Words that are a picture's by the shape of the whole page.

The caption and credit elements of a page of one picture, wherever they stand; the text of each
picture in a row of pictures; one credit line for all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import islice

from catalogue.credit.lines import is_credit, is_site_notice, split_credit, strip_label
from catalogue.model import Appearance, Evidence
from catalogue.sites.article import Article
from catalogue.sites.pictures import Place
from catalogue.sites.tree import INLINE, TEXT, Tree
from catalogue.sites.words.found import COUNTER, Found
from catalogue.sites.words.naming import is_caption_name, is_credit_name
from catalogue.sites.words.scope import MAX_BESIDE

MAX_BLOCKS_ABOVE = 8
"""Elements round a picture that may be its own block in a row."""


def with_words_of_the_page(
    tree: Tree, article: Article, places: list[Place], images: tuple[Appearance, ...]
) -> tuple[Appearance, ...]:
    """Give pictures the words that only the page as a whole tells to be theirs.

    Args:
        tree: The page.
        article: Where the article is.
        places: The places of its pictures, in document order.
        images: The pictures; those that have words keep them.
    """
    images = _with_only_words(tree, article, places, images)
    images = _with_following_text(tree, article, places, images)
    return _with_page_credit(tree, article, images)


def _with_only_words(
    tree: Tree, article: Article, places: list[Place], images: tuple[Appearance, ...]
) -> tuple[Appearance, ...]:
    """On a page of one picture, the caption and credit elements wherever they are."""
    if len(images) != 1 or images[0].caption or images[0].credit:
        return images
    if not places:
        return images
    place = places[0]
    caption = credit = None
    region = article.region
    for node in range(region, tree.end[region]):
        if not tree.attributes[node] or not 2 < tree.size(node) < 5000:
            continue
        for_credit = credit is None and is_credit_name(tree, node) and tree.size(node) < 400
        for_caption = not for_credit and caption is None and is_caption_name(tree, node)
        if not for_credit and not for_caption:
            continue
        if node <= place.node < tree.end[node]:
            continue
        standing = article.surroundings.of(node)
        if standing.surely or standing.likely:
            continue
        text = tree.read(node)
        if is_site_notice(text):
            continue
        if text and for_credit:
            credit = Found(text, "credit of the page's one picture", tree.get(node, "class"))
        elif text:
            caption = Found(text, "caption of the page's one picture", tree.get(node, "class"))
    if not caption and not credit:
        return images
    if caption:
        parts = split_credit(caption.text)
        if parts.credit and (credit is None or parts.label):
            credit = Found(parts.credit, "credit in the caption", caption.where)
            caption = replace(caption, text=parts.caption) if parts.caption else None
    evidence = [
        Evidence(field=found.where, text=found.text[:200], says=says, rule=found.rule)
        for says, found in (("caption", caption), ("credit", credit))
        if found
    ]
    return (
        replace(
            images[0],
            caption=caption.text if caption else None,
            credit=credit.text if credit else None,
            evidence=(*images[0].evidence, *evidence),
        ),
    )


def _with_following_text(
    tree: Tree, article: Article, places: list[Place], images: tuple[Appearance, ...]
) -> tuple[Appearance, ...]:
    """In a page that is a row of pictures with a text each, that text is the caption.

    Two shapes: list items of one picture and its text, and pictures each followed by one paragraph
    before the next heading, rule or picture. At least three pictures must be so, and nearly all.
    """
    if len(places) < 3 or len(images) != len(places):
        return images
    texts = _item_texts(tree, places) or _paragraph_texts(tree, places)
    if not texts:
        return images
    return tuple(
        image if image.caption or not text else _captioned(image, text)
        for image, text in zip(images, texts, strict=True)
    )


def _captioned(image: Appearance, text: str) -> Appearance:
    """A picture in a row, with the text beside it; the credit at its end where it has none."""
    parts = split_credit(text)
    credited = image.credit is None and parts.caption is not None and parts.credit is not None
    said = Evidence(field="text", text=text[:200], says="caption", rule="row of pictures")
    return replace(
        image,
        caption=parts.caption if credited else text,
        credit=parts.credit if credited else image.credit,
        evidence=(*image.evidence, said),
    )


def _item_texts(tree: Tree, places: list[Place]) -> list[str | None]:
    texts: list[str | None] = []
    nodes = [place.node for place in places]
    blocks = _blocks_of_row(tree, places, nodes)
    for position, place in enumerate(places):
        item = tree.closest(place.node, "li", "article", "section", "td")
        item = blocks[position] if blocks else item
        text = None
        if item is not None and (
            bisect_left(nodes, tree.end[item]) - bisect_left(nodes, item) == 1
        ):
            skip = {place.outer, *tree.inside(item, "h2", "h3", "h4", "h5")}
            text = tree.read(item, skip) if tree.size(item) < 2500 else None
            text = COUNTER.sub("", text) if text else None
        texts.append(text or None)
    return texts if sum(map(bool, texts)) >= max(3, 0.8 * len(texts)) else []


def _blocks_of_row(tree: Tree, places: list[Place], nodes: list[int]) -> list[int]:
    """The largest elements round each picture that hold no other, where all are of one class."""
    blocks: list[int] = []
    for place in places:
        block = place.node
        for above in islice(tree.ancestors(place.node), MAX_BLOCKS_ABOVE):
            if bisect_left(nodes, tree.end[above]) - bisect_left(nodes, above) > 1:
                break
            block = above
        blocks.append(block)
    kinds = {(tree.parent[one], tree.tag[one], tree.get(one, "class")) for one in blocks}
    return blocks if len(kinds) == 1 and tree.get(blocks[0], "class") else []


def _paragraph_texts(tree: Tree, places: list[Place]) -> list[str | None]:
    """The one paragraph after each picture; nothing unless nearly all have just one."""
    texts: list[str | None] = []
    nodes = [place.node for place in places]
    for place in places:
        block = place.outer
        while (above := tree.parent[block]) >= 0 and tree.size(above) == tree.size(place.outer):
            if bisect_left(nodes, tree.end[above]) - bisect_left(nodes, above) > 1:
                break
            block = above
        texts.append(_only_paragraph(tree, block))
    found = {text for text in texts if text}
    return texts if len(found) >= max(3, 0.8 * len(texts)) else []


def _only_paragraph(tree: Tree, block: int) -> str | None:
    found: str | None = None
    for sibling in islice(tree.following(block), MAX_BESIDE):
        if tree.tag[sibling] == TEXT:
            if tree.text[sibling].strip():
                return None
            continue
        if tree.tag[sibling] in ("hr", "h2", "h3", "h4", "img", "picture") or tree.inside(
            sibling, "img", "h2", "h3"
        ):
            break
        text = tree.read(sibling)
        if not text:
            continue
        if found is not None or tree.tag[sibling] not in ("p", "div", "em") or len(text) > 700:
            return None
        found = text
    return found


MAX_CREDIT_LINE = 400
"""Characters of a paragraph that can be one credit line for a whole page."""


def _with_page_credit(
    tree: Tree, article: Article, images: tuple[Appearance, ...]
) -> tuple[Appearance, ...]:
    """One credit line for all pictures of the page, which stands in a paragraph of its own."""
    if not images or all(image.credit for image in images):
        return images
    found = _page_credit(tree, article)
    if found is None or any(
        image.caption and image.credit and found.text.startswith(image.credit) for image in images
    ):
        return images  # with its caption beside it, it is that one picture's
    evidence = Evidence(
        field=found.where, text=found.text[:200], says="credit", rule="one credit line for the page"
    )
    return tuple(
        image
        if image.credit
        else replace(image, credit=found.text, evidence=(*image.evidence, evidence))
        for image in images
    )


_OF_PICTURES = re.compile(
    r"(?i)^\W*(?:\w+\s+){0,6}?(?:images?|photos?|photographs?|pictures?|"
    r"credits?|fotos?|bild(?:er|nachweis|quelle)?|crédits?|créditos?|imagen(?:es)?|immagin[ei]|"
    r"fotoğraf(?:lar)?|фото|zdjęcia|kuvat?|beeld|fotók?)\b"
)
"""A line whose label speaks of pictures: «Source: agencies» is the story's, not theirs."""


_SPEAKS_OF_PICTURES = re.compile(
    r"image|photo|picture|cr[eé]dit|foto|фото|zdj|kuva|beeld|bild|immagin|©"
)
"""What a text must hold to be looked at."""


_SENTENCE = re.compile(r"(?<=[a-z)]{2}\.)\s+(?=[A-Z][a-z])")


def _page_credit(tree: Tree, article: Article) -> Found | None:
    lines: dict[str, Found] = {}
    region = article.region
    for at in range(max(region, article.start - 50), tree.end[region]):
        run = tree.text[at]
        if not run or len(run) > MAX_CREDIT_LINE + 200:
            continue
        if not _SPEAKS_OF_PICTURES.search(run.lower()):
            continue
        node = tree.parent[at]
        # the block that the words stand in
        while tree.tag[node] in INLINE and tree.size(tree.parent[node]) <= MAX_CREDIT_LINE + 200:
            node = tree.parent[node]
        if not 8 <= tree.size(node) <= MAX_CREDIT_LINE + 200:
            continue
        if tree.inside(node, "img", "figure"):
            continue
        if tree.closest(node, "figure", "figcaption", "nav", "footer", "aside", "a") is not None:
            continue
        if any(is_caption_name(tree, one) for one in (node, *islice(tree.ancestors(node), 2))):
            continue  # one picture's
        text = tree.read(node)
        if is_site_notice(text):
            continue
        if len(text) <= MAX_CREDIT_LINE and is_credit(text) and _OF_PICTURES.match(text):
            text = _SENTENCE.split(text, maxsplit=1)[0]  # «... . Caption by Name.» is no part of it
            key = strip_label(text).casefold()
            lines.setdefault(key, Found(text, "one credit line for the page", tree.tag[node]))
    if len(lines) != 1:
        return None
    return next(iter(lines.values()))
