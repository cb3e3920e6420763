"""Fees by the national tariff (国办函〔2020〕109号)."""

from __future__ import annotations

import pytest

from inputs.ledger.build import ledger_of
from nianbao.inputs.ledger import charged_in, fees_due, item_fee, page_fee


@pytest.mark.parametrize(
    ("number", "fee"), [(1, 0), (10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (50, 300), (51, 400)]
)
def test_the_fee_of_an_item(number: int, fee: int) -> None:
    assert item_fee(number) == fee


@pytest.mark.parametrize(
    ("pages", "fee"), [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740)]
)
def test_the_fee_of_pages(pages: int, fee: int) -> None:
    assert page_fee(pages) == fee


def test_items_are_counted_for_each_applicant_and_month_in_the_order_of_receipt() -> None:
    march = [{"applicant": "甲", "received": "2023-03-02"}] * 12
    others = [{"applicant": "甲", "received": "2023-04-01"}, {"applicant": "乙", "received": "2023-03-09"}]
    due = fees_due(ledger_of(*march, *others).requests)
    assert sum(due.values()) == 200
    assert due["S12"] == due["S13"] == 0


def test_a_request_charged_by_page_is_not_counted_as_an_item() -> None:
    lines = [{"applicant": "甲", "pages": "31"}, *([{"applicant": "甲"}] * 10)]
    due = fees_due(ledger_of(*lines).requests)
    assert due["S0"] == 10
    assert sum(due.values()) == 10


def test_fees_are_summed_by_the_year_of_payment() -> None:
    found = ledger_of(
        {"fee": "100", "fee_notice": "2023-12-20", "fee_paid": "2024-01-03"},
        {"fee": "200元", "fee_notice": "2023-05-01"},
    )
    assert [(one.id, fee) for one, fee in charged_in(found.requests, 2023)] == [("S1", 200)]
    assert [(one.id, fee) for one, fee in charged_in(found.requests, 2024)] == [("S0", 100)]


def test_a_fee_that_was_never_paid_was_not_charged() -> None:
    given_up = ledger_of({"fee": "100", "fee_notice": "2023-05-01", "answered": "2023-06-10", "result": "逾期不缴费"})
    assert charged_in(given_up.requests, 2023) == []
