"""Ways in which publishing systems mark up a picture and its words: each a small page of our own."""

# ruff: noqa: E501 - lines of pages stand as pages write them

from __future__ import annotations

import pytest

from catalogue.model import Document, Page
from catalogue.sites import read_page

PROSE = (
    "<p>The rover spent the week at the foot of the scarp, where it looked at layered rock and "
    "waited for a dust storm to pass, the team said in a note on Thursday.</p>"
) * 3
HOST = "https://news.example"


def read(body: str, head: str = "") -> Page:
    html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return read_page(Document(address="page.html", data=html.encode(), url=f"{HOST}/a/story"))


CASES = {
    "fields of a media entity, in an article of its own inside the article": (
        f"""<article><h1>At the scarp</h1><article class="media media--image"><div class="field">
        <img src="/f/devils.jpg"></div><div class="field--name-field-caption"><p>Four dust devils.</p></div>
        <div class="field--name-field-credit">ESA/DLR</div></article>{PROSE}</article>""",
        [("/f/devils.jpg", "Four dust devils.", "ESA/DLR")],
    ),
    "the credit alone in the figcaption, the caption beside it": (
        f"""<main><h1>At the scarp</h1><div class="image"><img src="/f/sky.jpg"><div class="image__metadata">
        <div class="image__caption attribution"><span>The sky at dusk.</span></div>
        <figcaption class="image__credit">NASA/JPL-Caltech</figcaption></div></div>{PROSE}</main>""",
        [("/f/sky.jpg", "The sky at dusk.", "NASA/JPL-Caltech")],
    ),
    "a credit with its label, both named after the caption they stand in": (
        f"""<main><h1>At the scarp</h1><figure><img src="/f/selfie.jpg"><figcaption class="Caption">
        <span class="Caption__text">A self-portrait.</span> <span class="Caption__Credit">
        <span class="Caption__CreditLabel">Mosaic by </span>NASA/MSSS</span></figcaption></figure>{PROSE}</main>""",
        [("/f/selfie.jpg", "A self-portrait.", "Mosaic by NASA/MSSS")],
    ),
    "the credit on the first line of the caption": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div><img src="/f/pad.jpg"><div class="image-caption">
        <span class=tiny>&copy; Roscosmos</span><br><span>The lander at the pad</span></div></div>{PROSE}</div>""",
        [("/f/pad.jpg", "The lander at the pad", "© Roscosmos")],
    ),
    "a sentence in an element for citations is a caption": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div><img src="/f/hall.jpg">
        <cite>Visitors look at the model in the hall on Wednesday, May 1.</cite></div>{PROSE}</div>""",
        [("/f/hall.jpg", "Visitors look at the model in the hall on Wednesday, May 1.", None)],
    ),
    "caption and credit in one small line": (
        f"""<article><h1>At the scarp</h1>{PROSE}<p><img src="/f/ice.jpg" width=800></p>
        <p class="bildunterschrift"><small>Eis am Südpol © ESA/DLR/FU Berlin</small></p>{PROSE}</article>""",
        [("/f/ice.jpg", "Eis am Südpol", "© ESA/DLR/FU Berlin")],
    ),
    "words over a picture that is a background": (
        f"""<article><div class="hero" style="background-image: url('/f/hero.jpg')">
        <div class="hero-caption">A canyon in spring. <span class="hero-credit">ISRO/ISSDC</span></div></div>
        <h1>At the scarp</h1>{PROSE}</article>""",
        [("/f/hero.jpg", "A canyon in spring.", "ISRO/ISSDC")],
    ),
    "a picture whose declared size is a ratio": (
        f"""<article><h1>At the scarp</h1><figure><amp-img width=16 height=9 layout=responsive src="/f/dune-640.jpg"
        srcset="/f/dune-640.jpg 640w, /f/dune-1920.jpg 1920w"></amp-img><figcaption>A dune.</figcaption></figure>{PROSE}</article>""",
        [("/f/dune-1920.jpg", "A dune.", None)],
    ),
    "a page builder that makes everything a widget": (
        f"""<section><div class="pb-widget"><h1>At the scarp</h1></div><div class="pb-widget"><figure>
        <img src="/f/storm.jpg"><figcaption>Storm. Image: ESA</figcaption></figure></div>
        <div class="pb-widget"><div>{PROSE}</div></div></section>""",
        [("/f/storm.jpg", "Storm.", "Image: ESA")],
    ),
    "a resizing script that is given the picture's path": (
        f"""<div><h1>At the scarp</h1><img data-interchange="[/i.php?src=/p/rover.jpg&amp;w=640, small], [/i.php?src=/p/rover.jpg&amp;w=2048, large]"
        src="/i.php?src=/p/rover.jpg&amp;w=1280">{PROSE}<img src="/i.php?src=/p/other-view.jpg&amp;w=800">{PROSE}</div>""",
        [("/i.php?src=/p/rover.jpg&w=2048", None, None), ("/i.php?src=/p/other-view.jpg&w=800", None, None)],
    ),
    "a gallery of small pictures with a text each": (
        f"""<div><h1>At the scarp</h1>{PROSE}<ul class="gallery"><li><div class="thumb"><a href="/File:A"><img width=120 height=80
        src="/t/alpha.jpg/120px-alpha.jpg"></a></div><div class="gallerytext">First site</div></li><li><div class="thumb">
        <a href="/File:B"><img width=120 height=80 src="/t/beta.jpg/120px-beta.jpg"></a></div><div class="gallerytext">Second site</div></li></ul></div>""",
        [("/t/alpha.jpg/120px-alpha.jpg", "First site", None), ("/t/beta.jpg/120px-beta.jpg", "Second site", None)],
    ),
    "credits in Japanese, Chinese, Korean": (
        f"""<div><h1>At the scarp</h1>{PROSE}<figure><img src="/f/a.jpg"><figcaption>砂丘の前に立つ探査車（写真提供：NASA）</figcaption></figure>
        {PROSE}<figure><img src="/f/b.jpg"><figcaption>“祝融号”火星车（国家航天局供图）</figcaption></figure>
        {PROSE}<figure><img src="/f/c.jpg"><figcaption>화성 탐사 로버 [NASA 제공]</figcaption></figure>{PROSE}</div>""",
        [
            ("/f/a.jpg", "砂丘の前に立つ探査車", "（写真提供：NASA）"),
            ("/f/b.jpg", "“祝融号”火星车", "（国家航天局供图）"),
            ("/f/c.jpg", "화성 탐사 로버", "[NASA 제공]"),
        ],
    ),
    "caption and credit below their picture, each named, between paragraphs": (
        f"""<div><h1>At the scarp</h1>{PROSE}<img src="/f/north-view.jpg"><div class="caption">To the north</div><div class="credit">NASA/JPL</div>
        <img src="/f/south-view.jpg"><div class="caption">To the south</div><div class="credit">ESA</div>{PROSE}</div>""",
        [("/f/north-view.jpg", "To the north", "NASA/JPL"), ("/f/south-view.jpg", "To the south", "ESA")],
    ),
    "one caption for all pictures of a slider": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div class="slider"><div class="slides"><div><img src="/f/before.jpg"></div><div><img src="/f/after.jpg"></div></div>
        <button>Next</button><div class="slider-caption">Before and after. Credit: ESA</div></div>{PROSE}</div>""",
        [("/f/before.jpg", "Before and after.", "Credit: ESA"), ("/f/after.jpg", "Before and after.", "Credit: ESA")],
    ),
    "a box named after its picture, with words that have no name": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div class="img-box"><img src="/f/wheel.jpg"><div class="meta"><span>A wheel in the sand</span>
        <span>Jo Example / Agency</span></div></div>{PROSE}</div>""",
        [("/f/wheel.jpg", "A wheel in the sand", "Jo Example / Agency")],
    ),
    "words kept in attributes for a script": (
        f"""<div><h1>At the scarp</h1>{PROSE}<img src="/f/deck.jpg" width=900 data-caption="The deck." data-photo-credit="NASA/JPL">{PROSE}
        <div class="js-gallery" data-gallery='[{{"src":"/f/alpha-view.jpg","caption":"Alpha from above","credit":"ESA/DLR"}}]'><img src="/f/alpha-view.jpg"></div>{PROSE}</div>""",
        [("/f/deck.jpg", "The deck.", "NASA/JPL"), ("/f/alpha-view.jpg", "Alpha from above", "ESA/DLR")],
    ),
    "the large picture in an element that a script opens": (
        f"""<div><h1>At the scarp</h1><div data-thumb="/tmb/scarp-view.jpg" data-src="/hires/scarp-view.jpg" data-sub-html="x"><figure>
        <img src="/800a/scarp-view.jpg" width=800 height=480><figcaption>The scarp. Credit: NASA/JPL</figcaption></figure></div>{PROSE}</div>""",
        [("/hires/scarp-view.jpg", "The scarp.", "Credit: NASA/JPL")],
    ),
    "the large picture in a property of the image object": (
        f"""<div><h1>At the scarp</h1><div itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><meta itemprop="url" content="/i/scarp-big.jpg">
        <img src="/i/scarp-small.jpg"><p itemprop="caption">The scarp at noon</p><span itemprop="creditText">ESA/DLR</span></div>{PROSE}</div>""",
        [("/i/scarp-big.jpg", "The scarp at noon", "ESA/DLR")],
    ),
    "pictures with running numbers, which are no sizes": (
        f"""<div><h1>At the scarp</h1>{PROSE}<img src="/p/IMG_0042.jpg">{PROSE}<img src="/p/pic-640.jpg">{PROSE}<img src="/p/pic-800.jpg">{PROSE}
        <img src="/p/2021/150/rover.jpg">{PROSE}</div>""",
        [(f"/p/{name}.jpg", None, None) for name in ("IMG_0042", "pic-640", "pic-800", "2021/150/rover")],
    ),
    "caption and credit in a line named after the picture, a stroke between them": (
        f"""<main><h1>At the scarp</h1><div class="absatzbild"><div class="ts-picture__wrapper"><picture><img src="/f/hang-im-licht.jpg"></picture></div>
        <div class="absatzbild__info"><p class="absatzbild__text">Der Hang im Licht. | <span>NASA</span></p></div></div>{PROSE}</main>""",
        [("/f/hang-im-licht.jpg", "Der Hang im Licht.", "NASA")],
    ),
    "text with headings after the picture, and the credit under one of them": (
        f"""<main><h1>At the scarp</h1><div class="image"><a href="/large/heic1a.jpg"><img src="/screen/heic1a.jpg"></a></div>
        <div class="text">{PROSE}<h3>Credit:</h3><div class="credit"><p>NASA, ESA</p></div><h3>About</h3><table><tr><td>Id</td></tr></table></div></main>""",
        [("/large/heic1a.jpg", None, "NASA, ESA")],
    ),
    "a link to the picture itself, marked in its caption": (
        f"""<main><h1>At the scarp</h1>{PROSE}<figure id="i1"><img src="/f/plot-of-depth.png"><figcaption><p><span class="caption-text">The depth.
        Credit: ESA</span><a class="headerlink" href="#i1">¶</a></p></figcaption></figure>{PROSE}</main>""",
        [("/f/plot-of-depth.png", "The depth.", "Credit: ESA")],
    ),
    "a licence link behind the credit": (
        f"""<article><h1>At the scarp</h1><figure><img src="/f/deck.jpg"><figcaption><span>The rover deck. NASA/Handout via AGENCY</span>
        <a href="/l"><span>Purchase Licensing Rights</span></a></figcaption></figure>{PROSE}</article>""",
        [("/f/deck.jpg", "The rover deck.", "NASA/Handout via AGENCY")],
    ),
    "a stand-in until a script runs, an advert, a teaser that is a figure with a caption": (
        f"""<article><h1>At the scarp</h1>{PROSE}<img src="/i/noimg_default.gif" data-src="/f/real.jpg"><img src="/www/delivery?zone=1" alt="Publicidad" width=300>
        <figure><a href="/b"><img src="/f/teaser.jpg"></a><figcaption><h5><a href="/b">What others read</a></h5><p>More of it</p></figcaption></figure>
        {PROSE}</article>""",
        [("/f/real.jpg", None, None)],
    ),
    "an emblem that leads elsewhere, between headline and text": (
        f"""<article><h1>At the scarp</h1><div><a href="https://agency.example/"><img src="/f/emblem.jpeg"></a> 14:05</div>{PROSE}</article>""",
        [],
    ),
    "a linked source below a picture is a credit, and no headline of another story": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div class="image-container right"><div class="image"><img src="/f/flag.jpg" width=400></div>
        <p class="source">Image: <a href="https://photos.example/jo">Jo Example</a></p></div>{PROSE}
        <div class="image on-image"><img src="/f/dunes.jpg"><p class="source"><span><a href="/elsewhere/2011/dunes">Jo Example, Far Blog</a></span></p></div>{PROSE}</div>""",
        [("/f/flag.jpg", None, "Image: Jo Example"), ("/f/dunes.jpg", None, "Jo Example, Far Blog")],
    ),
    "the line below a picture that its alternative text repeats": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div class="cntnt"><div class="cc300"><img src="/f/kaine.jpg" width=300 height=169
        alt="The head of the team says that the dust will settle."></div><div>The head of the team says that the dust will settle.</div></div>{PROSE}</div>""",
        [("/f/kaine.jpg", "The head of the team says that the dust will settle.", None)],
    ),
    "the credit ahead of the caption in a box for the picture, a button round the picture": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div class="mod-inline image"><div style="width:300px"><a class="enlarge" href="#">[+] Enlarge<img
        src="/f/pour.jpg" width=300 height=200></a><div style="width:300px"><cite>Jo Example/Far Works</cite>The crater fills with sand.</div></div></div>{PROSE}</div>""",
        [("/f/pour.jpg", "The crater fills with sand.", "Jo Example/Far Works")],
    ),
    "who signed the picture, behind a stroke in the caption": (
        f"""<div><h1>At the scarp</h1><div class="foto figure"><img src="/f/sala.jpg" width=560>
        <p class="figcaption">The hall of the control room. / <span class="firma">JO EXAMPLE</span></p></div>{PROSE}</div>""",
        [("/f/sala.jpg", "The hall of the control room.", "JO EXAMPLE")],
    ),
    "the label of a field above its picture": (
        f"""<div><h1>At the scarp</h1><div class="field field-label-above"><div class="field-label">Teaser image:&nbsp;</div>
        <div class="field-items"><img src="/f/gun.jpg" width=400 height=300></div></div>{PROSE}</div>""",
        [("/f/gun.jpg", None, None)],
    ),
    "names joined by strokes in the caption's place": (
        f"""<div><h1>At the scarp</h1><img src="/f/obelisk.jpg" width=455><p id="caption">Jo Example / AFP / Far Images</p>{PROSE}</div>""",
        [("/f/obelisk.jpg", None, "Jo Example / AFP / Far Images")],
    ),
    "a title with the agency in brackets behind its sentences": (
        f"""<div><h1>At the scarp</h1><ul><li class="photo"><a href="/photos/1" class="media"><img src="/f/wave.jpg" width=630 height=430
        title="In this March 2 photo, the head of the team waves to her guests. (AP Photo/Jo Example, File)"></a></li></ul>{PROSE}</div>""",
        [("/f/wave.jpg", "In this March 2 photo, the head of the team waves to her guests.", "(AP Photo/Jo Example, File)")],
    ),
    "an agency's logo beside the byline, and the menu below the site's": (
        f"""<div><h1>At the scarp</h1><div><a href="https://agency.example/"><img src="/f/ap_106.png" class="logo" alt="AP"></a><cite class="byline vcard">By
        <span class="fn">Jo Example</span> | <span class="org">AP</span></cite></div>{PROSE}
        <center class="small"><a href="/"><img src="/f/foot.gif" alt="The Paper"></a><br><a href="/a">Home</a> | <a href="/b">Contact</a> | <a href="/c">Search</a> | <a
        href="/d">Privacy</a><br>Copyright &copy; 2011, The Paper Co. All rights reserved.</center></div>""",
        [],
    ),
    "portraits, buttons, counters": (
        f"""<div><h1>At the scarp</h1><a href="/bios/jo-3025.html"><img width=75 height=75 src="/f/jo.jpg"></a>{PROSE}<p><img src="/f/like.gif" width=170
        height=55 alt="Like The Paper on Facebook"></p><p><img src="/f/head.jpg" alt="LOGO"></p>{PROSE}<noscript><img src="/p?s=21&amp;t=13&amp;sec=x"></noscript></div>""",
        [],
    ),
    "numbers of folders that tell sizes only together": (
        f"""<div><h1>At the scarp</h1>{PROSE}<p><img src="/m/Sky/396/223/startsign.jpg"></p>{PROSE}<ul><li><img src="/m/Sky/60/60/startsign.jpg"></li></ul></div>""",
        [("/m/Sky/396/223/startsign.jpg", None, None)],
    ),
    "links behind a caption that lead on": (
        f"""<div><h1>At the scarp</h1><figure><img src="/f/lede-800.jpg"><figcaption><strong>Dunes at Last</strong>: Taken below the scarp. Credit: NASA/JPL
        <a class="more" href="/resources/25">Full image and caption ›</a></figcaption></figure>{PROSE}<figure><img src="/f/wall.jpg"><figcaption><p>The
        wall.</p><p><strong>Credit: </strong>NASA/JPL</p><p><a href="/images/pia1">Full Image Details</a></p></figcaption></figure>{PROSE}
        <figure><img src="/f/hill.jpg"><figcaption>A hill; the <a href="/hill">larger version</a> shows the tracks.</figcaption></figure>{PROSE}</div>""",
        [("/f/lede-800.jpg", "Dunes at Last: Taken below the scarp.", "Credit: NASA/JPL"), ("/f/wall.jpg", "The wall.", "Credit: NASA/JPL"),
         ("/f/hill.jpg", "A hill; the larger version shows the tracks.", None)],
    ),
    "the kind of picture ahead of the caption, a button behind it": (
        f"""<article><h1>At the scarp</h1>{PROSE}<figure class="thumbnail"><a href="/multimedia/911"><img src="/api/0f3c-11.jpg"></a><figcaption>
        <strong>image: </strong><p>Dunes below the scarp.</p><p><a href="/multimedia/911" class="btn">view <span>more</span></a></p>
        <p class="credit"><em>Credit: NASA/JPL</em></p></figcaption></figure>{PROSE}</article>""",
        [("/api/0f3c-11.jpg", "Dunes below the scarp.", "Credit: NASA/JPL")],
    ),
    "two pictures side by side, and their caption behind the row": (
        f"""<article><h1>At the scarp</h1>{PROSE}<div class="row"><div class="col"><img src="/f/dunes.jpg" width=600></div><div class="col">
        <img src="/f/wall.jpg" width=600></div></div><p class="caption">Left: dunes. Right: the wall. Images: NASA/JPL</p>{PROSE}</article>""",
        [("/f/dunes.jpg", "Left: dunes. Right: the wall.", "Images: NASA/JPL"), ("/f/wall.jpg", "Left: dunes. Right: the wall.", "Images: NASA/JPL")],
    ),
    "a slider whose pictures have credits, and one caption": (
        f"""<article><h1>At the scarp</h1>{PROSE}<figure><div class="juxtapose"><img src="/f/dunes-2019.jpg" data-label="2019" data-credit="NASA/JPL">
        <img src="/f/dunes-2021.jpg" data-label="2021" data-credit="ESA"></div><figcaption>Before and after the storm.</figcaption></figure>{PROSE}</article>""",
        [("/f/dunes-2019.jpg", "Before and after the storm.", "NASA/JPL"), ("/f/dunes-2021.jpg", "Before and after the storm.", "ESA")],
    ),
    "a picture that ends its block, with title and credit centred below": (
        f"""<center><h1>At the scarp</h1><p>18 February 2021<br><a href="/i/dunes_big.jpg"><img src="/i/dunes_960.jpg"></a></center><center>
        <b>The Dune Field in Winter</b><br><b>Image Credit: </b><a href="https://space.example/">ESA</a>, <a href="https://dlr.example/">DLR</a></center>{PROSE}""",
        [("/i/dunes_big.jpg", "The Dune Field in Winter", "Image Credit: ESA, DLR")],
    ),
    "slides, and the same small for choosing": (
        f"""<article><h1>At the scarp</h1>{PROSE}<div class="swiper top"><div class="slide"><img data-src="/f/dune-field_l.jpg"><div class="slide-text">Dunes.
        <span>Photo: ESA</span></div></div><div class="slide"><img data-src="/f/crater-wall_l.jpg"><div class="slide-text">The wall. <span>Photo: DLR</span></div></div>
        </div><div class="swiper thumbs"><div class="slide"><img src="/f/dune-field_s.jpg"></div><div class="slide"><img src="/f/crater-wall_s.jpg"></div></div>{PROSE}</article>""",
        [("/f/dune-field_l.jpg", "Dunes.", "Photo: ESA"), ("/f/crater-wall_l.jpg", "The wall.", "Photo: DLR")],
    ),
    "a ratio and a width as a folder; names behind a bar": (
        f"""<article><h1>At the scarp</h1><figure class="absatzbild"><picture><source srcset="/image/1/16x9-1920/dunes-101.webp"><img
        src="/image/1/16x9-960/dunes-101.jpg"></picture><div class="info"><p class="text">Dünen am Steilhang | NASA/dpa</p></div></figure>{PROSE}</article>""",
        [("/image/1/16x9-1920/dunes-101.webp", "Dünen am Steilhang", "NASA/dpa")],
    ),
    "the picture of a page without a headline, in the cell beside the text": (
        f"""<table width="100%"><tr><td class="view"><a href="/i/ESP_068.jpg"><img src="/i/ESP_068_thumb.jpg" width=400></a></td></tr><tr><td>{PROSE}</td></tr></table>""",
        [("/i/ESP_068.jpg", None, None)],
    ),
    "credit and caption in two rows below a picture": (
        f"""<div><h1>At the scarp</h1>{PROSE}<table align=right width=220><tr><td><img src="/f/dunes.jpg" width=220 height=160></td></tr>
        <tr><td><font size=1>JO EXAMPLE/The Paper</font></td></tr><tr><td><font size=1><b>Dunes below the scarp.</b></font></td></tr></table>{PROSE}</div>""",
        [("/f/dunes.jpg", "Dunes below the scarp.", "JO EXAMPLE/The Paper")],
    ),
    "a summary that opens the words, a background that a script sets": (
        f"""<article><h1>At the scarp</h1><figure><img src="/f/dunes.jpg"><details><summary>Photo info</summary><p>Dunes. Photo: ESA</p></details></figure>{PROSE}
        <figure><div class="lazy-bg" data-bg="url(/f/wall.jpg)"></div><figcaption>The wall.</figcaption></figure>{PROSE}</article>""",
        [("/f/dunes.jpg", "Dunes.", "Photo: ESA"), ("/f/wall.jpg", "The wall.", None)],
    ),
    "a letter's head above its headline, and a card of another page": (
        f"""<table><tr><td><a href="https://letters.example/x"><img src="/f/letter_head.png" width=600 height=90></a></td></tr><tr><td><h1>At the scarp</h1></td></tr>
        <tr><td>{PROSE}</td></tr></table><figure class="bookmark-card"><a href="/z"><div>Other page</div><img src="/f/other.jpg"></a></figure>""",
        [],
    ),
    "tables in tables: the picture in the row above its text, links to its files behind the credit": (
        """<table><tr><td colspan=2><img src="/i/topbar.jpg" width=800 height=80></td></tr><tr><td><a href="/"><img src="/i/nav_home.gif" width=150 height=20></a>
        <a href="/m"><img src="/i/nav_mission.gif" width=150 height=20></a><a href="/n">News</a></td><td><table><tr><td class="head">At the scarp</td></tr><tr><td>
        <a href="/p/dunes_scarp-B40.jpg"><img src="/p/dunes_scarp-B40_br.jpg" width=400 height=300></a></td></tr><tr><td>The rover looked at layered rock at the
        foot of the scarp. It saw dunes.<br><br>Image credit: NASA/JPL<br><a href="/p/dunes_scarp-B40_br.jpg">Browse image</a> (31 kB) | <a
        href="/p/dunes_scarp-B40.jpg">Large image</a> (1.2 MB)</td></tr></table></td></tr></table>""",
        [("/p/dunes_scarp-B40.jpg", "The rover looked at layered rock at the foot of the scarp. It saw dunes.", "Image credit: NASA/JPL")],
    ),
    "the source of a picture in the language of the page": (
        f"""<article><h1>At the scarp</h1><div class="clanek-foto"><img src="/f/duny.jpg" width=600><p class="popisek">Duny pod srázem <span
        class="zdroj">zdroj: NASA/JPL</span></p></div>{PROSE}</article>""",
        [("/f/duny.jpg", "Duny pod srázem", "zdroj: NASA/JPL")],
    ),
    "a number of the picture that runs into its caption, a mark that a hidden label left": (
        f"""<article><h1>At the scarp</h1><figure><img src="/f/dunes.jpg"><figcaption><span class="count">2</span><span class="text">Dunes below the
        scarp.</span><span class="credit">Credit: ESA</span></figcaption></figure>{PROSE}<figure><img src="/f/wall.jpg"><figcaption><span>The wall.</span>
        <span><span>Credit</span><span>:</span> <span data-test="credit">ESA/DLR</span></span></figcaption></figure>{PROSE}</article>""",
        [("/f/dunes.jpg", "Dunes below the scarp.", "Credit: ESA"), ("/f/wall.jpg", "The wall.", "ESA/DLR")],
    ),
    "who wrote it at the end, what to listen to": (
        f"""<article><h1>At the scarp</h1>{PROSE}<div class="about-writer"><img src="/f/jo-2020.jpg" width=150 height=150><p>Jo Example writes about planets.</p></div>
        <div class="box"><img src="/f/cover-art.jpg" width=300><p>Listen to our podcast every week</p></div>{PROSE}</article>""",
        [],
    ),
    "a page that shows no picture, and tells the one that its script will show": (
        f"""<main><h1>At the scarp</h1><div class="loading"></div>{PROSE}</main><script id="__NEXT_DATA__" type="application/json">{{"props":{{"article":
        {{"headline":"At the scarp","leadImage":{{"url":"https://news.example/f/dunes-2048.jpg","width":2048,"caption":"Dunes.","credit":"NASA/JPL"}}}}}}}}</script>""",
        [("/f/dunes-2048.jpg", "Dunes.", "NASA/JPL")],
    ),
    "a page that is one form, with pictures beside its story": (
        f"""<form id="aspnetForm" method="post"><div><h1>At the scarp</h1>{PROSE}<p><img src="/f/dunes.jpg" width=500></p>{PROSE}</div><div><a href="/phones"><img
        src="/f/phones.jpg"></a><a href="/papers"><img src="/f/papers.jpg"></a></div></form>""",
        [("/f/dunes.jpg", None, None)],
    ),
    "a story in lines, beside lists of headlines that are links": (
        """<div><div class="col1"><h1>At the scarp</h1><div>The rover looked at layered rock at the foot of the scarp, and waited for a dust storm to pass there.<br><br>
        <img src="/f/dunes.jpg" width=500><br><br>It took the team three sols to decide where the drill would be set down for the first time this year.</div></div>
        <div class="col2"><div id="box"><img src="/f/head-of-box.png"></div><div>What is read most</div><div>Four stories of today</div><div>Each hour anew</div>
        <div>As readers chose them</div><div>On the plain and off it</div><div>Dust, ice, moons</div><div><a href="/x"><span>Another story about the sand on the plain, and what it may tell us
        one day</span></a></div><div><a href="/y"><span>A third story about the dust in the sky, which is as long as the first and second are</span></a></div>
        <div><a href="/z"><span>A fourth story about the ice at the pole, which is as long as those that stand before it here</span></a></div>
        <div><a href="/w"><span>A fifth story about the moons, and what they are made of, as long as those that stand before it</span></a></div></div></div>""",
        [("/f/dunes.jpg", None, None)],
    ),
    "a place that a script fills, on a page that names its logo for machines": (
        f"""<div><h1>At the scarp</h1><meta property="og:image" content="https://news.example/f/Site_Logo_PS.gif">{PROSE}<img src="">{PROSE}</div>""",
        [],
    ),
    "an aside that is named for its photo": (
        f"""<div><h1>At the scarp</h1>{PROSE}<div><aside class="wide single-photo"><img src="/f/home.jpg" width=540><p>The laboratory in which the drill was
        built.<span class="credit">(Photo: Jo Example/Far Images)</span></p></aside></div>{PROSE}</div>""",
        [("/f/home.jpg", "The laboratory in which the drill was built.", "(Photo: Jo Example/Far Images)")],
    ),
    "whose rights are reserved is no credit; an invitation ahead of the credit": (
        f"""<article><h1>At the scarp</h1><figure><img src="/f/dune.jpg"><figcaption>Le dune (fonte: NASA/JPL) <span class="copyright">- RIPRODUZIONE
        RISERVATA</span></figcaption></figure>{PROSE}<figure><img src="/f/wall.jpg"><figcaption>The wall. Click to enlarge. Image Credit: ESA</figcaption></figure>{PROSE}
        <div class="media"><img src="/f/dunas.jpg"><div class="pie-foto">Dunas bajo el escarpe. / NASA/JPL</div></div>{PROSE}
        <div class="content-image"><img src="/f/sky.jpg"><div class="caption">The sky.</div><div class="cred">NASA/JPL</div></div>{PROSE}</article>""",
        [("/f/dune.jpg", "Le dune", "(fonte: NASA/JPL)"), ("/f/wall.jpg", "The wall.", "Image Credit: ESA"), ("/f/dunas.jpg", "Dunas bajo el escarpe.", "NASA/JPL"),
         ("/f/sky.jpg", "The sky.", "NASA/JPL")],
    ),
    "another article below, with a headline of its own": (
        f"""<div><article class="story"><h1>At the scarp</h1><figure><img src="/f/dunes.jpg"><figcaption>Dunes.</figcaption></figure>{PROSE}</article>
        <article class="story"><h1>Another story</h1><figure><img src="/f/other.jpg"><figcaption>Else.</figcaption></figure>{PROSE}</article></div>""",
        [("/f/dunes.jpg", "Dunes.", None)],
    ),
    "flags, formulas, partners' emblems": (
        f"""<article><h1>At the scarp</h1><a href="/de"><img src="/f/de.png" width=24></a>{PROSE}<p><img class="latex" src="/latex.php?latex=E" alt="E"></p>{PROSE}
        <div class="partner-strip"><img src="/f/emblem-of-one.png" width=180 height=80></div>{PROSE}</article>""",
        [],
    ),
    "a quoted picture with its words, one cell of words below two pictures": (
        f"""<article><h1>At the scarp</h1>{PROSE}<blockquote><p><img src="/f/dunes.jpg"><br>The dunes that lie below the scarp as seen in spring. (Image credit: NASA/JPL)</p></blockquote>
        {PROSE}<table><tr><td><img src="/f/left-one.jpg" width=300></td><td><img src="/f/right-one.jpg" width=300></td></tr><tr><td colspan=2 class="cap">Before
        and after. Credit: ESA</td></tr></table>{PROSE}</article>""",
        [("/f/dunes.jpg", "The dunes that lie below the scarp as seen in spring.", "(Image credit: NASA/JPL)"), ("/f/left-one.jpg", "Before and after.", "Credit: ESA"),
         ("/f/right-one.jpg", "Before and after.", "Credit: ESA")],
    ),
    "links to files behind a caption, a licence behind the names": (
        f"""<article><h1>At the scarp</h1><figure><img src="/f/dunes_dl.jpg"><figcaption>Dunes below the scarp.<br>Credit: ESA/DLR<br>Download: <a
        href="/f/dunes_dl_big.jpg">JPG (2 MB)</a> | <a href="/f/dunes_dl.tif">TIF (30 MB)</a></figcaption></figure>{PROSE}<figure><img src="/f/cc.jpg"><figcaption>Sand.
        <a href="u">Jo Example</a>/<a href="w">Far Commons</a> (<a href="l">CC BY-SA 4.0</a>)</figcaption></figure>{PROSE}</article>""",
        [("/f/dunes_dl_big.jpg", "Dunes below the scarp.", "Credit: ESA/DLR"), ("/f/cc.jpg", "Sand.", "Jo Example/Far Commons (CC BY-SA 4.0)")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_pictures_and_words_are_found(name: str) -> None:
    """The right pictures, each with its caption and credit."""
    body, expected = CASES[name]

    page = read(body)

    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        (HOST + url, caption, credit) for url, caption, credit in expected
    ]


def test_lead_picture_above_the_article_is_taken_where_the_page_names_it() -> None:
    """What the page names for machines may stand before the element that is the article."""
    page = read(
        f"""<main><div class="photo"><figure><img src="/m/ej08.jpg"></figure><figcaption>A landslide.
        <div class="photo__copyright">Foto: NTB</div></figcaption></div><article><h1>At the scarp</h1>{PROSE}</article></main>""",
        f'<meta property="og:image" content="{HOST}/m/ej08.jpg">',
    )

    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        (f"{HOST}/m/ej08.jpg", "A landslide.", "Foto: NTB")
    ]


def test_address_given_to_a_resizing_service_is_the_original() -> None:
    """Where a page names it alone as well, it is the best; else a harvest asks for it first."""
    proxied = (
        "https://cdn.example/fetch/w_1456/https%3A%2F%2Fmedia.example%2Fdune_field_1648x1200.jpeg"
    )
    named = read(
        f"""<article><h1>At the scarp</h1>{PROSE}<img src="{proxied}"
        data-attrs='{{"src":"https://media.example/dune_field_1648x1200.jpeg"}}'>{PROSE}</article>"""
    )
    alone = read(f'<article><h1>At the scarp</h1>{PROSE}<img src="{proxied}">{PROSE}</article>')

    assert named.images[0].url == "https://media.example/dune_field_1648x1200.jpeg"
    assert alone.images[0].larger == ("https://media.example/dune_field_1648x1200.jpeg",)


def test_notice_at_the_foot_is_no_credit() -> None:
    """«All rights reserved» speaks of the site, not of the one picture."""
    page = read(
        f"""<div><h1>At the scarp</h1><img src="/f/one.jpg" width=800>{PROSE}
        <div class="copyright">© 2024 The Paper. All rights reserved.</div></div>"""
    )

    assert page.images[0].credit is None
