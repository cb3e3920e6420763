"""One notebook's process: it runs the cells that it was started with and sends what they put out, cell by cell."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import gc
import io
import json
import multiprocessing
import os
import signal
import sys
import threading
from binascii import b2a_base64
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from nianbao.runs.environment import Memory, set_environment, supervise


@dataclass(frozen=True)
class Cell:
    """A cell to run; ``go_on``: also if it raises, those after it run."""

    source: str
    go_on: bool


@dataclass(frozen=True)
class Job:
    """What a notebook's process is started with: its cells, its environment, its limits (in bytes)."""

    cells: tuple[Cell, ...]
    environment: dict[str, str]
    stdout: str  # paths of files that are there
    stderr: str
    output_limit: int
    memory_limit: int | None = None
    folder: str = ""  # where imports look first; none by default
    root: str = ""  # the project's folder, if what is read is to be told


def main(link: Connection, job: Job) -> NoReturn:
    """Run a notebook; the target of its process. What is sent through ``link``, see ``Link``."""
    supervise(link)
    # What a cell starts by itself is started as from any other interpreter.
    multiprocessing.set_start_method(None, force=True)
    from nianbao.runs.preload import PATH, SHELL
    from nianbao.runs.watch import Watch

    memory = Memory(job.memory_limit)
    try:
        set_environment(job.environment, [*([job.folder] if job.folder else []), *PATH])
        watch = Watch(Path(job.root)) if job.root else None
        if watch:
            watch.start()
        sender = Link(link, job)
        SHELL.send, SHELL.before_traceback = sender.send, memory.raise_limits
        sender.send("ready", {})
        # As in a kernel, cells find a running event loop, and the tasks that they leave behind go on between cells.
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(_run_cells(SHELL, sender, memory, job.cells))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        said = {"reads": watch.reads(), "unvouched": watch.unvouched()} if watch else {}
        sender.send("end", {"exited": SHELL.leaving, **said})
    except BaseException:  # noqa: BLE001 # whatever it is: the engine reads what the process printed last
        memory.raise_limits()
        sys.excepthook(*sys.exc_info())
        flush_streams()
        os._exit(1)
    _leave()


async def _run_cells(shell: Any, sender: Link, memory: Memory, cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        try:
            succeeded = await _run_cell(shell, memory, cell.source)
        except MemoryError:
            # Even the traceback was too long. Not up through the loop: to tell it of the end would take memory, and
            # without any it would wait for ever.
            os.write(2, b"MemoryError\n")
            os._exit(1)
        if not sender.ours:
            # A cell forked and this is the copy, at the cell's end: it must not go on as a second notebook.
            flush_streams()
            os._exit(0 if succeeded else 1)
        sender.send("done", {"failed": not succeeded})
        if shell.leaving or not (succeeded or cell.go_on):
            return
        await asyncio.sleep(0)


async def _run_cell(shell: Any, memory: Memory, code: str) -> bool:
    """Run one cell as ipykernel does; whether it succeeded. The error of one that did not has been sent."""
    shell.failed_to_display = shell.shown_error = False
    signal.signal(signal.SIGINT, signal.default_int_handler)
    memory.hold()
    try:
        with shell.no_stdin():
            error = await _error_of(shell, memory, code)
    except MemoryError as raised:
        # IPython itself had none left to handle the cell's own error with.
        memory.raise_limits()
        error = raised
    finally:
        memory.raise_limits()
        # Between cells there is nothing to interrupt.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if error is None:
        return not shell.failed_to_display
    shell.show_if_unshown(error)
    return False


async def _error_of(shell: Any, memory: Memory, code: str) -> BaseException | None:
    """Run the cell; what it raised."""
    prepared = _prepared(shell, code)
    if shell.should_run_async(code, **prepared):
        result = await _run_async(shell, memory, code, prepared)
    else:
        result = shell.run_cell(code, store_history=True)
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def _prepared(shell: Any, code: str) -> dict[str, Any]:
    """The cell as Python, to ask whether it awaits anything."""
    try:
        return {"transformed_cell": shell.transform_cell(code), "preprocessing_exc_tuple": None}
    except Exception:  # noqa: BLE001 # the shell reports it as the cell's own error
        return {"transformed_cell": code, "preprocessing_exc_tuple": sys.exc_info()}


async def _run_async(shell: Any, memory: Memory, code: str, prepared: dict[str, Any]) -> Any:
    async def run() -> Any:
        try:
            return await shell.run_cell_async(code, store_history=True, **prepared)
        except MemoryError:
            # A task's end is told through the loop, which takes memory: without any, this process would wait for ever.
            memory.raise_limits()
            raise

    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(run())

    def interrupt(*_: object) -> None:
        if asyncio.current_task(loop) is task:
            raise KeyboardInterrupt  # the cell is at work and would not see a cancellation before its next await
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGINT, interrupt)
    result = None
    try:
        result = await task
    finally:
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
    return result


class Link:
    """Sends to the engine: a JSON object {kind, content, sizes} a message, of which ``send`` tells the kinds.

    What is printed goes into two files, as what subprocesses and C code write does; ``sizes`` says how long they were.
    """

    def __init__(self, link: Connection, job: Job) -> None:
        self._link = link
        self._limit = job.output_limit
        self._files = [os.open(path, os.O_WRONLY | os.O_APPEND) for path in (job.stdout, job.stderr)]
        streams = []
        for number, file in enumerate(self._files, start=1):
            os.dup2(file, number)
            # Unbuffered, so that print, then a subprocess, then print come out in this order. Printing never fails.
            stream = open(number, "wb", buffering=0, closefd=False)  # noqa: SIM115
            streams.append(io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", write_through=True))
        sys.stdout, sys.stderr = streams
        self._lock = threading.RLock()
        self._pid = os.getpid()

    @property
    def ours(self) -> bool:
        """Whether this is the notebook's own process, not one forked by a cell."""
        return os.getpid() == self._pid

    def send(self, kind: str, content: dict[str, Any]) -> None:
        """Send a message: ready; display_data and the like; done, at each cell's end; end.

        From a process that a cell forked, what is displayed is printed as plain text.
        """
        if not self.ours:
            _print_plainly(kind, content)
            return
        # An interrupt in the middle of a message would leave the engine with half of it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with self._lock:
                flush_streams()
                sizes = [os.fstat(file).st_size for file in self._files]
                message = _packed({"kind": kind, "content": content, "sizes": sizes})
                if len(message) > self._limit:
                    message = _packed({"kind": "too long", "content": {}, "sizes": sizes})
                self._link.send_bytes(message)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def flush_streams() -> None:
    """Flush every Python stream on file descriptors 1 and 2, whoever made it."""
    for stream in (sys.stdout, sys.__stdout__, sys.stderr, sys.__stderr__):
        # A cell may close a stream or put anything in its place; that is no reason to lose a message.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()  # type: ignore[union-attr]


def _packed(message: dict[str, Any]) -> bytes:
    """The message as JSON; where it holds more than JSON knows, as jupyter_client would send it."""
    try:
        return json.dumps(message, default=_encoded, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        # Not imported before: it brings the message bus along.
        from jupyter_client.session import json_packer

        return bytes(json_packer(message))


def _encoded(value: object) -> str:
    if isinstance(value, bytes):  # a picture
        return b2a_base64(value, newline=False).decode("ascii")
    raise TypeError


def _print_plainly(kind: str, content: dict[str, Any]) -> None:
    if kind in {"display_data", "execute_result"} and "text/plain" in content.get("data", {}):
        sys.stdout.write(content["data"]["text/plain"] + "\n")
    elif kind == "error":
        sys.stderr.write("\n".join(content["traceback"]) + "\n")


_runs_cells = False


def _leave() -> NoReturn:
    """End as an interpreter ends: wait for threads, run what was registered for the exit."""
    global _runs_cells  # noqa: PLW0603 # a process runs one notebook
    _runs_cells = True
    ctypes.pythonapi.Py_Exit(0)
    raise AssertionError


def _leave_quickly() -> None:
    """End before all that was imported is taken apart, which takes longer than most notebooks."""
    if _runs_cells:
        gc.collect()  # a circle of references may have a file to finish
        flush_streams()
        os._exit(0)


# Exit handlers run in reverse order: the fork server imports this module before it makes the shell, whose own handler
# lets go of all names, and before any cell runs.
atexit.register(_leave_quickly)
