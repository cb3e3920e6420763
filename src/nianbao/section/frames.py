"""Owns the frames that analysts work on: statutory tables and counts over the years.

May import: model, section.history. The only module of the room that imports pandas.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nianbao.model import OfficeYear
from nianbao.section.history import TableCell, as_float, table_cells

FIGURE_COLUMNS = ["year", "key", "label", "value", "unit"]


def table_frame(reports: Sequence[OfficeYear], code: str) -> pd.DataFrame:
    """One statutory table of several years, a row a cell; ``value`` is NaN where the cell holds no number."""
    return pd.DataFrame.from_records(table_cells(reports, code), columns=TableCell._fields)


def figures_frame(reports: Sequence[OfficeYear], keys: Sequence[str]) -> pd.DataFrame:
    """The narrative's counts of several years, a row a count, in the order of ``keys`` (or of the latest file)."""
    wanted = list(keys) or [key for report in reversed(reports) for key in report.figures]
    records = [
        (report.key.year, key, figure.label, as_float(figure.value), figure.unit)
        for key in dict.fromkeys(wanted)
        for report in reports
        if (figure := report.figures.get(key))
    ]
    return pd.DataFrame.from_records(records, columns=FIGURE_COLUMNS)
