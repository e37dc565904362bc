"""A real Dask cluster of two worker processes, for all tests that need one."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.engines.cluster import DaskCluster
from catalogue.fetch import objects
from tests.object_store import SERVER, Store, environment
from tests.story_site import Site


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


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        port = next(line.split()[1] for line in server.stdout if line.startswith("port "))
        started = Store(int(port))
        yield started
        started.server.shutdown()
        started.server.server_close()
    finally:
        server.terminate()
        server.communicate(timeout=10)


@pytest.fixture
def bucket(
    store: Store, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A bucket of this test's own, and an environment that leads to its store."""
    for name, value in environment(store.url).items():
        monkeypatch.setenv(name, value)
    objects._store.cache_clear()
    name = f"crawl-{abs(hash(request.node.name))}"
    store.put(name)
    yield name
    store.faults, store.refused, store.on_put = {}, {}, lambda name: None
    store.asked.clear()
    objects._store.cache_clear()
    gc.collect()  # connections are closed now, and not in the midst of another test


@pytest.fixture(params=["threads", "dask"])
def engine(request: pytest.FixtureRequest, store: Store) -> DaskCluster | None:
    if request.param == "threads":
        return None
    from distributed import WorkerPlugin

    settings = environment(store.url)

    class Told(WorkerPlugin):
        """Each worker, also one that is begun anew, has the store in its environment."""

        name = "object storage"

        def setup(self, worker: Any) -> None:
            os.environ.update(settings)

    cluster: DaskCluster = request.getfixturevalue("cluster")
    cluster.client.register_plugin(Told())
    return cluster


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()
