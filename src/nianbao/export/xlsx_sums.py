"""The sums of the form as formulas of a workbook: totals in the tables, and a sheet of all balances (勾稽)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_range, xl_rowcol_to_cell

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.document import Document
from nianbao.export.worksheets import Book, ListColumn, ListValue, PrintedNumber, write_list
from nianbao.form import EDITIONS, Edition, Grid
from nianbao.form.cells import State
from nianbao.form.declaration import Axis, Balance

BALANCES = "勾稽"
_COLUMNS = (("工作表", 20), ("左边的单元格", 26), ("右边的单元格", 26), ("左边", 12), ("右边", 12), ("差额", 10))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number of a table stands: its sheet, row and column (from 0)."""

    sheet: str
    row: int
    column: int
    number: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A balance in one line of its table, with the places of both sides."""

    balance: Balance
    code: str
    left: tuple[_Place, ...]
    right: tuple[_Place, ...]


class Sums:
    """Where the numbers of a document's tables stand in its workbook, and what the form says of their sums.

    Only lines whose cells are all whole numbers have formulas: a blank, or what does not apply, is no 0.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._places: dict[str, _Place] = {}
        self._editions: dict[str, Edition] = {}  # by the code of the table

    def add(self, sheet: str, grid: Grid) -> None:
        """Take note of a table that stands in that sheet, under a line with its title."""
        if grid.code:
            self._editions[grid.code] = edition_of(grid, self._document)
        for y, x, cell in grid.placed():
            if cell.ref and cell.state == State.NUMBER and (cell.number or "").lstrip("-").isdecimal():
                self._places[cell.ref] = _Place(sheet, y + 1, x, int(cell.number or 0))

    def formulas(self, code: str | None) -> dict[str, str]:
        """The formulas of a table's totals by their cells; none for a total that is not the sum of its terms."""
        found: dict[str, str] = {}
        for line in self._lines(code):
            target, *more = line.balance.right
            if not more and _sum(line.left) == _sum(line.right):
                found.setdefault(str(line.balance.ref(target, line.code)), f"={_added(line.left)}")
        return found

    def rows(self) -> Iterator[list[ListValue]]:
        """Each balance of the form in each line: its sheet, its cells, both sides and their difference as formulas.

        Cells go by their places and not by their labels, by which whoever reads the workbook finds the tables.
        """
        number = 1  # of the sheet's row, from 1, which is the head
        for code in self._editions:
            for line in self._lines(code):
                number += 1
                sides = (line.left, line.right)
                values = [_number(_sum(side), f"={_added(side, named=True)}") for side in sides]
                difference = _number(_sum(line.left) - _sum(line.right), f"=D{number}-E{number}")
                yield [line.left[0].sheet, *map(_added, sides), *values, difference]

    def _lines(self, code: str | None) -> Iterator[_Line]:
        """Each balance of a table in each line of which all cells are whole numbers, as they are added up."""
        if code is None or code not in self._editions:
            return
        edition = self._editions[code]
        table = edition.table(code)
        for balance in edition.balances:
            signs = {term.sign for term in (*balance.left, *balance.right)}
            if balance.table != code or balance.across_years or signs != {1}:
                continue
            for line in table.columns if balance.axis is Axis.ROWS else table.rows:
                refs = [str(balance.ref(term, line)) for term in (*balance.left, *balance.right)]
                if (not balance.only or line in balance.only) and all(ref in self._places for ref in refs):
                    places, count = tuple(self._places[ref] for ref in refs), len(balance.left)
                    yield _Line(balance, line, places[:count], places[count:])


def write_balances(book: Book, sums: Sums) -> None:
    """The sheet of balances; none where no line has all its numbers."""
    rows = list(sums.rows())
    if rows:
        write_list(book, book.add_sheet(BALANCES), [ListColumn(*column) for column in _COLUMNS], rows)


def edition_of(grid: Grid, document: Document) -> Edition:
    """The edition of the form that a table is of; ExportError where that is not known."""
    code = grid.edition or document.edition
    if code not in EDITIONS:
        raise ExportError(
            Message("a table is of an edition of the form that is not known: {code!r}", code=code),
            hint=Message("known editions: {editions}; run the section again", editions=EDITIONS),
        )
    return EDITIONS[code]


def _sum(side: Sequence[_Place]) -> int:
    return sum(place.number for place in side)


def _number(value: int, formula: str) -> PrintedNumber:
    return PrintedNumber(str(value), str(value), formula)


def _added(side: Sequence[_Place], *, named: bool = False) -> str:
    """The sum of the cells: SUM of a range where they stand side by side; ``named`` with the name of their sheet."""
    sheet = f"{quote_sheetname(side[0].sheet)}!" if named else ""
    rows, columns = [place.row for place in side], [place.column for place in side]
    first, last = (min(rows), min(columns)), (max(rows), max(columns))
    if len(side) > 1 and (last[0] - first[0] + 1) * (last[1] - first[1] + 1) == len(side):
        return f"SUM({sheet}{xl_range(*first, *last)})"
    return "+".join(f"{sheet}{xl_rowcol_to_cell(place.row, place.column)}" for place in side)
