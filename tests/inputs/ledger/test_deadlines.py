"""Due dates by the articles; each expected day was counted on a calendar by hand."""

from __future__ import annotations

import datetime

import chinese_calendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inputs.ledger.build import day, request_of
from nianbao.inputs.ledger import CaseState, Request, deadline, due_date
from nianbao.inputs.ledger.deadlines import last_known_day, workday_after, workdays_between, workdays_in


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2023-03-01", "2023-03-29"),  # no holiday within
        ("2023-09-20", "2023-10-24"),  # the eight days of October and two weekends worked instead
        ("2023-01-18", "2023-02-20"),  # spring festival; 28 and 29 January are worked
        ("2023-12-29", "2024-01-29"),  # over the new year
    ],
)
def test_an_answer_is_due_on_the_twentieth_working_day_after_receipt(received: str, due: str) -> None:
    assert due_date(request_of(received=received)) == day(due)


def test_an_extension_gives_twenty_working_days_more() -> None:
    assert due_date(request_of(extended="2023-03-20")) == day("2023-04-26")  # Sunday, 23 April is worked


def test_the_period_starts_anew_when_the_corrected_request_comes() -> None:
    mended = request_of(correction_asked="2023-03-06", correction_received="2023-03-15")
    assert due_date(mended) == due_date(request_of(received="2023-03-15"))


def test_time_with_a_third_party_does_not_count_but_for_fifteen_working_days_at_most() -> None:
    prompt = request_of(third_party_asked="2023-03-06", third_party_answered="2023-03-13")
    assert due_date(prompt) == day("2023-04-06")  # five working days more; 5 April is a holiday
    never = request_of(third_party_asked="2023-03-06")
    slow = request_of(third_party_asked="2023-03-06", third_party_answered="2023-05-30")
    assert due_date(never) == due_date(slow) == workday_after(day("2023-03-29"), 15)


def test_days_that_wait_for_two_are_counted_once() -> None:
    both = request_of(
        third_party_asked="2023-03-06",
        third_party_answered="2023-03-13",
        joint_asked="2023-03-08",
        joint_answered="2023-03-15",
    )
    assert due_date(both) == workday_after(day("2023-03-29"), 7)


def test_a_year_that_is_not_announced_is_never_guessed() -> None:
    edge = last_known_day() - datetime.timedelta(days=3)
    found = deadline(request_of(received=edge.isoformat()), edge)
    assert found.due is None
    assert found.unknown
    assert found.state is CaseState.OPEN


def test_states_on_a_day() -> None:
    open_one = request_of()
    assert deadline(open_one, day("2023-03-28")).days_left == 1
    assert deadline(open_one, day("2023-03-29")).days_left == 0
    late = deadline(open_one, day("2023-03-31"))
    assert (late.state, late.late_by) == (CaseState.OVERDUE, 2)
    waiting = request_of(correction_asked="2023-03-06")
    assert deadline(waiting, day("2023-06-01")).state is CaseState.WAITING_CORRECTION
    answered = deadline(request_of(answered="2023-04-01", result="予以公开"), day("2023-12-31"))
    assert (answered.state, answered.late_by) == (CaseState.ANSWERED, 2)
    assert deadline(request_of(answered="2023-03-29", result="予以公开"), day("2023-12-31")).late_by == 0


def test_an_answer_on_a_free_day_after_the_last_one_is_late() -> None:
    saturday = request_of(received="2023-03-03", answered="2023-04-01", result="予以公开")
    assert due_date(saturday) == day("2023-03-31")
    assert deadline(saturday, day("2023-12-31")).late_by == 1


def test_a_request_given_up_by_its_applicant_is_not_late() -> None:
    given_up = request_of(correction_asked="2023-03-06", answered="2023-06-01", result="逾期不补正")
    assert deadline(given_up, day("2023-12-31")).late_by == 0


def test_lateness_is_doubtful_where_the_day_of_payment_is_not_recorded() -> None:
    unclear = request_of(fee_notice="2023-03-20", answered="2023-04-20", result="予以公开")
    assert deadline(unclear, day("2023-12-31")).doubtful


def test_spans_are_counted_by_working_days() -> None:
    first, last = day("2023-03-06"), day("2023-03-12")
    assert workdays_in([(first, last), (first, last)]) == 5
    assert workdays_between(last, first) == -4


def _walked(request: Request) -> datetime.date:
    """The due date by walking from day to day, as a person would with a calendar."""

    def later(start: datetime.date, count: int) -> datetime.date:
        while count:
            start += datetime.timedelta(days=1)
            count -= chinese_calendar.is_workday(start)
        return start

    stops = []
    for asked, came in (
        (request.third_party_asked, request.third_party_answered),
        (request.joint_asked, request.joint_answered),
    ):
        if asked:
            limit = later(asked, 15)
            stops.append((asked, min(limit, came) if came else limit))

    def reached(count: int) -> datetime.date:
        day = max(each for each in (request.received, request.correction_received, request.fee_paid) if each)
        while count:
            day += datetime.timedelta(days=1)
            waits = any(first < day <= last for first, last in stops)
            count -= chinese_calendar.is_workday(day) and not waits
        return day

    first = reached(20)
    return reached(40) if request.extended and request.extended <= first else first


_later = st.none() | st.integers(0, 45)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(datetime.date(2020, 6, 1), datetime.date(2024, 6, 30)), st.tuples(*[_later] * 7))
def test_due_dates_are_those_of_a_walk_from_day_to_day(received: datetime.date, after: tuple[int | None, ...]) -> None:
    days = [None if each is None else received + datetime.timedelta(days=each) for each in after]
    extended, mended, paid, third, third_came, joint, joint_came = days
    one = Request(
        "S1",
        "ledger.csv:2",
        received,
        "natural_person",
        correction_asked=received if mended else None,
        correction_received=mended,
        fee_notice=received if paid else None,
        fee_paid=paid,
        third_party_asked=third,
        third_party_answered=max(third, third_came) if third and third_came else None,
        joint_asked=joint,
        joint_answered=max(joint, joint_came) if joint and joint_came else None,
        extended=extended,
    )
    assert due_date(one) == _walked(one)
