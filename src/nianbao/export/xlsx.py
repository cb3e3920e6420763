"""Owns the workbook: the tables as the form prints them, a tidy sheet of all cells, the findings.

May import: errors, cells, form, export.document, export.sheet_table, sheets.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.cells import State
from nianbao.errors import ExportError
from nianbao.export.blocks import TableBlock
from nianbao.export.document import Document
from nianbao.form import EDITIONS, Grid, GridCell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from nianbao.sheets.styles import Wardrobe
    from nianbao.sheets.workbook import ListValue

# What the tabs say: the captions are too long for them.
_TAB_NAMES = {"proactive": "主动公开", "applications": "依申请公开", "review": "复议诉讼"}
_DETAILS = "明细"
_STATES = {State.NUMBER: "数值", State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.TEXT: "文字"}


def write(document: Document, font_dir: Path | None = None) -> bytes:  # noqa: ARG001 -- as for each format
    """The tables as a workbook.

    ExportError where a table is of an edition, or has a cell, that the form doesn't know.
    """
    from nianbao.sheets.findings import SHEET_NAME, write_findings
    from nianbao.sheets.saved import empty_workbook, save
    from nianbao.sheets.styles import Wardrobe

    workbook = empty_workbook()
    wardrobe = Wardrobe()
    _write_tables(workbook, document, wardrobe)
    _write_details(workbook.create_sheet(_DETAILS), document, wardrobe)
    write_findings(workbook.create_sheet(SHEET_NAME), document.findings, wardrobe)
    day = dt.date.fromisoformat(document.published) if document.published else dt.date(document.year, 12, 31)
    return save(workbook, title=f"{document.office}{document.title}", author=document.office, day=day)


def _write_tables(workbook: Workbook, document: Document, wardrobe: Wardrobe) -> None:
    from nianbao.export.sheet_table import write_table
    from nianbao.sheets.workbook import put_footer, sheet_name

    others = 0
    for grid in (block.grid for block in document.blocks if isinstance(block, TableBlock)):
        others += grid.code is None
        name = _tab_name(grid, document) if grid.code else f"附表{others} {grid.caption}"
        sheet = workbook.create_sheet(sheet_name(name, [*workbook.sheetnames, _DETAILS]))
        write_table(sheet, grid, _title(grid, document), wardrobe)
        if document.fictional:
            put_footer(sheet, "left", "示例报告：机构和数据均为虚构")


def _tab_name(grid: Grid, document: Document) -> str:
    sections = {section.table: section.number for section in EDITIONS[_edition(grid, document)].sections}
    return f"表{sections.get(grid.code, '')} {_TAB_NAMES.get(grid.code or '', grid.caption)}"


def _title(grid: Grid, document: Document) -> str:
    mark = "【草稿】" if document.draft else ""
    return f"{mark}{document.office}{document.year}年{grid.caption}"


def _edition(grid: Grid, document: Document) -> str:
    code = grid.edition or document.edition
    if code not in EDITIONS:
        raise ExportError(
            f"a table is of an edition of the form that is not known: {code!r}",
            hint=f"known editions: {', '.join(EDITIONS)}; run the section again",
        )
    return code


def _write_details(sheet: Worksheet, document: Document, wardrobe: Wardrobe) -> None:
    """One cell of the form a row, with codes for tools and labels for people."""
    from nianbao.sheets.workbook import ListColumn, write_list

    heads = (("机关", 24), ("年度", 7), ("版本", 7), ("表", 14), ("行代码", 28), ("行名称", 44), ("列代码", 16))
    columns = [ListColumn(*head) for head in (*heads, ("列名称", 20), ("数值", 14), ("状态", 9))]
    cells = ((grid, cell) for grid in document.tables for _, _, cell in grid.placed() if cell.ref)
    write_list(sheet, columns, (_detail(grid, cell, document) for grid, cell in cells), wardrobe)


def _detail(grid: Grid, cell: GridCell, document: Document) -> list[ListValue]:
    from nianbao.sheets.workbook import PrintedNumber

    edition = EDITIONS[_edition(grid, document)]
    try:
        table_code, row, column = (cell.ref or "").split(".")
        table = edition.table(table_code)
        labels = table.rows[row].full_label, table.columns[column].label
    except (KeyError, StopIteration, ValueError) as error:
        raise ExportError(
            f"a table has a cell that the form of {edition.code} doesn't have: {cell.ref}",
            hint="run the section again with this version of nianbao",
        ) from error
    shown = PrintedNumber(cell.number, cell.text) if cell.number else cell.text
    state = _STATES[State(cell.state or State.BLANK)]
    codes = (table.code, row, labels[0], column, labels[1])
    return [document.office, document.year, edition.code, *codes, shown, state]
