"""The fork server: the standard library's, with what notebooks need imported before they come; and who hears Ctrl-C."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.errors import UnknownNameError

if TYPE_CHECKING:
    from nianbao.runs.child import Job


# "kernel" for papermill's ordinary engine everywhere, "fork" for ours wherever there is a fork server.
CHOICE_VARIABLE = "NIANBAO_ENGINE"

# How a plain Python kernel is started; anything more in the command is something that we would not do.
_PLAIN = {"-m", "ipykernel_launcher", "ipykernel", "-f", "{connection_file}", "-Xfrozen_modules=off"}


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Start processes in the block with SIGINT blocked, until they call ``unblock_interrupts``, or for good.

    SIGUSR1, by which the preview ends a run, waits too: a process that is half started would be forgotten.
    A handler would come too late: a process that is still importing dies of Ctrl-C with a traceback on the terminal.
    A signal that comes meanwhile is not lost: this process gets it at the block's end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    # The first child brings this helper with it, and its start would lift the mask again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGUSR1})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unblock_interrupts() -> None:
    """In such a child: a handler is set, let SIGINT come. Processes of its own inherit the mask otherwise."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGUSR1})


def start(*, charts: bool) -> None:
    """Start the fork server in the background, unless it runs or there can be none; returns at once.

    ``charts``: notebooks will want pandas and matplotlib; the first call in a process decides. What it imports takes
    half a second without them and two with them; a notebook that wants more imports it by itself.
    """
    if why_no_fork():
        return
    names = ["nianbao.runs.preload", *(["nianbao.runs.preload_charts"] if charts else [])]
    multiprocessing.get_context("forkserver").set_forkserver_preload(names)
    with interrupts_blocked():
        ensure_running()


def notebook_process(job: Job, *, charts: bool) -> tuple[ForkServerProcess, Connection]:
    """Start a process for one notebook; it, and this end of the connection to it.

    Raises OSError or EOFError where none could be started.
    """
    from nianbao.runs import child

    start(charts=charts)
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=child.main, args=(theirs, job))
    try:
        with interrupts_blocked():
            process.start()
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, ours


def why_no_fork(choice: str | None = None) -> str:
    """Why no notebook is forked here; empty where it can be.

    ``choice`` is "fork", "kernel" or None for what the environment says; UnknownNameError for anything else.
    """
    chosen = choice or os.environ.get(CHOICE_VARIABLE) or ""
    if chosen not in {"", "fork", "kernel"}:
        where = "the engine's option process" if choice else f"the environment's {CHOICE_VARIABLE}"
        raise UnknownNameError("way to run notebooks", chosen, ("fork", "kernel"), where=where)
    if chosen == "kernel":
        return "an ordinary kernel was asked for"
    if sys.platform != "linux":
        return "processes are forked on Linux alone"
    if multiprocessing.current_process().daemon:
        return "a daemonic process may have no children; set distributed.worker.daemon to false"
    return ""


@lru_cache
def why_not_kernel(name: str) -> str:
    """Why the kernel of this name is more than a plain one of this very Python; empty where it is that."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(name)
    except NoSuchKernel:
        return f"there is no kernel {name!r}"  # the ordinary engine says so better
    program, *arguments = spec.argv
    if spec.language.lower() != "python" or not {"ipykernel_launcher", "ipykernel"} & set(arguments):
        return f"kernel {name!r} is not IPython's"
    if not _this_python(program):
        return f"kernel {name!r} belongs to another Python: {program}"
    metadata: dict[str, Any] = spec.metadata
    if not set(arguments) <= _PLAIN or spec.env or metadata.get("kernel_provisioner"):
        return f"kernel {name!r} has settings of its own"
    return ""


def _this_python(program: str) -> bool:
    # jupyter_client runs a bare "python" with this very interpreter. Links are left alone: a virtual environment's
    # python is a link to the one it was made with, and yet another Python.
    major, minor = sys.version_info[:2]
    bare = {"python", f"python{major}", f"python{major}.{minor}"}
    return program in bare or Path(program).absolute() == Path(sys.executable).absolute()
