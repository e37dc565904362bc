"""What a page said, as it may be kept: no address in it has credentials."""

from __future__ import annotations

from dataclasses import replace

from catalogue.fetch import policy
from catalogue.model import Appearance, Page


def clean_page(page: Page) -> Page:
    """The page as it is kept: no address in it has credentials."""
    return replace(
        page,
        url=policy.clean(page.url) if page.url else None,
        images=tuple(map(clean_appearance, page.images)),
        drawings=tuple(map(_clean, page.drawings)),
        notes=tuple(map(policy.scrub, page.notes)),
    )


def clean_appearance(appearance: Appearance) -> Appearance:
    """The appearance as it is kept: no address in it has credentials."""
    return replace(
        appearance,
        url=_clean(appearance.url) if appearance.url else None,
        alternatives=tuple(_clean(url) for url in appearance.alternatives),
        statements=tuple(
            replace(said, value=policy.scrub(said.value)) if "://" in said.value else said
            for said in appearance.statements
        ),
        evidence=tuple(
            replace(reason, text=policy.scrub(reason.text)) if "://" in reason.text else reason
            for reason in appearance.evidence
        ),
    )


def _clean(url: str) -> str:
    return policy.clean(url) if "://" in url else url
