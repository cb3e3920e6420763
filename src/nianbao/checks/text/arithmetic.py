"""Hold the counts of a sentence against each other: parts and wholes, totals, what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.enumerations import Enumeration, enumerations, is_plain, split_kind
from nianbao.checks.text.quantities import all_held, result_groups
from nianbao.checks.text.statements import Relation, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted, scope_of
from nianbao.form import EDITIONS
from nianbao.model import FindingState

_TOTAL = re.compile(
    r"^[，；]?(?:以上|上述|[二两三四五六七八九几各][一-鿿]{1,4}|全年|本年度?|累计)*(?:合计|总计|共计|共|总共|累计|相加|之和|加起来)(?:为|达)?$"
    r"|^[，；]?[^，；\d其]{1,10}(?:合计|总计|共计)(?:为|达)?$"
    r"|^[，；]?(?:以上|上述|[两二三四五六七八九几各][一-鿿]{1,4})(?:合计|总计|共计|共|总共)[^，；\d]{1,8}$"
)
# 9件新收申请加1件上年结转申请共10件; 河道管理（11件）、水库移民（9件），共20件
_JOINED_TOTAL = re.compile(r"(?:[^，；：\d]{0,10}申请)?(?:合计|总计|共计?|总共)(?:为|达)?")
_CLOSED = re.compile(r"(?<![未没])(?:审结|办结|结案)$")
# What 其他 ends leaves nothing out.
_OTHERS = re.compile(r"^[、，；和及]*其[他它](?!处理)")
# 畜牧站、农机站各收到1件: said of each of several.
_EACH = re.compile(r"各(?![类项种级界方])(?:自|有|收到|受理|办理|办结|公开|发布|开展|举办|召开)?(?:[^，、\d]{0,4})$")
_REST = re.compile(r"(?:剩余|其余|余下|尚余|还剩|尚有|还有|剩下)的?(?:问题)?$")
# Parts that may be counted twice, or of which some are left out.
_LOOSE = re.compile(r"以上|包括|同时|主要(?:有|为|是|涉及)|含|涵盖|左右|[万千百]余|重点领域|分别在")
# 自然人21件、企业3件，合计占92%: some are left out.
NOT_ALL = re.compile("等|，(?:[两二三四五][者类项])?(?:合计|共|合起来|加起来|相加|合并)占(?!100%)")
# Parts that leave nothing out.
_COMPLETE = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        ("自然人|公民", "法人|组织|(?<!商业)企业"),
        ("建议", "提案"),
        ("规章", "规范性文件"),
        ("线上|网上|网络|网站", "线下|信函|当面|现场|邮寄"),
        ("复议", "诉讼"),
        ("一审", "二审"),
    )
)
# Levels, which most likely leave nothing out.
_LEVELS = (
    (re.compile(r"[省市县区][级直]|本级|部门"), re.compile(r"乡镇|街道|镇街|[县区]市?|基层")),
    (re.compile(r"政府(?!办)"), re.compile(r"政府办")),
)
_NEARLY = Decimal("0.95")


def _complete(parts: Sequence[Statement]) -> bool:
    if {entry.quantities[0] for entry in parts if entry.quantities} >= set(
        result_groups(EDITIONS["2021"].table("applications"))
    ):
        return True
    return opposed(parts)


def opposed(parts: Sequence[Statement]) -> bool:
    """Whether there are two parts that leave nothing out: 线上12场，线下20场."""
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
        if any(_EACH.search(part.count.clause) for part in (entry.whole, *entry.parts)) or _nested(state, entry, total):
            continue  # 公益组织和法律服务机构各1件
        if any(_CLOSED.search(part.count.clause) for part in entry.parts):
            continue  # 已审结25件，被纠正1件，尚未审结6件: of what is closed some have that outcome
        if total in _sums_of(entry) or _and_the_next(state, entry, total) or _one_each(entry) or _within(entry):
            text.passed("TEXT-SUM")
            continue
        between = state.sentence.text[entry.whole.count.end : entry.parts[-1].count.end]
        behind = state.sentence.text[entry.parts[-1].count.end :][:20]
        loose = _LOOSE.search(between) or NOT_ALL.match(behind) or not all(part.count.exact for part in entry.parts)
        certain = not loose and (_complete(entry.parts) or (total > whole and "、" in between))
        in_doubt = certain or _doubtful(entry, total, bool(loose))
        if not in_doubt or ((not certain or total < whole) and _confirmed(text.subject, entry)):
            continue
        tell_sum(text, entry, total, certain=certain)
    _check_totals(text, state)
    _check_rests(text, state)


def _sums_of(entry: Enumeration) -> set[Decimal]:
    """What the parts may sum to: the whole, one before it, or several in a row (15个县、42个部门，其中…)."""
    wholes = [*entry.others, entry.whole.count.value]
    return {*wholes, *(sum(wholes[start:], Decimal(0)) for start in range(len(wholes)))}


def _and_the_next(state: State, entry: Enumeration, total: Decimal) -> bool:
    """维持8件，纠正2件，还有2件没有审结: whether the count right behind the parts is what they lack."""
    behind = state.statements[entry.parts[-1].count.index + 1 :][:1]
    whole = entry.whole.count
    return any(one.count.unit == whole.unit and total + one.count.value == whole.value for one in behind)


def _nested(state: State, entry: Enumeration, total: Decimal) -> bool:
    """不予处理6件，信访类4件，由自然人提出3件、企业提出1件: parts of a count that stands between."""
    inner = state.statements[entry.whole.count.index + 1 : entry.parts[0].count.index]
    return any(other.count.value == total and other.count.unit == entry.whole.count.unit for other in inner)


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
    if not re.match("[一-鿿]{0,8}[、和及，]", entry.whole.count.lead) or len(wholes) < len(entry.parts):
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
        values = all_held(subject, statement.quantities)
        if not any(Decimal(value.number) == statement.count.value for value in values):
            return False
    return True


def _right_before(before: Sequence[Statement], total: Statement) -> list[Statement]:
    """The counts right before a total in its measure."""
    return list(takewhile(lambda other: _in_its_measure(other, total), reversed(before)))[::-1]


def _adds_up(entry: Statement) -> bool:
    """Whether it is a count that others may be summed with; each time that somebody comes is counted too."""
    return is_plain(entry) or (entry.relation is Relation.PLAIN and entry.count.exact and entry.count.unit == "人次")


def _in_its_measure(part: Statement, total: Statement) -> bool:
    """34人和29人，合计63人次: who came once each is counted by times too; 23个乡镇和36个部门，共59家单位."""
    one, other = part.count.unit, total.count.unit
    return one == other or (other == "人次" and one in {"人", "名"}) or {one, other} == {"个", "家"}


def _check_totals(text: TextLog, state: State) -> None:
    """A件，B件，合计N件: some of the counts right before the total must sum to it."""
    for position, entry in enumerate(state.statements):
        if (
            not (_TOTAL.search(entry.count.lead) or _JOINED_TOTAL.fullmatch(entry.count.clause))
            or entry.count.depth
            or not _adds_up(entry)
            or vocab.ALL_INTAKE.search(entry.count.lead)
        ):
            continue
        before = [other for other in state.statements[:position] if not other.count.depth and _adds_up(other)]
        if not before:  # 河道管理（11件）、水库移民（9件），共20件
            before = [other for other in state.statements[:position] if other.count.depth == 1 and _adds_up(other)]
        parts = [other for other in before if _in_its_measure(other, entry)]
        if any(_EACH.search(other.count.clause) for other in parts):
            continue
        if len(parts) < len(before) and all("、" in other.count.lead for other in before[1:]):
            parts = before  # 月报12期、通报46条，共58条
        if len(parts) < len(before):  # 2期培训班，第一期86人，第二期92人，共178人
            parts = _right_before(before, entry)
        if len(parts) < 2:
            continue
        suffixes = [parts[start:] for start in range(len(parts) - 1)]
        named = re.search("(?:合计|总计|共计|总共)(?P<name>[一-鿿]{2,8})$", entry.count.clause)
        # 规章制发4件、有效52件，文件制发31件、有效410件，合计有效462件
        suffixes += [[part for part in parts if named["name"] in part.count.clause]] if named else []
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
        if position < 2 or not _REST.search(entry.count.lead) or not is_plain(entry) or not entry.count.exact:
            continue
        before = [other for other in state.statements[:position] if is_plain(other) and other.count.exact]
        before = [other for other in before if (other.count.unit, other.count.depth) == (entry.count.unit, 0)]
        totals = [other for other in before if other.quantities and other.quantities[0].endswith(".total")]
        if any(_EACH.search(other.count.clause) for other in before):
            continue
        among = re.match("[中里]", before[0].count.tail) if before else None  # 无法提供的38件里，31件…，剩下2件
        if len(before) < 2 or (split_kind(before[0]) and not among) or len(totals) > 1:
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
