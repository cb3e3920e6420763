"""The register of requests (依申请公开台账): read it, count tables 3 and 4 from it, compute deadlines and fees.

What goes out of this package is ids, codes, dates and counts: no word of an applicant.
"""

from nianbao.inputs.ledger.deadlines import CaseState, Deadline, deadline, due_date
from nianbao.inputs.ledger.fees import charged_in, fees_due, item_fee, page_fee
from nianbao.inputs.ledger.look import (
    DUE_SOON,
    Case,
    LedgerLook,
    LedgerTables,
    Measure,
    count_tables,
    ids_shown,
    look_at,
)
from nianbao.inputs.ledger.read import load_ledger, read_ledger
from nianbao.inputs.ledger.requests import LedgerProblem, Request, RequestLedger

__all__ = [
    "DUE_SOON",
    "Case",
    "CaseState",
    "Deadline",
    "LedgerLook",
    "LedgerProblem",
    "LedgerTables",
    "Measure",
    "Request",
    "RequestLedger",
    "charged_in",
    "count_tables",
    "deadline",
    "due_date",
    "fees_due",
    "ids_shown",
    "item_fee",
    "load_ledger",
    "look_at",
    "page_fee",
    "read_ledger",
]
