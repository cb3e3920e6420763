"""Owns the suites as data: for each edition, table and axis, which balances hold along its lines.

May import: form. No engine; frames and suites both derive from these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby

from nianbao.form import EDITIONS, Axis, Balance, CellRef, Edition, Term


@dataclass(frozen=True)
class SuiteForm:
    """One suite: the balances of a table that sum along the same axis, and so share the lines of one frame."""

    edition: Edition
    table: str
    axis: Axis
    balances: tuple[Balance, ...]

    @property
    def name(self) -> str:
        """The suite's name and its file's stem: form_2021_applications_by_column."""
        across = "column" if self.axis is Axis.ROWS else "row"
        return f"form_{self.edition.code}_{self.table}_by_{across}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The codes of all lines on which one of the balances holds, in the form's order."""
        table = self.edition.table(self.table)
        wanted = {line for balance in self.balances for line in self.edition.lines(balance)}
        codes = table.columns if self.axis is Axis.ROWS else table.rows
        return tuple(code for code in codes if code in wanted)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every summand once, unsigned: the columns of the frame."""
        terms = (term for balance in self.balances for term in (*balance.left, *balance.right))
        return tuple(dict.fromkeys(Term(term.code, previous=term.previous) for term in terms))

    def ref(self, term: Term, line: str) -> CellRef:
        """The cell of a summand on a line."""
        return self.balances[0].ref(term, line)


def column_of(term: Term) -> str:
    """The frame's column of a summand: its code, with ``last_year.`` before last year's."""
    return f"last_year.{term.code}" if term.previous else term.code


@cache
def suite_forms(edition_code: str) -> tuple[SuiteForm, ...]:
    """The suites of an edition, in the form's order."""
    edition = EDITIONS[edition_code]

    def place(balance: Balance) -> tuple[str, Axis]:
        return balance.table, balance.axis

    order = {table.code: index for index, table in enumerate(edition.tables)}
    balances = sorted(edition.balances, key=lambda balance: (order[balance.table], balance.axis.value))
    return tuple(
        SuiteForm(edition, table, axis, tuple(members)) for (table, axis), members in groupby(balances, key=place)
    )
