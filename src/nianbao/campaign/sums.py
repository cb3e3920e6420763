"""The roll-up for people and for programs: as text, JSON and a workbook; and written as the area's own inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nianbao.checks import judged_rollup
from nianbao.errors import UsageError
from nianbao.errors.language import Message, either, tr
from nianbao.form import TABLE_NAMES, CellRef, layout, place_name, row_name
from nianbao.form.cells import Value
from nianbao.inputs import Files, load
from nianbao.inputs.csv_table import table_text
from nianbao.inputs.scaffold import scaffold
from nianbao.inputs.units import CellSum, Level, Rollup, has_figures, is_same, roll_up
from nianbao.inputs.units.rollup import Share
from nianbao.model import Finding, FindingState, Number, OfficeYear, ReportKey
from nianbao.paths import Project

_STATES = {"given": "已报送", "partial": "有缺数", "missing": "未报送", "summed": "由下级汇总"}
_NAMED = 40  # offices in one cell
LEVEL_NAMES = {Level.OWN: "本级", Level.AREA: "全域"}


@dataclass(frozen=True)
class Sums:
    """A roll-up with what the area itself states (None where it states nothing) and the findings on both."""

    rollup: Rollup
    stated: OfficeYear | None
    findings: tuple[Finding, ...]

    @property
    def differences(self) -> list[tuple[CellRef, str, CellSum]]:
        """The cells in which the area states something else than a sum that is whole: cell, stated, sum."""
        if self.stated is None:
            return []
        return [
            (ref, value.printed, found)
            for ref, found in self.rollup.cells.items()
            if (value := self.stated.value(ref)).printed and not found.missing and not is_same(value, found)
        ]


def sums_of(project: Project, key: ReportKey, level: Level) -> Sums:
    """Add the units up and judge the sums; for the own level there is no report of the area to compare with."""
    files = Files(project)
    rollup = roll_up(project, key, level, files)
    stated = load(project, key, files) if level is Level.AREA and has_figures(files, key) else None
    return Sums(rollup, stated, judged_rollup(rollup, files, stated))


def as_json(sums: Sums) -> dict[str, Any]:
    """The contract of ``rollup --format json``: each cell with its value, whose it is, who is missing."""
    rollup = sums.rollup
    tables: dict[str, dict[str, dict[str, Any]]] = {table.code: {} for table in rollup.edition.tables}
    for ref, found in rollup.cells.items():
        cell = {
            "value": f"{_plain(found.value)}{found.unit}" if found.unit else _plain(found.value),
            "from": list(found.given),
            "missing": list(found.missing),
            "adjusted": _plain(found.adjusted),
        }
        tables[ref.table].setdefault(ref.row, {})[ref.column] = cell
    return {
        "area": rollup.key.office,
        "year": rollup.key.year,
        "level": rollup.level.value,
        "complete": rollup.complete,
        "missing": list(rollup.missing),
        "units": [
            {
                "office": share.unit.office,
                "name": share.name,
                "counted": share.unit.counted,
                "state": share.state.value,
                **({"reason": share.unit.reason} if not share.unit.counted else {}),
            }
            for share in rollup.shares
        ],
        **tables,
        "differences": [
            {"cell": str(ref), "stated": stated, "sum": _plain(found.value)} for ref, stated, found in sums.differences
        ],
        "findings": [finding.to_json() for finding in sums.findings],
    }


def _plain(value: Number | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def as_text(sums: Sums) -> Iterator[str]:
    """The sums for a terminal: who is in them, the totals, what differs; every cell stands in JSON and workbook."""
    rollup = sums.rollup
    counted = len(rollup.counted)
    there = sum(share.state.value != "missing" for share in rollup.counted)
    yield tr(
        "{area} {year}, sums ({level}): of {counted} units {there} have handed in",
        area=rollup.office.name,
        year=rollup.key.year,
        level=either(LEVEL_NAMES[rollup.level], rollup.level.value),
        counted=counted,
        there=there,
    )
    for share in rollup.shares:
        if share.state.value != "given" or not share.unit.counted:
            yield (
                "  "
                + tr("{name} ({office})", name=share.name, office=share.unit.office)
                + tr(": {why}", why=_why(share))
            )
    if not rollup.complete:
        yield tr("the sums are incomplete: a missing figure is not a zero; these are of the units that are there")
    for table in rollup.edition.tables:
        yield f"{TABLE_NAMES[table.code]}　{table.caption}"
        for code, row in table.rows.items():
            columns = table.columns_of(code)
            shown = [column for column in columns if column.code == "total"] or list(columns)
            cells = [(column.label, rollup.cells[CellRef(table.code, code, column.code)]) for column in shown]
            told = "　".join(f"{label} {_with_source(found)}" for label, found in cells)
            yield "  " + tr("{name}: {text}", name=row_name(row), text=told)
    if sums.stated is not None:
        yield tr("cells that are not as the area itself states ({count})", count=len(sums.differences))
        for ref, stated, found in sums.differences:
            place = place_name(ref.table, ref.row, ref.column)
            yield "  " + tr("{place}: stated {stated}, sum {sum}", place=place, stated=stated, sum=found.shown.printed)
    listed = [finding for finding in sums.findings if finding.rule != "ROLLUP-SUM"]
    for finding in listed:
        if finding.state is not FindingState.PASS:
            mark = either(finding.severity.chinese, finding.severity.value)
            yield f"  [{mark}] {finding.rule}  {either(finding.message, finding.message_en)}"


def _why(share: Share) -> str:
    """Why a unit is not in the sums, or not wholly."""
    if not share.unit.counted:
        return tr("not counted: {reason}", reason=share.unit.reason)
    return either(_STATES[share.state.value], share.state.value)


def _with_source(found: CellSum) -> str:
    value = found.shown.printed or tr("(none)")
    gap = tr(" ({count} missing)", count=len(found.missing)) if found.missing else ""
    changed = tr(" (adjusted by {number:+})", number=found.adjusted) if found.adjustments else ""
    return f"{value}{gap}{changed}"


def as_workbook(sums: Sums) -> bytes:
    """The sums as the form prints them, a sheet a table, and a sheet that says of each cell what it is made of."""
    import datetime as dt

    from nianbao.export.worksheets import Book, ListColumn, write_list
    from nianbao.export.xlsx import write_table

    rollup = sums.rollup
    title = f"{rollup.office.name}{rollup.key.year}年{LEVEL_NAMES[rollup.level]}汇总"
    book = Book(title=title, author=rollup.office.name, day=dt.date(rollup.key.year, 12, 31))
    note = "" if rollup.complete else "（不完整，缺数单位见“构成”）"

    def value_of(ref: CellRef) -> Value:
        return rollup.cells[ref].shown

    for table in rollup.edition.tables:
        grid = layout(table, value_of, rollup.edition.code)
        write_table(book, book.add_sheet(TABLE_NAMES[table.code]), grid, f"{title}　{table.caption}{note}", note="")
    made_of = book.add_sheet("构成")
    heads = (("单元格", 44), ("汇总", 14), ("其中调整", 10), ("调整原因", 40), ("已计入单位", 50), ("缺数单位", 50))
    rows = [
        (
            place_name(ref.table, ref.row, ref.column),
            found.shown.printed or None,
            f"{found.adjusted:+}" if found.adjustments else None,
            "；".join(entry.reason for entry in found.adjustments) or None,
            f"{len(found.given)}家：{_some(found.given)}",
            f"{len(found.missing)}家：{_some(found.missing)}" if found.missing else None,
        )
        for ref, found in rollup.cells.items()
    ]
    write_list(book, made_of, [ListColumn(*head) for head in heads], rows)
    units = book.add_sheet("单位")
    heads_of_units = [
        ListColumn("标识", 20),
        ListColumn("单位", 36),
        ListColumn("是否汇总", 10),
        ListColumn("情况", 40),
    ]
    write_list(
        book,
        units,
        heads_of_units,
        [
            (
                share.unit.office,
                share.name,
                "是" if share.unit.counted else "否",
                _STATES[share.state.value] if share.unit.counted else share.unit.reason,
            )
            for share in rollup.shares
        ],
    )
    return book.content()


def _some(offices: tuple[str, ...]) -> str:
    return "、".join(offices[:_NAMED]) + (" …" if len(offices) > _NAMED else "")


def write_sums(project: Project, sums: Sums) -> list[str]:
    """Write the sums as the area's inputs of the year, where it has none; the files written.

    UsageError where it states figures already, or where a figure is missing: nothing is written.
    """
    rollup = sums.rollup
    if sums.stated is not None:
        said = Message("they are the sums") if rollup.complete else Message("the sums are incomplete")
        if sums.differences:
            said = Message("{count} cells differ from the sums", count=len(sums.differences))
        raise UsageError(
            Message("{key} has figures already ({said}): nothing was written", key=rollup.key, said=said),
            hint="to have the sums instead, move the tables that are there away first",
        )
    if not rollup.complete:
        names = rollup.missing[:10] or [Message("no unit is counted")]
        raise UsageError(
            Message("the sums are incomplete, nothing was written; missing: {names}", names=names),
            hint="a missing figure is not a zero",
        )
    written = []
    for table in rollup.edition.tables:
        path = project.table_file(rollup.key, table.code)
        values = {ref: found.shown.printed for ref, found in rollup.cells.items() if ref.table == table.code}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(table_text(table, values, headed=True), encoding="utf-8", newline="")
        written.append(project.relative(path))
    return [*written, *scaffold(project, rollup.key)]
