"""The list of findings as a workbook (问题清单): one row a finding, ready to send to the unit that must mend it.

Findings come as the JSON of ``check --format json``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from nianbao.export.worksheets import Book, ListColumn, write_list
from nianbao.form import place_name
from nianbao.model import FindingState, Severity

SHEET_NAME = "问题清单"
NOTHING_FOUND = "无未决问题"
# A workbook must state a day; the same findings must make the same bytes, whenever they are written.
_DAY = dt.date(2000, 1, 1)
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


def findings_list(findings: Iterable[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> bytes:
    """A workbook with the findings (JSON) that are no passes, one a row in the order given.

    ``names``: the offices' names by identifier. One line says so where there are no findings. The same findings make
    the same bytes.
    """
    listed = [finding for finding in findings if finding.get("state") != FindingState.PASS]
    rows = [_row(number, {**finding, **_named(finding, names or {})}) for number, finding in enumerate(listed, start=1)]
    nothing: list[Any] = [None] * len(_COLUMNS)
    nothing[_MESSAGE] = NOTHING_FOUND
    book = Book(title=SHEET_NAME, author="nianbao", day=_DAY)
    write_list(book, book.add_sheet(SHEET_NAME), _COLUMNS, rows or [nothing])
    return book.content()


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


def _named(finding: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    office = str(finding.get("office"))
    return {"office": names[office]} if names.get(office) else {}


def _shown(value: object) -> object:
    """A number as a number; a decimal, which JSON brings as a float, without what floats add."""
    return f"{value:.10g}" if isinstance(value, float) else value


def _evidence(cell: Mapping[str, Any], finding: Mapping[str, Any]) -> str:
    place = place_name(cell.get("table"), cell.get("row"), cell.get("column"))
    before = f"{cell['year']}年 " if cell.get("year") not in {None, finding.get("year")} else ""
    value = "空白" if cell.get("value") is None else _shown(cell["value"])
    source = f"（{cell['source']}）" if cell.get("source") else ""
    return f"{before}{place} = {value}{source}"
