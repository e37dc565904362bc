"""What a single word may mean beside itself: a picture's identifier, an address, a day.

Whoever pastes a file's name or an address into a search looks for that picture, and its words
alone would not find it: a caption says ``ESP_068294_9015``, and the file is called
``ESP_068294_9015_RED.JP2``.
"""

from __future__ import annotations

import re
from contextlib import suppress

from catalogue.errors import UsageError
from catalogue.query import ranges, tree
from catalogue.query.tree import Node
from catalogue.query.words import tokens

_LONGEST = 500
"""Characters of a word in which a name is looked for."""

_DAY = re.compile(r"\d{4}([-/])\d\d?(\1\d\d?)?$")


def others(word: str) -> list[Node]:
    """What a word may mean beside itself.

    Args:
        word: As typed, without blanks.
    """
    if _DAY.match(word):
        with suppress(UsageError):  # there is no thirteenth month
            return [ranges.dates(None, "date", word)]
    found: list[Node] = []
    if "://" in word:
        found.append(tree.Address(word.partition("://")[2].partition("#")[0].rstrip("/")))
    if names := products(word):
        found.append(tree.Words(tokens(names[-1])))
    return found


def products(text: str) -> tuple[str, ...]:
    """The identifier in a name or address, as it is kept; then the shorter forms of it.

    >>> products("ESP_068294_9015_RED.JP2")
    ('ESP_068294_9015_RED', 'ESP_068294_9015')

    Args:
        text: As typed.
    """
    from catalogue.identify import identify

    whole = identify(text[:_LONGEST])
    if whole is None or whole.product_id is None:
        return ()
    found = [whole.product_id]
    rest = whole.product_id
    while cut := re.match(r"(.+)[_.-]", rest):
        rest = cut[1]
        shorter = identify(rest)
        if shorter is not None and (shorter.product_id, shorter.instrument) == (
            rest,
            whole.instrument,
        ):
            found.append(rest)
    return tuple(found)
