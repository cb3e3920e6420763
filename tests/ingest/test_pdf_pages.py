"""Tables in a PDF that lie on their side, whose cells stand apart, or that are drawn twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from ingest.damage import chance_of, grids, values_for
from ingest.test_hostile import saved
from nianbao.form import EDITIONS, CellRef, Grid
from nianbao.form.cells import Value
from nianbao.ingest import read

_FORM = EDITIONS["2021"]


def set_table(grid: Grid, options: str = "") -> str:
    """The table in Typst, merged cells included."""
    cells = "".join(
        f"table.cell(rowspan: {cell.rowspan}, colspan: {cell.colspan})[{cell.text}],"
        for row in grid.rows
        for cell in row.cells
    )
    return f"#table(columns: {len(grid.widths)}, {options} {cells})"


def read_back(folder: Path, draw: Callable[[str, Grid], str]) -> tuple[dict[CellRef, Value], dict[CellRef, Value]]:
    """The values of a report that was set as a PDF, and as they were read."""
    values = values_for(_FORM, chance_of("a page of its own"), blanks=False)
    source = '#set page(width: 600pt, height: 840pt, margin: 30pt)\n#set text(font: "Noto Sans CJK SC", size: 8pt)\n'
    source += "示例县虚构局2023年政府信息公开工作年度报告\n\n"
    for section in _FORM.sections:
        body = draw(section.table, grids(_FORM, values)[section.table]) if section.table else "没有需要说明的其他情况。"
        source += f"{section.heading}\n\n{body}\n\n"
    (folder / "a.typ").write_text(source, encoding="utf-8")
    found = read(saved(folder, "a.pdf", typst.compile(folder / "a.typ")))
    return values, {ref: cell.value for ref, cell in found.cells.items()}


def numbers(values: dict[CellRef, Value]) -> dict[CellRef, object]:
    return {ref: value.number for ref, value in values.items()}


@pytest.mark.parametrize("turn", ["90deg", "-90deg"])
@pytest.mark.parametrize("lying", [("applications",), ("review",), ("proactive", "applications", "review")])
def test_tables_that_lie_on_their_side_on_an_upright_page_are_read(
    tmp_path: Path, turn: str, lying: tuple[str, ...]
) -> None:
    def draw(code: str, grid: Grid) -> str:
        table = set_table(grid)
        return f"#rotate({turn}, reflow: true, block(width: 700pt)[{table}])" if code in lying else table

    values, found = read_back(tmp_path, draw)
    assert numbers(found) == numbers(values)


def test_a_page_that_lies_on_its_side_as_a_whole_is_read(tmp_path: Path) -> None:
    def draw(code: str, grid: Grid) -> str:
        if code != "applications":
            return set_table(grid)
        return f"#page[#rotate(90deg, reflow: true, block(width: 700pt)[申请情况见下表。{set_table(grid)}])]"

    values, found = read_back(tmp_path, draw)
    assert numbers(found) == numbers(values)


@pytest.mark.parametrize("gap", ["2.4pt", "3pt", "4pt"])
def test_cells_that_stand_apart_are_those_of_one_table(tmp_path: Path, gap: str) -> None:
    values, found = read_back(tmp_path, lambda _, grid: set_table(grid, f"gutter: {gap}, inset: 3pt,"))
    assert numbers(found) == numbers(values)


def test_what_is_drawn_twice_for_a_bolder_look_is_read_once(tmp_path: Path) -> None:
    def draw(_: str, grid: Grid) -> str:
        table = set_table(grid)
        return f"#block[#place(dx: 0.4pt)[{table}]{table}]"

    values, found = read_back(tmp_path, draw)
    assert numbers(found) == numbers(values)
