"""Owns the list of findings as a worksheet (问题清单), for the report's workbook and for those of the checks.

May import: errors, form, model, export.sheets. Findings come as the JSON of ``check --format json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from nianbao.export.sheets import ListColumn, write_list
from nianbao.form import EDITIONS, Edition, Table
from nianbao.model import FindingState, Severity

SHEET_NAME = "问题清单"
NOTHING_FOUND = "无未决问题"
_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_STATES = {
    FindingState.FAIL: "不符合",
    FindingState.WARN: "需核实",
    FindingState.UNCERTAIN: "存疑",
    FindingState.NOT_ASSESSABLE: "无法判定",
    FindingState.PASS: "通过",
}
_COLUMNS = (
    ListColumn("机关", 16),
    ListColumn("年度", 6),
    ListColumn("严重程度", 9),
    ListColumn("判定", 9),
    ListColumn("规则", 13),
    ListColumn("位置", 28),
    ListColumn("说明", 40),
    ListColumn("应为", 10),
    ListColumn("实为", 10),
    ListColumn("依据单元格", 36),
    ListColumn("处置意见", 16),
)


def write_findings(sheet: Worksheet, findings: Iterable[Mapping[str, Any]]) -> None:
    """The findings that are no passes, one a row in the order given; one line says so where there are none."""
    rows = [_row(finding) for finding in findings if finding.get("state") != FindingState.PASS]
    nothing: list[Any] = [None] * len(_COLUMNS)
    nothing[[column.head for column in _COLUMNS].index("说明")] = NOTHING_FOUND
    write_list(sheet, _COLUMNS, rows or [nothing])


def place_of(finding: Mapping[str, Any]) -> str:
    """Where a finding lies, in the form's own words; codes that no edition knows are given as they are."""
    table, row, column = (finding.get(part) for part in ("table", "row", "column"))
    if not table:
        return str(finding.get("source") or finding.get("scope") or "全文")
    form = _table(str(table), row, finding.get("year"))
    parts = [form.caption if form else str(table), *_labels(form, row, column)]
    return " · ".join(parts)


def _row(finding: Mapping[str, Any]) -> list[Any]:
    return [
        finding.get("office"),
        finding.get("year"),
        _SEVERITIES.get(finding.get("severity", ""), finding.get("severity")),
        _STATES.get(finding.get("state", ""), finding.get("state")),
        finding.get("rule"),
        place_of(finding),
        finding.get("message"),
        _shown(finding.get("expected")),
        _shown(finding.get("actual")),
        "\n".join(_evidence(cell, finding) for cell in finding.get("cells") or ()),
        finding.get("waived"),
    ]


def _shown(value: object) -> object:
    """A number as a number; a decimal, which JSON brings as a float, without what floats add."""
    return f"{value:.10g}" if isinstance(value, float) else value


def _evidence(cell: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    row, column = cell.get("row"), cell.get("column")
    year = cell.get("year") or finding.get("year")
    labels = _labels(_table(str(cell.get("table")), row, year), row, column)
    before = f"{year}年 " if cell.get("year") and cell.get("year") != finding.get("year") else ""
    value = "空白" if cell.get("value") is None else _shown(cell["value"])
    source = f"（{cell['source']}）" if cell.get("source") else ""
    return f"{before}{' · '.join(labels)} = {value}{source}"


def _table(code: str, row: str | None, year: int | None) -> Table | None:
    """The table of the year's edition, or of another that has the row (reports do use the wrong edition)."""

    def fits(edition: Edition) -> bool:
        return year is not None and edition.covers(year)

    candidates = [
        table
        for edition in sorted(EDITIONS.values(), key=fits, reverse=True)
        for table in edition.tables
        if table.code == code
    ]
    return next((table for table in candidates if row is None or row in table.rows), next(iter(candidates), None))


def _labels(form: Table | None, row: str | None, column: str | None) -> list[str]:
    labels = []
    if row:
        labels.append(form.rows[row].full_label if form and row in form.rows else row)
    if column:
        labels.append(form.columns[column].label if form and column in form.columns else column)
    return labels
