"""Trace an area's number on into its units' files and lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from nianbao.form import CellRef
from nianbao.inputs import Files
from nianbao.inputs.units import leaves, list_file, roll_up
from nianbao.model import OfficeYear, Source


@dataclass(frozen=True)
class Origin:
    """The line of a file: raw, with the file's digest; ``as_made`` says whether the last report was made from it.

    Of a workbook there is no line; ``column`` is the address of its cell.
    """

    path: str
    line: int | None
    column: str | None
    raw: str
    sha256: str
    as_made: bool | None

    def __str__(self) -> str:
        return str(Source(self.path, self.line, self.column))


@dataclass(frozen=True)
class UnitShare:
    """What one unit of an area has in the area's number: its own, and the line that it stands in; no line: missing."""

    office: str
    name: str
    value: int | float | str | None
    origin: Origin | None


@dataclass(frozen=True)
class Summed:
    """The sum of an area's units: its value, whether it is whole, the units' shares, and what was adjusted and why."""

    value: int | float | None
    complete: bool
    units: tuple[UnitShare, ...]
    adjusted: tuple[str, ...]


def summed(
    report: OfficeYear, cell: CellRef, files: Files, origin_of: Callable[[Source | None], Origin | None]
) -> Summed | None:
    """Of an area with a list of units: the units' own numbers, each with its line; None for any other office."""
    if list_file(files.project, report.key) is None:
        return None
    rollup = roll_up(files.project, report.key, files=files)
    found = rollup.cells[cell]
    units = [
        UnitShare(
            share.unit.office, share.name, own.value.json if own else None, origin_of(own.source if own else None)
        )
        for share, own in leaves(rollup, cell, files)
    ]
    value = float(found.value) if isinstance(found.value, Decimal) else found.value
    adjusted = tuple(f"{entry.amount:+}: {entry.reason} ({entry.source})" for entry in found.adjustments)
    return Summed(value, not found.missing, tuple(units), adjusted)
