"""Run the text rules over one office-year.

May import: form, inputs, model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.checks.ledger import Ledger
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.arithmetic import check_sums
from nianbao.checks.text.fees import Stated, check_fees, mentions_fee, stated_fees
from nianbao.checks.text.figures import check_figures, check_universals, computed
from nianbao.checks.text.percents import check_percents
from nianbao.checks.text.reader import own_names, read_section
from nianbao.checks.text.sentences import Sentence, sentences
from nianbao.checks.text.statements import Setting
from nianbao.checks.text.unbound import check_unbound
from nianbao.checks.text.universals import universals
from nianbao.checks.text.wording import check_read, check_twice, check_wording
from nianbao.checks.text.words import check_words
from nianbao.model import OfficeKind


def check_texts(subject: Subject, ledger: Ledger) -> None:
    """All text rules on all sections that have a text."""
    read: dict[str, list[Sentence]] = {}
    fees: list[Stated] = []
    for slug, prose in subject.texts.items():
        read[slug] = sentences(prose.text)
        check_wording(subject, prose, ledger)
        check_read(subject, prose, ledger)
        _check_counts(subject, prose, read[slug], ledger)
        fees += stated_fees(prose, read[slug], subject.key.year)
        if subject.bound:
            check_unbound(subject, prose, ledger)
    other = subject.texts.get("other")
    check_fees(subject, fees, mentioned=other is not None and mentions_fee(other.text), ledger=ledger)
    check_words(subject, read, ledger)


def _check_counts(subject: Subject, prose: Prose, found: Sequence[Sentence], ledger: Ledger) -> None:
    states = read_section(found, _setting(subject, prose.slug))
    bound = computed(prose, states)
    check_figures(subject, prose, states, ledger)
    check_twice(subject, prose, states, ledger)
    for number, state in enumerate(states):
        check_sums(subject, prose, state, ledger)
        check_percents(subject, prose, state, bound.get(number, set()), ledger)
        check_universals(subject, prose, state, universals(state), ledger)


def _setting(subject: Subject, slug: str) -> Setting:
    office = subject.report.office
    whole = office.covers_area or office.kind in {OfficeKind.GOVERNMENT, OfficeKind.TOWNSHIP, OfficeKind.UNKNOWN}
    return Setting(slug, subject.key.year, whole, own_names(office.name, office.short_name))
