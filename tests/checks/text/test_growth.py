"""The cost of the text rules grows with the length of a text, never with its square."""

from __future__ import annotations

import time

import pytest

from checks.generate import with_texts
from checks.text.test_reading import world
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.run import check_texts

UNITS = (
    "1件",
    "的",
    "7",
    "（",
    "其中12件，",
    "未发生行政复议",
    "未经复议",
    "诉讼",
    "X条",
    "一是\n",
    "收到申请1件，",
    "《",
    "2023年",
    "占5%，",
    "比上年",
    "重复申请",
    " ",
    "\n",
    "{{",
    "。",
    "住",
    "2020年1件，",
    "自然人1件，予以公开1件，",
    "分别为1件、2件；",
)


def cost(text: str, *, bound: bool) -> float:
    """The seconds of CPU that the rules take for a text."""
    report = with_texts(world("city"), {"overview": text})
    subject = Subject(report, report, bound=bound)
    start = time.process_time()
    check_texts(subject, FindingLog())
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_a_text_of_four_times_the_length_costs_little_more_than_four_times_as_much(unit: str, bound: bool) -> None:
    few = cost(unit * (20_000 // len(unit)), bound=bound)
    limit = 5 * few + 0.2
    # Something else may have disturbed the first measurement.
    assert any(cost(unit * (80_000 // len(unit)), bound=bound) <= limit for _ in range(2))


@pytest.mark.slow
def test_a_megabyte_of_one_statement_takes_less_than_five_seconds() -> None:
    assert min(cost("收到申请1件，" * 142_857, bound=True) for _ in range(2)) < 5
