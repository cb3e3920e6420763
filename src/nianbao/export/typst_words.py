"""Words as data for the Typst template: strings as it takes them, and where their lines may break."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from nianbao.export.blocks import Run

# A word that is too long to be moved to the next line whole: an address, as a rule.
LONG_WORD = 21
# Between a digit and the measure word after it; no document holds a word joiner of its own (export.texts).
_NUMBER_AND_MEASURE = re.compile(
    "(?<=[0-9])(?=[年月日时分件条次人个项份期篇场家种类起宗部门名位批号款章页字元万亿倍册本天户处所座台套组支级层％])"
)
_LATIN_WORD = re.compile(r"[\x21-\x7e]+")


def printable(text: str) -> str:
    """The text as Typst takes it: a tab is a space."""
    return text.replace("\t", " ")


def unparted(text: str) -> str:
    """The text with word joiners between numbers and their measure words: 12件 stays in one line.

    An address may break behind each of its characters, marked by a space without width.
    """
    return _NUMBER_AND_MEASURE.sub("\u2060", parted(text, LONG_WORD))


def parted(text: str, room: float) -> str:
    """The text whose Latin words of ``room`` characters and more may break behind each character."""
    return _LATIN_WORD.sub(lambda word: "\u200b".join(word[0]) if len(word[0]) >= room else word[0], text)


def runs_of(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """Runs of text with their styles, as the template reads them."""
    return [
        {
            "text": unparted(printable(run.text)),
            **({"bold": True} if run.bold else {}),
            **({"italic": True} if run.italic else {}),
            **({"href": run.href} if run.href else {}),
        }
        for run in runs
    ]
