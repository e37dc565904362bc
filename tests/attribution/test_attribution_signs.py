"""What a verdict rests on: identifiers, own fields, several appearances, dates, credit lines."""

from __future__ import annotations

import pytest

from catalogue.attribution import attribute
from catalogue.cli.attribute import sighting_of
from catalogue.model import (
    Appearance,
    Attribution,
    ImageFacts,
    Kind,
    OnPage,
    Page,
    Sighting,
    Statement,
    StoredImage,
)
from catalogue.registry import Registry, load_registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


def shown(
    *appearances: Appearance, embedded: tuple[Statement, ...] = (), title: str | None = None
) -> Sighting:
    facts = ImageFacts(
        format="JPEG", media_type="image/jpeg", width=800, height=600, embedded=embedded
    )
    return Sighting(
        id="0" * 64,
        appearances=tuple(OnPage(appearance=one, page=Page(title=title)) for one in appearances),
        image=StoredImage(id="0" * 64, file="images/00.jpg", bytes=1, facts=facts),
    )


def said(verdict: Attribution) -> set[str]:
    return {one.says for one in verdict.evidence}


def test_a_file_name_outweighs_a_caption_and_the_contradiction_is_told(registry: Registry) -> None:
    verdict = attribute(
        shown(
            Appearance(
                url="https://example.org/NLF_0670_0726421423_362ECM_N0320604NCAM08111_01_095J01.png",
                caption="A hill, photographed by Curiosity.",
            )
        ),
        registry,
    )

    assert (verdict.spacecraft, verdict.instrument) == ("perseverance", "m2020-navcam")
    assert verdict.sol == 670
    assert any("Curiosity" in words for words in verdict.contradictions)
    assert verdict.evidence[0].rule == "product identifier"


def test_a_field_of_its_own_outweighs_what_is_merely_named(registry: Registry) -> None:
    verdict = attribute(
        shown(
            Appearance(
                caption="The crater where Curiosity landed.",
                statements=(
                    Statement(
                        name="spacecraft", value="Mars Express", where="table row Spacecraft"
                    ),
                    Statement(name="instrument", value="HRSC", where="table row Instrument"),
                ),
            )
        ),
        registry,
    )

    assert (verdict.spacecraft, verdict.instrument) == ("mars-express", "mex-hrsc")
    assert verdict.contradictions == ()


def test_what_is_embedded_in_the_file_counts(registry: Registry) -> None:
    verdict = attribute(
        shown(
            Appearance(),
            embedded=(
                Statement(
                    name="description",
                    value="A dune field, imaged by THEMIS on NASA's Mars Odyssey.",
                    where="IPTC 2:120",
                ),
                Statement(name="credit", value="NASA/JPL-Caltech/ASU", where="IPTC 2:110"),
            ),
        ),
        registry,
    )

    assert (verdict.spacecraft, verdict.credit) == ("mars-odyssey", "NASA/JPL-Caltech/ASU")


def test_appearances_that_agree_strengthen_each_other(registry: Registry) -> None:
    one = Appearance(caption="A rock. NASA/JPL-Caltech/MSSS")
    other = Appearance(caption="A rock that the Curiosity rover photographed.")

    alone = attribute(shown(other), registry)
    both = attribute(shown(one, other), registry)

    assert both.spacecraft == alone.spacecraft == "curiosity"
    assert both.confidence > alone.confidence


def test_appearances_that_contradict_each_other_are_less_certain_and_told(
    registry: Registry,
) -> None:
    right = Appearance(caption="Dust devils, photographed by Spirit.")
    wrong = Appearance(caption="Dust devils seen by the Opportunity rover.")

    verdict = attribute(shown(right, wrong), registry)

    assert verdict.confidence < attribute(shown(right), registry).confidence
    assert verdict.contradictions


@pytest.mark.parametrize(
    ("caption", "never"),
    [
        ("Taken by Opportunity on March 3, 2021.", "opportunity"),
        ("A picture that Perseverance took on 5 May 2015.", "perseverance"),
        ("Photographed by Beagle 2 on Mars.", "beagle-2"),
    ],
)
def test_nothing_is_taken_by_a_spacecraft_that_did_not_work_then(
    caption: str, never: str, registry: Registry
) -> None:
    assert attribute(sighting_of({"id": 1, "caption": caption}), registry).spacecraft != never


def test_a_rover_is_not_seen_by_one_that_stands_elsewhere(registry: Registry) -> None:
    caption = "Like Opportunity and Spirit before it, the Curiosity rover took this panorama."

    assert attribute(sighting_of({"id": 1, "caption": caption}), registry).subjects == ()


def test_a_picture_taken_with_a_camera_sold_on_earth_needs_more_than_a_name(
    registry: Registry,
) -> None:
    make = Statement(name="camera_make", value="Canon", where="EXIF Make")

    verdict = attribute(
        shown(Appearance(caption="Engineers and the Curiosity rover."), embedded=(make,)), registry
    )

    assert verdict.spacecraft is None
    assert verdict.kind in {Kind.PEOPLE, Kind.EARTH_HARDWARE}


def test_the_verdict_is_among_its_evidence(registry: Registry) -> None:
    for caption in ("Dunes. NASA/JPL/University of Arizona", "Layers, seen by HiRISE."):
        verdict = attribute(sighting_of({"id": 1, "caption": caption}), registry)

        assert {"spacecraft=mro", "instrument=mro-hirise"} <= said(verdict)


@pytest.mark.parametrize(
    "caption",
    [
        "China's rover Zhurong and its lander. CNSA",
        "Left: a dune, seen by Spirit. Right: the same, seen by MRO’s HiRISE.",
        "At JPL, engineers and their guests hug after Ingenuity’s flight.",
        "Jane Doe of Brown University explains Mars, Saturn's neighbour at Jupiter's side.",
    ],
)
def test_evidence_quotes_its_text_to_the_letter(caption: str, registry: Registry) -> None:
    evidence = attribute(sighting_of({"id": 1, "caption": caption}), registry).evidence
    quoted = [one.text for one in evidence if one.field == "caption"]

    assert quoted
    assert [text for text in quoted if text not in caption] == []


def test_evidence_is_told_strongest_first(registry: Registry) -> None:
    caption = (
        "Ingenuity photographed by the Mastcam-Z of Perseverance on sol 45. NASA/JPL-Caltech/ASU"
    )
    weights = [
        one.weight
        for one in attribute(sighting_of({"id": 1, "caption": caption}), registry).evidence
        if one.weight
    ]

    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize("mission", ["Viking", "Mars Exploration Rover", "CNSA"])
def test_where_one_of_two_took_it_none_is_named(mission: str, registry: Registry) -> None:
    caption = f"Rocks on the surface of Mars. {mission}"

    assert attribute(sighting_of({"id": 1, "caption": caption}), registry).spacecraft is None


def test_a_place_tells_which_of_two_rovers(registry: Registry) -> None:
    caption = "The rim of Gusev Crater, photographed by one of the Mars Exploration Rovers."
    verdict = attribute(sighting_of({"id": 1, "caption": caption}), registry)

    assert (verdict.spacecraft, verdict.place) == ("spirit", "Gusev Crater")


# --- hostile texts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "NASA/JPL/" * 22_000,
        "(" * 100_000,
        "Curiosity " * 20_000,
        "taken by " * 20_000,
        "<b>" * 50_000,
        "January 2021 " * 10_000,
        "\u202e\u0000\x07Curiosity\u2066 took this picture.\u202c",
        "&lt;script&gt;alert(1)&lt;/script&gt; a view by Curiosity",
        "",
        "\ud800",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_breaks_it(text: str, registry: Registry) -> None:
    attribute(sighting_of({"id": 1, "title": text, "caption": text, "credit": text}), registry)


def test_of_a_text_without_end_the_beginning_is_read(registry: Registry) -> None:
    said, filling = "Curiosity took this picture of a dune. ", "The wind moves sand. " * 2_000
    first, last = (
        attribute(sighting_of({"id": 1, "caption": text}), registry)
        for text in (said + filling, filling + said)
    )

    assert (first.spacecraft, last.spacecraft) == ("curiosity", None)


def test_direction_marks_and_markup_do_not_hide_who_took_it(registry: Registry) -> None:
    caption = "The <i>Curi\u00adosity</i>\u202e rover took this picture of &amp; around a dune."

    assert attribute(sighting_of({"id": 1, "caption": caption}), registry).spacecraft == "curiosity"


def test_a_day_counts_before_the_month_that_another_text_tells(registry: Registry) -> None:
    verdict = attribute(
        shown(
            Appearance(caption="A dune field, photographed by Curiosity in March 2021."),
            Appearance(caption="A dune field. Curiosity took the picture on March 4, 2021."),
            Appearance(caption="A dune field that Curiosity imaged on May 9, 2021."),
        ),
        registry,
    )

    assert verdict.taken == "2021-03-04"
