"""Owns work in a fork of this process: when that is safe, and when it pays.

May import: interrupts; runs.zygote, for how threads are counted.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Generic, TypeVar

from nianbao.interrupts import deaf_to_interrupts

Value = TypeVar("Value")


def may_fork() -> bool:
    """Whether a fork of this process is as good as a new one: it has one thread, and has not compiled with Typst."""
    if sys.platform != "linux" or "typst" in sys.modules:
        return False
    from nianbao.runs.zygote import threads

    return threads() == 1


def pays_to_fork() -> bool:
    """Whether work in a fork ends sooner: it may fork, there is a second core, and no batch keeps that busy."""
    alone = multiprocessing.parent_process() is None
    return alone and may_fork() and len(os.sched_getaffinity(0)) > 1


class Helper(Generic[Value]):
    """A fork of this process that prepares itself and then does jobs together with whoever started it.

    A job is a function without arguments that can be pickled, as ``partial`` makes them. A context manager: at the end
    the fork is gone, whatever it was doing. Only where ``may_fork`` says so.
    """

    def __init__(self, prepare: Callable[[], object] | None = None) -> None:
        context = multiprocessing.get_context("fork")
        self._link, theirs = context.Pipe()
        self._process = context.Process(
            target=_help, args=(prepare, theirs, self._link), daemon=True, name="nianbao-helper"
        )
        with deaf_to_interrupts(forks=True):
            self._process.start()
        theirs.close()
        self._values: list[SimpleQueue[Value | BaseException | None]] = []

    def __enter__(self) -> Helper[Value]:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._link.close()

    def share(self, jobs: Sequence[Callable[[], Value]]) -> Iterator[int]:
        """Do these jobs, of which there is one at least, together: the numbers of those that the caller is to do.

        The fork begins with the first; whoever is free takes the next that is left. For the ``value`` of the others the
        caller asks when it has done its own.
        """
        self._values = [SimpleQueue() for _ in jobs]
        left = deque(range(len(jobs)))
        # A thread: the fork may not be ready to read yet, and nobody here could hand it its next job.
        threading.Thread(target=self._have_done, args=(left.popleft(), left, jobs), daemon=True).start()
        return iter(partial(_next_of, left), None)

    def value(self, number: int) -> Value | None:
        """What a job of the fork's has given; None where the fork has died. Raises what the job raised."""
        value = self._values[number].get()
        if isinstance(value, BaseException):
            raise value
        return value

    def _have_done(self, number: int | None, left: deque[int], jobs: Sequence[Callable[[], Value]]) -> None:
        while number is not None:
            value: Value | BaseException | None
            try:
                self._link.send(jobs[number])
                value = self._link.recv()
            except (EOFError, OSError):  # it has died: what is left is the caller's
                value = None
            except Exception as error:  # noqa: BLE001 -- what cannot be sent or read: raised where the value is asked for
                value = error
            self._values[number].put(value)
            number = None if value is None else _next_of(left)


def _next_of(left: deque[int]) -> int | None:
    """The next of the numbers that are left, for one thread alone; None at their end."""
    with suppress(IndexError):
        return left.popleft()
    return None


def _help(prepare: Callable[[], object] | None, link: Connection, inherited: Connection) -> None:
    inherited.close()
    # What cannot be prepared, the job will meet. Where nobody listens any more, or an error cannot be sent, the end of
    # the pipe says enough.
    with suppress(Exception):
        if prepare:
            prepare()
    with suppress(Exception):
        while True:
            job = link.recv()
            try:
                value = job()
            except Exception as error:  # noqa: BLE001 -- it is raised where the value is asked for
                value = error
            link.send(value)
    os._exit(0)
