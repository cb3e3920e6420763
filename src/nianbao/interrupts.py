"""Owns how Ctrl-C and a request to end reach our processes: not the wrong ones, and never in vain.

May import: nothing of ours.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_SOON = 0.02  # seconds, for Python to be done with what it dropped


@contextmanager
def deaf_to_interrupts(*, forks: bool = False) -> Iterator[None]:
    """What is started in the block does not hear SIGINT until it says ``hear_interrupts``, or ever.

    A handler would come too late: a process that is still importing dies of Ctrl-C with a traceback on the terminal.
    One that comes meanwhile is not lost: this process gets it at the block's end. ``forks``: nothing but forks of this
    process will be started.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    if not forks:
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


def repeat_if_dropped(number: int, handler: Callable[..., object]) -> None:
    """Have the signal ``number`` come again, with its ``handler``, where what that raised has been dropped.

    A signal comes at any moment. In a ``__del__`` or a weak reference's callback Python prints the handler's exception
    and goes on as if nothing had been asked.
    """
    others = sys.unraisablehook

    def hook(dropped: UnraisableHookArgs) -> Any:
        if not isinstance(dropped.exc_value, (KeyboardInterrupt, SystemExit)):
            return others(dropped)
        signal.signal(number, handler)
        # By a thread, for whatever is raised in here would be dropped as well.
        again = threading.Timer(_SOON, os.kill, (os.getpid(), number))
        again.daemon = True
        return again.start()

    sys.unraisablehook = hook
