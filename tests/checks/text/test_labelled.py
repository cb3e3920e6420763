"""The text rules against labelled sentences: none that is right fails, nearly all that are wrong are found."""

from __future__ import annotations

import pytest

from checks.generate import with_texts
from checks.text import labelled
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.run import check_texts
from nianbao.form import OVERVIEW_PARTS
from nianbao.model import Finding, FindingState, OfficeYear

RULES = {"TEXT-FIGURE", "TEXT-NONE", "TEXT-DONE", "TEXT-SUM", "TEXT-PERCENT", "TEXT-FEE"}


def findings(report: OfficeYear, where: int | str, sentence: str) -> list[Finding]:
    """What the text rules say of a sentence in its place."""
    slug = where if isinstance(where, str) else "overview"
    heading = (
        ""
        if isinstance(where, str) or where == 0
        else f"## （{'一二三四五'[where - 1]}）{OVERVIEW_PARTS[where - 1]}\n\n"
    )
    other = "本年度信息处理费按规定收取。" if slug != "other" else sentence
    log = FindingLog()
    check_texts(Subject(with_texts(report, {"other": other, slug: f"{heading}{sentence}\n"}), bound=False), log)
    return [finding for finding in log.findings if finding.rule in RULES]


@pytest.mark.parametrize(("where", "sentence"), [*labelled.RIGHT, *labelled.TRAPS])
def test_a_right_sentence_never_fails(where: int | str, sentence: str) -> None:
    found = findings(labelled.world(), where, sentence)
    assert [finding.message for finding in found if finding.state is FindingState.FAIL] == []


@pytest.mark.parametrize(("where", "sentence"), labelled.NOTHING_RIGHT)
def test_a_right_sentence_on_an_empty_year_raises_nothing(where: int | str, sentence: str) -> None:
    assert [finding.message for finding in findings(labelled.empty(), where, sentence)] == []


@pytest.mark.parametrize(("where", "sentence", "rule"), labelled.WRONG)
def test_a_wrong_sentence_is_found(where: int | str, sentence: str, rule: str) -> None:
    assert rule in {finding.rule for finding in findings(labelled.world(), where, sentence)}


@pytest.mark.parametrize(("where", "sentence", "rule"), labelled.NOTHING_WRONG)
def test_a_wrong_sentence_on_an_empty_year_is_found(where: int | str, sentence: str, rule: str) -> None:
    assert rule in {finding.rule for finding in findings(labelled.empty(), where, sentence)}


def test_nearly_all_that_is_wrong_fails_and_little_that_is_right_is_even_uncertain() -> None:
    failed = sum(
        any(finding.state is FindingState.FAIL for finding in findings(labelled.world(), where, sentence))
        for where, sentence, _ in labelled.WRONG
    )
    doubted = [
        finding.message
        for where, sentence in (*labelled.RIGHT, *labelled.TRAPS)
        for finding in findings(labelled.world(), where, sentence)
    ]
    assert failed / len(labelled.WRONG) >= 0.9
    assert len(doubted) <= 0.06 * (len(labelled.RIGHT) + len(labelled.TRAPS)), doubted
