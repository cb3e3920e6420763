"""Find the borders that are drawn on a page of a PDF, and the tables that they form, merged cells included.

May import: nothing of ours. Coordinates are points, y upwards as in PDF.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

# A page of a report has some 300 strokes; beyond this number it is none that anybody reads.
MAX_STROKES = 20_000
# A border is not thicker than this (points).
_THICKEST = 3.0
# Borders that are drawn by different programs meet within this distance (points).
SNAP = 2.5
# Shorter strokes are ornaments or parts of characters.
_SHORTEST = 4.0
# A table of a report has some 30 rows and 20 columns; a page of hatching has thousands of lines.
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Stroke:
    """A border: ``at`` is its fixed coordinate (x of an upright one), from ``start`` to ``end`` along the other."""

    upright: bool
    at: float
    start: float
    end: float


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
class Ruled:
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
        row = bisect_right([-edge for edge in self.ys], -y) - 1
        return self.owner.get((row, column))


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


def tables_of(strokes: Iterable[Stroke]) -> list[Ruled]:
    """The tables that the borders form, from the top of the page; a frame around one field is none."""
    upright = _joined(stroke for stroke in strokes if stroke.upright)
    level = _joined(stroke for stroke in strokes if not stroke.upright)
    if len(upright) + len(level) > _MOST_LINES:
        return []
    tables = [table for group in _touching(upright, level) if (table := _table(*group)) is not None]
    return sorted(tables, key=lambda table: -table.top)


def _joined(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Strokes on one line put together where they meet or overlap."""
    ordered = sorted(strokes, key=lambda stroke: (stroke.at, stroke.start))
    lines: list[list[Stroke]] = []
    for stroke in ordered:
        if lines and stroke.at - lines[-1][0].at <= SNAP:
            lines[-1].append(stroke)
        else:
            lines.append([stroke])
    found: list[Stroke] = []
    for line in lines:
        at = sum(stroke.at for stroke in line) / len(line)
        start = end = None
        for stroke in sorted(line, key=lambda stroke: stroke.start):
            if end is None or start is None or stroke.start > end + SNAP:
                if start is not None and end is not None:
                    found.append(Stroke(stroke.upright, at, start, end))
                start, end = stroke.start, stroke.end
            else:
                end = max(end, stroke.end)
        if start is not None and end is not None:
            found.append(Stroke(line[0].upright, at, start, end))
    return [stroke for stroke in found if stroke.end - stroke.start >= _SHORTEST]


def _touching(upright: list[Stroke], level: list[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Groups of strokes that cross or meet each other."""
    group = list(range(len(upright) + len(level)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for one, line in enumerate(upright):
        for two, other in enumerate(level, start=len(upright)):
            across = other.start - SNAP <= line.at <= other.end + SNAP
            along = line.start - SNAP <= other.at <= line.end + SNAP
            if across and along:
                group[root(one)] = root(two)
    found: dict[int, tuple[list[Stroke], list[Stroke]]] = defaultdict(lambda: ([], []))
    for index, stroke in enumerate([*upright, *level]):
        found[root(index)][0 if stroke.upright else 1].append(stroke)
    return list(found.values())


def _distinct(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > SNAP:
            found.append(value)
    return found


def _table(upright: list[Stroke], level: list[Stroke]) -> Ruled | None:
    if len(upright) < 2 or len(level) < 2:
        return None
    xs = _distinct(stroke.at for stroke in upright)
    ys = _distinct(stroke.at for stroke in level)[::-1]
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

    at_x = [[stroke for stroke in upright if abs(stroke.at - x) <= SNAP] for x in xs]
    at_y = [[stroke for stroke in level if abs(stroke.at - y) <= SNAP] for y in ys]

    for row in range(rows):
        for column in range(columns):
            middle_x = (xs[column] + xs[column + 1]) / 2
            middle_y = (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not _drawn(at_x[column + 1], middle_y):
                _unite(owner, root((row, column)), root((row, column + 1)), columns)
            if row + 1 < rows and not _drawn(at_y[row + 1], middle_x):
                _unite(owner, root((row, column)), root((row + 1, column)), columns)
    return Ruled(tuple(xs), tuple(ys), {place: root(place) for place in owner})


def _unite(owner: dict[tuple[int, int], int], one: int, two: int, columns: int) -> None:
    low, high = min(one, two), max(one, two)
    owner[divmod(high, columns)] = low


def _drawn(strokes: list[Stroke], middle: float) -> bool:
    return any(stroke.start <= middle <= stroke.end for stroke in strokes)
