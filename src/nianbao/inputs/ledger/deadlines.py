"""When a request must be answered, by the working days of China, and how late it is.

Sources: 政府信息公开条例 (国务院令第711号), articles
30 to 34; 政府信息公开信息处理费管理办法 (国办函〔2020〕109号), by which the period starts anew when a fee is paid.
Working days come from the State Council's yearly notices on holidays: a year not announced is unknown, never guessed.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache

import chinese_calendar

from nianbao.inputs.ledger.requests import Request

ANSWER_WITHIN = 20  # working days, article 33
EXTENSION = 20  # working days more, article 33
CORRECTION_WITHIN = 7  # working days to ask for a correction, article 30
PAYMENT_WITHIN = 20  # working days from the day after the notice of a fee, 国办函〔2020〕109号
OPINION_WITHIN = 15  # working days for a third party (article 32) and for joint organs (article 34)
_FIRST_YEAR = 2004  # the first that the calendar knows
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
    ``asked`` is the day on which those were asked for whom the request waits, ``answer_by`` the last day for them.
    """

    due: datetime.date | None
    state: CaseState
    days_left: int | None = None
    late_by: int = 0
    unknown: bool = False
    doubtful: str = ""
    asked: datetime.date | None = None
    answer_by: datetime.date | None = None


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

    20 working days from the day after the start, and 20 more where ``extended`` and the applicant was told so within
    the first 20. Time with third parties and joint organs does not count: 15 working days at most, and as many while
    no answer has come.
    """
    start, found = period_start(request), _waits(request)
    if found is None:
        return None
    spans = tuple(found)
    due = _counted(start, ANSWER_WITHIN, spans)
    if due is None or not extended or request.extended is None or request.extended > due:
        return due
    return _counted(start, ANSWER_WITHIN + EXTENSION, spans)


@lru_cache(maxsize=100_000)
def _counted(
    start: datetime.date, count: int, spans: tuple[tuple[datetime.date, datetime.date], ...]
) -> datetime.date | None:
    """The ``count``-th working day after ``start`` that lies in none of the spans."""
    waited = 0
    while (due := workday_after(start, count + waited)) is not None:
        within = workdays_in([(first, min(last, due)) for first, last in spans if first <= due])
        if within is None or within == waited:
            return due if within is not None else None
        waited = within
    return None


def deadline(request: Request, as_of: datetime.date) -> Deadline:
    """The deadline of one request as it stands at the end of ``as_of``."""
    request = request.seen_on(as_of)
    if request.answered is not None:
        return _of_answered(request, request.answered)
    waits = _waiting_for(request, as_of)
    if waits is not None and waits.state in {CaseState.WAITING_CORRECTION, CaseState.WAITING_FEE}:
        return waits
    found = waits or Deadline(None, CaseState.OPEN)
    due = due_date(request)
    left = None if due is None else workdays_between(as_of, due)
    if due is None or left is None:
        return replace(found, due=due, unknown=True)
    if as_of > due:
        return Deadline(due, CaseState.OVERDUE, late_by=max(-left, 1))
    return replace(found, due=due, days_left=left)


def _of_answered(request: Request, answered: datetime.date) -> Deadline:
    if _no_period_ended(request):
        return Deadline(None, CaseState.ANSWERED)
    due = due_date(request)
    left = None if due is None else workdays_between(answered, due)
    if due is None or left is None:
        return Deadline(due, CaseState.ANSWERED, unknown=True)
    # An answer on the Saturday after is late, though no working day has passed.
    late_by = max(-left, 1) if answered > due else 0
    return Deadline(due, CaseState.ANSWERED, None, late_by, doubtful=_doubt(request) if late_by else "")


def _waiting_for(request: Request, as_of: datetime.date) -> Deadline | None:
    """For whom an open request waits at the end of ``as_of``, from what is known by then; None where for nobody."""
    if request.correction_asked and not request.correction_received:
        return Deadline(None, CaseState.WAITING_CORRECTION, asked=request.correction_asked)
    if request.fee_notice and not request.fee_paid:
        by = workday_after(request.fee_notice, PAYMENT_WITHIN)
        return Deadline(None, CaseState.WAITING_FEE, asked=request.fee_notice, answer_by=by)
    for asked, came, state in (
        (request.third_party_asked, request.third_party_answered, CaseState.WAITING_THIRD_PARTY),
        (request.joint_asked, request.joint_answered, CaseState.WAITING_JOINT),
    ):
        limit = None if asked is None else workday_after(asked, OPINION_WITHIN)
        if asked and not came and (limit is None or as_of <= limit):
            return Deadline(None, state, asked=asked, answer_by=limit)
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


@cache
def _workdays() -> tuple[datetime.date, ...]:
    """Every working day of all announced years, ascending."""
    off, instead = chinese_calendar.holidays, chinese_calendar.workdays  # weekdays off, weekend days worked
    first = datetime.date(_FIRST_YEAR, 1, 1)
    count = (datetime.date(max(off).year, 12, 31) - first).days + 1
    days = (first + number * _DAY for number in range(count))
    return tuple(day for day in days if day in instead or (day.weekday() < 5 and day not in off))


def last_known_day() -> datetime.date:
    """The last day of the last announced year."""
    return datetime.date(_workdays()[-1].year, 12, 31)


@lru_cache(maxsize=100_000)
def workday_after(start: datetime.date, count: int) -> datetime.date | None:
    """The ``count``-th working day after ``start``, which itself does not count; None where it is not known yet."""
    days = _workdays()
    place = bisect_right(days, start) + count - 1
    return days[place] if start >= days[0] and place < len(days) else None


@lru_cache(maxsize=100_000)
def workdays_between(start: datetime.date, end: datetime.date) -> int | None:
    """How many working days lie after ``start`` up to and with ``end``; negative where ``end`` comes first.

    None where one of the two lies in a year that has not been announced.
    """
    days = _workdays()
    if min(start, end) < days[0] or max(start, end) > last_known_day():
        return None
    return bisect_right(days, end) - bisect_right(days, start)


def workdays_in(spans: list[tuple[datetime.date, datetime.date]]) -> int | None:
    """How many working days lie in any of the spans (both ends included), each day counted once."""
    days = _workdays()
    counted, reached = 0, datetime.date.min
    for first, last in sorted(spans):
        begin = max(first, reached + _DAY) if reached > datetime.date.min else first
        if begin > last:
            continue
        if begin < days[0] or last > last_known_day():
            return None
        counted += bisect_right(days, last) - bisect_left(days, begin)
        reached = last
    return counted


def workdays_of(years: Iterable[int]) -> list[datetime.date]:
    """The working days of these years, ascending; of a year that has not been announced, none."""
    wanted = set(years)
    return [day for day in _workdays() if day.year in wanted]
