"""Apply people's verdicts on findings: params/<office>/waivers.yaml -> findings that block no more.

A waiver's date is judged against the date on which the report is published, not against the clock: the same inputs
give the same findings on every day.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

from nianbao.checks.catalogue import RULES
from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.reading import Reading
from nianbao.errors import InputError, known_names
from nianbao.form import EDITIONS
from nianbao.inputs.files import Files
from nianbao.inputs.yaml_file import Setting, SettingError, composed, date, settings_of, text, unreadable
from nianbao.model import Finding, FindingState, InputIssue, IssueKind, ReportKey, Source
from nianbao.paths import Project

# What cannot be read or printed is no matter of judgement.
_VERDICT_RULES = frozenset({"WAIVER-EXPIRED", "WAIVER-UNUSED", "INPUT", "TEXT-REFERENCE", "TEXT-CHARACTER"})
_BALANCES = frozenset(rule.id for edition in EDITIONS.values() for rule in edition.balances)
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
        words = self.scope.get("text", "")
        exact = all(own[name] == value for name, value in self.scope.items() if name != "text")
        return exact and (words in finding.scope or words in finding.message)

    @property
    def words(self) -> str:
        """The verdict for the reports of findings."""
        return f"{self.reason}（{self.name}，有效期至{self.until.isoformat()}）"


def _rule(value: Any) -> str:
    if value not in RULES or value in _VERDICT_RULES:
        known = known_names(str(value), set(RULES) - _VERDICT_RULES)
        raise SettingError("应为可以豁免的规则编号", f"must be a rule that can be waived ({known})")
    return str(value)


def _years(value: Any) -> tuple[int, ...]:
    years = value if isinstance(value, list) else [value]
    if not years or not all(isinstance(year, str) and re.fullmatch(r"[12]\d{3}", year.strip()) for year in years):
        raise SettingError("应为年度或年度的列表，如 2023", "must be a year or a list of years")
    return tuple(int(year) for year in years)


def _scope(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not value or not set(value) <= set(_SCOPE) or not all(value.values()):
        names = ", ".join(_SCOPE)
        raise SettingError(f"应写明范围（{names} 之一或几项）", f"must name some of {names}")
    return {name: str(text) for name, text in value.items()}


SETTINGS = {
    "rule": Setting(_rule, required=True),
    "years": Setting(_years, required=True),
    "scope": Setting(_scope, required=True),
    "reason": Setting(text, required=True),
    "name": Setting(text, required=True),
    "until": Setting(date, required=True),
}


def load_waivers(project: Project, office: str) -> tuple[list[Waiver], list[InputIssue]]:
    """The office's waivers that are complete, and an issue with file and line for each that is not."""
    path = project.waivers_file(office)
    where = project.relative(path)
    try:
        content = Files(project).text(path)
        node = composed(content, where) if content and content.strip() else None
    except InputError as error:
        return [], [unreadable(error, where)]
    if node is None:
        return [], []
    waivers: list[Waiver] = []
    issues: list[InputIssue] = []
    for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        source = Source(where, item.start_mark.line + 1)
        if not isinstance(item, yaml.MappingNode) or item is node:
            words = (
                "应为豁免的列表，每项以“- rule: …”开头",
                "must hold a list of waivers, each beginning with '- rule: …'",
            )
            issues.append(InputIssue(IssueKind.UNREADABLE, source, found=words[1], words=words))
            continue
        found, wrong = settings_of(item, SETTINGS, where)
        if wrong:
            issues += [issue if issue.source.line else replace(issue, source=source) for issue in wrong]
        elif found["rule"] in _BALANCES and not {"row", "column", "fingerprint"} & set(found["scope"]):
            words = (
                f"对 {found['rule']} 的豁免须写明 row 或 column",
                f"a waiver of {found['rule']} must name a row or a column",
            )
            issues.append(InputIssue(IssueKind.UNREADABLE, source, found=words[1], words=words))
        else:
            waivers.append(Waiver(**found, source=source))
    return waivers, issues


def apply_waivers(  # noqa: C901 -- two plain loops
    project: Project, reports: Sequence[Reading], findings: Sequence[Finding], log: FindingLog
) -> tuple[Finding, ...]:
    """The findings with those waived that a valid waiver means, and findings on expired and unused waivers."""
    before = len(log.findings)
    loaded = {office: _load(project, office, reports, log) for office in {report.key.office for report in reports}}
    valid: dict[ReportKey, list[Waiver]] = {}
    for report in reports:
        valid[report.key] = []
        for waiver in loaded[report.key.office]:
            if report.key.year not in waiver.years:
                continue
            if report.published is not None and report.published > waiver.until:
                _say("WAIVER-EXPIRED", report.key, waiver, "已过期", "has expired", log)
            elif report.published is not None and waiver.until > _a_year_after(report.published):
                _too_long(report.key, waiver, log)
            else:
                valid[report.key].append(waiver)
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
                _say("WAIVER-UNUSED", key, waiver, "没有对应的问题，应删去", "waives nothing: remove it", log)
    return (*result, *log.findings[before:])


def _waiver_of(finding: Finding, waivers: Sequence[Waiver]) -> Waiver | None:
    if finding.state in {FindingState.PASS, FindingState.NOT_ASSESSABLE}:
        return None
    return next((waiver for waiver in waivers if waiver.matches(finding)), None)


def _a_year_after(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=366)


def _too_long(key: ReportKey, waiver: Waiver, log: FindingLog) -> None:
    words = (
        f"资料无法读取：{waiver.source}：豁免有效期最长为落款日期后一年，现为{waiver.until.isoformat()}",
        f"{waiver.source}: a waiver may last a year from the date of the report, not until {waiver.until.isoformat()}",
    )
    log.breach("INPUT", key, words, Facts(scope=f"until:{waiver.source}", source=waiver.source))


def _load(project: Project, office: str, reports: Sequence[Reading], log: FindingLog) -> Sequence[Waiver]:
    waivers, issues = load_waivers(project, office)
    for report in reports:
        for issue in issues if report.key.office == office else ():
            zh, en = issue.words or (issue.found, issue.found)
            words = (f"资料无法读取：{issue.source}：豁免：{zh}", f"{issue.source}: the waivers cannot be read: {en}")
            log.breach("INPUT", report.key, words, Facts(scope=f"waivers:{issue.found}", source=issue.source))
    return waivers


def _say(rule: str, key: ReportKey, waiver: Waiver, zh: str, en: str, log: FindingLog) -> None:
    words = (
        f"对{waiver.rule}的豁免（{waiver.reason}，{waiver.name}，至{waiver.until.isoformat()}）{zh}",
        f"the waiver of {waiver.rule} by {waiver.name} until {waiver.until.isoformat()} {en}",
    )
    scope = f"{waiver.rule}:{sorted(waiver.scope.items())}"
    log.breach(rule, key, words, Facts(scope=scope, source=waiver.source))
