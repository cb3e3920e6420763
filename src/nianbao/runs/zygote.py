"""Owns the preloaded parent: one process with everything imported, that forks a fresh child for each notebook.

May import: put_off, runs.wire, runs.preloaded, runs.child, runs.shell, runs.surroundings; what it preloads, by name.

It has one thread and never runs a cell, so a fork of it is a process as new as any. It lives as long as the client
keeps its end of the socket open: when the client goes, in whatever way, so do the zygote and all its children.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import inspect
import os
import select
import signal
import socket
import threading
from pathlib import Path
from typing import Any, NoReturn

from nianbao.put_off import put_off, replaced
from nianbao.runs.preloaded import Load
from nianbao.runs.wire import ANSWER, ASK, DROP, END, FORK, LOAD, ORDER, READY, SPLIT, read_exactly

_REAP_EVERY = 0.05  # seconds


def main(fd: int, load: Load | None) -> None:
    """Load what notebooks need, say so on socket ``fd``, then fork on demand until the client has gone.

    Where ``load`` is None, the client says it later: until then, what every notebook needs.
    """
    control = socket.socket(fileno=fd)
    # The terminal's Ctrl-C is the client's to deal with.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    if load is None:
        _import(Load.TEXT)
        load = _told(control)
    ready = preload(load)
    os.chdir("/")  # keep no folder from being removed
    # Collections in the children shall not touch, and so copy, what they share. None before: imports leave hardly
    # anything to collect, and to look for it would take as long as two notebooks.
    gc.freeze()
    _live(control, ready)


def _live(control: socket.socket, shell: Any) -> NoReturn:
    """Serve the client at the other end of ``control`` until it has gone."""
    children = _Children(control, shell)
    try:
        control.sendall(READY.pack(threads()))
        children.stand_by()
        _serve(control, children)
    except OSError:  # the client has gone in the middle of an answer
        pass
    finally:
        children.end_all()
        os._exit(0)


def _told(control: socket.socket) -> Load:
    """How much the client wants loaded; where it goes without saying, this process does."""
    order = read_exactly(control, ORDER.size)
    verb, load = ORDER.unpack(order) if order else (b"", 0)
    if verb != LOAD:
        os._exit(0)
    return Load(load)


def preload(load: Load) -> Any:
    """Import what notebooks will import, and make the shell that they will run in."""
    _import(load)
    from nianbao.runs import shell, surroundings

    surroundings.remember_matplotlib()
    ready = shell.new_shell()
    _rehearse(ready)
    return ready


def _import(load: Load) -> None:
    # Of matplotlib, the names of glyphs are for TeX alone, the widgets for windows, and the names of what a camera says
    # of a picture for nobody. It cleans the docstrings of its setters anew for each of a hundred artists.
    cleaned_once = replaced(inspect, "cleandoc", functools.cache)
    with put_off("fontTools.agl", "matplotlib.widgets", "PIL.ExifTags"), cleaned_once:
        for name in load.modules:
            # What is not there to import is for the notebook to miss, with its own traceback.
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _rehearse(shell: Any) -> None:
    """Do once what is slow the first time, a cell. It leaves nothing that a cell could see."""
    from nianbao.runs import child

    child.rehearse(shell)


def threads() -> int:
    """How many threads this process has, those of C libraries too."""
    try:
        return len(list(Path("/proc/self/task").iterdir()))
    except OSError:  # not Linux
        return threading.active_count()


def _serve(control: socket.socket, children: _Children) -> None:
    while True:
        if children.dying and not select.select([control], [], [], _REAP_EVERY)[0]:
            children.reap()
            continue
        order, fds, _, _ = socket.recv_fds(control, ORDER.size, 3)
        if len(order) < ORDER.size:
            return
        verb, pid = ORDER.unpack(order)
        if verb == FORK:
            control.sendall(ANSWER.pack(children.give(fds)))
            children.stand_by()
        elif verb == ASK:
            gone = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            control.sendall(ANSWER.pack(1 if gone else 0))
        elif verb == END:
            control.sendall(ANSWER.pack(children.end(pid)))
        elif verb == DROP:
            children.drop(pid)
        elif verb == SPLIT:
            children.split(fds)


class _Children:
    """The notebooks' processes: one that stands by for the next notebook, those at work, those still to be reaped.

    Nobody else reaps: until this does, the id of a process that has ended cannot go to another one.
    """

    def __init__(self, control: socket.socket, shell: Any) -> None:
        self._control = control
        self._shell = shell
        self._all: set[int] = set()
        self._desk: socket.socket | None = None  # where the one that stands by waits
        self._next = 0
        self._split: set[int] = set()
        self.dying: set[int] = set()

    def stand_by(self) -> None:
        """Fork a process for the next notebook, so that it is under way by the time it is asked for."""
        parent = os.getpid()
        ours, theirs = socket.socketpair()
        self._next = os.fork()
        if self._next == 0:
            from nianbao.runs import child

            self._control.close()
            ours.close()
            child.run(self._shell, theirs, parent)
        theirs.close()
        self._desk = ours
        self._all.add(self._next)

    def give(self, fds: list[int]) -> int:
        """Give the process that stands by its notebook's link, stdout and stderr; its id."""
        while True:
            if self._desk is None:
                self.stand_by()
                continue
            with self._desk as desk, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(desk, [b"!"], fds)
                break
            # Somebody has killed it while it stood by.
            self._desk = None
            self.end(self._next)
        self._desk = None
        for fd in fds:
            os.close(fd)
        return self._next

    def split(self, fds: list[int]) -> None:
        """Fork another zygote, for the client at the other end of this socket; it outlives this one."""
        (fd,) = fds
        pid = os.fork()
        if pid == 0:
            # This one's children are not its own.
            self._control.close()
            if self._desk:
                self._desk.close()
            _live(socket.socket(fileno=fd), self._shell)
        os.close(fd)
        # Who had one split off and has gone may be asking for the next.
        self._split = {pid, *(other for other in self._split if not os.waitpid(other, os.WNOHANG)[0])}

    def end(self, pid: int) -> int:
        """Kill a process and all of its group, and reap it; its wait status."""
        _kill(pid)
        self._all.discard(pid)
        return os.waitpid(pid, 0)[1]

    def drop(self, pid: int) -> None:
        """The same, reaped later: to give back a process's memory takes longer than to start the next notebook."""
        _kill(pid)
        self.dying.add(pid)
        self.reap()

    def reap(self) -> None:
        """Reap those dropped that have ended by now."""
        for pid in [pid for pid in self.dying if os.waitpid(pid, os.WNOHANG)[0]]:
            self.dying.remove(pid)
            self._all.discard(pid)

    def end_all(self) -> None:
        """End them, at work or not."""
        for pid in list(self._all):
            self.end(pid)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # it may not have got as far as to have a group of its own
