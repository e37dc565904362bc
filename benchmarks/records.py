"""Made-up records of pictures, and such records as the lines that ``catalogue load`` takes.

    python benchmarks/records.py make 100000 > records.jsonl
    python benchmarks/records.py convert records.jsonl | catalogue -C somewhere load

A record is a JSON object with ``title``, ``caption``, ``credit``, ``spacecraft``, ``instrument``,
``place``, ``date``, ``sol``, ``width``, ``height``, ``pid``, ``url`` and ``page``: about what a
picture service answers. Records of one page stand together.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]

# Name, slug, cameras, credit, first year, last year, share.
_FLEET = (
    ("Curiosity", "curiosity", {"Mastcam": "msl-mastcam", "MAHLI": "msl-mahli"},
     "NASA/JPL-Caltech/MSSS", 2012, 2026, 28),
    ("Perseverance", "perseverance", {"Mastcam-Z": "m2020-mastcam-z", "WATSON": "m2020-watson"},
     "NASA/JPL-Caltech/ASU/MSSS", 2021, 2026, 24),
    ("Mars Reconnaissance Orbiter", "mro", {"HiRISE": "mro-hirise", "CTX": "mro-ctx"},
     "NASA/JPL-Caltech/University of Arizona", 2006, 2026, 22),
    ("Mars Express", "mars-express", {"HRSC": "mex-hrsc"}, "ESA/DLR/FU Berlin", 2004, 2026, 10),
    ("Opportunity", "opportunity", {"Pancam": "mer-pancam"}, "NASA/JPL/Cornell", 2004, 2018, 10),
    ("Viking Orbiter 1", "viking-1-orbiter", {"VIS": "vis"}, "NASA/JPL", 1976, 1980, 3),
)  # fmt: skip
_PLACES = (
    "Jezero Crater", "Gale Crater", "Gusev Crater", "Meridiani Planum", "Elysium Planitia",
    "Valles Marineris", "Olympus Mons", "Hellas Planitia", "Utopia Planitia", "Mount Sharp",
    "Arabia Terra", "Ares Vallis", "Nili Fossae", "Syrtis Major",
)  # fmt: skip
_THINGS = (
    "dunes", "ripples", "dust devil", "layered rock", "bedrock", "gullies", "boulders", "delta",
    "channel", "mesa", "ejecta", "lava flow", "frost", "clouds", "sunset", "selfie", "drill hole",
    "veins", "regolith", "tracks", "parachute", "heat shield", "helicopter", "meteorite",
    "avalanche", "scarp", "ridge", "mudstone", "clays", "landing site",
)  # fmt: skip
_COMMON = re.findall(
    r"\w+",
    "the of and in on a to this image shows was taken by from its with as is that at for it near"
    " are surface Mars science team view during rover camera area material about small large region"
    " colour mosaic images scale north approximately metres across wind water ancient evidence",
)


def _rare_words(rng: random.Random, number: int = 20_000) -> list[str]:
    syllables = [first + second for first in "bdfghklmnprstvz" for second in "aeiou"]
    words = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(number)}
    return sorted(words)


def made(number: int, seed: int = 4) -> Iterator[Record]:
    """Records with captions of fifty words or so, whose words are as unequal as those of prose."""
    rng = random.Random(seed)
    rare = _rare_words(rng)
    seldom = list(itertools.accumulate(1 / (place + 8) for place in range(len(rare))))
    often = list(itertools.accumulate(1 / (place + 3) for place in range(len(_COMMON))))
    for at in range(number):
        name, slug, cameras, credit, first, last, _ = rng.choices(
            _FLEET, [one[-1] for one in _FLEET]
        )[0]
        camera = rng.choice(list(cameras))
        place, thing, other = rng.choice(_PLACES), rng.choice(_THINGS), rng.choice(_THINGS)
        length = max(12, min(220, int(rng.lognormvariate(3.85, 0.5))))
        words = rng.choices(_COMMON, cum_weights=often, k=int(length * 0.8))
        words += rng.choices(rare, cum_weights=seldom, k=int(length * 0.15))
        words += rng.choices(_THINGS, k=max(1, int(length * 0.05)))
        rng.shuffle(words)
        width, height = rng.choice(((1024, 1024), (1648, 1200), (2048, 1536), (1344, 1200)))
        yield {
            "pid": f"{camera[:3].upper()}_{rng.randint(1, 99999):06d}_{rng.randint(900, 2700):04d}",
            "title": f"{name} {camera} view of {thing} in {place}",
            "caption": f"{name} saw {thing} and {other} in {place}. {' '.join(words)}.",
            "credit": credit,
            "spacecraft": slug,
            "instrument": cameras[camera],
            "place": place,
            "date": f"{rng.randint(first, last)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "sol": rng.randint(1, 4600),
            "width": width,
            "height": height,
            "url": f"https://example.org/img/{at:07d}.jpg",
            "page": f"https://example.org/article/{at // 6}",
        }


# --- as a dump --------------------------------------------------------------------------------

_WHEN = "2026-01-01T00:00:00+00:00"


def lines_of(records: Records) -> Iterator[Record]:
    """The lines of a dump that hold the records, in its order: images, pages, verdicts."""
    yield {"kind": "catalogue", "format": 1}
    yield from map(_image, records)
    for address, shown in itertools.groupby(records, key=lambda record: record["page"]):
        yield _page(address, list(shown))
    yield from map(_credit, sorted({record["credit"] for record in records}))
    yield from map(_picture, records)


def _key(record: Record) -> str:
    return hashlib.sha256(record["url"].encode()).hexdigest()


def _image(record: Record) -> Record:
    key = _key(record)
    return {
        "kind": "image", "id": key, "suffix": ".jpg",
        "bytes": record["width"] * record["height"] // 8, "format": "JPEG",
        "media_type": "image/jpeg", "width": record["width"], "height": record["height"],
        "frames": 1, "mode": "RGB", "fingerprint": int(key[:16], 16), "colour": "#b07050",
        "added": _WHEN,
    }  # fmt: skip


def _page(address: str, records: list[Record]) -> Record:
    return {
        "kind": "page", "address": address, "url": address, "title": records[0]["title"],
        "published": records[0]["date"], "language": "en", "outcome": "ok", "fetched": _WHEN,
        "appearances": [
            {
                "url": record["url"], "image": _key(record), "role": "content",
                "title": record["title"], "caption": record["caption"],
                "credit": record["credit"], "outcome": "stored",
            }
            for record in records
        ],
    }  # fmt: skip


def _credit(credit: str) -> Record:
    return {
        "kind": "credit", "text": credit, "normal": credit,
        "organisations": [part.lower() for part in credit.split("/")],
    }  # fmt: skip


def _picture(record: Record) -> Record:
    # What the page says of the picture is told in the page's line.
    return {
        "kind": "picture", "id": _key(record),
        "verdict": {
            "spacecraft": record["spacecraft"], "instrument": record["instrument"],
            "kind": "photo", "taken": record["date"], "published": record["date"],
            "sol": record["sol"], "place": record["place"], "product_id": record["pid"],
            "confidence": 0.99,
        },
        "credit": record["credit"],
        "names": f"{record['spacecraft']}; {record['instrument']}",
        "evidence": [
            ["caption", record["title"], f"spacecraft={record['spacecraft']}", "name", 0.9]
        ],
    }  # fmt: skip


class Records:
    """The records of a file of JSON lines, read anew each time that they are gone through."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[Record]:
        with self._path.open("rb") as lines:
            yield from map(json.loads, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    task = parser.add_subparsers(required=True, dest="task")
    task.add_parser("make").add_argument("number", type=int)
    task.add_parser("convert").add_argument("file", type=Path)
    given = parser.parse_args()
    lines = made(given.number) if given.task == "make" else lines_of(Records(given.file))
    for line in lines:
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
