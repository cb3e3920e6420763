"""Due dates by the articles; each expected day was counted on a calendar by hand."""

from __future__ import annotations

import datetime

import pytest

from inputs.ledger.build import day, request_of
from nianbao.inputs.ledger import CaseState, deadline, due_date
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
