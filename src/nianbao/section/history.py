"""Owns statutory tables and counts over the years as records: what charts draw and frames are made of.

May import: cells, form, model. Knows no pandas: to load it takes longer than all else that a report's charts need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nianbao.cells import State, Value
from nianbao.model import OfficeYear


class TableCell(NamedTuple):
    """One cell of a table in one year, with the codes and labels of its row and column; NaN where it is no number."""

    year: int
    edition: str
    row: str
    row_label: str
    group: str
    role: str
    column: str
    column_label: str
    value: float


class YearFigure(NamedTuple):
    """One count of figures.csv in one year; NaN where it is no number."""

    year: int
    key: str
    label: str
    value: float
    unit: str


def table_cells(reports: Sequence[OfficeYear], code: str) -> list[TableCell]:
    """The cells of one statutory table, year by year in the form's order."""
    return [
        TableCell(
            report.key.year,
            report.edition.code,
            ref.row,
            table.rows[ref.row].short_label,
            table.rows[ref.row].group,
            table.rows[ref.row].role.value,
            ref.column,
            table.columns[ref.column].label,
            _as_float(report.value(ref)),
        )
        for report in reports
        for table in (report.edition.table(code),)
        for ref in table.cells
    ]


def year_figures(reports: Sequence[OfficeYear], keys: Sequence[str]) -> list[YearFigure]:
    """The narrative's counts of several years, in the order of ``keys`` (or of the latest file), then of years."""
    wanted = list(keys) or [key for report in reversed(reports) for key in report.figures]
    return [
        YearFigure(report.key.year, key, figure.label, _as_float(figure.value), figure.unit)
        for key in dict.fromkeys(wanted)
        for report in reports
        if (figure := report.figures.get(key))
    ]


def _as_float(value: Value) -> float:
    """The number, or NaN where there is none."""
    if value.state is State.NUMBER and value.number is not None:
        return float(value.number)
    return float("nan")
