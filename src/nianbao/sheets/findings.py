"""Owns the list of findings as a worksheet (问题清单): one row a finding, ready to send to the unit that must mend it.

May import: form, model, sheets.styles, sheets.workbook. Findings come as the JSON of ``check --format json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from nianbao.form import place_name
from nianbao.model import FindingState, Severity
from nianbao.sheets.styles import Wardrobe
from nianbao.sheets.workbook import ListColumn, write_list

SHEET_NAME = "问题清单"
NOTHING_FOUND = "无未决问题"
# The last two but one are for the unit to fill in; the number tells findings apart from one list to the next.
_COLUMNS = (
    ListColumn("序号", 6),
    ListColumn("单位", 14),
    ListColumn("年度", 7),
    ListColumn("严重程度", 9),
    ListColumn("结论", 9),
    ListColumn("规则", 15),
    ListColumn("位置", 24),
    ListColumn("问题说明", 44),
    ListColumn("应为", 10),
    ListColumn("实为", 10),
    ListColumn("依据", 38),
    ListColumn("豁免", 16),
    ListColumn("整改情况", 18),
    ListColumn("整改人及日期", 16),
    ListColumn("编号", 18),
)
_MESSAGE = [column.head for column in _COLUMNS].index("问题说明")


def write_findings(sheet: Worksheet, findings: Iterable[Mapping[str, Any]], wardrobe: Wardrobe | None = None) -> None:
    """The findings that are no passes, one a row in the order given; one line says so where there are none.

    ``wardrobe`` is the workbook's, where it has other sheets.
    """
    listed = [finding for finding in findings if finding.get("state") != FindingState.PASS]
    rows = [_row(number, finding) for number, finding in enumerate(listed, start=1)]
    nothing: list[Any] = [None] * len(_COLUMNS)
    nothing[_MESSAGE] = NOTHING_FOUND
    write_list(sheet, _COLUMNS, rows or [nothing], wardrobe or Wardrobe())


def place_of(finding: Mapping[str, Any]) -> str:
    """Where a finding lies, in the form's own words; a file, or the whole text, where it lies in no table."""
    named = place_name(finding.get("table"), finding.get("row"), finding.get("column"))
    return named or str(finding.get("source") or finding.get("scope") or "全文")


def _row(number: int, finding: Mapping[str, Any]) -> list[Any]:
    return [
        number,
        finding.get("office"),
        finding.get("year"),
        Severity(finding["severity"]).chinese,
        FindingState(finding["state"]).chinese,
        finding.get("rule"),
        place_of(finding),
        finding.get("message"),
        _shown(finding.get("expected")),
        _shown(finding.get("actual")),
        "\n".join(_evidence(cell, finding) for cell in finding.get("cells") or ()),
        finding.get("waived"),
        None,
        None,
        finding.get("fingerprint"),
    ]


def _shown(value: object) -> object:
    """A number as a number; a decimal, which JSON brings as a float, without what floats add."""
    return f"{value:.10g}" if isinstance(value, float) else value


def _evidence(cell: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    place = place_name(cell.get("table"), cell.get("row"), cell.get("column"))
    before = f"{cell['year']}年 " if cell.get("year") not in {None, finding.get("year")} else ""
    value = "空白" if cell.get("value") is None else _shown(cell["value"])
    source = f"（{cell['source']}）" if cell.get("source") else ""
    return f"{before}{place} = {value}{source}"
