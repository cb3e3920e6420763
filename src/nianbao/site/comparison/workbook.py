"""A comparison as a workbook: figures as numbers, a sheet for each table, for the words, for all years."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.errors.language import told_in
from nianbao.export.worksheets import Book, ListColumn, ListValue, PrintedNumber, sheet_name, write_list
from nianbao.form.cells import State
from nianbao.model import Number
from nianbao.site.comparison.told import fate_word
from nianbao.site.comparison.values import (
    ABSENT,
    Comparison,
    Difference,
    History,
    Kind,
    Line,
    Row,
    Stated,
    WordsOfTwo,
)

_KINDS = {
    Kind.SAME: "相同",
    Kind.CHANGED: "不同",
    Kind.UNKNOWN: "不同（有一方未填数字）",
    Kind.NOT_IN_FORM: "版式不同，不作对比",
}


def as_workbook(found: Comparison) -> bytes:
    """The comparison as XLSX; the same comparison gives the same bytes."""
    day = datetime.date(max(side.key.year for side in found.reports), 12, 31)
    book = Book(title=found.title, author=found.reports[0].office, day=day)
    for table in (*found.tables, found.figures):
        if table.lines:
            sheet = book.add_sheet(sheet_name(table.caption.split("　")[0], book.names))
            write_list(book, sheet, _columns(found), (_line(line) for line in table.lines))
    for words in found.words:
        name = f"文字对比 {words.other.office}" if len(found.words) > 1 else "文字对比"
        heads = [ListColumn("部分", 24), ListColumn("情况", 8), ListColumn(found.heads[0], 60)]
        heads.append(ListColumn(_head_of(found, words), 60))
        write_list(book, book.add_sheet(sheet_name(name, book.names)), heads, _sentences(words))
    if found.history:
        _write_history(book, found.history)
    if found.alike:
        columns = [
            ListColumn("单位", 16),
            ListColumn("与之相同的单位", 30),
            ListColumn("相同（%）", 12),
            ListColumn("相同的文字", 100),
        ]
        rows = [(each.office, each.other_name, _number(each.share), "\n".join(each.passages)) for each in found.alike]
        write_list(book, book.add_sheet("文字雷同"), columns, rows)
    _write_notes(book, found)
    return book.content()


def _head_of(found: Comparison, words: WordsOfTwo) -> str:
    return next(head for head, side in zip(found.heads, found.reports, strict=True) if side.key == words.other)


def _columns(found: Comparison) -> list[ListColumn]:
    columns = [ListColumn("代码", 34), ListColumn("项目", 40), ListColumn("栏目", 18)]
    columns += [ListColumn(head, 14) for head in found.heads]
    for head in found.heads[1:]:
        many = f"（{head}）" if len(found.heads) > 2 else ""
        columns += [ListColumn(f"{name}{many}", 12) for name in ("增减", "增减率（%）", "情况")]
    return columns


def _line(line: Line) -> list[ListValue]:
    changes = [value for change in line.differences for value in _change(change)]
    return [line.code, line.row, line.column, *map(_stated, line.values), *changes]


def _stated(stated: Stated) -> ListValue:
    value = stated.value
    if value is None or value.state is not State.NUMBER or value.number is None:
        return stated.shown
    digits = str(value.number)
    # 减4 is printed so, and is the number -4.
    printed = value.printed if value.printed.replace(",", "").rstrip("万亿元") == digits else digits
    return PrintedNumber(digits, printed)


def _change(change: Difference) -> tuple[ListValue, ListValue, ListValue]:
    amount = ABSENT if change.amount is None else _number(change.amount)
    rate = ABSENT if change.rate is None else _number(change.rate)
    return amount, rate, _KINDS[change.kind]


def _number(number: Number) -> PrintedNumber:
    digits = f"{Decimal(number):f}"
    return PrintedNumber(digits, digits)


def _sentences(words: WordsOfTwo) -> Iterator[Sequence[ListValue]]:
    for section in words.sections:
        for pair in section.pairs:
            yield section.heading, fate_word(pair.fate), pair.before or None, pair.after or None


def _write_history(book: Book, history: History) -> None:
    columns = [ListColumn("类别", 22), ListColumn("项目", 36), ListColumn("单位", 8)]
    columns += [ListColumn(f"{year}年", 12) for year in history.years]
    rows = [_history_row(kind, row) for kind, members in history.kinds for row in members]
    write_list(book, book.add_sheet("历年"), columns, rows)


def _history_row(kind: str, row: Row) -> list[ListValue]:
    return [kind, row.label, row.unit, *(ABSENT if value is None else _number(value) for value in row.values)]


def _write_notes(book: Book, found: Comparison) -> None:
    rows: list[tuple[ListValue, ListValue]] = [("对比", found.title)]
    rows += [
        ("报告", f"{side.office}（{side.key.office}）{side.key.year}年，{side.edition}版格式") for side in found.reports
    ]
    rows.append(("说明", f"增减为与第一份报告之差；空白不作为0，以“{ABSENT}”表示；由0起不计增减率"))
    rows += [(table.caption.split("　")[0], told_in("zh", note)) for table in found.tables for note in table.notes]
    rows += [("说明", told_in("zh", note)) for note in found.notes]
    write_list(book, book.add_sheet("说明"), [ListColumn("", 10), ListColumn("内容", 110)], rows)
