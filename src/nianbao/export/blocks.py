"""The blocks of a document: what can be set on a page, as frozen values. Knows no notebook and no format."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from nianbao.form import Grid
from nianbao.form.cells import State


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; ``href`` is an http, https or mailto address, or None."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """The report's title in its customary lines: the office's name, then the year and kind of report."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 for the six sections (一、), 2 for （一）, 3 for 1.; ``anchor`` is its link target.

    ``new_page`` begins a page with it, in formats that have pages.
    """

    level: int
    text: str
    anchor: str | None = None
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentList:
    """The titles of the report's attachments, listed under its text; several are numbered from 1."""

    titles: tuple[str, ...]

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Each line in its three parts: 附件： (in the first alone), the number with its point, and the title."""
        several = len(self.titles) > 1
        return tuple(
            ("" if index else "附件：", f"{index + 1}." if several else "", title)
            for index, title in enumerate(self.titles)
        )

    @property
    def tabbed(self) -> tuple[str, ...]:
        """Each line as a document of Word has it: a tab between number and title."""
        return tuple(f"{lead}{number}\t{title}" if number else f"{lead}{title}" for lead, number, title in self.lines)


@dataclass(frozen=True, slots=True)
class Attachment:
    """The head of an attachment, with which a page begins; the blocks after it are the attachment's.

    ``mark`` is 附件, or 附件1 where there are several.
    """

    mark: str
    title: str

    @property
    def text(self) -> str:
        """Mark and title in one line."""
        return f"{self.mark} {self.title}"

    @property
    def anchor(self) -> str:
        """Its link target: attachment, attachment-1."""
        return "-".join(filter(None, ("attachment", self.mark.removeprefix("附件"))))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``role`` tells body text from the preamble, a note under a table, or a plain notice."""

    runs: tuple[Run, ...]
    role: Literal["body", "preamble", "note", "notice"] = "body"

    @property
    def text(self) -> str:
        """The paragraph's text without its styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list, counted from ``start`` if it is ordered; each item holds paragraphs and lists of the next level."""

    ordered: bool
    items: tuple[tuple[Paragraph | ListBlock, ...], ...]
    start: int = 1


Side = Literal["left", "center", "right"]
# Words longer than this are read as phrases, which begin at the left.
_LONG_WORD = 8
# A number as a table has it: signed, with a share's sign or a measure word.
_FIGURE = re.compile(r"[-+−–±]?\d[\d,]*(?:\.\d+)?\s*(?:[%％‰]|[^\W\d_]{0,2})")


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table, statutory (``grid.code`` is set) or the analyst's own.

    ``align`` is the alignment that the author gave each column (none given: empty); ``styled`` holds the runs of cells
    with bold, italic or linked words, by row and column of their place in the grid.
    """

    grid: Grid
    align: tuple[Side | None, ...] = ()
    styled: tuple[tuple[int, int, tuple[Run, ...]], ...] = ()

    def aligned(self, column: int) -> Side | None:
        """The alignment that the author gave a column, its head included."""
        return self.align[column] if column < len(self.align) else None

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """By column, where its cells stand under its head: one side for all of them, whatever each holds.

        The author's, else left for words and right for numbers; those that label their rows (序号) in the middle. Words
        among numbers (持平) stand as those do, where they are short. None in the form's tables, whose labels and values
        differ within a column.
        """
        columns = range(len(self.grid.widths))
        if self.grid.code:
            return tuple(map(self.aligned, columns))
        sides: list[Side] = ["left"] * len(self.grid.widths)
        cells = [(x, cell) for _, x, cell in self.grid.placed() if cell.role != "head" and cell.colspan == 1]
        for x, cell in cells:
            if cell.state == State.NUMBER or _FIGURE.fullmatch(cell.text):
                sides[x] = "center" if cell.role == "label" else "right"
        for x, cell in cells:
            if len(cell.text) > _LONG_WORD and not _FIGURE.fullmatch(cell.text):
                sides[x] = "left"
        return tuple(self.aligned(x) or side for x, side in enumerate(sides))

    @property
    def cell_sides(self) -> dict[tuple[int, int], Side | None]:
        """The side of each cell by row and column: its column's, but a head's where the author gave it one."""
        sides = self.sides
        return {(y, x): self.aligned(x) if cell.role == "head" else sides[x] for y, x, cell in self.grid.placed()}

    @property
    def runs(self) -> dict[tuple[int, int], tuple[Run, ...]]:
        """The runs of the cells that have styles, by row and column."""
        return {(row, column): runs for row, column, runs in self.styled}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its alternative text; ``caption`` may be empty.

    ``place`` (notebook and cell) and ``bare`` (nobody wrote an alternative text, and ``alt`` stands in for it) are told
    to its author and printed nowhere.
    """

    format: Literal["svg", "png", "jpeg"]
    data: bytes
    alt: str
    caption: str = ""
    place: str = field(default="", compare=False)
    bare: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Closing:
    """The office's name and the date under the report, placed as for a seal or (not ``sealed``) without one."""

    lines: tuple[str, ...]
    sealed: bool = True


Block = Title | Heading | Paragraph | ListBlock | TableBlock | Picture | Closing | AttachmentList | Attachment
