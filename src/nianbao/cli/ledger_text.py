"""The look at the register for people and programs: text, JSON, and an iCalendar of due dates.

May import: form, model, inputs.ledger. Ids, dates and counts alone: no word of an applicant is in any of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from nianbao.form import place_name
from nianbao.inputs.ledger import DUE_SOON, Case, CaseState, LedgerLook, LedgerProblem, Measure, ids_shown
from nianbao.inputs.ledger.write import Difference
from nianbao.model import OfficeYear

_WAITING_FOR = {
    CaseState.WAITING_CORRECTION: "等待申请人补正",
    CaseState.WAITING_FEE: "等待申请人缴费",
    CaseState.WAITING_THIRD_PARTY: "等待第三方意见",
    CaseState.WAITING_JOINT: "等待会同机关意见",
}


def look_text(
    look: LedgerLook, report: OfficeYear, problems: Sequence[LedgerProblem], differences: Sequence[Difference]
) -> Iterator[str]:
    """The look in lines: counts, what is late, due soon or waits for whom, what must be mended, what differs."""
    numbers = {name: measure.printed for name, measure in look.measures.items()}
    yield f"{report.office.name}{look.year}年依申请公开台账（截至{look.as_of}）"
    yield f"  读自 {'、'.join(look.ledger.sheets)}"
    rate = f"，按期答复率{numbers['on_time_rate']}" if numbers["on_time_rate"] else ""
    fees = f"；收取信息处理费{numbers['fees']}元" if numbers["fees"] else ""
    yield (
        f"  新收{numbers['received']}，上年结转{numbers['carried_in']}，已答复{numbers['answered']}，"
        f"在办{numbers['open']}，逾期{numbers['late']}{rate}{fees}"
    )
    for title, cases in waiting_groups(look):
        yield f"{title}（{len(cases)}）："
        yield from (f"  {_case_line(case)}" for case in cases)
    if problems:
        yield f"台账需要更正或核实的（{len(problems)}）："
        yield from (f"  {problem.rule}  {problem.place}  {problem.message}" for problem in problems)
    if differences:
        yield f"与表三、表四不一致的单元格（{len(differences)}）："
        for ref, count, stated in differences:
            ids = ids_shown(look.tables.cases[ref], 10)
            yield f"  {place_name(ref.table, ref.row, ref.column)}：表中{stated}，台账{count}（{ids or '无'}）"
    elif look.as_of >= datetime.date(look.year, 12, 31):
        yield "与表三、表四没有不一致的单元格"


def waiting_groups(look: LedgerLook) -> Iterator[tuple[str, list[Case]]]:
    """The open cases under what a clerk has to do: late, due within a week, waiting for others, the rest."""
    groups: dict[str, list[Case]] = {
        name: [] for name in ("已逾期", f"{DUE_SOON}个工作日内到期", "其余待答复", *_WAITING_FOR.values())
    }
    for case in look.waiting():
        left = case.deadline.days_left
        if case.deadline.late_by:
            name = "已逾期"
        elif case.deadline.state in _WAITING_FOR:
            name = _WAITING_FOR[case.deadline.state]
        else:
            name = f"{DUE_SOON}个工作日内到期" if left is not None and left <= DUE_SOON else "其余待答复"
        groups[name].append(case)
    yield from ((name, cases) for name, cases in groups.items() if cases)


def _case_line(case: Case) -> str:
    found = case.deadline
    due = f"应于{found.due}前答复" if found.due else "节假日安排尚未公布，暂不能计算" if found.unknown else "期限未起算"
    left = f"，逾期{found.late_by}个工作日" if found.late_by else ""
    left = f"，剩{found.days_left}个工作日" if found.days_left is not None else left
    asked = f"；{found.asked}发出" if found.asked else ""
    asked += f"，对方应于{found.answer_by}前回复" if found.answer_by else ""
    return f"{case.request.id}  {found.state.chinese}  收到{case.request.received}，{due}{left}{asked}"


def look_json(look: LedgerLook, problems: Sequence[LedgerProblem], differences: Sequence[Difference]) -> dict[str, Any]:
    """The look for programs: both tables, the cases behind each cell, deadlines, fees, differences and findings."""
    return {
        "office_year": look.year,
        "as_of": look.as_of.isoformat(),
        "sheets": list(look.ledger.sheets),
        "applications": look.tables.table("applications"),
        "review": look.tables.table("review"),
        "counts": {name: _number(measure) for name, measure in look.measures.items() if "." not in name},
        **{group: _group(look, group) for group in ("by_channel", "by_month", "by_result")},
        "cells": {str(ref): list(ids) for ref, ids in look.tables.cases.items() if ids},
        "cases": [_case_json(case) for case in look.cases],
        "differences": [
            {"cell": str(ref), "ledger": count, "stated": stated, "cases": list(look.tables.cases[ref])}
            for ref, count, stated in differences
        ],
        "findings": [
            {
                "rule": problem.rule,
                "id": problem.id,
                "place": problem.place,
                "column": problem.column,
                "message": problem.message,
                "message_en": problem.message_en,
            }
            for problem in problems
        ],
    }


def _number(measure: Measure) -> int | float | None:
    whole = measure.number is None or isinstance(measure.number, int)
    return measure.number if whole else float(measure.number or 0)  # type: ignore[return-value]


def _group(look: LedgerLook, group: str) -> dict[str, int | float | None]:
    start = f"{group}."
    return {
        name.removeprefix(start): _number(measure) for name, measure in look.measures.items() if name.startswith(start)
    }


def _case_json(case: Case) -> dict[str, Any]:
    found, request = case.deadline, case.request
    return {
        "id": request.id,
        "place": request.place,
        "received": request.received.isoformat(),
        "answered": request.answered.isoformat() if request.answered else None,
        "due": found.due.isoformat() if found.due else None,
        "days_left": found.days_left,
        "late_by": found.late_by,
        "state": found.state.value,
        "unknown": found.unknown,
        "result": request.result or None,
        "fee": None if case.fee_due is None else float(case.fee_due),
        "charged": None if request.fee is None else float(request.fee),
    }


def calendar(look: LedgerLook, office: str) -> str:
    """The due dates of the open cases as an iCalendar (RFC 5545): an all-day event each, by id alone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nianbao//ledger//ZH", "CALSCALE:GREGORIAN"]
    for case in look.waiting():
        if case.deadline.due is None:
            continue
        day, name = case.deadline.due, _escaped(case.request.id)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(office)}-{look.year}-{name}@nianbao",
            f"DTSTAMP:{look.as_of:%Y%m%d}T000000Z",  # the day of the look, so that the same look gives the same bytes
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:依申请公开 {name} {'已逾期' if case.deadline.late_by else '答复期限'}",
            f"DESCRIPTION:{_escaped(_case_line(case))}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for plain in ("\\", ";", ","):
        text = text.replace(plain, f"\\{plain}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """The line in pieces of 75 bytes at most, each further one behind a blank; no character is cut."""
    pieces, size = [""], 0
    for char in line:
        length = len(char.encode())
        if size + length > (75 if len(pieces) == 1 else 74):
            pieces.append("")
            size = 0
        pieces[-1] += char
        size += length
    return "\r\n ".join(pieces)
