"""Owns the names by which findings call cells, lines and summands, derived from the form.

May import: form, model.
"""

from __future__ import annotations

from nianbao.form import TABLE_NAMES, Axis, Balance, CellRef, Edition, row_name
from nianbao.form.cells import State, Value

__all__ = ["TABLE_NAMES", "cell_name", "line_name", "row_name", "shown", "term_name"]


def cell_name(edition: Edition, ref: CellRef) -> str:
    """A cell for people: 表三“新收”自然人."""
    table = edition.table(ref.table)
    row = table.rows.get(ref.row)
    column = table.columns.get(ref.column)
    name = TABLE_NAMES[ref.table]
    return f"{name}“{row_name(row) if row else ref.row}”{column.label if column else ref.column}"


def line_name(edition: Edition, balance: Balance, line: str) -> str:
    """A line across which a balance sums: the column 自然人, or the row 予以公开."""
    table = edition.table(balance.table)
    name = TABLE_NAMES[balance.table]
    if balance.axis is Axis.ROWS:
        column = table.columns[line]
        return f"{name}“{column.label}”列"
    return f"{name}“{row_name(table.rows[line])}”"


def term_name(edition: Edition, balance: Balance, code: str) -> str:
    """A summand by its short name."""
    table = edition.table(balance.table)
    return row_name(table.rows[code]) if balance.axis is Axis.ROWS else table.columns[code].label


def shown(value: Value) -> str:
    """A value as it stands, with a word for what cannot be seen."""
    return "（空白）" if value.state is State.BLANK else value.printed
