"""Site rules: each example is its own site's and no other's; each convention does what it says."""

# ruff: noqa: E501 - lines of pages stand as pages write them

from __future__ import annotations

import pytest

from catalogue.model import Document, Page
from catalogue.sites import RULES, larger_than, read_page, rule_for
from catalogue.sites.interface import SiteRule


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_example_is_the_sites_own(rule: SiteRule) -> None:
    """A page has the rule of its own site, and not that of a site whose host is above."""
    assert rule_for(rule.example) is rule


def test_hosts_have_one_rule() -> None:
    """No two rules claim one host."""
    hosts = [host for rule in RULES for host in rule.hosts]
    assert len(set(hosts)) == len(hosts)


def test_names_are_unique() -> None:
    """Evidence names the rule, so no two have one name."""
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    "url", ["https://notnasa.gov.example/", "https://esa.int.example/", "https://[", "", "x"]
)
def test_no_site_matches_another_host(url: str) -> None:
    """A host that only looks like a site's is not the site's."""
    assert rule_for(url) is None


@pytest.mark.parametrize(
    ("url", "larger"),
    [
        (
            "https://images-assets.nasa.gov/image/PIA1/PIA1~small.jpg",
            "https://images-assets.nasa.gov/image/PIA1/PIA1~orig.jpg",
        ),
        (
            "https://www.nasa.gov/wp-content/uploads/2024/01/a.jpg?resize=300,200",
            "https://www.nasa.gov/wp-content/uploads/2024/01/a.jpg",
        ),
        (
            "https://www.nasa.gov/sites/default/files/styles/full/public/thumbnails/image/a.jpg?itok=x",
            "https://www.nasa.gov/sites/default/files/thumbnails/image/a.jpg",
        ),
        (
            "https://photojournal.jpl.nasa.gov/jpegMod/PIA00001_modest.jpg",
            "https://photojournal.jpl.nasa.gov/jpeg/PIA00001.jpg",
        ),
        (
            "https://www.esa.int/var/esa/storage/images/a/1-1-eng-GB/Mars_card_medium.jpg",
            "https://www.esa.int/var/esa/storage/images/a/1-1-eng-GB/Mars.jpg",
        ),
        (
            "https://upload.wikimedia.org/wikipedia/commons/thumb/0/0d/A_b.jpg/440px-A_b.jpg",
            "https://upload.wikimedia.org/wikipedia/commons/0/0d/A_b.jpg",
        ),
        (
            "https://blog.example/wp-content/uploads/2020/01/a-300x200.jpg",
            "https://blog.example/wp-content/uploads/2020/01/a.jpg",
        ),
        (
            "https://i0.wp.com/blog.example/wp-content/uploads/a.jpg?resize=640%2C480&ssl=1",
            "https://blog.example/wp-content/uploads/a.jpg",
        ),
        (
            "https://mars.nasa.gov/msl-raw-images/proj/msl/redops/x/NAME-thm.jpg",
            "https://mars.nasa.gov/msl-raw-images/proj/msl/redops/x/NAME.jpg",
        ),
        (
            "https://d2pn8kiwq2w21t.cloudfront.net/images/rover.width-1024.jpg",
            "https://d2pn8kiwq2w21t.cloudfront.net/original_images/rover.jpg",
        ),
    ],
)
def test_larger_renditions(url: str, larger: str) -> None:
    """A convention yields the larger address, and that address is its own largest."""
    assert larger == larger_than(url)[0]
    assert larger not in larger_than(larger)


@pytest.mark.parametrize(
    "url",
    [
        "https://upload.wikimedia.org/wikipedia/commons/thumb/5/5c/A.svg/440px-A.svg.png",
        "https://blog.example/photos/a-300x200.jpg",
        "https://blog.example/wp-content/uploads/2020/01/a-e1718325911969.jpg",
    ],
)
def test_where_no_convention_holds(url: str) -> None:
    """A drawing has no larger raster; a size in a name elsewhere, or an edit, is left alone."""
    assert larger_than(url) == ()


def read(body: str, url: str) -> Page:
    return read_page(Document(address="x", data=f"<html><body>{body}".encode(), url=url))


PROSE = "<p>" + "Words about the picture that make up a paragraph of prose. " * 3 + "</p>"


def test_photojournal_catalogue_page() -> None:
    """The table states who took it; the full files come before the browse copy."""
    page = read(
        f"""<table><caption><b>PIA00001: A Dune Field</b></caption><tr><td>
        <a href="/jpegMod/PIA00001_modest.jpg"><img src="/browse/PIA00001.jpg" alt="Dunes"></a></td>
        <td><table><tr><td>Target Name:</td><td>Mars</td></tr>
        <tr><td>Spacecraft:</td><td>Example Orbiter</td></tr>
        <tr><td>Instrument:</td><td>Example Camera</td></tr>
        <tr><td>Full-Res TIFF:</td><td><a href="/tiff/PIA00001.tif">PIA00001.tif</a> (2 MB)</td></tr>
        <tr><td>Full-Res JPEG:</td><td><a href="/jpeg/PIA00001.jpg">PIA00001.jpg</a></td></tr>
        </table></td></tr></table>
        <dl><dt>Original Caption Released with Image:</dt><dd>
        <p><center><a href="/figures/PIA00001_figA.jpg"><img src="/figures/PIA00001_figA_thumb.jpg"></a>
        <br><b>Figure A</b></center></p>{PROSE}<p>Figure A shows the same dunes in colour.</p></dd>
        <dt>Image Credit:</dt><dd>NASA/JPL</dd><dt>Image Addition Date:</dt><dd>2001-05-18</dd></dl>""",
        "https://photojournal.jpl.nasa.gov/catalog/PIA00001",
    )

    main, figure = page.images
    assert (
        page.title,
        page.published,
        page.publisher,
    ) == ("PIA00001: A Dune Field", "2001-05-18", "Photojournal")
    assert [(said.name, said.value) for said in main.statements] == [
        ("target", "Mars"),
        ("spacecraft", "Example Orbiter"),
        ("instrument", "Example Camera"),
        ("product_id", "PIA00001"),
    ]
    assert main.url == "https://photojournal.jpl.nasa.gov/jpeg/PIA00001.jpg"
    assert main.alternatives[-1] == "https://photojournal.jpl.nasa.gov/browse/PIA00001.jpg"
    assert (
        figure.caption,
        figure.credit,
    ) == ("Figure A shows the same dunes in colour.", "NASA/JPL")
    assert figure.url == "https://photojournal.jpl.nasa.gov/figures/PIA00001_figA.jpg"
    assert (main.caption or "").startswith("Words about the picture")


def test_esa_image_page_with_a_zoom_viewer() -> None:
    """The download menu names the files, best first; credit and licence are in the list."""
    page = read(
        f"""<div class="modal__item"><micr-io id=x></micr-io></div><h1 class=heading>A view of it</h1>
        <div class=meta><span>20/08/2024</span></div>
        <a class=dropdown__item download href="/var/esa/storage/images/v/1-1-eng-GB/A.jpg"
           title="Download LOW-RES JPG">LOW-RES</a>
        <a class=dropdown__item download href="/var/esa/storage/images/v/2-1-eng-GB/A.jpg"
           title="Download HI-RES JPG">HI-RES</a>
        <div class="modal__tab-description">{PROSE}<p><i>[Image description: x]</i></p></div>
        <ul class="modal__meta_licence"><li><b>CREDIT</b><br>ESA/DLR/FU Berlin</li>
        <li><b>LICENCE</b><br>CC BY-SA 3.0 IGO</li></ul>
        <a class="modal__related"><img src="/var/esa/storage/images/w/3-1-eng-GB/B_card_medium.jpg"></a>""",
        "https://www.esa.int/ESA_Multimedia/Images/2024/08/A_view_of_it",
    )

    (image,) = page.images
    assert (image.url, image.credit, page.published, page.publisher) == (
        "https://www.esa.int/var/esa/storage/images/v/2-1-eng-GB/A.jpg",
        "ESA/DLR/FU Berlin",
        "2024-08-20",
        "ESA",
    )
    assert [(s.name, s.value) for s in image.statements] == [("licence", "CC BY-SA 3.0 IGO")]
    assert "Image description" not in (image.caption or "")


def test_nasa_image_page_in_columns() -> None:
    """Caption and credit stand in another column than the picture."""
    page = read(
        """<main><div><div class=hds-attachment-single__image>
        <img src="https://www.nasa.gov/wp-content/uploads/2023/11/x.png" alt="A nebula"></div></div>
        <div><h1 class=hds-attachment-single__title>A cloud of gas and dust</h1>
        <p class=hds-attachment-single__caption>A cloud, far away.</p>
        <div class=hds-attachment-single__credit>Image Credit: NASA</div></div></main>""",
        "https://www.nasa.gov/image-detail/x/",
    )

    (image,) = page.images
    assert (image.caption, image.credit) == ("A cloud, far away.", "Image Credit: NASA")


def test_nasa_image_article_is_captioned_by_its_first_paragraph() -> None:
    """An image article whose figure has a credit alone gives its first paragraph as caption."""
    page = read(
        f"""<main><article><h1>A view of the north</h1><figure>
        <img src="https://www.nasa.gov/wp-content/uploads/2024/01/x.jpg?w=2048"></figure>
        <figcaption class=hds-caption><div class=hds-credits>NASA/Jo Example</div></figcaption>
        {PROSE}{PROSE}</article></main>""",
        "https://www.nasa.gov/image-article/a-view/",
    )

    (image,) = page.images
    assert image.credit == "NASA/Jo Example"
    assert (image.caption or "").startswith("Words about the picture")
    assert image.larger == ("https://www.nasa.gov/wp-content/uploads/2024/01/x.jpg",)


def test_hirise_observation() -> None:
    """The observation's identifier is stated, and the site's credit line is everybody's."""
    page = read(
        f"""<main><h1>Layers in a crater wall</h1><img src="https://static.uahirise.org/images/2019/details/cut/ESP_012345_1234.jpg" width=600>
        {PROSE}{PROSE}<p>Written by: Jo Example (narration: Max Muster)&nbsp; (18 February 2021)</p></main><p>NASA/JPL-Caltech/University of Arizona</p>""",
        "https://www.uahirise.org/ESP_012345_1234",
    )

    (image,) = page.images
    assert (page.author, page.published) == ("Jo Example", "2021-02-18")
    assert image.credit == "NASA/JPL-Caltech/University of Arizona"
    assert image.statements[0].value == "ESP_012345_1234"


def test_wikipedia_article() -> None:
    """The date is that of the last change, the larger picture the original."""
    page = read(
        f"""<div id=content role=main><h1>Gale (crater)</h1>{PROSE}<div class=thumb><div class=thumbinner>
        <a href="/wiki/File:G.jpg" class=image><img width=220 src="//upload.wikimedia.org/wikipedia/commons/thumb/0/0d/G.jpg/220px-G.jpg"
        srcset="//upload.wikimedia.org/wikipedia/commons/thumb/0/0d/G.jpg/440px-G.jpg 2x"></a>
        <div class=thumbcaption><div class=magnify><a href="/wiki/File:G.jpg"></a></div>Gale from above</div>
        </div></div>{PROSE}</div><ul><li id="footer-info-lastmod">last modified on 28 October 2016, at 10:11.</li></ul>""",
        "https://en.wikipedia.org/wiki/Gale_(crater)",
    )

    (image,) = page.images
    assert (page.published, page.publisher) == ("2016-10-28", "Wikipedia")
    assert image.caption == "Gale from above"
    assert (image.url or "").endswith("440px-G.jpg")
    assert image.larger == ("https://upload.wikimedia.org/wikipedia/commons/0/0d/G.jpg",)


def test_an_archived_page_was_published_by_the_site_that_the_archive_copied() -> None:
    """And the archive's own bar is no part of it."""
    kept = "http://web.archive.org/web/20060205010203"
    html = f"""<html><head><title>On the Summit</title></head><body>
        <div id="wm-ipp"><img src="/_static/images/bar.png" width="200" height="60"></div>
        <table><tr><td><h1>On the Summit</h1><table align="right"><tr><td>
        <a href="{kept}/http://daily.example/full.jpg"><img width="250" height="180"
        src="/web/20060205010203im_/http://daily.example/full-sm.jpg"></a></td></tr>
        <tr><td>The view. Image credit: NASA/JPL</td></tr></table>{"<p>" + "A long text. " * 20}
        </td></tr></table></body></html>"""

    page = read_page(
        Document(
            address="x.html", data=html.encode(), url=f"{kept}/http://daily.example/summit.html"
        )
    )

    assert page.publisher == "daily.example"
    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        (f"{kept}/http://daily.example/full.jpg", "The view.", "Image credit: NASA/JPL")
    ]


def test_picture_of_the_day() -> None:
    """The title is the picture's, the date is in the address, the explanation is the caption."""
    page = read(
        """<title>APOD: 2021 February 23 - The Dune Field in Winter</title><center><h1>Astronomy Picture of the Day</h1><p>Each day another picture of our universe is shown here.<p>2021 February 23<br>
        <a href="image/2102/dunes_2048.jpg"><IMG SRC="image/2102/dunes_960.jpg" alt="See Explanation."></a></center>
        <center><b>The Dune Field in Winter</b><br><b>Image Credit: </b><a href="https://www.nasa.gov/">NASA</a>, <a href="x">Jo Example</a></center>
        <p><b>Explanation: </b>What makes the <a href="d">dunes</a> dark? In spring the ice breaks and dust runs down the slopes, which the camera has seen
        from orbit for ten years; how it moves is not known.<p><center><b>Tomorrow's picture: </b>open space</center>""",
        "https://apod.nasa.gov/apod/ap210223.html",
    )

    (image,) = page.images
    assert (page.title, page.published) == ("The Dune Field in Winter", "2021-02-23")
    assert image.url == "https://apod.nasa.gov/apod/image/2102/dunes_2048.jpg"
    assert image.credit == "Image Credit: NASA, Jo Example"
    assert (image.caption or "").startswith("What makes the dunes dark? In spring")
    assert (image.caption or "").endswith("is not known.")
