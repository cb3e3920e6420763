"""Registers for the tests: lines by column codes, as CSV or as a workbook."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from typing import Any

from nianbao.inputs.ledger import Request, RequestLedger, read_ledger
from nianbao.inputs.ledger.requests import COLUMNS

Line = Mapping[str, Any]


def day(text: str) -> datetime.date:
    """A date as YYYY-MM-DD."""
    return datetime.date.fromisoformat(text)


def as_csv(lines: Sequence[Line], *, chinese: bool = True) -> bytes:
    """The lines under all heads."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.head if chinese else column.code for column in COLUMNS])
    writer.writerows([line.get(column.code, "") for column in COLUMNS] for line in lines)
    return stream.getvalue().encode()


def ledger_of(*lines: Line) -> RequestLedger:
    """The lines as read from CSV; what a line leaves out of id, receipt and applicant is filled in."""
    usual = {"received": "2023-03-01", "applicant_kind": "自然人"}
    return read_ledger(as_csv([{"id": f"S{n}", **usual, **line} for n, line in enumerate(lines)]), "ledger.csv")


def request_of(**line: Any) -> Request:
    """One line, which must be readable."""
    found = ledger_of(line)
    assert not found.problems, found.problems
    return found.requests[0]
