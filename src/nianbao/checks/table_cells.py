"""Owns the rules on single cells and on the shape of table files.

May import: cells, form, model, checks.ledger, checks.labels, checks.subject, checks.gx.frames (its cells' odd ones).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from nianbao.cells import CellKind, State, Value
from nianbao.checks.labels import TABLE_NAMES, cell_name, row_name, shown
from nianbao.checks.ledger import Facts, Ledger, place_of
from nianbao.checks.reading import is_sane
from nianbao.checks.subject import Subject
from nianbao.form import CellRef, Edition
from nianbao.model import FindingState, InputIssue, IssueKind, Number

# Where a cell may say that it does not apply: an office may have no power to license, but every office receives
# applications (perhaps none) and may be sued.
_MAY_NOT_APPLY = frozenset({"proactive"})
_MONEY = frozenset({CellKind.MONEY, CellKind.MONEY_ANY_UNIT})
_CELL_RULES = ("CELL-MISSING", "CELL-NEGATIVE", "CELL-WHOLE", "CELL-TEXT", "CELL-RANGE", "CELL-NA")


def check_cells(subject: Subject, odd: Sequence[CellRef], ledger: Ledger) -> None:
    """The rules on cells; ``odd`` are the cells that are anything but a plain count."""
    edition = subject.report.edition
    if not subject.bound:
        odd = _check_unread(subject, odd, ledger)
    blank: list[CellRef] = []
    for ref in odd:
        value = subject.report.value(ref)
        if value.state is State.BLANK:
            blank.append(ref)
        elif broken := _broken(ref, value, edition.cells[ref]):
            rule, what, what_en = broken
            words = (
                f"{cell_name(edition, ref)}为“{shown(value)}”：{what}",
                f"{ref} holds {value.printed!r}: {what_en}",
            )
            cell = subject.evidence(ref)
            facts = Facts(place_of(ref), None, value.printed, (cell,), source=cell.source)
            ledger.breach(rule, subject.key, words, facts)
    _check_blank(subject, blank, ledger)
    for rule in _CELL_RULES:
        ledger.passed(rule, subject.key, len(edition.cells) - len(odd))


def _check_unread(subject: Subject, odd: Sequence[CellRef], ledger: Ledger) -> list[CellRef]:
    """Cells that a published report does not show, or that could not be read: nobody left them blank."""
    unread = [ref for ref in odd if ref not in subject.report.cells]
    for table, refs in groupby(unread, key=lambda ref: ref.table):
        count = len(list(refs))
        words = (f"{TABLE_NAMES[table]}有{count}个单元格没有读到，无法核对", f"{count} cells of {table} were not read")
        ledger.add("CELL-MISSING", subject.key, FindingState.NOT_ASSESSABLE, words, Facts((table, None, None)))
    return [ref for ref in odd if ref in subject.report.cells]


def _broken(ref: CellRef, value: Value, kind: CellKind) -> tuple[str, str, str] | None:
    """The rule that a cell breaks, with the words for it, or None where it breaks none."""
    if value.state is State.TEXT:
        return "CELL-TEXT", "应填数字", "a number is due"
    if value.state is State.NOT_APPLICABLE:
        if ref.table in _MAY_NOT_APPLY:
            return None
        return "CELL-NA", "此处应填数字，没有的填0", "a number is due here; none is 0"
    return _broken_number(value.number, kind) if value.number is not None else None


def _broken_number(number: Number, kind: CellKind) -> tuple[str, str, str] | None:
    if not is_sane(number):
        return "CELL-RANGE", "数字过大，疑为相邻数字连在一起", "digits seem to have run together"
    if number < 0 and kind is not CellKind.CHANGE:
        return "CELL-NEGATIVE", "不能为负数", "a count cannot be negative"
    if kind not in _MONEY and number != int(number):
        return "CELL-WHOLE", "件数应为整数", "a count must be whole"
    return None


def _check_blank(subject: Subject, blank: Sequence[CellRef], ledger: Ledger) -> None:
    """Blank cells, a finding each; where a whole row or table is blank, one finding for it."""
    edition = subject.report.edition
    for table, in_table in groupby(blank, key=lambda ref: ref.table):
        refs = list(in_table)
        if len(refs) == len(edition.table(table).cells):
            words = (f"{TABLE_NAMES[table]}全部空白", f"table {table} is blank throughout")
            ledger.breach("CELL-MISSING", subject.key, words, Facts((table, None, None)))
            continue
        for row, in_row in groupby(refs, key=lambda ref: ref.row):
            _check_blank_row(subject, edition, list(in_row), ledger)
            del row


def _check_blank_row(subject: Subject, edition: Edition, refs: Sequence[CellRef], ledger: Ledger) -> None:
    table = edition.table(refs[0].table)
    row = refs[0].row
    cells = tuple(subject.evidence(ref) for ref in refs)
    if len(refs) > 1 and len(refs) == len(table.columns_of(row)):
        name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
        words = (f"{name}整行空白", f"{table.code}.{row} is blank throughout")
        facts = Facts((table.code, row, None), cells=cells, source=cells[0].source)
        ledger.breach("CELL-MISSING", subject.key, words, facts)
        return
    for cell in cells:
        words = (f"{cell_name(edition, cell.ref)}空白，没有的应填0", f"{cell.ref} is blank; none is written 0")
        facts = Facts(place_of(cell.ref), cells=(cell,), source=cell.source)
        ledger.breach("CELL-MISSING", subject.key, words, facts)


_ISSUE_RULES = {
    IssueKind.UNKNOWN_CODE: "TABLE-CODE",
    IssueKind.WRONG_LABEL: "TABLE-LABEL",
    IssueKind.WRONG_SHAPE: "TABLE-SHAPE",
    IssueKind.DUPLICATE: "TABLE-DUPLICATE",
}
_ISSUE_WORDS = {
    IssueKind.UNKNOWN_CODE: ("代码“{found}”不识别", "unknown code {found!r}"),
    IssueKind.WRONG_LABEL: ("行名“{found}”与代码不符", "the label {found!r} does not belong to the code"),
    IssueKind.WRONG_SHAPE: ("行列数不符（{found}）", "wrong shape: {found}"),
    IssueKind.DUPLICATE: ("“{found}”重复", "{found!r} is given twice"),
}


def check_issues(subject: Subject, ledger: Ledger) -> None:
    """What was odd about the table files when they were read."""
    for issue in subject.report.issues:
        _check_issue(subject, issue, ledger)
    for rule in set(_ISSUE_RULES.values()) - {_ISSUE_RULES[issue.kind] for issue in subject.report.issues}:
        ledger.passed(rule, subject.key)


def _check_issue(subject: Subject, issue: InputIssue, ledger: Ledger) -> None:
    zh, en = (form.format(found=issue.found) for form in _ISSUE_WORDS[issue.kind])
    name = TABLE_NAMES.get(issue.table, issue.table)
    near = (f"，应为“{issue.near}”", f"; expected {issue.near!r}") if issue.near else ("", "")
    words = (f"{name}（{issue.source}）{zh}{near[0]}", f"{issue.source}: {en}{near[1]}")
    scope = f"{issue.kind.value}:{issue.found}"
    facts = Facts((issue.table, issue.row, issue.column), issue.near, issue.found, (), scope, issue.source)
    ledger.breach(_ISSUE_RULES[issue.kind], subject.key, words, facts)
