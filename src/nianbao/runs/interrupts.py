"""Processes that Ctrl-C shall not reach: it is for the first process of a command, which ends the others.

Imports nothing of ours.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Start processes in the block with SIGINT blocked, until they call ``hear_interrupts``, or for good.

    A handler would come too late: a process that is still importing dies of Ctrl-C with a traceback on the terminal.
    A signal that comes meanwhile is not lost: this process gets it at the block's end.
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
    """In such a child: a handler is set, let SIGINT come. Processes of its own inherit the mask otherwise."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
