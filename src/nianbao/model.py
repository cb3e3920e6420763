"""Owns the frozen values that cross rooms: offices, office-years, findings, section runs, reports, exported files.

May import: errors, cells, form. Does no I/O.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nianbao.cells import BLANK, Value
from nianbao.form import CellRef, Edition, Section

# The MIME type of what a section displays besides tables: titles, headings, texts, figures, closings.
BLOCK_MIME = "application/vnd.nianbao.block+json"


class Profile(StrEnum):
    """How a report is furnished: the official one has no figures."""

    OFFICIAL = "official"
    ILLUSTRATED = "illustrated"


class OfficeKind(StrEnum):
    """What an office is; only a government of a province or a city with districts makes 规章."""

    GOVERNMENT = "government"
    GOVERNMENT_OFFICE = "government_office"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    UNKNOWN = "unknown"  # a published report that does not say who made it


class Level(StrEnum):
    """The level of government to which an office belongs."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


@dataclass(frozen=True, slots=True, order=True)
class ReportKey:
    """Which report: office and year."""

    office: str
    year: int

    def __str__(self) -> str:
        return f"{self.office} {self.year}"

    @property
    def previous(self) -> ReportKey:
        """Last year's report of the same office."""
        return ReportKey(self.office, self.year - 1)


@dataclass(frozen=True, slots=True)
class Office:
    """Who reports. ``covers_area``: the report covers a whole area and is due on 31 March, not 31 January."""

    id: str
    name: str
    short_name: str
    kind: OfficeKind
    level: Level
    parent: str | None = None
    covers_area: bool = False
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: a path relative to the project (or a published file's name) and a line from 1.

    ``column`` names the column of a table file; ``place`` is free for other carriers (a page, a sheet's cell).
    """

    path: str
    line: int | None = None
    column: str | None = None
    place: str | None = None

    def __str__(self) -> str:
        parts = [self.path, str(self.line) if self.line else None, self.column, self.place]
        return ":".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with the place where it was read."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that the narrative states and no table holds, with its unit (条, 件, 期)."""

    key: str
    label: str
    value: Value
    unit: str
    note: str
    source: Source

    @property
    def number(self) -> int | Decimal | None:
        """The count, or None where the value is no number."""
        return self.value.number


@dataclass(frozen=True, slots=True)
class Text:
    """One narrative file: its Markdown template as written, and where it is."""

    slug: str
    template: str
    source: Source


class IssueKind(StrEnum):
    """What can be wrong with a table file besides the values in it."""

    UNKNOWN_CODE = "unknown_code"
    WRONG_LABEL = "wrong_label"
    WRONG_SHAPE = "wrong_shape"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class InputIssue:
    """Something wrong in a table file that the loader met and kept for the checks to report.

    ``found`` is what stands there, ``near`` what was probably meant.
    """

    kind: IssueKind
    source: Source
    table: str
    found: str
    row: str | None = None
    column: str | None = None
    near: str | None = None


@dataclass(frozen=True)
class OfficeYear:
    """All that one report is made from: who, when, which edition, cells, figures, narrative templates."""

    key: ReportKey
    office: Office
    edition: Edition
    published: datetime.date | None
    profile: Profile
    fonts: str | tuple[str, ...]
    cells: Mapping[CellRef, Cell]
    figures: Mapping[str, Figure]
    texts: Mapping[str, Text]
    issues: tuple[InputIssue, ...] = ()
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("cells", "figures", "texts"):
            # Mappings that read files as they are asked stay as they are: a copy would read everything.
            if isinstance(given := getattr(self, name), dict):
                object.__setattr__(self, name, MappingProxyType(dict(given)))

    def __repr__(self) -> str:
        return f"OfficeYear({self.key}, edition {self.edition.code})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Mapping proxies cannot be pickled; the plain dicts behind them can.
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in fields.items()}
        return (_office_year, (plain,))

    def value(self, ref: CellRef) -> Value:
        """The cell's value; BLANK where nothing was given."""
        cell = self.cells.get(ref)
        return BLANK if cell is None else cell.value

    @property
    def title(self) -> str:
        """The report's title without the office: 2023年政府信息公开工作年度报告."""
        return f"{self.key.year}年政府信息公开工作年度报告"


def _office_year(fields: dict[str, Any]) -> OfficeYear:
    return OfficeYear(**fields)


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


Number = int | Decimal


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
            "year": self.key.year,
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
    """What the checks say of the office-years asked for; ``evaluated`` counts the rule evaluations of each."""

    findings: tuple[Finding, ...]
    evaluated: Mapping[ReportKey, int]

    def of(self, key: ReportKey) -> CheckReport:
        """The part of one office-year."""
        return CheckReport(tuple(self._by_key.get(key, ())), {key: self.evaluated.get(key, 0)})

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


@dataclass(frozen=True)
class SectionRun:
    """One executed section: which section, the notebook file it came from, and the executed notebook (JSON text).

    ``reads`` are the project files that the section read, relative to the project.
    """

    section: Section
    notebook: str
    executed: str
    reads: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SectionRun({self.section.stem}, {self.notebook})"


@dataclass(frozen=True)
class Report:
    """A stitched report: its key and the notebook (JSON text) from which every exporter draws."""

    key: ReportKey
    notebook: str

    def __repr__(self) -> str:
        return f"Report({self.key})"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of the finished report: its name in the report's folder and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """Where a finished report lies; ``changed`` is False where it stood there already, byte for byte."""

    key: ReportKey
    folder: Path
    files: tuple[str, ...]
    changed: bool = True
