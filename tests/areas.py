"""Made-up areas for the tests: units with balanced tables, their list, and whatever a test adds or takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from nianbao.form import CellRef, edition_for
from nianbao.inputs import Files
from nianbao.inputs.csv_table import table_text
from nianbao.inputs.invented import invent, invented_project
from nianbao.inputs.tables import load_table
from nianbao.model import ReportKey
from nianbao.paths import Project

ROOT = Path(__file__).resolve().parent.parent
YEAR = 2023


def office_file(project: Project, office: str, name: str, level: str = "city", kind: str = "department") -> None:
    path = project.office_file(office)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"name: {name}\nkind: {kind}\nlevel: {level}\nfictional: true\n", "utf-8")


def units_file(project: Project, area: str, lines: Iterable[str], year: int | None = None) -> None:
    path = project.params / area / (f"units-{year}.csv" if year else "units.csv")
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "office,name,counted,reason,deadline,contact_note,aliases"
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")


def adjust(project: Project, area: str, *lines: str, year: int = YEAR) -> None:
    path = project.adjustments_file(ReportKey(area, year))
    path.write_text("\n".join(["table,row,column,amount,reason,level", *lines]) + "\n", "utf-8")


def set_cells(project: Project, office: str, cells: Mapping[str, str], year: int = YEAR) -> None:
    """Write these cells (applications.new.total: 5) over what the office's tables hold."""
    key = ReportKey(office, year)
    for table in edition_for(year).tables:
        found = load_table(Files(project), key, table).cells
        values = {ref: cell.value.printed for ref, cell in found.items()}
        mine = {CellRef(*name.split(".")): value for name, value in cells.items() if name.startswith(f"{table.code}.")}
        if mine:
            project.table_file(key, table.code).write_text(table_text(table, values | mine), "utf-8", newline="")


def area(folder: Path, offices: Sequence[str], years: Sequence[int] = (YEAR,), name: str = "shi") -> Project:
    """A project with these offices, all of them units of one area that has no figures of its own yet."""
    keys = [ReportKey(office, year) for office in offices for year in years]
    project = invented_project(Project(ROOT), folder, [], "official")
    invent(project, keys, "official")
    for number, office in enumerate(offices, start=1):
        office_file(project, office, f"甲市第{number}局")
        for year in years:
            set_cells(project, office, {"proactive.fees.amount": f"{number}.{number:04d}"}, year)
    office_file(project, name, "甲市人民政府", kind="government")
    units_file(project, name, [f"{office},甲市第{number}局" for number, office in enumerate(offices, start=1)])
    return project
