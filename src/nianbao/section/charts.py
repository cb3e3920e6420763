"""Owns the charts of the illustrated profile: one quiet palette, Chinese text as text, an alternative text each.

May import: section.display, section.palette. The only module of the room that imports matplotlib.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from nianbao.section.display import Display, picture
from nianbao.section.palette import AXIS, FONT_FAMILY, GRID, HATCHES, INK, PALETTE

_WIDTH = 6.1  # inches: the text width of an A4 page set by GB/T 9704 (156 mm)

_STYLE: dict[Any, Any] = {
    "font.family": [FONT_FAMILY],
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.edgecolor": AXIS,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.axisbelow": True,
    "axes.grid.axis": "y",
    "axes.grid": True,
    "grid.color": GRID,
    "axes.unicode_minus": False,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "nianbao",
    "hatch.linewidth": 0.5,
}


@cache
def _register_font() -> None:
    font = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    font_manager.fontManager.addfont(str(font))


def new_figure(height: float, *, grid: str = "y") -> tuple[Figure, Axes]:
    """An empty figure of the text's width and the given height (inches), in the house's style; grid x or y."""
    _register_font()
    with matplotlib.rc_context(_STYLE | {"axes.grid.axis": grid}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        return figure, figure.add_subplot()


def figure_display(figure: Figure, alt: str, caption: str = "") -> Display:
    """A matplotlib figure as a picture for every format: SVG with its text as text, the same bytes each time.

    Its words are set in the house's font, which has Chinese, whatever font the figure was drawn with.
    """
    _register_font()
    stream = io.StringIO()
    before = figure.canvas
    try:
        with matplotlib.rc_context(_STYLE):
            for words in figure.findobj(Text):
                words.set_fontfamily([FONT_FAMILY])
            # savefig would draw it twice, the first time only to see how large it is.
            canvas: Any = FigureCanvasSVG(figure)
            canvas.print_svg(stream, metadata={"Date": None, "Creator": None})
    finally:
        figure.set_canvas(before)
    svg = stream.getvalue()
    return picture(svg[svg.index("<svg") :], alt, caption)


def bars_by_year(
    table: pd.DataFrame, caption: str, unit: str, *, stacked: bool = False, height: float = 2.9
) -> Display | None:
    """Bars for each year, one series a row of ``table`` (index: series, columns: years), in ``unit``.

    Rows that hold nothing but zeros are left out; None where nothing is left, for a chart of zeros says nothing.
    """
    shown = _worth_showing(table)
    if shown.empty:
        return None
    with matplotlib.rc_context(_STYLE):
        figure, axes = new_figure(height)
        _draw_bars(axes, shown, stacked=stacked)
        axes.set_title(f"单位：{unit}", loc="left", fontsize=9.5)
        # Two rows of entries at the most: a legend must not crowd out its chart.
        columns = min(len(shown), 3)
        figure.legend(loc="outside lower center", ncols=columns, fontsize=9.5)
    return figure_display(figure, _alternative(shown, caption, unit), caption)


def _draw_bars(axes: Axes, shown: pd.DataFrame, *, stacked: bool) -> None:
    years = [f"{year}年" for year in shown.columns]
    width = 0.55 if stacked else 0.8 / len(shown)
    base = [0.0] * len(years)
    for index, (label, row) in enumerate(shown.iterrows()):
        values = [float(value) for value in row]
        offset = 0.0 if stacked else (index - (len(shown) - 1) / 2) * width
        bars = axes.bar(
            [position + offset for position in range(len(years))],
            values,
            width if stacked else width * 0.92,
            bottom=base if stacked else None,
            label=str(label),
            color=PALETTE[index % len(PALETTE)],
            hatch=HATCHES[index % len(HATCHES)],
            edgecolor="white",
            linewidth=0.6,
        )
        if stacked:
            base = [low + value for low, value in zip(base, values, strict=True)]
        else:
            axes.bar_label(bars, fmt="{:.0f}", fontsize=8, padding=1)
    if stacked:
        # One year alone is a column among free space, not a wall.
        axes.set_xlim(-0.6 if len(years) > 2 else -1.2, len(years) - (0.4 if len(years) > 2 else -0.2))
        for position, total in enumerate(base):
            axes.annotate(f"{total:.0f}", (position, total), (0, 2), textcoords="offset points", ha="center")
    axes.set_xticks(range(len(years)), years)
    axes.tick_params(length=0)
    axes.margins(y=0.1)


def results_chart(history: pd.DataFrame) -> Display | None:
    """Applications by result over the years, from the table's ``history``; None where there were none."""
    chosen = history[(history["role"] == "result") & (history["column"] == "total")]
    table = chosen.pivot_table(index="group", columns="year", values="value", aggfunc="sum", sort=False)
    return bars_by_year(table, "各年度政府信息公开申请办理结果", "件", stacked=True, height=3.3)


def applicants_chart(history: pd.DataFrame) -> Display | None:
    """Who applied in the latest year, a bar for each kind of applicant; None where nobody did."""
    latest = history[(history["row"] == "new") & (history["column"] != "total")]
    latest = latest[latest["year"] == latest["year"].max()]
    counts = latest.set_index("column_label")["value"].fillna(0)
    counts = counts[counts > 0]
    if counts.empty:
        return None
    year = int(latest["year"].iloc[0])
    caption = f"{year}年新收政府信息公开申请的申请人"
    with matplotlib.rc_context(_STYLE):
        figure, axes = new_figure(0.75 + 0.32 * len(counts), grid="x")
        bars = axes.barh(list(counts.index)[::-1], list(counts)[::-1], 0.62, color=PALETTE[1])
        total = counts.sum()
        labels = [f"{value:.0f}件（{value / total:.1%}）" for value in list(counts)[::-1]]
        axes.bar_label(bars, labels, padding=4, fontsize=9.5)
        axes.tick_params(length=0)
        axes.margins(x=0.2)
    words = "，".join(f"{label}{value:.0f}件" for label, value in counts.items())
    return figure_display(figure, f"{caption}：{words}。", caption)


def _worth_showing(table: pd.DataFrame) -> pd.DataFrame:
    filled = table.fillna(0)
    return filled[(filled != 0).any(axis=1)]


def _alternative(shown: pd.DataFrame, caption: str, unit: str) -> str:
    lines = [f"{year}年：" + _series(shown[year], unit) for year in shown.columns]
    return f"{caption}。" + "；".join(lines) + "。"


def _series(values: pd.Series, unit: str) -> str:
    parts: Sequence[str] = [f"{label}{value:.0f}{unit}" for label, value in values.items() if value]
    return "，".join(parts) or "无"
