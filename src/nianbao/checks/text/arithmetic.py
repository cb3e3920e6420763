"""Hold the counts of a sentence against each other: parts and wholes, totals, what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.quantities import held, result_groups
from nianbao.checks.text.statements import Relation, Span, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted, scope_of
from nianbao.form import EDITIONS
from nianbao.model import FindingState

_OPENING = re.compile(
    r"^[^，；：（）\d]{0,14}?(申请(?:公开)?(?:的)?(?:内容|事项)(?:主要)?(?:涉及|包括|为|是|分为)|（其中：?|[，；]?其中：?|：其中：?|：|中，(?:通过)?|，(?=主动公开(?:类|的)?\d)|，(?:(?:分别|具体)(?:为|是)?|含|包括|包含)：?|（(?=[^）]{0,20}\d))"
)
# 收到申请27件，当面3件、网络15件、信函9件.
_CHANNELS = re.compile(
    r"^[^，；：（）\d]{0,6}(，)(?=[^，、\d]{0,4}(?:网络|网上|网站|线上|信函|邮寄|当面|现场|线下|传真)[^，\d]{0,8}\d)"
)
# What begins a count of its own after the parts: the enumeration ends there.
_NEW_TOPIC = re.compile(
    r"另|同时|此外|还有|以及|累计|全年|本年|较|比|增|减|采纳|整改|办结|答复|完成|满意|阅读|点击|覆盖|召开|举办|组织(?:开展|召开|举办|培训|实施)|"
    r"^，?共|总|合计|，(?:收到|受理|开展|发布|公开|通过)|；(?:收到|受理|开展|发布|公开|通过|在|全)"
)
_TOTAL = re.compile(
    r"^[，；]?(?:以上|上述|[二两三四五六七八九几各][一-鿿]{1,4}|全年|本年度?|累计)*(?:合计|总计|共计|共|总共)(?:为|达)?$"
    r"|^[，；]?[^，；\d其]{1,10}(?:合计|总计|共计)(?:为|达)?$"
)
# 9件新收申请加1件上年结转申请共10件; 河道管理（11件）、水库移民（9件），共20件
_JOINED_TOTAL = re.compile(r"(?:[^，；：\d]{0,10}申请)?(?:合计|总计|共计?|总共)(?:为|达)?")
# What 其他 ends leaves nothing out.
_OTHERS = re.compile(r"^[、，；和及]*其[他它](?!处理)")
# 畜牧站、农机站各收到1件: said of each of several.
_EACH = re.compile(r"各(?:自|有|收到|受理|办理|办结|公开|发布|开展|举办|召开)?(?:[^，、\d]{0,4})$")
_REST = re.compile(r"(?:剩余|其余|余下|尚余|还剩|尚有|还有|剩下)的?(?:问题)?$")
# Parts that may be counted twice, or of which some are left out.
_LOOSE = re.compile(r"以上|包括|同时|主要(?:有|为|是|涉及)|含|涵盖|左右|[万千百]余|重点领域|分别在")
_NO_PARTS = frozenset({"次", "名", "人", "家", "期", "场"})
# Parts that leave nothing out.
_COMPLETE = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        ("自然人|公民", "法人|组织|企业"),
        ("建议", "提案"),
        ("规章", "规范性文件"),
        ("线上|网上|网络|网站", "线下|信函|当面|现场|邮寄"),
        ("复议", "诉讼"),
    )
)
# Levels, which most likely leave nothing out.
_LEVELS = (
    (re.compile(r"[省市县区][级直]|本级|部门"), re.compile(r"乡镇|街道|镇街|[县区]市?|基层")),
    (re.compile(r"政府(?!办)"), re.compile(r"政府办")),
)
_NEARLY = Decimal("0.95")


@dataclass(frozen=True)
class Enumeration:
    """A whole with the parts that a sentence gives for it."""

    whole: Statement
    parts: tuple[Statement, ...]
    others: tuple[Decimal, ...] = ()
    all_named: bool = False  # 分别为: no part is left out


def enumerations(state: State) -> list[Enumeration]:
    """The wholes with their parts: N件，其中A件、B件; N件（A件，B件）; N件：A件；B件."""
    found: list[Enumeration] = []
    for position, entry in enumerate(state.statements):
        count = entry.count
        opening = _OPENING.match(count.after)
        if not opening and entry.matter == "applications" and not vocab.CHANNEL.search(count.lead):
            opening = _CHANNELS.match(count.after)
        if not opening or not count.counted:
            continue
        wholes = [
            earlier
            for earlier in state.statements[: position + 1]
            if _plain(earlier) and earlier.count.unit == count.unit and earlier.count.depth == count.depth
        ]
        if not wholes or wholes[-1].count.unit in _NO_PARTS:
            continue
        whole = wholes[-1]
        bracketed, all_named = "（" in opening[1], "分别" in opening[1]
        others = tuple(other.count.value for other in wholes[:-1])
        runs = _runs(_parts(state.statements[position + 1 :], whole, bracketed=bracketed), whole)
        found += [
            Enumeration(whole, parts, others, all_named)
            for parts in runs
            if len(parts) > 1 or parts[0].count.value > whole.count.value
        ]
    return found


def _plain(entry: Statement) -> bool:
    count = entry.count
    return entry.relation is Relation.PLAIN and (count.exact or count.bounds is not None) and count.counted


def _parts(following: Sequence[Statement], whole: Statement, *, bracketed: bool) -> list[Statement]:
    parts: list[Statement] = []
    listed = True  # so far, semicolons alone stand between the parts
    for entry in following:
        count = entry.count
        if bracketed and count.depth <= whole.count.depth:
            break
        if count.depth > whole.count.depth + bracketed or not count.counted:
            continue
        # 7件需另行制作，2件…: the words behind the count before are not of this one.
        before = (parts[-1] if parts else whole).count
        lead = count.lead.removeprefix(before.tail).removeprefix("，").removeprefix("其中")
        semicolon = "；" in count.lead and bool(parts)
        topic = semicolon and (not listed or any(name.endswith(".total") for name in entry.quantities))
        listed = listed and (semicolon or not parts)
        if (
            topic
            or entry.span in {Span.LAST, Span.BEYOND}
            or (parts and (_NEW_TOPIC.search(lead) or "其中" in count.lead))
            or count.unit != whole.count.unit
            or not _plain(entry)
            or (not (entry.reading and entry.reading.share) and entry.quantities[:1] == whole.quantities[:1] != ())
        ):
            break
        parts.append(entry)
    return parts


def _runs(parts: Sequence[Statement], whole: Statement) -> list[tuple[Statement, ...]]:
    """The parts by the split that they belong to: a new one begins with another kind, or where one is complete."""
    runs: list[list[Statement]] = []
    total, kind = Decimal(0), ""
    for entry in parts:
        now = _kind(entry)
        # 网上9件、信函3件、当面1件 of 12: one more in the same list is no new split.
        goes_on = now == kind != "" and entry.count.lead.startswith(("、", "和", "及"))
        if not runs or (total == whole.count.value and not goes_on) or (now != kind and "" not in {now, kind}):
            runs.append([])
            total = Decimal(0)
        runs[-1].append(entry)
        total += entry.count.value
        kind = now
    return [tuple(run) for run in runs]


def _kind(entry: Statement) -> str:
    return "result" if entry.kind == "row" else entry.kind


def _complete(parts: Sequence[Statement]) -> bool:
    if {entry.quantities[0] for entry in parts if entry.quantities} >= set(
        result_groups(EDITIONS["2021"].table("applications"))
    ):
        return True
    return any(_opposed(parts, pair) for pair in _COMPLETE)


def _opposed(parts: Sequence[Statement], pair: tuple[re.Pattern[str], re.Pattern[str]]) -> bool:
    """Whether there are two parts of which one is the pair's first and the other its second."""
    words = [entry.count.lead + entry.count.tail for entry in parts]
    return len(words) == 2 and any(pair[0].search(one) and pair[1].search(other) for one, other in (words, words[::-1]))


def check_sums(text: TextLog, state: State) -> None:
    """TEXT-SUM: parts beyond their whole, complete parts that fall short, totals."""
    for entry in enumerations(state):
        total = sum((part.count.value for part in entry.parts), Decimal(0))
        whole = entry.whole.count.value
        if total in _sums_of(entry) or _one_each(entry) or _within(entry):
            text.passed("TEXT-SUM")
            continue
        between = state.sentence.text[entry.whole.count.end : entry.parts[-1].count.end]
        behind = state.sentence.text[entry.parts[-1].count.end :][:2]
        loose = _LOOSE.search(between) or behind.startswith("等") or not all(part.count.exact for part in entry.parts)
        certain = not loose and (_complete(entry.parts) or (total > whole and "、" in between))
        if not certain and (not _doubtful(entry, total, bool(loose)) or _confirmed(text.subject, entry)):
            continue
        tell_sum(text, entry, total, certain=certain)
    _check_totals(text, state)
    _check_rests(text, state)


def _sums_of(entry: Enumeration) -> set[Decimal]:
    """What the parts may sum to: the whole, one before it, or several in a row (15个县、42个部门，其中…)."""
    wholes = [*entry.others, entry.whole.count.value]
    return {*wholes, *(sum(wholes[start:], Decimal(0)) for start in range(len(wholes)))}


def _within(entry: Enumeration, *, exactly: bool = False) -> bool:
    """Whether numbers that are rounded, or told as 余 or 近, may sum to their whole, or leave some of it out.

    ``exactly``: none is left out.
    """
    rounded = any(part.count.least < part.count.most for part in (entry.whole, *entry.parts))
    least = sum((part.count.least for part in entry.parts), Decimal(0))
    most = sum((part.count.most for part in entry.parts), Decimal(0))
    inexact = not exactly and not all(part.count.exact for part in (entry.whole, *entry.parts))
    return rounded and least <= entry.whole.count.most and (inexact or most >= entry.whole.count.least)


def _one_each(entry: Enumeration) -> bool:
    """行政复议1326件、应诉587件，其中涉及信息公开的复议18件、诉讼12件: a part of each whole, and no split of one."""
    wholes = (*entry.others, entry.whole.count.value)[-len(entry.parts) :]
    if not entry.whole.count.lead.startswith(("、", "和", "及", "，")) or len(wholes) < len(entry.parts):
        return False
    return len(wholes) > 1 and all(part.count.value < whole for part, whole in zip(entry.parts, wholes, strict=True))


def _doubtful(entry: Enumeration, total: Decimal, loose: bool) -> bool:
    """Whether parts that do not sum to their whole are worth a question."""
    whole = entry.whole.count.value
    if total > whole:
        return not any(total <= other for other in entry.others)
    named = entry.all_named or _OTHERS.match(entry.parts[-1].count.lead)
    if whole > 3 and not loose and (named or any(_opposed(entry.parts, pair) for pair in _LEVELS)):
        return True
    few = len(entry.parts) < 3
    return not loose and whole - total <= max(Decimal(2 - few), (1 - _NEARLY) * whole) and whole > 3


def _confirmed(subject: Subject, entry: Enumeration) -> bool:
    """Whether the tables hold the whole and each part as stated, so that nothing is odd about parts left out."""
    for statement in (entry.whole, *entry.parts):
        values = [found for name in statement.quantities if (found := held(subject, name))]
        if not any(Decimal(value.number) == statement.count.value for value in values):
            return False
    return True


def _right_before(before: Sequence[Statement], total: Statement) -> list[Statement]:
    """The counts right before a total in its measure."""
    return list(takewhile(lambda other: other.count.unit == total.count.unit, reversed(before)))[::-1]


def _check_totals(text: TextLog, state: State) -> None:
    """A件，B件，合计N件: some of the counts right before the total must sum to it."""
    for position, entry in enumerate(state.statements):
        if (
            not (_TOTAL.search(entry.count.lead) or _JOINED_TOTAL.fullmatch(entry.count.clause))
            or entry.count.depth
            or not _plain(entry)
        ):
            continue
        before = [other for other in state.statements[:position] if not other.count.depth and _plain(other)]
        if not before:  # 河道管理（11件）、水库移民（9件），共20件
            before = [other for other in state.statements[:position] if other.count.depth == 1 and _plain(other)]
        parts = [other for other in before if other.count.unit == entry.count.unit]
        if any(_EACH.search(other.count.clause) for other in parts):
            continue
        if len(parts) < len(before) and all("、" in other.count.lead for other in before[1:]):
            parts = before  # 月报12期、通报46条，共58条
        if len(parts) < len(before):  # 2期培训班，第一期86人，第二期92人，共178人
            parts = _right_before(before, entry)
        if len(parts) < 2:
            continue
        suffixes = [parts[start:] for start in range(len(parts) - 1)]
        if any(
            sum(part.count.value for part in suffix) == entry.count.value
            or _within(Enumeration(entry, tuple(suffix)), exactly=True)
            for suffix in suffixes
        ):
            text.passed("TEXT-SUM")
            continue
        total = sum((part.count.value for part in parts), Decimal(0))
        tell_sum(text, Enumeration(entry, tuple(parts)), total, certain=False)


def _check_rests(text: TextLog, state: State) -> None:
    """A件，已整改B件，剩余C件: what is left is the whole without what went before."""
    for position, entry in enumerate(state.statements):
        if position < 2 or not _REST.search(entry.count.lead) or not _plain(entry) or not entry.count.exact:
            continue
        before = [other for other in state.statements[:position] if _plain(other) and other.count.exact]
        before = [other for other in before if (other.count.unit, other.count.depth) == (entry.count.unit, 0)]
        totals = [other for other in before if other.quantities and other.quantities[0].endswith(".total")]
        if len(before) < 2 or _kind(before[0]) or len(totals) > 1:
            continue
        values = [other.count.value for other in before]
        left = [whole - sum(values[index + 1 :], Decimal(0)) for index, whole in enumerate(values[:-1])]
        left += [whole - values[-1] for whole in values[:-1]]
        if entry.count.value in left:
            text.passed("TEXT-SUM")
        elif left[0] > 0:
            tell_sum(
                text, Enumeration(before[0], (*before[1:], entry)), sum(values[1:], entry.count.value), certain=False
            )


def tell_sum(text: TextLog, entry: Enumeration, total: Decimal, *, certain: bool) -> None:
    """TEXT-SUM: the parts sum to ``total`` and not to their whole; ``certain``: none of them may be left out."""
    whole = entry.whole.count
    written = " + ".join(str(part.count.value) for part in entry.parts)
    words = (
        f"“{quoted(whole)}”的分项{written} = {total} ≠ {whole.value}"
        + ("" if certain else "（分项是否列全需人工确认）"),
        f"the parts {written} = {total}, the whole is {whole.value}",
    )
    state = FindingState.FAIL if certain else FindingState.UNCERTAIN
    at = (whole.sentence, whole.start, entry.parts[-1].count.end)
    text.found("TEXT-SUM", words, at, scope_of(whole), state, expected=whole.value, actual=total)
