"""Read PDF: characters, drawn borders and ruled tables by their place on the page, through PDFium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from nianbao.errors import IngestError
from nianbao.ingest.borders import RuledTable, Stroke, tables_of
from nianbao.ingest.carrier import NO_CHARACTER, OVER_BORDER, Carrier, Line, Place, bounded, has_too_many, is_locked
from nianbao.ingest.glyphs import Char, characters_of
from nianbao.ingest.placing import Layer, in_cells, layers_of
from nianbao.ingest.printed import cell_text, counting, joined, rows_of, without_struck
from nianbao.ingest.watermark import Mark, content_and_marks, uncertain

# A report has about ten pages, a yearbook a hundred.
MAX_PAGES = 200
# A page of a report has some 300 strokes; a page beyond its limit is none that anybody reads, and has none.
MAX_STROKES = 100_000
MAX_STROKES_OF_A_PAGE = 20_000
# A border is not thicker than this (points).
_THICKEST = 3.0
# Fewer characters than this in a whole file, with pictures in it, are a scan's.
_LEAST_TEXT = 40
# Where more of the text than this cannot be told, nothing of it is worth reading.
_MOST_UNTOLD = 0.5
# The outer part of a page's height in which a number alone is the page's.
_MARGIN = 0.1


def read_pdf(content: bytes, where: str) -> Carrier:
    """The lines of a PDF with text; IngestError for a scan, a locked or a damaged one."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _unreadable(str(error), where) from error
    try:
        if len(document) > MAX_PAGES:
            raise has_too_many(f"{MAX_PAGES} pages", where)
        reader = _Reader(document)
        lines = bounded(reader.lines(), where, may_be_empty=True)
    except pdfium.PdfiumError as error:
        raise _unreadable(str(error), where) from error
    finally:
        document.close()
    length = sum(len(line.text) for line in lines)
    if length and sum(line.text.count(NO_CHARACTER) for line in lines) > _MOST_UNTOLD * length:
        raise IngestError(
            "has letters that no program can tell: its fonts do not say which they are",
            where=where,
            hint="give the document it was made from, or save it as a PDF anew with all fonts in it",
            zh="文字无法识别：PDF的字体没有给出各字的编码，请提供原文档，或嵌入全部字体后重新另存为PDF",
        )
    if length < _LEAST_TEXT:
        what = "is a scan: its pages are pictures" if reader.pictures else "holds no text"
        hint, zh = (
            "give the document it was made from, or a PDF with text",
            "是扫描件或没有文字的PDF，请提供原文档或文字版PDF",
        )
        raise IngestError(what, where=where, hint=hint, zh=zh)
    unsure = tuple((mark.line, Place(mark.page), mark.text) for mark in uncertain(reader.marks))
    return Carrier("pdf", lines, tuple(reader.pictures), unsure=unsure)


def _unreadable(why: str, where: str) -> IngestError:
    if "assword" in why:
        return is_locked(where)
    hint, zh = "it may be cut short; get the file anew", "不是可以读取的PDF，文件可能不完整，请重新获取"
    return IngestError(f"is no PDF that can be read: {why}", where=where, hint=hint, zh=zh)


class _Reader:
    """Reads page by page; ``pictures`` are the positions of pictures among the lines, ``marks`` are watermarks."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pictures: list[tuple[int, Place]] = []
        self.marks: list[Mark] = []
        self._count = 0
        self._strokes = 0
        self._tables = 0

    def lines(self) -> Iterator[Line]:
        """All lines of all pages, in reading order."""
        for number in range(len(self.document)):
            page = self.document[number]
            try:
                for line in self._page(page, number + 1):
                    self._count += 1
                    yield line
            finally:
                page.close()

    def _page(self, page: Any, number: int) -> Iterator[Line]:
        characters, large = characters_of(page)
        strokes, pictures = drawings_of(page)
        self._strokes += len(strokes)
        if self._strokes > MAX_STROKES:
            raise has_too_many(f"{MAX_STROKES:,} strokes")
        if large:
            content, marks = content_and_marks(large, characters, strokes, number, self._count)
            characters += content
            self.marks += marks
        # Tables and lines in the order of the page; what lies on its side stands together where its upper edge is.
        placed: list[tuple[float, int, _Block]] = []
        for layer in layers_of(characters, strokes):
            blocks = sorted(_blocks(layer, page.get_height()), key=lambda block: -block[0])
            placed += [(y if layer.top is None else layer.top, index, one) for index, (y, one) in enumerate(blocks)]
        if pictures:
            lines = sum(isinstance(block, list) for _, _, block in placed)
            self.pictures.append((self._count + lines, Place(page=number)))
        count = 0
        for _, _, block in sorted(placed, key=lambda block: (-block[0], block[1])):
            if isinstance(block, list):
                count += 1
                yield Line((joined(block),), (Place(number, count),))
            else:
                yield from self._table(*block, number)

    def _table(self, table: RuledTable, texts: dict[int, str], page: int) -> Iterator[Line]:
        self._tables += 1
        rows: dict[int, list[tuple[str, Place]]] = {}
        for key, box in table.boxes.items():
            place = Place(page, None, f"table {self._tables} row {box.row + 1} cell {box.column + 1}")
            rows.setdefault(box.row, []).append((texts.get(key, ""), place))
        for cells in rows.values():
            if len(cells) == 1:
                yield Line((cells[0][0],), (cells[0][1],))
            else:
                yield Line(tuple(text for text, _ in cells), tuple(place for _, place in cells), ruled=True)


# A printed line, or a table with the texts of its cells.
_Block = list[Char] | tuple[RuledTable, dict[int, str]]


def _blocks(layer: Layer, height: float) -> Iterator[tuple[float, _Block]]:
    """The tables of a layer and the lines around them, each with the height at which it stands."""
    characters, strokes = without_struck(list(layer.characters), list(layer.strokes))
    tables = tables_of(strokes)
    placed = in_cells(characters, tables)
    texts: list[dict[int, str]] = [{} for _ in tables]
    for (index, cell), held in placed.inside.items():
        texts[index][cell] = cell_text(held, placed.apart)
    for index, cell in placed.unsure:
        texts[index][cell] = OVER_BORDER
    for table, cells in zip(tables, texts, strict=True):
        yield table.top, (table, cells)
    for row in map(counting, rows_of(placed.outside)):
        if row and not (layer.top is None and _is_page_number(row, height)):
            yield row[0].middle, row


def _is_page_number(row: list[Char], height: float) -> bool:
    text = "".join(character.text for character in row).strip("-－—–― ")
    outer = row[0].middle < _MARGIN * height or row[0].middle > (1 - _MARGIN) * height
    return outer and text.isdigit() and len(text) <= 3


def drawings_of(page: Any) -> tuple[list[Stroke], bool]:
    """The borders that are drawn on a page, and whether there is a picture on it."""
    from pypdfium2 import raw

    strokes: list[Stroke] = []
    pictures = False
    for drawn in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE), max_depth=4):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
            continue
        strokes += _strokes(drawn)
        if len(strokes) > MAX_STROKES_OF_A_PAGE:
            return [], pictures
    return strokes, pictures


def _strokes(drawn: Any) -> list[Stroke]:
    from pypdfium2 import raw

    fill, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(drawn, fill, stroked)
    matrix = drawn.get_matrix()
    container = getattr(drawn, "container", None)
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = getattr(container, "container", None)
    paths = _paths(drawn, matrix)
    found: list[Stroke] = []
    for points in paths:
        thin = _thin(points)
        if thin is not None:
            found.append(thin)
        elif stroked.value:
            found += [stroke for one, two in pairwise(points) if (stroke := _line(one, two)) is not None]
    return found


def _paths(drawn: Any, matrix: Any) -> list[list[tuple[float, float]]]:
    """The corners of each part of a path on the page; curves count as straight."""
    from pypdfium2 import raw

    paths: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(drawn), MAX_STROKES_OF_A_PAGE)):
        segment = raw.FPDFPath_GetPathSegment(drawn, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([point])
        else:
            paths[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _thin(points: list[tuple[float, float]]) -> Stroke | None:
    """A border drawn as a narrow filled box."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    bottom, top = min(y for _, y in points), max(y for _, y in points)
    if right - left <= _THICKEST < top - bottom:
        return Stroke(True, (left + right) / 2, bottom, top)
    if top - bottom <= _THICKEST < right - left:
        return Stroke(False, (bottom + top) / 2, left, right)
    return None


def _line(one: tuple[float, float], two: tuple[float, float]) -> Stroke | None:
    (x1, y1), (x2, y2) = one, two
    if abs(x1 - x2) <= 1 < abs(y1 - y2):
        return Stroke(True, x1, min(y1, y2), max(y1, y2))
    if abs(y1 - y2) <= 1 < abs(x1 - x2):
        return Stroke(False, y1, min(x1, x2), max(x1, x2))
    return None
