"""Tables from the register against a second count, and the balances that must hold whatever the register."""

from __future__ import annotations

import datetime
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inputs.ledger.build import day, ledger_of
from nianbao.form import CellRef, edition_for
from nianbao.form.declaration import Axis, RowRole
from nianbao.inputs.ledger import Request, count_tables

EDITION = edition_for(2023)
ROWS = EDITION.table("applications").rows
RESULTS = [code for code, row in ROWS.items() if row.role is RowRole.RESULT]
KINDS = [code for code in EDITION.table("applications").columns if code != "total"]

_days = st.dates(datetime.date(2022, 6, 1), datetime.date(2024, 3, 31))
_outcomes = st.sampled_from(["", "upheld", "corrected", "other", "pending"])


# A busy machine draws slowly; that says nothing of the counts.
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def _requests(draw: st.DrawFn) -> list[Request]:
    found = []
    for number in range(draw(st.integers(0, 25))):
        received, answered = draw(_days), draw(st.none() | _days)
        answered = None if answered is None else max(received, answered)
        found.append(
            Request(
                f"S{number}",
                f"ledger.csv:{number + 2}",
                received,
                draw(st.sampled_from(KINDS)),
                answered=answered,
                result=draw(st.sampled_from(RESULTS)) if answered else "",
                reconsidered=draw(st.none() | _days),
                reconsideration_outcome=draw(_outcomes),
                sued=draw(st.none() | _days),
                suit_kind=draw(st.sampled_from(["litigation_direct", "litigation_after_reconsideration"])),
                suit_outcome=draw(_outcomes),
            )
        )
    return found


@unhurried
@given(_requests())
def test_every_balance_of_one_year_holds(requests: list[Request]) -> None:
    counted = count_tables(requests, EDITION, 2023, day("2023-12-31"))
    for balance in EDITION.balances:
        if balance.across_years or balance.table == "proactive":
            continue
        for line in EDITION.lines(balance):
            left, right = (
                sum(term.sign * counted.value(balance.ref(term, line)) for term in terms)
                for terms in (balance.left, balance.right)
            )
            assert left == right, (balance.id, line, Axis(balance.axis))


@unhurried
@given(_requests())
def test_the_counts_are_those_of_a_second_count(requests: list[Request]) -> None:
    counted = count_tables(requests, EDITION, 2023, day("2023-12-31"))
    second: Counter[tuple[str, str]] = Counter()
    for one in requests:
        ended = one.answered is not None and one.answered.year <= 2023
        if one.received.year > 2023 or (one.answered is not None and one.answered.year < 2023):
            continue
        second["new" if one.received.year == 2023 else "carried_in", one.applicant_kind] += 1
        second[one.result if ended else "carried_out", one.applicant_kind] += 1
    for row in ROWS:
        for kind in KINDS:
            expected = second[row, kind]
            if row == "processed":
                expected = sum(second[result, kind] for result in RESULTS)
            assert counted.value(CellRef("applications", row, kind)) == expected


@unhurried
@given(_requests())
def test_what_is_carried_out_of_a_year_is_carried_into_the_next(requests: list[Request]) -> None:
    this = count_tables(requests, EDITION, 2022, day("2022-12-31"))
    following = count_tables(requests, EDITION, 2023, day("2023-12-31"))
    for kind in KINDS:
        out, into = CellRef("applications", "carried_out", kind), CellRef("applications", "carried_in", kind)
        assert this.value(out) == following.value(into)


def test_each_cell_names_its_cases() -> None:
    found = ledger_of(
        {"answered": "2023-03-20", "result": "部分公开"},
        {"received": "2022-12-30", "answered": "2023-01-10", "result": "本机关不掌握相关政府信息"},
        {"received": "2022-12-30", "answered": "2022-12-31", "result": "予以公开"},
        {"received": "2023-12-30"},
    )
    cases = count_tables(found.requests, EDITION, 2023, day("2024-06-01")).cases
    assert cases[CellRef("applications", "new", "natural_person")] == ("S0", "S3")
    assert cases[CellRef("applications", "carried_in", "total")] == ("S1",)
    assert cases[CellRef("applications", "unavailable_not_held", "natural_person")] == ("S1",)
    assert cases[CellRef("applications", "carried_out", "total")] == ("S3",)


def test_a_review_without_an_outcome_is_pending_in_the_year_in_which_it_was_filed() -> None:
    found = ledger_of(
        {"reconsidered": "2023-05-01"},
        {"sued": "2023-06-01", "suit_kind": "复议后起诉", "suit_outcome": "结果维持"},
        {"reconsidered": "2022-05-01", "reconsideration_outcome": "纠正"},
    )
    cases = count_tables(found.requests, EDITION, 2023, day("2023-12-31")).cases
    assert cases[CellRef("review", "reconsideration", "pending")] == ("S0",)
    assert cases[CellRef("review", "litigation_after_reconsideration", "upheld")] == ("S1",)
    assert cases[CellRef("review", "reconsideration", "corrected")] == ()


def test_on_a_day_within_the_year_later_answers_do_not_count() -> None:
    found = ledger_of({"answered": "2023-03-20", "result": "予以公开"})
    early = count_tables(found.requests, EDITION, 2023, day("2023-03-10"))
    assert early.value(CellRef("applications", "carried_out", "total")) == 1
    assert early.value(CellRef("applications", "granted", "total")) == 0
