"""Owns the sheet that the house's own charts are drawn on: matplotlib's artists at places in points, written as SVG.

May import: section.drawing, section.palette. With section.figures, the only module of the room that imports matplotlib;
of that, no figures and axes: these are a third of its import.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import chain
from typing import Any, Literal

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import IdentityTransform

from nianbao.section.drawing import Anchor
from nianbao.section.palette import FONT_FAMILY, INK

# What makes the same chart the same bytes, and its words words.
SVG_STYLE: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "nianbao"}
SVG_METADATA: dict[str, Any] = {"Date": None, "Creator": None}
HATCH_WIDTH = 0.5  # points

_SIDES: dict[Anchor, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}
_POINTS = 72  # an inch; the SVG renderer's pixels are points too
_STEPS = [1, 2, 2.5, 5, 10]

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Words(Text):
    """Words that stand on their base line where they are told to, unmeasured: to measure each is what takes time.

    Only for renderers that anchor words themselves, as that of SVG does.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Hand the words to the renderer as they are: a $ is a $."""
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        x, y = self.get_position()
        height = renderer.get_canvas_width_height()[1]
        renderer.draw_text(
            gc, x, height - y, self.get_text(), self.get_fontproperties(), self.get_rotation(), mtext=self
        )
        gc.restore()


class Sheet:
    """A sheet of some width and height in points; y grows upwards. Words and lines lie on top of boxes.

    There are no axes: those make dozens of artists, and measure them all, for five ticks.
    """

    def __init__(self, width: float, height: float) -> None:
        self._size = (width, height)
        self._artists: list[Artist] = []
        self._place = IdentityTransform()
        self._fonts: dict[float, FontProperties] = {}

    def words(
        self,
        at: tuple[float, float],
        words: str,
        size: float,
        *,
        anchor: Anchor = "start",
        upright: bool = False,
    ) -> None:
        """Words in ``size`` points on a base line, which ``upright`` turns so that it climbs."""
        if size not in self._fonts:
            self._fonts[size] = FontProperties(family=[FONT_FAMILY], size=size)
        self._add(
            Words(
                *at,
                words,
                color=INK,
                fontproperties=self._fonts[size],
                horizontalalignment=_SIDES[anchor],
                rotation=90 if upright else 0,
                rotation_mode="anchor",
            )
        )

    def boxes(self, boxes: Sequence[Box], fill: str, *, hatch: str = "", edge: str = "none") -> None:
        """Filled boxes that look alike: one artist."""
        if boxes:
            corners = [[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)] for x0, y0, x1, y1 in boxes]
            path = Path([corner for box in corners for corner in box], _BOX_CODES * len(boxes))
            patch = PathPatch(path, facecolor=fill, hatch=hatch or None, edgecolor=edge, linewidth=0.6)
            patch.set_hatch_linewidth(HATCH_WIDTH)
            self._add(patch)

    def lines(self, lines: Sequence[Box], colour: str) -> None:
        """Straight lines that look alike, each from its first corner to its second: one artist."""
        if lines:
            path = Path([end for line in lines for end in (line[:2], line[2:])], _LINE_CODES * len(lines))
            self._add(PathPatch(path, fill=False, edgecolor=colour, linewidth=0.8))

    def svg(self) -> str:
        """The sheet as an SVG element, as matplotlib writes it of a figure."""
        stream = io.StringIO()
        ground = Rectangle((0, 0), *self._size, facecolor="white", edgecolor="none")
        with matplotlib.rc_context(SVG_STYLE):
            renderer: Any = RendererSVG(  # type: ignore[no-untyped-call]
                *self._size, stream, image_dpi=_POINTS, metadata=SVG_METADATA
            )
            renderer.open_group("figure")
            for artist in chain([ground], sorted(self._artists, key=Artist.get_zorder)):
                artist.draw(renderer)
            renderer.close_group("figure")
            renderer.finalize()
        return svg_element(stream.getvalue())

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._place)
        self._artists.append(artist)


_BOX_CODES = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
_LINE_CODES = [Path.MOVETO, Path.LINETO]


def svg_element(text: str) -> str:
    """The SVG element of a file that matplotlib has written, without what stands before it."""
    return text[text.index("<svg") :]


def round_values(low: float, high: float, *, whole: bool) -> list[float]:
    """Some six round values for lines across a chart, from ``low`` or below it to ``high`` or above it.

    ``whole`` numbers only where asked.
    """
    return [float(value) for value in MaxNLocator(nbins=6, steps=_STEPS, integer=whole).tick_values(low, high)]
