"""How findings on words quote a text: the section's name, the words around a count, a scope without digits.

May import: form, checks.subject, checks.text.counts.
"""

from __future__ import annotations

import re

from nianbao.checks.subject import Prose
from nianbao.checks.text.counts import Count
from nianbao.form import SECTIONS

_NUMBERS = re.compile(r"[0-9.]+")


def where(prose: Prose) -> str:
    """The section's name for messages."""
    return where_slug(prose.slug)


def where_slug(slug: str) -> str:
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


def scope_of(prose: Prose, count: Count) -> str:
    """A scope that a changed number leaves as it is."""
    return f"{prose.slug}:{_NUMBERS.sub('#', quoted(count))}"
