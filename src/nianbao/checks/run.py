"""Apply all rules to the office-years asked for: read, judge each by itself, judge all together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from nianbao.checks.engine import Engine
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.input_findings import check_characters, check_issues, tell_unreadable
from nianbao.checks.office_suites import check_office_suites
from nianbao.checks.reading import Reading, load_subjects, reading_of
from nianbao.checks.register import check_register
from nianbao.checks.rollup import check_rollup
from nianbao.checks.subject import Subject
from nianbao.checks.suite_findings import check_balances
from nianbao.checks.suites import form_suites
from nianbao.checks.table_cells import check_cells
from nianbao.checks.tables import check_tables, check_years
from nianbao.checks.text.alike import check_alike
from nianbao.checks.text.run import check_texts
from nianbao.checks.waivers import apply_waivers
from nianbao.model import CheckReport, Finding, OfficeYear, ReportKey
from nianbao.paths import Project

# From so many office-years on, they are read by several processes, in portions of which each keeps only the numbers.
_MANY = 400
_PORTION = 100


def check(project: Project, keys: Sequence[ReportKey], *, passes: bool = False, jobs: int | None = None) -> CheckReport:
    """Check office-years of the project by all rules; with ``passes``, what passed is listed too.

    An office-year that cannot be loaded is a finding (INPUT) and never stops the others. NianbaoError where a
    suite in expectations/ is not what the form declares. ``jobs``: how many processes read, where there are many
    office-years (None: one for each core; 1: this one).
    """
    log = FindingLog(passes)
    readings: list[Reading] = []
    engine: Engine | None = None
    with _portions(project, sorted(set(keys)), passes, jobs) as portions:
        if len(keys) >= _MANY:
            engine = Engine()  # imported while the others read
        for portion in portions:
            readings += portion.readings
            log.findings += portion.findings
            log.evaluated.update(portion.evaluated)
    if readings:
        engine = engine or Engine()
        _check_together(project, readings, engine, log)
        check_office_suites(project, readings, engine, log)
    return _report(log, apply_waivers(project, readings, log.distinct(), log), keys, readings)


def check_values(
    reports: Sequence[OfficeYear], previous: Mapping[ReportKey, OfficeYear], *, passes: bool = False
) -> CheckReport:
    """The same for values that are already loaded; their texts are plain, so typed numbers are no findings.

    ``previous`` holds last year's report by its own key.
    """
    log = FindingLog(passes)
    readings: list[Reading] = []
    for report in reports:
        subject = Subject(report, previous.get(report.key.previous), bound=False)
        readings.append(_check_alone(subject, None, log))
    if readings:
        _check_together(None, readings, Engine(), log)
    return _report(log, log.distinct(), [report.key for report in reports], readings)


def _report(
    log: FindingLog, findings: Sequence[Finding], keys: Sequence[ReportKey], readings: Sequence[Reading]
) -> CheckReport:
    """The report in an order that depends on nothing but the findings themselves."""
    ordered = sorted(findings, key=lambda finding: (finding.key, finding.rule, finding.fingerprint))
    names = {reading.key.office: reading.name for reading in readings}
    return CheckReport(tuple(ordered), {key: log.evaluated.get(key, 0) for key in keys}, names)


def _check_alone(subject: Subject, project: Project | None, log: FindingLog) -> Reading:
    """The rules that need one office-year and the one before it; what remains are its numbers."""
    reading, odd = reading_of(subject, project)
    check_issues(subject, log)
    check_cells(subject, odd, log)
    check_characters(subject, log)
    check_tables(subject, log)
    check_years(subject, log)
    check_texts(subject, log)
    if project is not None:
        check_register(subject, project, log)
        check_rollup(subject, project, log)
    return reading


def _check_together(project: Project | None, readings: list[Reading], engine: Engine, log: FindingLog) -> None:
    """The balance rules, one validation of each suite over all office-years of its edition; texts that are alike."""
    ordered = sorted(readings, key=lambda reading: (reading.edition_code, reading.key))
    for code, members in groupby(ordered, key=lambda reading: reading.edition_code):
        check_balances(list(members), form_suites(project, code), engine, log)
    by_key = {reading.key: reading for reading in readings}
    sketches = {key: reading.sketch for key, reading in by_key.items()}
    check_alike(sketches, lambda key: by_key[key].subject.report, log)


@dataclass(frozen=True)
class Portion:
    """What one process made of some office-years."""

    readings: list[Reading]
    findings: list[Finding]
    evaluated: Counter[ReportKey]


@contextmanager
def _portions(
    project: Project, keys: Sequence[ReportKey], passes: bool, jobs: int | None
) -> Iterator[Iterator[Portion]]:
    """The office-years read and judged one by one: here where they are few, in processes where they are many."""
    portions = [keys[start : start + _PORTION] for start in range(0, len(keys), _PORTION)]
    if len(keys) < _MANY:
        yield iter([_read(project, keys, passes)])
        return
    if jobs == 1:
        yield (_read_small(project, portion, passes) for portion in portions)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    workers = jobs or os.cpu_count() or 1
    # Spawned, not forked: the engine is imported in this process at the same time.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_read_small, project, portion, passes) for portion in portions]
        yield (future.result() for future in futures)


def _read(project: Project, keys: Sequence[ReportKey], passes: bool) -> Portion:
    log = FindingLog(passes)
    subjects, unreadable = load_subjects(project, keys)
    for key, error in unreadable:
        tell_unreadable(key, error, log)
    readings: list[Reading] = []
    for subject in subjects:
        try:
            readings.append(_check_alone(subject, project, log))
        except Exception as error:  # noqa: BLE001 -- one office's trouble must not end the check of all
            tell_unreadable(subject.key, error, log)
    return Portion(readings, log.findings, log.evaluated)


def _read_small(project: Project, keys: Sequence[ReportKey], passes: bool) -> Portion:
    portion = _read(project, keys, passes)
    return Portion([reading.drop() for reading in portion.readings], portion.findings, portion.evaluated)
