"""A folder of static pages: pictures, each with its credit, found by words and filters.

``build`` is the way in; ``view`` makes records fit for a page, ``pictures`` makes thumbnails,
``pages`` fills the templates, ``data`` writes what the page's script reads, and ``folder`` is the
only one that writes.
"""

from catalogue.gallery.build import build_gallery
from catalogue.gallery.options import GalleryOptions, GalleryReport

__all__ = ["GalleryOptions", "GalleryReport", "build_gallery"]
