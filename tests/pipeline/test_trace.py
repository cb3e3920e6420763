from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

import nianbao.export
import nianbao.runs.run
from nianbao.cli.commands import cli
from nianbao.errors import UnknownNameError
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline import make_report
from nianbao.pipeline.trace import trace
from pipeline import sabotage

KEY = ReportKey("shili", 2022)


def test_a_cell_leads_to_its_line_with_the_line_itself_and_its_digest(project: Project) -> None:
    found = trace(project, ReportKey("panzhihua", 2023), "applications.new.total")
    assert found.value == 14
    assert found.place == {
        "section": "三、收到和处理政府信息公开申请情况",
        "table": "收到和处理政府信息公开申请情况",
        "row": "一、本年新收政府信息公开申请数量",
        "column": "总计",
    }
    assert found.origin is not None
    assert str(found.origin) == "data/panzhihua/2023/applications.csv:2:total"
    assert found.origin.raw.startswith("new,一、本年新收政府信息公开申请数量,14,")
    assert len(found.origin.sha256) == 64


def test_a_column_under_a_common_head_and_a_grouped_row_are_named_in_full(project: Project) -> None:
    place = trace(project, KEY, "applications.denied_state_secret.research").place
    assert place["column"] == "法人或其他组织：科研机构"
    assert place["row"] == "三、本年度办理结果（三）不予公开1.属于国家秘密"


def test_narratives_of_this_year_and_the_next_that_state_the_number_are_named_by_line(project: Project) -> None:
    found = trace(project, KEY, "figures.website")
    assert found.place["unit"] == "条"
    first, second = found.stated
    assert (first.year, first.path) == (2022, "data/shili/2022/narrative/01_overview.md")
    assert first.written == ("{{ figures.website }}",)
    line = (project.root / first.path).read_text(encoding="utf-8").splitlines()[first.line - 1]
    assert "{{ figures.website }}" in line
    assert str(found.value) in first.reads[0]
    assert (second.year, second.path) == (2023, "data/shili/2023/narrative/01_overview.md")
    assert "last.figures.website" in second.written[0]
    assert "%" in second.reads[0]


def test_the_rules_of_the_form_that_check_the_cell_are_named_next_years_too(project: Project) -> None:
    rules = trace(project, KEY, "applications.carried_out.total").rules
    assert [(rule.id, rule.year) for rule in rules] == [("T3-BALANCE", 2022), ("T3-TOTAL", 2022), ("T3-CARRY", 2023)]
    assert rules[0].says == "new + carried_in = processed + carried_out, in column total"
    stock = trace(project, KEY, "proactive.regulations.in_force").rules
    assert [(rule.id, rule.year) for rule in stock] == [("T2-STOCK", 2022), ("T2-STOCK", 2023)]
    assert stock[0].says == "in_force = last.in_force + made - repealed, in row regulations"


def test_last_years_number_is_followed_into_last_year(project: Project) -> None:
    found = trace(project, ReportKey("shili", 2023), "last.figures.website")
    assert (found.year, found.ref) == (2022, "figures.website")


def test_a_cell_and_a_count_of_the_register_lead_to_its_lines_without_their_words(project: Project) -> None:
    key = ReportKey("shili", 2023)
    path = project.ledger_files(key)[1]
    lines = path.read_text("utf-8").splitlines()
    for ref in ("applications.denied_security_stability.total", "ledger.by_result.denied_security_stability"):
        found = trace(project, key, ref)
        assert found.value == 1
        (case,) = found.cases or ()
        name, _, row = case.place.rpartition(":")
        assert name == project.relative(path)
        assert lines[int(row) - 1].startswith(f"{case.id},")
        assert "虚构" not in str(found)
    fee = trace(project, key, "figures.processing_fee").cases
    assert fee is not None
    assert len(fee) == 9
    assert trace(project, KEY, "applications.new.total").cases is None
    with pytest.raises(UnknownNameError, match=r"did you mean 'ledger\.received'"):
        trace(project, key, "ledger.recieved")


def test_an_unknown_number_names_the_nearest(project: Project) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'applications\.new\.total'"):
        trace(project, KEY, "applications.new.totl")
    with pytest.raises(UnknownNameError, match=r"did you mean 'figures\.website'"):
        trace(project, KEY, "figures.websites")


@pytest.fixture
def made(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The report of 2022 made with real runs of its notebooks."""
    monkeypatch.setattr(nianbao.export, "export", sabotage.fake_export)
    checked = sabotage.Checked()
    make_report(project, KEY, sabotage.OPTIONS, checked, lambda _step, _why: None)
    return project


def test_the_cells_that_displayed_the_number_are_named_in_notebook_and_outputs(made: Project) -> None:
    found = trace(made, KEY, "review.reconsideration.total")
    (table,) = found.shown
    assert (table.notebook, table.source) == ("notebooks/04_review.ipynb", "section.table()")
    source = json.loads((made.root / table.notebook).read_bytes())["cells"][table.cell - 1]
    assert "".join(source["source"]) == table.source
    executed = json.loads((made.root / table.executed).read_bytes())["cells"][table.executed_cell - 1]
    assert executed["outputs"]
    assert table.printed == str(found.value)
    assert found.origin is not None
    assert found.origin.as_made is True
    assert found.read_by == ("notebooks/04_review.ipynb",)
    assert found.findings == ()


def test_the_text_that_displayed_a_figure_is_named(made: Project) -> None:
    (text,) = trace(made, KEY, "figures.website").shown
    assert (text.notebook, text.source) == ("notebooks/01_overview.ipynb", "section.text()")
    assert "12765" in text.printed


def test_an_input_that_changed_since_the_report_was_made_is_told(made: Project) -> None:
    path = made.root / "data/shili/2022/review.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = trace(made, KEY, "review.reconsideration.total")
    assert found.origin is not None
    assert found.origin.as_made is False


def test_findings_that_rest_on_the_cell_are_listed(made: Project) -> None:
    path = made.output_of(KEY) / "findings.json"
    cell = {"table": "review", "row": "reconsideration", "column": "upheld", "value": 1, "source": "x.csv:2:upheld"}
    finding: dict[str, Any] = {"rule": "T4-TOTAL", "table": "review", "row": "reconsideration", "column": "total"}
    path.write_text(json.dumps({"findings": [{**finding, "year": 2022, "state": "fail", "cells": [cell]}]}))
    (found,) = trace(made, KEY, "review.reconsideration.upheld").findings or ()
    assert found["rule"] == "T4-TOTAL"
    assert trace(made, KEY, "review.reconsideration.pending").findings == ()


def test_findings_are_not_known_before_a_report_is_made(project: Project) -> None:
    assert trace(project, KEY, "review.reconsideration.total").findings is None


def test_the_command_prints_the_way_and_the_same_as_json(made: Project) -> None:
    call = ["--project", str(made.root), "trace", "shili", "2022", "review.reconsideration.total"]
    text = CliRunner().invoke(cli, call).output
    for words in (
        "review.reconsideration.total = ",
        "section: 四、政府信息公开行政复议、行政诉讼情况",
        "data/shili/2022/review.csv:2:total",
        "as when the report was made",
        "notebooks/04_review.ipynb, cell 5: section.table()",
        "T4-TOTAL (2022): upheld + corrected + other + pending = total, in row reconsideration",
        "findings     none",
    ):
        assert words in text
    found = json.loads(CliRunner().invoke(cli, [*call, "--format", "json"]).output)
    assert found["origin"]["line"] == 2
    assert found["ref"] == "review.reconsideration.total"


def test_a_figure_that_no_narrative_states_is_not_said_to_be_shown_by_another_run(made: Project) -> None:
    figures = made.data_of(KEY) / "figures.csv"
    figures.write_text(figures.read_text() + "unused,无人引用,1,件,\n")
    result = CliRunner().invoke(cli, ["--project", str(made.root), "trace", "shili", "2022", "figures.unused"])
    assert result.exit_code == 0, result.output
    assert "no cell: only a narrative that refers to a figure shows it" in result.output
    assert "make the report again" not in result.output
