"""WordPress: sizes in file names and in queries of its image service.

Uploads lie under ``/wp-content/uploads/``. A made-to-size copy has ``-1024x768`` before the
extension, an original above 2560 pixels is kept beside its ``-scaled`` copy; Photon and VIP resize
by query (``?w=``, ``?resize=``, ``?fit=``). A name with ``-e1718325911969`` is an edited picture,
so that mark stays.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from catalogue.sites.interface import SiteRule
from catalogue.texts import word_set

_SIZED = re.compile(r"(?i)-\d{2,4}x\d{2,4}(?=\.[a-z]{3,4}$)")
_PHOTON = re.compile(r"(?i)^https?://i\d\.wp\.com/(.+)$")
_RESIZING = word_set(
    "w h width height resize fit crop quality strip ssl zoom lb ulb filter size dpr"
)


def larger(url: str) -> tuple[str, ...]:
    """The upload that a sized copy was made from.

    >>> larger("https://a.example/wp-content/uploads/2024/05/rover-1024x768.jpg?w=640")
    ('https://a.example/wp-content/uploads/2024/05/rover.jpg',)
    """
    photon = _PHOTON.match(url)
    path, _, query = (f"https://{photon[1]}" if photon else url).partition("?")
    if "/wp-content/uploads/" not in path and ".files.wordpress.com/" not in path and not photon:
        return ()
    kept = [(name, value) for name, value in parse_qsl(query) if name.lower() not in _RESIZING]
    name = _SIZED.sub("", path)
    made = name + (f"?{urlencode(kept)}" if kept else "")
    return (made,) if made != url else ()


RULE = SiteRule(
    name="WordPress",
    hosts=("wordpress.com",),
    example="https://example.wordpress.com/2024/05/16/a-story/",
    larger=larger,
)
