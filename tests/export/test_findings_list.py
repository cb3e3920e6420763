import io
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from nianbao.export.findings_list import NOTHING_FOUND, SHEET_NAME, findings_list, place_of

BALANCE: dict[str, Any] = {
    "rule": "T3-BALANCE",
    "state": "fail",
    "severity": "error",
    "office": "shili",
    "year": 2023,
    "table": "applications",
    "row": None,
    "column": "natural_person",
    "expected": 14,
    "actual": 13.5,
    "cells": [
        {"table": "applications", "row": "new", "column": "natural_person", "value": 14, "source": "a.csv:2"},
        {"table": "applications", "row": "carried_out", "column": "total", "value": None, "source": None, "year": 2022},
    ],
    "message": "两边不相等",
    "message_en": "does not balance",
    "fingerprint": "0",
}


def rows_of(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sheet = written(findings)
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def written(findings: list[dict[str, Any]]) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(findings_list(findings)))[SHEET_NAME]


def test_a_finding_is_told_in_the_words_of_the_form():
    (row,) = rows_of([BALANCE])
    assert (row["严重程度"], row["结论"], row["规则"], row["问题说明"]) == (
        "错误",
        "不通过",
        "T3-BALANCE",
        "两边不相等",
    )
    assert row["位置"] == "表三 · 自然人"
    assert (row["应为"], row["实为"]) == (14, "13.5")
    assert row["依据"].split("\n") == [
        "表三 · 新收 · 自然人 = 14（a.csv:2）",
        "2022年 表三 · 结转下年度 · 总计 = 空白",
    ]


def test_without_findings_one_line_says_so():
    assert [row["问题说明"] for row in rows_of([])] == [NOTHING_FOUND]


def test_a_pass_is_no_finding():
    assert [row["问题说明"] for row in rows_of([{**BALANCE, "state": "pass"}])] == [NOTHING_FOUND]


@pytest.mark.parametrize(
    ("state", "word"), [("uncertain", "不确定"), ("not_assessable", "无法核对"), ("warn", "需核实")]
)
def test_what_could_not_be_judged_is_told_apart(state: str, word: str):
    assert rows_of([{**BALANCE, "state": state}])[0]["结论"] == word


def test_a_waived_finding_keeps_its_reason():
    assert rows_of([{**BALANCE, "waived": "年末清理"}])[0]["豁免"] == "年末清理"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"table": "proactive", "row": "licences", "column": "decisions"},
         "表二 · 行政许可 · 本年处理决定数量"),
        ({"year": 2020, "table": "proactive", "row": "procurement", "column": "amount"},
         "表二 · 政府集中采购 · 采购总金额"),
        # A report of 2023 in the form of 2019.
        ({"table": "proactive", "row": "procurement", "column": None}, "表二 · 政府集中采购"),
        ({"table": "unknown", "row": "x", "column": "y"}, "unknown · x · y"),
        ({"table": None, "source": "narrative/01_overview.md:3"}, "narrative/01_overview.md:3"),
        ({"table": None}, "全文"),
    ],
)  # fmt: skip
def test_a_place_is_named_even_where_the_form_does_not_know_it(changes: dict[str, Any], place: str):
    assert place_of({**BALANCE, **changes}) == place


def test_the_list_filters_and_keeps_its_head_in_sight():
    sheet = written([BALANCE, BALANCE])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:O3")
