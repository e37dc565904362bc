"""Who wrote an article: its author, several joined by commas."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from catalogue.credit.lines import is_credit, is_name_like
from catalogue.sites.dates import iso_date
from catalogue.sites.metadata.foot import is_beside
from catalogue.sites.structured import PAGE_TYPES, Told, article_things, listed, text_of, types
from catalogue.sites.tree import TEXT, Tree, fold

_BY = re.compile(
    r"^\s*(?:(?:written|posted|story|reported|edited|words|text|article)\s+)?"
    r"(?:by|oprac\.|autor(?:in)?:|author:|автор:|von|par|por|di|av|af|door|text|texto|texte)\s*:?\s+",
    re.I,
)
_AUTHOR_WORDS = frozenset(
    {"author", "authors", "byline", "writer", "autor", "auteur", "contributor", "firma"}
)
_PICTURE_WORDS = frozenset({"figure", "fig", "image", "img", "photo", "picture", "caption"})
"""Words of an element that names a picture's author."""
_PICTURE_BOXES = frozenset({"figure", "figcaption", "foto", "caption"})
_NAME_WORDS = frozenset(
    {"author", "fn", "fullname", "name", "personname", "writer", "autor", "auteur"}
)
_NOT_NAME = re.compile(
    r"^(?:mit|with) |https?:|@|\d{4}|\bupdated\b|\bpublished\b|\bminutes?\b", re.I
)
_LONGEST_LINE = 5_000
"""Characters at the beginning and the end of a run of text in which a byline or signature is."""
_GENERIC_AUTHOR = re.compile(
    r"(?i)\b(?:staff|newsroom|editorial|editors|admin|webmaster|redaktion|redacción|rédaction|team)\b"
)
"""What systems fill in where they have no name: a byline on the page is better."""


_LABEL = re.compile(
    r"(?i)(?:about )?(?:the )?(?:authors?|autor(?:in)?|auteur|writer|by|von|byline)s?:?"
)
"""What stands ahead of names, and is none."""


def find_author(
    tree: Tree, told: Told, heading: int | None, publisher: str | None = None
) -> str | None:
    """The names of the authors; what a system filled in only where no way gives a name."""
    generic: str | None = None
    for way in (
        _told,
        _meta,
        _marked,
        _byline,
        _plain,
        _linked,
        _signed,
    ):
        cleaned: list[str] = []
        for name in way(tree, told, heading):
            name = _BY.sub("", fold(name)).partition(" | ")[0].strip(" ,;|·•-–—")
            if _LABEL.fullmatch(name):
                continue
            if 1 < len(name) <= 120 and name.casefold() not in {n.casefold() for n in cleaned}:
                cleaned.append(name)
        if not cleaned:
            continue
        names = ", ".join(cleaned[:12])
        if not _is_site(names, publisher) and not _GENERIC_AUTHOR.search(names):
            return names
        generic = generic or names
    return generic


def _is_site(names: str, publisher: str | None) -> bool:
    """Whether what stands in an author's place is the site, or its publishing house."""
    one, other = (re.sub(r"[\W_]+", "", name.casefold()) for name in (names, publisher or ""))
    return one == other or (len(other) > 5 and other in one)


def _told(tree: Tree, told: Told, heading: int | None) -> list[str]:
    for thing in article_things(told):
        names = [name for item in listed(thing.get("author")) if (name := text_of(item))]
        if not names:
            names = [name for item in listed(thing.get("creator")) if (name := text_of(item))]
        if names and not (types(thing) & PAGE_TYPES):
            return names
    return []


def _meta(tree: Tree, told: Told, heading: int | None) -> list[str]:
    for name in (
        "author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "citation_author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "byline",
        "article:author",
        "cxenseparse:author",
    ):
        values = [value for value in told.meta.get(name, []) if not _NOT_NAME.search(value)]
        if values:
            return values
    return []


def _marked(tree: Tree, told: Told, heading: int | None) -> list[str]:
    names = []
    for node in sorted({*tree.having("itemprop"), *tree.having("rel")}):
        attributes = tree.attributes[node]
        prop = (attributes.get("itemprop") or "").split()
        rel = (attributes.get("rel") or "").lower().split()
        if tree.tag[node] in ("meta", "link") or "author" not in (*prop, *rel):
            continue
        if tree.closest(node, "figure") is not None or is_beside(tree, node, heading):
            continue
        inner = [
            child
            for child in tree.inside(node, "span", "a", "meta", "p", "h4", "h3")
            if tree.get(child, "itemprop") == "name"
        ]
        text = ""
        if inner:
            text = tree.get(inner[0], "content") or tree.read(inner[0])
        text = text or tree.read(node)
        if text and len(text) < 80 and not _NOT_NAME.search(text):
            names.append((node, text))
    if not names:
        return []
    # bylines stand together; the names of other articles' authors further down do not count
    first = names[0][0]
    return [text for node, text in names if tree.between(first, node) < 400][:6]


def _byline(tree: Tree, told: Told, heading: int | None) -> list[str]:
    start = heading if heading is not None else 0
    for node in range(start, min(len(tree), start + 1500)):
        if not tree.attributes[node] or tree.size(node) > 200 or tree.size(node) < 3:
            continue
        if tree.tag[node] in ("meta", "script", "figure", "figcaption"):
            continue
        words = tree.words(node)
        if tree.get(node, "typeof").endswith("Person"):
            return [tree.read(node)]
        if not words & _AUTHOR_WORDS or words & _PICTURE_WORDS:
            continue
        if tree.closest(node, "figure") is not None:
            continue
        if is_beside(tree, node, heading) or _in_picture(tree, node):
            continue
        anchors = [a for a in tree.inside(node, "a") if 2 < len(tree.read(a)) < 60]
        texts = [tree.read(one) for one in anchors or _names_in(tree, node) or [node]]
        texts = [text for text in texts if not (_NOT_NAME.search(text) or is_credit(text))]
        if texts:
            return [_DATELINE.sub(r"\1", text) for text in texts[:4]]
    return []


def _in_picture(tree: Tree, node: int) -> bool:
    """Whether an element stands in a box that is named for a picture or its caption."""
    boxes = islice(tree.ancestors(node), 2)
    return any(tree.words(box) & _PICTURE_BOXES for box in boxes)


_DATELINE = re.compile(r"^(\S+\s[^,]{2,60}),\s\w+$")
"""A byline of one name of several words, and behind a comma one word: where it was written."""


def _names_in(tree: Tree, byline: int) -> list[int]:
    """The innermost elements of a byline that are named as an author each."""
    named = [
        node
        for node in range(byline + 1, tree.end[byline])
        if tree.words(node) & _NAME_WORDS and 2 < tree.size(node) < 60
    ]
    return [node for node, after in pairwise([*named, len(tree)]) if after >= tree.end[node]]


_BARE_BY = re.compile(r"(?i)\W{0,3}(?:(?:posted|written|story|text|words)\s+)?by\W{0,3}")
_PLAIN_BY = re.compile(r"^\W{0,3}(?:[Bb]y|BY|Von|Par|Por|Door)\s+([^\W\d_][^\d\n|,•·]{2,60})")


_LABELLED = re.compile(
    r"\W{0,3}(?:authors?|autor(?:in|ka|a|es)?|auteurs?|autore|автор[ыи]?|szerző|yazar|forfatter"
    r"|författare|kirjoittaja|written by|作者|撰文|文|記者|记者|글)"
    r"\s*[:：]\s*((?:[^\W\d_][\w.'’-]*\s?){0,5})(?=$|[|,•·–—(])",
    re.I,
)
"""«Author: Name», or the label alone with the name in an element behind it."""
_EASTERN = re.compile(
    r"\W{0,3}(?:([가-힣]{2,4})\s?(?:기자|특파원)(?!\w)|(?:記者|记者)\s([\u4e00-\u9fff]{2,4})(?=$|\s|\W))"
)
"""«Name, reporter» in Korean, «reporter Name» in Chinese, at the beginning of a line."""
_DATED_BY = re.compile(
    r"(?<!\w)(?:by|par|por|von|door|av|af)\s+((?:[^\W\d_][\w.'’-]*\s?){1,5})$", re.I
)
"""At the end of a line that tells the date: «Posted on July 14, 2009 by Name»."""


def _plain(tree: Tree, told: Told, heading: int | None) -> list[str]:
    """«By Name» as plain text right below the headline."""
    if heading is None:
        return []
    for node in range(tree.end[heading], len(tree)):
        if tree.between(heading, node) > 900:
            break
        if tree.tag[node] != TEXT:
            continue
        text = fold(tree.text[node][:_LONGEST_LINE])
        if found := _PLAIN_BY.match(text):
            name = re.split(r"\s+(?:on|for|in|at|updated|published)\b|[.(–—]", found[1])[0].strip()
            words = name.split()
            if 1 < len(words) <= 6 and all(w[0].isupper() or len(w) <= 3 for w in words):
                return [name]
        labelled = _LABELLED.match(text)
        if labelled and not _is_fact(tree, node):
            anchor = next((a for a in tree.inside(tree.parent[node], "a") if a > node), None)
            if labelled[1].strip():
                return [labelled[1]]
            if anchor is not None and 2 < tree.size(anchor) < 60:
                return [tree.read(anchor)]
            behind = _run_behind(tree, node)
            if is_name_like(behind) or (not behind.isascii() and 1 < len(behind) <= 12):
                return [behind]
        if len(text) < 60 and not text.isascii() and (eastern := _EASTERN.match(text)):
            return [eastern[1] or eastern[2]]
        dated = _DATED_BY.search(text) if len(text) < 120 else None
        if dated and dated[1][0].isupper() and iso_date(text):
            return [dated[1]]
        if _BARE_BY.fullmatch(text) and _begins_line(tree, node):
            for anchor in tree.inside(tree.parent[node], "a"):
                if anchor > node and 2 < tree.size(anchor) < 60:
                    return [tree.read(anchor)]
    return []


def _run_behind(tree: Tree, node: int) -> str:
    """The next run of text, where it follows at once; empty where it is long."""
    for after in range(node + 1, min(len(tree), node + 8)):
        if tree.tag[after] == TEXT and tree.text[after].strip():
            return fold(tree.text[after]) if tree.size(after) <= 60 else ""
    return ""


def _begins_line(tree: Tree, node: int) -> bool:
    """Whether nothing but a date, or that it was posted, stands before a text in its element."""
    above = tree.parent[node]
    if tree.between(above, node) > 80:
        return False
    before = fold("".join(tree.text[above:node]))
    return len(before.split()) < 3 or bool(iso_date(before))


def _is_fact(tree: Tree, node: int) -> bool:
    """Whether a text stands in a table of facts about what the article is about."""
    table = tree.closest(node, "table")
    return table is not None and (
        "infobox" in tree.words(table) or tree.closest(node, "th") is not None
    )


_OF_A_PERSON = re.compile(
    r"/(?:authors?|autor(?:es|en)?|auteurs?|autori|person|people|profiles?|contributors?|by|staff"
    r"|users?|reporters?|journalists?)/[^/?#]+/?$"
)


def _linked(tree: Tree, told: Told, heading: int | None) -> list[str]:
    """A link beside the headline that leads to the page of a person."""
    if heading is None:
        return []
    for anchor in tree.all("a"):
        if tree.between(anchor, heading) > 150 or tree.between(heading, anchor) > 300:
            continue
        text = tree.read(anchor)
        named = 2 < len(text) < 60 and not _NOT_NAME.search(text)
        if named and _OF_A_PERSON.search(tree.get(anchor, "href").lower()):
            return [text]
    return []


_SIGNS = (
    r"(?:^|[.\s])(?:[Ww]ritten|[Tt]ext|[Ss]tory|[Cc]aption|[Ww]ords|[Rr]eported|[Pp]osted) by:?"
)
_SIGNING = re.compile(rf"{_SIGNS}$")
_SIGNED = re.compile(
    rf"(?:{_SIGNS}|[Pp]ublished by(?=\s[^\d.]{{4,60}}\son\s[A-Z\d]))\s+"
    r"([A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|[A-Z][\w'’-]+|de|van|von)){1,3})"
)


def _signed(tree: Tree, told: Told, heading: int | None) -> list[str]:
    """«Written by Name» anywhere in the text, as a signature; the name may be set in bold."""
    for node in range(heading or 0, len(tree)):
        if tree.tag[node] != TEXT or " by" not in tree.text[node]:
            continue
        text = fold(tree.text[node][-_LONGEST_LINE:])
        following = tree.end[node]
        if _SIGNING.search(text) and following < len(tree) and tree.size(following) < 60:
            text = f"{text} {tree.read(following)}"
        found = _SIGNED.search(text)
        elsewhere = tree.closest(node, "figure", "figcaption") is not None
        if (
            found
            and not elsewhere
            and not _is_fact(tree, node)
            and not is_beside(tree, node, heading)
        ):
            return [found[1]]
    return []
