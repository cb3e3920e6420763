"""Find the register of an office-year and read it, from CSV or a workbook: one line a request.

Words of applicants (matter, note) are looked at for identity and telephone numbers and then dropped; what is refused is
named by file, sheet, row and column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from nianbao.errors import InputError
from nianbao.inputs.files import Files, decoded
from nianbao.inputs.ledger.cells import CellError, cell_value, is_personal, plain_text
from nianbao.inputs.ledger.requests import (
    BY_CODE,
    COLUMNS,
    ColumnKind,
    LedgerProblem,
    Request,
    RequestLedger,
    folded,
    heads,
)
from nianbao.model import ReportKey

_MAX_BYTES = 64 * 1024 * 1024  # a register of 500,000 requests
_HEAD_WITHIN = 20  # rows: a title and notes may stand above the heads
_MAX_ROWS = 500_000
_SAMPLE = 4_000  # characters that tell what separates the cells
_SUMS = frozenset({"合计", "总计", "小计", "共计"})
_REQUIRED = frozenset(column.code for column in COLUMNS if column.required)
_COPIED = 0.5  # a sheet of which more ids stand in another one is a copy of it
# Rules in the order of their weight: of a line with several faults, the first one names the finding.
_WEIGHT = ("LEDGER-PRIVACY", "LEDGER-CELL", "LEDGER-RESULT")


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its place in messages, and its rows; a CSV file is one."""

    place: str
    rows: Iterable[_Row]


def load_ledger(files: Files, key: ReportKey) -> RequestLedger | None:
    """The register that serves the office-year (of the year, or of the office for several years); None without one.

    InputError where there are several (which one holds?), or where the file is no register.
    """
    found = []
    for path in files.project.ledger_files(key):
        there = files.find(path)
        content = files.content(there, limit=_MAX_BYTES)  # what is looked for in vain counts as read
        if content is not None:
            found.append((files.project.relative(there), content))
    if len(found) > 1:
        names = [name for name, _ in found]
        zh = f"有{len(found)}份台账（{'、'.join(names)}），请只保留一份"
        en = f"there are {len(found)} registers: {', '.join(names)}"
        raise InputError(en, where=names[0], hint="keep one", zh=zh)
    return read_ledger(found[0][1], found[0][0]) if found else None


def read_ledger(content: bytes, path: str) -> RequestLedger:
    """The register in a ``.xlsx`` or ``.csv`` file; ``path`` names it in messages and tells which it is.

    Every sheet that has the heads is read, but for hidden ones. Raises InputError where the file is no register at all:
    no line of heads with the columns that must be there. A cell that cannot be taken is a problem of the register and
    leaves out its request.
    """
    is_csv = path.lower().endswith(".csv")
    sheets = [_Sheet(path, _csv_rows(content, path))] if is_csv else list(_workbook_sheets(content, path))
    reader = _Reader()
    faults: list[InputError] = []
    for sheet in sheets:
        try:
            reader.sheet(sheet)
        except _NoHeadsError as error:
            faults.append(error)
    if not reader.sheets:
        raise faults[0] if faults else _no_register("has no sheet to be seen", "工作簿中没有可见的工作表", path)
    problems = list(reader.problems)
    if not is_csv and any(problem.rule == "LEDGER-CELL" for problem in problems):
        problems = _explained(problems, content, path)
    return RequestLedger(path, tuple(reader.requests), tuple(problems), tuple(reader.sheets), frozenset(reader.columns))


def _csv_rows(content: bytes, path: str) -> Iterator[_Row]:
    text = decoded(content)
    if text is None:
        raise _no_register(
            "is no text in UTF-8, UTF-16 or GB18030",
            "不是 UTF-8、UTF-16 或 GB18030 编码的文本，请另存为“CSV UTF-8”",
            path,
        )
    separator = max(",;\t", key=text[:_SAMPLE].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    for cells in reader:
        yield _Row(start, cells)
        start = reader.line_num + 1


def _workbook_sheets(content: bytes, path: str) -> Iterator[_Sheet]:
    for sheet in _book(content, path, values=True).worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # WPS and others write sizes that are not true
            rows = (_Row(number, cells) for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1))
            yield _Sheet(f"{path}:{sheet.title}", rows)


def _book(content: bytes, path: str, *, values: bool) -> Any:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=values)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError) as error:
        zh = "不是可以读取的 Excel 工作簿，请另存为 .xlsx"
        raise _no_register("is no workbook that can be read", zh, path) from error


def _explained(problems: list[LedgerProblem], content: bytes, path: str) -> list[LedgerProblem]:
    """The problems, where a formula without a saved result stands in the line with what to do about it."""
    lines: dict[str, set[int]] = {}
    for problem in problems:
        sheet, _, row = problem.place.removeprefix(f"{path}:").rpartition(":")
        if problem.rule == "LEDGER-CELL":
            lines.setdefault(sheet, set()).add(int(row))
    with_formula: set[str] = set()
    book = _book(content, path, values=False)
    for name, rows in lines.items():
        sheet = book[name]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_row=max(rows), values_only=True), start=1):
            if number in rows and any(isinstance(cell, str) and cell.startswith("=") for cell in cells):
                with_formula.add(f"{path}:{name}:{number}")
    zh = "；该行有未保存结果的公式，请用 Excel 或 WPS 打开并保存一次"
    en = "; the line has formulas without a saved result: open and save the file once in Excel or WPS"
    return [
        replace(problem, message=problem.message + zh, message_en=problem.message_en + en)
        if problem.place in with_formula and "空白" in problem.message
        else problem
        for problem in problems
    ]


class _NoHeadsError(InputError):
    """A sheet without the heads of a register."""


def _no_register(en: str, zh: str, where: str, kind: type[InputError] = InputError) -> InputError:
    hint = "make a blank one: nianbao new OFFICE YEAR --ledger"
    return kind(en, where=where, hint=hint, zh=f"{zh}；空白台账可用 nianbao new 单位 年度 --ledger 生成")


def _columns(lines: Iterator[_Row], place: str) -> tuple[dict[int, str], list[_Row]]:
    """Position -> column code, from the first line of heads, and the rows that were read beyond it.

    Heads may take two lines: 补正 over 告知日期 and 收到日期, in merged cells.
    """
    best: set[str] = set()
    above: _Row | None = None
    for row in lines:
        if row.number > _HEAD_WITHIN:
            break
        found = _heads_of([plain_text(cell) for cell in row.cells])
        if above is not None:
            joined = _heads_of(_joined(above, row))
            if len(joined) > len(found) and set(joined.values()) >= _REQUIRED:
                found = joined
        if len(found) > len(best):
            best = set(found.values())
        if set(found.values()) >= _REQUIRED:
            following = next(lines, None)
            if following is not None and len(both := _heads_of(_joined(row, following))) > len(found):
                return _once(both, f"{place}:{following.number}"), []
            return _once(found, f"{place}:{row.number}"), [following] if following else []
        above = row
    lacking = [code for code in BY_CODE if code in _REQUIRED - best]
    missing = "、".join(f"“{BY_CODE[code].head}”" for code in lacking)
    en, zh = f"has no line of heads; missing: {', '.join(lacking)}", f"找不到台账的表头，缺少列{missing}"
    raise _no_register(en, zh, place, _NoHeadsError)


def _heads_of(words: Sequence[str]) -> dict[int, str]:
    return {index: heads()[word] for index, each in enumerate(words) if (word := folded(each)) in heads()}


def _joined(above: _Row, below: _Row) -> list[str]:
    """Two lines of heads as one: a merged head above goes with each of those below it."""
    upper, lower = [plain_text(cell) for cell in above.cells], [plain_text(cell) for cell in below.cells]
    words, group = [], ""
    for index in range(max(len(upper), len(lower))):
        over, under = (line[index] if index < len(line) else "" for line in (upper, lower))
        group = over or (group if under else "")
        whole = f"{group}{under}"
        words.append(whole if folded(whole) in heads() or not under else under)
    return words


def _once(found: dict[int, str], place: str) -> dict[int, str]:
    codes = list(found.values())
    for code in codes:
        if codes.count(code) > 1:
            head = BY_CODE[code].head
            raise InputError(
                f"the column {code} stands twice", where=place, hint="keep one", zh=f"列“{head}”出现两次，请保留一列"
            )
    return found


class _Reader:
    """Turns the lines of sheets into requests; keeps one problem for each line that cannot be taken."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self.sheets: list[str] = []
        self.columns: set[str] = set()
        self.requests: list[Request] = []
        self.problems: list[LedgerProblem] = []

    def sheet(self, sheet: _Sheet) -> None:
        """Read one sheet; InputError where it has no heads."""
        lines = iter(sheet.rows)
        columns, read = _columns(lines, sheet.place)
        self.sheets.append(sheet.place)
        self.columns |= set(columns.values())
        before, requests, problems = dict(self._ids), len(self.requests), len(self.problems)
        for row in chain(read, lines):
            if row.number > _MAX_ROWS:
                raise _no_register(f"has more than {_MAX_ROWS} rows", f"超过{_MAX_ROWS}行，请按年度分开", sheet.place)
            self._line(row, columns, f"{sheet.place}:{row.number}")
        twice = [one for one in self.problems[problems:] if one.rule == "LEDGER-DUPLICATE" and one.id in before]
        lines_read = len(self.requests) - requests + len(twice)
        if len(twice) > 1 and len(twice) > _COPIED * lines_read:
            self._told_as_copy(sheet.place, before[twice[0].id], twice)

    def _told_as_copy(self, place: str, first: str, twice: list[LedgerProblem]) -> None:
        """One problem in the place of many: the sheet repeats another one."""
        other = first.rpartition(":")[0]
        zh = f"工作表中{len(twice)}个编号与 {other} 重复，是否为副本？请删去或隐藏其中一张"
        en = f"{len(twice)} ids of this sheet stand in {other} too: is it a copy? delete or hide one of them"
        kept = [one for one in self.problems if one not in set(twice)]
        self.problems = [*kept, LedgerProblem("LEDGER-DUPLICATE", place, "id", zh, en)]

    def _line(self, row: _Row, columns: dict[int, str], place: str) -> None:
        width = len(row.cells)
        cells = {code: row.cells[index] if index < width else None for index, code in columns.items()}
        name = plain_text(cells["id"])
        filled = any(cell is not None and plain_text(cell) for code, cell in cells.items() if code != "id")
        if not filled or name in _SUMS:  # numbers written in advance, notes and sums under the requests
            return
        shown = "" if is_personal(name) else name
        values: dict[str, Any] = {}
        faults: list[tuple[str, str, str, str]] = []
        for code, cell in cells.items():
            if (cell is None or cell == "") and code not in _REQUIRED:
                continue
            try:
                values[code] = cell_value(code, cell, cells)
            except CellError as error:
                faults.append((error.rule, code, f"“{BY_CODE[code].head}”{error.zh}", f"{code} {error.en}"))
                continue
            if values[code] is None and code in _REQUIRED:
                faults.append(("LEDGER-CELL", code, f"“{BY_CODE[code].head}”空白", f"{code} is blank"))
        if not faults and name in self._ids:
            first = self._ids[name]
            faults.append(("LEDGER-DUPLICATE", "id", f"编号与 {first} 重复", f"the id stands in {first} too"))
        if faults:
            self._problem(faults, place, shown)
            return
        self._ids[name] = place
        kept = {code: value for code, value in values.items() if BY_CODE[code].kind is not ColumnKind.PRIVATE}
        self.requests.append(Request(place=place, **{code: value for code, value in kept.items() if value is not None}))

    def _problem(self, faults: list[tuple[str, str, str, str]], place: str, name: str) -> None:
        """One problem for the line, whatever is wrong in it; its column is that of the gravest fault."""
        faults = sorted(faults, key=lambda fault: _WEIGHT.index(fault[0]) if fault[0] in _WEIGHT else len(_WEIGHT))
        rule, column = faults[0][:2]
        zh, en = "；".join(fault[2] for fault in faults), "; ".join(fault[3] for fault in faults)
        self.problems.append(
            LedgerProblem(rule, place, column, f"台账{name or '该行'}：{zh}", f"register {name}: {en}", name)
        )
