"""One office over its years, from the reports of the portal: tables and history of all years, words of the last two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from nianbao.errors.language import Message
from nianbao.form import EDITIONS, SECTIONS
from nianbao.form.cells import parse
from nianbao.model import ReportKey
from nianbao.site.comparison.history import history
from nianbao.site.comparison.tables import compared_tables
from nianbao.site.comparison.values import ABSENT, SUMMED, ComparedTable, ComparedWords, History, Line, ReportSide
from nianbao.site.comparison.words import compared_words
from nianbao.site.entries import Entry


@dataclass(frozen=True)
class YearsTable:
    """A statutory table's lines by rows; ``nothing`` counts the cells left out: in no year is anything but 0 stated."""

    caption: str
    notes: tuple[Message, ...]
    rows: tuple[tuple[str, tuple[Line, ...]], ...]
    nothing: int


@dataclass(frozen=True)
class OverYears:
    """An office's years, the earliest first: tables with the last change, history, the words of the last two years."""

    years: tuple[int, ...]
    tables: tuple[YearsTable, ...]
    history: History
    words: tuple[ComparedWords, ...]


def over_years(entries: Sequence[Entry]) -> OverYears:
    """The reports of one office, two or more, side by side."""
    sides = [_side(entry) for entry in sorted(entries, key=lambda entry: entry.year)]
    tables = tuple(_short(table) for table in compared_tables(sides, base=-2))
    return OverYears(tuple(side.key.year for side in sides), tables, history(sides), compared_words(*sides[-2:]))


def _side(entry: Entry) -> ReportSide:
    form = EDITIONS[entry.edition].cells
    cells = {ref: parse(entry.cells.get(str(ref), ""), kind) for ref, kind in form.items()}
    slugs = {section.slug for section in SECTIONS}
    sentences = {slug: tuple(text.splitlines()) for slug, text in entry.texts if slug in slugs}
    return ReportSide(ReportKey(entry.office, entry.year), entry.name, entry.edition, cells, sentences, {})


def _short(table: ComparedTable) -> YearsTable:
    """The table without what only one year has, which stands in that year's report and in the notes."""
    lines = [line for line in table.lines if sum(stated.value is not None for stated in line.values) > 1]
    stating = [line for line in lines if not _says_nothing(line)]
    rows = tuple((row, tuple(members)) for row, members in groupby(stating, key=lambda line: line.row))
    return YearsTable(table.caption, table.notes, rows, len(lines) - len(stating))


def _says_nothing(line: Line) -> bool:
    """Whether every year that has the cell states 0, or every one leaves it blank."""
    shown = {stated.shown.removesuffix(SUMMED) for stated in line.values if stated.value is not None}
    return shown in ({"0"}, {ABSENT})
