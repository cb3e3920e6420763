"""Likeness of texts: to last year's by section and over all, and between the offices of one run.

May import: model, checks.ledger, checks.subject, checks.text. rapidfuzz is imported by the function that needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import combinations
from zlib import crc32

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.checks.text.quoting import where_slug
from nianbao.model import FindingState, OfficeYear, ReportKey

# Reviewers of annual reports call a text copied from about here.
THRESHOLD = 80
# Shorter texts (没有其他需要报告的事项) are alike from year to year with good reason.
_SHORTEST = 80
_SHORTEST_WHOLE = 300
# Headings, references, numbers, spaces and signs say nothing about whether the words were written anew.
_NO_WORDS = re.compile(r"(?m:^\s*#.*$)|\{\{.*?\}\}|\{%.*?%\}|[\d\s\W_]+", re.DOTALL)
# What section 6 says on the fee is laid down and the same every year.
_FIXED = re.compile(
    r"[^。]*(?:信息处理费|收费通知|收费情况)[^。]*。?|[^。]*(?:没有|无)其[他它](?:需要)?报告的?事项[^。]*。?"
)
# Longer texts are compared by their beginning: the distance costs the square of the length.
_LONGEST = 20_000
# Of the hashes of all stretches of so many characters the smallest are kept: two texts share as large a part of them
# as of all their stretches (bottom-k sketches, Cohen and Kaplan 2007).
_STRETCH = 6
_KEPT = 96
_ALIKE = 0.6


def check_similarity(subject: Subject, ledger: Ledger) -> None:
    """WORDS-SIMILAR for each section that is long enough, and for all of them together."""
    if subject.previous is None:
        words = (
            f"没有{subject.key.year - 1}年的文字，无法比较",
            f"there are no texts of {subject.key.year - 1} to compare with",
        )
        ledger.add("WORDS-SIMILAR", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    from rapidfuzz.fuzz import ratio

    now, last = _words(subject.report), _words(subject.previous)
    pairs = [(slug, now[slug], last[slug]) for slug in now if slug in last]
    if len(pairs) > 1:
        pairs.append(("", "".join(pair[1] for pair in pairs), "".join(pair[2] for pair in pairs)))
    for slug, this, other in pairs:
        if min(len(this), len(other)) < _SHORTEST:
            continue
        likeness = ratio(this[:_LONGEST], other[:_LONGEST], score_cutoff=THRESHOLD)
        if likeness < THRESHOLD:
            ledger.passed("WORDS-SIMILAR", subject.key)
            continue
        name = where_slug(slug) if slug else "全文"
        words = (
            f"{name}文字与{subject.key.year - 1}年相似度{likeness:.0f}%（达到{THRESHOLD}%即提示），请改写",
            f"{slug or 'the whole text'} is {likeness:.0f}% like that of {subject.key.year - 1}",
        )
        source = subject.report.texts[slug].source if slug else None
        facts = Facts(expected=f"<{THRESHOLD}%", actual=f"{likeness:.0f}%", scope=slug or "all", source=source)
        ledger.breach("WORDS-SIMILAR", subject.key, words, facts)


def _words(report: OfficeYear) -> dict[str, str]:
    return {slug: _NO_WORDS.sub("", _FIXED.sub("", text.template)) for slug, text in report.texts.items()}


def sketch_of(report: OfficeYear) -> tuple[int, ...]:
    """A sketch of the report's words, of one size whatever their length; empty where they are too few."""
    words = "".join(_words(report).values())[:_LONGEST]
    if len(words) < _SHORTEST_WHOLE:
        return ()
    data = words.encode("utf-32-le")
    width = 4 * _STRETCH
    return tuple(
        sorted(nsmallest(_KEPT, {crc32(data[start : start + width]) for start in range(0, len(data) - width, 4)}))
    )


def check_alike(sketches: Mapping[ReportKey, Sequence[int]], ledger: Ledger) -> None:
    """WORDS-ALIKE: reports of two offices for one year that share most of their words."""
    for year in sorted({key.year for key in sketches}):
        mine = {key: frozenset(sketch) for key, sketch in sketches.items() if key.year == year and sketch}
        for one, other in sorted({*_candidates(mine), *_twins(mine)}):
            likeness = _jaccard(mine[one], mine[other])
            if likeness < _ALIKE:
                continue
            for key, like in ((one, other), (other, one)):
                words = (
                    f"文字与{like.office}的报告约{likeness:.0%}相同，疑为套用，请改写",
                    f"about {likeness:.0%} of the words are those of {like.office}",
                )
                ledger.breach("WORDS-ALIKE", key, words, Facts(actual=like.office, scope=like.office))
        for key in mine:
            ledger.passed("WORDS-ALIKE", key)


# A stretch that more offices than this share is a phrase of the trade.
_COMMON = 40


def _candidates(sketches: Mapping[ReportKey, frozenset[int]]) -> Iterator[tuple[ReportKey, ReportKey]]:
    """Pairs that share at least a quarter of their sketches' rare hashes."""
    holders: dict[int, list[ReportKey]] = {}
    for key, sketch in sketches.items():
        for number in sketch:
            holders.setdefault(number, []).append(key)
    shared: Counter[tuple[ReportKey, ReportKey]] = Counter()
    for keys in holders.values():
        if 1 < len(keys) <= _COMMON:
            shared.update(combinations(sorted(keys), 2))
    return (pair for pair, count in shared.items() if count >= _KEPT // 4)


def _twins(sketches: Mapping[ReportKey, frozenset[int]]) -> Iterator[tuple[ReportKey, ReportKey]]:
    """Pairs of neighbours with the very same sketch, however many there are."""
    first: dict[frozenset[int], ReportKey] = {}
    for key, sketch in sorted(sketches.items()):
        if (twin := first.get(sketch)) is not None:
            yield twin, key
        first[sketch] = key


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    union = nsmallest(_KEPT, one | other)
    return sum(number in one and number in other for number in union) / len(union)
