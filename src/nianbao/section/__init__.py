"""Owns all that a section notebook may import of ours: open an office-year, show its texts, tables and figures.

May import: errors, form, late, model, paths, inputs; pandas and matplotlib when a notebook asks for frames or charts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nianbao.form import plain_grid
from nianbao.late import LATE
from nianbao.section.display import Display, picture, table, text
from nianbao.section.view import SectionView, files_read, open_section

if TYPE_CHECKING:
    from nianbao.section.charts import applicants_chart, bars_by_year, results_chart
    from nianbao.section.figure import figure_display
    from nianbao.section.infographic import infographic_page

__all__ = [
    "Display",
    "SectionView",
    "applicants_chart",
    "bars_by_year",
    "figure_display",
    "files_read",
    "infographic_page",
    "open_section",
    "picture",
    "plain_grid",
    "results_chart",
    "table",
    "text",
]


def __getattr__(name: str) -> Any:
    if name in LATE:
        return getattr(import_module(f"{__name__}.{LATE[name]}"), name)
    raise AttributeError(f"nianbao.section has no {name!r}; it has: {', '.join(__all__)}")
