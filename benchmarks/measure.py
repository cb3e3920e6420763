"""Runs a command and measures it from outside: seconds, and the memory and processor time of its whole tree."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY = 0.1  # seconds between two looks at the memory, at least
_SHARE = 1 / 50  # of the time that looking may take: it holds up the processes that are looked at
_PATIENCE = 5.0  # seconds for what is left of a command's processes to end
_PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>


@dataclass(frozen=True)
class Measured:
    """One run: wall time and processor time in seconds, peak memory in MB, what it printed."""

    seconds: float
    processor: float
    memory: float
    output: str


def mean(*runs: Measured) -> Measured:
    """Runs of the same, as one: their mean times, the highest of their peaks, what the last one printed."""
    count = len(runs)
    seconds, processor = sum(run.seconds for run in runs), sum(run.processor for run in runs)
    return Measured(seconds / count, processor / count, max(run.memory for run in runs), runs[-1].output)


def measured(command: Sequence[str], folder: Path) -> Measured:
    """Run the command in ``folder`` and wait for it; RuntimeError with what it printed where it fails."""
    # Without compiled modules every import is slow, which nobody's own machine does.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    _adopt_orphans()
    before = os.times()
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        output, errors = process.communicate()
        seconds = time.perf_counter() - start
        watch.stop()
    _await_orphans()
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}\n{output[-2000:]}\n{errors[-4000:]}")
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Measured(seconds, processor, watch.peak / 1e6, output)


def _adopt_orphans() -> None:
    """Have the processes that the command leaves behind become ours: their time counts when we have waited for them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _await_orphans() -> None:
    deadline = time.monotonic() + _PATIENCE
    with suppress(ChildProcessError):  # there is none, or none any more
        while os.waitpid(-1, os.WNOHANG) and time.monotonic() < deadline:
            time.sleep(0.01)


class _Watch(threading.Thread):
    """Looks at a process and all below it again and again, and keeps the greatest sum of their memory in bytes."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._root = psutil.Process(pid)
        self._ended = threading.Event()

    def run(self) -> None:
        pause = _EVERY
        while not self._ended.wait(pause):
            start = time.perf_counter()
            with suppress(psutil.Error):
                tree = [self._root, *self._root.children(recursive=True)]
                self.peak = max(self.peak, sum(memory_of(each.pid) for each in tree))
            pause = max(_EVERY, (time.perf_counter() - start) / _SHARE)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def memory_of(pid: int) -> float:
    """The memory of a process in bytes, pages that it shares in parts (proportional set size); 0 of one that ended."""
    with suppress(psutil.Error):
        found = psutil.Process(pid).memory_full_info()
        return float(getattr(found, "pss", found.uss))
    return 0.0
