"""The rules on an area's units, each made to fail, and shown to pass where nothing is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from areas import YEAR, adjust, area, set_cells, units_file
from nianbao.campaign.sums import sums_of, write_sums
from nianbao.checks import check
from nianbao.checks.rollup import list_change
from nianbao.form import CellRef, Edition
from nianbao.inputs import Files, load
from nianbao.inputs.units import Level, figures_of
from nianbao.model import Cell, Finding, FindingState, ReportKey
from nianbao.paths import Project

SHI = ReportKey("shi", YEAR)


@pytest.fixture
def shi(tmp_path: Path) -> Project:
    """An area that states the sum of its three units."""
    project = area(tmp_path, ["a", "b", "c"], years=(YEAR - 1, YEAR))
    for year in (YEAR - 1, YEAR):
        key = ReportKey("shi", year)
        write_sums(project, sums_of(project, key, Level.AREA))
    return project


def found(project: Project) -> dict[str, list[Finding]]:
    by_rule: dict[str, list[Finding]] = {}
    for finding in check(project, [SHI]).findings:
        if finding.rule.startswith("ROLLUP"):
            by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule


def test_an_area_that_states_its_units_sum_passes(shi: Project) -> None:
    assert found(shi) == {}


def test_a_stated_cell_that_is_not_the_sum_is_an_error_with_both(shi: Project) -> None:
    set_cells(shi, "shi", {"proactive.fees.amount": "6.0007"})
    (finding,) = found(shi)["ROLLUP-SUM"]
    assert finding.blocks
    assert (finding.table, finding.row, finding.column) == ("proactive", "fees", "amount")
    assert "6.0007 ≠ 3家单位之和6.0006" in finding.message


def test_while_a_unit_is_missing_the_sum_is_not_assessable_even_if_it_agrees(shi: Project) -> None:
    for path in shi.data_of(ReportKey("b", YEAR)).glob("*.csv"):
        path.unlink()
    rules = found(shi)
    assert [finding.state for finding in rules["ROLLUP-SUM"]] == [FindingState.NOT_ASSESSABLE]
    (missing,) = rules["ROLLUP-MISSING"]
    assert "甲市第2局（b）2023年未报送" in missing.message


def test_an_adjustment_is_named_and_accounts_for_its_difference(shi: Project) -> None:
    set_cells(shi, "shi", {"proactive.fees.amount": "5.0006"})
    adjust(shi, "shi", "proactive,fees,amount,-1,联合收费重复计算")
    rules = found(shi)
    assert "ROLLUP-SUM" not in rules
    assert "调整-1，联合收费重复计算" in rules["ROLLUP-ADJUSTED"][0].message


def test_a_changed_list_is_written_out_where_the_years_do_not_follow(shi: Project) -> None:
    units_file(shi, "shi", ["a,甲局", "b,乙局"], year=YEAR)
    stocks = [finding for finding in found(shi)["ROLLUP-LIST"] if finding.table == "proactive"]
    assert stocks
    assert "减少甲市第3局" in stocks[0].message
    assert "甲市第3局（减少）-" in stocks[0].message


def test_a_wrong_list_stops_the_areas_report(shi: Project) -> None:
    units_file(shi, "shi", ["a", "nobody"])
    report = check(shi, [SHI])
    assert any(
        finding.rule == "INPUT" and "nobody" in finding.message and finding.blocks for finding in report.findings
    )


def test_what_a_changed_list_explains_is_no_error_of_the_carried_cases(shi: Project) -> None:
    """The area states the sum of two units this year: what the third carried out is the list's, and said so."""
    key, last = ReportKey("c", YEAR - 1), CellRef("applications", "carried_out", "total")
    gone = load(shi, key).value(last).number
    assert gone, "the third unit carries cases over"
    units_file(shi, "shi", ["a,甲局", "b,乙局"], year=YEAR)
    for code in ("proactive", "applications", "review"):
        shi.table_file(SHI, code).unlink()
    write_sums(shi, sums_of(shi, SHI, Level.AREA))
    carried = [finding for finding in check(shi, [SHI]).findings if finding.rule == "T3-CARRY"]
    assert carried == []
    told = {finding.column: finding.message for finding in found(shi)["ROLLUP-LIST"] if finding.table == "applications"}
    assert f"甲市第3局（减少）-{gone}" in told["total"]
    # One more in the area's own figures is beyond what the list explains: that is an error as ever.
    stated = load(shi, SHI).value(CellRef("applications", "carried_in", "total")).number
    set_cells(shi, "shi", {"applications.carried_in.total": str(int(stated or 0) + 1)})
    (error,) = [finding for finding in check(shi, [SHI]).findings if finding.rule == "T3-CARRY"]
    assert error.blocks
    assert f"只能解释-{gone}（甲市第3局（减少）-{gone}）" in error.message
    # Without the third unit's table nobody can say what the list explains: neither an error nor a pass.
    shi.table_file(key, "applications").unlink()
    unsure = {finding.column: finding for finding in check(shi, [SHI]).findings if finding.rule == "T3-CARRY"}
    assert {finding.state for finding in unsure.values()} == {FindingState.UNCERTAIN}
    assert "减少甲市第3局，其数据不齐，不能断定" in unsure["total"].message
    assert not any(finding.blocks for finding in unsure.values())
    lines = [finding for finding in found(shi)["ROLLUP-LIST"] if finding.table == "applications"]
    assert {finding.state for finding in lines} == {FindingState.NOT_ASSESSABLE}


def test_the_units_tables_are_read_once_for_all_lines_of_a_changed_list(
    shi: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    units_file(shi, "shi", ["a,甲局", "b,乙局"], year=YEAR)
    read: list[ReportKey] = []

    def counted(files: Files, key: ReportKey) -> tuple[Edition, Mapping[CellRef, Cell]] | None:
        read.append(key)
        return figures_of(files, key)

    monkeypatch.setattr("nianbao.checks.rollup.figures_of", counted)
    edition = load(shi, SHI).edition
    change = list_change(Files(shi), SHI, edition)
    assert change is not None
    for balance in edition.balances:
        if balance.across_years:
            for line in edition.lines(balance):
                change.told(balance, line, all_units=True)
    assert len(read) == len(set(read)) > 1
