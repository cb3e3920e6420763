"""Let each edit of a document land in its narrative, or refuse it by name; nothing is passed over.

May import: take's other modules but take.taking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nianbao.pipeline.take.align import Pair, likeness, pairs
from nianbao.pipeline.take.cells import CellChange, OtherWords, broken_balances, compare
from nianbao.pipeline.take.house import House
from nianbao.pipeline.take.landing import Block, Lander, Landing, apply, kind, same, styles
from nianbao.pipeline.take.merge import Edit, Merged, merge, prefix_of, written
from nianbao.pipeline.take.outcome import Change, NewText, Note, Refusal, Taken, differing, short
from nianbao.pipeline.take.printed import Printed, Spot, prefix_length
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, WordTable, paragraphs_of, text_of

_MOVED = 0.9
# Whether emphasis is brought over and signs of Markdown are written as such: tried in this order.
_WAYS = ((True, False), (True, True), (False, False), (False, True))


class Edits:
    """The edits of one document against what the report prints."""

    def __init__(self, house: House, lander: Lander, blocks: Sequence[Block]) -> None:
        self._house = house
        self._lander = lander
        self._printed = house.printed
        self._blocks = blocks
        self._pairs = list(pairs(house.printed, blocks))
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
        self._refused.append(Refusal(self._house.place(index), before, after, why))

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
            name, why = self._house.what(old[0])
            self._refuse(pair.old, before, after, f"{name}{why}")
        elif locked or len({one.spot.path for one in old if one.spot}) > 1:
            self._refuse(pair.old, before, after, locked or "两段分属两个文件，不能合并")
        else:
            self._merge(pair.old, old, paragraphs)

    def _table(self, index: int, now: Block) -> None:
        printed = self._printed[index]
        if printed.spot or printed.grid is None or not printed.grid.code or not isinstance(now, WordTable):
            why = printed.spot.locked if printed.spot else self._house.what(printed)[1]
            self._refuse(index, text_of([printed.block]), text_of([now]), why)
            return
        if isinstance(printed.block, WordTable):
            for found in compare(printed.grid, printed.block, now, self._house.report):
                if isinstance(found, OtherWords):
                    self._refuse(index, found.before, found.after, f"{found.what}由年报格式规定，不能在文档中修改")
                else:
                    self._cells.append(found)

    def _merge(self, index: int, old: Sequence[Printed], new: Sequence[WordParagraph]) -> None:
        spot = _spot(old[0])
        before = text_of([one.block for one in old])
        for looks, escape in _WAYS:
            merged = merge(old, new, self._lander.content(spot), escape=escape, looks=looks)
            wanted = paragraphs_of(merged.target, new)
            edits = [*merged.edits, *self._new_prefix(old[0], new[0])]
            instead: dict[int, Sequence[Block]] = {index + step: () for step in range(len(old))}
            instead[index] = wanted
            landing = Landing(spot.slug, tuple(edits), instead, looks=looks)
            if edits and not self._lander.first([landing]):
                continue
            if edits:
                note = f"随文字删去的引用：{'、'.join(merged.dropped)}" if merged.dropped else ""
                self._changes.append(Change("改", spot.path, spot.line, *differing(before, text_of(wanted)), note))
            self._tell_rest(index, merged, new, looks=looks)
            return
        self._refuse(index, *differing(before, text_of(new)), f"不能自动放回，请直接改 {spot.path}:{spot.line}")

    def _tell_rest(self, index: int, merged: Merged, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """What of a merged paragraph was not brought over: bound numbers, and emphasis."""
        for kept in merged.kept:
            self._refuse(index, kept.before, kept.after, self._house.kept(kept))
        self._tell_looks(index, new, looks=looks)

    def _tell_looks(self, index: int, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """Emphasis that was not brought over where ``looks`` says so."""
        block = self._printed[index].block
        old = set(styles(block.letters)) if isinstance(block, WordParagraph) else set()
        if not looks and any(set(styles(one.letters)) != old for one in new):
            self._refuse(index, "", short(text_of(new)), "加粗、强调等格式不能自动放回，请直接改文件")

    def _new_prefix(self, old: Printed, new: WordParagraph) -> Iterator[Edit]:
        """The edit that makes a paragraph a heading or an item of a list, or none any more."""
        spot = _spot(old)
        if isinstance(old.block, WordParagraph) and kind(old.block) != kind(new):
            line = self._lander.content(spot)[spot.begin : spot.end]
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
        content = self._lander.content(spot)
        place = self._place_for(at)
        if place is None or not isinstance(block, WordParagraph):
            self._refuse(old, printed.text, text_of([block]), "移到的位置不在叙述文字中，未移动")
            return
        merged = merge([printed], [block], content, escape=False, looks=True)
        words = apply(content[spot.begin : spot.end], merged.edits, spot.begin)
        (wanted,) = paragraphs_of(merged.target, [block])
        there = self._lander.insertion(place, words, wanted)
        gone = Landing(spot.slug, (self._lander.deletion(spot),), {old: ()})
        if there.slug == spot.slug:
            gone = replace(there, edits=(*gone.edits, *there.edits), instead={old: ()})
        if (there.slug != spot.slug and not self._lander.first([there])) or not self._lander.first([gone]):
            self._refuse(old, printed.text, block.text, "不能自动移动，请直接改文件")
            return
        where = f"移到{self._house.place(place[0])}"
        self._changes.append(Change("移", spot.path, spot.line, short(printed.text), where))
        self._tell_rest(old, merged, [block], looks=True)

    def _replaced(self, old: int, new: int | None) -> None:
        """A paragraph that gave way to another one, or one of the house's that is gone."""
        printed = self._printed[old]
        block = self._blocks[new] if new is not None else None
        after = text_of([block]) if block else ""
        if printed.spot is None:
            name, why = self._house.what(printed)
            self._refuse(old, text_of([printed.block]) or name, after, f"{name}{why}")
            return
        spot = printed.spot
        fits = isinstance(block, WordParagraph) and isinstance(printed.block, WordParagraph) and block.heading != 1
        if spot.locked or not fits or not isinstance(block, WordParagraph):
            self._refuse(old, text_of([printed.block]), after, spot.locked or "此处只能放文字")
            return
        for looks, escape in _WAYS:
            words = prefix_of(block) + written(block.letters, escape=escape, looks=looks)
            landing = Landing(spot.slug, (Edit(spot.begin, spot.end, words),), {old: (block,)}, looks=looks)
            if self._lander.first([landing]):
                tags = "、".join(reference.tag for reference in spot.references)
                note = f"整段重写，删去的引用：{tags}" if tags else "整段重写"
                self._changes.append(Change("改", spot.path, spot.line, short(printed.text), short(block.text), note))
                self._tell_looks(old, [block], looks=looks)
                return
        self._refuse(old, printed.text, block.text, f"不能自动放回，请直接改 {spot.path}:{spot.line}")

    def _delete(self, old: int) -> None:
        printed = self._printed[old]
        spot = _spot(printed)
        landing = Landing(spot.slug, (self._lander.deletion(spot),), {old: ()})
        before = text_of([printed.block])
        if spot.locked and not isinstance(printed.block, WordTable):
            self._refuse(old, before, "", spot.locked)
        elif not self._lander.first([landing]):
            self._refuse(old, before, "", f"不能自动删去，请直接改 {spot.path}:{spot.line}")
        else:
            tags = "、".join(reference.tag for reference in spot.references)
            note = f"随文字删去的引用：{tags}" if tags else ""
            self._changes.append(Change("删", spot.path, spot.line, short(before), "", note))

    def _place_for(self, at: int) -> tuple[int, str, Spot] | None:
        """The paragraph of a narrative beside which a new one before the printed block ``at`` belongs, and its side."""
        for step, side in ((-1, "after"), (1, "before")):
            index = at - 1 if step < 0 else at
            while index in self._gone and 0 <= index < len(self._printed):
                index += step
            spot = self._printed[index].spot if 0 <= index < len(self._printed) else None
            if spot and spot.end and ("模板" not in spot.locked):
                return index, side, spot
        return None

    def _insert(self, new: int, at: int) -> None:
        block = self._blocks[new]
        place = self._place_for(at)
        if isinstance(block, WordTable) or block.heading == 1:
            what = "新增的表格" if isinstance(block, WordTable) else "新增的一级标题"
            self._refuse(at - 1, "", text_of([block]), f"{what}不能放入叙述文字，请直接改文件")
            return
        like = self._lander.content(place[2])[place[2].begin : place[2].end] if place else ""
        for looks, escape in _WAYS:
            words = prefix_of(block, like) + written(block.letters, escape=escape, looks=looks)
            beside = self._lander.insertion(place, words, block, looks=looks) if place else None
            landing = beside or self._new_file(at, words, block, looks=looks)
            if landing is None:
                self._refuse(at - 1, "", block.text, "此处不是叙述文字，新写的段落无处可放")
                return
            if self._lander.first([landing]):
                path, line = self._lander.narratives[landing.slug].path, place[2].line if place else 1
                self._changes.append(Change("增", path, line, "", short(block.text), "" if place else "新建文件"))
                self._tell_looks(at - 1, [block], looks=looks)
                return
        self._refuse(at - 1, "", block.text, "不能自动放入，请直接改文件")

    def _new_file(self, at: int, words: str, block: WordParagraph, *, looks: bool) -> Landing | None:
        """A landing in a section that has no narrative yet: its file begins with the paragraph."""
        section = self._printed[at - 1].section if 0 < at <= len(self._printed) else None
        if section is None or self._lander.narratives[section.slug].content.strip():
            return None
        gap = "\n" if any(landing.slug == section.slug for landing in self._lander.taken) else ""
        return Landing(section.slug, (Edit(0, 0, f"{gap}{words}\n"),), after={-1: (block,)}, looks=looks)

    def look_at_extras(self, extras: Sequence[tuple[str, int]], pictures: int) -> None:
        """Refuse by name what no narrative can hold: pictures, boxes, notes at the foot, words in the margins."""
        found = [what for what, _ in extras if what == "图片"]
        for what, block in extras:
            if what == "图片" and len(found) <= pictures:
                continue
            self._refuse(self._old_of(block), "", what, "叙述文字放不下，未取回")
        if len(found) < pictures:
            self._refuse(-1, f"{pictures}幅图", f"{len(found)}幅图", "图由笔记本画出，不能在文档中增删")

    def _old_of(self, block: int) -> int:
        """The printed block that stands for the document's one, or the nearest before it."""
        return max((pair.old for pair in self._pairs if pair.new <= block and pair.old < pair.old_end), default=0)

    def _place_of(self, block: int) -> str:
        return self._house.place(self._old_of(block))

    def outcome(self, file: str, word: WordDocument) -> Taken:
        """All of it."""
        for slug in self._lander.clashing():
            path = self._lander.narratives[slug].path
            self._lander.drop(slug)
            for change in [one for one in self._changes if one.path == path]:
                self._changes.remove(change)
                self._refused.append(
                    Refusal(path, change.before, change.after, "各处改动合在一起不能自动放回，请直接改文件")
                )
        texts = self._lander.texts()
        narratives = self._lander.narratives
        cells = tuple(self._cells)
        return Taken(
            self._house.report.key,
            file,
            tuple(self._changes),
            tuple(self._refused),
            cells,
            tuple(broken_balances(self._house.report, self._house.previous, cells)),
            tuple(Note(t.kind, t.author, t.words, "", self._place_of(t.block)) for t in word.tracked),
            tuple(Note("批注", c.author, c.words, c.about, self._place_of(c.block)) for c in word.comments),
            tuple(NewText(narratives[slug].path, narratives[slug].content, text) for slug, text in texts.items()),
        )


def _spot(printed: Printed) -> Spot:
    if printed.spot is None:
        raise ValueError("is not of a narrative")
    return printed.spot
