"""What counts the rows or the columns of a table is no value of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.damage import chance_of, grids, unmerged, values_for
from ingest.test_hostile import saved
from nianbao.form import EDITIONS, CellRef
from nianbao.form.cells import Value
from nianbao.ingest import read
from nianbao.ingest.result import Ingested

_FORM = EDITIONS["2021"]
_LABELS = 3  # columns of labels in table 3


def read_back(folder: Path, change: Callable[[list[list[str]]], None]) -> tuple[dict[CellRef, Value], Ingested]:
    """Table 3 as a page shows it once its rows have been changed, and the report as it is read."""
    values = values_for(_FORM, chance_of("counted rows"), blanks=False)
    rows = unmerged(grids(_FORM, values)["applications"])
    change(rows)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    page = (
        "<html><body><h1>示例县甲局2023年政府信息公开工作年度报告</h1><h2>三、收到和处理政府信息公开申请情况</h2>"
        f"<table>{body}</table><h2>五、存在的主要问题及改进情况</h2></body></html>"
    )
    return values, read(saved(folder, "a.html", page.encode()))


def first_row(rows: list[list[str]]) -> int:
    return next(index for index, row in enumerate(rows) if row[-1].isdecimal())


def of_table(values: dict[CellRef, Value]) -> dict[CellRef, object]:
    return {ref: value.number for ref, value in values.items() if ref.table == "applications"}


@pytest.mark.parametrize("head", ["行次", "序号", "行 号"])
@pytest.mark.parametrize("place", [0, _LABELS])
def test_a_column_that_counts_the_rows_is_no_value(tmp_path: Path, head: str, place: int) -> None:
    def count(rows: list[list[str]]) -> None:
        first = first_row(rows)
        for index, row in enumerate(rows):
            row.insert(place, head if index == 0 else str(index - first + 1) if index >= first else "")

    values, found = read_back(tmp_path, count)
    assert {ref: cell.value.number for ref, cell in found.cells.items()} == of_table(values)


def test_a_line_that_counts_the_columns_is_no_row(tmp_path: Path) -> None:
    def count(rows: list[list[str]]) -> None:
        rows.insert(first_row(rows), ["栏次", "", "", *map(str, range(1, 8))])

    values, found = read_back(tmp_path, count)
    assert {ref: cell.value.number for ref, cell in found.cells.items()} == of_table(values)
    assert not [gap for gap in found.gaps if gap.table == "applications"]


def test_a_column_that_does_not_count_the_rows_is_never_left_out(tmp_path: Path) -> None:
    def count(rows: list[list[str]]) -> None:
        first = first_row(rows)
        for index, row in enumerate(rows):
            row.insert(_LABELS, "序号" if index == 0 else str(7 * (index - first) + 3) if index >= first else "")

    values, found = read_back(tmp_path, count)
    right = of_table(values)
    assert all(cell.value.number == right[ref] for ref, cell in found.cells.items())
    assert [gap for gap in found.gaps if gap.table == "applications"]
