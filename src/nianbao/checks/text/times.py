"""Recompute how many times as many one count is as another: 自然人1090件，是商业企业的9.1倍; 64件，为上年的八成."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import PERCENT
from nianbao.checks.text.quantities import held
from nianbao.checks.text.statements import Relation, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_AS_MANY = re.compile(
    r"^(?:数量|总量)?(?:是|为|相当于|达到?)(?P<who>20\d\d年|[^，；：\d]{2,12}?)(?:提出)?(?:申请)?(?:数量|件数|总数|总量|量|数)?的(?:约|近)?$"
)
_TENTH, _SPOKEN = 10, 6
_LAST = re.compile(r"(?:上一?年|去年)(?:同期|全年)?")


def check_times(text: TextLog, state: State) -> None:
    """TEXT-PERCENT: the count before it against last year's, or against the count or cell of the kind that is named."""
    for before, entry in zip(state.statements, state.statements[1:], strict=False):
        said = _AS_MANY.search(entry.count.clause) if entry.count.unit in {"倍", PERCENT} else None
        if said is None or before.relation is not Relation.PLAIN or not before.count.exact or not before.count.counted:
            continue
        if entry.count.unit == PERCENT and not _is_last(text.year, said["who"]):
            continue
        bases = [base for base in _bases(text, state, before, said["who"]) if base]
        if not bases or any(_fits(entry, before.count.value / base) for base in bases):
            continue
        right = (before.count.value / bases[0]).quantize(Decimal("0.01"))
        words = (
            f"“{quoted(entry.count)}”与{before.count.value}÷{bases[0]} = {right}不符",
            f"{before.count.value} is {right} times {bases[0]}, not {entry.count.value}",
        )
        state_of, told = FindingState.UNCERTAIN, entry.count.value
        text.found("TEXT-PERCENT", words, entry.count, state=state_of, expected=right, actual=told)


def _bases(text: TextLog, state: State, before: Statement, who: str) -> Sequence[Decimal]:
    """What the count may be so many times of; nothing where that is not known."""
    if before.reading is None or before.reading.share:
        return []
    if _is_last(text.year, who):
        both = ((held(text.subject, name), held(text.subject, name, last=True)) for name in before.quantities)
        known = [(this, last) for this, last in both if this and last]
        return [Decimal(last.number) for this, last in known if this.number == before.count.value]
    told = [other.count.value for other in state.statements if who in other.count.clause and other.count.counted]
    if told:
        return told
    kinds = [name for name, words in vocab.APPLICANTS.items() if re.fullmatch(words, who)]
    rows = {name.rpartition(".")[0] for name in before.quantities}
    values = [held(text.subject, f"{row}.{kind}") for kind in kinds for row in sorted(rows) if row]
    return [Decimal(value.number) for value in values if value]


def _is_last(year: int, who: str) -> bool:
    return _LAST.fullmatch(who) is not None or who == f"{year - 1}年"


def _fits(entry: Statement, exact: Decimal) -> bool:
    count = entry.count
    if count.unit == PERCENT:
        exact *= 100
        if count.step >= _TENTH:  # 六成 is nothing more exact
            return abs(exact - count.value) <= _SPOKEN
    if count.bounds is not None or not count.exact:
        return count.least * Decimal("0.95") <= exact <= count.most * Decimal("1.05") + count.step
    rounded = (exact / count.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * count.step
    return count.value in {rounded, int(exact / count.step) * count.step}
