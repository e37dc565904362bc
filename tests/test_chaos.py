"""A harvest against a server that misbehaves in every way that contributors have met."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# With the limits that the server's cases are made for.
HARVEST = (
    "sh -c '{python} -m catalogue -C {{out}} harvest {{page}} --allow-host {{allow}}"
    " --timeout 8 --deadline 25 --json > {{out}}/outcomes.jsonl'"
)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_whatever_a_server_does_the_right_pictures_are_kept_and_told_of(
    shared: Path, tmp_path: Path
) -> None:
    """Each case's pictures, requests, waits, memory and exit status, and each outcome's code."""
    report = tmp_path / "report.json"
    isolated = os.geteuid() == 0 and shutil.which("unshare") is not None
    ran = subprocess.run(
        [
            sys.executable,
            str(shared / "chaos" / "chaos_run.py"),
            *("--name", "ours"),
            *("--cmd", HARVEST.format(python=sys.executable)),
            *("--report", str(report)),
            *("--bound-factor", "4"),  # other tests run beside it
            *(() if isolated else ("--no-isolate",)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert report.exists(), ran.stderr
    results = json.loads(report.read_text(encoding="utf-8"))["results"]

    wrong = {result["id"]: result["why"] for result in results if result.get("why")}
    assert wrong == {}
    codes = {
        result["id"]: found
        for result in results
        if (found := _unlike(result.get("codes") or {}, again=result["group"] == "rerun"))
    }
    assert codes == {}
    assert sum(result["result"] == "ok" for result in results) > 50


def _unlike(codes: dict[str, list[str | None]], *, again: bool) -> dict[str, list[str | None]]:
    """Outcomes other than expected; of a second run what the first had stored is unchanged."""
    return {
        url: found
        for url, found in codes.items()
        if not (again and found == ["unchanged", "stored"])
    }
