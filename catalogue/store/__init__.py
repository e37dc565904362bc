"""The catalogue folder: a database, and beside it the very bytes of pictures and pages.

Three writers share it, each with tables of its own: what was **seen** (a harvest), what **follows**
from it (the index), what a person **said** (corrections). This package knows tables and files; it
knows no rule.
"""

from catalogue.store.database import PageState, Problem, Store

__all__ = ["PageState", "Problem", "Store"]
