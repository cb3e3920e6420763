"""Sort findings for showing, and sum them up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.checks.catalogue import RULES
from nianbao.form import EDITIONS, TABLE_NAMES
from nianbao.model import CheckReport, Finding, FindingState, ReportKey, Severity

# The worst first.
_STATE_ORDER = (
    FindingState.FAIL,
    FindingState.WARN,
    FindingState.UNCERTAIN,
    FindingState.NOT_ASSESSABLE,
    FindingState.PASS,
)
_STATE_RANK = {state: rank for rank, state in enumerate(_STATE_ORDER)}
_SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_TABLE_RANK = {code: rank for rank, code in enumerate([*TABLE_NAMES, "figures", ""])}
# Rows and columns as the form prints them; a code that no edition has comes last.
_CODES = dict.fromkeys(
    code
    for edition in reversed(EDITIONS.values())
    for table in edition.tables
    for code in (*table.rows, *table.columns)
)
_CODE_RANK = {code: rank for rank, code in enumerate(_CODES)}
_RULE_RANK = {rule: rank for rank, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True)
class Tally:
    """How one office-year fared."""

    key: ReportKey
    evaluated: int
    errors: int
    warnings: int
    notes: int
    not_assessable: int
    waived: int
    blocking: int

    @property
    def passed(self) -> int:
        """How many evaluations found nothing wrong."""
        return max(self.evaluated - self.errors - self.warnings - self.notes - self.waived, 0)


def is_breach(finding: Finding) -> bool:
    """Whether the finding says that something is, or may be, wrong."""
    return finding.state not in {FindingState.PASS, FindingState.NOT_ASSESSABLE}


def grouped(report: CheckReport) -> list[tuple[Tally, list[Finding]]]:
    """The findings by office-year, the worst office-year first; within each, the worst finding first."""
    by_key: dict[ReportKey, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_key[finding.key].append(finding)
    keys = {*report.evaluated, *by_key}
    groups = [
        (_tally(key, report.evaluated.get(key, 0), by_key.get(key, [])), sorted(by_key.get(key, []), key=_rank))
        for key in keys
    ]
    return sorted(groups, key=lambda group: (-group[0].blocking, -group[0].errors, -group[0].warnings, group[0].key))


def _rank(finding: Finding) -> tuple[Any, ...]:
    return (
        finding.waived is not None,
        _SEVERITY_RANK[finding.severity],
        _STATE_RANK[finding.state],
        _RULE_RANK.get(finding.rule, len(_RULE_RANK)),
        _TABLE_RANK.get(finding.table or "", len(_TABLE_RANK)),
        _CODE_RANK.get(finding.row or "", len(_CODE_RANK)),
        _CODE_RANK.get(finding.column or "", len(_CODE_RANK)),
        _source_rank(finding),
        finding.scope,
    )


def _source_rank(finding: Finding) -> tuple[str, int, int]:
    """Path, line and column of the file; a column that has a name instead of a number comes in the form's order."""
    source = finding.source
    if source is None:
        return "", 0, 0
    column = source.column or ""
    return source.path, source.line or 0, int(column) if column.isdecimal() else 0


def _tally(key: ReportKey, evaluated: int, findings: Sequence[Finding]) -> Tally:
    live = Counter(finding.severity for finding in findings if is_breach(finding) and finding.waived is None)
    return Tally(
        key,
        evaluated,
        live[Severity.ERROR],
        live[Severity.WARNING],
        live[Severity.NOTE],
        sum(1 for finding in findings if finding.state is FindingState.NOT_ASSESSABLE),
        sum(1 for finding in findings if finding.waived is not None),
        sum(1 for finding in findings if finding.blocks),
    )


def summary(tallies: Sequence[Tally]) -> dict[str, Any]:
    """The counts over all office-years, and of each that has an error, the worst first."""
    names = ("evaluated", "passed", "errors", "warnings", "notes", "not_assessable", "waived", "blocking")
    return {
        "reports": len(tallies),
        "blocked": sum(1 for tally in tallies if tally.blocking),
        **{name: sum(getattr(tally, name) for tally in tallies) for name in names},
        "by_report": [
            {
                "office": tally.key.office,
                "year": tally.key.year,
                **{name: getattr(tally, name) for name in names},
            }
            for tally in tallies
        ],
    }
