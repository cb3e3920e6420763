"""What each unit of an area has handed in, and when it publishes: the base of sums, status, statement and chart."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nianbao.form import CellRef, Edition, edition_for
from nianbao.form.cells import State
from nianbao.inputs.files import Files
from nianbao.inputs.settings import YearSettings, load_settings
from nianbao.inputs.tables import load_table
from nianbao.inputs.units.listing import Unit, load_units
from nianbao.model import Cell, Office, ReportKey, lawful_deadline


class UnitState(StrEnum):
    """What there is of a unit's figures."""

    GIVEN = "given"  # every cell is a number or stated not to apply
    PARTIAL = "partial"  # some cells are blank or no number
    MISSING = "missing"  # nothing was handed in
    SUMMED = "summed"  # an area without a report of its own: its units' sum


@dataclass(frozen=True, slots=True)
class Dates:
    """A unit's name, the last day on which it may publish, and the day on which it does; None where none is given.

    The deadline is that of the list of units, else of the office's own settings, else the law's.
    """

    name: str
    deadline: datetime.date
    published: datetime.date | None


def dates_of(files: Files, unit: Unit, year: int) -> Dates:
    """The dates of a unit's report for ``year``."""
    office, settings, _ = load_settings(files, ReportKey(unit.office, year))
    return _dates(unit, year, office, settings)


def _dates(unit: Unit, year: int, office: Office, settings: YearSettings) -> Dates:
    lawful = lawful_deadline(year + 1, area=office.covers_area)
    deadline = unit.deadline or settings.rules.deadline_in(year + 1) or lawful
    return Dates(unit.name or office.name, deadline, settings.published)


@dataclass(frozen=True)
class HandedIn:
    """A unit of the list with its dates, the state of its figures, and its cells (none where it has handed in none)."""

    unit: Unit
    dates: Dates
    state: UnitState
    cells: Mapping[CellRef, Cell]


def handed_in(files: Files, key: ReportKey) -> Iterator[HandedIn]:
    """Each unit that the area's list names, in its order; none for an office without a list."""
    files.years(key.office)  # lists that come or go later are told by the folder's listing
    listing = load_units(files, key)
    for unit in listing.offices.values() if listing else ():
        own = ReportKey(unit.office, key.year)
        office, settings, _ = load_settings(files, own)
        dates = _dates(unit, key.year, office, settings)
        if not has_figures(files, own):
            yield HandedIn(unit, dates, UnitState.MISSING, {})
            continue
        cells = cells_of(files, own, settings.edition)
        yield HandedIn(unit, dates, state_of(settings.edition, cells), cells)


def state_of(edition: Edition, cells: Mapping[CellRef, Cell]) -> UnitState:
    """Whether each cell of what an office states is a number, or said not to apply."""
    known = {State.NUMBER, State.NOT_APPLICABLE}
    whole = all(ref in cells and cells[ref].value.state in known for ref in edition.cells)
    return UnitState.GIVEN if whole else UnitState.PARTIAL


def has_figures(files: Files, key: ReportKey) -> bool:
    """Whether an office has handed in anything for the year: its workbook, or one of the three tables."""
    tables = [files.project.table_file(key, table.code) for table in edition_for(key.year).tables]
    return any(files.has(path) for path in (files.project.workbook_file(key), *tables))


def figures_of(files: Files, key: ReportKey) -> tuple[Edition, Mapping[CellRef, Cell]] | None:
    """The three tables that an office states for the year, or None where it has handed in none of them."""
    if not has_figures(files, key):
        return None
    edition = load_settings(files, key)[1].edition
    return edition, cells_of(files, key, edition)


def cells_of(files: Files, key: ReportKey, edition: Edition) -> Mapping[CellRef, Cell]:
    """The cells of the three tables as far as an office states them."""
    cells = {ref: cell for table in edition.tables for ref, cell in load_table(files, key, table).cells.items()}
    files.kept.clear()  # workbooks: units come by the thousand, and each is asked for once
    return cells
