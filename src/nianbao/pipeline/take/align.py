"""Pair the blocks that the report prints with those of the edited document: same, changed, split, joined, new, gone.

Knows no files: who pairs with whom is a matter of likeness and order.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from nianbao.pipeline.take.printed import Printed
from nianbao.pipeline.take.word_blocks import WordParagraph, WordTable

# What it costs to leave a block alone, and below which likeness two are no pair.
_GAP = 0.45
_LEAST = 0.35
_OTHER_SHAPE = 0.2
_SPLIT = 0.3
_LEAST_SPLIT = 0.8
# How many of both sides may go together: one for one, one alone, one parted in two or three, and the other way round.
_STEPS = ((1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (1, 3), (3, 1))
_Block = WordParagraph | WordTable


@dataclass(frozen=True)
class Pair:
    """Printed blocks (numbers from ``old`` up to ``old_end``) and the document's that stand for them now."""

    old: int
    old_end: int
    new: int
    new_end: int


def pairs(printed: Sequence[Printed], blocks: Sequence[_Block]) -> Iterator[Pair]:
    """Every block of both sides once, in reading order: in a pair, or alone."""
    old = [_key(one.block) for one in printed]
    new = [_key(block) for block in blocks]
    for name, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if name == "equal":
            for step in range(old_to - old_from):
                yield Pair(old_from + step, old_from + step + 1, new_from + step, new_from + step + 1)
        else:
            for pair in _paired(printed[old_from:old_to], blocks[new_from:new_to]):
                yield Pair(old_from + pair.old, old_from + pair.old_end, new_from + pair.new, new_from + pair.new_end)


def _key(block: _Block) -> object:
    return ("table", block.rows) if isinstance(block, WordTable) else (block.heading > 0, block.text)


def _paired(printed: Sequence[Printed], blocks: Sequence[_Block]) -> list[Pair]:
    """The cheapest way to account for all of them, by dynamic programming over both sides."""
    rows, columns = len(printed), len(blocks)
    best: dict[tuple[int, int], tuple[float, Pair | None]] = {(0, 0): (0.0, None)}
    for i in range(rows + 1):
        for j in range(columns + 1):
            if (i, j) == (0, 0):
                continue
            choices = [
                (best[i - step, j - other][0] + price, Pair(i - step, i, j - other, j))
                for step, other in _STEPS
                if step <= i and other <= j
                for price in [_price(printed[i - step : i], blocks[j - other : j])]
                if price is not None
            ]
            best[i, j] = min(choices, key=lambda choice: choice[0])
    found: list[Pair] = []
    place = (rows, columns)
    while (pair := best[place][1]) is not None:
        found.append(pair)
        place = (pair.old, pair.new)
    return found[::-1]


def _price(old: Sequence[Printed], new: Sequence[_Block]) -> float | None:
    if not old or not new:
        return _GAP
    if len(old) == len(new) == 1:
        return _pair_price(old[0].block, new[0])
    if any(one.spot is None for one in old) or not all(isinstance(block, WordParagraph) for block in new):
        return None
    alike = likeness("".join(one.text for one in old), "".join(_text(block) for block in new))
    # A neighbour that does not make it more alike is no part of it: it is new, or gone.
    alone = max(likeness(one.text, _text(block)) for one in old for block in new)
    return 1 - alike + _SPLIT if alike >= _LEAST_SPLIT and alike > alone else None


def _pair_price(old: _Block, new: _Block) -> float | None:
    if isinstance(old, WordTable) or isinstance(new, WordTable):
        return 0.0 if isinstance(old, WordTable) and isinstance(new, WordTable) else None
    alike = likeness(old.text, new.text)
    if alike < _LEAST:
        return None
    return 1 - alike + (_OTHER_SHAPE if (old.heading > 0) != (new.heading > 0) else 0)


def _text(block: _Block) -> str:
    return block.text if isinstance(block, WordParagraph) else ""


@cache
def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 to 1."""
    return float(fuzz.ratio(old, new)) / 100
