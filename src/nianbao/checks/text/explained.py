"""Whether a difference or a share that seems wrong follows from other numbers of its sentence: then nothing is told.

Which numbers of a long sentence it is of is often open; what any two of them give is more likely right. A rate of
growth has one base, last year's count, and is not excused so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from nianbao.checks.subject import Subject
from nianbao.checks.text.counts import signed
from nianbao.checks.text.quantities import all_held
from nianbao.checks.text.statements import Relation, State, Statement

_TOTALS = ("processed", "new", "intake")


def difference_follows(state: State, entry: Statement, unit: str) -> bool:
    """Whether two numbers of the sentence in that unit, or sums of two neighbours, differ by what is said."""
    said = signed(entry.count)
    return any(now - base == said for now, base in permutations(_values(state, unit), 2))


def share_follows(
    subject: Subject, state: State, entry: Statement, fits: Callable[[Decimal, Decimal], bool], base: Sequence[str]
) -> bool:
    """Whether the share is that of one number of the sentence in another of its unit.

    A total of table 3 may be the other one, in a sentence that states none of them: one of ``base`` where the words
    say of which.
    """
    units = {other.count.unit for other in state.statements if other.count.counted and other is not entry}
    totals = [Decimal(found.number) for found in all_held(subject, base or _TOTALS)]
    applicants = {other.count.value for other in state.statements if other.kind == "applicant"}
    for unit in sorted(units):
        values = _values(state, unit)
        wholes = [*values, *([] if set(totals) & set(values) else totals)]
        pairs = [(part, whole) for part in values for whole in wholes if whole > part > 0]
        # One kind of applicant is no part of another.
        if any(fits(part, whole) for part, whole in pairs if not {part, whole} <= applicants):
            return True
    return False


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
