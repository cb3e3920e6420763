"""Findings: what a rule says, of what, on which evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from nianbao.form import CellRef
from nianbao.form.cells import Number, Value
from nianbao.model.inputs import Source
from nianbao.model.reports import ReportKey


class FindingState(StrEnum):
    """What a rule says of its subject; uncertain and not_assessable are never taken for a pass."""

    PASS = "pass"  # noqa: S105 -- a verdict, no password
    WARN = "warn"
    FAIL = "fail"
    UNCERTAIN = "uncertain"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def chinese(self) -> str:
        """The state's word in findings and reports."""
        return _STATE_WORDS[self]


class Severity(StrEnum):
    """How much a finding weighs: an error blocks the report."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def chinese(self) -> str:
        """The severity's word in findings and reports."""
        return _SEVERITY_WORDS[self]


_STATE_WORDS = {
    FindingState.PASS: "通过",
    FindingState.WARN: "需核实",
    FindingState.FAIL: "不通过",
    FindingState.UNCERTAIN: "不确定",
    FindingState.NOT_ASSESSABLE: "无法核对",
}
_SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One cell that a finding rests on."""

    ref: CellRef
    value: Value
    source: Source | None = None
    year: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The cell as the JSON contract writes it."""
        return {
            "table": self.ref.table,
            "row": self.ref.row,
            "column": self.ref.column,
            "value": self.value.json,
            "source": str(self.source) if self.source else None,
            **({"year": self.year} if self.year else {}),
        }


@dataclass(frozen=True)
class Finding:
    """What one rule found in one place, with the evidence and the words for both readers.

    ``scope`` tells apart findings of the same rule that name no cell (a sentence, a file, a section); it and the
    address make the fingerprint, values and words do not, so that a verdict survives a rerun and a rewording.
    """

    rule: str
    state: FindingState
    severity: Severity
    key: ReportKey
    message: str
    message_en: str
    table: str | None = None
    row: str | None = None
    column: str | None = None
    expected: Number | str | None = None
    actual: Number | str | None = None
    cells: tuple[Evidence, ...] = ()
    scope: str = ""
    source: Source | None = None
    waived: str | None = None

    @property
    def fingerprint(self) -> str:
        """A stable name of the finding: rule, office, year, address and scope, hashed (16 hex digits)."""
        parts = (self.rule, self.key.office, str(self.key.year), self.table, self.row, self.column, self.scope)
        return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()[:16]

    @property
    def blocks(self) -> bool:
        """Whether the finding keeps the report from being made."""
        return self.state is FindingState.FAIL and self.severity is Severity.ERROR and self.waived is None

    def to_json(self) -> dict[str, Any]:
        """The finding as the JSON contract of ``check`` and ``audit`` writes it."""
        return {
            "rule": self.rule,
            "state": self.state.value,
            "severity": self.severity.value,
            "office": self.key.office,
            "year": self.key.year or None,
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "expected": _plain(self.expected),
            "actual": _plain(self.actual),
            "cells": [cell.to_json() for cell in self.cells],
            "message": self.message,
            "message_en": self.message_en,
            "fingerprint": self.fingerprint,
            **({"scope": self.scope} if self.scope else {}),
            **({"source": str(self.source)} if self.source else {}),
            **({"waived": self.waived} if self.waived else {}),
        }


def _plain(value: Number | str | None) -> int | float | str | None:
    return float(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True)
class CheckReport:
    """What the checks say of the office-years asked for; ``evaluated`` counts the rule evaluations of each.

    ``names`` are those of the offices, by identifier, as far as they are known.
    """

    findings: tuple[Finding, ...]
    evaluated: Mapping[ReportKey, int]
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: ReportKey) -> CheckReport:
        """The part of one office-year."""
        names = {key.office: self.names[key.office]} if key.office in self.names else {}
        return CheckReport(tuple(self._by_key.get(key, ())), {key: self.evaluated.get(key, 0)}, names)

    def named(self, key: ReportKey) -> str:
        """The key for people, with the office's name behind it where that is known and another word."""
        name = self.names.get(key.office, "")
        return f"{key.named}（{name}）" if name not in {"", key.office} else key.named

    @cached_property
    def _by_key(self) -> Mapping[ReportKey, list[Finding]]:
        found: dict[ReportKey, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.key, []).append(finding)
        return found

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that keep a report from being made."""
        return tuple(finding for finding in self.findings if finding.blocks)
