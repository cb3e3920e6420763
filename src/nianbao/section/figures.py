"""Turn matplotlib figures into pictures of a report: house style, SVG, alternative text.

The only module of the room that imports matplotlib.
"""

from __future__ import annotations

import io
import math
import re
import sys
import warnings
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import matplotlib
from IPython.display import display
from matplotlib import font_manager, style
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text

from nianbao.errors import UsageError
from nianbao.errors.language import Message, told_in
from nianbao.inputs.names import percentage
from nianbao.section.display import Display, picture

if TYPE_CHECKING:
    import pandas as pd

HOUSE_STYLE = "nianbao"
FONT_FAMILY = "Noto Sans SC"

# What makes a figure's words words and its bytes the same each time, whatever style it was drawn with.
_SVG: Any = {"svg.fonttype": "none", "svg.hashsalt": "nianbao"}
_LAID_OUT: Any = {"figure.constrained_layout.use": False, "figure.autolayout": False}
_METADATA: dict[str, Any] = {"Date": None, "Creator": None}
_MISSING_GLYPH = "Glyph .* missing from font"


def use_house_style() -> None:
    """Set matplotlib's style to the house's, whose font has Chinese, for all figures drawn from now on.

    The style can be had again as ``plt.style.use("nianbao")``. A character that the font lacks, which matplotlib would
    draw as a box, is an error from now on.
    """
    style.library[HOUSE_STYLE] = _house_style()
    style.use(HOUSE_STYLE)
    warnings.filterwarnings("error", _MISSING_GLYPH, UserWarning)


@cache
def _house_style() -> matplotlib.RcParams:
    font_manager.fontManager.addfont(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf"))
    return matplotlib.rc_params_from_file(
        str(files("nianbao.section") / "nianbao.mplstyle"), use_default_template=False
    )


def figure_picture(figure: Any, caption: str, alt: str | None) -> Display:
    """A figure, or the figure of some axes, as a picture; it is closed, so that nothing shows it once more.

    Raises UsageError where ``alt``, the words for readers who cannot see it, is missing.
    """
    if not alt or not alt.strip():
        raise UsageError(
            "a figure needs an alternative text: what it shows, in words, with its numbers",
            hint='section.figure(figure, caption, alt="…"); section.describe(frame, unit) makes one of a frame',
        )
    drawn = _figure_of(figure)
    svg = _svg(drawn)
    _close(drawn)
    return picture(svg, alt.strip(), caption)


def _figure_of(drawn: Any) -> Figure:
    """The figure that is, or that holds, what is given: a figure, axes, an array of axes, bars, a line."""
    first = drawn
    while not isinstance(first, Artist):
        parts = first.flat if hasattr(first, "flat") else first
        try:
            first = next(iter(parts))
        except (TypeError, StopIteration):
            raise UsageError(
                Message("section.figure shows a matplotlib figure or axes, not {kind}", kind=type(drawn).__name__),
                hint="fig, ax = plt.subplots(); … ; section.figure(fig, caption, alt=…)",
            ) from None
    figure = first.get_figure(root=True)
    if not isinstance(figure, Figure):
        raise UsageError("what section.figure was given is part of no figure (any more)")
    return figure


def _svg(figure: Figure) -> str:
    """The figure as an SVG element: its words as words, in the house's font, for reports are printed in no other."""
    for words in figure.findobj(Text):
        words.set_fontfamily([FONT_FAMILY])
    _house_style()  # which knows where the font is
    stream = io.StringIO()
    with matplotlib.rc_context({**_SVG, **_LAID_OUT, "font.family": [FONT_FAMILY]}), warnings.catch_warnings():
        # Whether the report's fonts have a character is found out when it is set, and named there.
        warnings.filterwarnings("ignore", _MISSING_GLYPH, UserWarning)
        _settle_layout(figure)
        figure.savefig(stream, format="svg", metadata=_METADATA)
    text = stream.getvalue()
    return text[text.index("<svg") :]


def _settle_layout(figure: Figure) -> None:
    """Lay the figure out once, with places rounded: the solver's last digits differ from process to process.

    They would show in the names of clip paths, which matplotlib makes of exact places.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine(None)  # else savefig would draw everything once more, to lay it out
    for axes in figure.axes:
        left, bottom, width, height = (round(float(place), 6) for place in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def _close(figure: Figure) -> None:
    from matplotlib import pyplot as plt

    plt.close(figure)


def show_figure(drawn: Any) -> None:
    """Show a figure that was displayed without ``section.figure``, under its own words for want of better ones."""
    figure = _figure_of(drawn)
    words = "，".join(_own_words(figure))
    _close(figure)
    # The notebook is kept with what it prints, and no file depends on the language of the terminal.
    missing = Message("no alternative text: section.figure(figure, caption, alt=…) gives a picture one")
    print(told_in("zh", missing), file=sys.stderr)  # noqa: T201
    display(picture(_svg(figure), words or "图", alt_missing=True))


def _own_words(figure: Figure) -> Iterator[str]:
    """A figure's titles and the labels of its axes, each once."""
    seen = {" ".join(figure.get_suptitle().split()): None}
    for axes in figure.axes:
        titles = [axes.get_title(loc=place) for place in ("left", "center", "right")]
        seen |= {" ".join(words.split()): None for words in (*titles, axes.get_xlabel(), axes.get_ylabel())}
    return filter(None, seen)


def describe(numbers: pd.DataFrame | pd.Series[Any], unit: str) -> str:
    """The numbers of a frame in words, row by row, as an alternative text; NaN is left out.

    ``2022年：网站3条，微信5条；2023年：网站4条。``
    """
    import pandas as pd

    if isinstance(numbers, pd.Series):
        return _listed(numbers, unit) + "。"
    rows = (f"{_label(name, numbers.index.name)}：{_listed(row, unit) or '无'}" for name, row in numbers.iterrows())
    return "；".join(rows) + "。"


def _listed(numbers: pd.Series[Any], unit: str) -> str:
    named = ((_label(name, numbers.index.name), value) for name, value in numbers.items())
    return "，".join(f"{name}{value:.12g}{unit}" for name, value in named if not math.isnan(value))


def _label(name: Any, kind: Any) -> str:
    words = "".join(map(str, name)) if isinstance(name, tuple) else re.sub(r"\s+", "", str(name))
    return f"{words}年" if kind == "year" and not words.endswith("年") else words


def percent(part: float, whole: float) -> str:
    """``part`` of ``whole`` in percent, with two decimals, rounded half up as the texts' ``percent``: 13.80%."""
    return f"{percentage(Decimal(str(part)), Decimal(str(whole)))[0]:.2f}%"
