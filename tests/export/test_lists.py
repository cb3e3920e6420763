"""Numbers and levels of lists, alignment and styles in tables: read back from each format that prints them."""

from __future__ import annotations

import io
import zipfile

import pdfplumber
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


LONG = "这一项写得很长，一行写不下，因此要在下一行接着写完，好看清楚下一行从哪里开始。"
FURTHER = f"1. {LONG}\n\n   又一段：{LONG}\n\n   - 点：{LONG}\n\n     点的又一段。\n\n2. 乙项"
FIRST_WORDS = ("这一项写", "又一段：", "点：这一", "点的又一", "乙项")


def further(form: str) -> bytes:
    return builders.made(builders.stitched_notebook(extra=(display.text(FURTHER),)), form)


def test_the_web_page_holds_an_items_further_paragraphs_in_the_item() -> None:
    for form in ("html", "fragment"):
        (outer,) = html.document_fromstring(further(form).decode()).xpath("//ol[li[contains(., '又一段')]]")
        first, second = outer.findall("li")
        assert [each.text.strip()[:4] for each in first.iter("p")] == ["又一段：", "点的又一"]
        assert second.text.strip() == "乙项"


def test_the_word_document_sets_an_items_further_paragraphs_under_its_words() -> None:
    with zipfile.ZipFile(io.BytesIO(further("docx"))) as files:
        body, numbering = (etree.fromstring(files.read(f"word/{name}.xml")) for name in ("document", "numbering"))
    found = {}
    for paragraph in body.iter(f"{W}p"):
        words = "".join(paragraph.itertext())
        if words.startswith(FIRST_WORDS):
            found[words[:4]] = (paragraph.find(f".//{W}numPr"), paragraph.find(f"{W}pPr/{W}ind"))
    assert [mark is not None for mark, _ in found.values()] == [True, False, True, False, True]
    levels = [
        [level.find(f".//{W}ind") for level in each.iter(f"{W}lvl")] for each in numbering.iter(f"{W}abstractNum")
    ]
    bullets, numbers = levels
    assert numbers[0].get(f"{W}hanging")  # a further line stands under the words too
    assert bullets[1].get(f"{W}hanging")
    for words, indent in (("又一段：", numbers[0]), ("点的又一", bullets[1])):
        own = found[words][1]
        assert own.get(f"{W}left") == indent.get(f"{W}left")
        assert own.get(f"{W}firstLine") == own.get(f"{W}firstLineChars") == "0"


def test_the_pdf_sets_an_items_further_lines_and_paragraphs_under_its_words() -> None:
    with pdfplumber.open(io.BytesIO(further("pdf"))) as pdf:
        lines = [line for page in pdf.pages for line in page.extract_text_lines(x_tolerance=1)]
    begins = {line["text"].lstrip("1.2• ")[:4]: line for line in lines}
    left = {
        words: next(c["x0"] for c in line["chars"] if c["text"] == words[0]) for words, line in begins.items() if words
    }
    wrapped = lines[1 + next(n for n, line in enumerate(lines) if FIRST_WORDS[0] in line["text"])]
    assert left["又一段："] == pytest.approx(left["这一项写"], abs=0.5)
    assert wrapped["chars"][0]["x0"] == pytest.approx(left["这一项写"], abs=0.5)
    assert left["点的又一"] == pytest.approx(left["点：这一"], abs=0.5)
    assert left["点：这一"] > left["又一段："] + 10
