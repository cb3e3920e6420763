"""Owns the charts of the illustrated profile: one quiet palette, Chinese text as text, an alternative text each.

May import: section.display, section.history; section.plots, and with it matplotlib, when a chart is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isinf, isnan
from typing import TYPE_CHECKING, Any

from nianbao.section.display import Display, picture

if TYPE_CHECKING:
    import pandas as pd

    from nianbao.section.history import TableCell, YearFigure
    from nianbao.section.plots import Series


def bars_by_year(
    table: Iterable[YearFigure] | pd.DataFrame, caption: str, unit: str, *, stacked: bool = False, height: float = 2.9
) -> Display | None:
    """Bars for each year in ``unit``: of a section's counts, a series each, or of a frame's rows (columns: years).

    Series that hold nothing but zeros are left out; None where nothing is left, for a chart of zeros says nothing.
    ``height`` in inches; a legend of many lines adds to it. ValueError where a value is infinite.
    """
    from nianbao.section.plots import Series

    labels, years, rows = _of_counts(table) if not hasattr(table, "to_numpy") else _of_frame(table)
    series = [
        Series(" ".join(label.split()), [0.0 if isnan(value) else value for value in row])
        for label, row in zip(labels, rows, strict=True)
    ]
    if endless := [one.label for one in series if any(map(isinf, one.values))]:
        raise ValueError(f"a bar cannot show an infinite value, as there is under: {', '.join(endless)}")
    return _by_year(series, years, caption, unit, stacked=stacked, height=height)


def _of_counts(counts: Iterable[YearFigure]) -> tuple[list[str], list[int], list[list[float]]]:
    """Labels, years and values of counts: those of one key are one series, under the label of its latest year."""
    series: dict[str, dict[int, YearFigure]] = {}
    for count in counts:
        if not isnan(count.value):
            series.setdefault(count.key, {})[count.year] = count
    years = sorted({year for by_year in series.values() for year in by_year})
    labels = [by_year[max(by_year)].label for by_year in series.values()]
    rows = [[by_year[year].value if year in by_year else 0.0 for year in years] for by_year in series.values()]
    return labels, years, rows


def _of_frame(table: Any) -> tuple[list[str], list[object], list[list[float]]]:
    rows = table.to_numpy(dtype=float, na_value=float("nan")).tolist()
    return [str(label) for label in table.index], list(table.columns), rows


def _by_year(
    series: Sequence[Series], years: Sequence[object], caption: str, unit: str, *, stacked: bool, height: float
) -> Display | None:
    from nianbao.section.plots import column_chart

    shown = [one for one in series if any(one.values)]
    if not shown:
        return None
    names = [f"{year}年" for year in years]
    svg = column_chart(shown, names, unit, stacked=stacked, height=height * 72)
    return picture(svg, _alternative(shown, names, caption, unit), caption)


def results_chart(history: Iterable[TableCell] | pd.DataFrame) -> Display | None:
    """Applications by result over the years, from the table's cells or its ``history``; None where there were none."""
    from nianbao.section.plots import Series

    counts: dict[str, dict[int, float]] = {}
    years: dict[int, None] = {}
    for cell in _cells(history):
        if cell.role == "result" and cell.column == "total":
            years[cell.year] = None
            of_group = counts.setdefault(cell.group, {})
            of_group[cell.year] = of_group.get(cell.year, 0.0) + (0.0 if isnan(cell.value) else cell.value)
    series = [Series(group, [of_group.get(year, 0.0) for year in years]) for group, of_group in counts.items()]
    return _by_year(series, list(years), "各年度政府信息公开申请办理结果", "件", stacked=True, height=3.3)


def applicants_chart(history: Iterable[TableCell] | pd.DataFrame) -> Display | None:
    """Who applied in the latest year, a bar for each kind of applicant, from the same; None where nobody did."""
    from nianbao.section.plots import bar_chart

    known = [cell for cell in _cells(history) if cell.row == "new" and cell.column != "total"]
    latest = max((cell.year for cell in known), default=0)
    counts = [(cell.column_label, cell.value) for cell in known if cell.year == latest and cell.value > 0]
    if not counts:
        return None
    total = sum(value for _, value in counts)
    svg = bar_chart([(label, value, f"{value:.0f}件（{value / total:.1%}）") for label, value in counts])
    caption = f"{latest}年新收政府信息公开申请的申请人"
    words = "，".join(f"{label}{value:.0f}件" for label, value in counts)
    return picture(svg, f"{caption}：{words}。", caption)


def _cells(history: Iterable[TableCell] | pd.DataFrame) -> Iterable[Any]:
    """The cells; the rows of a frame have the same names."""
    return history if not hasattr(history, "itertuples") else history.itertuples(index=False)


def _alternative(series: Sequence[Series], years: Sequence[str], caption: str, unit: str) -> str:
    lines = [f"{year}：" + _year(series, column, unit) for column, year in enumerate(years)]
    return f"{caption}。" + "；".join(lines) + "。"


def _year(series: Sequence[Series], column: int, unit: str) -> str:
    parts = [f"{one.label}{one.values[column]:.0f}{unit}" for one in series if one.values[column]]
    return "，".join(parts) or "无"
