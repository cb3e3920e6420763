"""Owns the list of numbers typed by hand: those in a narrative that came from no reference.

May import: checks.ledger, checks.subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject

_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d[\d,]*(?:\.\d+)?(?:\s*[万亿])?%?")
# Numbers that count nothing: names of documents and laws, dates, ordinals, numbers of lists, times of day, addresses.
_NO_COUNT = re.compile(
    r"《[^》]*》|〔\d+〕\s*\d*\s*号?|[（(]\d{4}[）)]\s*\d+\s*号|第\s*\d+\s*[号届次期条款项页章]?|\d+\s*号(?:令|文)?|https?://\S+|"
    r"\d{4}\s*年(?:度)?(?:\s*\d{1,2}\s*月(?:份)?(?:\s*\d{1,2}\s*日)?)?|\d{1,2}\s*月(?:份)?(?:\s*\d{1,2}\s*日)?|"
    r"(?m:^\s*\d+[.、)])|[（(]\d+[）)]|\d{4}[-—~至]\d{4}|\d+[:：]\d\d|12345|\d+×\d+"
)


def check_unbound(subject: Subject, prose: Prose, ledger: Ledger) -> None:
    """TEXT-UNBOUND: a note for each typed number."""
    bound = [(binding.start, binding.end) for binding in prose.rendered.bindings]
    for start, number in _typed(prose.text):
        if any(left <= start < right for left, right in bound):
            continue
        around = prose.text[max(0, start - 12) : start + len(number) + 6].replace("\n", " ").strip()
        words = (
            f"“{around}”中的{number}为手工填写，宜改为引用（如 {{{{ figures.… }}}}）",
            f"{prose.slug}: {number} is typed by hand; a reference would keep it true",
        )
        scope = f"{prose.slug}:{re.sub(r'[0-9]+', '#', around)}"
        ledger.breach(
            "TEXT-UNBOUND", subject.key, words, Facts(actual=number, scope=scope, source=prose.source_at(start))
        )


def _typed(text: str) -> Iterator[tuple[int, str]]:
    blanked = _NO_COUNT.sub(lambda match: "□" * len(match[0]), text)
    for match in _NUMBER.finditer(blanked):
        yield match.start(), match[0].strip()
