"""What it costs to read pages, as a multiple of parsing them.

    python benchmarks/reading.py [FOLDER] [--repeat 3]

FOLDER holds saved pages (``.html``); without one, pages are made here: of the size and mark-up of
news pages, each of another shape. A bare parse by the same parser, of the same text, is the unit.
CPU of one process; the first pass counts by itself, since a harvest reads a page once.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from catalogue.model import Document
from catalogue.sources import read_article

PROSE = (
    "<p>The rover drove across the floor of the crater and stopped at the edge of a field of "
    "ripples, where the team wants to study how the wind moves grains of sand.</p>"
)


def made(number: int) -> bytes:
    """A page with a menu, a dozen paragraphs, pictures with words, teasers and a footer."""
    menu = "".join(f'<li><a href="/s/{i}">Section {i}</a></li>' for i in range(60 + number))
    figures = "".join(
        f"""<figure class="w-{number}"><picture><source type="image/webp"
        srcset="/i/{number}-{i}-640.webp 640w, /i/{number}-{i}-1280.webp 1280w"><img
        src="/i/{number}-{i}-640.jpg" alt="A view"></picture><figcaption>View {i} of the plain.
        <span class="credit">NASA/JPL-Caltech</span></figcaption></figure>{PROSE * 3}"""
        for i in range(1 + number % 5)
    )
    teasers = "".join(
        f'<div class="card"><a href="/t/{i}"><img src="/t/{i}.jpg"><h3>Story {i}</h3></a></div>'
        for i in range(24)
    )
    state = '{"image": "/x.jpg"},' * 2000
    return f"""<!doctype html><html lang=en><head><title>Story {number} | Paper</title>
        <meta property="og:image" content="/i/{number}-0-1280.jpg"></head><body>
        <header><ul class="menu">{menu}</ul></header><main><article><h1>Story {number}</h1>
        {figures}</article><section class="related">{teasers}</section></main>
        <footer>{menu}</footer><script>x = [{state}]</script></body></html>""".encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    pages = (
        [path.read_bytes() for path in sorted(options.folder.glob("*.html"))]
        if options.folder
        else [made(number) for number in range(50)]
    )
    read_article(Document(address="x", data=b"<p>x", media_type="text/html"))  # imports
    for turn in range(options.repeat):
        parsing = reading = 0.0
        for data in pages:
            start = time.process_time()
            LexborHTMLParser(data.decode("utf-8", "replace"))
            between = time.process_time()
            read_article(
                Document(
                    address="page", data=data, url="https://a.example/", media_type="text/html"
                )
            )
            parsing += between - start
            reading += time.process_time() - between
        print(
            f"pass {turn + 1}: {len(pages) / reading:6.0f} pages a second of CPU, "
            f"{reading / parsing:5.1f} times a bare parse"
        )


if __name__ == "__main__":
    main()
