"""Tables in a PDF that lie on their side, whose cells stand apart, or that are drawn twice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import typst

from browser import CHROMIUM, Browser
from ingest.damage import chance_of, grids, html_of, values_for
from ingest.test_hostile import saved
from nianbao.form import EDITIONS, CellRef, Grid
from nianbao.form.cells import Value, number
from nianbao.ingest import read
from nianbao.ingest.borders import Stroke, tables_of

_FORM = EDITIONS["2021"]
_TITLE = "示例县虚构局2023年政府信息公开工作年度报告"


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


def in_cell(grid: Grid, number: str, shown: str, options: str = "") -> str:
    """The table with one cell of this number shown otherwise."""
    cells = "".join(
        f"table.cell(x: {x}, y: {y}, rowspan: {cell.rowspan}, colspan: {cell.colspan})"
        f"[{shown if cell.text == number else cell.text}],"
        for y, x, cell in grid.placed()
    )
    return f"#table(columns: {len(grid.widths)}, {options} {cells})"


_TABLE = "applications"
_ROW = {"natural_person": "731", "commercial": "346", "total": "1077"}


def with_row(folder: Path, draw: Callable[[Grid], str]) -> dict[str, object]:
    """The row 新收 of table 3 as it is read where ``draw`` sets the table; all other values are 0."""
    values = dict.fromkeys(_FORM.cells, number(0))
    values |= {CellRef(_TABLE, "new", column): number(int(text)) for column, text in _ROW.items()}
    source = '#set page(width: 600pt, height: 840pt, margin: 30pt)\n#set text(font: "Noto Sans CJK SC", size: 8pt)\n'
    source += "示例县虚构局2023年政府信息公开工作年度报告\n\n"
    for section in _FORM.sections:
        grid = grids(_FORM, values)[section.table] if section.table else None
        body = "没有其他情况。" if grid is None else draw(grid) if section.table == _TABLE else set_table(grid)
        source += f"{section.heading}\n\n{body}\n\n"
    (folder / "a.typ").write_text(source, encoding="utf-8")
    found = read(saved(folder, "a.pdf", typst.compile(folder / "a.typ")))
    told = {ref for gap in found.gaps for ref in gap.cells}
    return {
        ref.column: found.cells[ref].value.number if ref in found.cells else "told" if ref in told else "lost"
        for ref in _FORM.cells
        if (ref.table, ref.row) == (_TABLE, "new")
    }


@pytest.mark.parametrize("push", range(26, 60, 3))
def test_a_number_that_is_pushed_beside_anothers_never_makes_one_with_it(tmp_path: Path, push: int) -> None:
    row = with_row(tmp_path, lambda grid: in_cell(grid, "346", f"#move(dx: {push}pt)[346]", "inset: 3pt,"))
    assert row["natural_person"] in {731, "told"}
    assert set(row.values()) <= {731, 346, 1077, 0, None, "told"}


def moved(grid: Grid, shown: dict[str, str]) -> str:
    """The table with the cells of these numbers shown otherwise, in one row."""
    cells = "".join(
        f"table.cell(x: {x}, y: {y}, rowspan: {cell.rowspan}, colspan: {cell.colspan})[{shown.get(cell.text, cell.text)}],"
        for y, x, cell in grid.placed()
    )
    return f"#table(columns: {len(grid.widths)}, {cells})"


@pytest.mark.parametrize("both", ["#box[731]#box[346]", "#box[346]#box[731]"])
def test_two_numbers_that_touch_beside_a_blank_are_no_number(tmp_path: Path, both: str) -> None:
    row = with_row(tmp_path, lambda grid: moved(grid, {"731": "", "346": both}))
    assert (row["natural_person"], row["commercial"], row["total"]) == (None, "told", 1077)


def test_a_number_in_two_pieces_is_one_where_the_sum_of_a_row_with_blanks_says_so(tmp_path: Path) -> None:
    def draw(grid: Grid) -> str:
        return moved(grid, {"731": "#box[7]#box[31]"}).replace("[0],", "[],", 1)

    row = with_row(tmp_path, draw)
    assert (row["natural_person"], row["commercial"], row["total"]) == (731, 346, 1077)


def test_numbers_that_are_all_written_in_pieces_are_read(tmp_path: Path) -> None:
    row = with_row(
        tmp_path,
        lambda grid: moved(grid, {"731": "#box[7]#box[31]", "346": "#box[3]#box[46]", "1077": "#box[1]#box[078]"}),
    )
    assert (row["natural_person"], row["commercial"], row["total"]) == (731, 346, 1078)


@pytest.mark.parametrize("place", ["#place(dx: 70pt)[1077]", "#place(dx: 90pt)[1077]"])
def test_a_number_beside_its_table_is_told_at_the_blank_cell(tmp_path: Path, place: str) -> None:
    row = with_row(tmp_path, lambda grid: moved(grid, {"1077": place}))
    assert (row["natural_person"], row["commercial"], row["total"]) == (731, 346, "told")


@pytest.mark.parametrize("push", range(-90, -40, 7))
def test_a_number_over_or_behind_a_label_is_told_at_the_blank_cell(tmp_path: Path, push: int) -> None:
    row = with_row(tmp_path, lambda grid: moved(grid, {"731": f"#move(dx: {push}pt)[731]"}))
    assert (row["natural_person"], row["commercial"], row["total"]) == ("told", 346, 1077)


@pytest.mark.parametrize("mark", ["[1]", "(2)", "［3］"])
def test_a_raised_mark_of_a_note_goes_with_its_brackets(tmp_path: Path, mark: str) -> None:
    row = with_row(tmp_path, lambda grid: in_cell(grid, "346", f"346#super(baseline: -0.5em, size: 0.6em)[{mark}]"))
    assert row["commercial"] == 346


def test_a_number_over_two_lines_of_its_cell_is_one_where_the_sum_says_so(tmp_path: Path) -> None:
    row = with_row(tmp_path, lambda grid: in_cell(grid, "1077", "107\\ 7"))
    assert (row["natural_person"], row["commercial"], row["total"]) == (731, 346, 1077)


def test_two_numbers_in_a_cell_whose_row_does_not_add_up_stay_unread(tmp_path: Path) -> None:
    row = with_row(tmp_path, lambda grid: in_cell(grid, "1077", "107\\ 8"))
    assert row["total"] == "told"


def test_a_row_that_a_page_cuts_off_from_its_lower_border_is_read() -> None:
    upright = [Stroke(True, x, 0, 60) for x in (0, 50, 100)]
    (table,) = tables_of([*upright, Stroke(False, 60, 0, 100), Stroke(False, 30, 0, 100)])
    assert (table.xs, table.ys) == ((0, 50, 100), (60, 30, 0))
    assert table.cell_at(25, 10) != table.cell_at(75, 10)


def test_two_frames_side_by_side_have_no_open_row() -> None:
    upright = [Stroke(True, x, 0, 60) for x in (0, 50, 100)]
    (table,) = tables_of([*upright, *(Stroke(False, y, 0, 100) for y in (0, 30, 60))])
    assert table.ys == (60, 30, 0)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_page_that_a_browser_has_scaled_down_is_read(tmp_path: Path) -> None:
    values = values_for(_FORM, chance_of("a scaled page"), blanks=False)
    tables = {code: html_of(grid, chance_of("spans"), merged=False) for code, grid in grids(_FORM, values).items()}
    body = "".join(
        f"<h2>{section.heading}</h2>{tables[section.table] if section.table else '<p>没有其他情况。</p>'}"
        for section in _FORM.sections
    )
    style = "table{border-collapse:collapse;font-size:9px}td{border:1px solid}body{transform:scale(.7)}"
    page = saved(tmp_path, "a.html", f"<meta charset=utf-8><style>{style}</style><h1>{_TITLE}</h1>{body}".encode())
    with Browser(tmp_path / "profile") as browser:
        browser.open(page)
        content = base64.b64decode(browser.call("Page.printToPDF")["data"])
    found = read(saved(tmp_path, "a.pdf", content))
    assert numbers({ref: cell.value for ref, cell in found.cells.items()}) == numbers(values)
