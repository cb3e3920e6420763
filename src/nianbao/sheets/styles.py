"""Owns how cells look: the fonts, fills and borders of our sheets, given to cells and carried round merged ones.

Imports nothing of ours. openpyxl finds a style's number by comparing all of its fields, for every cell anew, which
takes more time than all else about a workbook; here it does so once a style.
"""

from __future__ import annotations

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
    """Dresses the cells of one workbook; of one and the same style only the first cell costs anything.

    A style's number means nothing in another workbook: each has a wardrobe of its own.
    """

    def __init__(self) -> None:
        self._worn: dict[tuple[int, int, int, int], StyleArray] = {}
        self._edged: dict[tuple[int, int, _Side], int] = {}

    def dress(
        self, cell: Cell, font: Font, alignment: Alignment, border: Border = BOX, fill: PatternFill | None = None
    ) -> None:
        """Give the cell this style before it is written to; the parts are constants, told apart by identity."""
        key = (id(font), id(alignment), id(border), id(fill))
        worn = self._worn.get(key)
        if worn is not None:
            _wear(cell, worn)
            return
        cell.font, cell.alignment, cell.border = font, alignment, border
        if fill is not None:
            cell.fill = fill
        self._worn[key] = StyleArray(_worn_by(cell))

    def merge(self, first: Cell, rows: int, columns: int) -> None:
        """Merge so many rows and columns, and carry the border of ``first``, which is dressed, round them.

        openpyxl's own merge_cells makes the same cells, but adds up and looks up the border of each.
        """
        sheet: Worksheet = first.parent
        last = f"{get_column_letter(first.column + columns - 1)}{first.row + rows - 1}"
        area = MergedCellRange(sheet, f"{first.coordinate}:{last}")
        sheet.merged_cells.ranges.add(area)
        cells = sheet._cells  # noqa: SLF001 -- the cells that merge_cells makes are made nowhere else
        for row, column in area.cells:
            if (row, column) != (first.row, first.column):
                cells[row, column] = MergedCell(sheet, row, column)
                _wear(cells[row, column], _PLAIN)
        for side in _SIDES:
            if getattr(first.border, side).style is not None:
                for place in getattr(area, side):
                    self._edge(cells[place], first, side)

    def _edge(self, cell: Cell | MergedCell, first: Cell, side: _Side) -> None:
        """Add one side of the first cell's border to another cell's."""
        worn = _worn_by(cell)
        key = (worn.borderId, _worn_by(first).borderId, side)
        if key not in self._edged:
            cell.border += Border(**{side: getattr(first.border, side)})
            self._edged[key] = worn.borderId
        worn.borderId = self._edged[key]


# What a cell wears are the numbers of its font, border and so on; openpyxl's manual copies styles in this way.
def _worn_by(cell: Cell | MergedCell) -> StyleArray:
    return cast("StyleArray", cell._style)  # type: ignore[attr-defined]  # noqa: SLF001


def _wear(cell: Cell | MergedCell, style: StyleArray) -> None:
    cell._style = StyleArray(style)  # type: ignore[attr-defined]  # noqa: SLF001
