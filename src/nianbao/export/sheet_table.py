"""Owns a printed table on a worksheet: merged heads and labels, widths and heights, frozen heads, the page.

May import: cells, form, sheets.
"""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.cells import State
from nianbao.form import Grid, GridCell
from nianbao.sheets.styles import BODY, BOLD, CENTRE, HEAD_FILL, TITLE, Wardrobe, dress
from nianbao.sheets.workbook import LINE, cell_at, height_of, put_number, put_text, set_page, text_width

# The widths that A4 holds at full size, in the sheet's unit, upright and across.
_PORTRAIT, _LANDSCAPE = 92.0, 132.0
_MOST_PORTRAIT_COLUMNS = 10
_LEAST_WIDTH = 9.5  # four characters of a column head, 结果维持, with air beside them
_TITLE_ROWS = 1
# 255 is not an angle: it sets the characters upright below each other.
_UPRIGHT = Alignment("center", "center", text_rotation=255)
_LABEL = Alignment("left", "center", wrap_text=True, indent=1)
_INDENT = 2.0  # what an indent takes, in the sheet's unit
_NUMBER_ALIGNMENT = Alignment("right", "center", wrap_text=True)


# The cells of a table with the row and column (from 0) of their top left corners.
_Placed = Sequence[tuple[int, int, GridCell]]


def write_table(sheet: Worksheet, grid: Grid, title: str, wardrobe: Wardrobe) -> None:
    """The table as the form prints it, under a title line."""
    placed = tuple(grid.placed())
    widths = _widths(grid, placed)
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    _write_title(sheet, title, widths, wardrobe)
    for y, x, cell in placed:
        _write_cell(sheet, grid, y, x, cell, wardrobe)
    for y, height in enumerate(_heights(grid, placed, widths), start=1 + _TITLE_ROWS):
        sheet.row_dimensions[y].height = height
    heads = _TITLE_ROWS + grid.head_rows
    sheet.freeze_panes = sheet.cell(heads + 1, _label_columns(placed) + 1).coordinate
    sheet.sheet_view.showGridLines = False
    area = f"A1:{get_column_letter(len(widths))}{len(grid.rows) + _TITLE_ROWS}"
    set_page(sheet, landscape=_is_wide(grid), repeat=heads, area=area)


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


def _write_title(sheet: Worksheet, title: str, widths: list[float], wardrobe: Wardrobe) -> None:
    cell = cell_at(sheet, 1, 1)
    put_text(cell, title)
    cell.font, cell.alignment = TITLE, CENTRE
    # The title's characters are a third larger than those that heights are reckoned for.
    sheet.row_dimensions[1].height = 8 + 1.4 * height_of(title, sum(widths) / 1.4)
    if len(widths) > 1:
        wardrobe.merge(cell, 1, len(widths))


def _write_cell(sheet: Worksheet, grid: Grid, y: int, x: int, cell: GridCell, wardrobe: Wardrobe) -> None:
    row, column = y + 1 + _TITLE_ROWS, x + 1
    target = cell_at(sheet, row, column)
    font = BOLD if cell.role == "head" and grid.rows[y].head and cell.scope == "colgroup" else BODY
    fill = HEAD_FILL if cell.role in {"head", "label"} else None
    dress(target, wardrobe.style(sheet, font, _alignment(grid, cell), fill=fill))
    if cell.role == "value" and cell.state == State.NUMBER:
        put_number(target, cell.number, cell.text)
    else:
        put_text(target, cell.text)
    if cell.rowspan > 1 or cell.colspan > 1:
        wardrobe.merge(target, cell.rowspan, cell.colspan)


def _alignment(grid: Grid, cell: GridCell) -> Alignment:
    if cell.upright:
        return _UPRIGHT
    if cell.role == "value" and grid.code is None:
        return _NUMBER_ALIGNMENT if cell.state == State.NUMBER else _LABEL
    left = cell.role == "note" or (cell.role == "label" and cell.scope == "row" and grid.head_rows > 1)
    return _LABEL if left else CENTRE
