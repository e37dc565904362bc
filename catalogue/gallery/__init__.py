"""A folder of static pages: pictures, each with its credit, found by words and filters."""

from catalogue.gallery.build import GalleryOptions, GalleryReport, build_gallery

__all__ = ["GalleryOptions", "GalleryReport", "build_gallery"]
