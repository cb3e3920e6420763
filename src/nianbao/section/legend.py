"""Owns the legends of the house's own charts: entries in as few lines as they fit into, none cut off.

May import: section.drawing, section.palette, section.sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.section.drawing import broken, length
from nianbao.section.palette import look
from nianbao.section.sheet import Sheet

# Points.
_SIZE = 9.5
_LINE = 14.0
_SWATCH = (18.0, 8.0)
_AFTER_SWATCH = 6.0
_INDENT = _SWATCH[0] + _AFTER_SWATCH
_BETWEEN = 22.0  # columns
_LEAST = 8 * _SIZE  # for the words of an entry that is broken
_RISE = 0.36  # from the base line to the middle of the words, in em


@dataclass(frozen=True)
class _Grid:
    """Entries in columns: each entry's lines, row by row, and how wide each column is, in points."""

    entries: list[list[str]]
    widths: list[float]

    @property
    def rows(self) -> list[list[list[str]]]:
        columns = len(self.widths)
        return [self.entries[start : start + columns] for start in range(0, len(self.entries), columns)]

    @property
    def lines(self) -> int:
        return sum(max(map(len, row)) for row in self.rows)

    @property
    def width(self) -> float:
        return sum(self.widths) + _BETWEEN * (len(self.widths) - 1)


class Legend:
    """A legend within a width in points; its entries keep the order of the series, row by row."""

    def __init__(self, labels: Sequence[str], room: float) -> None:
        grids = [_grid(labels, columns, room) for columns in _balanced(len(labels))]
        # What fits; of that the fewest lines; of as many, that which breaks the fewest entries.
        self._grid = min(grids, key=lambda grid: (grid.width > room, grid.lines, sum(map(len, grid.entries))))
        self.height = self._grid.lines * _LINE

    def __repr__(self) -> str:
        return f"Legend({len(self._grid.entries)} entries in {self._grid.lines} lines)"

    def draw(self, sheet: Sheet, middle: float, top: float) -> None:
        """Set it under ``top``, around the ``middle`` (points)."""
        left = middle - self._grid.width / 2
        index, y = 0, top
        for row in self._grid.rows:
            x = left
            for entry, width in zip(row, self._grid.widths, strict=False):
                base = y - _LINE / 2 - _RISE * _SIZE
                fill, hatch = look(index)
                below = y - (_LINE + _SWATCH[1]) / 2
                sheet.boxes([(x, below, x + _SWATCH[0], below + _SWATCH[1])], fill, hatch=hatch, edge="white")
                for number, line in enumerate(entry):
                    sheet.words((x + _INDENT, base - number * _LINE), line, _SIZE)
                x += width + _BETWEEN
                index += 1
            y -= max(map(len, row)) * _LINE


def _balanced(entries: int) -> list[int]:
    """Numbers of columns that leave no row much shorter than the others, the largest first."""
    return sorted({-(-entries // rows) for rows in range(1, entries + 1)}, reverse=True)


def _grid(labels: Sequence[str], columns: int, room: float) -> _Grid:
    """The labels in that many columns, broken into lines where they do not fit otherwise."""
    widest = (room - _BETWEEN * (columns - 1)) / columns - _INDENT
    entries = [[label] for label in labels]
    grid = _Grid(entries, _widths(entries, columns))
    if grid.width <= room:
        return grid
    entries = [broken(label, _SIZE, max(widest, _LEAST)) for label in labels]
    return _Grid(entries, _widths(entries, columns))


def _widths(entries: Sequence[Sequence[str]], columns: int) -> list[float]:
    wide = [max(length(line, _SIZE) for line in entry) for entry in entries]
    return [_INDENT + max(wide[column::columns]) for column in range(columns)]
