"""Where a new paragraph goes in a narrative, and what it begins with there: #, a list's sign, an item's indent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from nianbao.pipeline.take.marks import written
from nianbao.pipeline.take.narratives import BY_STATEMENT, Spot, prefix_length
from nianbao.pipeline.take.printed import Printed
from nianbao.pipeline.take.rewrites import Block, Rewrite, Rewriter, kind
from nianbao.pipeline.take.text_edits import Edit
from nianbao.pipeline.take.word_blocks import WordParagraph

# Whether emphasis and links are brought over and signs of Markdown are written as such: tried in this order.
WAYS = ((True, False), (True, True), (False, False), (False, True))
_SIGN = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_NUMBER = re.compile(r"\d+")
Place = tuple[int, str, Spot]  # the number of a printed block, the side of it (after, before), and its spot


class Places:
    """Finds the places of new paragraphs of one report; ``gone`` are the printed blocks that are not there any more."""

    def __init__(self, printed: Sequence[Printed], rewriter: Rewriter, gone: Collection[int]) -> None:
        self._printed = printed
        self._rewriter = rewriter
        self._gone = gone

    def beside(self, at: int) -> Place | None:
        """The paragraph of a narrative beside which a new one before the printed block ``at`` belongs, and its side."""
        for step, side in ((-1, "after"), (1, "before")):
            index = at - 1 if step < 0 else at
            while index in self._gone and 0 <= index < len(self._printed):
                index += step
            spot = self._printed[index].spot if 0 <= index < len(self._printed) else None
            if spot and spot.end and spot.locked != BY_STATEMENT:
                return index, side, spot
        return None

    def rewrites(self, at: int, block: WordParagraph) -> Iterator[Rewrite]:
        """The ways to put a new paragraph before the printed block ``at``, those first that keep most of it.

        The words of a paragraph that was copied are taken from the file, with their references.
        """
        place = self.beside(at)
        for twin in self._printed if place else ():
            spot = twin.spot
            if place and spot and not spot.locked and twin.text == block.text and kind(_paragraph(twin)) == kind(block):
                yield self.insertion(place, self._rewriter.content(spot)[spot.begin : spot.end], block)
        for looks, escape in WAYS:
            words = written(block.letters, escape=escape, looks=looks)
            if place:
                words = self.prefix(place[0] if place[1] == "after" else place[0] - 1, block) + words
                yield self.insertion(place, words, block, looks=looks)
            elif (new := self._new_file(at, self.prefix(-1, block) + words, block, looks=looks)) is not None:
                yield new

    def insertion(self, place: Place, words: str, *blocks: Block, looks: bool = True) -> Rewrite:
        """The rewrite of new blocks, which the words print, beside a printed one."""
        index, side, spot = place
        beside = self._printed[index].block
        items = [isinstance(one, WordParagraph) and one.listed for one in (blocks[0], beside)]
        gap = "\n" if all(items) else "\n\n"
        if side == "after":
            return Rewrite(spot.slug, (Edit(spot.end, spot.end, gap + words),), after={index: blocks}, looks=looks)
        return Rewrite(spot.slug, (Edit(spot.begin, spot.begin, words + gap),), before={index: blocks}, looks=looks)

    def prefix(self, index: int, block: WordParagraph) -> str:
        """What a paragraph of its kind begins with in a narrative, behind the printed block ``index``."""
        if block.heading:
            return f"{'#' * max(block.heading, 2)} "
        if block.listed:
            sign = _SIGN.match(self._item(index, block.depth, block.ordered))
            number = str(block.number or 1)
            if sign:
                return _NUMBER.sub(number, sign[0])
            return " " * prefix_length(self._item(index, block.depth - 1)) + (f"{number}. " if block.ordered else "- ")
        return " " * prefix_length(self._item(index, block.within - 1)) if block.within else ""

    def _item(self, index: int, depth: int, ordered: bool | None = None) -> str:
        """The line of the nearest item of a list at a level, within the list that goes on here; empty without one."""
        while 0 <= index < len(self._printed):
            block, spot = self._printed[index].block, self._printed[index].spot
            if not isinstance(block, WordParagraph) or not spot or not (block.listed or block.within):
                break
            if block.listed and block.depth == depth and ordered in {None, block.ordered}:
                return self._rewriter.content(spot)[spot.begin : spot.end]
            if block.listed and block.depth < depth:
                break
            index -= 1
        return ""

    def _new_file(self, at: int, words: str, block: WordParagraph, *, looks: bool) -> Rewrite | None:
        """A rewrite in a section that has no narrative yet: its file begins with the paragraph."""
        part = self._printed[at - 1].part if 0 < at <= len(self._printed) else None
        if part is None or self._rewriter.narratives[part.slug].content.strip():
            return None
        gap = "\n" if any(rewrite.slug == part.slug for rewrite in self._rewriter.taken) else ""
        return Rewrite(part.slug, (Edit(0, 0, f"{gap}{words}\n"),), after={-1: (block,)}, looks=looks)


def _paragraph(printed: Printed) -> WordParagraph:
    return printed.block if isinstance(printed.block, WordParagraph) else WordParagraph(())
