import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from builders import stitched_notebook
from nianbao.errors import ExportError, InputError
from nianbao.export import FORMATS
from nianbao.export.blocks import Block, Closing, Heading, ListBlock, Paragraph, Picture, TableBlock, Title
from nianbao.export.document import Document, read_document
from nianbao.form import EDITIONS, plain_grid
from nianbao.model import BLOCK_MIME
from nianbao.section import display

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljN"
    "BAAO9TXL0Y4OHwAAAABJRU5ErkJggg=="
)
META = {
    "title": "2023年政府信息公开工作年度报告",
    "office": {"id": "shili", "name": "示例局"},
    "year": 2023,
    "edition": "2021",
}


def document(*cells: Any, **meta: Any) -> Document:
    return read_document(new_notebook(cells=list(cells), metadata={"nianbao": {**META, **meta}}))


def shows(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Any:
    return new_code_cell("", outputs=[new_output("display_data", data=data, metadata=metadata or {})])


def blocks(*cells: Any) -> tuple[Block, ...]:
    return document(*cells).blocks


def text_of(*cells: Any) -> str:
    return "|".join(block.text for block in blocks(*cells) if isinstance(block, (Paragraph, Heading)))


def test_a_stitched_report_becomes_blocks_in_reading_order():
    found = read_document(stitched_notebook(svg=SVG))
    kinds = [type(block) for block in found.blocks]
    assert kinds[0] is Title
    assert kinds[-1] is Closing
    sections = [block.text for block in found.blocks if isinstance(block, Heading) and block.level == 1]
    assert sections == [section.heading for section in EDITIONS["2021"].sections]
    assert [grid.code for grid in found.tables] == ["proactive", "applications", "review"]
    assert {ListBlock, Picture, TableBlock} <= set(kinds)


def test_who_and_when_come_from_the_notebooks_metadata():
    found = document(draft=True, profile="illustrated", fonts=["FangSong"], published="2024-01-10")
    assert (found.office, found.year, found.edition) == ("示例局", 2023, "2021")
    assert (found.draft, found.profile, found.fonts, found.published) == (
        True,
        "illustrated",
        ("FangSong",),
        "2024-01-10",
    )


def test_what_is_left_out_of_the_metadata_is_the_official_finished_report():
    found = document()
    assert (found.draft, found.fictional, found.profile, found.fonts, found.published) == (
        False, False, "official", "open", None,
    )  # fmt: skip


def test_a_notebook_that_is_no_report_is_refused():
    with pytest.raises(ExportError, match="holds no report"):
        read_document(new_notebook())


def test_a_cell_with_an_error_is_refused_and_named():
    failed = new_code_cell("", outputs=[new_output("error", ename="KeyError", evalue="'x'", traceback=[])])
    with pytest.raises(ExportError, match="cell 2: holds an error: KeyError: 'x'"):
        document(new_markdown_cell("好"), failed)


def test_hidden_cells_stay_out():
    hidden = new_markdown_cell("藏", metadata={"tags": ["remove-cell"]})
    code = shows({"text/plain": "藏"})
    code.metadata["tags"] = ["other", "remove-cell"]
    assert text_of(hidden, code, new_markdown_cell("显")) == "显"


def test_source_code_is_not_part_of_the_document():
    assert blocks(new_code_cell("secret = 1")) == ()


def test_what_is_printed_is_text_and_what_is_warned_is_not():
    cell = new_code_cell(
        "",
        outputs=[
            new_output("stream", name="stdout", text="一\n二\n"),
            new_output("stream", name="stderr", text="warning"),
        ],
    )
    assert text_of(cell) == "一|二"


def test_a_displayed_data_frame_is_set_as_its_table():
    frame = {
        "text/html": "<table><tr><th></th><th>件数</th></tr><tr><th>东区</th><td>1</td></tr></table>",
        "text/plain": "x",
    }
    (table,) = blocks(shows(frame))
    assert isinstance(table, TableBlock)
    assert table.grid.code is None
    assert read_document(new_notebook(cells=[shows(frame)], metadata={"nianbao": META})).tables == ()


def test_the_result_of_a_cell_is_read_as_a_display_is():
    cell = new_code_cell(
        "", outputs=[new_output("execute_result", data={"text/markdown": "**好**"}, execution_count=1)]
    )
    assert text_of(cell) == "好"


def test_a_foreign_svg_is_a_picture_with_the_words_that_its_metadata_give():
    (picture,) = blocks(shows({"image/svg+xml": SVG, "text/plain": "<Figure>"}, {"alt": "柱状图", "caption": "图1"}))
    assert picture == Picture("svg", SVG.encode(), "柱状图", "图1")


def test_an_svg_in_lines_is_joined():
    (picture,) = blocks(shows({"image/svg+xml": ["<svg>", "</svg>"]}))
    assert isinstance(picture, Picture)
    assert picture.data == b"<svg></svg>"


def test_a_picture_is_never_without_words():
    (picture,) = blocks(shows({"image/png": DOT}))
    assert picture == Picture("png", base64.b64decode(DOT), "图", "")


def test_a_broken_png_is_refused():
    with pytest.raises(ExportError, match="no valid PNG"):
        document(shows({"image/png": "A"}))


def test_our_own_blocks_win_over_what_the_notebook_shows():
    data = {
        BLOCK_MIME: {"kind": "heading", "level": 1, "text": "一、总体情况", "anchor": "overview"},
        "text/markdown": "## x",
    }
    assert blocks(shows(data)) == (Heading(1, "一、总体情况", "overview"),)


def test_a_notice_is_plain_words():
    data = {BLOCK_MIME: {"kind": "text", "role": "notice", "markdown": "**草稿** <b>"}}
    (notice,) = blocks(shows(data))
    assert isinstance(notice, Paragraph)
    assert (notice.role, notice.text) == ("notice", "**草稿** <b>")


def test_an_unknown_block_is_refused():
    with pytest.raises(InputError, match="unknown kind of block: 'video'"):
        document(shows({BLOCK_MIME: {"kind": "video"}}))


def test_a_table_of_another_version_is_refused():
    source = nbformat.writes(stitched_notebook()).replace('"version": 1', '"version": 99')
    with pytest.raises(InputError, match="99"):
        read_document(nbformat.reads(source, as_version=4))


TABLES = [
    new_markdown_cell("| 甲 | 乙 |\n| - | - |\n| 1 | 2 |"),
    *(
        shows(data)
        for data in (
            {"text/html": "<TABLE><tr><th>甲</th></tr><tr><td>3</td></tr></TABLE>", "text/plain": "甲"},
            {"text/markdown": "丙|丁\n-|-\n4|5"},
            display.text("戊|己\n-|-\n6|7", "note").bundle,
            display.table(plain_grid("庚", ["辛"], [["8"]])).bundle,
        )
    ),
]


def test_a_workbook_depends_on_tables_alone():
    words = [new_markdown_cell("一段文字。"), shows(display.picture(SVG, "示例").bundle)]
    whole, tables = document(*TABLES, *words), document(*TABLES)
    assert whole.digest("xlsx") == tables.digest("xlsx")
    assert whole.digest("html") != tables.digest("html")
    assert document(*TABLES[1:]).digest("xlsx") != tables.digest("xlsx")


@pytest.mark.parametrize("form", FORMATS)
def test_code_and_warnings_are_no_part_of_a_digest(form: str):
    plain, edited = shows({"text/markdown": "好"}), shows({"text/markdown": "好"})
    edited.source, edited.id = "x = 1  # as last year", "other"
    edited.outputs.append(new_output("stream", name="stderr", text="warning"))
    assert document(plain).digest(form) == document(edited).digest(form)


def test_blocks_of_other_kinds_with_the_same_words_differ():
    lines = [shows(one.bundle) for one in (display.title("甲"), display.closing("甲"))]
    assert len({document(one).digest("html") for one in lines}) == 2


def test_a_digest_is_the_same_in_another_process():
    script = (
        "from builders import stitched_notebook; from nianbao.export.document import read_document; "
        "print(read_document(stitched_notebook()).digest('pdf'))"
    )
    here = read_document(stitched_notebook()).digest("pdf")
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert done.stdout.strip() == here
