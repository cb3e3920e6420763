"""Reports of one year that share their words: how much of them, and the passages."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

from nianbao.checks.text.alike import Clause, clauses, passages
from nianbao.form import SECTIONS
from nianbao.site.comparison.values import Alike, ReportSide

_PASSAGES_SHOWN = 5
# Less than this share in common is what law and form lay down.
_ALIKE_FROM = Decimal(20)


def alike_texts(sides: Sequence[ReportSide]) -> tuple[Alike, ...]:
    """Pairs of reports of which one shares a fifth of its own words or more with the other, the most alike first.

    Measured as the rule WORDS-ALIKE does, but that no other offices are asked what everybody says.
    """
    found = []
    for (one, text, mine), (other, _, theirs) in permutations(map(_with_clauses, sides), 2):
        there = {clause.code for clause in theirs}
        shared = sum(clause.size for clause in mine if clause.code in there)
        share = Decimal(100 * shared) / max(sum(clause.size for clause in mine), 1)
        if share >= _ALIKE_FROM:
            quoted = tuple(passages(text, mine, there)[:_PASSAGES_SHOWN])
            found.append(Alike(one.key.office, other.key.office, other.office, share.quantize(Decimal(1)), quoted))
    return tuple(sorted(found, key=lambda each: -each.share))


def _with_clauses(side: ReportSide) -> tuple[ReportSide, str, list[Clause]]:
    text = "\n".join(sentence for section in SECTIONS for sentence in side.sentences.get(section.slug, ()))
    return side, text, list(clauses(text, side.office))
