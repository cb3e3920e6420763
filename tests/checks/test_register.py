"""The rules on the register of requests, each made to fail by one line."""

from __future__ import annotations

import pytest

from inputs.ledger.build import as_csv
from nianbao.checks import check
from nianbao.inputs import load
from nianbao.model import FindingState, ReportKey
from nianbao.paths import Project

SHILI = ReportKey("shili", 2023)


def states(project: Project) -> dict[str, set[FindingState]]:
    """The states of the register's rules."""
    found: dict[str, set[FindingState]] = {}
    for finding in check(project, [SHILI]).findings:
        if finding.rule.startswith("LEDGER") or finding.rule == "INPUT":
            found.setdefault(finding.rule, set()).add(finding.state)
    return found


def add_line(project: Project, **line: str) -> None:
    """One more line of the register."""
    path = project.ledger_files(SHILI)[1]
    usual = {
        "id": "X1",
        "received": "2023-03-01",
        "applicant_kind": "自然人",
        "answered": "2023-03-20",
        "result": "予以公开",
    }
    added = as_csv([{**usual, **line}]).split(b"\r\n", 1)[1]
    path.write_bytes(path.read_bytes() + added)


def test_the_made_up_office_passes_every_rule_of_the_register(project: Project) -> None:
    assert states(project) == {}


@pytest.mark.parametrize(
    ("line", "rule", "state"),
    [
        ({}, "LEDGER-TABLE", FindingState.FAIL),
        ({"received": "三月"}, "LEDGER-CELL", FindingState.FAIL),
        ({"note": "13912345678"}, "LEDGER-PRIVACY", FindingState.FAIL),
        ({"id": "2023-100"}, "LEDGER-DUPLICATE", FindingState.FAIL),
        ({"answered": "2023-02-01"}, "LEDGER-ORDER", FindingState.FAIL),
        ({"result": ""}, "LEDGER-RESULT", FindingState.FAIL),
        ({"answered": "2023-05-20"}, "LEDGER-LATE", FindingState.WARN),
        ({"extended": "2023-04-20", "answered": "2023-04-21"}, "LEDGER-EXTENSION", FindingState.WARN),
        (
            {"correction_asked": "2023-03-20", "correction_received": "2023-03-21", "answered": "2023-03-30"},
            "LEDGER-CORRECTION",
            FindingState.WARN,
        ),
        ({"pages": "31", "fee": "11", "fee_notice": "2023-03-02"}, "LEDGER-FEE", FindingState.WARN),
    ],
)
def test_a_line_that_breaks_a_rule_is_found(
    project: Project, line: dict[str, str], rule: str, state: FindingState
) -> None:
    add_line(project, **line)
    assert state in states(project)[rule]


def test_a_cell_that_differs_names_the_cases_behind_it(project: Project) -> None:
    path = project.table_file(SHILI, "applications")
    path.write_text(path.read_text("utf-8").replace("“三安全一稳定”,1,", "“三安全一稳定”,2,"), "utf-8")
    (found,) = [one for one in check(project, [SHILI]).findings if one.rule == "LEDGER-TABLE"]
    assert (found.row, found.column, found.expected, found.actual) == (
        "denied_security_stability",
        "natural_person",
        1,
        2,
    )
    assert "2023-" in found.message


def test_a_stated_fee_that_the_register_does_not_bear_out_is_found(project: Project) -> None:
    path = project.table_file(SHILI, "figures")
    path.write_text(path.read_text("utf-8").replace(",1560,", ",1660,"), "utf-8")
    (found,) = [one for one in check(project, [SHILI]).findings if one.rule == "LEDGER-FIGURE"]
    assert (found.state, found.expected, found.actual) == (FindingState.FAIL, 1560, 1660)
    assert "2023-" in found.message


def test_words_about_the_fee_are_held_against_the_register_where_no_figure_states_it(project: Project) -> None:
    path = project.table_file(SHILI, "figures")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("processing_fee,")), "utf-8")
    words = project.data_of(SHILI) / "narrative" / "06_other.md"
    words.write_text("本年度收取信息处理费1580元。\n", "utf-8")
    (found,) = [one for one in check(project, [SHILI]).findings if one.rule == "TEXT-FEE"]
    assert (found.expected, found.actual) == (1560, 1580)
    words.write_text("本年度收取信息处理费{{ ledger.fees }}元。\n", "utf-8")
    assert not [one for one in check(project, [SHILI]).findings if one.rule == "TEXT-FEE"]


def test_two_registers_are_a_finding_of_the_inputs(project: Project) -> None:
    first, second = project.ledger_files(SHILI)[:2]
    first.write_bytes(second.read_bytes())
    assert states(project) == {"INPUT": {FindingState.FAIL}}


def test_a_register_under_another_name_is_told_with_the_right_one(project: Project) -> None:
    path = project.ledger_files(SHILI)[1]
    path.rename(path.with_name("2023年依申请公开台账.xlsx"))
    issues = [issue for issue in load(project, SHILI).issues if "台账" in issue.found]
    assert [issue.near for issue in issues] == ["ledger.xlsx"]
    assert issues[0].words
    assert issues[0].words[0] == "没有栏目读取此文件，是否应命名为 ledger.xlsx"


def test_a_register_of_several_years_in_the_offices_folder_serves_as_well(project: Project) -> None:
    path = project.ledger_files(SHILI)[1]
    path.rename(project.ledger_files(SHILI)[3])
    assert states(project) == {}
