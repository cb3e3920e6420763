"""Owns one notebook's process, from the fork to its end: runs the cells that the client sends, one after another.

May import: runs.wire, runs.channel, runs.shell, runs.surroundings.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Coroutine
from typing import Any, NoReturn

from nianbao.runs import surroundings
from nianbao.runs.channel import Channel, flush_streams, open_streams
from nianbao.runs.shell import no_stdin
from nianbao.runs.wire import read_frame


def run(shell: Any, desk: socket.socket, parent: int) -> NoReturn:
    """Be a notebook's process: never returns. ``parent`` is the zygote's process id.

    Stands by until file descriptors come through ``desk``: the link to the client, and its pipes for 1 and 2.
    """
    status = 1
    try:
        surroundings.detach(parent)
        rehearse(shell)  # touches, and so copies, the memory that the first cell will want to change
        _, fds, _, _ = socket.recv_fds(desk, 1, 3)
        desk.close()
        if fds:
            link, out, err = fds
            os.dup2(out, 1)
            os.dup2(err, 2)
            os.close(out)
            os.close(err)
            sock = socket.socket(fileno=link)
            if start := read_frame(sock):
                _serve(shell, sock, json.loads(start))
                status = 0
    except BaseException:  # noqa: BLE001 # whatever it is: the client reads it as the process's last words
        surroundings.grant_last_words()
        import traceback

        traceback.print_exc()
    finally:
        flush_streams()
        os._exit(status)


def rehearse(shell: Any) -> None:
    """Run a cell and a display that nobody sees, and that leave nothing that a cell could see."""
    shell.run_cell("None", store_history=False, silent=True)
    shell.display_formatter.format(0)


def _serve(shell: Any, sock: socket.socket, start: dict[str, Any]) -> None:
    surroundings.restore(start)
    open_streams()
    channel = Channel(sock, bytes.fromhex(start["mark"]))
    shell.connect(channel)
    # As in a kernel, cells find a running event loop, and the tasks that they leave behind go on between cells.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    before = _open_files()
    loop.run_until_complete(_run_cells(shell, sock))
    _leave(loop, before)
    channel.emit("bye", {})


async def _run_cells(shell: Any, sock: socket.socket) -> None:
    failed = False
    while not shell.leaving:
        await _readable(sock)
        frame = read_frame(sock)
        request = json.loads(frame) if frame else {}
        if "code" not in request:
            return
        if failed:
            continue  # sent before the client knew of the failure
        try:
            reply = await _run_cell(shell, request["code"])
        except MemoryError:
            # Even the last words were too long. Not up through the loop: to tell it of the end would take memory, and
            # without any it would wait for ever.
            os.write(2, b"MemoryError\n")
            os._exit(1)
        if not shell.channel.ours:
            # A cell forked and this is the copy, at the cell's end: it must not go on as a second notebook.
            flush_streams()
            os._exit(0 if reply["status"] == "ok" else 1)
        shell.channel.emit("reply", reply)
        failed = reply["status"] == "error" and not request["go_on"]


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(sock, _settle, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


async def _run_cell(shell: Any, code: str) -> dict[str, Any]:
    """Run one cell as ipykernel does; the content of its execute_reply."""
    prepared = _prepared(shell, code)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    surroundings.hold_to_memory_limit()
    try:
        with no_stdin():
            if prepared and shell.should_run_async(code, **prepared):
                result = await _run_async(shell, code, prepared)
            else:
                result = shell.run_cell(code, store_history=True)
    except MemoryError as error:
        # IPython itself had none left to handle the cell's own error with.
        surroundings.grant_last_words()
        shell._showtraceback(MemoryError, error, ["MemoryError: no memory was left within the notebook's limit"])  # noqa: SLF001
        return _failure(shell, error)
    finally:
        surroundings.grant_last_words()
        # Between cells there is nothing to interrupt.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        shell.payload_manager.clear_payload()
    if result.success and not shell._last_traceback_during_displayhook:  # noqa: SLF001 # ipykernel's own flag
        return {"status": "ok", "execution_count": shell.execution_count - 1}
    return _failure(shell, result.error_before_exec or result.error_in_exec)


def _prepared(shell: Any, code: str) -> dict[str, Any]:
    """The cell as Python, to ask whether it awaits anything; empty where it does not, whatever it becomes.

    A cell is made into Python again when it is run; to do so twice costs as much as many a cell takes to run.
    """
    if shell.transforms_as_usual and "await" not in code and "async" not in code:
        return {}
    try:
        return {"transformed_cell": shell.transform_cell(code), "preprocessing_exc_tuple": None}
    except Exception:  # noqa: BLE001 # the shell reports it as the cell's own error
        return {"transformed_cell": code, "preprocessing_exc_tuple": sys.exc_info()}


def _failure(shell: Any, error: BaseException | None) -> dict[str, Any]:
    return {
        "status": "error",
        "execution_count": shell.execution_count - 1,
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": shell._last_traceback or [],  # noqa: SLF001 # where ipykernel keeps it for the reply
    }


async def _run_async(shell: Any, code: str, prepared: dict[str, Any]) -> Any:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(_with_last_words(shell.run_cell_async(code, store_history=True, **prepared)))

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


async def _with_last_words(cell: Coroutine[Any, Any, Any]) -> Any:
    try:
        return await cell
    except MemoryError:
        # A task's end is told through the loop, which takes memory: without any, this process would wait for ever.
        surroundings.grant_last_words()
        raise


def _leave(loop: asyncio.AbstractEventLoop, before: frozenset[str]) -> None:
    """End as an interpreter does: run what was registered for the end, close and write out the files left open.

    ``before`` are the files that were open before the first cell.
    """
    for task in asyncio.all_tasks(loop):
        task.cancel()
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 # waits for the notebook's own threads
    atexit._run_exitfuncs()  # noqa: SLF001 # os._exit, which ends this process, does not; the shell lets go of all names
    if not before or _open_files() - before:
        gc.collect()  # a circle of references may have a file to finish; to look for one costs as much as a few cells


def _open_files() -> frozenset[str]:
    """The open file descriptors; none where the system doesn't tell."""
    try:
        return frozenset(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- names are all that is wanted
    except OSError:
        return frozenset()
