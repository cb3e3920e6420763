"""Owns the order of a table's columns as the heads above a row say it, where they can be read.

May import: form, ingest.tape, ingest.tokens, ingest.words.
"""

from __future__ import annotations

from nianbao.form import Column, Table
from nianbao.ingest.carrier import Place
from nianbao.ingest.tape import Group, Tape
from nianbao.ingest.tokens import Part
from nianbao.ingest.words import core, without_brackets


class ColumnOrder:
    """Answers for one table in which order the columns of a row stand."""

    def __init__(self, table: Table, tape: Tape) -> None:
        self.table = table
        self.tape = tape

    def columns_before(self, row: str, group: Group) -> tuple[Column, ...] | None:
        """The row's columns in the order of the heads nearest above; None where the heads contradict the form."""
        columns = self.table.columns_of(row)
        heads = [core(without_brackets(column.label)) for column in columns]
        # Heads that are words of other labels too (其他, 总计) say nothing about order.
        telling = [head for head in heads if len(head) > 2]
        for other in reversed(self.tape.groups[: group.index + 1]):
            text = core(other.text)
            places = [text.rfind(head) for head in telling]
            if len(telling) > 1 and all(place >= 0 for place in places):
                if places == sorted(places):
                    return columns
                if len(telling) != len(columns):
                    return None
                return tuple(
                    column for _, column in sorted(zip(places, columns, strict=True), key=lambda item: item[0])
                )
        return columns


def head_rows(table: Table, tape: Tape) -> list[tuple[Group, int]]:
    """Lines of heads as if their heads were values: they show where the columns stand."""
    found = []
    for block in table.blocks:
        heads = [core(without_brackets(column.label)) for column in block.columns]
        for cells in tape.head_lines:
            texts = [core(without_brackets(cell)) for cell in cells]
            places = [texts.index(head) for head in heads if head in texts]
            if len(places) == len(heads) and places[0] > 0 and places == sorted(places):
                values = [
                    Part(text if text in heads else "", Place(), is_value=True, index=index, length=len(texts))
                    for index, text in enumerate(texts)
                ]
                found.append((Group(Place(), values=values[1:], ruled=True, together=True), len(heads)))
    return found
