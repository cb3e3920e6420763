"""The reading of sentences measured: right ones in official style never fail, ones with a defect are nearly all found.

Each line of ``data/*.txt`` is a world (whose figures), a place and a sentence; of defects also the rule that must speak.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from checks.generate import BUREAU, CITY, TOWN, office_year, with_texts, zeros
from checks.text import labelled
from nianbao.checks.finding_log import FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.run import check_texts
from nianbao.form import OVERVIEW_PARTS, CellRef
from nianbao.form.cells import number
from nianbao.model import Finding, FindingState, OfficeKind, OfficeYear

DATA = Path(__file__).parent / "data"
COUNTY = replace(CITY, name="示例县人民政府", short_name="示例县人民政府", kind=OfficeKind.GOVERNMENT)
# Rules on a report as a whole, which a single sentence cannot keep.
WHOLE = {"WORDS-SECTIONS", "WORDS-PARTS", "WORDS-PROBLEMS", "WORDS-SIMILAR", "WORDS-DEADLINE", "WORDS-COUNTS"}


def _bureau() -> OfficeYear:
    """新收12 (自然人11, 企业1), 予以公开9, 不予公开3 (第三方), no carry-over, no reviews."""
    cells = zeros()
    for row, (natural, commercial) in {
        "new": (11, 1),
        "granted": (9, 0),
        "denied_third_party": (2, 1),
        "processed": (11, 1),
    }.items():
        for column, count in {
            "natural_person": natural,
            "commercial": commercial,
            "total": natural + commercial,
        }.items():
            cells[CellRef("applications", row, column)] = number(count)
    return office_year(cells, office=BUREAU)


@cache
def world(name: str) -> OfficeYear:
    """The office-year against which a sentence is read."""
    if name == "bureau":
        return _bureau()
    if name == "quiet":
        return office_year(zeros(), office=TOWN)
    made = labelled.world()
    if name == "county":
        return OfficeYear(**{**{key: getattr(made, key) for key in made.__dataclass_fields__}, "office": COUNTY})
    return made


def lines(name: str) -> list[list[str]]:
    """The entries of a data file."""
    text = (DATA / name).read_text(encoding="utf-8")
    parts = 4 if name.startswith("defects") else 3
    return [line.split(" ", parts - 1) for line in text.splitlines() if line and not line.startswith("#")]


def found_in(name: str, place: str, sentence: str) -> list[Finding]:
    """What the rules say of the sentence in its place."""
    slug = "overview" if place.isdigit() else place
    index = int(place) if place.isdigit() else 0
    heading = f"## （{'一二三四五'[index - 1]}）{OVERVIEW_PARTS[index - 1]}\n\n" if index else ""
    report = world(name)
    fee = "收取信息处理费1560元。" if name in {"city", "county"} else "本年度未收取信息处理费。"
    texts = {"other": fee, slug: f"{heading}{sentence}\n"}
    log = FindingLog()
    check_texts(Subject(with_texts(report, texts), bound=False), log)
    return [
        finding
        for finding in log.findings
        if finding.rule not in WHOLE and finding.state is not FindingState.NOT_ASSESSABLE
    ]


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("right*.txt")))
def test_right_sentences_never_fail_and_are_seldom_doubted(file: str) -> None:
    failed, doubted = [], []
    entries = lines(file)
    for name, place, sentence in entries:
        found = found_in(name, place, sentence)
        failed += [(sentence, finding.message) for finding in found if finding.state is FindingState.FAIL]
        doubted += [(sentence, found[0].message)] if found else []
    assert failed == []
    assert len(doubted) <= 0.05 * len(entries), doubted


@pytest.mark.parametrize("file", sorted(path.name for path in DATA.glob("defects*.txt")))
def test_nearly_every_defect_is_found(file: str) -> None:
    entries = lines(file)
    missed = [
        (rule, sentence)
        for name, place, rule, sentence in entries
        if not any(finding.rule.startswith(rule) for finding in found_in(name, place, sentence))
    ]
    assert len(missed) <= 0.15 * len(entries), missed
