"""A catalogue can be written out, compared, rebuilt, and taken into another."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from catalogue.errors import UsageError
from catalogue.images import formats
from catalogue.index import index
from catalogue.model import Appearance, Correction, Evidence, Snapshot, Statement
from catalogue.registry import load_registry
from catalogue.store import Store, database
from catalogue.store import lines as dumped
from tests.making import attribute, gathered, harvested, picture, read_credit, stored

Open = Callable[[str], Store]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Makes catalogues by name, and closes them."""
    stores = []

    def make(name: str) -> Store:
        stores.append(Store.open(tmp_path / name, create=True))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


def told(store: Store) -> list[str]:
    """The dump as it is printed, without verdicts."""
    return [json.dumps(line) for line in store.dump(verdicts=False)]


def take(store: Store, lines: list[str], **how: Any) -> list[str]:
    return list(store.load(map(json.loads, lines), **how))


def records(store: Store) -> list[object]:
    index(store, load_registry(), attribute=attribute, read_credit=read_credit)
    return sorted(store.search(), key=lambda record: record.id)


def everything(store: Store) -> None:
    """One of everything that can be seen and said."""
    said = picture(
        1,
        alternatives=("https://example.org/b.jpg",),
        larger=("https://example.org/c.jpg",),
        statements=(Statement(name="sol", value="1", where="row"),),
        evidence=(Evidence(field="f", text="t", says="caption", rule="r", weight=0.5),),
    )
    embedded = (Statement(name="credit", value="ESA", where="IPTC 2:110"),)
    image = stored(store, b"one", fingerprint=(1 << 64) - 1, embedded=embedded)
    digest = "ab" * 32
    page = dataclasses.replace(
        harvested(gathered(said, image), gathered(Appearance(caption="words"))),
        snapshot=Snapshot(sha256=digest, file=f"pages/ab/{digest}.html", bytes=3),
    )
    store.keep(page)
    alone = gathered(picture(2), stored(store, b"two"))
    store.keep(dataclasses.replace(harvested(alone, address="two.jpg"), outcome=alone.outcome))
    store.keep(harvested(outcome="failed:http-404", address="https://example.org/gone"))
    store.keep(
        harvested(gathered(picture(3), outcome="failed:timeout"), address="https://example.org/3")
    )
    store.correct(Correction(image=image.id, field="kind", value="map", note="n", made="2026"))
    store.correct(Correction(image=image.id, field="spacecraft", value=None, made="2026"))
    store.forget("f" * 64, "an advert")
    store.save_search("dunes", "dune")


def test_a_dump_that_is_loaded_gives_the_same_dump_and_the_same_records(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)

    assert take(two, told(one)) == []

    assert told(two) == told(one)
    assert records(two) == records(one)
    assert two.page("https://example.org/3") == one.page("https://example.org/3")


def test_an_empty_catalogue_takes_the_verdicts_as_they_are(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    told_by_index = records(one)
    whole = [json.dumps(line) for line in one.dump()]

    assert take(two, whole) == []

    assert two.count_waiting() == 0
    assert sorted(two.search(), key=lambda record: record.id) == told_by_index
    assert [json.dumps(line) for line in two.dump()] == whole
    assert list(two.check_database()) == []
    figures = {row["tbl"] for row in two._db.execute("SELECT tbl FROM sqlite_stat1")}
    assert figures > {"verdict", "appearance"}  # SQLite knows how values spread


def test_verdicts_on_pictures_of_several_pages_are_taken_as_they_are(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    image = stored(one)
    for address, caption in (("https://a.org/", "a dune"), ("https://b.org/", "a longer dune")):
        one.keep(harvested(gathered(picture(1, caption=caption), image), address=address))
    told_by_index = records(one)
    whole = [json.dumps(line) for line in one.dump()]

    assert take(two, whole) == []

    assert sorted(two.search(), key=lambda record: record.id) == told_by_index
    assert [json.dumps(line) for line in two.dump()] == whole


def test_blank_lines_are_none_and_are_counted(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    printed = [json.dumps(line).encode() + b"\n" for line in one.dump(verdicts=False)]

    assert list(two.load([printed[0], b"\n", *printed[1:], b" \n"])) == []
    with pytest.raises(UsageError, match="line 3 is no line of a dump"):
        list(two.load([printed[0], b"\n", b"{}\n"]))

    assert told(two) == told(one)


def test_lines_that_are_told_twice_are_taken_once(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    records(one)
    whole = [json.dumps(line) for line in one.dump()]

    assert take(two, [line for line in whole for _ in range(2)]) == []

    assert [json.dumps(line) for line in two.dump()] == whole
    assert list(two.check_database()) == []


def test_two_dumps_one_behind_the_other_are_one_load(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    lines = told(one)

    assert take(two, [*lines, *lines]) == []

    assert told(two) == lines
    assert list(two.check_database()) != []  # it waits to be indexed
    records(two)
    assert list(two.check_database()) == []


@pytest.mark.parametrize("lines_at_once", [2, 100])
def test_images_that_are_told_twice_are_one_that_was_had_at_the_earlier_time(
    opened: Open, monkeypatch: pytest.MonkeyPatch, lines_at_once: int
) -> None:
    monkeypatch.setattr(database, "_LINES_AT_ONCE", lines_at_once)
    one, two = opened("one"), opened("two")
    embedded = (Statement(name="credit", value="ESA", where="IPTC 2:110"),)
    for number in range(3):
        image = stored(one, bytes([number]), embedded=embedded)
        one.keep(harvested(gathered(picture(number), image), address=f"https://{number}.org/"))
    lines = list(one.dump(verdicts=False))
    images = [line | {"added": "2026"} for line in lines if line["kind"] == "image"]
    later = [line | {"added": "2027"} for line in images]
    others = [line for line in lines if line["kind"] != "image"]

    assert list(two.load([*later, later[0], *images[:2], *images[:1], *others])) == []

    had = [line for line in two.dump(verdicts=False) if line["kind"] == "image"]
    assert had == [*images[:2], later[2]]
    records(two)
    assert list(two.check_database()) == []


def test_a_dump_tells_pictures_as_the_pages_show_them_whatever_came_first(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    for address, numbers in (("https://b.org/", (3, 2)), ("https://a.org/", (4, 3))):
        shown = [gathered(picture(each), stored(one, bytes([each]))) for each in numbers]
        one.keep(harvested(*shown, address=address))
    lines = list(one.dump())
    unshown = lines[1] | {"id": f"{0:064}"}
    assert list(two.load([unshown, *lines])) == []
    records(two)

    lines = list(two.dump())

    pages = [line for line in lines if line["kind"] == "page"]
    assert [page["address"] for page in pages] == ["https://a.org/", "https://b.org/"]
    order = list(dict.fromkeys(shown["image"] for page in pages for shown in page["appearances"]))
    assert [line["id"] for line in lines if line["kind"] == "picture"] == order
    assert [line["id"] for line in lines if line["kind"] == "image"] == [*order, unshown["id"]]


def test_a_catalogue_that_holds_something_derives_what_is_new_to_it(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    records(one)
    two.keep(harvested(gathered(picture(9), stored(two, b"nine")), address="https://b.org/"))

    take(two, [json.dumps(line) for line in one.dump()])

    assert two.count_waiting() == 1 + one.count()


def test_a_verdict_on_what_was_not_seen_is_left_out(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    records(one)

    take(two, [json.dumps(line) for line in one.dump() if line["kind"] not in {"page", "image"}])

    assert {record.caption for record in two.search()} == set()


def test_a_picture_cannot_name_a_file_elsewhere(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    records(one)
    lines = list(one.dump())
    next(line for line in lines if line["kind"] == "image")["suffix"] = "/../../secret.jpg"

    with pytest.raises(UsageError, match=r"line 2 .*\$\.suffix"):
        list(two.load(lines))


def test_a_picture_is_named_by_hexadecimal_digits(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    lines = list(one.dump())
    next(line for line in lines if line["kind"] == "image")["id"] = "../" * 21 + "x"

    with pytest.raises(UsageError, match=r"line 2 .* hexadecimal digits"):
        list(two.load(lines))


def test_an_image_file_may_end_as_the_formats_say() -> None:
    assert set(get_args(dumped.Suffix)) == set(formats.SUFFIXES.values())


def test_verdicts_before_a_wrong_line_are_taken_in(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    records(one)
    whole = [json.dumps(line) for line in one.dump()]

    with pytest.raises(UsageError, match=f"line {len(whole) + 1} is no line of a dump"):
        take(two, [*whole, json.dumps({"kind": "catalogue", "format": 99})])

    assert [json.dumps(line) for line in two.dump()] == whole


def test_a_wrong_line_far_behind_is_told_by_its_number(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_LINES_AT_ONCE", 2)

    with pytest.raises(UsageError, match="line 6 is no line of a dump"):
        list(opened("one").load([*[{"kind": "catalogue", "format": 1}] * 5, {}]))


def test_a_picture_that_a_page_told_twice_shows_in_two_places_has_its_own_words(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_LINES_AT_ONCE", 1)
    one, two = opened("one"), opened("two")
    one.keep(harvested(gathered(picture(1), stored(one))))
    records(one)
    lines = list(one.dump())
    at = next(place for place, line in enumerate(lines) if line["kind"] == "page")
    (shown,) = lines[at]["appearances"]
    again = lines[at] | {"appearances": [shown, shown | {"url": "https://example.org/2.jpg"}]}

    with pytest.raises(UsageError, match="several places"):
        list(two.load([*lines[: at + 1], again, *lines[at + 1 :]]))


def test_the_lines_before_a_wrong_one_are_taken_in(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    lines = told(one)
    wrong = next(place for place, line in enumerate(lines) if '"kind": "page"' in line)

    with pytest.raises(UsageError, match=f"line {wrong + 1} is no line of a dump"):
        take(
            two,
            [*lines[:wrong], lines[wrong].replace('"address"', '"adress"'), *lines[wrong + 1 :]],
        )

    taken = [line["kind"] for line in two.dump()]
    assert taken.count("image") == 2
    assert "page" not in taken


def test_what_a_line_cannot_hold_is_told_and_not_lost(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    lines = [line.replace('"caption"', '"captoin"') for line in told(one)]

    with pytest.raises(UsageError, match="unknown field `captoin`"):
        take(two, lines)


def test_a_load_that_is_killed_leaves_the_catalogue_empty_and_sound(
    opened: Open, tmp_path: Path
) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    lines = tmp_path / "lines"
    lines.write_text("\n".join(told(one)))
    two.close()
    program = (
        "import json, os, pathlib, sys\n"
        "from catalogue.store import Store\n"
        "def lines():\n"
        "    for line in open(sys.argv[2]): yield json.loads(line)\n"
        "    while not list(pathlib.Path(sys.argv[1]).glob('catalogue.db-journal')): pass\n"
        "    os.kill(os.getpid(), 9)\n"
        "list(Store.open(pathlib.Path(sys.argv[1])).load(lines()))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "two"), str(lines)], check=False
    )

    again = opened("two")
    assert killed.returncode == -9
    assert list(again.check_database()) == []
    assert told(again) == [json.dumps({"kind": "catalogue", "format": 1})]
    assert take(again, told(one)) == []
    assert told(again) == told(one)
    assert again._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_loading_twice_changes_nothing(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    everything(one)
    take(two, told(one))
    records(two)

    assert take(two, told(one)) == []

    assert told(two) == told(one)


def test_merging_brings_the_files_along(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    image = stored(one, b"one")
    one.keep(harvested(gathered(picture(1), image)))
    two.keep(harvested(gathered(picture(2), stored(two, b"two")), address="https://example.org/2"))

    assert take(two, told(one), files_of=one.files) == []

    assert len(records(two)) == 2
    assert (two.folder / image.file).read_bytes() == b"one"
    assert list(two.check()) == []


def test_a_picture_on_both_sides_has_the_pages_of_both(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    for store, address in ((one, "https://a.org/"), (two, "https://b.org/")):
        store.keep(harvested(gathered(picture(1), stored(store)), address=address))

    take(two, told(one), files_of=one.files)

    (record,) = records(two)
    assert record.pages == ("https://a.org/", "https://b.org/")  # type: ignore[attr-defined]


def test_a_page_that_is_newer_here_keeps_its_words(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    one.keep(harvested(gathered(picture(1, caption="old"), stored(one)), title="Old"))
    newer = harvested(gathered(picture(1, caption="new"), stored(two)), title="New")
    two.keep(dataclasses.replace(newer, fetched="2027-01-01T00:00:00+00:00"))

    take(two, told(one))

    (seen,) = two.sightings()
    assert seen.appearances[0].page.title == "New"
    assert seen.appearances[0].appearance.caption == "new"
    take(one, told(two))
    take(two, told(one))
    assert told(one) == told(two)


def test_of_two_corrections_the_later_stays_and_the_conflict_is_told(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    for store, value, made in ((one, "mro", "2026-02"), (two, "odyssey", "2026-01")):
        image = stored(store)
        store.keep(harvested(gathered(picture(1), image)))
        store.correct(Correction(image=image.id, field="spacecraft", value=value, made=made))

    (conflict,) = take(two, told(one))
    (same,) = take(one, [*told(two)[:-1], told(two)[-1].replace('"mro"', '"maven"')])

    assert "mro there and odyssey here; the later word stays, mro" in conflict
    assert "the later word stays, mro" in same
    assert [correction.value for correction in two.corrections(image.id)] == ["mro"]


def test_what_was_forgotten_here_is_not_taken_in_again(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    image = stored(one)
    one.keep(harvested(gathered(picture(1), image)))
    two.forget(image.id)

    (conflict,) = take(two, told(one))

    assert "was forgotten here" in conflict
    assert list(two.sightings()) == []


def test_what_was_forgotten_there_stays_here(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    image = stored(two)
    two.keep(harvested(gathered(picture(1), image)))
    one.forget(image.id)

    (conflict,) = take(two, told(one))

    assert "it stays" in conflict
    assert len(list(two.sightings())) == 1


def test_a_file_that_is_damaged_there_is_told_and_not_copied(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    image = stored(one)
    one.keep(harvested(gathered(picture(1), image)))
    (one.folder / image.file).write_bytes(b"rot")

    (conflict,) = take(two, told(one), files_of=one.files)

    assert "missing or damaged there" in conflict
    assert not (two.folder / image.file).exists()


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"kind": "nonsense"},
        {"kind": "image"},
        {"kind": "page", "address": 1},
        {"kind": "catalogue", "format": 99},
        {"kind": "correction", "picture": None, "field": "kind", "value": "map", "made": "x"},
        {"kind": "image", "id": "a" * 64, "file": "../../etc/passwd"},
        {"kind": "image", "id": "../../../etc", "file": "images/x"},
        {"kind": "address", "url": ["a"]},
    ],
)
def test_a_line_that_is_none_is_refused_by_its_number(opened: Open, line: dict[str, Any]) -> None:
    store = opened("one")

    with pytest.raises(UsageError, match="line 2 is no line of a dump"):
        list(store.load([{"kind": "catalogue", "format": 1}, line]))
    assert list(store.sightings()) == []
