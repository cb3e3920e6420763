from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import validation
from nianbao.pipeline.children import deaf_to_interrupts


def test_an_interrupt_leaves_the_process_of_the_checks_alone(
    repository: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C reaches all processes of a terminal; only the first of them is to speak of it, and to end the others."""
    key = ReportKey("panzhihua", 2023)
    with validation(repository, None, [key]) as started:
        assert started._process is not None
        for _ in range(20):
            os.kill(started._process.pid or 0, signal.SIGINT)
            time.sleep(0.02)
        assert not started.outcome(key).blocked
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(("before", "forked"), [("", True), ("import typst\n", False)])
def test_checks_whose_parent_was_killed_end_without_a_word(repository: Project, before: str, *, forked: bool) -> None:
    script = (
        f"{before}import os, signal, sys\n"
        "from pathlib import Path\n"
        "from nianbao.model import ReportKey\n"
        "from nianbao.paths import Project\n"
        "from nianbao.pipeline.checking import Validation\n"
        "from nianbao.pipeline.children import may_fork\n"
        "if __name__ == '__main__':\n"
        f"    assert may_fork() is {forked}\n"
        "    Validation(Project(Path(sys.argv[1])), None, [ReportKey('panzhihua', 2023)])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The pipe of stderr ends with the last process that holds it, which is that of the checks.
    done = subprocess.run(
        [sys.executable, "-c", script, repository.root], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, "")


def test_an_interrupt_that_comes_while_a_child_is_started_is_not_lost() -> None:
    def interrupted() -> None:
        with deaf_to_interrupts():
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
