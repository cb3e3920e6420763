"""Owns the frames that analysts work on: statutory tables and counts over the years.

May import: model, section.history. The only module of the room that imports pandas.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nianbao.model import OfficeYear
from nianbao.section.history import TableCell, YearFigure, table_cells, year_figures


def table_frame(reports: Sequence[OfficeYear], code: str) -> pd.DataFrame:
    """One statutory table of several years, a row a cell; ``value`` is NaN where the cell holds no number."""
    return pd.DataFrame.from_records(table_cells(reports, code), columns=TableCell._fields)


def figures_frame(reports: Sequence[OfficeYear], keys: Sequence[str]) -> pd.DataFrame:
    """The narrative's counts of several years, a row a count, in the order of ``keys`` (or of the latest file)."""
    return pd.DataFrame.from_records(year_figures(reports, keys), columns=YearFigure._fields)
