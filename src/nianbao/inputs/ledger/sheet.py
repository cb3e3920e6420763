"""The weekly look at the register as a workbook: what is due, both tables with their cases, what must be mended.

May import: form, the other modules of this package; XlsxWriter. Ids and counts alone: no word of an applicant is in it.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from nianbao.form import CellRef, place_name
from nianbao.inputs.ledger.look import DUE_SOON, LedgerLook
from nianbao.inputs.ledger.requests import LedgerProblem

_RED, _AMBER = "#FFC7CE", "#FFEB9C"


def ledger_workbook(
    look: LedgerLook,
    office: str,
    problems: Sequence[LedgerProblem],
    differences: Sequence[tuple[CellRef, int, str]],
) -> bytes:
    """The workbook's bytes: sheets 在办, 表三表四, 需更正, 不一致; the same for the same look."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    day = datetime.datetime(look.as_of.year, look.as_of.month, look.as_of.day)  # noqa: DTZ001 -- no zone in a workbook
    book.set_properties({"title": f"{office}{look.year}年依申请公开台账汇总", "created": day})
    _cases(book, look, office)
    _cells(book, look)
    _sheet(
        book,
        "需更正",
        ("规则", "编号", "位置", "问题", "整改情况"),
        [(problem.rule, problem.id, problem.place, problem.message, "") for problem in problems],
        (18, 14, 36, 60, 24),
    )
    _sheet(
        book,
        "不一致",
        ("单元格", "表中", "台账", "案件编号"),
        [
            (place_name(ref.table, ref.row, ref.column), stated, count, ids_shown(look.tables.cases[ref]))
            for ref, count, stated in differences
        ],
        (40, 10, 10, 80),
    )
    book.close()
    return target.getvalue()


def ids_shown(ids: Sequence[str], most: int = 500) -> str:
    """The ids in one line; beyond ``most`` only how many there are, for a cell holds 32,767 characters."""
    shown = "、".join(ids[:most])
    return shown if len(ids) <= most else f"{shown}等{len(ids)}件"


def _sheet(
    book: Any, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int], title: str = ""
) -> Any:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    top = 1 if title else 0
    if title:
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_row(top, 0, heads, head)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for number, row in enumerate(rows, start=top + 1):
        for index, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, index, value, wrapped)
            elif value is not None:
                sheet.write_number(number, index, value)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    return sheet


def _cases(book: Any, look: LedgerLook, office: str) -> None:
    waiting = look.waiting()
    rows = [
        (
            case.request.id,
            case.deadline.state.chinese,
            case.request.received.isoformat(),
            case.deadline.due.isoformat() if case.deadline.due else "暂不能计算" if case.deadline.unknown else "未起算",
            case.deadline.days_left,
            case.deadline.late_by or None,
        )
        for case in waiting
    ]
    heads = ("编号", "状态", "收到日期", "应答复日期", "剩余工作日", "逾期工作日")
    sheet = _sheet(book, "在办", heads, rows, (16, 16, 14, 14, 12, 12), f"{office} 在办申请（截至{look.as_of}）")
    last = max(len(rows) + 1, 2)
    red, amber = book.add_format({"bg_color": _RED}), book.add_format({"bg_color": _AMBER})
    for test, look_of in (("$F3>0", red), (f'AND($E3<>"",$E3<={DUE_SOON})', amber)):
        rule = {"type": "formula", "criteria": f"={test}", "format": look_of, "stop_if_true": True}
        sheet.conditional_format(2, 0, last, 5, rule)


def _cells(book: Any, look: LedgerLook) -> None:
    rows = [
        (place_name(ref.table, ref.row, ref.column), len(ids), ids_shown(ids)) for ref, ids in look.tables.cases.items()
    ]
    _sheet(book, "表三表四", ("单元格", "件数", "案件编号"), rows, (44, 8, 90))
