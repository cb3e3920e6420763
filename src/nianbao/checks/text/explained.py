"""Whether a difference or a rate that seems wrong follows from other numbers of its sentence: then nothing is told.

Which numbers of a long sentence a rate is of is often open; one that any two of them give is more likely right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise, permutations

from nianbao.checks.text.counts import signed
from nianbao.checks.text.statements import Relation, State, Statement


def difference_follows(state: State, entry: Statement, unit: str) -> bool:
    """Whether two numbers of the sentence in that unit, or sums of two neighbours, differ by what is said."""
    said = signed(entry.count)
    return any(now - base == said for now, base in permutations(_values(state, unit), 2))


def rate_follows(state: State, entry: Statement, fits: Callable[[Decimal, Decimal], bool]) -> bool:
    """Whether the rate is the share of one number of the sentence in another of its unit, or the growth between them."""
    units = {other.count.unit for other in state.statements if other.count.counted and other is not entry}
    return any(
        fits(part, whole) or fits(abs(whole - part), whole)
        for unit in sorted(units)
        for part, whole in permutations(_values(state, unit), 2)
        if whole > 0
    )


def _values(state: State, unit: str) -> list[Decimal]:
    return list(dict.fromkeys(_each(state, unit)))


def _each(state: State, unit: str) -> Iterator[Decimal]:
    """The numbers of the sentence in that unit, and the sums of neighbours; differences are none."""
    counts = [
        other.count
        for other in state.statements
        if other.count.unit == unit and other.count.exact and other.relation is not Relation.DIFFERENCE
    ]
    yield from (count.value for count in counts)
    yield from (one.value + two.value for one, two in pairwise(counts))
