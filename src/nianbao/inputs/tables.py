"""Read data/*.csv: table files -> cells with their origin; what is odd about a file is kept for the checks.

May import: cells, errors, form, model, paths, inputs.files, inputs.settings. Takes what spreadsheet programs and people
make of a CSV: other separators, Chinese headings, a title above the headings, a second line of headings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nianbao.errors import InputError, nearest
from nianbao.form import EDITIONS, Axis, Balance, CellRef, Edition, Row, Shape, Table, row_name
from nianbao.form.cells import CellKind, State, Value, number, parse
from nianbao.form.names import TABLE_NAMES
from nianbao.inputs.files import Files
from nianbao.inputs.settings import shortened, unreadable
from nianbao.model import Cell, Figure, InputIssue, IssueKind, ReportKey, Source

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
_SEPARATORS = ",\t;，；"
# Beyond these a file is no table of the form: nothing is read any more, and that is said.
_MAX_LINES = 1000
_MAX_COLUMNS = 100
_MAX_ISSUES = 20
_HEADING_WITHIN = 8  # lines
# Units of figures that count things, so that their values are whole.
COUNTING_UNITS = frozenset("件条次个期篇份项人场家部宗起名批册户类页") | {"人次", "件次", "场次", "篇次", "条次"}


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


@dataclass
class TableFile:
    """What one table file held."""

    cells: dict[CellRef, Cell] = field(default_factory=dict)
    issues: list[InputIssue] = field(default_factory=list)


def load_table(files: Files, key: ReportKey, table: Table) -> TableFile:
    """The cells of one table; whatever is wrong, up to a file that is missing or no table, is an issue."""
    path = files.find(files.project.table_file(key, table.code))
    reader = _TableReader(table, files.project.relative(path))
    try:
        text = files.required(path, f"nianbao new {key.office} {key.year}")
        reader.read_all(_sheet(text, heading_words(table), reader.where))
    except InputError as error:
        reader.found.issues.append(replace(unreadable(error, reader.where), table=table.code))
    _work_out_totals(table, reader.found)
    if len(reader.found.issues) > _MAX_ISSUES:
        more = len(reader.found.issues) - _MAX_ISSUES
        words = (f"另有{more}处问题未列出", f"and {more} more problems")
        source = Source(reader.where)
        reader.found.issues[_MAX_ISSUES:] = [InputIssue(IssueKind.WRONG_SHAPE, source, table.code, words=words)]
    return reader.found


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a CSV file by column name, with what stood beyond the header and what was cut short."""

    number: int
    texts: dict[str, str]
    extra: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A CSV file: its headings as codes where they are known, their line, the lines below that hold anything."""

    header: tuple[str, ...]
    header_line: int
    lines: tuple[_Line, ...]


def _sheet(text: str, words: Mapping[str, tuple[str, ...]], where: str) -> _Sheet:
    """The file's headings and lines; InputError where it is empty, no CSV, or has no line of headings."""
    if not text.strip():
        raise InputError("is empty: it has no line of column names", where=where, zh="是空文件，没有表头")
    codes = {word: code for code, known in words.items() for word in (code, *known)}
    broken: InputError | None = None
    for separator in _SEPARATORS:
        try:
            rows = _rows(text, separator, where)
        except InputError as error:
            broken = broken or error
            continue
        for index, (line, row) in enumerate(rows[:_HEADING_WITHIN]):
            header = tuple(codes.get(_heading(cell), cell.strip()) for cell in row)
            if next(iter(words)) in header and len(set(header) & set(words)) > 1:
                return _Sheet(header, line, tuple(_lines(header, rows[index + 1 :], words)))
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


def _rows(text: str, separator: str, where: str) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with their lines."""
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=separator)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
            if len(rows) > _MAX_LINES or len(row) > _MAX_COLUMNS:
                raise InputError(
                    f"has more than {_MAX_LINES} lines or {_MAX_COLUMNS} columns",
                    where=f"{where}:{reader.line_num}",
                    hint="is it the right file?",
                    zh=f"超过{_MAX_LINES}行或{_MAX_COLUMNS}列，请核对是否放错文件",
                )
    except csv.Error as error:
        place = f"{where}:{reader.line_num}"
        raise InputError(
            f"is no valid CSV: {error}", where=place, hint="check the quotes", zh="引号不成对，请检查引号"
        ) from error
    return rows


def _lines(
    header: Sequence[str], rows: Iterable[tuple[int, list[str]]], words: Mapping[str, tuple[str, ...]]
) -> Iterable[_Line]:
    first = next(iter(words))
    place = header.index(first)
    for line, row in rows:
        if place < len(row) and _heading(row[place]) in {first, *words[first]}:
            continue  # the headings once more, in the other language
        yield _Line(
            line,
            {name: cell.strip() for name, cell in zip(header, row, strict=False) if name},
            tuple(
                cell for index, cell in enumerate(row) if cell.strip() and not (index < len(header) and header[index])
            ),
            tuple(name for name in header[len(row) :] if name),
        )


class _TableReader:
    """Reads the lines of one table file, in either of its two layouts."""

    def __init__(self, table: Table, where: str) -> None:
        self.table = table
        self.where = where
        self.found = TableFile()
        self.columns = table_columns(table)
        self.stacked = table.shape is Shape.STACKED
        self._rows_seen: dict[str, int] = {}
        self._told: set[str | None] = set()  # rows that another issue speaks of

    def read_all(self, sheet: _Sheet) -> None:
        """All lines of the file, and what is missing among them."""
        self._check_header(sheet)
        for line in sheet.lines:
            self._read(line)
        self._check_missing(sheet.header_line)

    def _read(self, line: _Line) -> None:
        if line.extra:
            shown = "、".join(map(shortened, line.extra[:3]))
            words = (f"多出{len(line.extra)}格（{shown}）", f"{len(line.extra)} cells too many: {shown}")
            self._issue(IssueKind.WRONG_SHAPE, line.number, words=words)
        if line.missing:
            short = (f"本行缺少末尾{len(line.missing)}格", f"cells missing at the end: {', '.join(line.missing)}")
            self._issue(IssueKind.WRONG_SHAPE, line.number, words=short)
        row = line.texts.get(self.columns[0], "").lower()
        if row not in self.table.rows:
            found, near = line.texts.get(self.columns[0], ""), nearest(row, self.table.rows)
            self._issue(IssueKind.UNKNOWN_CODE, line.number, found, near=near)
            self._told.add(near)
            return
        column = line.texts.get("column", "") if self.stacked else None
        self._check_label(line.number, row, line.texts.get("label", ""), column)
        if self.stacked:
            self._read_cell(line.number, row, str(column).lower(), line.texts.get("value"), "value")
        else:
            self._read_row(line.number, row, line.texts)

    def _check_header(self, sheet: _Sheet) -> None:
        lost = [name for name in self.columns if name not in sheet.header]
        for name in [name for name in sheet.header if name and name not in self.columns]:
            if near := nearest(name, lost):
                self._issue(IssueKind.UNKNOWN_CODE, sheet.header_line, name, near=near, column=name)
                lost.remove(near)
            else:
                words = (f"多出的列“{shortened(name)}”未读取", f"the column {shortened(name)!r} is not read")
                self._issue(IssueKind.TAKEN, sheet.header_line, name, words=words)
        for name in lost:
            if name != "label":
                label = self.table.columns[name].label if name in self.table.columns else name
                words = (f"缺少“{label}”列（{name}）", f"no column {name!r}")
                self._issue(IssueKind.WRONG_SHAPE, sheet.header_line, name, column=name, words=words)

    def _check_missing(self, header_line: int) -> None:
        """Rows (of a stacked table, cells) that have no line at all, each with where it belongs."""
        if self.stacked:
            lines = {ref: self.found.cells[ref].source.line or 0 for ref in self.found.cells}
            wanted = [(ref, f"{ref.row},{ref.column}", self._cell_label(ref)) for ref in self.table.cells]
            missing = _gaps([(where, name, lines.get(ref)) for ref, where, name in wanted], header_line)
        else:
            rows = [(code, row_name(row), self._rows_seen.get(code)) for code, row in self.table.rows.items()]
            missing = _gaps(rows, header_line)
        for code, name, after in missing:
            row = code.split(",")[0]
            if row in self._told:
                continue
            words = (
                f"缺少“{name}”（{code}）一行，应在第{after}行之后",
                f"the line {code} is missing; it belongs below line {after}",
            )
            self._issue(IssueKind.WRONG_SHAPE, after, code, row=row, words=words)

    def _cell_label(self, ref: CellRef) -> str:
        column = next(column for column in self.table.columns_of(ref.row) if column.code == ref.column)
        return f"{self.table.rows[ref.row].label}·{column.label}"

    def _read_row(self, line: int, row: str, texts: dict[str, str]) -> None:
        if row in self._rows_seen:
            self._issue(IssueKind.DUPLICATE, line, row, row=row)
            return
        self._rows_seen[row] = line
        for column in self.table.columns_of(row):
            self._read_cell(line, row, column.code, texts.get(column.code), column.code)

    def _read_cell(self, line: int, row: str, column: str, text: str | None, place: str) -> None:
        ref = CellRef(self.table.code, row, column)
        kind: CellKind | None = self.table.cells.get(ref)
        if kind is None:
            known = [candidate.code for candidate in self.table.columns_of(row)]
            self._told.add(row)
            self._issue(IssueKind.UNKNOWN_CODE, line, column, near=nearest(column, known), row=row, column=column)
        elif ref in self.found.cells:
            self._issue(IssueKind.DUPLICATE, line, str(ref), row=row, column=column)
        elif text is not None:
            self.found.cells[ref] = Cell(parse(text, kind), Source(self.where, line, place))

    def _check_label(self, line: int, row: str, label: str, column: str | None) -> None:
        declared = self.table.rows[row]
        suffixes = {candidate.label for candidate in self.table.columns_of(row) if candidate.code == column}
        if label and _bare(label) not in _accepted(declared, suffixes):
            self._issue(IssueKind.WRONG_LABEL, line, label, near=declared.label, row=row)

    def _issue(
        self,
        kind: IssueKind,
        line: int,
        found: str = "",
        *,
        near: str | None = None,
        row: str | None = None,
        column: str | None = None,
        words: tuple[str, str] | None = None,
    ) -> None:
        issue = InputIssue(kind, Source(self.where, line), self.table.code, shortened(found), row, column, near, words)
        self.found.issues.append(issue)


def _gaps(wanted: Sequence[tuple[str, str, int | None]], start: int) -> list[tuple[str, str, int]]:
    """What has no line, each with the line after which it belongs."""
    missing = []
    last = start
    for code, name, line in wanted:
        if line is None:
            missing.append((code, name, last))
        else:
            last = line
    return missing


def written_label(row: Row, column: str | None = None) -> str:
    """The label that ``nianbao new`` writes: with the group that a reader needs, and of a stacked table the column."""
    group = row.groups[-1] if len(row.groups) > 1 else ""
    return f"{group}{row.label}（{column}）" if column else f"{group}{row.label}"


def _accepted(row: Row, columns: Iterable[str]) -> set[str]:
    ways = [row.label, row.full_label, *row.aliases]
    ways += ["".join((*row.groups[start:], row.label)) for start in range(len(row.groups))]
    ways += [f"{row.label}（{column}）" for column in columns]
    return {_bare(way) for way in ways}


def _bare(label: str) -> str:
    """The label without spaces, with half-width punctuation: typing habits are no mistakes."""
    return "".join(label.split()).translate(str.maketrans("（），．：", "(),.:"))


def _work_out_totals(table: Table, found: TableFile) -> None:
    """Put the sum into each total that was left blank and whose parts are all given; a typed one is never touched."""
    edition = next(edition for edition in EDITIONS.values() if table in edition.tables)
    done: list[Cell] = []
    for rule in totals(edition, table):
        for line in edition.lines(rule):
            ref = rule.ref(rule.right[0], line)
            there = found.cells.get(ref)
            if there is None or there.value.state is not State.BLANK:
                continue
            if (total := _sum([found.cells.get(rule.ref(term, line)) for term in rule.left])) is not None:
                found.cells[ref] = Cell(number(total), there.source)
                done.append(found.cells[ref])
    if done:
        name = TABLE_NAMES[table.code]
        words = (
            f"{name}有{len(done)}个空白的总计已按各项之和计算填入",
            f"{len(done)} blank totals of {table.code} were worked out from their parts",
        )
        source = min((cell.source for cell in done), key=lambda source: source.line or 0)
        found.issues.append(InputIssue(IssueKind.TAKEN, source, table.code, "totals", words=words))


def totals(edition: Edition, table: Table) -> list[Balance]:
    """The rules by which one total follows from its parts: rows of totals first, then the column of totals."""
    rules = [
        rule
        for rule in edition.balances
        if rule.table == table.code and len(rule.right) == 1 and len(rule.left) > 2 and not rule.across_years
    ]
    return sorted(rules, key=lambda rule: rule.axis is Axis.COLUMNS)


def _sum(parts: Sequence[Cell | None]) -> int | None:
    """The sum of counts; None where one is missing, or none is a number."""
    total, numbers = 0, 0
    for part in parts:
        if part is None or part.value.state not in {State.NUMBER, State.NOT_APPLICABLE}:
            return None
        if part.value.number is not None:
            if not isinstance(part.value.number, int):
                return None
            total += part.value.number
            numbers += 1
    return total if numbers else None


@dataclass
class FigureFile:
    """What figures.csv held."""

    figures: dict[str, Figure] = field(default_factory=dict)
    issues: list[InputIssue] = field(default_factory=list)


def load_figures(files: Files, key: ReportKey) -> FigureFile:
    """The counts that the narrative states; a missing file means that there are none, what is wrong is an issue."""
    path = files.find(files.project.table_file(key, "figures"))
    where = files.project.relative(path)
    found = FigureFile()
    try:
        text = files.text(path)
        if text is None:
            return found
        sheet = _sheet(text, heading_words(None), where)
        _require_value(sheet, where)
    except InputError as error:
        found.issues.append(replace(unreadable(error, where), table="figures"))
        return found
    for line in sheet.lines:
        texts = {name: line.texts.get(name, "") for name in FIGURE_COLUMNS}
        name, source = texts["key"], Source(where, line.number, "value")
        if words := _wrong_key(name, found.figures):
            place = Source(where, line.number, "key")
            found.issues.append(InputIssue(IssueKind.UNREADABLE, place, "figures", shortened(name), words=words))
            continue
        value = _figure_value(texts["value"], texts["unit"])
        found.figures[name] = Figure(name, texts["label"], value, texts["unit"], texts["note"], source)
    del found.issues[_MAX_ISSUES:]
    return found


def _require_value(sheet: _Sheet, where: str) -> None:
    if "value" not in sheet.header:
        raise InputError(
            "has no column value",
            where=f"{where}:{sheet.header_line}",
            hint=f"the first line must read: {','.join(FIGURE_COLUMNS)}",
            zh=f"缺少列 value（数值），第一行应为：{','.join(FIGURE_COLUMNS)}",
        )


def _figure_value(text: str, unit: str) -> Value:
    """Money and shares stay as given; what counts things is whole where it was written with decimals (14.0)."""
    return parse(text, CellKind.COUNT if unit in COUNTING_UNITS else CellKind.MONEY)


def _wrong_key(name: str, known: Mapping[str, Figure]) -> tuple[str, str] | None:
    if name in known:
        line = known[name].source.line
        return f"代码“{name}”与第{line}行重复，请保留一处", f"key {name!r} is given twice, first in line {line}"
    if name.isidentifier():
        return None
    proposed = "_".join("".join(char if char.isalnum() else " " for char in name).split())
    advice = f"，可写作 {proposed}" if proposed.isidentifier() else ""
    if not name:
        return "本行没有代码", "the line has no key"
    return (
        f"“{shortened(name)}”不能作代码：用小写字母、数字和下划线{advice}",
        f"{shortened(name)!r} cannot be a key: use lower-case words joined by _, such as policy_files",
    )
