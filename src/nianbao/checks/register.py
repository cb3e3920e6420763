"""The rules on the register of requests: its lines, and the tables that it yields against those that are stated.

Findings name cases by their ids alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from nianbao.checks.finding_log import Facts, FindingLog, cell_name, place_of
from nianbao.checks.subject import Subject
from nianbao.errors import InputError
from nianbao.form import CellRef
from nianbao.inputs import Files
from nianbao.inputs.ledger import Case, LedgerLook, LedgerProblem, Request, ids_shown, load_ledger, look_at
from nianbao.inputs.ledger.deadlines import CORRECTION_WITHIN, due_date, workday_after
from nianbao.inputs.ledger.fees import is_page_fee
from nianbao.inputs.ledger.requests import BY_CODE
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
        log.breach("INPUT", key, error.placed_in_both, Facts(scope=error.where or "ledger"))
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


# Pairs of dates of which the first may not come after the second.
_ORDER = (
    ("received", "correction_asked"),
    ("correction_asked", "correction_received"),
    ("received", "third_party_asked"),
    ("third_party_asked", "third_party_answered"),
    ("received", "joint_asked"),
    ("joint_asked", "joint_answered"),
    ("received", "extended"),
    ("received", "fee_notice"),
    ("fee_notice", "fee_paid"),
    ("received", "answered"),
    ("extended", "answered"),
    ("correction_asked", "answered"),
    ("correction_received", "answered"),
    ("third_party_asked", "answered"),
    ("joint_asked", "answered"),
    ("fee_notice", "answered"),
    ("received", "reconsidered"),
    ("received", "sued"),
)
# What must be there where something else is.
_NEEDS = (
    ("correction_received", "correction_asked"),
    ("third_party_answered", "third_party_asked"),
    ("joint_answered", "joint_asked"),
    ("fee_paid", "fee_notice"),
    ("reconsideration_outcome", "reconsidered"),
    ("suit_outcome", "sued"),
    ("suit_kind", "sued"),
    ("sued", "suit_kind"),
)


def line_problems(look: LedgerLook) -> Iterator[LedgerProblem]:
    """The problems of the register's lines, those that could not be read first.

    One for each rule that a line breaks; of a line whose dates cannot be, nothing else is said: it would follow.
    """
    yield from look.ledger.problems
    for case in look.cases:
        order = _order(case.request)
        if order:
            yield order
            continue
        yield from _result(case.request)
        yield from _late(case, look.as_of)
        yield from _steps(case.request)
        yield from _fee(case)


def _problem(rule: str, request: Request, column: str, zh: str, en: str) -> LedgerProblem:
    return LedgerProblem(
        rule, request.place, column, f"台账{request.id}：{zh}", f"register {request.id}: {en}", request.id
    )


def _order(request: Request) -> LedgerProblem | None:
    found: list[tuple[str, str, str]] = []
    for before, after in _ORDER:
        first, second = getattr(request, before), getattr(request, after)
        if first and second and first > second:
            zh = f"“{BY_CODE[before].head}”{first}晚于“{BY_CODE[after].head}”{second}"
            found.append((after, zh, f"{before} {first} is after {after} {second}"))
    for given, needed in _NEEDS:
        if getattr(request, given) and not getattr(request, needed):
            zh = f"填了“{BY_CODE[given].head}”，没有填“{BY_CODE[needed].head}”"
            found.append((needed, zh, f"{given} is given, {needed} is not"))
    if not found:
        return None
    zh, en = "；".join(one[1] for one in found), "; ".join(one[2] for one in found)
    return _problem("LEDGER-ORDER", request, found[0][0], zh, en)


def _result(request: Request) -> Iterator[LedgerProblem]:
    if request.answered and not request.result:
        yield _problem("LEDGER-RESULT", request, "result", "已答复，没有填办理结果", "answered without a result")
    if request.result and not request.answered:
        yield _problem("LEDGER-RESULT", request, "answered", "有办理结果，没有填答复日期", "a result without its date")


def _late(case: Case, as_of: datetime.date) -> Iterator[LedgerProblem]:
    request, found = case.request, case.deadline
    if not found.late_by or found.doubtful:
        return
    end = request.answered if request.answered and request.answered <= as_of else None
    zh = f"应于{found.due}前答复，{f'{end}答复' if end else '尚未答复'}，逾期{found.late_by}个工作日"
    en = f"due {found.due}, {f'answered {end}' if end else 'not answered'}, {found.late_by} working days late"
    yield _problem("LEDGER-LATE", request, "answered", zh, en)


def _steps(request: Request) -> Iterator[LedgerProblem]:
    if request.extended:
        due = due_date(request, extended=False)
        if due and request.extended > due:
            zh = f"延期应于{due}前告知，{request.extended}才告知"
            en = f"extended on {request.extended}, after the period had ended on {due}"
            yield _problem("LEDGER-EXTENSION", request, "extended", zh, en)
    if request.correction_asked:
        last = workday_after(request.received, CORRECTION_WITHIN)
        if last and request.correction_asked > last:
            asked = request.correction_asked
            zh = f"补正应于收到之日起{CORRECTION_WITHIN}个工作日内（{last}前）一次性告知，{asked}才告知"
            en = f"correction asked on {asked}, later than {CORRECTION_WITHIN} working days ({last})"
            yield _problem("LEDGER-CORRECTION", request, "correction_asked", zh, en)


def _fee(case: Case) -> Iterator[LedgerProblem]:
    charged, due = case.request.fee, case.fee_due
    if not charged or due is None or charged == due:
        return
    by_page = case.request.pages is not None
    zh = f"收费{charged}元，{'按量' if by_page else '按件'}计应为{due}元"
    en = f"{charged} yuan charged, by {'page' if by_page else 'item'} it is {due}"
    if not by_page and is_page_fee(charged):
        zh, en = f"{zh}；如按量计收，请填写“{BY_CODE['pages'].head}”", f"{en}; if it was by page, state the pages"
    yield _problem("LEDGER-FEE", case.request, "fee", zh, en)
