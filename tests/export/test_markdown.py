import pytest

from nianbao.export.blocks import Block, Heading, ListBlock, Paragraph, Run, TableBlock
from nianbao.export.frames import grids_of_html
from nianbao.export.markdown import blocks_of_markdown, blocks_of_plain
from nianbao.form import Grid


def only(source: str) -> Block:
    (block,) = blocks_of_markdown(source)
    return block


def paragraph(source: str) -> Paragraph:
    block = only(source)
    assert isinstance(block, Paragraph)
    return block


def texts(table: Grid) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def table_of(source: str) -> TableBlock:
    block = only(source)
    assert isinstance(block, TableBlock)
    return block


def test_styles_become_runs():
    assert paragraph("共**27***件*，见[网站](https://example.invalid)。").runs == (
        Run("共"),
        Run("27", bold=True),
        Run("件", italic=True),
        Run("，见"),
        Run("网站", href="https://example.invalid"),
        Run("。"),
    )


def test_a_line_break_in_the_file_prints_nothing_and_a_hard_one_breaks():
    assert paragraph("主动\n公开").text == "主动公开"
    assert paragraph("主动  \n公开").text == "主动\n公开"


def test_the_role_reaches_every_paragraph():
    blocks = blocks_of_markdown("一\n\n二", "note")
    assert [block.role for block in blocks if isinstance(block, Paragraph)] == ["note", "note"]


def test_headings_keep_their_level_and_lose_their_styles():
    assert only("## （一）**主动**公开") == Heading(2, "（一）主动公开")


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("主动\n公开", "主动公开"),
        ("收到，\n办结", "收到，办结"),
        ("information\nplatform", "information platform"),
        ("共\n14件", "共14件"),
        ("**information**\n*platform*", "information platform"),
        ("2023\n14", "2023 14"),
    ],
)
def test_a_soft_line_break_is_a_space_between_latin_words_alone(source: str, printed: str):
    assert paragraph(source).text == printed


def said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def test_nested_lists_keep_their_level_and_lists_their_first_number():
    block = only("3. 一\n   - 甲\n   - 乙\n4. 二\n\n   又")
    assert block == ListBlock(
        ordered=True,
        items=(
            (said("一"), ListBlock(ordered=False, items=((said("甲"),), (said("乙"),)))),
            (said("二"), said("又")),
        ),
        start=3,
    )


def test_nothing_in_a_list_is_lost():
    block = only("- 一\n\n  ### 标题\n\n  > 引文\n\n      代码\n\n  |甲|乙|\n  |-|-|\n  |1|2|\n- ")
    assert isinstance(block, ListBlock)
    ((*parts,),) = block.items
    assert [part.text for part in parts if isinstance(part, Paragraph)] == [
        "一",
        "标题",
        "引文",
        "代码",
        "甲　乙",
        "1　2",
    ]


def test_columns_of_a_table_keep_their_alignment_and_cells_their_styles():
    table = table_of("|名|数|链|无|\n|:-|-:|:-:|-|\n|**粗**|1|[网](https://a.invalid)|*斜*和|")
    assert table.align == ("left", "right", "center", None)
    assert table.runs == {
        (1, 0): (Run("粗", bold=True),),
        (1, 2): (Run("网", href="https://a.invalid"),),
        (1, 3): (Run("斜", italic=True), Run("和")),
    }


def test_a_wide_column_is_given_more_room_than_a_narrow_one():
    widths = table_of("|序|单位名称|\n|-|-|\n|1|示例市人民政府办公室|").grid.widths
    assert sum(widths) == pytest.approx(1)
    assert widths[1] > 2 * widths[0]


def test_a_table_is_a_table():
    assert texts(table_of("| 区 | 件数 |\n|---|---|\n| 东区 | **3** |").grid) == [["区", "件数"], ["东区", "3"]]


def test_a_quotation_is_set_as_its_paragraphs_and_code_as_plain_lines():
    blocks = blocks_of_markdown("> 引文\n\n```\na < b\nc\n```")
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == ["引文", "a < b", "c"]


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "文字<img src=x onerror=alert(1)>文字",
        "<div onclick='alert(1)'>\n文字\n</div>",
        "<!-- 注释 -->",
    ],
)
def test_html_is_shown_as_it_was_written(source: str):
    blocks = blocks_of_markdown(source)
    shown = "".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert shown == source.replace("\n", "")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html;base64,PHN2Zz4=",
        "vbscript:x",
        "file:///etc/passwd",
        "//x.invalid",
        "&#106;avascript:alert(1)",
    ],
)
def test_only_addresses_of_the_web_and_of_mail_are_links(address: str):
    for source in (f"[看这里]({address})", f"[看这里][1]\n\n[1]: {address}", f"<{address}>"):
        blocks = blocks_of_markdown(source)
        assert {run.href for block in blocks if isinstance(block, Paragraph) for run in block.runs} == {None}


@pytest.mark.parametrize(
    "address", ["https://example.invalid/a?b=c&d=e", "http://example.invalid", "mailto:a@example.invalid"]
)
def test_addresses_of_the_web_and_of_mail_are_links(address: str):
    assert paragraph(f"[看这里]({address})").runs == (Run("看这里", href=address),)


def test_an_image_gives_way_to_its_words_and_fetches_nothing():
    assert paragraph("前![示意图](https://tracker.invalid/x.png)后").runs == (Run("前示意图后"),)


def test_plain_output_is_a_paragraph_a_line():
    assert [block.text for block in blocks_of_plain("一\n\n  二 <b>\n") if isinstance(block, Paragraph)] == [
        "一",
        "二 <b>",
    ]


def test_a_displayed_data_frame_is_a_table_with_its_index_as_labels():
    source = """<div><style>.x{}</style><table border="1" class="dataframe">
    <thead><tr><th></th><th>件数</th></tr></thead>
    <tbody><tr><th>东区</th><td>12</td></tr><tr><th>西区</th><td>NaN</td></tr></tbody></table></div>"""
    (table,) = grids_of_html(source)
    assert texts(table) == [["", "件数"], ["东区", "12"], ["西区", ""]]
    assert [cell.state for row in table.rows[1:] for cell in row.cells[1:]] == ["number", "blank"]


def test_what_is_in_a_table_cell_is_text():
    (table,) = grids_of_html("<table><tr><th>a</th></tr><tr><td>一<script>alert(1)</script></td></tr></table>")
    assert "<" not in texts(table)[1][0]


@pytest.mark.parametrize("source", ["", "<p>没有表格</p>", "不是标记", "<!-- -->"])
def test_html_without_a_table_gives_nothing(source: str):
    assert grids_of_html(source) == []
