"""Owns the rules within table 2 that are no balances, and the edition of the form.

May import: form, model, checks.ledger, checks.labels, checks.subject.
"""

from __future__ import annotations

from nianbao.checks.labels import TABLE_NAMES, row_name
from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.form import CellRef, Table, edition_for
from nianbao.model import FindingState, Level, OfficeKind

_GOVERNMENT = frozenset({OfficeKind.GOVERNMENT, OfficeKind.GOVERNMENT_OFFICE})
# 立法法: local 规章 are made by governments of provinces and of cities with districts.
_MAKES_REGULATIONS = frozenset({Level.PROVINCE, Level.CITY})


def check_tables(subject: Subject, ledger: Ledger) -> None:
    """Documents made but none in force; 规章 where none can be made; the edition of the year."""
    table = subject.report.edition.table("proactive")
    _check_in_force(subject, table, ledger)
    _check_authority(subject, table, ledger)
    _check_edition(subject, ledger)


def _check_in_force(subject: Subject, table: Table, ledger: Ledger) -> None:
    for row in table.rows:
        refs = {code: CellRef(table.code, row, code) for code in ("made", "repealed", "in_force")}
        if not all(ref in table.cells for ref in refs.values()):
            continue
        made, repealed, in_force = (subject.report.value(ref).number for ref in refs.values())
        if made is None or in_force is None:
            continue
        cells = tuple(subject.evidence(ref) for ref in refs.values())
        facts = Facts((table.code, row, "in_force"), made - (repealed or 0), in_force, cells, source=cells[-1].source)
        if made > (repealed or 0) and in_force == 0:
            name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
            words = (
                f"{name}：本年制发{made}件、废止{repealed or 0}件，现行有效却为0",
                f"{table.code}.{row}: {made} made, {repealed or 0} repealed, yet none in force",
            )
            ledger.breach("T2-IN-FORCE", subject.key, words, facts)
        else:
            ledger.passed("T2-IN-FORCE", subject.key, 1, facts)


def _check_authority(subject: Subject, table: Table, ledger: Ledger) -> None:
    """Whether an office reports 规章 that can make none: certain below the city, doubtful for a department."""
    office = subject.report.office
    if office.kind in _GOVERNMENT and office.level in _MAKES_REGULATIONS:
        return
    cells = tuple(
        cell
        for column in table.columns_of("regulations")
        if (cell := subject.evidence(CellRef(table.code, "regulations", column.code))).value.number
    )
    facts = Facts((table.code, "regulations", None), 0, None, cells, source=cells[0].source if cells else None)
    if not cells:
        ledger.passed("T2-AUTHORITY", subject.key, 1, facts)
        return
    known = office.kind is not OfficeKind.UNKNOWN
    certain = known and (office.kind is OfficeKind.TOWNSHIP or office.level not in _MAKES_REGULATIONS)
    shown = "、".join(f"{table.columns[cell.ref.column].label}{cell.value.printed}" for cell in cells)
    words = (
        f"表二“规章”填报{shown}：{office.name}没有规章制定权" + ("" if certain else "，请核实是否为代政府填报"),
        f"{table.code}.regulations holds counts, but an office of this kind and level makes no 规章",
    )
    doubt = FindingState.WARN if known else FindingState.UNCERTAIN
    ledger.add("T2-AUTHORITY", subject.key, FindingState.FAIL if certain else doubt, words, facts)


def _check_edition(subject: Subject, ledger: Ledger) -> None:
    edition, due = subject.report.edition, edition_for(subject.key.year)
    if edition is due:
        ledger.passed("WORDS-EDITION", subject.key)
        return
    words = (
        f"{subject.key.year}年报告应使用{due.notice}规定的表格，实际使用{edition.notice}的表格",
        f"a report for {subject.key.year} uses the form of {due.code}, not that of {edition.code}",
    )
    ledger.breach("WORDS-EDITION", subject.key, words, Facts(expected=due.code, actual=edition.code))
