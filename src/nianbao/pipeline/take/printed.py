"""What the report prints now, paragraph by paragraph, each with the line of the narrative that it comes from.

What is printed is read from the DOCX that the exporter makes, as the edited one is read: so nothing differs but what
was edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt

from nianbao.errors.language import Message
from nianbao.export import export
from nianbao.export.blocks import Block, Heading, TableBlock
from nianbao.export.document import Document
from nianbao.export.markdown import blocks_of_markdown
from nianbao.form import Grid, Section
from nianbao.inputs import markdown_lines, render
from nianbao.inputs.attachments import parted
from nianbao.inputs.prose import tidied
from nianbao.model import OfficeYear, Source, Text
from nianbao.pipeline.take.word import read_word
from nianbao.pipeline.take.word_blocks import WordDocument, WordParagraph, WordTable

BY_STATEMENT = Message("a statement, {statement}, writes this paragraph: change the file", statement="{% … %}")
Role = Literal["body", "note"]
_TAG = re.compile(r"[{｛]\s*[{｛].*?[}｝]\s*[}｝]")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_PREFIX = re.compile(r"[ \t\u3000]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+)*(?:#{1,6}[ \t]*)?[ \t\u3000]*")
_STATEMENT = re.compile(r"\{%-?\s*(\w+)")


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a line: which letters of the paragraph it printed, how it is written, and of what numbers."""

    start: int
    end: int
    tag: str
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a printed paragraph stands in its narrative.

    ``spans`` gives each letter's place in the file's text (offsets; all letters of a reference have the whole tag's),
    ``begin`` and ``end`` those of its lines. ``locked`` says why nothing can be changed there, if so.
    """

    slug: str
    path: str
    line: int
    begin: int
    end: int
    spans: tuple[tuple[int, int], ...] = ()
    references: tuple[Reference, ...] = ()
    locked: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section or an attachment: its slug, the heading with which it begins, and titles that its file may repeat.

    ``role`` is that of its paragraphs; an attachment (``attached``) has its title in its own file.
    """

    slug: str
    heading: str
    titles: frozenset[str] = frozenset()
    role: Role = "body"
    attached: bool = False


def part_of(section: Section) -> Part:
    """A section as a part of the report."""
    return Part(section.slug, section.heading, section.titles, "note" if section.table else "body")


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


@dataclass(frozen=True)
class Narrative:
    """The file of a section or an attachment: its text with newlines as line ends ("" where there is no file)."""

    part: Part
    path: str
    content: str


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
                for index, spot in enumerate(self._spots(narrative, own)):
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
        return list(zip(own, self._spots(narrative, own), strict=True))

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

    def _spots(self, narrative: Narrative, own: Sequence[WordParagraph | WordTable]) -> Iterator[Spot]:
        """The place of each printed block in the file."""
        lines, wrote = self._lines(narrative)
        ranges = list(_ranges("\n".join(line for line, _ in lines)))
        content = narrative.content
        offsets = [0, *(match.end() for match in re.finditer("\n", content)), len(content) + 1]
        locked = _locked_lines(content)
        if len(ranges) != len(own):
            lost = Message("its line in the file cannot be found")
            yield from (Spot(narrative.part.slug, narrative.path, 1, 0, 0, locked=lost) for _ in own)
            return
        numbers = [(lines[first][1], lines[end - 1][1]) for first, end in ranges]
        for block, (first, last) in zip(own, numbers, strict=True):
            spot = Spot(narrative.part.slug, narrative.path, first, offsets[first - 1], offsets[last] - 1)
            if isinstance(block, WordTable):
                yield replace(spot, locked=Message("a table among the words: change the file"))
            elif locked & set(range(first, last + 1)):
                yield replace(spot, locked=BY_STATEMENT)
            elif sum(one <= last and first <= other for one, other in numbers) > 1:
                yield replace(spot, locked=Message("its line prints several paragraphs: change the file"))
            else:
                words = [part for number in range(first, last + 1) for part in wrote.get(number, [])]
                yield _mapped(spot, content, block.text, words)


def prefix_length(line: str) -> int:
    """How many characters of a narrative's line are signs of Markdown before its words."""
    found = _PREFIX.match(line)
    return found.end() if found else 0


def _words(block: WordParagraph | WordTable) -> object:
    return block.text if isinstance(block, WordParagraph) else block.rows


def _ranges(markdown: str) -> Iterator[tuple[int, int]]:
    """The lines (from, up to) of each block that prints, in order."""
    depth = 0
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown):
        if token.type == "table_open" and token.map:
            yield token.map[0], token.map[1]
        depth += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.map and not depth and token.type == "inline" and token.content:
            yield token.map[0], token.map[1]
        if token.map and token.type in {"fence", "code_block"}:
            for index, line in enumerate(token.content.splitlines()):
                if line.strip():
                    yield token.map[0] + index, token.map[0] + index + 1


def _locked_lines(content: str) -> set[int]:
    """The lines of statements that print a part once, often or never, from the first to the last."""
    locked: set[int] = set()
    depth = 0
    for number, line in enumerate(content.split("\n"), start=1):
        names = _STATEMENT.findall(line)
        if depth or names:
            locked.add(number)
        depth += sum(name in {"if", "for"} for name in names) - sum(name in {"endif", "endfor"} for name in names)
    return locked


def _mapped(spot: Spot, content: str, printed: str, wrote: Sequence[tuple[str, str]]) -> Spot:
    """The spot with the place of each printed letter; locked where the line cannot be followed."""
    start = spot.begin
    source = content[start : spot.end]
    position = prefix_length(source)
    hidden = {at for match in _COMMENT.finditer(source) for at in range(*match.span())}
    tags = {match.start(): match for match in _TAG.finditer(source)}
    if len(tags) != len(wrote):
        return replace(spot, locked=Message("its references in the file cannot be found"))
    left = list(wrote)
    spans: list[tuple[int, int]] = []
    references: list[Reference] = []
    while position < len(source):
        if (tag := tags.get(position)) is not None:
            text, numbers = left.pop(0)
            if printed[len(spans) : len(spans) + len(text)] != text:
                return replace(spot, locked=Message("its references in the file cannot be found"))
            references.append(Reference(len(spans), len(spans) + len(text), tag[0], numbers))
            spans += [(start + tag.start(), start + tag.end())] * len(text)
            position = tag.end()
            continue
        same = len(spans) < len(printed) and _same(source[position], printed[len(spans)])
        if same and position not in hidden:
            spans.append((start + position, start + position + 1))
        position += 1
    if len(spans) != len(printed):
        return replace(spot, locked=Message("its words in the file cannot be followed letter by letter"))
    return replace(spot, spans=tuple(spans), references=tuple(references))


def _same(typed: str, printed: str) -> bool:
    return typed == printed or (typed.isspace() and printed == " " and typed != "\n")
