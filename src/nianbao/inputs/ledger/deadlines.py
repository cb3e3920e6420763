"""When a request must be answered, and what was late or out of order.

May import: the other modules of this package. Source: 政府信息公开条例 (国务院令第711号), articles 30 to 34; fees:
政府信息公开信息处理费管理办法 (国办函〔2020〕109号), by which the period starts anew when a fee is paid.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from nianbao.inputs.ledger.requests import Request
from nianbao.inputs.ledger.workdays import workday_after, workdays_between, workdays_in

ANSWER_WITHIN = 20  # working days, article 33
EXTENSION = 20  # working days more, article 33
CORRECTION_WITHIN = 7  # working days to ask for a correction, article 30
OPINION_WITHIN = 15  # working days for a third party (article 32) and for joint organs (article 34)
_DAY = datetime.timedelta(days=1)


class CaseState(StrEnum):
    """How far a request is on a day."""

    ANSWERED = "answered"
    OPEN = "open"
    OVERDUE = "overdue"
    WAITING_CORRECTION = "waiting_for_correction"
    WAITING_THIRD_PARTY = "waiting_for_third_party"
    WAITING_JOINT = "waiting_for_joint_organ"
    WAITING_FEE = "waiting_for_fee"

    @property
    def chinese(self) -> str:
        """The state as clerks call it."""
        return _STATES[self]


_STATES = {
    CaseState.ANSWERED: "已答复",
    CaseState.OPEN: "待答复",
    CaseState.OVERDUE: "已逾期",
    CaseState.WAITING_CORRECTION: "待补正",
    CaseState.WAITING_THIRD_PARTY: "待第三方意见",
    CaseState.WAITING_JOINT: "待会同机关意见",
    CaseState.WAITING_FEE: "待缴费",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What the articles make of one request on a day.

    ``due`` is None while a correction or a fee is waited for, or where the year's holidays are not announced yet
    (``unknown``). ``days_left`` and ``late_by`` count working days. ``doubtful`` says why lateness is not certain.
    """

    due: datetime.date | None
    state: CaseState
    days_left: int | None = None
    late_by: int = 0
    unknown: bool = False
    doubtful: str = ""


def period_start(request: Request) -> datetime.date:
    """The day after which the period runs: of receipt, of the corrected request, or of the payment of the fee."""
    return max(day for day in (request.received, request.correction_received, request.fee_paid) if day is not None)


def _waits(request: Request) -> list[tuple[datetime.date, datetime.date]] | None:
    """The spans that do not count: from the day after others were asked to their answer, 15 working days at most."""
    spans = []
    asked_of = (
        (request.third_party_asked, request.third_party_answered),
        (request.joint_asked, request.joint_answered),
    )
    for asked, answered in asked_of:
        if asked is None or (answered is not None and answered <= asked):
            continue
        limit = workday_after(asked, OPINION_WITHIN)
        if limit is None:
            return None
        end = min(limit, answered) if answered is not None else limit
        if request.answered is not None and answered is None:
            end = min(end, request.answered)
        spans.append((max(asked, period_start(request)) + _DAY, end))
    return [span for span in spans if span[0] <= span[1]]


def due_date(request: Request, *, extended: bool = True) -> datetime.date | None:
    """The last day for the answer; None where the calendar does not reach.

    20 working days from the day after the start, 20 more where ``extended`` and the request is; time with third
    parties and joint organs does not count: 15 working days at most, and as many while no answer has come.
    """
    spans = _waits(request)
    if spans is None or (waited := workdays_in(spans)) is None:
        return None
    more = EXTENSION if extended and request.extended is not None else 0
    return workday_after(period_start(request), ANSWER_WITHIN + more + waited)


def deadline(request: Request, as_of: datetime.date) -> Deadline:
    """The deadline of one request as it stands at the end of ``as_of``."""
    answered = request.answered if request.answered is not None and request.answered <= as_of else None
    waiting = _waiting_for(request, as_of) if answered is None else None
    if waiting in {CaseState.WAITING_CORRECTION, CaseState.WAITING_FEE}:
        return Deadline(None, waiting)
    if answered is not None and _no_period_ended(request):
        return Deadline(None, CaseState.ANSWERED)
    due = due_date(request)
    end = answered or as_of
    left = None if due is None else workdays_between(end, due)
    if due is None or left is None:
        return Deadline(due, CaseState.ANSWERED if answered else waiting or CaseState.OPEN, unknown=True)
    # An answer on the Saturday after is late, though no working day has passed.
    late_by = max(-left, 1) if end > due else 0
    if answered is not None:
        return Deadline(due, CaseState.ANSWERED, None, late_by, doubtful=_doubt(request) if late_by else "")
    state = CaseState.OVERDUE if late_by else waiting or CaseState.OPEN
    return Deadline(due, state, left if not late_by else None, late_by)


def _waiting_for(request: Request, as_of: datetime.date) -> CaseState | None:
    def waits(asked: datetime.date | None, came: datetime.date | None) -> bool:
        return asked is not None and asked <= as_of and (came is None or came > as_of)

    if waits(request.correction_asked, request.correction_received):
        return CaseState.WAITING_CORRECTION
    if waits(request.fee_notice, request.fee_paid):
        return CaseState.WAITING_FEE
    for asked, came, state in (
        (request.third_party_asked, request.third_party_answered, CaseState.WAITING_THIRD_PARTY),
        (request.joint_asked, request.joint_answered, CaseState.WAITING_JOINT),
    ):
        limit = None if asked is None else workday_after(asked, OPINION_WITHIN)
        if waits(asked, came) and (limit is None or as_of <= limit):
            return state
    return None


def _no_period_ended(request: Request) -> bool:
    """Whether the request ended because its applicant did not mend it or did not pay: no answer was due."""
    never_mended = request.correction_asked is not None and request.correction_received is None
    never_paid = request.fee_notice is not None and request.fee_paid is None
    gave_up = request.result in {"other_not_corrected", "other_fee_unpaid", "other", "unavailable_still_unclear"}
    return gave_up and (never_mended or never_paid)


def _doubt(request: Request) -> str:
    if request.correction_asked is not None and request.correction_received is None:
        return "correction asked, the day it came is not recorded"
    if request.fee_notice is not None and request.fee_paid is None:
        return "fee notice given, the day of payment is not recorded"
    return ""
