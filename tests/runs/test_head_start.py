"""The process for notebooks starts before the command has looked at anything, and loads what it is told then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.runs import engine, launcher
from nianbao.runs.forecast import start_early
from nianbao.runs.head_start import head_start
from nianbao.runs.preloaded import Load
from runs.notebooks import notebook, printed, run, soon


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    engine.shut_down()
    yield
    engine.shut_down()


@pytest.fixture
def quiet(project: Project) -> Project:
    """A project in which nothing was edited since the last run."""
    project.run_log.parent.mkdir()
    project.run_log.touch()
    os.utime(project.run_log, (1, 1))  # not in the same tick as what a test edits
    for path in project.notebooks.rglob("*.ipynb"):
        os.utime(path, (0, 0))
    return project


def started() -> list[Load | None]:
    return [each.load for each in launcher._zygotes.all]


def test_it_starts_where_a_notebook_was_edited_or_none_ran(quiet: Project) -> None:
    head_start(quiet.root, "shili")
    assert started() == []
    os.utime(quiet.notebooks / "04_review.ipynb")
    head_start(quiet.root / "data", "shili")
    assert started() == [None]
    engine.shut_down()
    os.utime(quiet.notebooks / "04_review.ipynb", (0, 0))
    quiet.run_log.unlink()
    head_start(quiet.root, "shili")
    assert started() == [None]


def test_a_notebook_of_another_offices_own_is_passed_by(quiet: Project) -> None:
    own = quiet.notebooks / "shili" / "04_review.ipynb"
    own.parent.mkdir()
    own.write_bytes((quiet.notebooks / own.name).read_bytes())
    head_start(quiet.root, "panzhihua")
    assert started() == []
    head_start(quiet.root, "shili")
    assert started() == [None]


@pytest.mark.parametrize("office", ["no such office", "../..", "/", "\0", "", "-q", "--help"])
def test_whatever_stands_in_the_offices_place_is_for_others_to_complain_of(quiet: Project, office: str) -> None:
    head_start(quiet.root, office)
    head_start(quiet.root.parent, office)
    assert started() == []


def test_a_wrong_choice_of_engine_is_for_others_to_complain_of(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_ENGINE", "rocket")
    head_start(project.root, "shili")
    assert started() == []


def test_the_same_process_then_loads_what_the_report_wants(quiet: Project) -> None:
    os.utime(quiet.notebooks / "03_applications.ipynb")
    head_start(quiet.root, "shili")
    (zygote,) = launcher._zygotes.all
    start_early(quiet, ReportKey("shili", 2023), None)
    assert launcher._zygotes.all == [zygote]
    assert zygote.load is Load.CHARTS
    loaded = "import sys\nprint([name for name in ('mat' + 'plotlib', 'pan' + 'das') if name in sys.modules])"
    assert printed(run(quiet.root, notebook("bars_by_year = 1", loaded))) == "['matplotlib']\n"
    assert launcher._zygotes.all == [zygote]
    assert printed(run(quiet.root, notebook("import pandas", loaded))) == "['matplotlib', 'pandas']\n"


def test_a_notebook_that_is_run_at_once_tells_it_too(tmp_path: Path) -> None:
    engine.warm_up(None)
    assert printed(run(tmp_path, notebook("print(6 * 7)"))) == "42\n"
    assert started() == [Load.TEXT]
    assert engine.warm_up(None)() is False
    assert started() == [Load.TEXT]


def test_one_that_has_died_before_it_was_told_is_replaced(tmp_path: Path) -> None:
    engine.warm_up(None)
    (zygote,) = launcher._zygotes.all
    assert zygote._process is not None
    os.kill(zygote._process.pid, signal.SIGKILL)
    zygote._process.wait()
    assert printed(run(tmp_path, notebook("print(6 * 7)"))) == "42\n"


def test_one_that_nobody_needs_is_gone_with_the_command(quiet: Project) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom nianbao.runs import launcher\n"
        "from nianbao.runs.head_start import head_start\nhead_start(Path(sys.argv[1]), 'shili')\n"
        "print(launcher._zygotes.all[0]._process.pid, flush=True)\n"
    )
    quiet.run_log.unlink()
    for end in (
        "",
        "import os\nos.kill(os.getpid(), 9)\n",
        "import time\ntime.sleep(3)\nos = __import__('os')\nos._exit(0)\n",
    ):
        call = [sys.executable, "-c", script + end, str(quiet.root)]
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
        pid = int(done.stdout)
        assert soon(lambda pid=pid: not Path(f"/proc/{pid}").exists(), 10), end
        assert done.stderr == ""
