"""Owns the way from an SVG figure to a PNG for formats that need one, with the fonts that are pinned with the project.

May import: errors, export.svg. Typst draws it; it reads no system font and no file besides the fonts.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from nianbao.errors import ExportError
from nianbao.export.svg import clean_svg

if TYPE_CHECKING:
    import typst

PIXELS_PER_INCH = 200
_TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: ("Noto Sans SC", "Noto Serif SC"))
#image(bytes(sys.inputs.svg), format: "svg")
"""


@cache
def _fonts() -> typst.Fonts:
    import pylopdf_fonts_zh_cn
    import typst

    folders = sorted({str(path.parent) for path in (pylopdf_fonts_zh_cn.sans_path(), pylopdf_fonts_zh_cn.serif_path())})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def png_of_svg(svg: bytes, *, alt: str) -> bytes:
    """The figure as PNG at 200 pixels an inch; ExportError names the figure (``alt``) that cannot be drawn."""
    import typst

    try:
        inputs = {"svg": clean_svg(svg).decode()}
        compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
        image = compiler.compile(_TEMPLATE, format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
    except (typst.TypstError, ExportError) as error:
        what = error.what if isinstance(error, ExportError) else error.message
        raise ExportError(
            f"the figure “{alt}” cannot be drawn: {what}", hint="mend the figure in its section and run that again"
        ) from error
    if not isinstance(image, bytes):
        raise ExportError(f"the figure “{alt}” cannot be drawn: it makes more than one page")
    return image
