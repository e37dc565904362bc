"""The catalogue folder: a database, and beside it the very bytes of pictures and pages.

Three writers share it, each with tables of its own: what was **seen** (a harvest), what **follows**
from it (the index), what a person **said** (corrections). This package knows tables and files; it
knows no rule.
"""

from catalogue.store.check import Problem
from catalogue.store.database import Store
from catalogue.store.seen import Failure, PageState

__all__ = ["Failure", "PageState", "Problem", "Store"]
