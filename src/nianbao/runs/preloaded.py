"""Owns what the preloaded process has imported before a notebook comes, and which notebooks want how much of it.

May import: late. What is named here is imported by the zygote alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from nianbao.late import FRAMES, LATE

# What every section imports. Great Expectations, papermill, Dask and Typst are in neither list: each would make every
# fork dearer, and Typst cannot be forked at all.
LIGHT = (
    "nianbao.section.view",
    # With one thread for its sums, as the zygote is started: were it left to the notebook's process, which has the
    # caller's environment, the last digits of a sum would depend on what was preloaded.
    "numpy",
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


def wants_all(code: Iterable[str]) -> bool:
    """Whether the code of a notebook's cells names anything that is in HEAVY, or what of ours leads to it.

    It decides nothing but the time: a notebook that is misjudged imports the rest by itself.
    """
    modules = {name.split(".")[-1 if name.startswith("nianbao.") else 0] for name in HEAVY}
    names = "|".join(sorted({*modules, *LATE, *FRAMES}))
    return any(re.search(rf"\b(?:{names})\b", source) for source in code)


def code_of(notebook: str) -> list[str]:
    """The code of a notebook's cells, from its file's text; none where that is no notebook."""
    try:
        cells = json.loads(notebook)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):
        return []  # whoever runs it will say so
