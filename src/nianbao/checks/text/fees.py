"""The information-processing fee of section 6: that it is stated, and that all statements agree.

May import: model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nianbao.checks.ledger import NOWHERE, Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.counts import counts
from nianbao.checks.text.sentences import Sentence
from nianbao.model import Source

_FEE = re.compile(r"信息处理费|处理费|收费|收取(?:任何|相关)?费用|费用|免费")
_NONE = re.compile(
    r"(?:未|没有|没|不|无|均未|从未|未曾)(?:发生|产生|有|存在|向申请人|向任何人|对申请人|实际|出现|依申请公开|政府信息公开)*"
    r"(?:收取|收|征收|计收|发出|涉及)?(?:过|任何|相关|有关|政府|信息公开|依申请公开|政府信息公开|的)*(?:信息处理费|处理费|费用|收费)"
    r"|信息处理费(?:收取|收费|金额|情况|总|计|额|为|：)*(?:0|零|无)(?!\.?\d)|均为免费|免费提供|零收费|免收|(?:金额|总额|收费|件数)[^，。；]{0,16}?(?:均|都)?(?:为|是)(?:0(?!\.?\d)|零)(?:元|件)?"
)
_AMOUNT = re.compile(
    r"(?:信息处理费|处理费)(?:用)?(?:的)?(?:收取|总|共|计|金额|总额|合计|收入|情况|为|是|：|总计|共计|累计|，(?=共|金额|总))*$"
)
_YUAN = {"元": 1, "万元": 10_000}
# From the 2021 edition on, section 6 states the fee (国办函〔2020〕109号 came into force in 2021).
_FIRST_EDITION = "2021"
FIGURE = "processing_fee"


@dataclass(frozen=True)
class Stated:
    """One statement of the year's fee, in 元."""

    amount: Decimal
    printed: str
    source: Source


def stated_fees(prose: Prose, found: list[Sentence], year: int) -> Iterator[Stated]:
    """The statements of this year's fee in a text."""
    for sentence in found:
        text = sentence.text
        if not _FEE.search(text) and prose.slug != "other":
            continue
        for match in _NONE.finditer(text):
            if not re.search(r"上年|去年|减免", text[: match.end()]):
                yield Stated(Decimal(0), match[0], prose.source_at(sentence.offset(match.start())))
        for count in counts(sentence):
            other_year = [int(found_year) for found_year in re.findall(r"(20\d\d)年", text[: count.start])][-1:]
            if count.unit in _YUAN and count.exact and _AMOUNT.search(count.lead) and other_year in ([], [year]):
                yield Stated(
                    count.value * _YUAN[count.unit], count.printed, prose.source_at(sentence.offset(count.start))
                )


def check_fees(subject: Subject, stated: list[Stated], *, mentioned: bool, ledger: Ledger) -> None:
    """TEXT-FEE: all statements, and figures.csv where it has the fee, agree. WORDS-FEE: there is a statement."""
    figure = subject.report.figures.get(FIGURE)
    known = figure.number if figure else None
    expected = Decimal(known) if known is not None else stated[0].amount if stated else None
    for entry in stated:
        if entry.amount == expected:
            ledger.passed("TEXT-FEE", subject.key)
            continue
        source = "figures.csv" if known is not None else f"“{stated[0].printed}”"
        words = (
            f"信息处理费“{entry.printed}”与{source}的{expected}元不一致",
            f"the fee is stated as {entry.amount} yuan here and as {expected} yuan in {source}",
        )
        ledger.breach(
            "TEXT-FEE", subject.key, words, Facts(NOWHERE, expected, entry.amount, (), entry.printed, entry.source)
        )
    if subject.report.edition.code < _FIRST_EDITION:
        return
    if stated or mentioned:
        ledger.passed("WORDS-FEE", subject.key)
        return
    words = (
        "第六部分没有说明本年度收取信息处理费的情况（未收取也应说明）",
        "section 6 does not state the year's information-processing fee (none must be stated too)",
    )
    ledger.breach("WORDS-FEE", subject.key, words)


def mentions_fee(text: str) -> bool:
    """Whether the text speaks of the fee at all."""
    return _FEE.search(text) is not None
