"""Numbers and levels of lists, alignment and styles in tables: read back from each format that prints them."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest
from lxml import etree, html

import builders
from nianbao.section import display

WORDS = "3. 丙项\n   - 甲点\n   - 乙点\n     1. 深处\n4. 丁项\n\n正文。\n\n7. 庚项"
TABLE = "|名称|数量|\n|:-|-:|\n|**粗体**|12|"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(form: str) -> bytes:
    return builders.made(builders.stitched_notebook(extra=(display.text(WORDS), display.text(TABLE))), form)


def test_the_web_page_has_nested_lists_with_their_first_numbers() -> None:
    main = html.document_fromstring(made("html")).get_element_by_id("content")
    assert [each.get("start") for each in main.iter("ol")] == ["3", None, "7"]
    (deep,) = [item for item in main.iter("li") if item.text == "深处"]
    assert [parent.tag for parent in deep.iterancestors("ol", "ul")] == ["ol", "ul", "ol"]


def test_the_word_document_has_levels_and_restarts() -> None:
    with zipfile.ZipFile(io.BytesIO(made("docx"))) as files:
        body, numbering = (etree.fromstring(files.read(f"word/{name}.xml")) for name in ("document", "numbering"))
    lists = {}
    for paragraph in body.iter(f"{W}p"):
        for marks in paragraph.iter(f"{W}numPr"):
            level, number = (mark.get(f"{W}val") for mark in marks)
            lists["".join(paragraph.itertext())] = (int(level), number)
    assert {words: level for words, (level, _) in lists.items() if words[1:] in {"项", "点", "处"} or words == "深处"} == {
        "丙项": 0, "甲点": 1, "乙点": 1, "深处": 2, "丁项": 0, "庚项": 0,
    }  # fmt: skip
    starts = {
        number.get(f"{W}numId"): start.get(f"{W}val")
        for number in numbering.iter(f"{W}num")
        for start in number.iter(f"{W}startOverride")
    }
    assert [starts[lists[words][1]] for words in ("丙项", "丁项", "庚项")] == ["3", "3", "7"]
    order = [child.tag for child in numbering]
    assert order == sorted(order)  # the schema wants abstract lists before lists


def test_a_document_without_nested_lists_declares_none() -> None:
    plain = builders.made(builders.stitched_notebook(extra=(display.text("- 甲\n- 乙"),)), "docx")
    with zipfile.ZipFile(io.BytesIO(plain)) as files:
        assert files.read("word/numbering.xml").count(b"<w:abstractNum ") == 2


def test_the_pdf_prints_the_numbers_as_written() -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made("pdf"))).pages)
    words = "".join(text.split())
    assert "3.丙项" in words
    assert "1.深处" in words
    assert "4.丁项" in words
    assert "7.庚项" in words


@pytest.mark.parametrize("form", ["html", "docx"])
def test_columns_and_cells_keep_what_the_author_gave_them(form: str) -> None:
    content = made(form)
    if form == "html":
        (table,) = html.document_fromstring(content).xpath("//table[@class='plain']")
        assert [cell.get("style") for cell in table.iter("th", "td")] == ["text-align:left", "text-align:right"] * 2
        assert [each.text for each in table.iter("strong")] == ["粗体"]
        return
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        *_, table = etree.fromstring(files.read("word/document.xml")).iter(f"{W}tbl")
    assert [side.get(f"{W}val") for side in table.iter(f"{W}jc")][1:] == ["left", "right"] * 2
    (bold,) = [run for run in table.iter(f"{W}r") if run.find(f"{W}rPr/{W}b") is not None]
    assert "".join(bold.itertext()) == "粗体"
