"""Read the order of a table's columns from its heads; where the heads are lost, the form's order holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nianbao.form import EDITIONS, Column, Shape, Table
from nianbao.ingest.carrier import Place
from nianbao.ingest.grouped import Group, GroupedLines
from nianbao.ingest.tokens import Part
from nianbao.ingest.words import core, has_numeral, without_brackets

# What stands for a head that the form doesn't have (备注): its values are passed over.
UNKNOWN = "?"
# So many heads side by side are a line of heads, and no label that shares a word with one.
_HEADS_LEAST = 3


@dataclass(frozen=True)
class Order:
    """The columns of a row from the left; None for one that the form doesn't have there.

    ``foreign``: heads of another edition of the form are among them; without columns no value can be placed.
    """

    columns: tuple[Column | None, ...] = ()
    foreign: bool = False

    @property
    def readable(self) -> bool:
        """Whether every column of the row has its place."""
        return bool(self.columns)


class ColumnOrder:
    """Answer for one table in which order the columns of a row stand; ``rows`` are the rows' groups of values."""

    def __init__(self, table: Table, grouped: GroupedLines, rows: Mapping[str, Group]) -> None:
        self.table = table
        self.grouped = grouped
        self.rows = rows

    def of(self, row: str) -> Order:
        """The row's columns in the order of the heads nearest above; not ``readable`` where these contradict."""
        if self.table.shape is Shape.NESTED:
            return self._nested(row)
        return self._stacked(row)

    def _stacked(self, row: str) -> Order:
        columns = self.table.columns_of(row)
        own = {column.code: column for column in columns}
        heads = _heads_of_row(self.table, row)
        for zone in self._zones(row):
            found = _in_line(zone, heads) or _in_text(core(zone.text), heads)
            seen = [code for code in found if code in own]
            if not seen and any(code != UNKNOWN for code in found):
                return Order(foreign=True)
            if len(columns) == 1 and len(found) > 1 and len(seen) == 1:
                foreign = any(code not in {*own, UNKNOWN} for code in found)
                return Order(tuple(own.get(code) for code in found), foreign=foreign)
            # A head that stands twice cannot say which of its columns it is the head of.
            if len({*seen}) == len(seen) == len(columns) > 1:
                return Order(tuple(own.get(code) for code in found))
            if seen and len(found) > len(seen) and any(code not in {*own, UNKNOWN} for code in found):
                return Order(foreign=True)
            if seen and len(columns) > 1:
                return Order(columns) if seen == [code for code in own if code in seen] else Order()
            if seen:
                break
        return Order(columns)

    def _nested(self, row: str) -> Order:
        columns = self.table.columns_of(row)
        for zone in self._zones(row):
            if (found := _leaves(columns, zone)) is None:
                continue
            known = [column for column in found.columns if column]
            if len(known) == len(found.columns):
                found = replace(found, columns=(*found.columns, *[None] * self._behind(zone)))
            if known == list(columns) or found.certain:
                return Order(found.columns)
            # Scattered heads: the order in which more of the rows' totals are right, the form's where both are alike.
            better = self._right_totals(known) > self._right_totals(columns)
            return Order(tuple(known) if better else columns)
        return Order(columns)

    def _behind(self, zone: Group) -> int:
        """How many heads that the form lacks (备注, 上年数) stand behind the one above all columns."""
        heading = core(self.table.blocks[0].heading or "")
        for cells in zone.heads:
            texts = [core(cell) for cell in cells]
            if heading and heading in texts:
                return sum(bool(text) and text != heading for text in texts[texts.index(heading) + 1 :])
        return 0

    def _zones(self, row: str) -> Iterator[Group]:
        """What stands before the row's values and before those above, upwards; lines of heads may have blanks."""
        zone: list[Group] = []
        for group in reversed(self.grouped.groups[: self.rows[row].index + 1]):
            if zone and group.filled:
                yield _together(zone)
                zone = []
            zone.insert(0, group)
        yield _together(zone)

    def _right_totals(self, order: Sequence[Column]) -> int:
        """In how many rows the column 总计 is the sum of the others, if the values stand in this order."""
        total = [column.code for column in order].index(self.table.blocks[0].columns[-1].code)
        found = 0
        for group in self.rows.values():
            values = [part.text.replace(",", "") for part in group.filled]
            if len(values) == len(order) and all(value.isdecimal() for value in values):
                numbers = [int(value) for value in values]
                found += any(numbers) and sum(numbers) == 2 * numbers[total]
        return found


def _together(groups: Sequence[Group]) -> Group:
    texts = [text for group in groups for text in group.texts]
    return Group(groups[0].place, texts, heads=[cells for group in groups for cells in group.heads])


@dataclass(frozen=True)
class _Leaves:
    """The lowest heads from the left; ``certain``: upper and lower heads stand each in lines of their own."""

    columns: tuple[Column | None, ...]
    certain: bool


def _leaves(columns: Sequence[Column], group: Group) -> _Leaves | None:
    """The lowest heads before a group, those under a common head in its place; None where too few stand there."""
    by_head = {core(without_brackets(column.label)): column for column in columns}
    common = {core(column.group) for column in columns if column.group}
    names = [*by_head, *common]
    lines = [found for cells in group.heads if (found := _in_cells(cells, names))]
    if not lines:
        lines = [found for text in group.texts if (found := pieces(text, names))]
    tokens = list(dict.fromkeys(token for line in lines for token in line if token in by_head))
    if len(tokens) < _HEADS_LEAST:
        return None
    if any(len({*by_head} & {*line}) == len(columns) and not common & {*line} for line in lines):
        line = next(line for line in lines if {*by_head} <= {*line})
        return _Leaves(tuple(by_head.get(token) for token in line), certain=True)
    below = [token for token in tokens if by_head[token].group]
    upper = {token for token in tokens if not by_head[token].group}
    top = next((line for line in lines if upper and upper <= {*line} and not {*below} & {*line}), None)
    if top and len(tokens) == len(columns) and (order := _expanded(top, below, common)):
        return _Leaves(tuple(by_head.get(token) for token in order), certain=True)
    flat = [token for line in lines for token in line if token in names]
    order = _expanded(flat if common & {*flat} else tokens, below, common) or tokens
    if len(order) < len(columns):
        # Some heads are lost: those that are there cannot say where the others stand.
        return _Leaves(tuple(columns), certain=False)
    return _Leaves(tuple(by_head[token] for token in order), certain=False)


def _expanded(top: Sequence[str], below: Sequence[str], common: set[str]) -> list[str]:
    """The upper heads with the lower ones in the place of the common head, also of one that is worded otherwise."""
    strange = [token for token in top if token == UNKNOWN]
    place = next((token for token in top if token in common), UNKNOWN if len(strange) == 1 else None)
    if place is None:
        return []
    order: list[str] = []
    for token in top:
        if token == place:
            order += below
        elif token not in below:
            order.append(token)
    return order


def _in_cells(cells: Iterable[str], names: Sequence[str]) -> list[str]:
    """The heads of a ruled line; a filled cell behind the first that is none is unknown."""
    found: list[str] = []
    for cell in cells:
        text = core(without_brackets(cell))
        if has_numeral(cell) or not text:
            continue
        if text in names:
            found.append(text)
        elif len(parts := pieces(cell, names)) > 1:
            found += parts
        elif found:
            found.append(UNKNOWN)
    return found


def pieces(text: str, names: Sequence[str]) -> list[str]:
    """The heads (as cores) of which a text consists, glued or alone; nothing for a text with other words."""
    if has_numeral(text):
        return []
    plain = core(without_brackets(text))
    found: list[str] = []
    ordered = sorted(names, key=len, reverse=True)
    while plain:
        name = next((name for name in ordered if plain.startswith(name)), None)
        if name is None:
            # A label that begins after the heads, in one line with them.
            return found if len(found) >= _HEADS_LEAST else []
        found.append(name)
        plain = plain[len(name) :]
    return found


@cache
def _heads_of_row(table: Table, row: str) -> Mapping[str, str]:
    """Head -> code of the column, for the row's columns in every edition; the row's own edition comes first."""
    found = {core(without_brackets(column.label)): column.code for column in table.columns_of(row)}
    for edition in EDITIONS.values():
        other = edition.table(table.code)
        if row in other.rows and other is not table:
            for column in other.columns_of(row):
                text = core(without_brackets(column.label))
                # 本年处理决定数量 and 处理决定数量 are one column; a code shared by different heads is not.
                known = next((code for head, code in found.items() if text in head or head in text), None)
                found.setdefault(text, known or f"{edition.code}.{column.code}")
    return found


def _in_line(group: Group, heads: Mapping[str, str]) -> list[str]:
    """The columns that the last line of heads before the group's values names, with unknown heads among them."""
    for cells in reversed(group.heads):
        texts = [core(without_brackets(cell)) for cell in cells]
        places = [index for index, text in enumerate(texts) if text in heads]
        if places:
            filled = [text for text in texts[places[0] :] if text]
            return [heads.get(text, UNKNOWN) for text in filled]
    return []


def _in_text(text: str, heads: Mapping[str, str]) -> list[str]:
    """The columns whose heads stand in a text, in its order; of heads that overlap the longest."""
    ordered = sorted(heads, key=len, reverse=True)
    found: list[str] = []
    position = 0
    while position < len(text):
        head = next((head for head in ordered if text.startswith(head, position)), None)
        if head:
            found.append(heads[head])
        position += len(head) if head else 1
    return list(dict.fromkeys(found))


def head_rows(table: Table, grouped: GroupedLines) -> Iterator[tuple[Group, int]]:
    """Lines of heads as if their heads were values: they show where the columns stand."""
    for block in table.blocks:
        heads = [core(without_brackets(column.label)) for column in block.columns]
        for cells in grouped.head_lines:
            texts = [core(without_brackets(cell)) for cell in cells]
            places = [texts.index(head) for head in heads if head in texts]
            if len(places) == len(heads) and places[0] > 0 and places == sorted(places):
                values = [
                    Part(text if text in heads else "", Place(), is_value=True, index=index, length=len(texts))
                    for index, text in enumerate(texts)
                ]
                yield Group(Place(), values=values[1:], ruled=True, together=True), len(heads)
