"""Owns the frames that analysts and charts work on: statutory tables and counts over the years.

May import: cells, form, model. The only module of the room that imports pandas.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nianbao.cells import State, Value
from nianbao.model import OfficeYear

TABLE_COLUMNS = ["year", "edition", "row", "row_label", "group", "role", "column", "column_label", "value"]
FIGURE_COLUMNS = ["year", "key", "label", "value", "unit"]


def table_frame(reports: Sequence[OfficeYear], code: str) -> pd.DataFrame:
    """One statutory table of several years, a row a cell; ``value`` is NaN where the cell holds no number."""
    records = [
        (
            report.key.year,
            report.edition.code,
            ref.row,
            table.rows[ref.row].short_label,
            table.rows[ref.row].group,
            table.rows[ref.row].role.value,
            ref.column,
            table.columns[ref.column].label,
            _number(report.value(ref)),
        )
        for report in reports
        for table in (report.edition.table(code),)
        for ref in table.cells
    ]
    return pd.DataFrame.from_records(records, columns=TABLE_COLUMNS)


def figures_frame(reports: Sequence[OfficeYear], keys: Sequence[str]) -> pd.DataFrame:
    """The narrative's counts of several years, a row a count, in the order of ``keys`` (or of the latest file)."""
    wanted = list(keys) or [key for report in reversed(reports) for key in report.figures]
    order = {key: index for index, key in reversed(list(enumerate(wanted)))}
    records = [
        (report.key.year, key, figure.label, _number(figure.value), figure.unit)
        for report in reports
        for key, figure in report.figures.items()
        if key in order
    ]
    frame = pd.DataFrame.from_records(records, columns=FIGURE_COLUMNS)
    return frame.sort_values(["key", "year"], key=lambda column: column.map(order) if column.name == "key" else column)


def _number(value: Value) -> float:
    if value.state is State.NUMBER and value.number is not None:
        return float(value.number)
    return float("nan")
