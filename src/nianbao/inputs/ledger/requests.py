"""What a register holds: its columns with their heads and choices, one request, and the register as a whole.

What applicants wrote (matter, note) is not kept in a request at all, so it cannot leave the office.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from nianbao.form import EDITIONS, RowRole, Table, row_name


class ColumnKind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"  # an id, or a pseudonym that joins requests; never printed but for the id
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


_ASKED_THIRD = ("征求第三方日期", "征求第三方意见", "征求第三方意见征求日期", "征求第三方意见发出日期")
_HEARD_THIRD = ("第三方意见日期", "征求第三方意见答复日期", "征求第三方意见收到日期")
_ASKED_JOINT = ("会同机关征求日期", "会同机关", "征求其他机关意见日期", "会同机关征求意见日期")
_HEARD_JOINT = ("其他机关答复日期", "会同机关收到日期", "征求会同机关意见答复日期")
_T, _P, _D, _C = ColumnKind.TEXT, ColumnKind.PRIVATE, ColumnKind.DATE, ColumnKind.CHOICE

COLUMNS: tuple[LedgerColumn, ...] = (
    LedgerColumn("id", "编号", _T, ("序号", "受理编号", "登记号", "申请编号"), required=True),
    LedgerColumn("received", "收到日期", _D, ("收到申请日期", "收到时间", "收件日期", "登记日期"), required=True),
    LedgerColumn("channel", "申请渠道", _C, ("渠道", "申请方式", "提交方式", "收到方式")),
    LedgerColumn("applicant_kind", "申请人类型", _C, ("申请人类别", "申请人性质"), required=True),
    LedgerColumn("applicant", "申请人代号", _T, ("申请人编号", "申请人")),
    LedgerColumn("matter", "事项", _P, ("申请内容", "申请事项", "所需信息")),
    LedgerColumn("correction_asked", "补正告知日期", _D, ("告知补正日期", "要求补正日期", "补正告知", "补正通知日期")),
    LedgerColumn("correction_received", "收到补正日期", _D, ("补正日期", "补正收到日期", "补正收到")),
    LedgerColumn(
        "third_party_asked",
        "征求第三方意见日期",
        _D,
        _ASKED_THIRD,
    ),
    LedgerColumn(
        "third_party_answered",
        "第三方答复日期",
        _D,
        _HEARD_THIRD,
    ),
    LedgerColumn(
        "joint_asked",
        "征求会同机关意见日期",
        _D,
        _ASKED_JOINT,
    ),
    LedgerColumn("joint_answered", "会同机关答复日期", _D, _HEARD_JOINT),
    LedgerColumn("extended", "延期告知日期", _D, ("延期日期", "延期答复告知日期", "延期告知")),
    LedgerColumn("fee_notice", "收费通知日期", _D, ("收费告知日期", "收费通知")),
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

# Channels in which requests come; narratives state their counts. Whatever else is written counts as 其他, for a free
# text may hold a name.
CHANNELS = {
    "in_person": "当面",
    "post": "邮寄",
    "online": "网络",
    "fax": "传真",
    "email": "电子邮件",
    "other": "其他",
}
_CHANNEL_WORDS = (
    ("email", ("电子邮件", "电子邮箱", "邮箱", "email")),
    ("fax", ("传真",)),
    ("online", ("网", "线上", "在线", "平台", "系统")),
    ("in_person", ("当面", "现场", "窗口", "来访", "柜台")),
    ("post", ("邮", "信函", "快递", "挂号", "ems")),
)

_SPACE_AND_MARKS = re.compile(r"[\s（）()：:；;，,、.．。·・•/\-—_“”\"'*＊]+")
_NUMERAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")


@lru_cache(maxsize=10_000)
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


@lru_cache(maxsize=10_000)
def channel(word: str) -> str:
    """The code of a channel as registers write it: 网上提交, 信函, 来访, …; "other" for what is none of these."""
    plain = folded(word)
    if plain in CHANNELS:
        return plain
    if plain == folded("in_person"):
        return "in_person"
    return next((code for code, words in _CHANNEL_WORDS if any(each in plain for each in words)), "other")


@cache
def applicant_kinds() -> Mapping[str, str]:
    """The six kinds of applicants by code and label, with or without their group, folded, with their codes."""
    columns = list(EDITIONS["2021"].table("applications").columns.values())[:-1]
    known = {
        folded(word): column.code
        for column in columns
        for word in (column.code, column.label, f"{column.group or ''}{column.label}")
    }
    return known | {"公民": "natural_person", "个人": "natural_person", "企业": "commercial"}


@cache
def results(edition: str) -> Mapping[str, str]:
    """The results of table 3 by code, label, short label and full label, folded, with their codes.

    A label may stand with the heading above it (不予公开·属于国家秘密), with or without numerals. A short label that
    belongs to two rows names neither.
    """
    known: dict[str, set[str]] = {}
    for code, row in EDITIONS[edition].table("applications").rows.items():
        if row.role is not RowRole.RESULT:
            continue
        group = row.groups[-1] if len(row.groups) > 1 else ""
        names = {row.label, row.short_label, *row.aliases}
        names |= {_NUMERAL.sub("", name) for name in names}
        names |= {f"{above}{name}" for above in (group, _NUMERAL.sub("", group)) for name in names}
        for name in {code, row.full_label, row_name(row), *names}:
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
    known = {folded(word): row.code for row in rows for word in (row.code, row.label)}
    return known | {folded(row.label.removeprefix("未经复议")): row.code for row in rows}


def _review() -> Table:
    return EDITIONS["2021"].table("review")


def labels_of(code: str, edition: str = "2021") -> list[str]:
    """What a clerk may choose from in a column of choices, in the form's order and words."""
    form = EDITIONS[edition]
    if code == "channel":
        return list(CHANNELS.values())
    if code == "applicant_kind":
        return [column.label for column in list(form.table("applications").columns.values())[:-1]]
    if code == "result":
        rows = form.table("applications").rows.values()
        return [row_name(row) for row in rows if row.role is RowRole.RESULT]
    if code == "suit_kind":
        return [row.label for row in _review().rows.values() if row.groups]
    return [column.label for column in list(_review().columns.values())[:-1]]


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the register. Codes are the form's; a blank is None; ``place`` is file, sheet and row.

    ``applicant`` is the office's pseudonym: it joins the requests of one applicant and is never printed.
    """

    id: str
    place: str
    received: datetime.date
    applicant_kind: str
    channel: str = ""
    applicant: str = field(default="", repr=False)
    correction_asked: datetime.date | None = None
    correction_received: datetime.date | None = None
    third_party_asked: datetime.date | None = None
    third_party_answered: datetime.date | None = None
    joint_asked: datetime.date | None = None
    joint_answered: datetime.date | None = None
    extended: datetime.date | None = None
    fee_notice: datetime.date | None = None
    fee_paid: datetime.date | None = None
    pages: int | None = None
    fee: Decimal | None = None
    answered: datetime.date | None = None
    result: str = ""
    reconsidered: datetime.date | None = None
    reconsideration_outcome: str = ""
    sued: datetime.date | None = None
    suit_kind: str = ""
    suit_outcome: str = ""

    def seen_on(self, day: datetime.date) -> Request:
        """The request as it was known at the end of ``day``: without what happened later."""
        later = {name: None for name in _DATES if (at := getattr(self, name)) is not None and at > day}
        return replace(self, **later) if later else self  # type: ignore[arg-type]

    def open_on(self, day: datetime.date) -> bool:
        """Whether the request had come and was not answered at the end of ``day``."""
        return self.received <= day and (self.answered is None or self.answered > day)


# What happens to a request after it was received, by the names of its dates.
_DATES = tuple(one.name for one in fields(Request) if "date" in str(one.type) and one.name != "received")


@dataclass(frozen=True, slots=True)
class LedgerProblem:
    """Something in the register that cannot be taken as it stands: which rule, where, in both languages."""

    rule: str
    place: str
    column: str
    message: str
    message_en: str
    id: str = ""


@dataclass(frozen=True)
class RequestLedger:
    """The register of an office: its requests in the order of the file, and what could not be read of it.

    ``sheets`` are the places that were read (the file, or its sheets), ``columns`` the codes of the columns there.
    """

    path: str
    requests: tuple[Request, ...]
    problems: tuple[LedgerProblem, ...] = ()
    sheets: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset(BY_CODE)

    def __repr__(self) -> str:
        return f"RequestLedger({self.path}, {len(self.requests)} requests, {len(self.problems)} problems)"
