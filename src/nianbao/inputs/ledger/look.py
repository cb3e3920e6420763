"""The register on a day: its cases with deadline and fee, tables 3 and 4 counted from it, what narratives may state."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median

from nianbao.form import CellRef, Edition, RowRole, row_name
from nianbao.form.cells import Number
from nianbao.inputs.ledger.deadlines import CaseState, Deadline, deadline, workdays_between
from nianbao.inputs.ledger.fees import charged_in, fees_due
from nianbao.inputs.ledger.requests import BY_CODE, CHANNELS, Request, RequestLedger

DUE_SOON = 5  # working days: what is due this week


Cases = Mapping[CellRef, tuple[str, ...]]


@dataclass(frozen=True)
class LedgerTables:
    """The cases behind each cell of tables 3 and 4 on a day; a cell's value is how many there are."""

    year: int
    as_of: datetime.date
    cases: Cases

    def __repr__(self) -> str:
        return f"LedgerTables({self.year}, as of {self.as_of})"

    def value(self, ref: CellRef) -> int:
        """The count of a cell; KeyError for a cell that the register says nothing of (table 2)."""
        return len(self.cases[ref])

    def ids(self, table: str, row: str) -> tuple[str, ...]:
        """The cases of one row, that is of its total, by its codes."""
        return self.cases[CellRef(table, row, "total")]

    def table(self, code: str) -> dict[str, dict[str, int]]:
        """One table as row -> column -> count, in the form's order."""
        rows: dict[str, dict[str, int]] = {}
        for ref, ids in self.cases.items():
            if ref.table == code:
                rows.setdefault(ref.row, {})[ref.column] = len(ids)
        return rows


def count_tables(requests: Iterable[Request], edition: Edition, year: int, as_of: datetime.date) -> LedgerTables:
    """Count both tables for ``year`` as they stand at the end of ``as_of`` (31 December at the latest).

    Taken in: received in the year, or before it and not answered before 1 January. Each request has one result, in the
    row of its code. Carried over: not answered by the end. A review or suit belongs to the year in which it was
    filed; one that has no outcome yet is pending in that year and in those after it.
    """
    first, last = datetime.date(year, 1, 1), min(as_of, datetime.date(year, 12, 31))
    found: dict[CellRef, list[str]] = {ref: [] for ref in edition.cells if ref.table in {"applications", "review"}}
    rows = edition.table("applications").rows
    new, carried_in = [code for code, row in rows.items() if row.role is RowRole.INTAKE]
    (processed,) = [code for code, row in rows.items() if row.role is RowRole.SUM]
    (carried_out,) = [code for code, row in rows.items() if row.role is RowRole.CARRIED]

    def count(table: str, row: str, column: str, request: Request) -> None:
        for each in (column, "total"):
            found[CellRef(table, row, each)].append(request.id)

    for request in requests:
        for filed, row, outcome in (
            (request.reconsidered, "reconsideration", request.reconsideration_outcome),
            (request.sued, request.suit_kind, request.suit_outcome),
        ):
            if filed is not None and row and filed <= last and (filed >= first or not outcome or outcome == "pending"):
                count("review", row, outcome or "pending", request)
        if request.received > last or (request.answered is not None and request.answered < first):
            continue
        kind = request.applicant_kind
        count("applications", new if request.received >= first else carried_in, kind, request)
        if request.open_on(last) or request.result not in rows:  # without its result it is not dealt with
            count("applications", carried_out, kind, request)
        else:
            count("applications", request.result, kind, request)
            count("applications", processed, kind, request)
    return LedgerTables(year, last, {ref: tuple(ids) for ref, ids in found.items()})


@dataclass(frozen=True, slots=True)
class Case:
    """One request on the day: the line, its deadline, and what may be charged for it in yuan (None: not known)."""

    request: Request
    deadline: Deadline
    fee_due: Decimal | None

    @property
    def days(self) -> int | None:
        """The working days from receipt to answer; None where it is open, or a year is not announced."""
        request = self.request
        return None if request.answered is None else workdays_between(request.received, request.answered)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that narratives may state as ``ledger.KEY``: its Chinese label and unit, and the cases behind it.

    ``number`` is None where it cannot be told (``why``, in Chinese and English).
    """

    key: str
    label: str
    number: Number | None
    unit: str
    ids: tuple[str, ...]
    why: tuple[str, str] = ("", "")

    @property
    def printed(self) -> str:
        """As texts print it: shares in percent with two decimals at most, other numbers without trailing zeros."""
        if self.number is None:
            return ""
        text = f"{self.number:f}" if isinstance(self.number, Decimal) else str(self.number)
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}%" if self.unit == "%" else text


@dataclass(frozen=True)
class LedgerLook:
    """The register of one report year at the end of ``as_of``; ``cases`` are those of the year, in the file's order."""

    ledger: RequestLedger
    edition: Edition
    year: int
    as_of: datetime.date
    cases: tuple[Case, ...]
    tables: LedgerTables

    def __repr__(self) -> str:
        return f"LedgerLook({self.year}, as of {self.as_of}, {len(self.cases)} cases)"

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Counts, sums in yuan and medians in working days, by their keys (received, by_month.m3, …).

        ``on_time_rate`` is of the requests that were answered in the year.
        """
        found = [*_counts(self), *_rates(self), *_fees(self), *_divided(self)]
        return {measure.key: measure for measure in found}

    def waiting(self) -> list[Case]:
        """The open cases, those first that are late or due first; those that wait for others at the end."""
        open_ones = [case for case in self.cases if case.deadline.state is not CaseState.ANSWERED]
        return sorted(open_ones, key=lambda case: (case.deadline.due or datetime.date.max, case.request.id))

    def ended(self) -> list[Case]:
        """The cases that were answered by the end of the day, or of the year."""
        return [case for case in self.cases if not case.request.open_on(self.tables.as_of)]


def look_at(ledger: RequestLedger, edition: Edition, year: int, as_of: datetime.date) -> LedgerLook:
    """The register as it stands for the report of ``year`` at the end of ``as_of``.

    Cases of the year: received by then, and not answered before 1 January.
    """
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    due = fees_due(ledger.requests)
    cases = tuple(
        Case(request, deadline(request, as_of), due.get(request.id))
        for request in ledger.requests
        if request.received <= min(as_of, last) and (request.answered is None or request.answered >= first)
    )
    return LedgerLook(ledger, edition, year, as_of, cases, count_tables(ledger.requests, edition, year, as_of))


def _measure(key: str, label: str, cases: Iterable[Case]) -> Measure:
    ids = tuple(case.request.id for case in cases)
    return Measure(key, label, len(ids), "件", ids)


def _counts(look: LedgerLook) -> Iterator[Measure]:
    cases, ended = look.cases, look.ended()
    answered = {case.request.id for case in ended}
    known = [case for case in cases if not case.deadline.doubtful]
    yield _measure("received", "新收", (case for case in cases if case.request.received.year == look.year))
    yield _measure("carried_in", "上年结转", (case for case in cases if case.request.received.year < look.year))
    yield _measure("answered", "已答复", ended)
    yield _measure("open", "在办", (case for case in cases if case.request.id not in answered))
    yield _measure("late", "逾期", (case for case in known if case.deadline.late_by))
    for key, label, name in (
        ("extended", "延期答复", "extended"),
        ("corrections", "告知补正", "correction_asked"),
        ("third_party", "征求第三方意见", "third_party_asked"),
        ("joint", "征求会同机关意见", "joint_asked"),
        ("fee_notices", "发出收费通知", "fee_notice"),
        ("reconsidered", "被申请行政复议", "reconsidered"),
        ("sued", "被提起行政诉讼", "sued"),
    ):
        if name in look.ledger.columns:
            yield _measure(key, label, (case for case in cases if getattr(case.request, name) is not None))
        else:
            yield Measure(key, label, None, "件", (), _no_column(name))


def _no_column(code: str) -> tuple[str, str]:
    return f"台账没有“{BY_CODE[code].head}”一列", f"the register has no column {code}"


def _rates(look: LedgerLook) -> Iterator[Measure]:
    ended = look.ended()
    ids = tuple(case.request.id for case in ended)
    on_time = [case for case in ended if not case.deadline.late_by]
    unclear = [case.request.id for case in ended if case.deadline.unknown or case.deadline.doubtful]
    why = ("没有已答复的申请", "nothing was answered") if not ended else ("", "")
    if unclear:
        named = "、".join(unclear[:5])
        why = (
            f"{len(unclear)}件申请的期限不能确定（{named}）",
            f"the deadlines of {len(unclear)} requests are unclear",
        )
    yield Measure(
        "on_time", "按期答复", None if unclear else len(on_time), "件", tuple(c.request.id for c in on_time), why
    )
    rate = None if unclear or not ended else _hundredths(Decimal(100 * len(on_time)) / len(ended))
    yield Measure("on_time_rate", "按期答复率", rate, "%", ids, why)
    extended = [case for case in look.cases if case.request.extended is not None]
    there = "extended" in look.ledger.columns
    share = _hundredths(Decimal(100 * len(extended)) / len(look.cases)) if look.cases and there else None
    none = ("没有申请", "there are no requests") if there else _no_column("extended")
    yield Measure("extended_rate", "延期率", share, "%", tuple(case.request.id for case in look.cases), none)
    days = sorted(case.days for case in ended if case.days is not None)
    reach = ("已答复申请的工作日不能计算", "no working days of answered requests are known")
    half = Decimal(str(median(days))) if days else None
    yield Measure("median_days", "答复用时中位数", half, "个工作日", ids, reach)
    yield Measure("longest_days", "答复最长用时", days[-1] if days else None, "个工作日", ids, reach)


def _fees(look: LedgerLook) -> Iterator[Measure]:
    if "fee" not in look.ledger.columns:
        yield Measure("fees", "信息处理费", None, "元", (), _no_column("fee"))
        yield Measure("fee_cases", "收取信息处理费的申请", None, "件", (), _no_column("fee"))
        return
    charged = charged_in(look.ledger.requests, look.year)
    ids = tuple(request.id for request, _ in charged)
    yield Measure("fees", "信息处理费", sum((fee for _, fee in charged), Decimal(0)), "元", ids)
    yield Measure("fee_cases", "收取信息处理费的申请", len(ids), "件", ids)


def _divided(look: LedgerLook) -> Iterator[Measure]:
    """The requests received in the year by channel, month and applicant; those answered by result."""
    received = [case for case in look.cases if case.request.received.year == look.year]
    for code, label in CHANNELS.items() if "channel" in look.ledger.columns else ():
        cases = [case for case in received if (case.request.channel or "other") == code]
        yield _measure(f"by_channel.{code}", f"{label}提交的申请", cases)
    for month in range(1, 13):
        cases = [case for case in received if case.request.received.month == month]
        yield _measure(f"by_month.m{month}", f"{month}月新收", cases)
    table = look.edition.table("applications")
    for result, row in table.rows.items():
        if row.role is RowRole.RESULT:
            ids = look.tables.ids("applications", result)
            yield Measure(f"by_result.{result}", row_name(row), len(ids), "件", ids)


def _hundredths(share: Decimal) -> Decimal:
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def ids_shown(ids: Sequence[str], most: int = 500) -> str:
    """The ids in one line; beyond ``most`` only how many there are, for a cell holds 32,767 characters."""
    shown = "、".join(ids[:most])
    return shown if len(ids) <= most else f"{shown}等{len(ids)}件"
