"""Hold an average of a month, a quarter or a day against the year's count."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import number_of
from nianbao.checks.text.quantities import all_held
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, Span, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

# How many there are in a year; of days all of them, or the working days alone.
_IN_A_YEAR = {"月": (12,), "季": (4,), "周": (52,), "日": (365, 366, *range(242, 254)), "天": (365, 366)}
_HEADS = "人名"


def check_averages(text: TextLog, state: State) -> None:
    """TEXT-SUM: 新收300件，月均25件; of what its words name, else of the count before it."""
    _check_rhythm(text, state)
    for entry in state.statements:
        match = vocab.AVERAGE.search(entry.count.clause) if entry.relation is Relation.AVERAGE else None
        if match is None or not _of_the_year(entry):
            continue
        if one := _HEADS if match["head"] else match["one"] or match["per"]:
            _check_each(text, state, entry, one)
        if one or not entry.count.counted:
            continue
        times = _IN_A_YEAR[(match["each"] or match["short"])[-1].replace("度", "季").replace("期", "周")]
        wholes = _wholes(text, state, entry)
        if not wholes:
            continue
        if any(_fits(entry, whole / several) for whole in wholes for several in times):
            text.passed("TEXT-SUM")
            continue
        right = (wholes[0] / times[0]).quantize(Decimal("0.1"))
        words = (
            f"“{quoted(entry.count)}”与全年{wholes[0]}不符，平均应为{right}",
            f"an average of {entry.count.printed} is stated, {wholes[0]} in the year make {right}",
        )
        state_of = FindingState.UNCERTAIN
        text.found("TEXT-SUM", words, entry.count, state=state_of, expected=right, actual=entry.count.value)


# 全年14期，即每月1期; 每季度1次，全年共5次.
_EACH = r"每(?:个)?(?P<each{0}>月|季度?|周|星期)[^，；。\d]{{0,4}}?(?P<some{0}>\d{{1,2}}|[一二两三四五])"
_RHYTHM = re.compile(
    rf"(?<![\d.])(?P<whole>\d{{1,4}})(?P<unit>[期份次场篇条])[^，；。（\d]{{0,12}}[，（][^，；。\d每]{{0,6}}{_EACH.format('')}(?P=unit)"
    rf"|{_EACH.format(2)}(?P<unit2>[期份次场篇条])[^，；。\d]{{0,8}}，(?:全年|共|累计|合计|编发|编印|印发|开展|举办|发布)+(?P<whole2>\d{{1,4}})(?P=unit2)"
)
# A rhythm of a part of the year, or one that is no more than about so.
_NO_YEAR = re.compile(
    r"起|自|开始|以来|半年|个月|至少|不少于|以上|左右|原则|寒假|暑假|[增特专加合停][刊期]|约|多|余|[至到~-]\d|除|外"
)


def _check_rhythm(text: TextLog, state: State) -> None:
    for match in _RHYTHM.finditer(state.sentence.text):
        each, some = match["each"] or match["each2"], match["some"] or match["some2"]
        whole = int(match["whole"] or match["whole2"])
        one = number_of(some)
        several = {"月": (12,), "季": (4,)}.get(each[0], range(48, 54))
        if not one or whole in {one * times for times in several} or _NO_YEAR.search(state.sentence.text):
            continue
        words = (
            f"“{match[0]}”前后不符，每{each}{one}{match['unit'] or match['unit2']}全年应为{one * several[-1]}",
            f"{one} a {each} make {one * several[-1]} in the year, not {whole}",
        )
        at = (state.sentence, match.start())
        text.found("TEXT-SUM", words, at, each, FindingState.UNCERTAIN, expected=one * several[-1], actual=whole)


def _of_the_year(entry: Statement) -> bool:
    """Whether an average is of the year: also behind single months (3月最多，为11件，月均5.3件)."""
    before = entry.count.sentence.text[: entry.count.start]
    return entry.span in OF_THE_YEAR or (
        entry.span is Span.PART and not re.search("半年|季度|截[至止]|[至到-]", before)
    )


def _check_each(text: TextLog, state: State, entry: Statement, one: str) -> None:
    """培训6期，2100人次，平均每期350人次."""
    before = [other for other in state.statements[: entry.count.index] if other.count.exact]
    several = [other.count for other in before if other.count.unit in one]
    wholes = [other.count for other in before if other.count.unit == entry.count.unit]
    if len(several) != 1 or len(wholes) != 1 or entry.count.unit in one or not several[0].value:
        return
    average = wholes[0].value / several[0].value
    if _fits(entry, average):
        text.passed("TEXT-SUM")
        return
    words = (
        f"“{quoted(entry.count)}”与{wholes[0].value}÷{several[0].value} = {average:.1f}不符",
        f"{wholes[0].value} over {several[0].value} is {average:.1f}, not {entry.count.value}",
    )
    right = average.quantize(Decimal("0.1"))
    state_of = FindingState.UNCERTAIN
    text.found("TEXT-SUM", words, entry.count, state=state_of, expected=right, actual=entry.count.value)


def _wholes(text: TextLog, state: State, entry: Statement) -> list[Decimal]:
    if entry.reading is not None and not (entry.reading.share or entry.reading.if_alike):
        return [Decimal(value.number) for value in all_held(text.subject, entry.quantities)]
    own = vocab.NEUTRAL.sub("", vocab.AVERAGE.sub("", entry.count.clause))
    before = [
        other.count
        for other in state.statements[: entry.count.index]
        if other.relation is Relation.PLAIN and other.count.exact and other.span in OF_THE_YEAR
        if other.count.unit == entry.count.unit
    ]
    # 共发布9600条，月均发布800条
    last = before[-1:]
    return [one.value for one in last if not own or own in one.clause + one.tail]


def _fits(entry: Statement, average: Decimal) -> bool:
    """Whether the printed average is the exact one, rounded or cut off."""
    count = entry.count
    if count.bounds is not None:
        return count.least <= average <= count.most
    rounded = (average / count.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * count.step
    return count.value in {rounded, int(average / count.step) * count.step}
