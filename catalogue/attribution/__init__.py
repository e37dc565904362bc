"""Who took a picture, with what, of what, and whom to credit: every sign is gathered and weighed.

The parts: :mod:`.words` (what words mean in captions, in several languages), :mod:`.naming` (what
the registry calls things), :mod:`.mentions` (spacecraft and cameras in a text, which becomes a
:mod:`.reading`), :mod:`.grammar` (who took and who is seen) and :mod:`.sentences` (what that says),
:mod:`.kinds` (photo, map, artwork ...), :mod:`.earth` (persons, places), :mod:`.dating` (when, on
which sol), :mod:`.signs` (all that speaks for or against somebody), :mod:`.weighing` (how much each
sign counts), :mod:`.verdict` (what follows).
"""

from __future__ import annotations

from catalogue.attribution.mentions import lexicon_of
from catalogue.attribution.signs import gather
from catalogue.attribution.verdict import decide
from catalogue.model import Attribution, Sighting
from catalogue.registry import Registry

__all__ = ["attribute"]


def attribute(sighting: Sighting, registry: Registry) -> Attribution:
    """The verdict on one picture, with its reasons.

    Args:
        sighting: All that was seen of the picture.
        registry: The facts that the rules rest on.
    """
    lexicon = lexicon_of(registry)
    return decide(gather(sighting, lexicon), lexicon)
