"""Read one table: the lines of its part of the report -> cells, and gaps for all that is not certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.form import EDITIONS, CellRef, Shape, Table
from nianbao.ingest.across import AcrossReader
from nianbao.ingest.assign import Borders, Reading, Trouble, borders_of, read_values
from nianbao.ingest.carrier import Place, quoted
from nianbao.ingest.columns import ColumnOrder, Order, head_rows
from nianbao.ingest.found import Region, TableFound, TableReader
from nianbao.ingest.grouped import Group
from nianbao.ingest.match import Matches, match_rows
from nianbao.ingest.result import GapKind
from nianbao.ingest.words import bare, core

# So many stray values are named one by one.
_STRAYS_NAMED = 20
_FOREIGN_HEADS = "表头是另一版表样的栏目，数值不能对应", "its heads are those of the form's other edition"
_STRANGE_ORDER = "表头各栏次序与表样不符", "its heads are not in the form's order"


def read_table(table: Table, region: Region, file: str, *, foreign: bool, vanishing: bool = False) -> TableFound:
    """The table's cells; ``vanishing``: a table above has shown that blanks or equal lines vanish in this file."""
    kind = AcrossReader if table.shape is Shape.ACROSS else _RowReader
    reader = kind(table, region, file, foreign=foreign)
    reader.found.vanishing = vanishing
    reader.read()
    return reader.found


class _RowReader(TableReader):
    """Reads a table whose rows have labels."""

    def read(self) -> None:
        """Match rows to labels, columns to heads, and tell what is lost or left over."""
        if self.table.shape is Shape.NESTED and self._turned():
            return
        matches = match_rows(self.grouped, self.words, self._width, whole=self.headed and not self.at_end)
        self.found.rows = len(matches.rows)
        for row, group in matches.rows.items():
            group.depth = len(self.table.rows[row].groups)
        rows = [(group, self._width(row)) for row, group in matches.rows.items()]
        borders = borders_of([*rows, *head_rows(self.table, self.grouped)])
        self.found.vanishing = self.found.vanishing or self._short_rows(matches)
        order = ColumnOrder(self.table, self.grouped, matches.rows)
        for row in self.table.rows:
            if row in matches.rows:
                self._row(row, order.of(row), matches, borders)
        lost = self._one_row_for_several(matches)
        self._lost_rows(matches, lost)
        self._strays(matches)

    def _turned(self) -> bool:
        """Read a table whose rows stand side by side, a column a line; False where it is none."""
        by_head = {bare(column.label): code for code, column in self.table.columns.items()}
        rows = list(self.table.rows)
        groups = [group for group in self.grouped.groups if len(rows) in {len(group.filled), len(group.values)}]
        lines = {
            by_head[bare(group.texts[-1])]: group
            for group in groups
            if group.texts and bare(group.texts[-1]) in by_head
        }
        if len(lines) < len(groups) or len(lines) < len(by_head) - 1:
            return False
        self.found.rows = len(rows)
        self.found.taken |= {group.place for group in groups}
        if not self._rows_in_order():
            self.tell(GapKind.UNCLEAR, groups[0].place, *_STRANGE_ORDER, list(self.table.cells))
            return True
        for column in self.table.columns:
            refs = [CellRef(self.table.code, row, column) for row in rows]
            if column in lines:
                self.take(refs, read_values(lines[column], len(rows)), lines[column].place, None)
            else:
                label = self.table.columns[column].label
                self.tell(GapKind.LOST, Place(), f"没有找到“{label}”一行", f"the line of {column} was not found", refs)
        return True

    def _rows_in_order(self) -> bool:
        """Whether the labels of rows that stand side by side are in the form's order."""
        places = {form: index for index, row in enumerate(self.words.rows) if not row.shared for form in row.cores}
        lines = [[places[bare(cell)] for cell in cells if bare(cell) in places] for cells in self.grouped.head_lines]
        return all(line == sorted(line) for line in lines)

    def _width(self, row: str) -> int:
        return len(self.table.columns_of(row))

    def _short_rows(self, matches: Matches) -> bool:
        """Whether a row before the last one has too few values: then blanks or equal lines vanish in this file."""
        groups = [(row, group) for row, group in matches.rows.items() if group.index != len(self.grouped.groups) - 1]
        return any(
            len(group.values) < len(self.table.columns_of(row)) and not group.values[0].glued for row, group in groups
        )

    def _row(self, row: str, order: Order, matches: Matches, borders: Borders) -> None:
        group = matches.rows[row]
        refs = [CellRef(self.table.code, row, column.code) for column in self.table.columns_of(row)]
        if order.foreign:
            self.fault(
                "TABLE-LABEL",
                group.place,
                f"“{self.table.rows[row].label}”的表头不是本年度表样的栏目",
                f"{self.table.code}.{row}: its heads are not those of the year's form",
                row,
            )
        if not order.readable:
            message, english = _FOREIGN_HEADS if order.foreign else _STRANGE_ORDER
            self.tell(GapKind.UNCLEAR, group.row_place, message, english, refs, row)
            return
        if any(group.printed != other.printed for other in matches.doubles.get(row, ())):
            self.tell(
                GapKind.UNCLEAR,
                group.row_place,
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
        last = self.at_end and group.index == len(self.grouped.groups) - 1 and not self.grouped.rest
        last = last and (group.ruled or not self.found.vanishing)
        if not group.ruled and not group.together and not self._repeats():
            last = False
        self.take(*self._in_order(row, order, group, borders, last), group.row_place, row)

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

    def _repeats(self) -> bool:
        """Whether equal values follow each other somewhere: the file was not freed of equal lines."""
        return any(
            one.text == two.text
            for group in self.grouped.groups
            for one, two in zip(group.values, group.values[1:], strict=False)
        )

    def _shared(self, row: str, others: Sequence[str], group: Group) -> None:
        """The rows whose values stand in this row's group, because their own labels are lost."""
        start = len(self.table.columns_of(row))
        for other in others:
            refs = [CellRef(self.table.code, other, column.code) for column in self.table.columns_of(other)]
            part = replace(group, values=group.values[start : start + len(refs)])
            start += len(refs)
            self.take(refs, read_values(part, len(refs)), group.place, other)

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
                    group for group in self.grouped.groups if group.texts and core(group.texts[-1]) == core(row.label)
                )
                group = next(named, None)
                columns = self.table.columns_of(members[0])
                if group is None or len(group.filled) != len(columns) or group.index in positions:
                    continue
                for column, part in zip(columns, group.filled, strict=True):
                    self.found.others[CellRef(self.table.code, code, column.code)] = self.cell(part, column.kind)
                matches.doubles.setdefault(code, []).append(group)
                self.fault(
                    "TABLE-SHAPE",
                    group.place,
                    f"“{row.label}”只有一行，本年度表样在此有{len(members)}行",
                    f"{self.table.code}: one row {code} where the form has {len(members)}",
                    None,
                )
                return frozenset(members)
        return frozenset()

    def _lost_rows(self, matches: Matches, replaced: frozenset[str]) -> None:
        """Rows of the form that the table doesn't show: between others, or after the last one."""
        rows = list(self.table.rows)
        shared = {other for others in matches.shares.values() for other in others}
        seen = [row for row in rows if row in matches.rows or row in shared]
        last = rows.index(seen[-1]) if seen else -1
        texts = "".join(core(text) for text in self.grouped.texts)
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
            self.tell(
                GapKind.CUT, place, f"表格在“{label}”一行之后中断", f"the table breaks off after {rows[last]}", refs
            )

    def _lost_row(self, row: str, texts: str) -> None:
        refs = [CellRef(self.table.code, row, column.code) for column in self.table.columns_of(row)]
        words = next(words for words in self.words.rows if words.code == row)
        if any(form in texts for form in words.cores):
            message, english = "有行名而没有可读的数值", "its label stands there without readable values"
        else:
            message, english = "没有找到这一行", "the row was not found"
        self.tell(GapKind.LOST, Place(), message, english, refs, row)

    def _strays(self, matches: Matches) -> None:
        """Values that belong to no row: they are named, for somebody may see what they are."""
        taken = {group.index for group in matches.rows.values()}
        taken |= {group.index for groups in matches.doubles.values() for group in groups}
        self.found.taken |= {self.grouped.groups[index].place for index in taken}
        strays = [group for group in self.grouped.groups if group.filled and group.index not in taken]
        if len(self.found.cells) == len(self.table.cells):
            # With every cell read, numbers in no line of a table are those of charts and captions.
            heads = {*self.words.heads, *self.words.groups}
            strays = [group for group in strays if group.ruled and group.texts and core(group.texts[-1]) not in heads]
        # Without the table's own heading these are also the lines of other tables.
        for group in strays[: _STRAYS_NAMED if self.headed else 0]:
            shown = quoted(" ".join(value.text for value in group.filled[:8]))
            label = group.texts[-1][-20:] if group.texts else ""
            before = f"（前文：{label}）" if label else ""
            message = f"数值“{shown}”{before}无法对应到表中的行"
            english = f"the values {shown!r} belong to no row of the form"
            self.found.strays.append((group.place, self.gap(GapKind.UNCLEAR, group.place, message, english, ())))
