"""Owns the 问题清单: a worksheet with one row a finding, ready to send to the unit that must mend it.

May import: model, zipped, checks.catalogue, checks.order. openpyxl is imported inside the functions.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nianbao.checks.catalogue import RULES
from nianbao.checks.order import SEVERITY_NAMES, STATE_NAMES, grouped, place_name
from nianbao.model import CheckReport, FindingState, Severity
from nianbao.zipped import stable_zip

SHEET_NAME = "问题清单"
# Heads and widths (in characters) of the columns; the last two are for the unit to fill in.
_COLUMNS = (
    ("序号", 6), ("单位", 16), ("年度", 8), ("严重程度", 10), ("结论", 10), ("规则", 16), ("问题类别", 26),
    ("位置", 26), ("问题说明", 60), ("应为", 12), ("实为", 12), ("依据", 40), ("豁免", 20),
    ("整改情况", 20), ("整改人及日期", 18), ("编号", 20),
)  # fmt: skip
# A text that begins so would be taken for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Control characters that the format cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_sheet(worksheet: Any, findings: Sequence[Mapping[str, Any]]) -> None:
    """Fill an openpyxl worksheet with findings in their JSON form, passes left out."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    rows = [finding for finding in findings if finding["state"] != FindingState.PASS]
    worksheet.title = SHEET_NAME
    worksheet.append([head for head, _ in _COLUMNS])
    for number, finding in enumerate(rows, start=1):
        worksheet.append([_safe(value) for value in _row(number, finding)])
    for index, (_, width) in enumerate(_COLUMNS, start=1):
        worksheet.column_dimensions[get_column_letter(index)].width = width
    for cell in worksheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    for line in worksheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    worksheet.freeze_panes = "A2"
    worksheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(rows) + 1}"
    worksheet.page_setup.orientation = "landscape"
    worksheet.page_setup.fitToHeight = 0
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    worksheet.print_title_rows = "1:1"


def _row(number: int, finding: Mapping[str, Any]) -> list[Any]:
    rule = RULES.get(finding["rule"])
    sources = list(dict.fromkeys(cell["source"] for cell in finding["cells"] if cell["source"]))
    if finding.get("source") and finding["source"] not in sources:
        sources.insert(0, finding["source"])
    shown = sources[:4] + ([f"等{len(sources)}处"] if len(sources) > 4 else [])
    return [
        number,
        finding["office"],
        finding["year"],
        SEVERITY_NAMES[Severity(finding["severity"])],
        STATE_NAMES[FindingState(finding["state"])],
        finding["rule"],
        rule.title if rule else "",
        place_name(finding),
        finding["message"],
        finding["expected"],
        finding["actual"],
        "\n".join(shown),
        finding.get("waived", ""),
        "",
        "",
        finding["fingerprint"],
    ]


def _safe(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def render_xlsx(report: CheckReport) -> bytes:
    """A workbook with the findings of all office-years, the worst first; the same findings make the same bytes."""
    from openpyxl import Workbook

    workbook = Workbook()
    write_sheet(workbook.active, [finding.to_json() for _, findings in grouped(report) for finding in findings])
    made = io.BytesIO()
    workbook.save(made)
    return stable_zip(made.getvalue(), {"docProps/core.xml": _CORE})


# The core properties without the times that the library writes into them.
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>问题清单</dc:title><dc:creator>nianbao</dc:creator>'
    "<dc:language>zh-CN</dc:language></cp:coreProperties>"
).encode()
