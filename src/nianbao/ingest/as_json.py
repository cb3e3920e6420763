"""Owns the JSON of a report as read: the contract of ``ingest --format json``.

May import: form, model, ingest.result.
"""

from __future__ import annotations

from typing import Any

from nianbao.form import EDITIONS, SECTIONS, CellRef
from nianbao.form.cells import CellKind, State, Value
from nianbao.ingest.result import Fault, Gap, Ingested
from nianbao.model import Evidence, Finding, FindingState, ReportKey, Severity, Source

# The rule under which everything that could not be read is reported.
GAP_RULE = "INGEST-GAP"
UNKNOWN_EDITION = "unknown"


def to_json(ingested: Ingested, key: ReportKey) -> dict[str, Any]:
    """The report as read, with the codes of the form.

    A number is a JSON number, a blank is null, a not-applicable is "NA", a cell that is not there has no key; an amount
    whose unit the office chooses is text, as printed. ``findings`` are the gaps.
    """
    edition = EDITIONS.get(ingested.edition or "")
    kinds = edition.cells if edition else {}
    tables: dict[str, dict[str, dict[str, Any]]] = {section.table: {} for section in SECTIONS if section.table}
    for ref in kinds:
        if ref in ingested.cells:
            value = ingested.cells[ref].value
            tables[ref.table].setdefault(ref.row, {})[ref.column] = _plain(value, kinds[ref])
    for ref, cell in ingested.others.items():
        tables[ref.table].setdefault(ref.row, {})[ref.column] = cell.value.json
    return {
        "office": key.office,
        "office_name": ingested.office_name,
        "year": key.year,
        "edition": ingested.edition or UNKNOWN_EDITION,
        "file": ingested.file,
        "carrier": ingested.carrier,
        **tables,
        "narrative": {
            section.slug: ingested.sections.get(section.slug, "") for section in SECTIONS if not section.table
        },
        "notes": {slug: text for slug, text in ingested.sections.items() if slug in tables},
        "origin": {str(ref): str(ingested.cells[ref].source) for ref in kinds if ref in ingested.cells},
        "findings": [finding.to_json() for finding in findings_of(ingested, key)],
    }


def _plain(value: Value, kind: CellKind) -> int | float | str | None:
    if kind is CellKind.MONEY_ANY_UNIT and value.state is State.NUMBER:
        return value.printed
    return value.json


def findings_of(ingested: Ingested, key: ReportKey) -> tuple[Finding, ...]:
    """The gaps as findings (what could not be read cannot be assessed), and the office's own departures."""
    gaps = (_finding(gap, ingested, key, number) for number, gap in enumerate(ingested.gaps, start=1))
    faults = (_of_the_office(fault, ingested, key) for fault in ingested.faults)
    return (*gaps, *faults)


def _of_the_office(fault: Fault, ingested: Ingested, key: ReportKey) -> Finding:
    return Finding(
        rule=fault.rule,
        state=FindingState.WARN,
        severity=Severity.WARNING,
        key=key,
        message=fault.message,
        message_en=fault.message_en,
        table=fault.table,
        row=fault.row,
        scope=fault.message_en,
        source=Source(ingested.file, place=fault.place.removeprefix(ingested.file).strip() or None),
    )


def _finding(gap: Gap, ingested: Ingested, key: ReportKey, number: int) -> Finding:
    blank = Value(State.BLANK)
    single = gap.cells[0] if len(gap.cells) == 1 else None
    return Finding(
        rule=GAP_RULE,
        state=FindingState.NOT_ASSESSABLE,
        severity=Severity.WARNING,
        key=key,
        message=gap.message,
        message_en=gap.message_en,
        table=gap.table,
        row=gap.row,
        column=single.column if single else None,
        cells=tuple(Evidence(ref, blank) for ref in _named(gap)),
        scope=f"{gap.what}#{number}",
        source=Source(ingested.file, place=gap.place.removeprefix(ingested.file).strip() or None),
    )


def _named(gap: Gap) -> tuple[CellRef, ...]:
    """The cells that a gap names one by one; those of a whole missing table are named by it."""
    return gap.cells if gap.row else ()
