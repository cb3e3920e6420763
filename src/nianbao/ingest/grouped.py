"""Group lines: the text that stands before a run of values, and that run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from nianbao.form import Shape
from nianbao.ingest.carrier import Line, Place, has_too_many
from nianbao.ingest.repeats import without_repeats
from nianbao.ingest.row_numbers import without_row_numbers
from nianbao.ingest.tokens import Part, is_page_number, is_separator, is_tabular, parts_of
from nianbao.ingest.words import TableWords, bare, core, without_brackets


@dataclass
class Group:
    """A run of values and what is written before it since the run before.

    ``texts`` are the cells or lines of that text, ``heads`` the cells of its ruled lines, ``values`` the run, blanks
    included. ``ruled``: blanks are seen. ``together``: the values stand in one line. ``place`` is where the group
    begins. ``depth`` is how many labels span the row that the group was found to be.
    """

    place: Place
    texts: list[str] = field(default_factory=list)
    values: list[Part] = field(default_factory=list)
    ruled: bool = False
    together: bool = False
    index: int = 0
    depth: int = 0
    heads: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text before the values, without its line breaks."""
        return "".join(self.texts)

    @property
    def row_place(self) -> Place:
        """Where its row stands: at its first value, for heads may stand before its label."""
        return next((value.place for value in self.values), self.place)

    @property
    def printed(self) -> list[str]:
        """The values that are no blanks, as they are printed."""
        return [value.text for value in self.filled]

    @property
    def filled(self) -> list[Part]:
        """The values without the blanks."""
        return [value for value in self.values if value.text]


@dataclass
class GroupedLines:
    """A table's lines in groups, in reading order; ``rest`` is the text after the last values.

    ``prose`` are the lines between that belong to no table, ``head_lines`` the cells of ruled lines without values.
    """

    groups: list[Group] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    head_lines: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def texts(self) -> Iterator[str]:
        """All text, group by group."""
        yield from (group.text for group in self.groups)
        yield "".join(self.rest)


def grouped_lines(lines: Iterable[Line], words: TableWords, most: int) -> GroupedLines:
    """The groups of the lines; plain lines that hold sentences are set aside as prose.

    Raises IngestError where there are more than ``most`` groups.
    """
    builder = _Builder()
    labels = frozenset(form for row in words.rows for form in (*row.cores, *_numbered(words, row.code)))
    across = words.table.shape is Shape.ACROSS
    known = labels | frozenset(words.heads) | frozenset(words.groups)
    for line in turned(without_row_numbers(without_repeats(list(lines))), words):
        if not line.text:
            if line.ruled:
                builder.blanks(line)
            continue
        if is_separator(line) or is_page_number(line.text):
            continue
        parts = parts_of(line, labels, known, leading=across)
        if line.ruled or is_tabular(parts):
            builder.line(parts, line)
            if len(builder.grouped.groups) > most:
                raise has_too_many(f"{most:,} rows of values in one table")
        else:
            builder.grouped.prose.append(line)
    builder.close()
    return builder.grouped


def turned(lines: Sequence[Line], words: TableWords) -> Iterator[Line]:
    """The lines, with tables that have the form's rows side by side turned so that these stand below each other."""
    labels = {form for row in words.rows for form in (*row.cores, *_numbered(words, row.code))}
    heads = {core(without_brackets(column.label)) for column in words.table.columns.values()}
    index = 0
    while index < len(lines):
        line = lines[index]
        width = len(line.cells)
        body: list[Line] = []
        if line.ruled and width > 1 and all(_named(cell, labels) for cell in line.cells[1:]):
            for other in lines[index + 1 :]:
                if not (other.ruled and len(other.cells) == width and core(without_brackets(other.cells[0])) in heads):
                    break
                body.append(other)
        if not body:
            yield line
            index += 1
            continue
        for column in range(width):
            cells = tuple(one.cells[column] for one in (line, *body))
            yield replace(line, cells=cells, places=tuple(one.place_of(column) for one in (line, *body)))
        index += 1 + len(body)


def _named(cell: str, labels: set[str]) -> bool:
    return core(cell) in labels or bare(cell) in labels


def _numbered(words: TableWords, code: str) -> tuple[str, ...]:
    """The row's label with its Chinese numeral, as a core: 七总计."""
    label = words.table.rows[code].label
    return core(label), core(without_brackets(label))


class _Builder:
    def __init__(self) -> None:
        self.grouped = GroupedLines()
        self._open: Group | None = None

    def close(self) -> None:
        """End the group that is open; what is written next begins another."""
        if self._open is not None and self._open.values:
            self._open.index = len(self.grouped.groups)
            self.grouped.groups.append(self._open)
        elif self._open is not None:
            self.grouped.rest += self._open.texts
        self._open = None

    def blanks(self, line: Line) -> None:
        """A row of nothing but blanks: the padding of the row above, or its blank cells."""
        if self._open is not None:
            count = len(line.cells)
            self._open.values += [
                Part("", line.place_of(index), is_value=True, index=index, length=count) for index in range(count)
            ]

    def line(self, parts: list[Part], line: Line) -> None:
        """One line that belongs to the table."""
        filled = sum(part.is_value and bool(part.text) for part in parts)
        joined = False
        for part in parts:
            if part.is_value:
                group = self._group(line.place)
                group.values.append(part)
            else:
                if self._open is not None and self._open.values:
                    self.close()
                group = self._group(line.place)
                if joined and not line.ruled:
                    group.texts[-1] += part.text
                else:
                    group.texts.append(part.text)
            joined = not part.is_value
            group.ruled = line.ruled
        has_text = any(not part.is_value for part in parts)
        has_value = any(part.is_value for part in parts)
        # Values in the line of their label, or in one line with each other, are a row; a single value in a line of
        # its own may have the rest of its row in the lines below.
        if line.ruled and has_text and not filled and len(line.cells) > 1:
            self.grouped.head_lines.append(line.cells)
            self._group(line.place).heads.append(line.cells)
        if self._open is not None and has_value and (has_text or filled > 1):
            self._open.together = True
            self.close()

    def _group(self, place: Place) -> Group:
        if self._open is None:
            texts, self.grouped.rest = self.grouped.rest, []
            self._open = Group(place, texts)
        return self._open
