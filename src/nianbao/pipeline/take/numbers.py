"""Bring the numbers of lists over: Markdown counts from the number of a list's first item, and from no other.

An item that comes first where another one went would count from its old number; that is mended here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from nianbao.pipeline.take.narratives import Spot
from nianbao.pipeline.take.rewrites import Block, Rewriter
from nianbao.pipeline.take.text_edits import Edit, apply
from nianbao.pipeline.take.word_blocks import WordParagraph

_NUMBER = re.compile(r"\s*(\d{1,9})[.)]")
_Wanted = MutableMapping[str, list[tuple[int, int]]]  # an item's words -> its blocks of the document, with its number


@dataclass(frozen=True, slots=True)
class Difference:
    """An item from which on a list counts otherwise: its place in the file, both numbers, its block of the document."""

    spot: Spot
    before: int
    after: int
    block: int


@dataclass
class Numbered:
    """New texts of narratives with the document's numbers, which numbers that took, and which it could not."""

    texts: dict[str, str]
    taken: list[Difference] = field(default_factory=list)
    left: list[Difference] = field(default_factory=list)


def numbered(rewriter: Rewriter, texts: Mapping[str, str], blocks: Sequence[Block]) -> Numbered:
    """The new ``texts`` (by narrative) with the numbers that the document's ``blocks`` have."""
    wanted: dict[str, list[tuple[int, int]]] = {}
    for index, block in enumerate(blocks):
        if isinstance(block, WordParagraph) and block.number:
            wanted.setdefault(block.text, []).append((index, block.number))
    found = Numbered(dict(texts))
    for slug in rewriter.narratives if wanted else ():
        _settle(rewriter, slug, wanted, found)
    return found


def _settle(rewriter: Rewriter, slug: str, wanted: _Wanted, found: Numbered) -> None:
    """One narrative: each number that makes the lists differ less is taken."""
    content = found.texts.get(slug, rewriter.narratives[slug].content)
    left = list(_differences(rewriter.placed(slug, content), deepcopy(wanted)))
    for one in tuple(left):
        number = _NUMBER.match(content, one.spot.begin)
        if number is None:
            continue
        tried = apply(content, [Edit(*number.span(1), str(one.after))])
        then = list(_differences(rewriter.placed(slug, tried), deepcopy(wanted)))
        if len(then) < len(left):
            content, left = tried, then
            found.taken.append(one)
            found.texts[slug] = content
    found.left += left
    list(_differences(rewriter.placed(slug, content), wanted))  # its items are none of the next narrative's


def _differences(printed: Sequence[tuple[Block, Spot]], wanted: _Wanted) -> Iterator[Difference]:
    behind = 0
    for block, spot in printed:
        if not isinstance(block, WordParagraph) or not (block.listed or block.within):
            behind = 0
        elif block.number and wanted.get(block.text):
            index, number = wanted[block.text].pop(0)
            if number - block.number != behind:
                yield Difference(spot, block.number, number, index)
            behind = number - block.number
