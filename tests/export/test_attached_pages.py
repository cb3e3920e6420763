"""Attachments in each format, after GB/T 9704-2012, 7.3.4 (the list) and 7.3.7 (a page of its own for each)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import nbformat
import pdfplumber
import pikepdf
import pytest
from docx.oxml.ns import qn
from lxml import html

import builders
from nianbao.errors.language import told_in
from nianbao.export.blocks import Attachment, AttachmentList, Closing, Heading, Paragraph, TableBlock
from nianbao.export.document import read_document
from nianbao.export.glyphs import MissingGlyphError
from nianbao.export.html import views
from nianbao.section import display
from nianbao.section.display import Attached
from nu import needs_nu, nu_errors

MM = 72 / 25.4
LINE, CHARACTER = 225 / 22, 156 / 28
LONG = "示例市人民政府办公室关于进一步规范政府信息公开申请办理工作若干规定的情况说明"
TABLE = "正文一段。\n\n|部门|件|\n|:-|-:|\n|教育局|4|"


def attached(*titles: str, words: str = TABLE) -> nbformat.NotebookNode:
    """A report with attachments of these titles under its closing, each with a paragraph and a table."""
    marks = [f"附件{number}" for number in range(1, len(titles) + 1)] if len(titles) > 1 else ["附件"]
    given = [Attached(mark, title, words, f"{mark}.md") for mark, title in zip(marks, titles, strict=True)]
    notebook = builders.stitched_notebook()
    closing = display.closing("示例市人民政府办公室", "2024年1月10日", attachments=given)
    notebook.cells[-1].outputs[0].data = closing.bundle
    return notebook


def lines_of(page: Any) -> list[tuple[float, float, float, str]]:
    """Each line of a page of the PDF: which of the 22 it is (from 1), its edges in characters, its words."""
    left = (28 if page.page_number % 2 else 26) * MM
    found: dict[int, list[Any]] = {}
    for char in page.chars:
        number = round((char["top"] / MM - 37) / LINE + 0.6)
        if char["text"].strip():
            found.setdefault(number, []).append(char)
    return [
        (
            number,
            (min(char["x0"] for char in chars) - left) / MM / CHARACTER,
            (max(char["x1"] for char in chars) - left) / MM / CHARACTER,
            "".join(char["text"] for char in sorted(chars, key=lambda char: char["x0"])),
        )
        for number, chars in sorted(found.items())
    ]


def test_the_document_lists_attachments_over_the_closing_and_has_them_after_it() -> None:
    blocks = read_document(attached("甲", "乙")).blocks
    at = next(index for index, block in enumerate(blocks) if isinstance(block, AttachmentList))
    kinds = [type(block) for block in blocks[at:]]
    assert kinds == [AttachmentList, Closing, *[Attachment, Paragraph, TableBlock] * 2]
    assert blocks[at].lines == (("附件：", "1.", "甲"), ("", "2.", "乙"))


def test_a_report_without_attachments_says_nothing_of_them() -> None:
    notebook = builders.stitched_notebook()
    assert "attachments" not in str(notebook.cells[-1].outputs[0].data)
    assert b"attachment" not in builders.made(notebook, "html")


def test_the_pdf_lists_them_a_line_under_the_text_and_turns_lines_under_the_title() -> None:
    with pdfplumber.open(io.BytesIO(builders.made(attached("各单位情况", LONG), "pdf"))) as pdf:
        pages = map(lines_of, pdf.pages)
        lines = next(lines for lines in pages if any("附件：" in line[3] for line in lines))
    at = next(index for index, line in enumerate(lines) if "附件：" in line[3])
    text, first, second, third = lines[at - 1 : at + 3]
    assert first[0] - text[0] == 2  # one line is free
    assert [second[0] - first[0], third[0] - second[0]] == [1, 1]
    assert first[3] == "附件：1.各单位情况"
    assert (first[1], second[1]) == (pytest.approx(2, abs=0.1), pytest.approx(5, abs=0.1))
    assert third[1] == pytest.approx(second[1] + 1.2, abs=0.4)  # under the title's first character
    assert second[3][2:] + third[3] == LONG


def test_each_begins_a_page_of_the_pdf_with_its_mark_in_line_1_and_its_title_in_line_3() -> None:
    content = builders.made(attached("各单位情况", LONG), "pdf")
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        pages = [lines_of(page) for page in pdf.pages[-2:]]
    for mark, title, lines in (("附件1", "各单位情况", pages[0]), ("附件2", LONG, pages[1])):
        assert lines[0][0] == 1
        assert lines[0][3] == mark
        assert lines[0][1] == pytest.approx(0, abs=0.1)
        count = 1 if title == "各单位情况" else 2
        assert [line[0] for line in lines[1 : count + 2]] == [*range(3, 3 + count), 4 + count]  # then a free line
        assert "".join(line[3] for line in lines[1 : count + 1]) == title
        assert all((line[1] + line[2]) / 2 == pytest.approx(14, abs=0.2) for line in lines[1 : count + 1])
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][-2:] == ["附件1 各单位情况", f"附件2 {LONG}"]


def test_a_single_one_has_no_number() -> None:
    with pdfplumber.open(io.BytesIO(builders.made(attached("各单位情况"), "pdf"))) as pdf:
        words = ["".join(line[3] for line in lines_of(page)) for page in pdf.pages]
    assert "附件：各单位情况" in words[-2]
    assert words[-1].startswith("附件各单位情况")


def test_the_word_document_has_them_as_headings_on_pages_of_their_own() -> None:
    word = docx.Document(io.BytesIO(builders.made(attached("各单位情况", LONG), "docx")))
    marks = [one for one in word.paragraphs if one.text in {"附件1", "附件2"}]
    assert [one.style.name for one in marks if one.style] == ["Heading 1", "Heading 1"]
    assert all(one.paragraph_format.page_break_before and one.paragraph_format.first_line_indent == 0 for one in marks)
    titles = [word.paragraphs[index + 1] for index, one in enumerate(word.paragraphs) if one.text in {"附件1", "附件2"}]
    assert ["".join(one.text.split()) for one in titles] == ["各单位情况", LONG]
    listed = [one for one in word.paragraphs if one.text in {"附件：1.\t各单位情况", f"2.\t{LONG}"}]
    edges = [(one.paragraph_format.left_indent, one.paragraph_format.first_line_indent) for one in listed]
    assert [(left + first) / 635 / 320 for left, first in edges if left and first] == [2, 5]
    assert len({left for left, _ in edges}) == 1  # both titles begin at the same place
    assert all(one._p.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for one in listed)


def test_the_web_page_has_them_as_headings_with_a_way_to_them() -> None:
    content = builders.made(attached("各单位情况", LONG), "html")
    root = html.document_fromstring(content.decode())
    assert [one.text_content() for one in root.xpath("//h2[@class='attachment new-page']")] == [
        "附件1 各单位情况",
        f"附件2 {LONG}",
    ]
    assert root.xpath("//nav//a[starts-with(@href, '#attachment')]/@href") == ["#attachment-1", "#attachment-2"]
    assert root.xpath("//*[@id='attachment-1']/following-sibling::p")[0].text == "正文一段。"
    (listed,) = root.find_class("attachments")
    assert listed.text_content() == f"附件：1.各单位情况2.{LONG}"


def test_a_heading_of_a_notebook_takes_no_attachments_id() -> None:
    blocks = (Heading(1, "甲", "attachment-1"), Attachment("附件1", "名单"))
    assert [view.id for view in views(blocks)] == ["attachment-1-2", "attachment-1"]


@needs_nu
def test_the_web_page_with_attachments_is_valid(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(builders.made(attached("各单位情况", LONG), "html"))
    assert nu_errors(page) == []


def test_the_fragment_has_them_too() -> None:
    content = builders.made(attached("各单位情况", LONG), "fragment").decode()
    assert "附件：1. 各单位情况<br>" in content
    assert f"<h2>附件2 {LONG}</h2>" in content


def test_a_character_that_no_font_has_is_named_with_its_attachment() -> None:
    with pytest.raises(MissingGlyphError) as caught:
        builders.made(attached("甲", "乙", words="好\U0001f44d"), "pdf")
    assert caught.value.where == "附件1 甲, block 1"


def test_a_character_of_the_list_that_no_font_has_is_named_in_the_readers_language() -> None:
    with pytest.raises(MissingGlyphError) as caught:
        builders.made(attached("甲\U0001f44d"), "pdf")
    assert caught.value.where == "the list of attachments"
    assert told_in("zh", caught.value.where) == "附件说明"
