"""Credit lines: who is named in them, in one normal form; the published line is never altered."""

from __future__ import annotations

import pytest

from catalogue.credit import read_credit
from catalogue.registry import load_registry

REGISTRY = load_registry()


@pytest.mark.parametrize(
    ("line", "normal"),
    [
        (
            "Image credit: NASA/JPL-Caltech/Univ. of Arizona",
            "NASA/JPL-Caltech/University of Arizona",
        ),
        ("Photo by Joel Kowsky / NASA", "NASA/Joel Kowsky"),
        ("NASA's Johnson Space Center", "NASA/JSC"),
        ("Foto: ESA/DLR/FU Berlin (G. Neukum)", "ESA/DLR/FU Berlin/G. Neukum"),
        ("Handout via Reuters", None),
    ],
)
def test_the_normal_form_of_a_line(line: str, normal: str | None) -> None:
    credit = read_credit(line, REGISTRY)
    assert (credit.text, credit.credit) == (line, normal)
