"""One office's tables over the years: the cells of every edition on common rows, with the change from year to year.

May import: form, site.entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nianbao.form import EDITIONS, CellRef, place_name
from nianbao.form.cells import CellKind, parse
from nianbao.site.entries import Entry

ABSENT = "—"  # the edition of that year has no such cell


@dataclass(frozen=True)
class Line:
    """One cell over the years: its label, what each report prints (the earliest first), and the last change."""

    label: str
    values: tuple[str, ...]
    change: str


@dataclass(frozen=True)
class Compared:
    """One table over the years."""

    caption: str
    years: tuple[int, ...]
    lines: tuple[Line, ...]


def compared(entries: Sequence[Entry]) -> Iterator[Compared]:
    """The statutory tables of one office's reports side by side; of table 3, the column of totals.

    Rows are those of the editions in which the reports are, in the form's order; a row that an edition does not have is
    ABSENT there: its value is not worked out from others.
    """
    ordered = sorted(entries, key=lambda entry: entry.year)
    editions = [EDITIONS[code] for code in EDITIONS if any(entry.edition == code for entry in ordered)]
    for code in dict.fromkeys(table.code for edition in editions for table in edition.tables):
        refs = dict.fromkeys(
            ref
            for edition in editions
            for ref in edition.table(code).cells
            if code != "applications" or ref.column == "total"
        )
        lines = tuple(_line(ref, ordered) for ref in refs)
        caption = editions[-1].table(code).caption
        yield Compared(caption, tuple(entry.year for entry in ordered), lines)


def _line(ref: CellRef, entries: Sequence[Entry]) -> Line:
    values = tuple(entry.cells.get(str(ref), ABSENT) for entry in entries)
    label = place_name(ref.table, ref.row, None if ref.table == "applications" else ref.column).split(" · ", 1)[1]
    return Line(label, values, _change(values[-2:]))


def _change(values: Sequence[str]) -> str:
    """The last value less the one before, with its sign; nothing where one of them is no number."""
    if len(values) < 2:
        return ""
    before, now = (parse(value, CellKind.MONEY).number for value in values)
    if before is None or now is None:
        return ""
    more = Decimal(now) - Decimal(before)
    return f"{more:+f}" if more else "0"
