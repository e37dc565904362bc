"""Records to build galleries of: the sample's pictures, and as many made-up ones as are wanted."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.model import Evidence, Record

Make = Callable[..., tuple[Path, list[Record]]]


def sample_records(data: Path, store: Path) -> list[Record]:
    """The sample's right answers as records, their files put where a catalogue would have them."""
    from catalogue.images.formats import SUFFIXES
    from catalogue.images.inspect import inspect

    records = []
    for line in (data / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        known = {
            "spacecraft": told.get("spacecraft"),
            "instrument": told.get("instrument"),
            "subjects": tuple(told.get("subjects") or ()),
            "kind": told.get("kind"),
            "caption": told.get("caption"),
            "credit": told.get("credit"),
            "credit_normal": told.get("credit_normal"),
            "taken": told.get("taken"),
            "sol": told.get("sol"),
            "product_id": told.get("product_id"),
            "confidence": 0.9,
            "pages": (f"https://fieldnotes.example/{told['page']}",),
            "page_titles": ("An article",),
            "published": told.get("taken") or "2021-05-03",
        }
        found = sorted((data / "sample").rglob(told["file"])) if told.get("file") else []
        if not found:
            key = hashlib.sha256(line.encode()).hexdigest()
            records.append(Record(id=key, **known))
            continue
        content = found[0].read_bytes()
        key, facts = hashlib.sha256(content).hexdigest(), inspect(content)
        file = f"images/{key[:2]}/{key}{SUFFIXES[facts.format]}"
        (store / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[0], store / file)
        records.append(
            Record(
                id=key,
                file=file,
                url=f"https://fieldnotes.example/{found[0].name}",
                format=facts.format,
                media_type=facts.media_type,
                width=facts.width,
                height=facts.height,
                bytes=len(content),
                colour=facts.colour,
                **known,
            )
        )
    return records


@pytest.fixture(scope="session")
def sample(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Record]]:
    """A store folder and its records."""
    store = tmp_path_factory.mktemp("store")
    return store, sample_records(data, store)


@pytest.fixture(scope="session")
def why(sample: tuple[Path, list[Record]]) -> dict[str, tuple[Evidence, ...]]:
    """Evidence for every record that has a spacecraft."""
    return {
        record.id: (
            Evidence(field="caption", text="the words", says=f"spacecraft={record.spacecraft}"),
        )
        for record in sample[1]
        if record.spacecraft
    }


_WORDS = (
    "dust", "devil", "crater", "rim", "delta", "rover", "wheel", "shadow", "frost", "dune", "ridge",
    "layer", "rock", "sunset", "plain", "boulder", "gully", "ice", "slope", "outcrop", "mast",
    "antenna", "parachute", "heat", "shield", "horizon", "ripple", "vein",
)  # fmt: skip


class Many:
    """So many records, their files shared, each with an ID and a caption of its own."""

    def __call__(self, records: list[Record], count: int) -> list[Record]:
        drawn = [record for record in records if record.file]
        made = []
        for n in range(count):
            words = [_WORDS[(n * 7 + k * k * 3) % len(_WORDS)] for k in range(40)]
            made.append(
                dataclasses.replace(
                    drawn[n % len(drawn)],
                    id=hashlib.sha256(f"made up {n}".encode()).hexdigest(),
                    caption=f"Number {n}: " + " ".join(words) + ".",
                    taken=f"{1997 + n % 28}-0{1 + n % 9}-1{n % 10}",
                    sol=n % 4000,
                )
            )
        return made


@pytest.fixture(scope="session")
def many() -> Many:
    return Many()
