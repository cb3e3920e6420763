"""Where edits land: candidates for a file's new text, of which the first that prints what the document says is taken.

May import: take.merge, take.printed, take.word_blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.pipeline.take.merge import Edit
from nianbao.pipeline.take.printed import Narrative, Printed, Printer, Spot
from nianbao.pipeline.take.word_blocks import Letter, WordParagraph, WordTable

_BLANKS = re.compile(r"\n(?:[ \t\u3000]*\n)*")
Block = WordParagraph | WordTable


@dataclass(frozen=True)
class Landing:
    """Edits of one narrative, and what it is to print then.

    ``instead``: the blocks in the place of a printed one, by its number in the report; ``before`` and ``after``: those
    that come beside it. ``looks``: emphasis must be as the document has it.
    """

    slug: str
    edits: tuple[Edit, ...]
    instead: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    before: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    after: Mapping[int, Sequence[Block]] = field(default_factory=dict)
    looks: bool = True


class Lander:
    """Tries landings on the narratives of one report, and remembers those that were taken."""

    def __init__(self, printer: Printer, narratives: Mapping[str, Narrative], printed: Sequence[Printed]) -> None:
        self.narratives = narratives
        self.taken: list[Landing] = []
        self._printer = printer
        self._printed = printed

    def first(self, candidates: Iterable[Landing]) -> Landing | None:
        """The first candidate whose file prints what it says, taken; None where there is none."""
        for landing in candidates:
            if self._prints(landing.slug, [landing]):
                self.taken.append(landing)
                return landing
        return None

    def content(self, spot: Spot) -> str:
        """The text of the spot's file."""
        return self.narratives[spot.slug].content

    def deletion(self, spot: Spot) -> Edit:
        """The edit that takes the lines out, with the blank ones under them."""
        content = self.narratives[spot.slug].content
        if not content[spot.end :].strip():
            return Edit(len(content[: spot.begin].rstrip()), spot.end, "")
        blanks = _BLANKS.match(content, spot.end)
        tight = spot.begin and content[spot.begin - 2 : spot.begin] != "\n\n"
        return Edit(spot.begin, spot.end + 1 if tight or not blanks else blanks.end(), "")

    def insertion(
        self, place: tuple[int, str, Spot], words: str, block: WordParagraph, *, looks: bool = True
    ) -> Landing:
        """The landing of a new paragraph beside a printed one: its number, the side, and its spot."""
        index, side, spot = place
        beside = self._printed[index].block
        listed = block.listed and isinstance(beside, WordParagraph) and beside.listed
        gap = "\n" if listed else "\n\n"
        if side == "after":
            return Landing(spot.slug, (Edit(spot.end, spot.end, gap + words),), after={index: (block,)}, looks=looks)
        return Landing(spot.slug, (Edit(spot.begin, spot.begin, words + gap),), before={index: (block,)}, looks=looks)

    def drop(self, slug: str) -> None:
        """Forget the landings of a narrative."""
        self.taken = [landing for landing in self.taken if landing.slug != slug]

    def texts(self) -> dict[str, str]:
        """The new text of each narrative that changes, with all landings; without any where they do not go together."""
        found: dict[str, str] = {}
        for slug in dict.fromkeys(landing.slug for landing in self.taken):
            landings = [landing for landing in self.taken if landing.slug == slug]
            text = _edited(self.narratives[slug].content, landings)
            if text != self.narratives[slug].content:
                found[slug] = text
        return found

    def clashing(self) -> list[str]:
        """The narratives whose landings print something else together than each does alone."""
        slugs = dict.fromkeys(landing.slug for landing in self.taken)
        return [slug for slug in slugs if not self._prints(slug, [one for one in self.taken if one.slug == slug])]

    def _prints(self, slug: str, landings: Sequence[Landing]) -> bool:
        narrative = self.narratives[slug]
        text = _edited(narrative.content, landings)
        now = self._printer.blocks(Narrative(narrative.part, narrative.path, text))
        wanted = list(self._wanted(slug, landings))
        looks = all(landing.looks for landing in landings)
        return len(now) == len(wanted) and all(
            same(one, other, looks=looks) for one, other in zip(now, wanted, strict=True)
        )

    def _wanted(self, slug: str, landings: Sequence[Landing]) -> Iterable[Block]:
        if not any(one.spot and one.spot.slug == slug for one in self._printed):
            for landing in landings:
                yield from landing.after.get(-1, ())
        for index, one in enumerate(self._printed):
            if one.spot is None or one.spot.slug != slug:
                continue
            for landing in landings:
                yield from landing.before.get(index, ())
            instead = [landing.instead[index] for landing in landings if index in landing.instead]
            yield from instead[-1] if instead else (one.block,)
            for landing in landings:
                yield from landing.after.get(index, ())


def same(one: Block, other: Block, *, looks: bool) -> bool:
    """Whether two blocks read alike: words, kind, and emphasis where that is asked for."""
    if isinstance(one, WordTable) or isinstance(other, WordTable):
        return one == other
    if one.text != other.text or kind(one) != kind(other):
        return False
    return not looks or one.heading > 0 or styles(one.letters) == styles(other.letters)


def styles(letters: Sequence[Letter]) -> list[tuple[bool, bool]]:
    """The emphasis of each letter that can be seen."""
    return [(letter.bold, letter.italic) for letter in letters if not letter.char.isspace()]


def kind(block: WordParagraph) -> tuple[bool, bool, bool, int]:
    """Heading or not, in a list or not, in one that counts, and its level there."""
    return block.heading > 0, block.listed, block.ordered, block.depth


def _edited(content: str, landings: Sequence[Landing]) -> str:
    edits = [edit for landing in landings for edit in landing.edits]
    return apply(content, edits)


def apply(content: str, edits: Sequence[Edit], offset: int = 0) -> str:
    """The text with the edits made; ``offset`` is where the text begins in that which the edits count in."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.begin, edit.end)):
        begin, end = max(edit.begin - offset, position), max(edit.end - offset, position)
        parts += [content[position:begin], edit.words]
        position = end
    return "".join([*parts, content[position:]])
