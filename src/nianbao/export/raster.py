"""Owns the way from an SVG figure to a PNG for formats that need one, with the fonts that serve for pictures.

May import: errors, export.fonts, export.svg. Typst draws it; it reads no file besides the fonts.
"""

from __future__ import annotations

import json

from nianbao.errors import ExportError
from nianbao.export.font_families import Role
from nianbao.export.fonts import OPEN, FontSet, resolve, typst_fonts
from nianbao.export.svg import clean_svg

# Sharp on screen at twice the size, and on an office's printer; drawing takes as long as there are pixels.
PIXELS_PER_INCH = 150
_TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: json(bytes(sys.inputs.faces)))
#image(bytes(sys.inputs.svg), format: "svg")
"""


def png_of_svg(svg: bytes, *, alt: str, fonts: FontSet | None = None) -> bytes:
    """The figure as PNG at PIXELS_PER_INCH, set in ``fonts`` (the open ones by default).

    ExportError names the figure (``alt``) that cannot be drawn.
    """
    import typst

    fonts = fonts or resolve(OPEN)
    faces = fonts.choice(Role.FIGURE).faces
    folders = tuple(sorted({str(face.path.parent) for face in faces}))
    try:
        names = json.dumps([face.name for face in faces], ensure_ascii=False)
        inputs = {"svg": clean_svg(svg).decode(), "faces": names}
        compiler = typst.Compiler(font_paths=typst_fonts(folders), ignore_system_fonts=True)
        image = compiler.compile(_TEMPLATE, format="png", ppi=PIXELS_PER_INCH, sys_inputs=inputs)
    except (typst.TypstError, ExportError) as error:
        what = error.what if isinstance(error, ExportError) else error.message
        raise ExportError(
            f"the figure “{alt}” cannot be drawn: {what}", hint="mend the figure in its section and run that again"
        ) from error
    if not isinstance(image, bytes):
        raise ExportError(f"the figure “{alt}” cannot be drawn: it makes more than one page")
    return image
