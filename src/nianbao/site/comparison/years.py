"""One office over its years, from the reports of the portal: the tables of all years, the words of the last two.

May import: form, model, site.entries, and the other modules of the comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.form import EDITIONS, SECTIONS
from nianbao.form.cells import parse
from nianbao.model import ReportKey
from nianbao.site.comparison.tables import compared_tables
from nianbao.site.comparison.values import ComparedTable, ComparedWords, ReportSide
from nianbao.site.comparison.words import compared_words
from nianbao.site.entries import Entry


@dataclass(frozen=True)
class OverYears:
    """The tables of an office's years, the earliest first, with the last change; the words of the last two years.

    Of table 3 only the totals are there: with all columns the page would be seven times as long.
    """

    years: tuple[int, ...]
    tables: tuple[ComparedTable, ...]
    words: tuple[ComparedWords, ...]


def over_years(entries: Sequence[Entry]) -> OverYears:
    """The reports of one office, two or more, side by side."""
    sides = [_side(entry) for entry in sorted(entries, key=lambda entry: entry.year)]
    tables = tuple(_short(table) for table in compared_tables(sides, base=-2))
    return OverYears(tuple(side.key.year for side in sides), tables, compared_words(*sides[-2:]))


def _side(entry: Entry) -> ReportSide:
    form = EDITIONS[entry.edition].cells
    cells = {ref: parse(entry.cells.get(str(ref), ""), kind) for ref, kind in form.items()}
    slugs = {section.slug for section in SECTIONS}
    sentences = {slug: tuple(text.splitlines()) for slug, text in entry.texts if slug in slugs}
    return ReportSide(ReportKey(entry.office, entry.year), entry.name, entry.edition, cells, sentences, {})


def _short(table: ComparedTable) -> ComparedTable:
    """The table without what only one year has, which stands in that year's report and in the notes."""
    lines = tuple(line for line in table.lines if sum(stated.value is not None for stated in line.values) > 1)
    if table.code == "applications":
        lines = tuple(line for line in lines if line.code.endswith(".total"))
    return ComparedTable(table.code, table.caption, lines, table.notes)
