"""示例市: the fictional city that ``nianbao init --example area`` makes, and the campaign that can be tried on it."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from nianbao.campaign.collect import Collector
from nianbao.campaign.example import AREA, INBOX, YEARS, make_example
from nianbao.campaign.returned import Taken
from nianbao.campaign.statement import make_statement
from nianbao.campaign.status import UnitStatus, status_of
from nianbao.campaign.sums import sums_of
from nianbao.checks import check
from nianbao.errors import UnknownNameError
from nianbao.form import SECTIONS, CellRef
from nianbao.inputs import load
from nianbao.inputs.units import Level
from nianbao.model import Profile, ReportKey
from nianbao.paths import Project
from nianbao.runs.run import run_section
from nianbao.section.view import SectionView
from pages import READMES, fences


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_example(tmp_path_factory.mktemp("city") / "project")


def bytes_of(project: Project) -> dict[str, bytes]:
    return {project.relative(path): path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_it_is_the_same_whenever_it_is_made(city: Project, tmp_path: Path) -> None:
    assert bytes_of(make_example(tmp_path / "again")) == bytes_of(city)


def test_its_first_year_is_whole_and_right(city: Project) -> None:
    keys = [ReportKey(office, YEARS[0]) for office in city.offices()]
    assert len(keys) == 13
    assert not [finding for finding in check(city, keys).findings if finding.severity.value != "note"]
    assert sums_of(city, ReportKey(AREA, YEARS[0]), Level.AREA).differences == []


def test_its_units_are_a_frame_and_stand_in_section_1_where_charts_are_wanted(city: Project) -> None:
    units = SectionView(city, ReportKey(AREA, YEARS[0]), "overview").units(["applications.new.total"])
    assert list(units["office"][:2]) == ["slszfb", "slsfgw"]
    assert units["state"].eq("given").all()
    assert str(units.set_index("office").loc["qingshan", "published"].date()) == "2023-01-20"
    stated = load(city, ReportKey(AREA, YEARS[0])).value(CellRef("applications", "new", "total")).number
    assert units.loc[units["counted"], "applications.new.total"].sum() == stated
    with pytest.raises(UnknownNameError, match="totl"):
        SectionView(city, ReportKey(AREA, YEARS[0]), "overview").units(["applications.new.totl"])
    assert SectionView(city, ReportKey("qingshan", YEARS[0]), "overview").units().empty
    run = run_section(city, ReportKey(AREA, YEARS[0]), SECTIONS[0], Profile.ILLUSTRATED)
    assert "青山镇人民政府" in run.executed
    assert f"data/qingshan/{YEARS[0]}/applications.csv" in run.reads
    without = run_section(city, ReportKey("qingshan", YEARS[0]), SECTIONS[0], Profile.ILLUSTRATED)
    assert "各单位" not in "".join(str(cell.get("outputs")) for cell in nbformat.reads(without.executed, 4).cells)


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


def test_the_statement_says_who_has_published_and_when(city: Project) -> None:
    """After the campaign: eleven of twelve on the fifth of February, one of them late; none on New Year's Eve."""
    key = ReportKey(AREA, YEARS[1])
    (page,) = make_statement(city, key, dt.date(2024, 2, 5), ["html"])
    assert page.name == "示例市人民政府2023年政府信息公开工作年度报告公布情况.html"
    text = page.content.decode()
    assert "截至2024年2月5日，应公布2023年度报告的单位12家，已公布11家，公布率91.67%" in text
    assert "按期公布10家，逾期公布1家，逾期未公布1家" in text
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL)
    (late,) = [row for row in rows if "示例市公安局" in row]
    assert all(words in late for words in ("2024-01-31", "2024-02-02", "逾期公布"))
    (again,) = make_statement(city, key, dt.date(2024, 2, 5), ["html"])
    assert again.content == page.content
    (early,) = make_statement(city, key, dt.date(2023, 12, 31), ["html"], Profile.OFFICIAL)
    assert "已公布0家，公布率0.00%。未公布12家" in early.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize(("page", "language"), list(zip(READMES, ("en", "zh"), strict=True)))
def test_the_readmes_campaign_prints_what_it_says(page: Path, language: str, tmp_path: Path) -> None:
    (shown,) = [fence.content for fence in fences(page) if fence.language == "shell-session"]
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    folder, told = tmp_path, ""
    for command in re.findall(r"^\$ (.*)$", shown, re.MULTILINE):
        told += f"$ {command}\n"
        if command.startswith("cd "):
            folder /= command[3:]
            continue
        call = ["bash", "-c", command]
        environment = {**os.environ, "LANGUAGE": language, "PATH": paths}
        done = subprocess.run(
            call, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        told += done.stdout.decode()
    assert told == shown
    assert len(list(folder.glob("*公布情况.*"))) == 2
