"""What a notebook's process has around it: environment, search path, seeds, settings, and a limit of its memory.

May import: runs.preload_charts, where the fork server has. Limits are those of the process's address space, in bytes.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
_DEEPEST = 100_000  # calls: two seconds to unwind

_LAST_WORDS = 64 << 20  # bytes on top of the limit, for the traceback
_RESERVE = 4 << 20  # bytes; mapped apart, never touched


class Memory:
    """A limit that holds while a cell runs.

    A cell may use up the last byte. So to be granted more must take none: the limits are made beforehand, and a reserve
    is let go first, for even a call wants a little.
    """

    def __init__(self, size: int | None) -> None:
        highest = resource.getrlimit(resource.RLIMIT_AS)[1]
        if size and highest != resource.RLIM_INFINITY:
            size = min(size, highest - _LAST_WORDS)
        self._held = (size, size + _LAST_WORDS) if size else None
        self._granted = (size + _LAST_WORDS, size + _LAST_WORDS) if size else None
        self._reserve: mmap.mmap | None = None

    def hold(self) -> None:
        """Begin to hold the limit: a cell starts."""
        if self._held:
            # Of the system, not of the allocator: that would keep it for itself, or clear it for each cell.
            self._reserve = self._reserve or mmap.mmap(-1, _RESERVE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            resource.setrlimit(resource.RLIMIT_AS, self._held)

    def grant(self) -> None:
        """Grant what an error needs to be told with: the cell has ended, or failed."""
        if self._granted:
            self._reserve = None
            resource.setrlimit(resource.RLIMIT_AS, self._granted)


def surround(wanted: Mapping[str, str], path: list[str]) -> None:
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
