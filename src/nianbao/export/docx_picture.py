"""Owns a picture of the DOCX: as PNG, no wider than the type area, with its alternative text.

May import: export.blocks, export.fonts, export.raster, export.docx_styles, export.docx_xml.
"""

from __future__ import annotations

import io

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.parts.document import DocumentPart
from docx.shared import Inches, Length, Twips

from nianbao.errors import ExportError
from nianbao.export.blocks import Picture
from nianbao.export.docx_styles import TEXT_HEIGHT, TEXT_WIDTH
from nianbao.export.docx_xml import Element, checked, w
from nianbao.export.fonts import FontSet
from nianbao.export.raster import PIXELS_PER_INCH, png_of_svg

# Of the type area: a caption stands below; a picture without one may fill the page under a heading.
_TALLEST = {True: 0.82, False: 0.9}


def inline_picture(part: DocumentPart, picture: Picture, number: int, fonts: FontSet | None) -> Element:
    """The drawing of the picture, its words in ``fonts``; ``number`` counts the document's pictures (from 1)."""
    data = png_of_svg(picture.data, alt=picture.alt, fonts=fonts) if picture.format == "svg" else picture.data
    try:
        _, image = part.get_or_add_image(io.BytesIO(data))
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError) as error:
        raise ExportError(f"the figure “{picture.alt}” is no valid picture", hint="run the section again") from error
    dots = PIXELS_PER_INCH if picture.format == "svg" else image.horz_dpi
    width, height = Inches(image.px_width / dots), Inches(image.px_height / dots)
    scale = min(1.0, Twips(TEXT_WIDTH) / width, Twips(round(TEXT_HEIGHT * _TALLEST[bool(picture.caption)])) / height)
    inline = part.new_pic_inline(io.BytesIO(data), Length(int(width * scale)), Length(int(height * scale)))
    for name, value in (("id", str(number)), ("name", f"图 {number}"), ("descr", checked(picture.alt))):
        inline.docPr.set(name, value)
    return w("drawing", inline)
