"""What the report prints now, paragraph by paragraph, each with the line of the narrative that it comes from.

What is printed is read from the DOCX that the exporter makes, as the edited one is read: so nothing differs but what
was edited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nianbao.export import export
from nianbao.export.blocks import Block, Heading, TableBlock
from nianbao.export.document import Document
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import Grid
from nianbao.inputs import markdown_lines, render
from nianbao.inputs.attachments import parted
from nianbao.inputs.prose import tidied
from nianbao.model import OfficeYear, Source, Text
from nianbao.pipeline.take.narratives import Narrative, Part, Spot, part_of, spots_of
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, WordTable


@dataclass(frozen=True)
class Printed:
    """A printed block: as the DOCX holds it, its part, and its place in the narrative or None; tables their grid.

    ``template`` is the office's template where the block is that one's own, outside the report.
    """

    block: WordParagraph | WordTable
    part: Part | None
    spot: Spot | None = None
    grid: Grid | None = None
    template: str = ""

    @property
    def text(self) -> str:
        """The words; of a table none."""
        return self.block.text if isinstance(self.block, WordParagraph) else ""


def spot_of(printed: Printed) -> Spot:
    """The place of a block of a narrative; ValueError where it is of none."""
    if printed.spot is None:
        raise ValueError("is not of a narrative")
    return printed.spot


class Printer:
    """Prints narratives of one report, and the whole report, as the blocks of a Word document."""

    def __init__(
        self,
        report: OfficeYear,
        previous: Callable[[], OfficeYear | None],
        document: Document,
        around: tuple[int, int] = (0, 0),
    ) -> None:
        """``around``: how many blocks the office's template has before the report, and after it."""
        self.report = report
        self._previous = previous
        self._document = document
        self._around = around

    def whole(self, narratives: Sequence[Narrative]) -> list[Printed]:
        """The report's blocks in reading order, those of narratives with their place in the files."""
        parts = {part.heading: part for part in map(part_of, self.report.edition.sections)}
        parts |= {narrative.part.heading: narrative.part for narrative in narratives}
        grids = [block.grid for block in self._document.blocks if isinstance(block, TableBlock)]
        printed: list[Printed] = []
        part: Part | None = None
        for block in self._as_word(self._document.blocks):
            if isinstance(block, WordTable):
                printed.append(Printed(block, part, grid=grids.pop(0) if grids else None))
                continue
            part = parts.get(block.text, part) if block.heading == 1 else part
            printed.append(Printed(block, part))
        for narrative in narratives:
            self._place(narrative, printed)
        return printed

    def word(self) -> WordDocument:
        """The report's document as it is read, with that of the template around it."""
        return self._word(self._document.blocks)

    def _place(self, narrative: Narrative, printed: list[Printed]) -> None:
        """Give the narrative's blocks their places, where the report has them as the narrative alone prints them."""
        own = self.blocks(narrative)
        if not own:
            return
        texts = [_words(block) for block in own]
        for first in range(len(printed) - len(own) + 1):
            run = printed[first : first + len(own)]
            if run[0].part == narrative.part and [_words(one.block) for one in run] == texts:
                for index, spot in enumerate(spots_of(narrative, own, *self._lines(narrative))):
                    printed[first + index] = replace(run[index], spot=spot)
                return

    def blocks(self, narrative: Narrative) -> list[WordParagraph | WordTable]:
        """What the narrative prints."""
        markdown = "\n".join(line for line, _ in self._lines(narrative)[0])
        # A heading that stands alone would become one of the first level.
        return list(self._as_word((Heading(1, "首"), *blocks_of_markdown(markdown, narrative.part.role)))[1:])

    def placed(self, narrative: Narrative) -> list[tuple[WordParagraph | WordTable, Spot]]:
        """What the narrative prints, each block with its place in the file."""
        own = self.blocks(narrative)
        return list(zip(own, spots_of(narrative, own, *self._lines(narrative)), strict=True))

    def _as_word(self, blocks: Sequence[Block]) -> Sequence[WordParagraph | WordTable]:
        """What a document of these blocks prints, with the styles and lists of the office's template."""
        printed = self._word(blocks).blocks
        before, after = self._around
        return printed[before : len(printed) - after]

    def _word(self, blocks: Sequence[Block]) -> WordDocument:
        document = replace(self._document, blocks=tuple(blocks), draft=False)
        return read_word(export(document, "docx")[0].content, "report.docx")

    def _lines(self, narrative: Narrative) -> tuple[list[tuple[str, int]], dict[int, list[tuple[str, str]]]]:
        """Markdown's lines with the file's line (from 1) of each; by line what references wrote, of what numbers."""
        template, _ = tidied(narrative.content, narrative.part.titles, narrative.path)
        if narrative.part.attached:
            _, template = parted(template)
        text = Text(narrative.part.slug, template.rstrip() + "\n", Source(narrative.path))
        rendered = render(text, self.report, self._previous)
        wrote: dict[int, list[tuple[str, str]]] = {}
        for piece in rendered.pieces:
            bound = [b.expression for b in rendered.bindings if piece.start <= b.start and b.end <= piece.end]
            wrote.setdefault(piece.line, []).append((rendered.text[piece.start : piece.end], " ".join(bound)))
        lines = [(line, rendered.lines[index]) for line, index in markdown_lines(rendered.text)]
        return lines, wrote


def _words(block: WordParagraph | WordTable) -> object:
    return block.text if isinstance(block, WordParagraph) else block.rows
