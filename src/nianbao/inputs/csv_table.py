"""The CSV files of data/: their columns, how they are written, and read as spreadsheet programs and people make them.

Reading takes other separators, Chinese headings for the codes, a title above them, and a second line of headings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nianbao.errors import InputError
from nianbao.form import CellRef, Row, Shape, Table

FIGURE_COLUMNS = ("key", "label", "value", "unit", "note")
# What people call the columns that every file has.
_HEADING_WORDS = {
    "row": ("代码", "行代码", "行", "编码"),
    "group": ("代码", "组代码", "组", "编码"),
    "key": ("代码", "键", "编码"),
    "label": ("名称", "项目", "行名", "指标", "标签"),
    "column": ("列", "列代码", "栏目"),
    "value": ("数值", "数量", "值", "填报数"),
    "unit": ("单位", "计量单位"),
    "note": ("备注", "说明"),
}
# Spreadsheet programs on Chinese Windows take a CSV file for GBK unless it begins with this.
_BYTE_ORDER_MARK = "\ufeff"
_SEPARATORS = ",\t;，；"
# Beyond these a file is no table of the form: nothing is read any more, and that is said.
_MAX_LINES = 1000
_MAX_COLUMNS = 100
_HEADING_WITHIN = 8  # lines


def table_columns(table: Table) -> tuple[str, ...]:
    """The header of the table's file."""
    if table.shape is Shape.STACKED:
        return ("row", "label", "column", "value")
    first = "group" if table.shape is Shape.ACROSS else "row"
    return (first, "label", *table.columns)


def heading_words(table: Table | None) -> dict[str, tuple[str, ...]]:
    """By column of the table's file (of figures.csv where there is none), what people may write as its heading."""
    codes = FIGURE_COLUMNS if table is None else table_columns(table)
    labels = {} if table is None or table.shape is Shape.STACKED else table.columns
    return {code: (labels[code].label,) if code in labels else _HEADING_WORDS[code] for code in codes}


def written_label(row: Row, column: str | None = None) -> str:
    """The label that ``nianbao new`` writes: with the group that a reader needs, and of a stacked table the column."""
    group = row.groups[-1] if len(row.groups) > 1 else ""
    return f"{group}{row.label}（{column}）" if column else f"{group}{row.label}"


def table_file(rows: Iterable[Iterable[str]]) -> str:
    """The text of a table file that spreadsheet programs open as it is meant."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return _BYTE_ORDER_MARK + stream.getvalue()


def table_text(table: Table, known: Mapping[CellRef, str], *, headed: bool = False) -> str:
    """The text of one table's file, with the values that are known by their cells.

    ``headed``: a second line says the headings in Chinese, and the labels name the group or column that a person needs.
    """
    rows: list[list[str]] = [list(table_columns(table))]
    if headed:
        rows.append([words[0] for words in heading_words(table).values()])
    if table.shape is Shape.STACKED:
        for ref in table.cells:
            row = table.rows[ref.row]
            column = next(column.label for column in table.columns_of(ref.row) if column.code == ref.column)
            label = written_label(row, column) if headed else row.label
            rows.append([ref.row, label, ref.column, known.get(ref, "")])
    else:
        for code, row in table.rows.items():
            refs = [CellRef(table.code, code, column.code) for column in table.columns_of(code)]
            label = written_label(row) if headed else row.label
            rows.append([code, label, *(known.get(ref, "") for ref in refs)])
    return table_file(rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a CSV file by column name, with what stood beyond the header and what was cut short."""

    number: int
    texts: dict[str, str]
    extra: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A CSV file: its headings as codes where they are known, their line, the lines below that hold anything."""

    header: tuple[str, ...]
    header_line: int
    lines: tuple[Line, ...]


def read_table(text: str, words: Mapping[str, tuple[str, ...]], where: str, most: int = _MAX_LINES) -> CsvTable:
    """The file's headings and lines; InputError where it is empty, too long, no CSV, or has no line of headings."""
    if not text.strip():
        raise InputError("is empty: it has no line of column names", where=where, zh="是空文件，没有表头")
    codes = {word: code for code, known in words.items() for word in (code, *known)}
    broken: InputError | None = None
    for separator in _SEPARATORS:
        try:
            rows = _rows(text, separator, where, most)
        except InputError as error:
            broken = broken or error
            continue
        for index, (line, row) in enumerate(rows[:_HEADING_WITHIN]):
            header = tuple(codes.get(_heading(cell), cell.strip()) for cell in row)
            if next(iter(words)) in header and len(set(header) & set(words)) > 1:
                return CsvTable(header, line, tuple(_lines(header, rows[index + 1 :], words)))
    if broken:
        raise broken
    first, expected = next(iter(words)), ",".join(words)
    raise InputError(
        f"has no column {first!r}",
        where=f"{where}:1",
        hint=f"the first line must read: {expected}",
        zh=f"没有找到表头，第一行应为：{expected}",
    )


def _heading(cell: str) -> str:
    return "".join(cell.split()).lower()


def _rows(text: str, separator: str, where: str, most: int) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with their lines."""
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
            if len(rows) > most or len(row) > _MAX_COLUMNS:
                raise InputError(
                    f"has more than {most} lines or {_MAX_COLUMNS} columns",
                    where=f"{where}:{reader.line_num}",
                    hint="is it the right file?",
                    zh=f"超过{most}行或{_MAX_COLUMNS}列，请核对是否放错文件",
                )
    except csv.Error as error:
        place = f"{where}:{reader.line_num}"
        raise InputError(
            f"is no valid CSV: {error}", where=place, hint="check the quotes", zh="引号不成对，请检查引号"
        ) from error
    return rows


def _lines(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], words: Mapping[str, tuple[str, ...]]
) -> Iterable[Line]:
    first = next(iter(words))
    place = header.index(first)
    for line, row in rows:
        if place < len(row) and _heading(row[place]) in {first, *words[first]}:
            continue  # the headings once more, in the other language
        yield Line(
            line,
            {name: cell.strip() for name, cell in zip(header, row, strict=False) if name},
            tuple(
                cell for index, cell in enumerate(row) if cell.strip() and not (index < len(header) and header[index])
            ),
            tuple(name for name in header[len(row) :] if name),
        )
