"""Read the characters of a PDF's page that a reader counts, each with its place."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from nianbao.ingest.borders import turned_back
from nianbao.ingest.carrier import NO_CHARACTER, has_too_many

# A page of a report has 1,500 characters; beyond this number it is none that anybody reads.
MAX_CHARACTERS = 20_000
# Letters so much larger than most, in a pale colour, may be a watermark; those that lie aslant are one.
_WATERMARK_SIZE = 1.8
_PALE = 190
_WHITE = 250
# What is no letter: blanks, marks without width, halves of pairs, what Unicode leaves to private use.
_NO_LETTERS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})
# Ink of less height (points) is that of a blank.
_SEEN = 0.1
# Letters from here on are as wide as high.
_WIDE_FROM = 0x2E80
# A character farther away than so many times the size of the one before begins anew.
_JUMP = 3.0
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
            if (text := _text_at(text_page, index)) is None:
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


def _text_at(text_page: Any, index: int) -> str | None:
    """A character; NO_CHARACTER for one that is seen and not told; None for blanks and for the second half of a pair.

    What is seen counts: a font may give no meaning to a letter or a digit, that of a blank, or one of private use.
    """
    from pypdfium2 import raw

    code = raw.FPDFText_GetUnicode(text_page, index)
    if 0xDC00 <= code < 0xE000 and 0xD800 <= raw.FPDFText_GetUnicode(text_page, index - 1) < 0xDC00:
        return None
    if 0xD800 <= code < 0xDC00 and 0xDC00 <= (low := raw.FPDFText_GetUnicode(text_page, index + 1)) < 0xE000:
        code = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00
    told = unicodedata.category(chr(code)) not in _NO_LETTERS and not raw.FPDFText_HasUnicodeMapError(text_page, index)
    if told and chr(code) != NO_CHARACTER:
        return chr(code)
    if raw.FPDFText_IsGenerated(text_page, index) or raw.FPDFText_IsHyphen(text_page, index):
        return None
    low, high = _ink(text_page, index, 0)
    return NO_CHARACTER if high - low > _SEEN else None


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
