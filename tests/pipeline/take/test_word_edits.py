"""Edits in Word land in the narratives, or are refused by name; none is lost."""

from __future__ import annotations

import copy
import zipfile

import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from nianbao.errors import UsageError
from nianbao.errors.language import told_in
from nianbao.export.document import DRAFT_NOTICE
from nianbao.export.stitching import OPEN_FINDINGS
from nianbao.pipeline.take import Taken
from word_desk import PROBLEMS, Desk


def _only(taken: Taken, changes: int = 1, refused: int = 0, cells: int = 0) -> None:
    assert (len(taken.changes), len(taken.refused), len(taken.cells)) == (changes, refused, cells), taken


def test_a_report_that_nobody_edited_changes_nothing(desk: Desk) -> None:
    taken = desk.take()
    _only(taken, 0)
    assert taken.files == ()


def test_a_drafts_notice_and_list_of_findings_are_no_edits(desk: Desk) -> None:
    notice = desk.word.paragraphs[0].insert_paragraph_before(DRAFT_NOTICE)
    border = f'<w:pBdr {nsdecls("w")}><w:top w:val="single"/></w:pBdr>'  # LibreOffice writes the style's here too
    notice._p.get_or_add_pPr().append(parse_xml(border))
    desk.word.add_paragraph(OPEN_FINDINGS, style=desk.paragraph("一、总体情况").style)
    desk.word.add_paragraph("问题若干")
    _only(desk.take(), 0)


def test_a_changed_word_goes_into_its_line_and_the_references_stay(desk: Desk) -> None:
    desk.replace("市公报出版", "市政府公报共出版")
    taken = desk.take()
    _only(taken)
    assert "市政府公报共出版{{ figures.gazette }}期。网站发布{{ figures.website }}条。" in desk.narrative(taken)
    assert (taken.changes[0].path, taken.changes[0].line) == ("data/panzhihua/2023/narrative/05_problems.md", 20)


def test_nothing_else_of_the_file_changes(desk: Desk) -> None:
    desk.replace("渠道分散", "渠道较为分散")
    assert desk.narrative(desk.take()) == PROBLEMS.replace("渠道分散", "渠道较为分散")


def test_a_bound_number_is_refused_by_the_name_and_line_of_its_figure(desk: Desk) -> None:
    desk.replace("市公报出版12期", "市公报出版13期")
    taken = desk.take()
    _only(taken, 0, 1)
    (refused,) = taken.refused
    assert (refused.before, refused.after) == ("12", "13")
    assert "figures.gazette" in refused.why
    assert "data/panzhihua/2023/figures.csv:" in refused.why
    assert "05_problems.md:20" in refused.place


def test_a_bound_number_is_refused_by_its_cell_while_the_words_around_it_land(desk: Desk) -> None:
    desk.replace("办结14件，办结率100%", "全部办结共15件，办结率为100%")
    taken = desk.take()
    _only(taken, 1, 1)
    assert "applications.processed.total" in taken.refused[0].why
    assert "applications.csv:" in taken.refused[0].why
    assert "全部办结共{{ applications.processed.total }}件，办结率为{{ percent(" in desk.narrative(taken, "01_overview")


def test_a_share_that_is_worked_out_is_refused_with_all_that_it_rests_on(desk: Desk) -> None:
    desk.replace("办结率100%", "办结率99%")
    (refused,) = desk.take().refused
    assert "applications.processed.total" in refused.why
    assert "applications.carried_in.total" in refused.why


def test_the_year_is_refused_as_a_parameter(desk: Desk) -> None:
    desk.replace("2023年，本机关未收取", "2022年，本机关未收取")
    (refused,) = desk.take().refused
    assert "参数" in told_in("zh", refused.why)


def test_a_bound_number_in_chinese_numerals_is_refused_too(desk: Desk) -> None:
    desk.replace("市公报出版12期", "市公报出版十三期")
    _only(desk.take(), 0, 1)


@pytest.mark.parametrize("words", ["百分之九十", "近九成", "九成"])
def test_a_bound_share_in_chinese_numerals_is_refused_too(desk: Desk, words: str) -> None:
    desk.replace("办结率100%", f"办结率{words}")
    (refused,) = desk.take().refused
    assert "applications.processed.total" in refused.why


@pytest.mark.parametrize(
    "words", ["1. 另设窗口。", "1) 另设窗口。", "# 另设窗口", "- 另设窗口", "> 另设窗口", "+ 另设"]
)
def test_signs_that_begin_a_line_of_markdown_are_printed_as_typed(desk: Desk, words: str) -> None:
    before = desk.paragraph("公开水平与群众期待")
    before.insert_paragraph_before(words, style=before.style)
    taken = desk.take()
    assert taken.refused == ()
    head, sign, rest = words.partition(words.lstrip("1")[0])
    assert f"\n\n{head}\\{sign}{rest}\n\n公开水平" in desk.narrative(taken)


def test_a_typed_number_may_change(desk: Desk) -> None:
    desk.replace("由三级减为两级", "由4级减为2级")
    taken = desk.take()
    _only(taken)
    assert "1. 整合栏目，由4级减为2级。" in desk.narrative(taken)


def test_a_sentence_that_is_deleted_takes_its_reference_along_and_says_so(desk: Desk) -> None:
    desk.replace("市公报出版12期。", "")
    taken = desk.take()
    _only(taken)
    assert "\n网站发布{{ figures.website }}条。\n" in desk.narrative(taken)
    assert "{{ figures.gazette }}" in taken.changes[0].note


def test_a_number_that_moves_with_its_words_keeps_its_reference(desk: Desk) -> None:
    desk.replace("市公报出版12期。网站发布17849条。", "网站发布17849条。市公报出版12期。")
    taken = desk.take()
    _only(taken)
    assert "网站发布{{ figures.website }}条。市公报出版{{ figures.gazette }}期。" in desk.narrative(taken)


def test_numbers_that_are_swapped_are_refused(desk: Desk) -> None:
    desk.replace("出版12期。网站发布17849条", "出版17849期。网站发布12条")
    taken = desk.take()
    assert taken.refused
    assert "市公报出版{{ figures.gazette }}期。网站发布{{ figures.website }}条" in desk.narrative(taken)


def test_a_new_paragraph_lands_where_it_stands(desk: Desk) -> None:
    before = desk.paragraph("公开水平与群众期待")
    before.insert_paragraph_before("还要说明一点，队伍力量不足。", style=before.style)
    taken = desk.take()
    _only(taken)
    assert "- 渠道分散。\n\n还要说明一点，队伍力量不足。\n\n公开水平" in desk.narrative(taken)


def test_several_new_paragraphs_keep_their_order(desk: Desk) -> None:
    before = desk.paragraph("（二）改进情况")
    for words in ("甲、再加一段。", "乙、又加一段。"):
        before.insert_paragraph_before(words, style=desk.paragraph("公开水平").style)
    taken = desk.take()
    _only(taken, 2)
    assert "*需要持续改进*。\n\n甲、再加一段。\n\n乙、又加一段。\n\n## （二）改进情况" in desk.narrative(taken)


def test_a_new_heading_becomes_a_heading(desk: Desk) -> None:
    before = desk.paragraph("全年收到申请14件，办结14件，比上年")
    before.insert_paragraph_before("（三）下一步打算", style=desk.paragraph("（二）改进情况").style)
    taken = desk.take()
    _only(taken)
    assert "\n\n## （三）下一步打算\n\n全年收到" in desk.narrative(taken)


def test_a_new_item_of_a_list_becomes_one(desk: Desk) -> None:
    item = desk.paragraph("渠道分散")._p
    new = copy.deepcopy(item)
    item.addnext(new)
    desk.word.paragraphs[[p._p for p in desk.word.paragraphs].index(new)].runs[0].text = "人手不够。"
    taken = desk.take()
    _only(taken)
    assert "- 渠道分散。\n- 人手不够。\n" in desk.narrative(taken)


def test_a_further_paragraph_of_an_item_stays_in_its_item(desk: Desk) -> None:
    desk.replace("一并统一", "全部统一")
    changed = desk.narrative(desk.take())
    assert changed == PROBLEMS.replace("   栏目的名称一并统一。", "   栏目的名称全部统一。")


def test_a_deleted_paragraph_is_deleted_with_its_blank_line(desk: Desk) -> None:
    element = desk.paragraph("公开水平与群众期待")._p
    element.getparent().remove(element)
    taken = desk.take()
    _only(taken)
    assert desk.narrative(taken) == PROBLEMS.replace("公开水平与群众期待还有差距，*需要持续改进*。\n\n", "")


def test_a_deleted_last_paragraph_leaves_one_line_end(desk: Desk) -> None:
    element = desk.paragraph("市公报出版12期")._p
    element.getparent().remove(element)
    taken = desk.take()
    _only(taken)
    assert desk.narrative(taken).endswith("{% endif %}。\n")
    assert "figures.gazette" in taken.changes[0].note


def test_a_deleted_item_of_a_list_leaves_the_others(desk: Desk) -> None:
    element = desk.paragraph("解读形式单一")._p
    element.getparent().remove(element)
    assert "层级过深。\n- 渠道分散。\n" in desk.narrative(desk.take())


def test_a_paragraph_moves_with_its_references(desk: Desk) -> None:
    target, moved = desk.paragraph("公开水平与群众期待")._p, desk.paragraph("市公报出版12期")._p
    target.addprevious(moved)
    taken = desk.take()
    _only(taken)
    assert told_in("zh", taken.changes[0].kind) == "移"
    text = desk.narrative(taken)
    assert "渠道分散。\n\n市公报出版{{ figures.gazette }}期。网站发布{{ figures.website }}条。\n\n公开水平" in text
    assert text.count("figures.gazette") == 1


def test_a_paragraph_moves_into_another_file(desk: Desk) -> None:
    desk.paragraph("本机关未收取")._p.addnext(desk.paragraph("市公报出版12期")._p)
    taken = desk.take()
    assert not taken.refused
    assert "市公报出版{{ figures.gazette }}期" in desk.narrative(taken, "06_other")
    assert "figures.gazette" not in desk.narrative(taken)


def test_a_paragraph_that_is_parted_becomes_two(desk: Desk) -> None:
    desk.replace("市公报出版12期。网站", "市公报出版12期。\n网站")
    taken = desk.take()
    _only(taken)
    assert "市公报出版{{ figures.gazette }}期。\n\n网站发布{{ figures.website }}条。\n" in desk.narrative(taken)


def test_paragraphs_that_are_joined_become_one(desk: Desk) -> None:
    first, second = desk.paragraph("对照法定主动公开内容"), desk.paragraph("依法履行依申请公开")
    heading = desk.paragraph("（二）依申请公开")._p
    heading.getparent().remove(heading)
    first.add_run(second.text)
    second._p.getparent().remove(second._p)
    taken = desk.take()
    assert not taken.refused, taken.refused
    text = desk.narrative(taken, "01_overview")
    assert "公开信息{{ figures.client }}条。依法履行" in text
    assert "{{ applications.processed.total }}件" in text


def test_bold_words_are_brought_over(desk: Desk) -> None:
    paragraph = desk.paragraph("渠道分散")
    paragraph.runs[0].bold = True
    taken = desk.take()
    _only(taken)
    assert "- **渠道分散。**\n" in desk.narrative(taken) or "- **渠道分散**。" in desk.narrative(taken)


def test_bold_that_is_taken_away_goes(desk: Desk) -> None:
    run = next(run for run in desk.paragraph("检索不便").runs if "重点栏目" in run.text)
    run.bold = False
    taken = desk.take()
    _only(taken)
    assert "- 检索不便，重点栏目层级过深。" in desk.narrative(taken)


def test_words_inside_bold_ones_stay_bold(desk: Desk) -> None:
    desk.replace("重点栏目", "重点民生栏目")
    taken = desk.take()
    _only(taken)
    assert "**重点民生栏目**" in desk.narrative(taken)


def test_a_deleted_bold_word_leaves_no_marks(desk: Desk) -> None:
    desk.replace("重点栏目", "")
    assert "- 检索不便，层级过深。" in desk.narrative(desk.take())


def test_signs_of_markdown_are_printed_as_typed(desk: Desk) -> None:
    desk.replace("渠道分散", "渠道*分散*（见[附件](a)）")
    taken = desk.take()
    _only(taken)
    assert "渠道\\*分散\\*" in desk.narrative(taken)


def test_a_reference_that_somebody_types_in_word_is_refused(desk: Desk) -> None:
    desk.replace("渠道分散", "渠道分散{{ figures.gazette }}")
    _only(desk.take(), 0, 1)


def test_words_that_a_statement_prints_are_refused_with_their_line(desk: Desk) -> None:
    desk.replace("比上年有变化", "比上年有明显变化")
    (refused,) = desk.take().refused
    assert "{%" in refused.why
    assert "05_problems.md:18" in refused.place


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("2023年政府信息公开工作年度报告", "2023年度政府信息公开工作报告", "报告标题"),
        ("编制本年度报告", "特编制本年度报告", "导语"),
        ("五、存在的主要问题及改进情况", "五、主要问题及改进情况", "章节标题"),
        ("2024年1月10日", "2024年1月20日", "落款"),
    ],
)
def test_words_of_the_house_are_refused_by_name(desk: Desk, old: str, new: str, name: str) -> None:
    desk.replace(old, new)
    taken = desk.take()
    _only(taken, 0, 1)
    assert name in told_in("zh", taken.refused[0].why)


def test_a_deleted_heading_of_a_section_is_refused(desk: Desk) -> None:
    element = desk.paragraph("四、政府信息公开行政复议")._p
    element.getparent().remove(element)
    (refused,) = desk.take().refused
    assert "章节标题" in told_in("zh", refused.why)


def _cell(desk: Desk, table: int, text: str, at: int = 0):
    cells = [cell for row in desk.word.tables[table].rows for cell in row.cells]
    return [cell for cell in cells if cell.text == text][at]


def _set(cell, text: str) -> None:
    cell.paragraphs[0].runs[0].text = text


def test_a_changed_cell_is_proposed_with_the_sums_that_it_breaks(desk: Desk) -> None:
    _set(_cell(desk, 1, "14"), "15")
    taken = desk.take()
    _only(taken, 0, 0, 1)
    (cell,) = taken.cells
    assert (cell.code, cell.before, cell.after) == ("applications.new.natural_person", "14", "15")
    assert str(cell.source).startswith("data/panzhihua/2023/applications.csv:2")
    assert taken.broken
    assert taken.files == ()


def test_cells_that_are_changed_together_break_nothing_where_they_agree(desk: Desk) -> None:
    _set(_cell(desk, 0, "4"), "5")
    taken = desk.take()
    assert [cell.code for cell in taken.cells] == ["proactive.regulations.in_force"]
    assert not [broken for broken in taken.broken if not broken.tolerated]


def test_a_changed_label_of_a_table_is_refused(desk: Desk) -> None:
    _set(_cell(desk, 0, "规章"), "部门规章")
    (refused,) = desk.take().refused
    assert "栏目文字" in told_in("zh", refused.why)


def test_a_row_that_is_taken_out_of_a_table_is_refused(desk: Desk) -> None:
    row = desk.word.tables[0].rows[-1]._tr
    row.getparent().remove(row)
    (refused,) = desk.take().refused
    assert "行列" in told_in("zh", refused.why)


def _tracked(name: str, run, author: str = "张主任"):
    change = OxmlElement(f"w:{name}")
    change.set(qn("w:id"), "7")
    change.set(qn("w:author"), author)
    run.addprevious(change)
    change.append(run)
    if name in {"del", "moveFrom"}:
        for text in run.iter(qn("w:t")):
            text.tag = qn("w:delText")
    return change


def _part(desk: Desk, words: str, middle: str):
    """The run of the paragraph parted in three; the middle one."""
    run = next(run for run in desk.paragraph(words).runs if middle in run.text)
    head, _, tail = run.text.partition(middle)
    first, last = copy.deepcopy(run._r), copy.deepcopy(run._r)
    run._r.addprevious(first)
    run._r.addnext(last)
    run.text = middle
    for element, text in ((first, head), (last, tail)):
        element.findall(qn("w:t"))[0].text = text
    return run._r


def test_tracked_changes_are_accepted_and_listed(desk: Desk) -> None:
    _tracked("del", _part(desk, "渠道分散", "分散"))
    taken = desk.take()
    _only(taken)
    assert "- 渠道。\n" in desk.narrative(taken)
    assert [(note.kind, note.author, note.words) for note in taken.tracked] == [("deleted", "张主任", "分散")]


def test_a_paragraph_that_is_deleted_in_tracking_is_listed_where_it_was(desk: Desk) -> None:
    paragraph = desk.paragraph("市公报出版12期")
    for run in list(paragraph._p.findall(qn("w:r"))):
        _tracked("del", run)
    properties = paragraph._p.get_or_add_pPr()
    mark = OxmlElement("w:rPr")
    mark.append(OxmlElement("w:del"))
    properties.append(mark)
    taken = desk.take()
    assert {note.place for note in taken.tracked if "市公报" in note.words} == {
        "五、存在的主要问题及改进情况 (data/panzhihua/2023/narrative/05_problems.md:20)"
    }


def test_a_column_that_is_deleted_in_tracking_is_refused(desk: Desk) -> None:
    for row in desk.word.tables[1].rows[2:]:
        gone = OxmlElement("w:cellDel")
        row._tr.tc_lst[-1].get_or_add_tcPr().append(gone)
    (refused,) = desk.take().refused
    assert "行列" in told_in("zh", refused.why)
    assert desk.take(accept=False).refused == ()


def test_a_footnote_is_refused_with_its_words(desk: Desk) -> None:
    note = OxmlElement("w:footnoteReference")
    note.set(qn("w:id"), "5")
    desk.paragraph("渠道分散").add_run()._r.append(note)
    path = desk.saved()
    words = f'<w:footnotes {nsdecls("w")}><w:footnote w:id="5"><w:p><w:r><w:t>见台账</w:t></w:r></w:p></w:footnote>'
    with zipfile.ZipFile(path, "a") as word:
        word.writestr("word/footnotes.xml", f"{words}</w:footnotes>")
    (refused,) = desk.take(path=path).refused
    assert told_in("zh", refused.after) == "脚注或尾注“见台账”"


def test_tracked_insertions_are_left_out_where_they_are_only_listed(desk: Desk) -> None:
    new = copy.deepcopy(desk.paragraph("渠道分散").runs[0]._r)
    desk.paragraph("渠道分散")._p.append(new)
    _tracked("ins", new)
    assert "渠道分散。渠道分散。" in desk.narrative(desk.take())
    taken = desk.take(accept=False)
    _only(taken, 0)
    assert taken.tracked[0].kind == "inserted"


def test_comments_are_listed_with_their_place(desk: Desk) -> None:
    paragraph = desk.paragraph("渠道分散")
    desk.word.add_comment(paragraph.runs, text="请举例说明", author="李局长")
    taken = desk.take()
    _only(taken, 0)
    (comment,) = taken.comments
    assert (comment.author, comment.words) == ("李局长", "请举例说明")
    assert "渠道分散" in comment.about
    assert "05_problems.md:7" in comment.place


def test_a_new_table_is_refused_by_name(desk: Desk) -> None:
    table = desk.word.add_table(1, 2)
    table.rows[0].cells[0].text = "新表"
    table.rows[0].cells[1].text = "内容"
    desk.paragraph("渠道分散")._p.addnext(table._tbl)
    (refused,) = desk.take().refused
    assert "新增的表格" in told_in("zh", refused.why)


def test_a_picture_is_refused_by_name(desk: Desk, tmp_path) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "p.png")
    desk.paragraph("渠道分散").add_run().add_picture(str(tmp_path / "p.png"))
    (refused,) = desk.take().refused
    assert told_in("zh", refused.after) == "图片"


def test_a_file_of_another_kind_is_refused_with_what_to_do(desk: Desk, tmp_path) -> None:
    text = tmp_path / "改后.odt"
    with zipfile.ZipFile(text, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    old = tmp_path / "改后.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    for path in (text, old):
        with pytest.raises(UsageError, match=r"no \.docx"):
            desk.take(path=path)


def test_looks_that_no_narrative_has_are_refused_by_name(desk: Desk) -> None:
    desk.paragraph("公开水平与群众期待").runs[0].font.strike = True
    desk.paragraph("增加图解").runs[0].font.hidden = True
    desk.paragraph("渠道分散").runs[0].font.superscript = True
    desk.paragraph("栏目的名称").runs[0].font.underline = True
    taken = desk.take()
    _only(taken, 0, 4)
    assert {told_in("zh", one.after) for one in taken.refused} == {
        "带删除线的文字“公开水平与群众期待还有差距，”",
        "隐藏的文字“增加图解。”",
        "上标或下标“渠道分散。”",
        "加下划线或突出显示的文字“栏目的名称一并统一。”",
    }


@pytest.mark.parametrize(("fill", "told"), [("FFFF00", 1), ("auto", 0)])
def test_highlighting_that_is_written_as_shading_is_refused_by_name(desk: Desk, fill: str, told: int) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), fill)
    desk.paragraph("渠道分散").runs[0]._r.get_or_add_rPr().append(shading)
    taken = desk.take()
    _only(taken, 0, told)
    assert all("渠道分散" in told_in("zh", one.after) for one in taken.refused)


def test_words_in_a_header_are_refused_by_name(desk: Desk) -> None:
    desk.word.sections[0].header.paragraphs[0].text = "内部资料"
    (refused,) = desk.take().refused
    assert "内部资料" in refused.after


def test_a_paragraph_after_a_table_without_narrative_begins_a_file(desk: Desk) -> None:
    desk.paragraph("五、存在的主要问题").insert_paragraph_before(
        "说明：本年无复议和诉讼案件。", style=desk.paragraph("公开水平").style
    )
    taken = desk.take()
    _only(taken)
    assert [(file.path, file.after) for file in taken.files] == [
        ("data/panzhihua/2023/narrative/04_review.md", "说明：本年无复议和诉讼案件。\n")
    ]


def test_a_paragraph_before_the_first_section_is_refused(desk: Desk) -> None:
    desk.paragraph("一、总体情况").insert_paragraph_before("另有说明。")
    (refused,) = desk.take().refused
    assert "另有说明" in refused.after


def test_a_paragraph_that_is_written_anew_takes_the_place_of_the_old(desk: Desk) -> None:
    paragraph = desk.paragraph("公开水平与群众期待")
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    paragraph.runs[0].text = "下一年，我们会把力量放到基层去。"
    taken = desk.take()
    _only(taken)
    assert "渠道分散。\n\n下一年，我们会把力量放到基层去。\n\n## （二）" in desk.narrative(taken)


def test_a_changed_heading_of_the_narrative_lands(desk: Desk) -> None:
    desk.replace("（二）改进情况", "（二）改进措施")
    taken = desk.take()
    _only(taken)
    assert "## （二）改进措施\n" in desk.narrative(taken)


def test_many_edits_land_together(desk: Desk) -> None:
    desk.replace("渠道分散", "渠道仍然分散")
    desk.replace("增加图解", "增加图解和视频")
    desk.replace("市公报出版12期", "市公报已出版12期")
    element = desk.paragraph("公开水平与群众期待")._p
    element.getparent().remove(element)
    taken = desk.take()
    _only(taken, 4)
    text = desk.narrative(taken)
    for words in ("渠道仍然分散", "2. 增加图解和视频。", "市公报已出版{{ figures.gazette }}期"):
        assert words in text
    assert "公开水平" not in text
