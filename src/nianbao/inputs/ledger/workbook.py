"""Workbooks of the register: a blank one to fill in, and the weekly look at what is due.

In the blank one, due date and days left are formulas: they count the working days that a hidden sheet lists, for no
spreadsheet knows the weekends worked instead of holidays; a year not announced yet shows 待公布. The look holds ids and
counts alone: no word of an applicant.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from nianbao.form import CellRef, place_name
from nianbao.inputs.ledger.deadlines import ANSWER_WITHIN, EXTENSION, OPINION_WITHIN, workdays_of
from nianbao.inputs.ledger.look import DUE_SOON, LedgerLook, ids_shown
from nianbao.inputs.ledger.requests import COLUMNS, ColumnKind, LedgerProblem, labels_of

SHEET = "依申请公开台账"
_LINES = 500  # lines with validation and formulas; more can be added by copying one
_FIRST = 3  # the row of the first request, from 1: title, heads, then requests
_DAYS = "工作日"
_RED, _AMBER = "#FFC7CE", "#FFEB9C"
_LETTER = {column.code: xl_col_to_name(index) for index, column in enumerate(COLUMNS)}


def blank_ledger(office: str, year: int) -> bytes:
    """The workbook for an office's requests of ``year``, to be filled in; the same bytes for the same arguments."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": f"{office}{year}年依申请公开台账", "created": datetime.datetime(year, 1, 1)})  # noqa: DTZ001 -- a workbook's times have no zone
    days = workdays_of(range(year - 1, year + 2))
    _request_sheet(book, office, year, len(days))
    _choice_sheet(book, year)
    _day_sheet(book, days)
    book.close()
    return target.getvalue()


def _request_sheet(book: Any, office: str, year: int, days: int) -> None:
    sheet = book.add_worksheet(SHEET)
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF4"})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    plain = {ColumnKind.DATE: date, ColumnKind.MONEY: book.add_format({"num_format": "0.00"})}
    text = book.add_format({"num_format": "@"})
    last = len(COLUMNS) + 1
    sheet.merge_range(0, 0, 0, last, f"{office}{year}年依申请公开台账", title)
    for index, column in enumerate(COLUMNS):
        sheet.write(1, index, column.head, head)
        sheet.set_column(
            index, index, 14 if column.kind is not ColumnKind.PRIVATE else 24, plain.get(column.kind, text)
        )
        _validate(sheet, index, column.code, column.kind)
    sheet.write(1, len(COLUMNS), "应答复日期", head)
    sheet.write(1, last, "剩余工作日", head)
    sheet.set_column(len(COLUMNS), last, 12, date)
    number = book.add_format({"num_format": "0"})
    sheet.write(1, last + 1, "首个期限", head)
    sheet.set_column(last + 1, last + 1, 12, date, {"hidden": True})
    for row in range(_FIRST, _FIRST + _LINES):
        first = f'=IF(${_LETTER["received"]}{row}="","",IFERROR({_first(row, days)},"待公布"))'
        sheet.write_array_formula(row - 1, last + 1, row - 1, last + 1, first, date, "")
        sheet.write_array_formula(row - 1, len(COLUMNS), row - 1, len(COLUMNS), _due(row, days), date, "")
        sheet.write_formula(row - 1, last, _left(row, days), number, "")
    red = book.add_format({"font_color": "#9C0006", "bg_color": _RED})
    amber = book.add_format({"bg_color": _AMBER})
    area = (_FIRST - 1, last, _FIRST + _LINES - 2, last)
    first = f"{xl_col_to_name(last)}{_FIRST}"
    for test, look in ((f"AND(ISNUMBER({first}),{first}<0)", red), (f"AND(ISNUMBER({first}),{first}<=5)", amber)):
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": f"={test}", "format": look, "stop_if_true": True}
        )
    sheet.freeze_panes(2, 2)
    sheet.autofilter(1, 0, _FIRST + _LINES - 2, last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)


def _validate(sheet: Any, index: int, code: str, kind: ColumnKind) -> None:
    area = (_FIRST - 1, index, _FIRST + _LINES - 2, index)
    if kind is ColumnKind.DATE:
        day = datetime.date(2000, 1, 1)
        sheet.data_validation(
            *area, {"validate": "date", "criteria": ">=", "value": day, "error_message": "请填写日期，如 2024-01-10"}
        )
    elif kind is ColumnKind.MONEY:
        sheet.data_validation(*area, {"validate": "decimal", "criteria": ">=", "value": 0})
    elif kind is ColumnKind.COUNT:
        sheet.data_validation(*area, {"validate": "integer", "criteria": ">=", "value": 0})
    elif kind is ColumnKind.CHOICE:
        letter = xl_col_to_name(_choice_columns().index(code))
        source = f"=选项!${letter}$2:${letter}${len(labels_of(code)) + 1}"
        sheet.data_validation(*area, {"validate": "list", "source": source, "error_message": "请从下拉列表中选择"})


def _choice_columns() -> list[str]:
    return [column.code for column in COLUMNS if column.kind is ColumnKind.CHOICE]


def _choice_sheet(book: Any, year: int) -> None:
    sheet = book.add_worksheet("选项")
    for index, code in enumerate(_choice_columns()):
        head = next(column.head for column in COLUMNS if column.code == code)
        sheet.write_column(0, index, [head, *labels_of(code, "2021" if year >= 2021 else "2019")])
    sheet.hide()


def _day_sheet(book: Any, days: list[datetime.date]) -> None:
    sheet = book.add_worksheet(_DAYS)
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, day in enumerate(days):
        sheet.write_datetime(row, 0, datetime.datetime(day.year, day.month, day.day), date)  # noqa: DTZ001 -- as above
    sheet.hide()


def _first(row: int, days: int, more: int = 0) -> str:
    """The day on which ANSWER_WITHIN (and ``more``) working days after the start are over, without those of waiting."""
    at = {code: f"${letter}{row}" for code, letter in _LETTER.items()}
    all_days = f"{_DAYS}!$A$1:$A${days}"
    start = f"MAX({at['received']},{at['correction_received']},{at['fee_paid']})"

    def inside(asked: str, answered: str) -> str:
        limit = f"INDEX({all_days},MATCH({at[asked]},{all_days},1)+{OPINION_WITHIN})"
        came = f'IF({at[answered]}<>"",{at[answered]},IF({at["answered"]}<>"",{at["answered"]},{limit}))'
        end = f"MIN({came},{limit})"
        return f'IF({at[asked]}="",0,({all_days}>{at[asked]})*({all_days}<={end}))'

    counts = f"({all_days}>{start})"
    for span in (("third_party_asked", "third_party_answered"), ("joint_asked", "joint_answered")):
        counts += f"*(1-{inside(*span)})"
    return f"SMALL(IF({counts},{all_days}),{ANSWER_WITHIN + more})"


def _due(row: int, days: int) -> str:
    """The last day for the answer: the first period, and the extension where it was told within it."""
    at = {code: f"${letter}{row}" for code, letter in _LETTER.items()}
    first = f"${xl_col_to_name(len(COLUMNS) + 2)}{row}"
    longer = _first(row, days, EXTENSION)
    waits = f'IF(AND({at["correction_asked"]}<>"",{at["correction_received"]}="",{at["answered"]}=""),"待补正",'
    unpaid = f'IF(AND({at["fee_notice"]}<>"",{at["fee_paid"]}="",{at["answered"]}=""),"待缴费",'
    extended = f'IF(OR({at["extended"]}="",{at["extended"]}>{first}),{first},IFERROR({longer},"待公布"))'
    return f'=IF({at["received"]}="","",{waits}{unpaid}IF(ISNUMBER({first}),{extended},"待公布"))))'


def _left(row: int, days: int) -> str:
    """The working days left until then; negative once it is late, blank once it is answered."""
    due = f"${xl_col_to_name(len(COLUMNS))}{row}"
    all_days = f"{_DAYS}!$A$1:$A${days}"
    ahead = f'COUNTIFS({all_days},">"&TODAY(),{all_days},"<="&{due})'
    behind = f'COUNTIFS({all_days},">"&{due},{all_days},"<="&TODAY())'
    return f'=IF(OR(NOT(ISNUMBER({due})),${_LETTER["answered"]}{row}<>""),"",{ahead}-{behind})'


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
