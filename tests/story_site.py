"""A site of stories on loopback, and a harvest of it in threads or on a cluster."""

from __future__ import annotations

import http.server
import io
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image

from catalogue import Catalogue
from catalogue.engines.cluster import DaskCluster
from catalogue.fetch.policy import Manners, allowed_hosts
from catalogue.harvest import Options
from catalogue.model import Outcome

PAGES, PICTURES = 4, 6
"""Pages, and pictures that each shows, the last of which all of them show."""
SHARED = "/shared.png"
ALL = PAGES * (PICTURES - 1) + 1


class Site:
    """Articles with pictures on loopback, and one picture that all of them show."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.latency = 0.0
        self.on_picture: Any = lambda path: None
        self.delay: Any = lambda path: 0.0
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked[self.path] += 1
                body, kind = site.answer(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *told: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str) -> tuple[bytes, str]:
        time.sleep(self.delay(path))
        if path.endswith(".png"):
            self.on_picture(path)
            time.sleep(self.latency)
            shade = sum(path.encode()) % 200
            data = io.BytesIO()
            Image.new("RGB", (64, 48), (shade, len(path), hash_of(path))).save(data, "PNG")
            return data.getvalue(), "image/png"
        if path.startswith("/story"):
            names = [f"{path}/{number}.png" for number in range(PICTURES - 1)] + [SHARED]
            shown = "".join(
                f'<figure><img src="{name}"><figcaption>Dunes, seen on sol {number}.'
                "</figcaption></figure>"
                for number, name in enumerate(names)
            )
            return (
                f"<html><head><title>Story {path}</title></head><body><article>{shown}"
                "</article></body></html>"
            ).encode(), "text/html"
        return b"", "text/plain"

    @property
    def pages(self) -> list[str]:
        return [f"{self.url}/story{number}" for number in range(PAGES)]


def hash_of(path: str) -> int:
    return sum(place * char for place, char in enumerate(path.encode())) % 256


MANNERS = Manners(allow_hosts=allowed_hosts(["127.0.0.1"]))


def harvested(
    folder: Path, sources: list[str], cluster: DaskCluster | None, **options: Any
) -> list[Outcome]:
    with Catalogue.open(folder, create=True) as opened:
        how = Options(cluster=cluster, **options)
        return opened.harvest(sources, manners=MANNERS, options=how)
