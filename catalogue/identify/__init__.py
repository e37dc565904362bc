"""Product identifiers: what the names of pictures tell of who took them, with what, and when.

A new scheme is one file with a ``SCHEME``, and one line in :data:`SCHEMES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.identify import (
    curiosity,
    insight,
    mars2020,
    mars_express,
    mer,
    mgs,
    mro,
    odyssey,
    pathfinder,
    phoenix,
    photojournal,
    tgo,
    viking,
)
from catalogue.identify.interface import Grammar, Scheme
from catalogue.identify.names import Place, fold, holds_digits, rendition, starts, words
from catalogue.model import Identity

SCHEMES: tuple[Scheme, ...] = (
    mars2020.SCHEME,
    curiosity.SCHEME,
    mer.SCHEME,
    insight.SCHEME,
    phoenix.SCHEME,
    mgs.SCHEME,
    pathfinder.SCHEME,
    viking.SCHEME,
    mro.SCHEME,
    odyssey.SCHEME,
    mars_express.SCHEME,
    tgo.SCHEME,
    photojournal.SCHEME,
)
"""Asked in this order, the first that reads a name has it: the Mars Orbiter Camera stands before
Pathfinder, whose short names look like some of its own."""


def _by_first() -> dict[str, tuple[Grammar, ...]]:
    table: dict[str, list[Grammar]] = {}
    for scheme in SCHEMES:
        for grammar in scheme.grammars:
            for character in grammar.first:
                table.setdefault(character, []).append(grammar)
    return {character: tuple(grammars) for character, grammars in table.items()}


_GRAMMARS = _by_first()


def identify(name: str) -> Identity | None:
    """What a product identifier, file name, address or logical identifier tells.

    Of several identifiers in one name, that of the file counts before those of its folders, and one
    that names a spacecraft before a Photojournal number.

    Args:
        name: In any case, with extension, folders, query and the tails that web pages append.

    Returns:
        None for a name that holds no identifier, or where those of one file name different
        spacecraft.
    """
    text = name.strip()
    alone = len(text.split(None, 1)) == 1
    found = list(_found(text, alone=alone))
    if not found:
        return None
    if alone:
        folder = max(text.partition("?")[0].rfind("/"), text.rfind("\\"))
        in_file = [one for one in found if one[0] > folder]
        found = in_file or found
    taken = [one for _, one in found if one.spacecraft is not None]
    if len({one.spacecraft for one in taken}) > 1:
        return None
    return taken[-1] if taken else found[-1][1]


def find_identities(text: str) -> Iterator[Identity]:
    """All identifiers in a longer text, a caption or a paragraph, in their order.

    Forms that names of other things share (eight digits behind a letter) are read only where the
    mission or camera is named near them.

    Args:
        text: Of any length; the time is linear in it.

    Yields:
        Identities whose ``text`` is the very letters of the text.
    """
    for _, identity in _found(text, alone=False):
        yield identity


def _found(text: str, *, alone: bool) -> Iterator[tuple[int, Identity]]:
    """Each identifier with its place in the text.

    Args:
        text: Of any length.
        alone: The text is one name, so that a weak form may be the whole of it.
    """
    if alone:
        spans: Iterable[tuple[int, int]] = [(0, len(text))] if holds_digits(text) else []
    else:
        spans = words(text)
    for begin, end in spans:
        word = fold(text[begin:end])
        done = 0
        for start in starts(word):
            if start < done:
                continue
            for grammar in _GRAMMARS.get(word[start], ()):
                match = grammar.pattern.match(word, start)
                if match is None:
                    continue
                place = Place(word=word, start=start, text=text, offset=begin)
                if not _believed(grammar, place, match.end(), alone=alone):
                    continue
                identity = grammar.read(match, place)
                if identity is None:
                    continue
                done = match.end()
                yield begin + start, _whole(identity, place, match.end())
                break


def _whole(identity: Identity, place: Place, end: int) -> Identity:
    """The identity with the letters that it was read from, and the tail behind them."""
    tail = rendition(place.word, end)
    return Identity(
        product_id=identity.product_id,
        spacecraft=identity.spacecraft,
        instrument=identity.instrument,
        sol=identity.sol,
        taken=identity.taken,
        fields={**identity.fields, "rendition": tail} if tail else identity.fields,
        text=place.given(end - place.start),
    )


def _believed(grammar: Grammar, place: Place, end: int, *, alone: bool) -> bool:
    """Whether a form that other names share stands where it can be believed."""
    if grammar.context is None or place.mentions(grammar.context, end):
        return True
    return alone and place.is_whole_name(end)
