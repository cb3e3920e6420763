"""Tell part and whole of a rate: 办结率, 公开率, 纠错率 and others, of the counts of a sentence or by the tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.explained import split_of
from nianbao.checks.text.quantities import held
from nianbao.checks.text.shares import WITHIN, Judged, pairs_held
from nianbao.checks.text.statements import State, Statement

_RATE = re.compile(
    r"(?P<name>[一-鿿]{1,6}?)率(?:（[^（）]{0,20}）)?(?:为|达到?|是|：|高达|均为|均达到?|均达|保持在|保持|分别为|也|（|，|实现|均)*$"
)
# Rates of what was due, in time or to quality have a base that no count tells.
_DUE = re.compile(r"应于|年内|按时|按期|及时|限时|应办|到期|法定|期限|规定|合格|当日|平均|规范|首次|电子")
_NEAR = 16
_NOT_OF_REQUESTS = re.compile(r"各|建议|提案|咨询|热线|信箱")
_OF_REQUESTS = frozenset({"办结", "答复", "办复"})
_REVIEW_RATES = {"纠错": "corrected", "纠正": "corrected", "败诉": "corrected", "维持": "upheld"}


def rate(subject: Subject, state: State, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """办结率P% against the counts in the sentence, and 办结率 against the table where the sentence has none."""
    count = entry.count
    match = _RATE.search(count.lead)
    if match is None or "分别" in count.clause:
        return None
    stem = match["name"][-2:]
    if lacking := _without_the_lacking(entry, before, stem):
        return lacking
    behind = re.split("[，；。]", count.after[:_NEAR].lstrip("，"))[0] if count.after[:1] != "，" else ""
    return None if _DUE.search(count.clause + behind) else _of_parts(subject, state, entry, before, stem)


def _of_parts(
    subject: Subject, state: State, entry: Statement, before: Sequence[Statement], stem: str
) -> Judged | None:
    """A rate of what the counts before it tell by its name, or of what the tables hold."""
    said = _told_by(stem, before)
    parts, wholes = [other.count for other in said], [other.count for other in before if other.count.value]
    own = _pairs_told(said, before)
    if stem in _CLOSED and entry.matter in {"review", "litigation"} and (state.placed or state.disclosure):
        return Judged([*own, *_closed_rate(subject, entry)], False)
    if stem in _REVIEW_RATES and entry.matter in {"review", "litigation"}:
        if judged := _review_rate(subject, state, entry, before, stem):
            return Judged([*own, *judged], False)
    elif stem == "公开" and state.placed and len(parts) != 1 and entry.matter == "applications":
        return Judged([*own, *_open_rates(subject, parts, wholes)], False)
    if stem not in _OF_REQUESTS:
        return Judged(list(dict.fromkeys(own)), False) if own and len(parts) == 1 and len(before) > 1 else None
    return _of_requests(subject, state, entry, before, stem, own)


_CLOSED = frozenset({"审结", "结案"})


def _closed_rate(subject: Subject, entry: Statement) -> list[tuple[Decimal, Decimal]]:
    kinds = ("reconsideration" if entry.matter == "review" else "litigation", "review")
    return pairs_held(subject, [(f"{kind}.total-{kind}.pending", f"{kind}.total") for kind in kinds])


def _told_by(stem: str, before: Sequence[Statement]) -> list[Statement]:
    """The counts that a rate of that name is of; else the last one, where its words share a character with it."""
    said = [other for other in before if stem in other.count.clause + other.count.tail]
    if stem in _REVIEW_RATES:
        outcome = _REVIEW_RATES[stem]
        said = [other for other in before if any(name.endswith(f".{outcome}") for name in other.quantities)] or said
    alike = len(before) > 1 and set(stem) & set(before[-1].count.clause[-6:])
    return said or ([before[-1]] if alike else [])


def _pairs_told(parts: Sequence[Statement], before: Sequence[Statement]) -> list[tuple[Decimal, Decimal]]:
    """Each part with each count that may be its whole, which no other part of the same split is."""
    pairs = [
        (part.count.value, other.count.value)
        for part in parts
        for other in before
        if other is not part and 0 < part.count.value <= other.count.value
        if not split_of(part) or split_of(part) != split_of(other)
    ]
    return [pair for pair in pairs if pair[0] != pair[1]] or pairs


def _of_requests(
    subject: Subject,
    state: State,
    entry: Statement,
    before: Sequence[Statement],
    stem: str,
    own: list[tuple[Decimal, Decimal]],
) -> Judged | None:
    """办结率, 答复率: by the counts of the sentence, and by the tables where it is of requests."""
    if entry.matter not in {"applications", ""} or _NOT_OF_REQUESTS.search(state.sentence.text[: entry.count.start]):
        return _of_what_came_in(entry, before, stem)
    within = [other.count.value for other in before if WITHIN.match(other.count.after)]
    of_these = [pair for pair in own if pair[1] in within[-1:]]  # 应办的19件申请中，办结17件，办结率89.47%
    own = of_these or own
    table = [] if of_these else _table_rates(subject) if state.placed or entry.matter == "applications" else []
    certain = bool(table) and stem == "办结"
    if stem != "办结":
        # Withdrawn and unmended requests are no answers; the rate may leave them out.
        table += [(Decimal(1), Decimal(1))]
    return Judged(table + own, certain) if table + own else None


# What was put right, or looked at once more, is no longer lacking.
_ONCE_MORE = re.compile(r"整改|复检|复查|复核|首次|一次|年初")


def _without_the_lacking(entry: Statement, before: Sequence[Statement], stem: str) -> Judged | None:
    """抽检1536批次，不合格31批次，合格率97.98%: of a whole and what is lacking in it, told alone."""
    if stem in _OF_REQUESTS or _ONCE_MORE.search(entry.count.sentence.text[: entry.count.start]):
        return None
    alike = [other for other in before if other.count.unit == before[-1].count.unit]
    told = [stem in other.count.clause + other.count.tail for other in alike]
    if told != [False, True] or not re.search(f"[不未]{stem}", alike[1].count.clause + alike[1].count.tail):
        return None
    whole, lacking = alike[0].count.value, alike[1].count.value
    return Judged([(whole - lacking, whole)], False) if whole > lacking else None


def _of_what_came_in(entry: Statement, before: Sequence[Statement], stem: str) -> Judged | None:
    """受理咨询2180条，办结2138条，办结率98.07%: the count right before the rate, of the one before that."""
    if len(before) < 2 or before[-1].count.index != entry.count.index - 1 or stem not in before[-1].count.clause:
        return None
    whole, part = before[-2].count, before[-1].count
    fits = whole.unit == part.unit and whole.value >= part.value > 0
    return Judged([(part.value, whole.value)], False) if fits else None


def _review_rate(
    subject: Subject, state: State, entry: Statement, before: Sequence[Statement], stem: str
) -> list[tuple[Decimal, Decimal]]:
    """纠错率, 维持率 of the reviews or lawsuits of table 4: of all of them, and of those that are closed."""
    kind = "reconsideration" if entry.matter == "review" else "litigation"
    about = state.placed or state.disclosure
    spoken = any(other.reading for other in before) or (about and not before)
    part, wholes = f"{kind}.{_REVIEW_RATES[stem]}", (f"{kind}.total", f"{kind}.total-{kind}.pending")
    return pairs_held(subject, [(part, whole) for whole in wholes]) if spoken else []


def _open_rates(subject: Subject, parts: Sequence[Count], wholes: Sequence[Count]) -> list[tuple[Decimal, Decimal]]:
    """公开11件、部分公开3件，公开率53.8%: what was given, in part too, of what was dealt with or came in."""
    if not parts:
        of = ("processed", "answered", "new", "intake")
        return pairs_held(subject, [(part, whole) for whole in of for part in vocab.GIVEN])
    together = sum((part.value for part in parts if "公开" in part.clause[-4:]), Decimal(0))
    done = held(subject, "processed")
    found = [other.value for other in wholes if other.value >= together]
    return [(together, whole) for whole in (*found, *([Decimal(done.number)] if done and done.number else []))]


def _table_rates(subject: Subject) -> list[tuple[Decimal, Decimal]]:
    return pairs_held(subject, [("processed", "intake"), ("processed", "new")])
