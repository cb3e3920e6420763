"""Bring each edit of a document into its narrative, or refuse it by name; nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from nianbao.errors.language import Message, shortened
from nianbao.pipeline.take import reasons
from nianbao.pipeline.take.align import Pair, pairs
from nianbao.pipeline.take.besides import Besides, OwnPicture
from nianbao.pipeline.take.cells import OtherWords, broken_balances, compare
from nianbao.pipeline.take.marks import written
from nianbao.pipeline.take.merge import merge
from nianbao.pipeline.take.moves import Moves
from nianbao.pipeline.take.narratives import prefix_length
from nianbao.pipeline.take.numbers import numbered
from nianbao.pipeline.take.outcome import Change, NewText, Note, Refusal, Taken, differing
from nianbao.pipeline.take.places import WAYS, Places
from nianbao.pipeline.take.printed import Printed, spot_of
from nianbao.pipeline.take.reasons import EDITED
from nianbao.pipeline.take.rewrites import Block, Origins, Rewrite, Rewriter, kind, same
from nianbao.pipeline.take.text_edits import Edit
from nianbao.pipeline.take.told import Told
from nianbao.pipeline.take.word_blocks import (
    Tracked,
    WordDocument,
    WordParagraph,
    WordTable,
    paragraphs_of,
    text_of,
)


class Edits:
    """The edits of one document against what the report prints."""

    def __init__(self, origins: Origins, rewriter: Rewriter, blocks: Sequence[Block]) -> None:
        self._origins = origins
        self._rewriter = rewriter
        self._printed = origins.printed
        self._blocks = blocks
        self._pairs = list(pairs(origins.printed, blocks))
        self._gone: list[int] = []
        self._places = Places(origins.printed, rewriter, self._gone)
        self._fresh: dict[int, int] = {}  # the document's block -> the printed one before which it stands
        self._told = Told(origins)
        self._besides = Besides(self._told, self._old_of)
        self._moves = Moves(self._told, rewriter, self._places, blocks)

    def run(self) -> None:
        """Go through all pairs, then through what moved, what is new in the place of another, what is gone or new."""
        for pair in self._pairs:
            if pair.old == pair.old_end:
                self._fresh[pair.new] = pair.old
            elif pair.new == pair.new_end:
                self._gone.append(pair.old)
            else:
                self._pair(pair)
        self._moves.move_all(self._gone, self._fresh)
        for old in list(self._gone):
            near = next((new for new, at in self._fresh.items() if at in {old, old + 1}), None)
            if near is not None or self._printed[old].spot is None:
                self._gone.remove(old)
                self._replaced(old, near)
                self._fresh.pop(-1 if near is None else near, None)
        self._moves.delete_all(self._gone)
        for new, at in self._fresh.items():
            self._insert(new, at)

    def _pair(self, pair: Pair) -> None:
        old, new = self._printed[pair.old : pair.old_end], self._blocks[pair.new : pair.new_end]
        if len(old) == len(new) == 1 and same(old[0].block, new[0], looks=True):
            return
        if isinstance(new[0], WordTable) or isinstance(old[0].block, WordTable):
            self._table(pair.old, new[0])
            return
        paragraphs = [block for block in new if isinstance(block, WordParagraph)]
        before, after = text_of([one.block for one in old]), text_of(new)
        locked = next((one.spot.locked for one in old if one.spot and one.spot.locked), "")
        if any(one.spot is None for one in old):
            self._told.refuse(pair.old, before, after, self._origins.why_not(old[0]))
        elif locked or len({one.spot.path for one in old if one.spot}) > 1:
            self._told.refuse(
                pair.old, before, after, locked or Message("two paragraphs of two files cannot be joined")
            )
        else:
            self._merge(pair.old, old, paragraphs)

    def _table(self, index: int, now: Block) -> None:
        printed = self._printed[index]
        if printed.spot or printed.grid is None or not printed.grid.code or not isinstance(now, WordTable):
            why = printed.spot.locked if printed.spot else self._origins.why_not(printed)
            self._told.refuse(index, text_of([printed.block]), text_of([now]), why)
            return
        if not isinstance(printed.block, WordTable):
            return
        for found in compare(printed.grid, printed.block, now, self._origins.report):
            if isinstance(found, OtherWords):
                why = Message("{name} {why}", name=found.what, why=reasons.BY_FORM)
                self._told.refuse(index, found.before, found.after, why)
            else:
                self._told.cells.append(found)
        if now.rows == printed.block.rows:
            before, after = (" ".join(table.looks) for table in (printed.block, now))
            self._told.refuse(index, before, after, self._origins.why_not(printed))

    def _merge(self, index: int, old: Sequence[Printed], new: Sequence[WordParagraph]) -> None:
        spot = spot_of(old[0])
        before = text_of([one.block for one in old])
        for looks, escape in WAYS:
            merged = merge(
                old, new, self._rewriter.content(spot), partial(self._places.prefix, index), escape=escape, looks=looks
            )
            wanted = paragraphs_of(merged.target, new)
            edits = [*merged.edits, *self._new_prefix(index, new[0])]
            instead: dict[int, Sequence[Block]] = {index + step: () for step in range(len(old))}
            instead[index] = wanted
            rewrite = Rewrite(spot.slug, tuple(edits), instead, looks=looks)
            if edits and not self._rewriter.first([rewrite]):
                continue
            if edits:
                note = reasons.without(merged.dropped)
                self._told.changes.append(
                    Change(EDITED, spot.path, spot.line, *differing(before, text_of(wanted)), note)
                )
            self._told.rest(index, merged, new, looks=looks)
            return
        self._told.refuse(index, *differing(before, text_of(new)), reasons.by_hand(spot.path, spot.line))

    def _new_prefix(self, index: int, new: WordParagraph) -> Iterator[Edit]:
        """The edit that makes a paragraph a heading or part of a list, or none any more."""
        old = self._printed[index]
        spot = spot_of(old)
        if isinstance(old.block, WordParagraph) and kind(old.block) != kind(new):
            line = self._rewriter.content(spot)[spot.begin : spot.end]
            yield Edit(spot.begin, spot.begin + prefix_length(line), self._places.prefix(index - 1, new))

    def _replaced(self, old: int, new: int | None) -> None:
        """A paragraph that gave way to another one, or one of the house's that is gone."""
        printed = self._printed[old]
        block = self._blocks[new] if new is not None else None
        after = text_of([block]) if block else ""
        if printed.spot is None:
            name = self._origins.what(printed)[0]
            self._told.refuse(old, text_of([printed.block]) or name, after, self._origins.why_not(printed))
            return
        spot = printed.spot
        fits = isinstance(block, WordParagraph) and isinstance(printed.block, WordParagraph) and block.heading != 1
        if spot.locked or not fits or not isinstance(block, WordParagraph):
            self._told.refuse(old, text_of([printed.block]), after, spot.locked or Message("only words can stand here"))
            return
        for looks, escape in WAYS:
            words = self._places.prefix(old - 1, block) + written(block.letters, escape=escape, looks=looks)
            rewrite = Rewrite(spot.slug, (Edit(spot.begin, spot.end, words),), {old: (block,)}, looks=looks)
            if self._rewriter.first([rewrite]):
                note = reasons.anew([reference.tag for reference in spot.references])
                self._told.changes.append(
                    Change(EDITED, spot.path, spot.line, shortened(printed.text), shortened(block.text), note)
                )
                self._told.looks(old, [block], looks=looks)
                return
        self._told.refuse(old, printed.text, block.text, reasons.by_hand(spot.path, spot.line))

    def _insert(self, new: int, at: int) -> None:
        block = self._blocks[new]
        if isinstance(block, WordTable) or block.heading == 1:
            why = reasons.NO_TABLE if isinstance(block, WordTable) else reasons.NO_HEADING
            self._told.refuse(at - 1, "", text_of([block]), why)
            return
        rewrites = list(self._places.rewrites(at, block))
        rewrite = self._rewriter.first(rewrites)
        if rewrite is None:
            why = Message("cannot be put in by itself: change the file") if rewrites else reasons.NO_PLACE
            self._told.refuse(at - 1, "", block.text, why)
            return
        place = self._places.beside(at)
        path, line = self._rewriter.narratives[rewrite.slug].path, place[2].line if place else 1
        note = (reasons.BESIDE_LIST if self._leaves_list(at, block) else "") if place else Message("a new file")
        self._told.changes.append(Change(Message("added"), path, line, "", shortened(block.text), note))
        self._told.looks(at - 1, [block], looks=rewrite.looks)

    def _leaves_list(self, at: int, block: WordParagraph) -> bool:
        """Whether a new paragraph at the margin ends a list's item that goes on above, or parts a list."""
        above, below = (self._printed[at - 1].block, self._printed[min(at, len(self._printed) - 1)].block)
        if block.listed or block.within or not isinstance(above, WordParagraph):
            return False
        goes_on = isinstance(below, WordParagraph) and (below.listed or below.within > 0)
        return above.within > 0 or (above.listed and goes_on)

    def look_beside(self, word: WordDocument, own: WordDocument, pictures: Sequence[OwnPicture], template: str) -> None:
        """Name what the document has otherwise than the report beside its words.

        ``own`` is the report, ``pictures`` are its own and those of ``template``, the office's (empty: it has none).
        """
        names = {one.what for one in own.extras}
        self._besides.extras([one for one in word.extras if one.what not in {*names, reasons.PICTURE}])
        self._besides.pictures(pictures, [one for one in word.extras if one.what == reasons.PICTURE])
        self._besides.margins(own.margins, word.margins, template)

    def _old_of(self, block: int) -> int:
        """The printed block that stands for the document's one, or the nearest before it."""
        return max((pair.old for pair in self._pairs if pair.new <= block and pair.old < pair.old_end), default=0)

    def _place_of(self, block: int) -> str:
        return self._origins.place(self._old_of(block))

    def _numbers(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        """The new texts with the numbers of the document's lists; refuse those that Markdown cannot have."""
        found = numbered(self._rewriter, texts, self._blocks)
        for one in found.taken:
            before, after = f"{one.before}.", f"{one.after}."
            self._told.changes.append(Change(EDITED, one.spot.path, one.spot.line, before, after))
        for one in found.left:
            place = self._old_of(one.block)
            self._told.refuse(place, f"{one.before}.", f"{one.after}.", reasons.OTHER_NUMBER)
        return found.texts

    def _place_of_tracked(self, one: Tracked) -> str:
        """Where a tracked change stands: that of a whole paragraph which is gone, at the paragraph that it was."""
        for pair in self._pairs:
            if pair.new == pair.new_end == one.block:
                words = text_of([printed.block for printed in self._printed[pair.old : pair.old_end]])
                if one.words and one.words in words:
                    return self._origins.place(pair.old)
        return self._place_of(one.block)

    def outcome(self, file: str, word: WordDocument) -> Taken:
        """All of it."""
        for slug in self._rewriter.clashing():
            path = self._rewriter.narratives[slug].path
            self._rewriter.drop(slug)
            for change in [one for one in self._told.changes if one.path == path]:
                self._told.changes.remove(change)
                self._told.refused.append(Refusal(path, change.before, change.after, reasons.NOT_TOGETHER))
        texts = self._numbers(self._rewriter.texts())
        narratives = self._rewriter.narratives
        cells = tuple(self._told.cells)
        return Taken(
            self._origins.report.key,
            file,
            tuple(self._told.changes),
            tuple(self._told.refused),
            cells,
            tuple(broken_balances(self._origins.report, self._origins.previous, cells)),
            tuple(Note(t.kind, t.author, t.words, "", self._place_of_tracked(t)) for t in word.tracked),
            tuple(Note(Message("comment"), c.author, c.words, c.about, self._place_of(c.block)) for c in word.comments),
            tuple(NewText(narratives[slug].path, narratives[slug].content, text) for slug, text in texts.items()),
            tuple(self._besides.notes),
        )
