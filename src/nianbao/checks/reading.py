"""What is kept of an office-year once it has been read: its numbers, the way back to it, and frames of many.

Ten thousand office-years with all their cells and texts would fill the memory; their numbers do not. The few that
break a balance are read again for their findings.
"""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nianbao.checks.subject import Subject
from nianbao.checks.suites import SuiteForm, column_of
from nianbao.checks.text.alike import Sketch, sketch_of
from nianbao.errors import NianbaoError
from nianbao.form import EDITIONS, CellRef, Edition
from nianbao.form.cells import State, Value
from nianbao.inputs import load
from nianbao.model import Number, OfficeYear, ReportKey
from nianbao.paths import Project

if TYPE_CHECKING:
    import pandas as pd


# Counts beyond this are digits run together (and would lose exactness as floats).
LARGEST = 10**15
_NAN = float("nan")


@dataclass
class Reading:
    """The cells of one office-year as numbers, in the form's order, with last year's beside them.

    A blank or text is NaN; what is stated not to apply is 0, for it is no part of a sum.
    """

    key: ReportKey
    edition_code: str
    published: datetime.date | None
    row: array[float]
    sketch: Sketch
    name: str = ""
    last_edition_code: str | None = None
    last_row: array[float] | None = None
    project: Project | None = None
    held: Subject | None = field(default=None, repr=False)

    @property
    def edition(self) -> Edition:
        """The form that it uses."""
        return EDITIONS[self.edition_code]

    @property
    def last_edition(self) -> Edition | None:
        """The form that last year's uses; None where last year is not there."""
        return None if self.last_edition_code is None else EDITIONS[self.last_edition_code]

    @property
    def subject(self) -> Subject:
        """The whole office-year, read again where it was dropped."""
        if self.held is None:
            if self.project is None:
                raise NianbaoError("was let go and cannot be read again", where=str(self.key))
            self.held = load_subjects(self.project, [self.key])[0][0]
        return self.held

    def drop(self) -> Reading:
        """Drop the office-year itself: what is left is small enough to be kept by the thousand."""
        self.held = None
        return self


def load_subjects(
    project: Project, keys: Sequence[ReportKey]
) -> tuple[list[Subject], list[tuple[ReportKey, Exception]]]:
    """The office-years that can be read, with last year's where it is there, and what is wrong with the others.

    Whatever happens while one is read is that one's trouble and no other's.
    """
    loaded: dict[ReportKey, OfficeYear | Exception] = {}

    def one(key: ReportKey) -> OfficeYear | Exception:
        if key not in loaded:
            try:
                loaded[key] = load(project, key)
            except Exception as error:  # noqa: BLE001 -- see above
                loaded[key] = error
        return loaded[key]

    subjects: list[Subject] = []
    unreadable: list[tuple[ReportKey, Exception]] = []
    for key in keys:
        report = one(key)
        if isinstance(report, Exception):
            unreadable.append((key, report))
            continue
        previous = one(key.previous) if project.year_file(key.previous).is_file() else None
        subjects.append(Subject(report, None if isinstance(previous, Exception) else previous))
    return subjects, unreadable


def reading_of(subject: Subject, project: Project | None) -> tuple[Reading, list[CellRef]]:
    """The numbers of an office-year, and its cells that are anything but a plain count."""
    report, last = subject.report, subject.previous
    refs = tuple(report.edition.cells)
    row, odd = _row(report, refs)
    last_row = None if last is None else _row(last, refs)[0]
    last_code = None if last is None else last.edition.code
    sketch = sketch_of(report)
    named = "" if "【缺" in report.office.name else report.office.name
    reading = Reading(
        report.key, report.edition.code, report.published, row, sketch, named, last_code, last_row, project, subject
    )
    return reading, odd


def _row(report: OfficeYear, refs: tuple[CellRef, ...]) -> tuple[array[float], list[CellRef]]:
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
    return array("d", row), odd


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


def line_frame(form: SuiteForm, readings: Sequence[Reading]) -> pd.DataFrame:
    """The frame of one suite: for each office-year in order, a row for each line; a column for each summand."""
    import numpy as np
    import pandas as pd

    position = {ref: index for index, ref in enumerate(form.edition.cells)}
    empty = [float("nan")] * len(position)
    now = np.array([reading.row for reading in readings], dtype=float)
    last = np.array([reading.last_row or empty for reading in readings], dtype=float)
    columns: dict[str, Any] = _names(form, readings)
    for term in form.terms:
        matrix = last if term.previous else now
        wanted = [position[form.ref(term, line)] for line in form.lines]
        columns[column_of(term)] = matrix[:, wanted].reshape(-1)
    return pd.DataFrame(columns)


def _names(form: SuiteForm, readings: Sequence[Reading]) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    lines = form.lines
    offices = sorted({reading.key.office for reading in readings})
    code = {office: index for index, office in enumerate(offices)}
    codes = np.repeat([code[reading.key.office] for reading in readings], len(lines))
    return {
        "office": pd.Categorical.from_codes(codes, categories=pd.Index(offices)),
        "year": np.repeat([reading.key.year for reading in readings], len(lines)),
        "line": pd.Categorical.from_codes(np.tile(np.arange(len(lines)), len(readings)), categories=pd.Index(lines)),
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
