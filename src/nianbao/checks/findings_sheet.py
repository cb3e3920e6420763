"""Owns the workbook of a check's findings.

May import: model, checks.order; sheets when a workbook is written.
"""

from __future__ import annotations

import datetime

from nianbao.checks.order import grouped
from nianbao.model import CheckReport

# A workbook must state a day; the same findings must make the same bytes, whenever they are written.
_DAY = datetime.date(2000, 1, 1)


def render_xlsx(report: CheckReport) -> bytes:
    """A workbook with the findings of all office-years, the worst first; the same findings make the same bytes."""
    from nianbao.sheets.findings import SHEET_NAME, write_findings
    from nianbao.sheets.saved import empty_workbook, save

    workbook = empty_workbook()
    listed = [finding.to_json() for _, findings in grouped(report) for finding in findings]
    write_findings(workbook.create_sheet(SHEET_NAME), listed)
    return save(workbook, title=SHEET_NAME, author="nianbao", day=_DAY)
