"""Find the tables that the borders on a page of a PDF form, merged cells included.

Coordinates are points, y upwards as in PDF.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import neg

# Borders that are drawn by different programs meet within this distance (points).
SNAP = 2.5
# Cells that have frames of their own stand this far apart at most; from so many such frames on they are a table's.
_APART = 5.0
_MOST_BOXES = 8
# Shorter strokes are ornaments or parts of characters.
_SHORTEST = 4.0
# So many upright borders that end side by side show where a row without its lower or upper border ends.
_OPEN_LEAST = 3
# A table of a report has some 30 rows and 20 columns; a page of hatching has thousands of lines.
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Stroke:
    """A border: ``at`` is its fixed coordinate (x of an upright one), from ``start`` to ``end`` along the other."""

    upright: bool
    at: float
    start: float
    end: float

    def turned_back(self, quarter: int) -> Stroke:
        """The border where it stands once the page is turned back by so many quarters."""
        one, two = (self.at, self.start), (self.at, self.end)
        if not self.upright:
            one, two = one[::-1], two[::-1]
        (left, bottom), (right, top) = turned_back(one, two, quarter)
        return Stroke(True, left, bottom, top) if left == right else Stroke(False, bottom, left, right)


def turned_back(
    one: tuple[float, float], two: tuple[float, float], quarter: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lower left and the upper right corner of a box once the page is turned by so many quarters to the left."""
    for _ in range(quarter):
        one, two = (-one[1], one[0]), (-two[1], two[0])
    (x1, y1), (x2, y2) = one, two
    return (min(x1, x2), min(y1, y2)), (max(x1, x2), max(y1, y2))


@dataclass(frozen=True)
class Box:
    """One cell, merged or not, in points."""

    left: float
    bottom: float
    right: float
    top: float
    row: int
    column: int


@dataclass(frozen=True)
class RuledTable:
    """A table on a page: its borders' coordinates, and for each field between them the cell that it belongs to."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: dict[tuple[int, int], int]

    @cached_property
    def boxes(self) -> dict[int, Box]:
        """The cells by number, in reading order."""
        fields: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, number in self.owner.items():
            fields[number].append(place)
        found = {}
        for number, places in fields.items():
            rows = [row for row, _ in places]
            columns = [column for _, column in places]
            found[number] = Box(
                self.xs[min(columns)],
                self.ys[max(rows) + 1],
                self.xs[max(columns) + 1],
                self.ys[min(rows)],
                min(rows),
                min(columns),
            )
        return dict(sorted(found.items(), key=lambda item: (item[1].row, item[1].column)))

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.ys[0]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at a point; None outside of the table."""
        column = bisect_right(self.xs, x) - 1
        row = bisect_right(self.ys, -y, key=neg) - 1
        return self.owner.get((row, column))


def cell_at(tables: Sequence[RuledTable], x: float, y: float) -> tuple[int, int] | None:
    """The position of the table at a point, and the number of its cell there; None outside of all tables."""
    for index, table in enumerate(tables):
        if (cell := table.cell_at(x, y)) is not None:
            return index, cell
    return None


def tables_of(strokes: Iterable[Stroke]) -> list[RuledTable]:
    """The tables that the borders form, from the top of the page; a frame around one field is none."""
    drawn = list(strokes)
    near, tables = _tables(drawn, SNAP)
    if near > _MOST_BOXES:
        # Cells with frames of their own, set apart: what is a table shows where the spaces between them are closed.
        _, tables = _tables(drawn, _APART)
    return sorted(tables, key=lambda table: -table.top)


def _tables(strokes: Sequence[Stroke], snap: float) -> tuple[int, list[RuledTable]]:
    """How many frames there are around one field, and the tables, if strokes meet within so much."""
    upright = _joined((stroke for stroke in strokes if stroke.upright), snap)
    level = _joined((stroke for stroke in strokes if not stroke.upright), snap)
    if len(upright) + len(level) > _MOST_LINES:
        return 0, []
    groups = _touching(upright, level, snap)
    tables = [table for group in groups if (table := _table(*group, snap)) is not None]
    return sum(min(map(len, group)) > 1 for group in groups) - len(tables), tables


def _joined(strokes: Iterable[Stroke], snap: float) -> list[Stroke]:
    """Strokes on one line put together where they meet or overlap."""
    ordered = sorted(strokes, key=lambda stroke: (stroke.at, stroke.start))
    lines: list[list[Stroke]] = []
    for stroke in ordered:
        if lines and stroke.at - lines[-1][0].at <= snap:
            lines[-1].append(stroke)
        else:
            lines.append([stroke])
    found: list[Stroke] = []
    for line in lines:
        at = sum(stroke.at for stroke in line) / len(line)
        start = end = None
        for stroke in sorted(line, key=lambda stroke: stroke.start):
            if end is None or start is None or stroke.start > end + snap:
                if start is not None and end is not None:
                    found.append(Stroke(stroke.upright, at, start, end))
                start, end = stroke.start, stroke.end
            else:
                end = max(end, stroke.end)
        if start is not None and end is not None:
            found.append(Stroke(line[0].upright, at, start, end))
    return [stroke for stroke in found if stroke.end - stroke.start >= _SHORTEST]


def _touching(upright: list[Stroke], level: list[Stroke], snap: float) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Groups of strokes that cross or meet each other."""
    group = list(range(len(upright) + len(level)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for one, line in enumerate(upright):
        for two, other in enumerate(level, start=len(upright)):
            across = other.start - snap <= line.at <= other.end + snap
            along = line.start - snap <= other.at <= line.end + snap
            if across and along:
                group[root(one)] = root(two)
    found: dict[int, tuple[list[Stroke], list[Stroke]]] = defaultdict(lambda: ([], []))
    for index, stroke in enumerate([*upright, *level]):
        found[root(index)][0 if stroke.upright else 1].append(stroke)
    return list(found.values())


def _distinct(values: Iterable[float], snap: float) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > snap:
            found.append(value)
    return found


def _table(upright: list[Stroke], level: list[Stroke], snap: float) -> RuledTable | None:
    if len(upright) < 2 or len(level) < 2:
        return None
    level = [*level, *_open_edges(upright, level, snap)]
    xs = _distinct((stroke.at for stroke in upright), snap)
    ys = _distinct((stroke.at for stroke in level), snap)[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns < 2:
        return None
    owner = {(row, column): row * columns + column for row in range(rows) for column in range(columns)}

    def root(place: tuple[int, int]) -> int:
        number = owner[place]
        while owner[divmod(number, columns)] != number:
            # Every second step is remembered, so that no way is long.
            owner[divmod(number, columns)] = owner[divmod(owner[divmod(number, columns)], columns)]
            number = owner[divmod(number, columns)]
        return number

    at_x = [[stroke for stroke in upright if abs(stroke.at - x) <= snap] for x in xs]
    at_y = [[stroke for stroke in level if abs(stroke.at - y) <= snap] for y in ys]

    for row in range(rows):
        for column in range(columns):
            middle_x = (xs[column] + xs[column + 1]) / 2
            middle_y = (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not _drawn(at_x[column + 1], middle_y):
                _unite(owner, root((row, column)), root((row, column + 1)), columns)
            if row + 1 < rows and not _drawn(at_y[row + 1], middle_x):
                _unite(owner, root((row, column)), root((row + 1, column)), columns)
    return RuledTable(tuple(xs), tuple(ys), {place: root(place) for place in owner})


def _open_edges(upright: list[Stroke], level: list[Stroke], snap: float) -> list[Stroke]:
    """The edges at which a page's end cuts a table open: there most upright borders end beyond the last level one."""
    heights = [stroke.at for stroke in level]
    lowest, highest = min(stroke.start for stroke in upright), max(stroke.end for stroke in upright)
    found: list[Stroke] = []
    for edge, last in ((lowest, min(heights)), (highest, max(heights))):
        across = [stroke.at for stroke in upright if stroke.start - snap <= edge <= stroke.end + snap]
        if abs(edge - last) > 2 * snap and len(across) >= _OPEN_LEAST:
            found.append(Stroke(False, edge, min(across), max(across)))
    return found


def _unite(owner: dict[tuple[int, int], int], one: int, two: int, columns: int) -> None:
    low, high = min(one, two), max(one, two)
    owner[divmod(high, columns)] = low


def _drawn(strokes: list[Stroke], middle: float) -> bool:
    return any(stroke.start <= middle <= stroke.end for stroke in strokes)
