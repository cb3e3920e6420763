"""What the preview's threads share: a queue of saves and requests for the maker, and the state that pages show.

Imports nothing of ours.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

# A run is ended by a newer save once it has taken so long; a notebook in an endless loop can be mended so.
PATIENCE = 5.0  # seconds
# How often a waiting thread looks up: where a lock cannot be interrupted (Windows), Ctrl-C takes as long.
_LOOKS_UP = 1.0  # seconds
# What ends a run for a newer save: not SIGINT, for two of one kind that come together are heard once.
SUPERSEDE = getattr(signal, "SIGUSR1", signal.SIGINT)


class Superseded(KeyboardInterrupt):
    """A newer save ends a run that takes long."""


class WorkQueue:
    """Saves and requests on their way to the maker, which works in the process's main thread.

    Nothing is lost: what comes while a run is under way is there when the run has ended.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._changed = threading.Condition()
        self._saves: set[str] = set()
        self._due = False
        self._asked: list[tuple[str, Future[Any]]] = []
        self._began = 0.0  # when the run began that is under way; 0 for none
        self._patience = patience
        self._ended = False

    def save(self, names: Iterable[str]) -> None:
        """Files were saved: a run is due, after the one that is under way."""
        with self._changed:
            self._due = True
            self._saves.update(names)
            self._changed.notify_all()

    def ask(self, what: str) -> Future[Any]:
        """Request something of the last run; the maker answers between two runs."""
        request: Future[Any] = Future()
        with self._changed:
            self._asked.append((what, request))
            self._changed.notify_all()
        return request

    def next(self) -> tuple[frozenset[str] | None, list[tuple[str, Future[Any]]]]:
        """Wait for work: the names that were saved where a run is due (else None), and what was asked for.

        Raises KeyboardInterrupt where the process has been told to end, though a destructor may have swallowed that.
        """
        with self._changed:
            while not (self._due or self._asked or self._ended):
                self._changed.wait(_LOOKS_UP)
            if self._ended:
                raise KeyboardInterrupt
            saves = frozenset(self._saves) if self._due else None
            asked: list[tuple[str, Future[Any]]] = []
            if saves is None:
                asked, self._asked = self._asked, []
            self._due, self._saves = False, set()
            return saves, asked

    def waiting(self) -> bool:
        """Whether a newer save waits for the run under way."""
        return self._due

    def run(self, work: Callable[[], None]) -> bool:
        """Do the work of one run in the main thread; False where a newer save has ended it."""
        try:
            self._began = time.monotonic()
            try:
                work()
            finally:
                self._began = 0.0
        except Superseded:
            return False
        return True

    def end_overdue(self) -> None:
        """End a run that takes long where a newer save waits; called every now and then by the watcher."""
        overdue = bool(self._began) and time.monotonic() - self._began > self._patience
        if self._due and overdue and hasattr(signal, "pthread_kill"):
            _signal_main(SUPERSEDE)

    def superseded(self, *_: object) -> None:
        """The main thread's handler of SUPERSEDE: raises Superseded, unless the run has just ended."""
        if self._began:
            raise Superseded

    def interrupted(self, *_: object) -> None:
        """The main thread's handler of SIGINT: raises KeyboardInterrupt, and ``next`` does so from now on."""
        self._ended = True
        raise KeyboardInterrupt


def _signal_main(number: int) -> None:
    signal.pthread_kill(threading.main_thread().ident or 0, number)


def interrupt_main(*_: object) -> None:
    """Interrupt the main thread as Ctrl-C does; where it holds interrupts off, once it does so no more."""
    _signal_main(signal.SIGINT)


def leave_signals_to_main() -> None:
    """In a thread of its own: signals are for the main thread, which holds them off while it starts a process."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


class SharedState:
    """What every page shows: a state that the maker changes piece by piece; listeners are told each piece."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: dict[str, Any] = {}
        self._listeners: list[Callable[[dict[str, Any]], None]] = []

    def post(self, **piece: Any) -> None:
        """Change a piece of the state and tell it; values must be JSON's."""
        with self._lock:
            self._state |= piece
            for listener in self._listeners:
                listener(piece)

    def state(self) -> dict[str, Any]:
        """The whole state."""
        with self._lock:
            return dict(self._state)

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        """Tell every change from now on; called in whatever thread posts."""
        with self._lock:
            self._listeners.append(listener)
