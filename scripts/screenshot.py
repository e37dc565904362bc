"""Pictures of a built gallery for the manual, taken with headless Chromium.

    python scripts/screenshot.py GALLERY docs/images

Writes ``gallery.png`` (the start page, light), ``gallery-dark.png`` (the viewer, dark) and
``gallery-phone.png``. Needs Chromium and the Python package playwright (group ``dev``).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SHOTS = (
    # name, width, height, scheme, number of the card that is opened
    ("gallery", 1440, 960, "light", None),
    ("gallery-dark", 1440, 900, "dark", 2),
    ("gallery-phone", 390, 844, "light", None),
)


def take(gallery: Path, to: Path) -> list[Path]:
    """Take all pictures.

    Args:
        gallery: Folder of a built gallery.
        to: Folder for the pictures.
    """
    from playwright.sync_api import sync_playwright

    to.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
        )
        for name, width, height, scheme, opened in SHOTS:
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            page.goto((gallery / "index.html").resolve().as_uri())
            if opened is not None:
                page.locator(".shot").nth(opened).click()
                page.wait_for_selector("#v-facts a")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(300)
            page.screenshot(path=str(to / f"{name}.png"))
            _make_small(to / f"{name}.png")
            taken.append(to / f"{name}.png")
            page.close()
        browser.close()
    return taken


def _make_small(path: Path) -> None:
    """Few colours, hardly to be told from many, and a third of the bytes in the repository."""
    from PIL import Image

    with Image.open(path) as shot:
        drawn = shot.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    drawn.save(path, optimize=True)


def main() -> int:
    if len(sys.argv) != 3 or not (Path(sys.argv[1]) / "index.html").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    for path in take(Path(sys.argv[1]), Path(sys.argv[2])):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
