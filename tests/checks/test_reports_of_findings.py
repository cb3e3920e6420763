"""The reports of findings: text, JSON, XLSX, a page; the order in which they show things."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pytest

from checks.generate import CITY, changed, consistent
from nianbao.checks import check_values, render_json, render_page, render_text
from nianbao.export.findings_list import findings_list
from nianbao.form.cells import State as CellState
from nianbao.form.cells import Value, number
from nianbao.model import CheckReport

GOOD = consistent(2)
BAD = changed(GOOD, {"applications.granted.total": number(9999)})


@pytest.fixture(scope="module")
def report() -> CheckReport:
    """One office-year with errors."""
    return check_values([BAD], {})


@pytest.fixture(scope="module")
def many() -> CheckReport:
    """Five office-years of which the fourth is broken."""
    reports = [consistent(index, office=replace(CITY, id=f"office{index}")) for index in range(5)]
    reports[3] = changed(reports[3], {"applications.granted.total": number(9999)})
    return check_values(reports, {})


def test_text_names_the_rule_the_sum_and_the_file(report: CheckReport) -> None:
    text = render_text(report)
    assert text.startswith("shili 2023（示例市人民政府办公室）：2个错误，不能发布\n")
    assert "[错误] T3-TOTAL  表三“予以公开”：" in text
    assert "data/shili/2023/applications.csv:" in text


def test_notes_and_what_cannot_be_assessed_are_counted_and_listed_on_request(report: CheckReport) -> None:
    assert "无法与上年核对" not in render_text(report)
    assert "另有6项无法核对，加 --all 列出" in render_text(report)
    assert "[提示·无法核对] T3-CARRY" in render_text(report, all=True)


def test_over_many_offices_a_table_comes_first_and_the_worst_is_on_top(many: CheckReport) -> None:
    lines = render_text(many).splitlines()
    assert lines[0].split() == ["单位", "年度", "错误", "警告", "提示", "无法核对"]
    assert lines[1].split()[:3] == ["office3（示例市人民政府办公室）", "2023", "2"]
    assert "office1 2023：" not in render_text(many)


def test_json_has_the_fields_of_the_contract_and_a_summary(report: CheckReport) -> None:
    made = json.loads(json.dumps(render_json(report), ensure_ascii=False))
    first = made["findings"][0]
    assert {
        "rule",
        "state",
        "severity",
        "office",
        "year",
        "table",
        "row",
        "column",
        "expected",
        "actual",
        "cells",
        "message",
        "message_en",
        "fingerprint",
    } <= set(first)
    assert first["severity"] == "error"
    assert first["cells"][0]["source"].startswith("data/shili/2023/applications.csv:")
    summary = made["summary"]
    assert (summary["reports"], summary["blocked"], summary["errors"]) == (1, 1, 2)
    assert summary["passed"] == summary["evaluated"] - 2


def test_the_workbook_has_a_row_for_each_finding_and_the_same_bytes_each_time(report: CheckReport) -> None:
    listed = render_json(report)["findings"]
    content = findings_list(listed)
    assert content == findings_list(listed)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["问题清单"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("序号", "单位", "年度", "严重程度")
    assert len(rows) == 1 + len(report.findings)
    assert rows[1][3:6] == ("错误", "不通过", "T3-RESULTS")


def test_a_text_that_looks_like_a_formula_stays_text_in_the_workbook() -> None:
    text = Value(CellState.TEXT, "=1+1")
    report = check_values([changed(GOOD, {"applications.granted.total": text})], {})
    content = findings_list(render_json(report)["findings"])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["问题清单"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=1+1" and cell.quotePrefix for cell in cells)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_chinese_and_asks_for_nothing_outside(report: CheckReport) -> None:
    page = render_page(report)
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert "<h1>示例市人民政府办公室2023年年报检查结果</h1>" in page
    assert ("html", {"lang": "zh-CN"}) in tags.attributes
    assert not [
        tag for tag, given in tags.attributes if tag in {"script", "link", "img"} or "src" in given or "href" in given
    ]
    assert {"col", "row"} <= {given.get("scope") for tag, given in tags.attributes if tag == "th"}


def test_the_page_escapes_what_people_typed() -> None:
    text = Value(CellState.TEXT, "<b>若干</b>")
    assert "&lt;b&gt;若干" in render_page(check_values([changed(GOOD, {"applications.granted.total": text})], {}))


def test_passes_are_listed_only_where_asked_for() -> None:
    assert "pass" not in {finding.state for finding in check_values([GOOD], {}).findings}
    assert "pass" in {finding.state for finding in check_values([GOOD], {}, passes=True).findings}
