"""The vocabulary in which an edition of the form is declared; frozen data, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from nianbao.form.cells import CellKind, Number


@dataclass(frozen=True, slots=True, order=True)
class CellRef:
    """The address of one cell: table, row and column by their codes, printed ``applications.new.total``."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.column}"


@dataclass(frozen=True)
class Column:
    """A column: its code, its printed head, what its cells hold, and the head above it if it shares one."""

    code: str
    label: str
    kind: CellKind = CellKind.COUNT
    group: str | None = None


class RowRole(StrEnum):
    """What a row counts; the balance rules and the figures are derived from it, not from lists of codes."""

    INTAKE = "intake"  # 新收, 上年结转
    RESULT = "result"  # one way in which an application was dealt with
    SUM = "sum"  # （七）总计
    CARRIED = "carried"  # 结转下年度
    PLAIN = "plain"


@dataclass(frozen=True)
class Row:
    """A row: its code, its own printed label, and the labels of the groups above it, the outermost first."""

    code: str
    label: str
    groups: tuple[str, ...] = ()
    role: RowRole = RowRole.PLAIN
    aliases: tuple[str, ...] = ()

    @property
    def full_label(self) -> str:
        """The label with its groups, as one phrase: 三、本年度办理结果（三）不予公开1.属于国家秘密."""
        return "".join((*self.groups, self.label))

    @property
    def short_label(self) -> str:
        """The label for prose and legends: without its numeral and without the bracketed explanation."""
        bare = self.label.split("（区分", 1)[0]
        for mark in ("、", "）", "."):
            head, found, tail = bare.partition(mark)
            if found and len(head) <= 3:
                return tail
        return bare

    @property
    def group(self) -> str:
        """What a chart counts the row under: 不予公开 for its eight rows, its own short label for 予以公开."""
        return Row("", self.groups[1] if len(self.groups) > 1 else self.label).short_label


@dataclass(frozen=True)
class Block:
    """Rows that share column heads; ``heading`` is the line that the form prints above them."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str | None = None


class Shape(StrEnum):
    """How a table is printed."""

    STACKED = "stacked"  # blocks below each other, each with a line of heads (table 2)
    NESTED = "nested"  # row labels in up to three levels, heads in three lines (table 3)
    ACROSS = "across"  # the rows stand beside each other, all their cells in one line (table 4)


@dataclass(frozen=True)
class Table:
    """A statutory table: code, caption, shape and blocks; ``note`` is printed in the form's own head."""

    code: str
    caption: str
    shape: Shape
    blocks: tuple[Block, ...]
    note: str | None = None
    corner: str | None = None

    @cached_property
    def cells(self) -> dict[CellRef, CellKind]:
        """Every cell of the table and what it holds, in the form's order."""
        return {
            CellRef(self.code, row.code, column.code): column.kind
            for block in self.blocks
            for row in block.rows
            for column in block.columns
        }

    @cached_property
    def rows(self) -> dict[str, Row]:
        """The rows of all blocks by code, in the form's order."""
        return {row.code: row for block in self.blocks for row in block.rows}

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns of all blocks by code, in the form's order."""
        return {column.code: column for block in self.blocks for column in block.columns}

    def columns_of(self, row: str) -> tuple[Column, ...]:
        """The columns that the row has; KeyError where the table has no such row."""
        for block in self.blocks:
            if any(candidate.code == row for candidate in block.rows):
                return block.columns
        raise KeyError(row)


@dataclass(frozen=True)
class Section:
    """One of the six parts: number, slug (in file names), code of its table if it has one, printed titles."""

    number: int
    slug: str
    title: str
    table: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def titles(self) -> frozenset[str]:
        """The titles under which it is known, without numerals."""
        return frozenset((self.title, *self.aliases))

    @property
    def stem(self) -> str:
        """The stem of its files: 01_overview."""
        return f"{self.number:02d}_{self.slug}"

    @property
    def heading_numeral(self) -> str:
        """The numeral of its heading: 一."""
        return CHINESE_DIGITS[self.number]

    @property
    def heading(self) -> str:
        """The printed heading: 一、总体情况."""
        return f"{self.heading_numeral}、{self.title}"


CHINESE_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Term:
    """One summand of a balance: a row or column code; ``previous`` takes it from last year's report."""

    code: str
    sign: int = 1
    previous: bool = False


class Axis(StrEnum):
    """Along which axis a balance sums."""

    ROWS = "rows"  # terms are row codes; the rule holds for each column
    COLUMNS = "columns"  # terms are column codes; the rule holds for each row


@dataclass(frozen=True)
class Balance:
    """A 勾稽 rule: the sum of ``left`` equals the sum of ``right``, for each line across ``axis``.

    ``only`` limits the lines to these codes; ``tolerated`` makes a breach a warning (stock is re-counted).
    """

    id: str
    table: str
    axis: Axis
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    only: tuple[str, ...] = ()
    tolerated: bool = False
    source: str = ""

    @property
    def across_years(self) -> bool:
        """Whether the rule needs last year's report."""
        return any(term.previous for term in (*self.left, *self.right))

    def ref(self, term: Term, line: str) -> CellRef:
        """The cell of ``term`` in ``line`` (a column code for ROWS, a row code for COLUMNS)."""
        return CellRef(self.table, term.code, line) if self.axis is Axis.ROWS else CellRef(self.table, line, term.code)

    def sums(self, line: str, number: Callable[[CellRef, bool], Number | None]) -> tuple[Number, Number] | None:
        """The sums of the left and of the right side in ``line``; None where one of their cells holds no number.

        ``number`` gives what a cell holds: in this year's report, in last year's where its second argument is true.
        """
        (left, gaps_left), (right, gaps_right) = self.known_sums(line, number)
        return None if gaps_left or gaps_right else (left, right)

    def known_sums(
        self, line: str, number: Callable[[CellRef, bool], Number | None]
    ) -> tuple[tuple[Number, int], tuple[Number, int]]:
        """Of the left and of the right side: the sum of what is known, and how many of its cells hold no number."""

        def side(terms: tuple[Term, ...]) -> tuple[Number, int]:
            found = [(term.sign, number(self.ref(term, line), term.previous)) for term in terms]
            known = [sign * held for sign, held in found if held is not None]
            return sum(known), len(found) - len(known)

        return side(self.left), side(self.right)


@dataclass(frozen=True)
class Edition:
    """One edition of the form: the notice that laid it down, its sections, tables and balance rules."""

    code: str
    notice: str
    notice_title: str
    first_year: int
    last_year: int | None
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    balances: tuple[Balance, ...] = field(default=())

    def table(self, code: str) -> Table:
        """The table of that code; KeyError where there is none."""
        return next(table for table in self.tables if table.code == code)

    def section(self, slug: str) -> Section:
        """The section of that slug; KeyError where there is none."""
        for section in self.sections:
            if section.slug == slug:
                return section
        raise KeyError(slug)

    @cached_property
    def cells(self) -> dict[CellRef, CellKind]:
        """Every cell of every table, in the form's order."""
        return {ref: kind for table in self.tables for ref, kind in table.cells.items()}

    def covers(self, year: int) -> bool:
        """Whether reports for that year use this edition."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def lines(self, balance: Balance) -> Iterator[str]:
        """The codes of the lines for which the balance holds."""
        table = self.table(balance.table)
        codes = table.columns if balance.axis is Axis.ROWS else table.rows
        return (code for code in codes if not balance.only or code in balance.only)
