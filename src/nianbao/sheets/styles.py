"""Owns how cells look: the fonts, fills and borders of our sheets, given to cells and carried round merged ones.

Imports nothing of ours. openpyxl finds a style's number by comparing all of its fields, for every cell anew, which
takes more time than all else about a workbook; here it does so once a style.
"""

from __future__ import annotations

from itertools import islice
from typing import Literal, cast

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

BODY = Font(name="宋体", size=10.5)
BOLD = Font(name="宋体", size=10.5, bold=True)
TITLE = Font(name="黑体", size=14)
HEAD_FILL = PatternFill("solid", fgColor="F1F0EB")
_THIN = Side("thin", color="000000")
BOX = Border(_THIN, _THIN, _THIN, _THIN)
CENTRE = Alignment("center", "center", wrap_text=True)
LEFT = Alignment("left", "center", wrap_text=True)

_PLAIN = StyleArray()
_Side = Literal["top", "left", "right", "bottom"]
_SIDES: tuple[_Side, ...] = ("top", "left", "right", "bottom")


class Wardrobe:
    """The styles of one workbook: only the first cell of a style costs anything.

    A style's number means nothing in another workbook: each has a wardrobe of its own.
    """

    def __init__(self) -> None:
        self._styles: dict[tuple[int, int, int, int], StyleArray] = {}
        self._edged: dict[tuple[int, int, _Side], int] = {}

    def style(
        self, sheet: Worksheet, font: Font, alignment: Alignment, border: Border = BOX, fill: PatternFill | None = None
    ) -> StyleArray:
        """A style for cells of the workbook's sheets; its parts are constants, told apart by identity."""
        key = (id(font), id(alignment), id(border), id(fill))
        if key not in self._styles:
            cell = Cell(sheet, 1, 1)
            cell.font, cell.alignment, cell.border = font, alignment, border
            if fill is not None:
                cell.fill = fill
            self._styles[key] = style_of(cell)
        return self._styles[key]

    def merge(self, first: Cell, rows: int, columns: int) -> None:
        """Merge so many rows and columns, and carry the border of ``first``, which is dressed, round them.

        openpyxl's own merge_cells makes the same cells, but adds up and looks up the border of each.
        """
        sheet = cast("Worksheet", first.parent)
        last = f"{get_column_letter(first.column + columns - 1)}{first.row + rows - 1}"
        area = MergedCellRange(sheet, f"{first.coordinate}:{last}")
        sheet.merged_cells.ranges.add(area)
        cells = sheet._cells  # noqa: SLF001 -- merged cells are made nowhere but here and in merge_cells
        for place in islice(area.cells, 1, None):
            cells[place] = MergedCell(sheet, *place)
            dress(cells[place], _PLAIN)
        for side in _SIDES:
            line = getattr(first.border, side)
            for place in getattr(area, side) if line and line.style else ():
                self._edge(cells[place], first, side)

    def _edge(self, cell: Cell | MergedCell, first: Cell, side: _Side) -> None:
        """Add one side of the first cell's border to another cell's."""
        style = style_of(cell)
        key = (style.borderId, style_of(first).borderId, side)
        if key not in self._edged:
            cell.border += Border(**{side: getattr(first.border, side)})
            self._edged[key] = style.borderId
        style.borderId = self._edged[key]


def dress(cell: Cell | MergedCell, style: StyleArray) -> None:
    """Give a cell a style of its workbook, before it is written to."""
    cell._style = StyleArray(style)  # type: ignore[union-attr]  # noqa: SLF001 -- as openpyxl's manual copies styles


def style_of(cell: Cell | MergedCell) -> StyleArray:
    """The numbers that stand for a cell's font, border and so on; they are the cell's own, which has a style."""
    return cast("StyleArray", cell._style)  # type: ignore[union-attr]  # noqa: SLF001 -- the same
