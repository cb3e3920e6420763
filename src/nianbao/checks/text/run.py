"""Owns the run of the text rules over one office-year.

May import: form, inputs, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.claims import Setting
from nianbao.checks.text.compare import check_claims, check_nothings, claims_of
from nianbao.checks.text.counts import Count, counts
from nianbao.checks.text.fees import Stated, check_fees, mentions_fee, stated_fees
from nianbao.checks.text.flat import Sentence, sentences
from nianbao.checks.text.percents import check_percents
from nianbao.checks.text.sums import check_sums
from nianbao.checks.text.unbound import check_unbound
from nianbao.checks.text.words import check_words
from nianbao.checks.text.zeros import nothings
from nianbao.inputs import BLANK_MARK
from nianbao.model import OfficeKind


def check_texts(subject: Subject, ledger: Ledger) -> None:
    """All text rules on all sections that have a text."""
    _check_references(subject, ledger)
    read: dict[str, list[Sentence]] = {}
    fees: list[Stated] = []
    for slug, prose in subject.texts.items():
        read[slug] = sentences(prose.text)
        _check_blanks(subject, prose, ledger)
        _check_counts(subject, prose, read[slug], ledger)
        fees += stated_fees(prose, read[slug], subject.key.year)
        if subject.bound:
            check_unbound(subject, prose, ledger)
    other = subject.texts.get("other")
    check_fees(subject, fees, mentioned=other is not None and mentions_fee(other.text), ledger=ledger)
    check_words(subject, read, ledger)


def _check_counts(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    placed = _setting(subject, prose.slug)
    before: dict[int, str] = {}
    for sentence in found:
        setting = replace(placed, paragraph=before.get(sentence.paragraph, ""))
        before[sentence.paragraph] = setting.paragraph + sentence.text
        numbers = counts(sentence)
        claims = claims_of(sentence, numbers, setting) if numbers else []
        check_claims(subject, prose, claims, ledger)
        check_sums(subject, prose, numbers, claims, ledger)
        check_percents(subject, prose, numbers, _computed(prose, numbers), ledger)
        check_nothings(subject, prose, sentence, nothings(sentence, setting), ledger)


def _setting(subject: Subject, slug: str) -> Setting:
    office = subject.report.office
    whole = office.covers_area or office.kind in {OfficeKind.GOVERNMENT, OfficeKind.TOWNSHIP}
    return Setting(slug, subject.key.year, office.covers_area, whole, (office.name, office.short_name))


def _computed(prose: Prose, numbers: Sequence[Count]) -> set[int]:
    """The percentages that a reference computed."""
    spans = [(entry.start, entry.end) for entry in prose.rendered.bindings if entry.expression.startswith("percent(")]
    starts = {count.index: count.sentence.offset(count.start) for count in numbers if count.unit == "%"}
    return {index for index, start in starts.items() if any(left <= start < right for left, right in spans)}


def _check_references(subject: Subject, ledger: Ledger) -> None:
    for text, error in subject.broken:
        hint = f"（{error.hint}）" if error.hint else ""
        words = (f"引用无法解析：{error.where or text.source}：{error.what}{hint}", str(error).replace("\n ", ""))
        ledger.breach("TEXT-REFERENCE", subject.key, words, Facts(scope=error.where or text.slug, source=text.source))
    ledger.passed("TEXT-REFERENCE", subject.key, len(subject.texts))


def _check_blanks(subject: Subject, prose: Prose, ledger: Ledger) -> None:
    position = prose.text.find(BLANK_MARK)
    if position < 0:
        ledger.passed("TEXT-BLANK", subject.key)
        return
    words = (
        f"{prose.source_at(position)}：文字尚待填写（{prose.text[position : position + 24].splitlines()[0]}）",
        f"{prose.source_at(position)}: a placeholder is still to be filled in",
    )
    ledger.breach("TEXT-BLANK", subject.key, words, Facts(scope=prose.slug, source=prose.source_at(position)))
