"""Where the lines of a title break."""

from __future__ import annotations

import time

import pytest

from nianbao.export.page import closing_insets, text_width, title_lines
from nianbao.export.texts import run_in_length


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例市人民政府办公室", ("示例市人民政府办公室",)),
        (
            "示例市人民政府办公室2023年政府信息公开工作年度报告",
            ("示例市人民政府办公室2023年", "政府信息公开工作年度报告"),
        ),
        (
            "示例市示例区示例街道办事处（示例经济开发区管委会）社会事务局",
            ("示例市示例区示例街道办事处", "（示例经济开发区管委会）社会事务局"),
        ),
    ],
)
def test_a_title_breaks_where_sense_allows(title: str, lines: tuple[str, ...]) -> None:
    assert title_lines(title, 20) == lines


@pytest.mark.parametrize("length", range(1, 65))
def test_no_line_is_too_wide_and_none_holds_a_character_alone(length: int) -> None:
    lines = title_lines("甲" * length, 20)
    assert "".join(lines) == "甲" * length
    assert all(text_width(line) <= 20 for line in lines)
    assert length < 2 or all(len(line) > 1 for line in lines)


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens() -> None:
    for length in range(12, 24):
        lines = title_lines("甲" * length + "（乙乙乙）" + "丙" * 14, 20)
        assert not any(line.startswith("）") or line.endswith("（") for line in lines)


def test_digits_and_latin_words_stay_whole() -> None:
    assert any("ABCDEF2023" in line for line in title_lines("甲" * 16 + "ABCDEF2023" + "乙" * 12, 20))


def test_a_title_of_very_many_offices_breaks_without_delay() -> None:
    title = "、".join(["示例市示例区示例街道办事处"] * 40)
    started = time.monotonic()
    lines = title_lines(title, 20)
    assert time.monotonic() - started < 20  # each way of breaking it in turn would take years
    assert "".join(lines) == title
    assert all(text_width(line) <= 20 for line in lines)


@pytest.mark.parametrize(
    ("paragraph", "heading"),
    [
        ("（一）主动公开方面。围绕重点领域公开信息。", "（一）主动公开方面。"),
        ("（十二）其他。见下。", "（十二）其他。"),
        ("（一）这一句，之后什么也没有。", ""),
        ("主动公开方面。围绕重点领域公开信息。", ""),
        ("（一）" + "长" * 40 + "。后文", ""),
    ],
)
def test_the_first_words_of_a_paragraph_can_be_a_heading(paragraph: str, heading: str) -> None:
    assert paragraph[: run_in_length(paragraph)] == heading


def test_a_closing_leaves_room_for_a_seal_or_not():
    date = "2024年1月10日"  # 8.1 characters with the quarters between digits and Chinese
    sealed = {name: closing_insets((name, date), sealed=True) for name in ("市政府办公室", "某" * 14)}
    assert sealed["市政府办公室"] == pytest.approx([5.05, 4])  # centred above the date, which stands four in
    assert sealed["某" * 14] == [2, 2]
    bare = {name: closing_insets((name, date), sealed=False) for name in ("市政府办公室", "某" * 14, "某" * 26)}
    assert bare["某" * 14] == pytest.approx([2, 5.9])  # the date begins two to the right of the office
    assert bare["市政府办公室"] == pytest.approx([6.1, 2])  # the longer date stands two in, the office further
    assert bare["某" * 26] == [2, 2]
