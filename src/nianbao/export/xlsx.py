"""The workbook: the tables as the form prints them, their balances, and a tidy sheet of all cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import Side, TableBlock
from nianbao.export.document import DRAFT, Document
from nianbao.export.worksheets import (
    CENTRE,
    HEAD,
    LEFT,
    LINE,
    Book,
    ListColumn,
    ListValue,
    Look,
    PrintedNumber,
    height_of,
    set_page,
    sheet_name,
    text_width,
    write_list,
)
from nianbao.export.xlsx_sums import BALANCES, Sums, edition_of, write_balances
from nianbao.form import Grid, GridCell
from nianbao.form.cells import State

# What the tabs say: the captions are too long for them.
_TAB_NAMES = {"proactive": "主动公开", "applications": "依申请公开", "review": "复议诉讼"}
_DETAILS = "明细"
_STATES = {State.NUMBER: "数值", State.BLANK: "空白", State.NOT_APPLICABLE: "不适用", State.TEXT: "文字"}
_FICTIONAL = "示例报告：机构和数据均为虚构"

# The widths that A4 holds at full size, in the sheet's unit, upright and across.
_PORTRAIT, _LANDSCAPE = 92.0, 132.0
_MOST_PORTRAIT_COLUMNS = 10
_LEAST_WIDTH = 9.5  # four characters of a column head, 结果维持, with air beside them
_TITLE: Look = {"font_name": "黑体", "font_size": 14, "align": "center", "valign": "vcenter", "text_wrap": True}
_STACKED = 270  # not an angle: XlsxWriter's word for characters upright below each other

# The cells of a table with the row and column (from 0) of their top left corners.
_Placed = Sequence[tuple[int, int, GridCell]]


def write(document: Document, font_dir: Path | None = None) -> bytes:  # noqa: ARG001 -- as for each format
    """The tables as a workbook.

    ExportError where a table is of an edition, or has a cell, that the form doesn't know.
    """
    day = dt.date.fromisoformat(document.published) if document.published else dt.date(document.year, 12, 31)
    status = DRAFT if document.draft else ""
    book = Book(title=document.full_title, author=document.office, day=day, status=status)
    note = "　".join([DRAFT] * document.draft + [_FICTIONAL] * document.fictional)
    others, sums = 0, Sums(document)
    for block in (block for block in document.blocks if isinstance(block, TableBlock)):
        grid = block.grid
        others += grid.code is None
        name = _tab_name(grid, document) if grid.code else f"附表{others} {grid.caption}"
        sheet = book.add_sheet(sheet_name(name, [*book.names, BALANCES, _DETAILS]))
        sums.add(sheet.get_name(), grid)
        title = f"{document.mark}{document.office}{document.year}年{grid.caption}"
        write_table(book, sheet, grid, title, note=note, formulas=sums.formulas(grid.code), sides=block.cell_sides)
    write_balances(book, sums)
    _write_details(book, book.add_sheet(_DETAILS), document)
    return book.content()


def _tab_name(grid: Grid, document: Document) -> str:
    sections = {section.table: section.number for section in edition_of(grid, document).sections}
    return f"表{sections.get(grid.code, '')} {_TAB_NAMES.get(grid.code or '', grid.caption)}"


def _write_details(book: Book, sheet: Worksheet, document: Document) -> None:
    """One cell of the form a row, with codes for tools and labels for people."""
    heads = (("机关", 24), ("年度", 7), ("版本", 7), ("表", 14), ("行代码", 28), ("行名称", 44), ("列代码", 16))
    columns = [ListColumn(*head) for head in (*heads, ("列名称", 20), ("数值", 14), ("状态", 9))]
    cells = ((grid, cell) for grid in document.tables for _, _, cell in grid.placed() if cell.ref)
    write_list(book, sheet, columns, (_detail(grid, cell, document) for grid, cell in cells), table=_DETAILS)


def _detail(grid: Grid, cell: GridCell, document: Document) -> list[ListValue]:
    edition = edition_of(grid, document)
    try:
        table_code, row, column = (cell.ref or "").split(".")
        table = edition.table(table_code)
        labels = table.rows[row].full_label, table.columns[column].label
    except (KeyError, StopIteration, ValueError) as error:
        raise ExportError(
            Message("a table has a cell that the form of {code} doesn't have: {ref}", code=edition.code, ref=cell.ref),
            hint="run the section again with this version of nianbao",
        ) from error
    shown = PrintedNumber(cell.number, cell.text) if cell.number else cell.text
    state = _STATES[State(cell.state or State.BLANK)]
    codes = (table.code, row, labels[0], column, labels[1])
    return [document.office, document.year, edition.code, *codes, shown, state]


def write_table(
    book: Book,
    sheet: Worksheet,
    grid: Grid,
    title: str,
    *,
    note: str,
    formulas: Mapping[str, str] | None = None,
    sides: Mapping[tuple[int, int], Side | None] | None = None,
) -> None:
    """The table as the form prints it, under a title line; ``note`` stands at the foot of the printed page.

    ``formulas`` yield the numbers of some of its cells, by their refs; ``sides`` are where words stand in cells that do
    not stand as the form has them, by row and column.
    """
    placed = tuple(grid.placed())
    widths = _widths(grid, placed)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    # The title's characters are a third larger than those that heights are reckoned for.
    sheet.set_row(0, 8 + 1.4 * height_of(title, sum(widths) / 1.4))
    if len(widths) > 1:
        sheet.merge_range(0, 0, 0, len(widths) - 1, "", book.format(_TITLE))
    book.put_text(sheet, 0, 0, title, _TITLE)
    for y, x, cell in placed:
        look = _look(grid, cell, in_head_row=grid.rows[y].head)
        if side := (sides or {}).get((y, x)):
            look = {**look, "align": side, "indent": int(side == "left")}
        _write_cell(book, sheet, (y + 1, x), cell, look, (formulas or {}).get(cell.ref or "", ""))
    for y, height in enumerate(_heights(grid, placed, widths), start=1):
        sheet.set_row(y, height)
    heads = 1 + grid.head_rows
    sheet.freeze_panes(heads, _label_columns(placed))
    sheet.hide_gridlines(2)  # on screen and on paper
    rows, columns = 1 + len(grid.rows), len(widths)
    set_page(sheet, landscape=_is_wide(grid), heads=heads, rows=rows, columns=columns, note=note)


def _is_wide(grid: Grid) -> bool:
    return len(grid.widths) > _MOST_PORTRAIT_COLUMNS


def _label_columns(placed: _Placed) -> int:
    """How many columns on the left hold row labels."""
    return max((x + cell.colspan for _, x, cell in placed if cell.role == "label"), default=0)


def _widths(grid: Grid, placed: _Placed) -> list[float]:
    """The form's proportions on A4; columns grow where a number (it would show as ####) or a label would not fit."""
    total = _LANDSCAPE if _is_wide(grid) else _PORTRAIT
    widths = [round(total * share, 1) for share in grid.widths]
    for _, x, cell in placed:
        span = range(x, x + cell.colspan)
        lacking = _least_width(cell) - sum(widths[column] for column in span)
        for column in span if lacking > 0 else ():
            widths[column] = round(widths[column] + lacking / cell.colspan, 1)
    return widths


def _least_width(cell: GridCell) -> float:
    if cell.role == "value":
        digits = text_width(cell.text) if cell.state == State.NUMBER else 0.0
        return max(_LEAST_WIDTH, digits + 2)
    # A group's label stands on one line beside its rows; an upright one needs no width.
    return text_width(cell.text) + 2 if cell.scope == "rowgroup" and not cell.upright else 0.0


def _heights(grid: Grid, placed: _Placed, widths: list[float]) -> list[float]:
    """Heights in points: spreadsheets don't find them by themselves for merged cells."""
    heights = [LINE] * len(grid.rows)
    # Cells of one row first: what spans several rows then needs only what those leave lacking.
    for y, x, cell in sorted(placed, key=lambda place: place[2].rowspan):
        needed = (
            (len(cell.text) + 1) * LINE if cell.upright else height_of(cell.text, sum(widths[x : x + cell.colspan]))
        )
        last = y + cell.rowspan - 1
        heights[last] += max(0.0, needed - sum(heights[y : last + 1]))
    return heights


def _write_cell(book: Book, sheet: Worksheet, place: tuple[int, int], cell: GridCell, look: Look, formula: str) -> None:
    row, column = place
    if cell.rowspan > 1 or cell.colspan > 1:
        sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", book.format(look))
    if cell.role == "value" and cell.state == State.NUMBER:
        book.put_number(sheet, row, column, PrintedNumber(cell.number or "", cell.text, formula), look)
    else:
        book.put_text(sheet, row, column, cell.text, look)


def _look(grid: Grid, cell: GridCell, *, in_head_row: bool) -> Look:
    if cell.role in {"head", "label"}:
        bold = cell.role == "head" and in_head_row and cell.scope == "colgroup"
        look = {**HEAD, "bold": bold}
        if cell.upright:
            return {**look, "rotation": _STACKED}
        flush = cell.role == "label" and cell.scope == "row" and grid.head_rows > 1
        return {**look, "align": "left", "indent": 1} if flush else look
    if cell.role == "note":
        return {**LEFT, "indent": 1}
    return CENTRE
