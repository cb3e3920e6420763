"""Owns the client's hold on its zygote: started when first needed, one for each client process, ended with it.

May import: runs.preloaded, runs.wire.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from nianbao.runs.preloaded import Load
from nianbao.runs.wire import ANSWER, ASK, DROP, END, FORK, LOAD, ORDER, READY, SPLIT, read_exactly

# Libraries start these threads when they are loaded, and a process with threads cannot be forked safely.
_ONE_THREAD = dict.fromkeys(
    (
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)

# Variables that a process reads once, when it starts or imports: with others of these, another zygote is due.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "MPL", "HOME", "XDG_")

# This very package is what the zygote must run, wherever its own search would lead (PYTHONPATH may be relative, and
# the folder another by now). The current folder is not searched: a random.py of the project must not become
# everybody's.
_START = """
import importlib.util, sys
fd, package, load = int(sys.argv[1]), *sys.argv[2:]
sys.path[:] = [folder for folder in sys.path if folder]
spec = importlib.util.spec_from_file_location(
    "nianbao", package + "/__init__.py", submodule_search_locations=[package]
)
sys.modules["nianbao"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["nianbao"])
from nianbao.runs.zygote import Load, main
main(fd, Load(int(load)) if load else None)
"""


class ZygoteError(RuntimeError):
    """The zygote cannot be had: it does not start, it has died, or it has threads and must not fork."""


class Zygote:
    """A running zygote, as its client sees it. Threads may share it.

    ``load``: how much it has imported, the less it is, the sooner it is ready; None before it is told, and it is not
    ready before that.
    """

    def __init__(self, control: socket.socket, process: subprocess.Popen[bytes] | None, load: Load | None) -> None:
        self.load = load
        self._key = start_key()
        self._control = control
        self._process = process  # None where it is no child of this process
        self._lock = threading.Lock()
        self._threads = 0  # not known before it is ready
        self._running = 0

    @classmethod
    def started(cls, load: Load | None) -> Zygote:
        """A new one: it has all its imports still to do."""
        ours, theirs = socket.socketpair()
        package = str(Path(__file__).parents[1])
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", _START, str(theirs.fileno()), package, "" if load is None else str(int(load))],
                env={**os.environ, **_ONE_THREAD, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        return cls(ours, process, load)

    def split(self) -> Zygote:
        """Another one, forked from this one as soon as that is ready; ZygoteError where it has gone."""
        ours, theirs = socket.socketpair()
        with theirs, _as_zygote_error():
            socket.send_fds(self._control, [ORDER.pack(SPLIT, 0)], [theirs.fileno()])
        return Zygote(ours, None, self.load)

    @property
    def alive(self) -> bool:
        """Whether the process is there, ready or not."""
        return self._process.poll() is None if self._process else self._unread() != b""

    @property
    def loading(self) -> bool:
        """Whether it has not yet said that it is ready; one that has died is not loading either."""
        return not self._threads and self._unread() is None

    def fits(self, load: Load | None) -> bool:
        """Whether it can run a notebook as a process started now would, and as soon."""
        enough = load is None or self.load is None or self.load >= load
        return self.alive and self._key == start_key() and enough

    def tell(self, load: Load) -> None:
        """Say how much to load, where that was left open; ZygoteError where it has gone."""
        with self._lock, _as_zygote_error():
            if self.load is None:
                self._control.sendall(ORDER.pack(LOAD, load))
                self.load = load

    def fork(self, fds: tuple[int, int, int], timeout: float | None = None) -> int:
        """Fork a notebook's process with these as its link, stdout and stderr; its process id.

        ``timeout`` in seconds is for a zygote that is still loading. Raises ZygoteError.
        """
        with self._lock, _as_zygote_error():
            self._await_ready(timeout)
            order = ORDER.pack(FORK, 0)
            sent = socket.send_fds(self._control, [order], list(fds))
            self._control.sendall(order[sent:])
            pid = self._answer()
            self._running += 1
            return pid

    def close_if_idle(self) -> bool:
        """Let the zygote go if no notebook is running, or about to; whether it has gone."""
        with self._lock:
            if self.alive and self._running:
                return False
            self.close()
            return True

    def gone(self, pid: int) -> bool:
        """Whether the notebook's process has ended, even where processes of its own still hold its link."""
        with self._lock, _as_zygote_error():
            self._control.sendall(ORDER.pack(ASK, pid))
            return self._answer() != 0

    def end(self, pid: int) -> int:
        """Kill the notebook's process and its group, if they are still there; its exit code, -N for signal N."""
        with self._lock, _as_zygote_error():
            self._running -= 1
            self._control.sendall(ORDER.pack(END, pid))
            return os.waitstatus_to_exitcode(self._answer())

    def drop(self, pid: int) -> None:
        """As ``end``, for a notebook that is done: without waiting."""
        with self._lock, _as_zygote_error():
            self._running -= 1
            self._control.sendall(ORDER.pack(DROP, pid))

    def close(self) -> None:
        """Let the zygote go, and its children with it. Safe to call twice."""
        loading = self.loading
        self._control.close()
        if self._process is None:
            return
        if loading:
            # It would look up from its imports only when they are done. It has no children yet that count on it.
            self._process.kill()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """In a fork of the client: leave the zygote to the client, who alone keeps it alive."""
        self._control.close()
        self._disown()

    def handed_on(self) -> Zygote:
        """In a fork of the client: the same zygote, to be split only."""
        self._disown()
        return Zygote(self._control, None, self.load)

    def _disown(self) -> None:
        if self._process:
            self._process.returncode = 0  # not a child of this process: there is nothing to wait for

    def _await_ready(self, timeout: float | None) -> None:
        if not self._threads:
            self._control.settimeout(timeout)
            self._threads = self._answer(READY.size)
            self._control.settimeout(None)
        if self._threads != 1:
            raise ZygoteError(f"a preloaded library has started {self._threads - 1} threads: a fork would not be safe")

    def _unread(self) -> bytes | None:
        """The first byte of what it has said and nobody has read yet; b"" where it has gone, None for nothing."""
        try:
            return self._control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def _answer(self, size: int = ANSWER.size) -> int:
        data = read_exactly(self._control, size)
        if data is None:
            raise ZygoteError(f"the preloaded process has ended{_exit_text(self._process) if self._process else ''}")
        return int(ANSWER.unpack(data)[0])


class _Zygotes:
    """The zygotes of this process: the latest, and those that still have notebooks to run.

    ``ancestor`` is that of the process which has forked this one, if it hands it on: ours are split off from it.
    """

    def __init__(self, ancestor: Zygote | None = None) -> None:
        self.lock = threading.Lock()
        self.all: list[Zygote] = []
        self.hands_on = False
        self.ancestor = ancestor

    def latest(self, load: Load | None) -> Zygote:
        with self.lock:
            fitting = self.all[-1:] if self.all and self.all[-1].fits(load) else []
            self.all = [old for old in self.all if old in fitting or not old.close_if_idle()]
            if not fitting:
                self.all.append(self._split_off(load) or Zygote.started(load))
            if load is not None:
                with contextlib.suppress(ZygoteError):  # whoever wants to run something in it will hear of it
                    self.all[-1].tell(load)
            return self.all[-1]

    def _split_off(self, load: Load | None) -> Zygote | None:
        if self.ancestor and self.ancestor.fits(load):
            with contextlib.suppress(ZygoteError):
                return self.ancestor.split()
        return None

    def close(self) -> None:
        with self.lock:
            while self.all:
                self.all.pop().close()

    def forget(self) -> None:
        """In a fork of this process: they are not its own."""
        ancestor = self.all.pop().handed_on() if self.hands_on and self.all else None
        for old in (*self.all, *([self.ancestor] if self.ancestor else [])):
            old.forget()
        self.__init__(ancestor)  # type: ignore[misc] # a fork may have copied the lock while it was held


_zygotes = _Zygotes()


def zygote(load: Load | None = Load.ALL) -> Zygote:
    """This process's zygote; started if there is none that fits: as much loaded, with the same environment.

    With None one is started if there is none at all; how much it loads is for the next caller to say.
    """
    return _zygotes.latest(load)


def hand_on() -> None:
    """Start this process's zygote, and let forks of this process have theirs split off from it."""
    zygote()
    _zygotes.hands_on = True


def shut_down() -> None:
    """End this process's zygote, and any notebook still running; the next run starts another."""
    _zygotes.close()


def start_key() -> tuple[tuple[str, str], ...]:
    """Those variables of the environment that a process reads when it starts."""
    return tuple(sorted((name, value) for name, value in os.environ.items() if name.startswith(_READ_AT_START)))


def _exit_text(process: subprocess.Popen[bytes]) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        code = process.wait(timeout=1)
        return f" (signal {signal.Signals(-code).name})" if code < 0 else f" (exit code {code})"
    return ""


@contextlib.contextmanager
def _as_zygote_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ZygoteError(f"the preloaded process cannot be reached: {error}") from error


atexit.register(shut_down)
os.register_at_fork(after_in_child=_zygotes.forget) if hasattr(os, "register_at_fork") else None
