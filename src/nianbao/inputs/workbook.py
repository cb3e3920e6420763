"""The workbook that a unit fills in (``report.xlsx``): the words that its writer and reader share, and its reader.

Sheets may be renamed, rows and columns inserted; a cell is read where its row's and its column's labels meet, or it is
not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.errors import InputError
from nianbao.form import EDITIONS, OVERVIEW_PARTS, TABLE_NAMES, CellRef, Edition, Grid, Table, layout
from nianbao.form.cells import BLANK, parse
from nianbao.form.declaration import CHINESE_DIGITS
from nianbao.inputs.files import Files
from nianbao.inputs.sheets import Sheet, address, folded, read_sheets
from nianbao.model import Cell, InputIssue, IssueKind, ReportKey, Source

VERSION = "1"
MARK = "nianbao-填报表"
SHEETS = {"guide": "填报说明", "figures": "其他数据", "texts": "文字", "identity": "_nianbao"}
# What stands at the beginning of labels beside the tables, so that no reader takes them for the form's.
LAST_YEAR, LIVE_CHECK, THIS_YEAR = "上年·", "勾稽·", "本年填报"
PUBLISHED = "落款日期"
FIGURE_HEADS = ("名称", "数值", "单位", "备注", "代码")


@dataclass(frozen=True, slots=True)
class Part:
    """A cell for words: its label, its section, the heading that the report prints above it, whether it is needed."""

    label: str
    section: str
    heading: str = ""
    required: bool = True


@cache
def parts_of(edition: Edition) -> tuple[Part, ...]:
    """The cells for words, in the report's order."""
    parts: list[Part] = []
    for section in edition.sections:
        if section.slug == "overview":
            parts.append(Part(f"{section.heading}（开头概述）", section.slug, required=False))
            for number, name in enumerate(OVERVIEW_PARTS, start=1):
                title = f"（{CHINESE_DIGITS[number]}）{name}"
                parts.append(Part(title, section.slug, title))
        elif section.slug == "problems":
            for number, name in enumerate(("存在的主要问题", "改进情况"), start=1):
                title = f"（{CHINESE_DIGITS[number]}）{name}"
                parts.append(Part(f"{section.heading_numeral}、{title}", section.slug, title))
        elif section.table:
            parts.append(Part(f"{TABLE_NAMES[section.table]}说明（可不填）", section.slug, required=False))
        else:
            parts.append(Part(section.heading, section.slug))
    return tuple(parts)


_MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """What the hidden sheet says of a workbook: for which office and year it was made, and by which form."""

    office: str
    year: int
    edition: str
    version: str


@dataclass(frozen=True)
class FormBook:
    """A workbook as read: its sheets, and who it says it is of; None where nothing tells."""

    where: str
    sheets: tuple[Sheet, ...]
    identity: Identity | None

    def __repr__(self) -> str:
        return f"FormBook({self.where}, {self.identity})"

    def table(self, edition: Edition, table: Table) -> tuple[dict[CellRef, Cell], list[InputIssue]]:
        """The cells of one statutory table, and what stands in the way of others."""
        grid, wanted = _printed(edition.code, table.code)
        scores = [(len(wanted & sheet.label_set), sheet) for sheet in self.sheets]
        best = max((score for score, _ in scores), default=0)
        candidates = [sheet for score, sheet in scores if score == best]
        if best * 2 < len(wanted):
            return {}, [self._issue(table, None, f"没有找到{TABLE_NAMES[table.code]}", f"no sheet holds {table.code}")]
        if len(candidates) > 1:
            names = "、".join(sheet.name for sheet in candidates)
            words = f"有{len(candidates)}张工作表都是{TABLE_NAMES[table.code]}（{names}），请只保留一张"
            return {}, [self._issue(table, None, words, f"{len(candidates)} sheets hold {table.code}: {names}")]
        return _TableOfSheet(self, candidates[0], table, grid).read()

    def figures_text(self) -> str | None:
        """The sheet of counts as CSV, a line a row; None where there is none."""
        for sheet in self.sheets:
            rows = dict(sheet.rows)
            if not any({"名称", "数值", "代码"} <= {text for _, text in row} for row in rows.values()):
                continue
            stream = io.StringIO()
            writer = csv.writer(stream, lineterminator="\n")
            for number in range(1, max(rows) + 1):
                texts = dict(rows.get(number, ()))
                width = max(texts, default=0)
                writer.writerow([" ".join(texts.get(column, "").split()) for column in range(1, width + 1)])
            return stream.getvalue()
        return None

    def texts(self, edition: Edition) -> dict[str, str]:
        """The narratives by section, as the Markdown that an office would have written."""
        parts = {folded(part.label): part for part in parts_of(edition)}
        found: dict[str, list[str]] = {}
        for sheet in self.sheets:
            if len(parts.keys() & sheet.label_set) < len(parts) // 2:
                continue
            current, column = None, 0
            for _, row in sheet.rows:
                label = next(((at, text) for at, text in row if folded(text) in parts), None)
                if label is not None:
                    current, column = parts[folded(label[1])], label[0]
                words = [text for at, text in row if at > column and not text.isdecimal()]
                if current is not None and words:
                    lines = found.setdefault(current.section, [])
                    if label is not None and current.heading:
                        lines.append(f"## {current.heading}")
                    lines.append(words[0])
        return {section: "\n\n".join(lines) + "\n" for section, lines in found.items()}

    @property
    def published(self) -> str:
        """The date under the report, as typed; empty where there is none."""
        for sheet in self.sheets:
            for _, row in sheet.rows:
                for at, (_, text) in enumerate(row):
                    if folded(text) == folded(PUBLISHED):
                        return row[at + 1][1] if at + 1 < len(row) else ""
        return ""

    def _issue(self, table: Table, place: str | None, zh: str, en: str) -> InputIssue:
        source = Source(self.where, place=place)
        return InputIssue(IssueKind.WRONG_SHAPE, source, table.code, found=zh, words=(zh, en))


class _TableOfSheet:
    """Finds the form's labels in a sheet, and from them the cells."""

    def __init__(self, book: FormBook, sheet: Sheet, table: Table, grid: Grid) -> None:
        self.book, self.sheet, self.table, self.grid = book, sheet, table, grid
        self.cells: dict[CellRef, Cell] = {}
        self.issues: list[InputIssue] = []
        self._place_of: dict[CellRef, tuple[int, int]] = {}

    def read(self) -> tuple[dict[CellRef, Cell], list[InputIssue]]:
        """All cells whose labels are there, each once."""
        labels: dict[int, list[tuple[int, str]]] = {}
        for y, x, cell in self.grid.placed():
            if cell.role != "value" and cell.text:
                labels.setdefault(y, []).append((x, folded(cell.text)))
        row_of: dict[int, int] = {}
        column_of: dict[tuple[int, int], int] = {}
        last = 0
        for y in range(len(self.grid.rows)):
            wanted = labels.get(y) or [(-1, folded(THIS_YEAR))]
            found = self._find(wanted, last)
            if found is None:
                shown = "、".join(text for _, text in wanted)[:60]
                name = TABLE_NAMES[self.table.code]
                self._say(None, f"{name}中找不到“{shown}”一行，该行没有读取", f"{self.table.code}: no row {shown!r}")
                continue
            row_of[y], columns = found
            last = row_of[y]
            column_of |= {(y, x): column for x, column in columns.items()}
        self._take(row_of, column_of)
        self._refuse_merged()
        return self.cells, self.issues

    def _find(self, wanted: list[tuple[int, str]], last: int) -> tuple[int, dict[int, int]] | None:
        """The first row below ``last`` in which these labels stand in their order: its number, and their columns."""
        matches = []
        for number, texts in self.sheet.labels:
            columns: dict[int, int] = {}
            at = 0
            for x, label in wanted:
                place = next((index for index in range(at, len(texts)) if texts[index][1] == label), None)
                if place is None:
                    break
                columns[x], at = texts[place][0], place + 1
            else:
                matches.append((number, columns))
        below = [match for match in matches if match[0] > last]
        only = any(x >= 0 for x, _ in wanted) and len(wanted) <= 3 and len(matches) > 1
        if only and self._is_row_label(wanted):
            rows = "、".join(str(number) for number, _ in matches)
            self._say(
                None, f"“{wanted[-1][1]}”一行出现{len(matches)}次（第{rows}行）", f"row {wanted[-1][1]} is doubled"
            )
            return None
        return below[0] if below else None

    def _is_row_label(self, wanted: list[tuple[int, str]]) -> bool:
        return any(folded(row.label) == wanted[-1][1] for row in self.table.rows.values())

    def _take(self, row_of: Mapping[int, int], column_of: Mapping[tuple[int, int], int]) -> None:
        heads = {
            (y, x): cell.colspan for y, x, cell in self.grid.placed() if cell.role == "head" and cell.scope == "col"
        }
        for y, x, cell in self.grid.placed():
            if cell.ref is None or y not in row_of:
                continue
            above = [at for at in heads if at[1] == x and at[0] < y and heads[at] == cell.colspan]
            column = column_of.get(max(above)) if above else None
            if column is None:
                continue
            ref = CellRef(*cell.ref.split("."))
            place = f"{self.sheet.name}!{address(row_of[y], column)}"
            text = self.sheet.cells.get((row_of[y], column), "")
            self.cells[ref] = Cell(parse(text, self.table.cells[ref]), Source(self.book.where, place=place))
            self._place_of[ref] = (row_of[y], column)

    def _refuse_merged(self) -> None:
        """Cells that were merged with other cells of the form: whose the number is cannot be told."""
        for top, left, bottom, right in self.sheet.merged:
            inside = [ref for ref, (row, at) in self._place_of.items() if top <= row <= bottom and left <= at <= right]
            if len(inside) < 2:
                continue
            for ref in inside:
                self.cells.pop(ref, None)
            area = f"{address(top, left)}:{address(bottom, right)}"
            zh = f"{self.sheet.name}!{area} 合并了{len(inside)}个填报单元格，均未读取，请取消合并后重填"
            self._say(area, zh, f"{area} merges {len(inside)} cells; none was read")

    def _say(self, place: str | None, zh: str, en: str) -> None:
        where = f"{self.sheet.name}!{place}" if place else self.sheet.name
        self.issues.append(
            InputIssue(IssueKind.WRONG_SHAPE, Source(self.book.where, place=where), self.table.code, zh, words=(zh, en))
        )


@cache
def _printed(edition: str, code: str) -> tuple[Grid, frozenset[str]]:
    """The form's table without values, and the labels by which a sheet is known to hold it."""
    table = EDITIONS[edition].table(code)
    grid = layout(table, lambda _: BLANK, edition)
    cells = [cell for row in grid.rows for cell in row.cells]
    names = {folded(cell.text) for cell in cells if cell.scope == "row"}
    return grid, frozenset(names or {folded(cell.text) for cell in cells if cell.role == "head"})


def read_book(content: bytes, where: str) -> FormBook:
    """A workbook from its bytes; InputError where it is none that can be read."""
    sheets = tuple(read_sheets(content, where))
    return FormBook(where, sheets, _identity(sheets))


def _identity(sheets: tuple[Sheet, ...]) -> Identity | None:
    for sheet in sheets:
        if sheet.cells.get((1, 1)) == MARK:
            texts = {sheet.cells.get((row, 1), ""): sheet.cells.get((row, 2), "") for row in range(2, 8)}
            year = texts.get("year", "")
            if year.isdecimal():
                return Identity(texts.get("office", ""), int(year), texts.get("edition", ""), texts.get("version", ""))
    return None


def open_book(files: Files, key: ReportKey) -> FormBook | None:
    """The office-year's ``report.xlsx``, read once; None where there is none. InputError where it cannot be read."""
    path: Path = files.find(files.project.workbook_file(key))
    if not path.is_file():
        return None
    held = files.kept.get(path)
    if held is None:
        where = files.project.relative(path)
        held = files.kept[path] = read_book(files.content(path, _MAX_BYTES) or b"", where)
    if not isinstance(held, FormBook):
        raise InputError("is no workbook", where=files.project.relative(path))
    return held
