"""The rule on characters that no report can print: none of the fonts that are always there has them.

May import: inputs, model, checks.ledger, checks.subject; fontTools and the pinned fonts once a rare character is met.
The exporters ask the same of every face that will serve; this says it before anything is made, with file and line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, partial

from nianbao.checks.ledger import Facts, Ledger
from nianbao.checks.subject import Subject
from nianbao.model import FindingState, Source

# ASCII, the marks and Han characters of GBK: every Chinese font has them, so nothing needs to be looked up.
_RARE = re.compile("[^\\n\\t\\u2028 -~\u3000-\u3002\u3007-\u3011\u3014-\u3017\u4e00-\u9fa5\uff01-\uff5e‘’“”…—·×％]")
# Spaces, and what only steers how others are shown: the exporters drop these.
_INKLESS = frozenset({"Zs", "Zl", "Zp", "Cf"})
_VARIANTS = range(0xFE00, 0xFE10)
_SHOWN = 10  # characters


def check_characters(subject: Subject, ledger: Ledger) -> None:
    """A finding for each character of the texts and labels that cannot be printed, where it first stands."""
    found: dict[str, Source] = {}
    for words, sources in _words(subject):
        for match in _RARE.finditer(words):
            if match[0] not in found and not _printable(match[0]):
                found[match[0]] = sources(match.start())
    for char, source in list(found.items())[:_SHOWN]:
        _tell(subject, char, source, ledger)
    if not found:
        ledger.passed("TEXT-CHARACTER", subject.key)


def _words(subject: Subject) -> Iterator[tuple[str, Callable[[int], Source]]]:
    for prose in subject.texts.values():
        yield prose.text, prose.source_at
    for figure in subject.report.figures.values():
        yield figure.label + figure.unit, partial(_always, figure.source)
    office = Source(f"params/{subject.key.office}/office.yaml")
    yield subject.report.office.name + subject.report.office.short_name, partial(_always, office)


def _always(source: Source, _position: int) -> Source:
    return source


def _printable(char: str) -> bool:
    return unicodedata.category(char) in _INKLESS or ord(char) in _VARIANTS or ord(char) in _repertoire()


@cache
def _repertoire() -> frozenset[int]:
    """The code points that the two pinned fonts have."""
    import pylopdf_fonts_zh_cn as fonts
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in (fonts.serif_path(), fonts.sans_path()):
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)


def _tell(subject: Subject, char: str, source: Source, ledger: Ledger) -> None:
    code = f"U+{ord(char):04X}"
    printed = char if char.isprintable() else "□"
    # An office's own fonts may have a rare Han character; a picture sign (emoji) or a control is in none of them.
    doubtful = unicodedata.category(char) == "Lo"
    words = (
        f"{source}：字符“{printed}”（{code}）字体中没有，不能印出，请改用其他字符",
        f"{source}: no font has the character {printed} ({code}): write it with another",
    )
    facts = Facts(scope=f"{source.path}:{code}", source=source)
    state = FindingState.UNCERTAIN if doubtful else FindingState.FAIL
    ledger.add("TEXT-CHARACTER", subject.key, state, words, facts)
