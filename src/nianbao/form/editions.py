"""The editions of the form: sections, tables, balance rules, which one a year needs; short names of rows and cells.

The rules name rows by role, never by a second list of codes.
"""

from __future__ import annotations

from functools import cache

from nianbao.errors import UsageError
from nianbao.errors.language import Message
from nianbao.form.declaration import Axis, Balance, CellRef, Edition, Row, RowRole, Section, Table, Term
from nianbao.form.tables import (
    APPLICATIONS_2019,
    APPLICATIONS_2021,
    PROACTIVE_2019,
    PROACTIVE_2021,
    REVIEW,
)

SECTIONS = (
    Section(1, "overview", "总体情况", aliases=("概述", "基本情况", "总体概况")),
    Section(2, "proactive", PROACTIVE_2021.caption, "proactive"),
    Section(3, "applications", APPLICATIONS_2021.caption, "applications"),
    Section(4, "review", REVIEW.caption, "review", ("因政府信息公开工作被申请行政复议、提起行政诉讼情况",)),
    Section(
        5,
        "problems",
        "存在的主要问题及改进情况",
        aliases=("存在问题及改进情况", "存在问题和改进措施", "存在的主要问题和改进情况"),
    ),
    Section(6, "other", "其他需要报告的事项"),
)

# The five parts that section 1 customarily has, in their order.
OVERVIEW_PARTS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")

FIRST_YEAR = 2019


def _application_balances(table: Table) -> tuple[Balance, ...]:
    by_role = {role: [code for code, row in table.rows.items() if row.role is role] for role in RowRole}
    carried_in = by_role[RowRole.INTAKE][1]
    totals = list(table.columns)
    return (
        Balance(
            "T3-BALANCE",
            table.code,
            Axis.ROWS,
            tuple(Term(code) for code in by_role[RowRole.INTAKE]),
            tuple(Term(code) for code in by_role[RowRole.SUM] + by_role[RowRole.CARRIED]),
            source="the note printed in the head of table 3",
        ),
        Balance(
            "T3-RESULTS",
            table.code,
            Axis.ROWS,
            tuple(Term(code) for code in by_role[RowRole.RESULT]),
            tuple(Term(code) for code in by_role[RowRole.SUM]),
            source="row （七）总计 of table 3",
        ),
        Balance(
            "T3-TOTAL",
            table.code,
            Axis.COLUMNS,
            tuple(Term(code) for code in totals[:-1]),
            (Term(totals[-1]),),
            source="column 总计 of table 3",
        ),
        Balance(
            "T3-CARRY",
            table.code,
            Axis.ROWS,
            (Term(carried_in),),
            tuple(Term(code, previous=True) for code in by_role[RowRole.CARRIED]),
            source="row 二、上年结转 against last year's row 四、结转下年度继续办理",
        ),
    )


def _review_balance(table: Table) -> Balance:
    codes = list(table.columns)
    return Balance(
        "T4-TOTAL",
        table.code,
        Axis.COLUMNS,
        tuple(Term(code) for code in codes[:-1]),
        (Term(codes[-1]),),
        source="columns 总计 of table 4",
    )


def _stock_balance(table: Table) -> Balance:
    return Balance(
        "T2-STOCK",
        table.code,
        Axis.COLUMNS,
        (Term("in_force"),),
        (Term("in_force", previous=True), Term("made"), Term("repealed", sign=-1)),
        only=tuple(row.code for row in table.blocks[0].rows),
        tolerated=True,
        source="the meaning of 制发, 废止 and 现行有效 in table 2",
    )


EDITION_2021 = Edition(
    "2021",
    "国办公开办函〔2021〕30号",
    "国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知",
    2021,
    None,
    SECTIONS,
    (PROACTIVE_2021, APPLICATIONS_2021, REVIEW),
    (*_application_balances(APPLICATIONS_2021), _review_balance(REVIEW), _stock_balance(PROACTIVE_2021)),
)

EDITION_2019 = Edition(
    "2019",
    "国办公开办函〔2019〕60号",
    "国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
    FIRST_YEAR,
    2020,
    SECTIONS,
    (PROACTIVE_2019, APPLICATIONS_2019, REVIEW),
    (*_application_balances(APPLICATIONS_2019), _review_balance(REVIEW)),
)

EDITIONS = {edition.code: edition for edition in (EDITION_2019, EDITION_2021)}


def known_cells() -> tuple[CellRef, ...]:
    """Every cell of either edition, those of the older one first."""
    return tuple(dict.fromkeys(ref for edition in EDITIONS.values() for ref in edition.cells))


def edition_for(year: int) -> Edition:
    """The edition that a report for ``year`` must use; UsageError before 2019, when forms were free."""
    for edition in EDITIONS.values():
        if edition.covers(year):
            return edition
    raise UsageError(
        Message("there is no statutory form for {year}", year=year),
        hint=Message("the form of the annual report was laid down for {first} and later years", first=FIRST_YEAR),
    )


# 表二 is the table of the second section, and so on.
TABLE_NAMES = {section.table: f"表{section.heading_numeral}" for section in SECTIONS if section.table}
_SUFFIX = "政府信息公开申请数量"


@cache
def row_name(row: Row) -> str:
    """A row in two to eight characters where the form allows it: 新收, 上年结转, 予以公开, 办理总计."""
    name = row.short_label.removesuffix(_SUFFIX)
    if row.role is RowRole.INTAKE:
        return name.removeprefix("本年")
    if row.role is RowRole.SUM:
        return f"办理{name}"
    if row.role is RowRole.CARRIED:
        return name.removesuffix("继续办理")
    group = row.groups[-1].split("）")[-1] if len(row.groups) > 1 else ""
    return f"{group}·{name}" if group else name


def place_name(table: str | None, row: str | None = None, column: str | None = None) -> str:
    """An address by its codes in the words of the form: 表三 · 新收 · 自然人.

    Rows of either edition are known (reports do use the wrong one); a code that neither knows is given as it is.
    """
    if not table:
        return ""
    names = [TABLE_NAMES.get(table, table)]
    names += [_row_names().get((table, row), row)] if row else []
    if column:
        known = _column_names()
        # 金额 of the fees is not 金额 of the procurement: the row decides where it is known.
        names.append(known.get((table, row, column)) or known.get((table, None, column)) or column)
    return " · ".join(names)


@cache
def _row_names() -> dict[tuple[str, str], str]:
    rows: dict[tuple[str, str], Row] = {}
    for edition in EDITIONS.values():
        rows |= {(table.code, code): row for table in edition.tables for code, row in table.rows.items()}
    return {place: row_name(row) for place, row in rows.items()}


@cache
def _column_names() -> dict[tuple[str, str | None, str], str]:
    names: dict[tuple[str, str | None, str], str] = {}
    for edition in EDITIONS.values():
        for table in edition.tables:
            for code in table.rows:
                for column in table.columns_of(code):
                    names[table.code, code, column.code] = names[table.code, None, column.code] = column.label
    return names
