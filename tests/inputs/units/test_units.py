"""The list of units, adjustments and the roll-up: what is wrong is said by line, and no sum is ever guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from areas import YEAR, adjust, area, office_file, set_cells, units_file
from nianbao.errors import NianbaoError
from nianbao.form import CellRef, edition_for
from nianbao.inputs import Files, load
from nianbao.inputs.units import Level, area_key, list_problems, load_units, roll_up, tree_issues
from nianbao.model import ReportKey
from nianbao.paths import Project

SHI = ReportKey("shi", YEAR)
TOTAL = CellRef("applications", "new", "total")
FEES = CellRef("proactive", "fees", "amount")


@pytest.fixture
def shi(tmp_path: Path) -> Project:
    return area(tmp_path, ["a", "b", "c"])


def problems(project: Project) -> str:
    listing = load_units(Files(project), SHI)
    assert listing is not None
    issues = (*listing.issues, *tree_issues(Files(project), SHI))
    return "\n".join(f"{issue.source} {issue.words[0] if issue.words else ''}" for issue in issues)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a", "aa"], "units.csv:3 本项目没有单位“aa”，是否为“a”"),
        (["a", "b,乙局", "a,甲局"], "units.csv:4 单位“a”已在第2行"),
        (["a,甲局,否,,"], "units.csv:2 “a”不汇总，须写明原因"),
        (["a,甲局,也许"], "units.csv:2 是否汇总应填“是”或“否”"),
        (["a,甲局,是,,三月"], "units.csv:2 报送期限应为日期"),
        ([",甲局"], "units.csv:2 没有写单位标识"),
    ],
)
def test_a_wrong_line_of_the_list_is_named(
    shi: Project, lines: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    units_file(shi, "shi", lines)
    assert said in problems(shi)
    assert any(said in found for found in list_problems(shi))


def test_a_list_with_chinese_heads_or_as_a_workbook_serves_as_well(shi: Project) -> None:
    from openpyxl import Workbook

    path = shi.params / "shi" / "units.csv"
    path.unlink()
    book = Workbook()
    for row in [
        ["甲市单位名单"],
        ["单位标识", "单位名称", "是否汇总", "不汇总原因", "报送期限"],
        ["a", "甲局", "是", None, "2024年1月26日"],
        ["b", "乙局", "否", "上级垂管", None],
    ]:
        book.active.append(row)
    book.save(path.with_suffix(".xlsx"))
    listing = load_units(Files(shi), SHI)
    assert listing is not None
    assert listing.issues == ()
    assert [(unit.office, unit.counted, unit.reason) for unit in listing.units] == [
        ("a", True, ""),
        ("b", False, "上级垂管"),
    ]
    assert str(listing.units[0].deadline) == "2024-01-26"


def test_a_list_of_a_year_holds_from_that_year_on(shi: Project) -> None:
    units_file(shi, "shi", ["a"], year=2023)
    units_file(shi, "shi", ["b"], year=2025)
    found = {
        year: [unit.office for unit in load_units(Files(shi), ReportKey("shi", year)).units]  # type: ignore[union-attr]
        for year in (2022, 2023, 2024, 2025)
    }
    assert found == {2022: ["a", "b", "c"], 2023: ["a"], 2024: ["a"], 2025: ["b"]}


def test_areas_that_hold_each_other_are_a_circle(shi: Project) -> None:
    units_file(shi, "a", ["shi"])
    assert "单位名单首尾相接：shi → a → shi" in problems(shi)
    assert roll_up(shi, SHI).cells[TOTAL].given == ("a", "b", "c")


def test_an_office_in_two_lists_would_be_added_twice_and_is_named(shi: Project) -> None:
    units_file(shi, "a", ["c"])
    assert "“c”已列入" in problems(shi)


def test_an_office_without_a_list_is_no_area(shi: Project) -> None:
    with pytest.raises(NianbaoError, match="has no list of units"):
        area_key(shi, "a", YEAR)


def test_every_cell_is_the_sum_of_the_units_with_all_decimals(shi: Project) -> None:
    rollup = roll_up(shi, SHI)
    reports = [load(shi, ReportKey(office, YEAR)) for office in "abc"]
    assert rollup.complete
    for ref in edition_for(YEAR).cells:
        expected = sum((Decimal(str(report.value(ref).number)) for report in reports), start=Decimal(0))
        assert rollup.cells[ref].value == expected, str(ref)
        assert rollup.cells[ref].given == ("a", "b", "c")
    assert rollup.cells[FEES].shown.printed == "6.0006"


def test_a_unit_that_handed_nothing_in_is_missing_and_never_zero(shi: Project) -> None:
    for path in shi.data_of(ReportKey("b", YEAR)).glob("*.csv"):
        path.unlink()
    rollup = roll_up(shi, SHI)
    assert not rollup.complete
    assert rollup.missing == ("b",)
    assert rollup.cells[TOTAL].given == ("a", "c")


def test_a_blank_cell_makes_one_sum_incomplete_and_no_other(shi: Project) -> None:
    set_cells(shi, "b", {"proactive.penalties.decisions": ""})
    rollup = roll_up(shi, SHI)
    assert rollup.cells[CellRef("proactive", "penalties", "decisions")].missing == ("b",)
    assert rollup.cells[TOTAL].missing == ()


def test_what_does_not_apply_is_no_part_of_a_sum_and_no_gap(shi: Project) -> None:
    set_cells(shi, "b", {"proactive.penalties.decisions": "/"})
    found = roll_up(shi, SHI).cells[CellRef("proactive", "penalties", "decisions")]
    assert found.missing == ()
    assert found.given == ("a", "b", "c")


def test_a_unit_that_is_listed_and_not_added_is_shown_and_not_added(shi: Project) -> None:
    whole = roll_up(shi, SHI).cells[TOTAL].value
    units_file(shi, "shi", ["a", "b", "c,丙局,否,上级垂管单位"])
    rollup = roll_up(shi, SHI)
    assert rollup.cells[TOTAL].given == ("a", "b")
    assert whole > rollup.cells[TOTAL].value  # type: ignore[operator]
    assert [share.unit.office for share in rollup.shares] == ["a", "b", "c"]


def test_an_adjustment_changes_its_cell_and_says_why(shi: Project) -> None:
    before = roll_up(shi, SHI).cells
    adjust(
        shi,
        "shi",
        "review,reconsideration,upheld,-1,共同被申请人重复计算",
        "表二,行政事业性收费,本年收费金额（单位：万元）,0.5,补报",
    )
    after = roll_up(shi, SHI).cells
    upheld = CellRef("review", "reconsideration", "upheld")
    assert after[upheld].value == before[upheld].value - 1  # type: ignore[operator]
    assert after[FEES].shown.printed == "6.5006"
    assert {ref for ref in after if after[ref].value != before[ref].value} == {upheld, FEES}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("review,reconsideration,upheld,-1,", "调整须写明原因"),
        ("review,reconsideration,lost,-1,重复", "表格中没有"),
        ("review,reconsideration,upheld,一,重复", "调整数应为数字"),
        ("review,reconsideration,upheld,1,重复,全部", "口径应填"),
    ],
)
def test_a_wrong_adjustment_adjusts_nothing_and_is_named(shi: Project, line: str, said: str) -> None:
    before = roll_up(shi, SHI).cells
    adjust(shi, "shi", line)
    after = roll_up(shi, SHI)
    assert [said in (issue.words or ("",))[0] for issue in after.issues] == [True]
    assert {ref: cell.value for ref, cell in after.cells.items()} == {ref: cell.value for ref, cell in before.items()}


def test_the_own_level_is_without_what_lies_below(shi: Project) -> None:
    office_file(shi, "c", "甲市丁县人民政府", level="county", kind="government")
    rollup = roll_up(shi, SHI, Level.OWN)
    assert [share.unit.office for share in rollup.shares] == ["a", "b"]


def test_areas_are_added_through_every_level(shi: Project) -> None:
    """A province of a city without a report of its own, whose units are added in its place."""
    whole = roll_up(shi, SHI)
    office_file(shi, "sheng", "乙省人民政府", level="province", kind="government")
    units_file(shi, "sheng", ["shi,甲市"])
    units_file(shi, "shi", ["a", "b"])
    units_file(shi, "b", ["c"])  # b states figures of its own: these count, not its units'
    rollup = roll_up(shi, ReportKey("sheng", YEAR))
    assert rollup.complete
    assert rollup.cells[TOTAL].given == ("a", "b")
    units_file(shi, "shi", ["a", "b", "c"])
    units_file(shi, "b", [])
    deep = roll_up(shi, ReportKey("sheng", YEAR))
    assert {ref: cell.value for ref, cell in deep.cells.items()} == {
        ref: cell.value for ref, cell in whole.cells.items()
    }


def test_amounts_of_any_unit_are_added_in_yuan_and_never_without_one(tmp_path: Path) -> None:
    project = area(tmp_path, ["a", "b", "c"], years=(2020,))
    ref = CellRef("proactive", "procurement", "amount")
    key = ReportKey("shi", 2020)
    for office, amount in (("a", "2.5万元"), ("b", "1000元"), ("c", "0")):
        set_cells(project, office, {str(ref): amount}, 2020)
    assert roll_up(project, key).cells[ref].shown.printed == "26000.0元"
    set_cells(project, "c", {str(ref): "7"}, 2020)
    assert roll_up(project, key).cells[ref].missing == ("c",)
