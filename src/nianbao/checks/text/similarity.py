"""Owns the likeness of this year's text to last year's, by section and over all.

May import: checks.ledger, checks.subject. rapidfuzz is imported inside the function that needs it.
"""

from __future__ import annotations

import re

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.checks.text.compare import where_slug
from nianbao.model import FindingState, OfficeYear

# Reviewers of annual reports call a text copied from about here.
THRESHOLD = 80
# Shorter texts (没有其他需要报告的事项) are alike from year to year with good reason.
_SHORTEST = 80
# Headings, references, numbers, spaces and signs say nothing about whether the words were written anew.
_NO_WORDS = re.compile(r"(?m:^\s*#.*$)|\{\{.*?\}\}|\{%.*?%\}|[\d\s\W_]+", re.DOTALL)


def check_similarity(subject: Subject, ledger: Ledger) -> None:
    """WORDS-SIMILAR for each section that is long enough, and for all of them together."""
    if subject.previous is None:
        words = (
            f"没有{subject.key.year - 1}年的文字，无法比较",
            f"there are no texts of {subject.key.year - 1} to compare with",
        )
        ledger.add("WORDS-SIMILAR", subject.key, FindingState.NOT_ASSESSABLE, words)
        return
    from rapidfuzz.fuzz import ratio

    now, last = _words(subject.report), _words(subject.previous)
    pairs = [(slug, now[slug], last[slug]) for slug in now if slug in last]
    if len(pairs) > 1:
        pairs.append(("", "".join(pair[1] for pair in pairs), "".join(pair[2] for pair in pairs)))
    for slug, this, other in pairs:
        if min(len(this), len(other)) < _SHORTEST:
            continue
        likeness = ratio(this, other, score_cutoff=THRESHOLD)
        if likeness < THRESHOLD:
            ledger.passed("WORDS-SIMILAR", subject.key)
            continue
        name = where_slug(slug) if slug else "全文"
        words = (
            f"{name}文字与{subject.key.year - 1}年相似度{likeness:.0f}%（达到{THRESHOLD}%即提示），请改写",
            f"{slug or 'the whole text'} is {likeness:.0f}% like that of {subject.key.year - 1}",
        )
        source = subject.report.texts[slug].source if slug else None
        facts = Facts(expected=f"<{THRESHOLD}%", actual=f"{likeness:.0f}%", scope=slug or "all", source=source)
        ledger.breach("WORDS-SIMILAR", subject.key, words, facts)


def _words(report: OfficeYear) -> dict[str, str]:
    return {slug: _NO_WORDS.sub("", text.template) for slug, text in report.texts.items()}
