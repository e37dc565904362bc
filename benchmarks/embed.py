"""What it costs to write credits into pictures, and to hand over a set, beside other ways.

    python benchmarks/embed.py [--pictures 200] [--set 1000] [--rounds 3]

Figures of one run belong together; compare them as ratios. The ways of a set take turns, and the
ratio is the median of the rounds. CPU is user and system time. Pictures
are drawn here, JPEG of about 1.5 MB each. ExifTool is measured where it is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from catalogue.export import export
from catalogue.images.embed import Metadata, embed
from catalogue.model import Record
from catalogue.registry import load_registry
from catalogue.store.files import Files

WORDS = Metadata(
    credit="NASA/JPL-Caltech/University of Arizona",
    source="Mars Reconnaissance Orbiter, HiRISE",
    creators=("NASA", "JPL-Caltech", "University of Arizona"),
    description="Perseverance under its parachute, seen from orbit — 18 February 2021.",
    copyright_notice="NASA/JPL-Caltech/University of Arizona. Rights: HiRISE usage",
    web_statement="https://www.uahirise.org/media/usage.php",
    licensor_url="https://www.uahirise.org/media/usage.php",
    alt="A parachute above a plain of craters",
    keywords=("Mars Reconnaissance Orbiter", "HiRISE", "Perseverance"),
)


def draw(folder: Path, count: int) -> list[Path]:
    """Pictures that differ in a few bytes, of about 1.5 MB."""
    out = io.BytesIO()
    Image.effect_noise((1800, 1350), 40).convert("RGB").save(out, "JPEG", quality=88)
    data = out.getvalue()
    paths = []
    for number in range(count):
        path = folder / f"{number:05}.jpg"
        path.write_bytes(data + b"%08d" % number)
        paths.append(path)
    return paths


def cpu(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU (children included) and of the clock."""

    def used() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system

    before, clock = used(), time.perf_counter()
    action()
    return used() - before, time.perf_counter() - clock


def with_ours(paths: list[Path], to: Path) -> None:
    for path in paths:
        (to / path.name).write_bytes(embed(path.read_bytes(), WORDS))


def with_copy(paths: list[Path], to: Path) -> None:
    for path in paths:
        (to / path.name).write_bytes(path.read_bytes())


def with_pillow(paths: list[Path], to: Path) -> None:
    for path in paths:
        with Image.open(path) as image:
            image.save(to / path.name, quality="keep", comment=WORDS.credit)


def with_exiftool(paths: list[Path], to: Path) -> None:
    arguments = [
        f"-XMP-photoshop:Credit={WORDS.credit}",
        f"-XMP-photoshop:Source={WORDS.source}",
        *(f"-XMP-dc:Creator={name}" for name in WORDS.creators),
        f"-XMP-dc:Description={WORDS.description}",
        f"-XMP-dc:Rights={WORDS.copyright_notice}",
        f"-XMP-xmpRights:WebStatement={WORDS.web_statement}",
        f"-XMP-iptcCore:AltTextAccessibility={WORDS.alt}",
        f"-IPTC:Credit={WORDS.credit}",
        f"-IPTC:Caption-Abstract={WORDS.description}",
        *(f"-IPTC:Keywords={word}" for word in WORDS.keywords),
    ]
    subprocess.run(
        ["exiftool", "-q", "-m", "-o", f"{to}/", *arguments, *map(str, paths)], check=True
    )


def per_picture(count: int, folder: Path) -> None:
    paths = draw(folder, count)
    print(f"{count} JPEG of {paths[0].stat().st_size / 1e6:.2f} MB, CPU ms a picture")
    ways = {"read and write": with_copy, "ours, read and write": with_ours}
    if shutil.which("exiftool"):
        ways["ExifTool, one batch"] = with_exiftool
    ways["Pillow, encoded again"] = with_pillow
    costs: dict[str, float] = {}
    for name, way in ways.items():
        to = folder / name.replace(",", "").replace(" ", "-")
        to.mkdir()
        some = paths if way is not with_pillow else paths[: max(1, count // 10)]
        seconds, _ = cpu(lambda way=way, some=some, to=to: way(some, to))
        costs[name] = 1000 * seconds / len(some)
        print(f"  {costs[name]:8.2f}  {name}")
        shutil.rmtree(to)
    data = paths[0].read_bytes()
    seconds, _ = cpu(lambda: [embed(data, WORDS) for _ in range(count)])
    print(f"  {1000 * seconds / count:8.2f}  ours, in memory alone")
    if "ExifTool, one batch" in costs:
        ratio = costs["ours, read and write"] / costs["ExifTool, one batch"]
        print(f"  ratio to ExifTool {ratio:.2f}")


def whole_set(count: int, rounds: int, folder: Path) -> None:
    store = folder / "catalogue"
    (store / "images").mkdir(parents=True)
    rights = load_registry().rights["jpl"].as_rights()
    records = []
    for path in draw(folder, count):
        data = path.read_bytes()
        key = hashlib.sha256(data).hexdigest()
        path.rename(store / "images" / f"{key}.jpg")
        records.append(
            Record(
                id=key, credit="NASA/JPL-Caltech", organisations=("nasa", "jpl"), rights=rights,
                spacecraft="mro", title=f"Picture {len(records)}", caption="A plain.",
                taken="2021-02-18", file=f"images/{key}.jpg", format="JPEG", width=1800,
                height=1350, pages=("https://example.org/",),
            )
        )  # fmt: skip

    def copy_and_hash() -> None:
        to = folder / "copied"
        to.mkdir()
        for record in records:
            path = to / f"{record.id}.jpg"
            shutil.copyfile(store / str(record.file), path)
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")

    def ours() -> None:
        for _ in export(records, files=Files(store), to=folder / "set"):
            pass

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ratios: dict[str, list[float]] = {"cpu_ratio": [], "clock_ratio": []}
    print(f"a set of {count}, seconds: CPU, clock")
    for _ in range(rounds):
        shutil.rmtree(folder / "set", ignore_errors=True)
        floor = cpu(copy_and_hash)
        shutil.rmtree(folder / "copied")
        made = cpu(ours)
        print(f"  {floor[0]:8.2f} {floor[1]:8.2f}  copied and hashed")
        print(f"  {made[0]:8.2f} {made[1]:8.2f}  exported")
        for name, mine, theirs in zip(ratios, made, floor, strict=True):
            ratios[name].append(mine / theirs)
    again = cpu(ours)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  {again[0]:8.2f} {again[1]:8.2f}  exported again, nothing new")
    print(f"  peak memory grew by {(after - before) / 1024:.0f} MB")
    print(json.dumps({name: round(statistics.median(all), 3) for name, all in ratios.items()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=200, help="for the single ways")
    parser.add_argument("--set", type=int, default=1000, help="for the whole set; 0 for none")
    parser.add_argument("--rounds", type=int, default=3, help="of the whole set")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "one").mkdir()
        per_picture(chosen.pictures, Path(name) / "one")
    if chosen.set:
        with tempfile.TemporaryDirectory() as name:
            whole_set(chosen.set, chosen.rounds, Path(name))


if __name__ == "__main__":
    main()
