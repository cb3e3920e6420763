"""The words by which the workbook's writer and its reader know each other: sheets, parts of the texts, identity.

May import: form. Labels of tables come from the form itself and stand nowhere here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from nianbao.form import OVERVIEW_PARTS, TABLE_NAMES, Edition
from nianbao.form.declaration import CHINESE_DIGITS

VERSION = "1"
MARK = "nianbao-填报表"
SHEETS = {"guide": "填报说明", "figures": "其他数据", "texts": "文字", "identity": "_nianbao"}
# What stands at the beginning of labels beside the tables, so that no reader takes them for the form's.
LAST_YEAR, LIVE_CHECK, THIS_YEAR = "上年·", "勾稽·", "本年填报"
PUBLISHED = "落款日期"
FIGURE_HEADS = ("名称", "数值", "单位", "备注", "代码")


@dataclass(frozen=True, slots=True)
class Part:
    """A cell for words: its label, its section, the heading that the report prints above it, whether it is needed."""

    label: str
    section: str
    heading: str = ""
    required: bool = True


@cache
def parts_of(edition: Edition) -> tuple[Part, ...]:
    """The cells for words, in the report's order."""
    parts: list[Part] = []
    for section in edition.sections:
        if section.slug == "overview":
            parts.append(Part(f"{section.heading}（开头概述）", section.slug, required=False))
            for number, name in enumerate(OVERVIEW_PARTS, start=1):
                title = f"（{CHINESE_DIGITS[number]}）{name}"
                parts.append(Part(title, section.slug, title))
        elif section.slug == "problems":
            for number, name in enumerate(("存在的主要问题", "改进情况"), start=1):
                title = f"（{CHINESE_DIGITS[number]}）{name}"
                parts.append(Part(f"{section.heading_numeral}、{title}", section.slug, title))
        elif section.table:
            parts.append(Part(f"{TABLE_NAMES[section.table]}说明（可不填）", section.slug, required=False))
        else:
            parts.append(Part(section.heading, section.slug))
    return tuple(parts)
