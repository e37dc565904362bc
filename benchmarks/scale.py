"""What a harvest on many processes costs, as ratios within one run.

    python benchmarks/scale.py [--pages 400] [--repeat 3] [--rival PYTHON] [--only NAME ...]

Each target has a measure, to be taken alone by ``--only``: ``workers`` (two workers against one),
``rival`` (against warcio and trafilatura), ``overhead`` (Dask against threads), ``memory`` (of a
worker), ``writer`` (rows a second), ``start`` (of ``--help``).

Measures are interleaved and repeated, and the best of each counts: other work on the machine only
ever makes them longer. ``--rival`` is a Python that has warcio and trafilatura; without it, that
comparison is left out. Needs the extra ``[dask]``; the archives are made here.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import io
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from reading import made

from catalogue import Catalogue
from catalogue.engines.cluster import DaskCluster
from catalogue.fetch.policy import Manners, allowed_hosts
from catalogue.harvest import Options
from catalogue.model import (
    Appearance,
    Gathered,
    Harvested,
    ImageFacts,
    Outcome,
    Page,
    StoredImage,
)
from catalogue.sources import read_article
from catalogue.sources.warc import Warc
from catalogue.store import Store


def record(url: str, body: bytes, kind: str, level: int = 6) -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2021-02-19T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", level)


def crawl(folder: Path, pages: int, files: int = 4) -> list[Path]:
    """Archives of as many pages together, each page another."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number}.warc.gz" for number in range(files)]
    for number, path in enumerate(paths):
        with path.open("wb") as file:
            for page in range(number, pages, files):
                body = made(page % 50) + b"<!--%d-->" % page
                file.write(record(f"https://s{page % 97}.example/{page}", body, "text/html"))
    return paths


def wall(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def best(repeat: int, *works: Callable[[], float]) -> list[float]:
    """The least of each measure, taken in turn."""
    found = [[work() for work in works] for _ in range(repeat)]
    return [min(column) for column in zip(*found, strict=True)]


def told(what: str, value: str, target: str) -> None:
    print(f"{what:<58} {value:>12}   (target: {target})", flush=True)


# --- the measures ---------------------------------------------------------------------------------


def workers(folder: Path, pages: int, repeat: int) -> None:
    """Reading archives on two worker processes against one."""
    paths = crawl(folder / "crawl", pages)

    spent: list[tuple[float, float]] = []

    def read(processes: int) -> float:
        with (
            DaskCluster("dask", processes=processes, threads=4) as cluster,
            Catalogue.open(folder / "nowhere", create=True) as opened,
        ):
            how = Options(cluster=cluster, dry_run=True)
            list(opened.harvest(paths[:1], options=how))  # imports
            there, here = worked(cluster), time.process_time()
            taken = wall(lambda: list(opened.harvest(paths, options=how)))
            spent.append((worked(cluster) - there, time.process_time() - here))
        return taken

    alone, both = best(repeat, lambda: read(1), lambda: read(2))
    told("two workers against one, reading archives", f"{alone / both:.2f} times", ">= 1.7")
    there, here = min(spent[1::2])
    print(f"    {pages / both:.0f} pages a second on two workers")
    print(
        f"    CPU a page: {there / pages * 1000:.1f} ms of the workers,"
        f" {here / pages * 1000:.1f} ms of the calling process:"
        f" {2 / (1 + here / there):.2f} times on two cores with nothing else to do"
    )


def worked(cluster: DaskCluster) -> float:
    """CPU seconds of all workers so far."""
    return sum(cluster.client.run(time.process_time).values())


RIVAL = """
import sys, time
from warcio.archiveiterator import ArchiveIterator
from trafilatura import bare_extraction
bare_extraction("<html><body><p>Imports.</p></body></html>")
start = time.process_time()
for path in sys.argv[1:]:
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                bare_extraction(record.content_stream().read(), with_metadata=True,
                                include_images=True)
print(time.process_time() - start)
"""


def rival(folder: Path, pages: int, repeat: int, python: str) -> None:
    """Reading archives in one process, against warcio and trafilatura one after the other."""
    paths = crawl(folder / "rival", min(pages, 100))

    def ours() -> float:
        def read() -> None:
            for path in paths:
                for page in Warc(path).pages():
                    document = page.read()
                    assert document is not None
                    read_article(document)

        return cpu(read)

    def theirs() -> float:
        command = [python, "-c", RIVAL, *map(str, paths)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(ran.stdout)

    ours()  # imports
    here, there = best(repeat, ours, theirs)
    told("warcio and trafilatura against us, CPU a page", f"{there / here:.1f} times", ">= 4")
    print(f"    {here / min(pages, 100) * 1000:.1f} ms of CPU a page")


class Slow(http.server.BaseHTTPRequestHandler):
    """One page of three hundred pictures, each of which takes 50 ms."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: D102
        body, kind = b"", "text/plain"
        if self.path.endswith(".png"):
            time.sleep(0.05)
            number = int(self.path[1:-4])
            data = io.BytesIO()
            Image.new("RGB", (64, 48), (number % 256, number // 256, 9)).save(data, "PNG")
            body, kind = data.getvalue(), "image/png"
        elif self.path.startswith("/story"):
            first = int(self.path[6:]) * 30
            shown = "".join(
                f'<figure><img src="/{number}.png"><figcaption>View {number} of Mars.</figcaption>'
                "</figure>"
                for number in range(first, first + 30)
            )
            body, kind = f"<html><body><article>{shown}</article>".encode(), "text/html"
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:  # noqa: D102
        pass


def overhead(folder: Path, pages: int, repeat: int) -> None:
    """A harvest of 300 pictures at 50 ms, in threads and on a cluster of ours that is there."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    server.request_queue_size = 64
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stories = [f"http://127.0.0.1:{server.server_address[1]}/story{n}" for n in range(10)]
    manners = Manners(allow_hosts=allowed_hosts(["127.0.0.1"]), obey_robots=False)
    count = 0

    def harvest(cluster: DaskCluster | None) -> float:
        nonlocal count
        count += 1
        with Catalogue.open(folder / f"kept{count}", create=True) as opened:
            how = Options(cluster=cluster, own_hosts=frozenset({"127.0.0.1"}))
            taken = wall(lambda: list(opened.harvest(stories, manners=manners, options=how)))
            assert opened.count() == 300
        return taken

    with DaskCluster("dask") as cluster:
        harvest(None), harvest(cluster)  # imports
        threads, dask = best(max(repeat, 3), lambda: harvest(None), lambda: harvest(cluster))
    server.shutdown()
    server.server_close()
    told("Dask against threads, 300 pictures at 50 ms", f"{dask / threads - 1:+.0%}", "<= +15 %")
    print(f"    {threads:.2f} s and {dask:.2f} s")


def memory(folder: Path, pages: int, repeat: int) -> None:
    """The most that a worker needs for an archive of 1 GB, pages among what is not looked at."""
    path = folder / "large.warc.gz"
    noise = [record(f"https://a.example/{n}.mp4", os.urandom(4 << 20), "video/mp4", 0)
             for n in range(8)]  # fmt: skip
    with path.open("wb") as file:
        for number in range(256):
            file.write(noise[number % len(noise)])
            body = made(number % 50) + b"<!--%d-->" % number
            file.write(record(f"https://s{number % 97}.example/{number}", body, "text/html"))

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    with DaskCluster("dask", processes=2, threads=4) as cluster:
        before = max(cluster.client.run(peak).values())
        with Catalogue.open(folder / "large", create=True) as opened:
            list(opened.harvest([path], options=Options(cluster=cluster, dry_run=True)))
        after = max(cluster.client.run(peak).values())
    size = path.stat().st_size
    path.unlink()
    told(f"memory of a worker, archive of {size / 1e9:.1f} GB", f"{after / 1e6:.0f} MB", "< 400 MB")
    print(f"    {before / 1e6:.0f} MB before any work")


SHOWN = 10


def page(number: int) -> Harvested:
    """A page of ten pictures, as a worker gives it."""
    address = f"https://s{number % 97}.example/story{number}"
    shown = []
    for place in range(SHOWN):
        key = f"{number * SHOWN + place:064x}"
        url = f"https://s{number % 97}.example/i/{number}-{place}.jpg"
        appearance = Appearance(
            url=url,
            alternatives=(f"{url}?w=640",),
            caption=f"View {place} of the dunes, seen by HiRISE on sol {number}.",
            credit="NASA/JPL-Caltech/University of Arizona",
            alt="Dunes",
        )
        facts = ImageFacts(
            format="JPEG", media_type="image/jpeg", width=1280, height=960,
            fingerprint=(number * 7919 + place * 104729) * 2654435761 % 2**64,
        )  # fmt: skip
        image = StoredImage(id=key, file=f"images/{key[:2]}/{key}.jpg", bytes=200_000, facts=facts)
        outcome = Outcome(kind="image", url=url, page=address, outcome="stored", image=key)
        shown.append(Gathered(appearance=appearance, outcome=outcome, image=image, asked=url))
    images = tuple(one.appearance for one in shown)
    return Harvested(
        address=address,
        page=Page(url=address, title=f"Story {number}", published="2021-02-19", images=images),
        outcome=Outcome(kind="page", url=address, page=address, outcome="ok"),
        gathered=tuple(shown),
        fetched="2021-02-19T10:00:00+00:00",
    )


def writer(folder: Path, pages: int, repeat: int) -> None:
    """What the one writer writes, and what a merge of catalogues takes in."""
    lots = [[page(lot * 300 + number) for number in range(300)] for lot in range(repeat)]
    with Store.open(folder / "written", create=True) as store:

        def keep(lot: list[Harvested]) -> None:
            for harvested in lot:
                store.keep(harvested)

        times = [cpu(lambda lot=lot: keep(lot)) for lot in lots]  # type: ignore[misc]
    rate = 300 * SHOWN / min(times)
    told("rows of the one writer, appearances a second of CPU", f"{rate:.0f}", ">= 2000")
    size = (folder / "written" / "catalogue.db").stat().st_size
    print(f"    {size / (len(lots) * 300 * SHOWN):.0f} bytes of database an appearance")
    merged = []
    for number in range(repeat):
        with (
            Store.open(folder / "written") as theirs,
            Store.open(folder / f"merged{number}", create=True) as ours,
        ):
            merged.append(cpu(lambda: list(ours.load(theirs.dump()))))
    rate = len(lots) * 300 * SHOWN / min(merged)
    print(f"    merge: {rate:.0f} appearances a second of CPU, without files and index")


def start(folder: Path, pages: int, repeat: int) -> None:
    """``catalogue --help`` with the extras, and as if they were not there."""
    hide = "import sys; sys.modules.update(dict.fromkeys(('distributed', 'dask', 'pyarrow')));"
    call = "from catalogue.cli import main; sys.argv = ['catalogue', '--help']; main()"

    def run(code: str) -> Callable[[], float]:
        def once() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return once

    there, absent = best(max(10, repeat), run(f"import sys; {call}"), run(f"{hide} {call}"))
    told("--help with the extras against without", f"{there / absent - 1:+.1%}", "unchanged")


def main() -> None:
    measures = (workers, rival, overhead, memory, writer, start)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rival", metavar="PYTHON")
    parser.add_argument("--only", nargs="+", choices=[measure.__name__ for measure in measures])
    options = parser.parse_args()
    for measure in measures:
        if options.only and measure.__name__ not in options.only:
            continue
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            if measure is rival:
                if options.rival:
                    rival(Path(folder), options.pages, options.repeat, options.rival)
            else:
                measure(Path(folder), options.pages, options.repeat)


if __name__ == "__main__":
    main()
