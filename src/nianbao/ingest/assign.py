"""Owns which value of a group belongs to which column: in order, by the blanks seen, or by the only possible split.

May import: ingest.tape, ingest.tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nianbao.ingest.tape import Group
from nianbao.ingest.tokens import Part

# Digits of one glued row: 15 cells of at most nine digits. More are a number of something else.
_LONGEST_GLUED = 135
_SPLITS_KEPT = 2


class Trouble(StrEnum):
    """Why a value could not be read."""

    GLUED = "glued"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    CUT = "cut"


@dataclass(frozen=True)
class Reading:
    """The values of a row by column, None for a column that could not be read; ``trouble`` says why."""

    values: tuple[Part | None, ...]
    trouble: Trouble | None = None


Offsets = dict[tuple[int, int], set[tuple[int, ...]]]


def offsets_of(groups: Sequence[tuple[Group, int]]) -> Offsets:
    """Where full rows have their values among blanks: (columns, cells) -> the positions seen."""
    seen: Offsets = {}
    for group, width in groups:
        places = tuple(index for index, value in enumerate(group.values) if value.text)
        if len(places) == width:
            seen.setdefault((width, len(group.values)), set()).add(places)
    return seen


def read_values(values: Sequence[Part], width: int, *, ruled: bool, offsets: Offsets, last: bool) -> Reading:
    """The values of a row that has ``width`` columns.

    ``last``: the document ends in this row, so that cells at its end may be missing without having been blank.
    """
    filled = [value for value in values if value.text]
    if any(not value.closed and value.text != "0" for value in filled):
        # A number at which the document breaks off may have had more digits.
        cut = [value for value in values if value.closed or value.text in {"", "0"}]
        return _padded(cut, width, Trouble.CUT) if len(cut) < width else _unread(width, Trouble.CUT)
    if _is_glued(filled, width):
        return _split(filled, width)
    if len(filled) == width:
        return Reading(tuple(filled))
    if len(filled) > width:
        return _unread(width, Trouble.TOO_MANY)
    if ruled and (found := _among_blanks(values, width, offsets)):
        return Reading(found)
    if last and filled and len(values) < width:
        return _padded(values, width, Trouble.CUT)
    return _unread(width, Trouble.TOO_FEW)


def _unread(width: int, trouble: Trouble) -> Reading:
    return Reading((None,) * width, trouble)


def _padded(values: Sequence[Part], width: int, trouble: Trouble) -> Reading:
    return Reading((*values, *[None] * (width - len(values))), trouble)


def _among_blanks(values: Sequence[Part], width: int, offsets: Offsets) -> tuple[Part, ...] | None:
    """The row's values, blanks included, where the borders or the rows beside leave one reading."""
    if len(values) == width or not any(value.text for value in values):
        return tuple(values[:width]) if len(values) >= width else None
    seen = offsets.get((width, len(values)), set())
    if len(seen) != 1:
        return None
    (places,) = seen
    if any(value.text and index not in places for index, value in enumerate(values)):
        return None
    return tuple(values[index] for index in places)


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
