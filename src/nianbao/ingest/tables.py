"""Owns the reading of one table: the lines of its part of the report -> cells, and gaps for all that is not certain.

May import: form, model, and ingest's match, assign, tape and words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from nianbao.form import EDITIONS, CellRef, Shape, Table
from nianbao.form.cells import BLANK, CellKind, State, Value, parse
from nianbao.ingest.across import Heads, is_continued
from nianbao.ingest.assign import Borders, Reading, Trouble, borders_of, read_values
from nianbao.ingest.carrier import NO_RESULT, Line, Place
from nianbao.ingest.columns import ColumnOrder, Order, head_rows
from nianbao.ingest.gaps import WHY, Said, gap_of
from nianbao.ingest.match import Matches, match_rows
from nianbao.ingest.result import Fault, Gap, GapKind
from nianbao.ingest.tape import Group, Tape, tape_of
from nianbao.ingest.tokens import Part
from nianbao.ingest.words import TableWords, bare, core, words_of
from nianbao.model import Cell, Source

# So many stray values are named one by one.
_STRAYS_NAMED = 20
# Rows with values in one table: the form has 25, a yearbook's region a few hundred.
MAX_GROUPS = 4_000


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
    _tapes: dict[str, Tape] = field(default_factory=dict, repr=False, compare=False)

    def tape(self, words: TableWords) -> Tape:
        """The lines in groups; made once for each vocabulary, for groups are the same however often they are asked."""
        if words.vocabulary not in self._tapes:
            self._tapes[words.vocabulary] = tape_of(self.lines, words, MAX_GROUPS)
        return self._tapes[words.vocabulary]


def read_table(table: Table, region: Region, file: str, *, foreign: bool, vanishing: bool = False) -> TableFound:
    """The table's cells; ``vanishing``: a table above has shown that blanks or equal lines vanish in this file."""
    words = words_of(table, foreign=foreign)
    reader = _Reader(table, words, region, file)
    reader.found.vanishing = vanishing
    if table.shape is Shape.ACROSS:
        reader.read_across()
    else:
        reader.read_rows()
    reader.found.prose = reader.tape.prose
    return reader.found


class _Reader:
    def __init__(self, table: Table, words: TableWords, region: Region, file: str) -> None:
        self.table = table
        self.words = words
        self.tape = region.tape(words)
        self.file = file
        self.at_end = region.at_end
        self.headed = region.headed
        self.found = TableFound(table)

    def read_rows(self) -> None:
        """A table whose rows have labels."""
        matches = match_rows(
            self.tape, self.words, lambda row: len(self.table.columns_of(row)), whole=self.headed and not self.at_end
        )
        self.found.rows = len(matches.rows)
        for row, group in matches.rows.items():
            group.depth = len(self.table.rows[row].groups)
        rows = [(group, len(self.table.columns_of(row))) for row, group in matches.rows.items()]
        borders = borders_of([*rows, *head_rows(self.table, self.tape)])
        self.found.vanishing = self.found.vanishing or self._short_rows(matches)
        order = ColumnOrder(self.table, self.tape, matches.rows)
        for row in self.table.rows:
            if row in matches.rows:
                self._row(row, order.of(row), matches, borders)
        lost = self._one_row_for_several(matches)
        self._lost_rows(matches, lost)
        self._strays(matches)

    def read_across(self) -> None:
        """A table whose cells stand in one line: all of them, or none is certain."""
        heads = Heads(self.table, self.tape)
        if labelled := heads.labelled():
            self.found.rows = len(labelled)
            self.found.taken |= {one.group.place for one in labelled}
            for one in labelled:
                self._take(one.refs, read_values(one.group, len(one.refs)), one.group.place, None)
            held = {ref for one in labelled for ref in one.refs}
            if lost := [ref for ref in self.table.cells if ref not in held]:
                self._gap(
                    GapKind.LOST, Place(), "没有找到全部的行或列", "not all of its rows or columns were found", lost
                )
            return
        refs = list(self.table.cells)
        groups = self._across_groups(len(refs))
        if not groups:
            return
        self.found.rows = 1
        self.found.taken |= {group.place for group in groups}
        whole = [group for group in groups if len(group.filled) == len(refs)]
        chosen = whole or groups
        if len(whole) > 1 and len({tuple(value.text for value in group.values) for group in whole}) > 1:
            self._across_unclear(chosen[1], "本表有两行数值，无法确定以何者为准", "it has two rows of values")
            return
        if (not whole and not is_continued(chosen)) or (order := heads.order()) is None:
            self._across_unclear(chosen[0], "数值与表头无法对应", "its values cannot be brought to its heads")
            return
        group = chosen[0]
        if len(chosen) > 1 and not whole:
            # A line too long for the page goes on in the next one; blanks between them would be guesses.
            group = replace(group, values=[value for part in chosen for value in part.filled], ruled=False)
        elif group.ruled and len(group.values) == len(refs):
            # Fifteen cells are the whole line, however they are set: this table has no room for padding.
            group = replace(group, together=True)
        last = self.at_end and group.ruled and group.index == len(self.tape.groups) - 1
        self._take(order, read_values(group, len(refs), last=last), group.place, None)

    def _across_unclear(self, group: Group, message: str, english: str) -> None:
        self._gap(GapKind.UNCLEAR, group.place, message, english, list(self.table.cells))

    def _across_groups(self, width: int) -> list[Group]:
        """The groups that can be the table's one line: those below its heads, or all where nothing else is near."""
        groups = [group for group in self.tape.groups if group.filled or (group.ruled and len(group.values) >= width)]
        below = [group for group in groups if self._heads_in(core(group.text))]
        if fitting := [group for group in below if width in {len(group.filled), len(group.values)}]:
            return fitting
        if self.headed and self._heads_in("".join(core(text) for text in self.tape.texts)):
            return groups
        return [group for group in groups if self.headed and len(group.filled) == width]

    def _width(self, row: str) -> int:
        return len(self.table.columns_of(row))

    def _heads_in(self, text: str) -> bool:
        """Whether at least two of the table's own heads stand in the text."""
        return sum(bare(column.label) in text for column in self.table.columns.values()) > 1

    def _short_rows(self, matches: Matches) -> bool:
        """Whether a row before the last one has too few values: then blanks or equal lines vanish in this file."""
        groups = [(row, group) for row, group in matches.rows.items() if group.index != len(self.tape.groups) - 1]
        return any(
            len(group.values) < len(self.table.columns_of(row)) and not group.values[0].glued for row, group in groups
        )

    def _row(self, row: str, order: Order, matches: Matches, borders: Borders) -> None:
        group = matches.rows[row]
        refs = [CellRef(self.table.code, row, column.code) for column in self.table.columns_of(row)]
        if not order.readable:
            self._strange_heads(row, order, group, refs)
            return
        if any(group.printed != other.printed for other in matches.doubles.get(row, ())):
            self._gap(
                GapKind.UNCLEAR,
                group.place,
                "在文件中出现两次且数值不同",
                "it occurs twice with other values",
                refs,
                row,
            )
            return
        if row in matches.shares:
            self._shared(row, matches.shares[row], group)
            group = replace(group, values=group.values[: len(refs)])
        # One value a line: that none vanished is shown by the rows before.
        last = self.at_end and group.index == len(self.tape.groups) - 1 and not self.tape.rest
        last = last and (group.ruled or not self.found.vanishing)
        if not group.ruled and not group.together and not self._repeats():
            last = False
        self._take(*self._in_order(row, order, group, borders, last), group.place, row)

    def _in_order(
        self, row: str, order: Order, group: Group, borders: Borders, last: bool
    ) -> tuple[list[CellRef], Reading]:
        """The cells of the row in the order of its heads, with their values; without columns that the form lacks."""
        known = [CellRef(self.table.code, row, column.code) for column in order.columns if column]
        width = len(order.columns)
        if len(known) == width:
            return known, read_values(group, width, borders, last=last)
        if len(group.filled) == width or len(group.values) == width:
            pairs = zip(order.columns, group.filled if len(group.filled) == width else group.values, strict=True)
            return known, Reading(tuple(part for column, part in pairs if column))
        if None in order.columns[: len(known)]:
            return known, Reading((None,) * len(known), Trouble.TOO_FEW)
        return known, read_values(group, len(known), borders, last=last)

    def _strange_heads(self, row: str, order: Order, group: Group, refs: list[CellRef]) -> None:
        if order.foreign:
            message, english = "表头是另一版表样的栏目，数值不能对应", "its heads are those of the form's other edition"
            self._fault(
                "TABLE-LABEL",
                group.place,
                f"“{self.table.rows[row].label}”的表头不是本年度表样的栏目",
                f"{self.table.code}.{row}: its heads are not those of the year's form",
                row,
            )
        else:
            message, english = "表头各栏次序与表样不符", "its heads are not in the form's order"
        self._gap(GapKind.UNCLEAR, group.place, message, english, refs, row)

    def _repeats(self) -> bool:
        """Whether equal values follow each other somewhere: the file was not freed of equal lines."""
        return any(
            one.text == two.text
            for group in self.tape.groups
            for one, two in zip(group.values, group.values[1:], strict=False)
        )

    def _shared(self, row: str, others: Sequence[str], group: Group) -> None:
        """The rows whose values stand in this row's group, because their own labels are lost."""
        start = len(self.table.columns_of(row))
        for other in others:
            refs = [CellRef(self.table.code, other, column.code) for column in self.table.columns_of(other)]
            part = replace(group, values=group.values[start : start + len(refs)])
            start += len(refs)
            self._take(refs, read_values(part, len(refs)), group.place, other)

    def _take(self, refs: Sequence[CellRef], reading: Reading, place: Place, row: str | None) -> None:
        unread = [ref for ref, part in zip(refs, reading.values, strict=True) if part is None]
        for ref, part in zip(refs, reading.values, strict=True):
            if part is not None and not self._cell(ref, part):
                unread.append(ref)
        if unread:
            trouble = reading.trouble or self._trouble_of(reading)
            kind, message, english = WHY[trouble]
            self._gap(kind, place, message, english, unread, row)

    def _trouble_of(self, reading: Reading) -> Trouble:
        formula = any(part is not None and part.text == NO_RESULT for part in reading.values)
        return Trouble.FORMULA if formula else Trouble.SEVERAL

    def _cell(self, ref: CellRef, part: Part) -> bool:
        """Keep the cell's value; False where more than one number stands in it, or a formula without its result."""
        if part.text == NO_RESULT:
            return False
        value = _parsed(part.text, self.table.cells[ref]) if part.text else BLANK
        if value.state is State.TEXT and len(re.findall(r"\d+", value.printed)) > 1:
            return False
        self.found.cells[ref] = Cell(value, Source(self.file, part.place.line, place=_cell_place(part.place)))
        return True

    def _one_row_for_several(self, matches: Matches) -> frozenset[str]:
        """The rows in whose place the table has one, as the other edition has it; its values are kept aside."""
        codes = list(self.table.rows)
        positions = sorted(group.index for group in matches.rows.values())
        for edition in EDITIONS.values():
            for code, row in edition.table(self.table.code).rows.items():
                members = [own for own in codes if row.label in self.table.rows[own].groups]
                if code in codes or not members or any(member in matches.rows for member in members):
                    continue
                named = (
                    group for group in self.tape.groups if group.texts and core(group.texts[-1]) == core(row.label)
                )
                group = next(named, None)
                columns = self.table.columns_of(members[0])
                if group is None or len(group.filled) != len(columns) or group.index in positions:
                    continue
                for column, part in zip(columns, group.filled, strict=True):
                    value = _parsed(part.text, column.kind)
                    source = Source(self.file, part.place.line, place=_cell_place(part.place))
                    self.found.others[CellRef(self.table.code, code, column.code)] = Cell(value, source)
                matches.doubles.setdefault(code, []).append(group)
                self._fault(
                    "TABLE-SHAPE",
                    group.place,
                    f"“{row.label}”只有一行，本年度表样在此有{len(members)}行",
                    f"{self.table.code}: one row {code} where the form has {len(members)}",
                    None,
                )
                return frozenset(members)
        return frozenset()

    def _fault(self, rule: str, place: Place, message: str, english: str, row: str | None) -> None:
        message = f"{self.table.caption}：{message}"
        self.found.faults.append(Fault(rule, f"{self.file} {place}".strip(), message, english, self.table.code, row))

    def _lost_rows(self, matches: Matches, replaced: frozenset[str]) -> None:
        """Rows of the form that the table doesn't show: between others, or after the last one."""
        rows = list(self.table.rows)
        shared = {other for others in matches.shares.values() for other in others}
        seen = [row for row in rows if row in matches.rows or row in shared]
        last = rows.index(seen[-1]) if seen else -1
        texts = "".join(core(text) for text in self.tape.texts)
        for row in rows[: last + 1]:
            if row not in seen and row not in replaced:
                self._lost_row(row, texts)
        if seen and last + 1 < len(rows):
            refs = [
                CellRef(self.table.code, row, column.code)
                for row in rows[last + 1 :]
                for column in self.table.columns_of(row)
            ]
            label = self.table.rows[rows[last]].label
            place = matches.rows[rows[last]].place if rows[last] in matches.rows else Place()
            self._gap(
                GapKind.CUT, place, f"表格在“{label}”一行之后中断", f"the table breaks off after {rows[last]}", refs
            )

    def _lost_row(self, row: str, texts: str) -> None:
        refs = [CellRef(self.table.code, row, column.code) for column in self.table.columns_of(row)]
        words = next(words for words in self.words.rows if words.code == row)
        if any(form in texts for form in words.cores):
            message, english = "有行名而没有可读的数值", "its label stands there without readable values"
        else:
            message, english = "没有找到这一行", "the row was not found"
        self._gap(GapKind.LOST, Place(), message, english, refs, row)

    def _strays(self, matches: Matches) -> None:
        """Values that belong to no row: they are named, for somebody may see what they are."""
        taken = {group.index for group in matches.rows.values()}
        taken |= {group.index for groups in matches.doubles.values() for group in groups}
        self.found.taken |= {self.tape.groups[index].place for index in taken}
        strays = [group for group in self.tape.groups if group.filled and group.index not in taken]
        if len(self.found.cells) == len(self.table.cells):
            # With every cell read, numbers in no line of a table are those of charts and captions.
            strays = [group for group in strays if group.ruled and group.texts]
        # Without the table's own heading these are also the lines of other tables.
        for group in strays[: _STRAYS_NAMED if self.headed else 0]:
            shown = " ".join(value.text for value in group.filled[:8])
            label = group.texts[-1][-20:] if group.texts else ""
            before = f"（前文：{label}）" if label else ""
            message = f"数值“{shown}”{before}无法对应到表中的行"
            english = f"the values {shown!r} belong to no row of the form"
            said = Said(GapKind.UNCLEAR, group.place, message, english)
            self.found.strays.append((group.place, gap_of(self.table, self.file, said)))

    def _gap(
        self, kind: GapKind, place: Place, message: str, english: str, refs: Iterable[CellRef], row: str | None = None
    ) -> None:
        said = Said(kind, place, message, english)
        self.found.gaps.append(gap_of(self.table, self.file, said, tuple(refs), row))


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: CellKind) -> Value:
    """One value for all cells that print the same: most of a thousand reports' cells are zeros."""
    return parse(text, kind)


def _cell_place(place: Place) -> str | None:
    parts = [f"page {place.page}" if place.page else "", place.cell or ""]
    return " ".join(part for part in parts if part) or None
