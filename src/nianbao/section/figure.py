"""Owns what becomes of an analyst's own matplotlib figure: a picture in the house's style, for every format.

May import: section.display, section.palette, section.sheet. With section.sheet, the only module of the room that
imports matplotlib. The house's own charts, whose parts are known, are laid out by section.plots.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from nianbao.section.display import Display, picture
from nianbao.section.palette import FONT_FAMILY, GRID, INK
from nianbao.section.sheet import SVG_METADATA, SVG_STYLE, svg_element

# For what is made of a figure only when it is drawn: ticks, their words and lines.
_STYLE: dict[Any, Any] = {
    "font.family": [FONT_FAMILY],
    "font.size": 10.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "axes.unicode_minus": False,
    **SVG_STYLE,
}


def figure_display(figure: Figure, alt: str, caption: str = "") -> Display:
    """A matplotlib figure as a picture for every format: SVG with its text as text, the same bytes each time.

    Its words are set in the house's font, which has Chinese, whatever font the figure was drawn with.
    """
    _register_font()
    with matplotlib.rc_context(_STYLE):
        for words in figure.findobj(Text):
            words.set_fontfamily([FONT_FAMILY])
        svg = _svg_of(figure)
    return picture(svg, alt, caption)


@cache
def _register_font() -> None:
    font = files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"
    font_manager.fontManager.addfont(str(font))


def _svg_of(figure: Figure) -> str:
    """A figure as an SVG element; it keeps its canvas."""
    stream = io.StringIO()
    before = figure.canvas
    try:
        # savefig would draw it twice, the first time only to see how large it is.
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(stream, metadata=SVG_METADATA)
    finally:
        figure.set_canvas(before)
    return svg_element(stream.getvalue())
