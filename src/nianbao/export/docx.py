"""The DOCX: an editable document with real styles, merged tables and page numbers, made with python-docx.

No external relationship is ever made: a link prints its address.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P

from nianbao.export.blocks import Block, Closing, Heading, ListBlock, Paragraph, Picture, Run, TableBlock, Title
from nianbao.export.document import DRAFT, Document
from nianbao.export.docx_base import (
    BULLET_LIST,
    DEEPEST_LEVEL,
    NESTED_BULLETS,
    NESTED_NUMBERS,
    NUMBERS,
    base_package,
    level_indent,
    nested_lists,
)
from nianbao.export.docx_picture import inline_picture
from nianbao.export.docx_styles import (
    BODY,
    CAPTION,
    CLOSING,
    EMPHASIS,
    GAP,
    HEADINGS,
    LINE,
    LIST,
    NOTE,
    NOTICE,
    PICTURE,
    RUN_IN,
    SIZE_3,
    TABLE_TITLE,
    TITLE,
    TITLE_CHARACTERS,
    TITLE_LINE,
)
from nianbao.export.docx_table import table_element
from nianbao.export.docx_xml import Element, checked, linked, paragraph, run, w
from nianbao.export.fonts import FontSet, document_fonts
from nianbao.export.texts import run_in_length
from nianbao.export.title_lines import text_width, title_lines
from nianbao.export.zipped import repacked

_MUCH = 4.0  # characters
_BEFORE_TABLE, _AFTER_TABLE = LINE // 5, LINE * 2 // 5
_STYLES = {"body": BODY, "preamble": BODY, "note": NOTE, "notice": NOTICE}


def write(document: Document, font_dir: Path | None = None) -> bytes:
    """The report as an editable Word document on the page of GB/T 9704-2012.

    ExportError names a character or a figure that cannot be set.
    """
    word = docx.Document(io.BytesIO(base_package(draft=document.draft)))
    _describe(word, document)
    section = word.element.body.sectPr
    for element in _Body(word, font_dir).elements(document):
        section.addprevious(element)
    stream = io.BytesIO()
    word.save(stream)
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
    """The elements of one document's body; it counts the numbered lists and the pictures."""

    def __init__(self, word: WordDocument, font_dir: Path | None) -> None:
        self._word = word
        self._font_dir = font_dir
        self._fonts: FontSet | None = None  # looked for where there are pictures
        self._lists = BULLET_LIST
        self._nested = False
        self._pictures = 0
        self._level = 0

    def elements(self, document: Document) -> Iterator[Element]:
        """The body's paragraphs and tables in reading order."""
        blocks = document.page_blocks
        if any(isinstance(block, Picture) for block in blocks):
            self._fonts = document_fonts(document, self._font_dir)
        for before, block, after in zip((None, *blocks[:-1]), blocks, (*blocks[1:], None), strict=True):
            elements = list(self._block(block, before))
            if isinstance(before, TableBlock) and not isinstance(block, TableBlock):
                _space(elements[0], before=_AFTER_TABLE)
            if isinstance(block, TableBlock) and (after is None or isinstance(after, TableBlock)):
                elements.append(paragraph(GAP))  # tables that touch would become one, and a body ends with a paragraph
            if isinstance(after, TableBlock) and not isinstance(block, TableBlock):
                _space(elements[-1], after=_BEFORE_TABLE)
            if isinstance(after, Closing) and isinstance(elements[-1], CT_P):
                # A page with nothing but office and date invites a text to be put above them.
                properties: Any = elements[-1].get_or_add_pPr()  # its types leave out the makers of single properties
                properties.get_or_add_keepNext()
            yield from elements

    def _block(self, block: Block, before: Block | None) -> Iterator[Element]:
        match block:
            case Title():
                yield _title(block)
            case Heading():
                # No level is left out, whatever the narrative's Markdown does: readers walk by them.
                self._level = min(block.level, self._level + 1, len(HEADINGS))
                page = w("pageBreakBefore") if block.new_page else None
                yield paragraph(HEADINGS[self._level - 1], run(block.text), properties=(page,))
            case Paragraph():
                yield paragraph(_STYLES[block.role], *_runs(block))
            case ListBlock():
                yield from self._list(block)
            case TableBlock():
                yield from _table(block, before)
            case Picture():
                yield from self._picture(block)
            case Closing():
                yield from _closing(block)

    def _list(self, block: ListBlock, level: int = 0) -> Iterator[Element]:
        """The items of a list; a further paragraph of an item has no mark, a nested list stands a level deeper."""
        number = self._list_number(block, level)
        for item in block.items:
            properties: tuple[Element, ...] = (w("numPr", w("ilvl", val=level), w("numId", val=number)),)
            for part in item:
                if isinstance(part, ListBlock):
                    yield from self._list(part, min(level + 1, DEEPEST_LEVEL))
                else:
                    yield paragraph(LIST, *_runs(part), properties=properties)
                properties = (level_indent(level),) if level else ()

    def _list_number(self, block: ListBlock, level: int) -> int:
        """The id of the list: bullets share one a level; a numbered list counts for itself, from its own start."""
        if level == 0 and not block.ordered:
            return BULLET_LIST
        numbering = self._word.part.numbering_part.element
        abstract = NUMBERS
        if level:
            # Lists with levels are declared where a document has some: before all lists, as the schema wants them.
            abstract = NESTED_NUMBERS if block.ordered else NESTED_BULLETS
            if not self._nested:
                first = numbering.find(qn("w:num"))
                for element in nested_lists():
                    first.addprevious(element)
                self._nested = True
        self._lists += 1
        restart = w("lvlOverride", w("startOverride", val=block.start), ilvl=level)
        numbering.append(w("num", w("abstractNumId", val=abstract), restart, numId=self._lists))
        return self._lists

    def _picture(self, block: Picture) -> Iterator[Element]:
        self._pictures += 1
        drawing = inline_picture(self._word.part, block, self._pictures, self._fonts)
        yield paragraph(PICTURE, w("r", drawing))
        if block.caption:
            yield paragraph(CAPTION, run(block.caption))


def _space(element: Element, **attributes: int) -> None:
    """Set space before or after a paragraph, in twips."""
    if isinstance(element, CT_P):
        properties: Any = element.get_or_add_pPr()  # its types leave out the makers of single properties
        spacing = properties.get_or_add_spacing()
        for name, value in attributes.items():
            spacing.set(qn(f"w:{name}"), str(value))


def _title(block: Title) -> Element:
    """The title, a line below the top; it takes whole lines of the page, and one is left free below it."""
    lines = [part for line in block.lines for part in title_lines(line, TITLE_CHARACTERS)]
    slack = -len(lines) * TITLE_LINE % LINE
    spacing = w("spacing", before=LINE + slack // 2, after=LINE + slack - slack // 2)
    return paragraph(TITLE, run("\n".join(lines)), properties=(spacing,))


def _runs(block: Paragraph) -> list[Element]:
    """The runs of a paragraph; one that begins with a heading (（一）主动公开方面。) has that in the heading's face."""
    lead = run_in_length(block.text) if block.role == "body" else 0
    runs = []
    for part in block.runs:
        head, tail = part.text[:lead], part.text[lead:]
        if head:
            runs.append(_run(replace(part, text=head, href=None if tail else part.href), RUN_IN))
        if tail or not head:
            runs.append(_run(replace(part, text=tail), EMPHASIS if part.italic else None))
        lead -= len(head)
    return runs


def _run(part: Run, style: str | None) -> Element:
    return run(linked(part), w("rStyle", val=style) if style else None, w("b") if part.bold else None)


def _table(block: TableBlock, before: Block | None) -> Iterator[Element]:
    caption = block.grid.caption
    # A section's heading that says the same stands right above the table: no caption repeats it.
    if caption and not (isinstance(before, Heading) and caption in before.text):
        yield paragraph(TABLE_TITLE, run(caption))
    yield table_element(block)


def _closing(block: Closing) -> Iterator[Element]:
    """The office, two lines below the text, and the date under it."""
    last = len(block.lines) - 1
    for index, (line, side) in enumerate(zip(block.lines, _insets(block.lines), strict=True)):
        spacing = w("spacing", before=0 if index else 2 * LINE)
        inset = w("ind", rightChars=round(side * 100), right=round(side * SIZE_3 * 10))
        yield paragraph(CLOSING, run(line), properties=(w("keepNext") if index < last else None, spacing, inset))


def _insets(lines: tuple[str, ...]) -> list[float]:
    """How far each line stands in from the right, in characters: GB/T 9704-2012, 7.3.5.

    The date stands four in, the office centred above it; where their lengths differ much, both stand two in.
    """
    widths = [_ems(line) for line in lines]
    if max(widths) - min(widths) > _MUCH:
        return [2.0] * len(lines)
    return [4.0 + (widths[-1] - width) / 2 for width in widths]


def _ems(line: str) -> float:
    """The width of a line in characters; between Chinese and digits Word and LibreOffice leave a quarter."""
    seams = sum(left.isascii() != right.isascii() for left, right in pairwise(line))
    return text_width(line) + seams / 4
