"""What units sent back: what became of each file, what it changed, and their answers (整改情况) to lists of problems.

A list that came back lies in the area's ``data/<area>/<year>/整改/``, where ``collect`` puts it; its answers are told
by the numbers of the findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nianbao.checks import render_json
from nianbao.errors import InputError
from nianbao.errors.folders import listing
from nianbao.errors.language import Message, either, tr
from nianbao.form import CellRef, place_name
from nianbao.form.cells import State
from nianbao.inputs.sheets import Sheet, read_sheets
from nianbao.model import CheckReport, Finding, FindingState, IssueKind, OfficeYear, Severity

_MOST_SHOWN = 20


class Taken(StrEnum):
    """What became of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def words(self) -> Message:
        """The word for people."""
        return _WORDS[self]


_WORDS = {
    Taken.NEW: Message("newly taken"),
    Taken.CHANGED: Message("changed"),
    Taken.UNCHANGED: Message("as it was"),
    Taken.REFUSED: Message("refused"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one file: whose it is, what changed (cell, from, to), why it was refused, where the old state is.

    ``problems`` are cells of an accepted file that could not be read.
    """

    file: str
    taken: Taken
    office: str = ""
    name: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    why: str = ""
    kept: str = ""
    problems: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The outcome for a terminal."""
        whose = tr("{name} ({office})", name=self.name, office=self.office) if self.office else ""
        yield f"{tr(self.taken.words)}  {self.file}  {whose}{tr(self.why)}"
        if self.kept:
            yield "    " + tr("what was there is now in {folder}", folder=self.kept)
        for place, before, after in self.changes[:_MOST_SHOWN]:
            blank = tr("(blank)")
            yield "    " + tr("{where}: {what}", where=place, what=f"{before or blank} → {after or blank}")
        if len(self.changes) > _MOST_SHOWN:
            yield "    " + tr("and {count} more changes", count=len(self.changes) - _MOST_SHOWN)
        yield from ("    " + tr("to be put right: {problem}", problem=problem) for problem in self.problems)


def changes_of(before: OfficeYear, after: OfficeYear) -> Iterator[tuple[str, str, str]]:
    """Each cell, count and text that is not what it was: its name, before, after."""
    for ref in dict.fromkeys([*before.edition.cells, *after.edition.cells]):
        old, new = before.value(ref), after.value(ref)
        if (old.state, old.number) != (new.state, new.number):
            yield _named(ref), old.printed, new.printed
    for key in dict.fromkeys([*before.figures, *after.figures]):
        one, other = before.figures.get(key), after.figures.get(key)
        texts = [figure.value.printed if figure else "" for figure in (one, other)]
        if texts[0] != texts[1]:
            named = other or one
            label = named.label if named else key
            yield either(f"其他数据·{label}", f"figure {label}"), texts[0], texts[1]
    for section in after.edition.sections:
        words = [report.texts.get(section.slug) for report in (before, after)]
        shown = [" ".join(text.template.split()) if text else "" for text in words]
        if shown[0] != shown[1]:
            yield either(f"{section.title}（文字）", f"{section.title} (words)"), _short(shown[0]), _short(shown[1])


def _named(ref: CellRef) -> str:
    return place_name(ref.table, ref.row, ref.column)


def _short(text: str) -> str:
    length = len(text)
    return text if length <= 24 else f"{text[:24]}…{either(f'（{length}字）', f' ({length} characters)')}"


def problems_of(report: OfficeYear) -> Iterator[str]:
    """What could not be read of the inputs that were taken, each with its place."""
    for issue in report.issues:
        if issue.kind is not IssueKind.TAKEN and "params/" not in issue.source.path:
            place = tr("{where}: {what}", where=issue.source.place, what="") if issue.source.place else ""
            yield f"{place}{either(*issue.words) if issue.words else issue.found}"
    for ref, cell in report.cells.items():
        if cell.value.state is State.TEXT:
            named = f"{_named(ref)}“{cell.value.printed[:20]}”"
            said = either(f"{named}不是数字", f"{named} is not a number")
            yield tr("{where}: {what}", where=cell.source.place or cell.source, what=said)


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
    files: list[Path] = []
    for folder in folders:
        try:
            files += listing(folder, str(folder))
        except InputError:
            unreadable.append(folder.name)
    for path in (path for path in files if path.suffix == ".xlsx" and not path.name.startswith("~")):
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
