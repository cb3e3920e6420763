"""Recompute the percentages of a text: shares, rates and growth, from its counts, the tables and last year's report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import takewhile

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.cell_shares import share_of_cells
from nianbao.checks.text.counts import MONEY, PERCENT, Count, chinese_number
from nianbao.checks.text.explained import share_follows
from nianbao.checks.text.growth import GROWTH, growth, nearest
from nianbao.checks.text.rates import rate
from nianbao.checks.text.shares import Judged, base_named, share_of_counts
from nianbao.checks.text.statements import Relation, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_BASE = re.compile("占(?!比)")


def check_percents(text: TextLog, state: State, bound: set[int]) -> None:
    """TEXT-PERCENT: ``bound`` are counts whose percentage was computed by reference, which need no second look."""
    for position, said in enumerate(state.statements):
        entry = _as_percent(said) if said.count.unit == "倍" and GROWTH.search(said.count.clause) else said
        count = entry.count
        if count.unit != PERCENT or count.index in bound or entry.relation is Relation.COMPARED:
            continue
        if not count.exact:
            _check_bound(text, state, entry)
            continue
        if _check_together(text, state, entry):
            continue
        counted = [other for other in state.statements if other.count.counted and other.count.exact]
        before = [other for other in counted if other.count.index < position]
        money = [other for other in state.statements[:position] if other.count.unit in MONEY and other.count.exact]
        # 公开类38件（予以公开30件、部分公开8件），占64.4%: what stands in brackets is no part of the share behind them.
        before = [other for other in before if _outside(other, count.depth)] or before
        fallen = _reached(state, position)
        judged = (
            (growth(text.subject, state, entry, nearest(before, money)) if fallen is None else None)
            or _share(text.subject, state, fallen or entry, before)
            or rate(text.subject, state, entry, before or counted)
        )
        pairs = _pairs(judged)
        if judged is None or not pairs:
            if (
                count.value > 100
                and re.search(r"率|占", count.clause)
                and not re.search(r"增|升|完成|解读", count.clause)
            ):
                _differs(text, entry, (count.value, Decimal(100)), FindingState.UNCERTAIN)
            continue
        fits = [_fits(entry, part, whole) for part, whole in pairs]
        if "right" in fits:
            text.passed("TEXT-PERCENT")
            continue
        certain = judged.certain and "near" not in fits
        state_of = FindingState.FAIL if certain else FindingState.UNCERTAIN
        grows = GROWTH.search(count.lead) is not None
        base = base_named(_BASE.split(count.clause)[-1]) if _BASE.search(count.clause) else ()
        told = certain or grows or judged.said
        if told or not share_follows(text.subject, state, entry, partial(_is_right, entry), base):
            _differs(text, entry, pairs[0], state_of)


def _is_right(entry: Statement, part: Decimal, whole: Decimal) -> bool:
    return _fits(entry, part, whole) == "right"


def _as_percent(entry: Statement) -> Statement:
    """增长1倍 is a growth of 100 per cent."""
    count = entry.count
    return replace(entry, count=replace(count, unit=PERCENT, value=count.value * 100, step=count.step * 10))


def _outside(entry: Statement, depth: int) -> bool:
    """Whether a count stands in no deeper brackets, or is what this year's is compared with: 较2022年（200件）."""
    return entry.count.depth <= depth or entry.relation is Relation.COMPARED


def _reached(state: State, position: int) -> Statement | None:
    """自然人占比由82%降至77.5%: the second as if its words were those of the first; it is no growth."""
    if not position or not vocab.BECOMES.search(state.statements[position].count.clause):
        return None
    first, entry = state.statements[position - 1], state.statements[position]
    if first.relation is not Relation.COMPARED or first.count.unit != PERCENT:
        return None
    words = re.sub(r"[由从]$", "", first.count.clause)
    return replace(entry, count=replace(entry.count, clause=words, lead=words))


def _share(subject: Subject, state: State, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """A share of the counts before it; of the tables too, where its own words name the kind that it is of."""
    counts_say = share_of_counts(subject, state, entry, before)
    cells_say = share_of_cells(subject, state, entry)
    if counts_say is None or cells_say is None:
        return counts_say or cells_say
    return Judged([*cells_say.pairs, *counts_say.pairs], False)


def _check_bound(text: TextLog, state: State, entry: Statement) -> None:
    """自然人申请占九成以上: a share that is said to be more, or less, than so much."""
    count = entry.count
    before = [other for other in state.statements[: count.index] if other.count.counted and other.count.exact]
    judged = (
        growth(text.subject, state, entry, before)
        or share_of_cells(text.subject, state, entry)
        or share_of_counts(text.subject, state, entry, before)
    )
    more = re.search(r"(?:超过?|逾|突破|高于|不低于)$", count.lead) or count.after.startswith("以上")
    less = re.search(r"(?:不足|不到|低于)$", count.lead) or count.after.startswith("以下")
    about = _about(count)
    pairs = _pairs(judged)
    shares = [part * 100 / whole for part, whole in pairs]
    if not shares or not (more or less or about):
        return
    if about:
        outside = all(not about[0] <= share <= about[1] for share in shares)
    else:
        outside = all(share < count.value if more else share > count.value for share in shares)
    if outside:
        _differs(text, entry, pairs[0], FindingState.UNCERTAIN)


# “予以公开”占39.7%，“部分公开”占13.2%，两类合计占52.9%
_TOGETHER = re.compile("(?:(?P<several>[两二三四五六])(?:者|项|类))?(?:合计|共计?|总计|合起来|加起来)占")


def _check_together(text: TextLog, state: State, entry: Statement) -> bool:
    """Whether a percentage is told as the sum of those right before it, which is then compared."""
    together = _TOGETHER.search(entry.count.clause)
    before = list(takewhile(lambda one: one.count.unit == PERCENT, reversed(state.statements[: entry.count.index])))
    several = chinese_number(together["several"] or "") or len(before) if together else 0
    if together is None or not 1 < several <= len(before):
        return False
    parts = [one.count for one in before[:several]]
    total = sum((part.value for part in parts), Decimal(0))
    if abs(total - entry.count.value) <= several * max(part.step for part in parts):
        text.passed("TEXT-PERCENT")
        return True
    words = (
        f"“{quoted(entry.count)}”与前面各项之和{total}%不符（比例的分子、分母需人工确认）",
        f"{entry.count.printed} stated, those before it sum to {total}%",
    )
    text.found("TEXT-PERCENT", words, entry.count, state=FindingState.UNCERTAIN, expected=total)
    return True


def _pairs(judged: Judged | None) -> list[tuple[Decimal, Decimal]]:
    """Parts and wholes; of nothing there is no share."""
    return [(part, whole) for part, whole in judged.pairs if whole] if judged else []


def _about(count: Count) -> tuple[Decimal, Decimal] | None:
    """What a share that is told as 近六成, 约六成 or 六成左右 may be, by any way of speaking."""
    if count.bounds is None:
        return None
    half = count.step / 2
    if re.search(r"近$", count.lead):
        return min(count.bounds[0], count.value - half), count.value + count.step / 5
    if re.search(r"约$|大概$", count.lead) or re.match("左右|上下", count.after):
        return min(count.bounds[0], count.value - half), max(count.bounds[1], count.value + half)
    return None


# 八成, and how far from it a share may be that is told so.
_TENTH, _SPOKEN = Decimal(10), Decimal(6)


def _fits(entry: Statement, part: Decimal, whole: Decimal) -> str:
    """How the printed percentage stands to the computed one: right (rounded, or cut off), near or wrong."""
    if not whole:
        return "wrong"
    exact = part * 100 / whole
    step, printed = entry.count.step, entry.count.value
    rounded = (exact / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    cut = Decimal(int(exact / step)) * step
    if step == _TENTH:  # 八成 is nothing more exact, but no nine tenths
        return "right" if abs(exact - printed) <= _SPOKEN else "wrong"
    if printed in {rounded, cut}:
        return "right"
    return "near" if abs(exact - printed) <= step else "wrong"


def _differs(text: TextLog, entry: Statement, pair: tuple[Decimal, Decimal], state: FindingState) -> None:
    part, whole = pair
    right = (part * 100 / whole).quantize(Decimal("0.01")).normalize()
    words = (
        f"“{quoted(entry.count)}”与{part}÷{whole} = {right:f}%不符"
        + ("" if state is FindingState.FAIL else "（比例的分子、分母需人工确认）"),
        f"{entry.count.printed} stated, {part} of {whole} is {right:f}%",
    )
    text.found("TEXT-PERCENT", words, entry.count, state=state, expected=right, actual=entry.count.value)
