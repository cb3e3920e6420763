"""Owns new inputs: a complete, commented set for one office-year, and the list of what is still blank in it.

May import: cells, errors, form, model, paths and the other modules of inputs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from nianbao.cells import State
from nianbao.errors import InputError
from nianbao.form import OVERVIEW_PARTS, Axis, CellRef, Edition, Section, Shape, Table, edition_for
from nianbao.form.declaration import CHINESE_DIGITS
from nianbao.inputs.files import Files
from nianbao.inputs.load import load
from nianbao.inputs.narrative import BLANK_MARK
from nianbao.inputs.settings import OFFICE_SETTINGS, YEAR_SETTINGS, Setting
from nianbao.inputs.tables import FIGURE_COLUMNS, load_figures, load_table, table_columns
from nianbao.model import Level, OfficeKind, OfficeYear, Profile, ReportKey
from nianbao.paths import Project, check_office_id

# Spreadsheet programs on Chinese Windows take a CSV file for GBK unless it begins with this.
_BYTE_ORDER_MARK = "\ufeff"

_OFFICE_FILE = f"""# Who reports. Fill in what is blank; see docs/analysts.md, "Adding an office".
name:  # 机关全称，如：某某市人民政府办公室
short_name:  # 正文中的简称，如：市政府办公室（可不填）
kind:  # {" | ".join(OfficeKind)}
level:  # {" | ".join(Level)}
parent:  # the identifier of the superior office, if it is in this project (可不填)
covers_area: false  # true for a government's report on its whole area, which is due on 31 March
fictional: false  # true prints a notice that the office is made up
"""
_YEAR_FILE = f"""# What the report for {{year}} needs.
published:  # 落款日期，如：{{next}}-01-20
profile: official  # {" | ".join(Profile)}
# edition: "{{edition}}"  # follows from the year; only for a report that was published in another form
# fonts: open  # open | official | a list of font names
"""


@dataclass(frozen=True, slots=True)
class Blank:
    """Something that a person has to fill in: the file, the line if there is one, and what."""

    path: str
    what: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.path}{f':{self.line}' if self.line else ''}: {self.what}"


def scaffold(project: Project, key: ReportKey, source: ReportKey | None = None) -> list[str]:
    """Write every input file of the office-year that is not there yet; the files written, relative to the project.

    ``source`` is an earlier year of the office: its figures' keys are taken over with blank values, and where it is
    the year before, the cases it carried out become those carried in. Nothing that exists is changed.
    Raises UsageError for an identifier or a year that cannot be, InputError where ``source`` cannot be read.
    """
    check_office_id(key.office)
    edition = edition_for(key.year)
    earlier = load(project, source) if source else None
    wanted = {
        project.office_file(key.office): _OFFICE_FILE,
        project.year_file(key): _YEAR_FILE.format(year=key.year, next=key.year + 1, edition=edition.code),
        project.table_file(key, "figures"): _figures_file(earlier),
    }
    for table in edition.tables:
        known = _carried(edition, table, earlier) if earlier and earlier.key == key.previous else {}
        wanted[project.table_file(key, table.code)] = table_text(table, known)
    for section in edition.sections:
        if section.table is None:
            wanted[project.text_file(key, section)] = _narrative(section)
    written = [path for path, content in wanted.items() if _written(path, content)]
    return sorted(map(project.relative, written))


def _written(path: Path, content: str) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as stream:
            stream.write(content)
    except FileExistsError:
        return False
    return True


def table_file(rows: Iterable[Iterable[str]]) -> str:
    """The text of a table file that spreadsheet programs open as it is meant."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return _BYTE_ORDER_MARK + stream.getvalue()


def table_text(table: Table, known: Mapping[CellRef, str]) -> str:
    """The text of one table's file, with the values that are known by their cells."""
    rows: list[list[str]] = [list(table_columns(table))]
    if table.shape is Shape.STACKED:
        rows += [[ref.row, table.rows[ref.row].label, ref.column, known.get(ref, "")] for ref in table.cells]
    else:
        for code, row in table.rows.items():
            refs = [CellRef(table.code, code, column.code) for column in table.columns_of(code)]
            rows.append([code, row.label, *(known.get(ref, "") for ref in refs)])
    return table_file(rows)


def _carried(edition: Edition, table: Table, earlier: OfficeYear) -> dict[CellRef, str]:
    """The cells that last year's report settles: each rule of the form with one cell on both of its sides."""
    settled: dict[CellRef, str] = {}
    for rule in edition.balances:
        whole = rule.table == table.code and rule.axis is Axis.ROWS and rule.across_years
        if whole and len(rule.left) == len(rule.right) == 1:
            for line in edition.lines(rule):
                before = earlier.value(rule.ref(rule.right[0], line))
                settled[rule.ref(rule.left[0], line)] = before.printed
    return settled


def _figures_file(earlier: OfficeYear | None) -> str:
    figures = earlier.figures.values() if earlier else ()
    return table_file([FIGURE_COLUMNS, *([figure.key, figure.label, "", figure.unit, ""] for figure in figures)])


def _narrative(section: Section) -> str:
    """Customary sub-headings with marks where a person writes; the comment never reaches the report."""
    help_text = (
        (
            "{# 本文件是 Markdown。数字请写成引用，勿手工填写，例如：\n"
            "   {{ '{{ year }}' }} {{ '{{ applications.new.total }}' }} {{ '{{ figures.website }}' }}\n"
            "   可用的名称见 docs/analysts.md。写完后删去所有“待填”标记。 #}\n"
        )
        .replace("{{ '", "")
        .replace("' }}", "")
    )
    if section.slug == "overview":
        parts = [
            f"## （{CHINESE_DIGITS[number]}）{part}\n\n{_mark(part)}" for number, part in enumerate(OVERVIEW_PARTS, 1)
        ]
        body = [_mark("全年工作概述"), *parts]
    elif section.slug == "problems":
        body = [f"## （一）存在的主要问题\n\n{_mark('存在的主要问题')}", f"## （二）改进情况\n\n{_mark('改进情况')}"]
    else:
        body = [_mark("信息处理费收取情况及其他需要报告的事项")]
    return help_text + "\n\n".join(body) + "\n"


def _mark(what: str) -> str:
    return f"{BLANK_MARK}：{what}】"


def blanks(project: Project, key: ReportKey) -> list[Blank]:
    """What is still blank in the inputs of one office-year; nothing where they are complete."""
    files = Files(project)
    found = _blank_settings(files, project.office_file(key.office), OFFICE_SETTINGS)
    found += _blank_settings(files, project.year_file(key), YEAR_SETTINGS)
    edition = edition_for(key.year)
    for table in edition.tables:
        cells = load_table(files, key, table).cells
        empty = [ref for ref in table.cells if ref not in cells or cells[ref].value.state is State.BLANK]
        if empty:
            shown = ", ".join(f"{ref.row}.{ref.column}" for ref in empty[:3]) + (", …" if len(empty) > 3 else "")
            what = f"{len(empty)} of {len(table.cells)} cells ({shown})"
            found.append(Blank(project.relative(project.table_file(key, table.code)), what))
    for figure in load_figures(files, key).values():
        if figure.value.state is State.BLANK:
            found.append(Blank(figure.source.path, f"{figure.key} ({figure.label})", figure.source.line))
    for section in edition.sections:
        path = project.text_file(key, section)
        for number, line in enumerate((files.text(path) or "").splitlines(), start=1):
            if BLANK_MARK in line:
                found.append(Blank(project.relative(path), line.strip(), number))
    return found


def _blank_settings(files: Files, path: Path, settings: dict[str, Setting]) -> list[Blank]:
    where = files.project.relative(path)
    try:
        given = yaml.safe_load(files.required(path, "make it: nianbao new")) or {}
    except yaml.YAMLError as error:
        raise InputError(f"is no valid YAML: {error}", where=where) from error
    return [Blank(where, key) for key, setting in settings.items() if setting.required and given.get(key) is None]
