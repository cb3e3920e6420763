"""One cell of the register to its value: dates, money, choices; and what must not stand there, numbers of persons.

A cell that cannot be taken raises CellError, which says why in both languages and never holds the value.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nianbao.form import edition_for
from nianbao.inputs.ledger.requests import (
    BY_CODE,
    ColumnKind,
    applicant_kinds,
    channel,
    folded,
    labels_of,
    outcomes,
    results,
    suit_kinds,
)
from nianbao.inputs.yaml_file import SettingError, date

_TIME_OF_DAY = re.compile(r"[\sT]+(?:上午|下午)?\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}(?:\.\d+)?秒?)?$")
_WEEKDAY = re.compile(r"\s*[（(]?(?:星期|周)[一二三四五六日天][)）]?$")
_MONEY = re.compile(r"[¥￥]?\s*(\d[\d,]*(?:\.\d+)?)\s*元?")
# Resident identity numbers end in a check character (GB 11643); mobile numbers have eleven digits from 13 to 19. Both
# are found with blanks or hyphens between their groups of digits too.
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+?86)?1[3-9]\d{9}(?!\d)")
_GAP = re.compile(r"(?<=\d)[ \-](?=[\dXx])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# Excel counts days from 30 December 1899 (with its leap year that was none).
_EXCEL_DAY_0 = datetime.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class CellError(ValueError):
    """A cell that cannot be taken: the rule that it breaks, and the reason in Chinese and English."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.rule, self.zh, self.en = rule, zh, en


def plain_text(cell: Any) -> str:
    """What a cell says as text: whole numbers without a point, full-width signs as plain ones, "" for a blank."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = cell if isinstance(cell, str) else str(cell)
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def cell_value(code: str, cell: Any, cells: Mapping[str, Any]) -> Any:
    """The cell's value by the kind of its column, None for a blank; ``cells`` are those of the whole line.

    Raises CellError.
    """
    text = plain_text(cell)
    kind = BY_CODE[code].kind
    if not text:
        return None
    if kind in {ColumnKind.TEXT, ColumnKind.PRIVATE}:
        if is_personal(text):
            zh, en = "像是身份证号或手机号，请改用代号", "looks like an identity or telephone number; use a pseudonym"
            raise CellError("LEDGER-PRIVACY", zh, en)
        return text
    if kind is ColumnKind.DATE:
        return _date(cell, text)
    if kind is ColumnKind.MONEY:
        return _money(text)
    if kind is ColumnKind.COUNT:
        if not text.isdecimal() or len(text) > 6:
            raise CellError("LEDGER-CELL", "应为整数", "must be a whole number")
        return int(text)
    return _choice(code, text, cells)


def is_personal(text: str) -> bool:
    """Whether the words hold a number that looks like an identity number (its check character fits) or a mobile."""
    if len(text) < 11 or sum(map(str.isdigit, text)) < 11:
        return False
    close = _GAP.sub("", text)
    if any(_TELEPHONE.search(each) for each in (text, close)):
        return True
    return any(_checked(match[0]) for each in (text, close) for match in _IDENTITY.finditer(each))


def _checked(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()


def _date(cell: Any, text: str) -> datetime.date:
    found: datetime.date | None = None
    if isinstance(cell, datetime.datetime):
        found = cell.date()
    elif isinstance(cell, datetime.date):
        found = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and 30_000 < cell < 60_000:
        found = _EXCEL_DAY_0 + datetime.timedelta(days=int(cell))
    else:
        found = _written_date(text)
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise CellError("LEDGER-CELL", "应为日期，如 2024-01-10", "must be a date such as 2024-01-10")
    return found


@lru_cache(maxsize=10_000)  # a register has few days, and each of them often
def _written_date(text: str) -> datetime.date | None:
    try:
        return date(_WEEKDAY.sub("", _TIME_OF_DAY.sub("", text)).replace("号", "日"))
    except SettingError:
        return None


def _money(text: str) -> Decimal:
    match = _MONEY.fullmatch(text)
    if not match or len(text) > 15:
        raise CellError("LEDGER-CELL", "应为金额（元）", "must be an amount in yuan")
    return Decimal(match[1].replace(",", ""))


def _choice(code: str, text: str, cells: Mapping[str, Any]) -> str:
    if code == "channel":
        return channel(text)
    word = folded(text)
    if code == "result":
        return _result(word, cells)
    known = applicant_kinds() if code == "applicant_kind" else suit_kinds() if code == "suit_kind" else outcomes()
    if word not in known:
        zh = f"不在所列选项之内（{'、'.join(labels_of(code))}）"
        raise CellError("LEDGER-CELL", zh, f"is none of {', '.join(sorted(set(known.values())))}")
    return known[word]


def _result(word: str, cells: Mapping[str, Any]) -> str:
    """The row of table 3, of the edition that the year of the answer has."""
    try:
        answered = cell_value("answered", cells.get("answered"), {})
    except CellError:
        answered = None
    edition = edition_for(answered.year).code if answered and answered.year >= 2019 else "2021"
    if word in results(edition):
        return results(edition)[word]
    if any(word in results(other) for other in ("2019", "2021")):
        raise CellError("LEDGER-RESULT", f"不属于{edition}版格式的办理结果", f"is no result of the form of {edition}")
    raise CellError("LEDGER-RESULT", "不是表三所列的办理结果", "is no result of table 3")
