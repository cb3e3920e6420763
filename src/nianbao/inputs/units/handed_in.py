"""What each unit of an area has handed in and when it publishes: what a status, a statement and a chart begin with.

May import: form, model and the other modules of inputs.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nianbao.form import CellRef
from nianbao.inputs.files import Files
from nianbao.inputs.settings import load_settings
from nianbao.inputs.units.listing import Unit, load_units
from nianbao.inputs.units.rollup import UnitState, figures_of, state_of
from nianbao.model import Cell, ReportKey, lawful_deadline


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
        stated = figures_of(files, ReportKey(unit.office, key.year))
        cells = stated[1] if stated else {}
        state = state_of(*stated) if stated else UnitState.MISSING
        yield HandedIn(unit, dates_of(files, unit, key.year), state, cells)
