"""What the rules look at: one office-year, last year's, and its texts with the references filled in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nianbao.form import CellRef
from nianbao.inputs import Rendered, render
from nianbao.model import Cell, Evidence, InputIssue, OfficeYear, ReportKey, Source, Text

_TEMPLATE = re.compile(r"\{[{%#]")


@dataclass(frozen=True)
class Subject:
    """One office-year with last year's where it is there; ``bound``: its texts state numbers by reference."""

    report: OfficeYear
    previous: OfficeYear | None = None
    bound: bool = True

    @property
    def key(self) -> ReportKey:
        """Which office-year."""
        return self.report.key

    def evidence(self, ref: CellRef, *, last: bool = False) -> Evidence:
        """The cell with its value and source, of this year or of last year."""
        report = self.previous if last and self.previous else self.report
        cell: Cell | None = report.cells.get(ref)
        year = report.key.year if last else None
        return Evidence(ref, report.value(ref), cell.source if cell else None, year)

    @cached_property
    def texts(self) -> Mapping[str, Prose]:
        """The texts as they will be printed, by section; a reference that leads nowhere is a gap in them."""
        return {
            slug: Prose(slug, self._filled(text), text.source, text.template)
            for slug, text in self.report.texts.items()
        }

    @cached_property
    def attachments(self) -> tuple[Prose, ...]:
        """Titles and texts of the attachments as they will be printed."""
        texts = (text for each in self.report.attachments.values() for text in (each.title, each.text))
        return tuple(Prose(text.slug, self._filled(text), text.source, text.template) for text in texts)

    @cached_property
    def preamble(self) -> Prose | None:
        """What a published report says above section 1."""
        text = self.report.preamble
        return None if text is None else Prose(text.slug, Rendered(text.template, ()), text.source)

    @cached_property
    def issues(self) -> tuple[InputIssue, ...]:
        """What is wrong with the inputs and with the references in the texts, in the order of the form."""
        read = (*self.texts.values(), *self.attachments)
        rendered = [issue for prose in read for issue in prose.rendered.issues]
        return (*self.report.issues, *rendered)

    def _filled(self, text: Text) -> Rendered:
        if not self.bound or not _TEMPLATE.search(text.template):
            return Rendered(text.template, ())
        return render(text, self.report, self.previous)


@dataclass(frozen=True)
class Prose:
    """One section's text as it will be printed, its bound numbers, its source, and the template that it is from."""

    slug: str
    rendered: Rendered
    source: Source
    template: str = ""

    @property
    def text(self) -> str:
        """The text itself."""
        return self.rendered.text

    def source_at(self, position: int) -> Source:
        """The line and column of the file from which the words at an offset come.

        A published file's section has no lines; a column that is not certain is left out.
        """
        if self.source.place:
            return self.source
        count = bisect_right(self._line_ends, position - 1)
        lines = self.rendered.lines
        line = lines[count] if count < len(lines) else count + (self.source.line or 1)
        column = self._column(position, count, line)
        return Source(self.source.path, line, str(column) if column else self.source.column, self.source.place)

    def _column(self, position: int, count: int, line: int) -> int | None:
        """The column from 1 in a line of the template: that of the words up to the nearest references."""
        start = begin = self._line_ends[count - 1] + 1 if count else 0
        stop = end = self._line_ends[count] if count < len(self._line_ends) else len(self.text)
        pieces = self.rendered.pieces
        following = bisect_right(pieces, position, key=lambda piece: piece.end)
        if following:
            start = max(start, pieces[following - 1].end)
        if following < len(pieces):
            stop = max(start, min(stop, pieces[following].start))
        place = (begin, start, stop, end, line)
        if place not in self._written:
            self._written[place] = self._found(*place)
        at = self._written[place]
        return None if at is None else at + min(position, stop) - start + 1

    def _found(self, begin: int, start: int, stop: int, end: int, line: int) -> int | None:
        """Where in its line of the template stand the words between two references; None where that is not certain."""
        written = self._template_lines[line - 1] if line <= len(self._template_lines) else ""
        words = self.text[start:stop]
        if not words:
            return 0 if start == begin and written else None
        if written.count(words) != self.text.count(words, begin, end):
            # A reference prints the same words, or holds them in its own.
            return None
        at = -1
        for _ in range(self.text.count(words, begin, start) + 1):
            at = written.find(words, at + 1)
        return at if at >= 0 else None

    @cached_property
    def _written(self) -> dict[tuple[int, int, int, int, int], int | None]:
        return {}

    @cached_property
    def _template_lines(self) -> list[str]:
        return self.template.split("\n")

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]
