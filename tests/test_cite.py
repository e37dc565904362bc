"""Ready credit sentences: title, author, source, licence, whatever the letters."""

from __future__ import annotations

import dataclasses

import pytest

from catalogue.cite import STYLES, cite
from catalogue.credit.licences import licence_url
from catalogue.errors import UsageError
from catalogue.model import Record, Rights
from catalogue.registry import load_registry

REGISTRY = load_registry()

ESA = Record(
    id="0af3c2d1" * 8,
    title="Dunes & ice",
    credit="Image credit: ESA/DLR/FU Berlin, CC BY-SA 3.0 IGO",
    organisations=("esa", "dlr", "fu-berlin"),
    licence="CC BY-SA 3.0 IGO",
    rights=REGISTRY.rights["esa-ccbysa"].as_rights(),
    spacecraft="mars-express",
    taken="2021-02-18T10:00:00Z",
    pages=("https://example.org/a_b?x=1&y=2",),
    page_titles=("Ice [again]",),
)
LINK = "https://creativecommons.org/licenses/by-sa/3.0/igo/"


def test_print_spells_addresses_out() -> None:
    assert cite(ESA, REGISTRY) == (
        "“Dunes & ice” (Mars Express, 2021-02-18). "
        "Credit: ESA/DLR/FU Berlin, CC BY-SA 3.0 IGO. "
        f"Licence: CC BY-SA 3.0 IGO ({LINK}). Source: https://example.org/a_b?x=1&y=2"
    )


def test_the_day_of_a_landing_is_told() -> None:
    landed = Record(id="a" * 64, caption="Down.", spacecraft="perseverance", sol=0)

    assert cite(landed, REGISTRY).startswith("“Down” (Perseverance, sol 0).")


def test_web_pages_get_links() -> None:
    made = cite(ESA, REGISTRY, "html")

    assert "Dunes &amp; ice" in made
    assert f'<a href="{LINK}" rel="license">CC BY-SA 3.0 IGO</a>' in made
    assert '<a href="https://example.org/a_b?x=1&amp;y=2">Ice [again]</a>' in made


def test_markdown_gets_links() -> None:
    made = cite(ESA, REGISTRY, "markdown")

    assert made.startswith("“Dunes \\& ice” (Mars Express, 2021-02-18). Credit: ")
    assert f"[CC BY-SA 3.0 IGO](<{LINK}>)" in made
    assert "[Ice \\[again\\]](<https://example.org/a_b?x=1&y=2>)" in made


def test_bibliographies_get_an_entry() -> None:
    made = cite(ESA, REGISTRY, "bibtex")

    assert made.startswith("@misc{mars-0af3c2d10af3,\n")
    assert "title = {{Dunes \\& ice}}," in made
    assert "author = {{ESA} and {DLR} and {FU Berlin}}," in made
    assert rf"\url{{{LINK}}}" in made
    assert made.count("{") == made.count("}")


@pytest.mark.parametrize("style", STYLES)
def test_the_licence_keeps_its_link_in_every_style(style: str) -> None:
    assert LINK in cite(ESA, REGISTRY, style)


@pytest.mark.parametrize("style", STYLES)
def test_what_is_not_known_is_said_to_be_so(style: str) -> None:
    made = cite(Record(id="ab" * 32, caption="A dune. It is large."), REGISTRY, style)

    assert "A dune" in made
    assert "Credit: none stated" in made
    assert "not known" in made


@pytest.mark.parametrize("style", STYLES)
def test_hostile_words_stay_words(style: str) -> None:
    nasty = '<script>x</script> [a](javascript:x) \\input{x} }{ " \x1b[2J'
    made = cite(
        Record(id="ab" * 32, title=nasty, credit=nasty, pages=("javascript:alert(1)",)),
        REGISTRY,
        style,
    )

    assert "\x1b" not in made
    assert style != "html" or "<script" not in made
    assert style != "markdown" or ("<script" not in made and "[a](" not in made)
    assert style != "bibtex" or ("\\input" not in made and made.count("\\}") == made.count("\\{"))
    assert "alert(1)" not in made


def test_terms_that_nobody_can_read_up_are_not_known() -> None:
    record = dataclasses.replace(
        ESA, credit="CNSA", organisations=("cnsa",), licence=None,
        rights=Rights(id="x", title="Releases", statement="Terms not found."),
    )  # fmt: skip

    assert "Rights: not known." in cite(record, REGISTRY)


def test_an_unknown_style_is_told() -> None:
    with pytest.raises(UsageError, match="bibtex"):
        cite(ESA, REGISTRY, "chicago")


@pytest.mark.parametrize(
    ("licence", "url"),
    [
        ("CC BY-SA 3.0 IGO", LINK),
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-ND 2.0", "https://creativecommons.org/licenses/by-nc-nd/2.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC BY", None),
        ("Public domain", None),
    ],
)
def test_licences_have_their_own_page(licence: str, url: str | None) -> None:
    assert licence_url(licence) == url
