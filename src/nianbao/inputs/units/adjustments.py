"""Read what is added to or taken from an area's sum: ``params/<area>/adjustments-<year>.csv``, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.errors import InputError
from nianbao.form import TABLE_NAMES, CellRef, Edition, row_name
from nianbao.form.cells import CellKind, Number, parse
from nianbao.inputs.csv_table import read_table
from nianbao.inputs.files import Files
from nianbao.inputs.yaml_file import unreadable
from nianbao.model import InputIssue, IssueKind, ReportKey, Source

COLUMNS: dict[str, tuple[str, ...]] = {
    "table": ("表",),
    "row": ("行",),
    "column": ("列",),
    "amount": ("数量", "金额", "调整数"),
    "reason": ("原因", "理由", "说明"),
    "level": ("口径", "级别"),
}
LEVELS = {"own": "本级", "area": "全域"}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One amount added to a cell's sum (negative: taken from it), and why; ``level`` is own, area or empty for both."""

    ref: CellRef
    amount: Number
    reason: str
    source: Source
    level: str = ""


@dataclass(frozen=True)
class Adjustments:
    """The adjustments of one area's year in the file's order, and what is wrong with the others."""

    entries: tuple[Adjustment, ...] = ()
    issues: tuple[InputIssue, ...] = ()

    def of(self, ref: CellRef, level: str) -> tuple[Adjustment, ...]:
        """Those of one cell that hold for the level."""
        return tuple(entry for entry in self.entries if entry.ref == ref and entry.level in {"", level})


def load_adjustments(files: Files, key: ReportKey, edition: Edition) -> Adjustments:
    """The adjustments of the year; none where there is no file. A wrong line adjusts nothing and is an issue."""
    path = files.project.adjustments_file(key)
    where = files.project.relative(path)
    try:
        text = files.text(path)
        lines = read_table(text, COLUMNS, where).lines if text is not None else ()
    except InputError as error:
        return Adjustments(issues=(unreadable(error, where),))
    entries: list[Adjustment] = []
    issues: list[InputIssue] = []
    for line in lines:
        texts = {name: line.texts.get(name, "").strip() for name in COLUMNS}
        source = Source(where, line.number, "amount")
        found = _entry(texts, source, edition)
        if isinstance(found, Adjustment):
            entries.append(found)
        else:
            issues.append(found)
    return Adjustments(tuple(entries), tuple(issues))


def _entry(texts: dict[str, str], source: Source, edition: Edition) -> Adjustment | InputIssue:
    ref = _ref(texts, edition)
    if ref is None:
        place = f"{texts['table']}.{texts['row']}.{texts['column']}"
        return _issue(source, f"表格中没有“{place}”这一格", f"the form has no cell {place}")
    value = parse(texts["amount"], CellKind.MONEY if edition.cells[ref] is not CellKind.COUNT else CellKind.COUNT)
    if value.number is None:
        return _issue(
            source, f"调整数应为数字，现为“{texts['amount']}”", f"amount must be a number, not {texts['amount']!r}"
        )
    if not texts["reason"]:
        return _issue(source, "调整须写明原因（reason）", "an adjustment needs a reason")
    levels = {"": ""} | {name: name for name in LEVELS} | {word: name for name, word in LEVELS.items()}
    if texts["level"] not in levels:
        return _issue(source, "口径应填 own（本级）、area（全域）或不填", "level must be own, area or blank")
    return Adjustment(ref, value.number, texts["reason"], source, levels[texts["level"]])


def _ref(texts: dict[str, str], edition: Edition) -> CellRef | None:
    """The cell by its codes, or by the words in which the form and the findings call it."""
    tables = {table.code: table for table in edition.tables} | {
        TABLE_NAMES[table.code]: table for table in edition.tables
    }
    table = tables.get(texts["table"])
    if table is None:
        return None
    rows = {word: code for code, row in table.rows.items() for word in (code, row.label, row.full_label, row_name(row))}
    row = rows.get(texts["row"])
    if row is None:
        return None
    columns = {word: column.code for column in table.columns_of(row) for word in (column.code, column.label)}
    column = columns.get(texts["column"])
    return CellRef(table.code, row, column) if column else None


def _issue(source: Source, zh: str, en: str) -> InputIssue:
    return InputIssue(IssueKind.UNREADABLE, source, found=en, words=(zh, en))
