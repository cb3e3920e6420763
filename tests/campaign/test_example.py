"""示例市: the fictional city that ``nianbao init --example area`` makes, and the campaign that can be tried on it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nianbao.campaign.collect import Collector
from nianbao.campaign.example import AREA, INBOX, YEARS, make_example
from nianbao.campaign.outcomes import Taken
from nianbao.campaign.status import UnitStatus, status_of
from nianbao.campaign.sums import sums_of
from nianbao.checks import check
from nianbao.inputs.units import Level
from nianbao.model import ReportKey
from nianbao.paths import Project


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_example(tmp_path_factory.mktemp("city") / "project")


def bytes_of(project: Project) -> dict[str, bytes]:
    return {project.relative(path): path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def test_it_is_the_same_whenever_it_is_made(city: Project, tmp_path: Path) -> None:
    assert bytes_of(make_example(tmp_path / "again")) == bytes_of(city)


def test_its_first_year_is_whole_and_right(city: Project) -> None:
    keys = [ReportKey(office, YEARS[0]) for office in city.offices()]
    assert len(keys) == 13
    assert not [finding for finding in check(city, keys).findings if finding.severity.value != "note"]
    assert sums_of(city, ReportKey(AREA, YEARS[0]), Level.AREA).differences == []


def test_in_its_second_year_three_workbooks_wait_of_which_one_is_wrong_and_one_unit_is_missing(city: Project) -> None:
    outcomes = list(Collector(city, AREA, YEARS[1]).take([city.root / INBOX]))
    assert [outcome.taken for outcome in outcomes] == [Taken.NEW] * 3
    status = status_of(city, AREA, YEARS[1], dt.date(2024, 2, 5))
    states = {unit.name: unit.state for unit in status.units if unit.state is not UnitStatus.PUBLISHED}
    assert states == {
        "示例市交通运输局": UnitStatus.MISSING,
        "示例市民政局": UnitStatus.BLOCKED,
        "示例市公安局": UnitStatus.LATE,
    }
    assert {one.rule for one in status.report.findings if one.blocks} == {"T3-BALANCE"}
    rollup = sums_of(city, ReportKey(AREA, YEARS[1]), Level.AREA).rollup
    assert (len(rollup.counted), rollup.missing) == (11, ("slsjtj",))
