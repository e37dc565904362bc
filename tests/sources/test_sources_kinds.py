"""Every kind of source: what it holds, and what it does with damaged or hostile input."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from pathlib import Path

import pytest

from catalogue.errors import UnreadableDocument, UsageError
from catalogue.model import Document, Outcome, Page, Role
from catalogue.sites.decode import decode
from catalogue.sources import Link, open_document, open_path, read_article
from catalogue.sources.lists import read_lines

PROSE = "<p>" + "Some words of an article that are long enough to be prose. " * 3 + "</p>"
STORY = (
    f"<html><body><article><h1>A story with a picture</h1>{PROSE}<figure><img src='/i/rover.jpg'>"
    f"<figcaption>The rover. Credit: NASA/JPL-Caltech</figcaption></figure>{PROSE}</article>"
)
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 20


def pages_of(path: Path) -> list[Page]:
    pages = []
    for member in open_path(path).members():
        if isinstance(member, Document):
            pages.append(read_article(member))
        elif isinstance(member, Page):
            pages.append(member)
    return pages


# --- saved pages --------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "story_files"
    folder.mkdir()
    (folder / "rover.jpg").write_bytes(JPEG)
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    html = STORY.replace("/i/rover.jpg", "story_files/rover.jpg").replace(
        "<html>",
        "<!-- saved from url=(0030)https://news.example/2021/story --><html>",
    )
    path = tmp_path / "story.html"
    path.write_text(html)
    return path


def test_saved_page_finds_its_own_files(saved: Path) -> None:
    """The companion folder gives the picture, and the page its address."""
    bundle = open_path(saved)
    (document,) = bundle.members()
    assert isinstance(document, Document)
    page = read_article(document)

    assert page.url == "https://news.example/2021/story"
    found = bundle.find(page.images[0].url or "")
    assert found is not None
    assert found.data == JPEG


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("diary.md", "# A day\n\n![A rover](diary_files/rover.jpg)\n*The rover. Credit: NASA*\n"),
        (
            "diary.xml",
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
            "<title>Diary</title><item><title>A day</title><link>https://diary.example/1</link>"
            f"<content:encoded><![CDATA[{PROSE}<img src='diary_files/rover.jpg'>{PROSE}]]>"
            "</content:encoded>"
            "</item></channel></rss>",
        ),
    ],
)
def test_a_text_and_a_feed_find_the_pictures_in_the_folder_beside_them(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / "diary_files").mkdir()
    (tmp_path / "diary_files" / "rover.jpg").write_bytes(JPEG)
    (tmp_path / name).write_text(text, encoding="utf-8")

    (picture,) = [image for page in pages_of(tmp_path / name) for image in page.images]
    found = open_path(tmp_path / name).find(picture.url or "")

    assert found is not None
    assert found.data == JPEG
    assert len(list(open_path(tmp_path).members())) == 1  # the folder's picture is no source


@pytest.mark.parametrize(
    "url",
    [
        "story_files/../secret.jpg",
        "https://news.example/story_files/..%2Fsecret.jpg",
        "https://news.example/story_files/%2e%2e/secret.jpg",
        "https://news.example/story_files//etc/passwd",
        "https://news.example/story_files/out.jpg",
        "https://news.example/story_files/away/secret.jpg",
        "https://news.example/story_files/",
        "https://news.example/my_story_files/rover.jpg",
        "story_files/x\0.jpg",
        "file:///etc/passwd",
        "/etc/passwd",
    ],
)
def test_saved_page_reads_nothing_outside_its_folder(saved: Path, url: str) -> None:
    """No dots, links or absolute names lead out of the companion folder."""
    folder = saved.with_name("story_files")
    (folder / "out.jpg").symlink_to(saved.with_name("secret.jpg"))
    (folder / "away").symlink_to(saved.parent)

    assert open_path(saved).find(url) is None


def test_gzip_bomb_is_read_in_part(tmp_path: Path) -> None:
    """A page that unpacks without end is read up to the limit, and that is told."""
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(STORY.encode() + b" " * 200_000_000))

    (page,) = pages_of(path)

    assert "https://" not in (page.url or "")
    assert any("bytes were read" in note for note in page.notes)


# --- MHTML --------------------------------------------------------------------------------------


def mhtml() -> bytes:
    html = STORY.replace("=", "=3D").replace("'/i/rover.jpg'", "'https://a.example/i/rover.jpg'")
    return (
        "From: <Saved by Example>\r\nSnapshot-Content-Location: https://a.example/story\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n'
        '\tboundary="--MB-1--"\r\n\r\n\r\n----MB-1--\r\nContent-Type: text/html; charset=utf-8\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://a.example/story\r\n"
        f"\r\n{html}<p>caf=C3=A9</p>\r\n----MB-1--\r\nContent-Type: image/jpeg\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Location: https://a.example/i/rover.jpg\r\n"
        f"Content-ID: <part1@a>\r\n\r\n{base64.encodebytes(JPEG).decode()}\r\n----MB-1----\r\n"
    ).encode()


def test_mhtml_gives_page_and_parts(tmp_path: Path) -> None:
    """The page has its address, and its parts are found by location and by content id."""
    path = tmp_path / "story.mhtml"
    path.write_bytes(mhtml())
    bundle = open_path(path)
    (document,) = bundle.members()
    assert isinstance(document, Document)

    page = read_article(document)

    assert (
        page.url,
        page.images[0].url,
    ) == ("https://a.example/story", "https://a.example/i/rover.jpg")
    for name in ("https://a.example/i/rover.jpg", "cid:part1@a", "/i/rover.jpg"):
        found = bundle.find(name)
        assert found is not None
        assert found.data == JPEG
    assert bundle.find("https://a.example/other.jpg") is None


@pytest.mark.parametrize("share", [0.95, 0.6, 0.3])
def test_mhtml_cut_short_is_read_in_part(tmp_path: Path, share: float) -> None:
    """What is there is read, and that something is missing is told."""
    data = mhtml()
    path = tmp_path / "story.mht"
    path.write_bytes(data[: max(int(len(data) * share), 500)])

    document, outcome = open_path(path).members()

    assert isinstance(document, Document)
    assert read_article(document).title == "A story with a picture" or share < 0.5
    assert isinstance(outcome, Outcome)
    assert outcome.outcome == "failed:truncated"


def test_mhtml_without_a_page(tmp_path: Path) -> None:
    """A message without boundary is no archive."""
    path = tmp_path / "story.mhtml"
    path.write_bytes(b"Content-Type: text/plain\r\n\r\nhello")

    with pytest.raises(UnreadableDocument):
        open_path(path)


# --- WARC ---------------------------------------------------------------------------------------


def warc(*, packed: bool, page: bytes = STORY.encode()) -> bytes:
    out = b""
    for url, status, kind, body in (
        ("https://a.example/story", "200 OK", "text/html; charset=utf-8", page),
        ("https://a.example/i/rover.jpg", "200 OK", "image/jpeg", JPEG),
        ("https://a.example/gone", "404 Gone", "text/html", b"no"),
    ):
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
        record = (
            (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
                "WARC-Date: 2021-02-19T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            ).encode()
            + answer
            + b"\r\n\r\n"
        )
        out += gzip.compress(record) if packed else record
    return out


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_warc_gives_pages_and_pictures(tmp_path: Path, name: str) -> None:
    """Answers with success are pages or resources; others are neither."""
    path = tmp_path / name
    path.write_bytes(warc(packed=name.endswith(".gz")))
    bundle = open_path(path)

    (document,) = bundle.members()

    assert isinstance(document, Document)
    assert read_article(document).images[0].url == "https://a.example/i/rover.jpg"
    found = bundle.find("https://a.example/i/rover.jpg")
    assert found is not None
    assert (found.data, found.media_type) == (JPEG, "image/jpeg")
    assert bundle.find("https://a.example/gone") is None


@pytest.mark.parametrize("packed", [True, False])
def test_warc_cut_short_is_read_in_part(tmp_path: Path, packed: bool) -> None:
    """The whole records are read, and that the archive breaks off is told."""
    data = warc(packed=packed)
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    path.write_bytes(data[:-60])

    members = list(open_path(path).members())

    assert isinstance(members[0], Document)
    assert isinstance(members[-1], Outcome)
    assert "breaks off" in members[-1].detail


def test_warc_record_that_is_a_bomb(tmp_path: Path) -> None:
    """A record that unpacks to more than a page may have is told as failed."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc(packed=True, page=b"<p>" + b"a" * 100_000_000))

    (outcome,) = open_path(path).members()

    assert isinstance(outcome, Outcome)
    assert outcome.failed


def test_warc_with_endless_headers_gives_what_follows(tmp_path: Path) -> None:
    """Only the first headers of a record are read as such; the next record is read as ever."""

    def record(url: str, head: bytes) -> bytes:
        content = b"HTTP/1.1 200 OK\r\n" + head + b"Content-Type: text/html\r\n\r\n<p>x</p>"
        return (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\n"
            b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (url.encode(), len(content), content)
        )

    path = tmp_path / "a.warc"
    path.write_bytes(
        record("https://a.example/1", b"X: y\r\n" * 5_000)
        + record("https://a.example/2", b"X: " + b"y" * 5_000_000 + b"\r\n")
        + record("https://a.example/3", b"")
    )

    members = [one.url for one in open_path(path).members()]

    assert members == ["https://a.example/2", "https://a.example/3"]


def test_warc_of_nonsense(tmp_path: Path) -> None:
    """A file without an answer in it is no archive."""
    path = tmp_path / "a.warc"
    path.write_bytes(b"WARC/1.0\r\nnonsense\r\n" * 100)

    with pytest.raises(UnreadableDocument):
        list(open_path(path).members())


# --- feeds --------------------------------------------------------------------------------------

RSS = f"""<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Example</title><link>https://a.example/</link><language>en</language>
<item><title>Full &amp; whole&nbsp;story</title><link>https://a.example/full</link>
<dc:creator>Jo Example</dc:creator><pubDate>Fri, 19 Feb 2021 10:00:00 +0000</pubDate>
<media:content url="https://a.example/i/lead.jpg" medium="image"><media:credit>NASA</media:credit>
<media:description>The lead</media:description></media:content>
<content:encoded><![CDATA[{PROSE * 4}<figure><img src="/i/rover.jpg"><figcaption>The rover.
Credit: NASA/JPL-Caltech</figcaption></figure>]]></content:encoded></item>
<item><title>Short</title><link>https://a.example/short</link><description>Two words.</description>
<pubDate>Sat, 20 Feb 2021 10:00:00 +0000</pubDate></item></channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Example</title>
<link href="https://a.example/"/><entry><title>An entry</title><link href="/entry"/>
<published>2021-02-19T10:00:00Z</published><author><name>Jo Example</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{PROSE * 4}
<img src="/i/rover.jpg" alt="x"/></div></content></entry></feed>"""


def test_rss_gives_pages_and_links() -> None:
    """An entry with its text is a page, with the feed's words; another is an address."""
    page, link = open_document(Document(address="feed", data=RSS.encode())).members()

    assert isinstance(page, Page)
    assert (
        page.title,
        page.author,
        page.published,
        page.publisher,
    ) == ("Full & whole story", "Jo Example", "2021-02-19T10:00:00+00:00", "The Example")
    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        ("https://a.example/i/lead.jpg", "The lead", "NASA"),
        ("https://a.example/i/rover.jpg", "The rover.", "Credit: NASA/JPL-Caltech"),
    ]
    assert (
        Link(
            url="https://a.example/short",
            title="Short",
            published="2021-02-20T10:00:00+00:00",
            source="feed",
        )
        == link
    )


def test_atom_with_xhtml() -> None:
    """Content in XHTML is read like any other."""
    (page,) = open_document(
        Document(address="feed", data=ATOM.encode(), url="https://a.example/feed")
    ).members()

    assert isinstance(page, Page)
    assert (page.url, page.author) == ("https://a.example/entry", "Jo Example")
    assert [image.url for image in page.images] == ["https://a.example/i/rover.jpg"]


@pytest.mark.parametrize(
    "said",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/"><title>A</title>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
        '<link rel="self" href="https://a.example/blog/atom.xml"/>',
    ],
)
def test_addresses_in_a_feed_are_relative_to_what_it_says(said: str) -> None:
    """To its ``xml:base``, or to its own address."""
    data = f"""{said}<entry><title>T</title><link href="rock.html"/><content type="xhtml">
        <div xmlns="http://www.w3.org/1999/xhtml">{PROSE}<img src="i/rock.jpg"/>{PROSE}</div>
        </content></entry></feed>"""

    (page,) = open_document(Document(address="a.xml", data=data.encode())).members()

    assert isinstance(page, Page)
    assert page.url == "https://a.example/blog/rock.html"
    assert [image.url for image in page.images] == ["https://a.example/blog/i/rock.jpg"]


def test_vocabularies_are_known_by_their_addresses() -> None:
    """A prefix means what the feed declares; one that it does not declare, what is usual."""
    renamed = re.sub(r"(?<=[<:/])(content|media|dc)(?=[:=])", r"x\1", RSS)
    prefixed = re.sub(
        r"<(/?)(?=feed|title|link|entry|published|author|name|content)", r"<\1a:", ATOM
    )
    prefixed = prefixed.replace("xmlns=", "xmlns:a=", 1)
    undeclared = re.sub(r' xmlns:\w+="[^"]*"', "", RSS)
    other = RSS.replace("http://purl.org/rss/1.0/modules/content/", "https://a.example/other")

    for feed in (renamed, prefixed, undeclared):
        page, *_ = open_document(Document(address="feed", data=feed.encode())).members()
        assert isinstance(page, Page)
        assert page.author == "Jo Example"
    first, *_ = open_document(Document(address="feed", data=other.encode())).members()
    assert isinstance(first, Link)


def test_broken_feed_gives_what_is_whole() -> None:
    """The entries before a feed's error are kept."""
    data = RSS.replace("<item><title>Short", "<item><title>Sho & <rt").encode()

    members = list(open_document(Document(address="feed", data=data)).members())

    assert isinstance(members[0], Page)
    assert "not well-formed" in members[0].notes[-1]


@pytest.mark.parametrize(
    "data",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title>'
        "<link>https://a.example/</link></item></channel></rss>",
        "<!DOCTYPE r ["
        + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        + '<!ENTITY a0 "lol">]><rss><channel><title>&a9;</title></channel></rss>',
        "<rss><channel>" + "<a>" * 100_000,
    ],
)
def test_feed_with_entities_or_depths_of_its_own(data: str) -> None:
    """Entities and nesting made to hurt are refused at once, with the reason."""
    with pytest.raises(UnreadableDocument) as refused:
        open_document(Document(address="feed", data=data.encode()))

    assert "root:" not in str(refused.value)


# --- JSON answers -------------------------------------------------------------------------------


def test_nasa_library_answer() -> None:
    """Each item is a picture, best file first, with what the record states."""
    answer = {
        "collection": {
            "items": [
                {
                    "data": [
                        {
                            "nasa_id": "PIA00001",
                            "title": "A dune field",
                            "description": "Dunes seen from above. Image Credit: NASA/JPL-Caltech",
                            "center": "JPL",
                            "date_created": "2021-02-19T00:00:00Z",
                            "keywords": ["Mars", "Dunes"],
                            "secondary_creator": "NASA/JPL-Caltech/MSSS",
                            "media_type": "image",
                        }
                    ],
                    "links": [
                        {
                            "href": "https://images-assets.nasa.gov/image/PIA00001/PIA00001~thumb.jpg"
                        },
                        {"href": "https://images-assets.nasa.gov/image/PIA00001/PIA00001~orig.jpg"},
                    ],
                },
                {"data": [{"nasa_id": "V", "media_type": "video"}], "links": []},
            ]
        }
    }

    (page,) = open_document(Document(address="a", data=json.dumps(answer).encode())).members()

    assert isinstance(page, Page)
    (image,) = page.images
    assert (image.url or "").endswith("~orig.jpg")
    assert image.credit == "Image Credit: NASA/JPL-Caltech"
    assert {"product_id": "PIA00001", "producer": "JPL", "keywords": "Mars, Dunes"}.items() <= {
        said.name: said.value for said in image.statements
    }.items()


def test_mars2020_feed() -> None:
    """The raw feed's camera, sol, time and credit go with the picture."""
    record = {
        "imageid": "NLF_0010",
        "sol": 10,
        "credit": "NASA/JPL-Caltech",
        "caption": "The rover acquired this image.",
        "title": "Sol 10: Left Navigation Camera",
        "camera": {"instrument": "NAVCAM_LEFT", "filter_name": "UNK"},
        "date_taken_utc": "2021-03-01T10:00:00.000",
        "date_received": "2021-03-02T01:00:00Z",
        "link": "https://mars.nasa.gov/mars2020/multimedia/raw-images/NLF_0010",
        "image_files": {
            "small": "https://mars.nasa.gov/raw/NLF_0010_320.jpg",
            "full_res": "https://mars.nasa.gov/raw/NLF_0010.png",
        },
    }

    (page,) = open_document(
        Document(address="a", data=json.dumps({"images": [record]}).encode())
    ).members()

    assert isinstance(page, Page)
    (image,) = page.images
    assert image.url == "https://mars.nasa.gov/raw/NLF_0010.png"
    assert [(said.name, said.value) for said in image.statements] == [
        ("instrument", "NAVCAM_LEFT"),
        ("product_id", "NLF_0010"),
        ("sol", "10"),
        ("taken", "2021-03-01T10:00:00.000"),
        ("credit", "NASA/JPL-Caltech"),
    ]


def test_msl_feed() -> None:
    """The raw feed of the older rover has other names for the same."""
    record = {
        "id": 1,
        "imageid": "NRB_1",
        "sol": 3000,
        "instrument": "NAV_RIGHT_B",
        "mission": "msl",
        "date_taken": "2021-01-13T00:00:00.000Z",
        "https_url": "https://mars.nasa.gov/msl-raw-images/x/NRB_1.JPG",
    }

    (page,) = open_document(
        Document(address="a", data=json.dumps({"items": [record]}).encode())
    ).members()

    assert isinstance(page, Page)
    assert {"mission": "msl", "instrument": "NAV_RIGHT_B", "sol": "3000"}.items() <= {
        said.name: said.value for said in page.images[0].statements
    }.items()


@pytest.mark.parametrize(
    "data", [b"[" * 500_000, b'{"a":', b"{}", b"[1]", b'{"images": [{"x": 1}]}', b"{" + b"9" * 9999]
)
def test_json_of_no_known_shape(data: bytes) -> None:
    """Anything else is refused with a reason, however it is built."""
    with pytest.raises(UnreadableDocument):
        open_document(Document(address="a.json", data=data))


def test_json_with_wrong_types_is_survived() -> None:
    """Fields of unexpected types are passed over."""
    answer = {
        "collection": {
            "items": [
                {"data": 5, "links": [{"href": 3}, {"href": "https://a.example/b~orig.jpg"}]},
                7,
                {"data": [{"nasa_id": ["x"], "keywords": "y"}], "links": "x"},
            ]
        }
    }

    (page,) = open_document(Document(address="a", data=json.dumps(answer).encode())).members()

    assert isinstance(page, Page)


# --- text and Markdown --------------------------------------------------------------------------

TEXT = """Rover finds layered rock

By Jo Example
February 19, 2021

The rover looked at a rock today. It was a good rock, and the team was happy about it.

The rover looks at the rock. Image credit: NASA/JPL-Caltech/MSSS

[Image: The crater from above. Credit: NASA/JPL-Caltech/University of Arizona]

More about the rock is to follow.
"""


def test_plain_text_tells_of_pictures(tmp_path: Path) -> None:
    """Captions with credit lines become pictures without an address."""
    path = tmp_path / "story.txt"
    path.write_text(TEXT)

    (page,) = pages_of(path)

    assert (
        page.title,
        page.author,
        page.published,
    ) == ("Rover finds layered rock", "Jo Example", "2021-02-19")
    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        (None, "The rover looks at the rock.", "Image credit: NASA/JPL-Caltech/MSSS"),
        (None, "The crater from above.", "Credit: NASA/JPL-Caltech/University of Arizona"),
    ]


def test_markdown(tmp_path: Path) -> None:
    """Pictures, the lines below them, links round them, and pictures told of alone."""
    path = tmp_path / "story.md"
    path.write_text(
        "---\ntitle: A stone\ndate: 2021-03-01\nauthor: Jo Example\n---\n\n"
        "Some words about a stone that are long enough to be a paragraph of prose.\n\n"
        "![A stone](https://a.example/i/stone.jpg)\n*The stone. Credit: NASA/JPL-Caltech*\n\n"
        "More text about the stone that is long enough to be a paragraph.\n\n"
        "[![b](https://a.example/t/plain-300x200.jpg)](https://a.example/t/plain.jpg)\n\n"
        "![c][ref]\n\nThe sky at night. Credit: ESA/DLR\n\n[ref]: https://a.example/i/sky-map.png\n"
    )

    (page,) = pages_of(path)

    assert (page.title, page.published, page.author) == ("A stone", "2021-03-01", "Jo Example")
    assert [image.url for image in page.images if image.url][:3] == [
        "https://a.example/i/stone.jpg",
        "https://a.example/t/plain.jpg",
        "https://a.example/i/sky-map.png",
    ]
    assert (
        page.images[0].caption,
        page.images[0].credit,
        page.images[0].role,
    ) == ("The stone.", "Credit: NASA/JPL-Caltech", Role.LEAD)
    assert "The sky at night." in [image.caption for image in page.images]


def test_the_picture_that_the_fields_of_a_text_name_is_its_lead(tmp_path: Path) -> None:
    """Under the names of site generators, with its words; not twice where the text shows it."""
    cover = "cover:\n  image: /i/stone.jpg\n  caption: A stone. Photo: NASA\n"
    fields = f"---\ntitle: A stone\n{cover}---\n\n"
    prose = "Some words about a stone that are long enough to be a paragraph of prose.\n\n"
    alone, shown = tmp_path / "alone.md", tmp_path / "shown.md"
    alone.write_text(f"{fields}{prose}")
    shown.write_text(f"{fields}{prose}![A stone](/i/stone-800x600.jpg)\n")

    (page,) = pages_of(alone)

    assert [(image.url, image.caption, image.credit, image.role) for image in page.images] == [
        ("/i/stone.jpg", "A stone.", "Photo: NASA", Role.LEAD)
    ]
    assert [image.url for image in pages_of(shown)[0].images] == ["/i/stone-800x600.jpg"]


def test_an_address_of_a_file_below_the_words_of_a_picture_is_its_own(tmp_path: Path) -> None:
    """In plain text; a paragraph below a Markdown picture may name itself a caption."""
    plain, marked = tmp_path / "a.txt", tmp_path / "a.md"
    plain.write_text(f"{TEXT}\n[Photo: A dune. NASA/JPL]\nhttps://a.example/dune.jpg\n")
    marked.write_text(
        "# A hill\n\nSome words about a hill that are long enough to be prose, and more of it.\n\n"
        "![hill](https://a.example/hill.jpg)\n\nCaption: The hill. (NASA/JPL/Cornell)\n"
    )

    dune = pages_of(plain)[0].images[-1]
    hills = pages_of(marked)[0].images

    assert (dune.url, dune.caption, dune.credit) == (
        "https://a.example/dune.jpg",
        "A dune.",
        "NASA/JPL",
    )
    assert [(image.url, image.caption, image.credit) for image in hills] == [
        ("https://a.example/hill.jpg", "The hill.", "(NASA/JPL/Cornell)")
    ]


@pytest.mark.parametrize(
    "text", ["![x](" * 200_000, "[" * 300_000, "*_" * 300_000, "a (b " * 500_000]
)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_text_made_to_hurt(tmp_path: Path, text: str, name: str) -> None:
    """Marks without end are read."""
    path = tmp_path / name
    path.write_text(text)

    assert len(pages_of(path)) == 1


# --- lists and folders --------------------------------------------------------------------------


def test_list_of_addresses(tmp_path: Path) -> None:
    """A text of nothing but addresses is a list; comments and empty lines are left out."""
    path = tmp_path / "list.txt"
    path.write_text("# what to read\nhttps://a.example/1#part\n\nhttps://a.example/2  # later\n")

    links = list(open_path(path).members())

    assert [link.url for link in links if isinstance(link, Link)] == [
        "https://a.example/1#part",
        "https://a.example/2",
    ]


def test_lines_of_a_list_may_be_paths() -> None:
    """Lines keep blanks inside."""
    assert [link.url for link in read_lines("/data/my story.html\n")] == ["/data/my story.html"]


def test_folder_gives_its_sources_in_order(tmp_path: Path, saved: Path) -> None:
    """Sources in folders below, too; companions, programs, hidden files, links out are not."""
    inside = saved.parent
    (inside / "b").mkdir()
    (inside / "b" / "two.html").write_text(STORY)
    (inside / ".hidden.html").write_text(STORY)
    (inside / "count.py").write_text("print(1)")
    (inside / "broken.warc").write_bytes(b"WARC/1.0\r\n")
    (inside / "link.html").symlink_to("/etc/hosts")

    members = list(open_path(inside).members())

    documents = [m.address for m in members if isinstance(m, Document)]
    assert [Path(name).name for name in documents] == ["secret.jpg", "story.html", "two.html"]
    assert [Path(m.url or "").name for m in members if isinstance(m, Outcome)] == ["broken.warc"]


def test_absent_and_unknown_files(tmp_path: Path) -> None:
    """An absent file is a wrong call; a file of no known kind, or an empty one, is unreadable."""
    with pytest.raises(UsageError):
        open_path(tmp_path / "absent.html")
    (tmp_path / "x.bin").write_bytes(bytes(range(256)))
    (tmp_path / "y").write_bytes(b"")
    for name in ("x.bin", "y"):
        with pytest.raises(UnreadableDocument):
            open_path(tmp_path / name)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (zlib.compress(b"".join(b"%d" % number for number in range(5000))), "no kind of page"),
        (bytes(5000), "no kind of page"),
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.md", "a.txt", "a.json", "a.rss"])
def test_a_name_makes_no_page_of_what_is_none(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableDocument, match=said):
        open_path(tmp_path / name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "shift_jis", "iso2022_jp"])
def test_text_in_any_encoding_is_text(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.html").write_bytes(f"<title>火星の写真</title>{STORY}".encode(encoding))
    (tmp_path / "zeros.html").write_bytes(STORY.replace(" ", " \0").encode())
    for name in ("a.html", "zeros.html"):
        assert len(list(open_path(tmp_path / name).members())) == 1


@pytest.mark.parametrize(
    ("declared", "written"),
    [("utf-16", "cp1252"), ("utf-32", "utf-8"), ("utf-8", "cp1252"), ("no-such", "utf-8")],
)
def test_a_page_in_another_encoding_than_it_says_is_read(declared: str, written: str) -> None:
    html = f'<meta charset="{declared}"><title>Météo de Mars</title>{STORY}'.encode(written)

    page = read_article(Document(address="a.html", data=html, charset=declared))

    assert page.title == "A story with a picture"
    assert page.images
    assert "Météo de Mars" in decode(html, declared)


def test_a_folder_without_a_source_is_told(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("p {}")

    (told,) = open_path(tmp_path).members()

    assert isinstance(told, Outcome)
    assert told.outcome == "failed:unreadable-page"
    assert "no source" in told.detail
