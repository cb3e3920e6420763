"""Owns what the preloaded process has imported before a notebook comes.

May import: nothing of ours. What is named here is imported by the zygote alone.
"""

from __future__ import annotations

from enum import IntEnum


class Load(IntEnum):
    """How much a preloaded process has imported; each has what those before it have."""

    TEXT = 0  # what every section imports
    FRAMES = 2  # pandas: as much again
    ALL = 3  # matplotlib's figures and axes, for an analyst's own: a fifth of a second more

    @property
    def modules(self) -> tuple[str, ...]:
        """What is imported for it, in this order."""
        return tuple(name for load in Load if load <= self for name in IMPORTS[load])


# Great Expectations, papermill, Dask and Typst are not here: each would make every fork dearer, and Typst cannot be
# forked at all.
IMPORTS: dict[Load, tuple[str, ...]] = {
    Load.TEXT: (
        "nianbao.section.view",
        # With one thread for its sums, as the zygote is started: were it left to the notebook's process, which has the
        # caller's environment, the last digits of a sum would depend on what was preloaded.
        "numpy",
        # Imported late by IPython, or by what reads our files.
        "IPython.core.logger",
        "importlib.resources.readers",
        "encodings.utf_8_sig",
        "encodings.utf_16_be",
    ),
    Load.FRAMES: (
        "pandas",
        "nianbao.section.frames",
        "pandas.core.reshape.reshape",  # imported late by pandas
    ),
    Load.ALL: (
        "matplotlib.pyplot",
        "matplotlib.backends.backend_agg",
        "nianbao.section.figures",
        "pylopdf_fonts_zh_cn",
    ),
}
