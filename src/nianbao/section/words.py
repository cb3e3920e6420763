"""The words that follow from parameters alone: preamble, dates, the notice over a made-up report.

May import: form.
"""

from __future__ import annotations

import datetime

from nianbao.form import Edition
from nianbao.form.declaration import CHINESE_DIGITS

FICTIONAL_NOTICE = "演示样例：本报告中的机构、事项和数据均为虚构，不代表任何真实机关。"


def preamble(edition: Edition, year: int) -> str:
    """The opening paragraph: legal basis (regulation and notice), the six parts, the period of the figures."""
    parts = "、".join(section.title.replace("、", "和") for section in edition.sections)
    count = CHINESE_DIGITS[len(edition.sections)]
    return (
        f"按照《中华人民共和国政府信息公开条例》（国务院令第711号）和《{edition.notice_title}》（{edition.notice}）"
        f"的要求，编制本年度报告。报告由{parts}等{count}部分组成，"
        f"数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def chinese_date(date: datetime.date | None) -> str:
    """A date as documents print it, 2024年1月10日; blanks to be filled by hand where there is none."""
    return "　　年　月　日" if date is None else f"{date.year}年{date.month}月{date.day}日"
