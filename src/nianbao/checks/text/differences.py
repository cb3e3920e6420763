"""Hold a difference against the counts that it is of: this year's and last year's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import MEASURES, MONEY, PERCENT, Count, signed
from nianbao.checks.text.explained import difference_follows
from nianbao.checks.text.statements import Relation, Span, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_COUNTED = frozenset(MEASURES.split("|"))


def check_differences(text: TextLog, state: State) -> None:
    """TEXT-SUM: 较上年的20件减少8件, 由82%降至77.5%，下降4.5个百分点: this year's, last year's and their difference."""
    for position, entry in enumerate(state.statements):
        points = entry.count.unit.endswith("百分点")
        if entry.relation is not Relation.DIFFERENCE or not entry.count.exact or entry.in_turn:
            continue
        if not (entry.count.counted or points or entry.count.unit in MONEY or entry.count.unit == "人次"):
            continue
        now, base = bases(state.statements[:position], entry.count, PERCENT if points else entry.count.unit)
        if now is not None and other_kind(entry.count, now.count):
            continue
        if now is None or base is None or vocab.BECOMES.search(entry.count.lead):
            continue
        change = now.count.value - _base_of(state, now, base)
        said = signed(entry.count)
        # 4.51亿元 less 4.4亿元: what is rounded may be so much more or less.
        rounded = sum((one.step / 2 for one in (now.count, base.count, entry.count) if one.step > 1), Decimal(0))
        if abs(change - said) <= rounded:
            text.passed("TEXT-SUM")
            continue
        summed = now.count.value - change != base.count.value  # of a total, last year's counts summed too
        if not summed and difference_follows(state, entry, PERCENT if points else entry.count.unit):
            continue
        words = (
            f"“{quoted(entry.count)}”与{now.count.value}－{now.count.value - change} = {change}不符",
            f"the difference is stated as {said}, {now.count.value} - {now.count.value - change} = {change}",
        )
        text.found("TEXT-SUM", words, entry.count, state=FindingState.UNCERTAIN, expected=change, actual=said)
    _check_turns(text, state)
    _check_net(text, state)
    _check_points(text, state)


_ALL_TOLD = re.compile("合计|总计|共计|总共")


def _base_of(state: State, now: Statement, base: Statement) -> Decimal:
    """Last year's count; of a total, the sum of those that the sentence gives: 由6件增至9件，由2件增至5件，合计14件."""
    if not _ALL_TOLD.search(now.count.lead):
        return base.count.value
    compared = [
        entry.count.value
        for entry in state.statements[: now.count.index]
        if entry.relation is Relation.COMPARED and entry.count.unit == base.count.unit
    ]
    return sum(compared, Decimal(0)) if base.count.index < now.count.index else base.count.value


def other_kind(change: Count, now: Count) -> bool:
    """其中自然人增加8件, 处罚则减少380件: of a kind of applicant, or decision, that the count before is not of."""
    kinds = (*vocab.APPLICANTS.values(), *vocab.OTHER_APPLICANTS.values(), "^其[他它]", "许可", "处罚", "强制")
    return any(re.search(words, change.own_words) and not re.search(words, now.clause) for words in kinds)


# 制发31件、废止9件，净增22件.
_NET = re.compile(r"^，?净(?P<up>增)?(?:减|加|少)*(?:了)?$")


def _check_net(text: TextLog, state: State) -> None:
    for made, repealed, entry in zip(state.statements, state.statements[1:], state.statements[2:], strict=False):
        names = [(one.quantities or ("",))[0] for one in (made, repealed)]
        net = _NET.search(entry.count.lead)
        of_one_kind = names[0].endswith(".made") and names[1] == names[0].replace(".made", ".repealed")
        if not net or not of_one_kind:
            continue
        change = (made.count.value - repealed.count.value) * (1 if net["up"] else -1)
        if change == entry.count.value:
            text.passed("TEXT-SUM")
            continue
        words = (
            f"“{quoted(entry.count)}”与{made.count.value}－{repealed.count.value} = {change}不符",
            f"{made.count.value} made and {repealed.count.value} repealed are not {entry.count.value} more",
        )
        state_of, said = FindingState.UNCERTAIN, entry.count.value
        text.found("TEXT-SUM", words, entry.count, state=state_of, expected=change, actual=said)


_OF_RATES = re.compile(r"率|占比|比例|比重|比率|%|满意度|得分|份额|百分之")


def _check_points(text: TextLog, state: State) -> None:
    """新收212件，同比增长12.8个百分点: counts grow by per cent, shares by points."""
    for entry in state.statements:
        before = state.sentence.text[: entry.count.start]
        if not entry.count.unit.endswith("百分点") or _OF_RATES.search(before):
            continue
        if not any(other.count.counted for other in state.statements[: entry.count.index]):
            continue
        words = (
            f"“{quoted(entry.count)}”说的是数量的增减，应为百分比而不是百分点",
            f"{entry.count.printed} of a count: a growth of counts is in per cent",
        )
        text.found("TEXT-PERCENT", words, entry.count, state=FindingState.UNCERTAIN, actual=entry.count.value)


# 由88.2分提高到92.6分，提高4.4分; 由82%提高到77.5%; 从12件降至15件: two numbers of one measure, and their difference.
# Places in a list are better the smaller they are.
_TURNED = re.compile(
    r"[由从](?!第)[^，；。\d第]{0,8}?(?:20\d\d年的?)?(?P<first>\d+(?:\.\d+)?)(?P<unit>%|个工作日|(?![位名])[一-鿿]{1,4}?)，?"
    r"(?:(?P<up>增加?|提[高升]|上?升|增长|增多|扩大)|(?P<down>减少?|下?降|降低|压[缩减]|缩[短减]|精简)|[^，；。、\d]{1,7}?)"
    r"(?:至|到|为)[^，；。、\d]{0,6}?(?:20\d\d年的?)?(?P<then>\d+(?:\.\d+)?)(?P=unit)"
    r"(?:，[^，；。、\d]{0,10}?(?P<by>\d+(?:\.\d+)?)(?P=unit))?"
)


def _check_turns(text: TextLog, state: State) -> None:
    for match in _TURNED.finditer(state.sentence.text):
        first, then = Decimal(match["first"]), Decimal(match["then"])
        # Differences of what is counted are held against the counts themselves.
        by = Decimal(match["by"]) if match["by"] and match["unit"] not in _COUNTED else None
        told = match["up"] or match["down"]
        if told and first != then and (then > first) is not bool(match["up"]):
            zh, en = ("增加", "a rise") if match["up"] else ("减少", "a fall")
            words = (
                f"“{match[0]}”说的是{zh}，而{then}{'小' if match['up'] else '大'}于{first}",
                f"{match[0]} is told as {en}, from {first} to {then}",
            )
        elif by is not None and by != abs(then - first):
            words = (
                f"“{match[0]}”前后相差{abs(then - first)}，与{by}不符",
                f"from {first} to {then} is {abs(then - first)}, not {by}",
            )
        else:
            if told or by is not None:
                text.passed("TEXT-SUM")
            continue
        at = (state.sentence, match.start(), match.end())
        text.found("TEXT-SUM", words, at, state=FindingState.UNCERTAIN, expected=first, actual=then)


# Words of a difference that name nothing.
_NO_NAME = re.compile(r"[增减升降加少长下上多了幅率达为]|总量|总数|数量|同比|[，、（其中和同环的年\d]")


def whole_of(state: State, of: Statement | None, entry: Statement) -> Statement | None:
    """7件，其中自然人6件、企业1件，比上年增加3件: behind all parts of a count, a difference is of that count."""
    own = _NO_NAME.sub("", vocab.AGAINST.split(entry.count.clause, maxsplit=1)[0])
    if of is entry or own or entry.relation is not Relation.DIFFERENCE or entry.count.depth:
        return None
    total, parts = Decimal(0), 0
    unit = of.count.unit if of else entry.count.unit
    for one in reversed(state.statements[: entry.count.index]):
        if one.relation is Relation.COMPARED and not parts:
            continue  # 37件，其中机构21件、场所16件，较上年的40件下降7.5%
        if one.relation is not Relation.PLAIN or one.count.unit != unit or one.count.depth:
            return None
        if parts > 1 and one.count.value == total:
            return one
        total, parts = total + one.count.value, parts + 1
    return None


def bases(before: Sequence[Statement], of: Count, unit: str) -> tuple[Statement | None, Statement | None]:
    """The nearest count of this year and the one of last year beside it; None for what is not said.

    ``of`` is the difference or rate that they are for; what stands in deeper brackets, or before a semicolon, is of
    another matter.
    """
    now = base = None
    for entry in reversed(before):
        if entry.count.unit != unit or not entry.count.exact or entry.relation is Relation.DIFFERENCE:
            continue
        if entry.count.depth > of.depth and entry.relation is not Relation.COMPARED:
            continue
        if entry.span is Span.PART:
            continue  # 其中6月份最多，为8件
        if "；" in of.sentence.text[entry.count.end : of.start] and (now or base):
            break
        last = entry.relation is Relation.COMPARED or entry.span in {Span.LAST, Span.BEYOND}
        if last and base is None:
            base = entry
        elif not last and now is None:
            now = entry
    if now and base and _of_another_matter(now, base, of):
        base = None
    return now, base


def _of_another_matter(now: Statement, base: Statement, of: Count) -> bool:
    """未作出行政强制决定（上年2件），行政处罚56件，比上年少5件: last year's count stands in brackets behind another."""
    outer = re.split("[，；：]", base.count.outer)[-1]
    if base.count.depth <= of.depth or re.search("[较比与同由从]", outer):
        return False
    return base.count.index < now.count.index or re.search("无|未|没有", outer) is not None
