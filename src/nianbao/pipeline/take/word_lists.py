"""The lists of a DOCX as Word shows them: which count, from where, and what stands within an item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from lxml import etree

from nianbao.ingest.archive import Archive
from nianbao.pipeline.take.word_styles import indent_of
from nianbao.pipeline.take.word_xml import W

_NEAR = 160  # twips, half a character: so far left of an item's words a paragraph may begin and still be read as its


class Item(TypedDict):
    """What is known of an item: whether its list counts, its level (from 0) and its number as shown (0: none)."""

    ordered: bool
    depth: int
    number: int


@dataclass(frozen=True, slots=True)
class _Level:
    ordered: bool
    start: int
    indent: int


@dataclass
class _List:
    """A list: the one that it counts on with, its levels, and where it begins anew."""

    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int] = field(default_factory=dict)


class Lists:
    """Follows the paragraphs of one document, told of each in reading order."""

    def __init__(self, archive: Archive) -> None:
        self._lists = _lists(archive)
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[tuple[str, int]] = set()
        self._items: list[tuple[int, int]] = []  # the levels that are open, each with the indent of its words

    def item(self, number: str, depth: int, indent: int | None) -> Item:
        """A paragraph of a list (its number and level), with the indent of its own if it has one, in twips."""
        known = self._lists.get(number)
        level = known.levels.get(depth) if known else None
        words = level.indent if indent is None and level else indent or 0
        self._items = [*(one for one in self._items if one[0] < depth), (depth, words)]
        if known is None or level is None or not level.ordered:
            return Item(ordered=False, depth=depth, number=0)
        return Item(ordered=True, depth=depth, number=self._count(number, depth, known, level))

    def within(self, left: int, *, continues: bool) -> int:
        """Of how many levels of lists a paragraph without a mark is part: by its indent (twips), else by its style."""
        found = [depth + 1 for depth, words in self._items if words and left >= words - _NEAR]
        if not found and continues and left > 0 and self._items:
            found = [self._items[0][0] + 1]
        self._items = [one for one in self._items if found and one[0] < found[-1]]
        return found[-1] if found else 0

    def end(self) -> None:
        """Something that is part of no list."""
        self._items = []

    def _count(self, number: str, depth: int, known: _List, level: _Level) -> int:
        place = (known.abstract, depth)
        if (number, depth) not in self._begun and depth in known.restarts:
            self._counts[place] = known.restarts[depth] - 1
        self._begun.add((number, depth))
        self._counts[place] = self._counts.get(place, level.start - 1) + 1
        for deeper in [one for one in self._counts if one[0] == known.abstract and one[1] > depth]:
            del self._counts[deeper]
        return self._counts[place]


def _lists(archive: Archive) -> dict[str, _List]:
    if "word/numbering.xml" not in archive:
        return {}
    root = archive.tree("word/numbering.xml")
    abstracts = {
        abstract.get(f"{W}abstractNumId", ""): {_depth(level): _level(level) for level in abstract.iter(f"{W}lvl")}
        for abstract in root.iter(f"{W}abstractNum")
    }
    found = {}
    for one in root.iter(f"{W}num"):
        named = one.find(f"{W}abstractNumId")
        abstract = "" if named is None else named.get(f"{W}val", "")
        made = _List(abstract, dict(abstracts.get(abstract, {})))
        for override in one.iter(f"{W}lvlOverride"):
            if (level := override.find(f"{W}lvl")) is not None:
                made.levels[_depth(override)] = _level(level)
            if (start := override.find(f"{W}startOverride")) is not None:
                made.restarts[_depth(override)] = _whole(start.get(f"{W}val", ""), 1)
        found[one.get(f"{W}numId", "")] = made
    return found


def _depth(element: etree._Element) -> int:
    return _whole(element.get(f"{W}ilvl", ""), 0)


def _level(level: etree._Element) -> _Level:
    form, start = level.find(f"{W}numFmt"), level.find(f"{W}start")
    ordered = form is not None and form.get(f"{W}val") not in {"bullet", "none"}
    indent = indent_of(level.find(f"{W}pPr"))
    return _Level(ordered, 1 if start is None else _whole(start.get(f"{W}val", ""), 1), indent or 0)


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isdecimal() else otherwise
