"""Pages as publishing systems write them, whole, with all that stands round an article.

Each page of ``systems`` is our own, in the mark-up of one system or kind of site; beside it stands
what a careful reader takes from it.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from catalogue.model import Document, Page
from catalogue.sites import read_page

SYSTEMS = sorted((Path(__file__).parent / "systems").glob("*.html"))


def read(path: Path) -> tuple[Page, dict]:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    document = Document(address=path.name, data=path.read_bytes(), url=expected["url"])
    return read_page(document), expected


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_the_pictures_with_their_words_and_nothing_else(path: Path) -> None:
    """Each picture at its best address, with caption and credit; no logo, advert, teaser."""
    page, expected = read(path)

    assert [(image.url, image.caption, image.credit) for image in page.images] == [
        (urljoin(page.url or "", image["url"]), image["caption"], image["credit"])
        for image in expected["images"]
    ]
    for image, told in zip(page.images, expected["images"], strict=True):
        assert image.role == told.get("role", image.role)
        assert list(image.larger) == told.get("larger", list(image.larger))


@pytest.mark.parametrize("path", SYSTEMS, ids=lambda path: path.stem)
def test_what_the_page_states_of_itself(path: Path) -> None:
    """Title, author, date, publisher, language."""
    page, expected = read(path)
    stated = {name: value for name, value in expected.items() if name != "images"}

    assert stated == {name: getattr(page, name) for name in stated}
