"""Owns the short names by which findings call rows, columns and tables, derived from the form.

May import: form, model.
"""

from __future__ import annotations

from functools import cache

from nianbao.cells import State, Value
from nianbao.form import Axis, Balance, CellRef, Edition, Row, RowRole

TABLE_NAMES = {"proactive": "表二", "applications": "表三", "review": "表四"}
_SUFFIX = "政府信息公开申请数量"


@cache
def row_name(row: Row) -> str:
    """A row in two to eight characters where the form allows it: 新收, 上年结转, 予以公开, 办理总计."""
    name = row.short_label.removesuffix(_SUFFIX)
    if row.role is RowRole.INTAKE:
        return name.removeprefix("本年")
    if row.role is RowRole.SUM:
        return f"办理{name}"
    if row.role is RowRole.CARRIED:
        return name.removesuffix("继续办理")
    group = row.groups[-1].split("）")[-1] if len(row.groups) > 1 else ""
    return f"{group}·{name}" if group else name


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
