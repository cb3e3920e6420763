"""The process above a notebook's: it ends whatever the notebook has started when the notebook ends or is given up.

May import: nothing of ours. Linux only (prctl, /proc).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_CHILD_SUBREAPER = 36


def keep(link: Connection) -> None:
    """Fork: the copy returns from here and runs the notebook, and this process keeps it.

    A message through ``link`` is an interrupt, which the notebook and its subprocesses get as Ctrl-C. When the other
    end is closed, as when the engine's process dies, the notebook is killed. This process ends as the notebook did.
    """
    libc = ctypes.CDLL(None)
    os.setsid()  # the terminal's Ctrl-C is the engine's to deal with
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what a cell's subprocesses leave behind becomes this process's child
    keeper = os.getpid()
    pid = os.fork()
    if pid:
        _watch(link, pid)
    os.setsid()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The fork server may have been started while signals were blocked, and a mask outlives exec.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _watch(link: Connection, pid: int) -> NoReturn:
    ended = os.pidfd_open(pid)
    while wait([ended, link]) == [link]:
        try:
            link.recv_bytes()
        except (EOFError, OSError):
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGINT)
    code = _end_all(pid)
    if code >= 0:
        os._exit(code)
    # Killed by a signal: end by the same, but leave no core.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if -code != signal.SIGKILL:
        signal.signal(-code, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.kill(os.getpid(), -code)
    os._exit(1)


def _end_all(pid: int) -> int:
    """Kill the notebook's process and all that it has left; its exit code, or -N for signal N."""
    os.kill(pid, signal.SIGKILL)  # no harm where it has ended: it has not been reaped
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(ChildProcessError):  # until there is no child
        while True:
            for child in _children():
                os.kill(child, signal.SIGKILL)
            os.waitpid(-1, 0)
    return code


def _children() -> Iterator[int]:
    """This process's children. None of them can vanish: nobody else reaps them."""
    here = str(os.getpid())
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # pid (name) state parent …; the name may hold anything.
            if stat.read_text(errors="replace").rpartition(")")[2].split()[1] == here:
                yield int(stat.parent.name)
