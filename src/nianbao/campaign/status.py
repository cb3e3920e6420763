"""Who has handed in, and how it stands: missing, incomplete, blocked, with warnings, ready, published, late."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Any

from nianbao.campaign.returned import answers_told, is_problem, problem_list, read_answers
from nianbao.checks import check
from nianbao.errors.language import Message, told_in, tr
from nianbao.inputs import Files
from nianbao.inputs.settings import load_settings
from nianbao.inputs.units import UnitList, area_key, dates_of, has_figures, load_units
from nianbao.model import CheckReport, Finding, FindingState, ReportKey, Severity
from nianbao.paths import Project


class UnitStatus(StrEnum):
    """The state of a unit's report, the worst first."""

    MISSING = "missing"
    INCOMPLETE = "incomplete"
    BLOCKED = "blocked"
    WARNINGS = "warnings"
    READY = "ready"
    LATE = "late"
    PUBLISHED = "published"

    @property
    def chinese(self) -> str:
        """The word in lists that are written."""
        return told_in("zh", _WORDS[self.value])


_WORDS = {
    "missing": Message("not handed in"),
    "incomplete": Message("incomplete"),
    "blocked": Message("with errors"),
    "warnings": Message("to be looked at"),
    "ready": Message("ready"),
    "late": Message("published late"),
    "published": Message("published in time"),
}
_BLANK = {"CELL-MISSING", "WORDS-SECTIONS", "TEXT-BLANK"}
_RANK = {state: rank for rank, state in enumerate(UnitStatus)}


@dataclass(frozen=True)
class UnitLine:
    """One unit on the day: its state, its errors and warnings, its date of publication, its answers."""

    office: str
    name: str
    state: UnitStatus
    errors: int = 0
    warnings: int = 0
    published: dt.date | None = None
    deadline: dt.date | None = None
    overdue: bool = False
    counted: bool = True
    answered: int = 0


@dataclass(frozen=True)
class Status:
    """All units of an area on a day, the worst first, with the findings on them.

    ``answers`` are what units wrote beside findings, by the findings' numbers; ``unreadable`` are lists that are none.
    """

    key: ReportKey
    name: str
    as_of: dt.date
    units: tuple[UnitLine, ...]
    report: CheckReport
    answers: Mapping[str, tuple[str, str]]
    unreadable: tuple[str, ...] = ()

    def problems_of(self, office: str) -> list[Finding]:
        """What the unit has to mend or answer."""
        return [one for one in self.report.of(ReportKey(office, self.key.year)).findings if is_problem(one)]

    @property
    def summary(self) -> dict[str, int]:
        """How many units are in each state."""
        found = Counter(unit.state for unit in self.units)
        return {state.value: found[state] for state in UnitStatus}

    @property
    def rate(self) -> str:
        """The share of units that have handed in something, in percent with one decimal."""
        there = sum(unit.state is not UnitStatus.MISSING for unit in self.units)
        return f"{100 * there / len(self.units):.1f}%" if self.units else "—"


def status_of(project: Project, area: str, year: int, as_of: dt.date, returned: Sequence[Path] = ()) -> Status:
    """Check all units that have handed in, at once, and say where each stands on the day.

    ``returned``: folders with lists of problems that came back, besides the area's own (``Project.answers_of``).
    """
    key = area_key(project, area, year)
    files = Files(project)
    listing = load_units(files, key) or UnitList(key, "", ())
    name = load_settings(files, key)[0].name
    keys = [ReportKey(office, year) for office in listing.offices]
    there = [unit for unit in keys if has_figures(files, unit)]
    report = check(project, there)
    answers, unreadable = read_answers([project.answers_of(key), *returned])
    known = set(there)
    lines = [_line(files, listing, unit, report if unit in known else None, as_of, answers) for unit in keys]
    ordered = sorted(lines, key=lambda line: (_RANK[line.state], not line.overdue, -line.errors, line.office))
    return Status(key, name, as_of, tuple(ordered), report, answers, tuple(unreadable))


def _line(
    files: Files,
    listing: UnitList,
    key: ReportKey,
    report: CheckReport | None,
    as_of: dt.date,
    answers: Mapping[str, tuple[str, str]],
) -> UnitLine:
    """Where a unit stands; ``report`` is None for one that has handed in nothing."""
    unit = listing.offices[key.office]
    dates = dates_of(files, unit, key.year)
    name, deadline = dates.name, dates.deadline
    if report is None:
        overdue = as_of > deadline
        return UnitLine(key.office, name, UnitStatus.MISSING, 0, 0, None, deadline, overdue, unit.counted)
    findings = [one for one in report.of(key).findings if one.waived is None and one.state is not FindingState.PASS]
    blocking = [one for one in findings if one.blocks]
    warnings = sum(one.severity is Severity.WARNING for one in findings)
    published = dates.published if dates.published and dates.published <= as_of else None
    if blocking:
        only_blank = all(one.rule in _BLANK or one.rule == "INPUT" for one in blocking)
        state = UnitStatus.INCOMPLETE if only_blank else UnitStatus.BLOCKED
    elif published is not None:
        state = UnitStatus.LATE if published > deadline else UnitStatus.PUBLISHED
    else:
        state = UnitStatus.WARNINGS if warnings else UnitStatus.READY
    overdue = as_of > deadline and published is None
    answered = sum(one.fingerprint in answers for one in findings if is_problem(one))
    known = (len(blocking), warnings, published, deadline, overdue, unit.counted, answered)
    return UnitLine(key.office, name, state, *known)


def as_json(status: Status) -> dict[str, Any]:
    """The contract of ``status --format json``."""
    return {
        "area": status.key.office,
        "year": status.key.year,
        "as_of": status.as_of.isoformat(),
        "units": [
            {
                "office": unit.office,
                "name": unit.name,
                "state": unit.state.value,
                "errors": unit.errors,
                "warnings": unit.warnings,
                "published": unit.published.isoformat() if unit.published else None,
                "late": unit.overdue or unit.state is UnitStatus.LATE,
                "deadline": unit.deadline.isoformat() if unit.deadline else None,
                "answered": unit.answered,
            }
            for unit in status.units
        ],
        "summary": status.summary,
        "rate": status.rate,
        "answers": {number: list(words) for number, words in status.answers.items()},
    }


def _heading(status: Status) -> str:
    return f"{status.name}{status.key.year}年报送情况（截至{status.as_of}）"


def _counts(status: Status) -> str:
    parts = [f"{UnitStatus(state).chinese}{count}" for state, count in status.summary.items() if count]
    return f"应报{len(status.units)}家，报送率{status.rate}：" + "，".join(parts)


def _row(unit: UnitLine) -> tuple[str, ...]:
    late = "（已逾期）" if unit.overdue else ""
    shown = (unit.published.isoformat() if unit.published else "", unit.deadline.isoformat() if unit.deadline else "")
    counts = (str(unit.errors), str(unit.warnings), str(unit.answered))
    return (unit.name, unit.office, f"{unit.state.chinese}{late}", *counts, *shown)


_HEADS = ("单位", "标识", "情况", "错误", "警告", "已回复", "落款日期", "期限")


def as_text(status: Status) -> Iterator[str]:
    """The list for a terminal, the worst first."""
    year, day = status.key.year, status.as_of
    yield tr("{area} {year}: where the reports stand on {day}", area=status.name, year=year, day=day)
    counts = [f"{tr(_WORDS[state])} {count}" for state, count in status.summary.items() if count]
    yield tr("{count} units, {rate} handed in: {counts}", count=len(status.units), rate=status.rate, counts=counts)
    for unit in status.units:
        late = tr(" (overdue)") if unit.overdue else ""
        line = f"  {tr(_WORDS[unit.state.value])}{late}  {tr('{name} ({office})', name=unit.name, office=unit.office)}"
        if unit.state is not UnitStatus.MISSING:
            line += tr("  errors {errors}, warnings {warnings}", errors=unit.errors, warnings=unit.warnings)
            line += tr(", answered {count}", count=unit.answered) if unit.answered else ""
        line += tr("  due {day}", day=unit.deadline or "")
        yield line + (tr(", dated {day}", day=unit.published) if unit.published else "")


def as_workbook(status: Status) -> bytes:
    """The list as a workbook."""
    from nianbao.export.worksheets import Book, ListColumn, write_list

    book = Book(title=_heading(status), author=status.name, day=status.as_of)
    columns = [ListColumn(head, width) for head, width in zip(_HEADS, (36, 16, 18, 8, 8, 8, 14, 14), strict=True)]
    write_list(book, book.add_sheet("报送情况"), columns, [_row(unit) for unit in status.units])
    return book.content()


_STYLE = (
    'body{font:16px/1.7 "Noto Sans SC","Microsoft YaHei",sans-serif;max-width:64rem;margin:0 auto;padding:1.5rem;'
    "color:#1b1f24}table{border-collapse:collapse;width:100%}th,td{border:1px solid #c8ced6;padding:.35rem .6rem;"
    "text-align:left}thead th{background:#eef2f6}.missing,.incomplete,.blocked{color:#8f1313;font-weight:600}"
    ".warnings,.late{color:#6b4600;font-weight:600}.ready,.published{color:#1a5c2e}"
)


def as_page(status: Status) -> str:
    """The list as a web page of its own, without scripts or links."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "".join(
        f'<tr class="{unit.state.value}">' + "".join(f"<td>{escape(text)}</td>" for text in _row(unit)) + "</tr>\n"
        for unit in status.units
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_heading(status))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(_heading(status))}</h1>\n<p>{escape(_counts(status))}</p>\n"
        f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )


def split(status: Status, folder: Path) -> list[Path]:
    """Write each unit's own 问题清单, where it has problems, into the folder; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for unit in status.units:
        if listed := status.problems_of(unit.office):
            path = folder / f"{unit.name}{status.key.year}年问题清单.xlsx"
            path.write_bytes(problem_list(unit.name, listed))
            written.append(path)
    return written


def as_answers(status: Status) -> Iterator[str]:
    """The answers that came back, for a terminal; nothing where there are none."""
    for name in status.unreadable:
        yield tr("a list that came back cannot be read: {file}", file=name)
    if status.answers:
        names = {unit.office: unit.name for unit in status.units}
        yield from answers_told(status.report.findings, names, status.answers)
