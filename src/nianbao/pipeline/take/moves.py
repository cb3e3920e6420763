"""Blocks of narratives that moved to another place of the document, or are not there any more."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass, replace

from nianbao.errors.language import Message, shortened
from nianbao.pipeline.take import reasons
from nianbao.pipeline.take.align import likeness
from nianbao.pipeline.take.merge import Merged, merge
from nianbao.pipeline.take.outcome import Change
from nianbao.pipeline.take.places import Place, Places
from nianbao.pipeline.take.printed import Printed, spot_of
from nianbao.pipeline.take.rewrites import Block, Rewrite, Rewriter, kind
from nianbao.pipeline.take.text_edits import apply
from nianbao.pipeline.take.told import Told
from nianbao.pipeline.take.word_blocks import WordParagraph, WordTable, paragraphs_of, text_of

_MOVED = 0.9


@dataclass(frozen=True, slots=True)
class _Moved:
    """A printed block that is gone, the document's that it is now, and the printed one before which that stands."""

    old: int
    new: int
    at: int

    def follows(self, before: _Moved) -> bool:
        return (self.old, self.new, self.at) == (before.old + 1, before.new + 1, before.at)


class Moves:
    """Takes blocks to other places and out of the narratives of one report."""

    def __init__(self, told: Told, rewriter: Rewriter, places: Places, blocks: Sequence[Block]) -> None:
        self._told = told
        self._rewriter = rewriter
        self._places = places
        self._blocks = blocks

    def move_all(self, gone: MutableSequence[int], fresh: MutableMapping[int, int]) -> None:
        """Move what is gone and stands elsewhere, and take it out of both.

        ``fresh``: the document's new blocks, each with the printed one before which it stands.
        """
        moves: list[list[_Moved]] = []
        for old in list(gone):
            if (new := self._moved_to(old, fresh)) is not None:
                gone.remove(old)
                one = _Moved(old, new, fresh.pop(new))
                alone = not moves or self._locked(old) or self._locked(moves[-1][-1].old)
                if alone or not one.follows(moves[-1][-1]):
                    moves.append([])
                moves[-1].append(one)
        for together in moves:
            self._move(together)

    def delete_all(self, gone: Sequence[int]) -> None:
        """Take the blocks that are gone out of the narratives."""
        runs: list[list[int]] = []
        for number in gone:
            alone = not runs or number != runs[-1][-1] + 1 or self._locked(number) or self._locked(runs[-1][-1])
            runs += [[]] if alone else []
            runs[-1].append(number)
        for together in runs:
            self._delete(together)

    def _moved_to(self, old: int, fresh: Collection[int]) -> int | None:
        """The new block that is the one gone, at another place."""
        printed = self._rewriter.printed[old]
        for new in fresh if printed.spot else ():
            block = self._blocks[new]
            if isinstance(block, WordTable) or isinstance(printed.block, WordTable):
                if block == printed.block:
                    return new
            elif kind(block) == kind(printed.block) and likeness(printed.text, block.text) >= _MOVED:
                return new
        return None

    def _move(self, moved: Sequence[_Moved]) -> None:
        """Blocks that follow each other and do so where they stand now: together, or one by one where that fails."""
        olds = [self._rewriter.printed[one.old] for one in moved]
        news = [self._blocks[one.new] for one in moved]
        place = self._places.beside(moved[0].at)
        locked = self._locked(moved[0].old)
        merged = [self._merged(old, new) for old, new in zip(olds, news, strict=True)]
        if locked or place is None or not self._moves(moved, merged, place):
            for one in moved if len(moved) > 1 else ():
                self._move([one])
            if len(moved) == 1:
                why = Message("cannot be moved by itself: change the file") if place else reasons.NO_NARRATIVE
                self._told.refuse(moved[0].old, text_of([olds[0].block]), text_of(news), locked or why)
            return
        where = Message("moved to {place}", place=self._told.place(place[0]))
        for one, old, new, words in zip(moved, olds, news, merged, strict=True):
            spot, text = spot_of(old), shortened(text_of([old.block]))
            self._told.changes.append(Change(Message("moved elsewhere"), spot.path, spot.line, text, where))
            if isinstance(new, WordParagraph):
                self._told.rest(one.old, words, [new], looks=True)

    def _moves(self, moved: Sequence[_Moved], merged: Sequence[Merged], place: Place) -> bool:
        """Whether the narratives take the blocks at their new place and lose them at the old one."""
        spots = [spot_of(self._rewriter.printed[one.old]) for one in moved]
        wanted: list[Block] = []
        for one, words in zip(moved, merged, strict=True):
            block = self._blocks[one.new]
            wanted += paragraphs_of(words.target, [block]) if isinstance(block, WordParagraph) else [block]
        begin, end = spots[0].begin, spots[-1].end
        edits = [edit for one in merged for edit in one.edits]
        lines = apply(self._rewriter.content(spots[0])[begin:end], edits, begin)
        there = self._places.insertion(place, lines, *wanted)
        gone = Rewrite(spots[0].slug, tuple(map(self._rewriter.deletion, spots)), {one.old: () for one in moved})
        if there.slug == gone.slug:
            both = replace(there, edits=(*gone.edits, *there.edits), instead=gone.instead)
            return self._rewriter.first([both]) is not None
        if not self._rewriter.first([there]):
            return False
        if not self._rewriter.first([gone]):
            self._rewriter.taken.remove(there)
            return False
        return True

    def _merged(self, old: Printed, new: Block) -> Merged:
        """The edits of a block that moved; none of a table."""
        spot = spot_of(old)
        if spot.locked or not isinstance(new, WordParagraph):
            return Merged(target=list(new.letters) if isinstance(new, WordParagraph) else [])
        return merge([old], [new], self._rewriter.content(spot), escape=False, looks=True)

    def _locked(self, old: int) -> str:
        """Why a paragraph's line cannot be touched; empty where it can, and of tables, which move as they are."""
        printed = self._rewriter.printed[old]
        return spot_of(printed).locked if isinstance(printed.block, WordParagraph) else ""

    def _delete(self, gone: Sequence[int]) -> None:
        """Blocks that followed each other: together, or one by one where that fails."""
        olds = [self._rewriter.printed[old] for old in gone]
        spots = [spot_of(one) for one in olds]
        locked = self._locked(gone[0])
        deletions = tuple(map(self._rewriter.deletion, spots))
        whole = Rewrite(spots[0].slug, deletions, dict.fromkeys(gone, ()))
        if locked or not self._rewriter.first([whole]):
            for old in gone if len(gone) > 1 else ():
                self._delete([old])
            if len(gone) == 1:
                why = locked or reasons.by_hand(spots[0].path, spots[0].line)
                self._told.refuse(gone[0], text_of([olds[0].block]), "", why)
            return
        for printed, spot in zip(olds, spots, strict=True):
            note = reasons.without([reference.tag for reference in spot.references])
            words = shortened(text_of([printed.block]))
            self._told.changes.append(Change(Message("taken out"), spot.path, spot.line, words, "", note))
