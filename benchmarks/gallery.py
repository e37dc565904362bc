"""How quickly a large gallery opens and answers in Chromium.

    python benchmarks/gallery.py [PICTURES]

Builds a gallery of made-up records that share one picture (10,000 where nothing is said), opens it
from its folder in Debian's Chromium (1280 x 900), and prints the milliseconds of scripting until
the page stands, the thumbnails asked for, and the time from a typed word to the painted grid.
Needs Chromium and the Python package playwright (group ``dev``).
"""

from __future__ import annotations

import hashlib
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from catalogue.gallery import GalleryOptions, build_gallery
from catalogue.model import Record
from catalogue.store.files import Files

WORDS = (
    "dust", "devil", "crater", "rim", "delta", "rover", "wheel", "shadow", "frost", "dune", "ridge",
    "layer", "rock", "sunset", "plain", "boulder", "gully", "ice", "slope", "outcrop", "mast",
    "antenna", "parachute", "heat", "shield", "horizon", "ripple", "vein",
)  # fmt: skip
CRAFTS = ("mro", "msl", "mars2020", "mex", "tgo", "insight", "mer-a", "mer-b")
TYPED = ("d", "du", "dust", "dust dev", "crater", "parachute", "number 77", "")

TYPE = """async (words) => {
  const field = document.getElementById('search');
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const took = [];
  for (const word of words) {
    await painted();
    const start = performance.now();
    field.value = word;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await painted();
    took.push(performance.now() - start);
  }
  return took;
}"""


def records(count: int, folder: Path) -> list[Record]:
    """So many records with words, spacecraft and dates of their own."""
    from PIL import Image

    Image.radial_gradient("L").convert("RGB").save(folder / "one.png")
    return [
        Record(
            id=hashlib.sha256(str(n).encode()).hexdigest(),
            file="one.png",
            format="PNG",
            width=256,
            height=256,
            colour="#a06040",
            spacecraft=CRAFTS[n % len(CRAFTS)],
            kind="photo",
            credit=f"NASA/JPL-Caltech/Team {n % 40}",
            taken=f"{1997 + n % 28}-0{1 + n % 9}-1{n % 10}",
            caption=f"Number {n}: "
            + " ".join(WORDS[(n * 7 + k * k * 3) % len(WORDS)] for k in range(40)),
        )
        for n in range(count)
    ]


def measure(index: Path) -> None:
    """Open the start page and type."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        counters = page.context.new_cdp_session(page)
        counters.send("Performance.enable")
        page.goto(index.as_uri())
        page.wait_for_timeout(2000)
        told = {m["name"]: m["value"] for m in counters.send("Performance.getMetrics")["metrics"]}
        print(f"opening: scripting {1000 * told['ScriptDuration']:.0f} ms")
        print(f"opening: {sum('/thumbs/' in url for url in asked)} thumbnails asked for")
        page.focus("#search")
        page.wait_for_timeout(3000)
        took = page.evaluate(TYPE, list(TYPED))
        for word, ms in zip(TYPED, took, strict=True):
            print(f"typing {word!r:14} {ms:6.1f} ms")
        print(f"typing, median {statistics.median(took):.1f} ms, worst {max(took):.1f} ms")
        browser.close()


def main() -> int:
    """Build, open, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = build_gallery(
            records(count, folder),
            files=Files(folder),
            to=folder / "gallery",
            options=GalleryOptions(originals="none"),
        )
        print(f"{report.pictures} pictures")
        measure(report.index)
    return 0


if __name__ == "__main__":
    sys.exit(main())
