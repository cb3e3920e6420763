from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nianbao.errors import NotebookError
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline import graph
from nianbao.pipeline.graph import logged

KEY = ReportKey("shili", 2023)


def lines(project: Project) -> list[dict[str, Any]]:
    return [json.loads(line) for line in project.run_log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_run_leaves_one_line_with_its_steps_their_seconds_and_why(empty: Project) -> None:
    with logged(empty, KEY) as log, log.timed("stitch", ("changed: data/a.csv",)):
        pass
    (line,) = lines(empty)
    assert (line["office"], line["year"], line["outcome"]) == ("shili", 2023, "done")
    (step,) = line["steps"]
    assert (step["step"], step["why"]) == ("stitch", ["changed: data/a.csv"])
    assert 0 <= step["seconds"] <= line["seconds"]
    assert line["began"].endswith("+00:00")


def test_a_run_that_fails_leaves_its_outcome_and_the_steps_so_far(empty: Project) -> None:
    with pytest.raises(NotebookError), logged(empty, KEY) as log, log.timed("section 01_overview", ("first run",)):
        raise NotebookError("ValueError: 出错了", where="notebooks/01_overview.ipynb, cell 3")
    (line,) = lines(empty)
    assert line["outcome"] == "notebook"
    assert line["message"] == "notebooks/01_overview.ipynb, cell 3: ValueError: 出错了"
    assert [step["step"] for step in line["steps"]] == ["section 01_overview"]


@pytest.mark.parametrize(("error", "outcome"), [(KeyboardInterrupt(), "stopped"), (RuntimeError(), "fault")])
def test_being_stopped_and_a_fault_of_ours_are_told_apart(empty: Project, error: BaseException, outcome: str) -> None:
    with pytest.raises(type(error)), logged(empty, KEY):
        raise error
    assert lines(empty)[0]["outcome"] == outcome


def test_where_several_people_share_the_folder_each_can_add_to_the_log(empty: Project) -> None:
    empty.state.mkdir()
    empty.state.chmod(0o777)
    before = os.umask(0o022)
    try:
        with logged(empty, KEY):
            pass
    finally:
        os.umask(before)
    assert empty.run_log.stat().st_mode & 0o777 == 0o666


def test_the_log_stays_within_its_size(empty: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "LIMIT", 1000)
    for _ in range(50):
        with logged(empty, KEY):
            pass
    assert empty.run_log.stat().st_size <= 1000
    assert sorted(path.name for path in empty.state.iterdir()) == ["runs.jsonl", "runs.old.jsonl"]
    assert len(lines(empty)) >= 1


def test_a_log_that_cannot_be_written_stops_no_run(empty: Project) -> None:
    empty.state.write_text("a file in the place of the folder")
    with logged(empty, KEY) as log:
        log.step("stitch", 0.1, ())
