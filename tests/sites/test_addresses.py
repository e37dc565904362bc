"""What addresses tell by the way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.sites.addresses import absolute, asset, inner, srcset, width_in
from catalogue.sites.ranking import Rendition, rank

BASE = "https://a.example/2021/story/"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#top",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/x.jpg",
        "http://[::1",
        "http://user:secret@a.example/x.jpg",
        "https://a.example:99999/x.jpg",
        "https://i.example/{width}/x.jpg",
        "https://i.example/${format}/x.jpg",
        "/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_a_picture(address: str) -> None:
    """Such an address is never asked for."""
    assert absolute(address, BASE) is None


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("x.jpg", "https://a.example/2021/story/x.jpg"),
        ("/x.jpg", "https://a.example/x.jpg"),
        ("//b.example/x.jpg", "https://b.example/x.jpg"),
        (" https://b.example/a b.jpg ", "https://b.example/a%20b.jpg"),
        ("../x.jpg", "https://a.example/2021/x.jpg"),
        ("cid:part1", "cid:part1"),
    ],
)
def test_addresses_are_made_whole(address: str, whole: str) -> None:
    """Relative addresses are resolved, blanks escaped."""
    assert whole == absolute(address, BASE)


@given(st.text(max_size=200), st.sampled_from(["", BASE, "file:///x/y.html"]))
def test_any_text_gives_an_address_or_none(text: str, base: str) -> None:
    """Whatever a page writes, no error comes of it, and only web addresses or relative ones."""
    whole = absolute(text, base)

    if whole is not None and "://" in whole and base != "file:///x/y.html":
        assert whole.startswith(("http://", "https://")) or not base


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.jpg 300w, b.jpg 600w", [("a.jpg", 300), ("b.jpg", 600)]),
        ("a.jpg 300w,b.jpg 600w", [("a.jpg", 300), ("b.jpg", 600)]),
        ("a,b.jpg 300w", [("a,b.jpg", 300)]),
        ("a.jpg", [("a.jpg", None)]),
        ("a.jpg, b.jpg 2x", [("a.jpg", None), ("b.jpg", None)]),
        ("", []),
    ],
)
def test_srcset(value: str, expected: list[tuple[str, int | None]]) -> None:
    """A srcset is read as browsers do, and where the space after the comma is missing."""
    assert expected == [(address, width) for address, width, _ in srcset(value)]


@pytest.mark.parametrize(
    "pair",
    [
        (
            "https://a.example/up/rover-in-dust-1024x768.jpg",
            "https://a.example/up/rover-in-dust.jpg",
        ),
        ("https://a.example/800x450/dust-devil.jpg", "https://a.example/1600x900/dust-devil.webp"),
        ("https://a.example/i/dust-devil_thumb.jpg", "https://b.example/x/dust-devil_full.png?w=3"),
        (
            "https://a.example/3f2a9c64d1e84b7a/640/master.jpg",
            "https://a.example/3f2a9c64d1e84b7a/1600/master.jpg",
        ),
        (
            "https://a.example/x/7/7a/Spirit.jpg/revision/latest/scale-to-width-down/268?cb=1",
            "https://a.example/x/7/7a/Spirit.jpg/revision/latest?cb=1",
        ),
        (
            "https://a.example/thumb/a/a1/Dust_devil.jpg/440px-Dust_devil.jpg",
            "https://a.example/thumb/a/a1/Dust_devil.jpg/1200px-Dust_devil.jpg",
        ),
        (
            "https://a.example/2021-02/first-dunes/original__820x461__desktop",
            "https://a.example/2021-02/first-dunes/wide__1300x731",
        ),
        (
            "https://a.example/2021/02/22/718001/384x216a.jpg",
            "https://a.example/2021/02/22/718001/1920x1080a.jpg",
        ),
        ("https://a.example/f/dust_devil_large.jpg", "https://b.example/dust_devil.jpg"),
    ],
)
def test_renditions_of_one_picture_share_their_asset(pair: tuple[str, str]) -> None:
    """Sizes, formats, crops and hosts do not make another picture."""
    assert asset(pair[0]) == asset(pair[1])


@pytest.mark.parametrize(
    "pair",
    [
        ("https://a.example/up/IMG_1023.jpg", "https://a.example/up/IMG_1024.jpg"),
        ("https://a.example/up/figure-1.jpg", "https://a.example/up/figure-2.jpg"),
        ("https://a.example/mars/image.jpg", "https://a.example/moon/image.jpg"),
        ("https://a.example/g/1.jpg", "https://a.example/g/2.jpg"),
        (
            "https://a.example/x/7/7a/Spirit.jpg/revision/latest",
            "https://a.example/x/b/b2/Logo.png/revision/latest",
        ),
        (
            "https://a.example/2021/02/22/718001/1024x576a.jpg",
            "https://a.example/2021/02/22/718002/1024x576a.jpg",
        ),
        ("https://a.example/g/800x600/1.jpg", "https://a.example/g/800x600/2.jpg"),
    ],
)
def test_different_pictures_differ_in_asset(pair: tuple[str, str]) -> None:
    """A running number is no size."""
    assert asset(pair[0]) != asset(pair[1])


@pytest.mark.parametrize(
    ("address", "width"),
    [
        ("https://a.example/x-1024x768.jpg", 1024),
        ("https://a.example/x.jpg?w=640&h=480", 640),
        ("https://a.example/x.jpg?resize=800,600", 800),
        ("https://a.example/w_1200,c_limit/x.jpg", 1200),
        ("https://a.example/news/976/x.jpg", 976),
        ("https://a.example/2019/11/x.jpg", None),
        ("https://a.example/x.jpg", None),
        ("https://a.example/x_640x0.jpg", 640),
        ("https://a.example/x.jpg?c=16x9&q=w_860,c_fill", 860),
        ("https://a.example/x.jpg/revision/latest/scale-to-width-down/268", 268),
    ],
)
def test_width_in_address(address: str, width: int | None) -> None:
    """A size is read where one is written; a year is none."""
    assert width == width_in(address)


def test_address_inside_an_address() -> None:
    """A resizing service shows what it resizes."""
    assert inner("https://a.example/r/w_80/https://b.example/x.jpg") == "https://b.example/x.jpg"


def test_original_beats_every_sized_rendition() -> None:
    """The address without a size comes first, then the widest."""
    urls = rank(
        [
            Rendition("https://a.example/x-300x200.jpg"),
            Rendition("https://a.example/x-1024x768.jpg"),
            Rendition("https://a.example/x.jpg"),
        ]
    )

    assert [url.rpartition("/")[2] for url in urls] == ["x.jpg", "x-1024x768.jpg", "x-300x200.jpg"]


def test_a_file_beats_what_a_service_makes_of_it() -> None:
    """What is asked of the service stands behind the file's address, or in its query."""
    file = "https://a.example/Spirit.jpg/revision/latest"
    whole = "https://a.example/dune.jpg?c=original"

    assert rank([Rendition(f"{file}/scale-to-width-down/800"), Rendition(file)])[0] == file
    assert rank([Rendition(f"{whole}&q=w_860,c_fill"), Rendition(whole)])[0] == whole


def test_a_folder_may_tell_the_whole_from_the_small() -> None:
    """Where the names are the same and no address tells a width."""
    small, whole, other = (
        f"https://a.example/{name}/001122.jpg" for name in ("small", "original", "x")
    )

    assert rank([Rendition(url) for url in (small, other, whole)]) == [whole, other, small]


def test_pictures_that_a_script_is_asked_for_by_number_are_not_one_picture() -> None:
    by_number = {asset(f"https://a.example/show.php?id={number}") for number in (1, 2)}
    sizes = {asset(f"https://a.example/rover-wheel.jpg?w={width}&id=7") for width in (1, 2)}

    assert len(by_number) == 2
    assert len(sizes) == 1


def test_numbers_in_a_folder_with_a_readable_name_are_pictures_and_behind_a_hash_sizes() -> None:
    """A service that names pictures by hashes is asked for sizes by number; a person counts."""
    counted = {asset(f"https://a.example/all-5000-pictures/{number}.jpg") for number in (100, 200)}
    sizes = {asset(f"https://a.example/9f86d081884c7d659a2f/{width}.jpg") for width in (100, 200)}

    assert len(counted) == 2
    assert len(sizes) == 1
