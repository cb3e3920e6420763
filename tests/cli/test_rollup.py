"""``nianbao rollup`` and the way of an area's number into its units' files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from areas import YEAR, adjust, area, set_cells, units_file
from command_line import nianbao
from nianbao.inputs import load
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.store import input_files

SHI = ReportKey("shi", YEAR)
OFFICES = [f"u{number}" for number in range(1, 8)]


@pytest.fixture
def shi(tmp_path: Path) -> Project:
    return area(tmp_path, OFFICES)


def test_every_cell_is_what_pandas_adds_up(shi: Project) -> None:
    done = nianbao(shi, "rollup", "shi", str(YEAR), "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    cells = [
        (str(ref), cell.value.number)
        for office in OFFICES
        for ref, cell in load(shi, ReportKey(office, YEAR)).cells.items()
    ]
    sums = pd.DataFrame(cells, columns=["cell", "value"]).astype({"value": float}).groupby("cell")["value"].sum()
    assert len(sums) == 200
    for name, value in sums.items():
        table, row, column = str(name).split(".")
        cell = found[table][row][column]
        assert cell["value"] == pytest.approx(value, abs=1e-9)
        assert cell["from"] == OFFICES
        assert cell["missing"] == []
    assert found["proactive"]["fees"]["amount"]["value"] == 28.0028


def test_the_text_names_who_is_missing_and_who_is_not_added(shi: Project) -> None:
    units_file(shi, "shi", [*OFFICES[:-1], "u7,垂管局,否,上级机关派出机构"])
    for path in shi.data_of(ReportKey("u2", YEAR)).glob("*.csv"):
        path.unlink()
    said = nianbao(shi, "rollup", "shi", str(YEAR)).stdout
    assert "应汇总6家，已报送5家" in said
    assert "甲市第2局（u2）：未报送" in said
    assert "垂管局（u7）：不汇总：上级机关派出机构" in said
    assert "汇总不完整" in said


def test_sums_are_written_where_there_are_none_and_never_over_others(shi: Project) -> None:
    done = nianbao(shi, "rollup", "shi", str(YEAR), "--write")
    assert done.returncode == 0, done.stderr
    assert load(shi, SHI).value(next(ref for ref in load(shi, SHI).cells if ref.row == "fees")).printed == "28.0028"
    set_cells(shi, "shi", {"proactive.fees.amount": "28"})
    before = shi.table_file(SHI, "proactive").read_bytes()
    again = nianbao(shi, "rollup", "shi", str(YEAR), "--write")
    assert again.returncode == 2
    assert "与汇总有1格不同" in again.stderr
    assert shi.table_file(SHI, "proactive").read_bytes() == before
    shown = nianbao(shi, "rollup", "shi", str(YEAR))
    assert shown.returncode == 1
    assert "填报28，汇总28.0028" in shown.stdout


def test_an_incomplete_sum_is_never_written(shi: Project) -> None:
    set_cells(shi, "u3", {"proactive.fees.amount": ""})
    done = nianbao(shi, "rollup", "shi", str(YEAR), "--write")
    assert done.returncode == 2
    assert "u3" in done.stderr
    assert not shi.data_of(SHI).exists()


def test_the_workbook_says_of_each_cell_what_it_is_made_of(shi: Project, tmp_path: Path) -> None:
    adjust(shi, "shi", "proactive,fees,amount,-1,重复")
    target = tmp_path / "sum.xlsx"
    assert nianbao(shi, "rollup", "shi", str(YEAR), "--format", "xlsx", "--output", str(target)).returncode == 0
    book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
    assert book.sheetnames == ["表二", "表三", "表四", "构成", "单位"]
    rows = {row[0]: row for row in book["构成"].iter_rows(values_only=True)}
    fees = next(row for name, row in rows.items() if "行政事业性收费" in str(name))
    assert fees[1:4] == ("27.0028", "-1", "重复")


def test_a_number_of_the_area_is_traced_into_the_units_files_and_lines(shi: Project) -> None:
    nianbao(shi, "rollup", "shi", str(YEAR), "--write")
    done = nianbao(shi, "trace", "shi", str(YEAR), "applications.new.total", "--format", "json")
    assert done.returncode == 0, done.stderr
    summed = json.loads(done.stdout)["summed"]
    assert summed["complete"]
    assert [unit["office"] for unit in summed["units"]] == OFFICES
    assert sum(unit["value"] for unit in summed["units"]) == summed["value"]
    for unit in summed["units"]:
        lines = (shi.root / unit["origin"]["path"]).read_text("utf-8-sig").split("\n")
        assert lines[unit["origin"]["line"] - 1].rstrip("\r") == unit["origin"]["raw"].rstrip("\r")
        assert unit["origin"]["raw"].startswith("new,")
    assert "汇总自" in nianbao(shi, "trace", "shi", str(YEAR), "applications.new.total").stdout


def test_an_areas_checks_rest_on_its_units_files(shi: Project) -> None:
    nianbao(shi, "rollup", "shi", str(YEAR), "--write")
    files = input_files(shi, SHI)
    assert f"data/u1/{YEAR}/applications.csv" in files
    assert "params/shi/units.csv" in files
    assert files == sorted(set(files))
