"""Who has handed in: each unit in its state, the worst first; its own list of problems out, and its answers back."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from areas import YEAR, area, set_cells, units_file
from nianbao.campaign.collect import Collector
from nianbao.campaign.returned import Taken
from nianbao.campaign.status import as_answers, as_json, as_page, as_text, split, status_of
from nianbao.model import ReportKey
from nianbao.paths import Project

AFTER = dt.date(YEAR + 1, 2, 20)


@pytest.fixture(scope="module")
def shi(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """a is in time, b has an error, c is missing, d has blanks, e was published late."""
    project = area(tmp_path_factory.mktemp("shi"), ["a", "b", "c", "d", "e"])
    set_cells(project, "b", {"applications.new.total": "999"})
    for path in project.data_of(ReportKey("c", YEAR)).rglob("*.*"):
        path.unlink()
    set_cells(project, "d", {"applications.new.natural_person": "", "proactive.fees.amount": ""})
    units_file(project, "shi", ["a,甲局", "b,乙局", "c,丙局", "d,丁局", f"e,戊局,,,{YEAR + 1}-01-10"])
    return project


def test_each_unit_is_in_its_state_the_worst_first(shi: Project) -> None:
    found = as_json(status_of(shi, "shi", YEAR, AFTER))
    assert [(unit["office"], unit["state"]) for unit in found["units"]] == [
        ("c", "missing"),
        ("d", "incomplete"),
        ("b", "blocked"),
        ("e", "late"),
        ("a", "published"),
    ]
    assert found["summary"]["missing"] == 1
    assert found["rate"] == "80.0%"
    assert [unit["office"] for unit in found["units"] if unit["late"]] == ["c", "e"]


def test_before_their_day_reports_are_ready_and_nobody_is_late(shi: Project) -> None:
    found = as_json(status_of(shi, "shi", YEAR, dt.date(YEAR + 1, 1, 5)))
    states = {unit["office"]: unit["state"] for unit in found["units"]}
    assert states["a"] in {"ready", "warnings"}
    assert not any(unit["late"] for unit in found["units"])


def test_text_and_page_say_the_same_in_chinese(shi: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    status = status_of(shi, "shi", YEAR, AFTER)
    text, page = "\n".join(as_text(status)), as_page(status)
    assert "未报送（已逾期）  丙局（c）" in text
    for words in ("丙局", "未报送（已逾期）", "逾期公布", "报送率80.0%"):
        assert words in page
    assert "<script" not in page


def test_each_unit_gets_its_own_list_and_its_answers_are_read_back(shi: Project, tmp_path: Path) -> None:
    status = status_of(shi, "shi", YEAR, AFTER)
    paths = {path.name: path for path in split(status, tmp_path)}
    path = paths[f"乙局{YEAR}年问题清单.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    assert {row[heads.index("单位")] for row in sheet.iter_rows(min_row=2, values_only=True)} == {"乙局"}
    sheet.cell(2, heads.index("整改情况") + 1).value = "已改为14"
    sheet.cell(2, heads.index("整改人及日期") + 1).value = "张三 2月18日"
    sheet.insert_rows(1)  # as people do, for a title
    book.save(path)
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    elsewhere = status_of(shi, "shi", YEAR, AFTER, [tmp_path])
    lines = list(as_answers(elsewhere))
    assert lines[:2] == [
        "a list that came back cannot be read: broken.xlsx",
        "answers that came back: 1; to findings that still stand: 1",
    ]
    assert "乙局" in lines[2]
    # What collect takes needs no option to be read; the same again changes nothing, another answer keeps the first.
    collector = Collector(shi, "shi", YEAR)
    assert [outcome.taken for _ in range(2) for outcome in collector.take([path])] == [Taken.NEW, Taken.UNCHANGED]
    sheet.cell(3, heads.index("整改情况") + 1).value = "已改为15"
    book.save(path)
    (again,) = collector.take([path])
    assert (again.taken, again.kept) == (Taken.CHANGED, f"data/shi/{YEAR}/整改/另存/1")
    found = status_of(shi, "shi", YEAR, AFTER)
    assert list(found.answers.values()) == [("已改为15", "张三 2月18日")]
    assert {unit["office"]: unit["answered"] for unit in as_json(found)["units"]}["b"] == 1
    (other,) = Collector(shi, "shi", YEAR - 1).take([path])
    assert (other.taken, other.why) == (Taken.REFUSED, f"is a list of problems of {YEAR}, not of {YEAR - 1}")
