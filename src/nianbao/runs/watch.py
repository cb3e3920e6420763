"""Notice what a notebook uses by itself: files, folders, the network, clocks, random numbers without a seed.

An audit hook of Python's (PEP 578), set in the notebook's process, sees the files that Python opens, not those of other
programs or C libraries. Python, its packages, the system and the user's hidden folders (settings, caches, fonts) do not
count; nor does what the notebook has written itself. Clocks and random numbers are read from the code of the cells;
what a module that they import does is not seen.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import re
import stat
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.inputs.files import ABSENT, CHANGED
from nianbao.paths import listing_digest
from nianbao.section import files_read

if TYPE_CHECKING:
    from nbformat import NotebookNode  # which takes the fork server and a kernel a third of a second

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys", "/dev", "/run", "/var/lib", "/var/cache")
_LISTED_BY_US = ("params", "notebooks")  # to find offices, years and modules
_WRITING = os.O_WRONLY | os.O_RDWR
_LOCAL = ("localhost", "127.", "::1", "0.0.0.0")  # noqa: S104 -- not bound, but compared


class Watch:
    """What a notebook has read, as Python's audit events tell; one for each process."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._own = {Path(__file__).resolve().parents[1], *map(Path, sysconfig.get_paths().values())}
        self._own |= {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve(), *map(Path, _SYSTEM)}
        self._own |= {
            Path(entry).resolve() for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}
        }
        self._searched = {Path(entry).resolve() for entry in sys.path}  # listed by imports
        self._files: dict[str, str] = {}
        self._written: set[Path] = set()
        self._network: set[str] = set()
        self._busy = threading.local()
        # What is opened, listed, connected to; a database is opened by C.
        self._heeded: dict[str, Callable[..., None]] = {
            "open": self._opened,
            "sqlite3.connect": lambda database, *_: self._opened(database, "r", 0),
            "os.listdir": self._listed,
            "os.scandir": self._listed,
            "socket.connect": self._connected,
            "socket.getaddrinfo": self._looked_up,
        }

    def start(self) -> None:
        """Begin; there is no end to it but the process's."""
        sys.addaudithook(self._notice)

    def reads(self) -> dict[str, str]:
        """What was read, through ``nianbao.section`` and otherwise, with the SHA-256.

        Names are relative to the project, or whole paths of what lies outside it.

        "absent" where there was no such file; a folder's listing has a name that ends with "/".
        """
        found = files_read()
        for name, digest in self._files.items():
            found[name] = digest if found.get(name, digest) == digest else CHANGED
        return dict(sorted(found.items()))

    def unvouched(self) -> list[str]:
        """What nobody can vouch for: files outside the project, and hosts that were connected to."""
        outside = {name for name in self._files if name.startswith("/") and self._files[name] != ABSENT}
        return sorted(outside | {f"network: {host}" for host in self._network})

    def _notice(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in self._heeded or getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            self._heeded[event](*arguments)
        except Exception:  # noqa: BLE001, S110 -- whatever it is, the notebook will hear of it itself
            pass
        finally:
            self._busy.now = False

    def _opened(self, path: Any, mode: Any, flags: Any) -> None:
        if not isinstance(path, str | bytes):
            return  # a file descriptor
        found = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100 -- links stay
        writes = isinstance(flags, int) and flags & _WRITING
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
            self._written.add(found)
        elif found not in self._written:
            self._note(found)

    def _note(self, path: Path) -> None:
        if path.suffix == ".pyc" and path.parent.name == "__pycache__":
            path = Path(importlib.util.source_from_cache(str(path)))
        name = self._name(path)
        if name:
            digest = _digest(path)
            if digest and not (digest == ABSENT and name.startswith("/")):
                self._files[name] = digest if self._files.get(name, digest) == digest else CHANGED

    def _listed(self, path: Any = None) -> None:
        if not isinstance(path, str | bytes):
            return
        folder = Path(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
        name = self._name(folder)
        own = name.split("/")[0] in _LISTED_BY_US or folder in self._searched
        if name and not name.startswith("/") and not own and folder.is_dir():
            self._files[f"{name}/"] = listing_digest(os.listdir(folder))  # noqa: PTH208

    def _connected(self, _socket: Any, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOCAL):
            self._network.add(str(address[0]))

    def _looked_up(self, host: Any, *_: Any) -> None:
        if host and not str(host).startswith(_LOCAL):
            self._network.add(os.fsdecode(host) if isinstance(host, str | bytes) else str(host))

    def _name(self, path: Path) -> str:
        """What the file is called in the record; nothing where it does not count."""
        if path == self._root or any(path.is_relative_to(own) for own in self._own):
            return ""
        if path.is_relative_to(self._root):
            name = path.relative_to(self._root)
            return "" if name.parts[0].startswith(".") else name.as_posix()
        home = Path.home()
        if path.is_relative_to(home) and path.relative_to(home).parts[:1] and path.relative_to(home).parts[0][0] == ".":
            return ""
        if path.parent == Path(tempfile.gettempdir()) and path.name.startswith(("nianbao-", "pymp-")):
            return ""
        return path.as_posix()


def _digest(path: Path) -> str:
    """The SHA-256 of a plain file, ABSENT where there is none, nothing where it is a device, a pipe or a folder."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT


_CLOCKS = re.compile(
    r"(?:^|\.)(?:time\.(?:time|time_ns|monotonic|perf_counter|localtime|gmtime|ctime|strftime)"
    r"|datetime\.(?:now|utcnow|today)|date\.today|Timestamp\.(?:now|today|utcnow)|uuid[14])$"
)
_RANDOM = re.compile(r"^(?:(?:np|numpy)\.)?random\.(?!(?:seed|default_rng|Random|RandomState|Generator)$)\w+$")
_SEED = re.compile(r"\brandom\.seed\(|\bdefault_rng\(\s*[^)\s]|\bRandom(?:State)?\(\s*[^)\s]")
_MAGIC_LINE = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_UNSEEDED = re.compile(r"(?:^|\.)(?:default_rng|RandomState|Random)$")


@dataclass(frozen=True, slots=True)
class Unrepeatable:
    """A call that gives another value each time: its place (from 1), its name, and whether it asks a clock."""

    cell: int
    line: int
    call: str
    clock: bool

    def __str__(self) -> str:
        what = "a clock" if self.clock else "random numbers without a seed"
        return f"{what} (cell {self.cell}, line {self.line}: {self.call})"


def unrepeatable(notebook: NotebookNode) -> Iterator[Unrepeatable]:
    """Every such call in the code cells, in their order; a cell that is no valid Python is passed over."""
    code = [(number, cell.source) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    seeded = any(_SEED.search(source) for _, source in code)
    for number, source in code:
        try:
            tree = ast.parse(_MAGIC_LINE.sub(r"\1pass", source))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            call = ast.unparse(node.func)
            unseeded = _UNSEEDED.search(call) and not (node.args or node.keywords)
            if _CLOCKS.search(call):
                yield Unrepeatable(number, node.lineno, call, clock=True)
            elif unseeded or (_RANDOM.match(call) and not seeded):
                yield Unrepeatable(number, node.lineno, call, clock=False)
