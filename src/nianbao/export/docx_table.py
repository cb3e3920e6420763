"""A table of the DOCX: real merged cells, repeated heads, sizes at which every label and number fits."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from nianbao.export.blocks import Run, TableBlock
from nianbao.export.docx_template import TABLE, TABLE_HEAD, TABLE_TEXT, Template
from nianbao.export.docx_xml import Element, paragraph, run, w
from nianbao.export.page import text_width
from nianbao.form import Grid, GridCell
from nianbao.form.cells import State

# Chinese sizes in half-points: 小四, 五号, 小五.
_SMALL_4, _FIVE, _SMALL_5 = 24, 21, 18
# Sizes by the number of columns: 小四 as long as there is room, then 五号, then smaller.
_SIZES = ((7, _SMALL_4), (16, _FIVE), (22, _SMALL_5))
_CROWDED = 15  # half-points, with still more columns
_LEADING = 1.24  # from line to line in a cell, in sizes
# The least height of a row, in sizes; closer in a long table, so that table 3 and its heading fill just one page.
_ROW, _ROW_OF_LONG, _LONG = 1.9, 1.7, 20
_SMALLEST = 12  # 6 pt, in half-points
_PADDING = 30  # twips above and below the words of a cell
# So many rows stay with the head; an upright label needs some more beside it.
_KEPT, _KEPT_UPRIGHT = 3, 7
# A table of the form whose rows take no more than this of a page stands whole, as in the PDF.
_WHOLE = 0.9
_FIGURE = re.compile(r"[-+]?\d[\d.,]*%?")  # words, an address among them, break behind any character instead
_NARROW = 800  # twips: heads of narrower columns break into balanced lines
_INSETS = (40, 40)  # twips at both sides of words that begin or end at one
_LONG_LABEL = 8  # longer labels are set flush left


@dataclass(frozen=True, slots=True)
class _Measures:
    """How one table is set: sizes in half-points, lengths in twips, ``flush`` if its row labels begin at the left."""

    size: int
    head_size: int
    margin: int
    height: int
    columns: tuple[int, ...]
    flush: bool
    head_style: str
    text_style: str


# Sets a run of words with bold, italic or linked parts; further properties of runs come after its own.
SetRun = Callable[[Run, Sequence[Element]], Element]


def table_element(block: TableBlock, template: Template, set_run: SetRun) -> Element:
    """The table of the grid: as wide as the type area, heads repeated on the next page, no row cut in two."""
    grid = block.grid
    measures = _measures(grid, template)
    look = {"firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
    margins = w(
        "tblCellMar",
        w("top", w=_PADDING, type="dxa"),
        w("left", w=measures.margin, type="dxa"),
        w("bottom", w=_PADDING, type="dxa"),
        w("right", w=measures.margin, type="dxa"),
    )
    properties = w(
        "tblPr",
        w("tblStyle", val=template.ids[TABLE]),
        w("tblW", w=sum(measures.columns), type="dxa"),
        w("jc", val="center"),
        w("tblLayout", type="fixed"),
        margins,
        w("tblLook", val="04A0", **look),
        w("tblCaption", val=grid.caption) if grid.caption else None,
        w("tblDescription", val=_description(grid)),
    )
    columns = w("tblGrid", *(w("gridCol", w=width) for width in measures.columns))
    whole = block.grid.code is not None and len(grid.rows) * measures.height < _WHOLE * template.height
    return w("tbl", properties, columns, *_rows(block, measures, set_run, whole=whole))


def _description(grid: Grid) -> str:
    heads = "、".join(dict.fromkeys(cell.text for row in grid.rows if row.head for cell in row.cells if cell.text))
    return f"{grid.caption or '表格'}，共{len(grid.rows)}行{len(grid.widths)}列。表头：{heads}"


def _measures(grid: Grid, template: Template) -> _Measures:
    size = next((size for most, size in _SIZES if len(grid.widths) <= most), _CROWDED)
    margin = 100 if size == _SMALL_4 else 28
    columns = _twips(grid.widths, template.width)
    narrow = [
        cell for _, x, cell in grid.placed() if cell.role == "head" and cell.colspan == 1 and columns[x] < _NARROW
    ]
    available = min(columns) - 2 * margin
    head_size = min((_head_size(cell.text, available, size) for cell in narrow), default=size)
    factor = _ROW if len(grid.rows) <= _LONG else _ROW_OF_LONG
    labels = [cell.text for row in grid.rows for cell in row.cells if cell.scope == "row"]
    flush = any(len(text) > _LONG_LABEL for text in labels) and not any(row.block for row in grid.rows)
    height = round(factor * size * 10)
    styles = template.ids[TABLE_HEAD], template.ids[TABLE_TEXT]
    return _Measures(size, head_size, margin, height, columns, flush, *styles)


def _twips(widths: Sequence[float], total: int) -> tuple[int, ...]:
    """The columns in twips; rounding never changes the table's width."""
    edges = [round(total * sum(widths[:index]) / sum(widths)) for index in range(len(widths) + 1)]
    return tuple(right - left for left, right in pairwise(edges))


def _head_size(text: str, available: int, size: int) -> int:
    """The size at which a narrow head breaks into lines without a lone character: 自然人 on one, 商业企业 on two."""
    for candidate in (size, _SMALL_5):
        fitting, lines = _lines(text, available, candidate)
        if fitting * (lines - 1) + 1 != len(text) or lines == 1:
            return candidate
    return _SMALL_5


def _lines(text: str, available: int, size: int) -> tuple[int, int]:
    """How many characters a balanced line of a narrow cell holds, and how many lines there are."""
    most = max(1, int(available / (size * 10)))
    lines = math.ceil(max(len(text), 1) / most)
    return math.ceil(max(len(text), 1) / lines), lines


def _rows(block: TableBlock, measures: _Measures, set_run: SetRun, *, whole: bool) -> list[Element]:
    """The rows; those of a ``whole`` table stay on one page, where no upright label says that it may be parted."""
    grid, styled, sides = block.grid, block.runs, block.cell_sides
    anchors = {(y, x): cell for y, x, cell in grid.placed()}
    owners = {
        (y + down, x + right): (y, x)
        for (y, x), cell in anchors.items()
        for down in range(cell.rowspan)
        for right in range(cell.colspan)
    }
    upright = any(cell.upright for cell in anchors.values())
    last = len(grid.rows) - 1
    kept = last if whole and not upright else grid.head_rows + (_KEPT_UPRIGHT if upright else _KEPT)
    together = {
        row for (y, _), cell in anchors.items() if not cell.upright for row in range(y, y + cell.rowspan - 1)
    }  # a group's label is drawn once: its rows stay on one page
    rows = []
    for y, row in enumerate(grid.rows):
        # None of an analyst's rows goes to the next page alone: the last but one goes with it.
        keep = row.head or y in together or y < min(kept, last) or (grid.code is None and y == last - 1)
        cells: list[Element] = []
        x = 0
        while x < len(measures.columns):
            top, left = owners.get((y, x), (y, x))
            cell = anchors.get((top, left), GridCell(""))
            width = sum(measures.columns[x : x + cell.colspan])
            side = sides.get((top, left))
            insets = _INSETS if side in {"left", "right"} else ()
            look, text = _look(cell, width - sum(insets), measures, continued=top < y, keep=keep)
            if side:
                look = replace(look, width=width, align=side, insets=insets)
            cells.append(_made(look, text, () if top < y else styled.get((y, x), ()), set_run))
            x += cell.colspan
        repeated = y < grid.head_rows
        height = w("trHeight", val=measures.height, hRule="atLeast")
        rows.append(w("tr", w("trPr", w("cantSplit"), height, w("tblHeader") if repeated else None), *cells))
    return rows


def _look(cell: GridCell, width: int, measures: _Measures, *, continued: bool, keep: bool) -> tuple[_Look, str]:
    """How a cell is set, and its words; the lower part of a merged one has none."""
    available = width - 2 * measures.margin
    text = "" if continued else cell.text
    narrow = cell.role == "head" and available < _NARROW
    size = measures.head_size if narrow else _fitting(text, available, measures.size, upright=cell.upright)
    flush = _is_flush(cell, measures)
    look = _Look(
        style=measures.head_style if cell.role == "head" else measures.text_style,
        size=size,
        width=width,
        columns=cell.colspan,
        merge=("continue" if continued else "restart") if cell.rowspan > 1 else "",
        upright=cell.upright,
        keep=keep,
        align="left" if flush else None,
        insets=_balance(text, available, size) if narrow else _INSETS[:1] if flush else (),
    )
    return look, text


def _made(look: _Look, text: str, styled: Sequence[Run], set_run: SetRun) -> Element:
    if not styled:
        return deepcopy(_element(look, text))
    return _cell(look, [set_run(part, _sizes(look.size)) for part in styled])


def _sizes(half_points: int) -> tuple[Element, Element]:
    """The size of a run, for Chinese and Latin alike and for complex scripts."""
    return w("sz", val=half_points), w("szCs", val=half_points)


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a cell is besides its words: sizes in half-points, lengths in twips; ``insets`` are left and right."""

    style: str
    size: int
    width: int
    columns: int
    merge: str
    upright: bool
    keep: bool
    align: str | None
    insets: tuple[int, ...]


@lru_cache(maxsize=1024)
def _element(look: _Look, text: str) -> Element:
    """A cell, to be copied: its elements cost ten times as much to make, and most cells have the like of them."""
    return _cell(look, [run(text, *_sizes(look.size))] if text else [])


def _cell(look: _Look, words: Sequence[Element]) -> Element:
    merge = {"": None, "restart": w("vMerge", val="restart"), "continue": w("vMerge")}[look.merge]
    properties = w(
        "tcPr",
        w("tcW", w=look.width, type="dxa"),
        w("gridSpan", val=look.columns) if look.columns > 1 else None,
        merge,
        w("textDirection", val="tbRlV") if look.upright else None,
        w("vAlign", val="center"),
    )
    sides = dict(zip(("left", "right"), look.insets, strict=False))
    around = (
        w("keepNext") if look.keep else None,
        w("spacing", line=round(_LEADING * look.size * 10), lineRule="exact"),
        w("ind", **sides, firstLine=0) if sides else None,
        w("jc", val=look.align) if look.align else None,
        w("rPr", *_sizes(look.size)),
    )
    return w("tc", properties, paragraph(look.style, *words, properties=around))


def _is_flush(cell: GridCell, measures: _Measures) -> bool:
    """Whether the cell is set flush left: the note, the labels of a table with long ones, and whole phrases."""
    if cell.role == "value":
        return cell.state == State.TEXT and len(cell.text) > _LONG_LABEL
    return cell.role == "note" or (cell.scope == "row" and measures.flush)


def _balance(text: str, available: int, size: int) -> tuple[int, ...]:
    """Insets that make the lines of a narrow head equally long (商业/企业): the words themselves stay unbroken."""
    fitting, lines = _lines(text, available, size)
    spare = available - fitting * size * 10
    side = int((spare - size * 3) / 2)
    return (side, side) if lines > 1 and side > 0 else ()


def _fitting(text: str, available: int, size: int, *, upright: bool) -> int:
    """The size at which the longest number of a cell stands on one line."""
    longest = max((text_width(word) for word in _FIGURE.findall(text)), default=0.0)
    if upright or longest * size * 10 <= available:
        return size
    return max(_SMALLEST, int(available / (longest * 10)))
