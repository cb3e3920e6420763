"""Put the characters of a PDF's page into the cells of its tables; a number that runs over a border is never split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nianbao.ingest.borders import RuledTable, cell_at
from nianbao.ingest.glyphs import Char, counting, rows_of

# Digits with less than this between them, in units of their width, stand together; cells' padding is wider.
_TOGETHER = 0.3
# A border cuts a digit that has at least this share of its width on either side.
_CUT = 1 / 3
# What numbers have beside digits.
_SIGNS = frozenset("-－−+＋,，.．")

# The position of a table on the page, and the number of its cell; None outside of tables.
CellPlace = tuple[int, int]
Place = CellPlace | None


@dataclass(frozen=True)
class Placed:
    """Characters by their cell, those outside of tables, and the cells whose number runs over a border uncertainly."""

    inside: dict[CellPlace, list[Char]]
    outside: list[Char]
    unsure: frozenset[CellPlace]


def in_cells(characters: Sequence[Char], tables: Sequence[RuledTable]) -> Placed:
    """The characters in the cells in which their middles lie; the digits of a number all in one.

    A number of which the border cuts one digit is of the cell that holds its other digits. Where digits stand on both
    sides of a border, or on each other, it is one number or two: such cells are ``unsure``, and none of these digits is
    left in a label.
    """
    if not tables:
        return Placed({}, list(characters), frozenset())
    places = {id(one): cell_at(tables, _across(one, 0.5), one.middle) for one in characters}
    numeric = [one for one in characters if _is_numeric(one)]
    alone = set(places.values()) - {places[id(one)] for one in characters if not _is_numeric(one)} - {None}
    unsure: set[CellPlace] = set()
    dropped: set[int] = set()
    for run in _runs(numeric):
        touched, held, overlap = _cells_of(run, tables)
        if len(held) == 1 and None not in held and not overlap:
            places.update((id(one), place) for one in run for place in held)
        elif (len(touched) > 1 or overlap) and (values := touched & alone):
            unsure.update(place for place in values if place)
            dropped.update(id(one) for one in run)
    inside: dict[CellPlace, list[Char]] = defaultdict(list)
    outside: list[Char] = []
    for one in characters:
        if id(one) not in dropped:
            place = places[id(one)]
            (outside if place is None else inside[place]).append(one)
    return Placed(dict(inside), outside, frozenset(unsure))


def _is_numeric(one: Char) -> bool:
    return not one.quarter and not one.white and (one.text.isdecimal() or one.text in _SIGNS)


def _across(one: Char, share: float) -> float:
    """The x at this share of a character's width."""
    return one.left + share * (one.right - one.left)


def _gap(before: Char, one: Char) -> float:
    """The space between two characters in units of their width; below zero where they overlap."""
    return (one.left - before.right) / max(before.right - before.left, one.right - one.left, 0.01)


def _runs(numeric: list[Char]) -> Iterator[list[Char]]:
    """The digits and signs that stand together in a line."""
    for row in rows_of(numeric):
        run = row[:1]
        for before, one in pairwise(row):
            if _gap(before, one) > _TOGETHER:
                yield run
                run = []
            run.append(one)
        yield run


def _cells_of(run: list[Char], tables: Sequence[RuledTable]) -> tuple[set[Place], set[Place], bool]:
    """The cells that a number touches, those that hold a digit of it whole, and whether its digits overlap."""
    if not any(one.text.isdecimal() for one in run):
        return set(), set(), False
    # A raised mark is of the number behind which it stands.
    counted = counting(run)
    ends = {id(one): {cell_at(tables, _across(one, share), one.middle) for share in (_CUT, 1 - _CUT)} for one in run}
    held = {place for one in counted if len(ends[id(one)]) == 1 for place in ends[id(one)]}
    overlap = any(_gap(before, one) < -_TOGETHER for before, one in pairwise(counted))
    return set().union(*ends.values()), held, overlap
