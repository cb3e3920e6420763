"""A picture of the DOCX: as pixels, no wider than the type area, with its alternative text; Typst draws an SVG."""

from __future__ import annotations

import io
import json

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.shared import Inches, Length, Twips

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import Picture
from nianbao.export.docx_template import Template
from nianbao.export.docx_xml import Element, checked, w
from nianbao.export.fonts import OPEN, FontSet, Role, resolve, typst_fonts
from nianbao.export.pictures import clean_svg

# Of the type area: a caption stands below; a picture without one may fill the page under a heading.
_TALLEST = {True: 0.82, False: 0.9}

# Sharp on screen at twice the size, and on an office's printer; drawing takes as long as there are pixels.
PIXELS_PER_INCH = 150
_TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: json(bytes(sys.inputs.faces)))
#image(bytes(sys.inputs.svg), format: "svg")
"""


def inline_picture(template: Template, picture: Picture, number: int, fonts: FontSet | None) -> Element:
    """The drawing of the picture, its words in ``fonts``; ``number`` counts the document's pictures (from 1)."""
    data = png_of_svg(picture.data, alt=picture.alt, fonts=fonts) if picture.format == "svg" else picture.data
    part = template.word.part
    try:
        _, image = part.get_or_add_image(io.BytesIO(data))
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError) as error:
        raise ExportError(
            Message("the figure “{alt}” is no valid picture", alt=picture.alt), hint="run the section again"
        ) from error
    dots = PIXELS_PER_INCH if picture.format == "svg" else image.horz_dpi
    width, height = Inches(image.px_width / dots), Inches(image.px_height / dots)
    tallest = Twips(round(template.height * _TALLEST[bool(picture.caption)]))
    scale = min(1.0, Twips(template.width) / width, tallest / height)
    inline = part.new_pic_inline(io.BytesIO(data), Length(int(width * scale)), Length(int(height * scale)))
    for name, value in (("id", str(number)), ("name", f"图 {number}"), ("descr", checked(picture.alt))):
        inline.docPr.set(name, value)
    return w("drawing", inline)


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
            Message("the figure “{alt}” cannot be drawn: {what}", alt=alt, what=what),
            hint="mend the figure in its section and run that again",
        ) from error
    if not isinstance(image, bytes):
        raise ExportError(Message("the figure “{alt}” cannot be drawn: it makes more than one page", alt=alt))
    return image
