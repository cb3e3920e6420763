"""Hold counts against what bounds them: halves and quarters against the year, what was done against what there was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from nianbao.checks.text.arithmetic import tell_sum
from nianbao.checks.text.carried import carried_and_settled
from nianbao.checks.text.counts import MONEY
from nianbao.checks.text.enumerations import Enumeration
from nianbao.checks.text.quantities import all_held
from nianbao.checks.text.statements import Relation, Span, State, Statement
from nianbao.checks.text.table_two import in_wan
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

# The parts that make a year, and how a sentence names each.
_PARTS = (
    re.compile(r"(?P<first>上半年)|(?P<second>下半年)"),
    re.compile(r"(?P<first>第?一季度)|(?P<second>第?二季度)|(?P<third>第?三季度)|(?P<fourth>第?四季度)"),
)
# What comes in, and what is done with it: of 48 suggestions no more than 48 can be taken up.
_GIVEN = re.compile(
    r"(?:通报|征集|收集|征求|收到|受理|接到|接收|发现|反馈|排查|梳理|查出|查摆|转办|交办|承办|收办|应办|提出|发放|下发|印发)"
    r"[^，；。\d]{0,10}$"
)
_DONE = re.compile(
    r"^[，；]?(?:其中|并|已|均|全部|现已|实际|按期|按时|及时|到位|已经)*"
    r"(?:采纳|吸纳|整改|办结|办复|答复|回复|解决|处理|处置|完成|(?:回收|收回|收到)(?:有效)?|有效)(?:完成|到位|了|率)?(?:意见建议|意见|建议|问题|问卷|调查问卷)?$"
)

# Heads and events that may be counted under two heads, so that only parts beyond their whole are asked about.
_HEADS = frozenset({"人次", "人", "名", "次", "场", "期", "家", ""})
_AMONG = re.compile(r"^(?:以上)?[，（]?其中[：，]?(?:[^，。；\d]{0,16}|\d{1,2}月份?)$")
_TWICE = re.compile(r"党员|女|男|民族|以上|以下|包括|含|同时|岁")
# 网站9240条，新媒体3150条，全年累计公开12390条: other channels may be counted too; a small difference is a slip.
_CUMULATED = re.compile(
    r"^，?(?:全年|本年度?|年度)?(?:累计|总计|共计?|合计)(?:主动)?(?:公开|发布)(?:各类)?(?:政府)?(?:信息)?$"
)
_CHANNELS = re.compile(r"网站|新媒体|微信|微博|公众号|平台|公报|客户端|公开栏|电视|报纸|抖音|头条")
_SLIP = Decimal("0.1")


def check_bounds(text: TextLog, state: State) -> None:
    """TEXT-SUM: parts of the year beyond or short of the whole year, more done than there was to do."""
    for pattern in _PARTS:
        parts = _parts(state, pattern)
        if len(parts) == pattern.groups:
            _check_year(text, state, parts)
    for turn in state.turns:
        if turn.parts_of_year:
            _check_year(text, state, [state.statements[count.index] for count in turn.counts])
    _check_balance(text, state)
    _check_equals(text, state)
    _check_heads(text, state)
    _check_among(text, state)
    _check_cumulated(text, state)
    for before, entry in zip(state.statements, state.statements[1:], strict=False):
        if _same_kind(before, entry) and _GIVEN.search(before.count.clause) and _DONE.search(entry.count.lead):
            requests = before.matter == entry.matter == "applications"  # some came from last year
            if entry.count.value <= before.count.value or requests:
                text.passed("TEXT-SUM")
                continue
            words = (
                f"“{quoted(entry.count)}”多于“{quoted(before.count)}”",
                f"{entry.count.printed} done of {before.count.printed}",
            )
            facts: dict[str, Any] = {"expected": f"<={before.count.value}", "actual": entry.count.value}
            text.found("TEXT-SUM", words, entry.count, state=FindingState.UNCERTAIN, **facts)


def _same_kind(one: Statement, other: Statement) -> bool:
    plain = one.relation is Relation.PLAIN and other.relation is Relation.PLAIN
    return (
        plain
        and one.count.exact
        and other.count.exact
        and one.count.counted
        and (one.count.unit, one.count.depth) == (other.count.unit, other.count.depth)
    )


def _parts(state: State, pattern: re.Pattern[str]) -> list[Statement]:
    """The counts of the parts of the year, each named once and right before its count."""
    found: dict[str, Statement] = {}
    for entry in state.statements:
        named = [match.lastgroup or "" for match in pattern.finditer(entry.count.clause)]
        if len(named) == 1 and entry.relation is Relation.PLAIN and entry.count.exact and entry.count.counted:
            if named[0] in found:
                return []
            found[named[0]] = entry
    parts = list(found.values())
    return parts if len({entry.count.unit for entry in parts}) == 1 else []


def _check_year(text: TextLog, state: State, parts: Sequence[Statement]) -> None:
    total = sum((entry.count.value for entry in parts), Decimal(0))
    wholes = _wholes(state, parts)
    of = parts[0].reading
    if not wholes and of is not None and of.quantities[:1] == ("new",):
        wholes = [Decimal(value.number) for value in all_held(text.subject, of.quantities)]
    if not wholes:
        return
    if total in wholes:
        text.passed("TEXT-SUM")
        return
    written = " + ".join(str(entry.count.value) for entry in parts)
    words = (
        f"“{quoted(parts[0].count)}”等各时段{written} = {total}，全年为{wholes[0]}，请核实",
        f"the parts of the year {written} = {total}, the year has {wholes[0]}",
    )
    facts: dict[str, Any] = {"expected": wholes[0], "actual": total}
    text.found("TEXT-SUM", words, parts[0].count, state=FindingState.UNCERTAIN, **facts)


_AT_ONCE = re.compile("[，（](?:其中)?(?:上半年|第?一季度)(?:为|有|是)?")


def _wholes(state: State, parts: Sequence[Statement]) -> list[Decimal]:
    """The counts that the sentence gives for the whole year, in the measure of the parts; else the one before them."""
    told = [
        entry.count.value
        for entry in state.statements
        if entry.count.unit == parts[0].count.unit
        and entry not in parts
        and entry.relation is Relation.PLAIN
        and entry.span in {Span.YEAR, Span.UNSAID}
        and entry.count.exact
        and not entry.count.depth
        and re.search(r"全年|共|总|合计", entry.count.clause)
    ]
    first = parts[0].count.index
    before = state.statements[first - 1] if first else None
    at_once = _AT_ONCE.fullmatch(parts[0].count.lead)  # 自查4次，一季度1次、…
    if not told and at_once and before and _same_kind(before, parts[0]) and before.span in {Span.YEAR, Span.UNSAID}:
        return [before.count.value]
    return told


# 新收9件，上年结转1件，办结9件，结转下年度1件: first and second make third and fourth.
_BALANCE = ("new", "carried_in", "processed", "carried_out")


def _check_balance(text: TextLog, state: State) -> None:
    """What came in and what became of it, where a sentence gives all four of one body."""
    found: dict[str, Statement] = {}
    for entry in state.statements:
        name = entry.quantities[0] if entry.quantities else ""
        if name in _BALANCE and entry.relation is Relation.PLAIN and entry.count.exact and not entry.count.depth:
            if name in found:
                return
            found[name] = entry
    if any(carried_and_settled(entry) for entry in found.values()):
        return
    if len(found) < len(_BALANCE) or len({entry.whose for entry in found.values()}) > 1:
        return
    new, old, done, left = (found[name].count.value for name in _BALANCE)
    if new + old == done + left:
        text.passed("TEXT-SUM")
        return
    words = (
        f"新收{new} + 上年结转{old} = {new + old}，与办结{done} + 结转下年度{left} = {done + left}不等，请核实",
        f"{new} + {old} came in, {done} + {left} were dealt with or carried over",
    )
    facts: dict[str, Any] = {"expected": new + old, "actual": done + left}
    text.found("TEXT-SUM", words, found["processed"].count, state=FindingState.UNCERTAIN, **facts)


# 3920.5万元，约合0.39亿元: one amount twice.
_EQUALS = re.compile(r"^[，（]?(?:约合|折合|合计?人民币|约为|即)$")


def _check_equals(text: TextLog, state: State) -> None:
    for before, entry in zip(state.statements, state.statements[1:], strict=False):
        if not {before.count.unit, entry.count.unit} <= MONEY or not _EQUALS.search(entry.count.lead):
            continue
        first, second = in_wan(before.count), in_wan(entry.count)
        if abs(first[0] - second[0]) <= max(first[1], second[1]):
            text.passed("TEXT-SUM")
            continue
        words = (
            f"“{quoted(entry.count)}”与{before.count.printed}不是同一金额",
            f"{before.count.printed} is stated as {entry.count.printed}",
        )
        facts: dict[str, Any] = {"expected": before.count.printed, "actual": entry.count.printed}
        text.found("TEXT-SUM", words, entry.count, state=FindingState.UNCERTAIN, **facts)


def _check_heads(text: TextLog, state: State) -> None:
    """培训56人次，其中镇干部32人次、村干部44人次: parts beyond their whole."""
    for position, first in enumerate(state.statements):
        unit = first.count.unit
        lead = first.count.lead.removeprefix(state.statements[position - 1].count.tail if position else "")
        if unit not in _HEADS or not _AMONG.match(lead):
            continue
        before = [other for other in state.statements[:position] if other.count.unit == unit and not other.count.depth]
        if not before or before[-1].relation is not Relation.PLAIN or not before[-1].count.exact:
            continue
        whole, parts = before[-1], [first]
        for entry in state.statements[position + 1 :]:
            lead = entry.count.lead.removeprefix(parts[-1].count.tail)  # 2名科级、2名科员
            if entry.count.unit != unit or not re.match(r"[、，和]", lead):
                break
            parts.append(entry)
        beyond = [entry for entry in parts if entry.count.exact and entry.count.value > whole.count.value]
        if not beyond and any(not entry.count.exact or _TWICE.search(entry.count.lead) for entry in parts):
            continue
        parts = beyond or parts
        total = sum((entry.count.value for entry in parts), Decimal(0))
        if total > whole.count.value:
            tell_sum(text, Enumeration(whole, tuple(parts)), total, certain=False)


# 12件中有13件.
_OF_THESE = re.compile(r"[一-鿿]{0,8}?(?:之)?中，?(?:已|仅|共)?有?")


def _check_among(text: TextLog, state: State) -> None:
    for before, entry in zip(state.statements, state.statements[1:], strict=False):
        between = state.sentence.text[before.count.end : entry.count.start]
        beyond = entry.count.value > before.count.value and _same_kind(before, entry)
        if beyond and _OF_THESE.fullmatch(between):
            words = (
                f"“{before.count.printed}{between}{entry.count.printed}”中部分多于全部，请核实",
                f"{entry.count.printed} of {before.count.printed}",
            )
            facts: dict[str, Any] = {"expected": f"<={before.count.value}", "actual": entry.count.value}
            text.found("TEXT-SUM", words, entry.count, state=FindingState.UNCERTAIN, **facts)


def _check_cumulated(text: TextLog, state: State) -> None:
    """The total behind two or more channels, where it differs by a little."""
    for position, entry in enumerate(state.statements):
        parts = state.statements[:position]
        if len(parts) < 2 or not _CUMULATED.search(entry.count.lead) or not entry.count.exact:
            continue
        if any(not _same_kind(entry, part) or not _CHANNELS.search(part.count.clause) for part in parts):
            continue
        total = sum((part.count.value for part in parts), Decimal(0))
        if 0 < abs(total - entry.count.value) <= _SLIP * total:
            tell_sum(text, Enumeration(entry, tuple(parts)), total, certain=False)
