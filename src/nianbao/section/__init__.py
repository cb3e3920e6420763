"""Owns all that a section notebook may import of ours: open an office-year, show its texts, tables and figures.

May import: errors, form, model, paths, inputs; pandas and matplotlib when a notebook asks for frames or charts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.form import plain_grid
from nianbao.section.display import Display, picture, table, text
from nianbao.section.view import SectionView, files_read, open_section

if TYPE_CHECKING:
    from nianbao.section.charts import applicants_chart, bars_by_year, figure_display, results_chart
    from nianbao.section.infographic import infographic_page

# Not imported with the package: matplotlib costs half a second, and official reports, which have no charts, do
# without it.
_CHARTS = {"applicants_chart", "bars_by_year", "figure_display", "results_chart"}
LOADED_LATE = _CHARTS | {"infographic_page"}

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
    if name in _CHARTS:
        from nianbao.section import charts

        return getattr(charts, name)
    if name == "infographic_page":
        from nianbao.section.infographic import infographic_page

        return infographic_page
    raise AttributeError(f"nianbao.section has no {name!r}; it has: {', '.join(__all__)}")
