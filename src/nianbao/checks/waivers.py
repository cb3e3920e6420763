"""Owns people's verdicts on findings: params/<office>/waivers.yaml -> findings that block no more.

May import: errors, form, inputs, model, paths, checks.catalogue, checks.ledger.

A waiver's date is judged against the date on which the report is published, not against the clock: the same inputs
give the same findings on every day.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from nianbao.checks.catalogue import RULES
from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.reading import Reading
from nianbao.errors import InputError, known_names
from nianbao.inputs.files import Files
from nianbao.inputs.settings import Setting, read_settings
from nianbao.model import Finding, FindingState, ReportKey, Source
from nianbao.paths import Project

_VERDICT_RULES = frozenset({"WAIVER-EXPIRED", "WAIVER-UNUSED", "INPUT"})
_SCOPE = ("table", "row", "column", "text", "fingerprint")


@dataclass(frozen=True)
class Waiver:
    """One verdict: the rule, the years, where (what is not given matches anything), why, by whom, until when."""

    rule: str
    years: tuple[int, ...]
    scope: Mapping[str, str]
    reason: str
    name: str
    until: datetime.date
    source: Source

    def matches(self, finding: Finding) -> bool:
        """Whether the finding is one that the waiver means."""
        if finding.rule != self.rule or finding.key.year not in self.years:
            return False
        own = {"table": finding.table, "row": finding.row, "column": finding.column}
        own["fingerprint"] = finding.fingerprint
        text = self.scope.get("text", "")
        exact = all(own[name] == value for name, value in self.scope.items() if name != "text")
        return exact and (text in finding.scope or text in finding.message)

    @property
    def words(self) -> str:
        """The verdict for the reports of findings."""
        return f"{self.reason}（{self.name}，有效期至{self.until.isoformat()}）"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    return value.strip()


def _rule(value: Any) -> str:
    if value not in RULES or value in _VERDICT_RULES:
        raise ValueError(f"must be a rule that can be waived ({known_names(str(value), set(RULES) - _VERDICT_RULES)})")
    return str(value)


def _years(value: Any) -> tuple[int, ...]:
    years = value if isinstance(value, list) else [value]
    if not years or not all(type(year) is int for year in years):
        raise ValueError("must be a year or a list of years")
    return tuple(years)


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        raise ValueError("must be a date such as 2024-12-31")
    return value


def _scope(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not set(value) <= set(_SCOPE) or not value:
        raise ValueError(f"must name some of {', '.join(_SCOPE)}")
    return {name: str(text) for name, text in value.items()}


SETTINGS = {
    "rule": Setting(_rule, required=True),
    "years": Setting(_years, required=True),
    "scope": Setting(_scope, default={}),
    "reason": Setting(_text, required=True),
    "name": Setting(_text, required=True),
    "until": Setting(_date, required=True),
}


def load_waivers(project: Project, office: str) -> tuple[Waiver, ...]:
    """The office's waivers; InputError with file and line where one is not complete."""
    path = project.waivers_file(office)
    where = project.relative(path)
    text = Files(project).text(path)
    if text is None or not text.strip():
        return ()
    return tuple(
        Waiver(**read_settings(entry, SETTINGS, where), source=Source(where, line))
        for line, entry in _items(text, where)
    )


def _items(text: str, where: str) -> list[tuple[int, str]]:
    """The entries as texts of their own, each at the line where it stands, so that mistakes are named by line."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise InputError(f"is no valid YAML: {error}", where=where, hint="check spaces, colons and quotes") from error
    if node is None:
        return []
    if not isinstance(node, yaml.SequenceNode):
        hint = "each begins with '- rule: …' and has years, reason, name and until"
        raise InputError("must hold a list of waivers", where=where, hint=hint)
    lines = [item.start_mark.line for item in node.value]
    return [(line + 1, "\n" * line + yaml.serialize(item)) for line, item in zip(lines, node.value, strict=True)]


def apply_waivers(
    project: Project, reports: Sequence[Reading], findings: Sequence[Finding], ledger: Ledger
) -> tuple[Finding, ...]:
    """The findings with those waived that a valid waiver means, and findings on expired and unused waivers."""
    before = len(ledger.findings)
    loaded = {office: _load(project, office, reports, ledger) for office in {report.key.office for report in reports}}
    valid: dict[ReportKey, list[Waiver]] = {}
    for report in reports:
        mine = [waiver for waiver in loaded[report.key.office] if report.key.year in waiver.years]
        expired = [waiver for waiver in mine if report.published is not None and report.published > waiver.until]
        valid[report.key] = [waiver for waiver in mine if waiver not in expired]
        for waiver in expired:
            _say("WAIVER-EXPIRED", report.key, waiver, "已过期", "has expired", ledger)
    used: set[tuple[ReportKey, int]] = set()
    result: list[Finding] = []
    for finding in findings:
        judged = _waiver_of(finding, valid.get(finding.key, []))
        if judged is not None:
            used.add((finding.key, judged.source.line or 0))
        result.append(replace(finding, waived=judged.words) if judged else finding)
    for key, waivers in valid.items():
        for waiver in waivers:
            if (key, waiver.source.line or 0) not in used:
                _say("WAIVER-UNUSED", key, waiver, "没有对应的问题，应删去", "waives nothing: remove it", ledger)
    return (*result, *ledger.findings[before:])


def _waiver_of(finding: Finding, waivers: Sequence[Waiver]) -> Waiver | None:
    if finding.state in {FindingState.PASS, FindingState.NOT_ASSESSABLE}:
        return None
    return next((waiver for waiver in waivers if waiver.matches(finding)), None)


def _load(project: Project, office: str, reports: Sequence[Reading], ledger: Ledger) -> tuple[Waiver, ...]:
    try:
        return load_waivers(project, office)
    except InputError as error:
        for report in reports:
            if report.key.office == office:
                words = (f"豁免文件无法读取：{error}", f"the waivers cannot be read: {error}")
                ledger.breach("INPUT", report.key, words, Facts(scope=error.where or ""))
        return ()


def _say(rule: str, key: ReportKey, waiver: Waiver, zh: str, en: str, ledger: Ledger) -> None:
    words = (
        f"对{waiver.rule}的豁免（{waiver.reason}，{waiver.name}，至{waiver.until.isoformat()}）{zh}",
        f"the waiver of {waiver.rule} by {waiver.name} until {waiver.until.isoformat()} {en}",
    )
    scope = f"{waiver.rule}:{sorted(waiver.scope.items())}"
    ledger.breach(rule, key, words, Facts(scope=scope, source=waiver.source))
