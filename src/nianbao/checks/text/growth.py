"""Recompute rates of growth: from the counts of a sentence, and from this year's and last year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import MONEY, rises, signed
from nianbao.checks.text.differences import bases, other_kind, whole_of
from nianbao.checks.text.quantities import held
from nianbao.checks.text.shares import Judged
from nianbao.checks.text.statements import Relation, State, Statement
from nianbao.checks.text.table_two import in_wan

GROWTH = re.compile(
    r"(?:增长率?|增幅|涨幅|下降|降幅|减幅|上升|升幅|增加|减少|提高|降低|上涨|下滑|缩减|同比增|同比减|增|降)(?:了|为|达|达到|约|至|近|幅度为|，|率|比例为)*$"
)


# 行政处罚8.8万余件，行政强制1402件，前者下降2.0%，后者上升7.8%.
_OF_TWO = re.compile("前者|后者")


def growth(subject: Subject, state: State, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """N件，较上年增加M件，增长P%; 比上年80件增长P%; and against last year's report where N states a cell."""
    match = GROWTH.search(entry.count.clause) or (
        GROWTH.search(entry.count.lead) if len(entry.count.clause) < 2 else None
    )
    told_in_turn = entry.in_turn and entry.relation is Relation.DIFFERENCE
    if match is None and not told_in_turn:
        return None
    up = vocab.RISES.search(match[0]) is not None if match else bool(rises(entry.count))
    if which := _OF_TWO.search(entry.count.clause):
        plain = [one for one in state.statements[: entry.count.index] if one.relation is Relation.PLAIN]
        plain = [one for one in plain if one.count.counted][-2:]
        before = plain[:1] if which[0] == "前者" else plain[1:]
    if judged := _by_reports(subject, state, entry, before, rises=up):
        return judged
    if not before or vocab.BEYOND.search(entry.count.clause):
        return None
    unit = before[-1].count.unit
    now, base = bases(before, entry.count, unit)
    changed = before[-1]
    now = whole_of(state, now, changed if changed.relation is Relation.DIFFERENCE else entry) or now
    changes = [other for other in before if other.relation is Relation.DIFFERENCE and other.count.unit == unit]
    of_all = changes and re.search(
        "合计|总计|共计", changes[-1].count.clause
    )  # 由12件增至18件，由8件增至14件，合计增加12件
    if now and changes and (of_all or other_kind(changes[-1].count, now.count)):
        return None
    pairs: list[tuple[Decimal, Decimal]] = []
    if now is None:
        return _growth_from(subject, base, changes[-1] if changes else None, rises=up)
    if base is not None and base.count.value:
        pairs.append((now.count.value - base.count.value, base.count.value))
        # 许可140件、处罚2件，许可比上年的133件多出7件，增长5.26%: the count before the base is of another matter.
        told = [change.count for change in changes[-1:] if change.count.start > base.count.start]
        pairs += [(signed(change), base.count.value) for change in told]
    if changes and base is None and changes[-1].count.start > now.count.start:
        by = signed(changes[-1].count)
        earlier = now.count.value - by
        pairs += [(by, earlier)] if earlier > 0 else []
    this_year = [other for other in before if other.relation is Relation.PLAIN and other.count.unit == unit]
    certain = bool(pairs) and len(this_year) == 1  # 许可4521件、处罚1309件，处罚减少91件，降幅6.5%: of which one?
    if not pairs:
        stated = in_wan(now.count)[0] if unit in MONEY else now.count.value
        pairs = [(this - last, last) for this, last in _both_years(subject, now) if this == stated]
    # A fall is printed without its sign.
    return (
        Judged([(part if up else -part, whole) for part, whole in pairs], certain and len(pairs) == 1)
        if pairs
        else None
    )


def _by_reports(
    subject: Subject, state: State, entry: Statement, before: Sequence[Statement], *, rises: bool
) -> Judged | None:
    """The growth of what the words name, whose counts of both years the reports hold; None where they name nothing."""
    in_turn = entry.in_turn and entry.relation is Relation.DIFFERENCE
    if not in_turn and before and (both := _of_changes(subject, state, before[-1], entry)):
        return Judged(both, False)
    # 许可140件，处罚2件，许可同比增长5.3%: of the one that it names, not of the nearest
    plain = [one for one in before if one.relation is Relation.PLAIN]
    named = [one for one in plain[:-1] if entry.reading and one.quantities[:1] == entry.quantities[:1]]
    if named and not in_turn:
        years = [pair for pair in _both_years(subject, named[-1]) if pair[0] == named[-1].count.value]
    elif in_turn or (entry.reading and not before):
        years = list(_both_years(subject, entry))  # 收到申请量较上年下降23.1%: neither count is said
    else:
        return None
    return Judged([(this - last if rises else last - this, last) for this, last in years], False)


def _of_changes(subject: Subject, state: State, changed: Statement, entry: Statement) -> list[tuple[Decimal, Decimal]]:
    """许可增加221件、增幅5.1%，处罚减少91件、降幅6.5%: by last year's report, of what the difference is of."""
    if changed.relation is not Relation.DIFFERENCE:
        return []
    told = [changed]
    if changed.in_turn:  # 分别增加632件、减少14件，增幅7.8%、降幅3.3%
        turn = [turn for turn in state.turns if changed.count in turn.counts]
        told = [state.statements[count.index] for one in turn for count in one.counts]
    both = [(one, pair) for one in told for pair in _both_years(subject, one, compared=True)]
    found = [(this - last, last) for one, (this, last) in both if abs(this - last) == one.count.value]
    up = vocab.RISES.search(entry.count.clause) is not None
    return [(change if up else -change, last) for change, last in found]


def _growth_from(subject: Subject, base: Statement | None, change: Statement | None, *, rises: bool) -> Judged | None:
    """较上年的20件增加5件，增长25%: this year's count is not said."""
    sign = 1 if rises else -1
    if change is None or base is None:
        known = base or change
        pairs = list(_both_years(subject, known)) if known and known.reading else []
        if base is not None:
            pairs = [(this, last) for this, last in pairs if last == base.count.value]
        return Judged([(sign * (this - last), last) for this, last in pairs], False) if known else None
    if not base.count.value:
        return None
    return Judged([(sign * signed(change.count), base.count.value)], True)


def _both_years(subject: Subject, entry: Statement, *, compared: bool = False) -> Iterator[tuple[Decimal, Decimal]]:
    """This year's and last year's value of what the statement is of, by the two reports.

    ``compared``: the count itself will be held against their difference.
    """
    if subject.previous is None or entry.reading is None or entry.reading.share:
        return
    if entry.reading.if_alike and entry.relation is not Relation.PLAIN and not compared:
        return
    for name in entry.quantities:
        this, last = held(subject, name), held(subject, name, last=True)
        if this and last and last.number:
            yield Decimal(this.number), Decimal(last.number)


def nearest(before: list[Statement], money: list[Statement]) -> list[Statement]:
    """What a rate of growth may be of: amounts of money where one stands nearest, else counts."""
    last = before[-1].count.index if before else -1
    return money if money and money[-1].count.index > last else before
