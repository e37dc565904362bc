"""A real Dask cluster of two worker processes, for all tests that need one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue.engines.cluster import DaskCluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[DaskCluster]:
    pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    with DaskCluster("dask", threads=4) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def dumped() -> Callable[[Path], bytes]:
    """Everything in a catalogue to the byte, but for when it was had."""

    def dump(folder: Path) -> bytes:
        ran = subprocess.run(
            [sys.executable, "-m", "catalogue", "dump", "-C", str(folder)],
            capture_output=True,
            check=True,
        )
        return re.sub(rb'"(added|fetched|tried)": ?"[^"]+"', rb'"\1": ""', ran.stdout)

    return dump
