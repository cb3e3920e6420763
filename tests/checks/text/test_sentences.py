"""The text rules measured on whole sentences in the words of reports: what is right, and what has a defect.

Each line of ``data/sentences_*.tsv`` is a world (``worlds.py``), a place (a part of section 1, a section, the preamble)
and a sentence. The thresholds are those that the rules must hold on sentences that they have not seen.
"""

from __future__ import annotations

from pathlib import Path

from checks.text.worlds import subject_of
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.text.run import check_texts
from nianbao.model import Finding, FindingState

DATA = Path(__file__).parent / "data"
# Rules on a report as a whole, which no single sentence keeps or breaks.
WHOLE = {"WORDS-SIMILAR", "WORDS-DEADLINE"}
SILENT = {FindingState.PASS, FindingState.NOT_ASSESSABLE}


def found_in(world: str, place: str, sentence: str) -> list[Finding]:
    """What the rules say of a report with the sentence."""
    log = FindingLog()
    check_texts(subject_of(world, place, sentence.replace("\\n", "\n")), log)
    return [finding for finding in log.findings if finding.rule not in WHOLE and finding.state not in SILENT]


def entries(name: str) -> list[list[str]]:
    """The lines of a file: world, place, sentence."""
    return [line.split("\t") for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def test_no_right_sentence_fails_and_at_most_one_in_twenty_is_doubted() -> None:
    right = entries("sentences_right.tsv")
    found = [(entry[2], finding) for entry in right for finding in found_in(*entry)]
    assert [(said, one.message) for said, one in found if one.state is FindingState.FAIL] == []
    doubted = {said for said, _ in found}
    assert len(doubted) <= 0.05 * len(right), doubted


def test_of_sentences_with_a_defect_at_least_seventeen_in_twenty_are_found() -> None:
    wrong = entries("sentences_wrong.tsv")
    missed = [entry for entry in wrong if not found_in(*entry)]
    assert len(missed) <= 0.15 * len(wrong), missed


def test_the_worlds_themselves_break_no_rule_on_words() -> None:
    for world in ("city", "town", "water", "harbour", "quiet"):
        assert [finding.message for finding in found_in(world, "0", "认真落实各项要求。")] == []
