"""Owns what the preloaded process has imported before a notebook comes, and which notebooks want how much of it.

May import: late. What is named here is imported by the zygote alone.
"""

from __future__ import annotations

import re

from nianbao.late import LATE

# What every section imports. Great Expectations, papermill, Dask and Typst are in neither list: each would make every
# fork dearer, and Typst cannot be forked at all.
LIGHT = (
    "nianbao.section.view",
    # Imported late by IPython, or by what reads our files.
    "IPython.core.logger",
    "importlib.resources.readers",
    "encodings.utf_8_sig",
    "encodings.utf_16_be",
)

# What frames and charts need on top: three quarters of a second.
HEAVY = (
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "nianbao.section.charts",
    "nianbao.section.frames",
    "nianbao.section.infographic",
    # Imported late by those above.
    "pandas.core.reshape.reshape",
    "pylopdf_fonts_zh_cn",
)


def wants_all(text: str) -> bool:
    """Whether a notebook's text names anything that is in HEAVY, or that leads to it.

    It decides nothing but the time: a notebook that is misjudged imports the rest by itself.
    """
    roots = {name.split(".")[0] for name in HEAVY} - {"nianbao"}
    names = "|".join(sorted({*roots, *LATE}))
    return re.search(rf"\b(?:{names})\b", text) is not None
