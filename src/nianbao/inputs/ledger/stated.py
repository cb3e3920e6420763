"""What of the register goes into a report: tables 3 and 4, fees, and the measures that narratives call ``ledger.…``.

What is blank or missing is written, never over another.
"""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import InputError, UsageError
from nianbao.errors.language import Message
from nianbao.form import CellRef, Edition
from nianbao.form.cells import BLANK, State, Value
from nianbao.inputs.csv_table import FIGURE_COLUMNS, heading_words, table_file, table_text
from nianbao.inputs.figures import load_figures
from nianbao.inputs.files import Files
from nianbao.inputs.ledger.look import LedgerLook, Measure, look_at
from nianbao.inputs.ledger.read import load_ledger
from nianbao.inputs.ledger.requests import RequestLedger
from nianbao.inputs.names import Names
from nianbao.model import Figure, OfficeYear, ReportKey, Source
from nianbao.paths import Project

# Figures that the register bears out, with the measure that does; the rules on fees look at them too.
FEE_FIGURES = {"processing_fee": "fees", "processing_fee_cases": "fee_cases"}

Difference = tuple[CellRef, int, str]


def table_differences(look: LedgerLook, report: OfficeYear) -> list[Difference]:
    """The cells of tables 3 and 4 whose stated value is not the register's count: cell, count, what is stated.

    Table 4 often comes from the legal office: a register without reviews says nothing of it.
    """
    reviewed = any(case.request.reconsidered or case.request.sued for case in look.cases)
    found = []
    for ref, ids in look.tables.cases.items():
        value = report.value(ref)
        if value.printed and value.number != len(ids) and (ref.table == "applications" or reviewed):
            found.append((ref, len(ids), value.printed))
    return found


def write_from_ledger(look: LedgerLook, report: OfficeYear, project: Project) -> list[str]:
    """Write the tables and fees that are missing or have blanks; the files written, relative to the project.

    Raises UsageError, and writes nothing, where the year is not over, a line cannot be read, or something else is
    stated.
    """
    key = report.key
    differing = table_differences(look, report)
    if look.as_of < datetime.date(look.year, 12, 31):
        what = Message("the year is not over")
    elif look.ledger.problems:
        what = Message("{count} places of the register cannot be read", count=len(look.ledger.problems))
    elif differing:
        what = Message("{count} filled cells are not as the register says", count=len(differing))
    else:
        return sorted([*_tables(look, report, project), *_fees(look, project, key)])
    raise UsageError(
        Message("{what}: nothing was written", what=what),
        hint=Message("see what it is: nianbao ledger {office} {year}", office=key.office, year=key.year),
    )


def _tables(look: LedgerLook, report: OfficeYear, project: Project) -> list[str]:
    written = []
    for code in ("applications", "review"):
        counts = {ref: str(len(ids)) for ref, ids in look.tables.cases.items() if ref.table == code}
        if code == "review" and not any(value != "0" for value in counts.values()):
            continue  # the register has no reviews at all: table 4 is filled in by hand
        if all(report.value(ref).printed for ref in counts):
            continue
        path = project.table_file(report.key, code)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(table_text(look.edition.table(code), counts, headed=True), encoding="utf-8", newline="")
        written.append(project.relative(path))
    return written


def _fees(look: LedgerLook, project: Project, key: ReportKey) -> list[str]:
    """Fill the blank values of the fees in figures.csv, and add those that it has not."""
    files = Files(project)
    path = files.find(project.table_file(key, "figures"))
    there = load_figures(files, key).figures
    wanted = {name: look.measures[measure] for name, measure in FEE_FIGURES.items()}
    wanted = {
        name: measure
        for name, measure in wanted.items()
        if measure.number is not None and not (name in there and there[name].value.printed)
    }
    if not wanted:
        return []
    rows = _figure_rows(files, path)
    for name, measure in wanted.items():
        if name in there:
            line = there[name].source.line or 0
            rows[line - 1][FIGURE_COLUMNS.index("value")] = measure.printed
        else:
            rows.append(_figure_row(name, measure))
    path.write_text(table_file(rows), encoding="utf-8", newline="")
    return [project.relative(path)]


def _figure_rows(files: Files, path: Path) -> list[list[str]]:
    """The lines of figures.csv as they stand; UsageError where its columns are not in their usual order."""
    text = files.text(path)
    if text is None:
        return [list(FIGURE_COLUMNS), [words[0] for words in heading_words(None).values()]]
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or [cell.strip() for cell in rows[0][: len(FIGURE_COLUMNS)]] != list(FIGURE_COLUMNS):
        where = files.project.relative(path)
        raise UsageError(
            "the first line is not key,label,value,unit,note: the fees were not written",
            where=where,
            hint="write them by hand",
        )
    return rows


def _figure_row(name: str, measure: Measure) -> list[str]:
    return [name, measure.label, measure.printed, measure.unit, ""]


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
