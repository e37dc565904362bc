"""How fast names are read, and whether the time grows with the text alone.

    python benchmarks/identify.py

Figures of one run belong together; compare them as ratios. CPU is user and system time. Names and
captions are made here, after the grammars.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from catalogue.identify import SCHEMES, find_identities, identify

IDENTIFIERS = [example for scheme in SCHEMES for example in scheme.examples]
ADDRESSES = [
    f"https://www.example.org/wp-content/uploads/2024/05/{name.lower()}-1024x768.jpg"
    for name in IDENTIFIERS
]
ORDINARY = [
    f"https://www.example.org/wp-content/uploads/2024/05/a-view-of-the-crater-{number:04d}.jpg"
    for number in range(50)
]
CAPTION = (
    "On Feb. 18, 2021, the rover looked back at its tracks. The image, number {}, was taken from a "
    "height of 265 kilometers, and the slope is about 30 degrees steep; north is up. "
)


def cpu(work: Callable[[], object]) -> float:
    """Least CPU seconds of five goes."""
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        work()
        best = min(best, time.process_time() - begin)
    return best


def rate(names: list[str]) -> float:
    return len(names) * 40 / cpu(lambda: [identify(name) for _ in range(40) for name in names])


def found(text: str) -> int:
    return sum(1 for _ in find_identities(text))


def main() -> None:
    print(f"identifiers                {rate(IDENTIFIERS):10,.0f} a second of CPU")
    print(f"addresses that hold one    {rate(ADDRESSES):10,.0f} a second of CPU")
    print(f"addresses that hold none   {rate(ORDINARY):10,.0f} a second of CPU")
    captions = [CAPTION.format(IDENTIFIERS[number % 30]) for number in range(1000)]
    seconds = cpu(lambda: [found(caption) for caption in captions])
    print(f"captions                   {1000 / seconds:10,.0f} a second of CPU")
    print("\ntime for ten times the text (10 is linear)")
    hostile = {
        "one word of letters": "A",
        "one word of digits": "0123456789",
        "almost identifiers": "ESP_060000_200_",
        "identifiers": "ESP_060000_2005,",
        "forms that others share": "V12345006/",
        "short words": " 123",
        "escapes": "%28%2F123",
    }
    for name, part in hostile.items():
        short, long = part * (100_000 // len(part)), part * (1_000_000 // len(part))
        print(f"{name:26} {cpu(lambda: found(long)) / cpu(lambda: found(short)):10.1f}")  # noqa: B023


if __name__ == "__main__":
    main()
