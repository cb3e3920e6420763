"""Looks by which people point at words are named with the words and their place; what styles give points at nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from nianbao.errors.language import told_in
from nianbao.export import export
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from office_template import office_template, template_bytes
from word_desk import Desk

RED = RGBColor(0xFF, 0, 0)


def properties(desk: Desk, words: str, *made: str) -> None:
    """Give the first run of a paragraph more properties."""
    found = desk.paragraph(words).runs[0]._r.get_or_add_rPr()
    for one in made:
        found.append(parse_xml(one.replace(" ", f" {nsdecls('w')} ", 1)))


def said(desk: Desk) -> list[str]:
    taken = desk.take()
    assert taken.files == ()
    return [told_in("zh", one.after) for one in taken.refused]


@pytest.mark.parametrize(
    ("made", "what"),
    [
        ('<w:color w:val="FF0000"/>', "标红的文字"),
        ('<w:color w:val="C00000"/>', "标红的文字"),
        ('<w:color w:val="ED7D31" w:themeColor="accent2"/>', "改了颜色的文字"),
        ('<w:color w:themeColor="accent2"/>', "改了颜色的文字"),
        ('<w:color w:val="FFFFFF"/>', "改了颜色的文字"),
        ('<w:em w:val="dot"/>', "加边框、空心或着重号的文字"),
        ('<w:bdr w:val="single"/>', "加边框、空心或着重号的文字"),
        ('<w:position w:val="12"/>', "上标或下标"),
        ('<w:shd w:val="pct15" w:color="auto" w:fill="FFFFFF"/>', "加下划线或突出显示的文字"),
        ('<w:dstrike w:val="1"/>', "带删除线的文字"),
    ],
)
def test_a_look_is_named_with_its_words_and_their_place(desk: Desk, made: str, what: str) -> None:
    properties(desk, "渠道分散", made)
    taken = desk.take()
    assert taken.files == ()
    (one,) = taken.refused
    assert told_in("zh", one.after) == f"{what}“渠道分散。”"
    assert "05_problems.md:7" in one.place
    assert not taken.whole


@pytest.mark.parametrize(
    "made",
    [
        '<w:color w:val="000000"/>',
        '<w:color w:val="auto"/>',
        '<w:color w:val="333333"/>',
        '<w:color w:val="000000" w:themeColor="text1"/>',
        '<w:color w:themeColor="text1"/>',
        '<w:em w:val="none"/>',
        '<w:bdr w:val="nil"/>',
        '<w:position w:val="0"/>',
        '<w:sz w:val="28"/>',
        '<w:rFonts w:eastAsia="楷体"/>',
        '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>',
    ],
)
def test_what_points_at_nothing_is_no_edit(desk: Desk, made: str) -> None:
    properties(desk, "渠道分散", made)
    assert said(desk) == []


def test_runs_that_look_alike_are_told_together(desk: Desk) -> None:
    paragraph = desk.paragraph("渠道分散")
    paragraph.text = ""
    for words in ("渠道", "分散", "。"):
        paragraph.add_run(words).font.color.rgb = RED
    assert said(desk) == ["标红的文字“渠道分散。”"]


def test_another_size_is_named_in_a_part_of_a_paragraph(desk: Desk) -> None:
    paragraph = desk.paragraph("栏目的名称一并统一")
    paragraph.text = "栏目的名称"
    paragraph.add_run("一并").font.size = Pt(22)
    paragraph.add_run("统一。").font.size = desk.word.styles["公文正文"].font.size
    assert said(desk) == ["改了字号的文字“一并”"]


def test_a_style_of_the_editors_own_is_named_by_its_colour(desk: Desk) -> None:
    character = desk.word.styles.add_style("待核", WD_STYLE_TYPE.CHARACTER)
    whole = desk.word.styles.add_style("待核段", WD_STYLE_TYPE.PARAGRAPH)
    for style in (character, whole):
        style.font.color.rgb = RED
    desk.paragraph("公开水平与群众期待").runs[0].style = character
    desk.paragraph("市公报出版").style = whole
    assert said(desk) == ["标红的文字“公开水平与群众期待还有差距，”", "标红的文字“市公报出版12期。网站发布17849条。”"]


def test_a_shaded_paragraph_or_cell_and_a_box_are_named(desk: Desk) -> None:
    fill = f'<w:shd {nsdecls("w")} w:val="clear" w:fill="FFFF00"/>'
    desk.paragraph("渠道分散")._p.get_or_add_pPr().append(parse_xml(fill))
    box = f'<w:pBdr {nsdecls("w")}><w:top w:val="single"/></w:pBdr>'
    desk.paragraph("增加图解")._p.get_or_add_pPr().append(parse_xml(box))
    cell = desk.word.tables[0].cell(0, 0)
    cell._tc.get_or_add_tcPr().append(parse_xml(fill))
    marked = "加下划线或突出显示的文字“{}”"
    assert said(desk) == [
        marked.format(cell.text),
        marked.format("渠道分散。"),
        "加边框、空心或着重号的文字“增加图解。”",
    ]


def test_a_red_number_in_a_table_is_named_with_its_section(desk: Desk) -> None:
    cell = next(cell for row in desk.word.tables[1].rows for cell in row.cells if cell.text == "14")
    cell.paragraphs[0].runs[0].font.color.rgb = RED
    (one,) = desk.take().refused
    assert told_in("zh", one.after) == "标红的文字“14”"
    assert one.place.startswith("三、")


def test_red_words_that_were_changed_too_land_and_are_named(desk: Desk) -> None:
    run = desk.paragraph("渠道分散").runs[0]
    run.text = "渠道仍然分散。"
    run.font.color.rgb = RED
    taken = desk.take()
    assert "- 渠道仍然分散。\n" in desk.narrative(taken)
    assert [told_in("zh", one.after) for one in taken.refused] == ["标红的文字“渠道仍然分散。”"]


def test_colours_of_the_offices_template_are_no_edits(copied: Callable[[], Project], tmp_path: Path) -> None:
    project = copied()
    template = office_template()
    template.paragraphs[0].runs[0].font.color.rgb = RED
    for name in ("Heading 2", "Emphasis", "公文正文"):
        template.styles[name].font.color.rgb = RGBColor(0x1F, 0x4E, 0x79)
    (project.root / "params/panzhihua/template.docx").write_bytes(template_bytes(template))
    document = printed_document(project, project.key("panzhihua", 2023), Options(), lambda *_: None)
    desk = Desk(project, export(document, "docx")[0].content, tmp_path)
    assert said(desk) == []
    heading = desk.paragraph("（二）改进情况").runs[0]
    heading.font.color.rgb = RGBColor(0x1F, 0x4E, 0x79)  # as some programs write it once more
    assert said(desk) == []
    heading.font.color.rgb = RED
    assert said(desk) == ["标红的文字“（二）改进情况”"]


def test_a_picture_of_the_template_that_is_gone_is_told(copied: Callable[[], Project], tmp_path: Path) -> None:
    project = copied()
    (project.root / "params/panzhihua/template.docx").write_bytes(template_bytes(office_template()))
    document = printed_document(project, project.key("panzhihua", 2023), Options(), lambda *_: None)
    desk = Desk(project, export(document, "docx")[0].content, tmp_path)
    drawing = next(desk.paragraph("年度报告汇编")._p.iter(qn("w:drawing")))
    drawing.getparent().remove(drawing)
    taken = desk.take()
    assert taken.files == ()
    assert [(told_in("zh", one.before), told_in("zh", one.after)) for one in taken.refused] == [("第1幅图", "")]
