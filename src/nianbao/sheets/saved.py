"""Owns the saving of a workbook: the parts that openpyxl makes, the rows of cells in one go, packed as fixed bytes.

May import: sheets.styles, xml_chars, zipped. openpyxl writes each cell in several calls of lxml, each sheet into a
file and all of it into a zip, of which we make another; what is no cell (styles, pages, names) is left to it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from typing import Any, cast
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.compat import safe_string
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from nianbao.sheets.styles import style_of
from nianbao.xml_chars import NOT_IN_XML
from nianbao.zipped import packed_files


def empty_workbook() -> Workbook:
    """A workbook without a sheet; openpyxl's own begins with one."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    return workbook


def save(workbook: Workbook, *, title: str, author: str, day: dt.date) -> bytes:
    """The workbook's bytes, stamped with that day: the same content always makes the same bytes.

    Its cells hold plain texts, numbers and truth values, its rows have heights: other things are not written here.
    """
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).replace(tzinfo=None)
    workbook.properties = DocumentProperties(
        title=plain(title), creator=plain(author), language="zh-CN", created=moment, modified=moment
    )
    parts = _Parts()
    _BookWriter(workbook, cast("ZipFile", parts)).write_data()
    return packed_files(parts)


def plain(text: str) -> str:
    """The text without the characters that XML has no place for; openpyxl's own list of them lacks the last ones."""
    return NOT_IN_XML.sub("", text)


class _Parts(dict[str, bytes]):
    """The parts of a workbook by name, with as much of a zip's face as the writer looks at."""

    def writestr(self, name: str, content: str | bytes) -> None:
        self[name] = content.encode() if isinstance(content, str) else content

    def namelist(self) -> list[str]:
        return list(self)


class _BookWriter(ExcelWriter):
    """openpyxl's writer without the files in between; our sheets have no drawings."""

    _archive: _Parts

    def write_worksheet(self, ws: Worksheet) -> None:
        writer = _SheetWriter(ws)
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]  # noqa: SLF001 -- as the method that this one replaces
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet: the same bytes, sooner."""

    ws: Worksheet

    def __init__(self, sheet: Worksheet) -> None:
        self._made = io.BytesIO()
        super().__init__(sheet, self._made)

    def write_rows(self) -> None:
        stream = cast("Any", self.xf.send(True))
        with stream.element("sheetData"):
            stream.flush()
            # ASCII with references, as lxml writes where no encoding is named.
            self._made.write("".join(self._rows()).encode("ascii", "xmlcharrefreplace"))
        self.xf.send(None)

    def _rows(self) -> Iterator[str]:
        cells, heights = self.ws._cells, self.ws.row_dimensions  # noqa: SLF001 -- as the method that this one replaces
        rows: dict[int, list[Cell]] = {row: [] for row in heights}
        for place in sorted(cells):
            rows.setdefault(place[0], []).append(cast("Cell", cells[place]))  # merged ones are written alike
        marks: dict[bytes, str] = {}
        for row in sorted(rows):
            given = heights.get(row)
            shown = f' ht="{safe_string(given.height)}" customHeight="1"' if given and given.height is not None else ""
            yield f'<row r="{row}"{shown}>'
            yield from _cells(rows[row], marks)
            yield "</row>"


def _cells(cells: Iterable[Cell], marks: dict[bytes, str]) -> Iterator[str]:
    """The cells of a row; ``marks`` are the attributes of the styles met, by what the styles are made of."""
    for cell in cells:
        value, kind, mark = cell.value, cell.data_type, ""
        if cell.has_style:
            key = style_of(cell).tobytes()
            if key not in marks:
                marks[key] = f' s="{cell.style_id}"'
            mark = marks[key]
        elif value is None:
            continue
        start = f'<c r="{get_column_letter(cell.column)}{cell.row}"{mark}'
        if value is None:
            yield f'{start} t="{kind}"></c>'
        elif kind == "s":
            text = str(value)
            space = ' xml:space="preserve"' if text != text.strip() else ""
            yield f'{start} t="inlineStr"><is><t{space}>{_escaped(text)}</t></is></c>'
        else:
            yield f'{start} t="{kind}"><v>{safe_string(value)}</v></c>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
