"""Place the characters of a PDF's page: by the direction in which they are read, then in the cells of its tables.

A number that runs over a border is never split.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from nianbao.ingest.astray import CellPlace, Place, astray
from nianbao.ingest.borders import SNAP, RuledTable, Stroke, cell_at, tables_of
from nianbao.ingest.glyphs import Char
from nianbao.ingest.printed import counting, rows_of

# So many characters that lie on their side outside of tables are a text of their own, and no mark at the page's edge.
_TEXT_LEAST = 20
# A page is turned as a whole where more than this share of its characters are: all but a page number or a stamp.
_ALL = 0.9
# Digits with less than this between them, in units of their width, stand together; cells' padding is wider.
_TOGETHER = 0.3
# A border cuts a digit that has at least this share of its width on either side.
_CUT = 1 / 3
# Digits of one number stand as far apart as others, within this share of their width; so few of a page may not.
_ODD = 0.015
_MOST_ODD = 0.015
# More cells with two numbers on one page are a way of setting numbers.
_MOST_CROWDED = 4
# So many of the numbers in rows without blanks may be written in pieces by chance.
_MOST_IN_PIECES = 0.05
# What numbers have beside digits.
_SIGNS = frozenset("-－−+＋,，.．")


@dataclass(frozen=True)
class Layer:
    """Characters and borders that are read in one direction, turned upright.

    ``top`` is the height on the page of what had to be turned; None for the page itself.
    """

    characters: Sequence[Char]
    strokes: Sequence[Stroke]
    top: float | None = None


def layers_of(characters: Sequence[Char], strokes: Sequence[Stroke]) -> Iterator[Layer]:
    """The page, turned where all of it lies on its side, then the tables and texts that lie on their side there."""
    usual = _quarter(characters, _ALL)
    own = [one.upright(usual) for one in characters]
    rest = [one.turned_back(usual) for one in strokes]
    lying: list[Layer] = []
    settled: list[Char] = []
    for table in tables_of(rest) if any(one.quarter for one in own) else ():
        inside = [one for one in own if _holds(table, one)]
        own = [one for one in own if not _holds(table, one)]
        if quarter := _quarter(inside):
            borders = [one for one in rest if _encloses(table, one)]
            rest = [one for one in rest if not _encloses(table, one)]
            lying.append(_upright(inside, borders, quarter, table.top))
        else:
            # Letters and digits of upright labels lie on their side.
            settled += inside
    for quarter in (1, 2, 3):
        text = [one for one in own if one.quarter == quarter]
        if len(text) >= _TEXT_LEAST:
            own = [one for one in own if one.quarter != quarter]
            lying.append(_upright(text, [], quarter, max(one.top for one in text)))
    yield Layer([*own, *settled], rest)
    yield from lying


def _upright(characters: Iterable[Char], strokes: Iterable[Stroke], quarter: int, top: float) -> Layer:
    return Layer([one.upright(quarter) for one in characters], [one.turned_back(quarter) for one in strokes], top)


def _quarter(characters: Sequence[Char], share: float = 0.5) -> int:
    """By how many quarters more than this share of the characters are turned; 0 where these are fewer."""
    counts = Counter(one.quarter for one in characters).most_common(1)
    return next((quarter for quarter, count in counts if count > share * len(characters)), 0)


def _holds(table: RuledTable, one: Char) -> bool:
    across, up = (one.left + one.right) / 2, (one.bottom + one.top) / 2
    return table.xs[0] <= across <= table.xs[-1] and table.ys[-1] <= up <= table.ys[0]


def _encloses(table: RuledTable, one: Stroke) -> bool:
    (low, high), (first, last) = (table.xs[0], table.xs[-1]), (table.ys[-1], table.ys[0])
    if not one.upright:
        (low, high), (first, last) = (first, last), (low, high)
    return low - SNAP <= one.at <= high + SNAP and first - SNAP <= one.start and one.end <= last + SNAP


@dataclass(frozen=True)
class Placed:
    """Characters by their cell, those outside of tables, and the cells whose number runs over a border uncertainly.

    ``apart`` are the digits (by ``id``) before which another number may end.
    """

    inside: dict[CellPlace, list[Char]]
    outside: list[Char]
    unsure: frozenset[CellPlace]
    apart: frozenset[int] = frozenset()


def in_cells(characters: Sequence[Char], tables: Sequence[RuledTable]) -> Placed:
    """The characters in the cells in which their middles lie; the digits of a number all in one.

    A number of which the border cuts one digit is of the cell that holds its other digits. Where digits stand on both
    sides of a border, or on each other, it is one number or two: such cells are ``unsure``, and none of these digits is
    left in a label. So are cells in which two numbers stand close while another cell of the row is blank, and blank
    cells next to which a number stands astray. Where two numbers may touch there, they are held ``apart``.
    """
    if not tables:
        return Placed({}, list(characters), frozenset())
    places = {id(one): cell_at(tables, _across(one, 0.5), one.middle) for one in characters}
    numeric = [one for one in characters if _is_numeric(one)]
    others = [one for one in characters if not _is_numeric(one)]
    alone = set(places.values()) - {places[id(one)] for one in others} - {None}
    runs = list(_runs(numeric))
    unsure: set[CellPlace] = set()
    dropped: set[int] = set()
    whole = list(_settled(runs, tables, places, alone))
    for run, doubtful in _over_borders(runs, tables, alone):
        unsure |= doubtful
        dropped.update(id(one) for one in run)
    blank = _rows_with_blanks(tables, set(places.values()))
    usual = _usual_gap(runs)
    two = [(run, own) for run, own in whole if _begins_with_zero(run) or (own in blank and _is_two(run, usual))]
    for run, own in (*two, *astray([run for run in runs if id(run[0]) not in dropped], others, places, tables)):
        unsure.add(own)
        dropped.update(id(one) for one in run)
    if len(crowded := _crowded(runs, places, blank & alone)) <= _MOST_CROWDED:
        unsure |= crowded
        dropped |= {id(one) for one in numeric if places[id(one)] in crowded}
    inside: dict[CellPlace, list[Char]] = defaultdict(list)
    outside: list[Char] = []
    for one in characters:
        if id(one) not in dropped:
            place = places[id(one)]
            (outside if place is None else inside[place]).append(one)
    return Placed(dict(inside), outside, frozenset(unsure), frozenset(_apart(whole, blank)))


def _settled(
    runs: Sequence[list[Char]], tables: Sequence[RuledTable], places: dict[int, Place], alone: set[Place]
) -> Iterator[tuple[list[Char], CellPlace]]:
    """Put all digits of a number into the one cell that holds it; those numbers that stand alone in theirs."""
    for run in runs:
        _, held, overlap = _cells_of(run, tables)
        if len(held) == 1 and None not in held and not overlap:
            (place,) = held
            places.update((id(one), place) for one in run)
            if place and place in alone:
                yield run, place


def _over_borders(
    runs: Sequence[list[Char]], tables: Sequence[RuledTable], alone: set[Place]
) -> Iterator[tuple[list[Char], set[CellPlace]]]:
    """The numbers that stand on both sides of a border, or whose digits overlap, with the cells of values there."""
    for run in runs:
        touched, held, overlap = _cells_of(run, tables)
        if len(held) == 1 and None not in held and not overlap:
            continue
        values = {place for place in touched & alone if place}
        if (len(touched) > 1 or overlap) and values:
            yield run, values


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


def _crowded(runs: list[list[Char]], places: dict[int, Place], cells: set[Place]) -> set[CellPlace]:
    """Those of the cells in which two numbers stand side by side."""
    counts = Counter(places[id(run[0])] for run in runs if any(one.text.isdecimal() for one in run))
    return {place for place, count in counts.items() if place and place in cells and count > 1}


def _begins_with_zero(run: list[Char]) -> bool:
    """Whether a number begins with a zero as none does: another one stands before it."""
    return len(run) > 1 and run[0].text == "0" and run[1].text.isdecimal()


def _usual_gap(runs: list[list[Char]]) -> float | None:
    """How far apart digits stand on a page; None where that varies, as where their boxes are as narrow as their ink."""
    gaps = [_gap(*pair) for run in runs for pair in pairwise(run)]
    if not gaps:
        return None
    usual = median(gaps)
    return usual if sum(abs(gap - usual) > _ODD for gap in gaps) <= max(_MOST_ODD * len(gaps), 1) else None


def _is_two(run: list[Char], usual: float | None) -> bool:
    """Whether the digits of a number were written in two goes that do not join as digits of the page do."""
    return usual is not None and any(
        before.piece != one.piece and abs(_gap(before, one) - usual) > _ODD for before, one in pairwise(run)
    )


def _apart(whole: Sequence[tuple[list[Char], CellPlace]], blank: set[Place]) -> Iterator[int]:
    """The digits (by ``id``) with which another piece of text goes on with a number, and may be another number.

    None where a page's numbers are written in pieces: the rows without blanks show that, or most of its numbers.
    """
    numbers = [(own, run) for run, own in whole if len(run) > 1]
    pieces = [
        (own, [id(one) for before, one in pairwise(run) if before.piece != one.piece and _are_digits(before, one)])
        for own, run in numbers
    ]
    full = [starts for own, starts in pieces if own not in blank]
    if sum(map(bool, full)) <= _MOST_IN_PIECES * len(full) and 2 * sum(bool(one) for _, one in pieces) <= len(pieces):
        for own, starts in pieces:
            if own in blank:
                yield from starts


def _are_digits(*characters: Char) -> bool:
    return all(one.text.isdecimal() for one in characters)


def _rows_with_blanks(tables: Sequence[RuledTable], filled: set[Place]) -> set[Place]:
    """The cells of the rows in which another cell holds nothing."""
    found: set[Place] = set()
    for index, table in enumerate(tables):
        rows: dict[int, set[Place]] = defaultdict(set)
        for cell, box in table.boxes.items():
            rows[box.row].add((index, cell))
        found |= {place for cells in rows.values() if cells - filled for place in cells}
    return found


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
