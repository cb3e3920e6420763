"""A folder that refuses to be listed is told wherever folders are looked through: never passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from areas import area
from closed import close
from nianbao.campaign.returned import read_answers
from nianbao.checks import check
from nianbao.errors import InputError
from nianbao.ingest import find
from nianbao.inputs import Files
from nianbao.inputs.units import list_problems, load_units
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.runs.lint import lint
from nianbao.store.fingerprint import input_files, suite_files

KEY = ReportKey("shili", 2023)


@pytest.mark.parametrize(
    ("folder", "ask"),
    [
        ("params/shili", lambda project: project.unit_lists("shili")),
        ("params/shili", lambda project: input_files(project, KEY)),
        ("data/shili/2023/narrative", lambda project: input_files(project, KEY)),
        ("expectations", lambda project: suite_files(project, "shili")),
        ("notebooks", lint),
    ],
)
def test_nothing_is_taken_for_empty(
    project: Project, monkeypatch: pytest.MonkeyPatch, folder: str, ask: Callable[[Project], object]
) -> None:
    close(monkeypatch, project.root / folder)
    with pytest.raises(InputError, match="cannot be listed") as told:
        ask(project)
    assert told.value.where == f"{folder}/"


def test_the_lists_of_the_other_areas_are_looked_at_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = area(tmp_path, ["a", "b"])
    (project.params / "shi" / "units.csv").write_text("office,name\n,甲局\n", "utf-8")
    close(monkeypatch, project.params / "b")
    problems = list_problems(project)
    assert [problem.partition("/")[2].partition(":")[0] for problem in problems] == ["b/", "shi/units.csv"]


def test_an_area_whose_folder_refuses_has_a_list_with_that_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = area(tmp_path, ["a"])
    close(monkeypatch, project.params / "shi")
    units = load_units(Files(project), ReportKey("shi", 2023))
    assert units is not None
    (issue,) = units.issues
    assert issue.words is not None
    assert "文件夹无法列出" in issue.words[0]


def test_an_office_whose_parameters_cannot_be_listed_is_blocked_with_that_reason(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(monkeypatch, project.params / "shili")
    found = [one for one in check(project, [KEY]).findings if "文件夹无法列出" in one.message]
    assert found
    assert all(one.blocks for one in found)


def test_published_reports_in_a_closed_folder_are_said_to_be_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inner := tmp_path / "甲局").mkdir()
    (inner / "2023.html").write_text("年报", "utf-8")
    (tmp_path / "乙局.html").write_text("年报", "utf-8")
    close(monkeypatch, inner)
    found = find([tmp_path])
    assert found.wanted == (tmp_path / "乙局.html",)
    ((folder, why),) = found.passed
    assert (folder, str(why)) == (inner, "the folder cannot be listed: Permission denied")


def test_answers_in_a_closed_folder_are_named_as_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder := tmp_path / "整改").mkdir()
    close(monkeypatch, folder)
    assert read_answers([folder, tmp_path / "none"]) == ({}, ["整改"])
