from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import nianbao
from nianbao.batch.outcomes import Result, StepRun, TaskOutcome
from nianbao.cli.progress import summary
from nianbao.model import ReportKey
from nianbao.paths import Project
from worlds import keys_of, without_results


@pytest.fixture
def project(reference: Project, tmp_path: Path) -> Project:
    """Four office-years whose checks are stored; no report is made."""
    return without_results(reference, tmp_path / "project")


def start(project: Project, *arguments: str) -> subprocess.Popen[str]:
    sources = str(Path(nianbao.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", "from nianbao.cli.main import main; main()", "--project", str(project.root), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([sources, os.environ.get("PYTHONPATH", "")]),
            "NIANBAO_TEST_MARK": str(project.root),
        },
        start_new_session=True,
    )


def nianbao_batch(project: Project, *arguments: str) -> tuple[int, str, str]:
    process = start(project, "batch", *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_dry_run_says_what_would_run_and_why_and_runs_nothing(project: Project) -> None:
    code, out, _ = nianbao_batch(project, "--dry-run", "--office", "bench00001", "--year", "2023")
    assert code == 0
    assert "bench00001 2023: would run" in out
    assert "section 03_applications (first run)" in out
    assert "1 reports: 1 to make" in out
    assert not project.outputs.exists()


@pytest.fixture(scope="module")
def batched(reference: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[dict[str, Any]]]:
    """One office's two reports made by two workers, and the events that were told of it."""
    project = without_results(reference, tmp_path_factory.mktemp("batched") / "project")
    code, out, _ = nianbao_batch(project, "--log-json", "--jobs", "2", "--to", "html", "--office", "bench00000")
    assert code == 0
    return project, [json.loads(line) for line in out.splitlines()]


@pytest.mark.slow
def test_events_come_as_json_lines(batched: tuple[Project, list[dict[str, Any]]]) -> None:
    _, events = batched
    assert [event["event"] for event in events].count("start") == 2
    assert events[0] == {"event": "begin", "reports": 2, "workers": 2}
    assert events[-1]["results"] == {"made": 2}
    step = next(event for event in events if event["event"] == "step" and event["step"] == "section 01_overview")
    assert step["reasons"] == ["first run"]


@pytest.mark.slow
def test_only_what_changed_runs_again_and_a_published_file_that_was_changed_is_put_right(
    batched: tuple[Project, list[dict[str, Any]]],
) -> None:
    project, _ = batched
    text = project.data / "bench00000" / "2023" / "narrative" / "06_other.md"
    text.write_text(text.read_text(encoding="utf-8") + "\n以上报告。\n", encoding="utf-8")
    only = ("--office", "bench00000", "--to", "html")
    _, out, _ = nianbao_batch(project, "--dry-run", *only)
    assert "bench00000 2022: nothing to do" in out
    assert "section 06_other (changed: data/bench00000/2023/narrative/06_other.md)" in out

    only = (*only, "--year", "2022")
    page = project.output_of(keys_of(project)[0]) / "report.html"
    good = page.read_bytes()
    page.write_bytes(b"tampered")
    _, out, _ = nianbao_batch(project, *only, "--dry-run")
    assert "publish (not as it was published: outputs/bench00000/2022/report.html)" in out
    _, out, _ = nianbao_batch(project, *only)
    assert "1  made" in out
    assert page.read_bytes() == good


@pytest.mark.slow
def test_outcomes_are_kept_apart_and_the_exit_code_is_the_worst(project: Project) -> None:
    # One office with an unreadable table, one with a notebook of its own that raises.
    (project.data / "bench00000" / "2022" / "applications.csv").write_text("what is this\n", encoding="utf-8")
    own = project.notebooks / "bench00001"
    own.mkdir()
    notebook = json.loads((project.notebooks / "04_review.ipynb").read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] = "1 / 0"
    (own / "04_review.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    code, out, err = nianbao_batch(project, "--year", "2022", "--jobs", "1", "--to", "html")
    assert code == 3
    assert "1  wrong input" in out
    assert "1  a notebook raised" in out
    assert "ZeroDivisionError" in out
    assert ".nianbao/failed/bench00001/2022/" in out
    assert "Traceback" not in out + err


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes by /proc")
@pytest.mark.slow
def test_ctrl_c_leaves_no_process_and_the_next_run_goes_on(project: Project) -> None:
    process = start(project, "batch", "--log-json", "--jobs", "2", "--to", "html")
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if lines[-1]["event"] == "outcome":
            break
    assert len(_alive_with(str(project.root))) > 2
    os.killpg(process.pid, signal.SIGINT)
    rest, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "\nnianbao: stopped\n"
    end = json.loads(rest.splitlines()[-1])
    assert end["event"] == "end"
    assert end["results"]["not run"] >= 1
    _all_end(str(project.root))

    code, out, _ = nianbao_batch(project, "--to", "html")
    assert code == 0
    assert "unchanged" in out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")
def test_ctrl_c_while_a_cluster_starts_is_told_in_one_line(project: Project) -> None:
    process = start(project, "batch", "--jobs", "2", "--scheduler", "local")
    deadline = time.monotonic() + 20
    while len(_alive_with(str(project.root))) < 3:  # the server of the workers, and its tracker, are there
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "\nnianbao: stopped\n")
    _all_end(str(project.root))


def _all_end(mark: str) -> None:
    deadline = time.monotonic() + 5
    while left := _alive_with(mark):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def _alive_with(mark: str) -> list[int]:
    """The processes that inherited the mark in their environment, wherever they have gone since."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                environment = (path / "environ").read_bytes()
            except OSError:
                continue
            if f"NIANBAO_TEST_MARK={mark}".encode() in environment.split(b"\0"):
                found.append(int(path.name))
    return found


def test_nothing_matched_is_wrong_use(project: Project) -> None:
    code, _, err = nianbao_batch(project, "--office", "nowhere*")
    assert code == 2
    assert "no office matches 'nowhere*'" in err
    assert "bench00000" in err


def test_a_way_to_run_notebooks_that_there_is_not_is_wrong_use_and_told_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", "frok")
    code, out, err = nianbao_batch(project)
    assert (code, out) == (2, "")
    assert err.count("did you mean 'fork'") == 1


def test_the_table_at_the_end_lists_each_failure_with_its_evidence() -> None:
    key = ReportKey("shili", 2023)
    outcomes = [
        TaskOutcome(key, Result.MADE, 0.3, (StepRun("stitch", ("first run",), 0.1),)),
        TaskOutcome(key, Result.BLOCKED, message="findings block\nT3-BALANCE", evidence=".nianbao/failed/shili/2023/"),
        TaskOutcome(key, Result.FAULT, message="KeyError: 'x'", evidence=".nianbao/failed/shili/2023/"),
    ]
    shown = summary(outcomes, 1.25)
    assert "     1  made\n     1  wrong input (findings block the report)\n     1  a fault of ours\n" in shown
    assert "  shili 2023: findings block\n      T3-BALANCE\n      evidence: .nianbao/failed/shili/2023/" in shown
    assert "stopped" not in shown
    assert "goes on from here" in summary([TaskOutcome(key, Result.NOT_RUN)], 0.1)


def test_files_of_people_that_were_kept_aside_are_named_in_the_table() -> None:
    kept = StepRun("kept aside", ("outputs/shili/2023-另存/now/report.docx",), 0.0)
    shown = summary([TaskOutcome(ReportKey("shili", 2023), Result.MADE, steps=(kept,))], 1.0)
    assert "outputs/shili/2023-另存/now/report.docx" in shown
