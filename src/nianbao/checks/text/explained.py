"""Whether a number that seems wrong follows from others of its sentence: then nothing is told.

Which numbers of a long sentence it is of is often open; what any two of them give is more likely right. A rate of
growth has one base, last year's count, and is not excused so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, permutations

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import signed
from nianbao.checks.text.quantities import WHOLES, all_held
from nianbao.checks.text.statements import Relation, State, Statement


def difference_follows(state: State, entry: Statement, unit: str) -> bool:
    """Whether two numbers of the sentence in that unit, or sums of two neighbours, differ by what is said."""
    said = signed(entry.count)
    return any(now - base == said for now, base in permutations(_values(state, unit), 2))


def share_follows(
    subject: Subject, state: State, entry: Statement, fits: Callable[[Decimal, Decimal], bool], base: Sequence[str]
) -> bool:
    """Whether the share is that of one number of the sentence in another of its unit.

    A total of table 3 may be the other one, in a sentence that states none of them: one of ``base`` where the words
    say of which. Two parts of one split (自然人12件、商业企业7件; 维持3件、纠正1件) are no part and whole.
    """
    units = {other.count.unit for other in state.statements if other.count.counted and other is not entry}
    totals = [Decimal(found.number) for found in all_held(subject, base or WHOLES)]
    for unit in sorted(units):
        values = list(dict.fromkeys(_each(state, unit)))
        wholes = [*values, *([] if {value for value, _ in values} & set(totals) else [(total, "") for total in totals])]
        if any(
            fits(part, whole)
            for part, split in values
            for whole, other in wholes
            if whole >= part > 0 and whole != part and (not split or split != other)
        ):
            return True
    return False


def _values(state: State, unit: str) -> list[Decimal]:
    return list(dict.fromkeys(value for value, _ in _each(state, unit)))


def _each(state: State, unit: str) -> Iterator[tuple[Decimal, str]]:
    """The numbers of the sentence in that unit and the split that each is part of; the sums of neighbours of one split.

    Differences are none.
    """
    entries = [
        other
        for other in state.statements
        if other.count.unit == unit and other.count.exact and other.relation is not Relation.DIFFERENCE
    ]
    yield from ((entry.count.value, split_of(entry)) for entry in entries)
    alike = ((one, two) for one, two in pairwise(entries) if split_of(one) == split_of(two))
    alike = ((one, two) for one, two in alike if "其中" not in two.count.lead)  # 4800条，其中政策类1200条
    yield from ((one.count.value + two.count.value, "") for one, two in alike)


def split_of(entry: Statement) -> str:
    """What it is a part by, with whose: kinds of applicant, results, outcomes of reviews; empty where it is none."""
    if entry.kind in {"applicant", "result"}:
        return entry.kind
    kind, _, outcome = (entry.quantities[0] if entry.quantities else "").rpartition(".")
    return kind if outcome in vocab.OUTCOMES else ""


def sums_up(state: State, entry: Statement) -> bool:
    """Whether the count is one of several that sum to the one before them: 受理12件，答复7件，不予受理5件."""
    if entry.quantities[0] not in WHOLES or (entry.reading and entry.quantities[0] == "new" and entry.reading.sure):
        return False
    plain = [
        other
        for other in state.statements
        if other.relation is Relation.PLAIN and other.count.counted and not other.count.depth
    ]
    if entry not in plain:
        return False
    place = plain.index(entry)
    for start in range(place):
        total = Decimal(0)
        for end in range(start + 1, len(plain)):
            total += plain[end].count.value
            inside = start < place <= end and end - start > 1
            if inside and total == plain[start].count.value and not _carries(plain[start + 1 : end + 1]):
                return True
    return False


def _carries(entries: Sequence[Statement]) -> bool:
    return any(entry.quantities[:1] in {("carried_out",), ("carried_in",)} for entry in entries)


def on_some_cases(subject: Subject, state: State, entry: Statement) -> bool:
    """3件申请涉及征地，予以公开2件: said of so many requests, or reviews, which are not all of the tables'."""
    given = [other for other in state.statements[: entry.count.index] if other.reading and other.reading.if_alike]
    if entry.quantities[0].rpartition(".")[2] in vocab.OUTCOMES:
        cases = [other for other in given if other.quantities[0].endswith(".total")][-1:]
    elif entry.matter == "applications":
        cases = [other for other in given if other.matter == "applications" and not other.count.depth]
    else:
        return False
    if not cases or "；" in _between(state, cases[0], entry):
        return False
    number = cases[0].count.value
    return all(Decimal(value.number) != number for value in all_held(subject, cases[0].quantities))


def _between(state: State, one: Statement, other: Statement) -> str:
    return state.sentence.text[one.count.end : other.count.start]
