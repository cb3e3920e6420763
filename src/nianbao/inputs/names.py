"""Owns the names that a narrative may refer to, and numbers that remember where they came from.

May import: cells, errors, form, model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import total_ordering
from typing import Any

from nianbao.cells import State, Value
from nianbao.errors import InputError
from nianbao.form import CellRef, Table
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

    def __str__(self) -> str:
        return self.printed


def _plain(value: Bound | Number) -> Number:
    return value.number if isinstance(value, Bound) else value


class Names:
    """A level of names (applications, then new, then total): what is known there, and how to look it up.

    Nothing is looked up before it is asked for, so that a narrative reads only what it names.
    """

    __slots__ = ("_known", "_look_up", "path")

    def __init__(self, path: str, known: Callable[[], Iterable[str]], look_up: Callable[[str], Any]) -> None:
        self.path = path
        self._known = known
        self._look_up = look_up

    def __repr__(self) -> str:
        return f"Names({self.path})"

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        found = self._look_up(key)
        return _bound(found, f"{self.path}.{key}") if isinstance(found, Value) else found

    def __contains__(self, key: object) -> bool:
        return key in list(self._known())

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())


def _bound(value: Value, expression: str) -> Bound:
    if value.state is not State.NUMBER or value.number is None:
        stands = {State.BLANK: "is blank", State.NOT_APPLICABLE: "is marked as not applicable"}
        what = stands.get(value.state, f"holds the text {value.printed!r}")
        raise InputError(
            f"{expression} {what}: a sentence cannot state it as a number", hint="fill the cell or change the sentence"
        )
    return Bound(value.number, expression, value.printed)


def names_of(report: OfficeYear, previous: Callable[[], OfficeYear | None]) -> Names:
    """What a narrative may name: year, last_year, office, figures, the tables, percent, and last (last year's).

    ``previous`` gives last year's inputs when they are asked for.
    """
    year = report.key.year
    plain = {
        "year": Bound(year, "year", str(year)),
        "last_year": Bound(year - 1, "last_year", str(year - 1)),
        "office": _office_names(report.office),
        "percent": percent,
    }
    tables = _report_names("", report)

    def look_up(name: str) -> Any:
        if name == "last":
            last = previous()
            return _report_names("last", last) if last else Names("last", tuple, _nothing)
        return plain[name] if name in plain else tables[name]

    return Names("", lambda: [*plain, *tables, "last"], look_up)


def _nothing(name: str) -> Any:
    raise KeyError(name)


def _office_names(office: Office) -> Names:
    known = {"name": office.name, "short_name": office.short_name}
    return Names("office", lambda: known, known.__getitem__)


def _report_names(path: str, report: OfficeYear) -> Names:
    prefix = f"{path}." if path else ""
    figures = Names(f"{prefix}figures", lambda: report.figures, lambda key: report.figures[key].value)
    tables = {table.code: table for table in report.edition.tables}
    known = ["figures", *tables]
    return Names(
        path, lambda: known, lambda name: figures if name == "figures" else _table_names(prefix, report, tables[name])
    )


def _table_names(prefix: str, report: OfficeYear, table: Table) -> Names:
    def row_names(row: str) -> Names:
        columns = [column.code for column in table.columns_of(row)]
        path = f"{prefix}{table.code}.{row}"
        return Names(path, lambda: columns, lambda column: report.value(CellRef(table.code, row, column)))

    return Names(f"{prefix}{table.code}", lambda: table.rows, row_names)


def percent(part: Bound | Number, whole: Bound | Number) -> Bound:
    """``part`` of ``whole`` as a percentage, rounded half up to two decimals, without trailing zeros: 97.5%."""
    part, whole = (
        value if isinstance(value, Bound) else Bound(value, str(value), str(value)) for value in (part, whole)
    )
    if not whole:
        raise InputError(f"{whole.expression} is 0: there is no percentage of it", hint="state the counts instead")
    share, shown = percentage(part.number, whole.number)
    return Bound(share, f"percent({part.expression},{whole.expression})", shown)


def percentage(part: int | Decimal, whole: int | Decimal) -> tuple[Decimal, str]:
    """The share of ``part`` in ``whole`` (not 0) as texts and pictures print it, and its number: 97.5%."""
    rounded = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return rounded, f"{rounded:f}".rstrip("0").rstrip(".") + "%"


def in_ten_thousands(value: Bound) -> Bound:
    """The number in 万, exactly: 12345 -> 1.2345万."""
    shown = f"{Decimal(value.number) / 10000:f}"
    plain = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return Bound(value.number, value.expression, f"{plain}万")
