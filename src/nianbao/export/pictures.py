"""Pictures that a notebook displays: checked before any format is made, for a broken or huge one ends Typst itself."""

from __future__ import annotations

import base64
import io
import math
import re
import warnings
from collections.abc import Mapping
from typing import Any, Literal

from lxml import etree

from nianbao.errors import ExportError
from nianbao.export.blocks import Picture
from nianbao.export.svg import clean_svg

# MIME type -> format, the best to print first.
PICTURES: dict[str, Literal["svg", "png", "jpeg"]] = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/jpeg": "jpeg",
}
_LONGEST_SIDE = 10_000  # pixels: two and a half metres
_MOST_PIXELS = 50_000_000
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?\d+)?)\s*(px|pt|mm|cm|in|pc|em|ex|%|)\s*")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_UNSAID = 100.0  # pixels, as SVG readers take it
_HINT = "draw it again in its section: matplotlib's savefig, or section's figure, make pictures that can be printed"


def picture_of(data: Mapping[str, Any], where: str, *, alt: str, caption: str) -> Picture:
    """The best picture of a MIME bundle, which holds one; ExportError where it is broken, empty or huge."""
    mime = next(mime for mime in PICTURES if mime in data)
    form, source = PICTURES[mime], data[mime]
    text = source if isinstance(source, str) else "".join(map(str, source))
    words = alt or caption or "图"
    try:
        content = text.encode() if form == "svg" else base64.b64decode(text)
        width, height = _svg_size(content) if form == "svg" else _pixels(content, form)
    except (ExportError, OSError, SyntaxError, ValueError) as error:  # Pillow raises SyntaxError for broken chunks
        raise ExportError(f"the picture “{words}” is no valid {form.upper()}", where=where, hint=_HINT) from error
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE and width * height <= _MOST_PIXELS):
        raise ExportError(
            f"the picture “{words}” of {width:g} × {height:g} pixels cannot be printed (0 < side <= {_LONGEST_SIDE})",
            where=where,
            hint=_HINT,
        )
    return Picture(form, content, words, caption)


def _pixels(content: bytes, form: str) -> tuple[float, float]:
    """Width and height of a PNG or JPEG; all of it is read, unless it is too large anyway."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own word on huge pictures; ours comes after it
        try:
            with Image.open(io.BytesIO(content), formats=[form]) as image:
                image.verify()
            with Image.open(io.BytesIO(content), formats=[form]) as image:
                width, height = image.size
                if width * height <= _MOST_PIXELS:
                    image.load()
        except Image.DecompressionBombError:
            return math.inf, math.inf
    return width, height


def _svg_size(content: bytes) -> tuple[float, float]:
    """Width and height of an SVG in pixels, as far as it says them; ExportError where it is none."""
    root = etree.fromstring(clean_svg(content))
    box = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    sides = []
    for index, name in enumerate(("width", "height"), start=2):
        match = _LENGTH.fullmatch(root.get(name, ""))
        inner = _LENGTH.fullmatch(box[index]) if len(box) == 4 else None
        if match and match[2] in _PIXELS:
            sides.append(float(match[1]) * _PIXELS[match[2]])
        else:
            sides.append(float(inner[1]) if inner else _UNSAID)
    return sides[0], sides[1]
