"""Part a page of a PDF into what is read in one direction: the page, and what lies on its side on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nianbao.ingest.borders import SNAP, RuledTable, Stroke, tables_of
from nianbao.ingest.glyphs import Char

# So many characters that lie on their side outside of tables are a text of their own, and no mark at the page's edge.
_TEXT_LEAST = 20
# A page is turned as a whole where more than this share of its characters are: all but a page number or a stamp.
_ALL = 0.9


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
