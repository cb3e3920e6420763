"""Run the text rules over one office-year; and the one rule that needs no reading: numbers typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from nianbao.checks.finding_log import FindingLog
from nianbao.checks.subject import Subject
from nianbao.checks.text.arithmetic import check_sums
from nianbao.checks.text.averages import check_averages
from nianbao.checks.text.basis import check_dates, check_deadline, check_period, check_years_named
from nianbao.checks.text.bounds import check_bounds
from nianbao.checks.text.copied import check_names, check_similarity
from nianbao.checks.text.differences import check_differences
from nianbao.checks.text.directions import check_directions
from nianbao.checks.text.events import check_events
from nianbao.checks.text.figures import check_figures, check_universals, computed
from nianbao.checks.text.halves import check_fractions, check_halves
from nianbao.checks.text.misplaced import check_reasons
from nianbao.checks.text.notices import check_notices
from nianbao.checks.text.parts import (
    Stated,
    check_announced,
    check_fees,
    check_length,
    check_parts,
    check_prescribed,
    check_problems,
    check_sections,
    mentions_fee,
    stated_fees,
)
from nianbao.checks.text.percents import check_percents
from nianbao.checks.text.rankings import check_foremost, check_rankings
from nianbao.checks.text.reader import read_section
from nianbao.checks.text.sentences import LONGEST_TEXT, Sentence, sentences
from nianbao.checks.text.splits import check_splits
from nianbao.checks.text.text_log import TextLog
from nianbao.checks.text.times import check_times
from nianbao.checks.text.twice import Told, check_twice
from nianbao.checks.text.universals import universals
from nianbao.checks.text.whole_lists import check_whole_lists
from nianbao.checks.text.wording import check_read, check_wording


def check_texts(subject: Subject, log: FindingLog) -> None:
    """All text rules on the preamble and on all sections that have a text; on attachments, those on any words.

    The numbers in an attachment are as a rule those of others: none can be bound, and what disagrees is uncertain.
    """
    check_sections(subject, log)
    check_parts(subject, log)
    check_problems(subject, log)
    fees: list[Stated] = []
    told: Told = {}
    for prose in subject.texts.values():
        text, read = TextLog(subject, prose, log), sentences(prose.text)
        check_wording(text)
        check_read(text)
        _check_counts(text, read, told)
        _check_basis(text, read)
        if text.slug == "overview":
            check_length(text, read)
            check_prescribed(text, read)
        if subject.bound:
            check_unbound(text)
        fees += stated_fees(prose, read, subject.key.year)
    for prose in subject.attachments:
        text, read = TextLog(subject, prose, log), sentences(prose.text)
        check_wording(text)
        check_read(text)
        _check_counts(replace(text, doubtful=True), read, {})
    if subject.preamble is not None:
        preamble = TextLog(subject, subject.preamble, log)
        check_wording(preamble)
        _check_basis(preamble, sentences(subject.preamble.text))
    other = subject.texts.get("other")
    check_fees(subject, fees, mentioned=other is not None and mentions_fee(other.text), log=log)
    check_similarity(subject, log)
    check_deadline(subject, log)


def _check_counts(text: TextLog, found: Sequence[Sentence], told: Told) -> None:
    states = read_section(found, text.setting)
    bound = computed(text.prose, states)
    check_figures(text, states)
    check_twice(text, states, told)
    for number, state in enumerate(states):
        check_sums(text, state)
        check_splits(text, state)
        check_whole_lists(text, state)
        check_differences(text, state)
        check_directions(text, state)
        check_bounds(text, state)
        check_averages(text, state)
        check_events(text, state)
        check_percents(text, state, bound.get(number, set()))
        check_times(text, state)
        check_halves(text, state)
        check_foremost(text, state)
        check_fractions(text, state)
        check_rankings(text, state)
        check_universals(text, state, universals(state))
        check_reasons(text, state)


def _check_basis(text: TextLog, found: Sequence[Sentence]) -> None:
    check_years_named(text, found)
    check_period(text, found)
    check_dates(text, found)
    check_notices(text, found)
    check_names(text, found)
    if text.slug in {"preamble", "overview"}:
        check_announced(text, found)


_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d[\d,]*+(?:\.\d+)?(?:\s?[万亿])?%?")
# Numbers that count nothing: names of documents and laws, dates, ordinals, numbers of lists, times of day, addresses.
_NO_COUNT = re.compile(
    r"《[^》\n]{0,200}》|〔\d{1,9}〕\s?\d{0,9}\s?号?|[（(]\d{4}[）)]\s?\d{1,9}\s?号|第\s?\d{1,9}\s?[号届次期条款项页章]?|"
    r"(?<!\d)\d{1,9}\s?号(?:令|文)?|https?://[^\s，。]{1,300}|"
    r"(?<!\d)\d{4}\s?年(?:度)?(?:\s?\d{1,2}\s?月(?:份)?(?:\s?\d{1,2}\s?日)?)?|"
    r"(?<!\d)\d{1,2}\s?月(?:份)?(?:\s?\d{1,2}\s?日)?|"
    r"(?m:^[ \t]{0,8}\d{1,3}[.、)])|[（(]\d{1,3}[）)]|(?<!\d)\d{4}[-—~至]\d{4}|(?<!\d)\d{1,2}[:：]\d\d|12345|"
    r"(?<!\d)\d{1,5}×\d{1,5}|(?<!\d)1[3-9]\d{9}(?!\d)"
)
# Of one text no more typed numbers are listed: who begins to bind them sees the rest.
_MOST = 200


def check_unbound(text: TextLog) -> None:
    """TEXT-UNBOUND: a note for each typed number."""
    prose = text.prose
    bound = {index for binding in prose.rendered.bindings for index in range(binding.start, binding.end)}
    typed = ((start, number) for start, number in _typed(prose.text) if start not in bound)
    for start, number in islice(typed, _MOST):
        around = prose.text[max(0, start - 12) : start + len(number) + 6].replace("\n", " ").strip()
        words = (
            f"“{around}”中的{number}为手工填写，宜改为引用（如 {{{{ figures.… }}}}）",
            f"{number} is typed by hand; a reference would keep it true",
        )
        text.found("TEXT-UNBOUND", words, start, re.sub(r"[0-9]+", "#", around), actual=number)


def _typed(text: str) -> Iterator[tuple[int, str]]:
    blanked = _NO_COUNT.sub(lambda match: "□" * len(match[0]), text[:LONGEST_TEXT])
    for match in _NUMBER.finditer(blanked):
        yield match.start(), match[0].strip()[:30]
