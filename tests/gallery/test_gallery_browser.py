"""The gallery in a real browser: from a folder and from a server, by mouse and by keyboard."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import http.server
import io
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalogue.gallery import GalleryOptions, build_gallery
from catalogue.model import Evidence, Record
from catalogue.store.files import Files

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def gallery(
    sample: tuple[Path, list[Record]],
    why: dict[str, tuple[Evidence, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    to = tmp_path_factory.mktemp("gallery")
    options = GalleryOptions(title="Our Mars")
    build_gallery(sample[1], files=Files(sample[0]), to=to, options=options, evidence=why)
    return to


@pytest.fixture(scope="session")
def chromium(need: Callable[[str, str], None]) -> Iterator[Any]:
    need("chromium", "galleries are opened with it")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright drives Chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield browser
        browser.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    servers = []

    def started(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_page(chromium: Any, serve: Callable[[Path], str]) -> Iterator[Open]:
    """Opens an address; the test fails on any console message or request to elsewhere.

    Servers are asked for first, so that they stop after the pages that still load from them.
    """
    amiss: list[str] = []
    contexts = []

    def opened(address: str, **settings: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("console", lambda message: amiss.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: amiss.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (amiss.append("a dialog"), dialog.dismiss()))

        def request(made: Any) -> None:
            page.asked.append(made.url)
            if not made.url.startswith(("file://", "http://127.0.0.1:")):
                amiss.append(f"request: {made.url}")

        page.on("request", request)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert amiss == []


def address(gallery: Path, rest: str = "") -> str:
    return (gallery / "index.html").as_uri() + rest


def until(page: Any, condition: str) -> None:
    """Wait for a condition; the page's own policy forbids Playwright's way of doing so."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(25)
    pytest.fail(f"never came true: {condition}")


def small(records: list[Record], store: Path) -> list[Record]:
    """The same records, all of one little picture: what is tested is not how it is decoded."""
    from PIL import Image

    store.mkdir()
    Image.radial_gradient("L").convert("RGB").save(store / "little.png")
    told = {"file": "little.png", "format": "PNG", "width": 256, "height": 256}
    return [dataclasses.replace(record, **told) for record in records]


def cards(page: Any) -> int:
    return int(page.locator("#grid > li").count())


def test_it_finds_from_a_folder_as_from_a_server(
    gallery: Path, open_page: Open, serve: Callable[[Path], str], sample: tuple[Path, list[Record]]
) -> None:
    for start in (address(gallery), serve(gallery)):
        page = open_page(start)
        assert cards(page) == len(sample[1])

        page.fill("#search", "korolev")
        until(page, "document.getElementById('count').textContent.includes(' of ')")

        wanted = sum("korolev" in (record.caption or "").lower() for record in sample[1])
        assert wanted > 0
        assert cards(page) == wanted
        assert page.inner_text("#count") == f"{wanted} of {len(sample[1])} pictures"


def test_filters_combine_and_stand_in_the_address(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery))
    page.select_option("#f-spacecraft", "mro")
    until(page, "location.hash.includes('spacecraft=mro')")
    page.select_option("#f-subject", "perseverance")
    until(page, "location.hash.includes('subject=perseverance')")
    found = [r for r in sample[1] if r.spacecraft == "mro" and "perseverance" in r.subjects]

    assert cards(page) == len(found) > 0

    again = open_page(page.url)
    until(again, "document.getElementById('count').textContent.includes(' of ')")
    assert cards(again) == len(found)
    assert again.input_value("#f-spacecraft") == "mro"


def test_the_viewer_shows_the_picture_that_was_pressed_and_copies_its_credit(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery), permissions=["clipboard-read", "clipboard-write"])
    record = sample[1][1]
    page.locator(f'[data-key="{record.id[:20]}"] .shot').click()
    until(page, f"document.getElementById('v-image').src.includes('pictures/{record.id[:20]}')")

    assert page.inner_text("#v-caption") == record.caption
    assert page.inner_text("#v-credit") == record.credit
    assert f"picture={record.id[:20]}" in page.url
    page.click("#v-why summary")
    assert "spacecraft: Perseverance" in page.inner_text("#v-evidence")

    page.click("#v-copy")
    until(page, "document.getElementById('said').textContent !== ''")
    assert page.evaluate("navigator.clipboard.readText()") == record.credit


def test_everything_can_be_done_by_keyboard(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery))
    page.focus(".shot >> nth=0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#viewer[open]")
    assert page.inner_text("#v-place").startswith("2 of ")

    page.keyboard.press("ArrowRight")
    assert page.inner_text("#v-place").startswith("3 of ")
    page.keyboard.press("End")
    assert page.inner_text("#v-place").startswith(f"{len(sample[1])} of ")
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    page.wait_for_selector("#viewer", state="hidden")

    focused = page.evaluate("document.activeElement.closest('[data-key]').dataset.key")
    assert focused == sample[1][0].id[:20]
    until(page, "!location.hash.includes('picture=')")


def test_without_script_pictures_and_credits_are_there(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery), java_script_enabled=False)

    assert cards(page) == len(sample[1])
    assert page.locator(".credit").all_text_contents() == [
        f"Credit: {record.credit or 'not known'}"
        for record in sorted(sample[1], key=lambda record: record.file is None)
    ]
    assert page.locator("#find").is_hidden()
    page.locator(".shot").first.click()
    page.wait_for_url("**/pictures/*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(
    gallery: Path, open_page: Open, serve: Callable[[Path], str], scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core").Axe()
    page = open_page(
        serve(gallery),
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    found = axe.run(page).response["violations"]
    page.locator(".shot").nth(1).click()
    page.wait_for_selector("#viewer[open]")
    page.wait_for_selector("#v-facts a")
    found += axe.run(page).response["violations"]

    assert [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["any"]) for v in found] == []


HOSTILE = [
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    '"><img src=x onerror="window.__pwned=1">',
    "' onmouseover='window.__pwned=1",
    "<svg onload=window.__pwned=1>",
    "{{ 7*7 }}{% raw %}",
    "\u2028window.__pwned=1\u2029//\u202etxt.exe",
    "\x00\x08\x1b[2J \ud800 ]]> <!-- --!> &lt;b&gt;",
    "javascript:window.__pwned=1",
]


def test_whatever_a_text_holds_nothing_runs_and_nothing_breaks_out(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open
) -> None:
    like = next(record for record in sample[1] if record.file)
    records = [
        dataclasses.replace(
            like,
            id=f"{n:02x}" * 32,
            title=text,
            caption=text,
            alt=text,
            credit=text,
            credit_normal=text,
            spacecraft=text,
            instrument=text,
            subjects=(text,),
            kind=text,
            place=text,
            product_id=text,
            licence=text,
            taken=text,
            published=text,
            url="javascript:alert(1)",
            pages=("javascript:window.__pwned=1", f"https://a.example/{text}"),
            page_titles=(text,),
            colour=text,
            people=(text,),
        )
        for n, text in enumerate(HOSTILE, 1)
    ]
    reasons = {
        record.id: (Evidence(field=record.title or "", text=record.title or "", says="x=y"),)
        for record in records
    }
    build_gallery(
        records,
        files=Files(sample[0]),
        to=tmp_path / "g",
        options=GalleryOptions(title=HOSTILE[2], originals="link"),
        evidence=reasons,
    )
    page = open_page(address(tmp_path / "g"))
    page.fill("#search", "pwned")
    until(page, "document.getElementById('count').textContent.includes(' of ')")
    page.fill("#search", "")
    until(page, "!document.getElementById('count').textContent.includes(' of ')")
    assert cards(page) == len(HOSTILE)
    page.locator(".shot").first.click()
    page.wait_for_selector("#viewer[open]")
    for _ in HOSTILE:
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)

    assert page.evaluate("window.__pwned") is None
    assert page.evaluate("document.querySelectorAll('script:not([src]):not([type])').length") == 0
    assert page.evaluate("document.querySelectorAll('#grid script, #grid svg').length") == 0
    links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.protocol)")
    assert set(links) <= {"file:", "https:"}
    assert page.locator("h1").inner_text() == HOSTILE[2]


def test_files_that_are_two_things_at_once_are_pictures_or_nothing(
    tmp_path: Path, open_page: Open, serve: Callable[[Path], str], chromium: Any
) -> None:
    """A drawing that is a program; a JPEG with a page in its comment, in EXIF, and behind it."""
    from PIL import Image

    script = b"<script>window.__pwned=1</script>"
    exif = Image.Exif()
    exif[0x010E] = script.decode()
    plain = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(plain, "JPEG", comment=script, exif=exif)
    files = {
        "both.jpg": plain.getvalue() + b"<html>" + script,
        "drawing.jpg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned=1">'
        b'<image href="http://127.0.0.1:9/leak"/>' + script + b"</svg>",
    }
    records = []
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        key = hashlib.sha256(data).hexdigest()
        told = {"format": "JPEG", "width": 256, "height": 256, "credit": "NASA", "caption": name}
        records.append(Record(id=key, file=name, **told))
    both, drawing = records
    report = build_gallery(records, files=Files(tmp_path), to=tmp_path / "g")

    assert [failure.image for failure in report.failures] == [drawing.id]
    thumbs = list((tmp_path / "g" / "thumbs").rglob("*.jpg"))
    assert len(thumbs) == 1
    assert b"<script" not in thumbs[0].read_bytes()
    for start in (address(tmp_path / "g"), serve(tmp_path / "g")):
        page = open_page(start)
        page.locator(f'[data-key="{both.id[:20]}"] .shot').click()
        page.wait_for_selector("#viewer[open]")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#v-none") == "The picture cannot be shown here."
        assert page.evaluate("window.__pwned") is None
        alone = chromium.new_page()
        alone.goto(start.rpartition("/")[0] + f"/pictures/{both.id[:20]}.jpg")
        assert alone.evaluate("[window.__pwned, document.images.length]") == [None, 1]
        alone.close()


def test_few_thumbnails_are_asked_for_on_opening(
    sample: tuple[Path, list[Record]],
    tmp_path: Path,
    open_page: Open,
    many: Callable[..., Any],
    serve: Callable[[Path], str],
) -> None:
    records = small(many(sample[1], 1000), tmp_path / "store")
    build_gallery(records, files=Files(tmp_path / "store"), to=tmp_path / "g")
    page = open_page(serve(tmp_path / "g"))
    page.wait_for_timeout(800)

    assert 0 < sum("/thumbs/" in url for url in page.asked) <= 80


def test_a_letter_is_answered_with_what_a_screen_holds_and_the_rest_follows(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open, many: Callable[..., Any]
) -> None:
    records = small(many(sample[1], 1200), tmp_path / "store")
    build_gallery(records, files=Files(tmp_path / "store"), to=tmp_path / "g")
    page = open_page(address(tmp_path / "g"))
    page.focus("#search")
    page.fill("#search", "dust")
    until(page, "document.getElementById('count').textContent.includes(' of ')")
    at_once = page.evaluate("""async () => {
      const field = document.getElementById('search');
      field.value = '"number 1"';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      for (let n = 0; n < 5; n += 1) await null;
      return [document.getElementById('grid').children.length,
        document.getElementById('count').textContent];
    }""")

    found = sum("Number 1" in (record.caption or "") for record in records)
    assert at_once == [18, f"{found} of 1,200 pictures"]
    until(page, "document.getElementById('grid').children.length === 60")


def test_the_numbers_in_a_filter_tell_what_choosing_it_would_give(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery, "#spacecraft=mro"))
    until(page, "document.getElementById('count').textContent.includes(' of ')")
    taken = {
        slug: sum(record.spacecraft == slug for record in sample[1])
        for slug in ("mro", "perseverance")
    }
    both = sum(r.spacecraft == "mro" and "perseverance" in r.subjects for r in sample[1])

    for slug, number in taken.items():  # of all, since choosing one gives up the other
        told = page.text_content(f"#f-spacecraft option[value={slug}]")
        assert told.endswith(f"({number})")
    assert page.text_content("#f-subject option[value=perseverance]").endswith(f"({both})")


def test_back_closes_the_viewer_and_stays_in_the_gallery(gallery: Path, open_page: Open) -> None:
    page = open_page(address(gallery))
    page.locator(".shot").first.click()
    page.wait_for_selector("#viewer[open]")
    page.keyboard.press("ArrowRight")
    page.evaluate("history.back()")
    page.wait_for_selector("#viewer", state="hidden")

    assert page.url == address(gallery)
    assert cards(page) > 0


def test_at_the_last_picture_the_keyboard_still_works(gallery: Path, open_page: Open) -> None:
    page = open_page(address(gallery))
    page.locator(".shot").first.click()
    page.wait_for_selector("#viewer[open]")
    page.keyboard.press("End")
    page.focus("#v-next")
    page.keyboard.press("Enter")
    last = page.inner_text("#v-place")
    page.keyboard.press("ArrowLeft")

    assert page.inner_text("#v-place") != last
    assert page.get_attribute("#v-next", "aria-disabled") == "false"


def test_a_listener_hears_what_the_next_picture_shows(
    gallery: Path, open_page: Open, sample: tuple[Path, list[Record]]
) -> None:
    page = open_page(address(gallery))
    page.locator(".shot").first.click()
    page.wait_for_selector("#viewer[open]")
    page.keyboard.press("ArrowRight")

    told = page.text_content("#v-spoken")
    assert told.startswith(f"Picture 2 of {len(sample[1])}: ")
    assert told.endswith(page.get_attribute("#v-image", "alt"))
    assert page.get_attribute("#v-spoken", "role") == "status"


def test_a_finger_turns_the_pictures(gallery: Path, open_page: Open) -> None:
    page = open_page(address(gallery), has_touch=True, viewport={"width": 390, "height": 844})
    page.locator(".shot").first.tap()
    page.wait_for_selector("#viewer[open]")
    swipe = """([from, to]) => {
      const stage = document.getElementById('v-stage');
      const at = (x) => new Touch({ identifier: 1, target: stage, clientX: x, clientY: 300 });
      const fire = (type, touches, changedTouches) => stage.dispatchEvent(
        new TouchEvent(type, { touches, changedTouches, bubbles: true }));
      fire('touchstart', [at(from)], [at(from)]);
      fire('touchend', [], [at(to)]);
    }"""
    page.evaluate(swipe, [300, 80])
    assert page.inner_text("#v-place").startswith("2 of ")
    page.evaluate(swipe, [80, 300])
    assert page.inner_text("#v-place").startswith("1 of ")
    page.evaluate(swipe, [80, 100])
    assert page.inner_text("#v-place").startswith("1 of ")


def test_other_renditions_of_a_picture_are_shown_and_lead_there(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open
) -> None:
    one, other = sample[1][0], sample[1][2]
    found = dataclasses.replace(one, renditions=(other.id, one.id, "f" * 64))
    build_gallery([found, *sample[1][1:]], files=Files(sample[0]), to=tmp_path)
    page = open_page(address(tmp_path, f"#picture={one.id[:20]}&q=jetpack"))
    page.wait_for_selector("#v-near-list a")
    assert page.locator("#v-near-list a").count() == 1  # the other is not in this gallery
    page.click("#v-near-list a")
    until(page, f"location.hash.includes('picture={other.id[:20]}')")

    assert page.inner_text("#v-caption") == other.caption


def test_a_large_picture_can_be_seen_in_its_own_size(gallery: Path, open_page: Open) -> None:
    page = open_page(address(gallery), viewport={"width": 700, "height": 500})
    page.locator(".shot").nth(1).click()
    page.wait_for_selector("#v-zoom:not([hidden])")
    page.click("#v-zoom")
    size = (
        "[v => v.offsetWidth, v => v.naturalWidth].map(f => f(document.getElementById('v-image')))"
    )

    shown, natural = page.evaluate(size)
    assert shown == natural
    page.keyboard.press("ArrowRight")  # moves about in the picture
    assert page.inner_text("#v-place").startswith("2 of ")
    page.click("#v-zoom")
    assert page.evaluate(size)[0] < natural


def test_a_print_holds_every_picture_found_with_its_credit(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open, many: Callable[..., Any]
) -> None:
    records = small(many(sample[1], 150), tmp_path / "store")
    build_gallery(records, files=Files(tmp_path / "store"), to=tmp_path / "g")
    page = open_page(address(tmp_path / "g"))
    page.fill("#search", "number")
    until(page, "document.getElementById('clear').hidden === false")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert cards(page) == 150
    assert page.locator(".credit:visible").count() == 150
    assert page.locator("#find").is_hidden()


@pytest.mark.parametrize("originals", ["link", "none"])
def test_without_script_a_card_leads_to_a_picture_whatever_becomes_of_originals(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open, originals: str
) -> None:
    build_gallery(
        sample[1], files=Files(sample[0]), to=tmp_path, options=GalleryOptions(originals=originals)
    )
    page = open_page(address(tmp_path), java_script_enabled=False)
    link = page.get_attribute(".shot >> nth=0", "href")

    wanted = sample[1][0].url if originals == "link" else f"thumbs/{sample[1][0].id[:2]}/"
    assert link.startswith(wanted)


def test_a_credit_that_says_it_is_one_is_not_called_so_twice(
    sample: tuple[Path, list[Record]], tmp_path: Path, open_page: Open
) -> None:
    records = [
        dataclasses.replace(sample[1][n], credit=text)
        for n, text in enumerate(("Image credit: NASA", "NASA"))
    ]
    build_gallery(records, files=Files(sample[0]), to=tmp_path)
    page = open_page(address(tmp_path))
    for _ in range(2):  # as the template has it, then as the script
        assert page.locator(".credit").all_inner_texts() == ["Image credit: NASA", "Credit: NASA"]
        page.fill("#search", "nasa")
        until(page, "document.getElementById('clear').hidden === false")


def test_nothing_moves_for_those_who_asked_for_that(gallery: Path, open_page: Open) -> None:
    page = open_page(address(gallery), reduced_motion="reduce")
    page.hover(".card >> nth=0")

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.shot img')).transform") == "none"
    )
    assert page.evaluate("document.getAnimations().length") == 0


def test_even_a_script_that_got_in_would_not_run_nor_ask_elsewhere(
    gallery: Path, chromium: Any, serve: Callable[[Path], str]
) -> None:
    other = serve(gallery)
    for start in (address(gallery), serve(gallery)):
        page = chromium.new_page()
        asked: list[str] = []
        page.on("response", lambda response, asked=asked: asked.append(response.url))
        page.goto(start)
        page.evaluate(
            """(other) => {
              const script = document.createElement('script');
              script.textContent = 'window.__pwned = 1';
              const image = document.createElement('img');
              image.setAttribute('onerror', 'window.__pwned = 2');
              image.src = other + 'thumbs/none.jpg';
              document.body.append(script, image);
              return fetch(other).catch(() => {});
            }""",
            other,
        )
        page.wait_for_timeout(300)

        assert page.evaluate("window.__pwned") is None
        assert [url for url in asked if url.startswith(other)] == []
        page.close()
