"""What a cell may do to its process, and what happens to the client's: a message, no process left, the next run works."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from runs.notebooks import alive, children, notebook, printed, run, saved, soon

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _nothing_left(tmp_path: Path) -> Iterator[None]:
    """After each fault: no process of the notebook's is left, and the next notebook runs."""
    run(tmp_path, notebook("1"))
    yield
    assert soon(lambda: not any(children(parent) for parent in children()))
    assert printed(run(tmp_path, notebook("print('well')"))) == "well\n"


def kill_when_begun(folder: Path, pid: int, sign: signal.Signals) -> None:
    """Send the signal as soon as the notebook that runs in ``folder`` has made the file "begun"."""

    def kill() -> None:
        if soon((folder / "begun").exists, 60):
            time.sleep(0.1)  # into the sleep that comes after
            os.kill(pid, sign)

    threading.Thread(target=kill).start()


def pid_in(folder: Path, name: str = "pid") -> int:
    return int((folder / name).read_text())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os\nprint('last words')\nos._exit(3)", "exit status 3"),
        (
            "import os, signal\nprint('last words')\nos.kill(os.getpid(), signal.SIGKILL)",
            "SIGKILL: the system may have",
        ),
        ("import ctypes\nprint('last words')\nctypes.string_at(0)", "signal SIGSEGV"),
    ],
)
def test_a_cell_that_ends_its_process_is_named_with_how_it_ended(tmp_path: Path, source: str, words: str) -> None:
    with pytest.raises(DeadKernelError, match=f"(?s)cell 1 ended, .*{words}"):
        run(tmp_path, notebook("print('before')", source))
    node = saved(tmp_path)
    assert printed(node, 0) == "before\n"
    assert printed(node, 1) == "last words\n"


def test_exit_in_the_last_cell_ends_the_notebook_in_order(tmp_path: Path) -> None:
    assert printed(run(tmp_path, notebook("print('done')\nexit()"))) == "done\n"


def test_exit_before_the_last_cell_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError, match="cell 1 ended, exit status 0"):
        run(tmp_path, notebook("exit()", "print('never')"))


def test_a_cell_that_loops_for_ever_is_stopped_and_shows_where_it_was(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(CellTimeoutError, match="after 1 seconds"):
        run(tmp_path, notebook("print('turning')\nwhile True:\n    pass"), execution_timeout=1)
    assert time.monotonic() - start < 4
    printed_text, error = saved(tmp_path).cells[0].outputs
    assert printed_text.text == "turning\n"
    assert error.ename == "KeyboardInterrupt"
    assert "while" in "".join(error.traceback)


def test_an_unfinished_notebook_is_written_at_its_end_whatever_that_is(tmp_path: Path) -> None:
    for source in ("while True:\n    pass", "import os\nos._exit(1)", "1 / 0"):
        (tmp_path / "out.ipynb").unlink()
        with pytest.raises((CellTimeoutError, DeadKernelError, PapermillExecutionError)):
            run(tmp_path, notebook("print('evidence')", source), execution_timeout=1)
        assert "evidence\n" in {printed(saved(tmp_path), index) for index in (0, 1)}


def test_a_cell_that_awaits_for_ever_is_stopped_too(tmp_path: Path) -> None:
    with pytest.raises(CellTimeoutError):
        run(tmp_path, notebook("import asyncio\nawait asyncio.sleep(1000)"), execution_timeout=1)
    assert saved(tmp_path).cells[0].outputs[0].ename == "CancelledError"


@pytest.mark.parametrize("lift", ["", "import sys\nsys.setrecursionlimit(10**9)\n"])
def test_a_recursion_without_end_is_an_error_within_seconds(tmp_path: Path, lift: str) -> None:
    with pytest.raises(PapermillExecutionError, match="RecursionError"):
        run(tmp_path, notebook(f"{lift}def down():\n    return down()\ndown()"), execution_timeout=30)
    assert len(saved(tmp_path).cells[-1].outputs[0].traceback) < 100


def test_a_cell_that_will_not_be_interrupted_is_killed_with_its_children(tmp_path: Path) -> None:
    source = (
        "import signal, subprocess, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "child = subprocess.Popen(['sleep', '1000'])\nopen('pid', 'w').write(str(child.pid))\n"
        "while True:\n    time.sleep(1)"
    )
    start = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(tmp_path, notebook(source), execution_timeout=1)
    assert time.monotonic() - start < 6
    assert soon(lambda: not alive(pid_in(tmp_path)))


def test_interrupt_on_timeout_goes_on_with_the_next_cell(tmp_path: Path) -> None:
    cells = (
        "import time\ntry:\n    time.sleep(1000)\nexcept KeyboardInterrupt:\n    print('stopped')",
        "print('next')",
    )
    node = run(tmp_path, notebook(*cells), execution_timeout=1, interrupt_on_timeout=True)
    assert [printed(node, 0), printed(node, 1)] == ["stopped\n", "next\n"]


def test_a_cell_that_forks_does_not_make_two_notebooks(tmp_path: Path) -> None:
    source = (
        "import os, sys\npid = os.fork()\n"
        "if pid == 0:\n    print('child')\n    display('displayed in the child')\nelse:\n    os.waitpid(pid, 0)\n    print('parent')"
    )
    node = run(tmp_path, notebook(source, "print('next')"))
    assert printed(node, 0) == "child\n'displayed in the child'\nparent\n"
    assert printed(node, 1) == "next\n"


def test_processes_of_multiprocessing_print_into_the_cell(tmp_path: Path) -> None:
    source = (
        "import multiprocessing\ndef work(n):\n    print('work', n, flush=True)\n    return n * n\n"
        "with multiprocessing.get_context('fork').Pool(1) as pool:\n    print(pool.map(work, [3]))"
    )
    assert printed(run(tmp_path, notebook(source))) == "work 3\n[9]\n"


def test_a_process_that_dies_is_missed_even_if_a_fork_of_it_lives_on(tmp_path: Path) -> None:
    source = "import os, time\npid = os.fork()\nif pid == 0:\n    time.sleep(1000)\nopen('pid', 'w').write(str(pid))\nos._exit(5)"
    with pytest.raises(DeadKernelError, match="exit status 5"):
        run(tmp_path, notebook(source))
    assert soon(lambda: not alive(pid_in(tmp_path)))


@pytest.mark.parametrize("apart", [False, True])
def test_processes_left_behind_end_with_the_notebook(tmp_path: Path, *, apart: bool) -> None:
    source = (
        f"import subprocess\nchild = subprocess.Popen(['sleep', '1000'], start_new_session={apart})\n"
        "open('pid', 'w').write(str(child.pid))"
    )
    run(tmp_path, notebook(source))
    assert not alive(pid_in(tmp_path))


def test_a_daemon_whose_parents_have_ended_ends_with_the_notebook_too(tmp_path: Path) -> None:
    source = (
        "import subprocess, time, pathlib\n"
        "subprocess.run(['sh', '-c', 'setsid sh -c \"echo \\$\\$ >pid; exec sleep 1000\" >/dev/null 2>&1 &'], check=True)\n"
        "while not (pathlib.Path('pid').exists() and pathlib.Path('pid').read_text().strip()):\n    time.sleep(0.02)\n"
        "import os\nos._exit(4)"
    )
    with pytest.raises(DeadKernelError, match="exit status 4"):
        run(tmp_path, notebook(source))
    assert soon(lambda: not alive(pid_in(tmp_path)))


@pytest.mark.parametrize("item", ["bytearray(1_000_000)", "[None] * 3"])
def test_a_cell_that_fills_memory_raises_at_the_limit(tmp_path: Path, item: str) -> None:
    source = f"kept = []\nwhile True:\n    kept.append({item})"
    with pytest.raises(PapermillExecutionError, match="MemoryError"):
        run(tmp_path, notebook(source), memory_limit=450_000_000)
    assert saved(tmp_path).cells[-1].outputs[0].ename == "MemoryError"


@pytest.mark.parametrize("before", ["", "import asyncio\nawait asyncio.sleep(0)\n"])
def test_a_cell_that_leaves_no_byte_of_memory_still_ends(tmp_path: Path, before: str) -> None:
    source = before + (
        "holders = iter([[None] for _ in range(1_500_000)])\n"
        "def fill(size):\n    try:\n        for holder in holders:\n            holder[0] = bytes(size)\n"
        "    except MemoryError:\n        pass\n"
        "for size in (*(10**power for power in range(7, 2, -1)), *range(600, 0, -8)) * 2:\n    fill(size)\n"
        "for holder in holders:\n    holder[0] = bytes(1)"
    )
    with pytest.raises(PapermillExecutionError, match="MemoryError"):
        run(tmp_path, notebook(source), memory_limit=600_000_000)
    output = saved(tmp_path).cells[-1].outputs[0]
    assert output.ename == "MemoryError"
    # Nothing failed for want of memory while this was told: what is set aside for it is there at once.
    assert "another exception occurred" not in "".join(output.traceback)


def test_a_process_that_cannot_even_tell_of_its_want_of_memory_ends(tmp_path: Path) -> None:
    source = (
        "def fail():\n    raise MemoryError\nget_ipython().send = lambda *_: fail()  # what tells of an error\n1 / 0"
    )
    with pytest.raises(DeadKernelError, match="exit status 1"):
        run(tmp_path, notebook(source))


@pytest.mark.parametrize(
    "source", ["while True:\n    print('x' * 999)", "while True:\n    display('x' * 99999)", "!yes"]
)
def test_a_cell_that_prints_without_end_is_stopped_at_the_limit(tmp_path: Path, source: str) -> None:
    with pytest.raises(PapermillExecutionError, match="OutputLimitError: the cell put out more than 3,000,000 bytes"):
        run(tmp_path, notebook(source, "print('never')"), output_limit=3_000_000)
    outputs = saved(tmp_path).cells[-2].outputs
    assert 2_500_000 < len(str(outputs)) < 5_001_000
    assert outputs[-1].ename == "OutputLimitError"


def test_a_gigabyte_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(PapermillExecutionError, match="OutputLimitError"):
        run(tmp_path, notebook("line = 'x' * 1_000_000\nfor _ in range(1000):\n    print(line)"))
    assert time.monotonic() - start < 10
    assert (tmp_path / "out.ipynb").stat().st_size < 21_000_000


def test_ctrl_c_in_the_client_interrupts_the_cell_and_goes_on_up(tmp_path: Path) -> None:
    kill_when_begun(tmp_path, os.getpid(), signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, notebook("import time\nopen('begun', 'w').close()\ntime.sleep(100)"))
    assert saved(tmp_path).cells[0].outputs[0].ename == "KeyboardInterrupt"


def test_a_fork_server_killed_in_the_middle_leaves_nothing_and_is_replaced(tmp_path: Path) -> None:
    (parent,) = children()
    kill_when_begun(tmp_path, parent, signal.SIGKILL)
    source = (
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '1000'])\n"
        "open('pid', 'w').write(str(child.pid))\nopen('own', 'w').write(str(os.getpid()))\n"
        "open('begun', 'w').close()\ntime.sleep(1)"
    )
    with contextlib.suppress(DeadKernelError):
        run(tmp_path, notebook(source))
    assert soon(lambda: not alive(pid_in(tmp_path)) and not alive(pid_in(tmp_path, "own")))


CLIENT = """
import sys
from pathlib import Path
from runs.notebooks import notebook, run
run(Path(sys.argv[1]), notebook(Path(sys.argv[2]).read_text()))
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_client_that_is_killed(tmp_path: Path, sign: signal.Signals) -> None:
    source = tmp_path / "cell.py"
    source.write_text(
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '1000'])\n"
        "open('pids', 'w').write(f'{os.getppid()} {os.getpid()} {child.pid}')\ntime.sleep(1000)"
    )
    here = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{here.parent / 'src'}:{here}"}
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(tmp_path), str(source)], env=environment, stderr=subprocess.DEVNULL
    )
    pids = tmp_path / "pids"
    assert soon(lambda: pids.exists() and len(pids.read_text().split()) == 3, 30)
    client.send_signal(sign)
    client.wait(10)
    assert soon(lambda: not any(alive(int(pid)) for pid in pids.read_text().split()), 4 if sign == signal.SIGINT else 2)
