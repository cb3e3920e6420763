"""The numbers typed by hand: those in a narrative that came from no reference.

May import: checks.ledger, checks.subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Prose, Subject

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


def check_unbound(subject: Subject, prose: Prose, ledger: Ledger) -> None:
    """TEXT-UNBOUND: a note for each typed number."""
    bound = {index for binding in prose.rendered.bindings for index in range(binding.start, binding.end)}
    typed = ((start, number) for start, number in _typed(prose.text) if start not in bound)
    for start, number in islice(typed, _MOST):
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
        yield match.start(), match[0].strip()[:30]
