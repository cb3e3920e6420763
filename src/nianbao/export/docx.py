"""The DOCX: an editable document of a template's styles, with merged tables and page numbers, made with python-docx.

Nothing points outside the file but the links that the narrative has.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P

from nianbao.export import page
from nianbao.export.blocks import (
    Attachment,
    AttachmentList,
    Block,
    Closing,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Run,
    TableBlock,
    Title,
)
from nianbao.export.document import DRAFT, Document
from nianbao.export.docx_table import table_element
from nianbao.export.docx_template import (
    BODY,
    BULLETS,
    CAPTION,
    CLOSING,
    EMPHASIS,
    HEADINGS,
    LINK,
    NOTE,
    NOTICE,
    NUMBERS,
    PICTURE,
    RUN_IN,
    TABLE_TEXT,
    TABLE_TITLE,
    TITLE,
    Template,
    open_template,
    watermark,
)
from nianbao.export.docx_xml import Element, checked, inline_picture, paragraph, run, w
from nianbao.export.fonts import FontSet, resolve
from nianbao.export.page import closing_insets, title_lines
from nianbao.export.texts import run_in_length
from nianbao.export.zipped import repacked

# In twips (1/20 pt), as Word counts.
_LINE = int(page.LINE * 20)
_TITLE_LINE = 720
_CHARACTER = page.SIZE * 20
_BEFORE_TABLE, _AFTER_TABLE = _LINE // 5, _LINE * 2 // 5
_STYLES = {"body": BODY, "preamble": BODY, "note": NOTE, "notice": NOTICE}


def write(document: Document, font_dir: Path | None = None) -> bytes:
    """The report as an editable Word document: on the office's template, else on the page of GB/T 9704-2012.

    ExportError names a character or a figure that cannot be set, and what a template lacks.
    """
    opened = open_template(document.template)
    _describe(opened.word, document)
    opened.put(_Body(opened, font_dir).elements(document))
    if document.draft:
        opened.mark(watermark)
    stream = io.BytesIO()
    opened.word.save(stream)
    return repacked(stream.getvalue())


def _describe(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title = checked(document.full_title)
    properties.author = properties.last_modified_by = checked(document.office)
    properties.subject = "政府信息公开工作年度报告"
    properties.language = "zh-CN"
    properties.revision = 1
    if document.draft:
        properties.content_status = DRAFT
    day = date.fromisoformat(document.published or f"{document.year}-12-31")
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


class _Body:
    """The elements of one document's body; it counts the pictures."""

    def __init__(self, template: Template, font_dir: Path | None) -> None:
        self._template = template
        self._ids = template.ids
        self._font_dir = font_dir
        self._fonts: FontSet | None = None  # looked for where there are pictures
        self._pictures = 0
        self._level = 0

    def elements(self, document: Document) -> Iterator[Element]:
        """The body's paragraphs and tables in reading order."""
        blocks = document.page_blocks
        if any(isinstance(block, Picture) for block in blocks):
            self._fonts = resolve(document.fonts, self._font_dir)
        for before, block, after in zip((None, *blocks[:-1]), blocks, (*blocks[1:], None), strict=True):
            elements = list(self._block(block, before))
            if isinstance(before, TableBlock) and not isinstance(block, TableBlock):
                _space(elements[0], before=_AFTER_TABLE)
            if isinstance(block, TableBlock) and (after is None or isinstance(after, TableBlock)):
                elements.append(self._gap())  # tables that touch would become one, and a body ends with a paragraph
            if isinstance(after, TableBlock) and not isinstance(block, TableBlock):
                _space(elements[-1], after=_BEFORE_TABLE)
            if isinstance(after, Closing | AttachmentList) and isinstance(elements[-1], CT_P):
                # A page with nothing but office and date invites a text to be put above them.
                properties: Any = elements[-1].get_or_add_pPr()  # its types leave out the makers of single properties
                properties.get_or_add_keepNext()
            yield from elements

    def _block(self, block: Block, before: Block | None) -> Iterator[Element]:
        match block:
            case Title():
                yield self._title(block)
            case Heading():
                # No level is left out, whatever the narrative's Markdown does: readers walk by them.
                self._level = min(block.level, self._level + 1, len(HEADINGS))
                broken = w("pageBreakBefore") if block.new_page else None
                yield self._paragraph(HEADINGS[self._level - 1], run(block.text), properties=(broken,))
            case Paragraph():
                yield self._paragraph(_STYLES[block.role], *self._runs(block))
            case ListBlock():
                yield from self._list(block)
            case TableBlock():
                yield from self._table(block, before)
            case Picture():
                yield from self._picture(block)
            case Closing():
                yield from self._closing(block)
            case AttachmentList():
                yield from self._attachment_list(block)
            case Attachment():
                self._level = 1
                yield from self._attachment(block)

    def _paragraph(self, style: str, *content: Element, properties: tuple[Element | None, ...] = ()) -> Element:
        return paragraph(self._ids[style], *content, properties=properties)

    def _gap(self) -> Element:
        return self._paragraph(TABLE_TEXT, properties=(w("spacing", line=120, lineRule="exact"),))

    def _list(self, block: ListBlock, level: int = 0) -> Iterator[Element]:
        """The items of a list, each list counted from its own start, a nested one a level deeper.

        A further paragraph of an item has no mark and stands where the item's words do.
        """
        style = NUMBERS if block.ordered else BULLETS
        level = min(level, self._template.deepest(style))
        mark = w("numPr", w("ilvl", val=level), w("numId", val=self._template.new_list(style, block.start, level)))
        for item in block.items:
            marked = True
            for part in item:
                if isinstance(part, ListBlock):
                    yield from self._list(part, level + 1)
                elif marked:
                    yield self._paragraph(style, *self._runs(part), properties=(deepcopy(mark),))
                else:
                    indent = self._template.indent_of_words(style, level)
                    yield self._paragraph(BODY, *self._runs(part), properties=(indent,))
                marked = False

    def _picture(self, block: Picture) -> Iterator[Element]:
        self._pictures += 1
        area = (self._template.width, self._template.height)
        drawing = inline_picture(self._template.word.part, area, block, self._pictures, self._fonts)
        yield self._paragraph(PICTURE, w("r", drawing))
        if block.caption:
            yield self._paragraph(CAPTION, run(block.caption))

    def _title(self, block: Title) -> Element:
        """The title, a line below the top; it takes whole lines of the page, and one is left free below it."""
        lines = [part for line in block.lines for part in title_lines(line, page.TITLE_CHARACTERS)]
        slack = -len(lines) * _TITLE_LINE % _LINE
        spacing = w("spacing", before=_LINE + slack // 2, after=_LINE + slack - slack // 2)
        return self._paragraph(TITLE, run("\n".join(lines)), properties=(spacing,))

    def _attachment_list(self, block: AttachmentList) -> Iterator[Element]:
        """The titles of the attachments, two characters in, a line below the text; further lines under the title."""
        for index, ((lead, number, _), words) in enumerate(zip(block.lines, block.tabbed, strict=True)):
            own = 1.75 if number else 0
            hanging, left = len(lead) + own, 2 + len(block.lines[0][0]) + own
            indent = w(
                "ind",
                leftChars=round(left * 100),
                left=round(left * _CHARACTER),
                hangingChars=round(hanging * 100),
                hanging=round(hanging * _CHARACTER),
            )
            spacing = w("spacing", before=0 if index else _LINE)
            yield self._paragraph(BODY, run(words), properties=(w("keepNext"), spacing, indent))

    def _attachment(self, block: Attachment) -> Iterator[Element]:
        """The head of an attachment: its mark in line 1 of a page, at the left, its title in line 3, then a line."""
        none = w("ind", leftChars=0, left=0, firstLineChars=0, firstLine=0)
        yield self._paragraph(HEADINGS[0], run(block.mark), properties=(w("pageBreakBefore"), none))
        lines = title_lines(block.title, page.TITLE_CHARACTERS)
        spacing = w("spacing", before=_LINE, after=_LINE, line=_LINE, lineRule="exact")
        yield self._paragraph(TITLE, run("\n".join(lines)), properties=(w("keepNext"), spacing))

    def _runs(self, block: Paragraph) -> list[Element]:
        """The runs of a paragraph; a heading that it begins with (（一）主动公开方面。) has a face of its own."""
        lead = run_in_length(block.text) if block.role == "body" else 0
        runs = []
        for part in block.runs:
            head, tail = part.text[:lead], part.text[lead:]
            if head:
                runs.append(self._run(replace(part, text=head), RUN_IN))
            if tail or not head:
                runs.append(self._run(replace(part, text=tail), EMPHASIS if part.italic else None))
            lead -= len(head)
        return runs

    def _run(self, part: Run, style: str | None, *properties: Element) -> Element:
        """A run in a style of characters; a link's, in its own."""
        name = style or (LINK if part.href else None)
        bold = w("b") if part.bold else None
        made = run(part.text, w("rStyle", val=self._ids[name]) if name else None, bold, *properties)
        if not part.href:
            return made
        link = w("hyperlink", made, history=1)
        target = checked(part.href)
        link.set(qn("r:id"), self._template.word.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        return link

    def _table(self, block: TableBlock, before: Block | None) -> Iterator[Element]:
        caption = block.grid.caption
        # A section's heading that says the same stands right above the table: no caption repeats it.
        if caption and not (isinstance(before, Heading) and caption in before.text):
            yield self._paragraph(TABLE_TITLE, run(caption))
        yield table_element(block, self._template, self._cell_run)

    def _cell_run(self, part: Run, properties: Sequence[Element]) -> Element:
        return self._run(part, EMPHASIS if part.italic else None, *properties)

    def _closing(self, block: Closing) -> Iterator[Element]:
        """The office, two lines below the text (one where no seal comes), and the date under it."""
        last = len(block.lines) - 1
        insets = closing_insets(block.lines, sealed=block.sealed)
        for index, (line, side) in enumerate(zip(block.lines, insets, strict=True)):
            spacing = w("spacing", before=0 if index else (2 if block.sealed else 1) * _LINE)
            inset = w("ind", rightChars=round(side * 100), right=round(side * _CHARACTER))
            kept = w("keepNext") if index < last else None
            yield self._paragraph(CLOSING, run(line), properties=(kept, spacing, inset))


def _space(element: Element, **attributes: int) -> None:
    """Set space before or after a paragraph, in twips."""
    if isinstance(element, CT_P):
        properties: Any = element.get_or_add_pPr()  # its types leave out the makers of single properties
        spacing = properties.get_or_add_spacing()
        for name, value in attributes.items():
            spacing.set(qn(f"w:{name}"), str(value))
