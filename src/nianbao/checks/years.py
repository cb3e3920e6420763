"""Owns the rules across years that are no balances: pending cases, and jumps.

May import: form, model, checks.ledger, checks.labels, checks.subject.
"""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.checks.labels import TABLE_NAMES, cell_name, row_name
from nianbao.checks.ledger import NOWHERE, Facts, Ledger, Place, place_of
from nianbao.checks.subject import Subject
from nianbao.form import CellRef, Edition
from nianbao.model import FindingState, ReportKey

_FOLD = 5
# Below this, a fivefold move says nothing (2 lawsuits after 0).
_SMALLEST_OF_NOTE = 10


def set_aside(key: ReportKey, rule: str, ledger: Ledger, why: tuple[str, str] | None = None) -> None:
    """Say once that a rule across years cannot be assessed: last year is not there, or ``why``."""
    year = key.year - 1
    zh, en = why or (f"没有{year}年的数据", f"there are no inputs for {year}")
    words = (f"无法与上年核对：{zh}", f"cannot be compared with last year: {en}")
    ledger.add(rule, key, FindingState.NOT_ASSESSABLE, words, Facts(_TABLE_OF.get(rule, NOWHERE)))


_TABLE_OF: dict[str, Place] = {
    "T3-CARRY": ("applications", None, None),
    "T2-STOCK": ("proactive", None, None),
    "T4-PENDING": ("review", None, None),
}


def check_years(subject: Subject, ledger: Ledger) -> None:
    """Last year's pending cases against this year's; large moves of the main counts; figures all as last year."""
    check_direct_suits(subject, ledger)
    if subject.previous is None:
        set_aside(subject.key, "T4-PENDING", ledger)
        set_aside(subject.key, "JUMP", ledger)
        set_aside(subject.key, "YEARS-SAME", ledger)
        return
    _check_pending(subject, ledger)
    _check_same(subject, ledger)
    for ref in _main_cells(subject.report.edition):
        if ref in subject.previous.edition.cells:
            _check_jump(subject, ref, ledger)


def _check_pending(subject: Subject, ledger: Ledger) -> None:
    """A case pending last year is decided this year or pending still, so this year's total cannot be less."""
    table = subject.report.edition.table("review")
    for row in table.rows:
        last = subject.evidence(CellRef(table.code, row, "pending"), last=True)
        now = subject.evidence(CellRef(table.code, row, "total"))
        if last.value.number is None or now.value.number is None:
            continue
        facts = Facts((table.code, row, "total"), last.value.number, now.value.number, (now, last), source=now.source)
        if now.value.number >= last.value.number:
            ledger.passed("T4-PENDING", subject.key, 1, facts)
            continue
        name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
        words = (
            f"{name}：上年尚未审结{last.value.printed}件，本年各结果与尚未审结合计只有{now.value.printed}件",
            f"{table.code}.{row}: {last.value.printed} pending last year, only {now.value.printed} in all this year",
        )
        ledger.breach("T4-PENDING", subject.key, words, facts)


def _main_cells(edition: Edition) -> Iterator[CellRef]:
    """The counts worth comparing: all of table 2, the main rows' totals of table 3, the totals of table 4."""
    for ref in edition.cells:
        row = edition.table(ref.table).rows[ref.row]
        if ref.table == "proactive" or (ref.column == "total" and len(row.groups) < 2):
            yield ref


def _check_jump(subject: Subject, ref: CellRef, ledger: Ledger) -> None:
    now, last = subject.evidence(ref), subject.evidence(ref, last=True)
    if now.value.number is None or last.value.number is None or min(now.value.number, last.value.number) < 0:
        return
    low, high = sorted((now.value.number, last.value.number))
    facts = Facts(place_of(ref), last.value.number, now.value.number, (now, last), source=now.source)
    if high < _SMALLEST_OF_NOTE or high <= _FOLD * low:
        ledger.passed("JUMP", subject.key, 1, facts)
        return
    name = cell_name(subject.report.edition, ref)
    words = (
        f"{name}：上年{last.value.printed}，本年{now.value.printed}，变动超过五倍，请核实",
        f"{ref}: {last.value.printed} last year, {now.value.printed} this year",
    )
    ledger.breach("JUMP", subject.key, words, facts)


# With fewer figures than this that are not zero, the same figures again say nothing.
_FEWEST = 8
_SAME = 0.9


def _check_same(subject: Subject, ledger: Ledger) -> None:
    """YEARS-SAME: nine tenths of the figures that are not zero are last year's."""
    if subject.previous is None or subject.previous.edition is not subject.report.edition:
        return
    pairs = [
        (subject.report.value(ref).number, subject.previous.value(ref).number) for ref in subject.report.edition.cells
    ]
    counted = [(now, last) for now, last in pairs if now is not None and last is not None and (now or last)]
    same = sum(now == last for now, last in counted)
    if len(counted) < _FEWEST or same < _SAME * len(counted):
        ledger.passed("YEARS-SAME", subject.key)
        return
    words = (
        f"不为0的{len(counted)}个数据中有{same}个与上年完全相同，请核实",
        f"{same} of {len(counted)} figures that are not zero are last year's",
    )
    ledger.breach("YEARS-SAME", subject.key, words, Facts(expected=len(counted), actual=same))


# 行政复议法 as revised in 2023 came into force with this year.
_REVIEW_FIRST = 2024


def check_direct_suits(subject: Subject, ledger: Ledger) -> None:
    """T4-DIRECT: a lawsuit on disclosure without review before it, since review must come first."""
    suit = subject.evidence(CellRef("review", "litigation_direct", "total"))
    if subject.key.year < _REVIEW_FIRST or not suit.value.number:
        ledger.passed("T4-DIRECT", subject.key)
        return
    words = (
        f"未经复议直接起诉{suit.value.printed}件：2024年起政府信息公开争议一般应先申请复议，请核实",
        f"{suit.value.printed} direct lawsuits, where review comes first since 2024",
    )
    facts = Facts(("review", "litigation_direct", "total"), 0, suit.value.number, (suit,), source=suit.source)
    ledger.breach("T4-DIRECT", subject.key, words, facts)
