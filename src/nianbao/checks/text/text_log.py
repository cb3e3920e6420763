"""Write findings on words: the section's name before them, where they stand, the words around a count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nianbao.checks.finding_log import Facts, FindingLog
from nianbao.checks.subject import Prose, Subject
from nianbao.checks.text.counts import Count
from nianbao.checks.text.names import own_names
from nianbao.checks.text.plain import unknown_words
from nianbao.checks.text.sentences import Sentence
from nianbao.checks.text.statements import Setting
from nianbao.form import SECTIONS
from nianbao.model import FindingState, OfficeKind

# Which numbers belong together is not certain where a part of a sentence has more than so many before them.
_RELATIONS, _MANY = frozenset({"TEXT-SUM", "TEXT-PERCENT"}), 5
_NUMBERS = re.compile(r"[0-9.]+")


@dataclass(frozen=True)
class TextLog:
    """One text under the rules: the office-year that it is of, and the log of findings.

    ``doubtful``: it may speak of others than the office, so that what is found in it is uncertain.
    """

    subject: Subject
    prose: Prose
    log: FindingLog
    doubtful: bool = False

    @property
    def slug(self) -> str:
        """Which text it is: a section's slug, or preamble."""
        return self.prose.slug

    @property
    def year(self) -> int:
        """The year of the report."""
        return self.subject.key.year

    @property
    def setting(self) -> Setting:
        """Where the text stands: its section, the year, whose report it is."""
        office = self.subject.report.office
        whole = office.covers_area or office.kind in {OfficeKind.GOVERNMENT, OfficeKind.TOWNSHIP, OfficeKind.UNKNOWN}
        reviews = office.kind not in {OfficeKind.DEPARTMENT, OfficeKind.TOWNSHIP} or "司法" in office.name
        return Setting(self.slug, self.year, whole, reviews, own_names(office.name, office.short_name))

    def passed(self, rule: str) -> None:
        """One evaluation that found nothing wrong."""
        self.log.passed(rule, self.subject.key)

    def found(
        self,
        rule: str,
        words: tuple[str, str],
        at: int | Count | tuple[Sentence, int] | tuple[Sentence, int, int],
        scope: str | None = None,
        state: FindingState | None = None,
        **facts: Any,
    ) -> None:
        """A finding: ``words`` without the section's name; ``at``: an offset, a count or a place in a sentence.

        With the place comes, of a statement, where it ends. A ``fail`` of a count or statement is one only where all
        words up to its end are known. ``state``: None for that of the rule's severity; ``scope``: None for the words
        around the count.
        """
        if isinstance(at, Count):
            scope = scope_of(at) if scope is None else scope
            at = (at.sentence, at.start, at.end)
        if state is FindingState.FAIL and rule in _RELATIONS and not isinstance(at, int) and _has_many(at[0], at[1]):
            state = FindingState.UNCERTAIN
            words = (f"{words[0]}（句中数字较多，需人工确认）", f"{words[1]} (of a sentence with many numbers)")
        if state is FindingState.FAIL and not isinstance(at, int) and len(at) == 3:
            unknown = unknown_words(at[0], self.setting, at[2])
            if unknown:
                state = FindingState.UNCERTAIN
                words = (
                    f"{words[0]}（句中“{unknown[:20]}”与该数的关系需人工确认）",
                    f"{words[1]} (the words {unknown[:20]!r} may change what is counted)",
                )
        offset = at if isinstance(at, int) else at[0].offset(at[1])
        zh, en = f"{section_name(self.slug)}{words[0]}", f"{self.slug}: {words[1]}"
        made = Facts(scope=f"{self.slug}:{scope}" if scope else self.slug, source=self.prose.source_at(offset), **facts)
        if self.doubtful:
            state = FindingState.UNCERTAIN
        if state is None:
            self.log.breach(rule, self.subject.key, (zh, en), made)
        else:
            self.log.add(rule, self.subject.key, state, (zh, en), made)


def _has_many(sentence: Sentence, start: int) -> bool:
    return len(_NUMBERS.findall(re.split("[；。]", sentence.text[:start])[-1])) > _MANY


def section_name(slug: str) -> str:
    """The name of the section with that slug: 第一部分; the preamble is 引言."""
    number = next((section.number for section in SECTIONS if section.slug == slug), None)
    return f"第{'〇一二三四五六'[number]}部分" if number else {"preamble": "引言"}.get(slug, slug)


def quoted(count: Count) -> str:
    """The words that state the count, short enough for a message."""
    lead = re.split(r"[，；：]", count.lead)[-1]
    if len(lead) < 4:
        before = count.sentence.text[max(0, count.start - 12) : count.start]
        lead = before.split("，")[-1] or lead
    return f"{lead[-24:]}{count.printed}{count.tail[:8]}"


def scope_of(count: Count) -> str:
    """A scope that a changed number leaves as it is."""
    return _NUMBERS.sub("#", quoted(count))


@dataclass(frozen=True)
class Found:
    """Something found in a text: where, its words, and what names it."""

    start: int
    words: tuple[str, str]
    state: FindingState | None = None
    scope: str = ""


def words_around(text: str, start: int, end: int) -> str:
    """The words about a place, for a message."""
    return text[max(0, start - 10) : end + 10].replace("\n", " ").strip()
