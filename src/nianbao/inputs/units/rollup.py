"""Add up the figures of an area's units: cell by cell, in exact decimals, through nested areas, missing ones named.

A plain sum of what the units state (国办发〔2014〕32号); a unit that is itself an area counts with its own report, and
where it has none yet with the sum of its units.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from pathlib import Path

from nianbao.form import CellRef, Edition
from nianbao.form.cells import CellKind, State, Value, number
from nianbao.inputs.files import Files
from nianbao.inputs.settings import load_office, load_settings
from nianbao.inputs.units.adjustments import Adjustment, load_adjustments
from nianbao.inputs.units.handed_in import UnitState, figures_of, state_of
from nianbao.inputs.units.listing import Unit, load_units
from nianbao.model import Cell, InputIssue, Number, Office, ReportKey
from nianbao.paths import Project

_DIGITS = 200  # more than all figures of a country have: nothing is ever rounded
_YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}


class Level(StrEnum):
    """Which sum: 本级, the government and its departments; or the whole area, these and all below."""

    OWN = "own"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class CellSum:
    """The sum of one cell: ``value`` is None where no unit gives a number.

    ``given`` are the offices whose figures are in it, ``missing`` those whose figure is not there; ``adjusted`` is what
    the adjustments add in all.
    """

    value: Number | None
    given: tuple[str, ...]
    missing: tuple[str, ...]
    adjustments: tuple[Adjustment, ...] = ()
    unit: str = ""

    @property
    def adjusted(self) -> Number:
        """What the adjustments add to the units' figures."""
        return sum((entry.amount for entry in self.adjustments), start=0)

    @property
    def shown(self) -> Value:
        """The sum as a cell's value."""
        if self.value is None:
            return Value(State.BLANK)
        plain = number(self.value)
        return Value(plain.state, f"{plain.printed}{self.unit}", plain.number)


@dataclass(frozen=True, slots=True)
class Share:
    """A unit in a roll-up: its line in the list, its name, the state of its figures and, of an area, its own sum."""

    unit: Unit
    name: str
    state: UnitState
    below: Rollup | None = None


@dataclass(frozen=True)
class Rollup:
    """The sums of one area in one year, with the units that they are of and what is wrong with list and adjustments."""

    key: ReportKey
    office: Office
    level: Level
    edition: Edition
    shares: tuple[Share, ...]
    cells: Mapping[CellRef, CellSum]
    issues: tuple[InputIssue, ...] = ()

    def __repr__(self) -> str:
        return f"Rollup({self.key}, {self.level}, {len(self.shares)} units)"

    @property
    def counted(self) -> tuple[Share, ...]:
        """The units that are added."""
        return tuple(share for share in self.shares if share.unit.counted)

    @property
    def missing(self) -> tuple[str, ...]:
        """The offices of which some figure is missing, those of areas below included, each once."""
        return tuple(dict.fromkeys(office for cell in self.cells.values() for office in cell.missing))

    @property
    def complete(self) -> bool:
        """Whether every cell has a number from every unit that is added."""
        return bool(self.counted) and not self.missing


@dataclass
class _Sum:
    """The sum of one cell while it grows."""

    kind: CellKind
    value: Number | None = None
    unit: str | None = None
    given: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, office: str, value: Value) -> None:
        """One unit's figure; what does not apply is no part of the sum and no gap either."""
        if value.state is State.NOT_APPLICABLE:
            self.given.append(office)
        elif value.state is State.NUMBER and value.number is not None:
            self._add_amount(office, value.number, _unit_of(value) if self.kind is CellKind.MONEY_ANY_UNIT else "")
        else:
            self.missing.append(office)

    def add_sum(self, below: CellSum) -> None:
        """The sum of an area below."""
        self.given += below.given
        self.missing += below.missing
        if below.value is not None:
            self._grow(below.value, below.unit)

    def _add_amount(self, office: str, amount: Number, unit: str) -> None:
        if amount and self.unit is not None and bool(unit) is not bool(self.unit):
            self.missing.append(office)  # an amount without a unit cannot be added to one that has it
            return
        self.given.append(office)
        self._grow(amount, unit)

    def _grow(self, amount: Number, unit: str) -> None:
        if not amount:
            self.value = self.value or 0
            return
        if self.value and self.unit and unit != self.unit:
            self.value = self.value * _YUAN[self.unit]
            amount, self.unit, unit = amount * _YUAN[unit], "元", "元"
        self.value = (self.value or 0) + amount
        self.unit = unit


def _unit_of(value: Value) -> str:
    return next((unit for unit in ("万元", "亿元", "元") if value.printed.endswith(unit)), "")


def roll_up(project: Project, key: ReportKey, level: Level = Level.AREA, files: Files | None = None) -> Rollup:
    """The sums of the area's units; ``files`` records what was read. Without a list there are no units and no sums."""
    return _roll_up(files or Files(project), key, level, (key.office,))


def _roll_up(files: Files, key: ReportKey, level: Level, above: tuple[str, ...]) -> Rollup:
    office, settings, _ = load_settings(files, key)
    edition = settings.edition
    listing = load_units(files, key)
    adjustments = load_adjustments(files, key, edition)
    sums = {ref: _Sum(kind) for ref, kind in edition.cells.items()}
    shares = []
    with localcontext(prec=_DIGITS):
        for unit in listing.offices.values() if listing else ():
            if unit.office in above:
                continue  # a circle of lists: an issue of the list
            share, cells = _share(files, unit, key.year, (*above, unit.office))
            if level is Level.OWN and not _is_own(files, office, unit):
                continue
            shares.append(share)
            if unit.counted:
                _add(sums, share, cells)
        sums_of = {ref: _finished(found, adjustments.of(ref, level)) for ref, found in sums.items()}
    issues = (*(listing.issues if listing else ()), *adjustments.issues)
    return Rollup(key, office, level, edition, tuple(shares), sums_of, issues)


def _share(files: Files, unit: Unit, year: int, above: tuple[str, ...]) -> tuple[Share, Mapping[CellRef, Cell]]:
    """A unit's part: its own figures where it has stated any, else of an area the sum of its units."""
    key = ReportKey(unit.office, year)
    name = unit.name or load_office(files, unit.office)[0].name
    stated = figures_of(files, key)
    if stated is not None:
        return Share(unit, name, state_of(*stated)), stated[1]
    below = _roll_up(files, key, Level.AREA, above) if load_units(files, key) else None
    if below is not None and any(cell.given for cell in below.cells.values()):
        return Share(unit, name, UnitState.SUMMED, below), {}
    return Share(unit, name, UnitState.MISSING), {}


def _is_own(files: Files, area: Office, unit: Unit) -> bool:
    """Whether a unit belongs to the government itself and not to a level below (or above) it."""
    own = load_office(files, unit.office)[0]
    return own.level is area.level and not own.covers_area


def _add(sums: Mapping[CellRef, _Sum], share: Share, cells: Mapping[CellRef, Cell]) -> None:
    blank = Value(State.BLANK)
    for ref, found in sums.items():
        if share.below is not None:
            below = share.below.cells.get(ref)
            if below is not None and below.given:
                found.add_sum(below)
                continue
        cell = cells.get(ref)
        found.add(share.unit.office, blank if cell is None else cell.value)


def _finished(found: _Sum, adjustments: tuple[Adjustment, ...]) -> CellSum:
    value = found.value
    if value is None and found.given:
        value = 0
    if value is not None:
        value = sum((entry.amount for entry in adjustments), start=value)
    adjusted = adjustments if value is not None else ()
    return CellSum(value, tuple(found.given), tuple(found.missing), adjusted, found.unit or "")


def unit_files(project: Project, key: ReportKey) -> list[Path]:
    """The files on which an area's sums rest: lists, adjustments, who its units are and what they state, in any order.

    Empty for an office without a list of units.
    """
    files = Files(project)
    found: dict[Path, None] = {}

    def walk(at: ReportKey, above: tuple[str, ...]) -> None:
        listing = load_units(files, at)
        if listing is None:
            return
        found.update(dict.fromkeys([*project.unit_lists(at.office), project.adjustments_file(at)]))
        for unit in listing.units:
            if unit.office not in above:
                own = ReportKey(unit.office, at.year)
                found.update(dict.fromkeys([project.office_file(unit.office), project.year_file(own)]))
                found.update(dict.fromkeys(path for path in files.listing(project.data_of(own)) if path.is_file()))
                walk(own, (*above, unit.office))

    walk(key, (key.office,))
    return [path for path in found if path.is_file()]


def leaves(rollup: Rollup, ref: CellRef, files: Files) -> Iterator[tuple[Share, Cell | None]]:
    """The units behind one cell, areas without a report of their own opened up: each with its cell, if it has one."""
    for share in rollup.counted:
        if share.below is not None:
            yield from leaves(share.below, ref, files)
            continue
        stated = figures_of(files, ReportKey(share.unit.office, rollup.key.year))
        yield share, stated[1].get(ref) if stated else None


def is_same(stated: Value, summed: CellSum) -> bool:
    """Whether a stated cell is the sum: equal numbers, amounts with different units (万元, 元) compared in yuan."""
    if summed.value is None:
        return stated.number is None
    if stated.number is None:
        # Nothing applies anywhere: a sum of nothing.
        return stated.state is State.NOT_APPLICABLE and summed.value == 0
    one, other = _unit_of(stated), summed.unit
    with localcontext(prec=_DIGITS):
        if one and other:
            return stated.number * _YUAN[one] == summed.value * _YUAN[other]
        return stated.number == summed.value
