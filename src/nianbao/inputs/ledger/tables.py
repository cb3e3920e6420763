"""Table 3 and table 4 counted from the register: every cell with the ids of its cases, balanced by construction.

May import: form, the other modules of this package.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nianbao.form import CellRef, Edition, RowRole
from nianbao.inputs.ledger.requests import Request

Cases = Mapping[CellRef, tuple[str, ...]]


@dataclass(frozen=True)
class LedgerTables:
    """The cases behind each cell of tables 3 and 4 on a day; a cell's value is how many there are."""

    year: int
    as_of: datetime.date
    cases: Cases

    def __repr__(self) -> str:
        return f"LedgerTables({self.year}, as of {self.as_of})"

    def value(self, ref: CellRef) -> int:
        """The count of a cell; KeyError for a cell that the register says nothing of (table 2)."""
        return len(self.cases[ref])

    def table(self, code: str) -> dict[str, dict[str, int]]:
        """One table as row -> column -> count, in the form's order."""
        rows: dict[str, dict[str, int]] = {}
        for ref, ids in self.cases.items():
            if ref.table == code:
                rows.setdefault(ref.row, {})[ref.column] = len(ids)
        return rows


def count_tables(requests: Iterable[Request], edition: Edition, year: int, as_of: datetime.date) -> LedgerTables:
    """Count both tables for ``year`` as they stand at the end of ``as_of`` (31 December at the latest).

    Taken in: received in the year, or before it and not answered before 1 January. Each request has one result, in the
    row of its code. Carried over: not answered by the end. A review or suit belongs to the year in which it was
    filed; one that has no outcome yet is pending in that year and in those after it.
    """
    first, last = datetime.date(year, 1, 1), min(as_of, datetime.date(year, 12, 31))
    found: dict[CellRef, list[str]] = {ref: [] for ref in edition.cells if ref.table in {"applications", "review"}}
    rows = edition.table("applications").rows
    new, carried_in = [code for code, row in rows.items() if row.role is RowRole.INTAKE]
    (processed,) = [code for code, row in rows.items() if row.role is RowRole.SUM]
    (carried_out,) = [code for code, row in rows.items() if row.role is RowRole.CARRIED]

    def count(table: str, row: str, column: str, request: Request) -> None:
        for each in (column, "total"):
            found[CellRef(table, row, each)].append(request.id)

    for request in requests:
        for filed, row, outcome in (
            (request.reconsidered, "reconsideration", request.reconsideration_outcome),
            (request.sued, request.suit_kind, request.suit_outcome),
        ):
            if filed is not None and row and filed <= last and (filed >= first or not outcome or outcome == "pending"):
                count("review", row, outcome or "pending", request)
        if request.received > last or (request.answered is not None and request.answered < first):
            continue
        kind = request.applicant_kind
        count("applications", new if request.received >= first else carried_in, kind, request)
        if request.open_on(last) or request.result not in rows:  # without its result it is not dealt with
            count("applications", carried_out, kind, request)
        else:
            count("applications", request.result, kind, request)
            count("applications", processed, kind, request)
    return LedgerTables(year, last, {ref: tuple(ids) for ref, ids in found.items()})
