"""What is told of the edits of one document, gathered as they are gone through."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.errors.language import shortened
from nianbao.pipeline.take import reasons
from nianbao.pipeline.take.cells import CellChange
from nianbao.pipeline.take.merge import Merged
from nianbao.pipeline.take.outcome import Change, Refusal
from nianbao.pipeline.take.rewrites import Origins, styles
from nianbao.pipeline.take.word_blocks import WordParagraph, text_of


class Told:
    """Changes of narratives, refusals by name, proposals for cells."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self.changes: list[Change] = []
        self.refused: list[Refusal] = []
        self.cells: list[CellChange] = []

    def place(self, index: int) -> str:
        """Where a printed block stands."""
        return self._origins.place(index)

    def refuse(self, index: int, before: str, after: str, why: str) -> None:
        """An edit at a printed block that is not taken back."""
        self.refused.append(Refusal(self._origins.place(index), before, after, why))

    def rest(self, index: int, merged: Merged, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """What of a merged paragraph was not brought over: bound numbers, and emphasis."""
        for kept in merged.kept:
            self.refuse(index, kept.before, kept.after, self._origins.kept(kept))
        self.looks(index, new, looks=looks)

    def looks(self, index: int, new: Sequence[WordParagraph], *, looks: bool) -> None:
        """Emphasis that was not brought over where ``looks`` says so."""
        block = self._origins.printed[index].block
        old = set(styles(block.letters)) if isinstance(block, WordParagraph) else set()
        if not looks and any(set(styles(one.letters)) != old for one in new):
            self.refuse(index, "", shortened(text_of(new)), reasons.NO_LOOKS)
