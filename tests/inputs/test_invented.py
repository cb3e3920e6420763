from __future__ import annotations

from pathlib import Path

import pytest

from nianbao.checks import check
from nianbao.form import EDITIONS
from nianbao.inputs.invented import invent, invented_keys, invented_project, invented_values
from nianbao.model import ReportKey
from nianbao.paths import Project


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_cell_has_a_value_that_the_form_takes(edition: object) -> None:
    year = edition.first_year  # type: ignore[attr-defined]
    values = invented_values(edition, ReportKey("bench00000", year), None)  # type: ignore[arg-type]
    assert values.keys() == edition.cells.keys()  # type: ignore[attr-defined]
    assert min(values.values()) >= 0


def test_made_up_years_of_both_editions_have_no_findings(repository: Project, tmp_path: Path) -> None:
    keys = invented_keys(10, (2019, 2020, 2021, 2022, 2023))
    project = invented_project(repository, tmp_path, keys)
    report = check(project, keys)
    assert [str(finding.message_en) for finding in report.blocking] == []
    assert all(count > 500 for count in report.evaluated.values())


def test_the_same_call_gives_the_same_files_and_offices_differ(tmp_path: Path) -> None:
    keys = invented_keys(4, (2022, 2023))
    assert [str(key) for key in keys] == ["bench00000 2022", "bench00000 2023", "bench00001 2022", "bench00001 2023"]
    one, other = Project(tmp_path / "one"), Project(tmp_path / "other")
    invent(one, keys)
    invent(other, keys)
    for path in one.data.rglob("*.csv"):
        assert path.read_bytes() == (other.root / one.relative(path)).read_bytes()
    first, second = (one.table_file(ReportKey(office, 2023), "applications") for office in ("bench00000", "bench00001"))
    assert first.read_bytes() != second.read_bytes()
