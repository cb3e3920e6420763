"""Owns the comparison of what the text states with what the tables hold.

May import: model, checks.ledger, checks.subject, checks.text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from nianbao.checks.ledger import Facts, Ledger, place_of
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.claims import Claim, Reader, Setting
from nianbao.checks.text.counts import Count
from nianbao.checks.text.flat import Sentence
from nianbao.checks.text.quantities import Held, Quantity, held, quantities, row_meant
from nianbao.checks.text.table_two import TableTwoReader, in_wan
from nianbao.checks.text.zeros import Nothing
from nianbao.form import SECTIONS
from nianbao.model import FindingState


def claims_of(sentence: Sentence, counts: list[Count], setting: Setting) -> list[Claim]:
    """All claims of the sentence, in its order."""
    reader = Reader(sentence, counts, setting)
    found = reader.read()
    elsewhen = frozenset(count.index for count in counts if reader.elsewhen(count) or reader.elsewhere(count))
    doubtful = frozenset(count.index for count in counts if reader.doubtful(count))
    found += TableTwoReader(sentence, counts, setting).read(elsewhen, doubtful)
    return sorted(found, key=lambda claim: claim.count.start)


def check_claims(subject: Subject, prose: Prose, claims: Sequence[Claim], ledger: Ledger) -> None:
    """TEXT-FIGURE for each claim: passed, failed where the words are certain, uncertain where they are not."""
    known = quantities(subject.report.edition.code)
    for claim in claims:
        wanted = _wanted(claim, known, subject.report.edition.code)
        values = [(quantity, value) for quantity in wanted if quantity and (value := held(subject, quantity))]
        if not values:
            continue
        if any(_agrees(claim.count, value) for _, value in values):
            ledger.passed("TEXT-FIGURE", subject.key)
            continue
        _differs(subject, prose, claim, values, ledger)


def _wanted(claim: Claim, known: dict[str, Quantity], edition: str) -> list[Quantity | None]:
    if claim.parts:
        return [_together(claim, known)]
    if claim.reason:
        return [row_meant(edition, claim.quantity, claim.reason)]
    return [known.get(name) for name in (claim.quantity, *claim.also)]


def _together(claim: Claim, known: dict[str, Quantity]) -> Quantity | None:
    members = [known[name] for name in claim.parts if name in known]
    if len(members) != len(claim.parts):
        return None
    refs = tuple(ref for member in members for ref in member.refs)
    return Quantity("+".join(claim.parts), "＋".join(member.name for member in members), refs)


def _agrees(count: Count, value: Held) -> bool:
    if count.unit in {"元", "万元", "亿元"}:
        amount, step = in_wan(count)
        return abs(Decimal(value.number) - amount) < step
    return abs(Decimal(value.number) - count.value) * 2 <= (count.step if count.step > 1 else 0)


def _differs(subject: Subject, prose: Prose, claim: Claim, values: list[tuple[Quantity, Held]], ledger: Ledger) -> None:
    quantity, value = values[0]
    quote = quoted(claim.count)
    words = (
        f"{where(prose)}“{quote}”与{quantity.name}{value.number}不一致"
        + ("" if claim.certain else "（文字所指是否为该项需人工确认）"),
        f"{prose.slug}: the text states {claim.count.printed} where the table holds {value.number} ({quantity.id})",
    )
    single = place_of(quantity.refs[0]) if len(quantity.refs) == 1 else (quantity.refs[0].table, None, None)
    source = prose.source_at(claim.count.sentence.offset(claim.count.start))
    scope = f"{prose.slug}:{quantity.id}"
    facts = Facts(single, value.number, str(claim.count.printed), value.cells, scope, source)
    state = FindingState.FAIL if claim.certain else FindingState.UNCERTAIN
    ledger.add("TEXT-FIGURE", subject.key, state, words, facts)


def check_nothings(
    subject: Subject, prose: Prose, sentence: Sentence, found: Sequence[Nothing], ledger: Ledger
) -> None:
    """TEXT-NONE and TEXT-DONE: what is said not to have been, or to be all done, against the tables."""
    known = quantities(subject.report.edition.code)
    for statement in found:
        rule = "TEXT-DONE" if statement.done else "TEXT-NONE"
        for name in statement.quantities:
            value = held(subject, known[name]) if name in known else None
            if value is None:
                continue
            if value.number == 0:
                ledger.passed(rule, subject.key)
                continue
            said = "all is done" if statement.done else "none"
            words = (
                f"{where(prose)}“{statement.printed}”，而{known[name].name}为{value.number}",
                f"{prose.slug}: the text says {said}, the table holds {value.number} ({name})",
            )
            source = prose.source_at(sentence.offset(statement.start))
            refs = known[name].refs
            place = place_of(refs[0]) if len(refs) == 1 else (refs[0].table, None, None)
            facts = Facts(place, 0, value.number, value.cells, f"{prose.slug}:{name}", source)
            state = FindingState.FAIL if statement.certain else FindingState.UNCERTAIN
            ledger.add(rule, subject.key, state, words, facts)


def quoted(count: Count) -> str:
    """The words that state the count, short enough for a message."""
    lead = re.split(r"[，；：]", count.lead)[-1]
    if len(lead) < 4:
        lead = count.before[-12:].split("，")[-1] if count.before else lead
    return f"{lead[-24:]}{count.printed}{count.tail[:8]}"


def where(prose: Prose) -> str:
    """The section's name for messages."""
    return where_slug(prose.slug)


def where_slug(slug: str) -> str:
    """The name of the section with that slug: 第一部分."""
    number = next((section.number for section in SECTIONS if section.slug == slug), None)
    return f"第{'〇一二三四五六'[number]}部分" if number else slug
