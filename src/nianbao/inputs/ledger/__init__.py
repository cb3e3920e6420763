"""The register of requests (依申请公开台账): read it, count tables 3 and 4 from it, compute deadlines and fees.

May import: errors, form, model, and in its modules openpyxl and the calendar of China's working days.
"""

from nianbao.inputs.ledger.deadlines import CaseState, Deadline, deadline, due_date
from nianbao.inputs.ledger.fees import charged_in, fees_due, item_fee, page_fee
from nianbao.inputs.ledger.look import DUE_SOON, Case, LedgerLook, look_at
from nianbao.inputs.ledger.read import read_ledger
from nianbao.inputs.ledger.requests import LedgerProblem, Request, RequestLedger
from nianbao.inputs.ledger.rules import line_problems
from nianbao.inputs.ledger.tables import LedgerTables, count_tables

__all__ = [
    "DUE_SOON",
    "Case",
    "CaseState",
    "Deadline",
    "LedgerLook",
    "LedgerProblem",
    "LedgerTables",
    "Request",
    "RequestLedger",
    "charged_in",
    "count_tables",
    "deadline",
    "due_date",
    "fees_due",
    "item_fee",
    "line_problems",
    "look_at",
    "page_fee",
    "read_ledger",
]
