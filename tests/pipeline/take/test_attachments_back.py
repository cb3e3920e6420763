"""Edits of attachments in Word: words go to the attachment's file, its title and mark are refused by name."""

from __future__ import annotations

import shutil
from copy import deepcopy
from pathlib import Path

import pytest

from nianbao.export import export
from nianbao.model import Options
from nianbao.paths import Project
from nianbao.pipeline import printed_document
from office_template import office_template, template_bytes
from word_desk import Desk

FIRST, SECOND = "附件1 名单", "附件2"


@pytest.fixture(scope="module", params=["template of nianbao", "template of the office"])
def attached(
    original: Project, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Project, bytes]:
    """A project whose report has two attachments, and the report's DOCX."""
    project = Project(tmp_path_factory.mktemp("attached") / "project")
    shutil.copytree(original.root, project.root)
    if request.param == "template of the office":
        (project.params / "panzhihua/template.docx").write_bytes(template_bytes(office_template()))
    key = project.key("panzhihua", 2023)
    folder = project.narrative_of(key)
    (folder / f"{FIRST}.md").write_text(
        "收到申请{{ applications.new.total }}件。\n\n|单位|件|\n|-|-|\n|甲|1|\n", "utf-8"
    )
    (folder / f"{SECOND}.md").write_text("# {{ year }}年情况说明\n\n第一段。\n\n- 甲项\n- 乙项\n", "utf-8")
    document = printed_document(project, key, Options(), lambda *_: None)
    return project, export(document, "docx")[0].content


@pytest.fixture
def own(attached: tuple[Project, bytes], tmp_path: Path) -> Desk:
    """That report open in Word."""
    return Desk(*attached, tmp_path)


def test_without_edits_nothing_changes(own: Desk) -> None:
    taken = own.take()
    assert (taken.files, taken.refused, taken.cells) == ((), (), ())


def test_changed_added_and_moved_words_land_in_the_attachments_file(own: Desk) -> None:
    own.replace("第一段。", "第一段有改动。")
    own.replace("乙项", "乙项改了")
    item = own.paragraph("甲项")._p
    item.addnext(deepcopy(item))
    [_, copy] = [one for one in own.word.paragraphs if one.text == "甲项"]
    copy.runs[0].text = "新项"
    taken = own.take()
    assert taken.refused == ()
    assert own.narrative(taken, SECOND) == "# {{ year }}年情况说明\n\n第一段有改动。\n\n- 甲项\n- 新项\n- 乙项改了\n"


@pytest.mark.parametrize("attached", ["template of the office"], indirect=True)
def test_changed_words_of_the_template_go_to_no_attachment(own: Desk) -> None:
    own.replace("封底说明", "封底改")
    taken = own.take()
    assert taken.files == ()
    (refused,) = taken.refused
    assert (refused.before, refused.after) == ("封底说明", "封底改")
    assert refused.place == "params/panzhihua/template.docx"


def test_a_bound_number_stays_and_is_named(own: Desk) -> None:
    (paragraph,) = [one for one in own.word.paragraphs if one.text == "收到申请14件。"]
    paragraph.runs[0].text = "共收到申请15件。"
    taken = own.take()
    assert own.narrative(taken, FIRST).startswith("共收到申请{{ applications.new.total }}件。")
    assert ["applications.new.total" in str(one.why) for one in taken.refused] == [True]


@pytest.mark.parametrize("words", ["2023年情况说明", "附件：1.\t名单", "附件2"])
def test_titles_and_marks_are_refused_with_the_file_to_change(own: Desk, words: str) -> None:
    paragraph = [one for one in own.word.paragraphs if one.text == words][-1]
    paragraph.runs[0].text = words.replace("名单", "表").replace("说明", "表").replace("件2", "件3")
    taken = own.take()
    assert taken.files == ()
    (refused,) = taken.refused
    assert (FIRST if "名单" in words else SECOND) in str(refused.why)


def test_a_table_of_an_attachment_is_refused_with_its_file(own: Desk) -> None:
    own.word.tables[-1].cell(1, 1).paragraphs[0].runs[0].text = "2"
    (refused,) = own.take().refused
    assert f"{FIRST}.md:3" in str(refused.place)
