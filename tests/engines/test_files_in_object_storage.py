"""A catalogue whose pictures and pages lie in object storage, faults of the store included."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import Catalogue, CatalogueError, cli
from catalogue.engines.cluster import DaskCluster
from catalogue.fetch import objects
from catalogue.fetch.web import WebFetcher
from catalogue.harvest import Options
from catalogue.model import Outcome
from catalogue.store.files import Files
from tests.object_store import SECRET, Store
from tests.story_site import ALL, MANNERS, PAGES, PICTURES, Site, harvested

pytest.importorskip("s3fs", reason="the extra [s3] is not installed")
pytest.importorskip("moto", reason="moto is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(botocore|aiobotocore|s3fs|fsspec)"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def into(
    folder: Path, place: str | None, pages: list[str], cluster: DaskCluster | None = None
) -> list[Outcome]:
    with Catalogue.open(folder, create=True, files=place) as opened:
        return opened.harvest(pages, manners=MANNERS, options=Options(cluster=cluster))


@pytest.fixture
def kept(tmp_path: Path, site: Site, bucket: str) -> Path:
    """A catalogue of all stories whose files are in the bucket."""
    into(tmp_path / "kept", f"s3://{bucket}/mars", site.pages)
    return tmp_path / "kept"


def names(folder: Path) -> list[str]:
    return list(Files.of(folder).all())


def test_the_dump_is_that_of_a_folder_and_so_are_names_and_bytes(
    tmp_path: Path,
    site: Site,
    bucket: str,
    engine: DaskCluster | None,
    dumped: Callable[[Path], bytes],
) -> None:
    harvested(tmp_path / "folder", site.pages, None)

    told = into(tmp_path / "bucket", f"s3://{bucket}/mars", site.pages, engine)

    assert Counter(one.outcome for one in told) == {"ok": PAGES, "stored": PAGES * PICTURES}
    assert dumped(tmp_path / "bucket") == dumped(tmp_path / "folder")
    assert len(names(tmp_path / "folder")) == ALL + PAGES
    assert names(tmp_path / "bucket") == names(tmp_path / "folder")
    with Catalogue.open(tmp_path / "bucket") as opened:
        assert opened.verify() == []
    here = {path.name for path in (tmp_path / "bucket").rglob("*") if path.is_file()}
    assert not {name for name in here if name.endswith((".png", ".html"))}


def test_the_catalogue_remembers_the_place(
    tmp_path: Path, site: Site, bucket: str, store: Store
) -> None:
    into(tmp_path / "kept", f"s3://{bucket}/mars/", site.pages[:1])
    site.asked.clear()

    into(tmp_path / "kept", None, site.pages)
    again = into(tmp_path / "kept", f"s3://{bucket}/mars", site.pages)

    assert {one.outcome for one in again} == {"unchanged"}
    assert len(names(tmp_path / "kept")) == ALL + PAGES
    with pytest.raises(CatalogueError, match=f"keeps its files in s3://{bucket}/mars"):
        into(tmp_path / "kept", f"s3://{bucket}/other", site.pages)
    harvested(tmp_path / "folder", site.pages[:1], None)
    with pytest.raises(CatalogueError, match="keeps its files in itself"):
        into(tmp_path / "folder", f"s3://{bucket}/other", site.pages)


def test_sets_and_galleries_are_those_of_a_folder(tmp_path: Path, site: Site, kept: Path) -> None:
    harvested(tmp_path / "folder", site.pages, None)
    made = {}
    for name, folder in (("bucket", kept), ("folder", tmp_path / "folder")):
        with Catalogue.open(folder) as opened:
            told = opened.export(to=tmp_path / "made" / name / "set", allow_uncredited=True)
            opened.gallery(to=tmp_path / "made" / name / "gallery")
        assert Counter(one.outcome for one in told) == {"exported": ALL}
        root = tmp_path / "made" / name
        made[name] = {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and path.suffix in (".png", ".jpg")
        }

    assert len(made["bucket"]) == 3 * ALL
    assert made["bucket"] == made["folder"]


def test_verify_finds_damage_in_the_bucket_and_a_repair_mends_it(
    site: Site, kept: Path, bucket: str, store: Store
) -> None:
    damaged, missing = (name for name in names(kept)[:2])
    page = next(name for name in names(kept) if name.startswith("pages/"))
    store.put(f"{bucket}/mars/{damaged}", b"other bytes")
    store.put(f"{bucket}/mars/{page}", b"other bytes")
    store.put(f"{bucket}/mars/images/zz/stray.png", b"whose?")
    Files.of(kept).remove(missing)

    with Catalogue.open(kept) as opened:
        found = {(one.what, one.where) for one in opened.verify()}
        mended = list(opened.verify(repair=True, fetcher=WebFetcher(MANNERS)))
        left = opened.verify()

    assert found == {
        ("damaged", damaged), ("damaged", page), ("missing", missing),
        ("orphan", "images/zz/stray.png"),
    }  # fmt: skip
    assert {one.where for one in mended if one.mended} == {where for _, where in found}
    assert left == []
    assert len(objects.below(f"s3://{bucket}/mars/orphans")) == 2


def test_catalogues_are_merged_from_and_into_buckets(
    tmp_path: Path, kept: Path, bucket: str, dumped: Callable[[Path], bytes]
) -> None:
    for target, place in (("home", []), ("there", ["--files", f"s3://{bucket}/second"])):
        status = cli._run(["-C", str(tmp_path / target), "merge", str(kept), *place])
        assert status == 0
        assert names(tmp_path / target) == names(kept)
        with Catalogue.open(tmp_path / target) as opened:
            assert opened.verify() == []
        assert dumped(tmp_path / target) == dumped(kept)

    assert len(list((tmp_path / "home" / "images").rglob("*.png"))) == ALL


def test_a_picture_that_is_forgotten_leaves_the_bucket(kept: Path) -> None:
    with Catalogue.open(kept) as opened:
        (gone,) = opened.forget(next(opened.search()).id)

    assert gone not in names(kept)
    assert len(names(kept)) == ALL + PAGES - 1


def test_a_store_that_stumbles_is_asked_again(
    tmp_path: Path, site: Site, bucket: str, store: Store
) -> None:
    store.refused = {".png": ["503", "503", "hang up", "503", ""]}

    told = into(tmp_path / "kept", f"s3://{bucket}/mars", site.pages[:1])

    assert Counter(one.outcome for one in told) == {"ok": 1, "stored": PICTURES}


def test_what_the_store_does_not_take_is_named_and_the_next_run_puts_it_there(
    tmp_path: Path, site: Site, bucket: str, store: Store, engine: DaskCluster | None
) -> None:
    store.refused = {".png": ["503"]}

    told = into(tmp_path / "kept", f"s3://{bucket}/mars", site.pages[:2], engine)

    assert Counter(one.outcome for one in told) == {"ok": 2, "failed:retry-later": 2 * PICTURES}
    assert all("in vain" in one.detail for one in told if one.failed)
    assert [name for name in names(tmp_path / "kept") if name.endswith(".png")] == []
    store.refused = {}

    again = into(tmp_path / "kept", None, site.pages[:2], engine)

    assert Counter(one.outcome for one in again if one.kind == "image") == {"stored": 2 * PICTURES}


def test_bytes_that_the_store_cuts_off_are_asked_for_again_and_then_named(
    tmp_path: Path, kept: Path, bucket: str, store: Store
) -> None:
    first, second = (name for name in names(kept)[:2])
    mars = f"{bucket}/mars"
    store.faults = {f"{mars}/{first}": ["cut", "503", ""], f"{mars}/{second}": ["cut"]}

    with Catalogue.open(kept) as opened:
        found = opened.verify()
        told = opened.export(to=tmp_path / "set", allow_uncredited=True)

    assert [(one.what, one.where, one.harmless) for one in found] == [
        ("unreachable", second, False)
    ]
    assert Counter(one.outcome for one in told) == {"exported": ALL - 1, "failed:damaged-file": 1}


def test_a_harvest_that_is_killed_is_completed_by_the_next(
    tmp_path: Path, site: Site, bucket: str, store: Store
) -> None:
    arguments = [
        sys.executable, "-m", "catalogue", "-C", str(tmp_path / "kept"), "harvest",
        *site.pages, "--allow-host", "127.0.0.1", "--workers", "2", "--json",
        "--files", f"s3://{bucket}/mars",
    ]  # fmt: skip
    put: list[str] = []

    def kill(name: str) -> None:
        put.append(name)
        if len(put) == ALL // 2:
            running.kill()

    store.on_put = kill
    running = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    told, _ = running.communicate(timeout=120)
    store.on_put = lambda name: None

    assert running.returncode == -signal.SIGKILL
    lines = [json.loads(line) for line in told.splitlines() if line.endswith("}")]
    stored = {one["image"] for one in lines if one["outcome"] == "stored"}
    assert {f"images/{one[:2]}/{one}.png" for one in stored} <= set(names(tmp_path / "kept"))

    again = into(tmp_path / "kept", None, site.pages)

    assert not [one for one in again if one.failed]
    assert len(names(tmp_path / "kept")) == ALL + PAGES
    with Catalogue.open(tmp_path / "kept") as opened:
        assert opened.count() == ALL
        assert opened.verify() == []


@pytest.mark.parametrize(
    ("place", "changed", "words"),
    [
        ("s3://no-such-bucket/mars", {}, "is not there"),
        ("s3://forbidden-bucket/mars", {}, "forbidden to these credentials"),
        ("s3://No_Bucket!/mars", {}, "name that no store accepts"),
        ("s3://", {}, "s3://BUCKET/PREFIX"),
        ("s3://{bucket}/../other", {}, "s3://BUCKET/PREFIX"),
        ("s3://{bucket}/*", {}, "s3://BUCKET/PREFIX"),
        ("/mnt/disk", {}, "s3://BUCKET/PREFIX"),
        ("s3://me:" + SECRET + "@{bucket}/mars", {}, "credentials belong into the environment"),
        ("s3://{bucket}/mars", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "cannot be reached"),
        ("s3://{bucket}/mars", {"AWS_SECRET_ACCESS_KEY": ""}, "no credentials"),
    ],
)
def test_a_place_that_takes_nothing_is_told_in_one_line_before_any_work(
    tmp_path: Path,
    site: Site,
    bucket: str,
    place: str,
    changed: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    arguments = ["-C", str(tmp_path / "kept"), "harvest", *site.pages]

    status = cli._run([*arguments, "--files", place.format(bucket=bucket)])

    told = capsys.readouterr().err
    assert (status, len(told.splitlines())) == (2, 1), told
    assert words in told
    assert SECRET not in told
    assert not (tmp_path / "kept").exists()
    assert not site.asked


def test_a_place_that_is_gone_is_told_in_one_line_before_any_work(
    site: Site, kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.asked.clear()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    objects._store.cache_clear()

    status = cli._run(["-C", str(kept), "harvest", "--refresh", *site.pages])

    told = capsys.readouterr().err
    assert (status, len(told.splitlines())) == (3, 1), told
    assert "cannot be reached" in told
    assert not site.asked


def test_no_credential_is_kept_in_the_catalogue(kept: Path) -> None:
    data = [path.read_bytes() for path in kept.rglob("*") if path.is_file()]

    assert data
    assert not [one for one in data if SECRET.encode() in one or b"somebody" in one]


def test_a_worker_without_credentials_is_told_in_one_line_before_any_work(
    tmp_path: Path, site: Site, bucket: str, cluster: DaskCluster
) -> None:
    cluster.client.run(_without_credentials)
    try:
        with pytest.raises(CatalogueError, match=r"the worker tcp.* cannot reach s3://"):
            into(tmp_path / "kept", f"s3://{bucket}/mars", site.pages, cluster)
    finally:
        cluster.client.run(objects._store.cache_clear)
    assert not site.asked


def _without_credentials() -> None:
    os.environ.pop("AWS_ACCESS_KEY_ID", None)
    objects._store.cache_clear()
