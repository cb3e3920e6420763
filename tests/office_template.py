"""An office's own Word template: a cover with a logo, a header, other faces, a narrower page, words on the last page."""

from __future__ import annotations

import base64
import io
from importlib.resources import files

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm

from nianbao.export.docx_template import PLACE

_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def our_template() -> bytes:
    """The template that reports have where an office has none of its own."""
    return files("nianbao.export").joinpath("templates/report.docx").read_bytes()


def office_template() -> WordDocument:
    """The template, open."""
    word = docx.Document(io.BytesIO(our_template()))
    (place,) = word.paragraphs
    place.text = "某某县人民政府"
    word.add_paragraph("年度报告汇编").add_run().add_picture(io.BytesIO(_DOT), Mm(10))
    section = word.add_section(WD_SECTION.NEW_PAGE)
    section.right_margin += Mm(6)
    word.add_paragraph(PLACE)
    word.add_paragraph("封底说明")
    word.sections[0].header.paragraphs[0].text = "某某县政务公开"
    word.styles["公文正文"].element.rPr.rFonts.set(qn("w:eastAsia"), "华文仿宋")
    return word


def template_bytes(word: WordDocument) -> bytes:
    """The template as a file."""
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()
