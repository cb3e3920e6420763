"""One notebook's process as the engine sees it: its cells' outputs as they come, limits, interrupts, its end.

Outputs are made as nbclient makes them, but for text: there is one stdout and one stderr between two displays, stdout
first, however fast the machine was.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import output_from_msg

from nianbao.errors.language import Message
from nianbao.runs.child import Job
from nianbao.runs.server import notebook_process

_TICK = 0.02  # seconds between looks at what a silent cell has printed
_GRACE = 2.0  # seconds for an interrupted cell to come back with its traceback
_END_GRACE = 5.0  # seconds for a notebook's own ending (atexit, files, threads): what jupyter_client gives a kernel


class CellTooSlowError(Exception):
    """The cell has used up its time; it has been interrupted, and its process has ended."""


class CellTooLongError(Exception):
    """The cell has put out more than its limit; its process has ended."""


class ProcessDiedError(Exception):
    """The process ended in the middle; the message says how."""


class ExitedError(ProcessDiedError):
    """The cell before called exit()."""


@dataclass(frozen=True)
class Limits:
    """What a cell may use: seconds (None: no limit), and bytes that it puts out."""

    timeout: float | None
    output: int


class NotebookProcess:
    """A fresh process for one notebook. A context manager: at the end, no process of the notebook's is left.

    Raises OSError or EOFError where no process could be started.
    """

    def __init__(self, job: Callable[[str, str], Job], limits: Limits, *, charts: bool, start_timeout: float) -> None:
        self._limits = limits
        self._outputs = Outputs()
        self._streams = (Stream("stdout"), Stream("stderr"))
        self._spent = 0
        self._killed = False
        try:
            stdout, stderr = (stream.path for stream in self._streams)
            self._process, self._link = notebook_process(job(stdout, stderr), charts=charts)
        except BaseException:
            self._close()
            raise
        try:
            if not self._link.poll(start_timeout):
                self._link.close()  # so that reading ends with OSError
            self._link.recv_bytes()  # ready
        except BaseException:
            self.kill()
            raise
        for stream in self._streams:
            stream.unlink()

    def __enter__(self) -> NotebookProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def cell(self, cell: NotebookNode, when_silent: Callable[[], object]) -> bool:
        """Wait for the end of the next cell, and put into ``cell`` what it puts out; whether it failed.

        ``when_silent`` is called some times a second while the cell runs.
        """
        self._outputs.begin(cell)
        self._spent = 0
        deadline = time.monotonic() + self._limits.timeout if self._limits.timeout else None
        try:
            return self._until_done(deadline, when_silent)
        except (CellTooSlowError, KeyboardInterrupt):
            # Its traceback is worth having: it shows where the cell was.
            self._interrupt()
            raise
        except CellTooLongError:
            self.kill()
            raise

    def end(self) -> dict[str, Any]:
        """Let the notebook end as an interpreter ends; what the process says at its end, nothing where it could not."""
        self._outputs.begin(NotebookNode())  # what is printed now belongs to no cell
        self._spent = 0
        with contextlib.suppress(CellTooSlowError, CellTooLongError, ProcessDiedError):
            message = self._message(time.monotonic() + _END_GRACE, lambda: None)
            self._process.join(_END_GRACE)
            return dict(message["content"])
        return {}

    def kill(self) -> None:
        """End the process and all that it has started, whatever they are doing."""
        if not self._killed:
            self._killed = True
            self._link.close()  # which its supervisor takes for the order to do so
            self._process.join()
            self._process.close()
            self._close()

    def _until_done(self, deadline: float | None, when_silent: Callable[[], object]) -> bool:
        while True:
            message = self._message(deadline, when_silent)
            kind, content = message["kind"], message["content"]
            if kind == "done":
                return bool(content["failed"])
            if kind == "too long":
                raise CellTooLongError
            if kind == "end":
                raise ExitedError(*self._died().args)
            self._outputs.message(kind, content)

    def _message(self, deadline: float | None, when_silent: Callable[[], object]) -> dict[str, Any]:
        """The next message; the text printed before it has gone to the outputs."""
        while not self._link.poll(_TICK):
            sizes = [stream.size() for stream in self._streams]
            if self._link.poll():  # the sizes may count what was printed after it
                break
            self._take(sizes)
            when_silent()
            if deadline is not None and time.monotonic() > deadline:
                raise CellTooSlowError
        try:
            data = self._link.recv_bytes()
        except (EOFError, OSError):
            self._take([stream.size() for stream in self._streams])
            raise self._died() from None
        message: dict[str, Any] = json.loads(data)
        self._take(message["sizes"])
        self._spend(len(data))
        return message

    def _take(self, sizes: list[int]) -> None:
        for stream, size in zip(self._streams, sizes, strict=True):
            text = stream.text(size, self._limits.output - self._spent + 1)
            self._outputs.text(stream.name, text)
            self._spend(len(text.encode()))

    def _spend(self, size: int) -> None:
        self._spent += size
        if self._spent > self._limits.output:
            raise CellTooLongError

    def _interrupt(self) -> None:
        """Interrupt the cell, wait a little for its traceback, then end the process."""
        with contextlib.suppress(CellTooSlowError, CellTooLongError, ProcessDiedError, OSError):
            self._link.send_bytes(b"interrupt")
            self._until_done(time.monotonic() + _GRACE, lambda: None)
        self.kill()

    def _died(self) -> ProcessDiedError:
        self._process.join(_END_GRACE)
        return ProcessDiedError(_how_it_died(self._process.exitcode))

    def _close(self) -> None:
        for stream in self._streams:
            stream.close()


def _how_it_died(code: int | None) -> str:
    if code is None or code == 255:  # what multiprocessing says where the fork server has gone too
        return Message("how is not known")
    if code >= 0:
        return Message("exit status {code}", code=code)
    with contextlib.suppress(ValueError):
        name = signal.Signals(-code).name
        if name == "SIGKILL":
            return Message("signal {name}: the system may have run out of memory", name=name)
        return Message("signal {name}", name=name)
    return Message("signal {name}", name=-code)


_CHUNK = 1 << 20  # bytes


class Stream:
    """One stream's text: a file that the notebook's process appends to, read from here piece by piece."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fd, self.path = tempfile.mkstemp(prefix="nianbao-")
        self._read = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def size(self) -> int:
        """How long the file is now, in bytes."""
        return os.fstat(self._fd).st_size

    def text(self, size: int, at_most: int) -> str:
        """The new text up to where the file was ``size`` bytes long, or ``at_most`` bytes of it."""
        self._read = self._read if self._read <= size else 0  # somebody wrote to /dev/stdout as to a file
        end = min(size, self._read + at_most)
        pieces = []
        while self._read < end and (data := os.pread(self._fd, min(_CHUNK, end - self._read), self._read)):
            self._read += len(data)
            pieces.append(self._decoder.decode(data))
        return "".join(pieces)

    def unlink(self) -> None:
        """Take the file's name away; who has it open goes on."""
        if self.path:
            Path(self.path).unlink()
            self.path = ""

    def close(self) -> None:
        """Let go of the file."""
        self.unlink()
        os.close(self._fd)


class Outputs:
    """The outputs of a notebook's cells, one cell after another."""

    def __init__(self) -> None:
        self._outputs: list[NotebookNode] = []
        self._texts: dict[str, NotebookNode] = {}
        self._by_id: dict[str, list[NotebookNode]] = {}
        self._clear_before_next = False

    def begin(self, cell: NotebookNode) -> None:
        """Go on with this cell, which has no outputs yet."""
        cell.outputs = self._outputs = []
        self._texts = {}
        self._clear_before_next = False

    def text(self, name: str, text: str) -> None:
        """Add to stdout or stderr."""
        if not text:
            return
        self._clear_if_due()
        if name not in self._texts:
            self._texts[name] = NotebookNode(output_type="stream", name=name, text="")
            # stdout first, whichever came first: between two files nobody can tell.
            place = -1 if name == "stdout" and "stderr" in self._texts else len(self._outputs)
            self._outputs.insert(place, self._texts[name])
        self._texts[name].text += text

    def message(self, kind: str, content: dict[str, Any]) -> None:
        """Add a display, a result or an error; update displays of the same id; clear."""
        self._texts = {}
        if kind == "clear_output":
            self._clear_before_next = True
            if not content["wait"]:
                self._clear_if_due()
            return
        display_id = content.get("transient", {}).get("display_id")
        for known in self._by_id.get(display_id, ()):
            known.update(from_dict({name: content[name] for name in ("data", "metadata")}))
        if kind != "update_display_data":
            self._clear_if_due()
            output = output_from_msg({"header": {"msg_type": kind}, "content": content})
            self._outputs.append(output)
            if display_id:
                self._by_id.setdefault(display_id, []).append(output)

    def _clear_if_due(self) -> None:
        if self._clear_before_next:
            self._outputs.clear()
            self._texts = {}
            self._clear_before_next = False
