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
        return {slug: Prose(slug, self._filled(text), text.source) for slug, text in self.report.texts.items()}

    @cached_property
    def attachments(self) -> tuple[Prose, ...]:
        """Titles and texts of the attachments as they will be printed."""
        texts = (text for each in self.report.attachments.values() for text in (each.title, each.text))
        return tuple(Prose(text.slug, self._filled(text), text.source) for text in texts)

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
    """One section's text as it will be printed, with its bound numbers and its source."""

    slug: str
    rendered: Rendered
    source: Source

    @property
    def text(self) -> str:
        """The text itself."""
        return self.rendered.text

    def source_at(self, position: int) -> Source:
        """The line of the file from which the words at an offset come; a published file's section has no lines."""
        if self.source.place:
            return self.source
        count = bisect_right(self._line_ends, position - 1)
        lines = self.rendered.lines
        line = lines[count] if count < len(lines) else count + (self.source.line or 1)
        return Source(self.source.path, line, self.source.column, self.source.place)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]
