"""Lay out each table as the form prints it: merged heads, nested labels, relative widths, from the declaration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from nianbao.form.cells import Value
from nianbao.form.declaration import Block, CellRef, Column, Row, Shape, Table
from nianbao.form.grid import Grid, GridCell, GridRow

# The three levels of row labels of a nested table (（三）不予公开 beside 1.属于国家秘密 beside the upright one).
_LABEL_LEVELS = 3


def layout(table: Table, value_of: Callable[[CellRef], Value], edition: str) -> Grid:
    """The printed table with its values; ``value_of`` answers for every cell of the table."""
    build = {Shape.STACKED: _stacked, Shape.NESTED: _nested, Shape.ACROSS: _across}[table.shape]
    widths, rows = build(table)
    filled = tuple(
        GridRow(
            tuple(cell if cell.ref is None else cell.filled(value_of(_parse(cell.ref))) for cell in row.cells),
            row.head,
            row.block,
        )
        for row in rows
    )
    return Grid(table.caption, widths, filled, table.code, edition)


def _parse(ref: str) -> CellRef:
    table, row, column = ref.split(".")
    return CellRef(table, row, column)


def _value(table: Table, row: Row, column: Column, colspan: int = 1) -> GridCell:
    return GridCell("", "value", colspan=colspan, ref=str(CellRef(table.code, row.code, column.code)))


def _spread(count: int, width: int) -> list[int]:
    """How ``count`` cells share ``width`` columns: the last ones take what is left over."""
    share, rest = divmod(width, count)
    return [share + (1 if index >= count - rest else 0) for index in range(count)]


def _stacked(table: Table) -> tuple[tuple[float, ...], list[GridRow]]:
    # Blocks have one, two or three columns: six underlying columns let each share the width evenly.
    width = 6
    rows: list[GridRow] = []
    for number, block in enumerate(table.blocks, start=1):
        spans = _spread(len(block.columns), width)
        if block.heading:
            heading = GridCell(block.heading, "head", "colgroup", colspan=width + 1)
            rows.append(GridRow((heading,), head=True, block=number))
        heads = [GridCell(table.corner or "", "head", "col")]
        heads += [
            GridCell(column.label, "head", "col", colspan=span)
            for column, span in zip(block.columns, spans, strict=True)
        ]
        rows.append(GridRow(tuple(heads), head=True, block=number))
        for row in block.rows:
            cells = [_value(table, row, column, span) for column, span in zip(block.columns, spans, strict=True)]
            rows.append(GridRow((GridCell(row.label, "label", "row"), *cells), block=number))
    return (0.25, *(0.75 / width,) * width), rows


def _nested(table: Table) -> tuple[tuple[float, ...], list[GridRow]]:
    (block,) = table.blocks
    rows = [*_nested_heads(table, block), *_nested_body(table, block)]
    # Labels take half the page: upright group, group, label; then seven narrow columns of figures.
    columns = len(block.columns)
    return (0.06, 0.12, 0.32, *(0.5 / columns,) * columns), rows


def _nested_heads(table: Table, block: Block) -> list[GridRow]:
    top = [
        GridCell(table.note or "", "note", rowspan=3, colspan=_LABEL_LEVELS),
        GridCell(block.heading or "", "head", "colgroup", colspan=len(block.columns)),
    ]
    middle: list[GridCell] = []
    bottom: list[GridCell] = []
    for group, members in groupby(block.columns, key=lambda column: column.group):
        columns = list(members)
        if group is None:
            middle += [GridCell(column.label, "head", "col", rowspan=2) for column in columns]
        else:
            middle.append(GridCell(group, "head", "colgroup", colspan=len(columns)))
            bottom += [GridCell(column.label, "head", "col") for column in columns]
    return [GridRow(tuple(cells), head=True) for cells in (top, middle, bottom)]


def _nested_body(table: Table, block: Block) -> list[GridRow]:
    rows: list[GridRow] = []
    seen: set[tuple[str, ...]] = set()
    for row in block.rows:
        labels: list[GridCell] = []
        for depth in range(1, len(row.groups) + 1):
            path = row.groups[:depth]
            if path not in seen:
                seen.add(path)
                members = sum(1 for other in block.rows if other.groups[:depth] == path)
                labels.append(GridCell(path[-1], "label", "rowgroup", rowspan=members, upright=depth == 1))
        labels.append(GridCell(row.label, "label", "row", colspan=_LABEL_LEVELS - len(row.groups)))
        values = [_value(table, row, column) for column in block.columns]
        rows.append(GridRow((*labels, *values)))
    return rows


def _across(table: Table) -> tuple[tuple[float, ...], list[GridRow]]:
    (block,) = table.blocks
    width = len(block.columns)
    top: list[GridCell] = []
    middle: list[GridCell] = []
    for group, members in groupby(block.rows, key=lambda row: row.groups):
        rows = list(members)
        if not group:
            top += [GridCell(row.label, "head", "colgroup", rowspan=2, colspan=width) for row in rows]
        else:
            top.append(GridCell(group[0], "head", "colgroup", colspan=width * len(rows)))
            middle += [GridCell(row.label, "head", "colgroup", colspan=width) for row in rows]
    bottom = [GridCell(column.label, "head", "col") for _ in block.rows for column in block.columns]
    values = [_value(table, row, column) for row in block.rows for column in block.columns]
    count = width * len(block.rows)
    heads = [GridRow(tuple(cells), head=True) for cells in (top, middle, bottom)]
    return (1 / count,) * count, [*heads, GridRow(tuple(values))]
