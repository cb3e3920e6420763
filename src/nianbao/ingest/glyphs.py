"""Read the characters of a PDF's page that a reader counts, and put them together to lines of text."""

from __future__ import annotations

import ctypes
import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Any

from nianbao.ingest.borders import Stroke, turned_back
from nianbao.ingest.carrier import has_too_many

# A page of a report has 1,500 characters; beyond this number it is none that anybody reads.
MAX_CHARACTERS = 20_000
# A gap this wide, in units of the character's size, stands between two words.
_GAP = 0.45
# A cell with more characters than this holds sentences.
_LONGEST_CELL = 400
# A digit whose ink is smaller than its neighbour's and begins higher by this share of it is a note's mark. (Old-style
# digits, which reach below the line, differ by less.)
_RAISED_SIZE = 0.9
_RAISED_BY = 0.35
# Letters so much larger than most, in a pale colour, may be a watermark; those that lie aslant are one.
_WATERMARK_SIZE = 1.8
_PALE = 190
_WHITE = 250
_UNKNOWN = "\ufffd"
# Letters from here on are as wide as high.
_WIDE_FROM = 0x2E80
# A character farther away than so many times the size of the one before begins anew.
_JUMP = 3.0
_BRACKETS = frozenset("[]()［］（）〔〕【】")
_ASLANT = 0.05
_QUARTER = math.pi / 2
# A character drawn again within this distance (points) is the same one: no two of a size that is read stand so near.
_SHADOW = 0.8


@dataclass(frozen=True, slots=True)
class Char:
    """A character with its box in points; ``ink``: of a digit or a pale one, its own height as drawn, from and to.

    ``white``: it can be seen on a coloured ground only. ``quarter``: how often it is turned by 90° clockwise.
    ``piece``: of digits, the same for those that were written in one go.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    white: bool = False
    ink: tuple[float, float] = (0, 0)
    quarter: int = 0
    piece: int = 0

    @property
    def size(self) -> float:
        """The height of its box."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.bottom + self.top) / 2

    def upright(self, quarter: int) -> Char:
        """The character where it stands once the page is turned back by so many quarters."""
        (left, bottom), (right, top) = turned_back((self.left, self.bottom), (self.right, self.top), quarter)
        return replace(self, left=left, bottom=bottom, right=right, top=top, quarter=(self.quarter - quarter) % 4)


def characters_of(page: Any) -> tuple[list[Char], list[Char]]:
    """The visible characters of a page with their boxes, and apart from them the large pale ones: perhaps a watermark.

    What lies aslant is a watermark and left out.
    """
    from pypdfium2 import raw

    text_page = page.get_textpage()
    try:
        box = raw.FS_RECTF()
        found: list[Char] = []
        pale: list[Char] = []
        unseen: list[Char] = []
        count = text_page.count_chars()
        if count > MAX_CHARACTERS:
            raise has_too_many(f"{MAX_CHARACTERS:,} characters on a page")
        for index in range(count):
            code = raw.FPDFText_GetUnicode(text_page, index)
            if 0 < code <= 32 or code in {0xA0, 0x3000, 0xFFFE, 0xFFFF, 0xAD} or 0xD800 <= code < 0xE000:
                continue
            angle = raw.FPDFText_GetCharAngle(text_page, index)
            if _is_aslant(angle):
                continue
            quarter = round(angle / _QUARTER) % 4
            # The loose box is as high as the font: dots and brackets lie on the line of their neighbours.
            raw.FPDFText_GetLooseCharBox(text_page, index, box)
            if not _goes_on(box, found) and (moved := _where_written(text_page, index)):
                box.left, box.bottom, box.right, box.top = moved
            darkest = _darkest(text_page, index)
            # What the font gives no character for is shown as such: a digit may be among it.
            text = chr(code) if code else _UNKNOWN
            ink = _ink(text_page, index, quarter) if text.isdecimal() or darkest >= _PALE else (0, 0)
            piece = _piece(text_page, index) if text.isdecimal() else 0
            character = Char(text, box.left, box.bottom, box.right, box.top, darkest >= _WHITE, ink, quarter, piece)
            if _is_unseen(text_page, index):
                unseen.append(character)
            else:
                (pale if darkest >= _PALE else found).append(character)
        if len(unseen) > len(found):
            # The text of a scan, laid invisibly over its picture.
            found += unseen
        usual = median(character.size for character in found) if found else 0
        large = [one for one in pale if usual and one.size >= _WATERMARK_SIZE * usual]
        small = [one for one in pale if not usual or one.size < _WATERMARK_SIZE * usual]
        return _once([*found, *small]), _once(large)
    finally:
        text_page.close()


def _goes_on(box: Any, found: list[Char]) -> bool:
    """Whether a box stands in the line of the character before and near it."""
    if not found:
        return False
    before, height = found[-1], box.top - box.bottom
    level = abs(before.middle - (box.top + box.bottom) / 2) < height / 2 and height < _JUMP * before.size
    return bool(level and -before.size < box.left - before.right < _JUMP * before.size)


def _where_written(text_page: Any, index: int) -> tuple[float, float, float, float] | None:
    """Where a character stands by its text's own matrix, if that is not where PDFium says; None otherwise.

    PDFium forgets the scale of the page for single characters of Type 3 fonts, as browsers write them.
    """
    from pypdfium2 import raw

    matrix, x, y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
    if not raw.FPDFText_GetMatrix(text_page, index, matrix) or matrix.b or matrix.c:
        return None
    raw.FPDFText_GetCharOrigin(text_page, index, x, y)
    em = abs(raw.FPDFText_GetFontSize(text_page, index) * matrix.a)
    if math.hypot(x.value - matrix.e, y.value - matrix.f) <= em or not _is_alone(text_page, index):
        return None
    wide = raw.FPDFText_GetUnicode(text_page, index) >= _WIDE_FROM
    return matrix.e, matrix.f - 0.12 * em, matrix.e + (em if wide else 0.6 * em), matrix.f + 0.88 * em


def _is_alone(text_page: Any, index: int) -> bool:
    """Whether a character is the only one of its piece of text: others stand behind the piece's origin."""
    own = _piece(text_page, index)
    return own not in {0, _piece(text_page, index - 1), _piece(text_page, index + 1)}


def _piece(text_page: Any, index: int) -> int:
    """A number for the piece of text that a character is of; 0 where there is none."""
    from pypdfium2 import raw

    return ctypes.cast(raw.FPDFText_GetTextObject(text_page, index), ctypes.c_void_p).value or 0


def _once(characters: list[Char]) -> list[Char]:
    """The characters without those that are drawn once more in their place, for a shadow or a bolder look."""
    seen: dict[tuple[str, int, int], list[Char]] = {}
    kept: list[Char] = []
    for one in characters:
        x, y = int(one.left), int(one.bottom)
        near = (other for i in (x - 1, x, x + 1) for j in (y - 1, y, y + 1) for other in seen.get((one.text, i, j), ()))
        if not any(max(abs(other.left - one.left), abs(other.bottom - one.bottom)) < _SHADOW for other in near):
            seen.setdefault((one.text, x, y), []).append(one)
            kept.append(one)
    return kept


def _ink(text_page: Any, index: int, quarter: int) -> tuple[float, float]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    (_, low), (_, high) = turned_back((left.value, bottom.value), (right.value, top.value), quarter)
    return low, high


def _is_unseen(text_page: Any, index: int) -> bool:
    """Whether a character is there to be found, not to be seen."""
    from pypdfium2 import raw

    drawn = raw.FPDFText_GetTextObject(text_page, index)
    return bool(drawn) and raw.FPDFTextObj_GetTextRenderMode(drawn) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _is_aslant(angle: float) -> bool:
    """Whether text lies neither level nor upright (radians)."""
    return min(angle % _QUARTER, _QUARTER - angle % _QUARTER) > _ASLANT


def _darkest(text_page: Any, index: int) -> int:
    """The lowest of a character's red, green and blue as seen on white; 255 where nothing of it is seen."""
    from pypdfium2 import raw

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha):
        return 0
    return 255 - (255 - min(red.value, green.value, blue.value)) * alpha.value // 255


def without_struck(characters: list[Char], strokes: list[Stroke]) -> tuple[list[Char], list[Stroke]]:
    """The characters through whose middle no line is drawn, and the strokes that are no such lines."""
    level = sorted((stroke for stroke in strokes if not stroke.upright), key=lambda stroke: stroke.at)
    heights = [stroke.at for stroke in level]
    kept: list[Char] = []
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


def rows_of(characters: list[Char]) -> list[list[Char]]:
    """The characters in printed lines from the top, each from the left."""
    rows: list[list[Char]] = []
    for character in sorted(characters, key=lambda one: (-one.middle, one.left)):
        size = max(character.top - character.bottom, character.right - character.left, 4.0)
        # Commas and dots hang low: the line's first characters need not be as high as its others.
        if rows and abs(_level(rows[-1]) - character.middle) <= 0.55 * size:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _level(row: list[Char]) -> float:
    tallest = max(row, key=lambda one: one.top - one.bottom)
    return tallest.middle


def joined(row: list[Char]) -> str:
    """A printed line as text, with a space where a gap is too wide to be within a word."""
    parts = [row[0].text]
    for before, character in pairwise(row):
        size = max(before.top - before.bottom, character.top - character.bottom, character.right - character.left)
        if character.left - before.right > _GAP * size:
            parts.append(" ")
        parts.append(character.text)
    return "".join(parts)


def cell_text(characters: list[Char]) -> str:
    """The lines of a cell as one text; two numbers below each other stay two."""
    text = ""
    for row in rows_of(counting(characters)):
        line = joined(row)
        apart = text[-1:].isascii() and line[:1].isascii() and text
        text = f"{text} {line}" if apart else text + line
    return text


def counting(characters: list[Char]) -> list[Char]:
    """A cell's characters without marks above the line and without white ones beside others."""
    if not characters:
        return characters
    if not all(one.white for one in characters):
        characters = [one for one in characters if not one.white]
    digits = [one for one in characters if one.text.isdecimal()]
    if len(digits) > _LONGEST_CELL or not digits:
        return characters
    raised = [one for one in digits if _is_raised(one, digits)]
    return [one for one in characters if one not in raised and not _embraces(one, raised)]


def _embraces(one: Char, raised: list[Char]) -> bool:
    """Whether a bracket stands about a raised mark: as high and as large as it, next to it."""
    return one.text in _BRACKETS and any(
        abs(one.middle - mark.middle) <= mark.size / 4
        and one.size <= 1.25 * mark.size
        and min(abs(one.right - mark.left), abs(mark.right - one.left)) <= mark.size / 2
        for mark in raised
    )


def _is_raised(digit: Char, others: list[Char]) -> bool:
    """Whether a small digit stands behind a larger one, higher than it."""
    bottom, top = digit.ink
    for other in others:
        height = other.ink[1] - other.ink[0]
        near = other.left < digit.left < other.right + height
        higher = bottom - other.ink[0] >= _RAISED_BY * height and other.ink[0] + 0.6 * height < top < other.top + height
        if near and higher and top - bottom <= _RAISED_SIZE * height:
            return True
    return False
