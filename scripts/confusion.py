"""How far attribution is to be trusted: calibration and confusion on the contributors' captions.

    python scripts/confusion.py [--shared FOLDER] [--markdown]

Prints how often the spacecraft was right by the confidence that was given with it, and, for each
spacecraft, how often it was said, rightly and wrongly, and what was said in its place.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


def judged(shared: Path) -> Iterator[tuple[dict[str, Any], str | None, float, bool]]:
    """Record, spacecraft said, confidence, and whether that counts as right."""
    from gate import _lines, _module

    from catalogue.attribution import attribute
    from catalogue.cli.attribute import sighting_of
    from catalogue.registry import load_registry

    folder = shared / "corpus" / "captions"
    scoring, registry = _module(folder / "score.py"), load_registry()
    for record in _lines(folder / "dev.jsonl"):
        verdict = attribute(sighting_of(scoring.program_input(record)), registry)
        said = {"spacecraft": verdict.spacecraft, "instrument": None, "credit": None}
        right = scoring.judge(record, said)[0] == "right"
        yield record, verdict.spacecraft, verdict.confidence, right


def calibration(cases: list[tuple[dict[str, Any], str | None, float, bool]]) -> list[list[str]]:
    """Rows of the table: confidence, spacecraft named, right, share."""
    rows = [["confidence", "named", "right", "share"]]
    for low, high in itertools.pairwise(BINS):
        inside = [right for _, said, sure, right in cases if said and low <= sure < high]
        share = f"{sum(inside) / len(inside):.3f}" if inside else "-"
        rows.append(
            [f"{low:.2f} to {min(high, 1.0):.2f}", str(len(inside)), str(sum(inside)), share]
        )
    return rows


def confusion(cases: list[tuple[dict[str, Any], str | None, float, bool]]) -> list[list[str]]:
    """Rows of the table: spacecraft, records of it, right, and what else was said."""
    said_for: dict[str, Counter[str]] = defaultdict(Counter)
    right_for: Counter[str] = Counter()
    for record, said, _, right in cases:
        gold = record["gold"]
        name = gold["spacecraft"][0] if gold["spacecraft"] else gold["answer"]
        said_for[name][said or "nothing"] += 1
        right_for[name] += right
        if right:
            said_for[name][said or "nothing"] -= 1
    rows = [["spacecraft", "records", "right", "said instead"]]
    totals = {name: right_for[name] + sum(counts.values()) for name, counts in said_for.items()}
    for name in sorted(totals, key=lambda name: (-totals[name], name)):
        instead = ", ".join(f"{said} {n}" for said, n in said_for[name].most_common() if n > 0)
        rows.append([name, str(totals[name]), str(right_for[name]), instead])
    return rows


def printed(rows: list[list[str]], markdown: bool) -> str:
    """The rows as a table for people or as Markdown."""
    if markdown:
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    beside = os.environ.get("CATALOGUE_SHARED") or ROOT.parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(beside), metavar="FOLDER")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if not (options.shared / "corpus").is_dir():
        print("the contributors' corpora (../shared) are not here, nothing is scored")
        return 0
    cases = list(judged(options.shared))
    print(printed(calibration(cases), options.markdown))
    print()
    print(printed(confusion(cases), options.markdown))
    return 0


if __name__ == "__main__":
    sys.exit(main())
