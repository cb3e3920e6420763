"""Changed cells of statutory tables: proposals by the cell's code, and the balances that they would break."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nianbao.errors.language import Message
from nianbao.form import Axis, Balance, CellRef, Edition, Grid
from nianbao.form.cells import Number, Value, parse
from nianbao.model import OfficeYear, Source
from nianbao.pipeline.take.word_blocks import WordTable


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that the document gives another value: its code, its place on the page, both values, where it is kept."""

    code: str
    place: str
    before: str
    after: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class BrokenBalance:
    """A sum of the form that held and would not hold any more: its rule, the line, what both sides come to."""

    rule: str
    line: str
    left: Number
    right: Number
    tolerated: bool


@dataclass(frozen=True, slots=True)
class OtherWords:
    """A head, a label or a table's shape that was changed: the form's own words."""

    what: str
    before: str
    after: str


def compare(grid: Grid, printed: WordTable, now: WordTable, report: OfficeYear) -> Iterator[CellChange | OtherWords]:
    """What differs between the table as printed and as the document has it, cell by cell."""
    if [len(row) for row in printed.rows] != [len(row) for row in now.rows]:
        what = Message("The shape of the table “{caption}”", caption=grid.caption)
        yield OtherWords(what, _size(printed), _size(now))
        return
    for row, old_row, new_row in zip(grid.rows, printed.rows, now.rows, strict=True):
        for cell, before, after in zip(row.cells, old_row, new_row, strict=True):
            if before.split() == after.split():
                continue
            if cell.ref is None:
                yield OtherWords(Message("A label of the table “{caption}”", caption=grid.caption), before, after)
                continue
            ref = CellRef(*cell.ref.split("."))
            found = report.cells.get(ref)
            yield CellChange(cell.ref, _place(report.edition, ref), before, after, found.source if found else None)


def _size(table: WordTable) -> Message:
    return Message("rows: {rows}, cells: {cells}", rows=len(table.rows), cells=sum(map(len, table.rows)))


def _place(edition: Edition, ref: CellRef) -> str:
    table = edition.table(ref.table)
    column = next(column for column in table.columns_of(ref.row) if column.code == ref.column)
    return f"{table.rows[ref.row].short_label}·{column.label}"


def broken_balances(
    report: OfficeYear, previous: Callable[[], OfficeYear | None], changes: Sequence[CellChange]
) -> Iterator[BrokenBalance]:
    """The sums that hold now and would not with all the changes made; a line that lacks numbers is passed over."""
    edition = report.edition
    kinds = edition.cells
    new: dict[CellRef, Value] = {}
    for change in changes:
        ref = CellRef(*change.code.split("."))
        new[ref] = parse(change.after, kinds[ref])
    for balance in edition.balances:
        table = edition.table(balance.table)
        for line in edition.lines(balance):
            terms = [balance.ref(term, line) for term in (*balance.left, *balance.right) if not term.previous]
            if not any(ref in new for ref in terms):
                continue
            sides = _sides(balance, line, report, previous, new)
            before = _sides(balance, line, report, previous, {})
            if sides and sides[0] != sides[1] and (before is None or before[0] == before[1]):
                labels = table.columns if balance.axis is Axis.ROWS else table.rows
                label = getattr(labels[line], "short_label", labels[line].label)
                yield BrokenBalance(balance.id, label, *sides, balance.tolerated)


def _sides(
    balance: Balance,
    line: str,
    report: OfficeYear,
    previous: Callable[[], OfficeYear | None],
    new: Mapping[CellRef, Value],
) -> tuple[Number, Number] | None:
    def number(ref: CellRef, of_last_year: bool) -> Number | None:
        of = previous() if of_last_year else report
        value = None if of is None else of.value(ref) if of_last_year else new.get(ref, report.value(ref))
        return value.number if value else None

    return balance.sums(line, number)
