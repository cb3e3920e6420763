"""Owns what every worksheet of ours needs: safe texts, typed numbers, lists, the printed page.

May import: sheets.saved, sheets.styles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Literal, cast

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.sheets.saved import plain
from nianbao.sheets.styles import BODY, BOLD, CENTRE, HEAD_FILL, LEFT, Wardrobe, dress

LINE = 14.5  # points that a line of body text takes
_PADDING = 6.0
# Characters with which a spreadsheet would begin a formula when the cell is typed in again.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(?:\.(?P<decimals>\d+))?")
_UNITS = ("万元", "亿元", "元")
_PRECISION = 15  # significant digits that a spreadsheet keeps
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_LONGEST_NAME = 31
_LONGEST_TEXT = 32_767
_MARGIN = 18 / 25.4  # 18 mm, in inches


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its head and its width in characters."""

    head: str
    width: float


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number in a list: its digits and how it is printed (18.8710, 1,200, 251000元)."""

    digits: str
    text: str


ListValue = str | int | PrintedNumber | None


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell to write to, counted from 1."""
    return cast("Cell", sheet.cell(row, column))  # the rest of a merged cell can't be written to, nor is it


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text: never a formula, an error value, a link or a number."""
    held = plain(text)[:_LONGEST_TEXT]
    if not held:
        return
    # The value's setter would guess what the text means.
    cell._value, cell.data_type = held, "s"  # type: ignore[attr-defined]  # noqa: SLF001
    if held.startswith(_FORMULA_SIGNS):
        cell.quotePrefix = True  # whoever edits the cell doesn't make a formula of it either


def put_number(cell: Cell, digits: str | None, printed: str) -> None:
    """Write a number so that it looks as printed: its decimals, its thousands separators, its unit of money.

    What a spreadsheet can't hold exactly or can't show so (more than 15 digits, say) is written as text.
    """
    match = _NUMBER.fullmatch(digits or "")
    unit = next((unit for unit in _UNITS if printed.endswith(unit)), "")
    shown = printed.removesuffix(unit)
    if not match or shown.replace(",", "") != digits or len(digits.strip("-").replace(".", "")) > _PRECISION:
        put_text(cell, printed)
        return
    decimals = match["decimals"] or ""
    cell.value = Decimal(digits) if decimals else int(digits)
    whole = "#,##0" if "," in shown else "0"
    cell.number_format = whole + ("." + "0" * len(decimals) if decimals else "") + (f'"{unit}"' if unit else "")


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """The width of a line of text in a sheet's unit, the width of a digit: Chinese characters take two."""
    return sum(2.0 if unicodedata.east_asian_width(char) in "WFA" else 1.0 for char in text)


@lru_cache(maxsize=4096)
def height_of(text: str, width: float) -> float:
    """The height in points that a text needs in a cell of that width."""
    # A line is never filled to its end: a character that doesn't fit moves down whole.
    room = max(width - 1.5, 2.0)
    return LINE * sum(max(1, ceil(text_width(line) / room)) for line in text.split("\n")) + _PADDING


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """A name that a workbook accepts and that is not taken yet."""
    base = " ".join(_NOT_IN_NAMES.sub(" ", wanted).split()).strip("'")[:_LONGEST_NAME] or "表"
    used = {name.casefold() for name in taken}
    name, count = base, 1
    while name.casefold() in used:
        count += 1
        mark = f" ({count})"
        name = base[: _LONGEST_NAME - len(mark)] + mark
    return name


def set_page(sheet: Worksheet, *, landscape: bool, repeat: int, area: str) -> None:
    """A4, as wide as the paper, the first ``repeat`` rows on every page, page numbers at the foot."""
    setup = sheet.page_setup
    setup.paperSize = "9"  # A4
    setup.orientation = "landscape" if landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = _MARGIN
    sheet.print_options.horizontalCentered = True
    sheet.print_area = area
    sheet.print_title_rows = f"1:{repeat}"
    put_footer(sheet, "center", "第 &P 页，共 &N 页")


def put_footer(sheet: Worksheet, part: Literal["left", "center"], text: str) -> None:
    """A line at the foot of the printed page; ``text`` is ours (an ampersand begins a field)."""
    footer = sheet.HeaderFooter.oddFooter
    if footer is not None:  # an empty one counts as false
        getattr(footer, part).text = text


def write_list(
    sheet: Worksheet, columns: Sequence[ListColumn], rows: Iterable[Sequence[ListValue]], wardrobe: Wardrobe
) -> None:
    """A list under one line of heads, which stay in sight, filter and repeat on paper; None leaves a cell empty."""
    head = wardrobe.style(sheet, BOLD, CENTRE, fill=HEAD_FILL)
    for index, column in enumerate(columns, start=1):
        cell = cell_at(sheet, 1, index)
        dress(cell, head)
        put_text(cell, column.head)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    body = wardrobe.style(sheet, BODY, LEFT)
    last = 1
    for last, row in enumerate(rows, start=2):
        cells = [Cell(sheet, last, index, style_array=body) for index in range(1, len(columns) + 1)]
        sheet.append(cells)
        sheet.row_dimensions[last].height = _fill_row(cells, columns, row)
    area = f"A1:{get_column_letter(len(columns))}{last}"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = area
    set_page(sheet, landscape=True, repeat=1, area=area)


def _fill_row(cells: Sequence[Cell], columns: Sequence[ListColumn], values: Sequence[ListValue]) -> float:
    """Write the values into the cells of a row; the height that they need."""
    height = LINE + _PADDING
    for cell, column, value in zip(cells, columns, values, strict=True):
        if isinstance(value, str):
            put_text(cell, value)
            height = max(height, height_of(value, column.width))
        elif isinstance(value, PrintedNumber):
            put_number(cell, value.digits, value.text)
        elif value is not None:
            cell.value = value
    return min(height, 409)  # the greatest height that Excel takes
