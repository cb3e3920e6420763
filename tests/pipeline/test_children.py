from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from nianbao.errors import ExportError
from nianbao.model import ReportKey
from nianbao.paths import Project
from nianbao.pipeline.checking import validation
from nianbao.pipeline.children import Helper
from runs.notebooks import alive


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


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def with_process_id(number: int) -> tuple[int, int]:
    if number < 0:
        raise ExportError("no font", where="here")
    return number, os.getpid()


class Unreadable:
    """What the other process cannot make again from its pickle."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def unreadable_or_id(number: int) -> Unreadable | int:
    return Unreadable() if number else os.getpid()


def die(last: bytes) -> bytes:
    if last:
        os.kill(os.getpid(), signal.SIGKILL)
    return b"first"


def wait(mark: Path) -> None:
    mark.write_text(str(os.getpid()))
    time.sleep(60)


def wait_for(mark: Path) -> Path:
    while not mark.exists():
        time.sleep(0.01)
    return mark


def wrong() -> None:
    raise ValueError("cannot be prepared")


@needs_fork
def test_a_helper_does_all_that_nobody_else_does_and_raises_what_a_job_raised() -> None:
    with Helper() as helper:
        helper.share([partial(with_process_id, item) for item in (1, -2, 3)])
        assert helper.value(0) == (1, helper._process.pid)
        with pytest.raises(ExportError, match="here: no font"):
            helper.value(1)
        assert helper.value(2) == (3, helper._process.pid)


@needs_fork
def test_a_value_that_cannot_be_read_is_an_error_and_not_waited_for() -> None:
    with Helper() as helper:
        helper.share([partial(unreadable_or_id, item) for item in (1, 0)])
        with pytest.raises(ValueError, match="no number"):
            helper.value(0)
        assert helper.value(1) == helper._process.pid


@needs_fork
def test_the_caller_does_what_a_busy_helper_has_no_time_for(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Helper() as helper:
        assert [*helper.share([partial(wait_for, mark)] * 4)] == [1, 2, 3]
        mark.touch()
        assert helper.value(0) == mark


@needs_fork
def test_jobs_are_shared_again() -> None:
    with Helper() as helper:
        for _ in range(3):
            assert len([*helper.share([partial(with_process_id, 1)])]) == 0
            assert helper.value(0) == (1, helper._process.pid)


@needs_fork
def test_what_a_helper_that_dies_has_not_done_is_the_callers() -> None:
    with Helper() as helper:
        own = helper.share([partial(die, item) for item in (b"", b"last", b"", b"")])
        assert [helper.value(0), helper.value(1)] == [b"first", None]
        assert [*own] == [2, 3]
        own = helper.share([partial(die, item) for item in (b"", b"")])
        assert helper.value(0) is None
        assert [*own] == [1]


@needs_fork
def test_jobs_and_values_larger_than_what_a_pipe_holds_do_not_wait_for_each_other(tmp_path: Path) -> None:
    whole, mark = os.urandom(5 << 20), tmp_path / "given"
    with Helper(partial(wait_for, mark)) as helper:
        helper.share([partial(bytes.upper, whole)] * 3)
        mark.touch()
        assert [helper.value(number) for number in range(3)] == [whole.upper()] * 3


@needs_fork
def test_a_helper_that_cannot_prepare_itself_does_its_jobs() -> None:
    with Helper(wrong) as helper:
        helper.share([partial(with_process_id, 1)])
        assert helper.value(0) == (1, helper._process.pid)


@needs_fork
def test_a_helper_ends_with_the_block(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Helper() as helper:
        helper.share([partial(wait, mark)])
        while not (mark.is_file() and mark.read_text()):
            time.sleep(0.01)
    assert helper.value(0) is None
    assert not alive(int(mark.read_text()))


@needs_fork
def test_a_process_with_threads_of_a_library_is_not_forked() -> None:
    script = (
        "from nianbao.pipeline.children import may_fork, pays_to_fork\n"
        "from nianbao import export\n"
        "for form in export.FORMATS: export.writer(form)\n"
        "before = may_fork()\n"
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
        "print(before, may_fork(), pays_to_fork())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True" if sys.platform == "linux" else "False", "False", "False"]
