"""Hold what is told of events and issues (期, 批, 场) one by one against how many there were."""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.checks.text.counts import Count, number_of
from nianbao.checks.text.statements import Relation, State, Statement, Turn
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

# 分两批培训, 培训班4期.
_EVENTS = re.compile(r"(?<![第\d.])(?P<number>[两二三四五六七八九]|\d{1,2})(?:个)?(?:期|批次?|场次?|轮|次(?!性))")
# 参训人员分别为: of each event one number.
_OF_EACH = re.compile(
    r"(?:^|每[期批场次]|各[期批场次])(?:参训|参加|参会|参与|受训|培训|到会|到场|参培|覆盖)?(?:的)?(?:人员|人数|干部|人次|学员)?(?:数量?)?分别(?:为|有|是|达|培训|参加)*$"
)
_HEADS = frozenset({"人", "名", "人次"})
# 上下半年各2期, 每季度1次: there are more than are told.
_BY_OTHERS = re.compile("[各每](?![期批场次])")
# 每期印制6000册.
_DONE = "(?:印制|印发|印刷|发行|印|编印|培训|发放|刊印|参训|参加)"
_EACH = re.compile(rf"每(?P<one>[期批场次轮])(?:均|各|都)?(?:{_DONE}|约)*$")
_TOTAL = re.compile(rf"(?:全年|合计|总计|共计|累计|共|总){_DONE}*(?:人数|数量)?(?:达|为|了)?$")
_OTHER_THAN_THESE = re.compile(r"另|增刊|特刊|专刊|加印|增印|补印|其中|除|还|此外|合刊")


def check_events(text: TextLog, state: State) -> None:
    """TEXT-SUM: as many numbers as events; so many events of so many each make the total."""
    for turn in state.turns:
        _check_number(text, state, turn)
    for match in _DATED.finditer(state.sentence.text):
        _check_dates(text, state, match)
    for entry in state.statements:
        each = _EACH.search(entry.count.clause)
        if each and entry.count.exact and entry.relation is Relation.PLAIN:
            _check_product(text, state, entry, each["one"])


# 专题会3次，分别于3月15日、6月18日、9月20日召开.
_DAY = r"(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|份|[上中下]旬|[初底末])?|\d{1,2}日)"
_DATED = re.compile(
    rf"(?P<number>[两二三四五六七八九]|(?<![\d.])\d{{1,2}})[次期场批轮][^，；。\d]{{0,8}}，(?:时间)?分别(?:在|于|是|为)"
    rf"(?P<days>{_DAY}(?:[、和及与]{_DAY}){{1,11}}+)(?!等)"
)


def _check_dates(text: TextLog, state: State, match: re.Match[str]) -> None:
    number, days = number_of(match["number"]), re.findall(_DAY, match["days"])
    if number == len(days) or _BY_OTHERS.search(re.split("[，；。]", state.sentence.text[: match.start()])[-1]):
        return
    words = (f"“{match[0]}”列了{len(days)}个时间，前文为{number}次，请核实", f"{len(days)} days of {number} events")
    at = (state.sentence, match.start())
    text.found("TEXT-SUM", words, at, "days", FindingState.UNCERTAIN, expected=number, actual=len(days))


def _check_number(text: TextLog, state: State, turn: Turn) -> None:
    first, last = turn.counts[0], turn.counts[-1]
    if first.unit not in _HEADS or not _OF_EACH.search(first.clause):
        return
    before = re.split("[；。]", state.sentence.text[: first.start])[-1]
    numbers = [number_of(match["number"]) for match in _EVENTS.finditer(before)]
    others = {number_of(number) for number in re.findall(r"\d{1,4}|[两二三四五六七八九]", before)}  # 3个片区分两批
    several = len(turn.counts)
    if not numbers or several in {*others, sum(numbers)} or _goes_on(last) or _BY_OTHERS.search(before):
        return
    words = (
        f"“{quoted(first)}”等列了{several}个数，前文为{numbers[-1]}次，请核实",
        f"{several} numbers are told of {numbers[-1]} events",
    )
    at = (state.sentence, first.start)
    text.found("TEXT-SUM", words, at, "events", FindingState.UNCERTAIN, expected=numbers[-1], actual=several)


def _goes_on(last: Count) -> bool:
    """Whether more is told of them, or not all: 分别为22人、18人等."""
    return re.match(r"等|不等|[、和]", last.after) is not None


def _check_product(text: TextLog, state: State, each: Statement, one: str) -> None:
    """24期，每期6000册，全年14.4万册."""
    words = state.sentence.text
    before = [entry.count for entry in state.statements[: each.count.index] if entry.count.unit == one]
    totals = [
        entry.count
        for entry in state.statements[each.count.index + 1 :]
        if entry.count.unit == each.count.unit and _TOTAL.search(entry.count.clause)
    ]
    if len(before) != 1 or len(totals) != 1 or not before[0].exact:
        return
    total, product = totals[0], before[0].value * each.count.value
    if _OTHER_THAN_THESE.search(words[before[0].start : total.end]) or _may_be(total, product):
        return
    told = (
        f"“{quoted(total)}”与{before[0].value}×{each.count.value} = {product}不符",
        f"{before[0].value} of {each.count.value} each make {product}, not {total.value}",
    )
    text.found("TEXT-SUM", told, total, state=FindingState.UNCERTAIN, expected=product, actual=total.value)


def _may_be(total: Count, product: Decimal) -> bool:
    """Whether the total stands for the product, by the places printed and words like 余."""
    if total.bounds is not None:
        return total.least <= product <= total.most
    return abs(product - total.value) < total.step
