"""The columns of the register of requests (依申请公开台账): codes, Chinese heads, and what a cell of each may hold.

May import: form. Labels of applicants, results and outcomes derive from the form's declaration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from nianbao.form import EDITIONS, RowRole, Table
from nianbao.form.editions import row_name


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"  # read to be counted or joined, printed as an id at most
    PRIVATE = "private"  # words about people and matters: looked at for identity numbers, never kept
    DATE = "date"
    MONEY = "money"
    COUNT = "count"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column: its code, its Chinese head, other heads seen for it, and what its cells hold."""

    code: str
    head: str
    kind: ColumnKind
    aliases: tuple[str, ...] = ()
    required: bool = False


_T, _P, _D, _C = ColumnKind.TEXT, ColumnKind.PRIVATE, ColumnKind.DATE, ColumnKind.CHOICE

COLUMNS: tuple[LedgerColumn, ...] = (
    LedgerColumn("id", "编号", _T, ("序号", "受理编号", "登记号", "申请编号"), required=True),
    LedgerColumn("received", "收到日期", _D, ("收到申请日期", "收件日期", "登记日期"), required=True),
    LedgerColumn("channel", "申请渠道", _T, ("渠道", "申请方式", "提交方式")),
    LedgerColumn("applicant_kind", "申请人类型", _C, ("申请人类别", "申请人性质"), required=True),
    LedgerColumn("applicant", "申请人代号", _T, ("申请人编号", "申请人")),
    LedgerColumn("matter", "事项", _P, ("申请内容", "申请事项", "所需信息")),
    LedgerColumn("correction_asked", "补正告知日期", _D, ("告知补正日期", "要求补正日期")),
    LedgerColumn("correction_received", "收到补正日期", _D, ("补正日期", "补正收到日期")),
    LedgerColumn("third_party_asked", "征求第三方意见日期", _D, ("征求第三方日期",)),
    LedgerColumn("third_party_answered", "第三方答复日期", _D, ("第三方意见日期",)),
    LedgerColumn("joint_asked", "征求会同机关意见日期", _D, ("会同机关征求日期", "征求其他机关意见日期")),
    LedgerColumn("joint_answered", "会同机关答复日期", _D, ("其他机关答复日期",)),
    LedgerColumn("extended", "延期告知日期", _D, ("延期日期", "延期答复告知日期")),
    LedgerColumn("fee_notice", "收费通知日期", _D, ("收费告知日期",)),
    LedgerColumn("fee_paid", "缴费日期", _D, ("缴费完成日期",)),
    LedgerColumn("pages", "计费页数", ColumnKind.COUNT, ("页数",)),
    LedgerColumn("fee", "收费（元）", ColumnKind.MONEY, ("收费", "收费金额", "信息处理费")),
    LedgerColumn("answered", "答复日期", _D, ("办结日期", "答复办结日期")),
    LedgerColumn("result", "办理结果", _C, ("答复结果", "处理结果", "结果")),
    LedgerColumn("reconsidered", "复议日期", _D, ("行政复议日期", "申请复议日期")),
    LedgerColumn("reconsideration_outcome", "复议结果", _C, ("行政复议结果",)),
    LedgerColumn("sued", "起诉日期", _D, ("行政诉讼日期", "诉讼日期")),
    LedgerColumn("suit_kind", "诉讼类型", _C, ("起诉类型", "行政诉讼类型")),
    LedgerColumn("suit_outcome", "诉讼结果", _C, ("行政诉讼结果",)),
    LedgerColumn("note", "备注", _P, ("说明",)),
)
BY_CODE = {column.code: column for column in COLUMNS}

_SPACE_AND_MARKS = re.compile(r"[\s（）()：:；;，,、.．。“”\"'*＊]+")
_NUMERAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")


def folded(words: str) -> str:
    """Words without blanks and marks, in lower case: how heads and labels are compared."""
    return _SPACE_AND_MARKS.sub("", words).lower()


@cache
def heads() -> Mapping[str, str]:
    """Every head by which a column is known, folded, with the column's code."""
    known = {folded(column.code): column.code for column in COLUMNS}
    for column in COLUMNS:
        known |= {folded(head): column.code for head in (column.head, *column.aliases)}
    return known


@cache
def applicant_kinds(edition: str) -> Mapping[str, str]:
    """The six kinds of applicants by code and label, folded, with their codes; the total is none."""
    columns = list(EDITIONS[edition].table("applications").columns.values())[:-1]
    return {folded(word): column.code for column in columns for word in (column.code, column.label)}


@cache
def results(edition: str) -> Mapping[str, str]:
    """The results of table 3 by code, label, short label and full label, folded, with their codes.

    A short label that belongs to two rows (其他) names neither.
    """
    known: dict[str, set[str]] = {}
    for code, row in EDITIONS[edition].table("applications").rows.items():
        if row.role is not RowRole.RESULT:
            continue
        names = {code, row.label, row.short_label, row.full_label, row_name(row), _NUMERAL.sub("", row.label)}
        names |= {_NUMERAL.sub("", alias) for alias in row.aliases} | set(row.aliases)
        for name in names:
            known.setdefault(folded(name), set()).add(code)
    return {name: next(iter(codes)) for name, codes in known.items() if len(codes) == 1}


@cache
def outcomes() -> Mapping[str, str]:
    """The outcomes of reviews and suits by code and label (结果维持, 维持), folded; a case without one is pending."""
    columns = list(_review().columns.values())[:-1]
    names = {folded(word): column.code for column in columns for word in (column.code, column.label)}
    return names | {folded(column.label.removeprefix("结果")): column.code for column in columns}


@cache
def suit_kinds() -> Mapping[str, str]:
    """The two kinds of suits by code and label, folded, with the codes of their rows."""
    rows = [row for row in _review().rows.values() if row.groups]
    return {folded(word): row.code for row in rows for word in (row.code, row.label)}


def _review() -> Table:
    return next(iter(EDITIONS.values())).table("review")


def labels_of(code: str, edition: str = "2021") -> list[str]:
    """What a clerk may choose from in a column of choices, in the form's order and words."""
    form = EDITIONS[edition]
    if code == "applicant_kind":
        return [column.label for column in list(form.table("applications").columns.values())[:-1]]
    if code == "result":
        rows = form.table("applications").rows.values()
        return [row_name(row) for row in rows if row.role is RowRole.RESULT]
    if code == "suit_kind":
        return [row.label for row in _review().rows.values() if row.groups]
    return [column.label for column in list(_review().columns.values())[:-1]]
