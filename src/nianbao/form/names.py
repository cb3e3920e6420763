"""Owns the short names by which tables, rows and cells are called in findings, derived from the declaration.

May import: form.declaration, form.editions.
"""

from __future__ import annotations

from functools import cache

from nianbao.form.declaration import Row, RowRole
from nianbao.form.editions import EDITIONS, SECTIONS

# 表二 is the table of the second section, and so on.
TABLE_NAMES = {section.table: f"表{section.heading_numeral}" for section in SECTIONS if section.table}
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


def place_name(table: str | None, row: str | None = None, column: str | None = None) -> str:
    """An address by its codes in the words of the form: 表三 · 新收 · 自然人.

    Rows of either edition are known (reports do use the wrong one); a code that neither knows is given as it is.
    """
    if not table:
        return ""
    names = [TABLE_NAMES.get(table, table)]
    names += [_row_names().get((table, row), row)] if row else []
    if column:
        known = _column_names()
        # 金额 of the fees is not 金额 of the procurement: the row decides where it is known.
        names.append(known.get((table, row, column)) or known.get((table, None, column)) or column)
    return " · ".join(names)


@cache
def _row_names() -> dict[tuple[str, str], str]:
    rows: dict[tuple[str, str], Row] = {}
    for edition in EDITIONS.values():
        rows |= {(table.code, code): row for table in edition.tables for code, row in table.rows.items()}
    return {place: row_name(row) for place, row in rows.items()}


@cache
def _column_names() -> dict[tuple[str, str | None, str], str]:
    names: dict[tuple[str, str | None, str], str] = {}
    for edition in EDITIONS.values():
        for table in edition.tables:
            for code in table.rows:
                for column in table.columns_of(code):
                    names[table.code, code, column.code] = names[table.code, None, column.code] = column.label
    return names
