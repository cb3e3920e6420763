"""Tell part and whole of a share: of the counts of a sentence, or of a kind of applicant or result by table 3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.subject import Subject
from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import PERCENT, chinese_number
from nianbao.checks.text.quantities import all_held, held
from nianbao.checks.text.statements import Relation, State, Statement, listed_last
from nianbao.checks.text.table_two import DECISIONS

_SHARE = re.compile(
    r"(?P<whole>占(?:[^，；：\d]{0,20}?))(?:的|比|比例|为|约|达|分别为|：)*$|(?:占比|比例|比重)(?:分别)?(?:为|约|达|是|：)*$"
)


# 予以公开20件，接近五成; 三成以上通过邮寄提出 is of what follows.
_SAID = re.compile("(?:以上|左右|上下)?(?:[，；。]|$)")
_TENTHS, _ALONE = re.compile("成"), re.compile(r"，(?:已|约|近|接近|将近|超过?|逾|达|达到|不足|不到)*")


@dataclass(frozen=True)
class Judged:
    """Part and whole of a percentage, all pairs that its words allow; ``certain`` where they allow one only.

    ``said``: its words say of what it is, so that no other numbers of the sentence explain it.
    """

    pairs: list[tuple[Decimal, Decimal]]
    certain: bool
    said: bool = False


def pairs_held(subject: Subject, named: Iterable[tuple[str, str]]) -> list[tuple[Decimal, Decimal]]:
    """The values of parts and wholes of the tables, given by their names; those without a whole left out."""
    values = ((held(subject, part), held(subject, whole)) for part, whole in named)
    return [(Decimal(part.number), Decimal(whole.number)) for part, whole in values if part and whole and whole.number]


def share_of_counts(subject: Subject, state: State, entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """A件，占P%: A against a greater count before it, or a total of the tables; 分别占P%、Q% go with A件、B件."""
    if both := _both_said(entry, before):
        return both
    part = None if _of_more(state, entry) else _part_of(state, entry.count.index, before)
    words = _said_of(state, entry, part) if part else None
    if part is None or words is None:
        return None
    unit, kind = part.count.unit, part.kind
    value, several = _together(entry, before, part)
    alike = [other for other in before if other.count.unit == unit and other.relation is Relation.PLAIN]
    greater = [
        other
        for other in alike
        if other is not part and other.count.value >= value > 0 and (not kind or other.kind != kind)
    ]
    base = base_named(words)
    named = [other for other in greater if base and set(other.quantities[:1]) & set(base)]
    of_all = [other for other in greater if WITHIN.match(other.count.after)][-1:] if not base else []
    wholes = [other.count.value for other in named or of_all or greater]
    certain = len(set(wholes)) == 1 and re.search(r"总|全部", words) is not None
    if len(alike) > 1 and not named and "其中" not in part.count.lead:
        # The parts alone are given: 网站9600条，微信2400条，分别占80%、20%.
        wholes += [sum((other.count.value for other in alike[start:]), Decimal(0)) for start in (0, 1)]
    wholes += _all_told(state, entry, unit)
    told = any(_is_whole_of(state, other, part) for other in greater)
    on_requests = state.placed or "applications" in {other.matter for other in before}
    names: list[str] = []
    if not named and not of_all and (base or (on_requests and not told)):
        names += base or ("processed", "new", "intake", *(vocab.RESULTS if kind == "row" else ()))
    if (part.quantities or ("",))[0] in _DECISIONS:
        names.append(_ALL_DECISIONS)
    wholes += [Decimal(found.number) for found in all_held(subject, names) if found.number >= value]
    pairs = [(value, other) for other in wholes]
    if before[0] is not part and "其中" in state.sentence.text[before[0].count.end : part.count.start]:
        # 不予处理5件，其中…4件、…1件，占7.8%: the percentage may be of the whole.
        pairs += [(before[0].count.value, other) for other in wholes if other >= before[0].count.value]
    said_of_what = bool(named) or (several > 1 and bool(of_all))
    return Judged(pairs, certain, said_of_what) if pairs else None


def _said_of(state: State, entry: Statement, part: Statement) -> str | None:
    """The words of what a share is of (占办结总数), empty where there are none; None where it is none of the part."""
    count = entry.count
    said = _SHARE.search(count.lead) or (
        _SHARE.search(_lead_of_list(state, count.index)) if count.lead in {"、", "和", "，"} else None
    )
    bare = not said and not count.clause and count.depth and part.count.end + 1 == count.start
    alone = _TENTHS.search(count.printed) and _ALONE.fullmatch(count.lead) and _SAID.match(count.after)
    of_a_kind = _AMONG_THESE.match(part.count.after) and not count.clause.startswith("占")
    between = state.sentence.text[part.count.end : count.start]
    # 有1件被纠正；图解、视频类只占18%: of a matter of its own
    own = re.match("[^，]{2,}占", count.clause) and "；" in between and not _SUMMED.search(count.clause)
    if own or of_a_kind or not (said or bare or alone):
        return None
    return (said["whole"] if said else "") or ""


def _together(entry: Statement, before: Sequence[Statement], part: Statement) -> tuple[Decimal, int]:
    """The part's value, or what several before it sum to where the share is theirs, and how many these are."""
    together = _TOGETHER.search(entry.count.clause)
    several = chinese_number(together["several"] or "") or 0 if together else 0
    if together and not several and _SUMMED.search(together[0]):
        several = listed_last(before)  # 予以公开560件、部分公开150件，合计占55%
    if not several or len(before) < several:
        return part.count.value, several
    # 予以公开6件，部分公开2件，二者占47.1%.
    alike = (other.count.value for other in before[-several:] if other.count.unit == part.count.unit)
    return sum(alike, Decimal(0)), several


def _all_told(state: State, entry: Statement, unit: str) -> list[Decimal]:
    """许可4521件，占三类总数的76.5%；处罚1309件，占22.2%；强制77件: all that the sentence tells."""
    if not entry.count.depth and not re.search("占[两二三四五六](?:类|项|者|种)", state.sentence.text):
        return []
    plain = (other for other in state.statements if other.relation is Relation.PLAIN and other.count.exact)
    return [sum((other.count.value for other in plain if other.count.unit == unit), Decimal(0))]


def _both_said(entry: Statement, before: Sequence[Statement]) -> Judged | None:
    """52件，占全部126件的41.27%; 执法案卷4件、内部事务1件，占办结28件的17.9%: the one before the whole, or the list."""
    said = entry.count.lead in {"的", "的比例为"} and before[-1:] and before[-1].count.clause.startswith("占")
    if not said or len(before) < 2:
        return None
    whole, listed = before[-1].count.value, sum((other.count.value for other in before[:-1]), Decimal(0))
    parts = list(dict.fromkeys([before[-2].count.value, listed]))
    return Judged([(part, whole) for part in parts], len(parts) == 1 and whole > 0)


_TOGETHER = re.compile(
    r"(?:(?<!第)(?P<several>[二两三四五])(?:者|项|类))?(?:合计|合起来|加起来|加在一起|相加|合并|总共|一共|共|合|约|仅|只)*占"
)
_SUMMED = re.compile("[两二三四五](?:者|项|类)|^共占|合计|合起来|加起来|加在一起|相加|合并")


# 在发布的4321条信息中，原创占六成: the count is the whole.
_AMONG_THESE = re.compile(r"^[一-鿿]{0,6}(?:之)?[中里]，(?!占)[^，；\d]{1,10}占")
# 行政强制431件，占三类决定总数的2.3%
_DECISIONS = [f"{row}.decisions" for row in DECISIONS.values()]
_ALL_DECISIONS = "+".join(_DECISIONS)
# What a share is said to be of: 占办结总数的, 占新收申请的.
_BASES = {
    "审结|结案": (
        "reconsideration.total-reconsideration.pending",
        "litigation.total-litigation.pending",
        "review.total-review.pending",
    ),
    "答复": ("processed", "answered"),
    "三[类项](?:行政)?(?:决定|行为)": (_ALL_DECISIONS,),
    "办结": ("processed",),
    "办理|处理": ("processed", "intake"),
    "新收": ("new",),
    "收到|受理|接收": ("new", "intake"),
    "复议": ("reconsideration.total",),
    "诉讼": ("litigation.total",),
}


def base_named(words: str) -> tuple[str, ...]:
    """The quantities that a share is of by its words (占办结申请的); empty where they name none."""
    results = tuple(name for name, sign in vocab.RESULTS.items() if sign.search(words))
    return results or next((names for sign, names in _BASES.items() if re.search(sign, words)), ())


def _is_whole_of(state: State, whole: Statement, part: Statement) -> bool:
    """Whether the sentence itself says of what: 新收33件，其中自然人31件; 办结130件，予以公开52件 (a result)."""
    if "其中" in state.sentence.text[whole.count.end : part.count.start]:
        return True
    return part.kind == "result" and whole.quantities[:1] == ("processed",)


# 办结的33件申请中，不予公开18件，占54.5%.
WITHIN = re.compile(r"^(?:办结|答复|新收|新|政府信息公开)*(?:申请|事项|案件)?(?:之)?[中里]")


_ALL_OF = re.compile(r"占全(?P<level>[国省市州县区])")


def _of_more(state: State, entry: Statement) -> bool:
    """Whether a share is of an area beyond the office's own: in a county's report, 占全市总量的7.2%."""
    match = _ALL_OF.search(entry.count.clause)
    return match is not None and not any(name.startswith(match["level"]) for name in state.setting.own_names)


def _part_of(state: State, position: int, before: Sequence[Statement]) -> Statement | None:
    """The count that a percentage is of: the one before it, or that at the same place of a list."""
    first = position
    while first and state.statements[first - 1].count.unit == PERCENT and not _says_of_what(state, first):
        first -= 1
    if not before:
        return None
    named, found = _named_part(state.statements[position].count.clause, before)
    if named:
        return found
    last = position
    while last + 1 < len(state.statements) and state.statements[last + 1].count.unit == PERCENT:
        if _says_of_what(state, last + 1):
            break
        last += 1
    several = last - first + 1
    if several > 1 and len(before) >= several:
        return before[len(before) - several + (position - first)]
    return before[-1]


def _named_part(clause: str, before: Sequence[Statement]) -> tuple[bool, Statement | None]:
    """Whether a percentage names what it is of otherwise than the count before it, and the count that it names."""
    named = re.match(r"(?:其中|，|、)*([一-鿿]{2,6}?)(?:申请|类)?(?:，)?占", clause)
    if not named or named[1] in before[-1].count.lead + before[-1].count.tail:
        return False, None
    # 网络121件，信函43件，当面19件，网络申请占66.1%
    for other in before:
        if named[1] in other.count.clause:
            return True, other
    if vocab.CHANNEL.search(named[0]):
        # 网上提交187件，当面提交19件，网上渠道占六成
        return True, next((other for other in before if other.count.clause.startswith(named[1][:2])), None)
    # 较上年多22件，其中自然人申请占89.4%
    return any(re.search(words, named[0]) for words in vocab.APPLICANTS.values()), None


def _says_of_what(state: State, position: int) -> bool:
    """占已审结的71.43%，占总数的61.54%: the second is of the same count as the first, not of the next in a list."""
    clause = state.statements[position].count.clause
    return clause.startswith("占") or (_SUMMED.search(clause) is not None and "分别" not in clause)


def _lead_of_list(state: State, position: int) -> str:
    while position and state.statements[position].count.lead in {"、", "和", "，"}:
        position -= 1
    return state.statements[position].count.lead
