"""Owns what the rules write into: findings, and how many evaluations each office-year has had.

May import: form, model, checks.catalogue.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from nianbao.checks.catalogue import RULES
from nianbao.form import CellRef
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
class Ledger:
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
