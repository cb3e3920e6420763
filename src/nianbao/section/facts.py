"""Owns the numbers of the 图解 page: key counts, results, applicants, channels, several years side by side.

May import: cells, form, model, inputs. No pandas: a page of a few dozen numbers needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nianbao.cells import State, Value
from nianbao.form import CellRef
from nianbao.form.declaration import RowRole
from nianbao.inputs.names import percentage
from nianbao.model import OfficeYear

Number = int | Decimal

_PUBLISHED = re.compile(r"公开(?:各类)?(?:政府)?信息$")

# What the page calls these two rows of the table of applications: their own labels carry numerals.
APPLICATIONS = {"new": "新收政府信息公开申请", "processed": "办结政府信息公开申请"}


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its label and unit; ``before`` is last year's, or None where there is none to compare with."""

    label: str
    number: Number
    unit: str
    before: Number | None = None

    @property
    def change(self) -> str:
        """How it compares with last year, in words; empty where it cannot be said."""
        if not self.before:
            return ""
        if self.number == self.before:
            return "与上年持平"
        more = self.number - self.before
        word, size = ("增长", more) if more > 0 else ("下降", -more)
        return f"比上年{word}{percentage(size, self.before)[1]}"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the page of one year shows; a part without numbers is empty."""

    year: int
    keys: tuple[Count, ...]
    results: tuple[Count, ...]
    applicants: tuple[Count, ...]
    channels: tuple[Count, ...]
    years: tuple[tuple[int, Count, Count], ...]  # year, new and processed applications


def facts_of(reports: Sequence[OfficeYear], keys: Sequence[str], channels: Sequence[str], most: int = 6) -> Facts:
    """The numbers of the latest of ``reports`` (the earliest first), with those of the years before.

    ``keys`` and ``channels`` are keys of figures.csv: what the office's file lacks is left out, and zeros are.
    ``most`` is the number of key counts; the first two are the applications that came in and that were dealt with.
    """
    *_, now = reports
    before = next((report for report in reports if report.key == now.key.previous), None)
    applied = [_application(now, before, row) for row in APPLICATIONS]
    counted = [count for count in (*applied, *_figures(now, before, keys)) if count and count.number]
    return Facts(
        now.key.year,
        tuple(counted[:most]),
        tuple(_results(now)),
        tuple(_applicants(now)),
        tuple(_channel(count) for count in _figures(now, before, channels) if count.number or count.before),
        tuple(_years(reports)),
    )


def shares(counts: Iterable[Count]) -> list[str]:
    """Each count's share of their sum, as the texts print it."""
    numbers = [count.number for count in counts]
    return [percentage(number, sum(numbers))[1] for number in numbers]


def _number(value: Value) -> Number | None:
    return value.number if value.state is State.NUMBER else None


def _application(now: OfficeYear, before: OfficeYear | None, row: str) -> Count | None:
    ref = CellRef("applications", row, "total")
    number = _number(now.value(ref))
    last = _number(before.value(ref)) if before else None
    return None if number is None else Count(APPLICATIONS[row], number, "件", last)


def _figures(now: OfficeYear, before: OfficeYear | None, keys: Iterable[str]) -> Iterable[Count]:
    for key in keys:
        if (figure := now.figures.get(key)) is None or figure.number is None:
            continue
        last = before.figures.get(key) if before else None
        # Counted in another unit or called by another name, last year's is another count.
        same = last is not None and (last.unit, last.label) == (figure.unit, figure.label)
        yield Count(figure.label, figure.number, figure.unit, last.number if same and last else None)


def _results(report: OfficeYear) -> Iterable[Count]:
    """How applications ended, by the groups that the form prints (予以公开, 部分公开, 不予公开 …)."""
    sums: dict[str, Number] = {}
    for row in report.edition.table("applications").rows.values():
        if row.role is RowRole.RESULT:
            number = _number(report.value(CellRef("applications", row.code, "total")))
            sums[row.group] = sums.get(row.group, 0) + (number or 0)
    return (Count(label, number, "件") for label, number in sums.items() if number)


def _applicants(report: OfficeYear) -> Iterable[Count]:
    for column in report.edition.table("applications").columns.values():
        if column.code != "total" and (number := _number(report.value(CellRef("applications", "new", column.code)))):
            yield Count(column.label, number, "件")


def _years(reports: Iterable[OfficeYear]) -> Iterable[tuple[int, Count, Count]]:
    for report in reports:
        new, processed = (_application(report, None, row) for row in APPLICATIONS)
        if new and processed and (new.number or processed.number):
            yield report.key.year, new, processed


def _channel(count: Count) -> Count:
    """The count under the channel's name alone (门户网站, not 门户网站公开政府信息): the bars' title says the rest."""
    return replace(count, label=_PUBLISHED.sub("", count.label) or count.label)
