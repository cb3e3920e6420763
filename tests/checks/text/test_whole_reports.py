"""The text rules on whole made-up reports, read as ``audit`` reads them: sentences in them are right, or have a defect.

Each line of ``data/reports_*.tsv`` is a report (``whole_reports.py``), a place and a sentence; ``+`` and ``|`` part the
places and sentences of a defect that two sentences make.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from checks.text.whole_reports import NAMES, subject_of
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.text.run import check_texts
from nianbao.model import Finding, FindingState

DATA = Path(__file__).parent / "data"
SILENT = {FindingState.PASS, FindingState.NOT_ASSESSABLE}


def entries(name: str) -> list[list[str]]:
    """The lines of a file: report, place, sentence."""
    return [line.split("\t") for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def said_of(report: str, said: dict[str, str]) -> list[Finding]:
    """What the rules say of the report with the sentences."""
    log = FindingLog()
    check_texts(subject_of(report, said), log)
    return [finding for finding in log.findings if finding.state not in SILENT]


@cache
def _without(report: str) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.message) for finding in said_of(report, {}))


def found_in(report: str, places: str, sentences: str) -> list[Finding]:
    """What the rules say because of the sentences: nothing that they say without them."""
    said = dict(zip(places.split("+"), sentences.split("|"), strict=True))
    known = _without(report)
    return [finding for finding in said_of(report, said) if (finding.rule, finding.message) not in known]


def test_the_reports_themselves_break_no_rule_on_words() -> None:
    assert [list(_without(report)) for report in NAMES] == [[] for _ in NAMES]


def test_no_right_sentence_fails_and_at_most_one_in_twenty_is_doubted() -> None:
    right = entries("reports_right.tsv")
    found = [(entry[2], finding) for entry in right for finding in found_in(*entry)]
    assert [(said, one.message) for said, one in found if one.state is FindingState.FAIL] == []
    doubted = {said for said, _ in found}
    assert len(doubted) <= 0.05 * len(right), doubted


def test_of_sentences_with_a_defect_nineteen_in_twenty_are_found() -> None:
    wrong = entries("reports_wrong.tsv")
    missed = [entry for entry in wrong if not found_in(*entry)]
    assert len(missed) <= 0.05 * len(wrong), missed


def states_of(sentence: str) -> set[FindingState]:
    """The states of what the rules say of a sentence on applications in the county's report (新收64, 办结61)."""
    return {finding.state for finding in found_in("N", "y", sentence)}


@pytest.mark.parametrize(
    "sentence",
    [
        "全年共收到政府信息公开申请65件。",
        "2021年，宁远县人民政府新收政府信息公开申请65件，办结61件。",
        "本年度没有收到政府信息公开申请。",
        "全县共作出行政许可决定12054件。",
    ],
)
def test_what_contradicts_the_tables_in_known_words_alone_fails(sentence: str) -> None:
    assert states_of(sentence) == {FindingState.FAIL}


@pytest.mark.parametrize(
    "sentence",
    [
        "智慧岛片区全年共收到政府信息公开申请65件。",
        "古城管护方收到政府信息公开申请65件。",
        "月度最少的时候，没有收到政府信息公开申请。",
        "全县经委托共作出行政许可决定12054件。",
        "没有发生行政复议。",
    ],
)
def test_what_disagrees_beside_an_unknown_word_never_fails(sentence: str) -> None:
    assert FindingState.FAIL not in states_of(sentence)


def test_the_reason_names_the_words_that_are_not_known() -> None:
    (finding,) = found_in("N", "y", "全县经委托共作出行政许可决定12054件。")
    assert finding.state is FindingState.UNCERTAIN
    assert "委托" in finding.message


def test_of_nothing_no_share_is_told() -> None:
    for sentence in ("信函寄送0件，占全部的三成以上。", "占全年访问量0万次的99%，办结0件，公开率20%。"):
        found_in("N", "y", sentence)


def test_clauses_in_any_order_are_read() -> None:
    rows = [*entries("reports_right.tsv"), *entries("reports_wrong.tsv")]
    clauses = [clause for row in rows for clause in re.findall(r"[^，；。：、（）|]+[，；。：、（）]?", row[2])]
    chance = Random(11)  # noqa: S311 -- test data, no secret
    for _ in range(200):
        said = "".join(chance.choices(clauses, k=chance.choice((2, 8, 30))))
        said_of(chance.choice(NAMES), {chance.choice("zygpjwq"): said})
