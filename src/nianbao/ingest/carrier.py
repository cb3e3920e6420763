"""What every reader yields: lines of cells with their origin, whatever file they were read from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nianbao.errors import IngestError

# A report has about 350 cells and a few hundred lines of text; a file with this many is none, and would only cost
# memory. Large enough for a yearbook that holds the report of a whole city.
MAX_CELLS = 200_000
# Characters of text in all: the longest reports have some 50,000.
MAX_CHARACTERS = 2_000_000
# Lines and rows that hold anything: a report with one cell a line has 700.
MAX_LINES = 20_000
# Stands in a cell whose formula was never worked out; no text of a document has this character.
NO_RESULT = "\ue0f0"
# Stands in a cell whose number runs over a border into another cell, and may be two numbers.
OVER_BORDER = "\ue0f1"
# Stands for a character that a file shows and gives no meaning to: it can be seen, and not be told.
NO_CHARACTER = "\ufffd"
_UNREAD = str.maketrans({NO_RESULT: "（公式没有计算结果）", OVER_BORDER: "（数字越过边框，没有读取）"})

_ONLY_DIGITS = re.compile(r"[\d,.\s]+")

# Zero-width spaces and joiners, soft hyphens, marks of direction, byte order marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a page and a line, both from 1, and a cell in the words of its carrier."""

    page: int | None = None
    line: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = (
            f"page {self.page}" if self.page else "",
            f"line {self.line}" if self.line else "",
            self.cell or "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, or one row of a grid.

    ``cells`` holds a single text for a plain line. ``ruled``: the borders between the cells are known (a grid, tabs,
    pipes), so that an empty cell is a blank that was seen. ``closed``: nothing of the line can have been cut off.
    ``places`` has one entry a cell, or one for all. ``group`` names the element that holds the line, outermost first.
    """

    cells: tuple[str, ...]
    places: tuple[Place, ...]
    ruled: bool = False
    closed: bool = True
    group: tuple[int, ...] = ()
    heading: bool = False

    @property
    def text(self) -> str:
        """All cells as one text."""
        return " ".join(cell for cell in self.cells if cell)

    @property
    def stands_alone(self) -> bool:
        """Whether it is one text: no row of a grid, or one of whose cells only one holds anything."""
        return not self.ruled or sum(map(bool, self.cells)) == 1

    @property
    def place(self) -> Place:
        """Where the line begins."""
        return self.places[0]

    def place_of(self, index: int) -> Place:
        """Where one of its cells is."""
        return self.places[index] if len(self.places) > 1 else self.places[0]


@dataclass(frozen=True, slots=True)
class Carrier:
    """A file as read: its lines in reading order, where pictures stand, and the title that the file itself bears.

    ``pictures`` are the positions (indices into ``lines``) before which a picture stands; ``unsure`` those of texts
    that were left out because they look like a watermark and may be none, each text with its page.
    """

    kind: str
    lines: tuple[Line, ...]
    pictures: tuple[tuple[int, Place], ...] = ()
    title: str = ""
    unsure: tuple[tuple[int, Place, str], ...] = ()


def bounded(lines: Iterator[Line], where: str, *, may_be_empty: bool = False) -> tuple[Line, ...]:
    """All lines; IngestError as soon as they are more than any report has, or where no text is among them."""
    found: list[Line] = []
    cells = characters = count = 0
    for line in lines:
        cells += len(line.cells)
        characters += sum(map(len, line.cells))
        count += bool(line.text)
        if cells > MAX_CELLS or characters > MAX_CHARACTERS or count > MAX_LINES:
            raise has_too_many(f"{MAX_CELLS:,} cells, {MAX_CHARACTERS:,} characters or {MAX_LINES:,} lines", where)
        found.append(_without_invisible(line))
    if not may_be_empty and not any(line.text for line in found):
        raise IngestError(
            "holds no text",
            where=where,
            hint="is it the right file? pages that are pictures are not read",
            zh="文件中没有文字，请核对是否选对了文件；图片不能读取",
        )
    return tuple(found)


def legible(text: str) -> str:
    """The text as it is shown to people: what marks a cell as unread, in words."""
    return text.translate(_UNREAD)


def quoted(text: str) -> str:
    """The text as a message shows it: with a box for each letter that cannot be told."""
    return legible(text).replace(NO_CHARACTER, "□")


def may_have_drawn_digits(text: str) -> bool:
    """Whether a picture beside a cell's text may be a digit of it: nothing but digits is there."""
    return not text or _ONLY_DIGITS.fullmatch(text) is not None


def has_too_many(what: str, where: str | None = None) -> IngestError:
    """The error for a file with more of something than any report has."""
    return IngestError(
        f"holds more than {what}: no annual report does",
        where=where,
        hint="give the report alone, without the rest of the collection",
        zh="内容远超一份年报，没有读取，请只提供年报本身",
    )


def is_locked(where: str) -> IngestError:
    """The error for a file with a password."""
    hint, zh = "save it without one", "文件设有密码，请取消密码后另存"
    return IngestError("is protected by a password", where=where, hint=hint, zh=zh)


def _without_invisible(line: Line) -> Line:
    """The line without characters that have no width: they would split a number in two, or make it text."""
    if not any(map(_INVISIBLE.search, line.cells)):
        return line
    return replace(line, cells=tuple(_INVISIBLE.sub("", cell).strip() for cell in line.cells))


# One number whose digits (6 4) or thousands (1 326) are set apart, or several numbers.
_DIGITS = re.compile(r"[\d\uff10-\uff19](?:\s+[\d\uff10-\uff19])+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\s\d{3})+")
DIGITS_APART = re.compile(f"{_DIGITS.pattern}|{_THOUSANDS.pattern}")
_NUMBERS = re.compile(r"[\d\uff10-\uff19]+(?:\s+[\d\uff10-\uff19]+)*")
# So many numbers must be set so, and none that is long enough otherwise, to tell a way of setting from a slip.
_FEWEST_APART = 4


def without_spaces(text: str) -> str:
    """Digits that are set apart, closed up; any other text as it is."""
    return "".join(text.split()) if DIGITS_APART.fullmatch(text) else text


def with_digits_closed_up(carrier: Carrier) -> Carrier:
    """The file with its numbers in one piece where all that are long enough are set with spaces between."""
    cells = [cell.strip() for line in carrier.lines if line.ruled for cell in line.cells]
    numbers = [cell for cell in cells if _NUMBERS.fullmatch(cell)]
    for style, longest in ((_DIGITS, 1), (_THOUSANDS, 3)):
        apart = [cell for cell in numbers if style.fullmatch(cell)]
        if len(apart) >= _FEWEST_APART and all(len(cell) <= longest or style.fullmatch(cell) for cell in numbers):
            lines = tuple(
                replace(line, cells=tuple(without_spaces(cell.strip()) for cell in line.cells)) if line.ruled else line
                for line in carrier.lines
            )
            return replace(carrier, lines=lines)
    return carrier
