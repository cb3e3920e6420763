"""Owns the preloaded parent: one process with everything imported, that forks a fresh child for each notebook.

May import: runs.wire, runs.child, runs.shell, runs.surroundings; what it preloads, by name.

It has one thread and never runs a cell, so a fork of it is a process as new as any. It lives as long as the client
keeps its end of the socket open: when the client goes, in whatever way, so do the zygote and all its children.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Any

from nianbao.runs.wire import ANSWER, ASK, DROP, END, FORK, ORDER, READY

# What section notebooks import, and what costs most of their time. Great Expectations, papermill, Dask and Typst
# are not among them: each would make every fork dearer, and Typst cannot be forked at all.
PRELOADED = (
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "nianbao.section.charts",
    "nianbao.section.frames",
    # Imported late by those above.
    "IPython.core.logger",
    "pandas.core.reshape.reshape",
    "pylopdf_fonts_zh_cn",
    "importlib.resources.readers",
    "encodings.utf_8_sig",
    "encodings.utf_16_be",
)


def main(fd: int) -> None:
    """Load everything, say so on socket ``fd``, then fork on demand until the client has gone."""
    control = socket.socket(fileno=fd)
    # The terminal's Ctrl-C is the client's to deal with.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    ready = preload()
    os.chdir("/")  # keep no folder from being removed
    gc.collect()
    gc.freeze()  # collections in the children shall not touch, and so copy, what they share
    try:
        control.sendall(READY.pack(threads()))
        _serve(control, ready)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)


def preload() -> Any:
    """Import what notebooks will import, and make the shell that they will run in."""
    for name in PRELOADED:
        # What is not there to import is for the notebook to miss, with its own traceback.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from nianbao.runs import child, shell, surroundings  # noqa: F401 # the children need child

    surroundings.remember_matplotlib()
    ready = shell.new_shell()
    _rehearse(ready)
    return ready


def _rehearse(shell: Any) -> None:
    """Do once what is slow the first time: a cell, a display, a chart. It leaves nothing that a cell could see."""
    shell.run_cell("None", store_history=False, silent=True)
    shell.display_formatter.format(0)
    with contextlib.suppress(ImportError):
        import pandas as pd

        from nianbao.section import bars_by_year

        # Fonts found and measured, ticks and patches made: an eighth of what the first chart costs.
        bars_by_year(pd.DataFrame({2022: [1.0, 2.0], 2023: [2.0, 1.0]}, index=["甲", "乙"]), "演示", "件", stacked=True)


def threads() -> int:
    """How many threads this process has, those of C libraries too."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:  # not Linux
        return threading.active_count()


def _serve(control: socket.socket, shell: Any) -> None:
    children: set[int] = set()
    while True:
        order, fds = _receive(control)
        if not order:
            for pid in children:
                _end(pid)
            os._exit(0)
        verb, pid = ORDER.unpack(order)
        if verb == FORK:
            pid = _fork(control, shell, fds)
            children.add(pid)
            control.sendall(ANSWER.pack(pid))
        elif verb == ASK:
            gone = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            control.sendall(ANSWER.pack(1 if gone else 0))
        elif verb in {END, DROP} and pid in children:
            status = _end(pid)
            children.remove(pid)
            if verb == END:
                control.sendall(ANSWER.pack(status))


def _receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """The next order with its file descriptors; an empty one where the client has gone."""
    room = socket.CMSG_SPACE(3 * array.array("i").itemsize)
    order, fds = b"", array.array("i")
    while len(order) < ORDER.size:
        data, ancillary, _, _ = control.recvmsg(ORDER.size - len(order), room)
        if not data:
            return b"", []
        order += data
        for _level, kind, payload in ancillary:
            if kind == socket.SCM_RIGHTS:
                fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
    return order, list(fds)


def _fork(control: socket.socket, shell: Any, fds: list[int]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        from nianbao.runs import child

        link, out, err = fds
        control.close()
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)
        child.run(shell, socket.socket(fileno=link), parent)
    for fd in fds:
        os.close(fd)
    return pid


def _end(pid: int) -> int:
    """Kill a child and all of its group, and reap it; its wait status.

    Nobody else reaps, so until here the id cannot have gone to another process.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # it may not have got as far as to have a group of its own
    return os.waitpid(pid, 0)[1]
