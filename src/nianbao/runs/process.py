"""Owns one notebook's process as the client sees it: cells in; text and messages out, in order.

May import: runs.wire, runs.launcher, runs.marked, runs.surroundings.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from nianbao.runs import surroundings
from nianbao.runs.launcher import Zygote, ZygoteError
from nianbao.runs.marked import MarkedText
from nianbao.runs.wire import MARK_BYTES, FrameBuffer, send_frame

_CHUNK = 1 << 16
_LOOK = 1.0  # seconds between looks at whether a silent process is still there
_IDLE_AFTER = 0.02  # seconds of silence: time to do what is not urgent
_IDLE_AT_LATEST = 1.0  # seconds, though the cell be never silent
_END_GRACE = 5.0  # seconds for a notebook's own ending (atexit, files, threads): what jupyter_client gives a kernel

Message = dict[str, Any]
OnText = Callable[[str, str], None]  # stdout or stderr, text
OnMessage = Callable[[Message], None]
WhenIdle = Callable[[], None]


class CellTooSlowError(Exception):
    """The cell has used up its time."""


class CellTooLongError(Exception):
    """The cell has put out more than its limit."""


class ProcessDiedError(Exception):
    """The process ended in the middle; ``code`` is its exit code, or -N for signal N, or None if nobody knows."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(_how_it_died(code))


class NotebookProcess:
    """A fresh process for one notebook. A context manager: at the end, no process of the notebook's is left."""

    def __init__(self, zygote: Zygote, *, output_limit: int, memory_limit: int | None, start_timeout: float) -> None:
        self._zygote = zygote
        self._limit = output_limit
        self._spent = 0
        self._frames = FrameBuffer()
        self._mark = os.urandom(MARK_BYTES)
        self._link, theirs = socket.socketpair()
        pairs = [os.pipe(), os.pipe()]
        self._texts = [
            MarkedText(name, pair[0], self._mark) for name, pair in zip(("stdout", "stderr"), pairs, strict=True)
        ]
        self._ended = False
        self._end_sent = False
        self._when_idle: WhenIdle | None = None
        self._idle_by = self._idled = 0.0
        self._poll = select.poll()
        for fd in (self._link.fileno(), *(text.fd for text in self._texts)):
            self._poll.register(fd, select.POLLIN)
        try:
            self.pid: int | None = zygote.fork((theirs.fileno(), pairs[0][1], pairs[1][1]), start_timeout)
        except BaseException:
            self._close()
            raise
        finally:
            theirs.close()
            for _, theirs_too in pairs:
                os.close(theirs_too)
        self._send({**surroundings.requested(memory_limit), "mark": self._mark.hex()})

    def __enter__(self) -> NotebookProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def send(self, code: str, *, go_on: bool) -> None:
        """Send a cell; it runs as soon as those sent before are done, unless one of them failed that may not.

        ``go_on``: this one may. Keep no more than a few cells waiting: sending blocks when the link is full.
        """
        self._send({"code": code, "go_on": go_on})

    def wait(
        self, on_text: OnText, on_message: OnMessage, timeout: float | None = None, when_idle: WhenIdle | None = None
    ) -> Message:
        """Wait for the next cell's end, handing on what it puts out; the content of its reply.

        ``when_idle`` is called once, after 20 ms of silence or a second, unless the cell has ended by then; its time
        is not the cell's. Raises CellTooSlowError (the cell is still running: wait on, interrupt or kill),
        CellTooLongError, ProcessDiedError. ``timeout`` in seconds.
        """
        self._spent = 0
        self._when_idle, self._idle_by, self._idled = when_idle, time.monotonic() + _IDLE_AT_LATEST, 0.0
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            for message in self._deliver(on_text):
                if message["kind"] == "reply":
                    return dict(message["content"])
                if message["kind"] != "bye":  # the cell before called exit()
                    on_message(message)
            if self._ended:
                self._died(on_text)
            self._read(deadline)

    def interrupt(self) -> None:
        """Send the process and its subprocesses what Ctrl-C sends."""
        if self.pid is not None:
            # Not yet reaped, for that happens at our word only: the id is still its own.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGINT)

    def send_end(self) -> None:
        """Send the end of the notebook: the process begins to leave when the cells sent before are done."""
        if not self._end_sent:
            self._end_sent = True
            self._send({})

    def finish(self) -> None:
        """Let the notebook end as an interpreter ends, and leave the cleaning up to the zygote."""
        if self.pid is None:
            return
        self._spent, self._when_idle = 0, None
        deadline = time.monotonic() + _END_GRACE
        with contextlib.suppress(ProcessDiedError, CellTooSlowError, CellTooLongError, ZygoteError):
            self.send_end()
            # What is printed now belongs to no cell.
            while not any(message["kind"] == "bye" for message in self._deliver(lambda _name, _text: None)):
                if self._ended:
                    break
                self._read(deadline)
            pid, self.pid = self.pid, None
            self._zygote.drop(pid)
        self.kill()

    def kill(self) -> int | None:
        """End the process and its group, whatever they are doing; the exit code if it is known."""
        pid, self.pid = self.pid, None
        self._close()
        if pid is None:
            return None
        try:
            return self._zygote.end(pid)
        except ZygoteError:
            # Its children die with the zygote; theirs do not.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            return None

    def _send(self, request: Message) -> None:
        # A process that has died is found out about when its answer is due.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            send_frame(self._link, json.dumps(request).encode())

    def _deliver(self, on_text: OnText) -> Iterator[Message]:
        """Hand on the text that is due, then the message whose marks have been read, and so on."""
        while True:
            for text in self._texts:
                for piece in text.due():
                    on_text(text.name, piece)
            if not all(text.at_mark for text in self._texts) or (frame := self._frames.next()) is None:
                return
            for text in self._texts:
                text.pass_mark()
            yield json.loads(frame)

    def _read(self, deadline: float | None) -> None:
        """Read whatever is there; wait for it until the deadline."""
        patience = _LOOK if deadline is None else min(_LOOK, deadline + self._idled - time.monotonic())
        if patience <= 0:
            raise CellTooSlowError
        events = self._poll.poll((min(_IDLE_AFTER, patience) if self._when_idle else patience) * 1000)
        if self._when_idle and (not events or time.monotonic() >= self._idle_by):
            self._be_idle(self._when_idle)
        elif not events and self._gone():
            self._end()
        for fd, _ in events:
            size = self._read_link() if fd == self._link.fileno() else self._read_text(fd)
            if size == 0:
                self._poll.unregister(fd)
                if fd == self._link.fileno():
                    self._end()
            self._spent += size
        if self._spent > self._limit or self._frames.size > self._limit:
            raise CellTooLongError

    def _be_idle(self, when_idle: WhenIdle) -> None:
        start = time.monotonic()
        self._when_idle = None
        when_idle()
        self._idled += time.monotonic() - start

    def _end(self) -> None:
        """The process has gone: read what it has left in its pipes, which a fork of it may still hold open."""
        self._ended = True
        for text in self._texts:
            os.set_blocking(text.fd, False)
            with contextlib.suppress(BlockingIOError):
                while self._spent <= self._limit and (size := self._read_text(text.fd)):
                    self._spent += size

    def _gone(self) -> bool:
        try:
            return self.pid is not None and self._zygote.gone(self.pid)
        except ZygoteError:
            return True  # it takes its children with it

    def _read_link(self) -> int:
        try:
            data = self._link.recv(_CHUNK)
        except ConnectionResetError:
            data = b""
        self._frames.feed(data)
        return len(data)

    def _read_text(self, fd: int) -> int:
        data = os.read(fd, _CHUNK)
        next(text for text in self._texts if text.fd == fd).feed(data)
        return len(data)

    def _died(self, on_text: OnText) -> NoReturn:
        """Hand on the last words, then raise ProcessDiedError."""
        for text in self._texts:
            for piece in text.rest():
                on_text(text.name, piece)
        raise ProcessDiedError(self.kill())

    def _close(self) -> None:
        if self._link.fileno() >= 0:
            self._link.close()
            for text in self._texts:
                os.close(text.fd)


def _how_it_died(code: int | None) -> str:
    if code is None:
        return "how is not known, for the process that started it has gone too"
    if code >= 0:
        return f"exit status {code}"
    with contextlib.suppress(ValueError):
        name = signal.Signals(-code).name
        more = ": the system may have run out of memory" if name == "SIGKILL" else ""
        return f"signal {name}{more}"
    return f"signal {-code}"
