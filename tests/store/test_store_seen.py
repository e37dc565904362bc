"""What a harvest writes is there when it returns, and nothing that was known is lost by more."""

from __future__ import annotations

import dataclasses
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.model import Appearance, Correction, Evidence, Statement, Validators
from catalogue.store import Store, seen
from tests.making import PAGE, gathered, harvested, picture, stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "mars", create=True) as opened:
        yield opened


def words_of(store: Store) -> list[tuple[str | None, bool]]:
    """Caption of every sighting, and whether its bytes are known."""
    return sorted(
        (one.appearances[0].appearance.caption, one.image is not None) for one in store.sightings()
    )


def test_everything_about_an_appearance_comes_back_as_it_was(store: Store) -> None:
    said = Appearance(
        url="https://example.org/a.jpg",
        alternatives=("https://example.org/b.jpg", "https://example.org/c.jpg"),
        larger=("https://example.org/huge.jpg",),
        title="Dunes",
        caption="Dunes «in» Gale Crater",
        credit="Credit: NASA/JPL-Caltech/MSSS",
        alt="dark dunes",
        statements=(Statement(name="sol", value="12", where="table row Sol"),),
        evidence=(Evidence(field="f", text="t", says="caption", rule="figure", weight=0.5),),
    )
    image = stored(store, fingerprint=(1 << 63) + 5, damage="cut off", frames=3, mode="I;16")

    store.keep(harvested(gathered(said, image)))

    (found,) = store.sightings()
    assert found.image == image
    assert found.appearances[0].appearance == said
    assert found.appearances[0].page.title == "A story"
    assert found.appearances[0].address == PAGE


def test_a_page_is_complete_when_all_its_pictures_have_been_dealt_with(store: Store) -> None:
    one, two = picture(1), picture(2)
    first = gathered(one, stored(store))

    store.keep(harvested(first, images=(one, two)))
    before = store.page(PAGE)
    store.keep(harvested(gathered(two, outcome="failed:http-404"), images=(one, two)))
    after = store.page(PAGE)

    assert before is not None
    assert after is not None
    assert (before.complete, after.complete) == (False, True)


@pytest.mark.parametrize(
    ("outcome", "complete"),
    [
        ("failed:timeout", False),
        ("failed:disk-full", False),
        ("failed:http-404", True),
        ("refused:private-address", True),
        ("skipped:too-small", True),
    ],
)
def test_a_failure_that_may_have_passed_leaves_the_page_open(
    store: Store, outcome: str, complete: bool
) -> None:
    store.keep(harvested(gathered(picture(), outcome=outcome)))

    state = store.page(PAGE)
    assert state is not None
    assert state.complete is complete


@pytest.mark.parametrize(("title", "looked_at_again"), [("A story", False), ("Another", True)])
def test_pictures_kept_before_are_looked_at_again_where_their_page_says_something_else(
    store: Store, title: str, looked_at_again: bool
) -> None:
    """A page of thousands is kept in lots: each lot must not cost an index of all before it."""
    first = stored(store)
    both = (picture(1), picture(2))
    store.keep(harvested(gathered(both[0], first), images=both))
    store.write([], store.waiting())
    second = stored(store, b"another")

    store.keep(harvested(gathered(both[1], second), images=both, title=title))

    waiting = {key for key, _ in store.waiting()}
    assert waiting == ({first.id, second.id} if looked_at_again else {second.id})


def test_a_page_that_fails_later_keeps_what_it_said(store: Store) -> None:
    store.keep(harvested(gathered(picture(), stored(store))))

    store.keep(harvested(outcome="failed:http-503", title=None))

    (found,) = store.sightings()
    assert found.appearances[0].page.title == "A story"
    assert store.failed_pages() == [PAGE]


def test_a_page_that_is_unchanged_keeps_what_it_said_and_stays_complete(store: Store) -> None:
    store.keep(harvested(gathered(picture(), stored(store))))

    store.keep(harvested(outcome="unchanged", title=None))

    state = store.page(PAGE)
    (found,) = store.sightings()
    assert state is not None
    assert (state.outcome, state.complete) == ("ok", True)
    assert found.appearances[0].page.title == "A story"


def test_addresses_that_gave_an_image_are_known_with_their_validators(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(1), image)))

    assert store.images_at(["https://example.org/1.jpg", "https://example.org/2.jpg"]) == {
        "https://example.org/1.jpg": (image.id, Validators(etag='"1"'))
    }


def test_an_image_that_the_catalogue_has_is_linked_by_its_id_alone(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(1), image)))
    known = gathered(picture(1), outcome="unchanged")
    known = dataclasses.replace(
        known, outcome=dataclasses.replace(known.outcome, image=image.id), asked=None
    )

    store.keep(harvested(known, address="https://example.org/other"))

    (found,) = store.sightings()
    assert [one.address for one in found.appearances] == ["https://example.org/other", PAGE]
    assert found.image == image


def test_new_bytes_at_an_address_are_a_new_picture_and_the_old_one_stays(store: Store) -> None:
    """With its bytes, its words and its place on the page; conditions are for the new one."""
    former = dataclasses.replace(picture(1), caption="Dunes in winter")
    latter = dataclasses.replace(picture(1), caption="Dunes in summer")
    old, new = stored(store, b"old"), stored(store, b"new")

    store.keep(harvested(gathered(former, old)))
    store.keep(harvested(gathered(latter, new)))

    found = {one.id: one for one in store.sightings()}
    assert found.keys() == {old.id, new.id}
    for image, said, data in ((old, former, b"old"), (new, latter, b"new")):
        assert found[image.id].image == image
        assert [one.appearance for one in found[image.id].appearances] == [said]
        with store.files.local(image.file) as path:
            assert path.read_bytes() == data
    assert store.images_at(["https://example.org/1.jpg"])["https://example.org/1.jpg"][0] == new.id
    assert [image for _, image in store.images_on(PAGE)] == [new.id]


def test_bytes_that_come_back_to_an_address_are_the_picture_that_they_were(store: Store) -> None:
    old, new = stored(store, b"old"), stored(store, b"new")

    for image in (old, new, old):
        store.keep(harvested(gathered(picture(1), image), gathered(picture(2), stored(store))))

    assert {one.id for one in store.sightings()} == {old.id, new.id, stored(store).id}
    assert [image for _, image in store.images_on(PAGE)] == [old.id, stored(store).id]


def test_a_picture_that_is_had_later_takes_the_place_of_its_words(store: Store) -> None:
    """A person's correction goes with it."""
    store.keep(harvested(gathered(picture(1), outcome="failed:timeout")))
    (words,) = store.sightings()
    store.correct(Correction(image=words.id, field="spacecraft", value="mro"))
    image = stored(store)

    store.keep(harvested(gathered(picture(1), image)))

    assert [one.id for one in store.sightings()] == [image.id]
    assert [one.value for one in store.corrections(image.id)] == ["mro"]
    assert store.corrections(words.id) == ()


def test_a_failure_does_not_undo_what_was_had(store: Store) -> None:
    store.keep(harvested(gathered(picture(1), stored(store))))
    store.keep(harvested(gathered(picture(1), outcome="failed:http-404")))

    assert words_of(store) == [("Dunes in Gale Crater, picture 1", True)]
    assert [failure.url for failure in store.failures()] == ["https://example.org/1.jpg"]


def test_a_changed_caption_of_a_lost_picture_replaces_the_former(store: Store) -> None:
    store.keep(harvested(gathered(picture(1), outcome="failed:http-404")))
    store.keep(harvested(gathered(picture(1, caption="Mended"), outcome="failed:http-404")))

    assert words_of(store) == [("Mended", False)]


def test_words_without_an_address_are_a_picture_each(store: Store) -> None:
    one, two = Appearance(caption="One", credit="ESA"), Appearance(caption="Two", credit="ESA")

    store.keep(harvested(gathered(one), gathered(two)))
    store.keep(harvested(gathered(one), gathered(two)))

    assert words_of(store) == [("One", False), ("Two", False)]


def test_whichever_statement_fails_a_page_is_written_whole_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The N-th statement of a transaction fails; then the same page is written again."""
    image = stored(store)
    page = harvested(gathered(picture(1), image), gathered(Appearance(caption="Words")))

    class Failing:
        def __init__(self, db: sqlite3.Connection, number: int) -> None:
            self.db, self.left = db, number

        def _count(self) -> None:
            self.left -= 1
            if self.left == 0:
                raise sqlite3.OperationalError("database or disk is full")

        def execute(self, *arguments: object) -> sqlite3.Cursor:
            self._count()
            return self.db.execute(*arguments)  # type: ignore[arg-type]

        def executemany(self, *arguments: object) -> sqlite3.Cursor:
            self._count()
            return self.db.executemany(*arguments)  # type: ignore[arg-type]

    real, failed = store._db, 0
    while True:
        failing = Failing(real, failed + 1)
        monkeypatch.setattr(store, "_db", failing)
        try:
            store.keep(page)
        except OSError:
            failed += 1
        else:
            break
        finally:
            monkeypatch.setattr(store, "_db", real)
        assert list(store.sightings()) == []

    assert failed > 15
    assert len(list(store.sightings())) == 2


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from catalogue.store import Store\n"
        "from tests.making import gathered, harvested, picture, stored\n"
        "with Store.open(Path(sys.argv[1]), create=True) as store:\n"
        "    for number in range(40):\n"
        "        page = f'https://example.org/{sys.argv[2]}/{number}'\n"
        "        image = stored(store, str(number).encode())\n"
        "        store.keep(harvested(gathered(picture(number), image), address=page))\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "mars"), name], cwd=ROOT)
        for name in ("one", "two")
    ]

    assert [run.wait() for run in runs] == [0, 0]
    with Store.open(tmp_path / "mars") as store:
        found = list(store.sightings())
        assert [len(one.appearances) for one in found] == [2] * 40
        assert {problem.what for problem in store.check()} == {"index"}


def test_readers_see_whole_pages_while_another_writes(store: Store) -> None:
    done = threading.Event()

    def write() -> None:
        with Store.open(store.folder) as other:
            for number in range(30):
                one = gathered(picture(1), stored(other, f"{number}a".encode()))
                two = gathered(picture(2), stored(other, f"{number}b".encode()))
                other.keep(harvested(one, two, address=f"https://example.org/{number}"))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    counts = set()
    while not done.is_set():
        (number,) = store._db.execute("SELECT count(*) FROM appearance").fetchone()
        counts.add(number)
    writer.join()

    assert all(number % 2 == 0 for number in counts)


def test_a_forgotten_picture_is_gone_and_remembered(store: Store) -> None:
    image = stored(store)
    store.keep(harvested(gathered(picture(1), image)))

    assert store.forget(image.id, "an advert") == [image.file]

    assert list(store.sightings()) == []
    assert not (store.folder / image.file).exists()
    assert image.id in store.forgotten()
    assert store.images_at(["https://example.org/1.jpg"]) == {}


def test_a_page_that_shows_a_forgotten_picture_again_does_not_bring_its_words_back(
    store: Store,
) -> None:
    store.keep(harvested(gathered(picture(1), outcome="skipped:forgotten")))

    state = store.page(PAGE)
    assert list(store.sightings()) == []
    assert state is not None
    assert state.complete


def test_marks_are_as_many_as_values() -> None:
    assert seen.marks("abc") == "?, ?, ?"
