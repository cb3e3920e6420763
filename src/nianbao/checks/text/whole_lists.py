"""Hold lists that leave nothing out (自然人、企业、其他; 网络、邮寄、当面) against the requests of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.quantities import WHOLES, all_held
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State, Statement, Whose
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.model import FindingState

_OTHERS = re.compile(r"[、，和及]*其[他它](?:组织|主体|申请人|类)?(?:提出|提交)?(?:的)?(?:申请)?(?:共|有|为)*")
# The ways by which requests come, each of them once.
_WAYS = (
    re.compile("网|线上|在线|平台|邮箱|邮件"),
    re.compile("信函|邮寄|邮政|来函"),
    re.compile("当面|现场|窗口|书面"),
)
_OTHER_WAYS = re.compile("^[^。；]{0,12}(?:其[他它]|传真|电话|口头)")
_JOINED = re.compile("^[、，和及；]")
_NEAR = Decimal("0.15")


def check_whole_lists(text: TextLog, state: State) -> None:
    """TEXT-SUM: what a list that leaves nothing out sums to is what came in, or what was dealt with."""
    for parts in (*_applicants(state), *_ways(state)):
        total = sum((part.count.value for part in parts), Decimal(0))
        told = {other.count.value for other in state.statements[: parts[0].count.index]}
        wholes = [Decimal(value.number) for value in all_held(text.subject, WHOLES)]
        if not wholes or total in {*wholes, *told} or abs(total - wholes[0]) > _NEAR * wholes[0]:
            continue
        written = " + ".join(str(part.count.value) for part in parts)
        words = (
            f"“{quoted(parts[0].count)}”等各项{written} = {total}，与表三“新收”总计{wholes[0]}不符，请核实",
            f"the parts {written} = {total}, {wholes[0]} came in",
        )
        at = (state.sentence, parts[0].count.start)
        text.found("TEXT-SUM", words, at, "list", FindingState.UNCERTAIN, expected=wholes[0], actual=total)


def _runs(state: State) -> Iterator[list[Statement]]:
    """The longest runs of counts that are joined by marks alone."""
    run: list[Statement] = []
    for entry in state.statements:
        plain = entry.relation is Relation.PLAIN and entry.count.exact and not entry.count.depth
        plain = plain and entry.span in OF_THE_YEAR and entry.whose in {Whose.UNSAID, Whose.OWN}
        plain = plain and entry.matter == "applications" and entry.count.unit in vocab.APPLICATION_MEASURES
        goes_on = run and _JOINED.match(entry.count.lead) and entry.count.unit == run[0].count.unit
        if not plain or not goes_on:
            yield run
            run = []
        if plain:
            run.append(entry)
    yield run


def _applicants(state: State) -> Iterator[Sequence[Statement]]:
    """自然人118件、企业9件、法律服务机构3件、其他3件."""
    for run in _runs(state) if state.placed else ():
        names = [entry.quantities[0] if entry.quantities else "" for entry in run]
        ends = [place for place, entry in enumerate(run) if _OTHERS.fullmatch(entry.count.clause)]
        if len(ends) != 1 or ends[0] < 2 or names[0] != "new.natural_person":
            continue
        if all(entry.kind == "applicant" for entry in run[: ends[0]]):
            yield run[: ends[0] + 1]


def _ways(state: State) -> Iterator[Sequence[Statement]]:
    """网络187件、邮寄94件、当面19件."""
    for run in _runs(state) if state.placed else ():
        several = len(_WAYS)
        for start in range(len(run) - several + 1):
            found = run[start : start + several]
            ways = [[way for way in _WAYS if way.search(entry.count.clause)] for entry in found]
            goes_on = run[start + several :] or _OTHER_WAYS.search(found[-1].count.after)
            if all(len(way) == 1 for way in ways) and len({way[0] for way in ways}) == several and not goes_on:
                yield found
