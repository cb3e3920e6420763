"""Find the wholes that a sentence gives parts of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import PERCENT
from nianbao.checks.text.statements import Relation, Span, State, Statement

_OPENING = re.compile(
    r"^[^，；：（）\d]{0,14}?(申请(?:公开)?(?:的)?(?:内容|事项)(?:主要)?(?:涉及|包括|为|是|分为)|（其中：?|[，；]?其中：?|：其中：?|：|中，(?:通过)?|，(?=主动公开(?:类|的)?\d)|，(?:(?:分别|具体)(?!占|涉及|用于|关于|围绕|针对|规范|就|对|由|在|于)(?:为|是)?|含|包括|包含)：?|（(?=[^）]{0,20}\d))"
)
# 收到申请27件，当面3件、网络15件、信函9件.
_CHANNELS = re.compile(
    r"^[^，；：（）\d]{0,6}(，)(?=[^，、\d]{0,4}(?:网络|网上|网站|线上|信函|邮寄|当面|现场|线下|传真)[^，\d]{0,8}\d)"
)
# What begins a count of its own after the parts: the enumeration ends there.
_NEW_TOPIC = re.compile(
    r"另|同时|此外|还有|以及|累计|全年|本年|较|比|增|减|采纳|整改|办结|答复|完成|满意|阅读|点击|覆盖|召开|举办|组织(?:开展|召开|举办|培训|实施)|"
    r"^，?共|总|合计|，(?:收到|受理|开展|发布|公开|通过)|；(?:收到|受理|开展|发布|公开|通过|在|全|尚|截至)"
)
# 其中全部公开6件；7件不掌握; 其中纠错41件；涉及信息公开的37件
_OWN_SUBJECT = re.compile("；(?:$|涉及)")
_NO_PARTS = frozenset({"次", "名", "人", "家", "期", "场"})


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
        # 18件，同比增长63.6%，其中在线12件: parts of what was counted before the percentage.
        grown = count.unit == PERCENT and entry.relation is Relation.DIFFERENCE
        beyond = grown and opening is not None and "其中" in opening[1]
        following = state.statements[position + 1 : position + 2]
        if not opening or not (count.counted or (beyond and following)):
            continue
        unit = following[0].count.unit if beyond else count.unit
        wholes = [
            earlier
            for earlier in state.statements[: position + 1]
            if is_plain(earlier) and earlier.count.unit == unit and earlier.count.depth == count.depth
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


def is_plain(entry: Statement) -> bool:
    """Whether it counts things and is no difference, average or comparison."""
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
        cases = any(name.endswith(".total") for name in entry.quantities)
        own_subject = _OWN_SUBJECT.match(lead) is not None
        topic = (semicolon and (not listed or own_subject or cases)) or (cases and _on_reviews(whole))
        listed = listed and (semicolon or not parts)
        if (
            topic
            or entry.span in {Span.LAST, Span.BEYOND}
            or (parts and (_NEW_TOPIC.search(lead) or "其中" in count.lead))
            or count.unit != whole.count.unit
            or not is_plain(entry)
            or (not (entry.reading and entry.reading.share) and entry.quantities[:1] == whole.quantities[:1] != ())
        ):
            break
        parts.append(entry)
    return parts


def _on_reviews(whole: Statement) -> bool:
    """Whether it counts reviews, of which lawsuits are no part."""
    return whole.quantities[:1] == ("reconsideration.total",)


def _runs(parts: Sequence[Statement], whole: Statement) -> list[tuple[Statement, ...]]:
    """The parts by the split that they belong to: a new one begins with another kind, or where one is complete."""
    runs: list[list[Statement]] = []
    total, kind = Decimal(0), ""
    for entry in parts:
        now = split_kind(entry)
        # 网上9件、信函3件、当面1件 of 12: one more in the same list is no new split.
        goes_on = now == kind != "" and entry.count.lead.startswith(("、", "和", "及"))
        if not runs or (total == whole.count.value and not goes_on) or (now != kind and "" not in {now, kind}):
            runs.append([])
            total = Decimal(0)
        runs[-1].append(entry)
        total += entry.count.value
        kind = now
    return [tuple(run) for run in runs]


def split_kind(entry: Statement) -> str:
    """What it is a part by; rows of results and results are one split."""
    return "result" if entry.kind == "row" else entry.kind
