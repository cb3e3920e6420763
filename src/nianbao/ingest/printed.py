"""Put the characters of a PDF's page together to lines of text and to the texts of cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from itertools import pairwise

from nianbao.ingest.borders import Stroke
from nianbao.ingest.glyphs import Char

# A gap this wide, in units of the character's size, stands between two words.
_GAP = 0.45
# A cell with more characters than this holds sentences.
_LONGEST_CELL = 400
# A digit whose ink is smaller than its neighbour's and begins higher by this share of it is a note's mark. (Old-style
# digits, which reach below the line, differ by less.)
_RAISED_SIZE = 0.9
_RAISED_BY = 0.35
_BRACKETS = frozenset("[]()［］（）〔〕【】")


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


def joined(row: list[Char], apart: Collection[int] = ()) -> str:
    """A printed line as text, with a space where a gap is too wide to be within a word, and before those ``apart``."""
    parts = [row[0].text]
    for before, character in pairwise(row):
        size = max(before.top - before.bottom, character.top - character.bottom, character.right - character.left)
        if character.left - before.right > _GAP * size or id(character) in apart:
            parts.append(" ")
        parts.append(character.text)
    return "".join(parts)


def cell_text(characters: list[Char], numbers: Collection[int] = ()) -> str:
    """The lines of a cell as one text; two numbers below each other stay two, as do those that begin ``numbers``."""
    text = ""
    for row in rows_of(counting(characters)):
        line = joined(row, numbers)
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
