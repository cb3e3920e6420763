"""What an edited document is read into: paragraphs of letters, tables, tracked changes, comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def lines_of(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """The lines of a paragraph: a break in it is what Chinese writers make a new paragraph with."""
    line: list[Letter] = []
    for letter in letters:
        if letter.char == "\n":
            yield line
            line = []
        else:
            line.append(letter)
    yield line


def stripped(line: Sequence[Letter]) -> Sequence[Letter]:
    """The letters without space at both ends."""
    first = next((index for index, letter in enumerate(line) if letter.char.strip()), len(line))
    last = next((index for index in range(len(line), 0, -1) if line[index - 1].char.strip()), 0)
    return line[first:last]


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
    """Something that no narrative can hold, after how many blocks of the document.

    ``look``: words that look so; ``picture``: the bytes of a picture, where they are in the file.
    """

    what: Message
    block: int
    look: bool = False
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Margin:
    """Words, a watermark's too, or a picture in a header or footer; ``used``: pages show that part."""

    words: str
    content: bytes = b""
    picture: bool = False
    used: bool = True


@dataclass(frozen=True)
class WordDocument:
    """What an edited document holds; ``extras`` are things that no narrative can hold."""

    title: str
    blocks: tuple[WordParagraph | WordTable, ...]
    tracked: tuple[Tracked, ...]
    comments: tuple[Comment, ...]
    extras: tuple[Extra, ...]
    margins: tuple[Margin, ...] = ()
