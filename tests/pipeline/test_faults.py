"""After every fault: the last good report is whole, the message says what happened, the next run needs no help."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nianbao.paths import Project
from pipeline.sabotage import AFTER, BEFORE

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="the attempts are forks")]

KILLED = -signal.SIGKILL


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A place for hundreds of reports: in memory where there is such a place, for each is written through to the disk."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as name:
        yield Path(name)


@pytest.fixture
def tried(project: Project, folder: Path) -> Any:
    """What comes of the attempts of a kind, in a project whose path has spaces and Chinese characters."""

    def run(*kinds: str) -> dict[str, Any]:
        base = folder / "年报 项目"
        shutil.copytree(project.root, base)
        script = Path(__file__).with_name("sabotage.py")
        done = subprocess.run(
            [sys.executable, script, base, *kinds], capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def assert_untouched_then_mended(result: dict[str, Any]) -> None:
    """The report is whole after the fault, of the old inputs or the new; then the next run makes the new one."""
    assert result["after"]["whole"], result
    assert result["after"]["of"] in {BEFORE, AFTER}
    assert (result["again"], result["again_said"]) == (0, "")
    assert result["end"] == {"whole": True, "of": AFTER, "beside": []}


def test_a_run_killed_in_any_step_leaves_the_last_report_and_the_next_run_makes_the_new_one(tried: Any) -> None:
    steps = tried("steps")["steps"]
    assert {"section 01_overview", "check", "stitch", "fonts", "export html", "crate"} <= steps.keys()
    for result in steps.values():
        assert result["code"] == KILLED
        assert result["after"]["of"] == BEFORE
        assert_untouched_then_mended(result)


def test_a_run_killed_before_any_change_to_a_file_leaves_a_whole_report(tried: Any) -> None:
    results = tried("kill")["kill"]
    assert len(results) > 50
    for result in results:
        assert result["code"] == KILLED
        assert_untouched_then_mended(result)
    # Killed late enough, the new report is there already.
    assert {result["after"]["of"] for result in results} == {BEFORE, AFTER}


def test_a_disk_that_is_full_from_any_write_on_leaves_a_whole_report_and_says_so(tried: Any) -> None:
    results = tried("full")["full"]
    for result in results:
        assert result["code"] in {0, 4}, result["said"]
        assert_untouched_then_mended(result)
        if result["code"]:
            assert "No space left on device" in result["said"]
            assert "make room" in result["said"]
            assert result["after"]["of"] == BEFORE
        else:
            assert result["after"]["of"] == AFTER
    assert {result["code"] for result in results} == {0, 4}


def test_a_write_that_fails_in_its_middle_leaves_a_whole_report_and_says_so(tried: Any) -> None:
    results = tried("small")["small"]
    for result in results:
        assert_untouched_then_mended(result)
        if result["code"]:
            assert "File too large" in result["said"]
    assert results[0]["code"] == 4


def test_folders_that_may_not_be_written_leave_the_last_report_and_are_named(tried: Any) -> None:
    results = tried("refused")
    for result in results["refused"]:
        assert result["code"] == 4
        assert "outputs" in result["said"]
        assert "check the rights" in result["said"]
        assert result["after"]["of"] == BEFORE
        assert_untouched_then_mended(result)
    for result in results["no state"]:
        assert result["code"] == 4
        assert ".nianbao" in result["said"]
        assert_untouched_then_mended(result)


def test_two_runs_of_the_same_report_at_once_leave_a_whole_one(tried: Any) -> None:
    for result in tried("two")["two"]:
        assert result["codes"] == [0, 0]
        assert result["end"] == {"whole": True, "of": AFTER, "beside": []}
