"""The statutory tables of reports side by side: the cells of both editions on common rows, with exact differences.

A row that one edition splits is summed to meet the row of the other (其他处理); what has no counterpart is said in a
note and never worked out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby

from nianbao.errors.language import Message
from nianbao.form import EDITIONS, TABLE_NAMES, CellRef, Edition, Row, Table, row_name
from nianbao.form.cells import BLANK, CellKind, State, Value, number
from nianbao.model import Figure, Number
from nianbao.site.comparison.values import (
    SUMMED,
    ComparedTable,
    Difference,
    Kind,
    Line,
    ReportSide,
    Stated,
    rate_of,
)

_UNITS = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


def compared_tables(sides: Sequence[ReportSide], base: int = 0) -> tuple[ComparedTable, ...]:
    """Tables 2 to 4 of these reports, every cell that one of their editions has, in the form's order.

    Each line has a difference for each report but the first, from that at the place ``base``.
    """
    editions = tuple(code for code in EDITIONS if any(side.edition == code for side in sides))
    return tuple(_compared(common, sides, base) for common in _common_tables(editions))


@dataclass(frozen=True)
class _CommonCell:
    """A cell of several editions, and by edition the cells that it is: one, some that are summed, or none."""

    ref: CellRef
    row: str
    column: str
    kinds: frozenset[CellKind]
    where: Mapping[str, tuple[CellRef, ...]]


@dataclass(frozen=True)
class _CommonTable:
    """One statutory table of several editions on common rows."""

    code: str
    caption: str
    cells: tuple[_CommonCell, ...]
    notes: tuple[Message, ...]


@cache
def _common_tables(codes: tuple[str, ...]) -> tuple[_CommonTable, ...]:
    editions = [EDITIONS[code] for code in codes]
    names = dict.fromkeys(table.code for edition in reversed(editions) for table in edition.tables)
    return tuple(_common_table(name, editions) for name in names)


def _common_table(code: str, editions: Sequence[Edition]) -> _CommonTable:
    tables = [edition.table(code) for edition in editions]
    split = _split_rows(tables)
    cells = []
    for ref in _refs(tables):
        kinds = frozenset(table.cells[ref] for table in tables if ref in table.cells)
        where = {edition.code: _places(ref, edition, split) for edition in editions}
        cells.append(_CommonCell(ref, *_labels(ref, tables), kinds, where))
    caption = f"{TABLE_NAMES[code]}　{tables[-1].caption}"
    return _CommonTable(code, caption, tuple(cells), tuple(_notes(tables, editions, split)))


def _compared(common: _CommonTable, sides: Sequence[ReportSide], base: int) -> ComparedTable:
    lines = []
    for cell in common.cells:
        values = tuple(_stated(cell, side) for side in sides)
        differences = tuple(difference(values[base], value, cell.kinds) for value in values[1:])
        lines.append(Line(str(cell.ref), cell.row, cell.column, values, differences))
    return ComparedTable(common.code, common.caption, tuple(lines), common.notes)


def _refs(tables: Sequence[Table]) -> list[CellRef]:
    """The cells of all editions in the form's order: those of the newest, the others' after what precedes them."""
    order = list(tables[-1].cells)
    for table in tables[:-1]:
        place = 0
        for ref in table.cells:
            if ref in tables[-1].cells:
                place = order.index(ref) + 1
            else:
                order.insert(place, ref)
                place += 1
    return order


def _labels(ref: CellRef, tables: Sequence[Table]) -> tuple[str, str]:
    table = next(table for table in reversed(tables) if ref in table.cells)
    column = next(column for column in table.columns_of(ref.row) if column.code == ref.column)
    return row_name(table.rows[ref.row]), column.label


def _split_rows(tables: Sequence[Table]) -> Mapping[str, tuple[str, ...]]:
    """The rows of one edition that another one splits, with those that it splits them into: by the head they share."""
    found: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for code, row in table.rows.items():
            for other in tables:
                parts = tuple(each.code for each in other.rows.values() if _is_part(each, row))
                if parts and code not in other.rows:
                    found[code] = parts
    return found


def _is_part(part: Row, whole: Row) -> bool:
    return len(part.groups) > 1 and part.groups[-1] == whole.label and part.groups[:-1] == whole.groups


def _places(ref: CellRef, edition: Edition, split: Mapping[str, tuple[str, ...]]) -> tuple[CellRef, ...]:
    """The cells that a cell is in this edition: itself, those of the rows that its row is split into, or none."""
    if ref in edition.cells:
        return (ref,)
    parts = tuple(CellRef(ref.table, row, ref.column) for row in split.get(ref.row, ()))
    return parts if all(part in edition.cells for part in parts) else ()


def _stated(cell: _CommonCell, side: ReportSide) -> Stated:
    places = cell.where[side.edition]
    if not places:
        return Stated(None)
    if places == (cell.ref,):
        return Stated(side.cells.get(cell.ref, BLANK))
    values = [side.cells.get(place, BLANK) for place in places]
    # A part that is not there is not 0: then the sum is not there either.
    numbers = [value.number for value in values if value.state is State.NUMBER and value.number is not None]
    whole = number(sum(numbers)) if len(numbers) == len(places) else BLANK
    return Stated(whole, tuple(place.row for place in places))


def difference(before: Stated, after: Stated, kinds: Collection[CellKind]) -> Difference:
    """``after`` against ``before``; a rate for what is counted, none for a change (增/减)."""
    if before.value is None or after.value is None:
        return Difference(Kind.NOT_IN_FORM)
    if not before.value.state is after.value.state is State.NUMBER:
        same = before.value.state is after.value.state and (
            before.value.state is not State.TEXT or before.value.printed == after.value.printed
        )
        return Difference(Kind.SAME if same else Kind.UNKNOWN)
    pair = _amounts(before.value, after.value) if CellKind.MONEY_ANY_UNIT in kinds else _numbers(before, after)
    if pair is None:
        return Difference(Kind.UNKNOWN)
    old, new, unit = pair
    amount = new - old
    rate = None if CellKind.CHANGE in kinds else rate_of(old, amount)
    return Difference(Kind.CHANGED if amount else Kind.SAME, amount, rate, unit)


def _numbers(before: Stated, after: Stated) -> tuple[Number, Number, str]:
    old, new = (stated.value.number if stated.value else None for stated in (before, after))
    if old is None or new is None:
        raise ValueError("a number without its value")
    return old, new, ""


def _amounts(before: Value, after: Value) -> tuple[Number, Number, str] | None:
    """Two amounts in one unit, that of the later one; None where only one of them says its unit."""
    units = [
        next((unit for unit in ("万元", "亿元", "元") if value.printed.endswith(unit)), "") for value in (before, after)
    ]
    if before.number is None or after.number is None or bool(units[0]) is not bool(units[1]):
        return None
    if units[0] == units[1]:
        return before.number, after.number, units[1]
    old = before.number * _UNITS[units[0]] / _UNITS[units[1]]
    return old, Decimal(after.number), units[1]


def compared_figures(sides: Sequence[ReportSide]) -> ComparedTable:
    """The counts of the narratives by their keys: what figures.csv holds of each report."""
    lines = []
    for key in dict.fromkeys(key for side in reversed(sides) for key in side.figures):
        figures = [side.figures.get(key) for side in sides]
        label, unit = next((each.label, each.unit) for each in reversed(figures) if each)
        values = tuple(Stated(each.value if each else BLANK) for each in figures)
        differences = tuple(
            difference(values[0], value, {CellKind.COUNT})
            if _is_same_unit(figures[0], each)
            else Difference(Kind.UNKNOWN)
            for value, each in zip(values[1:], figures[1:], strict=True)
        )
        lines.append(Line(key, label, unit, values, differences))
    return ComparedTable("figures", "文字中的数据", tuple(lines))


def _is_same_unit(one: Figure | None, other: Figure | None) -> bool:
    return one is None or other is None or one.unit == other.unit


def _notes(
    tables: Sequence[Table], editions: Sequence[Edition], split: Mapping[str, tuple[str, ...]]
) -> Iterator[Message]:
    if len(tables) < 2:
        return
    for code, parts in split.items():
        whole = next(table.rows[code] for table in tables if code in table.rows)
        yield Message(
            "“{row}” is one row in one edition and {count} in the other: compared by their sum (marked {mark})",
            row=row_name(whole),
            count=len(parts),
            mark=SUMMED,
        )
    for table, edition in zip(tables, editions, strict=True):
        others = [other for other in tables if other is not table]
        alone = [ref for ref in table.cells if any(ref not in other.cells for other in others) and ref.row not in split]
        alone = [ref for ref in alone if not any(ref.row in parts for parts in split.values())]
        if alone:
            listed = "；".join(_listed(alone, table))
            yield Message(
                "the edition of {code} ({notice}) alone has, and not compared: {listed}",
                code=edition.code,
                notice=edition.notice,
                listed=listed,
            )
    worded = [
        ref for ref in tables[-1].cells if len({_labels(ref, [table])[1] for table in tables if ref in table.cells}) > 1
    ]
    if worded:
        listed = "；".join(_listed(worded, tables[-1]))
        yield Message("named a little differently in both editions, and compared: {listed}", listed=listed)


def _listed(refs: Sequence[CellRef], table: Table) -> Iterator[str]:
    for row, members in groupby(refs, key=lambda ref: ref.row):
        yield f"{row_name(table.rows[row])}（{'、'.join(_labels(ref, [table])[1] for ref in members)}）"
