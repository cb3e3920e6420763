"""Assign the values of a group to columns: in order, by the blanks seen, or by the only possible split."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nianbao.ingest.grouped import Group
from nianbao.ingest.tokens import Part, is_value

# Digits of one glued row: 15 cells of at most nine digits. More are a number of something else.
_LONGEST_GLUED = 135
_SPLITS_KEPT = 2


class Trouble(StrEnum):
    """Why a value could not be read."""

    GLUED = "glued"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    CUT = "cut"
    SEVERAL = "several"
    FORMULA = "formula"
    OVER_BORDER = "over_border"
    LETTERS = "letters"


@dataclass(frozen=True)
class Reading:
    """The values of a row by column, None for a column that could not be read; ``trouble`` says why."""

    values: tuple[Part | None, ...]
    trouble: Trouble | None = None


# Rows that are set alike: as many columns, as many labels before them, as many of these spanning the row.
_Kind = tuple[int, int, int]


def _kind(group: Group, width: int) -> _Kind:
    return width, len(group.texts), group.depth


@dataclass
class Borders:
    """Where the full rows of a table have their values among blanks: what a row with blanks is read by.

    ``counted``: (kind of row, cells after the label) -> positions after the label; ``placed``: (columns, cells of the
    line) -> positions in the line; ``direct``: columns -> whether in every full row of so many the values follow the
    label at once; ``behind``: rows whose label spans columns have their padding behind the values; ``lossy``: rows of
    one kind differ in their number of cells, so that lines were lost.
    """

    counted: dict[tuple[_Kind, int], set[tuple[int, ...]]] = field(default_factory=dict)
    placed: dict[tuple[int, int], set[tuple[int, ...]]] = field(default_factory=dict)
    direct: dict[int, bool] = field(default_factory=dict)
    behind: bool = False
    lossy: bool = False

    def among(self, group: Group, width: int) -> tuple[Part, ...] | None:
        """The row's values, blanks included, where borders and full rows leave one reading."""
        values = group.values
        readings: set[tuple[int, ...]] = set()
        counted = self.counted.get((_kind(group, width), len(values)), set())
        if self.lossy and not group.together:
            return None
        direct = self.direct.get(width, False)
        placed = self.placed.get((width, values[0].length), set()) if group.together and values else set()
        if direct and self.behind:
            placed = set()
        if len(counted) == 1:
            readings |= counted
        if len(placed) == 1:
            at = {value.index: position for position, value in enumerate(values)}
            readings |= {tuple(at.get(index, -1) for index in places) for places in placed}
        if group.together and len(values) >= width and (direct or (len(values) == width and not self.counted)):
            readings.add(tuple(range(width)))
        if len(readings) != 1:
            return None
        (places,) = readings
        if min(places) < 0 or any(value.text and position not in places for position, value in enumerate(values)):
            return None
        return tuple(values[position] for position in places)


def borders_of(groups: Sequence[tuple[Group, int]]) -> Borders:
    """What the full rows, each with the number of its columns, say about the places of values."""
    found = Borders()
    counts: dict[_Kind, set[int]] = {}
    for group, width in groups:
        counts.setdefault(_kind(group, width), set()).add(len(group.values))
        places = tuple(index for index, value in enumerate(group.values) if value.text)
        if not group.ruled or len(places) != width:
            continue
        found.counted.setdefault((_kind(group, width), len(group.values)), set()).add(places)
        direct = places == tuple(range(width))
        found.direct[width] = found.direct.get(width, True) and direct
        # A label in one or no group spans columns: padding in place would stand between it and the values.
        found.behind = found.behind or (direct and group.depth < 2 and len(group.values) > width)
        if group.together:
            key = (width, group.values[0].length)
            found.placed.setdefault(key, set()).add(tuple(group.values[place].index for place in places))
    found.lossy = any(len(seen) > 1 for seen in counts.values())
    return found


def read_values(group: Group, width: int, borders: Borders | None = None, *, last: bool = False) -> Reading:
    """The values of a row that has ``width`` columns, read by the ``borders`` of its table.

    ``last``: the document ends in this row, so that cells at its end may be missing without having been blank.
    """
    values, filled = group.values, group.filled
    if any(not value.closed and value.text != "0" for value in filled):
        # A number at which the document breaks off may have had more digits.
        cut = [value for value in values if value.closed or value.text in {"", "0"}]
        return _begun(cut, group, width, borders) if last else _unread(width, Trouble.CUT)
    if _is_glued(filled, width):
        return _split(filled, width)
    if len(filled) >= width:
        # Behind the last column only words can be a remark's.
        remarks = group.ruled and not any(is_value(value.text) for value in filled[width:])
        fits = remarks and all(is_value(value.text) for value in filled[:width])
        return Reading(tuple(filled[:width])) if fits or len(filled) == width else _unread(width, Trouble.TOO_MANY)
    if group.ruled and (found := _with_blanks(group, width, borders or Borders())):
        return Reading(found)
    if last and filled and len(values) < width:
        return _begun(values, group, width, borders)
    return _unread(width, Trouble.TOO_FEW)


def _unread(width: int, trouble: Trouble) -> Reading:
    return Reading((None,) * width, trouble)


def _begun(values: Sequence[Part], group: Group, width: int, borders: Borders | None) -> Reading:
    """A row in which the document ends: its first values, unless blanks among them may be padding."""
    blanks = len(values) > sum(bool(value.text) for value in values)
    if len(values) >= width or (
        blanks and not (group.together and borders is not None and borders.direct.get(width, False))
    ):
        return _unread(width, Trouble.CUT)
    return Reading((*values, *[None] * (width - len(values))), Trouble.CUT)


def _with_blanks(group: Group, width: int, borders: Borders) -> tuple[Part, ...] | None:
    """The values of a row that has blanks, or None where their places are not certain."""
    if found := borders.among(group, width):
        return found
    if group.filled or len(group.values) < width or not group.together:
        return None
    # Nothing but blanks, as many as columns or more: whatever the padding is, all cells are blank.
    return tuple(group.values[:width])


def _is_glued(filled: Sequence[Part], width: int) -> bool:
    """Whether digits stand together that are several values: stuck to the label, or with a zero in front."""
    if not filled or len(filled) >= width:
        return False
    return any(_zero_led(value.text) for value in filled) or (len(filled) == 1 and filled[0].glued)


def _zero_led(text: str) -> bool:
    return re.fullmatch(r"0\d[\d.]*", text) is not None


def _split(filled: Sequence[Part], width: int) -> Reading:
    if any(not re.fullmatch(r"\d+", value.text) for value in filled):
        return _unread(width, Trouble.GLUED)
    if sum(len(value.text) for value in filled) > _LONGEST_GLUED:
        return _unread(width, Trouble.GLUED)
    found = list(_splits([value.text for value in filled], width))
    if len(found) != 1:
        return _unread(width, Trouble.GLUED)
    places = [value.place for value in filled for _ in value.text]
    return Reading(tuple(Part(text, places[0], is_value=True) for text in found[0]))


def _splits(texts: list[str], width: int) -> Iterator[tuple[str, ...]]:
    """At most two ways to cut the texts into ``width`` numbers without leading zeros: one, or not certain."""
    # Zeros end a number and begin none but themselves: what follows is counted, not tried.
    states: dict[int, list[tuple[str, ...]]] = {0: [()]}
    for text in texts:
        states = _split_one(text, states, width)
    yield from states.get(width, [])[:_SPLITS_KEPT]


def _split_one(text: str, before: dict[int, list[tuple[str, ...]]], width: int) -> dict[int, list[tuple[str, ...]]]:
    """All ways to cut one text, by the count of numbers so far; no more than two are kept of each."""
    at: list[dict[int, list[tuple[str, ...]]]] = [before, *({} for _ in text)]
    for start in range(len(text)):
        ends = [start + 1] if text[start] == "0" else range(start + 1, len(text) + 1)
        for end in ends:
            for count, ways in at[start].items():
                if count < width:
                    kept = at[end].setdefault(count + 1, [])
                    kept += [(*way, text[start:end]) for way in ways][: _SPLITS_KEPT - len(kept)]
    return at[len(text)]
