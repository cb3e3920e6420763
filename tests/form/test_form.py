from __future__ import annotations

from collections import Counter

import pytest

from nianbao.errors import InputError, UsageError
from nianbao.form import EDITIONS, Axis, CellRef, Edition, Grid, RowRole, edition_for, layout, plain_grid
from nianbao.form.cells import CellKind, number

# The codes that tools outside rely on, typed once more here and nowhere else.
RESULT_ROWS_2021 = """granted partially_granted denied_state_secret denied_prohibited_by_law denied_security_stability
denied_third_party denied_internal_affairs denied_process_information denied_enforcement_file
denied_administrative_query unavailable_not_held unavailable_needs_creation unavailable_still_unclear
not_processed_petition not_processed_repeat not_processed_publication not_processed_excessive
not_processed_reconfirmation other_not_corrected other_fee_unpaid other_reasons""".split()  # noqa: SIM905 -- reads like the form


@pytest.mark.parametrize(("year", "code"), [(2019, "2019"), (2020, "2019"), (2021, "2021"), (2030, "2021")])
def test_the_year_decides_the_edition(year: int, code: str) -> None:
    assert edition_for(year).code == code


def test_years_of_free_forms_are_refused() -> None:
    with pytest.raises(UsageError, match="no statutory form for 2018"):
        edition_for(2018)


def test_the_2021_form_has_its_two_hundred_cells() -> None:
    edition = EDITIONS["2021"]
    counts = Counter(ref.table for ref in edition.cells)
    assert counts == {"proactive": 10, "applications": 175, "review": 15}
    results = [code for code, row in edition.table("applications").rows.items() if row.role is RowRole.RESULT]
    assert results == RESULT_ROWS_2021


def test_the_2019_form_has_one_row_for_other_results() -> None:
    rows = list(EDITIONS["2019"].table("applications").rows)
    assert "other" in rows
    assert not any(code.startswith("other_") for code in rows)
    assert len(rows) == 23
    assert EDITIONS["2019"].cells[CellRef("proactive", "licences", "change")] is CellKind.CHANGE


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_each_rule_sums_cells_that_exist(edition: Edition) -> None:
    for rule in edition.balances:
        lines = list(edition.lines(rule))
        assert lines
        for line in lines:
            for term in (*rule.left, *rule.right):
                assert rule.ref(term, line) in edition.cells, (rule.id, line, term)


def test_the_rules_of_table_three_are_those_of_its_note() -> None:
    rules = {rule.id: rule for rule in EDITIONS["2021"].balances}
    balance = rules["T3-BALANCE"]
    assert [term.code for term in balance.left] == ["new", "carried_in"]
    assert [term.code for term in balance.right] == ["processed", "carried_out"]
    assert balance.axis is Axis.ROWS
    assert [term.code for term in rules["T3-RESULTS"].left] == RESULT_ROWS_2021
    assert rules["T3-CARRY"].across_years
    assert rules["T2-STOCK"].tolerated
    assert rules["T2-STOCK"].only == ("regulations", "normative_documents")


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
@pytest.mark.parametrize("code", ["proactive", "applications", "review"])
def test_a_printed_table_is_a_full_rectangle_with_each_cell_once(edition: Edition, code: str) -> None:
    grid = layout(edition.table(code), lambda _: number(7), edition.code)
    taken = Counter(
        (y + i, x + j) for y, x, cell in grid.placed() for i in range(cell.rowspan) for j in range(cell.colspan)
    )
    assert set(taken.values()) == {1}
    assert len(taken) == len(grid.rows) * len(grid.widths)
    assert sum(grid.widths) == pytest.approx(1)
    refs = [cell.ref for _, _, cell in grid.placed() if cell.ref]
    assert refs == [str(ref) for ref in edition.table(code).cells]


def test_the_head_of_table_three_is_merged_as_the_form_prints_it() -> None:
    edition = EDITIONS["2021"]
    grid = layout(edition.table("applications"), lambda _: number(0), "2021")
    places = {cell.text: (y, x, cell.rowspan, cell.colspan) for y, x, cell in grid.placed() if cell.role != "value"}
    assert places["申请人情况"] == (0, 3, 1, 7)
    assert places["法人或其他组织"] == (1, 4, 1, 5)
    assert places["三、本年度办理结果"][2] == 22
    assert places["（三）不予公开"][2] == 8
    assert places["（七）总计"][3] == 2
    assert grid.head_rows == 3
    upright = [cell.text for _, _, cell in grid.placed() if cell.upright]
    assert upright == ["三、本年度办理结果"]


def test_a_table_survives_its_json() -> None:
    edition = EDITIONS["2019"]
    grid = layout(edition.table("review"), lambda _: number(3), "2019")
    assert Grid.from_json(grid.to_json()) == grid


@pytest.mark.parametrize("broken", [{}, {"version": 99}, {"version": 1, "rows": [{"cells": [{"txt": "a"}]}]}])
def test_a_broken_table_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(InputError):
        Grid.from_json(broken)


def test_an_ordinary_table_marks_numbers_and_pads_short_rows() -> None:
    grid = plain_grid("表", ["甲", "乙"], [["a", "1,200"], ["b"]])
    body = grid.rows[1:]
    assert body[0].cells[1].number == "1200"
    assert body[1].cells[1].state == "blank"
    assert grid.head_rows == 1
    assert grid.code is None


@pytest.mark.parametrize(
    ("table", "row", "short"),
    [
        ("applications", "new", "本年新收政府信息公开申请数量"),
        ("applications", "granted", "予以公开"),
        ("applications", "partially_granted", "部分公开"),
        ("applications", "denied_state_secret", "属于国家秘密"),
        ("applications", "processed", "总计"),
        ("review", "litigation_direct", "未经复议直接起诉"),
    ],
)
def test_a_short_label_leaves_out_numeral_and_explanation(table: str, row: str, short: str) -> None:
    assert EDITIONS["2021"].table(table).rows[row].short_label == short


def test_the_sides_of_a_balance_are_added_up_without_the_cells_that_hold_no_number() -> None:
    (rule,) = (rule for rule in EDITIONS["2021"].balances if rule.id == "T3-BALANCE")
    held = {"new": 5, "carried_in": None, "processed": 2, "carried_out": 3}
    assert rule.known_sums("total", lambda ref, _: held[ref.row]) == ((5, 1), (5, 0))
    assert rule.sums("total", lambda ref, _: held[ref.row]) is None
    assert rule.sums("total", lambda ref, _: held[ref.row] or 1) == (6, 5)
