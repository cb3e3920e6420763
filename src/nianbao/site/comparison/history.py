"""One office over its years: from its inputs for a comparison, from the portal's reports for the page of an office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from nianbao.errors.language import Message
from nianbao.form import EDITIONS, SECTIONS, CellRef, RowRole
from nianbao.form.cells import BLANK, parse
from nianbao.model import Number, ReportKey
from nianbao.site.comparison.tables import compared_tables
from nianbao.site.comparison.values import ABSENT, SUMMED, ComparedTable, ComparedWords, History, Line, ReportSide, Row
from nianbao.site.comparison.words import compared_words
from nianbao.site.entries import Entry


def history(sides: Sequence[ReportSide]) -> History:
    """The office over these years, in their order."""
    years = tuple(side.key.year for side in sides)
    return History(years, _results(sides), _applicants(sides), _figures(sides))


def told(years: Sequence[int], row: Row) -> str:
    """A row in words, for those who do not see its picture: every number with its year."""
    values = (
        f"{year}年{'未填' if value is None else f'{value}{row.unit}'}"
        for year, value in zip(years, row.values, strict=True)
    )
    return f"{row.label}：{'，'.join(values)}"


def _results(sides: Sequence[ReportSide]) -> tuple[Row, ...]:
    """The results of applications in the groups that both editions have: 予以公开, …, 其他处理."""
    groups: dict[str, None] = {}
    by_side = []
    for side in sides:
        table = EDITIONS[side.edition].table("applications")
        rows = [row for row in table.rows.values() if row.role is RowRole.RESULT]
        found = {}
        for group, members in groupby(rows, key=lambda row: row.group):
            found[group] = _sum(side, [CellRef(table.code, row.code, "total") for row in members])
            groups[group] = None
        by_side.append(found)
    return tuple(Row(group, tuple(found.get(group) for found in by_side)) for group in groups)


def _applicants(sides: Sequence[ReportSide]) -> tuple[Row, ...]:
    """Who applied: the year's new applications by the form's kinds of applicants."""
    kinds: dict[str, str] = {}
    for side in sides:
        columns = EDITIONS[side.edition].table("applications").columns
        kinds |= {code: column.label for code, column in columns.items() if code != "total"}
    ref = {code: CellRef("applications", "new", code) for code in kinds}
    return tuple(Row(label, tuple(_sum(side, [ref[code]]) for side in sides)) for code, label in kinds.items())


def _figures(sides: Sequence[ReportSide]) -> tuple[Row, ...]:
    keys = dict.fromkeys(key for side in reversed(sides) for key in side.figures)
    rows = []
    for key in keys:
        figures = [side.figures.get(key) for side in sides]
        label, unit = next((each.label, each.unit) for each in reversed(figures) if each)
        # A count in another unit is another count.
        rows.append(Row(label, tuple(each.number if each and each.unit == unit else None for each in figures), unit))
    return tuple(rows)


def _sum(side: ReportSide, refs: Sequence[CellRef]) -> Number | None:
    """The sum of these cells; None where one of them is no number."""
    numbers = [side.cells.get(ref, BLANK).number for ref in refs]
    there = [found for found in numbers if found is not None]
    return sum(there) if len(there) == len(refs) else None


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
