"""Tell watermarks on the pages of a PDF from large pale text that is content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nianbao.ingest.borders import SNAP, RuledTable, Stroke, cell_at, tables_of
from nianbao.ingest.glyphs import Char
from nianbao.ingest.printed import joined, rows_of

# A watermark that is set by hand on each page stands within so many points of the same place.
_SAME_PLACE = 10
# A finding quotes so much of a text.
_QUOTED = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """Large pale text that was left out, with its page and the line of the file above which it stands.

    ``crossing``: so much of it lies across other text or level borders that it can only be a watermark. Over an upright
    border a number runs that is too wide for its cell, too.
    """

    text: str
    page: int
    line: int
    left: float
    bottom: float
    crossing: bool


def content_and_marks(
    large: Sequence[Char], others: Sequence[Char], strokes: Sequence[Stroke], page: int, line: int
) -> tuple[list[Char], list[Mark]]:
    """The large pale characters of a page that are content, and the rows of them that are taken for watermarks.

    Content is a row whose characters all stand upright within cells of tables, clear of borders and of other text.
    """
    tables = tables_of(strokes)
    content: list[Char] = []
    marks: list[Mark] = []
    for row in rows_of(list(large)):
        crossing = [one for one in row if _crosses(one, tables, others)]
        if not crossing and all(not one.quarter and cell_at(tables, *_middle_of(one)) for one in row):
            content += row
        else:
            left, bottom = row[0].left, min(one.bottom for one in row)
            through = sum(_lies_across(one, tables, others) for one in row)
            marks.append(Mark(joined(row)[:_QUOTED], page, line, left, bottom, 2 * through >= len(row)))
    return content, marks


def uncertain(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The texts left out that may be no watermark: clear of most else, and on no other page at the same place."""
    pages: dict[tuple[str, int, int], set[int]] = {}
    for mark in marks:
        for place in _places(mark):
            pages.setdefault(place, set()).add(mark.page)
    for mark in marks:
        if not mark.crossing and all(len(pages[place]) < 2 for place in _places(mark)):
            yield mark


def _places(mark: Mark) -> Iterable[tuple[str, int, int]]:
    """Where it stands, on two grids: what lies near a line of one lies between those of the other."""
    half = _SAME_PLACE / 2
    for shift in (0.0, half):
        yield mark.text, int((mark.left + shift) // _SAME_PLACE), int((mark.bottom + shift) // _SAME_PLACE)


def _middle_of(one: Char) -> tuple[float, float]:
    return (one.left + one.right) / 2, sum(one.ink) / 2


def _crosses(one: Char, tables: Sequence[RuledTable], others: Sequence[Char]) -> bool:
    """Whether a border runs through a character, or another character stands in it."""
    y = _middle_of(one)[1]
    # Letters may touch the borders of their cell.
    left, right = (cell_at(tables, x, y) for x in (one.left + SNAP, one.right - SNAP))
    return left != right or _lies_across(one, tables, others)


def _lies_across(one: Char, tables: Sequence[RuledTable], others: Sequence[Char]) -> bool:
    """Whether a level border runs through a character, or another character stands in it."""
    low, high = one.ink
    if any(one.left < (other.left + other.right) / 2 < one.right and low < other.middle < high for other in others):
        return True
    x = _middle_of(one)[0]
    return cell_at(tables, x, low + SNAP) != cell_at(tables, x, high - SNAP)
