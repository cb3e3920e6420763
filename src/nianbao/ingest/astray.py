"""Find numbers that stand where none belongs: beside a table, or over or behind a label, while the next cell is blank.

Such a number was pushed out of its cell; it is the cell's or another's, and no program can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from nianbao.ingest.borders import RuledTable
from nianbao.ingest.glyphs import Char

# The position of a table on the page, and the number of its cell; None outside of tables.
CellPlace = tuple[int, int]
Place = CellPlace | None
# A number stands over a letter with which it shares more than this of its digits' width.
_OVER = 0.3
# Digits much smaller than most are the mark of a note.
_MARK_SIZE = 0.8
# What stands before the number of a note, and behind it or the number of a label.
_BEFORE_NUMERALS, _BEHIND_NUMERALS = frozenset("(（[［【〔"), frozenset(".．、)）]］】〕")


def astray(
    runs: Sequence[list[Char]], others: Sequence[Char], places: Mapping[int, Place], tables: Sequence[RuledTable]
) -> Iterator[tuple[list[Char], CellPlace]]:
    """The numbers that stand astray, each with the blank cell next to it.

    ``runs`` are numbers, ``others`` all other characters; ``places`` has the cell of each by its ``id``.
    """
    filled = set(places.values())
    usual = median([_height(run) for run in runs] or [0.0])
    letters: dict[Place, list[Char]] = defaultdict(list)
    for one in others:
        letters[places[id(one)]].append(one)
    for run in runs:
        if not any(one.text.isdecimal() for one in run):
            continue
        place = places[id(run[0])]
        line = [one for one in letters[place] if abs(one.middle - run[0].middle) < run[0].size / 2]
        is_astray = not line if place is None else bool(letters[place]) and _is_no_label(run, line)
        if is_astray and _height(run) >= _MARK_SIZE * usual and (near := _blank_near(run, tables, filled)):
            yield run, near


def _height(run: list[Char]) -> float:
    """The height of a number's ink."""
    return max(one.ink[1] - one.ink[0] for one in run)


def _is_no_label(run: list[Char], line: list[Char]) -> bool:
    """Whether digits in a label's cell are none of its words: they stand over its letters, or behind them."""
    left, right = run[0].left, run[-1].right
    width = _OVER * (run[0].right - run[0].left)
    if any(min(right, one.right) - max(left, one.left) > width for one in line):
        return True
    before = max((one for one in line if one.left < left), key=lambda one: one.left, default=None)
    behind = any(one.left > left for one in line) or run[-1].text in _BEHIND_NUMERALS
    return not behind and (before is None or before.text not in _BEFORE_NUMERALS)


def _blank_near(run: list[Char], tables: Sequence[RuledTable], filled: set[Place]) -> Place:
    """The blank cell of its row that is nearest to a number; None where the row has none, or there is no row."""
    left, right, height = run[0].left, run[-1].right, run[0].middle
    for index, table in enumerate(tables):
        row = {table.cell_at((one + two) / 2, height) for one, two in pairwise(table.xs)} - {None}
        blank = [table.boxes[cell] for cell in row if cell is not None and (index, cell) not in filled]
        if blank:
            near = min(blank, key=lambda box: max(box.left - right, left - box.right))
            return index, next(cell for cell in row if cell is not None and table.boxes[cell] == near)
    return None
