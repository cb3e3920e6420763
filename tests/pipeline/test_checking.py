"""The process of the checks: it ends with whoever started it, and Ctrl-C is not for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import ChecksAside
from nianbao.pipeline.snapshot import Snapshot

KEY = ReportKey("panzhihua", 2023)


@pytest.mark.slow
def test_an_interrupt_leaves_the_process_of_the_checks_alone(
    repository: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C reaches all processes of a terminal; only the first of them is to speak of it, and to end the others."""
    with ChecksAside(repository, None, [KEY]) as checks:
        (process,) = multiprocessing.active_children()
        for _ in range(20):
            os.kill(process.pid or 0, signal.SIGINT)
            time.sleep(0.02)
        assert not checks.outcome(KEY, Snapshot(repository, KEY)).blocked
    assert "Traceback" not in capfd.readouterr().err
    assert not multiprocessing.active_children()


def test_checks_that_nobody_waits_for_end_with_the_block(repository: Project) -> None:
    start = time.monotonic()
    with ChecksAside(repository, None, [KEY]):
        (process,) = multiprocessing.active_children()
        while time.monotonic() < start + 1:
            time.sleep(0.05)
        end = time.monotonic()
    assert not process.is_alive()
    assert time.monotonic() < end + 2


def test_checks_whose_parent_was_killed_end_at_once_and_without_a_word(repository: Project) -> None:
    script = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from nianbao.model import ReportKey\n"
        "from nianbao.paths import Project\n"
        "from nianbao.pipeline.checking import ChecksAside\n"
        "if __name__ == '__main__':\n"
        "    ChecksAside(Project(Path(sys.argv[1])), None, [ReportKey('panzhihua', 2023)]).__enter__()\n"
        "    time.sleep(1.5)\n"
        "    print(time.monotonic(), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The pipe of stderr ends with the last process that holds it, which is that of the checks.
    done = subprocess.run(
        [sys.executable, "-c", script, repository.root], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")
    assert time.monotonic() < float(done.stdout) + 3


@pytest.mark.slow
def test_the_next_run_is_handed_what_the_store_holds(project: Project) -> None:
    from nianbao.pipeline import project_store
    from nianbao.pipeline.checking import checked

    store = project_store(project)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
        ((outcome, why),) = elsewhere.submit(checked, project, store, [KEY]).result()
    assert why == ("first run",)
    with ChecksAside(project, store, [KEY]) as checks:
        known = checks.known(KEY)
        assert not multiprocessing.active_children()
    assert known
    assert known.value == outcome
    assert not Snapshot(project, KEY).differing(outcome.reads)
    ((_, why),) = checked(project, store, [KEY])
    assert why == ()
