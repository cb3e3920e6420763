"""Hold a kind of applicant or a result that is said to be more, or less, than half of all against the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import chinese_number
from nianbao.checks.text.quantities import all_held
from nianbao.checks.text.shares import pairs_held
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_MORE = "超过?|过|逾|大于"
_HALF = "一?半(?:数)?|五成|50%"
# More than half, or less: 超过一半, 过半, 不足半数, 绝大多数.
_THAN = (
    rf"(?:(?:(?P<more>{_MORE})|不足|不到|低于|未过|未到)了?(?:{_HALF})(?![一二三四五六七八九])|(?P<most>绝?大?多数))"
)
_OF_ALL = r"(?:占比|占|居)(?:全部|新收|全年)?(?:申请)?(?:总数|总量)?的?(?:已|均|仍)?"
# 自然人提出申请98件，占比超过一半.
_OF_WHAT = r"(?:全部|新收|办结|受理|申请|总数|总量|\d+件|的)+"
_BEHIND_AT = re.compile(
    rf"(?:申请)?，(?:{_OF_ALL}{_THAN}|(?:(?P<over>{_MORE})|不足|不到|低于)了?{_OF_WHAT}(?:{_HALF})(?![一二三四五六七八九]))"
)
# 自然人申请占绝大多数, without a count.
_NAMED = re.compile(
    rf"(?:^|[，；：、])(?:其中|仍?以|申请人中)?(?P<who>[^，；：、\d]{{2,8}}?)(?:提出|提交)?(?:的)?(?:申请)?(?:数量|量)?{_OF_ALL}{_THAN}"
)
# 石桥村6件，占三分之一.
_FRACTION = re.compile(
    r"^[^，；。\d]{0,6}，(?:约|近|接近)?占(?:比)?(?:全部|总数|总量|新收|申请)*(?:的)?(?:约|近|接近|达)?(?P<whole>[二三四五六])分之(?P<part>[一二三四五])(?P<more>以上|强|多)?"
)
_SPOKEN = Decimal("0.05")


def check_halves(text: TextLog, state: State) -> None:
    """TEXT-PERCENT: 自然人提出98件，占比超过一半; 企业申请占多数."""
    for start, said, pairs in (*_behind(text, state), *_named(text, state)):
        more = any(said.groupdict().get(name) for name in ("more", "most", "over"))
        if not pairs or any(part * 2 > whole if more else part * 2 < whole for part, whole in pairs):
            continue
        part, whole = pairs[0]
        words = (
            f"“{state.sentence.text[start : said.end()].lstrip('，；：、')}”，而表中为{part}件，共{whole}件",
            f"said to be {'more' if more else 'less'} than half: {part} of {whole}",
        )
        at = (state.sentence, start)
        text.found("TEXT-PERCENT", words, at, "half", FindingState.UNCERTAIN, expected=whole / 2, actual=part)


def check_fractions(text: TextLog, state: State) -> None:
    """TEXT-PERCENT: 占三分之一 of a count before it in the sentence, or of the requests of the tables."""
    for entry in state.statements:
        said = _FRACTION.match(entry.count.after)
        plain = entry.relation is Relation.PLAIN and entry.count.exact and entry.count.counted
        if said is None or not plain:
            continue
        part, whole = (Decimal(chinese_number(said[name]) or 0) for name in ("part", "whole"))
        before = state.statements[: entry.count.index]
        wholes = [other.count.value for other in before if other.count.unit == entry.count.unit]
        if state.placed:
            wholes += [Decimal(value.number) for value in all_held(text.subject, ("new", "intake", "processed"))]
        wholes = [one for one in wholes if one > entry.count.value]
        least, most = part / whole - _SPOKEN, part / whole + _SPOKEN * (3 if said["more"] else 1)
        if not wholes or any(least <= entry.count.value / one <= most for one in wholes):
            continue
        words = (
            f"“{quoted(entry.count)}{said[0]}”与{entry.count.value}÷{wholes[0]}不符",
            f"{entry.count.value} of {wholes[0]} is told as {part}/{whole}",
        )
        facts = {"expected": f"{part}/{whole}", "actual": f"{entry.count.value}/{wholes[0]}"}
        text.found("TEXT-PERCENT", words, entry.count, "fraction", FindingState.UNCERTAIN, **facts)


_Said = tuple[int, re.Match[str], list[tuple[Decimal, Decimal]]]


def _behind(text: TextLog, state: State) -> Iterator[_Said]:
    """What is said of a count that states a kind of applicant or a result: those pairs whose part it is."""
    words = state.sentence.text
    for entry in state.statements:
        said = _BEHIND_AT.match(words, entry.count.end)
        plain = entry.reading is not None and not entry.reading.share and entry.relation is Relation.PLAIN
        if said is None or not plain or entry.kind not in {"applicant", "result"} or entry.span not in OF_THE_YEAR:
            continue
        result = entry.kind == "result"
        named = [(name, "processed" if result else name.rpartition(".")[0]) for name in entry.quantities]
        pairs = [pair for pair in pairs_held(text.subject, named) if pair[0] == entry.count.value]
        yield entry.count.start, said, pairs


def _named(text: TextLog, state: State) -> Iterator[_Said]:
    """What is said of a kind of applicant that no count states, in a sentence on all requests."""
    if not state.placed or any(
        entry.kind in {"result", "row"} or entry.span not in OF_THE_YEAR for entry in state.statements
    ):
        return
    for said in _NAMED.finditer(state.sentence.text):
        named = {**vocab.APPLICANTS, "organisations": "企业|公司|法人(?:和|及|或)?其[他它]组织"}
        kinds = [name for name, words in named.items() if re.fullmatch(words, said["who"])]
        if len(kinds) == 1:
            of_rows = [(f"{row}.{kinds[0]}", row) for row in ("new", "intake", "processed")]
            yield said.start(), said, pairs_held(text.subject, of_rows)
