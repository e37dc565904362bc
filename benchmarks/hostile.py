"""How time grows with input that is made to hurt: what is linear takes four times for four times.

    python benchmarks/hostile.py [--only WORD]

Each case is read at one size and at four times that size, in turns, and the ratio of the best of
three is told, with the CPU seconds of the larger one. Pages and texts are cut off at their limits,
so that a ratio below four is no surprise; one far above is a defect.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress

from catalogue.credit import read_credit
from catalogue.credit.lines import split_credit
from catalogue.errors import CatalogueError
from catalogue.identify import find_identities
from catalogue.model import Document
from catalogue.registry import load_registry
from catalogue.sites import read_page
from catalogue.sources import open_document, read_article

HEAD = "<title>A story</title><article><h1>A headline</h1><p>Some words of a story.</p>"

LINE = "\r\n"
RECORD = f"WARC/1.0{LINE}WARC-Type: response{LINE}WARC-Target-URI: https://a.example/{LINE}"

PAGES: dict[str, Callable[[int], str]] = {
    "nested": lambda n: "<div>" * n,
    "nested links": lambda n: "<a href=x><div>" * n,
    "nested tables": lambda n: "<table><tr><td>" * n,
    "open brackets": lambda n: "<" * (20 * n),
    "figures": lambda n: (
        HEAD
        + "".join(
            f"<figure><img src=/i/picture-{i:06d}.jpg><figcaption>Picture {i}</figcaption></figure>"
            for i in range(n // 10)
        )
    ),
    "figures in open figures": lambda n: (
        HEAD + "".join(f"<b><li><figure><img src=/x{i}.jpg><figcaption>c" for i in range(n // 10))
    ),
    "pictures in one figure": lambda n: (
        HEAD
        + "<figure>"
        + "".join(f"<a href=/{i}><img src=/i/picture-{i:06d}.jpg></a>" for i in range(n // 10))
    ),
    "one picture many times": lambda n: (
        HEAD + "".join(f"<img src=/p.jpg?x={i}>" for i in range(n // 10))
    ),
    "attribute": lambda n: HEAD + f"<img src='/{'a' * (50 * n)}.jpg' alt='{'c' * (50 * n)}'>",
    "srcset": lambda n: (
        HEAD + "<img srcset='" + ", ".join(f"/x{i}.jpg {i}w" for i in range(n)) + "'>"
    ),
    "srcsets": lambda n: (
        HEAD
        + "".join(
            "<img srcset='" + ", ".join(f"/{i}-{k}.jpg {k}w" for k in range(60)) + "'>"
            for i in range(n // 60)
        )
    ),
    "sources": lambda n: (
        HEAD
        + "<picture>"
        + "".join(f"<source srcset='/s/{i}.webp 1x, /s/{i}b.webp 2x'>" for i in range(n))
        + "<img src=/a.jpg></picture>"
    ),
    "data of elements": lambda n: (
        HEAD
        + "".join(
            f"""<div id=x data-a='[{{"src":"/p{i}.jpg","caption":"One of them, {i}"}},
            {{"src":"/q{i}.jpg","caption":"Another one, {i}"}}]'></div>"""
            for i in range(n // 10)
        )
    ),
    "state": lambda n: HEAD + "<script>" + '{"title": "A headline", "caption": "x", ' * n,
    "table": lambda n: (
        HEAD
        + "<table>"
        + "".join(
            f"<tr><td><img src=/t/{i:06d}.jpg></td></tr><tr><td>Cell {i}</td></tr>"
            for i in range(n // 10)
        )
    ),
    "headlines": lambda n: "<title>x | y</title>" + "<h1><a href=/b>x</a></h1><h2>z</h2>" * n,
    "rows of pictures": lambda n: (
        HEAD + "<div><div><img src=/a1.jpg></div><div><img src=/b1.jpg></div></div><i></i>" * n
    ),
    "lists of links": lambda n: "<ul><li><a href=x>y</a>" * n,
    "words": lambda n: HEAD + "<p>" + "word by word " * n,
    "caption": lambda n: HEAD + f"<figure><img src=a.jpg><figcaption>{'Photo ' * n}</figcaption>",
    "JSON": lambda n: HEAD + "<script type=application/ld+json>" + '{"a":[' * n + "</script>",
}
LINES = {
    name: (lambda n, bit=bit: bit * (n // 4))
    for name, bit in {
        "organisations": "NASA/JPL/",
        "labels": "Credit: ",
        "brackets": "(a ",
        "names": "A. Name and ",
        "letters": "a",
        "blanks": " ",
    }.items()
}
TEXTS: dict[str, Callable[[int], str]] = {
    "marks": lambda n: "*_" * n,
    "pictures": lambda n: "![x](" * n,
    "lines": lambda n: "word\n" * n,
}
ARCHIVES: dict[str, Callable[[int], str]] = {
    "headers": lambda n: RECORD + ("X: y" + LINE) * n,
    "line": lambda n: RECORD + "X: " + "y" * (100 * n),
    "blank lines": lambda n: RECORD + LINE * n,
}
FEEDS: dict[str, Callable[[int], str]] = {
    "entries": lambda n: (
        "<rss><channel>"
        + "<item><title>x</title><link>https://a.example/</link></item>" * (n // 20)
        + "</channel></rss>"
    ),
    "entities": lambda n: '<!DOCTYPE r [<!ENTITY a "lol">]><rss>' + "&a;" * n + "</rss>",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="a word in the names of the cases")
    asked = parser.parse_args()
    registry = load_registry()

    def page(text: str) -> object:
        return read_page(Document(address="x", data=text.encode(), url="https://a.example/s/"))

    def source(name: str) -> Callable[[str], object]:
        def opened(text: str) -> object:
            document = Document(address=name, data=text.encode())
            return [
                read_article(member)
                for member in open_document(document).members()
                if isinstance(member, Document)
            ]

        return opened

    print(f"{'':36} times  seconds")
    for kind, cases, read in (
        ("page", PAGES, page),
        ("text", TEXTS, source("a.md")),
        ("feed", FEEDS, source("a.rss")),
        ("archive", ARCHIVES, source("a.warc")),
        ("credit line, split", LINES, split_credit),
        ("credit line, understood", LINES, lambda text: read_credit(text, registry)),
        ("identifiers", {"digits": lambda n: "ESP_0123 " * n}, find_identities),
    ):
        for name, make in cases.items():
            if asked.only in f"{kind}: {name}":
                small, large = make(10_000), make(40_000)
                best = [float("inf")] * 2
                for _ in range(3):
                    for size, text in enumerate((small, large)):
                        best[size] = min(best[size], seconds(read, text))
                print(f"{kind + ': ' + name:36} {best[1] / best[0]:5.1f}  {best[1]:7.3f}")


def seconds(read: Callable[[str], object], text: str) -> float:
    """CPU seconds of reading it, or of refusing to."""
    start = time.process_time()
    with suppress(CatalogueError):
        read(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
