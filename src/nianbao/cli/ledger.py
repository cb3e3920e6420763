"""``nianbao ledger``: tables, deadlines and fees from the register of requests, as text, JSON, calendar and workbook.

What is shown of a request is its id.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from nianbao.cli.offices import OFFICE
from nianbao.cli.options import day_named, put, today
from nianbao.errors import ExitCode, UsageError
from nianbao.errors.language import Message, either, language, told_in, tr
from nianbao.form import place_name
from nianbao.inputs.ledger import (
    DUE_SOON,
    Case,
    CaseState,
    LedgerLook,
    LedgerProblem,
    Measure,
    ids_shown,
    load_ledger,
    look_at,
)
from nianbao.inputs.ledger.stated import Difference, table_differences, write_from_ledger
from nianbao.model import OfficeYear
from nianbao.paths import find_project

_FORMATS = ("text", "json", "xlsx", "ics")
_BLOCKING = {"LEDGER-CELL", "LEDGER-PRIVACY", "LEDGER-DUPLICATE", "LEDGER-RESULT", "LEDGER-ORDER"}


@click.command(
    "ledger",
    epilog="Example: nianbao ledger shili 2023 --as-of 2023-12-15",
)
@click.argument("office", type=OFFICE)
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
    the tables that are there. A register of several years stands in data/OFFICE/. Nothing is written without --write or
    --output; --write fills what is blank, the fees of figures.csv too. Exits 1 where a line must be mended.
    """
    from nianbao.checks.register import line_problems
    from nianbao.inputs import Files, load

    project = find_project(start)
    key = project.key(office, year)
    ledger = load_ledger(Files(project), key)
    if ledger is None:
        names = [project.relative(path) for path in project.ledger_files(key)]
        raise UsageError(
            Message("there is no register of requests; looked for {names}", names=names),
            hint=Message("make a blank one: nianbao new {office} {year} --ledger", office=office, year=year),
        )
    report = load(project, key)
    end = datetime.date(year, 12, 31)
    look = look_at(ledger, report.edition, year, day_named(day, today() if today().year == year else end))
    problems = list(line_problems(look))
    if write_tables:
        written = write_from_ledger(look, report, project)
        for name in written:
            click.echo(tr("wrote {path}", path=name), err=True)
        if not written:
            click.echo(tr("nothing was written: there is no blank to fill"), err=True)
        report = load(project, key)
    # Within the year the tables are not due: there is nothing to compare.
    differences = table_differences(look, report) if look.as_of >= end else []
    if form == "text":
        put(output, "\n".join(look_text(look, report, problems, differences)))
    elif form == "json":
        put(output, json.dumps(look_json(look, problems, differences), ensure_ascii=False, indent=1))
    elif form == "ics":
        put(output or Path(f"{office}-{year}-答复期限.ics"), calendar(look, office).encode())
    else:
        from nianbao.inputs.ledger.workbook import ledger_workbook

        content = ledger_workbook(look, report.office.name, problems, differences)
        put(output or Path(f"{report.office.name}{year}年台账汇总.xlsx"), content)
    return ExitCode.FINDINGS if any(problem.rule in _BLOCKING for problem in problems) else ExitCode.DONE


_WAITING_FOR = {
    CaseState.WAITING_CORRECTION: Message("Waiting for the applicant to complete"),
    CaseState.WAITING_FEE: Message("Waiting for the applicant to pay"),
    CaseState.WAITING_THIRD_PARTY: Message("Waiting for a third party"),
    CaseState.WAITING_JOINT: Message("Waiting for another authority"),
}


def look_text(
    look: LedgerLook, report: OfficeYear, problems: Sequence[LedgerProblem], differences: Sequence[Difference]
) -> Iterator[str]:
    """The look in lines: counts, what is late, due soon or waits for whom, what must be mended, what differs."""
    numbers = {name: measure.printed for name, measure in look.measures.items()}
    office = report.office.name
    yield tr("{office} {year}: register of requests, on {day}", office=office, year=look.year, day=look.as_of)
    yield "  " + tr("read from {sheets}", sheets=look.ledger.sheets)
    counts = tr(
        "  received {received}, carried over {carried_in}, answered {answered}, open {open}, late {late}",
        **{name: number for name, number in numbers.items() if "." not in name},
    )
    counts += tr(", answered in time {rate}", rate=numbers["on_time_rate"]) if numbers["on_time_rate"] else ""
    yield counts + (tr("; fees charged {amount} yuan", amount=numbers["fees"]) if numbers["fees"] else "")
    for title, cases in waiting_groups(look):
        yield tr("{what} ({count}):", what=title, count=len(cases))
        yield from (f"  {_case_line(case, language())}" for case in cases)
    if problems:
        yield tr("{what} ({count}):", what=Message("Lines to be put right or looked at"), count=len(problems))
        for problem in problems:
            yield f"  {problem.rule}  {problem.place}  {either(problem.message, problem.message_en)}"
    if differences:
        yield tr("{what} ({count}):", what=Message("Cells that are not as tables 3 and 4 say"), count=len(differences))
        for ref, count, stated in differences:
            yield "  " + tr(
                "{place}: table {stated}, register {count} ({ids})",
                place=place_name(ref.table, ref.row, ref.column),
                stated=stated,
                count=count,
                ids=ids_shown(look.tables.cases[ref], 10) or Message("none"),
            )
    elif look.as_of >= datetime.date(look.year, 12, 31):
        yield tr("tables 3 and 4 are as the register says")


def waiting_groups(look: LedgerLook) -> Iterator[tuple[Message, list[Case]]]:
    """The open cases under what a clerk has to do: late, due within a week, waiting for others, the rest."""
    late, rest = Message("Late"), Message("Others to be answered")
    soon = Message("Due within {days} working days", days=DUE_SOON)
    groups: dict[Message, list[Case]] = {name: [] for name in (late, soon, rest, *_WAITING_FOR.values())}
    for case in look.waiting():
        left = case.deadline.days_left
        if case.deadline.late_by:
            name = late
        elif case.deadline.state in _WAITING_FOR:
            name = _WAITING_FOR[case.deadline.state]
        else:
            name = soon if left is not None and left <= DUE_SOON else rest
        groups[name].append(case)
    yield from ((name, cases) for name, cases in groups.items() if cases)


def _case_line(case: Case, spoken: str) -> str:
    """The case in a language: the calendar that is written is Chinese, whatever the terminal speaks."""
    found = case.deadline
    due = Message("the time has not begun")
    if found.due:
        due = Message("to be answered by {day}", day=found.due)
    elif found.unknown:
        due = Message("the holidays are not published yet: not to be worked out")
    parts = [Message("received {day}", day=case.request.received), due]
    if found.days_left is not None:
        parts.append(Message("{count} working days left", count=found.days_left))
    elif found.late_by:
        parts.append(Message("{count} working days late", count=found.late_by))
    if found.asked:
        parts.append(Message("asked on {day}", day=found.asked))
    if found.answer_by:
        parts.append(Message("to answer by {day}", day=found.answer_by))
    state = found.state.chinese if spoken == "zh" else found.state.value.replace("_", " ")
    comma = "，" if spoken == "zh" else ", "
    return f"{case.request.id}  {state}  {comma.join(told_in(spoken, part) for part in parts)}"


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
            f"DESCRIPTION:{_escaped(_case_line(case, 'zh'))}",
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
