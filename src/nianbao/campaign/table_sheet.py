"""One statutory table as a sheet to fill in: labels locked, inputs open, totals and 勾稽 lines as formulas.

Where a cell stands follows from the form's layout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from nianbao.export.worksheets import CENTRE, HEAD, LEFT, Book, Look, PrintedNumber, height_of, set_page
from nianbao.form import Axis, Balance, CellRef, Edition, Grid, GridCell, Shape, Table, Term, layout, row_name
from nianbao.form.cells import BLANK, CellKind, State, Value
from nianbao.inputs.tables import totals
from nianbao.inputs.workbook import LAST_YEAR, LIVE_CHECK, THIS_YEAR
from nianbao.model import OfficeYear

_INPUT: Look = {**CENTRE, "locked": False, "bg_color": "#FFFDE7"}
_TOTAL: Look = {**CENTRE, "bg_color": "#EEF3EE"}
_GREY: Look = {**CENTRE, "font_color": "#808080"}
_TITLE: Look = {"font_name": "黑体", "font_size": 14, "align": "center", "valign": "vcenter"}
_BROKEN = {"font_color": "#9C0006", "bg_color": "#FFC7CE", "bold": True}
_DOUBTFUL = {"font_color": "#7F6000", "bg_color": "#FFEB9C"}
_TOP = 1  # rows above the grid: the title
_WIDTHS = {Shape.STACKED: (26.0, 11.0), Shape.NESTED: (9.0, 12.0), Shape.ACROSS: (9.5, 9.5)}
_STACKED_UPRIGHT = 270


class TableSheet:
    """Writes one table; ``known`` are values to begin with, ``last`` is last year's report, where there is one."""

    def __init__(
        self,
        book: Book,
        sheet: Worksheet,
        edition: Edition,
        table: Table,
        known: Mapping[CellRef, Value],
        last: OfficeYear | None,
    ) -> None:
        self.book, self.sheet, self.edition, self.table = book, sheet, edition, table
        self.known = known
        self.last = last if last is not None and last.edition is edition else None
        self.grid: Grid = layout(table, lambda _: BLANK, edition.code)
        self.width = len(self.grid.widths)
        self.bottom = _TOP + len(self.grid.rows)
        self.places: dict[CellRef, tuple[int, int]] = {}
        self.before: dict[CellRef, tuple[int, int]] = {}

    def write(self, title: str) -> None:
        """The whole sheet."""
        for y, x, cell in self.grid.placed():
            if cell.ref is not None:
                self.places[CellRef(*cell.ref.split("."))] = (y + _TOP, x)
        self._widths()
        self.sheet.merge_range(0, 0, 0, self.width - 1, "", self.book.format(_TITLE))
        self.book.put_text(self.sheet, 0, 0, title, _TITLE)
        self.sheet.set_row(0, 28)
        sums = self._totals()
        for y, x, cell in self.grid.placed():
            self._cell(y + _TOP, x, cell, sums)
        if self.last is not None:
            self._last_year(self.last)
        if self.table.shape is Shape.ACROSS:
            self.book.put_text(self.sheet, self.bottom - 1, self.width, THIS_YEAR, HEAD)
        self._live_checks()
        self.sheet.freeze_panes(_TOP + self.grid.head_rows, 0)
        options: dict[str, Any] = {"format_rows": True, "format_columns": True, "format_cells": True}
        self.sheet.protect("", options)
        set_page(self.sheet, landscape=True, heads=1, rows=self.bottom + 6, columns=self.width + 1)

    def _widths(self) -> None:
        first, rest = _WIDTHS[self.table.shape]
        for column in range(self.width + 12):
            self.sheet.set_column(column, column, first if column == 0 else rest)
        if self.table.shape is Shape.NESTED:
            self.sheet.set_column(2, 2, 42)
        self.sheet.set_column(self.width, self.width, 16)

    def _cell(self, row: int, column: int, cell: GridCell, sums: Mapping[CellRef, Sequence[CellRef]]) -> None:
        bottom, right = row + cell.rowspan - 1, column + cell.colspan - 1
        merged = (bottom, right) != (row, column)
        if cell.ref is None:
            look: Look = {
                **(HEAD if cell.role != "label" else LEFT),
                **({"rotation": _STACKED_UPRIGHT} if cell.upright else {}),
            }
            if merged:
                self.sheet.merge_range(row, column, bottom, right, "", self.book.format(look))
            self.book.put_text(self.sheet, row, column, cell.text, look)
            if cell.scope == "row" and self.table.shape is Shape.NESTED:
                self.sheet.set_row(row, height_of(cell.text, 40 + 12 * (cell.colspan - 1)))
            return
        ref = CellRef(*cell.ref.split("."))
        parts = sums.get(ref)
        look = _TOTAL if parts else _INPUT
        if merged:
            self.sheet.merge_range(row, column, bottom, right, "", self.book.format(look))
        if parts:
            listed = ",".join(self._at(part) for part in parts)
            formula = f'=IF(COUNT({listed})=0,"",SUM({listed}))'
            self.sheet.write_formula(row, column, formula, self.book.format(look), "")
        elif (value := self.known.get(ref)) is not None and value.printed:
            self._number(row, column, value, look)
        else:
            self.sheet.write_blank(row, column, None, self.book.format(look))
        if not parts:
            self._validate(row, column, self.table.cells[ref])

    def _number(self, row: int, column: int, value: Value, look: Look) -> None:
        if value.state is State.NUMBER:
            self.book.put_number(self.sheet, row, column, PrintedNumber(str(value.number), value.printed), look)
        else:
            self.book.put_text(self.sheet, row, column, value.printed, look)

    def _validate(self, row: int, column: int, kind: CellKind) -> None:
        if kind is CellKind.MONEY_ANY_UNIT:
            return
        whole = kind is not CellKind.MONEY
        # Table 2 may hold a stroke for what does not apply: there the program only warns.
        rule = {
            "validate": "integer" if whole else "decimal",
            "criteria": ">=",
            "value": -1_000_000 if kind is CellKind.CHANGE else 0,
            "error_title": "请核对",
            "error_message": "应填不小于0的整数" if whole else "应填金额（万元），可带小数",
            "error_type": "warning" if self.table.shape is Shape.STACKED else "stop",
        }
        self.sheet.data_validation(row, column, row, column, rule)

    def _totals(self) -> dict[CellRef, Sequence[CellRef]]:
        sums: dict[CellRef, Sequence[CellRef]] = {}
        for rule in totals(self.edition, self.table):
            for line in self.edition.lines(rule):
                sums.setdefault(rule.ref(rule.right[0], line), [rule.ref(term, line) for term in rule.left])
        return sums

    def _last_year(self, last: OfficeYear) -> None:
        """Last year's figures in grey: beside the table, or below the one that is a single line."""
        if self.table.shape is Shape.ACROSS:
            self.book.put_text(self.sheet, self.bottom + 1, self.width, f"{LAST_YEAR}数据", _GREY)
            for ref, (_, at) in self.places.items():
                self._grey(ref, self.bottom + 1, at, last)
            return
        for code in self.table.rows:
            for index, column in enumerate(self.table.columns_of(code)):
                ref = CellRef(self.table.code, code, column.code)
                self._grey(ref, self.places[ref][0], self.width + 2 + index, last)
        for block in self.table.blocks:
            head = (
                min(
                    self.places[CellRef(self.table.code, block.rows[0].code, column.code)][0]
                    for column in block.columns
                )
                - 1
            )
            for index, column in enumerate(block.columns):
                self.book.put_text(self.sheet, head, self.width + 2 + index, f"{LAST_YEAR}{column.label}", _GREY)

    def _grey(self, ref: CellRef, row: int, column: int, last: OfficeYear) -> None:
        self.before[ref] = (row, column)
        self._number(row, column, last.value(ref), _GREY)

    def _live_checks(self) -> None:
        below = self.bottom + (2 if self.table.shape is Shape.ACROSS else 0)
        for balance in self.edition.balances:
            if balance.table != self.table.code or (balance.across_years and self.last is None):
                continue
            if balance.axis is Axis.ROWS:
                label = f"{LIVE_CHECK}{self._side(balance.left)}＝{self._side(balance.right)}"
                self.sheet.merge_range(below, 0, below, 2, "", self.book.format(LEFT))
                self.book.put_text(self.sheet, below, 0, label, LEFT)
                self.sheet.set_row(below, height_of(label, 60))
            for line in self.edition.lines(balance):
                if balance.axis is Axis.ROWS:
                    self._check(balance, line, below, self.places[balance.ref(balance.left[0], line)][1])
                elif self.table.shape is Shape.ACROSS:
                    self._check(balance, line, self.bottom, self.places[balance.ref(balance.right[0], line)][1])
                else:
                    self._check(balance, line, self.places[balance.ref(balance.left[0], line)][0], self.width)
            below += balance.axis is Axis.ROWS

    def _side(self, terms: Sequence[Term]) -> str:
        if len(terms) > 4:
            return "各项办理结果之和"
        return "＋".join(("上年" if term.previous else "") + row_name(self.table.rows[term.code]) for term in terms)

    def _check(self, balance: Balance, line: str, row: int, column: int) -> None:
        """A cell that says √, what is not equal, or that something is still blank."""
        cells = [self._term(balance, term, line) for term in (*balance.left, *balance.right)]
        left, right = (self._sum(balance, terms, line) for terms in (balance.left, balance.right))
        formula = (
            f'=IF(COUNT({",".join(cells)})<{len(cells)},"待填",'
            f'IF(ROUND({left}-({right}),6)=0,"√",({left})&"≠"&({right})))'
        )
        self.sheet.write_formula(row, column, formula, self.book.format(CENTRE), "")  # whatever opens it works it out
        look = self.book.format(_DOUBTFUL if balance.tolerated else _BROKEN)
        rule = {"type": "text", "criteria": "containing", "value": "≠", "format": look}
        self.sheet.conditional_format(row, column, row, column, rule)

    def _sum(self, balance: Balance, terms: Sequence[Term], line: str) -> str:
        parts = [f"{'-' if term.sign < 0 else '+'}{self._term(balance, term, line)}" for term in terms]
        return "".join(parts).removeprefix("+")

    def _term(self, balance: Balance, term: Term, line: str) -> str:
        ref = balance.ref(term, line)
        return _name(*(self.before if term.previous else self.places)[ref])

    def _at(self, ref: CellRef) -> str:
        return _name(*self.places[ref])


def _name(row: int, column: int) -> str:
    return str(xl_rowcol_to_cell(row, column))
