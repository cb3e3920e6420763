"""``nianbao ledger``: tables, deadlines and fees from the register of requests.

May import: errors, form, model, paths; inputs and the sheet writer inside the command.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.cli.options import write_file
from nianbao.errors import ExitCode, UsageError
from nianbao.form import CellRef, place_name
from nianbao.model import ReportKey
from nianbao.paths import Project, find_project

if TYPE_CHECKING:
    from nianbao.inputs.ledger import Case, LedgerLook, LedgerProblem
    from nianbao.model import OfficeYear

_FORMATS = ("text", "json", "xlsx", "ics")


@click.command(
    "ledger",
    short_help="Tables, deadlines and fees from the register of requests.",
    epilog="Example: nianbao ledger shili 2023 --as-of 2023-12-15",
)
@click.argument("office")
@click.argument("year", type=int)
@click.option("--as-of", "day", help="The day to look from: today or YYYY-MM-DD (default: today, or the year's end).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write there (xlsx, ics: a default name)."
)
@click.option("--write", "write_tables", is_flag=True, help="Write applications.csv and review.csv from the register.")
@click.pass_obj
def command(
    start: Path, office: str, year: int, day: str | None, form: str, output: Path | None, *, write_tables: bool
) -> int:
    """Read the register of OFFICE (data/OFFICE/YEAR/ledger.xlsx or .csv) for the report of YEAR.

    Shows what is due, late or waiting, counts tables 3 and 4 with the cases behind each cell, and compares them with
    the tables that are there. Nothing is written without --write or --output. Exits 1 where a line cannot be taken.
    """
    from nianbao.inputs.files import Files
    from nianbao.inputs.ledger import line_problems, look_at
    from nianbao.inputs.ledger.load import load_ledger
    from nianbao.inputs.load import load

    project = find_project(start)
    key = project.key(office, year)
    ledger = load_ledger(Files(project), key)
    if ledger is None:
        names = "、".join(map(project.relative, project.ledger_files(key)[:2]))
        raise UsageError(f"没有台账：{names}", hint=f"生成一份空白台账：nianbao new {office} {year} --ledger")
    report = load(project, key)
    look = look_at(ledger, report.edition, year, _day(day, year))
    problems = list(line_problems(look))
    # Within the year the tables are not due: there is nothing to compare.
    differences = table_differences(look, report) if look.as_of >= datetime.date(year, 12, 31) else []
    if write_tables:
        _write_tables(look, differences, project, key)
    if form == "text":
        shown = "\n".join(_text(look, report, problems, differences))
        _put(output, (shown + "\n").encode(), shown)
    elif form == "json":
        shown = json.dumps(_json(look, problems, differences), ensure_ascii=False, indent=1)
        _put(output, (shown + "\n").encode(), shown)
    elif form == "ics":
        _put(output or Path(f"{office}-{year}-答复期限.ics"), calendar(look).encode(), None)
    else:
        from nianbao.inputs.ledger.sheet import ledger_workbook

        content = ledger_workbook(look, report.office.name, problems, differences)
        _put(output or Path(f"{report.office.name}{year}年台账汇总.xlsx"), content, None)
    return ExitCode.FINDINGS if any(problem.rule in _BLOCKING for problem in problems) else ExitCode.DONE


def _write_tables(
    look: LedgerLook, differences: list[tuple[CellRef, int, str]], project: Project, key: ReportKey
) -> None:
    """Write both tables where there are none, or none that states anything else; UsageError otherwise."""
    from nianbao.inputs.csv_table import table_text

    unread = [problem for problem in look.ledger.problems if problem.rule != "LEDGER-DUPLICATE"]
    if unread or differences or look.as_of < datetime.date(look.year, 12, 31):
        what = "台账尚有不能读取的行" if unread else "已填的表与台账不一致" if differences else "本年度尚未结束"
        raise UsageError(f"{what}，没有写入", hint=f"先看明细：nianbao ledger {key.office} {key.year}")
    for code in ("applications", "review"):
        path = project.table_file(key, code)
        counts = {ref: str(len(ids)) for ref, ids in look.tables.cases.items() if ref.table == code}
        content = table_text(look.edition.table(code), counts, headed=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
        click.echo(f"已写入 {project.relative(path)}", err=True)


_BLOCKING = {"LEDGER-CELL", "LEDGER-PRIVACY", "LEDGER-DUPLICATE", "LEDGER-RESULT", "LEDGER-ORDER"}


def _day(text: str | None, year: int) -> datetime.date:
    today = datetime.datetime.now().astimezone().date()
    if text is None:
        return today if today.year == year else datetime.date(year, 12, 31)
    if text == "today":
        return today
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day", hint="write today or YYYY-MM-DD") from None


def _put(output: Path | None, content: bytes, shown: str | None) -> None:
    if output is None:
        click.echo(shown)
    else:
        write_file(output, content, "已写入")


def table_differences(look: LedgerLook, report: OfficeYear) -> list[tuple[CellRef, int, str]]:
    """The cells of tables 3 and 4 whose stated value is not the register's count: cell, count, what is stated."""
    found = []
    for ref, ids in look.tables.cases.items():
        value = report.value(ref)
        if value.printed and value.number != len(ids):
            found.append((ref, len(ids), value.printed))
    return found


def _text(
    look: LedgerLook, report: OfficeYear, problems: list[LedgerProblem], differences: list[tuple[CellRef, int, str]]
) -> Iterator[str]:
    from nianbao.inputs.ledger.sheet import ids_shown

    counts = look.counts
    yield f"{report.office.name}{look.year}年依申请公开台账（截至{look.as_of}）"
    rate = f"，按期率{counts['on_time_rate'] * 100:.2f}%" if "on_time_rate" in counts else ""
    yield (
        f"  新收{counts['received']}，上年结转{counts['carried_in']}，已答复{counts['answered']}，"
        f"在办{counts['open']}，逾期{counts['late']}{rate}；收费{counts['fees']}元"
    )
    yield from _waiting(look)
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


def _waiting(look: LedgerLook) -> Iterator[str]:
    from nianbao.inputs.ledger import DUE_SOON

    waiting = look.waiting()
    late = [case for case in waiting if case.deadline.late_by]
    soon = [case for case in waiting if case.deadline.days_left is not None and case.deadline.days_left <= DUE_SOON]
    rest = [case for case in waiting if case not in late and case not in soon]
    for title, cases in (("已逾期", late), (f"{DUE_SOON}个工作日内到期", soon), ("其余在办", rest)):
        if cases:
            yield f"{title}（{len(cases)}）："
            yield from (f"  {_case_line(case)}" for case in cases)


def _case_line(case: Case) -> str:
    found = case.deadline
    due = f"应于{found.due}前答复" if found.due else "节假日安排尚未公布，暂不能计算" if found.unknown else "期限未起算"
    left = f"，逾期{found.late_by}个工作日" if found.late_by else ""
    left = f"，剩{found.days_left}个工作日" if found.days_left is not None else left
    return f"{case.request.id}  {found.state.chinese}  收到{case.request.received}，{due}{left}"


def _json(
    look: LedgerLook, problems: list[LedgerProblem], differences: list[tuple[CellRef, int, str]]
) -> dict[str, Any]:
    return {
        "office_year": look.year,
        "as_of": look.as_of.isoformat(),
        "applications": look.tables.table("applications"),
        "review": look.tables.table("review"),
        "counts": {
            name: float(value) if name.endswith(("rate", "days", "fees")) else value
            for name, value in look.counts.items()
        },
        "by_channel": dict(look.by_channel),
        "by_month": {str(month): count for month, count in look.by_month.items()},
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


def _case_json(case: Case) -> dict[str, Any]:
    due = case.deadline.due
    return {
        "id": case.request.id,
        "received": case.request.received.isoformat(),
        "answered": case.request.answered.isoformat() if case.request.answered else None,
        "due": due.isoformat() if due else None,
        "days_left": case.deadline.days_left,
        "late_by": case.deadline.late_by,
        "state": case.deadline.state.value,
        "result": case.request.result or None,
        "fee": None if case.fee_due is None else float(case.fee_due),
        "charged": None if case.request.fee is None else float(case.request.fee),
    }


def calendar(look: LedgerLook) -> str:
    """The due dates of the open cases as an iCalendar (RFC 5545): an all-day event each, by id alone."""
    stamp = f"{look.as_of:%Y%m%d}T000000Z"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//nianbao//ledger//ZH"]
    for case in look.waiting():
        if case.deadline.due is None:
            continue
        day, name = case.deadline.due, _escaped(case.request.id)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}-{look.year}@nianbao",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:依申请公开 {name} 答复期限",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", " ")
