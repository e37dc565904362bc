"""How fast captions are attributed, and whether the time grows with the text alone.

    python benchmarks/attribution.py [CAPTIONS.jsonl]

Figures of one run belong together; compare them as ratios. CPU is user and system time. Without a
file (JSON lines as ``catalogue attribute`` reads them) the captions are those of the tests, alone,
and with an article's worth of text behind them.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from catalogue.attribution import attribute
from catalogue.cli.attribute import sighting_of
from catalogue.model import Sighting
from catalogue.registry import load_registry

CAPTIONS = Path(__file__).resolve().parent.parent / "tests" / "attribution" / "captions.toml"
BEHIND = (
    " The plain beyond is covered with small stones and ripples of dark sand, and a ridge closes"
    " the view some three kilometres away. Scientists think that water once stood here."
)
REGISTRY = load_registry()


def cpu(work: Callable[[], object]) -> float:
    """Least CPU seconds of five goes."""
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def told(name: str, sightings: list[Sighting]) -> None:
    seconds = cpu(lambda: [attribute(one, REGISTRY) for one in sightings])
    size = sum(len(one.appearances[0].appearance.caption or "") for one in sightings)
    rate, mean = len(sightings) / seconds, size // len(sightings)
    print(f"{name:24} {rate:8,.0f} a second of CPU ({mean} characters each on the average)")


def time_of(text: str) -> float:
    sighting = sighting_of({"id": 1, "caption": text})
    return cpu(lambda: attribute(sighting, REGISTRY))


def main() -> None:
    if len(sys.argv) > 1:
        lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
        told(sys.argv[1], [sighting_of(json.loads(line)) for line in lines if line.strip()])
        return
    captions = [one["text"] for one in tomllib.loads(CAPTIONS.read_text("utf-8"))["caption"]]
    told("captions", [sighting_of({"id": 1, "caption": text}) for text in captions])
    told("with three sentences", [sighting_of({"id": 1, "caption": t + BEHIND}) for t in captions])
    print("\ntime for ten times the text (10 is linear; only the first 20,000 characters are read)")
    hostile = {
        "one credit": "NASA/JPL/",
        "one name": "Curiosity ",
        "almost a rule": "taken by the ",
        "dates": "January 2021 ",
        "brackets": "(",
    }
    for name, piece in hostile.items():
        text = piece * (2_000 // len(piece))
        short, long = (time_of(text * times) for times in (1, 10))
        print(f"{name:24} {long / short:6.1f}  ({long * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
