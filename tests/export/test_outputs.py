"""What cells show is set right, or refused with notebook, cell and what to write instead."""

from __future__ import annotations

import base64
import io
from typing import Any

import docx
import openpyxl
import pandas as pd
import pdfplumber
import pytest
from lxml import html
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from PIL import Image

import builders
from nianbao.errors import NianbaoError
from nianbao.export import FORMATS
from nianbao.export.blocks import Block, Paragraph, Picture, Run, TableBlock
from nianbao.export.document import read_document
from nianbao.form import TABLE_MIME
from nianbao.model import BLOCK_MIME
from nianbao.section import display

FRAME = pd.DataFrame({"区": ["东", "东", "西"], "年": [2022, 2023, 2022], "件": [1, 2, 3]})
WHERE = "notebooks/03_applications.ipynb, cell 7"


def cell_of(*outputs: Any, tags: tuple[str, ...] = ()) -> Any:
    about = {"nianbao": {"section": "applications", "notebook": "notebooks/03_applications.ipynb", "cell": 7}}
    return new_code_cell("", outputs=list(outputs), metadata={"tags": list(tags), **about})


def shown(data: dict[str, Any], **metadata: Any) -> Any:
    return cell_of(new_output("display_data", data=data, metadata=metadata))


def printed(*lines: str, tags: tuple[str, ...] = ()) -> Any:
    return cell_of(new_output("stream", name="stdout", text="\n".join(lines) + "\n"), tags=tags)


def notebook(*cells: Any) -> Any:
    made = builders.stitched_notebook()
    made.cells += cells
    return made


def blocks(*cells: Any) -> tuple[Block, ...]:
    without = len(read_document(builders.stitched_notebook()).blocks)
    return read_document(notebook(*cells)).blocks[without:]


def refused(*cells: Any) -> NianbaoError:
    with pytest.raises(NianbaoError) as caught:
        blocks(*cells)
    assert caught.value.hint
    return caught.value


def frame_cell(frame: Any) -> Any:
    return shown({"text/html": frame._repr_html_(), "text/plain": repr(frame)})


def texts(block: Block) -> list[list[tuple[str, int, int]]]:
    assert isinstance(block, TableBlock)
    return [[(cell.text, cell.rowspan, cell.colspan) for cell in row.cells] for row in block.grid.rows]


def png(width: int = 4, height: int = 3, form: str = "PNG") -> str:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, form)
    return base64.b64encode(stream.getvalue()).decode()


def test_heads_of_several_levels_keep_their_spans():
    columns = pd.MultiIndex.from_product([[2022, 2023], ["新收", "办结"]])
    (table,) = blocks(frame_cell(pd.DataFrame([[1, 2, 3, 4]], index=["东区"], columns=columns)))
    assert texts(table) == [
        [("", 2, 1), ("2022", 1, 2), ("2023", 1, 2)],
        [("新收", 1, 1), ("办结", 1, 1), ("新收", 1, 1), ("办结", 1, 1)],
        [("东区", 1, 1), *((str(value), 1, 1) for value in (1, 2, 3, 4))],
    ]


def test_labels_of_several_levels_keep_their_spans_and_values_stay_in_their_columns():
    (table,) = blocks(frame_cell(FRAME.set_index(["区", "年"])))
    assert isinstance(table, TableBlock)
    assert texts(table) == [
        [("区", 1, 1), ("年", 1, 1), ("件", 1, 1)],
        [("东", 2, 1), ("2022", 1, 1), ("1", 1, 1)],
        [("2023", 1, 1), ("2", 1, 1)],
        [("西", 1, 1), ("2022", 1, 1), ("3", 1, 1)],
    ]
    assert [x for _, x, cell in table.grid.placed() if cell.text in {"1", "2", "3"}] == [2, 2, 2]


def test_names_of_code_make_no_row_and_no_head():
    frame = FRAME.rename(columns={"区": "row_label", "年": "year"})
    (table,) = blocks(frame_cell(frame.pivot(index="row_label", columns="year", values="件")))
    assert texts(table)[0] == [("", 1, 1), ("2022", 1, 1), ("2023", 1, 1)]
    assert len(texts(table)) == 3


def test_whole_numbers_are_printed_whole_and_others_as_they_are():
    frame = pd.DataFrame({"件": [167.0, None, 1234.0], "率": [0.5, 1.0, 2.0]}, index=["甲", "乙", "丙"])
    (table,) = blocks(frame_cell(frame))
    assert [[text for text, _, _ in row] for row in texts(table)[1:]] == [
        ["甲", "167", "0.5"],
        ["乙", "", "1.0"],
        ["丙", "1234", "2.0"],
    ]


def test_spans_are_the_same_in_every_format_that_has_tables():
    columns = pd.MultiIndex.from_product([[2022, 2023], ["新收", "办结"]])
    rows = pd.MultiIndex.from_product([["东"], ["甲", "乙"]])
    made = notebook(frame_cell(pd.DataFrame([[1, 2, 3, 4], [5, 6, 7, 8]], index=rows, columns=columns)))
    page = html.document_fromstring(builders.made(made, "html"))
    (table,) = page.xpath("//table[@class='plain']")
    spans = [(cell.text_content(), cell.get("rowspan"), cell.get("colspan")) for cell in table.iter("th", "td")]
    assert ("2022", None, "2") in spans
    assert ("东", "2", None) in spans
    word = docx.Document(io.BytesIO(builders.made(made, "docx"))).tables[-1]
    assert [cell.text for cell in word.rows[0].cells] == ["", "", "2022", "2022", "2023", "2023"]
    assert [cell.text for cell in word.columns[0].cells] == ["", "", "东", "东"]
    sheet = openpyxl.load_workbook(io.BytesIO(builders.made(made, "xlsx"))).worksheets[-3]
    assert {"C2:D2", "E2:F2", "A4:A5"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["C5"].value == 5


def test_words_stay_within_their_columns_where_a_frame_fills_the_page() -> None:
    label = "本年新收政府信息公开申请数量"
    row = [2020, 2019, "new", label, label, "intake", "legal_service", "法律服务机构", 130]
    heads = ["year", "edition", "row", "row_label", "group", "role", "column", "column_label", "value"]
    content = builders.made(notebook(frame_cell(pd.DataFrame([row], columns=heads))), "pdf")
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        printed = [
            [["".join((cell or "").split()) for cell in line] for line in table]
            for page in pdf.pages
            for table in page.extract_tables()
        ]
        years = [word["height"] for page in pdf.pages for word in page.extract_words() if word["text"] == "2020"]
    assert [["", *heads], ["0", *map(str, row)]] in printed
    assert min(years) > 9


def test_a_wide_frame_is_refused():
    assert "13 columns" in str(refused(frame_cell(pd.DataFrame([range(12)]))))
    assert blocks(frame_cell(pd.DataFrame([range(11)])))


def test_a_frame_that_is_shown_cut_is_refused():
    error = refused(frame_cell(pd.DataFrame({"件": range(100)})))
    assert (error.where, "cut" in error.what) == (WHERE, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text/html": "<b>粗</b>", "text/plain": "<IPython.core.display.HTML object>"}, "HTML"),
        ({"application/javascript": "alert(1)", "text/plain": ""}, "script"),
        ({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider(value=0)"}, "widget"),
        ({"application/vnd.vegalite.v5+json": {}, "text/plain": "<VegaLite 5 object>"}, "Altair"),
        ({"text/plain": "alt.Chart(...)"}, "Altair"),
        ({"text/latex": "$\\frac{a}{b}$", "text/plain": "<IPython.core.display.Math object>"}, "formula"),
        ({"text/plain": repr(FRAME["件"])}, "to_frame"),
        ({"text/plain": "'一句话'"}, "print"),
        ({"text/plain": "2"}, "print"),
        ({"text/plain": "{'件': 1}"}, "print"),
        ({"text/plain": "<Axes: xlabel='年'>"}, "figure"),
        ({"application/pdf": "x", "text/plain": "?"}, "application/pdf"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_its_place_and_a_word_on_what_to_do(data: dict[str, Any], words: str):
    error = refused(shown(data))
    assert error.where == WHERE
    assert words in f"{error.what} {error.hint}" or words == "figure"


def test_words_beside_a_table_in_html_are_not_lost_in_silence():
    assert "HTML" in str(refused(shown({"text/html": "<p>各区情况</p><table><tr><td>1</td></tr></table>"})))


def test_what_a_drawing_call_returns_is_passed_over_beside_its_picture():
    result = new_output("execute_result", data={"text/plain": "<Axes: xlabel='年'>"}, execution_count=1)
    picture = new_output("display_data", data={"image/png": png(), "text/plain": "<Figure size 640x480>"})
    assert [type(block) for block in blocks(cell_of(result, picture))] == [Picture]


@pytest.mark.parametrize("tag", ["remove-output", "remove-cell"])
def test_what_is_tagged_as_for_the_analyst_is_not_printed(tag: str):
    result = new_output("execute_result", data={"text/plain": "2"}, execution_count=1)
    assert blocks(cell_of(result, tags=(tag,)), printed("一", tags=(tag,))) == ()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_pixels_are_set_in_every_format(form: str):
    cell = shown({f"image/{form.lower()}": png(40, 30, form), "text/plain": "<IPython.core.display.Image object>"})
    (picture,) = blocks(cell)
    assert isinstance(picture, Picture)
    for each in FORMATS:
        assert builders.made(notebook(cell), each)


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": png()[:-20]},
        {"image/png": "iVBORw0KGgo="},
        {"image/jpeg": png()},
        {"image/svg+xml": "<svg><rect</svg>"},
        {"image/svg+xml": "<p/>"},
        {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="10"/>'},
        {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 1e9"/>'},
        {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="10"/>'},
        {"image/png": png(20_000, 1)},
        {BLOCK_MIME: {"kind": "figure", "alt": "图"}},
        {BLOCK_MIME: {"kind": "figure"}, "image/png": png()},
        {BLOCK_MIME: {"kind": "text"}},
        {BLOCK_MIME: {"kind": "text", "markdown": 7}},
        {BLOCK_MIME: {"kind": "heading", "level": "一", "text": "甲"}},
        {BLOCK_MIME: {"kind": "closing", "lines": 3}},
        {BLOCK_MIME: ["kind"]},
        {BLOCK_MIME: "text"},
        {TABLE_MIME: {"version": 1, "caption": "甲", "widths": [], "rows": []}},
        {TABLE_MIME: {"version": 1, "caption": "甲", "widths": [1], "rows": [{"cells": [{"text": 1}]}]}},
        {TABLE_MIME: {"version": 1, "caption": "甲", "widths": [1], "rows": [{"cells": [{"text": "", "colspan": 9}]}]}},
        {TABLE_MIME: []},
    ],
)
def test_a_broken_picture_or_block_names_its_cell(data: dict[str, Any]):
    assert refused(shown(data)).where == WHERE


@pytest.mark.parametrize(
    "line",
    [
        "CPU times: user 3 μs, sys: 0 ns, total: 3 μs",
        "Wall time: 5.2 ms",
        "1.2 ms ± 30 μs per loop (mean ± std. dev. of 7 runs, 1,000 loops each)",
        "<pandas.core.groupby.DataFrameGroupBy object at 0x7f00>",
    ],
)
def test_timings_and_addresses_are_refused(line: str):
    assert refused(printed("一", line)).where == WHERE


def test_more_lines_than_readers_would_read_are_refused_at_the_cell_that_prints_them():
    assert len(blocks(printed(*["行"] * 200))) == 200
    error = refused(printed(*["行"] * 150), printed(*["行"] * 51))
    assert (error.where, "201 lines" in error.what) == (WHERE, True)


@pytest.mark.parametrize("source", ["面积 $\\frac{a}{b}$", "见 {{ figures.website }} 条"])
def test_markdown_that_would_be_printed_raw_is_refused(source: str):
    refused(new_markdown_cell(source))
    refused(shown({"text/markdown": source}))


def test_a_reference_that_a_notebook_prints_is_refused_at_its_cell():
    shown_by_us = shown({BLOCK_MIME: display.text("见 {{ figures.website }} 条")._repr_mimebundle_()[BLOCK_MIME]})
    for cell in (shown_by_us, printed("见 {{ figures.website }} 条")):
        error = refused(cell)
        assert (error.where, "{{ figures.website }}" in error.what) == (WHERE, True)


def test_money_is_no_formula():
    (paragraph,) = blocks(new_markdown_cell("收费 $5，退费 $3"))
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text == "收费 $5，退费 $3"


@pytest.mark.parametrize("source", ["!ls", "x = 1\n  !uname -a", "%%bash\nls", "%system date"])
def test_what_a_command_of_the_system_prints_is_refused(source: str) -> None:
    cell = printed("a.txt")
    cell.source = source
    error = refused(cell)
    assert error.where == WHERE
    assert "command" in error.what
    cell.metadata["tags"] = ["remove-output"]
    assert blocks(cell) == ()


def test_python_that_only_looks_like_a_command_is_printed() -> None:
    cell = printed("a")
    cell.source = "if x != 1:\n    print('!ls')"
    assert blocks(cell) == (Paragraph((Run("a"),)),)


def test_pictures_without_an_alternative_text_are_known_with_their_cell() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    bare = shown({"image/svg+xml": svg})
    stand_in = shown(display.picture(svg, "件数", alt_missing=True).bundle)
    written = shown(display.picture(svg, "两年的件数").bundle)
    assert read_document(notebook(bare, stand_in, written)).bare_pictures == (WHERE, WHERE)
