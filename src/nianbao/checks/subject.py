"""Owns what the rules look at: one office-year, last year's, and its texts with the references filled in.

May import: errors, form, inputs, model.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from nianbao.errors import InputError
from nianbao.form import CellRef
from nianbao.inputs import Rendered, render
from nianbao.model import Cell, Evidence, OfficeYear, ReportKey, Source, Text

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
        """The texts that can be filled in, by section; those that cannot are in ``broken``."""
        return self._rendered[0]

    @cached_property
    def preamble(self) -> Prose | None:
        """What a published report says above section 1."""
        text = self.report.preamble
        return None if text is None else Prose(text.slug, Rendered(text.template, ()), text.source)

    @cached_property
    def broken(self) -> tuple[tuple[Text, InputError], ...]:
        """The texts whose references lead nowhere, with what is wrong."""
        return self._rendered[1]

    @cached_property
    def _rendered(self) -> tuple[dict[str, Prose], tuple[tuple[Text, InputError], ...]]:
        texts: dict[str, Prose] = {}
        broken: list[tuple[Text, InputError]] = []
        for slug, text in self.report.texts.items():
            try:
                texts[slug] = Prose(slug, self._filled(text), text.source)
            except InputError as error:
                broken.append((text, error))
        return texts, tuple(broken)

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
        """The line of an offset; references never span lines, so rendered and written lines agree."""
        line = bisect_right(self._line_ends, position - 1) + (self.source.line or 1)
        return Source(self.source.path, line, self.source.column, self.source.place)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]
