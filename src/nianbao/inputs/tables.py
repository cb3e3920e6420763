"""Owns data/*.csv: table files -> cells with their origin; what is odd about a file is kept for the checks.

May import: cells, errors, form, model, paths, inputs.files.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from nianbao.cells import CellKind, parse
from nianbao.errors import InputError, nearest
from nianbao.form import CellRef, Shape, Table
from nianbao.inputs.files import Files
from nianbao.model import Cell, Figure, InputIssue, IssueKind, ReportKey, Source

FIGURE_COLUMNS = ("key", "label", "value", "unit", "note")


def table_columns(table: Table) -> tuple[str, ...]:
    """The header of the table's file."""
    if table.shape is Shape.STACKED:
        return ("row", "label", "column", "value")
    first = "group" if table.shape is Shape.ACROSS else "row"
    return (first, "label", *table.columns)


@dataclass
class TableFile:
    """What one table file held."""

    cells: dict[CellRef, Cell] = field(default_factory=dict)
    issues: list[InputIssue] = field(default_factory=list)


def load_table(files: Files, key: ReportKey, table: Table) -> TableFile:
    """The cells of one table; a missing or headless file is an InputError, odd lines are issues."""
    path = files.project.table_file(key, table.code)
    where = files.project.relative(path)
    text = files.required(path, f"make one: nianbao new {key.office} {key.year}")
    header, lines = _read_csv(text, where)
    reader = _TableReader(table, where)
    reader.check_header(header)
    for line in lines:
        reader.read(line)
    return reader.found


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a CSV file by column name, with what stood beyond the header and what was cut short."""

    number: int
    texts: dict[str, str]
    extra: tuple[str, ...]
    missing: tuple[str, ...]


def _read_csv(text: str, where: str) -> tuple[list[str], list[_Line]]:
    """The header and the lines that hold anything; InputError where the file is no CSV."""
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        lines = [
            _Line(
                rows.line_num,
                {name: cell.strip() for name, cell in zip(header, row, strict=False)},
                tuple(cell for cell in row[len(header) :] if cell.strip()),
                tuple(header[len(row) :]),
            )
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        place = f"{where}:{rows.line_num}"
        raise InputError(f"is no valid CSV: {error}", where=place, hint="check the quotes") from error
    if not header:
        raise InputError("is empty: it has no line of column names", where=where)
    return header, lines


class _TableReader:
    """Reads the lines of one table file, in either of its two layouts."""

    def __init__(self, table: Table, where: str) -> None:
        self.table = table
        self.where = where
        self.found = TableFile()
        self.columns = table_columns(table)
        self._rows_seen: set[str] = set()

    def read(self, line: _Line) -> None:
        """One line of the file."""
        if line.extra:
            found = f"{len(line.extra)} cells too many: {', '.join(line.extra)}"
            self._issue(IssueKind.WRONG_SHAPE, line.number, found)
        if line.missing:
            self._issue(IssueKind.WRONG_SHAPE, line.number, f"cells missing at the end: {', '.join(line.missing)}")
        row = line.texts.get(self.columns[0], "")
        if row not in self.table.rows:
            self._issue(IssueKind.UNKNOWN_CODE, line.number, row, near=nearest(row, self.table.rows))
            return
        self._check_label(line.number, row, line.texts.get("label", ""))
        if self.table.shape is Shape.STACKED:
            self._read_cell(line.number, row, line.texts.get("column", ""), line.texts.get("value"), "value")
        else:
            self._read_row(line.number, row, line.texts)

    def check_header(self, names: list[str]) -> None:
        """The first line: InputError where not even the rows' column is there."""
        unknown = [name for name in names if name not in self.columns]
        lost = [name for name in self.columns if name not in names]
        if self.columns[0] in lost:
            hint = f"the first line must read: {','.join(self.columns)}"
            raise InputError(f"has no column {self.columns[0]!r}", where=f"{self.where}:1", hint=hint)
        for name in unknown:
            self._issue(IssueKind.UNKNOWN_CODE, 1, name, near=nearest(name, lost or self.columns), column=name)
        for name in lost:
            if name != "label":
                self._issue(IssueKind.WRONG_SHAPE, 1, f"no column {name!r}", column=name)

    def _read_row(self, line: int, row: str, texts: dict[str, str]) -> None:
        if row in self._rows_seen:
            self._issue(IssueKind.DUPLICATE, line, row, row=row)
            return
        self._rows_seen.add(row)
        for column in self.table.columns_of(row):
            self._read_cell(line, row, column.code, texts.get(column.code), column.code)

    def _read_cell(self, line: int, row: str, column: str, text: str | None, place: str) -> None:
        ref = CellRef(self.table.code, row, column)
        kind: CellKind | None = self.table.cells.get(ref)
        if kind is None:
            known = [candidate.code for candidate in self.table.columns_of(row)]
            self._issue(IssueKind.UNKNOWN_CODE, line, column, near=nearest(column, known), row=row, column=column)
        elif ref in self.found.cells:
            self._issue(IssueKind.DUPLICATE, line, str(ref), row=row, column=column)
        elif text is not None:
            self.found.cells[ref] = Cell(parse(text, kind), Source(self.where, line, place))

    def _check_label(self, line: int, row: str, label: str) -> None:
        declared = self.table.rows[row]
        accepted = {_bare(text) for text in (declared.label, declared.full_label, *declared.aliases)}
        if label and _bare(label) not in accepted:
            self._issue(IssueKind.WRONG_LABEL, line, label, near=declared.label, row=row)

    def _issue(
        self,
        kind: IssueKind,
        line: int,
        found: str,
        *,
        near: str | None = None,
        row: str | None = None,
        column: str | None = None,
    ) -> None:
        source = Source(self.where, line)
        self.found.issues.append(InputIssue(kind, source, self.table.code, found, row, column, near))


def _bare(label: str) -> str:
    """The label without spaces, with half-width punctuation: typing habits are no mistakes."""
    return "".join(label.split()).translate(str.maketrans("（），．：", "(),.:"))


def load_figures(files: Files, key: ReportKey) -> dict[str, Figure]:
    """The counts that the narrative states; a missing file means that there are none."""
    path = files.project.table_file(key, "figures")
    where = files.project.relative(path)
    text = files.text(path)
    if text is None:
        return {}
    figures: dict[str, Figure] = {}
    header, lines = _read_csv(text, where)
    if lost := [name for name in FIGURE_COLUMNS if name not in header]:
        hint = f"the first line must read: {','.join(FIGURE_COLUMNS)}"
        raise InputError(f"has no column {', '.join(lost)}", where=f"{where}:1", hint=hint)
    for line in lines:
        texts = {name: line.texts.get(name, "") for name in FIGURE_COLUMNS}
        name = texts["key"]
        if not name.isidentifier() or name in figures:
            what = f"key {name!r} is given twice" if name in figures else f"{name!r} cannot be a key"
            raise InputError(
                what, where=f"{where}:{line.number}", hint="use lower-case words joined by _: policy_files"
            )
        value = parse(texts["value"], CellKind.MONEY)
        source = Source(where, line.number, "value")
        figures[name] = Figure(name, texts["label"], value, texts["unit"], texts["note"], source)
    return figures
