"""The rules on the register of requests: its lines, and the tables that it yields against those that are stated.

May import: errors, form, inputs.ledger, model, paths, and of checks the finding log, labels and the subject.
Findings name cases by their ids alone.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from nianbao.checks.finding_log import Facts, FindingLog, cell_name, place_of
from nianbao.checks.subject import Subject
from nianbao.errors import InputError
from nianbao.form import CellRef
from nianbao.inputs import Files
from nianbao.inputs.ledger import LedgerLook, ids_shown, line_problems, load_ledger, look_at
from nianbao.inputs.ledger.stated import FEE_FIGURES
from nianbao.model import FindingState, Source
from nianbao.paths import Project

_MOST_IDS = 20
# What a unit of figures.csv is in the register's: yuan, cases.
_UNITS = {"元": 1, "万元": 10_000, "件": 1}


def check_register(subject: Subject, project: Project, log: FindingLog) -> None:
    """Check the register of the office-year, where there is one, as it stands at the end of the year."""
    key, edition = subject.key, subject.report.edition
    try:
        register = load_ledger(Files(project), key)
    except InputError as error:
        log.breach("INPUT", key, (str(error), error.english), Facts(scope=error.where or "ledger"))
        return
    if register is None:
        return
    look = look_at(register, edition, key.year, datetime.date(key.year, 12, 31))
    problems = list(line_problems(look))
    for problem in problems:
        facts = Facts(scope=f"{problem.place}:{problem.column}", source=Source(problem.place, column=problem.column))
        log.breach(problem.rule, key, (problem.message, problem.message_en), facts)
    log.passed("LEDGER-LATE", key, sum(case.deadline.late_by == 0 for case in look.cases))
    if register.problems:
        words = (
            "台账有不能读取的行，无法与表三、表四核对",
            "lines of the register cannot be read: nothing is compared",
        )
        log.add("LEDGER-TABLE", key, FindingState.NOT_ASSESSABLE, words)
        return
    reviewed = any(case.request.reconsidered or case.request.sued for case in look.cases)
    for ref in look.tables.cases:
        # Table 4 often comes from the legal office: a register without reviews says nothing of it.
        if ref.table == "applications" or reviewed:
            _compare(subject, look, ref, log)
    _compare_fees(subject, look, log)


def _compare_fees(subject: Subject, look: LedgerLook, log: FindingLog) -> None:
    """LEDGER-FIGURE: the fees that figures.csv states are those that the register says were charged."""
    for key, name in FEE_FIGURES.items():
        figure, measure = subject.report.figures.get(key), look.measures[name]
        if figure is None or figure.number is None or measure.number is None or figure.unit not in _UNITS:
            continue
        stated = Decimal(figure.number) * _UNITS[figure.unit]
        facts = Facts(scope=key, expected=measure.number, actual=stated, source=figure.source)
        if stated == measure.number:
            log.passed("LEDGER-FIGURE", subject.key, 1, facts)
            continue
        ids = ids_shown(measure.ids, _MOST_IDS) or "无"
        printed = f"{figure.value.printed}{figure.unit}"
        zh = f"其他数据“{figure.label}”为{printed}，台账为{measure.printed}{measure.unit}（{ids}）"
        en = f"figures.csv states {figure.value.printed} for {key}, the register {measure.printed} ({ids})"
        log.breach("LEDGER-FIGURE", subject.key, (zh, en), facts)


def _compare(subject: Subject, look: LedgerLook, ref: CellRef, log: FindingLog) -> None:
    evidence, count = subject.evidence(ref), look.tables.value(ref)
    stated = evidence.value.number
    if stated is None:
        return  # blank or no number: a finding of the cells
    facts = Facts(place_of(ref), count, stated, (evidence,), source=evidence.source)
    if stated == count:
        log.passed("LEDGER-TABLE", subject.key, 1, facts)
        return
    name, ids = cell_name(subject.report.edition, ref), look.tables.cases[ref]
    zh = f"{name}：表中{evidence.value.printed}，台账{count}件（{ids_shown(ids, _MOST_IDS) or '无'}）"
    en = f"{ref}: {evidence.value.printed} stated, {count} in the register ({', '.join(ids[:_MOST_IDS]) or 'none'})"
    log.breach("LEDGER-TABLE", subject.key, (zh, en), facts)
