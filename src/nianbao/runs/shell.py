"""Owns IPython without a message bus: ipykernel's own shell, its messages handed to the channel.

May import: runs.busless, runs.channel, runs.surroundings.

Made once, before the fork: making a shell costs more than running a small notebook. The user's own IPython
configuration, startup files and history are left out, for a report must not depend on who compiles it.
"""

from __future__ import annotations

import atexit
import builtins
import getpass
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import comm
from comm.base_comm import BaseComm
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError, UsageError
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

from nianbao.runs.busless import without_bus
from nianbao.runs.channel import Channel, Session
from nianbao.runs.surroundings import grant_last_words

with without_bus():
    from ipykernel import zmqshell
    from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86
    from ipykernel.displayhook import ZMQShellDisplayHook


class _DisplayHook(ZMQShellDisplayHook):
    session = AnyTrait()


class _DisplayPublisher(zmqshell.ZMQDisplayPublisher):
    session = AnyTrait()


class _Compiler(CachingCompiler):
    """Names a cell's code as ipykernel does, save for the temporary folder with the process id.

    Warnings print that name: with the process id in it the same notebook would not give the same bytes twice.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002 # as inherited
        """The file name that tracebacks and warnings are to show."""
        return f"ipykernel/{murmur2_x86(raw_code, get_tmp_hash_seed())}.py"  # type: ignore[no-untyped-call]


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """The shell of a notebook process. It keeps ipykernel's name, by which rich, tqdm and others know a notebook."""

    displayhook_class = Type(_DisplayHook)
    display_pub_class = Type(_DisplayPublisher)
    channel: Channel
    # IPython's own parts, made by its constructor.
    displayhook: Any
    display_pub: Any
    history_manager: Any
    extension_manager: Any
    input_transformer_manager: Any
    input_transformers_post: Any
    _store: Any = None

    def init_ipython_dir(self, ipython_dir: object) -> None:
        """Leave the user's folder alone."""

    def init_profile_dir(self, profile_dir: object) -> None:
        """No profile: neither configuration nor startup files nor history."""

    @property
    def db(self) -> Any:
        """What %store and %bookmark write to: a folder that lasts as long as the notebook."""
        if self._store is None:
            from IPython.external.pickleshare import PickleShareDB

            folder = tempfile.mkdtemp(prefix="nianbao-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            self._store = PickleShareDB(folder)
        return self._store

    @db.setter
    def db(self, value: Any) -> None:
        self._store = value

    def enable_gui(self, gui: Any = None) -> None:
        """There is no event loop of a window system here; inline is all there is."""
        if gui not in {None, "inline"}:
            raise UsageError(f"no windows here: {gui!r} cannot be enabled")

    def ask_exit(self) -> None:
        """Stop after this cell: exit and quit do it."""
        self.leaving = True

    leaving: bool = False

    def _atexit_once(self) -> None:
        """Let go of all names, as IPython does. The history, whose session it would end, is in memory."""
        self.reset(new_session=False)  # type: ignore[no-untyped-call]

    @property
    def transforms_as_usual(self) -> bool:
        """Whether no cell has added a way of its own in which cells are made into Python."""
        return self._transforms() == self._usual_transforms

    _usual_transforms: list[Any] | None = None

    def _transforms(self) -> list[Any]:
        ways = self.input_transformer_manager
        return [
            *ways.cleanup_transforms,
            *ways.line_transforms,
            *ways.token_transformers,
            *self.input_transformers_post,
        ]

    def showtraceback(self, *args: Any, **options: Any) -> None:
        """Show the error that is being handled; out of memory too, for which some memory is set aside."""
        grant_last_words()
        super().showtraceback(*args, **options)

    def connect(self, channel: Channel) -> None:
        """Send all displays, results, errors and widget messages through ``channel``."""
        self.channel = channel
        session = Session(channel)
        self.displayhook.session = session
        self.display_pub.session = session
        self.init_environment()  # type: ignore[no-untyped-call] # sets TERM and the like, for subprocesses
        # The folder that %cd - goes back to is the notebook's, not the one in which the shell was made.
        self.history_manager.dir_hist[:] = [Path.cwd()]


class _Comm(BaseComm):
    """A widget's line to its front end; there is none that answers, but nbclient keeps the state for the file."""

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,  # noqa: ARG002 # of use to a live front end only
        buffers: list[bytes] | None = None,
        **keys: Any,
    ) -> None:
        """Send one message of the widget."""
        shell = ZMQInteractiveShell.instance()
        if shell.channel.ours:
            content = {"data": data or {}, "comm_id": self.comm_id, **keys}
            shell.channel.emit(msg_type, content, buffers)


def new_shell() -> Any:
    """The process's one shell, not yet connected to a channel. Starts no thread and opens no file."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"  # as nbclient has it; a file would need a thread to write it
    shell = ZMQInteractiveShell.instance(config=config, compiler_class=_Compiler)
    shell.extension_manager.load_extension("storemagic")  # ipykernel's one extension by default
    shell._usual_transforms = shell._transforms()  # noqa: SLF001 # its own
    comm.create_comm = _Comm
    return shell  # Any: most of IPython's methods carry no types


@contextmanager
def no_stdin() -> Iterator[None]:
    """Refuse input() and getpass(), as a kernel does whose front end answers no questions."""
    kept = (builtins.input, getpass.getpass)
    builtins.input, getpass.getpass = _refuse("raw_input"), _refuse("getpass")
    try:
        yield
    finally:
        builtins.input, getpass.getpass = kept


def _refuse(name: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise StdinNotImplementedError(f"{name} was called, but this frontend does not support input requests.")

    return refuse
