"""Owns workers on this machine: processes that call tasks one by one, and are replaced when they die.

May import: garbage, interrupts, batch.crew, batch.server.

A pool of the standard library breaks as a whole when one of its processes dies; here, only that process is missed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from nianbao.batch.crew import ATTEMPTS, Done
from nianbao.batch.server import AVAILABLE, fork_server
from nianbao.garbage import collect_seldom
from nianbao.interrupts import deaf_to_interrupts, hear_interrupts, repeat_if_dropped

_PATIENCE = 3.0  # seconds for a worker to clean up after itself
_NAME = "nianbao-worker"


def cores() -> int:
    """How many processes this machine, or what we may use of it, runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class _Order:
    ticket: Hashable
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    attempt: int = 1


class _Worker:
    """One process with its link; ``order`` is what it works on."""

    def __init__(self, *, aside: bool) -> None:
        self.link, theirs = multiprocessing.Pipe()
        self.aside = aside
        self.order: _Order | None = None
        self.process = _new_process(theirs, forked=AVAILABLE and not aside)
        theirs.close()

    def give(self, order: _Order) -> None:
        self.order = order
        # A worker that has died meanwhile is found by take(), which gives the order to another.
        with contextlib.suppress(OSError):
            self.link.send(order)

    def end(self, *, at_once: bool) -> None:
        self.link.close()
        if at_once and self.process.is_alive():
            self.process.terminate()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class LocalCrew:
    """Up to ``size`` worker processes, started as they are needed, and one more for what is given aside."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._workers: list[_Worker] = []
        self._leaving: list[_Worker] = []

    def __repr__(self) -> str:
        return f"LocalCrew({self._size})"

    @property
    def size(self) -> int:
        """How many workers there are, the one aside not counted."""
        return self._size

    @property
    def free(self) -> int:
        """How many workers have nothing to do."""
        return self._size - sum(worker.order is not None and not worker.aside for worker in self._workers)

    def give(self, ticket: Hashable, function: Callable[..., Any], *arguments: Any, aside: bool = False) -> None:
        """Have a worker call ``function``; what is given aside shares no process with the rest."""
        self._give(_Order(ticket, function, arguments), aside=aside)

    def take(self) -> list[Done]:
        """The tasks that have ended since; waits for one."""
        done: list[Done] = []
        while not done and any(worker.order for worker in self._workers):
            ready = set(wait([worker.link for worker in self._workers]))
            for worker in [worker for worker in self._workers if worker.link in ready]:
                done += self._take(worker)
        return done

    def dismiss_aside(self) -> None:
        """Let the worker aside go: what it has loaded is a fifth of all memory."""
        for worker in [worker for worker in self._workers if worker.aside and worker.order is None]:
            self._workers.remove(worker)
            self._leaving.append(worker)
            worker.link.close()

    def close(self, *, at_once: bool = False) -> None:
        """Let the workers go."""
        there = [*self._workers, *self._leaving]
        if at_once:
            for worker in there:
                worker.process.terminate()
        for worker in there:
            worker.end(at_once=at_once)
        self._workers, self._leaving = [], []

    def _give(self, order: _Order, *, aside: bool) -> None:
        idle = [worker for worker in self._workers if worker.order is None and worker.aside == aside]
        if not idle:
            idle = [_Worker(aside=aside)]
            self._workers += idle
        idle[0].give(order)

    def _take(self, worker: _Worker) -> list[Done]:
        order, worker.order = worker.order, None
        try:
            value, lost = worker.link.recv()
        except (EOFError, OSError):
            return self._bury(worker, order)
        return [Done(order.ticket, value, lost, order.attempt)] if order else []

    def _bury(self, worker: _Worker, order: _Order | None) -> list[Done]:
        """A worker has died: another one gets its order, once."""
        self._workers.remove(worker)
        worker.process.join()
        how = _how_it_ended(worker.process.exitcode)
        worker.end(at_once=True)
        if order is None:
            return []
        if order.attempt < ATTEMPTS:
            self._give(replace(order, attempt=order.attempt + 1), aside=worker.aside)
            return []
        return [Done(order.ticket, None, f"its worker process died {ATTEMPTS} times ({how})", order.attempt)]


def _new_process(link: Connection, *, forked: bool) -> BaseProcess:
    """A worker's process, started: by itself, or ``forked`` from a server that has imported what workers need.

    Never forked from this process: it may have threads, or have compiled with Typst.
    """
    if not forked:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_serve, args=(link,), daemon=True, name=_NAME)
        with deaf_to_interrupts():
            process.start()
        return process
    forked_process = fork_server().Process(target=_serve, args=(link, dict(os.environ)), daemon=True, name=_NAME)
    forked_process.start()
    return forked_process


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _serve(link: Connection, environment: dict[str, str] | None = None) -> None:
    """A worker's life: call what comes, answer, until the other side has gone."""
    if environment is not None:
        os.environ.clear()
        os.environ.update(environment)
    # Ctrl-C reaches every process of the terminal; it is for the first of them to deal with. A handler, not SIG_IGN,
    # for that would be handed on to the notebooks' processes.
    signal.signal(signal.SIGINT, lambda *_: None)
    hear_interrupts()
    signal.signal(signal.SIGTERM, _leave)
    repeat_if_dropped(signal.SIGTERM, _leave)
    collect_seldom()
    with contextlib.suppress(EOFError, OSError):
        while True:
            order: _Order = link.recv()
            try:
                answer: tuple[Any, str] = (order.function(*order.arguments), "")
            except Exception:  # noqa: BLE001 -- a task that raises is a bug; the worker goes on
                answer = (None, traceback.format_exc())
            link.send(answer)


def _leave(*_: object) -> None:
    # As an exception, so that what was begun is cleaned up; a second one shall not disturb that.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)
