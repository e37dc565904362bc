"""Identifiers inside addresses, paths and prose."""

from __future__ import annotations

import pytest

from catalogue.identify import find_identities, identify

NAVCAM = "NLB_559960000EDR_F0650104NCAM00211M_"
MASTCAM = "1830ML0095990080703215C00_DXXX"


def test_the_text_is_the_very_letters() -> None:
    text = (
        f"Taken ({NAVCAM.lower()}.jpg), see also https://www.uahirise.org/esp-060000-2005-red.jp2!"
    )

    assert [one.text for one in find_identities(text)] == [
        NAVCAM.lower(),
        "esp-060000-2005-red",
    ]


def test_a_caption_gives_its_identifiers_in_their_order() -> None:
    text = (
        "HiRISE image ESP_060000_2005, before (PSP_003400_2005)."
        " More: PIA10101.\u00a0MOC S05/00345."
    )

    assert [one.product_id for one in find_identities(text)] == [
        "ESP_060000_2005",
        "PSP_003400_2005",
        "PIA10101",
        "S0500345",
    ]


@pytest.mark.parametrize(
    ("text", "craft"),
    [
        ("THEMIS image V12345006 shows a crater", "mars-odyssey"),
        ("A view by Viking Orbiter 1: 039A13.", "viking-1-orbiter"),
        ("a mosaic of Viking frames (f826a58)", "viking-1-orbiter"),
        ("Viking Lander 1, 11B021-RED", "viking-1-lander"),
        ("Mars Orbiter Camera (MOC) image E12-01234", "mgs"),
        ("Sojourner's picture R8000123 of a rock", "sojourner"),
        ("Pathfinder: I300123L", "pathfinder"),
        ("CRISM observation FRT0000A09C", "mro"),
        ("https://viewer.example/planetview/inst/themis/V12345006", "mars-odyssey"),
    ],
)
def test_a_form_that_others_share_is_believed_where_its_camera_is_named(
    text: str, craft: str
) -> None:
    assert [one.spacecraft for one in find_identities(text)] == [craft]


def test_without_its_camera_named_such_a_form_is_nothing_in_prose() -> None:
    assert list(find_identities("image V12345006 shows a crater")) == []


@pytest.mark.parametrize(
    ("address", "sol"),
    [
        (f"https://example.org/surface/sol/01830/opgs/edr/ncam/{NAVCAM}.JPG", 1830),
        (f"https://example.org/surface/sol/01831/opgs/edr/ncam/{NAVCAM}.JPG", 1831),
        (f"SOL01829{NAVCAM}-12.png", 1829),
        (f"SOL01100{NAVCAM}.png", 1830),  # the clock knows better than a folder that is far off
        (NAVCAM, 1830),
        ("/mer/gallery/all/1/p/246/1P150000000EFF2200P1861L2M1-BR.JPG", 246),
        ("/mer/gallery/all/1/p/247/1P150000000EFF2200P1861L2M1-BR.JPG", 247),
    ],
)
def test_a_stated_sol_is_kept_where_the_clock_allows_it(address: str, sol: int) -> None:
    identity = identify(address)

    assert identity is not None
    assert identity.sol == sol


def test_near_midnight_the_clock_alone_tells_no_sol() -> None:
    """Sol 1830 of Curiosity began when its clock showed 559903640, to a minute or two."""
    identity = identify("NLB_559903640EDR_F0650104NCAM00211M_")

    assert identity is not None
    assert identity.sol is None


def test_the_file_s_identifier_counts_before_its_folders() -> None:
    identity = identify(f"https://example.org/ESP_060000_2005/{MASTCAM}.jpg")

    assert identity is not None
    assert identity.product_id == MASTCAM


def test_a_folder_s_identifier_is_better_than_none() -> None:
    identity = identify("https://www.uahirise.org/ESP_060000_2005/index.php")

    assert identity is not None
    assert identity.product_id == "ESP_060000_2005"


def test_an_identifier_that_names_a_spacecraft_counts_before_a_number_that_names_none() -> None:
    for name in ("PIA10101_ESP_060000_2005.jpg", "ESP_060000_2005_PIA10101.jpg"):
        identity = identify(name)
        assert identity is not None
        assert identity.spacecraft == "mro"


def test_a_name_with_identifiers_of_two_spacecraft_tells_nothing() -> None:
    assert identify(f"ESP_060000_2005+{NAVCAM}.jpg") is None


def test_a_query_may_hold_the_identifier() -> None:
    identity = identify("https://www.uahirise.org/dtm.php?ID=ESP_060000_2005")

    assert identity is not None
    assert identity.product_id == "ESP_060000_2005"


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("PIA10101~orig.jpg", "orig"),
        ("PIA10101_hires.jpg", "hires"),
        (f"{MASTCAM}-br.jpg", "br"),
        (f"{MASTCAM}_1200.jpg", "1200"),
        ("pia10101-800x600.jpg", "800x600"),
        ("PIA10101.jpg", None),
    ],
)
def test_the_rendition_is_told(name: str, tail: str | None) -> None:
    identity = identify(name)

    assert identity is not None
    assert identity.fields.get("rendition") == tail


HOSTILE = {
    "a long word": "A" * 1_000_000,
    "digits": "0123456789" * 10_000,
    "underscores": "ESP_" * 25_000,
    "nearly": "ESP_060000_200" * 10_000,
    "folders": "/sol/01830" * 10_000,
    "escapes": "%28%29%2F123" * 10_000,
    "tails": "PIA10101" + "_1200" * 100_000,
    "slashes before a name": "/" * 500_000 + "NLB_397506222EDR_F0020000AUT_04096M_",
    "weak forms": "V12345006/" * 10_000,
    "spaces": " 123" * 25_000,
    "control characters": "\x00\x1b[2J\x07ESP\x00_060000_2005" * 5_000,
    "bidirectional": "\u202eESP_060000_2005\u202c" * 5_000,
    "lone surrogates": "\ud800123" * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_without_error(text: str) -> None:
    identify(text)
    for one in find_identities(text):
        assert one.text in text[:1000] or one.spacecraft


def test_many_identifiers_in_one_word_are_all_found() -> None:
    text = "ESP_060000_2005," * 5_000

    assert sum(1 for _ in find_identities(text)) == 5_000
