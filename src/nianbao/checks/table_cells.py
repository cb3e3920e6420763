"""The rules on single cells, and on the counts of figures.csv."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from nianbao.checks.finding_log import TABLE_NAMES, Facts, FindingLog, cell_name, place_of, row_name, shown
from nianbao.checks.reading import is_sane
from nianbao.checks.subject import Subject
from nianbao.form import CellRef, Edition
from nianbao.form.cells import CellKind, State, Value
from nianbao.inputs import COUNTING_UNITS
from nianbao.model import Figure, FindingState, IssueKind, Number

# Where a cell may say that it does not apply: an office may have no power to license, but every office receives
# applications (perhaps none) and may be sued.
_MAY_NOT_APPLY = frozenset({"proactive"})
_MONEY = frozenset({CellKind.MONEY, CellKind.MONEY_ANY_UNIT})
_CELL_RULES = ("CELL-MISSING", "CELL-NEGATIVE", "CELL-WHOLE", "CELL-TEXT", "CELL-RANGE", "CELL-NA")
# With more blank rows and cells than this, a table gets one finding for all of them.
_FEW = 3
_EVIDENCE = 12  # cells
_SHOWN = 24  # characters of what stands in a cell
_DIGITS = r"\d{1,3}(?:[,，]\d{3})+|\d+"
# A number whose point may stand for a comma before three digits.
_POINTS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
# A number with a note, as 1,014 (其中网上800件); one in words or brackets: 约12, (12), 合计12件, 12↑; a part of a date.
_NOTED = re.compile(rf"({_DIGITS})\s*(?:件|条|项)?\s*[（(\[【][^（()）]*[）)\]】]")
_DRESSED = re.compile(rf"[^\d.]{{1,4}}({_DIGITS})\s*(?:件|条|项)?[^\d.]?|({_DIGITS})\s*(?:件|条|项)?[^\d.万亿%月日年]")
_WORDS = re.compile(r"[一二三四五六七八九十百千两〇零]{1,8}")
_WAN = re.compile(r"\d+(?:\.\d+)?\s*[万亿]")
_LETTERS = re.compile("[OoQlI|\\d]{1,8}")


def check_cells(subject: Subject, odd: Sequence[CellRef], log: FindingLog) -> None:
    """The rules on cells; ``odd`` are the cells that are anything but a plain count."""
    edition = subject.report.edition
    odd = _check_unread(subject, odd, log) if not subject.bound else _given(subject, odd)
    blank: list[CellRef] = []
    alike: dict[tuple[str, _Broken, str], list[CellRef]] = {}
    for ref in odd:
        value = subject.report.value(ref)
        if value.state is State.BLANK:
            blank.append(ref)
        elif broken := _broken(ref, value, edition.cells[ref]):
            alike.setdefault((ref.table, broken, shown(value)), []).append(ref)
    for (_, broken, printed), refs in alike.items():
        _tell_broken(subject, broken, printed, refs, log)
    _check_blank(subject, blank, log)
    for figure in subject.report.figures.values():
        _check_figure(subject, figure, log)
    for rule in _CELL_RULES:
        log.passed(rule, subject.key, len(edition.cells) - len(odd))


# A rule, and the words for what is wrong in Chinese and in English.
_Broken = tuple[str, str, str]


def _tell_broken(subject: Subject, broken: _Broken, printed: str, refs: Sequence[CellRef], log: FindingLog) -> None:
    """Cells of a table that hold the same and are wrong in the same way: a finding for each, or for all of many."""
    (rule, what, what_en), edition, held = broken, subject.report.edition, _short(printed)
    if len(refs) <= _FEW:
        for ref in refs:
            words = (f"{cell_name(edition, ref)}为“{held}”：{what}", f"{ref} holds {held!r}: {what_en}")
            cell = subject.evidence(ref)
            log.breach(rule, subject.key, words, Facts(place_of(ref), None, held, (cell,), source=cell.source))
        return
    table = refs[0].table
    places = "、".join(cell_name(edition, ref).removeprefix(TABLE_NAMES[table]) for ref in refs[:_FEW])
    words = (
        f"{TABLE_NAMES[table]}有{len(refs)}格为“{held}”：{what}（{places}等）",
        f"{len(refs)} cells of {table} hold {held!r} ({refs[0]} …): {what_en}",
    )
    cells = tuple(subject.evidence(ref) for ref in refs[:_EVIDENCE])
    log.breach(rule, subject.key, words, Facts((table, None, None), None, held, cells, source=cells[0].source))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"


def _given(subject: Subject, odd: Sequence[CellRef]) -> list[CellRef]:
    """Without the cells that are not in the files at all, where an issue says so of their table."""
    told = {issue.table for issue in subject.report.issues if issue.kind is not IssueKind.TAKEN}
    return [ref for ref in odd if ref in subject.report.cells or ref.table not in told]


def _check_unread(subject: Subject, odd: Sequence[CellRef], log: FindingLog) -> list[CellRef]:
    """Cells that a published report does not show, or that could not be read: nobody left them blank."""
    unread = [ref for ref in odd if ref not in subject.report.cells]
    for table, refs in groupby(unread, key=lambda ref: ref.table):
        count = len(list(refs))
        words = (f"{TABLE_NAMES[table]}有{count}个单元格没有读到，无法核对", f"{count} cells of {table} were not read")
        log.add("CELL-MISSING", subject.key, FindingState.NOT_ASSESSABLE, words, Facts((table, None, None)))
    return [ref for ref in odd if ref in subject.report.cells]


def _broken(ref: CellRef, value: Value, kind: CellKind) -> _Broken | None:
    """The rule that a cell breaks, with the words for it, or None where it breaks none."""
    if value.state is State.TEXT:
        return _broken_text(value.printed)
    if value.state is State.NOT_APPLICABLE:
        if ref.table in _MAY_NOT_APPLY:
            return None
        return "CELL-NA", "此处应填数字，没有的填0", "a number is due here; none is 0"
    return _broken_number(value.number, whole=kind not in _MONEY, signed=kind is CellKind.CHANGE)


def _broken_text(printed: str) -> tuple[str, str, str]:
    if printed.isdecimal():
        return "CELL-RANGE", "数字过大，疑为相邻数字连在一起", "digits seem to have run together"
    if noted := _NOTED.fullmatch(printed):
        number = _plain(noted[1])
        return "CELL-TEXT", f"只填“{number}”，括号里的说明请写入正文", f"write {number} alone, its note into the text"
    hint = _hint(printed)
    return "CELL-TEXT", f"应填数字{hint[0]}", f"a number is due{hint[1]}"


def _hint(printed: str) -> tuple[str, str]:
    """What to write instead of a text that was meant as a number, in Chinese and English."""
    if printed.startswith(("=", "#")) or "E+" in printed.upper():
        return "，请在表格软件中复制后“粘贴为数值”", ": paste it as a value"
    if _WORDS.fullmatch(printed):
        return "，请用阿拉伯数字", ": write it in digits"
    if _WAN.fullmatch(printed):
        return "，请写出全部数字，不用“万”“亿”", ": write all its digits"
    if _LETTERS.fullmatch(printed):
        return "，请核对是否把数字0、1写成了字母", ": are 0 and 1 written as letters?"
    if dressed := _DRESSED.fullmatch(printed):
        number = _plain(dressed[1] or dressed[2])
        return f"，只填“{number}”", f": write {number} alone"
    return "", ""


def _plain(number: str) -> str:
    return number.replace(",", "").replace("，", "")


def _broken_number(number: Number | None, *, whole: bool, signed: bool) -> tuple[str, str, str] | None:
    if number is None:
        return None
    if not is_sane(number):
        return "CELL-RANGE", "数字过大，疑为相邻数字连在一起", "digits seem to have run together"
    if number < 0 and not signed:
        return "CELL-NEGATIVE", "不能为负数", "a count cannot be negative"
    if whole and number != int(number):
        return "CELL-WHOLE", *_whole(str(number))
    return None


def _whole(printed: str) -> tuple[str, str]:
    """What to write instead of a count that is not whole: 47.538 may be 47,538 with a point for its comma."""
    if _POINTS.fullmatch(printed):
        plain = printed.replace(".", "")
        return (
            f"件数应为整数，请核对原始数据；小数点如为千分位，应填“{plain}”",
            f"a count must be whole: look up the number; if the point sets off thousands, write {plain}",
        )
    return (
        "件数应为整数，请核对原始数据后填写整数",
        "a count must be whole: look up the number and write it without a fraction",
    )


def _check_figure(subject: Subject, figure: Figure, log: FindingLog) -> None:
    """A count of figures.csv: a number where there is anything, and whole where its unit counts things."""
    value = figure.value
    broken = (
        _broken_text(value.printed)
        if value.state is State.TEXT
        else _broken_number(value.number, whole=figure.unit in COUNTING_UNITS, signed=True)
    )
    if broken is None:
        log.passed("CELL-TEXT", subject.key)
        return
    rule, what, what_en = broken
    words = (
        f"其他数据“{_short(figure.label or figure.key)}”为“{_short(value.printed)}”：{what}",
        f"figures.{figure.key} holds {_short(value.printed)!r}: {what_en}",
    )
    facts = Facts(("figures", figure.key, "value"), None, _short(value.printed), source=figure.source)
    log.breach(rule, subject.key, words, facts)


def _check_blank(subject: Subject, blank: Sequence[CellRef], log: FindingLog) -> None:
    """Blank cells: a finding for each, for a blank row, or for the table where there are more than a few."""
    edition = subject.report.edition
    for table, in_table in groupby(blank, key=lambda ref: ref.table):
        refs = list(in_table)
        rows = [list(in_row) for _, in_row in groupby(refs, key=lambda ref: ref.row)]
        whole = [len(row) > 1 and len(row) == len(edition.table(table).columns_of(row[0].row)) for row in rows]
        findings = sum(1 if is_whole else len(row) for row, is_whole in zip(rows, whole, strict=True))
        if len(refs) == len(edition.table(table).cells) or findings > _FEW:
            _check_blank_table(subject, edition, refs, log)
            continue
        for row in rows:
            _check_blank_row(subject, edition, row, log)


def _check_blank_table(subject: Subject, edition: Edition, refs: Sequence[CellRef], log: FindingLog) -> None:
    table = edition.table(refs[0].table)
    cells = tuple(subject.evidence(ref) for ref in refs[:_EVIDENCE])
    if len(refs) == len(table.cells):
        words = (f"{TABLE_NAMES[table.code]}全部空白，没有的应填0", f"table {table.code} is blank throughout")
    else:
        places = "、".join(cell_name(edition, ref).removeprefix(TABLE_NAMES[table.code]) for ref in refs[:_FEW])
        words = (
            f"{TABLE_NAMES[table.code]}还有{len(refs)}格空白，没有的应填0：{places}等",
            f"{len(refs)} cells of {table.code} are blank ({refs[0]} …); none is written 0",
        )
    facts = Facts((table.code, None, None), cells=cells, source=cells[0].source)
    log.breach("CELL-MISSING", subject.key, words, facts)


def _check_blank_row(subject: Subject, edition: Edition, refs: Sequence[CellRef], log: FindingLog) -> None:
    table = edition.table(refs[0].table)
    row = refs[0].row
    cells = tuple(subject.evidence(ref) for ref in refs)
    if len(refs) > 1 and len(refs) == len(table.columns_of(row)):
        name = f"{TABLE_NAMES[table.code]}“{row_name(table.rows[row])}”"
        words = (f"{name}整行空白，没有的应填0", f"{table.code}.{row} is blank throughout")
        facts = Facts((table.code, row, None), cells=cells, source=cells[0].source)
        log.breach("CELL-MISSING", subject.key, words, facts)
        return
    for cell in cells:
        words = (f"{cell_name(edition, cell.ref)}空白，没有的应填0", f"{cell.ref} is blank; none is written 0")
        facts = Facts(place_of(cell.ref), cells=(cell,), source=cell.source)
        log.breach("CELL-MISSING", subject.key, words, facts)
