"""Hold what is told of kinds against each other without numbers: 自然人申请多于法人, 法律服务机构申请量居首."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.last_year import place_of_held
from nianbao.checks.text.quantities import Held, all_held, held
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_KINDS = {
    **vocab.APPLICANTS,
    "organisations": "法人(?:或者?|和|及|、)?其[他它]组织|法人|企业和?其他组织|单位",
}
_KIND = "|".join(f"(?:{words})" for words in _KINDS.values())
_MOST = "最[多高]|居首位?|居于首位|位居首位|排在?第一"
_AMOUNT = "(?:提出|提交)?(?:的)?(?:申请)?(?:数量|总量|量|件数|占比)?"
_COMPARED = re.compile(
    rf"(?:^|[，；：])(?:其中)?(?P<one>{_KIND}){_AMOUNT}(?:明显|远远?|略|稍)?"
    rf"(?:(?P<more>多于|高于|大于|超过)|少于|低于|不及)(?P<other>{_KIND}){_AMOUNT}(?=$|[，；])"
)
_FIRST = re.compile(rf"(?:^|[，；：])(?:其中)?(?P<one>{_KIND}){_AMOUNT}(?:{_MOST})")
_ROWS = ("new", "intake")


def check_rankings(text: TextLog, state: State) -> None:
    """TEXT-FIGURE: by none of the rows of what came in or was dealt with is it as told."""
    others = (entry.kind in {"result", "row"} or entry.span not in OF_THE_YEAR for entry in state.statements)
    if not state.placed or any(others):
        return
    for start, said, pairs in (*_compared(text, state), *_first(text, state)):
        if not pairs or any(one.number > other.number for one, other in pairs):
            continue
        one, other = pairs[0]
        words = (
            f"“{said}”，而{one.quantity.name}为{one.number}，{other.quantity.name}为{other.number}",
            f"{one.quantity.id} is {one.number}, {other.quantity.id} is {other.number}",
        )
        at = (state.sentence, start)
        facts = {"expected": f">{other.number}", "actual": one.number}
        text.found("TEXT-FIGURE", words, at, "ranking", FindingState.UNCERTAIN, **facts)


_Told = tuple[int, str, list[tuple[Held, Held]]]


def _compared(text: TextLog, state: State) -> Iterator[_Told]:
    for match in _COMPARED.finditer(state.sentence.text):
        one, other = _column(match["one"]), _column(match["other"])
        names = (one, other) if match["more"] else (other, one)
        yield match.start(), match[0].lstrip("，；："), _pairs(text, *names)


def _first(text: TextLog, state: State) -> Iterator[_Told]:
    for match in _FIRST.finditer(state.sentence.text):
        one = _column(match["one"])
        others = [name for name in vocab.APPLICANTS if name not in {one, "organisations"}]
        pairs = [_pairs(text, one, other) for other in others] if one != "organisations" else []
        wrong = [found for found in pairs if found and all(first.number < then.number for first, then in found)]
        yield match.start(), match[0].lstrip("，；："), wrong[0] if wrong else []


def _column(words: str) -> str:
    return next(name for name, pattern in _KINDS.items() if re.fullmatch(pattern, words))


def _pairs(text: TextLog, one: str, other: str) -> list[tuple[Held, Held]]:
    both = ((held(text.subject, f"{row}.{one}"), held(text.subject, f"{row}.{other}")) for row in _ROWS)
    return [(first, second) for first, second in both if first and second]


# 企业申请70件，在各类申请人中居首位.
_SAID_FIRST = re.compile(
    r"(?:申请)?，(?:在)?(?:各类|所有|全部)?(?:申请人|申请主体|主体|办理结果|答复类型|答复结果)?(?:当?中|里)?(?:占比|数量|申请量)?(?:均|仍)?"
    r"(?:是[^，；]{2,14}最多的|居首|居第一|位居第一|位居首|位列第一|(?:占比|数量)?最[多高大])"
)


def check_foremost(text: TextLog, state: State) -> None:
    """TEXT-FIGURE: a kind of applicant, or a result, that is said to be the most and is not."""
    for entry in state.statements:
        said = _SAID_FIRST.match(state.sentence.text, entry.count.end)
        plain = entry.reading is not None and not entry.reading.share and entry.relation is Relation.PLAIN
        if said is None or not plain or entry.kind not in {"applicant", "result"} or entry.span not in OF_THE_YEAR:
            continue
        row = entry.quantities[0].rpartition(".")[0]
        kinds = [f"{row}.{column}" for column in vocab.APPLICANTS_APART] if entry.kind == "applicant" else vocab.RESULTS
        most = max(all_held(text.subject, kinds), key=lambda value: value.number, default=None)
        if most is None or most.number <= entry.count.value:
            continue
        words = (
            f"“{quoted(entry.count)}”称为最多，而{most.quantity.name}为{most.number}",
            f"said to be the most, but {most.quantity.id} is {most.number}",
        )
        facts = {
            "place": place_of_held(most),
            "expected": most.number,
            "actual": entry.count.value,
            "cells": most.cells,
        }
        text.found("TEXT-FIGURE", words, entry.count, "most", FindingState.UNCERTAIN, **facts)
