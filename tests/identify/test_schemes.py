"""Schemes of identifiers: each example is read by its own scheme, and by no other."""

from __future__ import annotations

import pytest

from catalogue.identify import SCHEMES, identify
from catalogue.identify.interface import Scheme

EXAMPLES = [(scheme, name) for scheme in SCHEMES for name in scheme.examples]


@pytest.mark.parametrize(
    ("scheme", "name"), EXAMPLES, ids=lambda value: getattr(value, "name", value)
)
def test_an_example_is_read_whole(scheme: Scheme, name: str) -> None:
    identity = identify(name)

    assert identity is not None
    assert identity.text == name
