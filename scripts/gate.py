"""The quality gates: extraction and attribution scored on real material, against floors.

    python scripts/gate.py [--shared FOLDER] [--raise]

Scores what the program makes of the contributors' corpora (real pages, captions, identifiers and
credit lines with right answers) and compares each figure with its floor in ``data/floors.toml``.
A figure below its floor fails the gate; ``--raise`` lifts floors to what is reached, never lowers
one. Where the corpora are absent there is nothing to score, and that is said.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ROOT / "data" / "floors.toml"
sys.path.insert(0, str(ROOT))

Figures = dict[str, float]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"scoring_{path.parent.name}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _stated_alike(name: str, told: str | None, given: str | None) -> bool:
    """Whether what a page is said to state is what people read from it.

    White space, case, and how several names are joined, do not count; of a date the day counts,
    and the time where both give one.
    """
    from catalogue.sites.dates import iso_date

    if not told or not given:
        return bool(told) == bool(given)
    if name == "date":
        one, other = iso_date(told) or told, iso_date(given) or given
        if len(one) > 10 and len(other) > 10 and one[19:] and other[19:]:
            return datetime.fromisoformat(one) == datetime.fromisoformat(other)
        return one[:10] == other[:10]
    names = (re.split(r",\s*|;\s*|\s+and\s+|\s+", text.casefold()) for text in (told, given))
    one_set, other_set = ({part.strip(".:") for part in parts} - {"", "the"} for parts in names)
    return one_set == other_set


def score_articles(shared: Path) -> Figures:
    """Pictures, captions, credits of real pages; their titles, authors, dates, publishers."""
    from catalogue.model import Document
    from catalogue.sources import read_article

    folder = shared / "corpus" / "articles"
    scoring, gold = _module(folder / "score.py"), _lines(folder / "gold.jsonl")
    predictions = []
    stated = Counter[str]()
    for entry in gold:
        path = folder / "pages" / entry["page"]
        page = read_article(
            Document(
                address=path.name, data=path.read_bytes(), url=entry["url"], media_type="text/html"
            )
        )
        for name, value in (
            ("title", page.title),
            ("author", page.author),
            ("date", page.published),
            ("publisher", page.publisher),
        ):
            stated[name] += _stated_alike(name, entry[name], value)
        predictions.append(
            {
                "page": entry["page"],
                "images": [
                    {"url": image.url, "caption": image.caption, "credit": image.credit}
                    for image in page.images
                    if image.url
                ],
            }
        )
    summary = scoring.score(gold, predictions)["summary"]
    wanted = (
        "precision", "recall", "best", "caption_recall", "caption_precision",
        "credit_recall", "credit_precision",
    )  # fmt: skip
    figures = {name: summary[name] for name in wanted} | {"junk_hits": -summary["junk_hits"]}
    return figures | {name: round(count / len(gold), 4) for name, count in stated.items()}


def score_captions(shared: Path) -> Figures:
    """Who took it, with what, of what, of real captions."""
    from catalogue.attribution import attribute
    from catalogue.cli.attribute import sighting_of
    from catalogue.registry import load_registry

    folder = shared / "corpus" / "captions"
    scoring, gold = _module(folder / "score.py"), _lines(folder / "dev.jsonl")
    registry = load_registry()
    predictions, kinds, sure, sure_right = [], 0, 0, 0
    for record in gold:
        verdict = attribute(sighting_of(scoring.program_input(record)), registry)
        prediction = {
            "id": record["id"],
            "spacecraft": verdict.spacecraft,
            "instrument": verdict.instrument,
            "subjects": list(verdict.subjects),
            "credit": verdict.credit,
        }
        predictions.append(prediction)
        kinds += verdict.kind == record["gold"]["kind"]
        if verdict.spacecraft is not None and verdict.confidence >= 0.9:
            sure += 1
            sure_right += scoring.judge(record, prediction)[0] == "right"
    summary, _ = scoring.score(gold, predictions)
    return {
        "spacecraft_right": summary["spacecraft_right"],
        "spacecraft_wrong": -summary["spacecraft_wrong"],
        "other_craft_right": summary["other_craft_right"],
        "instrument_right": summary["instrument_right"],
        "instrument_wrong": -summary["instrument_wrong"],
        "subject_precision": summary["subject_precision"],
        "subject_recall": summary["subject_recall"],
        "credit_right": summary["credit_right"],
        "kind_right": round(kinds / len(gold), 4),
        "sure_and_right": round(sure_right / sure, 4) if sure else 0.0,
    }


def score_identifiers(shared: Path) -> Figures:
    """Product identifiers, file names and addresses."""
    from catalogue.cli.identify import as_json
    from catalogue.identify import identify

    scoring = _module(shared / "domain" / "score_vectors.py")
    vectors = _lines(shared / "domain" / "product_id_vectors.dev.jsonl")
    predictions = [as_json(vector["id"], identify(vector["id"])) for vector in vectors]
    summary, _ = scoring.score_ids(vectors, predictions)
    return {"right": summary["right"], "false_matches": -summary["false_matches"]}


def score_credits(shared: Path) -> Figures:
    """Credit lines in normal form, with who is named in them."""
    from catalogue.cli.credit import as_json
    from catalogue.credit import read_credit
    from catalogue.registry import load_registry

    registry = load_registry()
    scoring = _module(shared / "domain" / "score_vectors.py")
    vectors = _lines(shared / "domain" / "credit_vectors.dev.jsonl")
    predictions = [as_json(read_credit(vector["text"], registry)) for vector in vectors]
    summary, _ = scoring.score_credits(vectors, predictions)
    wanted = ("canonical", "organisations", "people", "distributors", "licence")
    return {name: summary[name] for name in wanted}


GATES: dict[str, Callable[[Path], Figures]] = {
    "articles": score_articles,
    "captions": score_captions,
    "identifiers": score_identifiers,
    "credits": score_credits,
}
"""Name of the gate and what scores it. Figures are the better the larger: counts of errors and
shares of wrong answers are negative."""


def write_floors(floors: dict[str, Figures]) -> None:
    """Write the floors, each gate a table."""
    lines = [
        "# The least that scripts/gate.py accepts. Figures of errors are negative: -0.01 allows",
        "# one wrong answer in a hundred. `python scripts/gate.py --raise` lifts them.",
    ]
    for gate, figures in floors.items():
        lines += ["", f"[{gate}]", *(f"{name} = {value}" for name, value in figures.items())]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    beside = os.environ.get("CATALOGUE_SHARED") or ROOT.parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(beside), metavar="FOLDER")
    parser.add_argument("--raise", action="store_true", dest="lift")
    options = parser.parse_args()
    if not (options.shared / "corpus").is_dir():
        print("gates: the contributors' corpora (../shared) are not here, nothing is scored")
        return 0
    floors: dict[str, Figures] = (
        tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    )
    failed = False
    for gate, score in GATES.items():
        figures, least = score(options.shared), floors.setdefault(gate, {})
        for name, value in figures.items():
            floor = least.get(name, -math.inf)
            verdict = "ok" if value >= floor else "BELOW ITS FLOOR"
            failed |= value < floor
            print(f"{gate:12} {name:20} {value:8.4f}  floor {floor:8.4f}  {verdict}")
            if options.lift:
                least[name] = max(floor, value)
    if options.lift:
        write_floors(floors)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
