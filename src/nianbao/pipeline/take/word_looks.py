"""Looks of words that no narrative has, and by which people point at them: colours, sizes, lines, dots, hiding.

What the styles of a report and of its template give is how it is printed, and points at nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from nianbao.errors.language import Message, shortened
from nianbao.pipeline.take.reasons import MARKS, RECOLOURED, RED, RESIZED
from nianbao.pipeline.take.word_blocks import Letter
from nianbao.pipeline.take.word_xml import W, is_on

# Marks by their names in ``MARKS``, with the properties that make them: of runs, and of whole paragraphs and cells.
_OF_RUNS = {
    "crossed": ("strike", "dstrike"),
    "hidden": ("vanish",),
    "raised": ("vertAlign", "position"),
    "pointed": ("u", "highlight", "shd"),
    "dotted": ("em", "bdr", "outline", "shadow", "emboss", "imprint"),
}
_OF_WHOLES = {"pointed": ("shd",), "dotted": ("pBdr",)}
_OF_LINKS = frozenset({"pointed", RED, RECOLOURED})  # so every program prints links
_THEME = "theme"  # a colour of the theme whose value is not written
_TEXT = frozenset({"text1", "dark1", "none"})  # the theme's colours that text has
_DARK = 0x66  # greys up to this one pass for black: web pages and chats have such text
_LONGEST = 60  # characters of words that are told


@dataclass(frozen=True, slots=True)
class Look:
    """``marks`` by name; ``colour`` in hexadecimal digits, ``size`` in half points (empty and 0: not said)."""

    marks: frozenset[str] = frozenset()
    colour: str = ""
    size: int = 0

    def under(self, properties: etree._Element | None) -> Look:
        """This look with what properties of a run or a style say themselves."""
        if properties is None:
            return self
        marks = set(self.marks)
        for mark, names in _OF_RUNS.items():
            if any(properties.find(f"{W}{name}") is not None for name in names):
                on = any(is_on(properties, name, default=False) for name in names)
                marks = marks | {mark} if on else marks - {mark}
        return Look(frozenset(marks), _colour(properties) or self.colour, _size(properties) or self.size)

    def over(self, below: Look) -> Look:
        """This look, and what it leaves open as the one below has it."""
        return Look(self.marks | below.marks, self.colour or below.colour, self.size or below.size)

    def within(self, properties: etree._Element | None) -> Look:
        """This look in a paragraph or a cell of these properties."""
        if properties is None:
            return self
        found = {
            mark for mark, names in _OF_WHOLES.items() if any(is_on(properties, name, default=False) for name in names)
        }
        return replace(self, marks=self.marks | found)

    def besides(self, usual: Look, *, linked: bool) -> frozenset[str]:
        """The marks, and a colour's name, of words that look so where the report's own look as ``usual``."""
        marks = self.marks - usual.marks
        if self.colour != usual.colour and _stands_out(self.colour):
            marks |= {RED if _is_red(self.colour) else RECOLOURED}
        return marks - _OF_LINKS if linked else marks


PLAIN = Look()


def told(letters: Sequence[Letter]) -> Iterator[Message]:
    """The words of a paragraph that are pointed at, mark by mark; another size counts in a part of it alone."""
    sizes = Counter(letter.size for letter in letters if letter.char.strip())
    usual = max(sizes, key=sizes.__getitem__, default=0)
    for mark, say in MARKS.items():
        words = ""
        for letter in [*letters, Letter("")]:
            marked = letter.size != usual if mark == RESIZED else mark in letter.marks
            if letter.char and (marked or (words and letter.char.isspace())):
                words += letter.char
                continue
            if words.strip():
                yield say(shortened(words.strip(), _LONGEST))
            words = ""


def _colour(properties: etree._Element) -> str:
    found = properties.find(f"{W}color")
    if found is None:
        return ""
    value = found.get(f"{W}val", "auto").lower()
    theme = found.get(f"{W}themeColor", "none")
    if re.fullmatch(r"[0-9a-f]{6}", value):
        return value
    return "auto" if theme in _TEXT else _THEME


def _size(properties: etree._Element) -> int:
    found = properties.find(f"{W}sz")
    value = "" if found is None else found.get(f"{W}val", "")
    return round(float(value)) if re.fullmatch(r"\d+(?:\.\d+)?", value) else 0


def _stands_out(colour: str) -> bool:
    return colour == _THEME or any(part > _DARK for part in _parts(colour))


def _is_red(colour: str) -> bool:
    red, green, blue = _parts(colour) or (0, 0, 0)
    return red > _DARK and max(green, blue) <= red * 0.45


def _parts(colour: str) -> Sequence[int]:
    return [int(colour[at : at + 2], 16) for at in (0, 2, 4)] if re.fullmatch(r"[0-9a-f]{6}", colour) else []
