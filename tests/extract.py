"""Reads finished reports back, each format in its own way: text, and statutory cells by their codes.

Independent of the exporters: only the printed layout, derived from the form, says where a cell must stand.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import docx
import nbformat
import openpyxl
import pdfplumber
from lxml import html

from nianbao.form import EDITIONS, TABLE_MIME, layout
from nianbao.form.cells import BLANK

Rows = list[list[str]]
Cells = dict[str, str]


def bare(text: str) -> str:
    """Text without any white space and without soft hyphens or zero-width marks, as facts are compared."""
    return re.sub(r"[\s\u00ad\u200b\u2060\ufeff]+", "", text)


def cells_of(tables: Iterable[Rows], edition: str) -> Cells:
    """Statutory cells by code from expanded tables; a table counts where its labels stand as the form prints them."""
    found: Cells = {}
    for rows in tables:
        for table in EDITIONS[edition].tables:
            grid = layout(table, lambda _: BLANK, edition)
            placed = list(grid.placed())
            starts = sorted({x for _, x, _ in placed})
            if len(rows) == len(grid.rows) and {len(row) for row in rows} == {len(starts)}:
                # A web page has no column in which no cell begins.
                placed = [(y, starts.index(x), cell) for y, x, cell in placed]
            elif len(rows) != len(grid.rows) or any(len(row) != len(grid.widths) for row in rows):
                continue
            if all(bare(rows[y][x]) == bare(cell.text) for y, x, cell in placed if cell.ref is None):
                found |= {cell.ref: bare(rows[y][x]) for y, x, cell in placed if cell.ref}
    return found


def _expanded(rows: Sequence[Sequence[tuple[str, int, int]]]) -> Rows:
    """Rows of (text, rowspan, colspan) as a full rectangle in which merged cells repeat."""
    taken: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for text, rowspan, colspan in row:
            while (y, x) in taken:
                x += 1
            taken |= {(y + i, x + j): text for i in range(rowspan) for j in range(colspan)}
    width = max(x for _, x in taken) + 1
    return [[taken.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def html_text(content: bytes) -> str:
    root = html.fromstring(content.decode())
    for hidden in root.xpath("//script|//style|//svg"):
        hidden.drop_tree()
    return str(root.text_content())


def html_tables(content: bytes) -> list[Rows]:
    return [
        _expanded(
            [
                [
                    (cell.text_content(), int(cell.get("rowspan", 1)), int(cell.get("colspan", 1)))
                    for cell in row.xpath("./th|./td")
                ]
                for row in table.iter("tr")
            ]
        )
        for table in html.fromstring(content.decode()).iter("table")
    ]


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def docx_tables(content: bytes) -> list[Rows]:
    document = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def xlsx_tables(content: bytes) -> list[Rows]:
    """Each sheet from the first row that looks like a table's: what stands above it is dropped."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    tables = []
    for sheet in book.worksheets:
        merged = {
            (row, column): (area.min_row, area.min_col)
            for area in sheet.merged_cells.ranges
            for row in range(area.min_row, area.max_row + 1)
            for column in range(area.min_col, area.max_col + 1)
        }
        rows = [
            [_shown(sheet.cell(*merged.get((row, column), (row, column)))) for column in range(1, sheet.max_column + 1)]
            for row in range(1, sheet.max_row + 1)
        ]
        tables += [
            rows[start:end] for start in range(min(6, len(rows))) for end in (len(rows), len(rows) - 1, len(rows) - 2)
        ]
    return tables


def _shown(cell: openpyxl.cell.Cell) -> str:
    """What a spreadsheet program shows: the decimals and the unit that the number's format asks for."""
    unit = re.fullmatch(r'0"(.*)"', cell.number_format)
    decimals = re.fullmatch(r"0\.(0+)", cell.number_format)
    if isinstance(cell.value, int | float) and unit:
        return f"{cell.value}{unit[1]}"
    if isinstance(cell.value, int | float) and decimals:
        return f"{cell.value:.{len(decimals[1])}f}"
    return "" if cell.value is None else str(cell.value)


def pdf_text(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
    # Running page numbers stand between the lines of a paragraph that goes over the page.
    return re.sub(r"^\s*—\s*\d+\s*—\s*$", "", text, flags=re.MULTILINE)


def pdf_cells(content: bytes, edition: str) -> Cells:
    """Statutory cells of a PDF, line by line: the values of each ruled row, in the form's order.

    Page breaks cut tables and repeat their heads, so rows are matched to the form by the labels before the values.
    """
    with pdfplumber.open(io.BytesIO(content)) as document:
        rows = [
            [bare(cell or "") for cell in row]
            for page in document.pages
            for table in page.extract_tables()
            for row in table
        ]
    found: Cells = {}
    wanted = []
    for table in EDITIONS[edition].tables:
        by_row: dict[int, tuple[list[str], list[str]]] = {}
        for y, _, cell in layout(table, lambda _: BLANK, edition).placed():
            labels, refs = by_row.setdefault(y, ([], []))
            (refs if cell.ref else labels).append(cell.ref or bare(cell.text))
        wanted += [(labels[-1] if labels else "", refs) for labels, refs in by_row.values() if refs]
    heads = {bare(column.label) for table in EDITIONS[edition].tables for column in table.columns.values()}
    start = 0
    for label, refs in wanted:
        for index in range(start, len(rows)):
            values = [cell for cell in rows[index] if cell][-len(refs) :]
            before = [cell for cell in rows[index] if cell][: -len(refs)]
            labelled = before[-1:] == [label] if label else not before and not heads & {*values}
            if len(values) == len(refs) and labelled:
                found |= dict(zip(refs, values, strict=True))
                start = index + 1
                break
    return found


def notebook_tables(text: str) -> Cells:
    cells: Cells = {}
    for cell in nbformat.reads(text, as_version=4).cells:
        for output in cell.get("outputs", ()):
            for row in output.get("data", {}).get(TABLE_MIME, {}).get("rows", ()):
                cells |= {item["ref"]: item["text"] for item in row["cells"] if item.get("ref")}
    return cells
