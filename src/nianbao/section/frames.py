"""Statutory tables and counts over the years as tidy pandas frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nianbao.form import CellRef, row_name
from nianbao.form.cells import State, Value
from nianbao.model import OfficeYear

if TYPE_CHECKING:
    import pandas as pd

    from nianbao.inputs.ledger import LedgerLook
    from nianbao.inputs.units import HandedIn

TABLE_COLUMNS = ("year", "edition", "row", "row_label", "group", "role", "column", "column_label", "value")
LEDGER_COLUMNS = (
    "id", "received", "channel", "applicant_kind", "extended", "due", "answered", "days", "late_by", "result", "group",
    "fee",
)  # fmt: skip
UNIT_COLUMNS = ("office", "name", "counted", "state", "deadline", "published", "late")
FIGURE_COLUMNS = ("year", "key", "label", "value", "unit")


def table_frame(reports: Sequence[OfficeYear], code: str) -> pd.DataFrame:
    """One statutory table of several years, a row a cell, in the form's order; NaN where a cell holds no number."""
    import pandas as pd

    cells = [
        (
            report.key.year,
            report.edition.code,
            ref.row,
            table.rows[ref.row].short_label,
            table.rows[ref.row].group,
            table.rows[ref.row].role.value,
            ref.column,
            table.columns[ref.column].label,
            _as_float(report.value(ref)),
        )
        for report in reports
        for table in (report.edition.table(code),)
        for ref in table.cells
    ]
    return pd.DataFrame.from_records(cells, columns=list(TABLE_COLUMNS))


def figures_frame(reports: Sequence[OfficeYear], keys: Sequence[str]) -> pd.DataFrame:
    """The narrative's counts of several years, in the order of ``keys`` (or of the latest file), then of years."""
    import pandas as pd

    wanted = list(keys) or [key for report in reversed(reports) for key in report.figures]
    counts = [
        (report.key.year, key, figure.label, _as_float(figure.value), figure.unit)
        for key in dict.fromkeys(wanted)
        for report in reports
        if (figure := report.figures.get(key))
    ]
    return pd.DataFrame.from_records(counts, columns=list(FIGURE_COLUMNS))


def ledger_frame(look: LedgerLook) -> pd.DataFrame:
    """The register's requests of one report year, a row a request in the file's order: LEDGER_COLUMNS.

    Dates are datetime64[s] (NaT where there is none), ``days`` (working days from receipt to answer) and ``late_by``
    Int64, ``fee`` (yuan) float64, ``extended`` bool, the others words of the form. No name, matter or note is in it.
    """
    import pandas as pd

    from nianbao.inputs.ledger.requests import CHANNELS

    edition = look.edition.table("applications")
    records = []
    for case in look.cases:
        request = case.request
        row = edition.rows.get(request.result)
        records.append(
            (
                request.id,
                request.received,
                CHANNELS[request.channel or "other"],
                edition.columns[request.applicant_kind].label,
                request.extended is not None,
                case.deadline.due,
                request.answered,
                case.days,
                case.deadline.late_by,
                row_name(row) if row else None,
                row.group if row else None,
                float(request.fee) if request.fee is not None else None,
            )
        )
    frame = pd.DataFrame.from_records(records, columns=list(LEDGER_COLUMNS))
    types: dict[str, str] = dict.fromkeys(("received", "due", "answered"), "datetime64[s]")
    types |= {"days": "Int64", "late_by": "Int64", "fee": "float64", "extended": "bool"}
    return frame.astype(types)


def units_frame(units: Iterable[HandedIn], cells: Sequence[str]) -> pd.DataFrame:
    """The units of an area, a row a unit in the list's order: UNIT_COLUMNS and then a column for each of ``cells``.

    ``state`` is given, partial or missing; ``deadline`` and ``published`` are datetime64[s] (NaT where there is none),
    ``late`` says whether it was published after its deadline. A cell is NaN where the unit states no number.
    """
    import pandas as pd

    refs = [CellRef(*name.split(".")) for name in cells]
    records = []
    for one in units:
        published = one.dates.published if one.cells else None
        late = published is not None and published > one.dates.deadline
        known = (
            one.unit.office,
            one.dates.name,
            one.unit.counted,
            one.state.value,
            one.dates.deadline,
            published,
            late,
        )
        values = (_as_float(one.cells[ref].value) if ref in one.cells else float("nan") for ref in refs)
        records.append((*known, *values))
    frame = pd.DataFrame.from_records(records, columns=[*UNIT_COLUMNS, *cells])
    return frame.astype({"deadline": "datetime64[s]", "published": "datetime64[s]", "late": "bool", "counted": "bool"})


def _as_float(value: Value) -> float:
    """The number, or NaN where there is none."""
    if value.state is State.NUMBER and value.number is not None:
        return float(value.number)
    return float("nan")
