"""Owns the words for what could not be read in a table.

May import: form, ingest.assign, ingest.carrier, ingest.result.
"""

from __future__ import annotations

from dataclasses import dataclass

from nianbao.form import CellRef, Table
from nianbao.ingest.assign import Trouble
from nianbao.ingest.carrier import Place
from nianbao.ingest.result import Gap, GapKind

# Why a row's values are not certain: the kind of gap, in Chinese and in English.
WHY = {
    Trouble.GLUED: (
        GapKind.GLUED,
        "数字粘连，无法唯一拆分",
        "its digits are glued and can be split in more than one way",
    ),
    Trouble.TOO_FEW: (GapKind.UNCLEAR, "数值个数少于栏数，无法确定各属何栏", "it has fewer values than columns"),
    Trouble.TOO_MANY: (GapKind.UNCLEAR, "数值个数多于栏数，无法确定各属何栏", "it has more values than columns"),
    Trouble.SEVERAL: (
        GapKind.UNCLEAR,
        "一个单元格内有多个数字，无法确定以何者为准",
        "a cell holds more than one number",
    ),
    Trouble.FORMULA: (
        GapKind.LOST,
        "公式没有计算结果，请在表格软件中打开并保存后再读取",
        "its formulas have no results: open and save the workbook in a spreadsheet program",
    ),
    Trouble.CUT: (GapKind.CUT, "原件在此处中断", "the document breaks off here"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is to say: the kind of gap, where it is, and the words for both readers."""

    kind: GapKind
    place: Place
    message: str
    english: str


def gap_of(table: Table, file: str, said: Said, refs: tuple[CellRef, ...] = (), row: str | None = None) -> Gap:
    """The gap in the words of the form, with the cells that it concerns."""
    name = f"“{table.rows[row].label}”：" if row else ""
    return Gap(
        said.kind,
        f"{file} {said.place}".strip(),
        f"{table.caption}：{name}{said.message}",
        f"{table.code}{f'.{row}' if row else ''}: {said.english}",
        table.code,
        row,
        refs,
    )
