"""Owns the run of all rules over the office-years asked for: load, tables, years, texts, verdicts.

May import: errors, form, inputs, model, paths and the other modules of checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from nianbao.checks.balances import check_balances
from nianbao.checks.gx.engine import Engine
from nianbao.checks.gx.frames import numbers_of
from nianbao.checks.gx.suites import form_suites
from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.checks.suite_findings import check_office_suites
from nianbao.checks.table_cells import check_cells, check_issues
from nianbao.checks.tables import check_tables
from nianbao.checks.text.run import check_texts
from nianbao.checks.waivers import apply_waivers
from nianbao.checks.years import check_years
from nianbao.errors import InputError
from nianbao.inputs import load
from nianbao.model import CheckReport, Finding, OfficeYear, ReportKey
from nianbao.paths import Project


def check(project: Project, keys: Sequence[ReportKey], *, passes: bool = False) -> CheckReport:
    """Check office-years of the project by all rules; with ``passes``, what passed is listed too.

    An office-year that cannot be loaded is a finding (INPUT) and never stops the others. NianbaoError where a
    suite in expectations/ is not what the form declares.
    """
    ledger = Ledger(passes)
    subjects = _load(project, keys, ledger)
    _check(project, subjects, ledger)
    findings = apply_waivers(project, [subject.report for subject in subjects], ledger.distinct(), ledger)
    return _report(ledger, findings, keys)


def check_values(
    reports: Sequence[OfficeYear], previous: Mapping[ReportKey, OfficeYear], *, passes: bool = False
) -> CheckReport:
    """The same for values that are already loaded; their texts are plain, so typed numbers are no findings.

    ``previous`` holds last year's report by its own key.
    """
    ledger = Ledger(passes)
    subjects = [Subject(report, previous.get(report.key.previous), bound=False) for report in reports]
    _check(None, subjects, ledger)
    return _report(ledger, ledger.distinct(), [report.key for report in reports])


def _report(ledger: Ledger, findings: Sequence[Finding], keys: Sequence[ReportKey]) -> CheckReport:
    """The report in an order that depends on nothing but the findings themselves."""
    ordered = sorted(findings, key=lambda finding: (finding.key, finding.rule, finding.fingerprint))
    return CheckReport(tuple(ordered), {key: ledger.evaluated.get(key, 0) for key in keys})


def _load(project: Project, keys: Sequence[ReportKey], ledger: Ledger) -> list[Subject]:
    loaded: dict[ReportKey, OfficeYear | None] = {}

    def one(key: ReportKey, *, asked: bool) -> OfficeYear | None:
        if key not in loaded:
            try:
                loaded[key] = load(project, key)
            except InputError as error:
                loaded[key] = None
                if asked:
                    _unreadable(key, error, ledger)
        return loaded[key]

    reports = [report for key in keys if (report := one(key, asked=True))]
    subjects: list[Subject] = []
    for report in reports:
        there = project.year_file(report.key.previous).is_file()
        subjects.append(Subject(report, one(report.key.previous, asked=False) if there else None))
    return subjects


def _unreadable(key: ReportKey, error: InputError, ledger: Ledger) -> None:
    place = f"{error.where}：" if error.where else ""
    hint = f"（{error.hint}）" if error.hint else ""
    words = (f"资料无法读取：{place}{error.what}{hint}", str(error).replace("\n ", ""))
    ledger.breach("INPUT", key, words, Facts(scope=error.where or ""))


def _check(project: Project | None, subjects: Sequence[Subject], ledger: Ledger) -> None:
    if not subjects:
        return
    engine = Engine()
    ordered = sorted(subjects, key=lambda subject: subject.report.edition.code)
    for code, members in groupby(ordered, key=lambda subject: subject.report.edition.code):
        group = list(members)
        numbers = numbers_of(group)
        check_balances(numbers, form_suites(project, code), engine, ledger)
        for subject, odd in zip(group, numbers.odd, strict=True):
            check_cells(subject, odd, ledger)
            check_issues(subject, ledger)
            check_tables(subject, ledger)
            check_years(subject, ledger)
            check_texts(subject, ledger)
    if project is not None:
        check_office_suites(project, subjects, engine, ledger)
