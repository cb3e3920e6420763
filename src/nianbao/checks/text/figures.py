"""Compare what a text states with what the tables, and last year's report, hold.

``fail`` only where whose, span and matter of a count are those of the cell; otherwise ``uncertain`` with the reason, or
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.counts import PERCENT
from nianbao.checks.text.explained import on_some_cases, sums_up
from nianbao.checks.text.kinds import Universal
from nianbao.checks.text.last_year import agrees, check_against_last_year, place_of_held, swapped
from nianbao.checks.text.quantities import WHOLES, Held, all_held, held
from nianbao.checks.text.statements import DOUBT, OF_THE_YEAR, Relation, Span, State, Statement, Whose
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

# Of one text no more differing counts are told.
_MOST = 100
# Parts of bodies that come so near to the whole are most likely all of them.
_NEARLY_ALL = Decimal("0.9")
_OURS = frozenset({Whose.UNSAID, Whose.OWN})
# Two counts of so many are hardly the same by chance.
_NO_CHANCE = 20
_LAST = re.compile(r"上一?年|去年|20\d\d年")
_HEADS = frozenset({"人", "名", "家", "户"})


def check_figures(text: TextLog, states: Sequence[State]) -> None:
    """TEXT-FIGURE for each count that states a quantity of the tables."""
    subject = text.subject
    differing: list[_Differing] = []
    agreed: set[str] = set()
    for state in states:
        alike = len({(entry.whose, entry.span) for entry in state.statements}) == 1
        for entry in state.statements:
            percentage = entry.count.unit == PERCENT
            if entry.relation is Relation.AVERAGE or percentage or (entry.reading and entry.reading.of_area):
                continue
            if not entry.reading or entry.relation is not Relation.PLAIN:
                check_against_last_year(text, state, entry)
                continue
            values = all_held(subject, entry.quantities)
            of_this = entry.quantities[0] == "carried_in" or not _LAST.search(entry.count.clause)
            if entry.span is Span.LAST and of_this and _agreeing(entry, values):
                text.passed("TEXT-FIGURE")  # 复议4件，上年为2件，其中维持3件: of this year's
            elif entry.span is Span.LAST or not values:
                check_against_last_year(text, state, entry)
            elif _agreeing(entry, values):
                text.passed("TEXT-FIGURE")
                agreed.add(entry.quantities[0])
            elif (
                (alike and entry.whose in _OURS)
                or not any(_of_another(other, entry, values) for other in state.statements)
                or _parts_of_all(subject, state, entry) is False
            ):
                differing.append(_Differing(state, entry, values))
        _check_area(text, state)
        _check_body(text, state)
    _judge_all(text, differing, agreed)


def _agreeing(entry: Statement, values: Sequence[Held]) -> bool:
    return any(agrees(entry.count, value) for value in values)


def _check_area(text: TextLog, state: State) -> None:
    """全县公安机关办理行政许可15602件，作出行政处罚2980件: where one count is the tables', the others should be too."""
    of_area = [entry for entry in state.statements if entry.reading and entry.reading.of_area]
    pairs = [(entry, value) for entry in of_area if (value := held(text.subject, entry.quantities[0]))]
    if not any(agrees(entry.count, value) and value.number >= _NO_CHANCE for entry, value in pairs):
        return
    for entry, value in pairs:
        if entry.span not in OF_THE_YEAR or entry.relation is not Relation.PLAIN:
            continue
        if not _agreeing(entry, all_held(text.subject, entry.quantities)):
            _differs(text, entry, value, FindingState.UNCERTAIN, DOUBT)


# 平山经开区管委会全年收到: a body by the name of its place.
_BODY_OF_PLACE = re.compile(
    r"^(?:20\d\d年度?，?|本年度?，?|全年，?)?(?P<name>(?:(?![其中全各我本该同外市省州辖均已可在过从于到把])[一-鿿]){2,3}"
    r"(?:[县区镇乡]|街道|经开区|高新区|开发区)[一-鿿]{0,8}?(?:局|管委会|委员会|办事处|政府|中心))"
    r"(?:全年|本年度?|共|累计|新)*(?:收到|受理|接收|办结|答复)"
)


def _check_body(text: TextLog, state: State) -> None:
    """The whole count of the report said of another body: its name is most likely another report's."""
    for entry in state.statements:
        named = _BODY_OF_PLACE.match(state.sentence.text)
        own = named and any(named["name"].endswith(name) or name in named["name"] for name in state.setting.own_names)
        if named is None or own or entry.whose is not Whose.OTHER or entry.quantities[:1] not in _WHOLE_YEAR:
            continue
        value = held(text.subject, entry.quantities[0])
        if value and value.number >= _NO_CHANCE and agrees(entry.count, value):
            office = text.subject.report.office.name
            words = (
                f"“{named['name']}”的{entry.count.printed}正是本报告{value.quantity.name}，请核实单位名称（本报告单位为{office}）",
                f"{named['name']} is said to have the whole count of {office}",
            )
            at = (state.sentence, named.start("name"))
            text.found("WORDS-NAMES", words, at, named["name"], FindingState.UNCERTAIN, expected=office)
        return


_WHOLE_YEAR = (("new",), ("processed",))


@dataclass(frozen=True)
class _Differing:
    """A count that states a quantity of the tables and is none of the values that these hold of it."""

    state: State
    entry: Statement
    values: list[Held]


def _are_all_parts(text: TextLog, group: Sequence[_Differing]) -> bool:
    """县政府本级办结27件，乡镇办结32件: counts of one quantity, told apart by whose they are, that sum to the cell."""
    total = sum((one.entry.count.value for one in group), Decimal(0))
    return total in _values_of(text.subject, group[0].entry)


def _values_of(subject: Subject, entry: Statement) -> set[Decimal]:
    """What all parts of a count may sum to: of what was dealt with also that of this year's requests alone."""
    names = [
        *entry.quantities,
        *(["new-carried_out", "processed-carried_in"] if "processed" in entry.quantities else []),
    ]
    return {Decimal(value.number) for value in all_held(subject, names)}


def _judge_all(text: TextLog, differing: Sequence[_Differing], agreed: set[str]) -> None:
    """Judge the counts that differ; those of one quantity in one paragraph may be its parts."""
    groups: dict[tuple[int, str], list[_Differing]] = {}
    for one in differing:
        groups.setdefault((one.state.sentence.paragraph, one.entry.quantities[0]), []).append(one)
    left = _MOST
    for group in groups.values():
        if len(group) > 1 and _are_all_parts(text, group):
            text.passed("TEXT-FIGURE")
            continue
        for one in group[:left]:
            _judge(text, one, agreed, alone=len(group) == 1)
        left -= len(group[:left])


def _judge(text: TextLog, one: _Differing, agreed: set[str], *, alone: bool) -> None:
    """``alone``: no other count of the paragraph states the same quantity and differs too."""
    state, entry, values, reading = one.state, one.entry, one.values, one.entry.reading
    if reading is None or sums_up(state, entry) or _by_heads(text.subject, state, entry):
        return
    if on_some_cases(text.subject, state, entry):
        return
    value, most = values[0], max(value.number for value in values)
    if reading.if_alike:
        decided = entry.quantities[0].endswith(".decisions") and value.number >= _NO_CHANCE
        if decided and swapped(entry.count.value, value.number):
            _differs(text, entry, value, FindingState.UNCERTAIN, DOUBT)
        return
    if reading.share:
        # A part cannot be more than its whole; of several bodies' parts the tables hold the sum.
        beyond = entry.count.value > most and entry.whose is not Whose.OTHER
        if beyond or _parts_of_all(text.subject, state, entry) is False:
            _differs(text, entry, value, FindingState.UNCERTAIN, "该数为其中一部分，但与总数不符")
        return
    if not reading.sure and entry.quantities[0] in agreed and entry.count.value < most:
        return
    sure = reading.sure and alone
    doubt = "" if sure else (reading.doubt or DOUBT)
    state_of = FindingState.FAIL if sure else FindingState.UNCERTAIN
    _differs(text, entry, value, state_of, doubt)


def _of_another(other: Statement, entry: Statement, values: Sequence[Held]) -> bool:
    """全市各县区1326件，市本级183件: the sentence has the cell's count, and this one of another body or span."""
    alike = other.quantities[:1] == entry.quantities[:1] and other.relation is Relation.PLAIN
    differs = (other.whose, other.span) != (entry.whose, entry.span) or entry.whose not in _OURS
    return other is not entry and alike and differs and _agreeing(other, values)


def _by_heads(subject: Subject, state: State, entry: Statement) -> bool:
    """Whether persons are counted, who may have asked together or more than once: 申请人中自然人11人、企业2家.

    Where the persons of the sentence sum to the requests, each may be taken for a request.
    """
    if entry.count.unit not in _HEADS:
        return False
    heads = sum((other.count.value for other in state.statements if other.count.unit in _HEADS), Decimal(0))
    return all(Decimal(value.number) != heads for value in all_held(subject, WHOLES))


def _parts_of_all(subject: Subject, state: State, entry: Statement) -> bool | None:
    """Whether parts by bodies (县政府办4件，各部门8件) sum to the tables' count; None where none are given."""
    if not state.setting.area_is_ours or entry.whose is not Whose.BELOW:
        return None
    parts = [
        other
        for other in state.statements
        if other.quantities[:1] == entry.quantities[:1] and other.reading and other.whose is Whose.BELOW
    ]
    if len(parts) < 2 or parts[-1] is not entry:
        return None
    total, wholes = sum((part.count.value for part in parts), Decimal(0)), _values_of(subject, entry)
    if not wholes or total < _NEARLY_ALL * max(wholes):
        return None  # others may have dealt with the rest
    return total in wholes


def _differs(text: TextLog, entry: Statement, value: Held, state: FindingState, doubt: str) -> None:
    count, quantity = entry.count, value.quantity
    words = (
        f"“{quoted(count)}”与{quantity.name}{value.number}不一致" + (f"（{doubt}）" if doubt else ""),
        f"the text states {count.printed} where the table holds {value.number} ({quantity.id})",
    )
    facts = {"place": place_of_held(value), "expected": value.number, "actual": count.printed, "cells": value.cells}
    text.found("TEXT-FIGURE", words, count, quantity.id, state, **facts)


def check_universals(text: TextLog, state: State, found: Sequence[Universal]) -> None:
    """TEXT-NONE, TEXT-DONE and TEXT-FIGURE: none at all, all done, all of one kind."""
    for statement in found:
        given = statement.given
        if given and not _agreeing(given, all_held(text.subject, given.quantities)):
            continue
        for name in statement.quantities:
            value = held(text.subject, name, last=statement.last and not statement.whole)
            whole = held(text.subject, statement.whole, last=statement.last) if statement.whole else None
            if value is None or (statement.whole and whole is None):
                continue
            expected = whole.number if whole else statement.least
            if value.number == expected or 0 < statement.least <= value.number:
                text.passed(statement.rule)
                continue
            then = "上年" * (statement.last and not whole)
            words = (
                f"“{statement.printed}”，而{then}{value.quantity.name}为{value.number}"
                + (f"，{'上年' * statement.last}{whole.quantity.name}为{whole.number}" if whole else ""),
                f"by the words {name} is {expected}, the table holds {value.number}",
            )
            facts = {"place": place_of_held(value), "expected": expected, "actual": value.number, "cells": value.cells}
            state_of = FindingState.FAIL if statement.certain else FindingState.UNCERTAIN
            end = statement.start + len(statement.printed)
            text.found(statement.rule, words, (state.sentence, statement.start, end), name, state_of, **facts)


def computed(prose: Prose, states: Sequence[State]) -> dict[int, set[int]]:
    """The percentages that a reference computed, by the place of their sentence."""
    spans = [(entry.start, entry.end) for entry in prose.rendered.bindings if _is_share(entry.expression)]
    found: dict[int, set[int]] = {}
    for number, state in enumerate(states):
        for count in state.counts:
            start = state.sentence.offset(count.start)
            if count.unit == "%" and any(left <= start < right for left, right in spans):
                found.setdefault(number, set()).add(count.index)
    return found


def _is_share(expression: str) -> bool:
    return expression.startswith("percent(") or (expression.startswith("ledger.") and expression.endswith("_rate"))
