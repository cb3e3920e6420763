"""WordprocessingML elements, pictures among them, and the refusal of characters that XML cannot hold.

Every word of a report passes through ``run`` here, so that none can become markup or a field. A picture is set as
pixels, no wider than the type area, with its alternative text; Typst draws an SVG.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import cast

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.oxml.ns import nsmap
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart
from docx.shared import Inches, Length, Twips

from nianbao.errors import ExportError
from nianbao.errors.language import Message
from nianbao.export.blocks import Picture
from nianbao.export.fonts import OPEN, FontSet, Role, resolve, typst_fonts
from nianbao.export.pictures import clean_svg
from nianbao.export.texts import NOT_IN_XML

Element = BaseOxmlElement

_W = nsmap["w"]
# Both prefixes are spelled out: one that lxml makes up depends on what other libraries have registered before.
_PREFIXES = {"w": _W, "r": nsmap["r"]}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Punctuation that Chinese and Latin share: Word takes the Latin face for it unless the run's hint says otherwise.
_SHARED_MARKS = re.compile("[“”‘’…—·×÷°±→•]")


def w(name: str, /, *children: Element | None, **attributes: str | int) -> Element:
    """An element ``w:name`` with ``w:`` attributes; a child that is None is left out."""
    values = {
        f"{{{_W}}}{key}": checked(value) if isinstance(value, str) else str(value) for key, value in attributes.items()
    }
    element = OxmlElement(f"w:{name}", values, _PREFIXES)
    for child in children:
        if child is not None:
            element.append(child)
    return cast("Element", element)


def checked(words: str) -> str:
    """The words themselves; ExportError names the first character that no XML file can hold."""
    if match := NOT_IN_XML.search(words):
        around = NOT_IN_XML.sub("□", words[max(0, match.start() - 12) : match.end() + 12])
        raise ExportError(
            Message(
                "a DOCX file cannot hold the control character U+{code:04X}, found in “{around}”",
                code=ord(match[0]),
                around=around,
            ),
            hint="delete the invisible character in the narrative or the table: type the words around it anew",
        )
    return words


def run(words: str, *properties: Element | None) -> Element:
    """A run of text in ``properties``: markup stays text, a line break becomes ``w:br``, a tab ``w:tab``."""
    content = list(_content(checked(words)))
    kept = w("rPr", *properties)
    if _SHARED_MARKS.search(words):
        named = len(kept) and kept[0].tag == f"{{{_W}}}rStyle"
        kept.insert(1 if named else 0, w("rFonts", hint="eastAsia"))  # the schema's order: style, faces, the rest
    return w("r", kept if len(kept) else None, *content)


def _content(words: str) -> Iterator[Element]:
    for part in re.split("(\r\n|[\r\n\t])", words):
        if part == "\t":
            yield w("tab")
        elif part in {"\r\n", "\r", "\n"}:
            yield w("br")
        elif part:
            element = w("t")
            element.text = part
            element.set(_SPACE, "preserve")
            yield element


def paragraph(style: str, *content: Element, properties: tuple[Element | None, ...] = ()) -> Element:
    """A paragraph in a style (its id); ``properties`` are set on the paragraph itself, in the schema's order."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *content)


# Of the type area: a caption stands below; a picture without one may fill the page under a heading.
_TALLEST = {True: 0.82, False: 0.9}

# Sharp on screen at twice the size, and on an office's printer; drawing takes as long as there are pixels.
PIXELS_PER_INCH = 150
_TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: json(bytes(sys.inputs.faces)))
#image(bytes(sys.inputs.svg), format: "svg")
"""


def inline_picture(
    part: DocumentPart, area: tuple[int, int], picture: Picture, number: int, fonts: FontSet | None
) -> Element:
    """The drawing of the picture, its words in ``fonts``; ``number`` counts the document's pictures (from 1).

    ``area`` is the width and height of the type area, in twentieths of a point; the picture becomes a part of ``part``.
    """
    data = png_of_svg(picture.data, alt=picture.alt, fonts=fonts) if picture.format == "svg" else picture.data
    try:
        _, image = part.get_or_add_image(io.BytesIO(data))
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError) as error:
        raise ExportError(
            Message("the figure “{alt}” is no valid picture", alt=picture.alt), hint="run the section again"
        ) from error
    dots = PIXELS_PER_INCH if picture.format == "svg" else image.horz_dpi
    width, height = Inches(image.px_width / dots), Inches(image.px_height / dots)
    tallest = Twips(round(area[1] * _TALLEST[bool(picture.caption)]))
    scale = min(1.0, Twips(area[0]) / width, tallest / height)
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
