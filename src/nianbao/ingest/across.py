"""Read a table whose cells stand in one line (table 4): which group of values holds which cells, by its labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nianbao.form import CellRef, Table
from nianbao.ingest.assign import read_values
from nianbao.ingest.carrier import Place
from nianbao.ingest.columns import pieces
from nianbao.ingest.found import TableReader
from nianbao.ingest.grouped import Group, GroupedLines
from nianbao.ingest.result import GapKind
from nianbao.ingest.words import bare, core


@dataclass(frozen=True)
class Labelled:
    """A group of values that stands behind a label of its own, with the cells that it holds in order."""

    group: Group
    refs: tuple[CellRef, ...]


class Heads:
    """The heads of a table in one line: its rows' names and its columns' names, as they stand in the document."""

    def __init__(self, table: Table, grouped: GroupedLines) -> None:
        self.table = table
        self.grouped = grouped
        self._rows = {core(row.label): code for code, row in table.rows.items()}
        self._spans = {core(group): group for row in table.rows.values() for group in row.groups}
        self._columns = {core(column.label): code for code, column in table.columns.items()}
        names = [*self._rows, *self._spans, *self._columns]
        self._lines = [
            found
            for group in grouped.groups
            for texts in (group.heads or [(text,) for text in group.texts])
            if (found := [name for text in texts for name in pieces(text, names)])
        ]

    def order(self) -> list[CellRef] | None:
        """The cells from the left, as the heads say it; None where these cannot be brought together."""
        rows = self._row_order()
        width = len(self.table.columns)
        flat = [self._columns[name] for line in self._lines for name in line if name in self._columns]
        usual = list(self.table.columns)
        chunks = [flat[start : start + width] for start in range(0, len(flat), width)]
        if len(flat) not in {width, width * len(rows)} or any(sorted(chunk) != sorted(usual) for chunk in chunks):
            chunks = [usual]
        if len(chunks) == 1:
            chunks *= len(rows)
        if rows != list(self.table.rows) and any(chunk != chunks[0] for chunk in chunks):
            return None
        return [
            CellRef(self.table.code, row, column) for row, chunk in zip(rows, chunks, strict=True) for column in chunk
        ]

    def _row_order(self) -> list[str]:
        """The rows from the left: those under a common head in its place."""
        usual = list(self.table.rows)
        upper = [name for name in (*self._spans, *self._rows) if name in self._spans or not self._groups_of(name)]
        lower = [name for name in self._rows if self._groups_of(name)]
        top = next((line for line in self._lines if {*upper} <= {*line}), None)
        below = next((line for line in self._lines if {*lower} <= {*line}), lower)
        if any({*self._rows} <= {*line} for line in self._lines):
            line = next(line for line in self._lines if {*self._rows} <= {*line})
            return list(dict.fromkeys(self._rows[name] for name in line if name in self._rows))
        if top is None:
            return usual
        found: list[str] = []
        for name in dict.fromkeys(name for name in top if name in upper):
            under = [one for one in below if one in lower] if name in self._spans else [name]
            found += [self._rows[one] for one in under]
        found = list(dict.fromkeys(found))
        return found if sorted(found) == sorted(usual) else usual

    def _groups_of(self, name: str) -> tuple[str, ...]:
        return self.table.rows[self._rows[name]].groups

    def labelled(self) -> list[Labelled]:
        """The groups that have labels of their own: a row of the form a line, a column a line, or a cell a line."""
        by_column = self._lines_of(self._columns, len(self.table.rows))
        if len(by_column) >= len(self.table.columns) - 1:
            rows = self._row_order()
            return [
                Labelled(group, tuple(CellRef(self.table.code, row, column) for row in rows))
                for column, group in by_column.items()
            ]
        by_row = self._lines_of(self._rows, len(self.table.columns)) or self._tables_of_rows()
        if len(by_row) > 1:
            order = self._column_order()
            return [
                Labelled(group, tuple(CellRef(self.table.code, row, column) for column in order))
                for row, group in by_row.items()
            ]
        return self._cell_a_line()

    def _column_order(self) -> list[str]:
        usual = list(self.table.columns)
        for line in self._lines:
            found = [self._columns[name] for name in line if name in self._columns]
            if sorted(found) == sorted(usual):
                return found
        return usual

    def _lines_of(self, names: dict[str, str], width: int) -> dict[str, Group]:
        """Code -> the group of so many values whose label it is; nothing where one occurs twice."""
        found: dict[str, Group] = {}
        for group in self.grouped.groups:
            code = names.get(bare(group.texts[-1])) if group.texts else None
            if code and group.filled and width in {len(group.filled), len(group.values)}:
                if code in found:
                    return {}
                found[code] = group
        return found

    def _tables_of_rows(self) -> dict[str, Group]:
        """Row -> its values, where each row of the form is a small table of its own below its name."""
        found: dict[str, Group] = {}
        for group in self.grouped.groups:
            names = [code for name, code in self._rows.items() if name in core(group.text)]
            if len(group.filled) != len(self.table.columns) or len(names) != 1 or names[0] in found:
                return {}
            found[names[0]] = group
        return found

    def _cell_a_line(self) -> list[Labelled]:
        """A line for each cell, the row's name above or before it."""
        found: dict[CellRef, Labelled] = {}
        row: str | None = None
        for group in self.grouped.groups:
            names = [bare(text) for text in group.texts]
            row = next((self._rows[name] for name in reversed(names) if name in self._rows), row)
            column = self._columns.get(names[-1]) if names else None
            if row and column and len(group.filled) == 1:
                ref = CellRef(self.table.code, row, column)
                if ref in found:
                    return []
                found[ref] = Labelled(group, (ref,))
        return list(found.values()) if len(found) > len(self.table.columns) else []


class AcrossReader(TableReader):
    """Reads a table whose cells stand in one line: all of them, or none is certain."""

    def read(self) -> None:
        """Read the cells by labels of their own, or the one line by its heads."""
        heads = Heads(self.table, self.grouped)
        if labelled := heads.labelled():
            self.found.rows = len(labelled)
            self.found.taken |= {one.group.place for one in labelled}
            for one in labelled:
                self.take(one.refs, read_values(one.group, len(one.refs)), one.group.place, None)
            held = {ref for one in labelled for ref in one.refs}
            if lost := [ref for ref in self.table.cells if ref not in held]:
                self.tell(
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
        if (not whole and not _is_continued(chosen)) or (order := heads.order()) is None:
            self._across_unclear(chosen[0], "数值与表头无法对应", "its values cannot be brought to its heads")
            return
        group = chosen[0]
        if len(chosen) > 1 and not whole:
            # A line too long for the page goes on in the next one; blanks between them would be guesses.
            group = replace(group, values=[value for part in chosen for value in part.filled], ruled=False)
        elif group.ruled and len(group.values) == len(refs):
            # Fifteen cells are the whole line, however they are set: this table has no room for padding.
            group = replace(group, together=True)
        last = self.at_end and group.ruled and group.index == len(self.grouped.groups) - 1
        self.take(order, read_values(group, len(refs), last=last), group.place, None)

    def _across_unclear(self, group: Group, message: str, english: str) -> None:
        self.tell(GapKind.UNCLEAR, group.place, message, english, list(self.table.cells))

    def _across_groups(self, width: int) -> list[Group]:
        """The groups that can be the table's one line: those below its heads, or all where nothing else is near."""
        groups = [
            group for group in self.grouped.groups if group.filled or (group.ruled and len(group.values) >= width)
        ]
        below = [group for group in groups if self._heads_in(core(group.text))]
        if fitting := [group for group in below if width in {len(group.filled), len(group.values)}]:
            return fitting
        if self.headed and self._heads_in("".join(core(text) for text in self.grouped.texts)):
            return groups
        return [group for group in groups if self.headed and len(group.filled) == width]

    def _heads_in(self, text: str) -> bool:
        """Whether at least two of the table's own heads stand in the text."""
        return sum(bare(column.label) in text for column in self.table.columns.values()) > 1


def _is_continued(groups: Sequence[Group]) -> bool:
    """Whether the groups after the first have no text of their own: a line too long for the page goes on in them.

    They are set as the first is: ruled values beside loose ones are of a grid that was read in pieces.
    """
    return not any(core(group.text) for group in groups[1:]) and len({group.ruled for group in groups}) == 1
