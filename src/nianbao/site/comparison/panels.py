"""Small multiples for the portal's pages: for each row of an office's history a picture of a few hundred characters.

The pictures of ``charts`` show the same; a portal of a thousand reports would wait a minute for them, and they would be
half of what it adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.site.comparison.history import told
from nianbao.site.comparison.values import ABSENT, History, Row

# In the picture's own units: the room of a year, its bar, the highest bar, and that above it for its number.
_YEAR, _BAR, _HIGHEST, _NUMBER = 30, 18, 32, 12


@dataclass(frozen=True)
class Panel:
    """One row's picture: its size, the outline of its bars, its numbers with their places, and all of it in words."""

    label: str
    width: int
    height: int
    bars: str
    numbers: tuple[tuple[int, int, str], ...]
    alt: str


def panels(history: History) -> tuple[tuple[str, tuple[Panel, ...]], ...]:
    """The panels of results and of applicants, each group with its caption."""
    span = f"（件；自左至右为{history.years[0]}年至{history.years[-1]}年）"
    return tuple(
        (f"历年{name}{span}", tuple(_panel(history.years, row) for row in rows)) for name, rows in history.applications
    )


def _panel(years: Sequence[int], row: Row) -> Panel:
    highest = max(1, *(value or 0 for value in row.values))
    heights = [round(_HIGHEST * (value or 0) / highest) for value in row.values]
    floor = _HIGHEST + _NUMBER
    numbers = tuple(
        (place * _YEAR + _YEAR // 2, floor - height - 2, ABSENT if value is None else str(value))
        for place, (value, height) in enumerate(zip(row.values, heights, strict=True))
    )
    return Panel(row.label, len(years) * _YEAR, floor, "".join(_bars(heights, floor)), numbers, told(years, row))


def _bars(heights: Sequence[int], floor: int) -> Iterator[str]:
    """A path (SVG) of a rectangle for each height that is not 0."""
    for place, height in enumerate(heights):
        if height:
            yield f"M{place * _YEAR + (_YEAR - _BAR) // 2} {floor}v-{height}h{_BAR}v{height}z"
