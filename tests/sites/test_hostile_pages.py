"""Pages made to hurt: bounded time, a page that can be read in part, never an error."""

# ruff: noqa: E501 - lines of pages stand as pages write them

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.model import Document, Page
from catalogue.sites import read_page

PROSE = "<p>" + "Some words of an article that are long enough to be prose. " * 3 + "</p>"
HEAD = f"<article><h1>The headline of it all</h1>{PROSE}"

PAGES = {
    "nested": "<div>" * 100_000 + PROSE,
    "nested and closed": "<div>" * 50_000 + PROSE + "</div>" * 50_000,
    "nested links": "<a href=x>" * 30_000 + "<div>" * 30_000,
    "nested lists": "<ul><li>" * 30_000,
    "nested tables": "<table><tr><td>" * 20_000,
    "formatting made anew": "<p>"
    + "".join(f"<b a={n}>" for n in range(3000))
    + "</p>"
    + "<p>x</p>" * 20_000,
    "many pictures": HEAD
    + "<figure>"
    + "".join(f"<a href=/{n}><img src=/i/picture-{n:05d}.jpg></a>" for n in range(5000)),
    "many pictures, one caption": HEAD
    + "<figure>"
    + "".join(f"<a href=/{n}><img src=/i/picture-{n:05d}.jpg></a>" for n in range(5000))
    + "<figcaption>All of them</figcaption></figure>",
    "many headlines that are links": "<title>x | y</title>"
    + "<h1><a href=/b>x</a></h1><h2>z</h2>" * 20_000
    + PROSE,
    "many rows of two pictures": HEAD
    + "<div><div><img src=/a1.jpg></div><div><img src=/b1.jpg></div></div><i></i>" * 5_000,
    "many links that lead on": HEAD + "<div>" + "<img src=/a.jpg><a href=/x>More</a>" * 10_000,
    "many lines": f"<div>{'y' * 70}<br></div>" * 30_000,
    "huge attribute": HEAD + f"<img src='/{'a' * 5_000_000}.jpg' alt='{'c' * 3_000_000}'>",
    "huge srcset": HEAD
    + "<img srcset='"
    + ", ".join(f"/x{n}.jpg {n}w" for n in range(200_000))
    + "'>",
    "huge class": f"<div class='{'caption credit ' * 300_000}'><img src=a.jpg></div>",
    "huge caption": HEAD + f"<figure><img src=a.jpg><figcaption>{'Photo ' * 200_000}</figcaption>",
    "brackets": HEAD + f"<figure><img src=a.jpg><figcaption>{'(a ' * 200_000}</figcaption>",
    "many captions": HEAD + "<figure><img src=a.jpg>" + "<figcaption>x</figcaption>" * 30_000,
    "deep JSON": f"<script type=application/ld+json>{'[' * 200_000}</script>" + HEAD,
    "deep JSON objects": "<script type=application/ld+json>" + '{"a":' * 100_000 + "</script>",
    "much state": HEAD
    + "<img src=/i/distinctive-name.jpg><script>"
    + '{"url":"/i/distinctive-name.jpg",' * 100_000,
    "many pictures in a row": HEAD + "".join(f"<img src=/p-{n}-view.jpg>" for n in range(5_000)),
    "one picture many times": HEAD + "".join(f"<img src=/p.jpg?x={n}>" for n in range(10_000)),
    "many objects of JSON-LD": '<script type="application/ld+json">['
    + '{"@type":"NewsArticle","image":"/i.jpg"},' * 40_000
    + "{}]</script>"
    + HEAD,
    "many states": HEAD
    + "".join(
        f"""<div data-p='{{"u":"/photo-{n}-abc.jpg","x":"{"y" * 300}"}}'><img src=/photo-{n}-abc.jpg></div>"""
        for n in range(3_000)
    ),
    "many links to files": HEAD
    + "".join(f"<a href=/f/{n}.jpg>x</a>" for n in range(50_000))
    + "<img src=/f/1.jpg>",
    "figures in open figures": HEAD
    + "".join(f"<b><font a={n}><li><figure><img src=/x{n}.jpg><figcaption>c" for n in range(5_000)),
    "many sources": HEAD
    + "<picture>"
    + "".join(f"<source srcset='/s/{n}.webp 1x, /s/{n}b.webp 2x'>" for n in range(60_000))
    + "<img src=/a.jpg></picture>",
    "state that begins again": HEAD + "<script>" + '{"title":"A story","caption":"x",' * 100_000,
    "one line without end": HEAD + "<p>" + "written by word " * 500_000,
    "open brackets": "<" * 2_000_000,
    "comments": "<!--" * 100_000 + PROSE,
}


def read(html: str | bytes) -> Page:
    data = html.encode() if isinstance(html, str) else html
    return read_page(Document(address="x", data=data, url="https://a.example/story/"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_hurt_is_read(name: str) -> None:
    """Each is read; what took more than linear time would not end here in any patience."""
    assert isinstance(read(PAGES[name]), Page)


def test_what_was_not_read_is_told() -> None:
    """A page that is read in part says so, and why."""
    page = read("<div>" * 5000 + PROSE)

    assert "nested too deeply" in page.notes[0]


def test_galleries_without_end_are_read_in_part() -> None:
    """Of pictures with many files each, and of those that only data name, the first are taken."""
    many = "".join(
        "<img srcset='" + ", ".join(f"/view-{n}-{k}.jpg {k}w" for k in range(60)) + "'>"
        for n in range(900)
    )
    data = "".join(
        f"""<div id=x data-a='[{{"src":"/p{n}.jpg","caption":"One of them, {n}"}},
        {{"src":"/q{n}.jpg","caption":"Another one, {n}"}}]'></div>"""
        for n in range(300)
    )

    assert any("many files" in note for note in read(HEAD + PROSE + many).notes)
    told = read(f"{HEAD}{PROSE}<section>{data}</section>{PROSE}")
    assert any("its data" in note for note in told.notes)
    assert told.images


def test_very_large_page_is_read_in_part() -> None:
    """Twenty megabytes of elements: the beginning is read, and that is told."""
    page = read(
        HEAD
        + "<figure><img src=/a-picture.jpg><figcaption>One</figcaption></figure>"
        + "<div><span class='a b'>x</span></div>" * 500_000
    )

    assert page.images[0].caption == "One"
    assert any("tags were read" in note for note in page.notes)


def test_addresses_that_must_not_be_asked() -> None:
    """Data, scripts, files, credentials and nonsense are no pictures."""
    page = read(
        HEAD
        + "".join(
            f'<img src="{address}">'
            for address in (
                "data:image/png;base64,AAAA",
                "javascript:alert(1)",
                "file:///etc/passwd",
                "http://[::1",
                "http://a:b@c.example/x.jpg",
                "https://x.example:99999/y.jpg",
                "//",
            )
        )
        + PROSE
    )

    assert page.images == ()


def test_base_may_not_lead_to_a_script_or_file() -> None:
    """A base element is believed only where it is a web address."""
    page = read(f"<base href='file:///etc/'>{HEAD}<img src=rover-picture.jpg>{PROSE}")

    assert page.images[0].url == "https://a.example/story/rover-picture.jpg"


def test_nul_bytes() -> None:
    """NUL bytes are taken out."""
    page = read(HEAD.replace("headline", "head\0line") + "<img src='/ro\0ver.jpg'>" + PROSE)

    assert page.title == "The headline of it all"
    assert page.images[0].url == "https://a.example/rover.jpg"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<figure>", "</figure>", "<img src=a.jpg>", "<figcaption>", "<p>", "</p>", "<a href=x>",
             "</a>", "<table>", "<td>", "<picture>", "<source srcset='b.jpg 2x'>", "<noscript>",
             "</noscript>", "Credit: NASA", "some words ", "<b>", "<span class=credit>", "</span>",
             "<svg>", "<template>", "<script>", "</script>", "<h1>", "<li>", "<base href=y>",
             "<meta property=og:image content=//>", "&amp;", "\x00", "<!--", "]]>"]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_soup_is_read(pieces: list[str]) -> None:
    """Whatever order the marks come in, a page is read."""
    page = read("".join(pieces))

    assert all(image.url for image in page.images)


def test_random_bytes_are_read() -> None:
    """Bytes that are no page give an empty page."""
    data = random.Random(7).randbytes(200_000)

    assert read(data).images == ()
