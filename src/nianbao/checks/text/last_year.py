"""Hold last year's counts, and differences from them, against last year's report."""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.checks.finding_log import Place, place_of
from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import MONEY, Count, rises
from nianbao.checks.text.differences import whole_of
from nianbao.checks.text.quantities import Held, all_held, held
from nianbao.checks.text.statements import Relation, Span, State, Statement
from nianbao.checks.text.table_two import in_wan
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState, Number


def agrees(count: Count, value: Held) -> bool:
    """Whether a count is the value that the tables hold, by the places printed and words like 余 and 约."""
    number = Decimal(value.number)
    if count.bounds is not None:
        worth = in_wan(count)[0] / count.value if count.unit in MONEY and count.value else Decimal(1)
        return count.bounds[0] * worth <= number <= count.bounds[1] * worth
    if count.unit in MONEY:
        amount, step = in_wan(count)
        return abs(number - amount) < step
    return count.least <= number <= count.most


def swapped(said: Decimal, value: Number) -> bool:
    """Whether two digits of the tables' number changed places in the text: 2980 for 2890."""
    one, other = str(said), str(value)
    differing = sum(first != second for first, second in zip(one, other, strict=False))
    return differing == _PAIR and len(one) == len(other) and sorted(one) == sorted(other)


_PAIR = 2


def place_of_held(value: Held) -> Place:
    """Where a value stands: its cell, or its table where it is a sum."""
    refs = value.quantity.refs
    return place_of(refs[0]) if len(refs) == 1 and not value.quantity.less else (refs[0].table, None, None)


def check_against_last_year(text: TextLog, state: State, entry: Statement) -> None:
    """Last year's count and the difference from it, where last year's report is there."""
    subject = text.subject
    money = entry.count.unit in MONEY
    if subject.previous is None or not entry.count.exact or not (entry.count.counted or money):
        return
    of = entry if entry.reading and entry.span is not Span.PART else _counted_before(state, entry)
    of = whole_of(state, of, entry) or of
    if of is None or of.reading is None or of.reading.share or (of is entry and not _of_last_year(entry)):
        return
    if _of_nothing_told(state, entry) or (of.reading.if_alike and not _is_that_of_the_table(text.subject, state, of)):
        return
    names, change = of.quantities, entry.relation is Relation.DIFFERENCE
    if change and of is not entry:
        last_year = of.relation is Relation.COMPARED
        values_of = ((name, held(subject, name, last=last_year)) for name in names)
        meant = [name for name, value in values_of if value and agrees(of.count, value)]
        names = tuple(meant) or names
    count = entry.count
    amount, step = in_wan(count) if money else (count.value, count.step if count.step > 1 else Decimal(0))
    said = amount if not change or rises(entry.count) else -amount
    if money != any(name.startswith("fees.") for name in names):
        return
    values: list[tuple[Held, Decimal]] = []
    for name in names:
        this, last = held(subject, name), held(subject, name, last=True)
        if last is not None and (this is not None or not change):
            base = Decimal(last.number)
            values.append((last, Decimal(this.number) - base if change and this else base))
    if not values or any(_is_so(value, said, step, change=change) for _, value in values):
        if values:
            text.passed("TEXT-FIGURE")
        return
    right = values[0][1]
    words = (
        f"“{quoted(entry.count)}”与上年报告不一致（应为{right}）",
        f"{entry.count.printed} stated, by last year's report it is {right}",
    )
    facts = {"place": place_of_held(values[0][0]), "expected": right, "actual": said, "cells": values[0][0].cells}
    text.found("TEXT-FIGURE", words, entry.count, f"last:{names[0]}", FindingState.UNCERTAIN, **facts)


def _is_so(value: Decimal, said: Decimal, step: Decimal, *, change: bool) -> bool:
    """Whether a count, or a change with its sign, is what the reports give, cut off or rounded."""
    near = abs(abs(value) - abs(said)) < step or abs(value) == abs(said)
    return near and (value * said >= 0 or not change)


def _is_that_of_the_table(subject: Subject, state: State, of: Statement) -> bool:
    """Whether the count, or the one that a difference from it is of, is the tables' own."""
    told = [of] if of.relation is Relation.PLAIN else _told_of(state, of)
    return any(agrees(one.count, value) for one in told for value in all_held(subject, of.quantities))


def _told_of(state: State, of: Statement) -> list[Statement]:
    before = [one for one in state.statements[: of.count.index] if one.relation is Relation.PLAIN]
    return [one for one in before if one.quantities[:1] == of.quantities[:1]]


def _of_last_year(entry: Statement) -> bool:
    return entry.relation is not Relation.PLAIN or entry.span is Span.LAST


# Words before 较上年 that name nothing: the difference is of the count before it.
_SAID_ANEW = re.compile(r"去年|[增减升降加少长下上多了]|总量|总数|数量|[，、（其中和同环的为年\d]")
# 未作出行政强制决定，上年为2件: of what there was none of, and no count says it.
_NONE_BEFORE = re.compile(r"(?:未|没有|无)[^，；。\d]{2,20}$")
_NOTHING = re.compile(r"(?:(?:未|没有|无)[^，；。\d]{2,20}|[为是][零0无])，$")
# 收到申请22件，比2022年（31件）下降29%
_THAN_LAST = re.compile(r"，(?:较|比|与|同)(?:上一?年|去年|20\d\d年)(?:度|同期)?(?:的)?")
_AGAINST_THIS = re.compile(r"^[比较](?!上|去|20)[^，；]{2,}$")
# What was pending or handed on is no count of last year's cells: 上年未结的行政诉讼2件.
_PENDING = re.compile(r"未|结转|遗留|审结|转入")


def _of_nothing_told(state: State, entry: Statement) -> bool:
    """Whether the words before it tell of nothing, or of what was pending: of neither does last year's report tell."""
    before = state.sentence.text[: entry.count.start]
    pending = entry.relation is Relation.PLAIN and _PENDING.search(before)
    if entry.count.depth and _NONE_BEFORE.search(entry.count.outer):
        return True
    return bool(pending or _NOTHING.search(before[: len(before) - len(entry.count.clause)]))


def _counted_before(state: State, entry: Statement) -> Statement | None:
    """What a difference, or last year's count, is of: the count before it; None where that is not certain."""
    years = re.findall(r"20\d\d(?=年)", state.sentence.text[: entry.count.start].rpartition("；")[2])
    named = {int(year) for year in years} - {state.setting.year}
    if entry.relation is Relation.PLAIN or entry.in_turn or named - {state.setting.year - 1}:
        return None
    own = vocab.AGAINST.split(entry.count.clause, maxsplit=1)[0]
    if entry.relation is Relation.COMPARED and re.match(r"[、和]\d+[件宗起]", entry.count.after):
        return None  # 复议18件、诉讼14件，与上年的12件、8件相比
    if _SAID_ANEW.sub("", own) or vocab.BECOMES.search(entry.count.lead):
        return None  # of a matter of its own: 规章存量由上年的21件变为22件
    before = [one for one in state.statements[: entry.count.index] if one.count.depth <= entry.count.depth]
    if before and _AGAINST_THIS.search(before[-1].count.clause) and before[-1].relation is Relation.PLAIN:
        return None  # 比无法提供的11件多15件
    bracket = state.sentence.text.rfind("（", 0, entry.count.start) if entry.count.depth else -1
    between = state.sentence.text[before[-1].count.end : max(bracket, 0)] if before else ""
    if re.search("[，；]", between) and not _THAN_LAST.fullmatch(between):
        return None  # 新收63件，降的主要是自然人（由60件…）
    return next((one for one in reversed(before) if one.relation is Relation.PLAIN or one.reading), None)
