"""Let the words around a count change its reading: brackets before it, and the counts that the sentence gave before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.counts import Count
from nianbao.checks.text.quantities import WHOLES, rows_meant
from nianbao.checks.text.statements import DOUBT, Reading, Relation, Span, State, Whose


def in_its_place(state: State, count: Count, reading: Reading | None) -> Reading | None:
    """The reading as the sentence so far leaves it; None where nothing can be said of the count any more."""
    if _LEFT_OUT.match(count.after) or _REPORTS_ITSELF.search(state.sentence.text[: count.start]):
        return None
    found = reading or _reached(state, count) or _beside(state, count)
    return _as_well(
        state, count, _of_applicants(state, count, _after_unknown(state, count, _with_proviso(found, count)))
    )


# Which of the kinds of table 4 words speak of.
_KINDS = {
    "reconsideration": re.compile("复议(?!后)"),
    "litigation": re.compile("诉讼|起诉|被诉|法院"),
    "litigation_direct": re.compile("直接起诉|未经复议"),
    "litigation_after_reconsideration": re.compile("复议后"),
}


def _as_well(state: State, count: Count, reading: Reading | None) -> Reading | None:
    """What the own words of an uncertain count leave open may be any that the sentence has named.

    Of 复议6件、起诉4件，维持7件 it is not said which were upheld; of 不予公开26件，自然人25件 not of which row.
    """
    if reading is None or reading.sure:
        return reading
    since = state.sentence.text.rfind("；", 0, count.start) + 1
    near, before = state.sentence.text[since : count.start], state.sentence.text[: count.start]
    kind, _, column = reading.quantities[0].partition(".")
    found: list[str] = []
    if kind in {*_KINDS, "review"} and _is_named(count, _KINDS.values()):
        outer = re.split("[，；：、]", count.outer)[-1]  # 被纠正4件（复议3件）
        found = [
            f"{kind}.{name}" for name, words in vocab.OUTCOMES.items() if column == "total" and re.search(words, outer)
        ]
    elif kind in {*_KINDS, "review"}:
        named = _kinds_named(near) or _kinds_named(before) or [*_KINDS, "review"]
        found = [name.replace(f"{kind}.", f"{one}.") for name in reading.quantities[:1] for one in named]
    elif (who := reading.quantities[0].rpartition(".")[2]) in vocab.APPLICANTS and "+" not in reading.quantities[0]:
        found = [f"{name}.{who}" for name, words in vocab.RESULTS.items() if words.search(near)]
        found += [f"row.{row}.{who}" for row in rows_meant("", near)]  # 不掌握的31件中，29件由自然人提出
    elif kind in WHOLES and not column:
        # 法律服务机构批量申请增多，全年收到31件
        subject = re.split("[，；：]", near.removesuffix(count.clause).rstrip("，"))[-1]
        found = [
            f"{kind}.{name}"
            for name, words in vocab.APPLICANTS.items()
            if re.match(f"(?:[一二三四五]是)?(?:{words})", subject)
        ]
    return replace(reading, quantities=tuple(dict.fromkeys((*reading.quantities, *found))))


def _is_named(count: Count, kinds: Iterable[re.Pattern[str]]) -> bool:
    return any(words.search(count.clause + count.tail) for words in kinds)


def _kinds_named(words: str) -> list[str]:
    named = [kind for kind, pattern in _KINDS.items() if pattern.search(words)]
    return [*named, "review"] if "reconsideration" in named and len(named) > 1 else named


# 市疾控中心单独编发年报，其收到的6件申请不计在内.
_LEFT_OUT = re.compile(r"[^，；。\d]{0,10}(?:不计|未计|不纳入|未纳入|不列入|未列入|不在本报告|不包括在)")
_REPORTS_ITSELF = re.compile(
    r"(?:单独|自行|另行|独立)(?:编制|编发|编报|编写|发布|公开|公布)(?:了)?[^，；。]{0,10}(?:年报|年度报告)[^；。]{0,12}$"
)


def _of_applicants(state: State, count: Count, reading: Reading | None) -> Reading | None:
    """商业企业70件，其中予以公开30件: what was done with requests may be told of one kind of applicant alone."""
    since = state.sentence.text.rfind("；", 0, count.start)
    before = [entry for entry in state.statements if entry.count.start > since and entry.kind == "applicant"]
    if reading is None or not before or reading.quantities[0].rpartition(".")[2] in vocab.APPLICANTS:
        return reading
    column = before[-1].quantities[0].split("+")[0].rpartition(".")[2]
    names = [name.split("+") for name in reading.quantities if "-" not in name]
    of_these = tuple("+".join(f"{one}.{column}" for one in several) for several in names)
    return replace(reading, quantities=(*reading.quantities, *of_these), sure=False, doubt=_ONLY_THESE)


_REACHED = re.compile(r"[上升增加长下降减少提高扩大]{1,2}(?:到|至|为)(?:20\d\d年度?|今年|本年度?)?(?:的)?$")


def _reached(state: State, count: Count) -> Reading | None:
    """申请量由2023年的150件上升到2024年的183件: the second count is of what the first is of, a year later."""
    if not state.statements or not _REACHED.fullmatch(count.clause) or state.context.span is Span.BEYOND:
        return None
    before = state.statements[-1]
    if before.relation is not Relation.COMPARED or before.reading is None or before.count.unit != count.unit:
        return None
    return replace(before.reading, sure=False)


# 2021年新收64件，2020年为80件
_LAST_BESIDE = re.compile(r"(?:而)?(?:上一?年|去年|20\d\d年)(?:度|同期)?(?:为|是|则?有)?")


def _beside(state: State, count: Count) -> Reading | None:
    """Last year's count beside this year's: of what the one before it is of."""
    if state.context.span is not Span.LAST or not _LAST_BESIDE.fullmatch(count.clause):
        return None
    outside = [entry for entry in state.statements if entry.count.depth <= count.depth]
    before = [entry for entry in outside if entry.relation is Relation.PLAIN]
    alike = before and before[-1].count.unit == count.unit and before[-1].span is not Span.LAST
    return replace(before[-1].reading, sure=False) if alike and before[-1].reading else None


def _after_unknown(state: State, count: Count, reading: Reading | None) -> Reading | None:
    """What a count means where the sentence, since its last semicolon, has requests of which it isn't known whose.

    各开发区收到1365件，办结1302件: what was dealt with may be of these alone; 征地类58件，其中予以公开31件 surely is.
    """
    if reading is None:
        return None
    since = state.sentence.text.rfind("；", 0, count.start)
    before = [entry for entry in state.statements if entry.count.start > since and not entry.count.depth]
    unknown = [
        entry
        for entry in before
        if entry.matter == "applications"
        and entry.relation is Relation.PLAIN
        and entry.count.counted
        and (entry.reading is None or entry.reading.share or entry.reading.if_alike)
    ]
    result = _is_result(reading)
    named = [entry for entry in before if entry.reading and not _is_result(entry.reading)]
    if result and named and named[-1].quantities[:1] in _CARRIED:
        unknown.append(named[-1])  # 上年结转3件均已答复，其中予以公开2件
    if not unknown:
        return reading
    between = state.sentence.text[unknown[-1].count.end : count.start]
    among = result and ("其中" in between or re.match(r"[^，；。]{0,4}中，", between) is not None)
    goes_on = result and count.lead[:1] == "、" and before and before[-1].reading
    among = among or bool(goes_on and goes_on.share and goes_on.doubt == _ONLY_THESE)
    if (result or reading.quantities[0] == "processed") and unknown[-1] is state.statements[-1]:
        return replace(reading, sure=False, share=True, doubt=_ONLY_THESE)
    if not (reading.sure or among):
        return reading
    return replace(reading, sure=False, share=reading.share or among, doubt=_ONLY_THESE)


def _is_result(reading: Reading) -> bool:
    return reading.quantities[0] in vocab.RESULTS or reading.quantities[0].startswith("row.")


_CARRIED = (("carried_in",), ("carried_out",))
_ONLY_THESE = "前文所述可能只是其中一部分，需人工确认"
_INCLUDES = re.compile(r"^(?:其中)?(?:均|已)?(?:含|包括|包含|加上)")
# 公开类（予以公开、部分公开）160件
_LISTS_RESULTS = re.compile(rf"(?:含|包括)?(?:{vocab.ANY_RESULT})(?:[、和及与](?:{vocab.ANY_RESULT}))+")
_PARTLY = re.compile("^(?:其中)?(?:含|包括|包含).*部分公开")
_OPEN_END = re.compile(r"(?:^|[，；：、])(?:其中)?公开类?（[^（）]{1,20}）(?:的|共|为|有)*$")
_EXCLUDES = re.compile(r"^(?:不含|不包括|不包含|未含|扣除|除)")


# 登记126件（不含上年结转9件）
_WITHOUT_CARRIED = re.compile(rf"^(?:不含|不包括|不包含|未含)[^，；（）\d]{{0,8}}{vocab.CARRY}")


def _with_proviso(reading: Reading | None, count: Count) -> Reading | None:
    """予以公开（含部分公开）63件: what brackets right before the count add to it; None where that is not known."""
    proviso = count.proviso
    # 公开类（含部分公开）66件
    opened = _PARTLY.search(proviso) and _OPEN_END.search(count.sentence.text[: count.start])
    if (opened or _LISTS_RESULTS.fullmatch(proviso)) and count.unit in vocab.APPLICATION_MEASURES:
        named = [name for name, words in vocab.RESULTS.items() if words.search(proviso)]
        named = ["予以公开", *named] if opened and named == ["部分公开"] else named
        return Reading(("+".join(named),), sure=False)
    behind = count.after.removeprefix("（")
    if reading is None or _EXCLUDES.search(proviso) or _EXCLUDES.search(behind):
        new = reading is not None and "new" in reading.quantities and _WITHOUT_CARRIED.search(behind)
        return replace(reading, quantities=("new",)) if reading is not None and new else None
    if not _INCLUDES.search(proviso):
        return reading
    first = reading.quantities[0]
    added = [name for name, words in vocab.RESULTS.items() if words.search(proviso) and name != first]
    if first in vocab.RESULTS and added:
        return replace(reading, quantities=("+".join((first, *added)),), sure=False)
    if first in {"new", "processed"} and re.search(r"结转|转入", proviso):
        return replace(reading, quantities=("intake", first), sure=False)
    return None


def bounded(state: State, found: Reading | None) -> Reading | None:
    """What another body did, and what happened in part of the year, is a share at most."""
    if found is None:
        return None
    whose, setting = state.context.whose, state.setting
    ours = whose in {Whose.UNSAID, Whose.OWN} or (whose is Whose.AREA and setting.area_is_ours)
    if not ours and not setting.area_is_ours:
        of_area = whose is Whose.AREA
        return Reading(found.quantities, sure=False, share=True, of_area=True) if of_area else None
    if not ours or state.context.span is Span.PART:
        return Reading(found.quantities, sure=False, share=True, doubt="该数可能只是其中一部分")
    if not state.disclosure:
        return replace(found, sure=False, doubt=found.doubt or DOUBT)
    return found
