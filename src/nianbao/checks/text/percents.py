"""Recompute the percentages of a text: shares, rates and growth, from its counts, the tables and last year's report.

May import: model, checks.finding_log, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.arithmetic import bases
from nianbao.checks.text.quantities import held
from nianbao.checks.text.statements import PERCENT, Relation, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_RATE = re.compile(
    r"(?P<name>[一-鿿]{1,6}?)率(?:为|达到?|是|：|高达|均为|均达到?|均达|保持在|保持|分别为|也|（|，|实现|均)*$"
)
_GROWTH = re.compile(
    r"(?:增长率?|增幅|下降|降幅|上升|升幅|增加|减少|提高|降低|上涨|下滑|缩减|同比增|同比减|增|降)(?:了|为|达|达到|约|至|近|幅度为|，|率|比例为)*$"
)
_SHARE = re.compile(
    r"(?P<whole>占(?:[^，；：\d]{0,20}?))(?:的|比|比例|为|约|达|分别为|：)*$|(?:占比|比例|比重)(?:分别)?(?:为|约|达|是|：)*$"
)
# Rates of what was due, in time or to quality have a base that no count tells.
_DUE = re.compile(r"应于|年内|按时|按期|及时|限时|应办|到期|法定|期限|规定|合格|当日|平均|规范|首次|电子")
_NEAR = 16
_REVIEW_RATES = {"纠错": "corrected", "败诉": "corrected", "维持": "upheld"}


@dataclass(frozen=True)
class Judged:
    """Part and whole of a percentage, all pairs that its words allow; ``certain`` where they allow one only."""

    pairs: list[tuple[Decimal, Decimal]]
    certain: bool


def check_percents(text: TextLog, state: State, bound: set[int]) -> None:
    """TEXT-PERCENT: ``bound`` are counts whose percentage was computed by reference, which need no second look."""
    for position, entry in enumerate(state.statements):
        count = entry.count
        if count.unit != PERCENT or not count.exact or count.index in bound:
            continue
        counted = [other for other in state.statements if other.count.counted and other.count.exact]
        before = [other for other in counted if other.count.index < position]
        judged = (
            _growth(text.subject, entry, before)
            or _share(text.subject, state, position, before)
            or _rate(text.subject, state, entry, before or counted)
        )
        if judged is None or not judged.pairs:
            if count.value > 100 and re.search(r"率|占", count.clause) and not re.search(r"增|升|完成", count.clause):
                _differs(text, entry, (count.value, Decimal(100)), FindingState.UNCERTAIN)
            continue
        fits = [_fits(entry, part, whole) for part, whole in judged.pairs]
        if "right" in fits:
            text.passed("TEXT-PERCENT")
            continue
        certain = judged.certain and "near" not in fits
        state_of = FindingState.FAIL if certain else FindingState.UNCERTAIN
        _differs(text, entry, judged.pairs[0], state_of)


def _growth(subject: Subject, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """N件，较上年增加M件，增长P%; 比上年80件增长P%; and against last year's report where N states a cell."""
    match = _GROWTH.search(entry.count.clause) or (
        _GROWTH.search(entry.count.lead) if len(entry.count.clause) < 2 else None
    )
    if match is not None and not before and entry.reading:
        # 收到申请量较上年下降23.1%: neither count is said.
        up = vocab.RISES.search(match[0]) is not None
        both = [(this - last if up else last - this, last) for this, last in _both_years(subject, entry)]
        return Judged(both, False)
    if match is None or not before or vocab.BEYOND.search(entry.count.clause):
        return None
    rises = vocab.RISES.search(match[0]) is not None
    unit = before[-1].count.unit
    now, base = bases(before, unit)
    changes = [other for other in before if other.relation is Relation.DIFFERENCE and other.count.unit == unit]
    pairs: list[tuple[Decimal, Decimal]] = []
    if now is None:
        # 较上年的20件增加5件，增长25%: this year's count is not said.
        if base is None and changes and changes[-1].reading:
            pairs = [(this - last, last) for this, last in _both_years(subject, changes[-1])]
            return Judged([(part if rises else -part, whole) for part, whole in pairs], False)
        if base is None or not changes or not base.count.value:
            return None
        by = changes[-1].count.value if vocab.RISES.search(changes[-1].count.clause[-6:]) else -changes[-1].count.value
        return Judged([(by if rises else -by, base.count.value)], True)
    if base is not None and base.count.value:
        pairs.append((now.count.value - base.count.value, base.count.value))
    if changes and base is None and changes[-1].count.start > now.count.start:
        by = changes[-1].count.value
        up = vocab.RISES.search(changes[-1].count.clause[-6:]) is not None
        earlier = now.count.value - (by if up else -by)
        pairs += [(by if up else -by, earlier)] if earlier > 0 else []
    certain = bool(pairs)
    if not pairs:
        pairs = [(this - last, last) for this, last in _both_years(subject, now) if this == now.count.value]
    # A fall is printed without its sign.
    return (
        Judged([(part if rises else -part, whole) for part, whole in pairs], certain and len(pairs) == 1)
        if pairs
        else None
    )


def _both_years(subject: Subject, entry: Statement) -> Iterator[tuple[Decimal, Decimal]]:
    """This year's and last year's value of what the statement is of, by the two reports."""
    if subject.previous is None or entry.reading is None or entry.reading.share:
        return
    for name in entry.quantities:
        this, last = held(subject, name), held(subject, name, last=True)
        if this and last and last.number:
            yield Decimal(this.number), Decimal(last.number)


def _share(subject: Subject, state: State, position: int, before: Sequence[Statement]) -> Judged | None:
    """A件，占P%: A against a greater count before it, or a total of the tables; 分别占P%、Q% go with A件、B件."""
    entry = state.statements[position]
    if len(before) > 1 and entry.count.lead in {"的", "的比例为"} and before[-1].count.clause.startswith("占"):
        # 52件，占全部126件的41.27%: both are said.
        return Judged([(before[-2].count.value, before[-1].count.value)], before[-1].count.value > 0)
    part = _part_of(state, position, before)
    said = _SHARE.search(entry.count.lead) or (
        _SHARE.search(_lead_of_list(state, position)) if entry.count.lead in {"、", "和", "，"} else None
    )
    bare = (
        not said and not entry.count.clause and entry.count.depth and part and part.count.end + 1 == entry.count.start
    )
    if part is None or not (said or bare):
        return None
    value, unit = part.count.value, part.count.unit
    wholes = [
        other.count.value
        for other in before
        if other is not part
        and other.count.unit == unit
        and other.count.value >= value > 0
        and other.relation is Relation.PLAIN
    ]
    whole = said["whole"] if said else ""
    certain = len(set(wholes)) == 1 and re.search(r"总|全部", whole or "") is not None
    siblings = [other.count.value for other in before if other.count.unit == unit and other.relation is Relation.PLAIN]
    if len(siblings) > 1:
        # The parts alone are given: 网站9600条，微信2400条，分别占80%、20%.
        wholes += [sum(siblings, Decimal(0)), sum(siblings[1:], Decimal(0))]
    if state.placed or "applications" in {other.matter for other in before}:
        tables = [found for name in ("processed", "new", "intake", *vocab.RESULTS) if (found := held(subject, name))]
        wholes += [Decimal(found.number) for found in tables if found.number >= value]
    pairs = [(value, other) for other in wholes]
    if before[0] is not part and "其中" in state.sentence.text[before[0].count.end : part.count.start]:
        # 不予处理5件，其中…4件、…1件，占7.8%: the percentage may be of the whole.
        pairs += [(before[0].count.value, other) for other in wholes if other >= before[0].count.value]
    return Judged(pairs, certain) if pairs else None


def _part_of(state: State, position: int, before: Sequence[Statement]) -> Statement | None:
    """The count that a percentage is of: the one before it, or that at the same place of a list."""
    first = position
    while first and state.statements[first - 1].count.unit == PERCENT:
        first -= 1
    if not before:
        return None
    last = position
    while last + 1 < len(state.statements) and state.statements[last + 1].count.unit == PERCENT:
        last += 1
    several = last - first + 1
    if several > 1 and len(before) >= several:
        return before[len(before) - several + (position - first)]
    return before[-1]


def _lead_of_list(state: State, position: int) -> str:
    while position and state.statements[position].count.lead in {"、", "和", "，"}:
        position -= 1
    return state.statements[position].count.lead


def _rate(subject: Subject, state: State, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """办结率P% against the counts in the sentence, and 办结率 against the table where the sentence has none."""
    count = entry.count
    match = _RATE.search(count.lead)
    if match is None or _DUE.search(count.clause + count.after[:_NEAR]):
        return None
    stem = match["name"][-2:]
    parts = [other.count for other in before if stem in other.count.clause + other.count.tail]
    if not parts and len(before) > 1 and set(stem) & set(before[-1].count.clause[-6:]):
        parts = [before[-1].count]
    wholes = [other.count for other in before if other.count.value]
    pairs = [(part.value, other.value) for part in parts for other in wholes if other is not part and part.value]
    pairs = [(part, value) for part, value in pairs if part <= value]
    own = [pair for pair in pairs if pair[0] != pair[1]] or pairs
    if stem in _REVIEW_RATES and entry.matter in {"review", "litigation"}:
        kind = "reconsideration" if entry.matter == "review" else "litigation"
        part, whole = held(subject, f"{kind}.{_REVIEW_RATES[stem]}"), held(subject, f"{kind}.total")
        if part and whole and whole.number and any(other.reading for other in before):
            own.append((Decimal(part.number), Decimal(whole.number)))
            return Judged(own, False)
    if stem not in {"办结", "答复", "办复"}:
        return Judged(list(dict.fromkeys(own)), False) if own and len(parts) == 1 and len(before) > 1 else None
    if entry.matter not in {"applications", ""} or re.search(
        r"各|建议|提案|咨询|热线|信箱", state.sentence.text[: count.start]
    ):
        return _of_what_came_in(entry, before, stem)
    table = list(_table_rates(subject)) if state.placed or entry.matter == "applications" else []
    certain = bool(table) and stem == "办结"
    if stem != "办结":
        # Withdrawn and unmended requests are no answers; the rate may leave them out.
        table += [(Decimal(1), Decimal(1))]
    return Judged(table + own, certain) if table + own else None


def _of_what_came_in(entry: Statement, before: Sequence[Statement], stem: str) -> Judged | None:
    """受理咨询2180条，办结2138条，办结率98.07%: the count right before the rate, of the one before that."""
    if len(before) < 2 or before[-1].count.index != entry.count.index - 1 or stem not in before[-1].count.clause:
        return None
    whole, part = before[-2].count, before[-1].count
    fits = whole.unit == part.unit and whole.value >= part.value > 0
    return Judged([(part.value, whole.value)], False) if fits else None


def _table_rates(subject: Subject) -> Iterator[tuple[Decimal, Decimal]]:
    processed = held(subject, "processed")
    for name in ("intake", "new"):
        whole = held(subject, name)
        if processed and whole and whole.number:
            yield Decimal(processed.number), Decimal(whole.number)


def _fits(entry: Statement, part: Decimal, whole: Decimal) -> str:
    """How the printed percentage stands to the computed one: right (rounded, or cut off), near or wrong."""
    if not whole:
        return "wrong"
    exact = part * 100 / whole
    step, printed = entry.count.step, entry.count.value
    rounded = (exact / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    cut = Decimal(int(exact / step)) * step
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
