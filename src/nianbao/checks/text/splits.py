"""Find splits that no word announces (60份，优秀36份，合格22份，不合格4份), and totals behind a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.arithmetic import NOT_ALL, opposed, tell_sum
from nianbao.checks.text.counts import PERCENT
from nianbao.checks.text.enumerations import Enumeration, enumerations
from nianbao.checks.text.statements import Relation, State, Statement
from nianbao.checks.text.text_log import TextLog
from nianbao.model import FindingState

# A part is named by a few words that do nothing: 优秀, 自然资源类, 微博.
_NAMED = re.compile(r"[，、；：和及]?(?P<name>[一-鿿（）]{1,12})")
_DOES = re.compile(
    rf"{vocab.VERB.pattern}|公开|发布|结转|采纳|整改|完成|举办|召开|(?<!公益)(?<!其[他它])组织|开展|印发|制发|发放|作出|较|比|增|减|累计|全年|另|其余|其次|共|合计|总计|等"
)
_LOOSE = re.compile(r"主要|等|涵盖|包括|以上|余")
_PLATFORM = re.compile(rf"{vocab.CHANNEL.pattern}|微信|微博|公众号|新媒体|公报|客户端|抖音|头条")
_FEWEST, _PAIR = 3, 2
# Counts that have nothing to do with each other do not sum to within so much of the one before them.
_NEAR, _NEARLY = Decimal("0.1"), Decimal("0.15")

# 图解46个、视频28个，共发布93个
_TOTAL = re.compile(
    r"^，(?:全年|本年|先后)?(?:合计|共计?|总计|累计)[^，；\d]{1,12}$|^，[^，；\d占]{0,6}总[量数](?:为|达)?$"
)
# 微信42万，微博28万: each with a short name
_JOINED = re.compile(r"、|，[^，；：\d]{1,8}$")
_MAY_OVERLAP = frozenset({"次", "名", "人", "家"})


def check_splits(text: TextLog, state: State) -> None:
    """TEXT-SUM: three parts or more right behind a count, or a list and its total: both sums come near and differ."""
    _check_bare_lists(text, state)
    _check_shares(text, state)
    announced = [entry.whole for entry in enumerations(state)]
    for position, whole in enumerate(state.statements):
        _check_total(text, state, position)
        _check_led(text, state, position)
        sibling = position and _NAMED.fullmatch(whole.count.lead)
        if not _counts(whole) or whole in announced or sibling:
            continue
        parts = _parts(whole, state.statements[position + 1 :])
        paired = len(parts) == _PAIR and (parts[1].count.lead.startswith("、") or opposed(parts))
        listed = parts and parts[0].count.lead.startswith("、")  # 资金信息96条、项目信息43条
        if listed or (len(parts) < _FEWEST and not paired):
            continue
        total = sum((part.count.value for part in parts), Decimal(0))
        difference = abs(total - whole.count.value)
        between = state.sentence.text[whole.count.end : parts[-1].count.end + 1]
        told_loosely = _LOOSE.search(between) or NOT_ALL.match(parts[-1].count.after)
        if difference and difference <= _NEAR * whole.count.value and not told_loosely:
            tell_sum(text, Enumeration(whole, tuple(parts)), total, certain=False)


# 网站占62%，微信占33%，微博占15%
_SHARE = re.compile(r"[，、；和及]?(?:其中)?(?P<name>[^，；、\d]{1,10}?)(?:申请)?占(?:比)?(?:为|约|达)?")
_OF_ONE_SPLIT = (_PLATFORM, re.compile("|".join(vocab.APPLICANTS.values())), re.compile(vocab.ANY_RESULT))
_ALL = 100


def _check_shares(text: TextLog, state: State) -> None:
    """TEXT-PERCENT: shares by platform, kind of applicant or result, side by side, that sum to more than all."""
    for split in _OF_ONE_SPLIT:
        run: list[Statement] = []
        for entry in (*state.statements, None):
            share = _SHARE.fullmatch(entry.count.lead) if entry and entry.count.unit == PERCENT else None
            if entry and share and split.search(share["name"]) and entry.relation is Relation.PLAIN:
                run.append(entry)
                continue
            total = sum((one.count.value for one in run), Decimal(0))
            rounding = sum((one.count.step for one in run), Decimal(0)) / 2
            if len(run) > _PAIR and total > _ALL + rounding:
                words = (
                    f"{'＋'.join(one.count.printed for one in run)}＝{total}%，超过100%",
                    f"shares sum to {total}%",
                )
                at = (state.sentence, run[0].count.start, run[-1].count.end)
                text.found("TEXT-PERCENT", words, at, "shares", FindingState.UNCERTAIN, expected=_ALL, actual=total)
            run = []


# 43所学校，其中中学17、小学18、幼儿园9: a list of numbers without measures.
_BARE = r"[一-鿿“”]{1,10}?\d{1,6}"
_BARE_LIST = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,6})(?P<what>[一-鿿]{1,10}(?:（[一-鿿]{1,4}）)?)"
    rf"(?:中?，(?:其中|分别为|分别是|含)?：?|：|（(?:其中)?：?)(?P<parts>{_BARE}(?:[、，；]{_BARE}){{1,11}})(?=[。；，）]|$)"
)
_NO_PART = re.compile(r"第|年|月|号|附件|比|较|占|" + _DOES.pattern)


def _check_bare_lists(text: TextLog, state: State) -> None:
    for match in _BARE_LIST.finditer(state.sentence.text):
        names, numbers = re.split(r"\d+", match["parts"])[:-1], re.findall(r"\d+", match["parts"])
        whole, total = int(match["whole"]), sum(map(int, numbers))
        short = max(len(numbers) > _PAIR, whole // 20)
        if (
            any(map(_NO_PART.search, names))
            or total == whole
            or (total < whole and (whole < 4 or whole - total > short))
        ):
            continue
        written = " + ".join(numbers)
        words = (
            f"“{whole}{match['what']}”的分项{written} = {total} ≠ {whole}（分项是否列全需人工确认）",
            f"the parts {written} = {total}, the whole is {whole}",
        )
        facts = {"expected": whole, "actual": total}
        at = (state.sentence, match.start(), match.end())
        text.found("TEXT-SUM", words, at, match["what"], FindingState.UNCERTAIN, **facts)


def _check_total(text: TextLog, state: State, position: int) -> None:
    entry, parts = state.statements[position], state.statements[:position]
    listed = len(parts) > 1 and all(_JOINED.match(part.count.lead) for part in parts[1:])
    if not listed or not _TOTAL.search(entry.count.lead) or not all(map(_counts, (*parts, entry))):
        return
    total = sum((part.count.value for part in parts), Decimal(0))
    alike = entry.count.unit == parts[0].count.unit and entry.count.unit not in _MAY_OVERLAP
    if alike and 0 < abs(total - entry.count.value) <= _NEARLY * total:
        tell_sum(text, Enumeration(entry, tuple(parts)), total, certain=False)


# 征求第三方意见21件，10件因第三方不同意不予公开，12件予以公开: each part begins a clause with its number.
_LED = re.compile("[，、；]?(?:其中|有|另有?|其余)*")


def _check_led(text: TextLog, state: State, position: int) -> None:
    whole = state.statements[position]
    parts: list[Statement] = []
    for entry in state.statements[position + 1 :]:
        lead = entry.count.lead.removeprefix((parts[-1] if parts else whole).count.tail)
        if entry.count.unit != whole.count.unit or entry.count.depth or not _counts(entry):
            break
        if not entry.count.tail or not (_LED.fullmatch(entry.count.clause) or _LED.fullmatch(lead)):
            break
        parts.append(entry)
    total = sum((part.count.value for part in parts), Decimal(0))
    near = 0 < total - whole.count.value <= max(Decimal(1), _NEAR * whole.count.value)
    if len(parts) == _PAIR and near and _counts(whole) and whole.count.value > _FEWEST_OF_ALL:
        tell_sum(text, Enumeration(whole, tuple(parts)), total, certain=False)


_FEWEST_OF_ALL = 5


def _counts(entry: Statement) -> bool:
    return entry.relation is Relation.PLAIN and entry.count.exact and entry.count.counted


def _parts(whole: Statement, following: Sequence[Statement]) -> list[Statement]:
    """The counts behind the whole in its measure, each with a name of its own and nothing else."""
    parts: list[Statement] = []
    for entry in following:
        named = _NAMED.fullmatch(entry.count.lead if parts else entry.count.clause)
        alike = (entry.count.unit, entry.count.depth) == (whole.count.unit, whole.count.depth)
        if named is None or not alike or not _counts(entry) or _DOES.search(named["name"]):
            break
        if any(name.endswith(".total") for name in entry.quantities):
            break  # 复议12件，维持8件，纠正1件，诉讼3件
        if _PLATFORM.search(named["name"]) and _PLATFORM.search(whole.count.clause):
            break  # 网站公开50条，微信20条: the verb is of each
        parts.append(entry)
    return parts
