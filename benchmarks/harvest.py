"""What a harvest costs, as a multiple of getting the same pictures and decoding each, and no more.

    python benchmarks/harvest.py [--articles 10] [--images 10] [--latency 0] [--repeat 3]

A site is made and served here, in a process of its own. The unit is a plain program: threads, one
connection each, SHA-256, a full decode, a file. Both are whole programs from start to exit, in
turn, and what a harvest does again when all is there is told beside it: time by the clock, CPU of
the program (user and system), and the most memory that it took.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent

PLAIN = """
import hashlib, io, pathlib, re, sys
from concurrent.futures import ThreadPoolExecutor
from threading import local
import requests
from PIL import Image
site, articles, folder, own = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), local()
folder.mkdir()
def get(path):
    if not hasattr(own, "session"):
        own.session = requests.Session()
    return own.session.get(site + path).content
def page(number):
    return re.findall('src="([^"]+)"', get(f"/{number}.html").decode())
def picture(path):
    data = get(path)
    Image.open(io.BytesIO(data)).load()
    (folder / hashlib.sha256(data).hexdigest()).write_bytes(data)
with ThreadPoolExecutor(16) as threads:
    pictures = [one for found in threads.map(page, range(articles)) for one in found]
    list(threads.map(picture, pictures))
"""


class Taken(NamedTuple):
    """What one run of a program took."""

    seconds: float
    cpu: float
    megabytes: float


def made(articles: int, images: int) -> dict[str, bytes]:
    """The site: by path, articles and pictures, each picture another and none of them flat."""
    site = {}
    for article in range(articles):
        figures = ""
        for image in range(images):
            number = article * images + image
            side = 320 + 37 * (number * 7919 % 23)
            noise = Image.effect_noise((side * 4 // 3, side), 30 + number % 40).convert("RGB")
            out = io.BytesIO()
            noise.save(out, "JPEG", quality=85)
            site[f"/{number}.jpg"] = out.getvalue()
            figures += (
                f'<figure><img src="/{number}.jpg" width="640" height="480"><figcaption>Dunes, view'
                f" {number}. Credit: NASA/JPL-Caltech/MSSS</figcaption></figure><p>The rover drove"
                " across the floor of the crater and stopped at the edge of a field of ripples.</p>"
            )
        text = f"<title>Story {article}</title><article><h1>Story {article}</h1>{figures}</article>"
        site[f"/{article}.html"] = text.encode()
    return site


def serve(site: dict[str, bytes], latency: float, told: Connection) -> None:
    """Serve a site, each answer so many seconds late, and tell the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(latency)
            body = site.get(self.path)
            self.send_response(404 if body is None else 200)
            kind = "text/html" if self.path.endswith(".html") else "image/jpeg"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.send(server.server_port)
    server.serve_forever()


def run(command: list[str]) -> Taken:
    """Run a program to its end.

    Raises:
        SystemExit: It failed.
    """
    start = time.perf_counter()
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=usual)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise SystemExit(f"{command[:4]} ended with {running.returncode}")
    seconds = time.perf_counter() - start
    return Taken(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measured(site: str, articles: int, repeat: int) -> dict[str, list[Taken]]:
    """Each program in turn, so often."""
    taken: dict[str, list[Taken]] = {"plain": [], "harvest": [], "again": []}
    pages = [f"{site}/{number}.html" for number in range(articles)]
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            plain = [sys.executable, "-c", PLAIN, site, str(articles), f"{folder}/plain"]
            ours = [sys.executable, "-m", "catalogue", "-C", f"{folder}/mars", "harvest", *pages]
            ours += ["--allow-host", "127.0.0.1"]
            taken["plain"].append(run(plain))
            taken["harvest"].append(run(ours))
            taken["again"].append(run(ours))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10)
    parser.add_argument("--images", type=int, default=10, help="of each article")
    parser.add_argument("--latency", type=float, default=0, help="milliseconds before each answer")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    site = made(options.articles, options.images)
    server = multiprocessing.Process(
        target=serve, args=(site, options.latency / 1000, theirs), daemon=True
    )
    server.start()
    taken = measured(f"http://127.0.0.1:{ours.recv()}", options.articles, options.repeat)
    server.terminate()

    def middle(name: str, of: Callable[[Taken], float]) -> float:
        return statistics.median(map(of, taken[name]))

    unit = middle("plain", lambda one: one.seconds), middle("plain", lambda one: one.cpu)
    print(f"{options.articles * options.images} pictures, {options.latency:g} ms")
    for name in taken:
        seconds, cpu = middle(name, lambda one: one.seconds), middle(name, lambda one: one.cpu)
        print(
            f"{name:8} {seconds / unit[0]:6.2f} of the time, {cpu / unit[1]:6.2f} of the CPU"
            f"  ({seconds:.2f} s, {cpu:.2f} s, {max(one.megabytes for one in taken[name]):.0f} MB)"
        )


if __name__ == "__main__":
    main()
