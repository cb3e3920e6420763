"""What an edited document is read into: paragraphs of letters, tables, tracked changes, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nianbao.errors.language import Message


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of a paragraph with its emphasis, and the address that it links to (empty: none).

    ``marks`` are looks that no narrative has, by name; ``size`` is in half points, 0 where it is the style's.
    """

    char: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    marks: frozenset[str] = frozenset()
    size: int = 0


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table's rows of cells' texts; the lower parts of merged cells are left out.

    ``looks`` are its words that stand out, as Markdown writes them: **bold**, *emphasis*, [linked](address).
    """

    rows: tuple[tuple[str, ...], ...]
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph: its letters, its level as a heading (0: none), its list's kind and level, its number there.

    ``within``: of how many levels of lists a paragraph without a mark is part (0: of none).
    """

    letters: tuple[Letter, ...]
    heading: int = 0
    listed: bool = False
    ordered: bool = False
    depth: int = 0
    number: int = 0
    within: int = 0

    @property
    def text(self) -> str:
        """The words without their looks."""
        return "".join(letter.char for letter in self.letters)


def first_items(blocks: Sequence[WordParagraph | WordTable]) -> dict[int, int]:
    """Index -> number of each paragraph that begins a list that counts, at its outer level."""
    found: dict[int, int] = {}
    open_list = False
    for index, block in enumerate(blocks):
        if not isinstance(block, WordParagraph):
            open_list = False
        elif block.listed and block.ordered and not block.depth:
            if not open_list:
                found[index] = block.number
            open_list = True
        else:
            open_list = open_list and (bool(block.within) or block.depth > 0)
    return found


def jumping_items(blocks: Sequence[WordParagraph | WordTable]) -> dict[int, int]:
    """Index -> number of each counted item that does not go on from the one before it in its list and level."""
    found: dict[int, int] = {}
    open_levels: dict[int, int] = {}
    for index, block in enumerate(blocks):
        if not isinstance(block, WordParagraph) or not (block.listed or block.within):
            open_levels = {}
        elif block.listed:
            last = open_levels.get(block.depth, 0)
            open_levels = {level: number for level, number in open_levels.items() if level < block.depth}
            open_levels[block.depth] = block.number
            if last and block.number and block.number != last + 1:
                found[index] = block.number
    return found


def number_of(block: WordParagraph | WordTable) -> str:
    """The number of an item as it is shown; empty for what is not counted."""
    return f"{block.number}." if isinstance(block, WordParagraph) and block.number else ""


def text_of(blocks: Sequence[WordParagraph | WordTable]) -> str:
    """The words of blocks on one line."""
    return "⏎".join(b.text if isinstance(b, WordParagraph) else " ".join(map(" ".join, b.rows)) for b in blocks)


def paragraphs_of(letters: Sequence[Letter], shapes: Sequence[WordParagraph]) -> list[WordParagraph]:
    """The letters as paragraphs, parted at line breaks, each in its shape."""
    parts: list[list[Letter]] = [[]]
    for letter in letters:
        if letter.char == "\n":
            parts.append([])
        else:
            parts[-1].append(letter)
    return [replace(shapes[min(i, len(shapes) - 1)], letters=tuple(part)) for i, part in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class Tracked:
    """A tracked change: what was done, by whom, to which words, after how many blocks of the document."""

    kind: str
    author: str
    words: str
    block: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment: who says what of which words, after how many blocks of the document."""

    author: str
    words: str
    about: str
    block: int


@dataclass(frozen=True, slots=True)
class Extra:
    """Something that no narrative can hold, after how many blocks of the document; ``look``: words that look so."""

    what: Message
    block: int
    look: bool = False


@dataclass(frozen=True)
class WordDocument:
    """What an edited document holds; ``extras`` are things that no narrative can hold."""

    title: str
    blocks: tuple[WordParagraph | WordTable, ...]
    tracked: tuple[Tracked, ...]
    comments: tuple[Comment, ...]
    extras: tuple[Extra, ...]
