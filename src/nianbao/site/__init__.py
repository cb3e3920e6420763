"""The portal: a static site of all reports in ``outputs/``, to be read from a folder or from any place on a server.

Pages are plain HTML with links relative to each page; nothing is loaded from elsewhere, and nothing but the search
needs a script.
"""

from nianbao.site.build import Built, build_site
from nianbao.site.collect import collect
from nianbao.site.entries import Entry, Portal

__all__ = ["Built", "Entry", "Portal", "build_site", "collect"]
