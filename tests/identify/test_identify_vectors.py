"""Real identifiers with their right answers, where the contributors' material is at hand."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from catalogue.cli.identify import as_json
from catalogue.identify import identify


@pytest.mark.shared
def test_every_real_identifier_is_read_and_no_other_name(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "score_vectors", shared / "domain" / "score_vectors.py"
    )
    assert spec is not None
    assert spec.loader is not None
    scoring = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scoring)
    lines = (shared / "domain" / "product_id_vectors.dev.jsonl").read_text(encoding="utf-8")
    vectors = [json.loads(line) for line in lines.splitlines()]

    predictions = [as_json(vector["id"], identify(vector["id"])) for vector in vectors]

    summary, errors = scoring.score_ids(vectors, predictions)
    assert errors == []
    assert summary["false_matches"] == 0
