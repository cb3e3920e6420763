"""Hold a direction that is told without a number (两项均比上年有所增加) against this year's and last year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text.last_year import agrees, place_of_held
from nianbao.checks.text.quantities import all_held, held
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State, Statement, listed_last
from nianbao.checks.text.table_two import DECISIONS
from nianbao.checks.text.text_log import TextLog
from nianbao.model import FindingState

_ALL = "都|均|全部"
_TOLD = re.compile(
    rf"(?P<what>[^，；：。（）\d]{{0,24}}?)(?:(?:较|比|与|同)(?:上一?年|去年|(?P<year>20\d\d)年)(?:度|同期)?(?:相比)?|同比)，?"
    rf"(?:{_ALL}|也|又|有所|略有|稍有|有|略|明显|大幅|小幅|持续|进一步|呈|出现)*"
    r"(?:(?P<up>增加|上升|增长|增多|上涨|(?P<twice>翻了?一?番))|减少|下降|降低|回落)(?:了|态势|趋势)?(?=[，；。]|$)"
)
_SEVERAL = re.compile(rf"(?:前|上述|这|以上)?(?P<several>[两二三])(?:项|者|类)(?:数据|指标)?(?:{_ALL})?")
_EACH = re.compile(rf"(?:{_ALL})?")
_MEASURE = re.compile(r"^(?:件|宗|起|条|份|次|项|部|个)(?!均)")
# Words beside the names of decisions that leave them all decisions of that kind.
_BARE = re.compile(
    rf"行政|许可|处罚|强制|措施|决定|案件|数量|总量|办件|量|数|[和、及与]|[两二三]项|{_ALL}|公开|公示|的"
)
_REQUESTS = re.compile(
    r"(?:全年|本年度?|我[一-鿿]{1,2})?(?:新收|收到)(?:的)?(?:政府信息公开)?申请(?:数量|总量|量|件数)?|(?:全年|本年度?)?申请(?:总)?[数量]{1,2}"
)
_NEAR = 4
# What is told to be twice as much is nearly so at least.
_TWICE = Decimal("1.8")


def check_directions(text: TextLog, state: State) -> None:
    """TEXT-FIGURE: what is said to be more than last year and is not, or less."""
    if text.subject.previous is None:
        return
    for match in _TOLD.finditer(state.sentence.text):
        if match["year"] and int(match["year"]) != text.year - 1:
            continue
        for name in _meant(text.subject, state, match):
            this, last = held(text.subject, name), held(text.subject, name, last=True)
            if this is None or last is None:
                continue
            least = last.number * _TWICE if match["twice"] else last.number
            if this.number > least if match["up"] else this.number < last.number:
                text.passed("TEXT-FIGURE")
                continue
            words = (
                f"“{match[0]}”与上年报告不一致（{this.quantity.name}本年{this.number}，上年{last.number}）",
                f"{name} was {last.number} last year and is {this.number}, told as {'more' if match['up'] else 'less'}",
            )
            facts = {"place": place_of_held(this), "expected": last.number, "actual": this.number, "cells": this.cells}
            at = (state.sentence, match.start())
            text.found("TEXT-FIGURE", words, at, f"direction:{name}", FindingState.UNCERTAIN, **facts)


def _meant(subject: Subject, state: State, match: re.Match[str]) -> list[str]:
    """The quantities that the words before the comparison name, or that the counts before it state."""
    what = _MEASURE.sub("", match["what"])
    named = [f"{row}.decisions" for word, row in DECISIONS.items() if word in what]
    if named:
        return [] if _BARE.sub("", what) else named
    if _REQUESTS.fullmatch(what):
        return ["new"] if state.placed or state.disclosure else []
    several = _SEVERAL.fullmatch(what)
    if not several and not _EACH.fullmatch(what):
        return []
    number = {"三": 3}.get(several["several"], 2) if several else 1
    before = [entry for entry in state.statements if entry.count.end <= match.start() + len(match["what"])]
    if not several and re.search(_ALL, match[0]):
        number = listed_last(before)
    told = before[-number:]
    near = told and match.start() - told[-1].count.end <= _NEAR
    return list(_stated(subject, told)) if near and len(told) == number else []


def _stated(subject: Subject, told: list[Statement]) -> Iterator[str]:
    """The quantities of counts that are the tables' own."""
    for entry in told:
        plain = entry.relation is Relation.PLAIN and entry.span in OF_THE_YEAR and entry.reading
        if plain and not plain.share:
            values = all_held(subject, entry.quantities)
            yield from [value.quantity.id for value in values if agrees(entry.count, value)][:1]
            continue
        return
