"""Read the register from CSV or a workbook: heads in Chinese or by code, one line a request.

May import: errors, form, the other modules of this package. Words of applicants (matter, note) are looked at for
identity and telephone numbers and then dropped; what is refused is named by file, sheet, row and column, not by value.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nianbao.errors import InputError
from nianbao.form import edition_for
from nianbao.inputs.ledger.columns import (
    BY_CODE,
    COLUMNS,
    ColumnKind,
    applicant_kinds,
    folded,
    heads,
    labels_of,
    outcomes,
    results,
    suit_kinds,
)
from nianbao.inputs.ledger.requests import LedgerProblem, Request, RequestLedger
from nianbao.inputs.yaml_file import SettingError, date

_HEAD_WITHIN = 20  # rows: a title and notes may stand above the heads
_MAX_ROWS = 500_000
_MIDNIGHT = re.compile(r"\s+00:00(?::00)?$")
_MONEY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*元?")
# Resident identity numbers end in a check character (GB 11643); mobile numbers have eleven digits from 13 to 19.
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_TELEPHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# Excel counts days from 30 December 1899 (with its leap year that was none).
_EXCEL_DAY_0 = datetime.date(1899, 12, 30)


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Sequence[Any]


def read_ledger(content: bytes, path: str) -> RequestLedger:
    """The register in a ``.xlsx`` or ``.csv`` file; ``path`` names it in messages and tells which it is.

    Raises InputError where the file is no register at all: no line of heads with the columns that must be there.
    A cell that cannot be taken is a problem of the register and leaves out its request.
    """
    if path.lower().endswith(".csv"):
        return _read_sheet(path, path, _csv_rows(content, path))
    sheets = list(_workbook_rows(content, path))
    faults = []
    for sheet, rows in sheets:
        try:
            return _read_sheet(path, f"{path}:{sheet}", rows)
        except InputError as error:
            faults.append(error)
    raise (
        faults[0]
        if faults
        else InputError("工作簿中没有工作表", where=path, hint="请用 nianbao new --ledger 生成空白台账")
    )


def _csv_rows(content: bytes, path: str) -> Iterator[_Row]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        reader = csv.reader(io.StringIO(text, newline=""))
        for cells in reader:
            yield _Row(reader.line_num, cells)
        return
    raise _no_register("is no text in UTF-8 or GB18030", "不是 UTF-8 或 GB18030 编码的文本，请另存为“CSV UTF-8”", path)


def _workbook_rows(content: bytes, path: str) -> Iterator[tuple[str, Iterator[_Row]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        zh = "不是可以读取的 Excel 工作簿，请另存为 .xlsx"
        raise _no_register("is no workbook that can be read", zh, path) from error
    for sheet in book.worksheets:
        rows = (_Row(number, cells) for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1))
        yield sheet.title, rows


def _read_sheet(path: str, place: str, rows: Iterable[_Row]) -> RequestLedger:
    lines = iter(rows)
    columns = _columns(lines, place)
    reader = _Reader(place, columns)
    for row in lines:
        if row.number > _MAX_ROWS:
            raise _no_register(f"has more than {_MAX_ROWS} rows", f"超过{_MAX_ROWS}行，请按年度分开", place)
        reader.line(row)
    return RequestLedger(path, tuple(reader.requests), tuple(reader.problems))


def _columns(lines: Iterator[_Row], place: str) -> dict[int, str]:
    """Position -> column code, from the first line that holds the heads that must be there."""
    required = {column.code for column in COLUMNS if column.required}
    best: set[str] = set()
    for row in lines:
        if row.number > _HEAD_WITHIN:
            break
        found = {
            index: heads()[folded(str(cell))] for index, cell in enumerate(row.cells) if folded(_text(cell)) in heads()
        }
        if len(found) > len(best):
            best = set(found.values())
        if required <= set(found.values()):
            doubled = [code for code in found.values() if list(found.values()).count(code) > 1]
            if doubled:
                raise InputError(
                    f"列“{BY_CODE[doubled[0]].head}”出现两次", where=f"{place}:{row.number}", hint="请保留一列"
                )
            return found
    missing = "、".join(f"“{BY_CODE[code].head}”" for code in BY_CODE if code in required - best)
    lacking = ", ".join(sorted(required - best))
    raise _no_register(f"has no line of heads; missing: {lacking}", f"找不到台账的表头，缺少列{missing}", place)


def _no_register(en: str, zh: str, where: str) -> InputError:
    hint = "make a blank one: nianbao new OFFICE YEAR --ledger"
    return InputError(en, where=where, hint=hint, zh=f"{zh}；空白台账可用 nianbao new 单位 年度 --ledger 生成")


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


class _CellError(ValueError):
    """A cell that cannot be taken: the rule, and the reason in Chinese and English; never the value."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.rule, self.zh, self.en = rule, zh, en


class _Reader:
    """Turns lines into requests; keeps what is wrong with the others."""

    def __init__(self, place: str, columns: dict[int, str]) -> None:
        self._place = place
        self._columns = columns
        self._ids: dict[str, int] = {}
        self.requests: list[Request] = []
        self.problems: list[LedgerProblem] = []

    def line(self, row: _Row) -> None:
        cells = {code: row.cells[index] for index, code in self._columns.items() if index < len(row.cells)}
        if not any(_text(cell) for cell in cells.values()):
            return
        place = f"{self._place}:{row.number}"
        values: dict[str, Any] = {}
        good = True
        name = _text(cells.get("id"))
        shown = "" if _is_personal(name) else name
        for code, cell in cells.items():
            try:
                values[code] = _value(code, cell, cells)
            except _CellError as error:
                good = False
                head = BY_CODE[code].head
                self._problem(error.rule, place, code, f"“{head}”{error.zh}", f"{code} {error.en}", shown)
        for column in COLUMNS:
            if column.required and column.code in values and values[column.code] in (None, ""):
                good = False
                words = (f"“{column.head}”空白", f"{column.code} is blank")
                self._problem("LEDGER-CELL", place, column.code, *words, shown)
        if not good:
            return
        if name in self._ids:
            first = self._ids[name]
            words = (f"编号与第{first}行重复", f"the id stands in row {first} too")
            self._problem("LEDGER-DUPLICATE", place, "id", *words, shown)
            return
        self._ids[name] = row.number
        kept = {code: value for code, value in values.items() if BY_CODE[code].kind is not ColumnKind.PRIVATE}
        self.requests.append(Request(place=place, **{code: value for code, value in kept.items() if value is not None}))

    def _problem(self, rule: str, place: str, column: str, zh: str, en: str, name: str) -> None:
        self.problems.append(
            LedgerProblem(rule, place, column, f"台账{name or '该行'}：{zh}", f"register {name}: {en}", name)
        )


def _value(code: str, cell: Any, cells: dict[str, Any]) -> Any:
    """The cell's value by the kind of its column; None for a blank."""
    text = _text(cell)
    kind = BY_CODE[code].kind
    if not text:
        return None
    if kind in {ColumnKind.TEXT, ColumnKind.PRIVATE}:
        if _is_personal(text):
            zh, en = "像是身份证号或手机号，请改用代号", "looks like an identity or telephone number; use a pseudonym"
            raise _CellError("LEDGER-PRIVACY", zh, en)
        return text
    if kind is ColumnKind.DATE:
        return _date(cell, text)
    if kind is ColumnKind.MONEY:
        return _money(text)
    if kind is ColumnKind.COUNT:
        if not text.isdecimal() or len(text) > 6:
            raise _CellError("LEDGER-CELL", "应为整数", "must be a whole number")
        return int(text)
    return _choice(code, text, cells)


def _date(cell: Any, text: str) -> datetime.date:
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 30_000 < cell < 60_000:
        return _EXCEL_DAY_0 + datetime.timedelta(days=int(cell))
    try:
        return date(_MIDNIGHT.sub("", text))
    except SettingError:
        raise _CellError("LEDGER-CELL", "应为日期，如 2024-01-10", "must be a date such as 2024-01-10") from None


def _money(text: str) -> Decimal:
    match = _MONEY.fullmatch(text)
    if not match or len(text) > 15:
        raise _CellError("LEDGER-CELL", "应为金额（元）", "must be an amount in yuan")
    return Decimal(match[1].replace(",", ""))


def _choice(code: str, text: str, cells: dict[str, Any]) -> str:
    word = folded(text)
    if code == "result":
        return _result(word, cells)
    known = applicant_kinds("2021") if code == "applicant_kind" else suit_kinds() if code == "suit_kind" else outcomes()
    if word not in known:
        raise _CellError(
            "LEDGER-CELL",
            f"不在所列选项之内（{'、'.join(labels_of(code))}）",
            f"is none of {', '.join(sorted(set(known.values())))}",
        )
    return known[word]


def _result(word: str, cells: dict[str, Any]) -> str:
    """The row of table 3, of the edition that the year of the answer has."""
    try:
        answered = _date(cells.get("answered"), _text(cells.get("answered")))
    except _CellError:
        answered = None
    edition = edition_for(answered.year).code if answered and answered.year >= 2019 else "2021"
    if word in results(edition):
        return results(edition)[word]
    if any(word in results(other) for other in ("2019", "2021")):
        raise _CellError("LEDGER-RESULT", f"不属于{edition}版格式的办理结果", f"is no result of the form of {edition}")
    raise _CellError("LEDGER-RESULT", "不是表三所列的办理结果", "is no result of table 3")


def _is_personal(text: str) -> bool:
    """Whether the words hold a number that looks like an identity number (its check character fits) or a mobile."""
    if _TELEPHONE.search(text):
        return True
    return any(_checked(match[0]) for match in _IDENTITY.finditer(text))


def _checked(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECK[total % 11] == number[17].upper()
