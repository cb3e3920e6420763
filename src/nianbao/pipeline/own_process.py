"""A process of its own for what takes long to import or may have to be ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from nianbao.errors import NianbaoError
from nianbao.errors.language import Message
from nianbao.runs.server import interrupts_blocked, unblock_interrupts


class ProcessDiedError(NianbaoError):
    """A process of its own died over what it was asked, or took too long."""


class OwnProcess:
    """A process that calls one function after the other; ``work`` says for what, in messages.

    It starts with the first one, and ends at once with ``end`` or with the process that started it.
    """

    def __init__(self, work: str) -> None:
        self._work = work
        self._process: SpawnProcess | None = None
        self._link: Connection
        self._closed = False
        self._starting = threading.Lock()  # nobody closes while another thread starts it

    def ask(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Have the function called; all must be picklable. ProcessDiedError after ``close``."""
        with self._starting:
            if self._closed:
                raise ProcessDiedError(Message("{work} have ended", work=self._work))
            if self._process is None:
                self._start()
        with contextlib.suppress(BrokenPipeError):  # it has died: ``answer`` says so
            self._link.send((function, arguments))

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._link, theirs = context.Pipe()
        self._process = context.Process(target=_answer_all, args=(theirs,), daemon=True)
        with interrupts_blocked():
            self._process.start()
        theirs.close()

    def answer(self, patience: float | None = None) -> Any:
        """What the function gave; raises what it raised, ProcessDiedError where that cannot be known."""
        try:
            if not self._link.poll(patience):
                self.end()
                raise ProcessDiedError(
                    Message("{work} took longer than {patience:.0f} s", work=self._work, patience=patience)
                )
            raised, value = self._link.recv()
        except (EOFError, ConnectionResetError) as error:
            code = self.end(patience=1)
            raise ProcessDiedError(
                Message("the process of {work} died (exit code {code})", work=self._work, code=code)
            ) from error
        if raised:
            raise value
        return value

    def close(self) -> None:
        """End it for good."""
        with self._starting:
            self._closed = True
        self.end()

    def end(self, patience: float = 0) -> int | None:
        """End it, whatever it is doing; its exit code, for which it may have been dying so many seconds."""
        if self._process is None:
            return None
        process, self._process = self._process, None
        process.join(patience)
        process.kill()
        process.join()
        self._link.close()
        return process.exitcode


def _answer_all(link: Connection) -> None:
    """In the process of its own: Ctrl-C is for its parent; it ends at once when that has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unblock_interrupts()
    if "fork" in multiprocessing.get_all_start_methods():
        # Libraries make locks when they are imported (tqdm does); in this mode a process that is killed leaves none.
        multiprocessing.set_start_method("fork", force=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            function, arguments = link.recv()
        except EOFError:
            return
        try:
            answer = False, function(*arguments)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is raised where the answer is awaited
            if not isinstance(error, NianbaoError):
                error.add_note("".join(traceback.format_exception(error)))
            answer = True, error
        link.send(answer)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(0)
