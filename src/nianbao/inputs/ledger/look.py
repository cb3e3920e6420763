"""The register on a day: every case with its deadline and fee, the tables, and the counts that narratives may state.

May import: form, the other modules of this package.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from nianbao.form import Edition
from nianbao.inputs.ledger.deadlines import CaseState, Deadline, deadline
from nianbao.inputs.ledger.fees import charged_in, fees_due
from nianbao.inputs.ledger.requests import Request, RequestLedger
from nianbao.inputs.ledger.tables import LedgerTables, count_tables
from nianbao.inputs.ledger.workdays import workdays_between

DUE_SOON = 5  # working days: what is due this week


@dataclass(frozen=True, slots=True)
class Case:
    """One request on the day: the line, its deadline, and what may be charged for it in yuan (None: not known)."""

    request: Request
    deadline: Deadline
    fee_due: Decimal | None


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
    def counts(self) -> Mapping[str, int | Decimal]:
        """What ``{{ ledger.… }}`` may state in a narrative: counts, sums in yuan, medians in working days.

        ``on_time_rate`` is a share (0 to 1) of the requests that were answered in the year; there is none where nothing
        was answered or a deadline is not known.
        """
        taken = [case.request for case in self.cases]
        ended = [case for case in self.cases if not case.request.open_on(self.tables.as_of)]
        counts: dict[str, int | Decimal] = {
            "received": sum(one.received.year == self.year for one in taken),
            "carried_in": sum(one.received.year < self.year for one in taken),
            "answered": len(ended),
            "open": len(self.cases) - len(ended),
            "late": sum(case.deadline.late_by > 0 for case in self.cases),
            "extended": sum(one.extended is not None for one in taken),
            "corrections": sum(one.correction_asked is not None for one in taken),
            "third_party": sum(one.third_party_asked is not None for one in taken),
            "joint": sum(one.joint_asked is not None for one in taken),
            "fees": charged_in(taken, self.year),
            "fee_cases": sum(bool(one.fee) for one in taken),
        }
        on_time = sum(case.deadline.late_by == 0 for case in ended)
        if ended and not any(case.deadline.unknown for case in ended):
            counts["on_time"] = on_time
            counts["on_time_rate"] = Decimal(on_time) / len(ended)
        spans = [
            workdays_between(case.request.received, case.request.answered) for case in ended if case.request.answered
        ]
        if spans and None not in spans:
            counts["median_days"] = Decimal(str(median(span for span in spans if span is not None)))
        return counts

    @cached_property
    def by_channel(self) -> Mapping[str, int]:
        """The requests received in the year by channel, as the register writes it; the most frequent first."""
        return dict(Counter(one.channel or "未填" for one in self._received()).most_common())

    @cached_property
    def by_month(self) -> Mapping[int, int]:
        """The requests received in the year by month, all twelve of them."""
        months = Counter(one.received.month for one in self._received())
        return {month: months[month] for month in range(1, 13)}

    def waiting(self) -> list[Case]:
        """The open cases, those first that are late or due first; those that wait for others at the end."""
        open_ones = [case for case in self.cases if case.deadline.state is not CaseState.ANSWERED]
        return sorted(open_ones, key=lambda case: (case.deadline.due or datetime.date.max, case.request.id))

    def _received(self) -> list[Request]:
        return [case.request for case in self.cases if case.request.received.year == self.year]


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
