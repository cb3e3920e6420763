"""What a notebook's process runs in: environment, seeds, settings, a limit of its memory, and a supervisor.

The supervisor is the process above it, which ends whatever the notebook has started when the notebook ends or is given
up. Linux only (prctl, /proc, address space limits in bytes).
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NoReturn

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
_DEEPEST = 100_000  # calls: two seconds to unwind

_FOR_TRACEBACK = 64 << 20  # bytes on top of the limit, for the traceback
_RESERVE = 4 << 20  # bytes; mapped apart, never touched


class Memory:
    """A limit of memory that holds while a cell runs.

    A cell may use up the last byte, so raising the limit must take none: both limits are made beforehand, and a reserve
    is freed first, for even a call takes a little.
    """

    def __init__(self, size: int | None) -> None:
        highest = resource.getrlimit(resource.RLIMIT_AS)[1]
        if size and highest != resource.RLIM_INFINITY:
            size = min(size, highest - _FOR_TRACEBACK)
        self._held = (size, size + _FOR_TRACEBACK) if size else None
        self._raised = (size + _FOR_TRACEBACK, size + _FOR_TRACEBACK) if size else None
        self._reserve: mmap.mmap | None = None

    def hold(self) -> None:
        """Begin to hold the limit: a cell starts."""
        if self._held:
            # Of the system, not of the allocator: that would keep it for itself, or clear it for each cell.
            self._reserve = self._reserve or mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            resource.setrlimit(resource.RLIMIT_AS, self._held)

    def raise_limits(self) -> None:
        """Raise the limit by what a traceback needs: the cell has ended, or failed."""
        if self._raised:
            self._reserve = None
            resource.setrlimit(resource.RLIMIT_AS, self._raised)


def set_environment(wanted: Mapping[str, str], path: list[str]) -> None:
    """Give this process what an interpreter has that was just started in this environment, with this search path."""
    environment = {
        **wanted,
        # What ipykernel sets, for subprocesses.
        "TERM": "xterm-color",
        "CLICOLOR": "1",
        "FORCE_COLOR": "1",
        "CLICOLOR_FORCE": "1",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
    }
    environment.setdefault("MPLBACKEND", INLINE_BACKEND)
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    time.tzset()
    sys.argv = [""]  # there is no script
    # Imports look in the current folder after the standard library, where a kernel has it.
    packages = [Path(folder).name in {"site-packages", "dist-packages"} for folder in path]
    here = packages.index(True) if True in packages else 0
    sys.path[:] = [*path[:here], "", *path[here:]]
    _cap_recursion()
    _seed()
    _matplotlib()


def _cap_recursion() -> None:
    """Let no cell lift the recursion limit so far that a recursion without end takes minutes to unwind."""
    lift = sys.setrecursionlimit
    sys.setrecursionlimit = lambda limit, /: lift(min(limit, _DEEPEST))


def _seed() -> None:
    """Draw fresh randomness: the copies of a process would all draw the same numbers."""
    random.seed()
    if "numpy" in sys.modules:
        import numpy as np

        # The old global generator, the one that is shared. Words of entropy, for seed() alone takes half a millisecond.
        np.random.seed(np.frombuffer(os.urandom(64), dtype=np.uint32))


def _matplotlib() -> None:
    """Read the settings that matplotlib would find here and now, where the fork server has read others."""
    if "nianbao.runs.preload_charts" not in sys.modules:
        return
    import matplotlib

    from nianbao.runs.preload_charts import RC_FILE

    found = matplotlib.matplotlib_fname()
    if str(Path(found).resolve()) != RC_FILE:
        with contextlib.suppress(OSError):
            matplotlib.rc_file(found)
    if os.environ["MPLBACKEND"] != INLINE_BACKEND:
        matplotlib.use(os.environ["MPLBACKEND"])


_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_CHILD_SUBREAPER = 36


def supervise(link: Connection) -> None:
    """Fork: the copy returns from here and runs the notebook, and this process supervises it.

    A message through ``link`` is an interrupt, which the notebook and its subprocesses get as Ctrl-C. When the other
    end is closed, as when the engine's process dies, the notebook is killed. This process ends as the notebook did.
    """
    libc = ctypes.CDLL(None)
    os.setsid()  # the terminal's Ctrl-C is the engine's to deal with
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what a cell's subprocesses leave behind becomes this process's child
    supervisor = os.getpid()
    pid = os.fork()
    if pid:
        _supervise(link, pid)
    os.setsid()
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The fork server may have been started while signals were blocked, and a mask outlives exec.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _supervise(link: Connection, pid: int) -> NoReturn:
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
