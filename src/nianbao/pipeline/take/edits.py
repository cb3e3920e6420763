"""Bring each edit of a document into its narrative, or refuse it by name; nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nianbao.errors.language import Message
from nianbao.pipeline.take import reasons
from nianbao.pipeline.take.align import Pair, likeness, pairs
from nianbao.pipeline.take.cells import CellChange, OtherWords, broken_balances, compare
from nianbao.pipeline.take.merge import Edit, Merged, merge, prefix_of, written
from nianbao.pipeline.take.outcome import Change, NewText, Note, Refusal, Taken, differing, short
from nianbao.pipeline.take.printed import BY_STATEMENT, Printed, Spot, prefix_length
from nianbao.pipeline.take.reasons import EDITED
from nianbao.pipeline.take.rewrites import Block, Origins, Rewrite, Rewriter, apply, kind, same, styles
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, WordTable, paragraphs_of, text_of

_MOVED = 0.9
# Whether emphasis is brought over and signs of Markdown are written as such: tried in this order.
_WAYS = ((True, False), (True, True), (False, False), (False, True))


class Edits:
    """The edits of one document against what the report prints."""

    def __init__(self, origins: Origins, rewriter: Rewriter, blocks: Sequence[Block]) -> None:
        self._origins = origins
        self._rewriter = rewriter
        self._printed = origins.printed
        self._blocks = blocks
        self._pairs = list(pairs(origins.printed, blocks))
        self._gone: list[int] = []
        self._fresh: dict[int, int] = {}  # the document's block -> the printed one before which it stands
        self._changes: list[Change] = []
        self._refused: list[Refusal] = []
        self._cells: list[CellChange] = []

    def run(self) -> None:
        """Go through all pairs, then through what moved, what is new in the place of another, what is gone or new."""
        for pair in self._pairs:
            if pair.old == pair.old_end:
                self._fresh[pair.new] = pair.old
            elif pair.new == pair.new_end:
                self._gone.append(pair.old)
            else:
                self._pair(pair)
        for old in list(self._gone):
            if (new := self._moved_to(old)) is not None:
                self._gone.remove(old)
                self._move(old, new, self._fresh.pop(new))
        for old in list(self._gone):
            near = next((new for new, at in self._fresh.items() if at in {old, old + 1}), None)
            if near is not None or self._printed[old].spot is None:
                self._gone.remove(old)
                self._replaced(old, near)
                self._fresh.pop(-1 if near is None else near, None)
        for old in self._gone:
            self._delete(old)
        for new, at in self._fresh.items():
            self._insert(new, at)

    def _refuse(self, index: int, before: str, after: str, why: str) -> None:
        self._refused.append(Refusal(self._origins.place(index), before, after, why))

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
            self._refuse(pair.old, before, after, self._origins.why_not(old[0]))
        elif locked or len({one.spot.path for one in old if one.spot}) > 1:
            self._refuse(pair.old, before, after, locked or Message("two paragraphs of two files cannot be joined"))
        else:
            self._merge(pair.old, old, paragraphs)

    def _table(self, index: int, now: Block) -> None:
        printed = self._printed[index]
        if printed.spot or printed.grid is None or not printed.grid.code or not isinstance(now, WordTable):
            why = printed.spot.locked if printed.spot else self._origins.why_not(printed)
            self._refuse(index, text_of([printed.block]), text_of([now]), why)
            return
        if isinstance(printed.block, WordTable):
            for found in compare(printed.grid, printed.block, now, self._origins.report):
                if isinstance(found, OtherWords):
                    why = Message("{name} {why}", name=found.what, why=reasons.BY_FORM)
                    self._refuse(index, found.before, found.after, why)
                else:
                    self._cells.append(found)

    def _merge(self, index: int, old: Sequence[Printed], new: Sequence[WordParagraph]) -> None:
        spot = _spot(old[0])
        before = text_of([one.block for one in old])
        for looks, escape in _WAYS:
            merged = merge(old, new, self._rewriter.content(spot), escape=escape, looks=looks)
            wanted = paragraphs_of(merged.target, new)
            edits = [*merged.edits, *self._new_prefix(old[0], new[0])]
            instead: dict[int, Sequence[Block]] = {index + step: () for step in range(len(old))}
            instead[index] = wanted
            rewrite = Rewrite(spot.slug, tuple(edits), instead, looks=looks)
            if edits and not self._rewriter.first([rewrite]):
                continue
            if edits:
                note = reasons.without(merged.dropped)
                self._changes.append(Change(EDITED, spot.path, spot.line, *differing(before, text_of(wanted)), note))
            self._tell_rest(index, merged, new, looks=looks)
            return
        self._refuse(index, *differing(before, text_of(new)), reasons.by_hand(spot.path, spot.line))

    def _tell_rest(self, index: int, merged: Merged, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """What of a merged paragraph was not brought over: bound numbers, and emphasis."""
        for kept in merged.kept:
            self._refuse(index, kept.before, kept.after, self._origins.kept(kept))
        self._tell_looks(index, new, looks=looks)

    def _tell_looks(self, index: int, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """Emphasis that was not brought over where ``looks`` says so."""
        block = self._printed[index].block
        old = set(styles(block.letters)) if isinstance(block, WordParagraph) else set()
        if not looks and any(set(styles(one.letters)) != old for one in new):
            self._refuse(index, "", short(text_of(new)), reasons.NO_LOOKS)

    def _new_prefix(self, old: Printed, new: WordParagraph) -> Iterator[Edit]:
        """The edit that makes a paragraph a heading or an item of a list, or none any more."""
        spot = _spot(old)
        if isinstance(old.block, WordParagraph) and kind(old.block) != kind(new):
            line = self._rewriter.content(spot)[spot.begin : spot.end]
            yield Edit(spot.begin, spot.begin + prefix_length(line), prefix_of(new))

    def _moved_to(self, old: int) -> int | None:
        """The new paragraph that is the one gone, at another place."""
        printed = self._printed[old]
        if printed.spot is None or printed.spot.locked or not isinstance(printed.block, WordParagraph):
            return None
        for new in self._fresh:
            block = self._blocks[new]
            if not isinstance(block, WordParagraph) or kind(block) != kind(printed.block):
                continue
            if likeness(printed.text, block.text) >= _MOVED:
                return new
        return None

    def _move(self, old: int, new: int, at: int) -> None:
        printed, block = self._printed[old], self._blocks[new]
        spot = _spot(printed)
        content = self._rewriter.content(spot)
        place = self._place_for(at)
        if place is None or not isinstance(block, WordParagraph):
            self._refuse(old, printed.text, text_of([block]), reasons.NO_NARRATIVE)
            return
        merged = merge([printed], [block], content, escape=False, looks=True)
        words = apply(content[spot.begin : spot.end], merged.edits, spot.begin)
        (wanted,) = paragraphs_of(merged.target, [block])
        there = self._rewriter.insertion(place, words, wanted)
        gone = Rewrite(spot.slug, (self._rewriter.deletion(spot),), {old: ()})
        if there.slug == spot.slug:
            gone = replace(there, edits=(*gone.edits, *there.edits), instead={old: ()})
        if (there.slug != spot.slug and not self._rewriter.first([there])) or not self._rewriter.first([gone]):
            self._refuse(old, printed.text, block.text, Message("cannot be moved by itself: change the file"))
            return
        where = Message("moved to {place}", place=self._origins.place(place[0]))
        self._changes.append(Change(Message("moved elsewhere"), spot.path, spot.line, short(printed.text), where))
        self._tell_rest(old, merged, [block], looks=True)

    def _replaced(self, old: int, new: int | None) -> None:
        """A paragraph that gave way to another one, or one of the house's that is gone."""
        printed = self._printed[old]
        block = self._blocks[new] if new is not None else None
        after = text_of([block]) if block else ""
        if printed.spot is None:
            name = self._origins.what(printed)[0]
            self._refuse(old, text_of([printed.block]) or name, after, self._origins.why_not(printed))
            return
        spot = printed.spot
        fits = isinstance(block, WordParagraph) and isinstance(printed.block, WordParagraph) and block.heading != 1
        if spot.locked or not fits or not isinstance(block, WordParagraph):
            self._refuse(old, text_of([printed.block]), after, spot.locked or Message("only words can stand here"))
            return
        for looks, escape in _WAYS:
            words = prefix_of(block) + written(block.letters, escape=escape, looks=looks)
            rewrite = Rewrite(spot.slug, (Edit(spot.begin, spot.end, words),), {old: (block,)}, looks=looks)
            if self._rewriter.first([rewrite]):
                note = reasons.anew([reference.tag for reference in spot.references])
                self._changes.append(Change(EDITED, spot.path, spot.line, short(printed.text), short(block.text), note))
                self._tell_looks(old, [block], looks=looks)
                return
        self._refuse(old, printed.text, block.text, reasons.by_hand(spot.path, spot.line))

    def _delete(self, old: int) -> None:
        printed = self._printed[old]
        spot = _spot(printed)
        rewrite = Rewrite(spot.slug, (self._rewriter.deletion(spot),), {old: ()})
        before = text_of([printed.block])
        if spot.locked and not isinstance(printed.block, WordTable):
            self._refuse(old, before, "", spot.locked)
        elif not self._rewriter.first([rewrite]):
            self._refuse(old, before, "", reasons.by_hand(spot.path, spot.line))
        else:
            note = reasons.without([reference.tag for reference in spot.references])
            self._changes.append(Change(Message("taken out"), spot.path, spot.line, short(before), "", note))

    def _place_for(self, at: int) -> tuple[int, str, Spot] | None:
        """The paragraph of a narrative beside which a new one before the printed block ``at`` belongs, and its side."""
        for step, side in ((-1, "after"), (1, "before")):
            index = at - 1 if step < 0 else at
            while index in self._gone and 0 <= index < len(self._printed):
                index += step
            spot = self._printed[index].spot if 0 <= index < len(self._printed) else None
            if spot and spot.end and spot.locked != BY_STATEMENT:
                return index, side, spot
        return None

    def _insert(self, new: int, at: int) -> None:
        block = self._blocks[new]
        place = self._place_for(at)
        if isinstance(block, WordTable) or block.heading == 1:
            why = reasons.NO_TABLE if isinstance(block, WordTable) else reasons.NO_HEADING
            self._refuse(at - 1, "", text_of([block]), why)
            return
        like = self._rewriter.content(place[2])[place[2].begin : place[2].end] if place else ""
        for looks, escape in _WAYS:
            words = prefix_of(block, like) + written(block.letters, escape=escape, looks=looks)
            beside = self._rewriter.insertion(place, words, block, looks=looks) if place else None
            rewrite = beside or self._new_file(at, words, block, looks=looks)
            if rewrite is None:
                self._refuse(at - 1, "", block.text, reasons.NO_PLACE)
                return
            if self._rewriter.first([rewrite]):
                path, line = self._rewriter.narratives[rewrite.slug].path, place[2].line if place else 1
                note = "" if place else Message("a new file")
                self._changes.append(Change(Message("added"), path, line, "", short(block.text), note))
                self._tell_looks(at - 1, [block], looks=looks)
                return
        self._refuse(at - 1, "", block.text, Message("cannot be put in by itself: change the file"))

    def _new_file(self, at: int, words: str, block: WordParagraph, *, looks: bool) -> Rewrite | None:
        """A rewrite in a section that has no narrative yet: its file begins with the paragraph."""
        part = self._printed[at - 1].part if 0 < at <= len(self._printed) else None
        if part is None or self._rewriter.narratives[part.slug].content.strip():
            return None
        gap = "\n" if any(rewrite.slug == part.slug for rewrite in self._rewriter.taken) else ""
        return Rewrite(part.slug, (Edit(0, 0, f"{gap}{words}\n"),), after={-1: (block,)}, looks=looks)

    def look_at_extras(self, extras: Sequence[tuple[str, int]], pictures: int) -> None:
        """Refuse by name what no narrative can hold: pictures, boxes, notes at the foot, words in the margins."""
        found = [what for what, _ in extras if what == reasons.PICTURE]
        for what, block in extras:
            if what == reasons.PICTURE and len(found) <= pictures:
                continue
            self._refuse(self._old_of(block), "", what, Message("a narrative cannot hold it: not taken back"))
        if len(found) < pictures:
            before, after = (Message("pictures: {count}", count=count) for count in (pictures, len(found)))
            self._refuse(-1, before, after, reasons.DRAWN)

    def _old_of(self, block: int) -> int:
        """The printed block that stands for the document's one, or the nearest before it."""
        return max((pair.old for pair in self._pairs if pair.new <= block and pair.old < pair.old_end), default=0)

    def _place_of(self, block: int) -> str:
        return self._origins.place(self._old_of(block))

    def outcome(self, file: str, word: WordDocument) -> Taken:
        """All of it."""
        for slug in self._rewriter.clashing():
            path = self._rewriter.narratives[slug].path
            self._rewriter.drop(slug)
            for change in [one for one in self._changes if one.path == path]:
                self._changes.remove(change)
                self._refused.append(Refusal(path, change.before, change.after, reasons.NOT_TOGETHER))
        texts = self._rewriter.texts()
        narratives = self._rewriter.narratives
        cells = tuple(self._cells)
        return Taken(
            self._origins.report.key,
            file,
            tuple(self._changes),
            tuple(self._refused),
            cells,
            tuple(broken_balances(self._origins.report, self._origins.previous, cells)),
            tuple(Note(t.kind, t.author, t.words, "", self._place_of(t.block)) for t in word.tracked),
            tuple(Note(Message("comment"), c.author, c.words, c.about, self._place_of(c.block)) for c in word.comments),
            tuple(NewText(narratives[slug].path, narratives[slug].content, text) for slug, text in texts.items()),
        )


def _spot(printed: Printed) -> Spot:
    if printed.spot is None:
        raise ValueError("is not of a narrative")
    return printed.spot
