"""One office over its years: results, applicants and counts of the narrative, each with a value for every year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from nianbao.form import EDITIONS, CellRef, RowRole
from nianbao.form.cells import BLANK
from nianbao.model import Number
from nianbao.site.comparison.values import History, ReportSide, Row


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
