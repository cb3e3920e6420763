"""Keep what is found of one table: its cells, and gaps and faults, in words, for all that is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from nianbao.form import EDITIONS, Axis, Balance, CellRef, Table
from nianbao.form.cells import BLANK, CellKind, State, Value, parse
from nianbao.ingest.assign import Reading, Trouble
from nianbao.ingest.carrier import DIGITS_APART, NO_CHARACTER, NO_RESULT, OVER_BORDER, Line, Place
from nianbao.ingest.grouped import GroupedLines, grouped_lines
from nianbao.ingest.result import Fault, Gap, GapKind
from nianbao.ingest.tokens import Part
from nianbao.ingest.words import TableWords, words_of
from nianbao.model import Cell, Source

# Rows with values in one table: the form has 25, a yearbook's region a few hundred.
MAX_GROUPS = 4_000
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
    Trouble.OVER_BORDER: (
        GapKind.UNCLEAR,
        "数字越过单元格边框，无法确定属于哪一格、是一个数还是两个数",
        "digits run over a border of a cell: they may be one number or two",
    ),
    Trouble.LETTERS: (
        GapKind.LETTERS,
        "有字符无法识别（字体没有给出对应的字），请对照原件核对",
        "a character cannot be told, for its font says nothing of it: compare it with the document",
    ),
    Trouble.CUT: (GapKind.CUT, "原件在此处中断", "the document breaks off here"),
}

# A number in two pieces or more, or several numbers.
_APART = re.compile(rf"{DIGITS_APART.pattern}|[1-9]\d* \d+")

# What a carrier puts into a cell that it could not read.
_MARKED = {OVER_BORDER: Trouble.OVER_BORDER, NO_RESULT: Trouble.FORMULA}


@lru_cache
def _row_sums(table: Table) -> tuple[Balance, ...]:
    """The form's sums across the columns of a table within one year."""
    return tuple(
        dict.fromkeys(
            balance
            for edition in EDITIONS.values()
            for balance in edition.balances
            if table in edition.tables and balance.table == table.code
            if balance.axis is Axis.COLUMNS and not balance.across_years
        )
    )


@dataclass
class TableFound:
    """What was read of one table; ``rows`` counts the rows that were found, readable or not.

    ``strays`` are values that belong to no row of it, with their places; ``taken`` are the places of those that do.
    """

    table: Table
    cells: dict[CellRef, Cell] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    rows: int = 0
    vanishing: bool = False
    strays: list[tuple[Place, Gap]] = field(default_factory=list)
    taken: set[Place] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    others: dict[CellRef, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """The lines in which a table stands, from ``start`` to ``end`` in the carrier.

    ``at_end``: the document ends there, so that the table may be cut. ``headed``: its own heading stands above.
    """

    lines: tuple[Line, ...]
    start: int
    end: int
    at_end: bool
    headed: bool
    _grouped: dict[str, GroupedLines] = field(default_factory=dict, repr=False, compare=False)

    def grouped(self, words: TableWords) -> GroupedLines:
        """The lines in groups; made once for each vocabulary, for groups are the same however often they are asked."""
        if words.vocabulary not in self._grouped:
            self._grouped[words.vocabulary] = grouped_lines(self.lines, words, MAX_GROUPS)
        return self._grouped[words.vocabulary]


class TableReader:
    """What the readers of tables have in common: the table's lines in groups, and where its cells and gaps go."""

    def __init__(self, table: Table, region: Region, file: str, *, foreign: bool) -> None:
        self.table = table
        self.words = words_of(table, foreign=foreign)
        self.grouped = region.grouped(self.words)
        self.file = file
        self.at_end = region.at_end
        self.headed = region.headed
        self.found = TableFound(table, prose=self.grouped.prose)

    def take(self, refs: Sequence[CellRef], reading: Reading, place: Place, row: str | None) -> None:
        """Keep the cells of a row with the values that were read, and tell which were not."""
        values = self._closed_up(refs, reading.values)
        unread: dict[Trouble, list[CellRef]] = {}
        for ref, part in zip(refs, values, strict=True):
            if trouble := self._trouble(ref, part):
                unread.setdefault(reading.trouble or trouble, []).append(ref)
            elif part is not None:
                self.found.cells[ref] = self.cell(part, self.table.cells[ref])
        for trouble, cells in unread.items():
            self.tell(WHY[trouble][0], place, *WHY[trouble][1:], cells, row)

    def _closed_up(self, refs: Sequence[CellRef], values: Sequence[Part | None]) -> Sequence[Part | None]:
        """Digits set apart in a cell (6 4) or over its lines (1041 7) as one number where the sum is right so."""
        if not any(part is not None and _APART.fullmatch(part.text) for part in values):
            return values
        closed = {
            ref: part and (replace(part, text="".join(part.text.split())) if _APART.fullmatch(part.text) else part)
            for ref, part in zip(refs, values, strict=True)
        }
        # A blank adds nothing to a sum.
        texts = {ref: part.text for ref, part in closed.items() if part}
        numbers = {ref: int(text or 0) for ref, text in texts.items() if text.isdecimal() or not text}
        proven: set[CellRef] = set()
        for balance in _row_sums(self.table):
            for row in {ref.row for ref in refs}:
                left = [numbers.get(balance.ref(term, row)) for term in balance.left]
                right = [numbers.get(balance.ref(term, row)) for term in balance.right]
                # One number alone and the same as its sum prove nothing: both may bear the same mark.
                several = sum(map(bool, left)) > 1 or sum(map(bool, right)) > 1
                if None not in left + right and several and sum(filter(None, left)) == sum(filter(None, right)):
                    proven |= {balance.ref(term, row) for term in (*balance.left, *balance.right)}
        return [closed[ref] if ref in proven else part for ref, part in zip(refs, values, strict=True)]

    def _trouble(self, ref: CellRef, part: Part | None) -> Trouble | None:
        """Why a cell has no value that is certain: more than one number, letters that cannot be told, or not read."""
        if part is None:
            return Trouble.SEVERAL
        if NO_CHARACTER in part.text:
            return Trouble.LETTERS
        value = self.cell(part, self.table.cells[ref]).value
        several = value.state is State.TEXT and len(re.findall(r"\d+", value.printed)) > 1
        return _MARKED.get(part.text, Trouble.SEVERAL if several else None)

    def cell(self, part: Part, kind: CellKind) -> Cell:
        """The value of a cell of this kind, with its origin."""
        place = part.place
        shown = " ".join(text for text in (f"page {place.page}" if place.page else "", place.cell or "") if text)
        value = _parsed(part.text, kind) if part.text else BLANK
        return Cell(value, Source(self.file, place.line, place=shown or None))

    def tell(
        self, kind: GapKind, place: Place, message: str, english: str, refs: Iterable[CellRef], row: str | None = None
    ) -> None:
        """Keep a gap: what could not be read, in words for both readers."""
        self.found.gaps.append(self.gap(kind, place, message, english, refs, row))

    def gap(
        self, kind: GapKind, place: Place, message: str, english: str, refs: Iterable[CellRef], row: str | None = None
    ) -> Gap:
        """The gap in the words of the form, with the cells that it concerns."""
        name = f"“{self.table.rows[row].label}”：" if row else ""
        return Gap(
            kind,
            f"{self.file} {place}".strip(),
            f"{self.table.caption}：{name}{message}",
            f"{self.table.code}{f'.{row}' if row else ''}: {english}",
            self.table.code,
            row,
            tuple(refs),
        )

    def fault(self, rule: str, place: Place, message: str, english: str, row: str | None) -> None:
        """Keep something in which the report itself departs from the form."""
        message = f"{self.table.caption}：{message}"
        self.found.faults.append(Fault(rule, f"{self.file} {place}".strip(), message, english, self.table.code, row))


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: CellKind) -> Value:
    """One value for all cells that print the same: most of a thousand reports' cells are zeros."""
    return parse(text, kind)
