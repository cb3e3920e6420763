"""A process whose forks run notebooks: theirs are forked from zygotes split off from its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nianbao.runs import engine, launcher
from nianbao.runs.preloaded import Load
from runs.notebooks import alive, notebook, printed, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

LOADED = "import sys\nprint('pan' + 'das' in sys.modules)"


@pytest.fixture
def ancestor() -> Iterator[launcher.Zygote]:
    """What a fork of this process would have been handed: a zygote of which it is not the parent."""
    engine.shut_down()
    started = launcher.Zygote.started(Load.ALL)
    kept = launcher._zygotes.ancestor
    launcher._zygotes.ancestor = launcher.Zygote(started._control, None, Load.ALL)
    yield started
    engine.shut_down()
    launcher._zygotes.ancestor = kept
    started.close()


def test_notebooks_run_in_a_zygote_that_was_split_off(tmp_path: Path, ancestor: launcher.Zygote) -> None:
    assert printed(run(tmp_path, notebook(LOADED))) == "True\n"
    split = launcher.zygote()
    assert (split._process, split.alive, launcher.zygote()) == (None, True, split)


def test_it_outlives_the_one_it_was_split_from(tmp_path: Path, ancestor: launcher.Zygote) -> None:
    run(tmp_path, notebook("1"))
    split = launcher.zygote()
    assert ancestor._process is not None
    ancestor._process.kill()
    ancestor._process.wait()
    assert printed(run(tmp_path, notebook("print(1)"))) == "1\n"
    assert launcher.zygote() is split


def test_where_there_is_none_any_more_one_is_started(tmp_path: Path, ancestor: launcher.Zygote) -> None:
    assert ancestor._process is not None
    ancestor._process.kill()
    ancestor._process.wait()
    assert printed(run(tmp_path, notebook("print(1)"))) == "1\n"
    assert launcher.zygote()._process is not None


def test_one_that_is_killed_is_replaced(tmp_path: Path, ancestor: launcher.Zygote) -> None:
    (parent,) = {int(printed(run(tmp_path, notebook("import os; print(os.getppid())"))))}
    split = launcher.zygote()
    os.kill(parent, signal.SIGKILL)
    while split.alive:
        time.sleep(0.01)
    assert printed(run(tmp_path, notebook("print(1)"))) == "1\n"
    assert launcher.zygote() is not split


def test_another_environment_gets_a_zygote_of_its_own(
    tmp_path: Path, ancestor: launcher.Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    assert printed(run(tmp_path, notebook("print(__debug__)"))) == "False\n"
    assert launcher.zygote()._process is not None


def test_forks_have_them_and_at_the_end_nothing_is_left(tmp_path: Path) -> None:
    script = f"""
import json, os, sys
from pathlib import Path
from nianbao.runs import engine, launcher
from runs.notebooks import notebook, printed, run
engine.hand_on()
folder = Path({str(tmp_path)!r})
forks = []
for number in range(2):
    pid = os.fork()
    if not pid:
        mine = folder / str(number)
        mine.mkdir()
        parent = printed(run(mine, notebook("import os; print(os.getppid())"))).strip()
        (folder / f"{{number}}.json").write_text(json.dumps([int(parent), launcher.zygote()._process is None]))
        os._exit(0)
    forks.append(pid)
ended = [os.waitpid(pid, 0)[1] for pid in forks]
print(json.dumps([ended, launcher.zygote()._process.pid]))
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    ended, first = json.loads(done.stdout)
    (one, split), (other, split_too) = (json.loads((tmp_path / f"{n}.json").read_text()) for n in range(2))
    assert (ended, split, split_too) == ([0, 0], True, True)
    assert len({first, one, other}) == 3
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in (first, one, other)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
