"""Column heads decide where a value belongs, not its place in the row."""

from __future__ import annotations

import pytest

from ingest.damage import grids, rows_of
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import parse
from nianbao.ingest import Ingested, findings_of
from nianbao.ingest.read import read_bytes
from nianbao.model import ReportKey

FORM = EDITIONS["2021"]
APPLICANTS = list(FORM.table("applications").columns)
STATES = list(FORM.table("review").columns)
HEADINGS = {section.table: section.heading for section in FORM.sections if section.table}


def ingest(table: str, rows: list[list[str]], joined: str = "\t", further: str = "") -> Ingested:
    lines = [joined.join(row) for row in rows]
    text = "\n".join([HEADINGS[table], *lines, further, "六、其他需要报告的事项", "无。", ""])
    return read_bytes(text.encode(), "来稿.txt", 2023)[0]


def values(found: Ingested, table: str) -> dict[str, int]:
    return {
        str(ref).split(".", 1)[1]: int(str(cell.value.number))
        for ref, cell in found.cells.items()
        if ref.table == table
    }


def numbered(table: str) -> dict[CellRef, int]:
    """A value of its own for every cell, and totals that are right."""
    found = {ref: number for number, ref in enumerate(FORM.table(table).cells, start=11)}
    for row in FORM.table(table).rows:
        refs = [ref for ref in found if ref.row == row]
        if len(refs) > 3:
            found[refs[-1]] = sum(found[ref] for ref in refs[:-1])
    return found


def printed(table: str) -> list[list[str]]:
    made = numbered(table)
    return rows_of(grids(FORM, {ref: parse(str(made.get(ref, 0))) for ref in FORM.cells})[table], "none")


def expected(table: str) -> dict[str, int]:
    return {str(ref).split(".", 1)[1]: value for ref, value in numbered(table).items()}


def moved(row: list[str], count: int) -> list[str]:
    """The last of the row's ``count`` values before the others."""
    return [*row[:-count], row[-1], *row[-count:-1]]


def test_a_total_that_stands_first_is_the_total() -> None:
    rows = printed("applications")
    top = [*rows[1][:-3], rows[1][-1], *rows[1][-3:-1]]
    turned = [rows[0], top, rows[2], *(moved(row, 7) for row in rows[3:])]
    found = ingest("applications", turned)
    assert values(found, "applications") == expected("applications")
    assert not any(gap.table == "applications" for gap in found.gaps)


def test_heads_in_a_line_each_are_ordered_by_the_totals_of_the_rows() -> None:
    rows = printed("applications")
    lines: list[list[str]] = [["自然人"], ["总计"], ["法人或其他组织"], *([head] for head in rows[2])]
    found = ingest("applications", [*lines, *rows[3:]])
    assert values(found, "applications") == expected("applications")


def test_seven_heads_in_one_line_may_stand_in_any_order() -> None:
    rows = printed("applications")
    order = [6, 1, 0, 3, 2, 5, 4]
    labels = [FORM.table("applications").columns[code].label for code in APPLICANTS]
    turned = [["", *(labels[place] for place in order)]]
    for row in rows[3:]:
        cells = row[-7:]
        turned.append([*row[:-7], *(cells[place] for place in order)])
    assert values(ingest("applications", turned), "applications") == expected("applications")


def test_the_common_head_may_be_worded_otherwise() -> None:
    rows = printed("applications")
    rows[1][-2] = "组织类"
    assert values(ingest("applications", rows), "applications") == expected("applications")


@pytest.mark.parametrize("remark", ["", "见说明", "3"])
def test_a_column_that_the_form_lacks_is_passed_over(remark: str) -> None:
    rows = printed("applications")
    wider = [rows[0], [*rows[1], "备注"], rows[2], *([*row, remark] for row in rows[3:])]
    assert values(ingest("applications", wider, " | "), "applications") == expected("applications")


def test_a_table_that_is_turned_is_read_by_its_labels() -> None:
    made = numbered("review")
    names = [row.label for row in FORM.table("review").rows.values()]
    body = [
        [
            FORM.table("review").columns[code].label,
            *(str(made[CellRef("review", row, code)]) for row in FORM.table("review").rows),
        ]
        for code in STATES
    ]
    turned = [["", names[0], "行政诉讼"], ["", names[1], names[2]], *body]
    assert values(ingest("review", turned), "review") == expected("review")


def test_reviews_in_a_line_each_are_read_by_their_labels() -> None:
    made = numbered("review")
    table = FORM.table("review")
    heads = ["", *(column.label for column in table.columns.values())]
    body = [
        ["行政诉讼" if row.groups else "", row.label, *(str(made[CellRef("review", code, state)]) for state in STATES)]
        for code, row in reversed(table.rows.items())
    ]
    assert values(ingest("review", [heads, *body]), "review") == expected("review")


def test_lawsuits_before_reviews_are_still_lawsuits() -> None:
    made = numbered("review")
    codes = ["litigation_direct", "litigation_after_reconsideration", "reconsideration"]
    heads = [column.label for column in FORM.table("review").columns.values()]
    rows = [
        ["行政诉讼", "行政复议"],
        ["未经复议直接起诉", "复议后起诉", *heads],
        heads * 2,
        [str(made[CellRef("review", code, state)]) for code in codes for state in STATES],
    ]
    assert values(ingest("review", rows), "review") == expected("review")


def test_documents_side_by_side_are_turned() -> None:
    rows = printed("proactive")
    block = rows[1:4]
    turned = [[row[column] for row in block] for column in range(4)]
    assert values(ingest("proactive", [rows[0], *turned, *rows[4:]]), "proactive") == expected("proactive")


def test_heads_of_the_other_edition_give_no_value_to_columns_that_mean_something_else() -> None:
    rows = printed("proactive")
    rows[1][1:] = ["本年新制作数量", "本年新公开数量", "对外公开总数量"]
    third = "\n".join([HEADINGS["applications"], *map("\t".join, printed("applications"))])
    found = ingest("proactive", rows, further=third)
    assert found.edition == "2021"
    assert not {"normative_documents.repealed", "normative_documents.in_force"} & {*values(found, "proactive")}
    assert values(found, "proactive")["licences.decisions"] == expected("proactive")["licences.decisions"]
    assert any("另一版" in gap.message for gap in found.gaps)
    assert [fault.rule for fault in found.faults] == ["TABLE-LABEL", "TABLE-LABEL"]


def test_one_row_where_the_form_has_three_is_the_offices_fault_and_no_gap() -> None:
    rows = [
        row for row in printed("applications") if not "".join(row[-8:-7]).startswith(("1.申请人", "2.申请人", "3.其他"))
    ]
    rows.insert(-2, ["（六）其他处理", *"1234560"])
    # Table 2 tells the edition.
    lines = [["\t".join(row)] for row in printed("proactive")]
    found = ingest("proactive", [*lines, [HEADINGS["applications"]], *rows])
    assert [fault.rule for fault in found.faults] == ["TABLE-SHAPE"]
    assert [str(cell.value.number) for cell in found.others.values()] == list("1234560")
    assert not any(gap.table == "applications" for gap in found.gaps)


def test_one_row_where_the_form_has_three_is_summed_all_the_same() -> None:
    rows = [
        row for row in printed("applications") if not "".join(row[-8:-7]).startswith(("1.申请人", "2.申请人", "3.其他"))
    ]
    made = numbered("applications")
    codes = list(FORM.table("applications").rows)
    results = codes[2:-5]
    sums = [sum(made[CellRef("applications", row, column)] for row in results) for column in APPLICANTS]
    rows.insert(-2, ["（六）其他处理", *"1234567"])
    rows[-2][-7:] = [str(total + number) for total, number in zip(sums, range(1, 8), strict=True)]
    lines = [*printed("proactive"), [HEADINGS["applications"]], *rows]
    key = ReportKey("某局", 2023)
    assert not [one for one in findings_of(ingest("proactive", lines), key) if one.rule == "T3-RESULTS"]
    rows[-2][-1] = "9"
    (broken,) = [one for one in findings_of(ingest("proactive", lines), key) if one.rule == "T3-RESULTS"]
    assert (broken.state.value, broken.column) == ("fail", "total")


def test_blank_cells_with_a_line_each_are_blank() -> None:
    lines: list[str] = []
    for row in printed("applications"):
        if len(row) < 8:
            lines += [*(f"{cell} |" for cell in row), "||"]
            continue
        cells = [*row[:-7], *("" if row[-8].endswith("国家秘密") else cell for cell in row[-7:])]
        lines += [f"{cell} |" if cell else "|" for cell in cells[:-1]] + [cells[-1] or " ", "||"]
    found = ingest("applications", [[line] for line in lines])
    states = {
        ref.column: cell.value.state.value for ref, cell in found.cells.items() if ref.row == "denied_state_secret"
    }
    assert set(states.values()) == {"blank"}
    assert len(states) == 7
    assert values_but(found, "denied_state_secret") == {
        name: value for name, value in expected("applications").items() if not name.startswith("denied_state_secret.")
    }


def values_but(found: Ingested, row: str) -> dict[str, int]:
    return {
        str(ref).split(".", 1)[1]: int(str(cell.value.number)) for ref, cell in found.cells.items() if ref.row != row
    }


def test_numbers_of_a_chart_below_a_table_that_was_read_whole_are_no_gaps() -> None:
    chart = [["图一 2023年各类申请"], ["10 20 30"], ["2021 2022 2023"]]
    found = ingest("applications", [*printed("applications"), *chart])
    assert values(found, "applications") == expected("applications")
    assert not any(gap.table == "applications" for gap in found.gaps)


def test_a_row_that_the_form_lacks_is_told() -> None:
    found = ingest("applications", [*printed("applications"), ["五、当面答复", *"1234567"]])
    assert any("无法对应到表中的行" in gap.message for gap in found.gaps)


def test_a_table_of_requests_that_is_turned_is_read_by_its_labels() -> None:
    made = numbered("applications")
    labels = [row[-8] for row in printed("applications")[3:]]
    names = {code: column.label for code, column in FORM.table("applications").columns.items()}
    codes = list(FORM.table("applications").rows)
    turned = [["", *labels]] + [
        [names[column], *(str(made[CellRef("applications", row, column)]) for row in codes)]
        for column in reversed(APPLICANTS)
    ]
    found = ingest("applications", turned)
    assert values(found, "applications") == expected("applications")
    assert not any(gap.table == "applications" for gap in found.gaps)


def test_a_turned_table_with_labels_in_several_lines_is_read_if_these_are_in_the_forms_order() -> None:
    labels = [row[-8] for row in printed("applications")[3:]]
    upper = ["", *labels[:2], "三、本年度办理结果", labels[-1]]
    lower = labels[2:-1]
    body = [[FORM.table("applications").columns[column].label, *map(str, range(25))] for column in APPLICANTS]
    found = ingest("applications", [upper, lower, *body])
    assert len(values(found, "applications")) == 175
    assert values(found, "applications")["granted.total"] == 2
    lower[0], lower[1] = lower[1], lower[0]
    found = ingest("applications", [upper, lower, *body])
    assert values(found, "applications") == {}
    assert any("次序" in gap.message for gap in found.gaps)


@pytest.mark.parametrize(
    ("table", "moved_row", "to"), [("applications", -2, 5), ("applications", 3, 5), ("proactive", 2, 4)]
)
def test_rows_in_another_order_are_read_by_their_labels(table: str, moved_row: int, to: int) -> None:
    rows = printed(table)
    row = rows.pop(moved_row)
    rows.insert(to, row)
    if table == "applications" and to == 5:
        rows = [[cell for cell in line if cell != "三、本年度办理结果"] for line in rows]
    assert values(ingest(table, rows), table) == expected(table)


def test_a_remark_behind_the_last_column_is_no_value() -> None:
    rows = printed("applications")
    wider = [
        [*rows[0], "备注"],
        *rows[1:3],
        *([*row, "含网上3件" if index % 2 else ""] for index, row in enumerate(rows[3:])),
    ]
    assert values(ingest("applications", wider), "applications") == expected("applications")


def test_last_years_column_behind_the_others_is_passed_over() -> None:
    rows = printed("applications")
    wider = [[*rows[0], "上年数"], *rows[1:3], *([*row, "9"] for row in rows[3:])]
    assert values(ingest("applications", wider), "applications") == expected("applications")


def test_running_numbers_before_the_labels_are_no_values() -> None:
    rows = printed("applications")
    wider = [["序号", *rows[0]], *rows[1:3], *([str(index), *row] for index, row in enumerate(rows[3:], start=1))]
    found = ingest("applications", wider)
    assert values(found, "applications") == expected("applications")
    assert not any(gap.table == "applications" for gap in found.gaps)


def test_three_small_tables_hold_the_three_kinds_of_reviews() -> None:
    made = numbered("review")
    names = ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]
    lines: list[list[str]] = []
    for name, row in zip(names, FORM.table("review").rows, strict=True):
        heads = [FORM.table("review").columns[state].label for state in STATES]
        lines += [[name], heads, [str(made[CellRef("review", row, state)]) for state in STATES]]
    assert values(ingest("review", lines), "review") == expected("review")


def test_digits_set_apart_are_one_number_where_the_rows_sum_or_all_the_others_say_so() -> None:
    rows = printed("applications")
    apart = [[" ".join(cell) if cell.isdigit() else cell for cell in row] for row in rows]
    assert values(ingest("applications", apart), "applications") == expected("applications")
    one = [*rows[:3], [" ".join(cell) if cell.isdigit() and len(cell) == 2 else cell for cell in rows[3]], *rows[4:]]
    assert values(ingest("applications", one), "applications") == expected("applications")
    lone = [*rows[:3], [*rows[3][:-2], "3 4", rows[3][-1]], *rows[4:]]
    assert len(values(ingest("applications", lone), "applications")) == len(expected("applications")) - 1


def test_the_total_of_a_table_of_channels_is_none_of_the_requests() -> None:
    rows = [["申请渠道", "数量"], ["网络申请", "31"], ["总计", "31"], *printed("applications")]
    assert values(ingest("applications", rows), "applications") == expected("applications")


def test_thousands_set_apart_are_one_number_where_all_that_are_long_enough_are_set_so() -> None:
    rows = [["规章", "1 204", "0", "12 718"], ["行政规范性文件", "3\xa0006", "17", "2 515 004"]]
    heads = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    found = values(ingest("proactive", [heads, *rows]), "proactive")
    assert list(found.values()) == [1204, 0, 12718, 3006, 17, 2515004]
    mixed = ingest("proactive", [heads, *rows, ["行政许可", "5120"]])
    assert values(mixed, "proactive") == {
        "regulations.repealed": 0,
        "normative_documents.repealed": 17,
        "licences.decisions": 5120,
    }
    assert any("一个单元格内有多个数字" in gap.message for gap in mixed.gaps)


def test_heads_of_the_other_edition_beside_the_forms_own_are_told() -> None:
    rows = printed("proactive")
    place = next(index for index, row in enumerate(rows) if row[0] == "行政许可")
    rows[place - 1 : place + 1] = [
        ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        ["行政许可", "31", "-2", "29"],
    ]
    found = ingest(
        "proactive", rows, further="\n".join([HEADINGS["applications"], *map("\t".join, printed("applications"))])
    )
    assert (found.edition, values(found, "proactive")["licences.decisions"]) == ("2021", 29)
    assert [fault.rule for fault in found.faults] == ["TABLE-LABEL"]


def repeated(table: str) -> list[list[str]]:
    """The rows as programs write them that put a merged cell's text into each cell that it covers."""
    made = numbered(table)
    grid = grids(FORM, {ref: parse(str(made.get(ref, 0))) for ref in FORM.cells})[table]
    rows = [[""] * len(grid.widths) for _ in grid.rows]
    for y, x, cell in grid.placed():
        for row in rows[y : y + cell.rowspan]:
            row[x : x + cell.colspan] = [cell.text] * cell.colspan
    return rows


@pytest.mark.parametrize("table", ["proactive", "applications", "review"])
@pytest.mark.parametrize("behind", [0, 2])
def test_a_merged_cell_that_is_written_into_all_its_cells_counts_once(table: str, behind: int) -> None:
    found = ingest(table, [[*row, *[""] * behind] for row in repeated(table)], " | ")
    assert values(found, table) == expected(table)


def test_a_head_above_different_values_is_no_merged_one() -> None:
    rows = [["信息内容", "本年制发件数", "本年制发件数", "本年废止件数"], ["规章", "5", "6", "7"]]
    found = ingest("proactive", rows, " | ")
    assert not [ref for ref in found.cells if ref.row == "regulations"]
    assert {ref.column for gap in found.gaps for ref in gap.cells if ref.row == "regulations"} == {
        "made",
        "repealed",
        "in_force",
    }
