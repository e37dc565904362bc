"""Each rule of belonging says what it promises, and nothing where it has no opinion."""

from __future__ import annotations

import pytest

from catalogue.sites import belonging
from catalogue.sites.article import Article, find_article
from catalogue.sites.belonging import BELONGING
from catalogue.sites.metadata import find_heading
from catalogue.sites.pictures import Place, find_places
from catalogue.sites.structured import read_told
from catalogue.sites.tree import Tree

PROSE = "<p>" + "Some words of an article that are long enough to be prose. " * 3 + "</p>"


def place_in(body: str) -> tuple[Tree, Place, Article]:
    page = f"<body><main><h1>The headline of it</h1>{PROSE}{body}{PROSE}</main></body>"
    tree = Tree(page.encode())
    article = find_article(tree, find_heading(tree, read_told(tree)))
    places, _ = find_places(tree, "https://a.example/story/", [], 0)
    return tree, places[0], article


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        (belonging.tiny, "<img src=a.jpg width=1 height=1>"),
        (belonging.tiny, "<img src=a.jpg width=600 height=12>"),
        (belonging.furniture, "<img class=author-avatar src=a.jpg>"),
        (belonging.surroundings, "<div class='related-stories'><img src=a.jpg></div>"),
        (belonging.surroundings, "<form><img src=a.jpg></form>"),
        (belonging.teaser, "<a href=/x><img src=a.jpg>What else has happened there</a>"),
        (belonging.teaser, "<div><img src=a.jpg><h3><a href=/x>Another headline</a></h3></div>"),
        (belonging.teaser, "<a href=https://a.example/author/jo/><img src=a.jpg></a>"),
        (belonging.video, "<div class='video-player'><img src=a.jpg></div>"),
        (belonging.promotion, "<div>Sign up for our letter <img src=a.jpg></div>"),
        (belonging.thumbnail, "<img srcset='a.jpg 100w, b.jpg 180w'>"),
        (belonging.furniture_name, "<img src=/img/company-logo.png>"),
    ],
)
def test_rule_leaves_out(rule: belonging.Rule, body: str) -> None:
    """What the rule is for is left out, under the rule's name."""
    verdict = rule(*place_in(body))

    assert verdict is not None
    assert (False, rule.__name__.replace("_", " ")) == (verdict.keep, verdict.rule)


@pytest.mark.parametrize("rule", BELONGING[:9], ids=lambda rule: rule.__name__)
def test_rule_has_no_opinion_on_a_plain_picture(rule: belonging.Rule) -> None:
    """A picture in the text, with nothing odd about it, is left to the later rules."""
    assert rule(*place_in("<img src=/up/rover.jpg width=800 height=600>")) is None


def test_plain_picture_in_the_text_belongs() -> None:
    """A picture among the paragraphs is the article's."""
    verdict = belonging.belongs(*place_in("<img src=/up/rover.jpg>"))

    assert (verdict.keep, verdict.rule) == (True, "in the text")


def test_container_with_the_article_in_it_is_no_surrounding() -> None:
    """A junk word in the name of an element that holds the article itself means nothing."""
    page = (
        f"<body class=has-sidebar><div class='content-and-related'><h1>The headline</h1>{PROSE}"
        f"<img src=a.jpg>{PROSE}</div></body>"
    )
    tree = Tree(page.encode())
    article = find_article(tree, find_heading(tree, read_told(tree)))
    places, _ = find_places(tree, "https://a.example/", [], 0)

    assert belonging.belongs(tree, places[0], article).keep


def test_every_rule_has_a_docstring() -> None:
    """The rules are explained where they stand."""
    assert all(rule.__doc__ for rule in BELONGING)
