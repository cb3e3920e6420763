"""Lists of problems (问题清单) out to the units, and what they wrote beside them (整改情况) back.

May import: errors, inputs, checks, model, paths; the list of findings of export. A list that came back lies in the
area's ``data/<area>/<year>/整改/``, where ``collect`` puts it; what it answers is told by the numbers of the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nianbao.checks import render_json
from nianbao.errors import InputError
from nianbao.errors.language import tr
from nianbao.inputs.workbook.sheets import Sheet, read_sheets
from nianbao.model import CheckReport, Finding, FindingState, Severity

_UNIT, _YEAR, _NUMBER, _DONE, _WHO = "单位", "年度", "编号", "整改情况", "整改人及日期"


@dataclass(frozen=True, slots=True)
class Returned:
    """A list that came back: of which unit and year, and what stands beside each finding: 整改情况, 整改人及日期."""

    unit: str
    year: int | None
    answers: Mapping[str, tuple[str, str]]


def is_problem(finding: Finding) -> bool:
    """Whether a unit has to mend or answer it: an error or a warning that nobody has waived."""
    return (
        finding.waived is None
        and finding.severity is not Severity.NOTE
        and finding.state not in {FindingState.PASS, FindingState.NOT_ASSESSABLE}
    )


def problem_list(name: str, findings: Iterable[Finding]) -> bytes:
    """A unit's own 问题清单 with its problems in the order given, and room for an answer beside each."""
    from nianbao.export.findings_list import findings_list

    shown = render_json(CheckReport(tuple(findings), {}))["findings"]
    return findings_list([{**finding, "office": name} for finding in shown])


def returned_list(sheets: Iterable[Sheet]) -> Returned | None:
    """The list in a workbook, by its heads, wherever they stand; None where it holds none."""
    for sheet in sheets:
        at: dict[str, int] = {}
        unit, year = "", ""
        answers: dict[str, tuple[str, str]] = {}
        for _, cells in sheet.rows:
            heads = {text: column for column, text in cells}
            if {_UNIT, _NUMBER, _DONE, _WHO} <= heads.keys():
                at = heads
                continue
            row = dict(cells)
            number, done, who = (row.get(at.get(head, 0), "") for head in (_NUMBER, _DONE, _WHO))
            unit, year = unit or row.get(at.get(_UNIT, 0), ""), year or row.get(at.get(_YEAR, 0), "")
            if number and (done or who):
                answers[number] = (done, who)
        if at:
            return Returned(unit, int(year) if year.isdecimal() else None, answers)
    return None


def read_answers(folders: Iterable[Path]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """All answers in the folders' workbooks by the findings' numbers, and the names of those that cannot be read."""
    found: dict[str, tuple[str, str]] = {}
    unreadable = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.xlsx")) if not path.name.startswith("~")):
        try:
            returned = returned_list(read_sheets(path.read_bytes(), path.name))
        except InputError:
            unreadable.append(path.name)
            continue
        found |= returned.answers if returned else {}
    return found, unreadable


def answers_told(
    findings: Iterable[Finding], names: Mapping[str, str], answers: Mapping[str, tuple[str, str]]
) -> Iterator[str]:
    """The answers for a terminal: how many came back, and those to findings that are still there."""
    standing = [one for one in findings if is_problem(one) and one.fingerprint in answers]
    yield tr(
        "answers that came back: {count}; to findings that still stand: {standing}",
        count=len(answers),
        standing=len(standing),
    )
    for one in standing:
        done, who = answers[one.fingerprint]
        by = tr(" ({who})", who=who) if who else ""
        yield f"  {names.get(one.key.office, one.key.office)}  {one.rule}  {done}{by}"
