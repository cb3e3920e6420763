"""An office's template around the report: its words are no narrative's, and what is added to them is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx.oxml.ns import qn

from looks import converted, needs_soffice
from nianbao.export import export
from nianbao.export.document import DRAFT_NOTICE
from nianbao.export.stitching import OPEN_FINDINGS
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from nianbao.pipeline.snapshot import Snapshot
from nianbao.pipeline.take import Taken
from office_template import office_template, template_bytes
from word_desk import Desk

NAME = "params/panzhihua/template.docx"


@pytest.fixture
def own(copied: Callable[[], Project], tmp_path: Path) -> Desk:
    """A report on the office's template, with an attachment, open in Word."""
    project = copied()
    (project.root / NAME).write_bytes(template_bytes(office_template()))
    key = project.key("panzhihua", 2023)
    (project.narrative_of(key) / "附件.md").write_text("# 名单\n\n- 甲项\n- 乙项\n", "utf-8")
    assert NAME in Snapshot(project, key).inputs
    document = printed_document(project, key, Options(), lambda *_: None)
    return Desk(project, export(document, "docx")[0].content, tmp_path)


def refused(taken: Taken) -> list[tuple[str, str, str]]:
    assert taken.files == ()
    return [(one.place, one.before, one.after) for one in taken.refused]


def test_without_edits_nothing_changes(own: Desk) -> None:
    assert own.word.paragraphs[0].text == "某某县人民政府"
    assert refused(own.take()) == []


def test_edits_of_the_report_land_beside_a_changed_cover(own: Desk) -> None:
    own.replace("检索不便", "检索不够方便")
    own.word.paragraphs[0].runs[0].text = "某某县人民政府办公室"
    taken = own.take()
    assert "- 检索不够方便，" in own.narrative(taken)
    assert [(one.before, one.after) for one in taken.refused] == [("某某县人民政府", "某某县人民政府办公室")]


@pytest.mark.parametrize("words", ["某某县人民政府", "年度报告汇编", "封底说明"])
def test_words_of_the_template_that_are_deleted_are_named(own: Desk, words: str) -> None:
    element = own.paragraph(words)._p
    for run in element.findall(qn("w:r")):
        if run.find(qn("w:drawing")) is None:
            element.remove(run)
    assert refused(own.take()) == [(NAME, words, "")]


def test_paragraphs_and_tables_behind_the_templates_last_words_go_nowhere(own: Desk) -> None:
    own.word.add_paragraph("抄送：各部门")
    own.word.add_table(1, 1).cell(0, 0).text = "附表"
    assert refused(own.take()) == [(NAME, "", "抄送：各部门"), (NAME, "", "附表")]


def test_a_paragraph_before_the_templates_last_words_goes_to_the_attachment(own: Desk) -> None:
    own.paragraph("封底说明").insert_paragraph_before("另有一段。", style="公文正文")
    taken = own.take()
    assert taken.refused == ()
    assert own.narrative(taken, "附件") == "# 名单\n\n- 甲项\n- 乙项\n\n另有一段。\n"


def test_a_new_paragraph_on_the_cover_goes_nowhere(own: Desk) -> None:
    own.paragraph("年度报告汇编").insert_paragraph_before("二〇二四年")
    assert refused(own.take()) == [(NAME, "", "二〇二四年")]


def test_a_drafts_notice_and_findings_stand_within_the_template(own: Desk) -> None:
    own.paragraph("攀枝花市人民政府办公室").insert_paragraph_before(DRAFT_NOTICE)
    last = own.paragraph("封底说明")
    last.insert_paragraph_before(OPEN_FINDINGS, style="Heading 1")
    last.insert_paragraph_before("问题若干")
    assert refused(own.take()) == []


def test_each_refusal_keeps_its_place_where_most_of_the_report_is_gone(own: Desk) -> None:
    _, *rest = own.word.element.body.iterchildren(qn("w:p"), qn("w:tbl"))
    headings = {own.paragraph(name)._p for name in ("一、", "二、", "三、", "四、", "五、", "六、")}
    for element in rest:
        if element not in headings:
            element.getparent().remove(element)
    own.paragraph("三、").runs[0].font.strike = True
    (crossed,) = [one for one in own.take().refused if "crossed out" in one.after]
    assert crossed.place == "三、收到和处理政府信息公开申请情况"


@pytest.mark.slow
@needs_soffice
def test_what_libreoffice_saves_without_an_edit_is_no_edit(own: Desk, tmp_path: Path) -> None:
    (text,) = converted(tmp_path / "odt", "odt", own.saved())
    (again,) = converted(tmp_path / "docx", "docx:MS Word 2007 XML", text)
    assert refused(own.take(path=again)) == []
