"""Credit lines told from captions by how they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.credit.lines import is_credit, is_name_like, split_credit, strip_label
from catalogue.texts import word_set


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("A dune. Image credit: NASA/JPL-Caltech", "A dune.", "Image credit: NASA/JPL-Caltech"),
        (
            "A dune. EPA/NASA/HANDOUT MANDATORY CREDIT: (NASA) EDITORIAL USE ONLY/NO SALES",
            "A dune.",
            "EPA/NASA/HANDOUT",
        ),
        (
            "A picture by the lander's camera shows the plain and the hills behind.",
            "A picture by the lander's camera shows the plain and the hills behind.",
            None,
        ),
        (
            "Picture by Curiosity shows a dune on the floor of the crater.",
            "Picture by Curiosity shows a dune on the floor of the crater.",
            None,
        ),
        ("A dune. Example Works via AP", "A dune.", "Example Works via AP"),
        ("The dunes are poised to move. | AP Photo", "The dunes are poised to move.", "AP Photo"),
        ("A dune. Doc. NASA/JPL", "A dune.", "Doc. NASA/JPL"),
        ("沙丘 (圖/NASA)", "沙丘", "(圖/NASA)"),
        ("砂丘。(c)NASA", "砂丘。", "(c)NASA"),
        ("Uma duna vista ao longe Nasa/JPL/ASU", "Uma duna vista ao longe", "Nasa/JPL/ASU"),
        ("The dune that the team calls Nasa/JPL", "The dune that the team calls Nasa/JPL", None),
        ("A dune (Credit: ESA/DLR)", "A dune", "(Credit: ESA/DLR)"),
        (
            "(Credit: ESA) A long dune seen from above.",
            "A long dune seen from above.",
            "(Credit: ESA)",
        ),
        ("Eine Düne. Foto: dpa/Max Muster", "Eine Düne.", "Foto: dpa/Max Muster"),
        ("Une dune. Crédit : NASA", "Une dune.", "Crédit : NASA"),
        ("A dune. © Example Agency", "A dune.", "© Example Agency"),
        ("A dune [Jo Example via Agency]", "A dune", "[Jo Example via Agency]"),
        ("A dune. AGENCY/Jo Example", "A dune.", "AGENCY/Jo Example"),
        ("A dune on the plain NASA/JPL", "A dune on the plain", "NASA/JPL"),
        ("A dune seen in May. Example Mission", "A dune seen in May.", "Example Mission"),
        ("火星の砂丘(Credit: NASA)】", "火星の砂丘", "(Credit: NASA)"),
        ("写真：NASA", None, "写真：NASA"),
        ("Марсоход. Фото: Роскосмос", "Марсоход.", "Фото: Роскосмос"),
        ("Łazik. Fot. NASA/JPL-Caltech", "Łazik.", "Fot. NASA/JPL-Caltech"),
        ("Mapa krateru. Źródło: ESA", "Mapa krateru.", "Źródło: ESA"),
        ("Kraatteri. Kuva: NASA / AFP", "Kraatteri.", "Kuva: NASA / AFP"),
        ("Een steen. Beeld: NASA", "Een steen.", "Beeld: NASA"),
        ("Aracın gölgesi (Fotoğraf: NASA)", "Aracın gölgesi", "(Fotoğraf: NASA)"),
        ("Η σκιά (Φωτογραφία: NASA)", "Η σκιά", "(Φωτογραφία: NASA)"),
        ("चट्टान (फोटो: इसरो)", "चट्टान", "(फोटो: इसरो)"),
        ("غرفة التحكم في دبي (رويترز)", "غرفة التحكم في دبي", "(رويترز)"),
        ("המדען (משמאל)", "המדען (משמאל)", None),
        ("חדר הבקרה (צילום: AFP)", "חדר הבקרה", "(צילום: AFP)"),
        ("最初の画像＝ロイター", "最初の画像", "＝ロイター"),
        ("喜ぶ担当者ら＝ＡＰ", "喜ぶ担当者ら", "＝ＡＰ"),
        ("管制室＝フロリダ", "管制室＝フロリダ", None),
        ("着陆平台的照片。国家航天局供图", "着陆平台的照片。", "国家航天局供图"),
        ("陡坡下的沙丘，图源/国家航天局", "陡坡下的沙丘，", "图源/国家航天局"),
        ("图为着陆点全景图。新华社发", "图为着陆点全景图。", "新华社发"),
        ("图为着陆点全景图。新华社发（张三摄）", "图为着陆点全景图。", "新华社发（张三摄）"),
        ("陡坡下的沙丘 新华社记者 张三 摄", "陡坡下的沙丘", "新华社记者 张三 摄"),
        ("Dunes below the scarp – via ESA/DLR", "Dunes below the scarp", "via ESA/DLR"),
        ("砂丘の画像 NASA提供", "砂丘の画像", "NASA提供"),
        ("Dünen am Steilhang | ESA/dpa", "Dünen am Steilhang", "ESA/dpa"),
        (
            "Dunes seen at dawn ESA/VMC/Uni Bilbao CC-BY-SA 3.0 IGO",
            "Dunes seen at dawn",
            "ESA/VMC/Uni Bilbao CC-BY-SA 3.0 IGO",
        ),
        ("Dunes. Photo by Jo Example / Far Images", "Dunes.", "Photo by Jo Example / Far Images"),
        ("La tempesta di polvere (ansa)", "La tempesta di polvere", "(ansa)"),
        ("La tempesta di polvere (dettaglio)", "La tempesta di polvere (dettaglio)", None),
        ("The orbiter.(Twitter/@isro)", "The orbiter.", "(Twitter/@isro)"),
        ("Bức ảnh đầu tiên. Ảnh: NASA.", "Bức ảnh đầu tiên.", "Ảnh: NASA."),
        ("ภาพแรกจากยาน (ภาพ: NASA)", "ภาพแรกจากยาน", "(ภาพ: NASA)"),
        ("Il paracadute aperto (foto Nasa)", "Il paracadute aperto", "(foto Nasa)"),
        ("Il paracadute (foto del giorno)", "Il paracadute (foto del giorno)", None),
        ("Vue du rover. — AP/SIPA", "Vue du rover.", "AP/SIPA"),
        ("The mosaic. Map: USGS", "The mosaic.", "Map: USGS"),
        ("Cracks over time (data: JPL)", "Cracks over time", "(data: JPL)"),
        ("Map: Gale Crater and Aeolis Mons", "Map: Gale Crater and Aeolis Mons", None),
        ("Grafik: Aufbau des Rovers", "Grafik: Aufbau des Rovers", None),
        ("Photo courtesy of NASA | License", None, "Photo courtesy of NASA"),
        ("Agency image by Jo Example", None, "Agency image by Jo Example"),
        ("The rover (left) and its arm (right)", "The rover (left) and its arm (right)", None),
        ("A view of 2010 (Feb. 13, 2010)", "A view of 2010 (Feb. 13, 2010)", None),
        ("Photo: the rover rolls down a slope.", "Photo: the rover rolls down a slope.", None),
        ("A picture by night of the plain.", "A picture by night of the plain.", None),
        ("", None, None),
    ],
)
def test_split(text: str, caption: str | None, credit: str | None) -> None:
    """Caption and credit come apart, the credit to the letter."""
    parts = split_credit(text)

    assert (parts.caption, parts.credit) == (caption, credit)


@given(st.text(max_size=300))
def test_any_text_is_survived_and_nothing_is_invented(text: str) -> None:
    """What comes out stands in the text."""
    parts = split_credit(text)

    assert parts.credit is None or parts.credit in text
    is_credit(text), strip_label(text), is_name_like(text)


@pytest.mark.parametrize(
    "text",
    ["Photo " * 100_000, "(a " * 100_000, "image by " * 50_000, "A/" * 100_000, " " * 300_000,
     "Credit: " * 50_000, "(" * 100_000, "(Credit: " * 50_000, "a. A" * 100_000, "AA/B" * 50_000,
     "(Image: a dune lies there " * 30_000],
)  # fmt: skip
def test_a_text_made_to_hurt_is_read(text: str) -> None:
    """What took more than linear time would not end here in any patience."""
    parts = split_credit(text)
    is_credit(text), strip_label(text)

    assert len(parts.caption or "") + len(parts.credit or "") <= len(text)


PICTURES = sorted(
    word_set("""
    image photo photograph photography picture foto fotos fotografía bild bilder imagen imágenes
    immagine imagem illustration artwork animation graphic visual video composite mosaic render
    rendering screenshot infographic media
    """)
)
ROLES = sorted(
    word_set("""
    credit credits crédit crédito crediti courtesy copyright source quelle fuente nachweis rechte
    fotograf photographer byline bildnachweis bildquelle bildrechte
    """)
)
LABELS = (
    *(f"{word} credit:" for word in PICTURES),
    *(f"{word}:" for word in PICTURES),
    *(f"{word}:" for word in ROLES),
    *(f"{word} image credit:" for word in ("lead", "top", "main", "cover", "header", "featured")),
    *(f"{word} by" for word in ("map", "chart", "art", "design", "drawing", "painting", "concept")),
    *(f"{word}:" for word in ("写真", "画像", "提供", "图片来源", "圖片來源", "图源", "사진")),
    "toutes les images:", "alle fotos:", "foto y copyright:", "©", "courtesy of",
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("write", [str, str.capitalize, str.upper])
def test_every_label_is_found_behind_a_caption(label: str, write: Callable[[str], str]) -> None:
    found = split_credit(f"A dune on the floor of the crater. {write(label)} Nasa/Jpl")

    assert found.caption == "A dune on the floor of the crater."
    assert found.label is not None
