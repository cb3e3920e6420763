"""What the rules write into: the log of findings, and the names by which findings call cells, lines and summands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from nianbao.checks.catalogue import RULES
from nianbao.form import TABLE_NAMES, Axis, Balance, CellRef, Edition, row_name
from nianbao.form.cells import State, Value
from nianbao.model import Evidence, Finding, FindingState, Number, ReportKey, Severity, Source

# The address of a finding: table, row and column, each where there is one.
Place = tuple[str | None, str | None, str | None]
NOWHERE: Place = (None, None, None)


def place_of(ref: CellRef) -> Place:
    """The address of one cell."""
    return (ref.table, ref.row, ref.column)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a finding rests on: its address, the two values that differ, cells, a scope and a source."""

    place: Place = NOWHERE
    expected: Number | str | None = None
    actual: Number | str | None = None
    cells: tuple[Evidence, ...] = ()
    scope: str = ""
    source: Source | None = None


@dataclass
class FindingLog:
    """The findings so far. ``passes`` keeps a finding for every evaluation that found nothing wrong."""

    passes: bool = False
    findings: list[Finding] = field(default_factory=list)
    evaluated: Counter[ReportKey] = field(default_factory=Counter)

    def add(
        self, rule: str, key: ReportKey, state: FindingState, words: tuple[str, str], facts: Facts | None = None
    ) -> None:
        """One finding; ``words`` are its Chinese and its English message.

        The severity is the rule's, but what warns or is uncertain blocks nothing and what cannot be assessed is a note.
        """
        severity = RULES[rule].severity
        if state in {FindingState.UNCERTAIN, FindingState.WARN} and severity is Severity.ERROR:
            severity = Severity.WARNING
        if state in {FindingState.NOT_ASSESSABLE, FindingState.PASS}:
            severity = Severity.NOTE
        facts = facts or Facts()
        table, row, column = facts.place
        finding = Finding(
            rule,
            state,
            severity,
            key,
            *words,
            table,
            row,
            column,
            facts.expected,
            facts.actual,
            facts.cells,
            facts.scope,
            facts.source,
        )
        self.findings.append(finding)
        if state is not FindingState.NOT_ASSESSABLE:
            self.evaluated[key] += 1

    def breach(self, rule: str, key: ReportKey, words: tuple[str, str], facts: Facts | None = None) -> None:
        """A finding in the state that belongs to the rule's severity: an error fails, anything less warns."""
        fails = RULES[rule].severity is Severity.ERROR
        self.add(rule, key, FindingState.FAIL if fails else FindingState.WARN, words, facts)

    def passed(self, rule: str, key: ReportKey, count: int = 1, facts: Facts | None = None) -> None:
        """So many evaluations of the rule that found nothing wrong."""
        self.evaluated[key] += count
        if self.passes and count:
            entry = RULES[rule]
            self.add(rule, key, FindingState.PASS, (f"通过：{entry.title}（未见）", f"passed: {entry.purpose}"), facts)
            self.evaluated[key] -= 1

    def distinct(self) -> tuple[Finding, ...]:
        """The findings with fingerprints of their own: of findings alike, the later ones get a counted scope."""
        seen: Counter[str] = Counter()
        found: list[Finding] = []
        for finding in self.findings:
            seen[finding.fingerprint] += 1
            count = seen[finding.fingerprint]
            found.append(finding if count == 1 else replace(finding, scope=f"{finding.scope}#{count}"))
        return tuple(found)


__all__ = ["TABLE_NAMES", "cell_name", "line_name", "row_name", "shown", "term_name"]


def cell_name(edition: Edition, ref: CellRef) -> str:
    """A cell for people: 表三“新收”自然人."""
    table = edition.table(ref.table)
    row = table.rows.get(ref.row)
    column = table.columns.get(ref.column)
    name = TABLE_NAMES[ref.table]
    return f"{name}“{row_name(row) if row else ref.row}”{column.label if column else ref.column}"


def line_name(edition: Edition, balance: Balance, line: str) -> str:
    """A line across which a balance sums: the column 自然人, or the row 予以公开."""
    table = edition.table(balance.table)
    name = TABLE_NAMES[balance.table]
    if balance.axis is Axis.ROWS:
        column = table.columns[line]
        return f"{name}“{column.label}”列"
    return f"{name}“{row_name(table.rows[line])}”"


def term_name(edition: Edition, balance: Balance, code: str) -> str:
    """A summand by its short name."""
    table = edition.table(balance.table)
    return row_name(table.rows[code]) if balance.axis is Axis.ROWS else table.columns[code].label


def shown(value: Value) -> str:
    """A value as it stands, with a word for what cannot be seen."""
    return "（空白）" if value.state is State.BLANK else value.printed
