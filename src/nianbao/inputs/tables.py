"""Read the tables of data/: files -> cells with their origin; what is odd is kept for the checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from nianbao.errors import InputError, nearest
from nianbao.errors.language import shortened
from nianbao.form import EDITIONS, TABLE_NAMES, Axis, Balance, CellRef, Edition, Row, Shape, Table, row_name
from nianbao.form.cells import CellKind, State, number, parse
from nianbao.inputs.csv_table import CsvTable, Line, heading_words, read_table, table_columns
from nianbao.inputs.files import Files
from nianbao.inputs.workbook import open_book
from nianbao.inputs.yaml_file import unreadable
from nianbao.model import Cell, InputIssue, IssueKind, ReportKey, Source

_MAX_ISSUES = 20
# Of more missing lines than these, one issue names the first.
_MANY = 3
_NAMED = 3


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
        if (book := open_book(files, key)) is not None:
            found = TableFile(*book.table(_edition_of(table), table))
            _work_out_totals(table, found)
            return found
        text = files.required(path, f"nianbao new {key.office} {key.year}")
        reader.read_all(read_table(text, heading_words(table), reader.where))
    except InputError as error:
        reader.found.issues.append(replace(unreadable(error, reader.where), table=table.code))
    _work_out_totals(table, reader.found)
    if len(reader.found.issues) > _MAX_ISSUES:
        more = len(reader.found.issues) - _MAX_ISSUES
        words = (f"另有{more}处问题未列出", f"and {more} more problems")
        source = Source(reader.where)
        reader.found.issues[_MAX_ISSUES:] = [InputIssue(IssueKind.WRONG_SHAPE, source, table.code, words=words)]
    return reader.found


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

    def read_all(self, sheet: CsvTable) -> None:
        """All lines of the file, and what is missing among them."""
        self._check_header(sheet)
        for line in sheet.lines:
            self._read(line)
        self._check_missing(sheet.header_line)

    def _read(self, line: Line) -> None:
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

    def _check_header(self, sheet: CsvTable) -> None:
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
        missing = [one for one in missing if one[0].split(",")[0] not in self._told]
        if len(missing) > _MANY:
            names = "、".join(f"“{name}”（{code}）" for code, name, _ in missing[:_NAMED])
            words = (
                f"缺少{len(missing)}行：{names}等，可用 nianbao new 另生成一份对照补齐",
                f"{len(missing)} lines are missing: {', '.join(code for code, _, _ in missing[:_NAMED])} …",
            )
            self._issue(IssueKind.WRONG_SHAPE, missing[0][2], "lines", words=words)
            return
        for code, name, after in missing:
            row = code.split(",")[0]
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


def _accepted(row: Row, columns: Iterable[str]) -> set[str]:
    ways = [row.label, row.full_label, *row.aliases]
    ways += ["".join((*row.groups[start:], row.label)) for start in range(len(row.groups))]
    ways += [f"{row.label}（{column}）" for column in columns]
    return {_bare(way) for way in ways}


def _bare(label: str) -> str:
    """The label without spaces, with half-width punctuation: typing habits are no mistakes."""
    return "".join(label.split()).translate(str.maketrans("（），．：", "(),.:"))


def _edition_of(table: Table) -> Edition:
    return next(edition for edition in EDITIONS.values() if table in edition.tables)


def _work_out_totals(table: Table, found: TableFile) -> None:
    """Put the sum into each total that was left blank and whose parts are all given; a typed one is never touched."""
    edition = _edition_of(table)
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
