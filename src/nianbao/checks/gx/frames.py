"""Owns the frames that suites are validated on: a row per office, year and line of the form.

May import: checks.reading, checks.subject, checks.gx.declared. numpy and pandas are imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nianbao.checks.gx.declared import SuiteForm, column_of
from nianbao.checks.reading import Reading, as_float
from nianbao.checks.subject import Subject

if TYPE_CHECKING:
    import pandas as pd


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
