"""Find reasons that a text puts under another result than the form: 信访举报投诉类1件，作其他处理."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.text import vocabulary as vocab
from nianbao.checks.text.last_year import place_of_held
from nianbao.checks.text.quantities import Held, held, result_groups, rows_meant
from nianbao.checks.text.statements import OF_THE_YEAR, Relation, State, Statement
from nianbao.checks.text.text_log import TextLog, quoted
from nianbao.form import EDITIONS
from nianbao.model import FindingState

_TREATED = re.compile(
    rf"^(?:申请|事项)?，(?:均|都|全部|依法|已|一律|按规定)*(?:作出?|按|以|按照)?(?P<result>{vocab.ANY_RESULT})"
    r"(?:的)?(?:决定|答复|处理|办理)*(?=$|[，；])"
)
_AMONG = re.compile(r"^(?:[、，（]|其中|：|有|因|属于?|涉及|系|为)+")


def check_reasons(text: TextLog, state: State) -> None:
    """TEXT-FIGURE: the count is a row's own by its words and number, the result that it is put under is another."""
    if not (state.placed or state.disclosure):
        return
    for entry, result in (*_treated(state), *_among(state)):
        row = _row_told(text, entry)
        if row is None:
            continue
        group = next(name for name, rows in _groups().items() if row.quantity.id.removeprefix("row.") in rows)
        if group == result:
            text.passed("TEXT-FIGURE")
            continue
        words = (
            f"“{quoted(entry.count)}”在表三中属“{group}”，文中归入“{result}”，请核实",
            f"{entry.count.printed} is {row.quantity.id} in the table, of {group}, told as {result}",
        )
        facts = {"place": place_of_held(row), "expected": group, "actual": result, "cells": row.cells}
        text.found("TEXT-FIGURE", words, entry.count, f"result:{row.quantity.id}", FindingState.UNCERTAIN, **facts)


def _groups() -> dict[str, list[str]]:
    return result_groups(EDITIONS["2021"].table("applications"))


def _treated(state: State) -> Iterator[tuple[Statement, str]]:
    """Counts with the result that is said right behind them, and those listed before with 均."""
    for entry in state.statements:
        if match := _TREATED.match(entry.count.after):
            yield entry, _result(match["result"])


def _among(state: State) -> Iterator[tuple[Statement, str]]:
    """无法提供38件，其中重复申请4件: counts behind a result, as parts of it."""
    result = ""
    for entry in state.statements:
        name = entry.quantities[0] if entry.quantities else ""
        if name in vocab.RESULTS:
            result = name
        elif result and "；" not in entry.count.lead and _AMONG.match(entry.count.lead) and "其中" in entry.count.lead:
            yield entry, result
        elif not entry.count.lead.startswith("、"):
            result = ""


def _result(words: str) -> str:
    return next(name for name, pattern in vocab.RESULTS.items() if pattern.search(words))


def _row_told(text: TextLog, entry: Statement) -> Held | None:
    """The one row that the words before the count name, where its number is the count; else None."""
    count = entry.count
    words = _AMONG.sub("", count.clause) or count.tail
    plain = entry.relation is Relation.PLAIN and entry.span in OF_THE_YEAR and count.exact and count.value > 0
    if not plain or re.search(vocab.ANY_RESULT, words) or count.unit not in vocab.APPLICATION_MEASURES:
        return None
    rows = rows_meant("", words)
    value = held(text.subject, f"row.{rows[0]}") if len(rows) == 1 else None
    return value if value and value.number == count.value else None
