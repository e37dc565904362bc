"""What ``--mars-only`` lets through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalogue.model import Appearance, Document, Page
from catalogue.registry import load_registry
from catalogue.sieve import MarsSieve
from catalogue.sources import read_article

SIEVE = MarsSieve.of(load_registry())
CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"


@pytest.mark.parametrize(
    "text",
    [
        "<p>Dunes on Mars</p>",
        "<a href='https://mars.nasa.gov/raw'>",
        "<p>The Martian surface</p>",
        "<p>la superficie de Marte</p>",
        "<p>поверхность Марса</p>",
        "<p>火星の表面</p>",
        "<p>sur Mars 12 jours</p>",
    ],
)
def test_a_page_that_names_the_planet_is_looked_at(text: str) -> None:
    assert SIEVE.takes(text.encode())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("поверхность марса", "cp1251"), ("火星", "gb18030"), ("火星", "shift_jis")],
)
def test_so_is_one_in_an_old_encoding(text: str, encoding: str) -> None:
    assert SIEVE.takes(text.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "<p>Dunes in the Sahara</p>",
        "<p>le 12 mars, à Paris</p>",
        "<p>Lundi 1er mars 2021</p>",
        "<p>en mars 2021</p>",
        "<p>Marshall, Marseille, Marsala, summars</p>",
        "<p>Перспективы рынка</p>",
    ],
)
def test_a_page_that_does_not_is_passed_over(text: str) -> None:
    assert not SIEVE.takes(text.encode())


@pytest.mark.parametrize(
    "caption",
    [
        "A solar panel of InSight, under its dust.",
        "Curiosity at work.",
        "Seen by HiRISE.",
        "Looking down into Jezero Crater.",
        "A storm on the red planet.",
        "Zhurong and its lander.",
    ],
)
def test_what_is_said_of_a_picture_names_what_is_at_mars(caption: str) -> None:
    assert SIEVE.takes_page(
        Page(images=(Appearance(url="https://a.example/1.jpg", caption=caption),))
    )


@pytest.mark.parametrize(
    "caption",
    [
        "The curiosity of cats.",
        "An opportunity for hope and insight.",
        "The rings of Saturn, seen by Cassini.",
        "Galaxies, seen by Hubble.",
        "A march in Paris on 3 mars 2022.",
    ],
)
def test_other_words_do_not(caption: str) -> None:
    page = Page(title="News", images=(Appearance(url="https://a.example/1.jpg", caption=caption),))

    assert not SIEVE.takes_page(page)


def test_a_page_about_mars_is_taken_whatever_its_captions_say_and_a_menu_is_not_enough() -> None:
    page = Page(title="A view", images=(Appearance(url="https://a.example/1.jpg"),))
    about = b"<p>The surface of Mars is red, and cold.</p>" * 10

    assert SIEVE.takes_page(page, about)
    assert not SIEVE.takes_page(page, about + b"<p>Something else.</p>" * 5000)


def test_the_key_changes_with_the_registry() -> None:
    assert SIEVE.key == MarsSieve.of(load_registry()).key
    assert SIEVE.key != MarsSieve(SIEVE.names | {("ares", "one")}, SIEVE.exact).key


@pytest.mark.shared
def test_on_the_corpora_it_loses_no_page_with_a_picture_of_mars() -> None:
    folder = CORPUS / "articles" / "pages"
    if not folder.is_dir():
        pytest.skip("the contributors' corpora are not beside the checkout")
    taken = set()
    for path in sorted(folder.glob("*.html")):
        data = path.read_bytes()
        page = read_article(Document(address=path.name, data=data, media_type="text/html"))
        if SIEVE.takes(data) and SIEVE.takes_page(page, data):
            taken.add(path.name)
    titles = {}
    for line in (CORPUS / "articles" / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        shown = json.loads(line)
        captions = [one.get("caption") or "" for one in shown["images"]]
        titles[shown["page"]] = " ".join([shown["title"], *captions])
    of_mars = {name for name, words in titles.items() if "Mars" in words or "Perseverance" in words}

    assert of_mars <= taken
    assert len(taken) <= len(titles) / 8
