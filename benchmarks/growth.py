"""How the cost of searches grows with the catalogue, as a plot for the manual.

    for n in 1000 10000 100000; do python benchmarks/search.py --number $n --figures FILE; done
    python benchmarks/growth.py FILE docs/images/search-growth.svg

Both axes are logarithmic: a cost that grows with the catalogue rises as steeply as the dotted line.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from xml.sax.saxutils import escape

LINES = {
    "words": ("two words, best match first", "#b3411f"),
    "words, bare": ("two words, asked of SQLite alone", "#8a8a8a"),
    "common words": ("a word of 40 % of the captions", "#1f6fb3"),
    "facets": ("counts over all matches of two words", "#6b4fa0"),
    "by date, first page": ("a spacecraft's pictures by date", "#2f7d4f"),
    "the same, behind a picture": ("a page far behind in these (--after)", "#b08a1e"),
    "from a shell": ("two words from a cold shell", "#222222"),
}
"""Figures that are drawn, with their names and colours."""

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 470, 70, 300, 20, 50

Points = list[tuple[float, float]]


def drawn(figures: list[dict[str, float]]) -> str:
    """The plot, as SVG."""
    lines: dict[str, Points] = {
        name: [(one["records"], one[name]) for one in figures if name in one] for name in LINES
    }
    sizes = [number for points in lines.values() for number, _ in points]
    costs = [cost for points in lines.values() for _, cost in points]
    first, last = math.log10(min(sizes)), math.log10(max(sizes))
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))

    def x(size: float) -> float:
        return LEFT + (math.log10(size) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(cost: float) -> float:
        return TOP + (high - math.log10(cost)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="system-ui, sans-serif" font-size="13">',
        "<title>CPU time of searches by the number of pictures</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#e4e0da"/>')
        parts.append(_text(LEFT - 8, at + 4, f"{10**power:g} ms", anchor="end"))
    for size in sorted(set(sizes)):
        at = x(size)
        parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e0da"/>')
        parts.append(_text(at, HEIGHT - BOTTOM + 20, f"{size:,.0f}", anchor="middle"))
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    parts.append(_text(middle, HEIGHT - 8, "pictures in the catalogue", anchor="middle"))
    steep = min(high - low, last - first)
    corner = (x(10**first), y(10**low))
    end = (x(10 ** (first + steep)), y(10 ** (low + steep)))
    parts.append(
        f'<path d="M{corner[0]:.1f} {corner[1]:.1f}L{end[0]:.1f} {end[1]:.1f}" fill="none"'
        ' stroke="#999" stroke-dasharray="2 5"/>'
    )
    labels = sorted((y(points[-1][1]), name) for name, points in lines.items() if points)
    height = -math.inf
    for wanted, name in labels:
        title, colour = LINES[name]
        points = sorted(lines[name])
        path = "L".join(f"{x(size):.1f} {y(cost):.1f}" for size, cost in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(size):.1f}" cy="{y(cost):.1f}" r="3" fill="{colour}"/>'
            for size, cost in points
        ]
        height = max(wanted, height + 18)
        parts.append(_text(WIDTH - RIGHT + 12, height + 4, title, colour=colour))
    return "\n".join((*parts, "</svg>", ""))


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = "#444") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", type=Path, help="as search.py --figures writes it")
    parser.add_argument("plot", type=Path, help="the SVG file to write")
    given = parser.parse_args()
    lines = given.figures.read_text(encoding="utf-8").splitlines()
    given.plot.write_text(drawn([json.loads(line) for line in lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
