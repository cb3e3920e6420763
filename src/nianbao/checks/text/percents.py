"""Owns percentages: a rate or a share that a sentence states beside its counts, recomputed.

May import: model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.compare import quoted, where
from nianbao.checks.text.counts import Count
from nianbao.checks.text.quantities import held, quantities
from nianbao.model import FindingState

_RATE = re.compile(r"(?P<name>[一-鿿]{1,4}?)率(?:为|达到?|是|：|高达|均为|均达到?|保持在|保持)*$")
_GROWTH = re.compile(
    r"(?P<change>增加|减少|增长|下降|多|少|净增)(?:了)?(?P<by>\d+)[件条宗项个份]，(?:[^，]{0,6}?)"
    r"(?:增长率?|增幅|下降|降幅|上升|升幅|同比增长|同比下降)(?:了|为|达|达到)*$"
)
_SHARE = re.compile(r"(?P<whole>占[^，；：\d]{0,16}?)(?:的|比|比例|为|约|达)*$")
_DUE = re.compile(r"应于|年内|按时|按期|及时|限时|应办|到期|法定|期限|规定|合格|当日|平均")


def check_percents(subject: Subject, prose: Prose, counts: Sequence[Count], bound: set[int], ledger: Ledger) -> None:
    """TEXT-PERCENT: ``bound`` are counts whose percentage was computed by reference, which need no second look."""
    for position, count in enumerate(counts):
        if count.unit != "%" or not count.exact or count.index in bound:
            continue
        before = [other for other in counts[:position] if other.unit not in {"%", "个百分点"} and other.exact]
        judged = _growth(count, before) or _rate(subject, count, before) or _share(subject, count, before)
        if judged is None:
            continue
        wholes, certain = judged
        if any(_fits(count, part, whole) for part, whole in wholes):
            ledger.passed("TEXT-PERCENT", subject.key)
        else:
            _differs(subject, prose, count, wholes[0], certain, ledger)


# How far behind a rate the words may stand that say of which cases it is: 100%（应于年内办结的）.
_NEAR = 16
_Judged = tuple[list[tuple[Decimal, Decimal]], bool]


def _growth(count: Count, before: Sequence[Count]) -> _Judged | None:
    """N件，较上年增加M件，增长P%: the base is N-M (N+M after 减少)."""
    match = _GROWTH.search(count.before)
    if match is None or len(before) < 2 or before[-2].unit != before[-1].unit:
        return None
    by, now = before[-1].value, before[-2].value
    base = now + by if match["change"] in {"减少", "下降", "少"} else now - by
    return ([(by, base)], True) if base > 0 else None


def _rate(subject: Subject, count: Count, before: Sequence[Count]) -> _Judged | None:
    """办结率P% against the counts in the sentence, and 办结率 against the table where the sentence has none."""
    match = _RATE.search(count.lead)
    after = count.sentence.text[count.end : count.end + _NEAR]
    if match is None or _DUE.search(count.clause + after):
        return None
    stem = match["name"][-2:]
    parts = [other for other in before if stem in other.clause]
    pairs = [(part.value, other.value) for part in parts for other in before if other.value >= part.value > 0]
    pairs = [pair for pair in pairs if pair[1]]
    own = [pair for part in parts for pair in pairs if pair != (part.value, part.value)] or pairs
    if stem != "办结":
        return (list(dict.fromkeys(own)), False) if own and len(parts) == 1 and len(before) > 1 else None
    table = list(_table_rates(subject)) if _about_applications(count) else []
    certain = bool(table) and not re.search(r"各|全市|全县|全区|建议|提案|咨询", count.before)
    return (table + own, certain) if table + own else None


def _about_applications(count: Count) -> bool:
    return count.sentence.part == "依申请公开" or re.search(r"公开申请|依申请", count.before) is not None


def _table_rates(subject: Subject) -> Iterator[tuple[Decimal, Decimal]]:
    known = quantities(subject.report.edition.code)
    processed = held(subject, known["processed"])
    for name in ("intake", "new"):
        whole = held(subject, known[name])
        if processed and whole and whole.number:
            yield Decimal(processed.number), Decimal(whole.number)


def _share(subject: Subject, count: Count, before: Sequence[Count]) -> _Judged | None:
    """A件，占P%: A against any greater count before it in the sentence; which one is meant is not certain."""
    if not _SHARE.search(count.lead) or len(before) < 2:
        return None
    part = before[-1]
    wholes = [other.value for other in before[:-1] if other.unit == part.unit and other.value >= part.value > 0]
    if not wholes:
        return None
    if _about_applications(count):
        wholes += [whole for _, whole in _table_rates(subject)]
        wholes += [processed for processed, _ in _table_rates(subject)][:1]
    said = _SHARE.search(count.lead)
    certain = len(wholes) == 1 and said is not None and re.search(r"总|全部", said["whole"]) is not None
    return [(part.value, whole) for whole in wholes], certain


def _fits(count: Count, part: Decimal, whole: Decimal) -> bool:
    """Whether the percentage is right as printed, rounded or cut off."""
    return bool(whole) and abs(part * 100 / whole - count.value) < count.step


def _differs(
    subject: Subject, prose: Prose, count: Count, pair: tuple[Decimal, Decimal], certain: bool, ledger: Ledger
) -> None:
    part, whole = pair
    right = (part * 100 / whole).quantize(Decimal("0.01")).normalize()
    words = (
        f"{where(prose)}“{quoted(count)}”与{part}÷{whole} = {right:f}%不符"
        + ("" if certain else "（比例的分母需人工确认）"),
        f"{prose.slug}: {count.printed} stated, {part} of {whole} is {right:f}%",
    )
    source = prose.source_at(count.sentence.offset(count.start))
    scope = f"{prose.slug}:{re.sub(r'[0-9.]+', '#', quoted(count))}"
    facts = Facts(expected=right, actual=count.value, scope=scope, source=source)
    state = FindingState.FAIL if certain else FindingState.UNCERTAIN
    ledger.add("TEXT-PERCENT", subject.key, state, words, facts)
