"""A preview as people start it, in a process of its own, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.paths import Project

KEY = ("shili", "2023")


@dataclass
class Running:
    """A preview that runs: its process and its address."""

    process: subprocess.Popen[str]
    address: str

    def end(self, number: int = signal.SIGINT) -> str:
        """End it by a signal; what it printed after its address. Where it does not end: what its threads were doing."""
        self.process.send_signal(number)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # its fault handler prints every thread's stack
            raise AssertionError(f"the preview did not end:\n{self._said()}") from None
        return self._said()

    def _said(self) -> str:
        return self.process.stdout.read() if self.process.stdout else ""


@contextmanager
def running(project: Project, *options: str) -> Iterator[Running]:
    """A preview of shili 2023, in Chinese; killed at the end if it has not ended by then."""
    command = [
        sys.executable,
        "-X",
        "faulthandler",
        "-m",
        "nianbao",
        "--project",
        str(project.root),
        "preview",
        *KEY,
        "--no-open",
        *options,
    ]
    environment = {**os.environ, "LANG": "zh_CN.UTF-8", "LC_ALL": ""}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=environment,
        start_new_session=True,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        assert line.startswith("预览 " + " ".join(KEY) + "：http://127.0.0.1:"), line
        yield Running(process, line.partition("：")[2].strip())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.stdout:
            process.stdout.close()


def soon(wanted: Callable[[], Any], seconds: float = 60) -> Any:
    """What ``wanted`` gives as soon as that is something; its last answer where it never is."""
    end = time.monotonic() + seconds
    while not (found := wanted()) and time.monotonic() < end:
        time.sleep(0.1)  # to look at all processes, or at a page, takes a processor's time from what is waited for
    return found


def processes_of(session: int) -> list[str]:
    """The processes of a session, by their command lines; those of notebooks and checks included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if fields[3] == str(session) and fields[0] != "Z":
            found.append(command)
    return found


def processes_below(pid: int) -> set[int]:
    """The process and all that descend from it, notebooks' own sessions too."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    """Those of the processes that still run."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.add(pid)
    return found
