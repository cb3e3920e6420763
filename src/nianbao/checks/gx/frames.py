"""Owns the frames that suites are validated on: a row per office, year and line of the form.

May import: cells, form, checks.subject, checks.gx.declared. numpy and pandas are imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nianbao.cells import State, Value
from nianbao.checks.gx.declared import SuiteForm, column_of
from nianbao.checks.subject import Subject
from nianbao.form import CellRef
from nianbao.model import Number, OfficeYear

if TYPE_CHECKING:
    import pandas as pd

# Counts beyond this are digits run together (and would lose exactness as floats).
LARGEST = 10**15
_NAN = float("nan")


@dataclass
class Numbers:
    """The cells of many office-years of one edition as numbers, and the cells that a rule must look at.

    A blank or text is NaN; what is stated not to apply is 0, for it is no part of a sum. ``odd`` holds, for each
    office-year in order, the cells that are anything but a plain count.
    """

    subjects: Sequence[Subject]
    refs: tuple[CellRef, ...]
    rows: list[list[float]] = field(default_factory=list)
    last_rows: list[list[float] | None] = field(default_factory=list)
    odd: list[list[CellRef]] = field(default_factory=list)


def numbers_of(subjects: Sequence[Subject]) -> Numbers:
    """Read the cells of office-years that share an edition; each year is read once, as this year or as last."""
    edition = subjects[0].report.edition
    found = Numbers(subjects, tuple(edition.cells))
    read: dict[int, list[float]] = {}
    for subject in subjects:
        row, odd = _row(subject.report, found.refs)
        read[id(subject.report)] = row
        found.rows.append(row)
        found.odd.append(odd)
    for subject in subjects:
        last = subject.previous
        if last is None:
            found.last_rows.append(None)
            continue
        if id(last) not in read or last.edition is not edition:
            read[id(last)] = _row(last, found.refs)[0]
        found.last_rows.append(read[id(last)])
    return found


def _row(report: OfficeYear, refs: tuple[CellRef, ...]) -> tuple[list[float], list[CellRef]]:
    row: list[float] = []
    odd: list[CellRef] = []
    get = report.cells.get
    for ref in refs:
        cell = get(ref)
        count = None if cell is None else cell.value.number
        if type(count) is int and 0 <= count < LARGEST:
            row.append(count)
            continue
        odd.append(ref)
        row.append(_NAN if cell is None else as_float(cell.value))
    return row, odd


def as_float(value: Value) -> float:
    """The value as a summand: NaN where it is unknown, 0 where it does not apply."""
    if value.state is State.NOT_APPLICABLE:
        return 0.0
    if value.number is None or not is_sane(value.number):
        return _NAN
    return float(value.number)


def is_sane(number: Number) -> bool:
    """Whether the number could be a count or an amount at all."""
    return -LARGEST < number < LARGEST


def line_frame(form: SuiteForm, numbers: Numbers) -> pd.DataFrame:
    """The frame of one suite: for each office-year in order, a row for each line; a column for each summand."""
    import numpy as np
    import pandas as pd

    position = {ref: index for index, ref in enumerate(numbers.refs)}
    empty = [_NAN] * len(numbers.refs)
    now = np.array(numbers.rows, dtype=float)
    last = np.array([row or empty for row in numbers.last_rows], dtype=float)
    columns: dict[str, Any] = _names(form, numbers.subjects)
    for term in form.terms:
        matrix = last if term.previous else now
        wanted = [position[form.ref(term, line)] for line in form.lines]
        columns[column_of(term)] = matrix[:, wanted].reshape(-1)
    return pd.DataFrame(columns)


def _names(form: SuiteForm, subjects: Sequence[Subject]) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    lines = form.lines
    offices = sorted({subject.key.office for subject in subjects})
    code = {office: index for index, office in enumerate(offices)}
    codes = np.repeat([code[subject.key.office] for subject in subjects], len(lines))
    return {
        "office": pd.Categorical.from_codes(codes, categories=pd.Index(offices)),
        "year": np.repeat([subject.key.year for subject in subjects], len(lines)),
        "line": pd.Categorical.from_codes(np.tile(np.arange(len(lines)), len(subjects)), categories=pd.Index(lines)),
    }


def office_frame(subjects: Sequence[Subject]) -> pd.DataFrame:
    """The frame of an office's own suites: a row for each year, a column for each figure and for each cell.

    Figures go by their keys, cells by their addresses (applications.new.total); a year in which a figure is not
    there leaves it missing.
    """
    import pandas as pd

    rows: list[dict[str, float | int | str]] = []
    for subject in subjects:
        report = subject.report
        row: dict[str, float | int | str] = {"office": report.key.office, "year": report.key.year}
        row |= {key: as_float(figure.value) for key, figure in report.figures.items()}
        row |= {str(ref): as_float(report.value(ref)) for ref in report.edition.cells}
        rows.append(row)
    return pd.DataFrame(rows)
