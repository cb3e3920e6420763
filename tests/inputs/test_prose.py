"""How the lines of a narrative become paragraphs, tables and headings."""

from __future__ import annotations

import time

import pytest

from nianbao.form import SECTIONS
from nianbao.inputs import as_markdown
from nianbao.inputs.prose import tidied

OVERVIEW = SECTIONS[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("１．加强网站\n２．加强公众号", "１．加强网站\n\n２．加强公众号"),
        ("1、甲\n2、乙", "1、甲\n\n2、乙"),
        ("（1）甲\n（2）乙", "（1）甲\n\n（2）乙"),
        ("一是甲；\n二是乙。", "一是甲；\n\n二是乙。"),
        ("　　段首空两格\n    又一段", "段首空两格\n\n又一段"),
        ("甲\u2028乙", "甲\n\n乙"),
        ("渠道\t数量\n网站\t1326\n微信\t258", "| 渠道 | 数量 |\n| --- | --- |\n| 网站 | 1326 |\n| 微信 | 258 |"),
        ("甲\n渠道\t数\n网站\t|\n乙", "甲\n\n| 渠道 | 数 |\n| --- | --- |\n| 网站 | \\| |\n\n乙"),
        ("- 甲\n- 乙\n  - 丙\n后文", "- 甲\n- 乙\n  - 丙\n\n后文"),
        ("1. 甲\n   - 乙\n2. 丙", "1. 甲\n   - 乙\n2. 丙"),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |", "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"),
        ("## 标题\n正文", "## 标题\n\n正文"),
        ("use the open\nGovernment portal", "use the open\nGovernment portal"),
        ("规格3*4*5", r"规格3\*4\*5"),
        ("甲\n\n乙", "甲\n\n乙"),
    ],
)
def test_a_line_is_a_paragraph_and_what_is_markdown_stays(written: str, meant: str) -> None:
    assert as_markdown(written) == meant


@pytest.mark.parametrize(
    "heading", ["# 一、总体情况", "一、总体情况", "  一、 总体情况", "总体情况", "**一、总体情况**"]
)
def test_the_sections_own_heading_goes_and_the_lines_stay(heading: str) -> None:
    text, issues = tidied(f"\n{heading}\n正文\n", OVERVIEW.titles, "n.md")
    assert text == "\n\n正文\n"
    assert [issue.source.line for issue in issues] == [2]


@pytest.mark.parametrize(
    "line", ["一、总体情况良好，成绩显著", "（一）是加强领导。", "（一）加强领导；", "#1楼", "正文"]
)
def test_what_only_looks_like_a_heading_is_left(line: str) -> None:
    text, issues = tidied(f"{line}\n", OVERVIEW.titles, "n.md")
    assert (text, issues) == (f"{line}\n", [])


def test_words_signs_go_and_line_ends_inside_a_line_part_paragraphs() -> None:
    text, issues = tidied("甲\x0b乙\x0c丙\x1e丁\x07\n", OVERVIEW.titles, "n.md")
    assert issues == []
    assert as_markdown(text) == "甲\n\n乙\n\n丙-丁"


@pytest.mark.parametrize(
    "unit", ["{#", "{{ ", "![", "<!--", "<u ", "{a", "｛", "}} ", "（一）", "#", "\t", "1件", "{% "]
)
def test_a_long_text_of_anything_takes_no_longer_than_its_length(unit: str) -> None:
    started = time.process_time()
    text, _ = tidied(unit * (400_000 // len(unit)), OVERVIEW.titles, "n.md")
    as_markdown(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("signs", ["##", "＃＃", "＃＃ ", "## "])
def test_signs_of_a_heading_may_be_full_width_and_stand_close(signs: str) -> None:
    text, _ = tidied(f"{signs}（二）培训\n", OVERVIEW.titles, "n.md")
    assert text == "## （二）培训\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1. 甲\n\n   - 乙\n\n   - 丙\n\n2. 丁", "1. 甲\n\n   - 乙\n\n   - 丙\n\n2. 丁"),
        ("- 甲\n\n  又一段\n\n  再一段\n- 乙", "- 甲\n\n  又一段\n\n  再一段\n\n- 乙"),
        ("1. 甲\n\n    四格\n\n  两格\n\n\t制表符\n\n2. 乙", "1. 甲\n\n   四格\n\n   两格\n\n   制表符\n\n2. 乙"),
        ("- 甲\n  - 乙\n\n    乙的又一段\n\n  甲的又一段", "- 甲\n  - 乙\n\n    乙的又一段\n\n  甲的又一段"),
        ("10. 甲\n\n  又一段\n\n正文", "10. 甲\n\n    又一段\n\n正文"),
        ("-  甲\n\n  又一段", "-  甲\n\n   又一段"),
        ("1. 甲\n  - 乙", "1. 甲\n   - 乙"),
        ("  - 甲\n  - 乙\n   - 丙", "- 甲\n- 乙\n- 丙"),
        ("- 甲\n\n　　正文\n\n 正文", "- 甲\n\n正文\n\n正文"),
    ],
)
def test_what_is_typed_behind_an_items_mark_belongs_to_the_item(written: str, meant: str) -> None:
    assert as_markdown(written) == meant
