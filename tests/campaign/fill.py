"""Fill a unit's workbook as a clerk does, through openpyxl, and let LibreOffice open, reckon and save it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from looks import converted
from nianbao.form import TABLE_NAMES, CellRef, Edition
from nianbao.inputs.workbook import read_book


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def places(content: bytes, edition: Edition) -> dict[CellRef, tuple[str, str]]:
    """Where each cell of the form stands in an unspoilt workbook: sheet and address."""
    book = read_book(content, "report.xlsx")
    found = {}
    for table in edition.tables:
        cells, issues = book.table(edition, table)
        assert issues == []
        assert set(cells) == set(table.cells)
        for ref, cell in cells.items():
            sheet, _, address = str(cell.source.place).partition("!")
            found[ref] = (sheet, address)
    return found


def fill(content: bytes, edition: Edition, values: Mapping[CellRef, object]) -> Workbook:
    """The workbook with these values typed into its cells; its totals stay formulas."""
    at = places(content, edition)
    book = opened(content)
    for ref, value in values.items():
        sheet, address = at[ref]
        if not str(book[sheet][address].value or "").startswith("="):
            book[sheet][address].value = value
    return book


def sheet_of(book: Workbook, table: str) -> Worksheet:
    return book[TABLE_NAMES[table]]


def recalculated(contents: Sequence[bytes], folder: Path) -> list[bytes]:
    """The workbooks as LibreOffice, started once, reckons and saves them."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [folder / f"{number}.xlsx" for number in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    return [path.read_bytes() for path in converted(folder, "xlsx", *sources)]
