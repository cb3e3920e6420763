"""Statutory tables and counts over the years as tidy pandas frames.

May import: cells, model; pandas, when a frame is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nianbao.form.cells import State, Value
from nianbao.model import OfficeYear

if TYPE_CHECKING:
    import pandas as pd

TABLE_COLUMNS = ("year", "edition", "row", "row_label", "group", "role", "column", "column_label", "value")
FIGURE_COLUMNS = ("year", "key", "label", "value", "unit")


def table_frame(reports: Sequence[OfficeYear], code: str) -> pd.DataFrame:
    """One statutory table of several years, a row a cell, in the form's order; NaN where a cell holds no number."""
    import pandas as pd

    cells = [
        (
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
    return pd.DataFrame.from_records(cells, columns=list(TABLE_COLUMNS))


def figures_frame(reports: Sequence[OfficeYear], keys: Sequence[str]) -> pd.DataFrame:
    """The narrative's counts of several years, in the order of ``keys`` (or of the latest file), then of years."""
    import pandas as pd

    wanted = list(keys) or [key for report in reversed(reports) for key in report.figures]
    counts = [
        (report.key.year, key, figure.label, _as_float(figure.value), figure.unit)
        for key in dict.fromkeys(wanted)
        for report in reports
        if (figure := report.figures.get(key))
    ]
    return pd.DataFrame.from_records(counts, columns=list(FIGURE_COLUMNS))


def _as_float(value: Value) -> float:
    """The number, or NaN where there is none."""
    if value.state is State.NUMBER and value.number is not None:
        return float(value.number)
    return float("nan")
