"""Credit lines: who is named in them, in one normal form; the published line is never altered."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.credit import read_credit
from catalogue.credit.licences import find_licence
from catalogue.model import Credit
from catalogue.registry import load_registry

REGISTRY = load_registry()


def read(line: str) -> Credit:
    return read_credit(line, REGISTRY)


@pytest.mark.parametrize(
    ("line", "normal"),
    [
        ("Image credit: NASA/JPL-Caltech/UArizona", "NASA/JPL-Caltech/University of Arizona"),
        ("(Image credits: NASA / JPL-Caltech / ASU)", "NASA/JPL-Caltech/ASU"),
        ("Photo by Joel Kowsky / NASA", "NASA/Joel Kowsky"),
        ("NASA-JPL-Caltech-MSSS", "NASA/JPL-Caltech/MSSS"),
        ("ESA-DLR-FU Berlin", "ESA/DLR/FU Berlin"),
        ("ESA-Mary Poe", "ESA/Mary Poe"),
        ("Mary-Ann Poe-Roe", "Mary-Ann Poe-Roe"),
        (
            "The Jet Propulsion Laboratory and the University of Arizona",
            "JPL/University of Arizona",
        ),
        ("Mars Exploration Rover Mission, Cornell, JPL, NASA", "Cornell/JPL/NASA"),
        ("NASA/JPL-Caltech ©", "NASA/JPL-Caltech"),
        ("Mary Poe ©", "Mary Poe"),
        ("NASA’s Johnson Space Center", "NASA/JSC"),
        ("NASA Goddard Space Flight Center/Mary Poe", "NASA/GSFC/Mary Poe"),
        ("Foto: ESA/DLR/FU Berlin (G. Neukum)", "ESA/DLR/FU Berlin/G. Neukum"),
        ("Crédit photo : ESA/TGO/CaSSIS", "ESA/TGO/CaSSIS"),
        ("Crédito de la imagen: NASA/JPL/Universidad de Arizona", "NASA/JPL/University of Arizona"),
        ("Quelle: Deutsches Zentrum für Luft- und Raumfahrt", "DLR"),
        ("图片来源：国家航天局", "CNSA"),
        ("画像提供：JAXA", "JAXA"),
        ("Фото: Роскосмос", "Roscosmos"),
        ("Źródło: ESA", "ESA"),
        ("Handout via Reuters", None),
        ("Public domain", None),
        ("HiRISE, MRO, LPL (U. Arizona), NASA", "University of Arizona/NASA"),
        ("Left: NASA/JPL-Caltech; right: ESA", "NASA/JPL-Caltech; ESA"),
        ("NASA, ESA, and J. Poe (STScI)", "NASA/ESA/J. Poe/STScI"),
        ("NASA/JPL-Caltech/MSSS. Image processing: Mary Poe", "NASA/JPL-Caltech/MSSS/Mary Poe"),
        ("NASA/JPL-Caltech/MSSS, edited by Mary Poe", "NASA/JPL-Caltech/MSSS/Mary Poe"),
        ("Credit...NASA/JPL-Caltech", "NASA/JPL-Caltech"),
        ("", None),
        ("The rover drives down a slope.", None),
    ],
)
def test_the_normal_form_of_a_line(line: str, normal: str | None) -> None:
    credit = read(line)
    assert (credit.text, credit.credit) == (line, normal)


@pytest.mark.parametrize(
    "line",
    [
        "NASA/JLP-Caltech",
        "NASA/JPL Cal-tech",
        "NASA-JPL/Caltech",
        "NASA//JPL-Caltech",
        "NASA/JPL–Caltech",
        "NASA/JPL-Calteh",
        "Nasa/Jpl-caltech",
        "NASA, JPL-Caltech",
        "NASA JPL-Caltech",
        "NASA/JPL/California Institute of Technology",
        "<b>NASA</b>/JPL&#45;Caltech",
        "\u202aNASA\u200b/JPL-Caltech\u202c",
    ],
)
def test_spellings_and_typing_errors_have_one_normal_form(line: str) -> None:
    credit = read(line)
    assert (credit.credit, credit.organisations) == ("NASA/JPL-Caltech", ("nasa", "jpl"))


@pytest.mark.parametrize(
    ("line", "people", "distributors"),
    [
        ("REUTERS/Mary Poe", ("Mary Poe",), ("Reuters",)),
        ("AP Photo/John P. Roe, File", ("John P. Roe",), ("AP",)),
        ("MARY POE/AFP/Getty Images", ("MARY POE",), ("AFP", "Getty Images")),
        (
            "Mary Poe from Turin, Italy, via Wikimedia Commons",
            ("Mary Poe",),
            ("Wikimedia Commons",),
        ),
        ("NASA via Some Weekly Paper", (), ("Some Weekly Paper",)),
        ("Foto: Jan van der Poe/EFE", ("Jan van der Poe",), ("EFE",)),
        ("EPA/NASA HANDOUT EDITORIAL USE ONLY/NO SALES", (), ("EPA",)),
        ("Twitter/@somebody", (), ("Twitter",)),
        ("Rocket Factory Augsburg", (), ()),
    ],
)
def test_people_and_distributors_are_told_apart(
    line: str, people: tuple[str, ...], distributors: tuple[str, ...]
) -> None:
    credit = read(line)
    assert (credit.people, credit.distributors) == (people, distributors)


def test_an_unknown_organisation_is_its_name_in_lower_case_with_hyphens() -> None:
    assert read("NASA/Université de Poitou").organisations == ("nasa", "universite-de-poitou")


def test_a_weak_alias_counts_only_beside_nasa_or_jpl() -> None:
    assert read("NASA/JPL/UA").organisations == ("nasa", "jpl", "university-of-arizona")
    assert "university-of-arizona" not in read("UA/Boeing").organisations


@pytest.mark.parametrize(
    ("line", "licence"),
    [
        ("ESA, CC BY-SA IGO 3.0", "CC BY-SA 3.0 IGO"),
        ("ESA, CC-BY-SA-3.0-IGO", "CC BY-SA 3.0 IGO"),
        ("Creative Commons Attribution-ShareAlike 4.0 International", "CC BY-SA 4.0"),
        ("https://creativecommons.org/licenses/by-nc/2.0/", "CC BY-NC 2.0"),
        ("Mary Poe (CC0)", "CC0"),
        ("Domaine public", "public domain"),
        ("NASA/JPL-Caltech", None),
    ],
)
def test_licences_in_one_normal_form(line: str, licence: str | None) -> None:
    assert find_licence(line)[0] == licence
    assert read(line).licence == licence


@pytest.mark.parametrize(
    ("line", "rights"),
    [
        ("NASA/JPL-Caltech/MSSS", "jpl"),
        ("NASA/GSFC", "nasa"),
        ("ESA/DLR/FU Berlin", "hrsc"),
        ("ESA/TGO/CaSSIS", "esa-standard"),
        ("ESA/TGO/CaSSIS, CC BY-SA 3.0 IGO", "esa-ccbysa"),
        ("Mary Poe, CC BY-SA 4.0", "cc-by-sa"),
        ("ESA/NASA", None),  # two owners, two statements
        ("Mary Poe", None),
        ("Boeing", None),
    ],
)
def test_rights_are_the_registry_s_or_not_known(line: str, rights: str | None) -> None:
    found = read(line).rights
    assert (found.id if found else None) == rights
    assert found is None or found.source


def test_a_licence_by_itself_has_its_own_page() -> None:
    rights = read("Mary Poe, CC BY-SA 4.0").rights
    assert rights is not None
    assert rights.url == "https://creativecommons.org/licenses/by-sa/4.0/"


NAMES = st.sampled_from(
    [name for entry in REGISTRY.organisations.values() for name in (entry.name, *entry.spellings)]
    + ["Mary Poe", "J. Roe", "Handout", "CC BY 4.0", "AFP", "HiRISE", "(", ")", "\u202e", "©"]
)
LINES = st.lists(st.tuples(NAMES, st.sampled_from(["/", ", ", " and ", " via ", "; "]))).map(
    lambda pairs: "".join(name + between for name, between in pairs)
)


@given(st.one_of(st.text(), LINES))
@settings(deadline=None)
def test_any_text_is_kept_to_the_letter_and_read_without_fault(line: str) -> None:
    assert read(line).text == line


@given(
    st.lists(
        st.sampled_from([entry.name for entry in REGISTRY.organisations.values()]),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
@settings(deadline=None)
def test_a_normal_form_is_its_own_normal_form(names: list[str]) -> None:
    normal = read("/".join(names)).credit
    assert normal is not None
    assert read(normal).credit == normal


@pytest.mark.parametrize(
    "bit",
    ["NASA/JPL/", "NASA, ", "(", "<", " and ", "a@", "a", "© ", "cc by ", "A. ", "–a", "&amp;"],
)
def test_a_line_made_to_hurt_is_read(bit: str) -> None:
    assert read(bit * 32_000).text


def run(*arguments: str, given: bytes = b"") -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "catalogue", "credit", *arguments],
        input=given,
        capture_output=True,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_reads_arguments_and_standard_input() -> None:
    status, said = run("-", given="NASA/JPL\nESA\r\n\n\xff".encode("latin-1"))
    assert status == 0
    assert [one["credit"] for one in said[:2]] == ["NASA/JPL", "ESA"]

    status, said = run("Image: CNSA")
    assert (status, list(said[0])) == (
        0,
        ["text", "credit", "organisations", "people", "distributors", "licence", "rights"],
    )
