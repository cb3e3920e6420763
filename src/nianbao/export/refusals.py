"""Why what a cell shows is not printed, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianbao.errors import ExportError
from nianbao.errors.language import Message, shortened

# MIME types that cannot be set.
_WIDGET, _VEGA = "application/vnd.jupyter.widget-view+json", "application/vnd.vega"
_SCRIPTS = ("application/javascript", "text/javascript")
_LATEX = "text/latex"
# What to do instead of what is refused.
LOOK = Message("tag the cell remove-output if it is only for looking, or end its last line with a semicolon")
_FIGURE = Message("show its result as a figure or a table")
_SHOW = Message("{figure}; {look}", figure=_FIGURE, look=LOOK)
DRAW = Message("write it in words, or show it as a picture")
WRITE = Message("write the words with text('…') in Markdown")


def refused(data: Mapping[str, Any], where: str) -> ExportError:
    """Why a bundle of none of our types is not printed, and what to write instead."""
    plain = "".join(data.get("text/plain", ""))
    shown = shortened(plain, 60)
    formula = "".join(data.get(_LATEX, plain))[:60]
    vega = any(mime.startswith(_VEGA) for mime in data) or plain.startswith("alt.")
    others = sorted(set(data) - {"text/plain"})
    reasons = (
        (
            vega,
            Message("an Altair or Vega chart needs a browser and cannot be printed"),
            Message("draw it with matplotlib, or show a picture of it: display(SVG(…))"),
        ),
        (_WIDGET in data, Message("a widget cannot be printed: {shown}", shown=shown), _SHOW),
        (any(mime in data for mime in _SCRIPTS), Message("a script cannot be printed"), _SHOW),
        (_LATEX in data, Message("a formula cannot be set: {found}", found=formula), DRAW),
        ("text/html" in data, Message("HTML cannot be printed: {words}", words=shown), WRITE),
        (bool(others), Message("an output of {kinds} cannot be printed", kinds=others), _SHOW),
        (
            "dtype: " in plain,
            Message("a Series is shown as its repr: {shown!r}", shown=shown),
            Message("make it a table: .to_frame('…'); {look}", look=LOOK),
        ),
        (
            True,
            Message("the value of the cell's last line would be printed as its repr: {shown}", shown=shown),
            Message("print(…) it or show it with text('…'); {look}", look=LOOK),
        ),
    )
    what, hint = next((what, hint) for applies, what, hint in reasons if applies)
    return ExportError(what, where=where, hint=hint)
