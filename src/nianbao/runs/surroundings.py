"""Owns what a notebook's process has around it: environment, folder, limits, seeds, as if it were started afresh.

Imports nothing of ours; numpy and matplotlib where the zygote has loaded them.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import os
import random
import resource
import signal
import sys
import time
from typing import Any

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"

# What a process that has come up against its memory limit may use on top, to say so.
_LAST_WORDS = 64 << 20  # bytes
_RESERVE = 4 << 20  # bytes; mapped apart, never touched

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def detach(parent: int) -> None:
    """Leave the zygote's session, and die when it dies: a process killed outright cannot clean up after itself."""
    os.setsid()
    if sys.platform == "linux":
        # The zygote has one thread only, so "parent" means the process (see prctl(2)).
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)
    # Whoever started the zygote may have been deaf to signals at that moment, and a mask outlives exec.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.enable()


def requested(memory_limit: int | None) -> dict[str, Any]:
    """This process's surroundings, for a notebook's process to take over; ``memory_limit`` in bytes."""
    limits = {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")}
    return {"env": dict(os.environ), "cwd": _folder(), "limits": limits, "memory_limit": memory_limit}


def restore(start: dict[str, Any]) -> None:
    """Take over the surroundings that ``requested`` has described."""
    _environment(start["env"])
    if start["cwd"]:
        os.chdir(start["cwd"])
    _search_folder()
    sys.argv = [""]  # there is no script
    _seed()
    _matplotlib()
    for name, limits in start["limits"].items():
        if resource.getrlimit(getattr(resource, name)) != tuple(limits):
            resource.setrlimit(getattr(resource, name), limits)
    if limit := start["memory_limit"]:
        highest = resource.getrlimit(resource.RLIMIT_AS)[1]
        _memory.limit(limit if highest == resource.RLIM_INFINITY else min(limit, highest - _LAST_WORDS))


class _Memory:
    """How much a notebook's process may have, and how it gets some more when a cell has used it up.

    A cell may use up the last byte of it. So to be granted more must take none: the limits are made beforehand, and
    a reserve is let go first, for even a call wants a little.
    """

    def __init__(self) -> None:
        self._held = self._granted = (0, 0)
        self._reserve: mmap.mmap | None = None

    def limit(self, size: int) -> None:
        """Set the limit, in bytes; it counts from the first cell on."""
        self._held, self._granted = (size, size + _LAST_WORDS), (size + _LAST_WORDS, size + _LAST_WORDS)

    def hold(self) -> None:
        if self._held[0]:
            # Of the system, not of the allocator: that would keep it for itself, or clear it for each cell.
            self._reserve = self._reserve or mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            resource.setrlimit(resource.RLIMIT_AS, self._held)

    def grant(self) -> None:
        if self._held[0]:
            self._reserve = None
            resource.setrlimit(resource.RLIMIT_AS, self._granted)


_memory = _Memory()

hold_to_memory_limit = _memory.hold  # a cell begins: it has what it has been given, and no more
grant_last_words = _memory.grant  # it is at its end: out of memory, it needs a little more to print its traceback


def _folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 # the folder may be gone; then there is none to take over
    except OSError:
        return ""


def _environment(wanted: dict[str, str]) -> None:
    # This process's own environment is what it has been asked to be: nobody else sees it.
    for name in os.environ.keys() - wanted.keys():
        del os.environ[name]
    for name, value in wanted.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    os.environ.setdefault("MPLBACKEND", INLINE_BACKEND)
    time.tzset()


def _search_folder() -> None:
    """Let imports look in the current folder too, after the standard library: where a kernel has it."""
    if not sys.flags.safe_path:
        packages = [os.path.basename(path) in {"site-packages", "dist-packages"} for path in sys.path]  # noqa: PTH119
        sys.path.insert(packages.index(True) if True in packages else 0, "")


def _seed() -> None:
    """Fresh randomness: the copies of a process would all draw the same numbers."""
    random.seed()
    if "numpy" in sys.modules:
        import numpy as np

        # The old global generator, the one that is shared. Words of entropy, for seed() alone takes half a millisecond.
        np.random.seed(np.frombuffer(os.urandom(64), dtype=np.uint32))


def _matplotlib() -> None:
    """Read the settings that matplotlib would find now, where they are not those that the zygote has read."""
    if "matplotlib" not in sys.modules:
        return
    import matplotlib

    found = matplotlib.matplotlib_fname()
    if os.path.realpath(found) != _RC_FILE.get("path", ""):
        with contextlib.suppress(OSError):
            matplotlib.rc_file(found)
    if os.environ["MPLBACKEND"] != INLINE_BACKEND:
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]


_RC_FILE: dict[str, str] = {}


def remember_matplotlib() -> None:
    """Note, in the zygote, which settings matplotlib has read."""
    if "matplotlib" not in sys.modules:
        return
    import matplotlib

    _RC_FILE["path"] = os.path.realpath(matplotlib.matplotlib_fname())
