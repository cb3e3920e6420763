"""Lists in Word: what stands within an item by its indent, levels, and items that move or go with all that is theirs."""

from __future__ import annotations

from copy import deepcopy

import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from nianbao.errors.language import told_in
from word_desk import PROBLEMS, Desk

FURTHER = "   栏目的名称一并统一。\n"


def typed(desk: Desk, after: str, words: str, style: str = "公文正文") -> Paragraph:
    """A new paragraph behind another one."""
    new = desk.word.add_paragraph(words, style=style)
    desk.paragraph(after)._p.addnext(new._p)
    return new


def test_a_paragraph_typed_below_a_further_one_stays_in_the_item(desk: Desk) -> None:
    new = typed(desk, "栏目的名称一并统一", "编号也统一。")
    new._p.get_or_add_pPr().append(deepcopy(desk.paragraph("栏目的名称")._p.pPr.find(qn("w:ind"))))
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken) == PROBLEMS.replace(FURTHER, f"{FURTHER}\n   编号也统一。\n")


def test_a_paragraph_at_the_margin_ends_the_list(desk: Desk) -> None:
    typed(desk, "栏目的名称一并统一", "编号也统一。")
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken) == PROBLEMS.replace(FURTHER, f"{FURTHER}\n编号也统一。\n")
    assert "不在列表之内" in told_in("zh", taken.changes[0].note)


def test_a_paragraph_at_the_margin_between_items_says_that_it_parts_the_list(desk: Desk) -> None:
    typed(desk, "检索不便", "层级仍深。")
    typed(desk, "渠道分散", "列表之后的话。")
    assert [bool(one.note) for one in desk.take().changes] == [True, False]


@pytest.mark.parametrize("name", ["List Paragraph", "List Continue"])
def test_a_style_for_further_paragraphs_puts_a_paragraph_into_the_item(desk: Desk, name: str) -> None:
    desk.word.styles.add_style(name, 1).paragraph_format.left_indent = Pt(21)
    typed(desk, "渠道分散", "内容还要细化。", name)
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken) == PROBLEMS.replace("- 渠道分散。\n", "- 渠道分散。\n\n  内容还要细化。\n")


def test_an_indent_that_belongs_to_no_list_changes_nothing(desk: Desk) -> None:
    desk.paragraph("公开水平与群众期待").paragraph_format.left_indent = Pt(20)
    desk.paragraph("全年收到申请14件，办结14件，比").paragraph_format.left_indent = Pt(80)
    taken = desk.take()
    assert (taken.files, [one.before[:4] for one in taken.refused]) == ((), ["全年收到"])


def test_a_further_paragraph_that_is_drawn_to_the_margin_leaves_the_item(desk: Desk) -> None:
    desk.paragraph("栏目的名称").paragraph_format.left_indent = Pt(0)
    properties = desk.paragraph("栏目的名称")._p.pPr.find(qn("w:ind"))
    properties.set(qn("w:leftChars"), "0")
    taken = desk.take()
    assert taken.refused == ()
    assert "两级。\n\n栏目的名称一并统一。\n2. 增加图解" in desk.narrative(taken)


def test_a_new_item_of_a_level_takes_the_sign_of_its_neighbours(desk: Desk) -> None:
    item = desk.paragraph("渠道分散")._p
    nested = deepcopy(item)
    item.addnext(nested)
    nested.find(f".//{qn('w:ilvl')}").set(qn("w:val"), "1")
    nested.find(f".//{qn('w:t')}").text = "微博停更。"
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken) == PROBLEMS.replace("- 渠道分散。\n", "- 渠道分散。\n  - 微博停更。\n")


def test_an_item_goes_with_its_further_paragraph(desk: Desk) -> None:
    for words in ("整合栏目", "栏目的名称"):
        element = desk.paragraph(words)._p
        element.getparent().remove(element)
    taken = desk.take()
    assert taken.refused == ()
    assert "## （二）改进情况\n\n1. 增加图解。\n" in desk.narrative(taken)


def test_a_heading_moves_with_its_list_as_they_stand_in_the_file(desk: Desk) -> None:
    place = desk.paragraph("（一）存在的主要问题")._p
    for words in ("（二）改进情况", "整合栏目", "栏目的名称", "增加图解"):
        place.addprevious(desk.paragraph(words)._p)
    taken = desk.take()
    assert taken.refused == ()
    start = "## （二）改进情况\n\n1. 整合栏目，由三级减为两级。\n\n   栏目的名称一并统一。\n2. 增加图解。\n\n## （一）"
    assert desk.narrative(taken).startswith(start)


def test_a_paragraph_that_a_statement_writes_is_not_moved_and_not_typed_twice(desk: Desk) -> None:
    desk.paragraph("公开水平与群众期待")._p.addprevious(desk.paragraph("全年收到申请14件，办结14件，比")._p)
    taken = desk.take()
    assert taken.files == ()
    (one,) = taken.refused
    assert "{%" in one.why


def test_a_paragraph_that_is_copied_keeps_its_references(desk: Desk) -> None:
    element = desk.paragraph("市公报出版12期")._p
    element.addnext(deepcopy(element))
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken).count("市公报出版{{ figures.gazette }}期。") == 2


def test_a_headings_level_lands(desk: Desk) -> None:
    desk.paragraph("（二）改进情况").style = desk.word.styles["Heading 3"]
    taken = desk.take()
    assert taken.refused == ()
    assert "\n### （二）改进情况\n" in desk.narrative(taken)


def test_a_section_heading_of_another_level_is_refused(desk: Desk) -> None:
    desk.paragraph("六、其他需要").style = desk.word.styles["Heading 2"]
    assert [one.before[:2] for one in desk.take().refused] == ["六、"]


def test_another_first_number_of_a_list_lands(desk: Desk) -> None:
    item = desk.paragraph("整合栏目")
    number = item._p.pPr.numPr.numId.val
    (counting,) = [one for one in desk.word.part.numbering_part.element.num_lst if one.numId == number]
    for override in counting.lvlOverride_lst:
        counting.remove(override)
    counting.add_lvlOverride(ilvl=0).add_startOverride(val=4)
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken) == PROBLEMS.replace("1. 整合", "4. 整合")
    assert [(one.line, one.before, one.after) for one in taken.changes] == [(13, "1.", "4.")]


def test_an_item_that_comes_first_counts_from_one(desk: Desk) -> None:
    desk.paragraph("整合栏目")._p.addprevious(desk.paragraph("增加图解")._p)
    taken = desk.take()
    assert taken.refused == ()
    assert "\n\n1. 增加图解。\n\n1. 整合栏目" in desk.narrative(taken)


def test_new_items_of_a_list_that_counts_on_have_its_numbers(desk: Desk) -> None:
    for words in ("充实人手。", "健全机制。"):
        item = deepcopy(desk.paragraph("增加图解")._p)
        item.find(f".//{qn('w:t')}").text = words
        desk.paragraph("市公报出版")._p.addnext(item)
    taken = desk.take()
    assert taken.refused == ()
    assert desk.narrative(taken).endswith("条。\n\n3. 健全机制。\n\n4. 充实人手。\n")


def _counting_from(desk: Desk, words: str, first: int) -> None:
    """The item begins to count anew, in a list of its own, as Word and LibreOffice write it."""
    item = desk.paragraph(words)._p
    numbering = desk.word.part.numbering_part.element
    (own,) = [one for one in numbering.num_lst if one.numId == item.pPr.numPr.numId.val]
    other = numbering.add_num(own.abstractNumId.val)
    other.add_lvlOverride(ilvl=0).add_startOverride(val=first)
    item.pPr.numPr.numId.val = other.numId


def test_an_item_that_counts_anew_within_its_list_is_refused_by_name(desk: Desk) -> None:
    _counting_from(desk, "增加图解", 5)
    taken = desk.take()
    assert [(one.before, one.after) for one in taken.refused] == [("2.", "5.")]
    assert taken.files == ()


def test_a_list_that_is_cut_and_counts_on_is_none_that_counts_anew(desk: Desk) -> None:
    typed(desk, "栏目的名称一并统一", "另起一段。")
    assert desk.take().refused == ()
