"""Archives in object storage: read by ranges from a real store on loopback, faults included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue import Catalogue, cli
from catalogue.engines.cluster import DaskCluster
from catalogue.fetch.interface import Fetched
from catalogue.harvest import Options
from catalogue.model import Outcome
from tests.archives import STORIES, archive
from tests.object_store import SECRET, Store

pytest.importorskip("s3fs", reason="the extra [s3] is not installed")
pytest.importorskip("moto", reason="moto is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(botocore|aiobotocore|s3fs|fsspec)"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Offline:
    """Nothing is to be had from the web."""

    def get(self, url: str, **how: Any) -> Fetched:
        raise AssertionError(f"{url} was asked for")


def harvested(folder: Path, sources: list[str], engine: DaskCluster | None = None) -> list[Outcome]:
    with Catalogue.open(folder, create=True) as opened:
        return list(opened.harvest(sources, options=Options(cluster=engine), fetcher=Offline()))


def crawl(store: Store, bucket: str, *sites: str) -> list[str]:
    names = [f"{bucket}/crawl/{site}.warc.gz" for site in sites]
    for site, name in zip(sites, names, strict=True):
        store.put(name, archive(site))
    return names


def test_archives_in_a_bucket_are_harvested_once(
    tmp_path: Path, store: Store, bucket: str, engine: DaskCluster | None
) -> None:
    names = crawl(store, bucket, "a.example", "bb.example")
    store.put(f"{bucket}/crawl/notes.txt", b"not matched")

    told = harvested(tmp_path / "kept", [f"s3://{bucket}/crawl/*.warc.gz"], engine)

    assert Counter(one.outcome for one in told) == {"ok": 2 * STORIES, "stored": 2 * STORIES}
    store.asked.clear()

    again = harvested(tmp_path / "kept", [f"s3://{bucket}/crawl/*.warc.gz"], engine)

    assert [(one.url, one.outcome) for one in again] == [
        (f"s3://{name}", "unchanged") for name in names
    ]
    assert store.asked == []


def test_a_bucket_gives_the_catalogue_of_the_same_files_but_for_where_they_lie(
    tmp_path: Path, store: Store, bucket: str, dumped: Callable[[Path], bytes]
) -> None:
    (name,) = crawl(store, bucket, "a.example")
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "a.example.warc.gz").write_bytes(archive("a.example"))

    harvested(tmp_path / "bucket", [f"s3://{name}"])
    harvested(tmp_path / "files", [str(tmp_path / "crawl")])

    lines = [
        {line for line in dumped(tmp_path / kept).splitlines() if b"warc.gz" not in line}
        for kept in ("bucket", "files")
    ]
    assert len(lines[0]) > 2 * STORIES
    assert lines[0] == lines[1]


def test_an_object_that_was_replaced_is_read_again(
    tmp_path: Path, store: Store, bucket: str
) -> None:
    (name,) = crawl(store, bucket, "a.example")
    harvested(tmp_path / "kept", [f"s3://{name}"])
    store.put(name, archive("a.example") + archive("bb.example"))

    again = harvested(tmp_path / "kept", [f"s3://{name}"])

    assert Counter(one.outcome for one in again if one.kind == "page") == {
        "unchanged": STORIES, "ok": STORIES,
    }  # fmt: skip


def test_a_store_that_stumbles_is_asked_again(tmp_path: Path, store: Store, bucket: str) -> None:
    (name,) = crawl(store, bucket, "a.example")
    store.faults[name] = ["503", "cut", ""]

    told = harvested(tmp_path / "kept", [f"s3://{name}"])

    assert Counter(one.outcome for one in told) == {"ok": STORIES, "stored": STORIES}


def test_archives_that_the_store_does_not_give_are_named_and_the_next_run_takes_them_up(
    tmp_path: Path, store: Store, bucket: str
) -> None:
    names = crawl(store, bucket, "a.example", "bb.example", "ccc.example", "dddd.example")
    busy, broken, closed, sound = (f"s3://{name}" for name in names)
    store.faults = dict(zip(names, (["503"], ["cut"], ["403"]), strict=False))

    told = harvested(tmp_path / "kept", [f"s3://{bucket}/crawl/*"])

    assert {one.url: one.outcome for one in told if one.failed} == {
        busy: "failed:retry-exhausted",
        broken: "failed:truncated",
        closed: "failed:retry-later",
    }
    assert Counter(one.outcome for one in told if not one.failed) == {
        "ok": STORIES, "stored": STORIES,
    }  # fmt: skip
    store.faults.clear()

    again = harvested(tmp_path / "kept", [f"s3://{bucket}/crawl/*"])

    assert [one.url for one in again if one.outcome == "unchanged"] == [sound]
    assert Counter(one.outcome for one in again) == {
        "unchanged": 1, "ok": 3 * STORIES, "stored": 3 * STORIES,
    }  # fmt: skip


def test_records_that_the_store_stops_giving_are_had_by_the_next_run(
    tmp_path: Path, store: Store, bucket: str, engine: DaskCluster | None
) -> None:
    (name,) = crawl(store, bucket, "a.example")
    surveyed = 2  # all of it, and the last record again, which shows that it is whole
    store.faults[name] = [""] * surveyed + ["503"]

    told = harvested(tmp_path / "kept", [f"s3://{name}"], engine)

    assert {one.outcome for one in told} == {"failed:retry-exhausted"}
    store.faults.clear()

    again = harvested(tmp_path / "kept", [f"s3://{name}"], engine)

    assert Counter(one.outcome for one in again) == {"ok": STORIES, "stored": STORIES}


def called(folder: Path, *sources: str, **changed: str) -> tuple[int, str, str]:
    """What a harvest by the command line ends with."""
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue", "-C", str(folder), "harvest", *sources],
        capture_output=True, text=True, check=False, env={**os.environ, **changed},
    )  # fmt: skip
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("source", "changed", "words"),
    [
        ("s3://{bucket}/crawl/*.arc", {}, "no object matches"),
        ("s3://{bucket}/crawl/none.warc.gz", {}, "no object matches"),
        ("s3://no-such-bucket/*.warc.gz", {}, "is not there"),
        ("s3://forbidden-bucket/*.warc.gz", {}, "is forbidden to these"),
        ("s3://No_Bucket!/*.warc.gz", {}, "name that no store accepts"),
        ("s3://{bucket}", {}, "s3://BUCKET/KEY"),
        ("s3://me:" + SECRET + "@{bucket}/*", {}, "credentials belong into the environment"),
        ("s3://{bucket}/*", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ("s3://{bucket}/*", {"AWS_ENDPOINT_URL": "nowhere"}, "AWS_ENDPOINT_URL"),
        ("s3://{bucket}/*", {"AWS_SECRET_ACCESS_KEY": ""}, "no credentials"),
    ],
)
def test_what_cannot_be_harvested_at_all_is_told_in_one_line(
    tmp_path: Path,
    bucket: str,
    source: str,
    changed: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)

    status = cli._run(["-C", str(tmp_path / "kept"), "harvest", source.format(bucket=bucket)])

    told = capsys.readouterr().err
    assert (status, len(told.splitlines())) == (2, 1), told
    assert words in told
    assert SECRET not in told
    assert not (tmp_path / "kept").exists()


def test_without_the_extra_one_line_names_it(tmp_path: Path, bucket: str) -> None:
    hidden = tmp_path / "hidden" / "s3fs"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError", encoding="utf-8")

    status, _, told = called(tmp_path / "kept", f"s3://{bucket}/*", PYTHONPATH=str(hidden.parent))

    assert (status, len(told.splitlines())) == (2, 1)
    assert "mars-image-catalogue[s3]" in told


def test_no_credential_is_kept_or_told(tmp_path: Path, store: Store, bucket: str) -> None:
    broken, _ = crawl(store, bucket, "a.example", "bb.example")
    store.faults[broken] = ["403"]

    status, out, told = called(tmp_path / "kept", f"s3://{bucket}/crawl/*", "--json")

    assert (status, SECRET in out + told) == (1, False)
    kept = [path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert len(kept) > 2 * STORIES
    assert not [data for data in kept if SECRET.encode() in data]


def test_what_a_page_or_catalogue_names_never_leads_into_a_bucket(
    tmp_path: Path, store: Store, bucket: str
) -> None:
    (name,) = crawl(store, bucket, "a.example")
    store.faults[name] = ["403"]
    harvested(tmp_path / "kept", [f"s3://{name}"])
    (tmp_path / "story.html").write_text(
        f"<article><figure><img src='s3://{name}'><figcaption>Dunes.</figcaption></figure>"
        f"<p><a href='s3://{name}'>more</a></p></article>",
        encoding="utf-8",
    )
    store.faults.clear()
    store.asked.clear()

    called(tmp_path / "kept", str(tmp_path / "story.html"))
    called(tmp_path / "kept", "--retry-failed")

    with Catalogue.open(tmp_path / "kept") as opened:
        assert opened.stats()["pages"] == 2  # the archive that failed, and the story
    assert store.asked == []


def test_records_that_lie_together_are_had_together(
    tmp_path: Path, store: Store, bucket: str
) -> None:
    name = f"{bucket}/crawl/many.warc.gz"
    store.put(name, b"".join(archive(f"s{number}.example") for number in range(20)))

    told = harvested(tmp_path / "kept", [f"s3://{name}"])

    assert Counter(one.outcome for one in told) == {"ok": 20 * STORIES, "stored": 20 * STORIES}
    assert len(store.asked) < 10


def test_the_pages_of_archives_in_a_bucket_are_extracted(
    store: Store, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    crawl(store, bucket, "a.example", "bb.example")

    status = cli._run(["extract", f"s3://{bucket}/crawl/*"])

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert [page["url"] for page in told] == [
        f"https://{site}/story{number}"
        for site in ("a.example", "bb.example")
        for number in range(STORIES)
    ]
    assert {len(page["images"]) for page in told} == {1}
