"""Owns the names that a narrative may refer to, and numbers that remember where they came from.

May import: cells, errors, form, model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering
from typing import Any

from nianbao.cells import State, Value
from nianbao.errors import InputError
from nianbao.form import CellRef
from nianbao.model import Office, OfficeYear

Number = int | Decimal


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A number with the expression it came from; sums and differences of bound numbers are bound too."""

    number: Number
    expression: str
    printed: str

    def __add__(self, other: Bound | int) -> Bound:
        return self._combined(other, "+", self.number + _plain(other))

    def __sub__(self, other: Bound | int) -> Bound:
        return self._combined(other, "-", self.number - _plain(other))

    def __radd__(self, other: int) -> Bound:
        return self.__add__(other)

    def _combined(self, other: Bound | int, sign: str, number: Number) -> Bound:
        right = other.expression if isinstance(other, Bound) else str(other)
        return Bound(number, f"{self.expression}{sign}{right}", str(number))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bound | int | Decimal) and self.number == _plain(other)

    def __lt__(self, other: Bound | int) -> bool:
        return self.number < _plain(other)

    def __hash__(self) -> int:
        return hash(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)


def _plain(value: Bound | Number) -> Number:
    return value.number if isinstance(value, Bound) else value


class Names:
    """A level of names (applications, then new, then total); looked up by key, listed when one is wrong."""

    __slots__ = ("_entries", "_path")

    def __init__(self, path: str, entries: Mapping[str, Any]) -> None:
        self._path = path
        self._entries = entries

    def __repr__(self) -> str:
        return f"Names({self._path}, {len(self._entries)} entries)"

    def __getitem__(self, key: str) -> Any:
        entry = self._entries[key]
        return _bound(entry, f"{self._path}.{key}") if isinstance(entry, Value) else entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)


def _bound(value: Value, expression: str) -> Bound:
    if value.state is not State.NUMBER or value.number is None:
        stands = {State.BLANK: "is blank", State.NOT_APPLICABLE: "is marked as not applicable"}
        what = stands.get(value.state, f"holds the text {value.printed!r}")
        raise InputError(
            f"{expression} {what}: a sentence cannot state it as a number", hint="fill the cell or change the sentence"
        )
    return Bound(value.number, expression, value.printed)


def names_of(report: OfficeYear, previous: OfficeYear | None) -> dict[str, Any]:
    """What a narrative may name: year, last_year, office, figures, the tables, and last (last year's)."""
    year = report.key.year
    names: dict[str, Any] = {
        "year": Bound(year, "year", str(year)),
        "last_year": Bound(year - 1, "last_year", str(year - 1)),
        "office": _office_names(report.office),
        "percent": percent,
        **_cells("", report),
    }
    if previous is not None:
        names["last"] = Names("last", _cells("last.", previous))
    return names


def _office_names(office: Office) -> Names:
    return Names("office", {"name": office.name, "short_name": office.short_name})


def _cells(prefix: str, report: OfficeYear) -> dict[str, Names]:
    figures = {key: figure.value for key, figure in report.figures.items()}
    found = {"figures": Names(f"{prefix}figures", figures)}
    for table in report.edition.tables:
        rows = {
            row: Names(
                f"{prefix}{table.code}.{row}",
                {column.code: report.value(CellRef(table.code, row, column.code)) for column in table.columns_of(row)},
            )
            for row in table.rows
        }
        found[table.code] = Names(f"{prefix}{table.code}", rows)
    return found


def percent(part: Bound, whole: Bound) -> Bound:
    """``part`` of ``whole`` as a percentage, rounded half up to two decimals, without trailing zeros: 97.5%."""
    if not whole:
        raise InputError(f"{whole.expression} is 0: there is no percentage of it", hint="state the counts instead")
    share = Decimal(part.number) * 100 / Decimal(whole.number)
    rounded = share.quantize(Decimal("0.01"), ROUND_HALF_UP)
    plain = f"{rounded:f}".rstrip("0").rstrip(".")
    return Bound(rounded, f"percent({part.expression},{whole.expression})", f"{plain}%")


def in_ten_thousands(value: Bound) -> Bound:
    """The number in 万, exactly: 12345 -> 1.2345万."""
    shown = f"{Decimal(value.number) / 10000:f}"
    plain = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return Bound(value.number, value.expression, f"{plain}万")
