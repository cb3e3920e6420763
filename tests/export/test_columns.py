"""A column of a table stands at one side, whatever its cells hold: the same side in every format."""

from __future__ import annotations

import io
from collections import defaultdict

import docx
import openpyxl
import pdfplumber
import pytest
from lxml import html

import builders
from nianbao.export.blocks import TableBlock
from nianbao.form import plain_grid
from nianbao.section import display

# Columns of numbers that label rows, of numbers and a blank, of words among which one is long, of numbers among which a
# phrase is, of shares and a word, of short words.
GRID = plain_grid(
    "各单位情况",
    ["序号", "件数", "单位", "说明", "比上年", "开通"],
    [
        ["1", "1234", "教育局", "12", "+12.50%", "是"],
        ["2", "", "市场监督管理局综合行政执法队", "尚未报送，正在催办", "持平", "未开通"],
        ["3", "7", "公安局", "无", "-3.75%", "否"],
    ],
)
SIDES = ("center", "right", "left", "left", "right", "left")


def made(form: str) -> bytes:
    return builders.made(builders.stitched_notebook(extra=(display.table(GRID),)), form)


def test_a_column_has_a_side_of_its_own() -> None:
    assert TableBlock(GRID).sides == SIDES
    assert TableBlock(GRID, ("right", None)).sides == ("right", *SIDES[1:])


@pytest.mark.parametrize("form", ["html", "fragment"])
def test_cells_of_the_page_stand_at_their_columns_side(form: str) -> None:
    *_, table = html.document_fromstring(made(form).decode()).iter("table")
    rows = table.xpath(".//tr")[1:]
    sides = [
        ["text-align:" + side in cell.get("style", "") for cell, side in zip(row, SIDES, strict=True)] for row in rows
    ]
    assert sides == [[True] * 6] * 3


def test_cells_of_the_word_document_stand_at_their_columns_side() -> None:
    table = docx.Document(io.BytesIO(made("docx"))).tables[-1]
    names = {"LEFT (0)": "left", "CENTER (1)": "center", "RIGHT (2)": "right"}
    paragraphs = [[cell.paragraphs[0] for cell in row.cells] for row in table.rows[1:]]
    assert [[names[str(one.paragraph_format.alignment)] for one in row] for row in paragraphs] == [list(SIDES)] * 3
    insets = {(x, one.paragraph_format.left_indent) for row in paragraphs for x, one in enumerate(row)}
    assert len(insets) == 6  # one for each column


def test_words_of_the_pdf_begin_at_one_place_in_their_column() -> None:
    with pdfplumber.open(io.BytesIO(made("pdf"))) as pdf:
        page = next(page for page in pdf.pages if "各单位情况" in (page.extract_text() or ""))
        tables = [table for table in page.find_tables() if len(table.rows) == 4 and len(table.columns) == 6]
        edges: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for row in tables[-1].rows[1:]:
            for x, box in enumerate(row.cells):
                chars = [char for char in page.crop(box).chars if char["text"].strip()] if box else []
                if chars:
                    left, right = min(char["x0"] for char in chars), max(char["x1"] for char in chars)
                    edges[x].add((round(left - box[0]), round(box[2] - right)))
    assert [len({left for left, _ in edges[x]}) for x in (2, 3, 5)] == [1, 1, 1]
    assert [len({right for _, right in edges[x]}) for x in (1, 4)] == [1, 1]
    assert all(abs(left - right) <= 1 for left, right in edges[0])


def test_cells_of_the_workbook_stand_at_their_columns_side() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made("xlsx")))["附表1 各单位情况"]
    assert [[cell.alignment.horizontal for cell in row] for row in sheet.iter_rows(min_row=3)] == [list(SIDES)] * 3


def test_in_word_a_number_has_room_on_one_line_and_an_address_breaks_at_full_size() -> None:
    address = "https://www.example.invalid/zwgk/fdzdgknr/long/path/index.html"
    grid = plain_grid("", [f"栏{x}" for x in range(8)], [["1", "1234567", *[address] * 6]] * 2)
    content = builders.made(builders.stitched_notebook(extra=(display.table(grid),)), "docx")
    table = docx.Document(io.BytesIO(content)).tables[-1]
    number, link = (table.cell(1, x) for x in (1, 2))
    margins = sum(
        int(one) for one in table._tbl.xpath("w:tblPr/w:tblCellMar/w:left/@w:w | w:tblPr/w:tblCellMar/w:right/@w:w")
    )
    (paragraph,) = number.paragraphs
    insets = (paragraph.paragraph_format.left_indent.pt + paragraph.paragraph_format.right_indent.pt) * 20
    digits = 7 * paragraph.runs[0].font.size.pt * 20 / 2
    assert digits <= number.width.twips - margins - insets
    assert link.paragraphs[0].runs[0].font.size.pt == table.cell(1, 0).paragraphs[0].runs[0].font.size.pt
