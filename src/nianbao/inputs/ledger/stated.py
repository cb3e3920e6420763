"""What narratives may state of the register: its measures as figures, and the names ``ledger.…`` that lead to them.

May import: errors, form, model, inputs.files, inputs.names, the other modules of this package.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from nianbao.errors import InputError
from nianbao.form import Edition
from nianbao.form.cells import BLANK, State, Value
from nianbao.inputs.files import Files
from nianbao.inputs.ledger.look import look_at
from nianbao.inputs.ledger.read import load_ledger
from nianbao.inputs.ledger.requests import RequestLedger
from nianbao.inputs.ledger.write import FEE_FIGURES
from nianbao.inputs.names import Names
from nianbao.model import Figure, OfficeYear, ReportKey, Source


def ledger_figures(files: Files, key: ReportKey, edition: Edition) -> dict[str, Figure]:
    """The register's measures by key, as they stand at the end of the year; nothing without a register.

    A register that cannot be read yields nothing: the checks tell why. A measure that cannot be told is blank, and its
    note says why.
    """
    try:
        register = load_ledger(files, key)
    except InputError:
        return {}
    if register is None:
        return {}
    source = Source(register.path)
    figures = {}
    for name, measure in look_at(register, edition, key.year, datetime.date(key.year, 12, 31)).measures.items():
        known = measure.number is not None
        value = Value(State.NUMBER, measure.printed, measure.number) if known else BLANK
        figures[name] = Figure(name, measure.label, value, measure.unit, measure.why[0], source)
    return figures


@dataclass(frozen=True)
class LedgerLine:
    """A request that a number counts: its id, and the file, sheet and row of its line."""

    id: str
    place: str


def lines_behind(files: Files, report: OfficeYear, ref: str) -> tuple[LedgerLine, ...] | None:
    """The requests that the register counts for the number that narratives call ``ref``.

    A cell of table 3 or 4, a fee of figures.csv, or ``ledger.…``. None where no register bears on it.
    """
    kind, _, name = ref.partition(".")
    measure = name if kind == "ledger" else FEE_FIGURES.get(name) if kind == "figures" else None
    if not (measure or kind in {"applications", "review"}) or not report.ledger:
        return None
    register = load_ledger(files, report.key) or RequestLedger("", ())
    look = look_at(register, report.edition, report.key.year, datetime.date(report.key.year, 12, 31))
    cells = {str(cell): ids for cell, ids in look.tables.cases.items()}
    ids = look.measures[measure].ids if measure else cells[ref]
    places = {request.id: request.place for request in register.requests}
    return tuple(LedgerLine(each, places[each]) for each in ids)


def ledger_names(prefix: str, report: OfficeYear, group: str = "") -> Names:
    """The names below ``ledger``: single numbers (received), and groups of them (by_month, then m3)."""
    start = f"{group}." if group else ""

    def known() -> dict[str, str]:
        found: dict[str, str] = {}
        for key, figure in report.ledger.items():
            name, _, below = key.removeprefix(start).partition(".")
            if key.startswith(start):
                found[name] = "" if below else figure.label
        return found

    def look_up(name: str) -> Names | Value:
        figure = report.ledger.get(f"{start}{name}")
        if figure is None:
            return ledger_names(prefix, report, name)
        if figure.number is None:
            full = f"{prefix}ledger.{start}{name}"
            zh = f"{full} 不能确定（{figure.note}），不能在文中引用"
            raise InputError(f"{full} cannot be told from the register", where=full, zh=zh)
        return figure.value

    year = report.key.year
    gone = (f"没有可以读取的{year}年台账", f"there is no register of {report.key} that can be read")
    return Names(f"{prefix}ledger{f'.{group}' if group else ''}", known, look_up, None if report.ledger else gone)
