"""Owns the start of child processes: what a terminal's Ctrl-C must not reach, and whether they may be forked.

May import: nothing of ours.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """What is started in the block does not hear SIGINT until it says ``hear_interrupts``, or ever.

    A handler would come too late: a process that is still importing dies of Ctrl-C with a traceback on the terminal.
    One that comes meanwhile is not lost: this process gets it at the block's end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    # The first child brings this helper with it, and its start would lift the mask again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_interrupts() -> None:
    """In such a child: the handler is set, let SIGINT come. Processes of its own inherit the mask otherwise."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def may_fork() -> bool:
    """Whether a fork of this process is as good as a new one: it has one thread, and has not compiled with Typst."""
    if sys.platform != "linux" or "typst" in sys.modules:
        return False
    return len(list(Path("/proc/self/task").iterdir())) == 1  # those of C libraries too
