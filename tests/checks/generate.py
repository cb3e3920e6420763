"""Makes office-years out of nothing: consistent ones at random from a seed, and ones with stated cells."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Mapping

from nianbao.form import EDITIONS, Axis, CellRef, Edition, RowRole, Table, edition_for
from nianbao.form.cells import CellKind, Value, number
from nianbao.inputs.csv_table import table_columns
from nianbao.model import Cell, Level, Office, OfficeKind, OfficeYear, Profile, ReportKey, Source, Text
from nianbao.paths import Project

CITY = Office("shili", "示例市人民政府办公室", "市政府办公室", OfficeKind.GOVERNMENT_OFFICE, Level.CITY)
TOWN = Office("shilizhen", "示例县样板镇人民政府", "镇政府", OfficeKind.TOWNSHIP, Level.TOWNSHIP)
BUREAU = Office("shiliju", "示例市样板局", "市样板局", OfficeKind.DEPARTMENT, Level.CITY)


def office_year(
    cells: Mapping[CellRef, Value],
    *,
    year: int = 2023,
    office: Office = CITY,
    texts: Mapping[str, str] | None = None,
    edition: Edition | None = None,
    published: datetime.date | None = None,
    figures: Mapping[str, object] | None = None,
) -> OfficeYear:
    """An office-year with these cells (each from a line of its own) and texts."""
    edition = edition or edition_for(year)
    key = ReportKey(office.id, year)
    folder = f"data/{office.id}/{year}"
    placed = {
        ref: Cell(value, Source(f"{folder}/{ref.table}.csv", line, ref.column))
        for line, (ref, value) in enumerate(cells.items(), start=2)
    }
    return OfficeYear(
        key=key,
        office=office,
        edition=edition,
        published=published or datetime.date(year + 1, 1, 20),
        profile=Profile.OFFICIAL,
        fonts="open",
        cells=placed,
        figures=figures or {},  # type: ignore[arg-type]
        texts={
            slug: Text(slug, text, Source(f"{folder}/narrative/{edition.section(slug).stem}.md"))
            for slug, text in (texts if texts is not None else TEXTS).items()
        },
    )


# Texts that break no rule and state no count.
TEXTS = {
    "overview": "## （一）主动公开\n\n及时公开各类信息。\n\n## （二）依申请公开\n\n规范办理每件申请。\n\n"
    "## （三）政府信息管理\n\n严格落实审查制度。\n\n## （四）政府信息公开平台建设\n\n优化网站栏目。\n\n"
    "## （五）监督保障\n\n定期组织业务培训。\n",
    "problems": "一是公开内容还不够细致。二是解读形式较为单一。下一步将拓展解读形式，逐项加以改进。\n",
    "other": "本年度未收取信息处理费。没有其他需要报告的事项。\n",
}


def consistent(
    seed: int, *, year: int = 2023, office: Office = CITY, previous: OfficeYear | None = None, largest: int = 60
) -> OfficeYear:
    """A random office-year in which every balance holds, with ``previous`` also those across years."""
    chance = random.Random(seed)  # noqa: S311 -- test data, no secret
    edition = edition_for(year)
    cells = {ref: number(0) for ref in edition.cells}
    _fill_applications(cells, edition, chance, previous, largest)
    _fill_review(cells, edition, chance, previous, largest)
    _fill_proactive(cells, edition, chance, previous, largest)
    return office_year(cells, year=year, office=office)


def _fill_applications(
    cells: dict[CellRef, Value], edition: Edition, chance: random.Random, previous: OfficeYear | None, largest: int
) -> None:
    table = edition.table("applications")
    rows = {role: [code for code, row in table.rows.items() if row.role is role] for role in RowRole}
    new, carried_in = rows[RowRole.INTAKE]
    (carried_out,), (processed,) = rows[RowRole.CARRIED], rows[RowRole.SUM]
    *parts, total = table.columns
    for column in parts:
        results = {row: chance.choice((0, 0, 0, chance.randint(0, largest))) for row in rows[RowRole.RESULT]}
        done = sum(results.values())
        carried = chance.randint(0, largest // 10)
        out = chance.randint(0, largest // 10)
        if previous is not None:
            carried = int(previous.value(CellRef("applications", carried_out, column)).number or 0)
        out = max(out, carried - done)
        counts = {**results, processed: done, carried_out: out, carried_in: carried, new: done + out - carried}
        for row, count in counts.items():
            cells[CellRef("applications", row, column)] = number(count)
    for row in table.rows:
        values = [cells[CellRef("applications", row, column)].number or 0 for column in parts]
        cells[CellRef("applications", row, total)] = number(int(sum(values)))


def _fill_review(
    cells: dict[CellRef, Value], edition: Edition, chance: random.Random, previous: OfficeYear | None, largest: int
) -> None:
    table = edition.table("review")
    *parts, total = table.columns
    for row in table.rows:
        counts = {column: chance.randint(0, max(largest // 6, 1)) for column in parts}
        if previous is not None:
            counts["upheld"] += int(previous.value(CellRef("review", row, "pending")).number or 0)
        for column, count in {**counts, total: sum(counts.values())}.items():
            cells[CellRef("review", row, column)] = number(count)


def _fill_proactive(
    cells: dict[CellRef, Value], edition: Edition, chance: random.Random, previous: OfficeYear | None, largest: int
) -> None:
    for ref, kind in edition.table("proactive").cells.items():
        low = -largest if kind is CellKind.CHANGE else 0
        cells[ref] = number(chance.randint(low, largest))
    for balance in edition.balances:
        if balance.table != "proactive" or balance.axis is not Axis.COLUMNS:
            continue
        for line in edition.lines(balance):
            refs = {name: CellRef("proactive", line, name) for name in ("made", "repealed", "in_force")}
            last = previous.value(refs["in_force"]).number if previous else None
            stock = chance.randint(0, largest) if last is None else int(last)
            made = int(cells[refs["made"]].number or 0)
            repealed = min(int(cells[refs["repealed"]].number or 0), stock + made)
            cells[refs["repealed"]] = number(repealed)
            cells[refs["in_force"]] = number(stock + made - repealed)


def changed(report: OfficeYear, changes: Mapping[str, Value]) -> OfficeYear:
    """The office-year with some cells replaced, by address: applications.new.total."""
    cells = dict(report.cells)
    for address, value in changes.items():
        ref = CellRef(*address.split("."))
        cells[ref] = Cell(value, report.cells[ref].source if ref in report.cells else Source("data/x.csv", 2))
    return OfficeYear(**{**{name: getattr(report, name) for name in report.__dataclass_fields__}, "cells": cells})


def with_texts(report: OfficeYear, texts: Mapping[str, str]) -> OfficeYear:
    """The office-year with other texts in some sections."""
    made = office_year({}, year=report.key.year, office=report.office, edition=report.edition, texts=texts).texts
    fields = {name: getattr(report, name) for name in report.__dataclass_fields__}
    return OfficeYear(**{**fields, "texts": {**report.texts, **made}})


def zeros(edition: str = "2021") -> dict[CellRef, Value]:
    """Every cell of the edition as 0."""
    return {ref: number(0) for ref in EDITIONS[edition].cells}


# A text of usual length whose numbers are references, so that it is true of every office-year.
OVERVIEW = """{{ year }}年，本机关认真落实政府信息公开各项要求，围绕中心工作推进决策、执行、管理、服务、结果公开，各项工作取得新进展。

## （一）主动公开

围绕重点领域主动公开各类信息，及时发布政策文件并配发解读，采用图解、视频等多种形式，增强可读性。建议提案办理结果按规定公开，市政府公报纸质版和电子版同步发行。办理行政许可{{ proactive.licences.decisions }}件，行政处罚{{ proactive.penalties.decisions }}件。

## （二）依申请公开

规范登记、审核、办理、答复、归档等流程。全年新收政府信息公开申请{{ applications.new.total }}件，上年结转{{ applications.carried_in.total }}件，办结{{ applications.processed.total }}件，其中予以公开{{ applications.granted.total }}件，部分公开{{ applications.partially_granted.total }}件；结转下年度继续办理{{ applications.carried_out.total }}件。因政府信息公开被申请行政复议{{ review.reconsideration.total }}件，被提起行政诉讼{{ review.litigation_direct.total + review.litigation_after_reconsideration.total }}件。

## （三）政府信息管理

制发行政规范性文件{{ proactive.normative_documents.made }}件，废止{{ proactive.normative_documents.repealed }}件，现行有效{{ proactive.normative_documents.in_force }}件。严格落实公文公开属性源头认定，定期清理，动态更新。

## （四）政府信息公开平台建设

规范设置政府信息公开专栏，完善检索、查阅、下载功能，适时更新指南和目录，加强政务新媒体管理。

## （五）监督保障

将政务公开纳入目标绩效考评，定期开展检查，发现问题限期整改；组织业务培训，提高经办人员能力。
"""


def write_project(project: Project, reports: Iterable[OfficeYear]) -> None:
    """The office-years as files of a project: params/ and data/."""
    for report in reports:
        key, office = report.key, report.office
        folder = project.data_of(key)
        (folder / "narrative").mkdir(parents=True, exist_ok=True)
        project.office_file(key.office).parent.mkdir(parents=True, exist_ok=True)
        project.office_file(key.office).write_text(
            f"name: {office.name}\nshort_name: {office.short_name}\nkind: {office.kind}\nlevel: {office.level}\n",
            encoding="utf-8",
        )
        project.year_file(key).write_text(f"published: {report.published}\n", encoding="utf-8")
        for table in report.edition.tables:
            project.table_file(key, table.code).write_text(_csv(report, table), encoding="utf-8")
        for slug, text in report.texts.items():
            project.text_file(key, report.edition.section(slug)).write_text(text.template, encoding="utf-8")


def _csv(report: OfficeYear, table: Table) -> str:
    header = table_columns(table)
    lines = [",".join(header)]
    if header[-1] == "value":
        lines += [f"{ref.row},,{ref.column},{report.value(ref).printed}" for ref in table.cells]
    else:
        for row in table.rows:
            values = (report.value(CellRef(table.code, row, column)).printed for column in table.columns)
            lines.append(f"{row},,{','.join(values)}")
    return "\n".join(lines) + "\n"
