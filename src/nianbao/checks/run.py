"""Owns the run of all rules over the office-years asked for: read, judge each by itself, judge all together.

May import: errors, inputs, model, paths and the other modules of checks.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from nianbao.checks.balances import check_balances
from nianbao.checks.characters import check_characters
from nianbao.checks.gx.engine import Engine
from nianbao.checks.gx.suites import form_suites
from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.reading import Reading, load_subjects, reading_of
from nianbao.checks.register import check_register
from nianbao.checks.subject import Subject
from nianbao.checks.suite_findings import check_office_suites
from nianbao.checks.table_cells import check_cells, check_issues
from nianbao.checks.tables import check_tables
from nianbao.checks.text.run import check_texts
from nianbao.checks.text.similarity import check_alike
from nianbao.checks.waivers import apply_waivers
from nianbao.checks.years import check_years
from nianbao.errors import InputError
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
    ledger = Ledger(passes)
    readings: list[Reading] = []
    engine: Engine | None = None
    with _portions(project, sorted(set(keys)), passes, jobs) as portions:
        if len(keys) >= _MANY:
            engine = Engine()  # imported while the others read
        for portion in portions:
            readings += portion.readings
            ledger.findings += portion.findings
            ledger.evaluated.update(portion.evaluated)
    if readings:
        engine = engine or Engine()
        _check_together(project, readings, engine, ledger)
        check_office_suites(project, readings, engine, ledger)
    return _report(ledger, apply_waivers(project, readings, ledger.distinct(), ledger), keys)


def check_values(
    reports: Sequence[OfficeYear], previous: Mapping[ReportKey, OfficeYear], *, passes: bool = False
) -> CheckReport:
    """The same for values that are already loaded; their texts are plain, so typed numbers are no findings.

    ``previous`` holds last year's report by its own key.
    """
    ledger = Ledger(passes)
    readings: list[Reading] = []
    for report in reports:
        subject = Subject(report, previous.get(report.key.previous), bound=False)
        readings.append(_check_alone(subject, None, ledger))
    if readings:
        _check_together(None, readings, Engine(), ledger)
    return _report(ledger, ledger.distinct(), [report.key for report in reports])


def _report(ledger: Ledger, findings: Sequence[Finding], keys: Sequence[ReportKey]) -> CheckReport:
    """The report in an order that depends on nothing but the findings themselves."""
    ordered = sorted(findings, key=lambda finding: (finding.key, finding.rule, finding.fingerprint))
    return CheckReport(tuple(ordered), {key: ledger.evaluated.get(key, 0) for key in keys})


def _check_alone(subject: Subject, project: Project | None, ledger: Ledger) -> Reading:
    """The rules that need one office-year and the one before it; what remains are its numbers."""
    reading, odd = reading_of(subject, project)
    check_issues(subject, ledger)
    check_cells(subject, odd, ledger)
    check_characters(subject, ledger)
    check_tables(subject, ledger)
    check_years(subject, ledger)
    check_texts(subject, ledger)
    if project is not None:
        check_register(subject, project, ledger)
    return reading


def _check_together(project: Project | None, readings: list[Reading], engine: Engine, ledger: Ledger) -> None:
    """The balance rules: one validation of each suite over all office-years of its edition."""
    ordered = sorted(readings, key=lambda reading: (reading.edition_code, reading.key))
    for code, members in groupby(ordered, key=lambda reading: reading.edition_code):
        check_balances(list(members), form_suites(project, code), engine, ledger)
    check_alike({reading.key: reading.sketch for reading in readings}, ledger)


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
    ledger = Ledger(passes)
    subjects, unreadable = load_subjects(project, keys)
    for key, error in unreadable:
        _unreadable(key, error, ledger)
    readings: list[Reading] = []
    for subject in subjects:
        try:
            readings.append(_check_alone(subject, project, ledger))
        except Exception as error:  # noqa: BLE001 -- one office's trouble must not end the check of all
            _unreadable(subject.key, error, ledger)
    return Portion(readings, ledger.findings, ledger.evaluated)


def _read_small(project: Project, keys: Sequence[ReportKey], passes: bool) -> Portion:
    portion = _read(project, keys, passes)
    return Portion([reading.let_go() for reading in portion.readings], portion.findings, portion.evaluated)


def _unreadable(key: ReportKey, error: Exception, ledger: Ledger) -> None:
    """An office-year that could not be read or judged, for whatever reason, as a finding of its own."""
    if isinstance(error, InputError):
        place = f"{error.where}：" if error.where else ""
        words = (f"资料无法读取：{place}{error.zh or error.what}", error.english)
        scope = error.where or ""
    else:
        kind = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        at = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        words = (
            f"资料无法读取：处理时出错（{kind}：{str(error)[:80]}），请检查本单位的资料文件",
            f"could not be read or judged: {kind}: {str(error)[:200]} ({at})",
        )
        scope = kind
    ledger.breach("INPUT", key, words, Facts(scope=scope))
