"""From a displayed data frame (its HTML) to a table: spans kept, no row of index names, whole numbers printed whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree, html

from nianbao.export.page import text_width
from nianbao.form import Grid, GridCell, GridRow
from nianbao.form.cells import State

_ZEROS = re.compile(r"(-?[\d,]+)\.0+")
_MISSING = frozenset({"NaN", "nan", "<NA>", "None", "NaT"})
_DIGITS = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")
# Of a column's width, in characters: no column is narrower than two of them, and long words break.
_NARROW, _WIDE = 3.0, 16.0
_LINE = 40.0  # characters of a table's type that the page is wide
_BLANK = GridCell("", state=State.BLANK.value)


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    head: bool
    rows: int
    columns: int


def grids_of_html(source: str) -> list[Grid]:
    """The tables of an HTML output, those within others left out; none where it holds no table."""
    return [_grid(table) for table in _tables(source)]


def other_words(source: str) -> str:
    """The words of an HTML output that stand in no table."""
    root = _parsed(source)
    if root is None:
        return ""
    for element in root.xpath("//style | //script | //table"):
        element.drop_tree() if element.getparent() is not None else element.clear()
    return " ".join(root.text_content().split())


def fitted(grid: Grid) -> Grid:
    """The table with columns as wide as their words ask for; where the page is too narrow, the widest give way."""
    widths = [_NARROW] * len(grid.widths)
    for _, x, cell in grid.placed():
        if cell.colspan == 1:
            widths[x] = max(widths[x], min(_WIDE, 1 + max(map(text_width, cell.text.split("\n")))))
    widest = _WIDE
    while sum(min(width, widest) for width in widths) > _LINE and widest > _NARROW:
        widest -= 0.5
    widths = [min(width, widest) for width in widths]
    return grid.with_widths(tuple(width / sum(widths) for width in widths))


def _parsed(source: str) -> html.HtmlElement | None:
    try:
        return html.fragment_fromstring(source, create_parent="div")
    except (etree.ParserError, ValueError):
        return None


def _tables(source: str) -> list[html.HtmlElement]:
    root = _parsed(source)
    return [] if root is None else root.xpath(".//table[not(ancestor::table)]")


def _grid(table: html.HtmlElement) -> Grid:
    heads = [_cells(row) for row in table.xpath("./thead/tr")]
    body = [_cells(row) for row in table.xpath("./tr | ./tbody/tr | ./tfoot/tr")]
    if not heads:
        heads, body = body[:1], body[1:]
    if len(heads) > 1:
        heads = _without_names(heads, body)
    placed = _spread(heads, 0) + _spread(body, len(heads))
    columns = max((x + cell.columns for _, x, cell in placed), default=1)
    whole = _whole_columns(placed, len(heads), columns)
    count = len(heads) + len(body)
    rows: list[list[GridCell]] = [[] for _ in range(count)]
    missing = [columns] * count
    for y, x, cell in placed:
        rows[y].append(_grid_cell(cell, head=y < len(heads), label=x == 0, whole=x in whole))
        for below in range(y, y + cell.rows):
            missing[below] -= cell.columns
    filler = [GridCell("", "head", "col") if y < len(heads) else _BLANK for y in range(count)]
    grid_rows = tuple(GridRow((*rows[y], *[filler[y]] * missing[y]), head=y < len(heads)) for y in range(count))
    caption = " ".join((table.findtext("caption") or "").split())
    return fitted(Grid(caption, (1 / columns,) * columns, grid_rows))


def _cells(row: html.HtmlElement) -> list[_Cell]:
    return [
        _Cell(
            " ".join(cell.text_content().split()),
            cell.tag == "th",
            _span(cell.get("rowspan")),
            _span(cell.get("colspan")),
        )
        for cell in row.xpath("./th | ./td")
    ]


def _span(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and 0 < int(written) < 1000 else 1


def _without_names(heads: list[list[_Cell]], body: Sequence[Sequence[_Cell]]) -> list[list[_Cell]]:
    """The head without the row in which pandas names the index: a name in words goes into the corner.

    Names of code (row_label) are for the analyst. The corner is one cell for each level of the index.
    """
    levels = max((sum(1 for cell in row if cell.head) for row in body), default=0)
    last = heads[-1]
    names = [cell.text for cell in last[:levels]]
    named = levels > 0 and any(names) and not any(cell.text for cell in last[levels:])
    kept = heads[:-1] if named else heads
    if not named:
        names = [""] * levels
    corner = [_Cell(name if _is_word(name) else "", head=True, rows=len(kept), columns=1) for name in names]
    rows = [_after(row, levels) for row in kept]
    return [corner + rows[0], *rows[1:]]


def _after(row: Sequence[_Cell], columns: int) -> list[_Cell]:
    """The cells of a row behind its first columns."""
    kept = list(row)
    left = columns
    while kept and left > 0:
        left -= kept.pop(0).columns
    return kept


def _is_word(name: str) -> bool:
    return not name.isascii()


def _spread(rows: Sequence[Sequence[_Cell]], first: int) -> list[tuple[int, int, _Cell]]:
    """The cells with their row and column; no cell reaches below the last row, or into another."""
    placed: list[tuple[int, int, _Cell]] = []
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            width = next((n for n in range(1, cell.columns) if (y, x + n) in taken), cell.columns)
            fitting = replace(cell, rows=min(cell.rows, len(rows) - y), columns=width)
            taken.update((y + i, x + j) for i in range(fitting.rows) for j in range(width))
            placed.append((first + y, x, fitting))
            x += width
    return placed


def _whole_columns(placed: Iterable[tuple[int, int, _Cell]], heads: int, columns: int) -> frozenset[int]:
    """The columns whose numbers are all whole, though pandas holds them as floats."""
    texts: dict[int, list[str]] = {x: [] for x in range(columns)}
    for y, x, cell in placed:
        if y >= heads and not cell.head and cell.text not in _MISSING and cell.text:
            texts[x].append(cell.text)
    return frozenset(x for x, found in texts.items() if found and all(map(_ZEROS.fullmatch, found)))


def _grid_cell(cell: _Cell, *, head: bool, label: bool, whole: bool) -> GridCell:
    if head:
        made = GridCell(cell.text, "head", "colgroup" if cell.columns > 1 else "col")
    elif cell.head or label:
        made = GridCell(cell.text, "label", "rowgroup" if cell.rows > 1 else "row")
    else:
        made = _value(cell.text, whole=whole)
    return replace(made, rowspan=cell.rows, colspan=cell.columns)


def _value(words: str, *, whole: bool) -> GridCell:
    text = "" if words in _MISSING else words
    if whole and (match := _ZEROS.fullmatch(text)):
        text = match[1]
    if _DIGITS.fullmatch(text):
        return GridCell(text, state=State.NUMBER.value, number=text.replace(",", ""))
    return GridCell(text, state=State.TEXT.value) if text else _BLANK
