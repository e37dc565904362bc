"""Labels of credit lines: «Image credit:», «Foto:», «Courtesy of», and those of panels: «Left:»."""

from __future__ import annotations

import re

from catalogue.credit.vocabulary import Vocabulary, fold

_MARK = re.compile(r"[:：;=](?!//)|©|\.\.+|…")
EDGES = " \t.,:;*\"'“”„‚‘’«»‹›?!~_#=>…|·•-–—©"
"""What may stand before and behind a name and is no part of it."""


class Labels:
    """The labels that one vocabulary knows."""

    def __init__(self, known: Vocabulary) -> None:
        self.known = known

    def strip(self, text: str) -> tuple[str, bool]:
        """A clause without the labels before it, and whether they named one of several panels."""
        panel = False
        for _ in range(4):
            mark = _MARK.search(text, 0, 90)
            head = text[: mark.start()] if mark else ""
            if mark and (not head or self._is_label(head)):
                panel |= fold(head) in self.known.panels
                text = text[mark.end() :].lstrip(EDGES)
                continue
            stripped = self._without_lead(text)
            if stripped is None:
                break
            text = stripped
        return text, panel

    def _is_label(self, head: str) -> bool:
        words = [key for word in re.split(r"[\s/()&,]+", head) if (key := fold(word))]
        if not words or len(words) > 10:
            return False
        known = sum(word in self.known.label_words or word in self.known.panels for word in words)
        if known == len(words) or fold(head) in self.known.panels:
            return True
        return 2 * known >= len(words) and not any(
            self.known.names.get(word) or word in self.known.organisation_words for word in words
        )

    def _without_lead(self, text: str) -> str | None:
        """The text behind a label that has no mark: «Photo by», «Courtesy»."""
        words = text.split(" ", 8)
        last = 0
        for number, word in enumerate(words[:8], 1):
            key = fold(word)
            if key not in self.known.label_words and key:
                break
            if key in self.known.label_leads:
                last = number
        if not last:
            return None
        rest = " ".join(words[last:]).lstrip(EDGES)
        return rest or None
