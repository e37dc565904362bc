"""Credit lines: who is named in them, in one normal form, and what may be done with the picture.

``lines`` tells a credit line from a caption; ``reading`` understands one, with the names and words
of the registry (``vocabulary``), the licence that it states (``licences``) and the terms of those
who are credited (``terms``). The published line itself is never altered.
"""

from catalogue.credit.reading import read_credit

__all__ = ["read_credit"]
