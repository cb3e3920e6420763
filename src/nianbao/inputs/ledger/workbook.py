"""A blank register as a workbook: lists to choose from, dates as dates, due date and days left as formulas.

May import: the other modules of this package; XlsxWriter. The formulas count the working days that a hidden sheet
lists, for no spreadsheet knows the weekends worked instead of holidays; a year not announced yet shows 待公布.
"""

from __future__ import annotations

import datetime
import io
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from nianbao.inputs.ledger.columns import COLUMNS, ColumnKind, labels_of
from nianbao.inputs.ledger.deadlines import ANSWER_WITHIN, EXTENSION, OPINION_WITHIN
from nianbao.inputs.ledger.workdays import workdays_of

SHEET = "依申请公开台账"
_LINES = 500  # lines with validation and formulas; more can be added by copying one
_FIRST = 3  # the row of the first request, from 1: title, heads, then requests
_DAYS = "工作日"
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
    for row in range(_FIRST, _FIRST + _LINES):
        sheet.write_formula(row - 1, len(COLUMNS), _due(row, days), date, "")
        sheet.write_formula(row - 1, last, _left(row, days), number, "")
    red = book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE"})
    amber = book.add_format({"bg_color": "#FFEB9C"})
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


def _due(row: int, days: int) -> str:
    """The day of the answer: the start's place among the working days, and so many more."""
    at = {code: f"${letter}{row}" for code, letter in _LETTER.items()}
    all_days = f"{_DAYS}!$A$1:$A${days}"
    start = f"MAX({at['received']},{at['correction_received']},{at['fee_paid']})"

    def end(asked: str, answered: str) -> str:
        limit = f"INDEX({all_days},MATCH({at[asked]},{all_days},1)+{OPINION_WITHIN})"
        return f'IF({at[asked]}="",0,IF({at[answered]}="",{limit},MIN({at[answered]},{limit})))'

    def inside(asked: str, answered: str) -> str:
        return f"({all_days}>MAX({start},{at[asked]}))*({all_days}<={end(asked, answered)})"

    spans = (("third_party_asked", "third_party_answered"), ("joint_asked", "joint_answered"))
    waited = f"SUMPRODUCT(--(({'+'.join(inside(*span) for span in spans)})>0))"
    more = f'IF({at["extended"]}="",0,{EXTENSION})'
    place = f"MATCH({start},{all_days},1)+{ANSWER_WITHIN}+{more}+{waited}"
    waits = f'AND({at["correction_asked"]}<>"",{at["correction_received"]}="")'
    return f'=IF({at["received"]}="","",IF({waits},"待补正",IFERROR(INDEX({all_days},{place}),"待公布")))'


def _left(row: int, days: int) -> str:
    """The working days left until then; negative once it is late, blank once it is answered."""
    due = f"${xl_col_to_name(len(COLUMNS))}{row}"
    all_days = f"{_DAYS}!$A$1:$A${days}"
    ahead = f'COUNTIFS({all_days},">"&TODAY(),{all_days},"<="&{due})'
    behind = f'COUNTIFS({all_days},">"&{due},{all_days},"<="&TODAY())'
    return f'=IF(OR(NOT(ISNUMBER({due})),${_LETTER["answered"]}{row}<>""),"",{ahead}-{behind})'
