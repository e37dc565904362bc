"""The registry: its facts hang together, and its errors name file, entry and remedy."""

# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from catalogue.errors import RegistryError, UsageError
from catalogue.identify import SCHEMES, identify
from catalogue.registry import (
    FILES,
    Distributor,
    Instrument,
    Organisation,
    Registry,
    RightsStatement,
    Spacecraft,
    UsualCredit,
    fold_name,
    load_registry,
)

MANUAL = Path(__file__).resolve().parent.parent / "docs" / "reference" / "registry.md"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


# --- the facts of the package -----------------------------------------------------------------


def test_no_name_means_two_spacecraft(registry: Registry) -> None:
    owners: dict[str, set[str]] = {}
    for craft in registry.spacecraft.values():
        for name in (*craft.names, craft.slug):
            owners.setdefault(fold_name(name), set()).add(craft.slug)

    assert {name: crafts for name, crafts in owners.items() if len(crafts) > 1} == {}


def test_no_name_means_two_organisations(registry: Registry) -> None:
    owners: dict[str, set[str]] = {}
    for organisation in registry.organisations.values():
        for name in (*organisation.names, organisation.id):
            owners.setdefault(fold_name(name), set()).add(organisation.id)

    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_no_name_means_two_cameras_of_one_spacecraft(registry: Registry) -> None:
    """«Navcam» is on every rover, but on each it means one camera."""
    owners: dict[tuple[str, str], set[str]] = {}
    for camera in registry.instruments.values():
        for craft in camera.spacecraft:
            for name in (*camera.names, camera.slug):
                owners.setdefault((craft, fold_name(name)), set()).add(camera.slug)

    assert {name: slugs for name, slugs in owners.items() if len(slugs) > 1} == {}


def test_cameras_and_spacecraft_name_each_other(registry: Registry) -> None:
    carried = {
        (craft.slug, camera) for craft in registry.spacecraft.values() for camera in craft.cameras
    }
    carriers = {
        (craft, camera.slug)
        for camera in registry.instruments.values()
        for craft in camera.spacecraft
    }

    assert carried == carriers


def test_whatever_is_referred_to_is_there(registry: Registry) -> None:
    spacecraft, organisations = set(registry.spacecraft), set(registry.organisations)

    assert {c.carried_by for c in registry.spacecraft.values()} - {None} <= spacecraft
    assert {c.usually_seen_by for c in registry.spacecraft.values()} - {None} <= spacecraft
    for craft in registry.spacecraft.values():
        assert craft.main_camera in {None, *craft.cameras}, craft.slug
    assert {o for usual in registry.usual_credits for o in usual.organisations} <= organisations
    assert {o for right in registry.rights.values() for o in right.applies_to} <= organisations


def test_marks_of_credit_lines_are_names_that_credit_lines_have(registry: Registry) -> None:
    known = {fold_name(name) for entry in registry.organisations.values() for name in entry.names}
    known |= {fold_name(slug) for slug in registry.organisations}
    known |= {fold_name(word) for word in registry.words["missions"]}
    known |= {fold_name(name) for entry in registry.instruments.values() for name in entry.names}
    for entry in (*registry.spacecraft.values(), *registry.instruments.values()):
        for mark in entry.credit_marks:
            assert {fold_name(part) for part in mark.split()} <= known, entry.slug


def test_every_fact_has_its_source(registry: Registry) -> None:
    sourced = (
        *registry.spacecraft.values(),
        *registry.instruments.values(),
        *registry.usual_credits,
    )

    assert [entry for entry in sourced if not entry.source.strip()] == []
    assert [right.id for right in registry.rights.values() if not right.verified.strip()] == []


def test_dates_follow_each_other(registry: Registry) -> None:
    for craft in registry.spacecraft.values():
        known = [day for day in (craft.launch, craft.arrival, craft.end) if day]
        known = [day.removesuffix(" (planned)") for day in known]
        shortest = min((len(day) for day in known), default=0)
        assert [day[:shortest] for day in known] == sorted(day[:shortest] for day in known), craft


def test_landing_sites_are_on_mars(registry: Registry) -> None:
    for craft in registry.spacecraft.values():
        site = craft.landing_site
        if site is not None:
            assert site.lat is None or -90 <= site.lat <= 90, craft.slug
            assert site.lon_e is None or 0 <= site.lon_e < 360, craft.slug


def test_links_are_secure_addresses(registry: Registry) -> None:
    links = [right.url for right in registry.rights.values() if right.url]

    assert [link for link in links if not re.match(r"https://[\w.-]+/", link)] == []


def test_whatever_identifiers_name_is_in_the_registry(registry: Registry) -> None:
    for scheme in SCHEMES:
        for example in scheme.examples:
            identity = identify(example)
            assert identity is not None
            if identity.spacecraft is not None:
                assert identity.instrument in registry.spacecraft[identity.spacecraft].cameras


@pytest.mark.shared
def test_every_entry_of_the_contributors_is_there(registry: Registry, shared: Path) -> None:
    def entries(file: str, key: str) -> list[dict[str, object]]:
        data = json.loads((shared / "domain" / file).read_text(encoding="utf-8"))
        listed = data[key]
        assert isinstance(listed, list)
        return listed

    def lost(ours: Callable[[str], tuple[str, ...]], theirs: list[dict[str, object]]) -> list[str]:
        gone = []
        for entry in theirs:
            key = str(entry.get("slug") or entry.get("id"))
            known = {fold_name(name) for name in ours(key)}
            for field in ("name", "aliases", "nicknames"):
                value = entry.get(field) or ()
                names = [value] if isinstance(value, str) else list(value)  # type: ignore[call-overload]
                gone += [
                    f"{key}: {name}"
                    for name in names
                    if "&amp;" not in name and fold_name(name) not in known
                ]
        return gone

    assert (
        lost(lambda s: registry.spacecraft[s].names, entries("spacecraft.json", "spacecraft")) == []
    )
    assert (
        lost(lambda s: registry.instruments[s].names, entries("instruments.json", "instruments"))
        == []
    )
    assert {str(o["id"]) for o in entries("credits.json", "organisations")} <= set(
        registry.organisations
    )
    assert {str(r["id"]) for r in entries("credits.json", "rights")} <= set(registry.rights)


# --- looking up -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Percy", "PERSEVERANCE", "perseverance ", "Mars-2020 rover"])
def test_a_spacecraft_is_found_by_any_of_its_names(registry: Registry, text: str) -> None:
    assert registry.spacecraft_named(text).slug == "perseverance"


def test_of_the_nearest_names_each_spacecraft_is_told_once(registry: Registry) -> None:
    with pytest.raises(UsageError, match=r"did you mean Curiosity\?$"):
        registry.spacecraft_named("curiousity")


def test_an_unknown_name_is_told_with_its_nearest(registry: Registry) -> None:
    with pytest.raises(UsageError, match=r"unknown spacecraft 'persverance'.*Perseverance"):
        registry.spacecraft_named("persverance")
    with pytest.raises(UsageError, match=r"unknown instrument 'hirize'.*HiRISE"):
        registry.instruments_named("hirize")


# --- a folder of one's own --------------------------------------------------------------------

NEW = """
[test-orbiter]
name = "Test Orbiter"
kind = "orbiter"
source = "made for this test"
cameras = ["test-camera"]
"""
NEW_CAMERA = """
[test-camera]
name = "Test Camera"
spacecraft = ["test-orbiter"]
source = "made for this test"
"""


def own(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_folder_adds_spacecraft_and_aliases(tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        spacecraft=NEW + '\n[mro]\naliases = ["The Test Name of MRO"]\n',
        instruments=NEW_CAMERA,
        organisations='[organisations.test-centre]\nname = "Test Centre"\n',
    )

    registry = load_registry(folder)

    assert registry.spacecraft_named("Test Orbiter").cameras == ("test-camera",)
    assert registry.spacecraft_named("the test name of mro").slug == "mro"
    assert registry.spacecraft["mro"].aliases[:1] == load_registry().spacecraft["mro"].aliases[:1]
    assert [camera.slug for camera in registry.instruments_named("test camera")] == ["test-camera"]
    assert registry.organisation_named("Test Centre") is not None


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own(tmp_path, spacecraft=NEW, instruments=NEW_CAMERA)
    monkeypatch.setenv("CATALOGUE_REGISTRY", str(tmp_path))

    assert "test-orbiter" in load_registry().spacecraft


WRONG = {
    # what is wrong: (file, text, what the message must hold beside the folder and the file)
    "no TOML": ("spacecraft", "[mro\n", ["line 1", "mend the file"]),
    "unknown key": ("spacecraft", NEW + 'nikname = "T"\n', ["[test-orbiter]", "nikname", "nicknames"]),
    "missing key": ("spacecraft", '[test-orbiter]\nname = "T"\n', ["[test-orbiter]", "kind", "add it"]),
    "text for a list": ("spacecraft", '[mro]\naliases = "M"\n', ["[mro]", "aliases", "list of texts"]),
    "number in a list": ("spacecraft", "[mro]\naliases = [1]\n", ["[mro]", "aliases", "list of texts"]),
    "date without quotes": (
        "spacecraft", "[mro]\nlaunch = 2005-08-12\n", ["[mro]", "launch", "in quotes", "2005-08-12"],
    ),
    "no date": ("spacecraft", '[mro]\nlaunch = "August"\n', ["[mro]", "launch", "2021-02-18"]),
    "unknown kind": (
        "spacecraft", NEW.replace('"orbiter"', '"probe"').replace('["test-camera"]', "[]"),
        ["[test-orbiter]", "probe", "orbiter, lander"],
    ),
    "entry that is no table": ("spacecraft", "test-orbiter = 5\n", ["[test-orbiter]", "table"]),
    "key in capitals": ("spacecraft", '[TestOrbiter]\nname = "T"\n', ["[TestOrbiter]", "lower case"]),
    "alias of another": (
        "spacecraft", '[mro]\naliases = ["Percy"]\n', ["Percy", "[mro]", "[perseverance]", "take it out"],
    ),
    "camera that is not there": ("spacecraft", NEW, ["[test-orbiter]", "test-camera", "add it"]),
    "camera of no spacecraft": ("instruments", NEW_CAMERA, ["[test-camera]", "test-orbiter", "add it"]),
    "carrier that is not there": ("spacecraft", '[mro]\ncarried_by = "x"\n', ["[mro]", "carried_by"]),
    "unknown table": (
        "organisations", '[organisation.x]\nname = "X"\n', ["[organisation]", "organisations"],
    ),
    "organisations that are no tables": ("organisations", "organisations = 5\n", ["table"]),
    "labels that are no lists": ("organisations", "labels = 5\n", ["labels"]),
    "distributors that are no tables": ("organisations", 'distributors = "AP"\n', ["distributors"]),
    "distributors that are texts": ("organisations", 'distributors = ["AP"]\n', ["distributors"]),
    "rights of nobody": ("rights", '[jpl]\napplies_to = ["nobody"]\n', ["[jpl]", "nobody", "add it"]),
    "rights at no time": ("rights", '[jpl]\nwhen = "never"\n', ["[jpl]", "when", "always or stated"]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "told"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_entry_is_told_with_folder_file_entry_and_remedy(
    tmp_path: Path, file: str, text: str, told: list[str]
) -> None:
    own(tmp_path, **{file: text})

    with pytest.raises(RegistryError) as caught:
        load_registry(tmp_path)

    message = str(caught.value)
    assert "\n" not in message
    assert [part for part in (str(tmp_path), f"{file}.toml", *told) if part not in message] == []


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "spacecraft.toml").write_bytes(b"\xff\xfe[mro]")

    with pytest.raises(RegistryError, match=r"spacecraft\.toml.*UTF-8"):
        load_registry(tmp_path)


@pytest.mark.parametrize("names", [[], ["satellites.toml"], ["spacecraft.toml", "extra.toml"]])
def test_a_folder_with_other_files_is_told_what_they_must_be_called(
    tmp_path: Path, names: list[str]
) -> None:
    for name in names:
        (tmp_path / name).write_text("", encoding="utf-8")

    with pytest.raises(RegistryError) as caught:
        load_registry(tmp_path)

    assert [name for name in FILES if name not in str(caught.value)] == []


def test_a_folder_that_is_not_there_is_told_with_the_variable(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"absent.*CATALOGUE_REGISTRY"):
        load_registry(tmp_path / "absent")


# --- the manual -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry", [Spacecraft, Instrument, Organisation, Distributor, UsualCredit, RightsStatement]
)
def test_every_key_is_in_the_manual(entry: type) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    keys = {field.name for field in fields(entry)} - {"slug", "id"}

    assert sorted(key for key in keys if f"`{key}`" not in text) == []
