"""Small multiples of one office over its years: a panel for each result and for each kind of applicant.

Of the comparison the only module that imports matplotlib, and that through the section's house style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from nianbao.section.figures import figure_picture, use_house_style
from nianbao.site.comparison.history import told
from nianbao.site.comparison.values import ABSENT, History, Row

_PANELS = 3  # in a line
_INK, _SOFT = "#1f3d5c", "#8b8f96"


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
    use_house_style()
    lines = -(-len(rows) // _PANELS)
    figure, axes = plt.subplots(lines, _PANELS, figsize=(6.1, 1.45 * lines), sharex=True, squeeze=False)
    for axis, row in zip(axes.flat, rows, strict=False):
        _panel(axis, years, row)
    for axis in axes.flat[len(rows) :]:
        axis.set_visible(False)
    alt = f"{caption}：{'；'.join(told(years, row) for row in rows)}。"
    bundle = figure_picture(figure, caption, alt).bundle
    return Chart(bundle["image/svg+xml"], caption, alt)


def _panel(axis: Axes, years: Sequence[int], row: Row) -> None:
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
