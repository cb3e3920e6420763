"""Small multiples of one office over its years: a picture for each result and each kind of applicant.

``charts_of`` draws with matplotlib, for pages of comparisons. ``panels`` measures pictures of a few hundred characters,
which show the same, for the portal's pages: a portal of a thousand reports would wait a minute for matplotlib's, and
they would be half of what it adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.site.comparison.history import told
from nianbao.site.comparison.values import ABSENT, History, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of the pictures drawn with matplotlib.
_PANELS = 3  # in a line
_INK, _SOFT = "#1f3d5c", "#8b8f96"
# Of a panel, in its own units: the room of a year, its bar, the highest bar, what is above it for its number, and what
# is below the floor for the years.
_YEAR, _BAR, _HIGHEST, _NUMBER, _BELOW = 30, 18, 32, 12, 12
# A unit in pixels: a panel's words are as large as the tables' notes, however many the years.
_SCALE = 1.6


@dataclass(frozen=True)
class Chart:
    """A picture (SVG) with its caption and its alternative text, which holds every number."""

    svg: str
    caption: str
    alt: str


def charts_of(history: History) -> Iterator[Chart]:
    """The pictures of an office's history; none where it has no year."""
    if history.years:
        for name, rows in history.applications:
            yield _chart(f"历年{name}（件）", history.years, rows)


def _chart(caption: str, years: Sequence[int], rows: Sequence[Row]) -> Chart:
    # Imported here: pages of the portal are made without matplotlib, which takes a second to import.
    from matplotlib import pyplot as plt

    from nianbao.section.figures import figure_picture, use_house_style

    use_house_style()
    lines = -(-len(rows) // _PANELS)
    figure, axes = plt.subplots(lines, _PANELS, figsize=(6.1, 1.45 * lines), sharex=True, squeeze=False)
    for axis, row in zip(axes.flat, rows, strict=False):
        _bar_chart(axis, years, row)
    for axis in axes.flat[len(rows) :]:
        axis.set_visible(False)
    alt = f"{caption}：{'；'.join(told(years, row) for row in rows)}。"
    bundle = figure_picture(figure, caption, alt).bundle
    return Chart(bundle["image/svg+xml"], caption, alt)


def _bar_chart(axis: Axes, years: Sequence[int], row: Row) -> None:
    """Bars with their numbers; a year in which nothing is stated has no bar but a dash."""
    heights = [float(value) if value is not None else 0.0 for value in row.values]
    axis.bar(range(len(years)), heights, color=_INK, width=0.6)
    for place, (value, height) in enumerate(zip(row.values, heights, strict=True)):
        shown = ABSENT if value is None else str(value)
        axis.text(place, height, shown, ha="center", va="bottom", fontsize=7, color=_SOFT if value is None else _INK)
    axis.set_title(row.label, fontsize=9)
    axis.set_xticks(range(len(years)), [str(year) for year in years], fontsize=7)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.set_ylim(0, max(*heights, 1) * 1.25)


@dataclass(frozen=True)
class Panel:
    """One row's picture: its size in its own units, bars, numbers, years, and it all in words.

    ``bars`` is an outline, ``numbers`` and ``years`` are words with their places. Only the first panel of a page has
    ``years``: the others show them by reference.
    """

    label: str
    width: int
    height: int
    bars: str
    numbers: tuple[tuple[int, int, str], ...]
    years: tuple[tuple[int, int, str], ...]
    alt: str

    @property
    def pixels(self) -> int:
        """The width on a page, in CSS pixels."""
        return round(self.width * _SCALE)


def panels(history: History) -> tuple[tuple[str, tuple[Panel, ...]], ...]:
    """The panels of results and of applicants, each group with its caption."""
    groups = [
        (f"历年{name}（件）", [_panel(history.years, row) for row in rows]) for name, rows in history.applications
    ]
    first = groups[0][1]
    first[0] = replace(first[0], years=_years(history.years))
    return tuple((caption, tuple(members)) for caption, members in groups)


def _panel(years: Sequence[int], row: Row) -> Panel:
    highest = max(1, *(value or 0 for value in row.values))
    heights = [round(_HIGHEST * (value or 0) / highest) for value in row.values]
    floor = _HIGHEST + _NUMBER
    numbers = tuple(
        (_middle(place), floor - height - 2, ABSENT if value is None else str(value))
        for place, (value, height) in enumerate(zip(row.values, heights, strict=True))
    )
    width, bars = len(years) * _YEAR, "".join(_bars(heights, floor))
    return Panel(row.label, width, floor + _BELOW, bars, numbers, (), told(years, row))


def _years(years: Sequence[int]) -> tuple[tuple[int, int, str], ...]:
    return tuple((_middle(place), _NUMBER + _HIGHEST + _BELOW - 2, str(year)) for place, year in enumerate(years))


def _middle(place: int) -> int:
    return place * _YEAR + _YEAR // 2


def _bars(heights: Sequence[int], floor: int) -> Iterator[str]:
    """A path (SVG) of a rectangle for each height that is not 0."""
    for place, height in enumerate(heights):
        if height:
            yield f"M{place * _YEAR + (_YEAR - _BAR) // 2} {floor}v-{height}h{_BAR}v{height}z"
