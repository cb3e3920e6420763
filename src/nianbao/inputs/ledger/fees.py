"""Information-processing fees (信息处理费): what may be charged for each request.

Source: 政府信息公开信息处理费管理办法, 国办函〔2020〕109号: by item for each applicant and calendar month, or by page
for one request; never both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from nianbao.inputs.ledger.requests import Request

FREE_ITEMS = 10
ITEM_PRICE = 100  # yuan for each item from the 11th to the 30th
_STEP_FROM = 30  # items; above them each ten more cost ITEM_PRICE more an item
_STEP = 10
# The last page of each band and its price a page in yuan; pages above the last band cost _PAGE_PRICE_ABOVE.
_PAGE_BANDS = ((30, 0), (100, 10), (200, 20))
_PAGE_PRICE_ABOVE = 40


def item_fee(number: int) -> int:
    """The fee in yuan for an applicant's ``number``-th item (from 1) of a calendar month."""
    if number <= FREE_ITEMS:
        return 0
    if number <= _STEP_FROM:
        return ITEM_PRICE
    return ITEM_PRICE * (2 + (number - _STEP_FROM - 1) // _STEP)


def page_fee(pages: int) -> int:
    """The fee in yuan for a request of so many pages (A4)."""
    fee, counted = 0, 0
    for last, price in _PAGE_BANDS:
        fee += (min(pages, last) - counted) * price
        counted = min(pages, last)
    return fee + (pages - counted) * _PAGE_PRICE_ABOVE


def is_page_fee(fee: Decimal) -> bool:
    """Whether some number of pages costs just this much."""
    return any(page_fee(pages) == fee for pages in range(_PAGE_BANDS[0][0] + 1, int(fee) // _PAGE_BANDS[1][1] + 31))


def fees_due(requests: Iterable[Request]) -> Mapping[str, Decimal]:
    """What may be charged for each request, in yuan, by its id.

    By page where its pages are given, else by item: the requests of one applicant in one calendar month are counted
    in the order of receipt. A request whose applicant has no pseudonym cannot be counted and is left out.
    """
    due: dict[str, Decimal] = {}
    counts: Counter[tuple[str, int, int]] = Counter()
    for request in sorted(requests, key=lambda one: (one.received, one.id)):
        if request.pages is not None:
            due[request.id] = Decimal(page_fee(request.pages))
        elif request.applicant:
            month = (request.applicant, request.received.year, request.received.month)
            counts[month] += 1
            due[request.id] = Decimal(item_fee(counts[month]))
    return due


def charged_in(requests: Iterable[Request], year: int) -> list[tuple[Request, Decimal]]:
    """The requests charged in a year, with their fees in yuan: by the day of payment, else of the notice or receipt.

    A request that was given up because its fee was not paid was not charged.
    """
    charged = []
    for request in requests:
        day = request.fee_paid or request.fee_notice or request.received
        unpaid = request.result == "other_fee_unpaid" and request.fee_paid is None
        if request.fee and not unpaid and day.year == year:
            charged.append((request, request.fee))
    return charged
