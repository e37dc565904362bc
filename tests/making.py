"""Small values of the model for tests: a page with pictures, and what a harvest made of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from catalogue.index import index
from catalogue.model import (
    Appearance,
    Attribution,
    Credit,
    Gathered,
    Harvested,
    ImageFacts,
    Kind,
    Outcome,
    Page,
    Record,
    Sighting,
    StoredImage,
    Validators,
)
from catalogue.registry import Registry, load_registry
from catalogue.store import Store

PAGE = "https://example.org/story"


def stored(store: Store, data: bytes = b"picture", **facts: object) -> StoredImage:
    """Bytes that are kept in a store, as if they were a picture."""
    sha256 = hashlib.sha256(data).hexdigest()
    known: dict[str, object] = {
        "format": "JPEG",
        "media_type": "image/jpeg",
        "width": 640,
        "height": 480,
    }
    return StoredImage(
        id=sha256,
        file=store.files.put(data, sha256, ".jpg"),
        bytes=len(data),
        facts=ImageFacts(**(known | facts)),  # type: ignore[arg-type]
    )


def gathered(
    appearance: Appearance, image: StoredImage | None = None, outcome: str = ""
) -> Gathered:
    """An appearance and what became of it."""
    code = outcome or ("stored" if image else "ok")
    return Gathered(
        appearance=appearance,
        outcome=Outcome(
            kind="image",
            url=appearance.url,
            page=PAGE,
            outcome=code,
            image=image.id if image else None,
        ),
        image=image,
        asked=appearance.url,
        validators=Validators(etag='"1"') if image else Validators(),
    )


def harvested(
    *found: Gathered,
    address: str = PAGE,
    outcome: str = "ok",
    title: str | None = "A story",
    images: tuple[Appearance, ...] | None = None,
) -> Harvested:
    """A page with all that was gathered from it."""
    shown = tuple(one.appearance for one in found) if images is None else images
    return Harvested(
        address=address,
        page=Page(url=address, title=title, published="2021-02-19", images=shown),
        outcome=Outcome(kind="page", url=address, page=address, outcome=outcome),
        gathered=found,
        fetched="2026-01-02T03:04:05+00:00",
    )


def picture(number: int = 1, **said: object) -> Appearance:
    """An appearance with an address of its own."""
    known: dict[str, object] = {
        "url": f"https://example.org/{number}.jpg",
        "caption": f"Dunes in Gale Crater, picture {number}",
        "credit": "NASA/JPL-Caltech/MSSS",
    }
    return Appearance(**(known | said))  # type: ignore[arg-type]


def attribute(sighting: Sighting, registry: Registry) -> Attribution:
    """Stands in for attribution: it takes every picture for one of Curiosity's."""
    return Attribution(
        spacecraft="curiosity", instrument="msl-mahli", kind=Kind.PHOTO, confidence=0.7
    )


def read_credit(text: str, registry: Registry) -> Credit:
    """Stands in for reading credit lines."""
    return Credit(text=text, credit=text.upper(), organisations=("nasa",))


def see(store: Store, *records: Record) -> None:
    """Have a store see what records say of files and pages, without keeping bytes."""
    for record in records:
        image = None
        if record.file is not None:
            assert record.format is not None
            assert record.media_type is not None
            assert record.width is not None
            assert record.height is not None
            image = StoredImage(
                id=record.id,
                file=record.file,
                bytes=record.bytes or 0,
                facts=ImageFacts(
                    format=record.format,
                    media_type=record.media_type,
                    width=record.width,
                    height=record.height,
                    colour=record.colour or "",
                    damage=record.damage,
                ),
            )
        one = Gathered(
            appearance=Appearance(url="https://example.org/1.jpg", caption=record.caption),
            outcome=Outcome(kind="image", url=None, page=None, outcome="stored", image=record.id),
            image=image,
        )
        for address, title in zip(record.pages, record.page_titles, strict=True):
            store.keep(harvested(one, address=address, title=title))


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def fill(folder: Path, pictures: int = 2) -> list[str]:
    """Make a catalogue with pictures and a dust devil that is known by its words; all IDs."""
    with Store.open(folder, create=True) as store:
        for number in range(pictures):
            image = stored(store, f"picture {number}".encode(), fingerprint=number)
            address = f"https://www.example.org/{number}"
            store.keep(harvested(gathered(picture(number), image), address=address))
        words = Appearance(caption="A dust devil", credit="ESA")
        store.keep(harvested(gathered(words), address="story.txt"))
        index(store, load_registry(), attribute=attribute, read_credit=read_credit)
        return [record.id for record in store.search(sort="oldest")]
