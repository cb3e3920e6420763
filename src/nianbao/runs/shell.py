"""The IPython shell that runs a notebook's cells: an ``InteractiveShell`` that sends what it displays to the engine.

Made once, in the fork server, and shared by all notebook processes. The user's own IPython configuration, startup files
and history are left out: a report must not depend on who makes it.
"""

from __future__ import annotations

import builtins
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from traceback import extract_tb
from types import TracebackType
from typing import Any, NoReturn

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

# Takes a kind (display_data, execute_result, error, …, as in Jupyter's messaging protocol) and its content.
Send = Callable[[str, dict[str, Any]], None]

_FRAMES_SHOWN = 30  # at either end of a traceback that is deeper than twice as many


class _Result(DisplayHook):
    """Sends the value of a cell's last expression."""

    shell: Any
    _bundle: tuple[dict[str, Any], dict[str, Any]] | None = None

    def write_output_prompt(self) -> None:
        """Print no ``Out[n]:``; the count goes with the value."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        """Keep the value's representations until the display hook finishes."""
        self._bundle = (format_dict, md_dict or {})

    def finish_displayhook(self) -> None:
        """Send the value."""
        if self._bundle:
            data, metadata = self._bundle
            content = {"data": data, "metadata": metadata, "execution_count": self.prompt_count}
            self.shell.send("execute_result", content)
        self._bundle = None
        super().finish_displayhook()  # type: ignore[no-untyped-call]


class _Displays(DisplayPublisher):
    """Sends what ``display`` is given."""

    shell: Any

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: object = None,  # noqa: ARG002 # IPython's, deprecated
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Send one value's representations by MIME type; with ``update``, for the display of the same id."""
        content = {"data": data, "metadata": metadata or {}, "transient": transient or {}}
        self.shell.send("update_display_data" if update else "display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        """Clear the cell's outputs: now, or with ``wait`` before the next one."""
        self.shell.send("clear_output", {"wait": wait})


class _Compiler(CachingCompiler):
    """Names a cell's code as a file, as ipykernel does, but without the temporary folder that has the process's id.

    Warnings print that name: with the id in it the same notebook would not give the same bytes twice.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002 # as inherited
        """The file name that tracebacks and warnings are to show."""
        return f"cell/{number}-{sha256(raw_code.encode(errors='replace')).hexdigest()[:8]}.py"


class ZMQInteractiveShell(InteractiveShell):
    """The shell of a notebook process; it has the name of ipykernel's, by which rich, tqdm and others know one."""

    displayhook_class = Type(_Result)
    display_pub_class = Type(_Displays)
    kernel = None
    send: Send
    before_traceback: Callable[[], None]
    leaving = False  # whether a cell has called exit() or quit()
    failed_to_display = False  # whether the cell's value raised while it was being formatted
    shown_error = False  # whether an error of the cell has been sent

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Leave the user's folder alone."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """Use no profile: neither configuration nor startup files nor history."""

    def init_hooks(self) -> None:
        """Let help and other pagers show nothing, as in a notebook that no front end is looking at."""
        super().init_hooks()  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", lambda *_, **__: None, 99)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None:
        """Refuse event loops of window systems; inline figures need none."""
        if gui not in {None, "inline"}:
            raise UsageError(f"no windows here: {gui!r} cannot be enabled")

    def ask_exit(self) -> None:
        """End the notebook after this cell; ``exit`` and ``quit`` call it."""
        self.leaving = True

    def showtraceback(
        self,
        exc_tuple: Any = None,
        filename: str | None = None,
        tb_offset: int | None = None,
        exception_only: bool = False,
        running_compiled_code: bool = False,
    ) -> None:
        """Send the error that is being handled, as IPython would print it; of a deep recursion, both ends."""
        self.before_traceback()
        kind, error, traceback = exc_tuple or sys.exc_info()
        if kind is None or kind is UsageError or issubclass(kind, BaseExceptionGroup):
            super().showtraceback(exc_tuple, filename, tb_offset, exception_only, running_compiled_code)
        elif issubclass(kind, SyntaxError):
            self.showsyntaxerror(filename, running_compiled_code)
        elif exception_only:
            only = self.InteractiveTB.get_exception_only(kind, error)
            self._send_error(error, ["An exception has occurred, use %tb to see the full traceback.\n", *only])
        else:
            _shorten(error)
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, traceback  # for %tb
            render = getattr(error, "_render_traceback_", None)  # by which an error may format itself
            lines = self.InteractiveTB.structured_traceback(kind, error, traceback, tb_offset=tb_offset)
            self._send_error(error, render() if render else lines)

    def showsyntaxerror(self, filename: str | None = None, running_compiled_code: bool = False) -> None:
        """Send the syntax error that is being handled."""
        kind, error, traceback = sys.exc_info()
        formatter: Any = self.SyntaxTB
        if filename and isinstance(error, SyntaxError):
            error.filename = filename
        frames = extract_tb(traceback) if running_compiled_code else []
        self._send_error(error, formatter.structured_traceback(kind, error, frames))

    def _send_error(self, error: BaseException | None, lines: list[str]) -> None:
        if self.displayhook.is_active:
            self.failed_to_display = True
        self.show_error(type(error).__name__, str(error), lines)

    def show_error(self, name: str, value: str, traceback: list[str]) -> None:
        """Send an error."""
        self.send("error", {"ename": name, "evalue": value, "traceback": traceback})
        self.shown_error = True

    def show_if_unshown(self, error: BaseException) -> None:
        """Send an error that IPython has not: a group of exceptions, which it prints; one that it had no memory for."""
        if not self.shown_error and not isinstance(error, UsageError):  # that of a magic is printed
            name, value = type(error).__name__, str(error)
            if isinstance(error, MemoryError):
                value = value or "no memory was left within the notebook's limit"
            self.show_error(name, value, [f"{name}: {value}"])

    @contextmanager
    def no_stdin(self) -> Iterator[None]:
        """Refuse input() and getpass() in the block, as a kernel does whose front end answers no questions."""
        kept = (builtins.input, getpass.getpass)
        builtins.input, getpass.getpass = _refuse("raw_input"), _refuse("getpass")
        try:
            yield
        finally:
            builtins.input, getpass.getpass = kept


def new_shell() -> Any:
    """Make this process's shell, which starts no thread and opens no file.

    ``send`` and ``before_traceback`` are to be set before a cell runs.
    """
    config = Config()
    config.HistoryManager.hist_file = ":memory:"  # a file would need a thread that writes it
    # tqdm looks for it, to know a notebook from a terminal; ipykernel's shell has it for the same reason.
    config.IPKernelApp.tqdm = ""
    return ZMQInteractiveShell.instance(config=config, compiler_class=_Compiler)


def _refuse(name: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise StdinNotImplementedError(f"{name} was called, but this frontend does not support input requests.")

    return refuse


def _shorten(error: BaseException | None) -> None:
    """Cut the middle out of the traceback of a deep recursion: IPython takes a hundredth of a second for each frame."""
    first = error.__traceback__ if error else None
    depth = sum(1 for _ in _chain(first))
    if depth > 2 * _FRAMES_SHOWN:
        last = next(islice(_chain(first), depth - _FRAMES_SHOWN, None))
        next(islice(_chain(first), _FRAMES_SHOWN - 1, None)).tb_next = last


def _chain(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback:
        yield traceback
        traceback = traceback.tb_next
