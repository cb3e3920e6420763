"""Tables as data for the Typst template: heads and bodies, sizes, sides, and where pages may part them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from nianbao.export import page
from nianbao.export.blocks import Run, Side, TableBlock
from nianbao.export.typst_words import LONG_WORD, parted, printable, runs_of
from nianbao.form import Grid, GridCell, GridRow

# Sizes in points by the number of columns: 小四 as long as there is room, then 五号, then smaller.
_SIZES = ((7, 12.0), (16, 10.5), (22, 9.0))
_SMALLEST = 7.5
# Of a cell, in points: what its two sides leave free. Of a Latin letter, in sizes of its type: about its width.
_INSETS, _LETTER = 6.0, 0.55
_NUMBER = re.compile(r"[-+0-9.,% ]+")
# A cell of more than some seven lines may go over the page: rows that cannot leave much of a page white.
_LONG_CELL = 160
# Of a row, in sizes of its type: a line of its text, and what stands free above and below.
_LINE, _PADDING = 1.24, 0.66
_LONG_ROW = 7  # lines; one that is longer may go over the page
# So many rows of a table of one's own stand on a page at least.
_TOGETHER = 2


def table_data(block: TableBlock, heading: str, headings: int, number: int) -> dict[str, Any]:
    """A table as the template reads it, with the number of headings right before it.

    Under a heading of the same words it has no caption.
    """
    grid = block.grid
    size = _size(grid)
    return {
        "kind": "table",
        "id": number,
        # Right under the section's heading the form prints no caption: it would be the same words again.
        "caption": "" if grid.code or grid.caption in heading else printable(grid.caption),
        "widths": list(grid.widths),
        "size": size,
        "parts": [{"kind": kind, "level": level, "rows": rows} for kind, level, rows in _parts(block)],
        "keep": _kept_height(grid, size),
        "statutory": bool(grid.code),
        "headings": headings,
        "upright": any(cell.upright for row in grid.rows for cell in row.cells),
    }


def _size(grid: Grid) -> float:
    """The size of the table's type in points: the more columns, the smaller."""
    return next((size for most, size in _SIZES if len(grid.widths) <= most), _SMALLEST)


def _kept_height(grid: Grid, size: float) -> float:
    """Points that must be left on the page for the table to begin there: its head and the first few rows."""
    rows = _first_rows(grid)
    lines = [1] * rows
    if not grid.code:  # the form's rows are of one line, or their number has room for two
        for y, x, cell in grid.placed():
            if y < rows and cell.rowspan == 1:
                room = (sum(grid.widths[x : x + cell.colspan]) * page.AREA_POINTS - _INSETS) / size
                needed = sum(max(1, math.ceil(page.text_width(line) / room)) for line in cell.text.split("\n"))
                lines[y] = max(lines[y], min(needed, _LONG_ROW))
    return sum((_LINE * count + _PADDING) * size for count in lines)


def _first_rows(grid: Grid) -> int:
    """How many rows, the head among them, a page holds at least where the table begins.

    One with an upright label begins where its rows up to the end of the first group fit: table 3 with （一） to （三）.
    One of the analyst's own begins with two rows, and with three where it has no more, so that none stands alone.
    """
    if not grid.code:
        body = len(grid.rows) - grid.head_rows
        return grid.head_rows + (body if body < 2 * _TOGETHER else _TOGETHER)
    first_block = sum(1 for row in grid.rows if row.block == grid.rows[0].block)
    rows = min(first_block, grid.head_rows + 3) if grid.head_rows else first_block
    if any(cell.upright for row in grid.rows for cell in row.cells):
        grouped = (
            y + c.rowspan for y, _, c in grid.placed() if y >= grid.head_rows and c.rowspan > 1 and not c.upright
        )
        rows = next(grouped, rows + 4)  # an upright label needs some of its rows beside it
    return rows


def _parts(block: TableBlock) -> Iterator[tuple[str, int, list[list[dict[str, Any]]]]]:
    """Heads and bodies in turn; in a stacked table the block's title is the head of the head under it."""
    grid = block.grid
    count = grid.head_rows
    sides, styled = block.cell_sides, block.runs
    rows: list[list[dict[str, Any]]] = [[] for _ in grid.rows]
    for y, x, cell in grid.placed():
        rows[y].append(_cell(cell, (y, x), grid, styled.get((y, x)), sides[y, x]))
    if count:
        yield "head", 1, rows[:count]
    level = 0
    body: list[list[dict[str, Any]]] = []
    for cells, row in zip(rows[count:], grid.rows[count:], strict=True):
        if row.head:
            if body:
                yield "body", 0, body
                body, level = [], 0
            level = _head_level(row, level)
            yield "head", level, [cells]
        else:
            body.append(cells)
    if body:
        kept = _kept_at_the_end(grid, body)
        yield "body", 0, body[: len(body) - kept]
        if kept:
            yield "foot", 0, body[-kept:]


def _kept_at_the_end(grid: Grid, body: list[list[dict[str, Any]]]) -> int:
    """How many last rows go to the next page together: two, where that can be, so that none stands there alone."""
    last = len(grid.rows) - _TOGETHER
    parted = any(y < last < y + cell.rowspan for y, _, cell in grid.placed())
    long = any("long" in cell for row in body[-_TOGETHER:] for cell in row)
    return _TOGETHER if not grid.code and len(body) > _TOGETHER and not parted and not long else 0


def _head_level(row: GridRow, level: int) -> int:
    # A line that is one cell wide titles the block; the heads of its columns stand one level below.
    return 1 if len(row.cells) == 1 else max(level + 1, 2)


def _cell(
    cell: GridCell, place: tuple[int, int], grid: Grid, styled: tuple[Run, ...] | None, side: Side | None
) -> dict[str, Any]:
    (y, x), text = place, printable(cell.text)
    side = side or ("left" if _is_left(cell, grid) else None)
    number = cell.role == "value" and _NUMBER.fullmatch(text)  # never broken: set smaller where it is too wide
    width = sum(grid.widths[x : x + cell.colspan]) * page.AREA_POINTS
    letters = max(2.0, (width - _INSETS) / (_size(grid) * _LETTER))
    return {
        "text": text if number else parted(text, min(letters, LONG_WORD)),
        **({"runs": runs_of(styled)} if styled else {}),
        **({"rows": cell.rowspan} if cell.rowspan > 1 else {}),
        **({"columns": cell.colspan} if cell.colspan > 1 else {}),
        **({"upright": True, "cuts": _cuts(grid, y, cell)} if cell.upright else {}),
        **({"side": side} if side else {}),
        **({"long": True} if len(text) > _LONG_CELL else {}),
        **({"fit": True} if number and len(text) > 3 else {}),
    }


def _is_left(cell: GridCell, grid: Grid) -> bool:
    """Labels of a nested table and phrases begin at the left, as the form prints them; numbers are centred."""
    if cell.role == "note":
        return True
    if cell.role == "label":
        return len(grid.widths) > 7 and not cell.upright and cell.rowspan == 1
    return cell.role == "value" and cell.state == "text" and len(cell.text) > 8


def _cuts(grid: Grid, y: int, upright: GridCell) -> list[int]:
    """The rows at which the pages may part the upright cell's rows: those that no other label holds together."""
    inner = {
        row + offset
        for row, _, cell in grid.placed()
        if not cell.upright and y <= row < y + upright.rowspan
        for offset in range(1, cell.rowspan)
    }
    return [row for row in range(y + 1, y + upright.rowspan) if row not in inner]
