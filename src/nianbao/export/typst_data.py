"""The document as data for the Typst template; strings stay strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from nianbao.export import page
from nianbao.export.blocks import (
    Attachment,
    AttachmentList,
    Block,
    Closing,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    Side,
    TableBlock,
    Title,
)
from nianbao.export.document import DRAFT, Document
from nianbao.export.fonts import FontSet
from nianbao.export.page import title_lines
from nianbao.export.pictures import clean_svg
from nianbao.export.texts import run_in_length
from nianbao.form import Grid, GridCell, GridRow

# The words that the template prints besides the document's own.
BULLET = "•"

_PAGE = {
    "width": page.WIDTH,
    "height": page.HEIGHT,
    "head": page.HEAD,
    "foot": page.FOOT,
    "binding-edge": page.BINDING_EDGE,
    "fore-edge": page.FORE_EDGE,
    "area-width": page.AREA_WIDTH,
    "area-height": page.AREA_HEIGHT,
    "lines": page.LINES,
    "characters": page.CHARACTERS,
    "number-below": page.NUMBER_BELOW,
    "title-size": page.TITLE_SIZE,
}
# The name of the office under the report leaves room on both sides.
_CLOSING_WIDTH = 22
# Sizes in points by the number of columns: 小四 as long as there is room, then 五号, then smaller.
_SIZES = ((7, 12.0), (16, 10.5), (22, 9.0))
_SMALLEST = 7.5
# A paragraph of up to four lines goes along with the closing, so that no page holds the closing alone.
_KEPT_CHARACTERS = 4 * page.CHARACTERS
# Between a digit and the measure word after it; no document holds a word joiner of its own (export.texts).
_NUMBER_AND_MEASURE = re.compile(
    "(?<=[0-9])(?=[年月日时分件条次人个项份期篇场家种类起宗部门名位批号款章页字元万亿倍册本天户处所座台套组支级层％])"
)
# A word that is too long to be moved to the next line whole: an address, as a rule.
_LONG_WORD = 21
_LATIN_WORD = re.compile(r"[\x21-\x7e]+")
# Of a cell, in points: what its two sides leave free. Of a Latin letter, in sizes of its type: about its width.
_INSETS, _LETTER = 6.0, 0.55
_NUMBER = re.compile(r"[-+0-9.,% ]+")
# A cell of more than some seven lines may go over the page: rows that cannot leave much of a page white.
_LONG_CELL = 160


def typst_data(document: Document, fonts: FontSet) -> dict[str, Any]:
    """The document as JSON for report.typ: plain values, in reading order."""
    return {
        "title": printable(document.full_title),
        "office": printable(document.office),
        "keywords": list(map(printable, document.keywords)),
        "draft": document.draft,
        "page": _PAGE,
        "words": {"draft": DRAFT, "bullet": BULLET},
        "faces": {choice.role.value: [face.name for face in choice.faces] for choice in fonts.choices},
        "embolden": [choice.role.value for choice in fonts.choices if choice.darkened],
        "blocks": list(_blocks(document.page_blocks)),
    }


def printable(text: str) -> str:
    """The text as Typst takes it: a tab is a space."""
    return text.replace("\t", " ")


def unparted(text: str) -> str:
    """The text with word joiners between numbers and their measure words: 12件 stays in one line.

    An address may break behind each of its characters, marked by a space without width.
    """
    return _NUMBER_AND_MEASURE.sub("\u2060", _parted(text, _LONG_WORD))


def _parted(text: str, room: float) -> str:
    """The text whose Latin words of ``room`` characters and more may break behind each character."""
    return _LATIN_WORD.sub(lambda word: "\u200b".join(word[0]) if len(word[0]) >= room else word[0], text)


def _blocks(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    level = 0
    heading = ""
    # An empty heading prints nothing, and PDF/UA-1 allows none.
    shown = [block for block in blocks if not (isinstance(block, Heading) and not printable(block.text).strip())]
    for block, following in pairwise([*shown, None]):
        if isinstance(block, Heading):
            # PDF/UA-1 wants no level left out, whatever the narrative's Markdown does.
            level = min(block.level, level + 1)
            heading = block.text
            yield {"kind": "heading", "level": level, "text": printable(block.text), "page": block.new_page}
        elif isinstance(block, Paragraph):
            keep = isinstance(following, Closing | AttachmentList) and len(block.text) <= _KEPT_CHARACTERS
            lead = run_in_length(block.text) if block.role == "body" else 0
            yield {
                "kind": "paragraph",
                "role": block.role,
                "lead": _runs(_stretch(block.runs, 0, lead)),
                "runs": _runs(_stretch(block.runs, lead, len(block.text))),
                "keep": keep,
            }
        elif isinstance(block, TableBlock):
            yield _table(block, heading)
        elif isinstance(block, Attachment):
            level, heading = 1, block.title
            lines = title_lines(printable(block.title), page.TITLE_CHARACTERS)
            yield {"kind": "attachment", "mark": printable(block.mark), "lines": lines}
        elif block is not None:
            yield _simple(block)


def _simple(block: Title | ListBlock | Picture | Closing | AttachmentList) -> dict[str, Any]:
    if isinstance(block, Title):
        lines = [part for line in block.lines for part in title_lines(printable(line), page.TITLE_CHARACTERS)]
        return {"kind": "title", "lines": lines}
    if isinstance(block, ListBlock):
        return _list(block)
    if isinstance(block, AttachmentList):
        parts = [{"lead": lead, "number": number, "title": printable(title)} for lead, number, title in block.lines]
        return {"kind": "attachments", "lines": parts}
    if isinstance(block, Closing):
        lines = [part for line in block.lines for part in title_lines(printable(line), _CLOSING_WIDTH)]
        return {"kind": "closing", "lines": lines, "sealed": block.sealed}
    return {
        "kind": "picture",
        "format": {"jpeg": "jpg"}.get(block.format, block.format),
        # SVG goes as text; the bytes of pixels go as numbers, for JSON has no bytes.
        "data": clean_svg(block.data).decode() if block.format == "svg" else list(block.data),
        "alt": printable(block.alt),
        "caption": printable(block.caption),
    }


def _list(block: ListBlock) -> dict[str, Any]:
    items = [[_part(part) for part in item] for item in block.items]
    return {"kind": "list", "ordered": block.ordered, "start": block.start, "items": items}


def _part(part: Paragraph | ListBlock) -> dict[str, Any]:
    return _list(part) if isinstance(part, ListBlock) else {"kind": "paragraph", "runs": _runs(part.runs)}


def _stretch(runs: Iterable[Run], start: int, end: int) -> Iterator[Run]:
    """The runs between two places of their joined text."""
    position = 0
    for run in runs:
        if text := run.text[max(0, start - position) : max(0, end - position)]:
            yield replace(run, text=text)
        position += len(run.text)


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [
        {
            "text": unparted(printable(run.text)),
            **({"bold": True} if run.bold else {}),
            **({"italic": True} if run.italic else {}),
            **({"href": run.href} if run.href else {}),
        }
        for run in runs
    ]


def _table(block: TableBlock, heading: str) -> dict[str, Any]:
    grid = block.grid
    size = _size(grid)
    return {
        "kind": "table",
        # Right under the section's heading the form prints no caption: it would be the same words again.
        "caption": "" if grid.code or grid.caption in heading else printable(grid.caption),
        "widths": list(grid.widths),
        "size": size,
        "parts": [{"kind": kind, "level": level, "rows": rows} for kind, level, rows in _parts(block)],
        "keep": _kept_height(grid, size),
        "statutory": bool(grid.code),
        "upright": any(cell.upright for row in grid.rows for cell in row.cells),
    }


def _size(grid: Grid) -> float:
    """The size of the table's type in points: the more columns, the smaller."""
    return next((size for most, size in _SIZES if len(grid.widths) <= most), _SMALLEST)


def _kept_height(grid: Grid, size: float) -> float:
    """Points that must be left on the page for the table to begin there: its head and the first few rows.

    One with an upright label begins where its rows up to the end of the first group fit: table 3 with （一） to （三）.
    """
    first_block = sum(1 for row in grid.rows if row.block == grid.rows[0].block)
    rows = min(first_block, grid.head_rows + 3) if grid.head_rows else first_block
    if any(cell.upright for row in grid.rows for cell in row.cells):
        grouped = (
            y + c.rowspan for y, _, c in grid.placed() if y >= grid.head_rows and c.rowspan > 1 and not c.upright
        )
        rows = next(grouped, rows + 4)  # an upright label needs some of its rows beside it
    return rows * size * 1.9


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
        yield "body", 0, body


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
        "text": text if number else _parted(text, min(letters, _LONG_WORD)),
        **({"runs": _runs(styled)} if styled else {}),
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
