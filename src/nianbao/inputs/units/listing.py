"""Read the list of an area's units: ``params/<area>/units.csv`` (or ``.xlsx``); ``units-<year>.csv`` from a year on.

What is wrong with a list is an issue with its line; a unit of which something is wrong stays in the list, so that
nobody is forgotten.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.errors import InputError, UnknownNameError, UsageError, nearest
from nianbao.errors.folders import listing
from nianbao.errors.language import Message, either
from nianbao.form import FIRST_YEAR
from nianbao.inputs.csv_table import Line, read_table
from nianbao.inputs.files import Files
from nianbao.inputs.yaml_file import SettingError, date, unreadable
from nianbao.model import InputIssue, IssueKind, ReportKey, Source
from nianbao.paths import Project

# The columns of the list, each with the headings that people write for it.
COLUMNS: dict[str, tuple[str, ...]] = {
    "office": ("单位标识", "标识", "代码"),
    "name": ("单位名称", "名称", "单位"),
    "counted": ("是否汇总", "计入汇总", "汇总"),
    "reason": ("原因", "不汇总原因"),
    "deadline": ("报送期限", "截止日期", "期限"),
    "contact_note": ("联系备注", "联系人", "备注"),  # for people alone
    "aliases": ("别名", "曾用名", "其他名称"),
}
_LIST = re.compile(r"units(?:-(\d{4}))?")
_FLAGS = {"": True, "是": True, "yes": True, "true": True, "1": True} | {
    "否": False,
    "no": False,
    "false": False,
    "0": False,
}
_MOST_UNITS = 20_000
_MOST_DEPTH = 12  # country, province, city, county, township, and as many again


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of the list: who, whether its figures are added and, where not, why; the day by which it hands in."""

    office: str
    name: str
    source: Source
    counted: bool = True
    reason: str = ""
    deadline: datetime.date | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitList:
    """The units of one area in one year, in the list's order, and what is wrong with the list."""

    key: ReportKey
    path: str
    units: tuple[Unit, ...]
    issues: tuple[InputIssue, ...] = ()

    def __repr__(self) -> str:
        return f"UnitList({self.key}, {len(self.units)} units)"

    @property
    def offices(self) -> Mapping[str, Unit]:
        """The units by their offices; of one that is listed twice, the first line."""
        found: dict[str, Unit] = {}
        for unit in self.units:
            found.setdefault(unit.office, unit)
        return found


def area_key(project: Project, area: str, year: int) -> ReportKey:
    """The key of an area that has a list of units; its own inputs need not be there yet.

    UnknownNameError where the office is not known, UsageError where it has no list, or there is no form for the year.
    """
    if area not in project.offices():
        raise UnknownNameError("office", area, project.offices(), where=str(project.params))
    if year < FIRST_YEAR:
        raise UsageError(
            Message("there is no statutory form for {year}", year=year),
            hint=Message("the first was laid down for {first}", first=FIRST_YEAR),
        )
    key = ReportKey(area, year)
    if list_file(project, key) is None:
        raise UsageError(
            Message("{area} has no list of units", area=area),
            where=f"params/{area}/units.csv",
            hint=Message("its first line: {columns}; then a line for each unit", columns=",".join(COLUMNS)),
        )
    return key


def list_file(project: Project, key: ReportKey) -> Path | None:
    """The list that holds for the year: the latest of those for this year or an earlier one, else ``units.csv``."""
    found: list[tuple[int, Path]] = []
    for path in project.unit_lists(key.office):
        match = _LIST.fullmatch(path.stem)
        if match and int(match[1] or 0) <= key.year:
            found.append((int(match[1] or 0), path))
    return max(found)[1] if found else None


def load_units(files: Files, key: ReportKey) -> UnitList | None:
    """The area's units in that year, with an issue for each mistake; None where the office has no list."""
    where = f"params/{key.office}/"
    try:
        path = list_file(files.project, key)
        if path is None:
            return None
        where = files.project.relative(path)
        lines = tuple(_lines(files, path))
    except InputError as error:
        return UnitList(key, where, (), (unreadable(error, where),))
    units, issues = [], []
    known = cache(files.project.offices)
    for line in lines:
        unit, problems = _unit(files.project, line, where, known)
        issues += problems
        if unit is not None:
            units.append(unit)
    issues += _doubled(units)
    return UnitList(key, where, tuple(units), tuple(issues))


def tree_issues(files: Files, key: ReportKey) -> list[InputIssue]:
    """Areas that hold themselves, and offices that would be added twice, by the lists from here down."""
    issues: list[InputIssue] = []
    seen: dict[str, Unit] = {}

    def walk(at: ReportKey, above: tuple[str, ...]) -> None:
        found = load_units(files, at)
        for unit in found.units if found else ():
            if unit.office in above or len(above) > _MOST_DEPTH:
                way = (
                    " → ".join((*above[above.index(unit.office) :], unit.office))
                    if unit.office in above
                    else unit.office
                )
                issues.append(_issue(unit.source, f"单位名单首尾相接：{way}", f"the lists run in a circle: {way}"))
                continue
            if not unit.counted:
                continue
            first = seen.setdefault(unit.office, unit)
            if first is not unit and first.source.path != unit.source.path:
                words = (
                    f"“{unit.office}”已列入 {first.source}，会重复汇总",
                    f"{unit.office!r} is listed in {first.source} too and would be added twice",
                )
                issues.append(_issue(unit.source, *words))
            walk(ReportKey(unit.office, key.year), (*above, unit.office))

    walk(key, (key.office,))
    return issues


def list_problems(project: Project) -> list[str]:
    """What is wrong with the lists of all areas, for people: file, line and what to do."""
    found: dict[str, None] = {}
    for folder in listing(project.params, "params/"):
        area = folder.name
        try:
            paths = project.unit_lists(area)
        except InputError as error:
            found[str(error)] = None
            continue
        years = [int(match[1] or FIRST_YEAR) for path in paths if (match := _LIST.fullmatch(path.stem))]
        for year in years:
            files, key = Files(project), ReportKey(area, max(year, FIRST_YEAR))
            units = load_units(files, key)
            for issue in (*(units.issues if units else ()), *tree_issues(files, key)):
                found[f"{issue.source} {either(*issue.words) if issue.words else issue.found}"] = None
    return list(found)


def _lines(files: Files, path: Path) -> Iterator[Line]:
    where = files.project.relative(path)
    text = _sheet_as_csv(files, path) if path.suffix == ".xlsx" else files.text(path)
    yield from read_table(text or "", COLUMNS, where, _MOST_UNITS).lines


def _sheet_as_csv(files: Files, path: Path) -> str:
    """The first sheet of a workbook as CSV, a line a row."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(files.content(path) or b""), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        where = files.project.relative(path)
        raise InputError("is no workbook", where=where, zh="不是可以读取的工作簿，请另存为 .xlsx") from error
    stream = io.StringIO()
    rows = book.worksheets[0].iter_rows(values_only=True)
    csv.writer(stream).writerows([["" if cell is None else str(cell) for cell in row] for row in rows])
    return stream.getvalue()


def _unit(
    project: Project, line: Line, where: str, known: Callable[[], list[str]]
) -> tuple[Unit | None, list[InputIssue]]:
    texts = {name: line.texts.get(name, "") for name in COLUMNS}
    source = Source(where, line.number)
    office, issues = texts["office"].strip(), []
    if not office:
        return None, [_issue(source, "没有写单位标识（office）", "names no office")]
    if not project.office_file(office.strip("/.")).is_file():
        near = nearest(office, known())
        guess = f"，是否为“{near}”" if near else ""
        make = f"nianbao new {texts['name'] or '单位名称'} 年度 --id {office}"
        issues.append(
            _issue(
                source,
                f"本项目没有单位“{office}”{guess}；可用 {make} 建立",
                f"unknown office {office!r}; make it: {make}",
            )
        )
    counted = _FLAGS.get(texts["counted"].strip().lower())
    if counted is None:
        issues.append(_issue(source, f"是否汇总应填“是”或“否”，现为“{texts['counted']}”", "counted must be yes or no"))
    elif not counted and not texts["reason"].strip():
        issues.append(_issue(source, f"“{office}”不汇总，须写明原因（reason）", f"{office!r} is not counted: say why"))
    deadline = None
    if texts["deadline"].strip():
        try:
            deadline = date(re.sub(r"\s+00:00(?::00)?$", "", texts["deadline"]))
        except SettingError as error:
            issues.append(_issue(source, f"报送期限{error.zh}", f"deadline {error.en}"))
    aliases = tuple(part.strip() for part in re.split(r"[；;、|]", texts["aliases"]) if part.strip())
    # Whoever cannot be told from the list to be left out is added: missing is worse than asking.
    added = counted is not False
    return Unit(office, texts["name"].strip(), source, added, texts["reason"].strip(), deadline, aliases), issues


def _doubled(units: list[Unit]) -> Iterator[InputIssue]:
    first: dict[str, Unit] = {}
    for unit in units:
        if unit.office in first:
            line = first[unit.office].source.line
            words = f"单位“{unit.office}”已在第{line}行", f"{unit.office!r} stands in line {line} too"
            yield _issue(unit.source, *words)
        first.setdefault(unit.office, unit)


def _issue(source: Source, zh: str, en: str) -> InputIssue:
    return InputIssue(IssueKind.UNREADABLE, source, found=en, words=(zh, en))
