"""Read PDF: characters and ruled tables by their place on the page, through PDFium.

May import: errors, ingest.carrier, ingest.ruling.
"""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from nianbao.errors import IngestError
from nianbao.ingest.carrier import Carrier, Line, Place, bounded
from nianbao.ingest.ruling import Ruled, Stroke, tables_of

# A report has about ten pages, a yearbook a hundred.
MAX_PAGES = 200
# A page of a report has 1,500 characters and 300 strokes; beyond these it is no page that anybody reads.
MAX_CHARACTERS = 50_000
MAX_STROKES = 20_000
# Fewer characters than this in a whole file, with pictures in it, are a scan's.
_LEAST_TEXT = 40
# A border is not thicker than this (points).
_THICKEST = 3.0
# The outer part of a page's height in which a number alone is the page's.
_MARGIN = 0.1
# A gap this wide, in units of the character's size, stands between two words.
_GAP = 0.45


# A cell with more characters than this holds sentences.
_LONGEST_CELL = 400
# A digit whose ink is smaller than its neighbour's and begins higher by this share of it is a note's mark. (Old-style
# digits, which reach below the line, differ by less.)
_RAISED_SIZE = 0.9
_RAISED_BY = 0.35
# Letters so much larger than most, in a pale colour, are a watermark; so are those that lie aslant.
_WATERMARK_SIZE = 1.8
_PALE = 190
_WHITE = 250
_UNKNOWN = "\ufffd"
_ASLANT = 0.05


@dataclass(frozen=True, slots=True)
class _Char:
    """A character with its box in points; ``ink``: of a digit, from where to where it is drawn in height.

    ``white``: it can be seen on a coloured ground only.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    white: bool = False
    ink: tuple[float, float] = (0, 0)

    @property
    def size(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


def read_pdf(content: bytes, where: str) -> Carrier:
    """The lines of a PDF with text; IngestError for a scan, a locked or a damaged one."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise _unreadable(str(error), where) from error
    try:
        if len(document) > MAX_PAGES:
            raise IngestError(
                f"has {len(document)} pages, more than {MAX_PAGES}", where=where, hint="give the report alone"
            )
        reader = _Reader(document)
        lines = bounded(reader.lines(), where)
    except pdfium.PdfiumError as error:
        raise _unreadable(str(error), where) from error
    finally:
        document.close()
    if sum(len(line.text) for line in lines) < _LEAST_TEXT:
        what = "is a scan: its pages are pictures" if reader.pictures else "holds no text"
        raise IngestError(what, where=where, hint="give the document it was made from, or a PDF with text")
    return Carrier("pdf", lines, tuple(reader.pictures))


def _unreadable(why: str, where: str) -> IngestError:
    if "assword" in why:
        return IngestError("is protected by a password", where=where, hint="save it without one")
    return IngestError(f"is no PDF that can be read: {why}", where=where, hint="it may be cut short; get the file anew")


class _Reader:
    """Reads page by page; ``pictures`` are the positions of pictures among the lines."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pictures: list[tuple[int, Place]] = []
        self._count = 0
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
        characters = _characters(page)
        strokes, pictures = _drawings(page)
        characters, strokes = _without_struck(characters, strokes)
        tables = tables_of(strokes)
        inside: dict[tuple[int, int], list[_Char]] = {}
        outside: list[_Char] = []
        for character in characters:
            place = _cell_of(tables, character)
            if place is None:
                outside.append(character)
            else:
                inside.setdefault(place, []).append(character)
        height = page.get_height()
        rows = [line for row in _rows_of(outside) if (line := _counting(row))]
        printed = [(line[0].middle, line) for line in rows if not _is_page_number(line, height)]
        # Tables and lines in the order of the page; a table stands where its upper edge is.
        blocks: list[tuple[float, int, Any]] = [(y, index, line) for index, (y, line) in enumerate(printed)]
        blocks += [(table.top, -1 - index, table) for index, table in enumerate(tables)]
        if pictures:
            self.pictures.append((self._count + len(printed), Place(page=number)))
        count = 0
        for _, index, block in sorted(blocks, key=lambda item: (-item[0], item[1])):
            if index < 0:
                yield from self._table(block, inside, -1 - index, number)
            else:
                count += 1
                yield Line((_joined(block),), (Place(number, count),))

    def _table(self, table: Ruled, inside: dict[tuple[int, int], list[_Char]], index: int, page: int) -> Iterator[Line]:
        self._tables += 1
        rows: dict[int, list[tuple[str, Place]]] = {}
        for key, box in table.boxes.items():
            text = _cell_text(inside.get((index, key), []))
            place = Place(page, None, f"table {self._tables} row {box.row + 1} cell {box.column + 1}")
            rows.setdefault(box.row, []).append((text, place))
        for cells in rows.values():
            if len(cells) == 1:
                yield Line((cells[0][0],), (cells[0][1],))
            else:
                yield Line(tuple(text for text, _ in cells), tuple(place for _, place in cells), ruled=True)


def _cell_of(tables: list[Ruled], character: _Char) -> tuple[int, int] | None:
    x = (character.left + character.right) / 2
    for index, table in enumerate(tables):
        cell = table.cell_at(x, character.middle)
        if cell is not None:
            return index, cell
    return None


def _characters(page: Any) -> list[_Char]:
    """The visible characters of a page with their boxes, without those of watermarks."""
    from pypdfium2 import raw

    text_page = page.get_textpage()
    try:
        box = raw.FS_RECTF()
        found: list[_Char] = []
        pale: list[_Char] = []
        for index in range(min(text_page.count_chars(), MAX_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text_page, index)
            if 0 < code <= 32 or code in {0xA0, 0x3000, 0xFFFE, 0xFFFF, 0xAD} or 0xD800 <= code < 0xE000:
                continue
            if _is_aslant(raw.FPDFText_GetCharAngle(text_page, index)):
                continue
            # The loose box is as high as the font: dots and brackets lie on the line of their neighbours.
            raw.FPDFText_GetLooseCharBox(text_page, index, box)
            darkest = _darkest(text_page, index)
            # What the font gives no character for is shown as such: a digit may be among it.
            text = chr(code) if code else _UNKNOWN
            ink = _ink(text_page, index) if text.isdecimal() else (0, 0)
            character = _Char(text, box.left, box.bottom, box.right, box.top, darkest >= _WHITE, ink)
            (pale if darkest >= _PALE else found).append(character)
        usual = median(character.size for character in found) if found else 0
        return found + [one for one in pale if not usual or one.size < _WATERMARK_SIZE * usual]
    finally:
        text_page.close()


def _ink(text_page: Any, index: int) -> tuple[float, float]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return bottom.value, top.value


def _is_aslant(angle: float) -> bool:
    """Whether text lies neither level nor upright (radians)."""
    quarter = math.pi / 2
    return min(angle % quarter, quarter - angle % quarter) > _ASLANT


def _darkest(text_page: Any, index: int) -> int:
    """The lowest of a character's red, green and blue; 255 where nothing of it is seen."""
    from pypdfium2 import raw

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha):
        return 0
    return min(red.value, green.value, blue.value) if alpha.value else 255


def _without_struck(characters: list[_Char], strokes: list[Stroke]) -> tuple[list[_Char], list[Stroke]]:
    """The characters through whose middle no line is drawn, and the strokes that are no such lines."""
    level = sorted((stroke for stroke in strokes if not stroke.upright), key=lambda stroke: stroke.at)
    heights = [stroke.at for stroke in level]
    kept: list[_Char] = []
    through: set[int] = set()
    for character in characters:
        third = character.size / 3
        first = bisect_left(heights, character.bottom + third)
        last = bisect_right(heights, character.top - third)
        middle = (character.left + character.right) / 2
        crossing = [place for place in range(first, last) if level[place].start <= middle <= level[place].end]
        through.update(crossing)
        if not crossing:
            kept.append(character)
    lines = {id(level[place]) for place in through}
    return kept, [stroke for stroke in strokes if id(stroke) not in lines]


def _drawings(page: Any) -> tuple[list[Stroke], bool]:
    """The borders that are drawn on a page, and whether there is a picture on it."""
    from pypdfium2 import raw

    strokes: list[Stroke] = []
    pictures = False
    for drawn in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE), max_depth=4):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
            continue
        strokes += _strokes(drawn)
        if len(strokes) > MAX_STROKES:
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
    for index in range(min(raw.FPDFPath_CountSegments(drawn), MAX_STROKES)):
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


def _rows_of(characters: list[_Char]) -> list[list[_Char]]:
    """The characters in printed lines from the top, each from the left."""
    rows: list[list[_Char]] = []
    for character in sorted(characters, key=lambda one: (-one.middle, one.left)):
        size = max(character.top - character.bottom, character.right - character.left, 4.0)
        # Commas and dots hang low: the line's first characters need not be as high as its others.
        if rows and abs(_level(rows[-1]) - character.middle) <= 0.55 * size:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _level(row: list[_Char]) -> float:
    tallest = max(row, key=lambda one: one.top - one.bottom)
    return tallest.middle


def _joined(row: list[_Char]) -> str:
    """A printed line as text, with a space where a gap is too wide to be within a word."""
    parts = [row[0].text]
    for before, character in pairwise(row):
        size = max(before.top - before.bottom, character.top - character.bottom, character.right - character.left)
        if character.left - before.right > _GAP * size:
            parts.append(" ")
        parts.append(character.text)
    return "".join(parts)


def _cell_text(characters: list[_Char]) -> str:
    """The lines of a cell as one text; two numbers below each other stay two."""
    text = ""
    for row in _rows_of(_counting(characters)):
        line = _joined(row)
        apart = text[-1:].isascii() and line[:1].isascii() and text
        text = f"{text} {line}" if apart else text + line
    return text


def _counting(characters: list[_Char]) -> list[_Char]:
    """A cell's characters without marks above the line and without white ones beside others."""
    if not characters:
        return characters
    if not all(one.white for one in characters):
        characters = [one for one in characters if not one.white]
    digits = [one for one in characters if one.text.isdecimal()]
    if len(digits) > _LONGEST_CELL or not digits:
        return characters
    return [one for one in characters if not (one.text.isdecimal() and _is_raised(one, digits))]


def _is_raised(digit: _Char, others: list[_Char]) -> bool:
    """Whether a small digit stands behind a larger one, higher than it."""
    bottom, top = digit.ink
    for other in others:
        height = other.ink[1] - other.ink[0]
        near = other.left < digit.left < other.right + height
        higher = bottom - other.ink[0] >= _RAISED_BY * height and other.ink[0] + 0.6 * height < top < other.top + height
        if near and higher and top - bottom <= _RAISED_SIZE * height:
            return True
    return False


def _is_page_number(row: list[_Char], height: float) -> bool:
    text = "".join(character.text for character in row).strip("-－—–― ")
    outer = row[0].middle < _MARGIN * height or row[0].middle > (1 - _MARGIN) * height
    return outer and text.isdigit() and len(text) <= 3
