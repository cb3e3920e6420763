"""The workbook that a unit fills in: the form as printed, sums and 勾稽 lines that answer while one types, no macro.

Every label and every sum is the form's own declaration; the reader is ``nianbao.inputs.workbook``. The same inputs give
the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from nianbao.campaign.table_sheet import TableSheet
from nianbao.export.worksheets import CENTRE, HEAD, LEFT, LINE, Book, Look, height_of, set_page
from nianbao.form import TABLE_NAMES, Axis, CellRef, Edition
from nianbao.form.cells import Value
from nianbao.inputs import Files, load
from nianbao.inputs.scaffold import USUAL_FIGURES
from nianbao.inputs.settings import load_settings
from nianbao.inputs.units import has_figures
from nianbao.inputs.workbook import FIGURE_HEADS, MARK, PUBLISHED, SHEETS, VERSION, Part, parts_of
from nianbao.model import OfficeYear, ReportKey
from nianbao.paths import Project

OPEN: Look = {**LEFT, "locked": False, "bg_color": "#FFFDE7"}
_TITLE: Look = {"font_name": "黑体", "font_size": 14, "valign": "vcenter"}
_PLAIN: Look = {"font_name": "宋体", "font_size": 10.5, "text_wrap": True, "valign": "top"}
_OVER = {"font_color": "#9C0006", "bg_color": "#FFC7CE"}
_GUIDE = (
    "1. 只需填写浅黄色单元格；其余单元格已锁定，总计自动计算。请勿增删行列、合并单元格或改动表头。",
    "2. 表三、表四没有的填0，不要留空；表二不涉及的可填“/”。金额按万元填写，可带小数。",
    "3. 表格旁边和下方的“勾稽”随填写自动核对：√ 为相符，红色的“14≠13”为不符，“待填”为尚有空白。",
    "4. 灰色的是上年数据，仅供对照；“上年结转”已按上年报告填好，如上年有误请在“其他数据”的备注中说明。",
    "5. “文字”中每段另起一行（Alt+Enter）；总体情况一般不超过{limit}字，右侧为实时字数。",
    "6. 填完直接保存并报送本文件；Excel、WPS 和 LibreOffice 均可使用，不含宏。",
)


def form_workbook(project: Project, key: ReportKey, name: str = "", given: OfficeYear | None = None) -> bytes:
    """The workbook for one office and year; ``name`` is used where the office's own file doesn't say it.

    ``given`` is written into the open cells: tables, counts, words and date; without it they are blank.
    """
    files = Files(project)
    office, settings, _ = load_settings(files, key)
    edition = settings.edition
    named = office.name if project.office_file(key.office).is_file() else name or key.office
    last = load(project, key.previous) if has_figures(files, key.previous) else None
    book = Book(title=f"{named}{key.year}年填报表", author=named, day=dt.date(key.year, 12, 31))
    _guide(book, named, key, settings.rules.overview_limit, given)
    known = {**_carried(edition, last), **({ref: cell.value for ref, cell in given.cells.items()} if given else {})}
    for table in edition.tables:
        sheet = book.add_sheet(TABLE_NAMES[table.code])
        title = f"{named}{key.year}年{table.caption}"
        TableSheet(book, sheet, edition, table, known, last).write(title)
    _figures(book, last, given)
    _texts(book, edition, settings.rules.overview_limit, given)
    _identity(book, key, edition)
    return book.content()


def _carried(edition: Edition, last: OfficeYear | None) -> Mapping[CellRef, Value]:
    """What last year's report settles: the rules of the form with one cell on both of their sides."""
    settled: dict[CellRef, Value] = {}
    for rule in edition.balances:
        if last is not None and rule.across_years and rule.axis is Axis.ROWS and len(rule.left) == len(rule.right) == 1:
            for line in edition.lines(rule):
                settled[rule.ref(rule.left[0], line)] = last.value(rule.ref(rule.right[0], line))
    return settled


def _guide(book: Book, name: str, key: ReportKey, limit: int, given: OfficeYear | None) -> None:
    sheet = book.add_sheet(SHEETS["guide"])
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    book.put_text(sheet, 0, 0, f"{name}{key.year}年政府信息公开工作年度报告填报表", _TITLE)
    sheet.set_row(0, 26)
    for row, (label, text) in enumerate((("填报单位", name), ("年度", f"{key.year}年")), start=2):
        book.put_text(sheet, row, 0, label, HEAD)
        book.put_text(sheet, row, 1, text, LEFT)
    book.put_text(sheet, 4, 0, PUBLISHED, HEAD)
    published = given.published.isoformat() if given and given.published else ""
    book.put_text(sheet, 4, 1, published, {**OPEN, "num_format": "@"})
    sheet.write_comment(4, 1, f"如 {key.year + 1}-01-20", {"visible": False, "author": ""})
    for row, line in enumerate(_GUIDE, start=6):
        text = line.format(limit=limit)
        sheet.merge_range(row, 0, row, 1, "", book.format(_PLAIN))
        book.put_text(sheet, row, 0, text, _PLAIN)
        sheet.set_row(row, height_of(text, 94))
    _close(sheet)
    set_page(sheet, landscape=False, heads=1, rows=12, columns=2)


def _figures(book: Book, last: OfficeYear | None, given: OfficeYear | None) -> None:
    sheet = book.add_sheet(SHEETS["figures"])
    known = [(one.key, one.label, one.unit, one.value.printed) for one in last.figures.values()] if last else []
    rows = known or [(code, label, unit, "") for code, label, unit in USUAL_FIGURES]
    heads = (*FIGURE_HEADS, "上年·数值")
    for column, (head, width) in enumerate(zip(heads, (34, 14, 8, 30, 20, 14), strict=True)):
        sheet.set_column(column, column, width)
        book.put_text(sheet, 1, column, head, HEAD)
    book.put_text(sheet, 0, 0, "正文中要写、三张表里没有的数据；用不到的留空", _PLAIN)
    grey: Look = {**CENTRE, "font_color": "#808080"}
    for row, (code, label, unit, before) in enumerate(rows, start=2):
        for column, text in ((0, label), (2, unit), (4, code)):
            book.put_text(sheet, row, column, text, LEFT)
        stated = given.figures.get(code) if given else None
        book.put_text(sheet, row, 1, stated.value.printed if stated else "", OPEN)
        book.put_text(sheet, row, 3, stated.note if stated else "", OPEN)
        book.put_text(sheet, row, 5, before, grey)
        rule = {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_message": "请填写数字",
            "error_type": "warning",
        }
        sheet.data_validation(row, 1, row, 1, rule)
    sheet.freeze_panes(2, 0)
    _close(sheet)
    set_page(sheet, landscape=True, heads=2, rows=len(rows) + 2, columns=6)


def _texts(book: Book, edition: Edition, limit: int, given: OfficeYear | None) -> None:
    sheet = book.add_sheet(SHEETS["texts"])
    for column, (head, width) in enumerate((("部分", 30), ("填写内容", 90), ("字数", 10))):
        sheet.set_column(column, column, width)
        book.put_text(sheet, 0, column, head, HEAD)
    overview = []
    parts = parts_of(edition)
    for row, part in enumerate(parts, start=1):
        book.put_text(sheet, row, 0, part.label, LEFT)
        book.put_text(sheet, row, 1, _words(given, part), {**OPEN, "valign": "top", "num_format": "@"})
        cell = xl_rowcol_to_cell(row, 1)
        count = f'=LEN(SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({cell},CHAR(10),"")," ",""),"　",""))'
        sheet.write_formula(row, 2, count, book.format(CENTRE), 0)
        sheet.set_row(row, LINE * (6 if part.required else 3))
        if part.section == "overview":
            overview.append(xl_rowcol_to_cell(row, 2))
    last = len(parts) + 1
    book.put_text(sheet, last, 0, f"总体情况合计（一般不超过{limit}字）", HEAD)
    sheet.write_formula(last, 2, f"=SUM({overview[0]}:{overview[-1]})", book.format(CENTRE), 0)
    over = {"type": "cell", "criteria": ">", "value": limit, "format": book.format(_OVER)}
    sheet.conditional_format(last, 2, last, 2, over)
    sheet.freeze_panes(1, 1)
    _close(sheet)
    set_page(sheet, landscape=True, heads=1, rows=last + 1, columns=3)


def _words(given: OfficeYear | None, part: Part) -> str:
    """What the office has written for this cell: its section's words below the heading, or before any."""
    text = given.texts.get(part.section) if given else None
    heads = re.split(r"^## *(.*)$", text.template if text else "", flags=re.MULTILINE)
    bodies = dict(zip(["", *heads[1::2]], heads[::2], strict=True))
    return bodies.get(part.heading, "").strip()


def _identity(book: Book, key: ReportKey, edition: Edition) -> None:
    sheet = book.add_sheet(SHEETS["identity"])
    lines = (("office", key.office), ("year", str(key.year)), ("edition", edition.code), ("version", VERSION))
    sheet.write_string(0, 0, MARK)
    for row, (name, text) in enumerate(lines, start=1):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, text)
    sheet.protect()
    sheet.hide()


def _close(sheet: Worksheet) -> None:
    """Lock what is not open; no password: whoever must mend something can."""
    options: dict[str, Any] = {"format_rows": True, "format_columns": True, "format_cells": True}
    sheet.protect("", options)
