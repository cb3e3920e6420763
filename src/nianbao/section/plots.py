"""Owns the layout of the house's own charts, in points: where bars, lines, words and legends stand.

May import: section.drawing, section.palette, section.sheet. Places follow from how wide words are, and nothing is
measured by drawing it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from nianbao.section.drawing import LEAST, fitting, length
from nianbao.section.legend import Legend
from nianbao.section.palette import AXIS, GRID, PALETTE, look
from nianbao.section.sheet import Box, Sheet, round_values

WIDTH = 439.2  # points: 6.1 inches, the text's width on an A4 page set by GB/T 9704 (156 mm)

# Points.
_EDGE = 4.0
_WORDS = 10.5  # years, kinds, the numbers of an axis
_SMALL = 9.5
_VALUE = 8.5  # the number over one bar of a group
_GAP = 4.0
_HEAD = 22.0  # over a chart, for its unit
_FOOT = 20.0  # under it, for its years
_LEAST_PLOT = 120.0
_WIDEST_BAR = 64.0

_RISE = 0.36  # from a base line to the middle of a digit, in em
_DIGIT = 0.74  # the height of a digit, in em


@dataclass(frozen=True)
class Series:
    """A series: its name, and a value for each year."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True)
class _Bar:
    """A bar between two values, in a year's column and a place of its group, counted from 0."""

    series: int
    column: int
    place: int
    start: float
    end: float


def column_chart(series: Sequence[Series], years: Sequence[str], unit: str, *, stacked: bool, height: float) -> str:
    """Columns for each year as an SVG element, its series side by side or ``stacked``, over a legend.

    ``height`` in points; where a legend of many lines needs room, the chart grows.
    """
    bars = _stacks(series) if stacked else _groups(series)
    ends = [0.0, *(bar.end for bar in bars)]
    low, high = min(ends), max(ends)
    whole = all(value == int(value) for one in series for value in one.values)
    numbers = round_values(low, high, whole=whole)
    marks = _marks(numbers)

    legend = Legend([one.label for one in series], WIDTH - 2 * _EDGE)
    left = _EDGE + max(length(mark, _WORDS) for mark in marks) + _GAP
    right, bottom = WIDTH - _EDGE, _EDGE + legend.height + _FOOT
    top = max(height - _HEAD, bottom + _LEAST_PLOT)
    sheet = Sheet(WIDTH, top + _HEAD)

    pitch = (right - left) / len(years)
    places = 1 if stacked else len(series)
    width = min(pitch * (0.55 if stacked else 0.86) / places, _WIDEST_BAR)
    values = _Values.of(_totals(bars, len(years)) if stacked else bars, pitch - _GAP if stacked else width, stacked)
    room = values.height + 3 if values.size else 3.0
    scale = (top - bottom - room * (1 + (low < 0))) / (high - low)
    zero = bottom + (room if low < 0 else 0) - low * scale
    axis = [pair for pair in zip(numbers, marks, strict=True) if bottom - 0.1 <= zero + pair[0] * scale <= top]

    def across(bar: _Bar) -> float:
        return left + (bar.column + 0.5) * pitch + (bar.place - (places - 1) / 2) * width

    sheet.lines([(left, zero + number * scale, right, zero + number * scale) for number, _ in axis if number], GRID)
    for number, mark in axis:
        sheet.words((left - _GAP, zero + number * scale - _RISE * _WORDS), mark, _WORDS, anchor="end")
    half = width / 2 if stacked else width * 0.46
    for index in range(len(series)):
        fill, hatch = look(index)
        own = [
            (across(bar) - half, zero + bar.start * scale, across(bar) + half, zero + bar.end * scale)
            for bar in bars
            if bar.series == index and bar.start != bar.end
        ]
        sheet.boxes(own, fill, hatch=hatch, edge="white")
    sheet.lines([(left, zero, right, zero)], AXIS)
    values.draw(sheet, [(across(bar), zero + bar.end * scale) for bar in values.bars])

    size = fitting(_longest(years), _WORDS, pitch - 2)
    every = ceil(length(_longest(years), size) / pitch)
    for column in range(every // 2, len(years) - every // 2, every):
        sheet.words((left + (column + 0.5) * pitch, bottom - _GAP - _WORDS), years[column], size, anchor="middle")
    of = f"单位：{unit}"
    sheet.words((left, top + 8), of, fitting(of, _SMALL, right - left))
    legend.draw(sheet, WIDTH / 2, _EDGE + legend.height)
    return sheet.svg()


def _groups(series: Sequence[Series]) -> list[_Bar]:
    return [
        _Bar(index, column, index, 0.0, value)
        for index, one in enumerate(series)
        for column, value in enumerate(one.values)
    ]


def _stacks(series: Sequence[Series]) -> list[_Bar]:
    bars = []
    base = [0.0] * len(series[0].values)
    for index, one in enumerate(series):
        for column, value in enumerate(one.values):
            bars.append(_Bar(index, column, 0, base[column], base[column] + value))
            base[column] += value
    return bars


def _totals(bars: list[_Bar], columns: int) -> list[_Bar]:
    """The uppermost bar of each column: its end is the column's total."""
    return bars[-columns:]


@dataclass(frozen=True)
class _Values:
    """The numbers at the ends of bars, in the size that the room between bars leaves them, or upright in it."""

    bars: Sequence[_Bar]
    words: Sequence[str]
    size: float  # points; 0: there is no room for any
    upright: bool
    height: float  # points

    @classmethod
    def of(cls, bars: Sequence[_Bar], room: float, stacked: bool) -> _Values:
        words = [f"{bar.end:.0f}" for bar in bars]
        longest = _longest(words)
        size = fitting(longest, _WORDS if stacked else _VALUE, room)
        if length(longest, size) <= room:
            return cls(bars, words, size, False, size * _DIGIT + 2)
        size = min(_VALUE, room)
        return cls(bars, words, size if size >= LEAST else 0.0, True, length(longest, size) + 2)

    def draw(self, sheet: Sheet, ends: Sequence[tuple[float, float]]) -> None:
        """Set the numbers beyond the ``ends`` of their bars, on white: no line goes through a number."""
        if not self.size:
            return
        ground: list[Box] = []
        bases = []
        for bar, words, (x, y) in zip(self.bars, self.words, ends, strict=True):
            wide, tall = length(words, self.size), self.size * _DIGIT
            across, along = (tall, wide) if self.upright else (wide, tall)
            foot = y + 2 if bar.end >= 0 else y - 2 - along
            ground.append((x - across / 2, foot - 1, x + across / 2, foot + along + 1))
            bases.append((x + tall / 2 if self.upright else x, foot))
        sheet.boxes(ground, "white")
        for base, words in zip(bases, self.words, strict=True):
            sheet.words(base, words, self.size, anchor="start" if self.upright else "middle", upright=self.upright)


def bar_chart(rows: Sequence[tuple[str, float, str]]) -> str:
    """Horizontal bars as an SVG element, a row each: its name, its value, and the words that follow its bar."""
    step = 26.0
    size = fitting(_longest([name for name, _, _ in rows]), _WORDS, WIDTH * 0.4)
    high = max(value for _, value, _ in rows)
    numbers = round_values(0.0, high, whole=all(value == int(value) for _, value, _ in rows))
    left = _EDGE + max(length(name, size) for name, _, _ in rows) + _GAP
    right, bottom = WIDTH - _EDGE, _EDGE + _FOOT
    top = bottom + step * len(rows) + _GAP
    room = max(length(words, _SMALL) for _, _, words in rows) + 2 * _GAP
    scale = (right - left - room) / high
    numbers = [number for number in numbers if number <= high]

    sheet = Sheet(WIDTH, top + _EDGE)
    sheet.lines([(left + number * scale, bottom, left + number * scale, top) for number in numbers], GRID)
    for number, mark in zip(numbers, _marks(numbers), strict=True):
        sheet.words((left + number * scale, bottom - _GAP - _WORDS), mark, _WORDS, anchor="middle")
    middles = [top - _GAP / 2 - step * (index + 0.5) for index in range(len(rows))]
    ends = [left + value * scale for _, value, _ in rows]
    sheet.boxes([(left, y - 7.5, x, y + 7.5) for y, x in zip(middles, ends, strict=True)], PALETTE[1])
    after = [(x + _GAP, y - _RISE * _SMALL) for y, x in zip(middles, ends, strict=True)]
    widths = [length(words, _SMALL) for _, _, words in rows]
    sheet.boxes([(x - 2, y - 3, x + wide, y + 9) for (x, y), wide in zip(after, widths, strict=True)], "white")
    for (name, _, words), place, y in zip(rows, after, middles, strict=True):
        sheet.words((left - _GAP, y - _RISE * size), name, size, anchor="end")
        sheet.words(place, words, _SMALL)
    sheet.lines([(left, bottom, right, bottom)], AXIS)
    return sheet.svg()


def _longest(words: Sequence[str]) -> str:
    return max(words, key=lambda some: length(some, 1))


def _marks(numbers: Sequence[float]) -> list[str]:
    """The numbers of an axis in words; large ones by the ten thousand, as they are counted in Chinese."""
    if max(map(abs, numbers)) < 100_000 or any(abs(after - before) < 1000 for before, after in pairwise(numbers)):
        return [f"{number:.10g}" for number in numbers]
    return [f"{number / 10_000:.10g}万" if number else "0" for number in numbers]
