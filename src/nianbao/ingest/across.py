"""Read a table whose cells stand in one line (table 4): which group of values holds which cells, by heads and labels.

May import: form, ingest.columns, ingest.tape, ingest.words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.form import CellRef, Table
from nianbao.ingest.columns import pieces
from nianbao.ingest.tape import Group, Tape
from nianbao.ingest.words import bare, core


@dataclass(frozen=True)
class Labelled:
    """A group of values that stands behind a label of its own, with the cells that it holds in order."""

    group: Group
    refs: tuple[CellRef, ...]


class Heads:
    """The heads of a table in one line: its rows' names and its columns' names, as they stand in the document."""

    def __init__(self, table: Table, tape: Tape) -> None:
        self.table = table
        self.tape = tape
        self._rows = {core(row.label): code for code, row in table.rows.items()}
        self._spans = {core(group): group for row in table.rows.values() for group in row.groups}
        self._columns = {core(column.label): code for code, column in table.columns.items()}
        names = [*self._rows, *self._spans, *self._columns]
        self._lines = [
            found
            for group in tape.groups
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
        by_row = self._lines_of(self._rows, len(self.table.columns))
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
        for group in self.tape.groups:
            code = names.get(bare(group.texts[-1])) if group.texts else None
            if code and group.filled and width in {len(group.filled), len(group.values)}:
                if code in found:
                    return {}
                found[code] = group
        return found

    def _cell_a_line(self) -> list[Labelled]:
        """A line for each cell, the row's name above or before it."""
        found: dict[CellRef, Labelled] = {}
        row: str | None = None
        for group in self.tape.groups:
            names = [bare(text) for text in group.texts]
            row = next((self._rows[name] for name in reversed(names) if name in self._rows), row)
            column = self._columns.get(names[-1]) if names else None
            if row and column and len(group.filled) == 1:
                ref = CellRef(self.table.code, row, column)
                if ref in found:
                    return []
                found[ref] = Labelled(group, (ref,))
        return list(found.values()) if len(found) > len(self.table.columns) else []


def is_continued(groups: Sequence[Group]) -> bool:
    """Whether the groups after the first have no text of their own: a line too long for the page goes on in them."""
    return not any(core(group.text) for group in groups[1:])
