"""Worksheets, written with XlsxWriter: safe texts, typed numbers, lists, the printed page, the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nianbao.export.texts import NOT_IN_XML
from nianbao.export.zipped import repacked

# How cells look, as XlsxWriter names it.
Look = Mapping[str, Any]
_CELL: Look = {"font_name": "宋体", "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
LEFT: Look = {**_CELL, "align": "left"}
CENTRE: Look = {**_CELL, "align": "center"}
HEAD: Look = {**CENTRE, "bg_color": "#F1F0EB"}
LIST_HEAD: Look = {**HEAD, "bold": True}

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
_GREATEST_HEIGHT = 409  # of a row, in points
_MARGIN = 18 / 25.4  # 18 mm, in inches
_A4 = 9
PAGE_NUMBERS = "&C第 &P 页，共 &N 页"


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list: its head and its width in characters."""

    head: str
    width: float


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number: its digits, how it is printed (18.8710, 1,200, 251000元), and the formula (=SUM(…)) that yields it."""

    digits: str
    text: str
    formula: str = ""


ListValue = str | int | PrintedNumber | None


class Book:
    """A workbook in memory, stamped with a day: the same content always makes the same bytes."""

    def __init__(self, *, title: str, author: str, day: dt.date, status: str = "") -> None:
        self._stream = io.BytesIO()
        self._workbook = xlsxwriter.Workbook(self._stream, {"in_memory": True})
        created = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).replace(tzinfo=None)
        about = {"title": plain(title), "author": plain(author), "created": created, "status": status}
        self._workbook.set_properties({name: value for name, value in about.items() if value})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""
        return [str(sheet.get_name()) for sheet in self._workbook.worksheets()]

    def add_sheet(self, name: str) -> Worksheet:
        """A new sheet; its name must be one of ``sheet_name``'s."""
        return self._workbook.add_worksheet(name)

    def format(self, look: Look) -> Format:
        """The format for a look, made once a workbook."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(dict(look))
        return self._formats[key]

    def content(self) -> bytes:
        """The finished workbook; nothing can be added after it."""
        self._workbook.close()
        return repacked(self._stream.getvalue())

    def put_text(self, sheet: Worksheet, row: int, column: int, text: str, look: Look) -> None:
        """Write text that stays text: never a formula, an error value, a link or a number. Rows count from 0."""
        held = plain(text)[:_LONGEST_TEXT]
        if not held:
            sheet.write_blank(row, column, None, self.format(look))
            return
        # Whoever edits the cell doesn't make a formula of it either.
        quoted = {**look, "quote_prefix": True} if held.startswith(_FORMULA_SIGNS) else look
        sheet.write_string(row, column, held, self.format(quoted))

    def put_number(self, sheet: Worksheet, row: int, column: int, number: PrintedNumber, look: Look) -> None:
        """Write a number so that it looks as printed: its decimals, its thousands separators, its unit of money.

        What a spreadsheet can't hold exactly or can't show so (more than 15 digits, say) is written as text.
        """
        match = _NUMBER.fullmatch(number.digits)
        unit = next((unit for unit in _UNITS if number.text.endswith(unit)), "")
        shown = number.text.removesuffix(unit)
        exact = len(number.digits.strip("-").replace(".", "")) <= _PRECISION
        if not match or shown.replace(",", "") != number.digits or not exact:
            self.put_text(sheet, row, column, number.text, look)
            return
        decimals = len(match["decimals"] or "")
        whole = "#,##0" if "," in shown else "0"
        printed = whole + ("." + "0" * decimals if decimals else "") + (f'"{unit}"' if unit else "")
        value = float(number.digits)
        style = self.format({**look, "num_format": printed})
        if number.formula:
            sheet.write_formula(row, column, number.formula, style, int(value) if value.is_integer() else value)
        else:
            sheet.write_number(row, column, value, style)


def plain(text: str) -> str:
    """The text without the characters that XML has no place for."""
    return NOT_IN_XML.sub("", text)


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


def set_page(sheet: Worksheet, *, landscape: bool, heads: int, rows: int, columns: int, note: str = "") -> None:
    """A4, as wide as the paper, the first ``heads`` rows on every page, page numbers at the foot, a note beside them.

    ``note`` is ours: an ampersand would begin a field.
    """
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=_MARGIN)
    sheet.center_horizontally()
    sheet.print_area(0, 0, rows - 1, columns - 1)
    sheet.repeat_rows(0, heads - 1)
    sheet.set_footer((f"&L{note}" if note else "") + PAGE_NUMBERS)


def write_list(
    book: Book, sheet: Worksheet, columns: Sequence[ListColumn], rows: Iterable[Sequence[ListValue]], *, table: str = ""
) -> None:
    """A list under one line of heads, which stay in sight, filter and repeat on paper; None leaves a cell empty.

    ``table`` is the name of the spreadsheet's table that it becomes, to filter, sort and refer to by names of columns.
    """
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
        book.put_text(sheet, 0, index, column.head, LIST_HEAD)
    last = 0
    for last, row in enumerate(rows, start=1):
        sheet.set_row(last, _fill_row(book, sheet, last, columns, row))
    sheet.freeze_panes(1, 0)
    if table and last:
        heads = [{"header": column.head, "header_format": book.format(LIST_HEAD)} for column in columns]
        sheet.add_table(0, 0, last, len(columns) - 1, {"name": table, "columns": heads, "style": None})
    else:
        sheet.autofilter(0, 0, last, len(columns) - 1)
    set_page(sheet, landscape=True, heads=1, rows=last + 1, columns=len(columns))


def _fill_row(
    book: Book, sheet: Worksheet, row: int, columns: Sequence[ListColumn], values: Sequence[ListValue]
) -> float:
    """Write the values into the cells of a row; the height that they need."""
    height = LINE + _PADDING
    for index, (column, value) in enumerate(zip(columns, values, strict=True)):
        if isinstance(value, PrintedNumber):
            book.put_number(sheet, row, index, value, LEFT)
        elif isinstance(value, int):
            book.put_number(sheet, row, index, PrintedNumber(str(value), str(value)), LEFT)
        else:
            book.put_text(sheet, row, index, value or "", LEFT)
            height = max(height, height_of(value or "", column.width))
    return min(height, _GREATEST_HEIGHT)
