"""How a printed table becomes an accessible one: groups of rows, head cells, the heads of each value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from nianbao.export.blocks import Run, TableBlock
from nianbao.form import Grid, GridCell
from nianbao.form.cells import State

# A value needs this much width to stand on one line, in rem: a digit's width, and the cell's padding.
_REM_PER_DIGIT = 0.55
_REM_PADDING = 0.6
_REM_LEAST = 3.0  # the shortest head, 结果维持, on two lines
_FITS_A_PHONE = 17.0


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: element (th, td), text, attributes, whether it is set vertically; runs where its words have styles."""

    tag: str
    text: str
    attributes: dict[str, str | int]
    upright: bool
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that belong together under one element (thead, tbody)."""

    tag: str
    rows: tuple[tuple[TableCell, ...], ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as the template sets it; widths in percent, ``least_width`` in rem (None where any width will do)."""

    id: str
    caption: str
    statutory: bool
    widths: tuple[str, ...]
    least_width: str | None
    groups: tuple[RowGroup, ...]


def table_view(block: TableBlock, table_id: str) -> TableView:
    """The table with ``table_id`` before all its ids; values of a table with nested heads name their heads."""
    grid, runs, sides = block.grid, block.runs, block.cell_sides
    starts = [start for start, _ in grid.columns]
    values = min((x for _, x, cell in grid.placed() if cell.role == "value"), default=0)
    heads = _heads(grid, table_id) if _is_nested(grid) else {}
    used = {name for names in heads.values() for name in names}
    rows: dict[int, list[TableCell]] = defaultdict(list)
    for index, (y, x, cell) in enumerate(grid.placed()):
        name = f"{table_id}-{index}"
        made = _cell(cell, name if name in used else None, heads.get((y, x), ()))
        if (columns := grid.spanned(x, cell)) > 1:
            made.attributes["colspan"] = columns
        if x < values:
            made.attributes["class"] = f"{made.attributes.get('class', '')} beside-{starts.index(x)}".strip()
        if side := sides[y, x]:
            made.attributes["style"] = f"text-align:{side}"
        rows[y].append(replace(made, runs=runs.get((y, x), ())))
    groups = tuple(RowGroup(tag, tuple(tuple(rows[y]) for y in members)) for tag, members in _groups(grid) if members)
    least = _least_width(grid)
    return TableView(
        table_id,
        grid.caption,
        grid.code is not None,
        tuple(_short(100 * width) for _, width in grid.columns),
        _short(least) if least > _FITS_A_PHONE else None,
        groups,
    )


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _is_nested(grid: Grid) -> bool:
    """Whether scope alone doesn't tell the heads of each value: a head or label spans, or there are several lines."""
    spans = any(cell.rowspan > 1 or cell.colspan > 1 for row in grid.rows for cell in row.cells)
    return spans or grid.head_rows != 1


def _heads(grid: Grid, table_id: str) -> dict[tuple[int, int], tuple[str, ...]]:
    """The ids of the heads of each value: those above it from the top, then the labels beside it from the left."""
    above: dict[tuple[int, int], list[str]] = defaultdict(list)  # by block and column
    beside: dict[int, list[str]] = defaultdict(list)  # by row
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    for index, (y, x, cell) in enumerate(grid.placed()):
        block, name = grid.rows[y].block, f"{table_id}-{index}"
        if cell.role == "head":
            for column in range(x, x + cell.colspan):
                above[block, column].append(name)
        elif cell.role == "label":
            for row in range(y, y + cell.rowspan):
                beside[row].append(name)
        elif cell.role == "value":
            found[y, x] = (*above[block, x], *beside[y])
    return found


def _cell(cell: GridCell, name: str | None, heads: tuple[str, ...]) -> TableCell:
    attributes: dict[str, str | int] = {}
    if name and cell.is_head:
        attributes["id"] = name
    if cell.is_head and cell.scope:
        attributes["scope"] = cell.scope
    if cell.rowspan > 1:
        attributes["rowspan"] = cell.rowspan
    if heads:
        attributes["headers"] = " ".join(heads)
    if style := _style(cell):
        attributes["class"] = style
    return TableCell("th" if cell.is_head else "td", cell.text, attributes, cell.upright)


def _style(cell: GridCell) -> str:
    if cell.upright:
        return "upright"
    if cell.role == "value":
        return "number" if cell.state == State.NUMBER and cell.ref is None else ""
    return {"label": "label", "note": "note", "head": ""}[cell.role]


def _groups(grid: Grid) -> Iterator[tuple[str, list[int]]]:
    """Which rows stand in which element: a block or what one outermost label spans is a group of its own."""
    count = grid.head_rows
    yield "thead", list(range(count))
    owner = list(range(len(grid.rows)))
    for y, x, cell in grid.placed():
        if x == 0 and cell.rowspan > 1:
            owner[y : y + cell.rowspan] = [y] * cell.rowspan
    single = {y for y in range(len(grid.rows)) if owner.count(owner[y]) == 1}

    def key(y: int) -> tuple[int, int]:
        return (grid.rows[y].block, -1 if y in single else owner[y])

    for _, members in groupby(range(count, len(grid.rows)), key=key):
        yield "tbody", list(members)


def _least_width(grid: Grid) -> float:
    """The width in rem below which a value would have to break; the table then scrolls in its frame."""
    least = 0.0
    for _, x, cell in grid.placed():
        if cell.role == "value":
            share = sum(grid.widths[x : x + cell.colspan])
            digits = len(cell.text) if cell.state == State.NUMBER else 0
            least = max(least, max(_REM_LEAST, digits * _REM_PER_DIGIT + _REM_PADDING) / share)
    return least
