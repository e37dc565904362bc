"""Files of one picture are one picture: what joins them, what keeps them apart, and who decides."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from catalogue import Catalogue
from catalogue.images.inspect import inspect
from catalogue.index import index
from catalogue.model import Appearance, Attribution, Pair, StoredImage
from catalogue.query import parse
from catalogue.registry import load_registry
from catalogue.renditions import groups
from catalogue.store import Store
from tests.making import attribute, gathered, harvested, read_credit, stored

REGISTRY = load_registry()


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A landscape that no other seed gives: cells of brightness, smoothed."""
    chance = random.Random(seed)
    cells = Image.new("L", (16, 12))
    cells.putdata([chance.randrange(256) for _ in range(16 * 12)])
    return cells.resize(size, Image.Resampling.BICUBIC)


def encoded(image: Image.Image, format: str = "JPEG", **how: int) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **how)
    return out.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "mars", create=True) as opened:
        yield opened


@pytest.fixture
def keep(store: Store) -> Callable[..., str]:
    """Keep a picture as a page shows it; its ID."""
    numbers = itertools.count()

    def put(image: Image.Image, url: str, format: str = "JPEG", **said: str) -> str:
        data = encoded(image, format)
        facts = inspect(data)
        known = {field.name: getattr(facts, field.name) for field in dataclasses.fields(facts)}
        kept: StoredImage = stored(store, data, **known)
        shown = Appearance(url=url, **said)  # type: ignore[arg-type]
        page = f"https://page{next(numbers)}.example/story"
        store.keep(harvested(gathered(shown, kept), address=page))
        return kept.id

    return put


def indexed(store: Store, *, rebuild: bool = False) -> list[set[str]]:
    """The groups of files, as the catalogue has them after an index."""
    index(store, REGISTRY, attribute=attribute, read_credit=read_credit, rebuild=rebuild)
    found = {
        frozenset(record.renditions or (record.id,)) for record in store.search(renditions=True)
    }
    return sorted((set(group) for group in found), key=sorted)


def test_sizes_formats_and_recompressions_are_one_picture_and_the_largest_stands_for_it(
    store: Store, keep: Callable[..., str]
) -> None:
    large = keep(scene(1), "https://a.example/one.jpg", caption="Dunes", credit="NASA")
    small = keep(scene(1).resize((160, 120)), "https://b.example/other.png", "PNG", credit="ESA")
    other = keep(scene(2), "https://a.example/two.jpg", caption="Rocks")

    assert indexed(store) == sorted([{large, small}, {other}], key=sorted)
    found = list(store.search(parse("dunes", lambda: REGISTRY)))
    assert [record.id for record in found] == [large]
    assert found[0].renditions == (large, small)
    every = store.search(parse("dunes", lambda: REGISTRY), renditions=True)
    assert {record.id for record in every} == {large, small}
    assert (store.count(), store.count(renditions=True)) == (2, 3)


def test_the_credits_captions_and_pages_of_all_files_are_seen_together(
    store: Store, keep: Callable[..., str]
) -> None:
    large = keep(scene(1), "https://a.example/one.jpg")
    keep(scene(1).resize((160, 120)), "https://b.example/b.jpg", caption="Ripples", credit="ESA")
    indexed(store)

    record = store.record(large)

    assert (record.caption, record.credit) == ("Ripples", "ESA")
    assert len(record.pages) == 2
    assert [other.width for other, why in store.dossier(large).renditions] == [160]
    assert store.dossier(large).renditions[0][1] == "their pixels agree"


def test_a_centred_crop_under_a_name_of_the_same_family_is_the_same_picture(
    store: Store, keep: Callable[..., str]
) -> None:
    whole = keep(scene(3), "https://a.example/rover-in-the-dust.jpg")
    square = scene(3).crop((80, 0, 560, 480)).resize((150, 150))
    crop = keep(square, "https://a.example/rover-in-the-dust-150x150.jpg")
    impostor = keep(scene(4), "https://z.example/rover-in-the-dust-300x200.jpg")

    assert indexed(store) == sorted([{whole, crop}, {impostor}], key=sorted)


def test_two_identifiers_of_one_archive_are_two_pictures_however_alike(
    store: Store, keep: Callable[..., str]
) -> None:
    one = keep(scene(5), "https://a.example/PIA17766.jpg")
    other = keep(scene(5).resize((600, 450)), "https://a.example/PIA17767.jpg")
    figure = keep(scene(6), "https://a.example/PIA17766_fig1.jpg")

    assert indexed(store) == sorted([{one}, {other}, {figure}], key=sorted)


def test_a_persons_word_joins_and_splits_and_outlives_a_rebuild(
    store: Store, keep: Callable[..., str], tmp_path: Path
) -> None:
    one, two = keep(scene(1), "https://a.example/1.jpg"), keep(scene(2), "https://a.example/2.jpg")
    same = keep(scene(1).resize((320, 240)), "https://b.example/3.jpg")
    indexed(store)

    with Catalogue.open(store.folder, registry=REGISTRY) as catalogue:
        catalogue.index = lambda: None  # type: ignore[method-assign, assignment]
        catalogue.set(one, same_as=two, not_same_as=same[:12])
        assert indexed(store) == sorted([{one, two}, {same}], key=sorted)
        assert indexed(store, rebuild=True) == sorted([{one, two}, {same}], key=sorted)
        assert store.dossier(one).renditions[0][1] == "a person says so"

        with Store.open(tmp_path / "other", create=True) as rebuilt:
            assert list(rebuilt.load(store.dump())) == []
            assert indexed(rebuilt) == sorted([{one, two}, {same}], key=sorted)

        catalogue.set(one, same_as=None, not_same_as=None)
        assert indexed(store) == sorted([{one, same}, {two}], key=sorted)


def test_the_last_word_on_two_files_counts_and_words_on_others_stay(
    store: Store, keep: Callable[..., str]
) -> None:
    a, b, c, d = (keep(scene(n), f"https://a.example/{n}.jpg") for n in range(4))
    indexed(store)
    with Catalogue.open(store.folder, registry=REGISTRY) as catalogue:
        catalogue.index = lambda: None  # type: ignore[method-assign, assignment]

        def joined_after(key: str, **said: str | None) -> set[frozenset[str]]:
            catalogue.set(key, **said)
            return {frozenset(group) for group in indexed(store) if len(group) > 1}

        assert joined_after(a, same_as=b) == {frozenset({a, b})}
        assert joined_after(a, same_as=c) == {frozenset({a, b, c})}
        assert joined_after(c, not_same_as=a) == {frozenset({a, b})}
        assert joined_after(b, not_same_as=a) == set()
        assert joined_after(a, same_as=f"{b},{c}") == {frozenset({a, b, c})}
        assert joined_after(d, same_as=c) == {frozenset({a, b, c, d})}
        assert joined_after(a, not_same_as="all") == {frozenset({c, d})}
        assert joined_after(a, same_as=b) == {frozenset({a, b}), frozenset({c, d})}
        assert joined_after(a, same_as=None) == {frozenset({c, d})}


def test_a_split_from_two_files_does_not_split_these_from_each_other(
    store: Store, keep: Callable[..., str]
) -> None:
    one = keep(scene(1), "https://a.example/1.jpg")
    small = keep(scene(1).resize((320, 240)), "https://b.example/2.jpg")
    other = keep(scene(2), "https://a.example/3.jpg")
    indexed(store)

    with Catalogue.open(store.folder, registry=REGISTRY) as catalogue:
        catalogue.index = lambda: None  # type: ignore[method-assign, assignment]
        catalogue.set(other, not_same_as=f"{one},{small}")

    assert indexed(store) == sorted([{one, small}, {other}], key=sorted)


def test_of_what_two_people_said_of_two_files_the_later_counts(
    store: Store, keep: Callable[..., str], tmp_path: Path
) -> None:
    one, two = keep(scene(1), "https://a.example/1.jpg"), keep(scene(2), "https://a.example/2.jpg")
    indexed(store)
    early, late = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"

    def said(field: str, made: str) -> dict[str, str]:
        line = {"kind": "correction", "picture": one, "field": field, "value": two}
        return line | {"note": "", "made": made}

    assert list(store.load([said("not_same_as", early)])) == []
    assert indexed(store) == sorted([{one}, {two}], key=sorted)
    (conflict,) = store.load([said("same_as", late)])
    assert "says the contrary here" in conflict
    assert indexed(store) == [{one, two}]

    with Store.open(tmp_path / "rebuilt", create=True) as rebuilt:
        assert list(rebuilt.load(store.dump())) == []
        assert indexed(rebuilt) == [{one, two}]


def test_when_the_best_file_is_forgotten_the_next_best_stands(
    store: Store, keep: Callable[..., str]
) -> None:
    large = keep(scene(1), "https://a.example/1.jpg")
    small = keep(scene(1).resize((320, 240)), "https://b.example/2.jpg", caption="Dunes")
    indexed(store)

    store.forget(large)
    indexed(store)

    assert [record.id for record in store.search()] == [small]
    assert store.record(small).renditions == ()


def test_a_person_looks_at_a_picture_once_and_it_counts_once(
    store: Store, keep: Callable[..., str]
) -> None:
    large = keep(scene(1), "https://a.example/1.jpg")
    keep(scene(1).resize((320, 240)), "https://b.example/2.jpg")
    index(
        store,
        REGISTRY,
        attribute=lambda sighting, registry: Attribution(contradictions=("two pages disagree",)),
        read_credit=read_credit,
    )

    assert [record.id for record in store.least_certain()] == [large]
    told = store.stats()
    assert (told["pictures"], told["other_files"], told["to_review"]) == (1, 1, 1)
    assert told["by"]["format"] == {"JPEG": 1}


@pytest.mark.parametrize("text", ["", "dunes", "ripples OR dunes", "width:>300", "-dunes"])
def test_sql_folds_what_python_folds(store: Store, keep: Callable[..., str], text: str) -> None:
    for number, words in enumerate(["dunes", "ripples", "dunes and rocks"]):
        keep(scene(number), f"https://a.example/{number}.jpg", caption=words)
        keep(scene(number).resize((200 + number, 150)), f"https://b.example/{number}.jpg")
    indexed(store)
    query = parse(text, lambda: REGISTRY)
    everything = list(store.search(renditions=True))

    folded = {record.id for record in everything if record.stands and query.matches(record)}

    assert len(everything) == 6
    assert {record.id for record in store.search(query)} == folded
    assert store.count(query) == len(folded)
    assert {record.id for record in store.search(query, renditions=True)} == {
        record.id for record in everything if query.matches(record)
    }


def test_groups_are_the_same_in_whatever_order_their_pairs_were_found() -> None:
    pairs = [Pair(one="a", other="b", why=""), Pair(one="b", other="c", why="", strength=0.9)]
    cut = {("a", "c")}

    for order in itertools.permutations(pairs):
        assert groups("abcd", order) == [("a", "b", "c"), ("d",)]
        assert groups("abcd", order, apart=cut) == [("a", "b"), ("c",), ("d",)]
        assert groups("abcd", order, alone="a") == [("a",), ("b", "c"), ("d",)]


def test_real_renditions_are_joined_and_real_frames_kept_apart(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "corpus" / "images"
    known = {
        row["file"]: row
        for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
        if (row := json.loads(line)) and not row["file"].endswith(".IMG")
    }
    with Catalogue.open(tmp_path / "mars", create=True, registry=REGISTRY) as catalogue:
        catalogue.harvest([folder / name for name in known])
        group = {
            record.id: set(record.renditions or (record.id,))
            for record in catalogue.search(renditions=True)
        }
    wrong = []
    for (one, row), (other, theirs) in itertools.combinations(known.items(), 2):
        ids = row["sha256"], theirs["sha256"]
        if not all(key in group for key in ids):
            continue
        if (ids[1] in group[ids[0]]) != (other in row["same_as"] or ids[0] == ids[1]):
            wrong.append((one, other))

    assert wrong == []
